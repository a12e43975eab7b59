"""Plain text: ``file:line:col code message``, the line, and a caret under the place."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from verify.text.diagnostics import Diagnostic, Severity
from verify.text.document import Document
from verify.text.output import Outcome
from verify.text.visible import DIRECTION

WIDTH = 100
"""Columns of a source line that are shown; a paragraph of one line is cut around the place."""
TAB = 4
CONTROL = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff{DIRECTION}]")
COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


def render(outcome: Outcome, *, colour: bool = False) -> str:
    lines = [line for one in outcome.checked for d in one.diagnostics for line in shown(d, one.document, colour)]
    return "\n".join([*lines, _summary(outcome), ""])


def shown(one: Diagnostic, document: Document, colour: bool) -> Iterator[str]:
    def painted(text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if colour else text

    place = painted(f"{one.file}:{one.line}:{one.column}", "1")
    yield f"{place} {painted(one.code, COLOURS[one.severity])} {one.severity}: {_visible(one.message)}"
    if one.line <= len(document.starts):
        line, under = excerpt(document, one)
        yield f"    {line}"
        yield f"    {painted(under, COLOURS[one.severity])}"
    if one.help:
        yield f"    = {_visible(one.help)}"


def excerpt(document: Document, one: Diagnostic) -> tuple[str, str]:
    """The line, cut to a window, and the carets under the place, both as wide as a terminal shows them."""
    line = document.line(one.line)
    start = min(one.column - 1, len(line))
    end = min(one.end_column - 1, len(line)) if one.end_line == one.line else len(line)
    low, high = _window(line, start, end)
    before, marked = line[low:start], line[start : min(max(end, start), high)]
    cut_left, cut_right = "…" if low else "", "…" if high < len(line) else ""
    shown_line = cut_left + _visible(line[low:high]).rstrip() + cut_right
    indent = width(cut_left) + width(_visible(before))
    return shown_line, " " * indent + "^" * max(1, width(_visible(marked)))


def _window(line: str, start: int, end: int) -> tuple[int, int]:
    """The stretch of the line that is shown: all of it where it fits, else a third of the width before the place."""
    if len(line) <= WIDTH // 2 or (width(_visible(line[: WIDTH * 2])) <= WIDTH and len(line) <= WIDTH):
        return 0, len(line)
    low, used = start, 0
    while low > 0 and used < WIDTH // 3:
        low, used = low - 1, used + width(_visible(line[low - 1]))
    widths = accumulate(width(_visible(character)) for character in line[low : low + WIDTH])
    fit = sum(1 for total in widths if total <= WIDTH)
    return low, min(len(line), low + max(fit, 1))


def width(text: str) -> int:
    """Columns of a terminal that the text takes: two for a wide character, none for a mark on another."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) in ("Cf", "Mn", "Me")
        else 2 if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )  # fmt: skip


def _visible(text: str) -> str:
    """Tabs as spaces; what could move the cursor, paint the terminal or turn the reading direction, as a sign."""
    return CONTROL.sub("\ufffd", text.replace("\t", " " * TAB))


def _summary(outcome: Outcome) -> str:
    counts = Counter(one.severity for one in outcome.diagnostics)
    files = len(outcome.checked)
    where = f"in {files} text{'s' if files != 1 else ''}"
    if not counts:
        return f"nothing found {where}"
    words = [f"{counts[s]} {s}{'s' if counts[s] != 1 else ''}" for s in Severity if counts[s]]
    return f"{', '.join(words)} {where}"
