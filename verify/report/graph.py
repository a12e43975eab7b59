"""What leans on what: one box a claim, a column a subsection, the foundations first.

Two channels a box: its colour is the claim's verdict, the bar at its foot how its parts were decided. Weakness is
transitive: a claim is marked where any part of it leans, directly or through others, on something not proved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from markupsafe import Markup

from verify.labels import label
from verify.model.claim import Text
from verify.model.words import Verdict, Word
from verify.report.drawing import element, picture, text
from verify.report.view import ClaimView, NotRun, Page, State, slug

Gettext = Callable[[str], str]
TITLE = "What leans on what"
FOUNDATIONS = "Foundations"
COUNTS = "Boxes: %(boxes)s; lines: %(lines)s"
MESSAGES = (TITLE, FOUNDATIONS, COUNTS)
WIDTH, HEIGHT, COLUMN, LINE, TOP = 124, 24, 156, 34, 26
WIDER = 46
"""So much wider are the boxes of the foundations, which have titles and no numbers."""
LETTER, IDEOGRAM = 6.2, 11.5
"""Widths of signs, about."""
BEND = 24


class Strength(Word):
    """How a part was decided: the strength of what stands behind its verdict."""

    PROOF = "proof for all sizes", "A proof that covers every size."
    CERTIFICATE = "certified counterexample", "Exact numbers that break it, or shapes that do not fit."
    SEARCH = "search without counterexample", "A search, or exact proofs at listed sizes."
    MEASUREMENT = "measurement", "Measured on trained networks."
    OPEN = "open", "Nothing decides it yet."

    @property
    def slug(self) -> str:
        return self.name.lower()


DECIDED: dict[State, Strength] = {
    Verdict.PROVED: Strength.PROOF,
    Verdict.REFUTED: Strength.CERTIFICATE,
    Verdict.ILL_POSED: Strength.CERTIFICATE,
    Verdict.SUPPORTED: Strength.SEARCH,
    Verdict.EMPIRICAL: Strength.MEASUREMENT,
    Verdict.CONTRADICTED: Strength.MEASUREMENT,
    Verdict.INCONCLUSIVE: Strength.OPEN,
    NotRun.NOT_RUN: Strength.OPEN,
}


@dataclass
class Node:
    """``name`` is ``collection:claim``; ``under`` are the names of the claims that it leans on.

    ``shaky`` are those of them of which it leans on a part that is not proved.
    """

    name: str
    label: str
    title: str
    href: str
    state: State
    strengths: Counter[Strength]
    under: tuple[str, ...] = ()
    shaky: frozenset[str] = frozenset()
    weak: bool = False
    column: int = 0
    row: int = 0
    number: int = 0
    left: int = 6
    width: int = WIDTH

    @property
    def x(self) -> int:
        return self.left + COLUMN * self.column

    @property
    def y(self) -> int:
        return TOP + LINE * self.row


@dataclass
class Graph:
    nodes: list[Node]
    svg: Markup
    strengths: tuple[Strength, ...] = tuple(Strength)
    by_name: Mapping[str, Node] = field(default_factory=dict)


def graph(
    page: Page, lang: str, gettext: Gettext = str, written: Iterable[str] = (), titles: Mapping[str, Text] | None = None
) -> Graph:
    """The graph of a page. ``written`` are the collections whose own pages stand beside this one.

    ``titles`` are those of the claims of other collections, by ``collection:claim``.
    """
    own = page.collection.name
    weak = weak_parts(page)
    nodes = {f"{own}:{claim.id}": _node(own, claim, lang, weak) for claim in page.claims}
    beyond = _foundations(page, lang, set(written), titles or {})
    first = 1 if beyond else 0
    for column, group in enumerate(page.groups, first):
        for row, claim in enumerate(group.claims):
            node = nodes[f"{own}:{claim.id}"]
            node.column, node.row, node.left = column, row, 6 + WIDER * first
    for row, node in enumerate(beyond.values()):
        node.row = row
    every = {**beyond, **nodes}
    for number, node in enumerate(every.values()):
        node.number = number
    heads = [gettext(FOUNDATIONS)] * first + [group.section.split(" ")[0] for group in page.groups]
    return Graph(list(every.values()), _svg(every, heads, gettext), by_name=every)


def weak_parts(page: Page) -> set[str]:
    """``CLAIM/PART`` of those that lean, directly or not, on something that is not proved."""
    own = f"{page.collection.name}:"
    under = {part.id: part.leans_on for part in page.parts}
    weak: set[str] = {name for name, found in under.items() if any(v is not Verdict.PROVED for v in found.values())}
    while True:
        more = {
            name
            for name, found in under.items()
            if name not in weak and any(o.removeprefix(own) in weak for o in found if o.startswith(own))
        }
        if not more:
            return weak
        weak |= more


def _node(own: str, claim: ClaimView, lang: str, weak: set[str]) -> Node:
    leant = [(name.partition("/")[0], verdict) for part in claim.parts for name, verdict in part.leans_on.items()]
    under = dict.fromkeys(name for name, _ in leant)
    return Node(
        name=f"{own}:{claim.id}",
        label=claim.label[lang],
        title=getattr(claim.claim.title, lang),
        href=f"#{claim.id}",
        state=claim.state,
        strengths=Counter(DECIDED[part.state] for part in claim.parts),
        under=tuple(name for name in under if name != f"{own}:{claim.id}"),
        shaky=frozenset(name for name, verdict in leant if verdict is not Verdict.PROVED),
        weak=any(part.id in weak for part in claim.parts),
    )


def _foundations(page: Page, lang: str, written: set[str], titles: Mapping[str, Text]) -> dict[str, Node]:
    """The claims of other collections that this one leans on; of each, the parts that it leans on."""
    leant: dict[str, dict[str, Verdict]] = {}
    for part in page.parts:
        for name, verdict in part.leans_on.items():
            if not name.startswith(f"{page.collection.name}:"):
                leant.setdefault(name.partition("/")[0], {})[name] = verdict
    found = {}
    for name, parts in sorted(leant.items()):
        collection, _, identifier = name.partition(":")
        words = getattr(titles[name], lang) if name in titles else label(identifier)[lang]
        found[name] = Node(
            name=name,
            label=words,
            title=words,
            href=f"{collection}.html#{identifier}" if collection in written else "",
            state=min(parts.values(), key=lambda v: v.badness),
            strengths=Counter(DECIDED[v] for v in parts.values()),
            width=WIDTH + WIDER,
        )
    return found


def _svg(nodes: Mapping[str, Node], heads: list[str], gettext: Gettext) -> Markup:
    rows = max((node.row for node in nodes.values()), default=0) + 1
    left = max((node.left for node in nodes.values()), default=6)
    shapes = [text(COLUMN * column + (left if column else 6), 14, head) for column, head in enumerate(heads)]
    shapes += [_edge(nodes[name], node) for node in nodes.values() for name in node.under if name in nodes]
    shapes += [_box(node, gettext) for node in nodes.values()]
    width = COLUMN * len(heads) - (COLUMN - WIDTH) + 20 + left
    lines = sum(name in nodes for node in nodes.values() for name in node.under)
    says = gettext(COUNTS) % {"boxes": len(nodes), "lines": lines}
    return picture(gettext(TITLE), says, width, TOP + LINE * rows + 4, shapes, role="group")


def _edge(under: Node, node: Node) -> Markup:
    """From what is leant on to what leans; within one column the line bows to the right."""
    y1, y2 = under.y + HEIGHT // 2, node.y + HEIGHT // 2
    if under.column == node.column:
        x = node.x + node.width
        bow = x + 10 + min(24, 2 * abs(node.row - under.row))
        path = f"M{x} {y1}C{bow} {y1} {bow} {y2} {x} {y2}"
    else:
        left, right = (under, node) if under.column < node.column else (node, under)
        a, b = left.x + left.width, right.x
        y1, y2 = left.y + HEIGHT // 2, right.y + HEIGHT // 2
        path = f"M{a} {y1}C{a + BEND} {y1} {b - BEND} {y2} {b} {y2}"
    ground = " shaky" if under.name in node.shaky else ""
    return element("path", d=path, class_=f"edge{ground}", data_to=node.number, data_from=under.number)


def _box(node: Node, gettext: Gettext) -> Markup:
    kind = f"node v-{slug(node.state)}" + (" weak" if node.weak else "")
    inside = [
        element("title", f"{_in_full(node)}: {gettext(node.state.value)}"),
        element("rect", x=node.x, y=node.y, width=node.width, height=HEIGHT, rx=4),
        text(node.x + 7, node.y + 15, _called(node)),
    ]
    at = float(node.x)
    total = node.strengths.total() or 1
    for strength in Strength:
        share = node.width * node.strengths[strength] / total
        if share:
            inside.append(
                element("rect", x=at, y=node.y + HEIGHT - 4, width=share, height=4, class_=f"s-{strength.slug}")
            )
        at += share
    if not node.href:
        return element("g", *inside, class_=kind, data_name=node.number)
    return element("a", *inside, href=node.href, class_=kind, data_name=node.number)


def _in_full(node: Node) -> str:
    return node.label if node.title in node.label else f"{node.label} {node.title}"


def _called(node: Node) -> str:
    """What its box has room for: the label, or the beginning of the title of a claim without a number."""
    numbered = any(map(str.isdigit, node.name.partition(":")[2]))
    words, room = node.label if numbered else node.title, node.width - 14.0
    ends = list(accumulate(IDEOGRAM if sign > "⺀" else LETTER for sign in words))
    fit = sum(end <= room - LETTER for end in ends)
    return words if not ends or ends[-1] <= room else f"{words[:fit].rstrip()}…"
