from __future__ import annotations

from collections.abc import Callable

import pytest

Codes = Callable[..., list[tuple[str, int, int]]]
TWO = "**Definition 1.1** Text.\n\n**Lemma 1.2** Text.\n\n"


@pytest.mark.parametrize(
    "text, found",
    [
        (TWO + "By Lemma 1.7.", [("R101", 5, 4)]),
        (TWO + "由引理 1.2–1.4 可知", [("R101", 5, 9)] * 2),
        (TWO + "By Theorem 1.2.", [("R102", 5, 4)]),
        ("**Definition 1.1** As in Lemma 1.2.\n\n**Lemma 1.2** Text.", [("R103", 1, 26)]),
        ("**Lemma 1.1** By Lemma 1.2.\n\n**Lemma 1.2** By Lemma 1.1.", [("R104", 3, 18)]),
        (TWO + "By Definition 1.1 and Lemma 1.2, and Lemma 11.19 of the book; see equation (1.9).", []),
        ("**Lemma 1.1** Lemma 1.1 is sharp.", []),
    ],
)
def test_references(text: str, found: list[tuple[str, int, int]], codes: Codes) -> None:
    assert sorted(set(codes(text, "R"))) == sorted(set(found))


def test_labels_of_latex(codes: Codes) -> None:
    text = "\\documentclass{a}\\begin{lemma}\\label{a} x \\end{lemma}\n\\ref{a} \\cref{b}\nTheorem~\\ref{a}"
    assert codes(text, "R", tex=True) == [("R101", 2, 15), ("R102", 3, 9)]


@pytest.mark.parametrize(
    "mention",
    [
        "Lemma 1.7 of [4]", "Lemma 1.7 in Horn and Johnson", "Theorem 1.2 of Rudin (1976)", "[12, Lemma 1.7]",
        "文献[4]中的引理 1.7", "[@book, Theorem 1.2]", "Lemma 1.7 [AB12]", "Table 1.7",
    ],
)  # fmt: skip
def test_items_of_other_works_and_tables_without_labels(mention: str, codes: Codes) -> None:
    assert codes(f"{TWO}As in {mention}.", "R") == []


@pytest.mark.parametrize(
    "mention", ["Lemma 1.7 of this paper", "Lemma 1.7 in Section 2", "[Lemma 1.7](#x)", "Lemma 1.7 of the book"]
)
def test_items_of_this_text(mention: str, codes: Codes) -> None:
    assert [code for code, _, _ in codes(f"{TWO}As in {mention}.", "R")] == ["R101"]


def test_tables_are_looked_at_where_there_are_some(codes: Codes) -> None:
    assert codes(f"{TWO}**Table 1.1** x\n\nSee Table 1.7.", "R") == [("R101", 7, 5)]
