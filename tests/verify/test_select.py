from __future__ import annotations

import pytest
import sample_collection

from verify.select import SelectionError, everything, select, select_claim

COLLECTIONS = {c.name: c for c in (sample_collection.collection, sample_collection.surprising)}


def ids(*selectors: str) -> list[str]:
    return [c.id for c in select(COLLECTIONS, selectors)]


def test_no_selector_means_everything_in_the_order_of_the_texts() -> None:
    assert ids() == [c.id for c in everything(COLLECTIONS)]
    assert ids()[0] == "definition-1.1/held"
    assert len(ids()) == 7


@pytest.mark.parametrize(
    "selector, expected",
    [
        ("lemma-1.2", ["lemma-1.2/failed"]),
        ("definition-1.1/also-held", ["definition-1.1/also-held"]),
        ("Definition 1.1/held", ["definition-1.1/held"]),
        ("Lemma 1.2", ["lemma-1.2/failed"]),
        ("引理 1.2", ["lemma-1.2/failed"]),
        ("引理1.2", ["lemma-1.2/failed"]),
        ("theorem", ["theorem-1.3/undecided"]),
        ("定理", ["theorem-1.3/undecided"]),
        ("*/*held", ["definition-1.1/held", "definition-1.1/also-held"]),
        ("*-1.[12]", ["definition-1.1/held", "definition-1.1/also-held", "lemma-1.2/failed"]),
        ("LEMMA-1.2", ["lemma-1.2/failed"]),
    ],
)
def test_one_selector(selector: str, expected: list[str]) -> None:
    assert ids(selector) == expected


def test_a_collection_selects_its_own_parts_only() -> None:
    assert ids("surprising") == [c.id for c in everything({"surprising": sample_collection.surprising})]


def test_selectors_join_without_repeats_in_the_order_of_the_text() -> None:
    assert ids("theorem", "theorem-1.3", "definition-1.1/held") == ["definition-1.1/held", "theorem-1.3/undecided"]


@pytest.mark.parametrize(
    "wrong, nearest",
    [
        ("lema-1.2", "lemma-1.2"),
        ("theorm", "theorem"),
        ("sampel", "sample"),
        ("Lemma 1.3", "lemma-1.2"),
        ("definition-1.1/hold", "definition-1.1/held"),
    ],
)
def test_a_wrong_selector_names_the_nearest(wrong: str, nearest: str) -> None:
    with pytest.raises(SelectionError, match="nearest: .*" + nearest) as caught:
        ids("theorem", wrong)
    assert repr(wrong) in str(caught.value)


def test_nothing_near() -> None:
    with pytest.raises(SelectionError, match="verify list"):
        ids("qqqqqqqq")
    with pytest.raises(SelectionError, match="no collection is installed"):
        select({}, ["lemma-1.2"])


def test_a_glob_that_matches_nothing_is_an_error() -> None:
    with pytest.raises(SelectionError):
        ids("equation-*")


def test_one_claim() -> None:
    assert select_claim(COLLECTIONS, "引理 1.2")[1].label == "lemma-1.2"
    assert select_claim(COLLECTIONS, "definition-1.1/also-held")[1].label == "definition-1.1"
    with pytest.raises(SelectionError, match="3 claims"):
        select_claim(COLLECTIONS, "sample")
