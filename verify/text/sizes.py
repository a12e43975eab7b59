"""Sizes of matrices: what a text declares, ``X \\in \\mathbb{R}^{n \\times d}``, and what follows for its expressions.

The rules of agreement are those of ``verify.formula.typing``: sizes agree only where that follows for all values. This
module does that arithmetic on the formulas of a text alone, since the typing of claims needs sympy, whose import costs
more than the whole check of a section. What is not declared fits everything, so that only certain misfits are found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from verify.text.nodes import Node

Size = str | None
"""A size in normal form; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """``scalar`` fits every product; a matrix of unknown sizes has None for both."""

    rows: Size = None
    cols: Size = None
    scalar: bool = False

    def __str__(self) -> str:
        return f"{self.rows or '?'} x {self.cols or '?'}"


UNKNOWN = Shape()
SCALAR = Shape(scalar=True)
PRODUCTS = (r"\cdot", r"\times", "*", "/")
RELATIONS = ("=", r"\approx", r"\equiv", r"\coloneqq")
ENDS = frozenset({",", ";", ".", "，", "。", "；", ":"})
TRANSPOSED = ("\\top", "T", "\\intercal", "H", "\\dagger", "+", "\\ast")
TIME = ("t", "t+1", "t-1", "0", "*", "\\ast", "\\star")
SCALAR_FUNCTIONS = frozenset({"tr", "trace", "rank", "det", "Tr", "diam", "cond", "vec"})


