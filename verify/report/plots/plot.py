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
    """``columns`` are the heads of the table, that of the row names first. A ``wide`` one has a row to itself."""

    title: str
    description: str
    svg: Markup
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    wide: bool = False


def cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def figure(x: float) -> str:
    """Three significant digits; whole numbers whole."""
    if float(x).is_integer() and abs(x) < 1e15:
        return f"{int(x):,}"
    return f"{x:.3g}"
