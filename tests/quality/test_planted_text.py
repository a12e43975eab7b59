"""Errors planted in a clean text: each is found, with the right code, in the right line; harmless edits are silent."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from verify.text.check import check
from verify.text.diagnostics import Diagnostic
from verify.text.knowledge import Knowledge
from verify.text.markdown import parse
from verify.text.rules import rules

SAMPLE = (Path(__file__).parents[1] / "fakes" / "sample_text.md").read_text(encoding="utf-8")
TEXTBOOK = os.environ.get("VERIFY_TEXTBOOK", "")

DATA = tomllib.loads((Path(__file__).parent / "planted_text.toml").read_text(encoding="utf-8"))
PLANTED: Mapping[str, tuple[str, str, str]] = DATA["planted"]
HARMLESS: Mapping[str, tuple[str, str]] = DATA["harmless"]
APPROXIMATION = (
    "For example, for $p = 399, q = 40, s = 10$, the sketch",
    "For example, for $p = 3, q = 40, s = 10$, the gain is $3$; the sketch",
)


def found(text: str) -> list[Diagnostic]:
    return check(parse(text, "sample.md"), Knowledge.empty(), rules())


def first_difference(a: str, b: str) -> int:
    """The line, counted from 1, in which two texts part."""
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return b.count("\n", 0, at) + 1


def test_the_sample_is_clean() -> None:
    assert found(SAMPLE) == []


@pytest.mark.parametrize("name", list(PLANTED))
def test_planted_error_is_found_in_its_line(name: str) -> None:
    old, new, code = PLANTED[name]
    assert old in SAMPLE
    text = SAMPLE.replace(old, new, 1)
    places = [(d.code, d.line) for d in found(text)]
    assert (code, first_difference(SAMPLE, text)) in places, places


def test_circle_is_found() -> None:
    text = SAMPLE.replace("Storing the sketch takes", "By Lemma 3.4, storing the sketch takes", 1)
    text = text.replace("由定义 3.1，", "由引理 3.3，", 1)
    assert [d.code for d in found(text)] == ["R104"]


def test_approximation_is_weighed_at_the_example() -> None:
    text = SAMPLE.replace(*APPROXIMATION, 1).replace("s(p + 1) = 4000", "s(p + 1) = 40", 1)
    line = 1 + SAMPLE[: SAMPLE.index(r"\frac{p q}{s (p + 1)}")].count("\n")
    assert [(d.code, d.line) for d in found(text)] == [("A102", line)]


def test_enough_kinds_are_planted() -> None:
    assert len(PLANTED) + 2 >= 40
    assert len(HARMLESS) >= 15


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_edit_is_silent(name: str) -> None:
    old, new = HARMLESS[name]
    assert old in SAMPLE
    assert found(SAMPLE.replace(old, new, -1 if name == "Windows line ends" else 1)) == []


@pytest.mark.skipif(not TEXTBOOK, reason="VERIFY_TEXTBOOK names no text")
def test_what_is_found_in_the_textbook() -> None:
    """Each was looked at and is right; a new one has to be, too, before it is added here."""
    source = Path(TEXTBOOK).read_text(encoding="utf-8")
    places = [(d.code, d.line) for d in found(source) if d.code[0] in "NRFSDAP"]
    assert places == [
        ("S102", 33), ("S102", 33), ("S101", 33), ("F108", 54), ("N104", 82), ("S106", 82), ("D102", 110),
        ("D101", 112), ("S104", 114), ("S104", 114), ("F111", 116), ("F115", 122), ("S101", 122), ("S104", 150),
        ("A102", 156), ("F106", 158), ("F105", 182), ("D101", 189), ("S105", 201), ("S101", 231), ("S103", 241),
    ]  # fmt: skip


@pytest.mark.skipif(not TEXTBOOK, reason="VERIFY_TEXTBOOK names no text")
def test_errors_planted_in_the_textbook_are_found() -> None:
    source = Path(TEXTBOOK).read_text(encoding="utf-8")
    before = {(d.code, d.message) for d in found(source)}
    edits = {
        r"(r - k) \sigma_{k+1}^2": ("(r - k \\sigma_{k+1}^2", "F102"),
        r"\exp\left(-": (r"\exp(-", "F103"),
        r"\mathbf{B}^{\top} \nabla": (r"\mathbf{B}^{\tpo} \nabla", "F104"),
        r"\Delta\mathbf{W} = \mathbf{B}\mathbf{S}\mathbf{A}": (
            r"\Delta\mathbf{W} = \mathbf{A}\mathbf{S}\mathbf{B}",
            "D101",
        ),
        "为$r(m + n)$": ("为$r(m + n$", "F102"),
        r"\frac{mn}{r(m+n)}": (r"\frac{mn}{r(m+n}}", "F101"),
        "压缩比约为$64$倍": ("压缩比约为$32$倍", "A101"),
        "**定理 11.10": ("**定理 11.9", "N101"),
        "**引理 11.20": ("**引理 11.2", "N103"),
    }
    for old, (new, code) in edits.items():
        assert old in source, old
        text = source.replace(old, new, 1)
        line = first_difference(source, text)
        new_ones = {(d.code, d.line) for d in found(text) if (d.code, d.message) not in before}
        assert (code, line) in new_ones, (old, new_ones)