@dataclass
class Scope:
    """What is declared where a formula stands: shapes by name, and sizes that the text sets equal."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    equal: dict[str, str] = field(default_factory=dict)
    bold: bool = True
    """Whether all matrices declared so far are bold or capital, so that another letter is a number."""

    def size(self, size: Size) -> Size:
        while size is not None and size in self.equal:
            size = self.equal[size]
        return size

    def same(self, a: Size, b: Size) -> bool:
        """Whether nothing says that the sizes differ. A number may be the value of a letter."""
        a, b = self.size(a), self.size(b)
        return a is None or b is None or a == b or a.isdigit() != b.isdigit()


@dataclass(frozen=True, slots=True)
class Misfit:
    code: str
    start: int
    end: int
    message: str


def name_of(node: Node) -> str:
    """A symbol with its style and its subscript: what a declaration names."""
    own = f"{node.style} {node.text}".strip()
    return own if node.sub is None else f"{own}_{written(node.sub)}"


def written(node: Node | None) -> str:
    """A script or a size, spaces left out."""
    if node is None:
        return ""
    inside = "".join(written(child) for child in node.children) if node.children else node.text
    return inside + (f"_{written(node.sub)}" if node.sub else "") + (f"^{written(node.sup)}" if node.sup else "")


# --- declarations ---------------------------------------------------------------------------------------------------


def declarations(nodes: Sequence[Node]) -> Iterator[tuple[str, Shape, Node]]:
    """``X, Y \\in \\mathbb{R}^{a \\times b}``: each name with its shape and its node."""
    for at, node in enumerate(nodes):
        space = nodes[at + 1] if at + 1 < len(nodes) else None
        if node.kind != "relation" or node.text != r"\in" or space is None or space.style != "bb":
            continue
        shape = _space(space)
        back = at - 1
        while back >= 0 and nodes[back].kind == "symbol" and nodes[back].sup is None:
            if shape is not None:
                yield name_of(nodes[back]), shape, nodes[back]
            if back == 0 or nodes[back - 1].text not in (",", "，", "、"):
                break
            back -= 2


def _space(space: Node) -> Shape | None:
    if space.text not in ("R", "C", "Z", "Q", "N", "K", "F"):
        return None
    if space.sup is None:
        return SCALAR
    inside = space.sup.children if space.sup.kind == "group" else (space.sup,)
    parts: list[list[Node]] = [[]]
    for node in inside:
        if node.text == r"\times":
            parts.append([])
        else:
            parts[-1].append(node)
    sizes = ["".join(written(node) for node in part) for part in parts]
    if not all(sizes) or any(size in ("+", "*") for size in sizes) or len(sizes) > 2:
        return None
    return Shape(_normal(sizes[0]), _normal(sizes[1]) if len(sizes) == 2 else "1")


def _normal(size: str) -> str:
    """A sum of letters in a fixed order; anything else as it is written."""
    return "+".join(sorted(size.split("+"))) if set("-*/()").isdisjoint(size) else size


def equalities(nodes: Sequence[Node], scope: Scope) -> None:
    """``d = m`` said of letters alone sets sizes equal; ``m = n = 64`` is an example."""
    if len(nodes) % 2 and all(n.text == "=" for n in nodes[1::2]):
        letters = nodes[::2]
        if len(letters) > 1 and all(n.kind == "symbol" and not n.style and n.sup is None for n in letters):
            first = scope.size(written(letters[0]))
            for other in letters[1:]:
                name = scope.size(written(other))
                if name != first and name is not None and first is not None:
                    scope.equal[name] = first


# --- shapes of expressions ------------------------------------------------------------------------------------------


class Reader:
    """Goes through one formula; ``misfits`` are filled as it goes."""

    def __init__(self, scope: Scope, text: str) -> None:
        self.scope = scope
        self.text = text
        self.misfits: list[Misfit] = []

    def shown(self, first: Node, last: Node) -> str:
        return " ".join(self.text[first.start : last.end].split())

    def row(self, nodes: Sequence[Node]) -> Shape:
        """A row of nodes: statements between commas, sides between relations, terms between signs."""
        shapes = [self._statement(part) for part in _split(nodes, lambda n: n.text in ENDS or n.kind == "cell")]
        return shapes[0] if len(shapes) == 1 else UNKNOWN

    def _statement(self, nodes: Sequence[Node]) -> Shape:
        parts = list(_split(nodes, lambda n: n.text == r"\mid"))
        if len(parts) > 1:
            for part in parts:
                self._statement(part)
            return UNKNOWN
        sides = list(_split(nodes, lambda n: n.kind == "relation"))
        signs = [n for n in nodes if n.kind == "relation"]
        shapes = [self._sum(side) if side else UNKNOWN for side in sides]
        for sign, (left, right), (a, b) in zip(signs, pairwise(sides), pairwise(shapes), strict=False):
            if sign.text in RELATIONS and left and right:
                self._alike((left[0], left[-1]), a, (right[0], right[-1]), b)
        return shapes[0] if len(shapes) == 1 else UNKNOWN

    def _sum(self, nodes: Sequence[Node]) -> Shape:
        terms = [t for t in _split(nodes, lambda n: n.kind == "binary" and n.text in ("+", "-", r"\pm")) if t]
        shapes = [self._product(term) for term in terms]
        total: Shape | None = None
        first: Sequence[Node] = ()
        for term, shape in zip(terms, shapes, strict=True):
            if total is None:
                total, first = shape, term
                continue
            self._alike((first[0], first[-1]), total, (term[0], term[-1]), shape)
            total = Shape(total.rows or shape.rows, total.cols or shape.cols, total.scalar and shape.scalar)
        return total or UNKNOWN

    def _alike(self, left: tuple[Node, Node], a: Shape, right: tuple[Node, Node], b: Shape) -> None:
        if a.scalar or b.scalar:
            return
        pairs = [(x, y) for x, y in ((a.rows, b.rows), (a.cols, b.cols)) if not self.scope.same(x, y)]
        if pairs:
            needed = " and ".join(dict.fromkeys(f"{x} = {y}" for x, y in pairs))
            message = f"{self.shown(*left)} is {a} and {self.shown(*right)} is {b}; it needs {needed}"
            self.misfits.append(Misfit("D102", left[0].start, right[1].end, message))

    def _product(self, nodes: Sequence[Node]) -> Shape:
        parts = list(_split(nodes, lambda n: n.kind == "binary" and n.text not in PRODUCTS))
        if len(parts) > 1:  # products of other kinds
            for part in parts:
                self._product(part)
            return UNKNOWN
        factors = self._factors(nodes)
        rows: Size = None
        last: tuple[Node, Node, Shape] | None = None
        begun = known = misfit = False
        for first, end, shape in factors:
            if shape.scalar:
                continue
            if not begun:
                rows, begun = shape.rows, True
            if last is not None and not self.scope.same(last[2].cols, shape.rows):
                needed = f"{last[2].cols} = {shape.rows}"
                message = (
                    f"{self.shown(last[0], last[1])} is {last[2]} and {self.shown(first, end)} is {shape}; "
                    f"the product needs {needed}"
                )
                self.misfits.append(Misfit("D101", last[0].start, end.end, message))
                misfit = True
            last = (first, end, shape)
            known = True
        if misfit:
            return UNKNOWN
        return Shape(rows, last[2].cols) if known and last is not None else SCALAR

    def _factors(self, nodes: Sequence[Node]) -> list[tuple[Node, Node, Shape]]:
        """The factors of a product with their shapes; what a factor contains is read on its own."""
        found: list[tuple[Node, Node, Shape]] = []
        at = 0
        while at < len(nodes):
            node = nodes[at]
            if node.kind in ("open", "bar"):
                close = _closing(nodes, at)
                if close is None:
                    return [*found, (node, nodes[-1], UNKNOWN)]
                applied = bool(found) and nodes[at - 1] is found[-1][1] and self._applies(nodes[at - 1])
                inside = self.row(nodes[at + 1 : close])
                if applied:
                    found[-1] = (found[-1][0], nodes[close], self._value(nodes[at - 1]))
                else:
                    found.append((node, nodes[close], self._delimited(node, nodes[close], inside)))
                at = close + 1
                continue
            if node.kind == "fence" and found and nodes[at - 1] is found[-1][1] and self._applies(nodes[at - 1]):
                self.row(node.children)
                found[-1] = (found[-1][0], node, self._value(nodes[at - 1]))
            elif node.kind != "binary":
                found.append((node, node, self._factor(node)))
            at += 1
        return found

    @staticmethod
    def _value(function: Node) -> Shape:
        scalar = function.kind in ("text", "function") and function.text in SCALAR_FUNCTIONS
        return SCALAR if scalar else UNKNOWN

    def _applies(self, node: Node) -> bool:
        """Whether a delimiter behind the node holds a function's arguments."""
        if node.kind in ("text", "function", "operator"):
            return True
        return node.kind == "symbol" and self._known(node) is None

    def _delimited(self, left: Node, right: Node, inside: Shape) -> Shape:
        if left.kind == "bar" or left.text not in ("(", "["):
            return SCALAR if left.kind == "bar" else UNKNOWN
        return self._scripted(right, inside)

    def _factor(self, node: Node) -> Shape:
        match node.kind:
            case "number" | "big":
                return SCALAR
            case "symbol":
                known = self._known(node)
                return self._scripted(node, known) if known is not None else self._undeclared(node)
            case "group":
                return self._scripted(node, self.row(node.children))
            case "fence":
                inside = self.row(node.children)
                if node.text.startswith(("|", r"\|", r"\lVert")):
                    return SCALAR
                return self._scripted(node, inside) if node.text.startswith(("(", "[")) else UNKNOWN
            case "environment":
                self.row(node.children)
                return UNKNOWN
            case "fraction" | "root" | "wrapped":
                shapes = [self.row(child.children or (child,)) for child in node.children if child.kind == "group"]
                return SCALAR if node.kind in ("fraction", "root") and all(s.scalar for s in shapes) else UNKNOWN
            case _:
                return UNKNOWN

    def _undeclared(self, node: Node) -> Shape:
        """A plain Greek letter beside bold matrices is a number, and so is a difference sign before one."""
        plain = not node.style and ((node.text.startswith("\\") and node.text[1].islower()) or node.text == r"\Delta")
        return SCALAR if plain and self.scope.bold and node.sub is node.sup is None else UNKNOWN

    def _known(self, node: Node) -> Shape | None:
        """The shape of a symbol: its own, or that of the symbol of which it is the value at a time."""
        own = self.scope.shapes.get(name_of(node))
        if own is None and node.sub is not None and written(node.sub) in TIME:
            return self.scope.shapes.get(f"{node.style} {node.text}".strip())
        return own

    def _scripted(self, node: Node, shape: Shape) -> Shape:
        """Transposes and powers."""
        power = written(node.sup)
        if not power or power in TIME or shape.scalar:
            return shape
        if power in TRANSPOSED:
            return Shape(shape.cols, shape.rows)
        if power in ("-1", "2", "3"):
            if not self.scope.same(shape.rows, shape.cols) and "1" not in (shape.rows, shape.cols):
                needed = f"{shape.rows} = {shape.cols}"
                message = f"{self.shown(node, node)}: a matrix of {shape} has no such power; it needs {needed}"
                self.misfits.append(Misfit("D103", node.start, node.end, message))
            return shape
        return UNKNOWN


def _split(nodes: Sequence[Node], at: Callable[[Node], bool]) -> Iterator[Sequence[Node]]:
    """The stretches between nodes, outside delimiters."""
    depth = start = 0
    bar = ""
    for place, node in enumerate(nodes):
        depth += (node.kind == "open") - (node.kind == "close")
        if node.kind == "bar" and node.text != r"\mid":
            bar = "" if bar == node.text else bar or node.text
        if depth <= 0 and not bar and at(node):
            yield nodes[start:place]
            start = place + 1
    yield nodes[start:]


def depth_of(nodes: Iterable[Node]) -> int:
    depth = deepest = 0
    for node in nodes:
        depth += (node.kind == "open") - (node.kind == "close")
        deepest = max(deepest, depth, -depth)
    return deepest


def _closing(nodes: Sequence[Node], at: int) -> int | None:
    if nodes[at].kind == "bar":
        return next((i for i in range(at + 1, len(nodes)) if nodes[i].text == nodes[at].text), None)
    depth = 0
    for place in range(at, len(nodes)):
        depth += (nodes[place].kind == "open") - (nodes[place].kind == "close")
        if depth == 0:
            return place
    return None
