"""The closed vocabularies: each word has its sentence and travels as a plain word."""

from __future__ import annotations

import json
import pickle

import pytest
from pydantic import BaseModel

from verify.model import words
from verify.model.words import Kind, Outcome, Reason, Role, Scope, Verdict, Word

ALL = [Verdict, Role, Scope, Kind, Reason, Outcome]
MEMBERS = [member for vocabulary in ALL for member in vocabulary]


def test_every_vocabulary_is_tried_here() -> None:
    assert set(ALL) == {
        v for v in vars(words).values() if isinstance(v, type) and issubclass(v, Word) and v is not Word
    }


@pytest.mark.parametrize("member", MEMBERS, ids=str)
def test_each_word_has_a_sentence(member: Word) -> None:
    assert member.sentence.strip()
    assert member.sentence.endswith(".")
    assert member.sentence[0].isupper()


@pytest.mark.parametrize("vocabulary", ALL)
def test_no_two_words_share_a_sentence(vocabulary: type[Word]) -> None:
    assert len({member.sentence for member in vocabulary}) == len(vocabulary)


@pytest.mark.parametrize("member", MEMBERS, ids=str)
def test_a_word_travels_as_itself(member: Word) -> None:
    class Holder(BaseModel):
        word: type(member)  # type: ignore[valid-type]

    assert pickle.loads(pickle.dumps(member)) is member
    assert json.loads(json.dumps(member)) == member.value == str(member)
    assert type(member)(member.value) is member
    held = Holder(word=member)
    assert Holder.model_validate_json(held.model_dump_json()).word is member
    assert held.model_dump(mode="json") == {"word": member.value}


def test_a_word_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="likely"):
        Verdict("likely")


def test_what_a_reader_may_rely_on() -> None:
    assert {v for v in Verdict if v.is_good} == {Verdict.PROVED, Verdict.SUPPORTED, Verdict.EMPIRICAL}
    assert sorted(Verdict, key=lambda v: v.badness) == list(Verdict)
