"""Identifiers and the labels that a text prints: ``lemma-11.19``, "Lemma 11.19", "引理 11.19". Needs no package."""

from __future__ import annotations

import re

KINDS: dict[str, tuple[str, str]] = {
    "definition": ("Definition", "定义"),
    "lemma": ("Lemma", "引理"),
    "theorem": ("Theorem", "定理"),
    "corollary": ("Corollary", "推论"),
    "table": ("Table", "表"),
    "equation": ("Equation", "式"),
}
"""Each kind as English and Chinese texts print it; the keys are those of ``verify.model.words.Kind``."""

_PRINTED = {name.lower(): kind for kind, names in KINDS.items() for name in names}
_LABEL = re.compile(rf"({'|'.join(_PRINTED)})[\s~\u3000-]*\(?([0-9]+(?:\.[0-9]+)*)\)?", re.IGNORECASE)


def label(identifier: str, title: str = "") -> dict[str, str]:
    """The printed label in both languages; an item without a number keeps its name in parentheses.

    The name is English; in Chinese the item's ``title`` stands for it, where it is given.
    """
    kind, _, number = identifier.partition("-")
    en, zh = KINDS[kind]
    if number[:1].isdigit():
        return {"en": f"{en} {number}", "zh": f"{zh} {number}"}
    name = number.replace("-", " ")
    return {"en": f"{en} ({name})", "zh": f"{zh}（{title or name}）"}


def identifier_of(text: str) -> str | None:
    """The identifier that a printed label stands for, or None: "引理 11.19" gives ``lemma-11.19``."""
    match = _LABEL.fullmatch(text.strip())
    return f"{_PRINTED[match[1].lower()]}-{match[2]}" if match else None


def kind_of(text: str) -> str | None:
    """The kind that a word names in either language, or None: "定理" gives ``theorem``, and so does "theorems"."""
    word = text.strip().lower()
    plural = {"corollaries": "corollary"}.get(word, word.removesuffix("s"))
    return _PRINTED.get(word) or _PRINTED.get(plural)
