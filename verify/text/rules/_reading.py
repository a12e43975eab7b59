"""What several families of rules ask of a formula: its inner text, its tree, its words around."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from verify.text import tex
from verify.text.diagnostics import Finding
from verify.text.document import Document, Formula
from verify.text.nodes import Node, Problem, Tree

QUOTED = re.compile(r"(?m)^[ \t]*>")


def inner(document: Document, formula: Formula) -> str:
    """The source between the delimiters; marks of a block quotation made blank, so that offsets agree."""
    width = formula.inside - formula.start
    text = document.source[formula.inside : max(formula.inside, formula.end - width)]
    if ">" in text and "\n" in text and text.count(">") > formula.tex.count(">"):
        text = QUOTED.sub(lambda match: " " * len(match[0]), text)
    return text


def tree(document: Document, formula: Formula) -> Tree:
    return tex.parse(inner(document, formula))


def trees(document: Document) -> Iterator[tuple[Formula, Tree]]:
    """Each formula with its tree, in the order of the text."""
    for formula in document.formulas:
        yield formula, tree(document, formula)


@lru_cache(maxsize=200_000)
def plain(text: str) -> str:
    """A command or a letter as messages show it."""
    return text.removeprefix("\\")


def before(document: Document, formula: Formula, width: int = 24) -> str:
    """The words before a formula in its own line, at most ``width`` characters."""
    line = document.starts[document.place(formula.start).line - 1]
    return document.words[max(line, formula.start - width) : formula.start]


def behind(document: Document, formula: Formula, width: int = 24) -> str:
    """The words behind a formula up to the end of its line, at most ``width`` characters."""
    return document.words[formula.end : formula.end + width].partition("\n")[0]


def finding(formula: Formula, at: Node | Problem, message: str, help: str = "") -> Finding:  # noqa: A002
    return Finding(formula.inside + at.start, formula.inside + at.end, message, help)
