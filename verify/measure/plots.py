"""One plot a layer type: singular values over their index, beside the Gaussian null and the fitted power law."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from verify.measure.figures import Figures, Power
from verify.measure.measured import Measured

if TYPE_CHECKING:
    from torch import Tensor

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 320, 56, 40, 12, 12
POINTS = 80
LINES = 24
"""At most so many matrices are drawn, evenly chosen."""
FLOOR = 1e-4
"""The lowest share of the largest value that is drawn."""


def plot(kind: str, group: Sequence[Measured]) -> Markup:
    """An SVG with a title and a description. Both axes are logarithmic; indices are shares of min(m, n)."""
    drawn = chosen(group)
    middle = sorted(drawn, key=lambda m: m.figures.relative.middle)[len(drawn) // 2]
    first = min(1 / m.figures.size for m in drawn)
    frame = Frame(first)
    lines = [path("own", curve(m.figures), frame) for m in drawn]
    lines.append(path("null", curve(middle.null), frame))
    law = power(middle.figures)
    if law:
        lines.append(path("law", law, frame))
    said = f"{len(drawn)} of {len(group)} matrices; {summary(middle)}"
    return Markup(
        '<svg viewBox="0 0 {w} {h}" role="img"><title>{title}</title><desc>{desc}</desc>{axes}{lines}</svg>'
    ).format(
        w=WIDTH, h=HEIGHT, title=f"Singular values: {kind}", desc=said, axes=axes(frame), lines=Markup("").join(lines)
    )


def summary(middle: Measured) -> str:
    found = middle.figures.power
    law = f"power law of exponent {found.fit.alpha:.2f}" if isinstance(found, Power) else f"no power law: {found.value}"
    return f"null and law are those of {middle.name}, the middle one by effective rank; {law}"


def chosen(group: Sequence[Measured]) -> list[Measured]:
    if len(group) <= LINES:
        return list(group)
    return [group[round(i * (len(group) - 1) / (LINES - 1))] for i in range(LINES)]


class Frame:
    """From shares (of the index, of the largest value) to the paper."""

    def __init__(self, first: float) -> None:
        self.first = min(first, 0.1)

    def x(self, share: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (1 - math.log(share) / math.log(self.first))

    def y(self, value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * math.log(value) / math.log(FLOOR)


Points = list[tuple[float, float]]


def curve(figures: Figures) -> Points:
    """(i / min(m, n), sigma_i / sigma_1) at indices evenly spaced in their logarithm, above the floor."""
    values: Tensor = figures.spectrum.values
    count = len(values)
    indices = sorted({round(count ** (j / (POINTS - 1))) for j in range(POINTS)})
    top = float(values[0])
    points = [(i / figures.size, float(values[i - 1]) / top) for i in indices]
    return [(x, y) for x, y in points if y >= FLOOR]


def power(figures: Figures) -> Points:
    """The fitted law over its window; empty where there is none."""
    found = figures.power
    if not isinstance(found, Power):
        return []
    fit, top = found.fit, float(figures.spectrum.values[0])
    ends = (fit.window.first, fit.window.last)
    points = [(i / figures.size, math.exp(fit.log_c - fit.alpha * math.log(i)) / top) for i in ends]
    return points if all(FLOOR <= y <= 1 / FLOOR for _, y in points) else []


def path(role: str, points: Points, frame: Frame) -> Markup:
    """A line, or a dot where there is one point."""
    placed = " ".join(f"{frame.x(x):.1f},{frame.y(min(y, 1.0)):.1f}" for x, y in points)
    return Markup('<polyline class="{role}" points="{placed}"/>').format(role=role, placed=placed)


def axes(frame: Frame) -> Markup:
    out = [
        Markup('<path class="axis" d="M{l} {t}V{b}H{r}"/>').format(l=LEFT, t=TOP, b=HEIGHT - BOTTOM, r=WIDTH - RIGHT)
    ]
    for exponent in range(math.ceil(math.log10(frame.first)), 1):
        share = 10.0**exponent
        out.append(label(frame.x(share), HEIGHT - BOTTOM + 16, "middle", f"{share:g}"))
    out += [
        label(LEFT - 6, frame.y(10.0**exponent) + 4, "end", f"1e{exponent}" if exponent else "1")
        for exponent in range(0, round(math.log10(FLOOR)) - 1, -1)
    ]
    out.append(label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "middle", "i / min(m, n)"))
    out.append(label(LEFT + 6, HEIGHT - BOTTOM - 8, "start", "singular value / largest"))
    return Markup("").join(out)


def label(x: float, y: float, anchor: str, text: str) -> Markup:
    return Markup('<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>').format(
        x=x, y=y, anchor=anchor, text=escape(text)
    )
