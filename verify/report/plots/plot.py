"""A picture with the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def figure(x: float) -> str:
    """Three significant digits; whole numbers whole."""
    if float(x).is_integer() and abs(x) < 1e15:
        return f"{int(x):,}"
    return f"{x:.3g}"
