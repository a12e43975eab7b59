"""The smallest margins of the searches, by powers of ten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from verify.report.drawing import element, picture, text
from verify.report.plots.plot import Gettext, Plot

MARGINS = "Smallest margins of the searches"
MARGINS_SAYS = "Right side less left side, scaled, at the instance that came closest to breaking its part; one a search"
MARGIN, SEARCHES = "margin", "searches"
MESSAGES = (MARGINS, MARGINS_SAYS, MARGIN, SEARCHES)
WIDTH, LEFT, ROW = 320, 62, 18
BINS = ("below 0", "0", "to 1e-9", "to 1e-6", "to 1e-3", "to 0.01", "to 0.1", "to 1", "above 1")


def of_margins(margins: Sequence[float], gettext: Gettext = str) -> Plot:
    """How close the searches came to breaking their parts."""
    counts = Counter(map(_bin, margins))
    most = max(counts.values())
    title, says = gettext(MARGINS), gettext(MARGINS_SAYS)
    shapes: list[Markup] = []
    for place, name in enumerate(BINS):
        y, width = ROW * place, round((WIDTH - LEFT - 34) * counts[name] / most, 1)
        bar = element("rect", x=LEFT, y=y + 2, width=width, height=ROW - 4, class_="seen" if place else "bad")
        shapes += [text(LEFT - 6, y + 13, gettext(name), "end"), bar, text(LEFT + width + 5, y + 13, str(counts[name]))]
    rows = tuple((gettext(name), (float(counts[name]),)) for name in BINS)
    svg = picture("", "", WIDTH, ROW * len(BINS) + 2, shapes, least=260, most=420)
    return Plot(title, says, svg, (gettext(MARGIN), gettext(SEARCHES)), rows)


def _bin(margin: float) -> str:
    if margin <= 0:
        return BINS[0] if margin < 0 else BINS[1]
    return next((name for name in BINS[2:-1] if margin <= float(name.removeprefix("to "))), BINS[-1])
