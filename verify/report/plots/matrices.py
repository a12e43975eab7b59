"""Heat maps of the matrices of counterexamples."""

from __future__ import annotations

import math
from collections.abc import Mapping

from markupsafe import Markup

from verify.model.evidence import Value
from verify.report import mathematics
from verify.report.drawing import element, picture, text
from verify.report.plots.plot import Gettext

MATRIX = "Signs and sizes of the entries of %(name)s"
MESSAGES = (MATRIX,)
FEWEST, MOST = 4, 24
CELL, NAME = 12, 15
SHADES = 8


def of_matrices(values: Mapping[str, Value], gettext: Gettext = str) -> list[Markup]:
    """A heat map of every matrix that is not constant, small or large; its exact entries stand beside it."""
    maps = []
    for name, value in values.items():
        if not mathematics.is_matrix(value) or not all(FEWEST <= size <= MOST for size in (len(value), len(value[0]))):
            continue
        entries = [[mathematics.exact(str(entry)) for entry in row] for row in value]
        numbers = [[math.nan if x is None else float(x) for x in row] for row in entries]
        flat = [x for row in numbers for x in row]
        if all(map(math.isfinite, flat)) and len(set(flat)) > 1:
            maps.append(_heat_map(name, gettext(MATRIX) % {"name": name}, numbers))
    return maps


def _heat_map(name: str, title: str, rows: list[list[float]]) -> Markup:
    """A square for each entry that is not 0, its colour the sign, its strength the size: one path a shade."""
    most = max(abs(x) for row in rows for x in row)
    shades: dict[tuple[str, int], list[str]] = {}
    for i, row in enumerate(rows):
        for j, x in enumerate(row):
            if x:
                shade = ("pos" if x > 0 else "neg", math.ceil(SHADES * abs(x) / most))
                shades.setdefault(shade, []).append(f"M{CELL * j + 1} {NAME + CELL * i + 1}h10v10h-10z")
    shapes = [
        element("path", d="".join(squares), class_=sign, fill_opacity=f"{shade / SHADES:.2f}")
        for (sign, shade), squares in shades.items()
    ]
    width, height = CELL * len(rows[0]) + 1, CELL * len(rows) + 1
    frame = element("rect", y=NAME - 0.5, x=0.5, width=width - 1, height=height - 1, class_="frame")
    return picture(title, title, width, NAME + height, [text(0, 10, name), frame, *shapes])
