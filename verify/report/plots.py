"""Pictures of evidence: measurements beside their null models, margins of searches, matrices of counterexamples.

They show what the ledger holds and nothing that was computed for the page. Every picture of measurements or margins
brings the numbers behind it as a table; the numbers behind a heat map are the exact matrix beside it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from verify.model.evidence import Measurement, Value
from verify.report import mathematics
from verify.report.drawing import element, group, line, picture, text

Gettext = Callable[[str], str]
Row = tuple[str, tuple[float | None, ...]]

MEASURED = "Measured, beside the null model"
MEASURED_SAYS = "Dots: trained networks. Upright strokes: random matrices, or the same networks before training"
RANKS = "Effective rank of attention over d, against n/d"
MARGINS = "Smallest margins of the searches"
MARGINS_SAYS = "Right side less left side, scaled, at the instance that came closest to breaking its part; one a search"
SEARCHES = "searches"
MATRIX = "Signs and sizes of the entries of %(name)s"
MESSAGES = (MEASURED, MEASURED_SAYS, RANKS, MARGINS, MARGINS_SAYS, SEARCHES, MATRIX)

AT_START = re.compile(r" \(([-+.\de]+) at the start\)")
SEED = re.compile(r",? seed \d+")
SHAPE = re.compile(r"n = (\d+), d = (\d+)")
MOST_ROWS, FEW = 30, 60
LABELS, PLOT, ROW = 250, 350, 15


@dataclass(frozen=True)
class Plot:
    title: str
    description: str
    svg: Markup
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Point:
    """``unit`` is what was measured, ``column`` which quantity of it."""

    unit: str
    column: str
    value: float
    is_null: bool


def of_measurement(found: Measurement, gettext: Gettext = str) -> list[Plot]:
    """One picture of the figures, and for attention one more against n/d; none where there are no figures."""
    points = [*_points(found.figures, is_null=False), *_points(found.null, is_null=True)]
    if not points:
        return []
    columns = tuple(dict.fromkeys(p.column for p in points))
    table: dict[str, dict[str, float]] = {}
    for p in points:
        table.setdefault(p.unit, {})[p.column] = p.value
    rows = tuple((unit, tuple(cells.get(c) for c in columns)) for unit, cells in table.items())
    title, says = gettext(MEASURED), gettext(MEASURED_SAYS)
    plots = [Plot(title, says, _strips(points, title, f"{found.quantity}. {says}"), columns, rows)]
    against = _against_shape(points, gettext)
    return [against, *plots] if against is not None else plots


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


def _strips(points: Sequence[Point], title: str, says: str) -> Markup:
    """A panel for each measured quantity, up to two; in it a row for each family, and a mark for each network."""
    measured = Counter(p.column for p in points if not p.is_null)
    shapes: list[Markup] = []
    top = 0
    for column, _ in measured.most_common(2 if len(points) <= FEW else 1):
        panel = [p for p in points if p.column == column or (p.is_null and p.column.startswith(f"{column},"))]
        families = list(dict.fromkeys(SEED.sub("", p.unit) for p in panel))[:MOST_ROWS]
        low, high = _range([p.value for p in panel])
        bottom = top + 22 + ROW * len(families)
        shapes += [text(0, top + 13, column), *_axis(low, high, top + 18, bottom)]
        marks: list[tuple[float, float, bool]] = []
        names: list[Markup] = []
        for place, family in enumerate(families):
            y = top + 27 + ROW * place
            names.append(text(LABELS - 8, y + 4, _cut(family)))
            here = [p for p in panel if SEED.sub("", p.unit) == family]
            marks += [(LABELS + PLOT * (p.value - low) / (high - low), float(y), p.is_null) for p in here]
        shapes += [group(names, text_anchor="end"), *_marks(marks)]
        top = bottom + 26
    return picture(title, says, LABELS + PLOT + 20, top, shapes)


def _against_shape(points: Sequence[Point], gettext: Gettext) -> Plot | None:
    """Effective rank over d against n/d, where the figures are about attention maps."""
    rows: list[tuple[str, float, float, bool]] = []
    for p in points:
        shape = SHAPE.search(p.unit)
        if shape and p.column.startswith("effective rank"):
            n, d = int(shape[1]), int(shape[2])
            per_d = p.value if p.column.startswith("effective rank / d") else p.value / d
            rows.append((f"{p.unit}: {p.column}", n / d, per_d, p.is_null))
    if len({x for _, x, _, _ in rows}) < 2:
        return None
    title, says = gettext(RANKS), gettext(MEASURED_SAYS)
    left, right = (f(math.log2(x) for _, x, _, _ in rows) for f in (min, max))
    low, high = _range([0.0, 1.0, *(y for _, _, y, _ in rows)])
    height = 200
    shapes = []
    for x in sorted({x for _, x, _, _ in rows}):
        at = 50 + 380 * (math.log2(x) - left) / (right - left)
        shapes += [line(at, 12, at, height, "grid"), text(at, height + 14, f"n/d = {x:g}", "middle")]
    for tick in _ticks(low, high):
        y = height - (height - 16) * (tick - low) / (high - low)
        shapes += [line(30, y, 450, y, "grid"), text(26, y + 4, f"{tick:g}", "end")]
    shapes += _marks([
        (50 + 380 * (math.log2(x) - left) / (right - left) + (place % 5 - 2) * 4,
         height - (height - 16) * (y - low) / (high - low), is_null)
        for place, (_, x, y, is_null) in enumerate(rows)
    ])  # fmt: skip
    table = tuple((name, (x, y)) for name, x, y, _ in rows)
    return Plot(title, says, picture(title, says, 480, height + 22, shapes), ("n/d", "effective rank / d"), table)


def _marks(places: Sequence[tuple[float, float, bool]]) -> list[Markup]:
    """Dots for what was measured, upright strokes for the null model: one path each, however many there are."""
    dots = "".join(f"M{x:.0f} {y:.0f}h0" for x, y, is_null in places if not is_null)
    strokes = "".join(f"M{x:.0f} {y - 5:.0f}v10" for x, y, is_null in places if is_null)
    return [element("path", d=strokes, class_="null-ticks"), element("path", d=dots, class_="seen-dots")]


def _axis(low: float, high: float, top: int, bottom: int) -> list[Markup]:
    places = [(tick, round(LABELS + PLOT * (tick - low) / (high - low))) for tick in _ticks(low, high)]
    lines = "".join(f"M{x} {top}V{bottom}" for _, x in places)
    numbers = [text(x, bottom + 12, f"{tick:g}") for tick, x in places]
    return [element("path", d=lines, class_="grid"), group(numbers, text_anchor="middle")]


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    low = min(low, 0.0) if low < high / 2 else low
    room = (high - low or abs(high) or 1.0) * 0.03
    return low - (room if low else 0.0), high + room


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers, four to nine of them."""
    step = 10.0 ** math.floor(math.log10((high - low) / 2))
    step = next(s for s in (step / 5, step / 2, step, 2 * step, 5 * step) if (high - low) / s <= 8)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def _cut(words: str, longest: int = 42) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


