"""A picture with the numbers behind it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

Gettext = Callable[[str], str]
Cell = float | str | None
Row = tuple[str, tuple[Cell, ...]]


@dataclass(frozen=True)
class Plot:
    """``columns`` are the heads of the table, that of the row names first. A ``wide`` one has a row to itself.

    The rows of an ``ordered`` one stay in their order.
    """

    title: str
    description: str
    svg: Markup
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    wide: bool = False
    ordered: bool = True

    @property
    def blocks(self) -> list[tuple[tuple[str, ...], list[Row]]]:
        """The table; where the order of the rows is free, one for all that fill the same columns, and those alone."""
        if self.ordered:
            return [(self.columns, list(self.rows))]
        alike: dict[tuple[int, ...], list[Row]] = {}
        for name, cells in self.rows:
            filled = tuple(place for place, cell in enumerate(cells) if cell is not None)
            alike.setdefault(filled, []).append((name, tuple(cells[place] for place in filled)))
        name_of, *columns = self.columns
        return [((name_of, *(columns[place] for place in filled)), rows) for filled, rows in alike.items()]


def cut(words: str, longest: int) -> str:
    """Words that fit; a Chinese character is as wide as two letters."""
    widths = list(accumulate(2 if c > "\u2e7f" else 1 for c in words))
    return words if not words or widths[-1] <= longest else f"{words[: bisect_right(widths, longest - 1)]}…"


def figure(x: float) -> str:
    """Three significant digits; whole numbers whole."""
    if float(x).is_integer() and abs(x) < 1e15:
        return f"{int(x):,}"
    return f"{x:.3g}"
