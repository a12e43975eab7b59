"""The figures of a measurement, read from their keys; and the marks that stand for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from verify.model.evidence import Measurement
from verify.report.drawing import Shape, element, stamped

DOT = Shape((0, 0), "h0", (0, 0))
STROKE = Shape((0, -5), "v10", (0, 5))
AT_START = re.compile(r" \(([-+.\de]+) at the start\)")


@dataclass(frozen=True)
class Point:
    """``unit`` is what was measured, ``column`` which quantity of it."""

    unit: str
    column: str
    value: float
    is_null: bool


def points_of(found: Measurement) -> list[Point]:
    return [*_points(found.figures, is_null=False), *_points(found.null, is_null=True)]


def _points(figures: Mapping[str, float], *, is_null: bool) -> list[Point]:
    """Keys read ``unit: quantity``; what tells the null model apart may stand at the end of either."""
    points = []
    for key, value in figures.items():
        start = AT_START.search(key)
        unit, _, column = AT_START.sub("", key).rpartition(": ")
        bare = unit.removesuffix(", at the start")
        if bare != unit:
            unit, column = bare, f"{column}, at the start"
        points.append(Point(unit or column, column, value, is_null))
        if start:
            points.append(Point(unit, f"{column}, at the start", float(start[1]), is_null=True))
    return points


def marks(places: Sequence[tuple[float, float, bool]]) -> list[Markup]:
    """Dots for what was measured, upright strokes for the null model: one path each, however many there are."""
    dots = stamped(DOT, [(x, y) for x, y, is_null in places if not is_null])
    strokes = stamped(STROKE, [(x, y) for x, y, is_null in places if is_null])
    drawn = (("null-ticks", strokes), ("seen-dots", dots))
    return [element("path", d=path, class_=kind) for kind, path in drawn if path]
