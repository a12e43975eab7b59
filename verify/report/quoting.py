"""The user's own text beside the verdicts: the item that carries a claim's printed label, as it stands.

Recognised is a line that begins with the label in bold, ``**Lemma 11.19 (title)**`` or ``**引理 11.19（…）**``.
The item ends at a blank line, a heading or the next item; a table may follow its label after a blank line. Nothing
here is trusted: text is escaped by the templates, and what is no plain mathematics is shown as its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from verify.labels import identifier_of
from verify.report.mathematics import ReportError

BOLD = re.compile(r"\s*\*\*(?P<label>[^*（(]+?)[\s.:：。]*(?:[（(][^*]*)?\*\*")
FORMULA = re.compile(r"\$\$(?P<display>.+?)\$\$|\$(?P<inline>[^$]+)\$", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A run of text, or a formula: ``mode`` is "text", "inline" or "display"."""

    mode: str
    source: str


@dataclass(frozen=True)
class Quote:
    """An item of the text; ``line`` counts from 1."""

    line: int
    pieces: tuple[Piece, ...]


def quotes(textbook: Path) -> dict[str, Quote]:
    """The items of a Markdown text by identifier (``lemma-11.19``); the first one where a label occurs twice.

    Raises ReportError where the file cannot be read as UTF-8 text.
    """
    try:
        lines = textbook.read_text("utf-8").splitlines()
    except OSError as error:
        raise ReportError(f"{textbook} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ReportError(f"{textbook} is not UTF-8 text: {error.reason} at byte {error.start}") from error
    starts = {at: name for at, line in enumerate(lines) if (name := _identifier(line)) is not None}
    found: dict[str, Quote] = {}
    for at, end in pairwise([*starts, len(lines)]):
        text = "\n".join(_item(lines[at:end], is_table=starts[at].startswith("table-")))
        found.setdefault(starts[at], Quote(at + 1, tuple(_pieces(text))))
    return found


def matched(found: Mapping[str, Quote], labels: Sequence[str]) -> int:
    """How many of the claims have their item in the text."""
    return sum(label in found for label in labels)


def _identifier(line: str) -> str | None:
    match = BOLD.match(line)
    return identifier_of(match["label"]) if match else None


def _item(lines: list[str], *, is_table: bool) -> Iterator[str]:
    in_display, in_table = False, False
    for number, line in enumerate(lines):
        is_row = line.lstrip().startswith("|")
        if line.startswith("#") or (in_table and not is_row):
            return
        if not line.strip() and not in_display and not (is_table and number == 1):
            return
        in_table = in_table or (is_table and is_row)
        in_display ^= line.count("$$") % 2 == 1
        yield line


def _pieces(text: str) -> Iterator[Piece]:
    """Bold marks are dropped from running text; formulas keep their source."""
    at = 0
    for match in FORMULA.finditer(text):
        yield from _text(text[at : match.start()])
        mode = "display" if match["display"] is not None else "inline"
        yield Piece(mode, match[mode].strip())
        at = match.end()
    yield from _text(text[at:])


def _text(text: str) -> Iterator[Piece]:
    if text := text.replace("**", ""):
        yield Piece("text", text)