# --- margins ------------------------------------------------------------------------------------------------


def of_margins(margins: Sequence[float], gettext: Gettext = str) -> Plot:
    """How close the searches came to breaking their parts, by powers of ten."""
    counts = Counter(map(_bin, margins))
    most = max(counts.values())
    title, says = gettext(MARGINS), gettext(MARGINS_SAYS)
    shapes = []
    for place, name in enumerate(BINS):
        x, height = 8 + 62 * place, 84 * counts[name] / most
        shapes += [
            element("rect", x=x, y=102 - height, width=50, height=height, rx=2, class_="bad" if not place else "seen"),
            text(x + 25, 98 - height, str(counts[name]), "middle"),
            text(x + 25, 118, name, "middle"),
        ]
    rows = tuple((name, (float(counts[name]),)) for name in BINS)
    return Plot(title, says, picture(title, says, 8 + 62 * len(BINS), 124, shapes), (gettext(SEARCHES),), rows)


BINS = ("below 0", "0", "to 1e-9", "to 1e-6", "to 1e-3", "to 0.01", "to 0.1", "to 1", "above 1")


def _bin(margin: float) -> str:
    if margin <= 0:
        return BINS[0] if margin < 0 else BINS[1]
    return next((name for name in BINS[2:-1] if margin <= float(name.removeprefix("to "))), BINS[-1])


# --- matrices -----------------------------------------------------------------------------------------------

FEWEST, MOST = 3, 16
CELL = 14


def of_matrices(values: Mapping[str, Value], gettext: Gettext = str) -> list[Markup]:
    """A heat map of every matrix from 3 x 3 to 16 x 16 that is not constant; the exact entries stand beside it."""
    maps = []
    for name, value in values.items():
        if not mathematics.is_matrix(value) or not FEWEST <= len(value) <= MOST or not FEWEST <= len(value[0]) <= MOST:
            continue
        entries = [[mathematics.exact(str(entry)) for entry in row] for row in value]
        numbers = [[math.nan if x is None else float(x) for x in row] for row in entries]
        flat = [x for row in numbers for x in row]
        if all(map(math.isfinite, flat)) and len(set(flat)) > 1:
            maps.append(_heat_map(gettext(MATRIX) % {"name": name}, numbers))
    return maps


def _heat_map(title: str, rows: list[list[float]]) -> Markup:
    most = max(abs(x) for row in rows for x in row)
    shapes = [
        element("rect", x=CELL * j, y=CELL * i, width=CELL - 1, height=CELL - 1, class_="pos" if x > 0 else "neg",
                fill_opacity=f"{0.12 + 0.88 * abs(x) / most:.2f}")
        for i, row in enumerate(rows) for j, x in enumerate(row) if x
    ]  # fmt: skip
    width, height = CELL * len(rows[0]), CELL * len(rows)
    frame = element("rect", width=width - 1, height=height - 1, class_="frame")
    return picture(title, title, width, height, [frame, *shapes])
