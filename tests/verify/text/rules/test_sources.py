from __future__ import annotations

import pytest
from known_text import TEXT, WORKS, collection, found, lines, part, with_claim

from verify.text.bibliography import Bibliography
from verify.text.knowledge import KnownWork
from verify.text.rules.sources import (
    broken_entry,
    differs_from_literature,
    not_checkable,
    record_mismatch,
    source_states_another,
    unknown_key,
    unlisted_work,
    unnamed_theorem,
)

OWN = Bibliography(WORKS)
ALL = (broken_entry, not_checkable, record_mismatch, unknown_key, unlisted_work)


@pytest.mark.parametrize(
    "mention",
    [
        "Hu et al. (2022) propose it",
        "Hu et al. (2021) propose it",
        "Hu and Shen (2022)",
        "由Hu等人于2021年提出",
        "[@hu2022]",
    ],
)
def test_what_agrees_is_confirmed_in_silence(mention: str) -> None:
    assert [found(rule, f"As {mention}.", own=OWN) for rule in ALL] == [[]] * len(ALL)


def test_without_a_bibliography_nothing_can_be_checked() -> None:
    assert [found(rule, "Hu et al. (1999); [@nobody]; Okafor (2016)") for rule in ALL] == [[]] * len(ALL)


def test_a_key_that_is_no_entry() -> None:
    (one,) = found(unknown_key, "As in [@hu2020] and [@hu2022].", own=OWN)
    assert (one.line, one.help) == (1, "nearest: hu2022")
    assert "mismatch" in one.message


def test_a_work_by_nobody_in_the_bibliography() -> None:
    assert lines(unlisted_work, "As Okafor et al. (2016) show.", own=OWN) == [1]
    assert lines(record_mismatch, "As Okafor et al. (2016) show.", own=OWN) == []


def test_the_year_disagrees() -> None:
    (one,) = found(record_mismatch, "As Hu et al. (2019) show.", own=OWN)
    assert one.message == "mismatch: no work by Hu on record is of 2019"
    assert one.help == "on record: Hu and Shen 2022 (preprint 2021) (hu2022)"


def test_an_author_disagrees() -> None:
    (one,) = found(record_mismatch, "As Hu and Okafor (2022) show.", own=OWN)
    assert one.message == "mismatch: Okafor is no author of Hu and Shen 2022 (preprint 2021)"


def test_an_entry_disagrees_with_the_record() -> None:
    wrong = KnownWork("lora", ("Smith",), "2019", "LoRA: Low-Rank Adaptation", ("2019",), ())
    messages = [one.message for one in found(record_mismatch, "See [@lora].", own=Bibliography({"lora": wrong}))]
    assert messages == [
        "mismatch: the entry lora gives Smith as first author",
        "mismatch: the entry lora gives the year 2019",
    ]
    right = KnownWork("lora", ("Hu",), "2021", "LoRA: Low-Rank Adaptation", ("2021",), ())
    assert found(record_mismatch, "See [@lora].", own=Bibliography({"lora": right})) == []


def test_a_lone_name_is_noted_and_a_method_is_not() -> None:
    assert lines(not_checkable, "As Okafor (2016) shows.", own=OWN) == [1]
    assert lines(not_checkable, "The Transformer (2017) is used. A Transformer is a network.", own=OWN) == []
    assert lines(not_checkable, "Since BERT (2018) and ImageNet (2012), in May (2020).", own=OWN) == []


def test_a_bibliography_that_cannot_be_read_proves_nothing() -> None:
    own = Bibliography({}, ("refs.bib: hu2022 (line 3)",))
    source = "As Hu et al. (1999) and [@nobody] show."
    assert found(unknown_key, source, own=own) == [] == found(unlisted_work, source, own=own)
    assert "not checkable" in found(not_checkable, source, own=own)[0].message
    assert "hu2022 (line 3) cannot be read" in found(broken_entry, source, own=own)[0].message


def test_no_outcome_is_called_invented() -> None:
    source = "Hu et al. (2019), Okafor et al. (2016), Nobody (2015), [@hu2020]."
    messages = " ".join(one.message + one.help for rule in ALL for one in found(rule, source, own=OWN))
    assert messages
    assert not any(word in messages for word in ("fake", "fabricat", "invented", "hallucinat"))


REFUTED = part("agrees", "refuted", role="caveat", record="hu2022-order", reading_en="the order is that of the source")


def test_a_definition_that_its_source_does_not_state() -> None:
    differing = with_claim("definition-7.1", parts=(part("range", "proved"), REFUTED))
    named = TEXT.replace("The order of", "Following Hu, the order of")
    (one,) = found(source_states_another, named, differing)
    assert (one.line, one.column) == (3, 1)
    assert "mismatch with Hu and Shen 2022 (preprint 2021), section 4" in one.message
    assert one.help == "the source states (record not compared with the source itself): The order is squared."
    assert found(differs_from_literature, named, differing) == []
    assert lines(differs_from_literature, TEXT, differing) == [3]
    assert found(source_states_another, TEXT, differing) == []


def test_the_name_of_the_method_is_the_place() -> None:
    differing = with_claim("definition-7.1", parts=(part("range", "proved"), REFUTED))
    (one,) = found(source_states_another, TEXT.replace("The order of", "The LoRA order of"), differing)
    assert (one.line, one.column, one.end_column) == (3, 32, 36)


def test_a_part_that_agrees_with_its_source_is_silent() -> None:
    agreeing = with_claim("definition-7.1", parts=(part("range", "proved", record="hu2022-order"),))
    assert found(source_states_another, TEXT, agreeing) == [] == found(differs_from_literature, TEXT, agreeing)


def test_what_an_item_leaves_out_of_its_source_is_no_mismatch() -> None:
    stated = part("form", "proved", record="hu2022-order")
    leaving_out = with_claim("definition-7.1", parts=(stated, REFUTED))
    named = TEXT.replace("The order of", "Following Hu, the order of")
    assert found(source_states_another, named, leaving_out) == [] == found(differs_from_literature, TEXT, leaving_out)
    fallen = with_claim("definition-7.1", parts=(part("form", "refuted", record="hu2022-order"), REFUTED))
    assert len(found(source_states_another, named, fallen)) == 2


def test_a_classical_theorem_goes_unnamed() -> None:
    resting = with_claim("lemma-7.2", parts=(part("growth", "proved", theorems=("weyl",)),))
    (one,) = found(unnamed_theorem, TEXT, resting)
    assert (one.line, one.message) == (12, "the proof of Lemma 7.2 rests on Weyl, which the text does not name")
    assert found(unnamed_theorem, TEXT.replace("by Lemma", "by Weyl and Lemma"), resting) == []
    assert found(unnamed_theorem, TEXT, collection()) == []
