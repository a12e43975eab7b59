"""The user's own text beside the verdicts: the item that carries a claim's label, as it stands.

The text is read by ``verify.text``, as ``verify cite-check`` reads it. A statement without a number is found by the
fingerprint of its displayed formula. Nothing here is trusted: text is escaped by the templates, and what is no plain
mathematics is shown as its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from verify.report.mathematics import ReportError
from verify.text.document import Document, Formula, Span
from verify.text.fingerprints import changed, fingerprint, of_display
from verify.text.markdown import parse
from verify.text.visible import named


@dataclass(frozen=True)
class Piece:
    """A run of text, or a formula: ``mode`` is "text", "inline" or "display"."""

    mode: str
    source: str


@dataclass(frozen=True)
class Quote:
    """An item of the text; ``line`` counts from 1. ``differs``: it is not the text that the claim was encoded from."""

    line: int
    pieces: tuple[Piece, ...]
    differs: bool = False


def quotes(textbook: Path, encoded: Mapping[str, str] | None = None) -> dict[str, Quote]:
    """The items of a Markdown text by identifier (``lemma-11.19``); the first one where a label occurs twice.

    ``encoded`` are the fingerprints of the text that was encoded, by identifier. Raises ReportError where the file
    cannot be read as UTF-8 text.
    """
    try:
        source = textbook.read_text("utf-8")
    except OSError as error:
        raise ReportError(f"{textbook} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ReportError(f"{textbook} is not UTF-8 text: {error.reason} at byte {error.start}") from error
    document, known = parse(source, textbook.name), encoded or {}
    found = {}
    for name, (item, *_) in document.by_identifier.items():
        differs = name in known and changed(known[name], fingerprint(document, item)) != ""
        found[name] = Quote(document.place(item.start).line, tuple(_pieces(document, item)), differs)
    return {**dict(_displays(document, known)), **found}


def _displays(document: Document, known: Mapping[str, str]) -> Iterator[tuple[str, Quote]]:
    """Statements without a number: the first displayed formula with the fingerprint of each."""
    wanted = {value: name for name, value in known.items() if value.startswith("-")}
    for formula in reversed([f for f in document.formulas if f.display]):
        if (name := wanted.get(of_display(formula))) is not None:
            yield name, Quote(document.place(formula.start).line, (_piece(formula),))


def matched(found: Mapping[str, Quote], labels: Sequence[str]) -> int:
    """How many of the claims have their item in the text."""
    return sum(label in found for label in labels)


def differing(found: Mapping[str, Quote], labels: Iterable[str]) -> list[str]:
    """The claims whose item is not the text that they were encoded from."""
    return [label for label in labels if label in found and found[label].differs]


def _pieces(document: Document, span: Span) -> Iterator[Piece]:
    """Bold marks are dropped from running text; formulas keep their source."""
    at = span.start
    for formula in document.formulas_in(span):
        yield from _text(document.source[at : formula.start])
        yield _piece(formula)
        at = formula.end
    yield from _text(document.source[at : span.end].rstrip())


def _piece(formula: Formula) -> Piece:
    return Piece("display" if formula.display else "inline", named(formula.tex))


def _text(text: str) -> Iterator[Piece]:
    if text := text.replace("**", ""):
        yield Piece("text", named(text))
