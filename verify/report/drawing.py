"""SVG, element by element: every text is escaped, colours come from classes that follow the page's theme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

Number = int | float


def element(tag: str, /, *inside: str, **attributes: str | Number) -> Markup:
    """``class_`` gives ``class``; other underscores become hyphens. What is inside is escaped unless it is Markup."""
    given = "".join(f' {_name(name)}="{escape(_short(value))}"' for name, value in attributes.items())
    body = Markup("").join(escape(part) for part in inside)
    if not inside:
        return Markup(f"<{tag}{given}/>")  # noqa: S704 - as below
    return Markup(f"<{tag}{given}>{body}</{tag}>")  # noqa: S704 - names are the caller's, the rest is escaped


def picture(
    title: str,
    description: str,
    width: Number,
    height: Number,
    shapes: Iterable[Markup],
    *,
    least: int = 620,
    most: int | None = None,
    fits: bool = False,
    role: str = "img",
) -> Markup:
    """An image with its name and description for those who cannot see it; with links inside, its ``role`` is a group.

    One without a ``title`` takes its name from a caption, see :func:`labelled`. As wide as there is room, from
    ``least`` pixels, or its own width where that is less, to ``most``, or its own width; one that ``fits`` among others
    is as wide as the style sheet has them.
    """
    size = {} if fits else {"style": f"min-width:{min(round(width), least)}px;max-width:{most or round(width)}px"}
    return element(
        "svg",
        *([element("title", title)] if title else []),
        *([element("desc", description)] if description else []),
        *shapes,
        role=role,
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        **size,
    )


def labelled(image: Markup, by: str) -> Markup:
    """The image named by the element with that id."""
    return Markup('<svg aria-labelledby="{}"').format(by) + Markup(image.removeprefix("<svg"))  # noqa: S704 - an image


class Shape(NamedTuple):
    """Steps of the pen that begin at ``first`` and end at ``last``, both counted from the middle of the shape."""

    first: tuple[int, int]
    steps: str
    last: tuple[int, int]


def stamped(shape: Shape, places: Sequence[tuple[float, float]]) -> str:
    """A path with the shape at each of the places; a step from one to the next is shorter to write than a place."""
    path, pen = "", None
    for x, y in places:
        start = (round(x) + shape.first[0], round(y) + shape.first[1])
        dx, dy = start if pen is None else (start[0] - pen[0], start[1] - pen[1])
        path += f"{'M' if pen is None else 'm'}{dx}{'' if dy < 0 else ' '}{dy}{shape.steps}"
        pen = (round(x) + shape.last[0], round(y) + shape.last[1])
    return path


def text(x: Number, y: Number, words: str, anchor: str = "start") -> Markup:
    plain = {} if anchor == "start" else {"text_anchor": anchor}
    return element("text", words, x=x, y=y, **plain)


def group(shapes: Iterable[Markup], **attributes: str | Number) -> Markup:
    return element("g", *shapes, **attributes)


def line(x1: Number, y1: Number, x2: Number, y2: Number, kind: str) -> Markup:
    return element("path", d=f"M{_short(x1)} {_short(y1)}L{_short(x2)} {_short(y2)}", class_=kind)


def _name(name: str) -> str:
    return name if name == "viewBox" else name.rstrip("_").replace("_", "-")


def _short(value: str | Number) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
