from __future__ import annotations

import pytest

from verify.labels import KINDS, identifier_of, kind_of, label
from verify.model.words import Kind


def test_kinds_are_those_of_the_model() -> None:
    assert set(KINDS) == set(Kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_printed_label_leads_back_to_its_identifier(kind: str) -> None:
    for text in label(f"{kind}-11.4").values():
        assert identifier_of(text) == f"{kind}-11.4"


@pytest.mark.parametrize(
    "text", ["引理11.19", "引理 11.19", "LEMMA 11.19", "lemma~11.19", "Lemma (11.19)", "引理\u300011.19"]
)
def test_spellings_of_one_label(text: str) -> None:
    assert identifier_of(text) == "lemma-11.19"


@pytest.mark.parametrize("text", ["lemma", "11.19", "Proposition 1.1", "lemma-11.19/part", "Lemma 11.19 and more", ""])
def test_what_is_no_label(text: str) -> None:
    assert identifier_of(text) is None


def test_an_item_without_a_number_keeps_its_name() -> None:
    assert label("equation-gd-update") == {"en": "Equation (gd update)", "zh": "式（gd update）"}
    assert label("equation-gd-update", "梯度下降")["zh"] == "式（梯度下降）"


@pytest.mark.parametrize(
    "word, kind",
    [("theorem", "theorem"), ("Theorems", "theorem"), ("corollaries", "corollary"), ("推论", "corollary"), ("x", None)],
)
def test_kinds_in_either_language(word: str, kind: str | None) -> None:
    assert kind_of(word) == kind
