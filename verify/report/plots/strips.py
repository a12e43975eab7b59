"""The figures of a measurement: a row for each family of networks, a mark for each network."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from verify.model.evidence import Measurement
from verify.report.drawing import element, group, picture, text
from verify.report.plots.families import families, family, joined
from verify.report.plots.plot import Cell, Gettext, Plot, Row, cut, figure
from verify.report.plots.points import Point, marks, points_of
from verify.report.plots.scales import Scale, extent

MEASURED = "Measured, beside the null model"
DOTS_SAY = "Dots: trained networks. Upright strokes: random matrices, or the same networks before training"
NETWORKS = "networks"
MESSAGES = (MEASURED, DOTS_SAY, NETWORKS)
MOST_ROWS, FEW = 30, 60
WIDTH, LEFT, RIGHT, ROW = 320, 8, 308, 23


def of_figures(found: Measurement, gettext: Gettext = str) -> list[Plot]:
    """One picture of the figures, their names over their marks; none where there are no figures."""
    points = points_of(found)
    if not points:
        return []
    columns = tuple(dict.fromkeys(p.column for p in points))
    title, says = gettext(MEASURED), gettext(DOTS_SAY)
    svg = _strips(points, gettext)
    heads = (gettext(NETWORKS), *map(gettext, columns))
    return [Plot(title, says, svg, heads, _table(points, columns, gettext), ordered=False)]


def _table(points: Sequence[Point], columns: Sequence[str], gettext: Gettext) -> tuple[Row, ...]:
    """A row for each family; in a cell the figures of its networks, in the order of the seeds that the row names."""
    known = {(p.unit, p.column): p.value for p in points}
    return tuple(
        (gettext(joined(own, units)), tuple(cell([known.get((unit, column)) for unit in units]) for column in columns))
        for own, units in families(p.unit for p in points).items()
    )


def cell(values: Sequence[float | None]) -> Cell:
    if all(value is None for value in values):
        return None
    return values[0] if len(values) == 1 else " ".join("–" if value is None else figure(value) for value in values)


def _strips(points: Sequence[Point], gettext: Gettext) -> Markup:
    """A panel for the quantity that is asked, which comes first, and for the next where there is room.

    In it a row for each family, and a mark for each network.
    """
    measured = list(dict.fromkeys(p.column for p in points if not p.is_null))
    shapes: list[Markup] = []
    top = 0
    for column in measured[: 2 if len(points) <= FEW else 1]:
        panel = [p for p in points if p.column == column or (p.is_null and p.column.startswith(f"{column},"))]
        rows = list(dict.fromkeys(family(p.unit) for p in panel))[:MOST_ROWS]
        bottom = top + 24 + ROW * len(rows)
        scale = Scale(*extent([p.value for p in panel]), LEFT, RIGHT, most=6)
        shapes += [
            element("text", cut(gettext(column), 52), y=top + 13, class_="head"),
            *_axis(scale, top + 20, bottom),
        ]
        places: list[tuple[float, float, bool]] = []
        names: list[Markup] = []
        for place, row in enumerate(rows):
            y = top + 40 + ROW * place
            names.append(text(LEFT, y - 7, cut(gettext(row), 52)))
            places += [(scale(p.value), float(y), p.is_null) for p in panel if family(p.unit) == row]
        shapes += [group(names, class_="names"), *marks(places)]
        top = bottom + 26
    return picture("", "", WIDTH, top, shapes, fits=True)


def _axis(scale: Scale, top: int, bottom: int) -> list[Markup]:
    places = [(name, round(scale(tick))) for tick, name in scale.ticks]
    lines = "".join(f"M{x} {top}V{bottom}" for _, x in places)
    numbers = [text(x, bottom + 12, name) for name, x in places]
    return [element("path", d=lines, class_="grid"), group(numbers, text_anchor="middle")]
