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
    text = "\\begin{lemma}\\label{a} x \\end{lemma}\n\\ref{a} \\cref{b}\nTheorem~\\ref{a}"
    assert codes(text, "R", tex=True) == [("R101", 2, 15), ("R102", 3, 9)]
