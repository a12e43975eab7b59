"""Fingerprints of items: what a claim was encoded from, without keeping a sentence of it.

A fingerprint has two halves, of the words and of the formulas, so that a change of one can be told from a change of the
other; a statement without a number is known by its displayed formula alone, and has no words. Spaces, line breaks, bold
marks, full- and half-width forms and purely typographic TeX do not count.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from verify.text.document import Document, Formula, Item

_WORD = re.compile(r"\w")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\s]")
_IDLE = frozenset(
    ("\\" + name)
    for name in [
        "left",
        "right",
        "big",
        "Big",
        "bigl",
        "bigr",
        "Bigl",
        "Bigr",
        "displaystyle",
        "textstyle",
        "limits",
        "nolimits",
        "mathbf",
        "boldsymbol",
        "bm",
        "quad",
        "qquad",
        ",",
        ";",
        ":",
        "!",
    ]
)
_SAME = {
    r"\top": "T",
    r"\intercal": "T",
    r"\leq": r"\le",
    r"\geq": r"\ge",
    r"\neq": r"\ne",
    r"\|": r"\Vert",
    r"\lVert": r"\Vert",
    r"\rVert": r"\Vert",
    r"\dots": r"\ldots",
    r"\cdots": r"\ldots",
    r"\to": r"\rightarrow",
}


def fingerprint(document: Document, item: Item) -> str:
    """``words-formulas`` of one item, its title included and its label not."""
    formulas = document.formulas_in(item)
    words = item.title + document.words[item.body : item.end]
    return f"{_hash(_letters(words))}-{of_formulas(formulas)}"


def of_display(formula: Formula) -> str:
    """The fingerprint of a displayed formula that stands for a statement without a number."""
    return f"-{of_formulas([formula])}"


def of_document(document: Document) -> dict[str, str]:
    """The fingerprints of all items by identifier; of the first where a label occurs twice."""
    return {name: fingerprint(document, items[0]) for name, items in document.by_identifier.items()}


def of_formulas(formulas: Iterable[Formula]) -> str:
    """A fingerprint of formulas in their order."""
    return _hash(" ".join(" ".join(tokens(formula.tex)) for formula in formulas))


def tokens(tex: str) -> list[str]:
    """A formula as the tokens that carry its meaning; a group of one token loses its braces."""
    found = [_SAME.get(t, t) for t in _TOKEN.findall(unicodedata.normalize("NFKC", tex)) if t not in _IDLE]
    out: list[str] = []
    for token in found:
        out.append(token)
        if len(out) >= 3 and out[-1] == "}" and out[-3] == "{":
            out[-3:] = [out[-2]]
    return out


def changed(before: str, now: str) -> Literal["", "words", "formulas", "both"]:
    """Which halves of two fingerprints differ."""
    words, formulas = (a != b for a, b in zip(before.split("-"), now.split("-"), strict=True))
    if words and formulas:
        return "both"
    return "words" if words else "formulas" if formulas else ""


def _letters(text: str) -> str:
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
