"""A parsed text: items, tables, sections, formulas, references, each with its exact place. Immutable.

Offsets count characters of the source from 0; ``Document.place`` turns one into line and column, which count from 1.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple


class Place(NamedTuple):
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source, ``end`` excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Formula(Span):
    """``tex`` without its delimiters; ``inside`` is the offset at which it begins."""

    tex: str
    display: bool
    inside: int


@dataclass(frozen=True, slots=True)
class Section(Span):
    """A heading. ``number`` is empty where it has none."""

    level: int
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Table(Span):
    """Cells as source text, the header first."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Labelled(Span):
    """``kind`` is a key of ``verify.labels.KINDS``."""

    kind: str
    number: str

    @property
    def identifier(self) -> str:
        return f"{self.kind}-{self.number}"


@dataclass(frozen=True, slots=True)
class Item(Labelled):
    """A numbered statement; ``body`` is where its text begins."""

    title: str
    body: int


@dataclass(frozen=True, slots=True)
class Reference(Labelled):
    """A mention of an item elsewhere than at its head. A range or list gives one reference for each of its items."""


@dataclass(frozen=True, slots=True)
class Citation(Span):
    """A mention of a source: a key (``[@key]``, ``\\cite{key}``), or names with a year."""

    key: str
    names: tuple[str, ...] = ()
    year: str = ""


@dataclass(frozen=True, eq=False)
class Document:
    """A text as it was read; equal to itself only, so that what several rules need of it can be kept.

    ``words`` is the source with formulas, code and markup comments blanked out, so that offsets agree; ``comments`` are
    the blanked-out comments.
    """

    name: str
    source: str
    words: str
    formulas: tuple[Formula, ...] = ()
    items: tuple[Item, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()
    references: tuple[Reference, ...] = ()
    citations: tuple[Citation, ...] = ()
    comments: tuple[Span, ...] = ()
    tex: bool = False
    """Whether the source is LaTeX."""

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offset of the first character of each line."""
        return (0, *(at + 1 for at, character in enumerate(self.source) if character == "\n"))

    def place(self, offset: int) -> Place:
        line = bisect_right(self.starts, offset)
        return Place(line, offset - self.starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end."""
        start = self.starts[number - 1]
        end = self.starts[number] - 1 if number < len(self.starts) else len(self.source)
        return self.source[start:end]

    def formulas_in(self, span: Span) -> tuple[Formula, ...]:
        low = bisect_right(self._formula_starts, span.start - 1)
        high = bisect_right(self._formula_starts, span.end - 1)
        return self.formulas[low:high]

    @cached_property
    def _formula_starts(self) -> tuple[int, ...]:
        return tuple(formula.start for formula in self.formulas)

    def item_at(self, offset: int) -> Item | None:
        """The item whose text contains the offset."""
        at = bisect_right(self._item_starts, offset) - 1
        return self.items[at] if at >= 0 and offset < self.items[at].end else None

    @cached_property
    def _item_starts(self) -> tuple[int, ...]:
        return tuple(item.start for item in self.items)

    @cached_property
    def by_identifier(self) -> Mapping[str, tuple[Item, ...]]:
        found: dict[str, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.identifier, []).append(item)
        return {name: tuple(items) for name, items in found.items()}

    def text_of(self, item: Item) -> str:
        """The source of an item without its head."""
        return self.source[item.body : item.end]

    def free_formulas(self) -> Iterator[Formula]:
        """Formulas that belong to no item."""
        return (formula for formula in self.formulas if self.item_at(formula.start) is None)
