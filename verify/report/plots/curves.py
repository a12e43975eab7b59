"""Line plots: spectra, energies, courses of training. Strokes tell what was measured from what it is held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from verify.model.evidence import Curves, Line
from verify.report.drawing import Shape, element, group, picture, stamped, text
from verify.report.plots.plot import Gettext, Plot, cut
from verify.report.plots.points import DOT
from verify.report.plots.scales import Scale, scale

STROKES = {"measured": "solid: measured", "null": "dotted: null model, or bound", "model": "dashed: formula"}
RULED = "Dotted straight lines: %(where)s"
BETWEEN = "between one layer and the next"
LEFT_OUT = "Values at or below 0 have no place on a logarithmic axis: %(count)s are left out"
MESSAGES = (*STROKES.values(), RULED, BETWEEN, LEFT_OUT)

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 320, 40, 288, 32, 200
"""The drawing in units of about a pixel on a phone; the frame within it."""
KEY = 15
SQUARE = Shape((-3, -3), "h6v6h-6z", (-3, -3))
TRIANGLE = Shape((0, -4), "l4 7h-8z", (0, -4))
DIAMOND = Shape((0, -4), "l4 4-4 4-4-4z", (0, -4))
CROSS = Shape((-3, -3), "l6 6m0-6l-6 6", (-3, 3))
PLUS = Shape((-4, 0), "h8m-4-4v8", (0, 4))
MARKERS = (DOT, SQUARE, TRIANGLE, DIAMOND, CROSS, PLUS)
"""For lines of one kind."""
MARKED = 6


def of_curves(curves: Curves, gettext: Gettext = str) -> Plot:
    """A line for each of the curves, the levels and marks ruled; the table holds every point."""
    across = scale([*(x for one in curves.lines for x in one.x), *curves.marks], LEFT, RIGHT, log=curves.log_x, most=6)
    up = scale([*(y for one in curves.lines for y in one.y), *curves.levels], BOTTOM, TOP, log=curves.log_y)
    says = ". ".join([*_kinds(curves, across, up, gettext), *_ruled(curves, gettext)])
    key = sorted(curves.lines, key=lambda one: -one.y[-1])
    shapes = [*_frame(curves, across, up), *_lines(curves, key, across, up)]
    height = BOTTOM + 34 + KEY * len(key)
    svg = picture("", f"{curves.y} / {curves.x}", WIDTH, height, shapes, fits=True)
    return Plot(curves.title, says, svg, *_table(curves))


def _ruled(curves: Curves, gettext: Gettext) -> list[str]:
    """Where lines are ruled. Things that are counted, as heads are, have a boundary that no number names."""
    upright = [f"{curves.x} = {x:g}" for x in curves.marks] if curves.joined else [gettext(BETWEEN)]
    ruled = [*(upright if curves.marks else []), *(f"{curves.y} = {y:g}" for y in curves.levels)]
    return [gettext(RULED) % {"where": ", ".join(ruled)}] if ruled else []


def _kinds(curves: Curves, across: Scale, up: Scale, gettext: Gettext) -> list[str]:
    """What the strokes mean, where there are several; and what could not be drawn."""
    kinds = dict.fromkeys(one.of for one in curves.lines)
    said = ["; ".join(gettext(STROKES[kind]) for kind in kinds).capitalize()] if len(kinds) > 1 else []
    lost = sum(not _fits(x, y, across, up) for one in curves.lines for x, y in zip(one.x, one.y, strict=True))
    return [*said, gettext(LEFT_OUT) % {"count": lost}] if lost else said


def _fits(x: float, y: float, across: Scale, up: Scale) -> bool:
    return (x > 0 or not across.log) and (y > 0 or not up.log)


def _frame(curves: Curves, across: Scale, up: Scale) -> list[Markup]:
    """Grid with its numbers, names of the axes, and what is ruled, each with its number at the far side."""
    columns, rows = ([(tick, name, place(tick)) for tick, name in place.ticks] for place in (across, up))
    grid = [*(f"M{x:.0f} {TOP}V{BOTTOM}" for _, _, x in columns), *(f"M{LEFT} {y:.0f}H{RIGHT}" for _, _, y in rows)]
    marks = [(place, across(place)) for place in curves.marks if _fits(place, 1, across, up)]
    levels = [(place, up(place)) for place in curves.levels if _fits(1, place, across, up)]
    ruled = [*(f"M{x:.1f} {TOP}V{BOTTOM}" for _, x in marks), *(f"M{LEFT} {y:.1f}H{RIGHT}" for _, y in levels)]
    return [
        element("path", d="".join(grid), class_="grid"),
        *([element("path", d="".join(ruled), class_="ruled")] if ruled else []),
        text(0, 11, cut(curves.y, 52)),
        text(RIGHT, BOTTOM + 27, cut(curves.x, 46), "end"),
        group(
            [*(text(round(x), BOTTOM + 13, name) for _, name, x in columns)]
            + [text(round(x), TOP - 5, f"{place:g}") for place, x in marks if curves.joined],
            text_anchor="middle",
        ),
        group([text(LEFT - 5, round(y) + 4, name) for _, name, y in rows], text_anchor="end"),
        *(text(RIGHT + 3, round(y) + 4, f"{place:g}") for place, y in levels),
    ]


@dataclass(frozen=True)
class Look:
    """How a line is drawn: its stroke by what it is, marker and colour by its place among those of its kind.

    ``place`` is None for a line alone of its kind. Strokes tell kinds apart only where there are several.
    """

    kind: str
    place: int | None
    joined: bool

    def drawn(self, points: Sequence[tuple[float, float]], marked: Sequence[tuple[float, float]]) -> list[Markup]:
        colour = "" if self.place is None else f" c{self.place % len(MARKERS)}"
        shapes = []
        if self.joined and len(points) > 1:
            shapes.append(element("path", d=path(points), class_=f"curve {self.kind}{colour}"))
        if self.place is not None or not shapes:
            shape = MARKERS[(self.place or 0) % len(MARKERS)]
            dots = " dots" if shape is DOT else ""
            shapes.append(element("path", d=stamped(shape, marked), class_=f"marker {self.kind}{colour}{dots}"))
        return shapes


def _lines(curves: Curves, key: Sequence[Line], across: Scale, up: Scale) -> list[Markup]:
    """Null and model under what was measured. Then the key."""
    looks = _looks(curves)
    shapes = []
    for one in sorted(curves.lines, key=lambda one: one.of == "measured"):
        points = [(across(x), up(y)) for x, y in zip(one.x, one.y, strict=True) if _fits(x, y, across, up)]
        shapes += looks[id(one)].drawn(points, _spread(points) if curves.joined else points)
    for row, one in enumerate(key):
        y = float(BOTTOM + 38 + KEY * row)
        shapes += looks[id(one)].drawn([(LEFT - 36, y), (LEFT - 6, y)], [(LEFT - 21, y)])
        shapes.append(text(LEFT, y + 4, cut(one.name, 50)))
    return shapes


def _looks(curves: Curves) -> dict[int, Look]:
    counts = Counter(one.of for one in curves.lines)
    met: Counter[str] = Counter()
    looks = {}
    for one in curves.lines:
        place = met[one.of] if counts[one.of] > 1 else None
        looks[id(one)] = Look(one.of if len(counts) > 1 else "measured", place, curves.joined)
        met[one.of] += 1
    return looks


def path(points: Sequence[tuple[float, float]]) -> str:
    """Through the points in tenths of a unit; steps from each to the next are shorter to write than places."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in points]
    steps = [f"{_tenth(x - a)}{' ' if y >= b else ''}{_tenth(y - b)}" for (a, b), (x, y) in pairwise(tenths)]
    lines = "".join(step if step.startswith("-") or not place else f" {step}" for place, step in enumerate(steps))
    (x, y), *_ = tenths
    return f"M{_tenth(x)} {_tenth(y)}l{lines}"


def _tenth(count: int) -> str:
    """A number of tenths: ``-.5``, ``12``."""
    whole, tenth = divmod(abs(count), 10)
    sign = "-" if count < 0 else ""
    return f"{sign}{whole or ''}.{tenth}" if tenth else f"{sign}{whole}"


def _spread(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A few of the points, evenly apart along the line."""
    step = max(1.0, (len(points) - 1) / (MARKED - 1))
    return [points[round(step * i)] for i in range(MARKED) if round(step * i) < len(points)]


def _table(curves: Curves) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[float | None, ...]], ...]]:
    """A row for each abscissa, a column for each line."""
    columns = (curves.x, *(one.name for one in curves.lines))
    at = [dict(zip(one.x, one.y, strict=True)) for one in curves.lines]
    places = sorted({x for one in curves.lines for x in one.x})
    return columns, tuple((f"{x:.6g}", tuple(line.get(x) for line in at)) for x in places)
