"""Effective rank of attention maps over d, against n/d."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify.model.evidence import Measurement
from verify.report.drawing import line, picture, text
from verify.report.plots.families import families, joined
from verify.report.plots.plot import Gettext, Plot, Row
from verify.report.plots.points import Point, marks, points_of
from verify.report.plots.scales import Scale, extent
from verify.report.plots.strips import DOTS_SAY, cell

RANKS = "Effective rank of attention over d, against n/d"
ATTENTION_MAP = "attention map"
MESSAGES = (RANKS, ATTENTION_MAP)
SHAPE = re.compile(r"n = (\d+), d = (\d+)")
LEFT, RIGHT, TOP, BOTTOM = 46, 292, 12, 180


def of_attention(found: Measurement, gettext: Gettext = str) -> list[Plot]:
    """One picture where the figures are about attention maps of several shapes, else none."""
    rows = [row for point in points_of(found) if (row := _row(point)) is not None]
    if len({x for _, _, x, _, _ in rows}) < 2:
        return []
    title, says = gettext(RANKS), gettext(DOTS_SAY)
    low, high = extent([0.0, 1.0, *(y for *_, y, _ in rows)])
    shares = sorted({x for _, _, x, _, _ in rows})
    across = Scale(shares[0], shares[-1], LEFT, RIGHT, log=True)
    up = Scale(low, high, BOTTOM, TOP)
    shapes = []
    for x in shares:
        shapes += [line(across(x), TOP, across(x), BOTTOM, "grid")]
        shapes += [text(across(x), BOTTOM + 14, f"{x:g}", "middle")]
    shapes.append(text(RIGHT + 16, BOTTOM + 28, "n/d", "end"))
    for tick, name in up.ticks:
        shapes += [line(LEFT - 20, up(tick), RIGHT + 20, up(tick), "grid"), text(LEFT - 24, up(tick) + 4, name, "end")]
    shapes += marks(_apart(rows, across, up))
    columns, table = _table(rows, gettext)
    drawn = picture("", "", 320, BOTTOM + 34, shapes, fits=True)
    return [Plot(title, says, drawn, (gettext(ATTENTION_MAP), "n/d", *columns), table, ordered=False)]


def _row(point: Point) -> tuple[str, str, float, float, bool] | None:
    """Attention map, what of it, n/d, effective rank / d, and whether of the null model."""
    shape = SHAPE.search(point.unit)
    if not shape or not point.column.startswith("effective rank"):
        return None
    n, d = int(shape[1]), int(shape[2])
    if point.column.startswith("effective rank / d"):
        return point.unit, point.column, n / d, point.value, point.is_null
    return point.unit, f"{point.column}, over d", n / d, point.value / d, point.is_null


def _table(
    rows: Sequence[tuple[str, str, float, float, bool]], gettext: Gettext
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """A row for each family of attention maps, a column for each figure; the columns' names first."""
    columns = tuple(dict.fromkeys(column for _, column, *_ in rows))
    values = {(unit, column): y for unit, column, _, y, _ in rows}
    shares = {unit: x for unit, _, x, _, _ in rows}
    return tuple(map(gettext, columns)), tuple(
        (
            gettext(joined(own, units)),
            (shares[units[0]], *(cell([values.get((unit, c)) for unit in units]) for c in columns)),
        )
        for own, units in families(shares).items()
    )


def _apart(
    rows: Sequence[tuple[str, str, float, float, bool]], across: Scale, up: Scale
) -> list[tuple[float, float, bool]]:
    """Places of the marks, those of one shape a little beside each other: what was measured left, the null right."""
    return [
        (across(x) + ((place % 4 + 1) * 4 if is_null else (place % 4 - 4) * 4), up(y), is_null)
        for place, (*_, x, y, is_null) in enumerate(rows)
    ]
