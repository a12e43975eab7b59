from __future__ import annotations

from collections.abc import Callable

import pytest

Codes = Callable[..., list[tuple[str, int, int]]]


def items(*labels: str) -> str:
    return "\n\n".join(f"**{label}** Text." for label in labels)


@pytest.mark.parametrize(
    "text, found",
    [
        (items("Lemma 1.1", "Lemma 1.1"), [("N101", 3, 1)]),
        (items("Lemma 1.1", "Lemma 1.3"), [("N102", 3, 1)]),
        (items("Lemma 1.2", "Lemma 1.1"), [("N103", 3, 1)]),
        (items("Lemma 1.1", "定理 1.1"), [("N104", 3, 1)]),
        ("## 2.4 Rank\n\n" + items("Lemma 3.1"), [("N105", 3, 1)]),
        (items("Lemma 1.1", "Lemma 1.2", "Theorem 1.3", "Lemma 1.4"), []),
        (items("Lemma 1.1", "Table 1.1", "Lemma 1.2", "表 1.2"), []),
        (items("Lemma 1.9", "Lemma 1.10", "Lemma 2.1"), []),
        ("## 2.4 Rank\n\n" + items("Lemma 2.1", "Lemma 2.4.2"), []),
    ],
)
def test_numbers(text: str, found: list[tuple[str, int, int]], codes: Codes) -> None:
    assert codes(text, "N") == found
