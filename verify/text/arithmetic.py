"""Values of formulas that hold numbers and letters with given values: exact where it can be, never by ``eval``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from verify.text.nodes import Node

Number = Fraction | float
LARGEST_POWER = 64
LARGEST = 10**60
"""Beyond these a value is not computed: a text's example is small."""
FUNCTIONS = {r"\log": math.log, r"\ln": math.log, r"\exp": math.exp}
SIGNS = (r"\cdot", r"\times", "*", "/", r"\div")


class NoValueError(Exception):
    """The formula has no value here: a letter without one, a sign that is no arithmetic, a number out of range."""


def value(nodes: Sequence[Node], letters: Mapping[str, Number]) -> Number | None:
    """The value of a row of nodes, or None where it has none."""
    try:
        return _sum(list(nodes), letters)
    except (NoValueError, ZeroDivisionError, OverflowError, ValueError, RecursionError):
        return None


def _sum(nodes: Sequence[Node], letters: Mapping[str, Number]) -> Number:
    total: Number = Fraction(0)
    sign = 1
    part: list[Node] = []
    depth = 0
    for at, node in enumerate(nodes):
        depth += (node.kind == "open") - (node.kind == "close")
        if depth == 0 and node.kind == "binary" and node.text in ("+", "-"):
            if part:
                total = total + sign * _product(part, letters)
            elif at:
                raise NoValueError
            sign, part = (1 if node.text == "+" else -1), []
        else:
            part.append(node)
    if not part:
        raise NoValueError
    return _small(total + sign * _product(part, letters))


def _product(nodes: Sequence[Node], letters: Mapping[str, Number]) -> Number:
    total: Number = Fraction(1)
    divide = expects = False
    at = 0
    while at < len(nodes):
        node = nodes[at]
        if node.kind == "binary":
            if node.text not in SIGNS or at == 0 or expects:
                raise NoValueError
            divide, expects = node.text in ("/", r"\div"), True
            at += 1
            continue
        factor, at = _factor(nodes, at, letters)
        total = _small(total / factor if divide else total * factor)
        # a/bc is read as a/(bc) by some and (a/b)c by others: no value
        if divide and at < len(nodes) and nodes[at].kind != "binary":
            raise NoValueError
        divide = expects = False
    if expects:
        raise NoValueError
    return total


def _factor(nodes: Sequence[Node], at: int, letters: Mapping[str, Number]) -> tuple[Number, int]:
    """One factor and the place behind it."""
    node = nodes[at]
    if node.kind == "open" and node.text == "(":
        close = _closing(nodes, at)
        return _power(_sum(nodes[at + 1 : close], letters), nodes[close], letters), close + 1
    if node.kind == "function":
        return _function(nodes, at, letters)
    if node.kind == "fence" and node.text == "( )":
        return _power(_sum(node.children, letters), node, letters), at + 1
    if node.kind == "fraction":
        above, below = (_sum(child.children or (child,), letters) for child in node.children)
        return _power(above / below, node, letters), at + 1
    if node.kind == "root" and node.text == r"\sqrt":
        inside = _sum(node.children[0].children or node.children, letters)
        return _power(_root(inside), node, letters), at + 1
    if node.kind == "group":
        return _power(_sum(node.children, letters), node, letters), at + 1
    if node.kind == "number":
        return _power(Fraction(node.text), node, letters), at + 1
    if node.kind == "symbol" and node.sub is None:
        name = f"{node.style} {node.text}".strip()
        following = nodes[at + 1] if at + 1 < len(nodes) else None
        if name in letters and not (following is not None and following.kind == "fence" and not nodes[:at]):
            return _power(letters[name], node, letters), at + 1
    raise NoValueError


def _function(nodes: Sequence[Node], at: int, letters: Mapping[str, Number]) -> tuple[Number, int]:
    node = nodes[at]
    if node.sub is not None or node.sup is not None or at + 1 >= len(nodes):
        raise NoValueError
    following = nodes[at + 1]
    if following.kind == "open" and following.text == "(":
        close = _closing(nodes, at + 1)
        inside, end, last = nodes[at + 2 : close], close + 1, nodes[close]
    elif following.kind == "fence" and following.text == "( )":
        inside, end, last = following.children, at + 2, following
    else:
        raise NoValueError
    if last.sub is not None or last.sup is not None:
        raise NoValueError
    arguments = [_sum(part, letters) for part in _commas(inside)]
    if node.text in (r"\min", r"\max"):
        return (min if node.text == r"\min" else max)(arguments), end
    if node.text in FUNCTIONS and len(arguments) == 1:
        return _small(FUNCTIONS[node.text](arguments[0])), end
    raise NoValueError


def _commas(nodes: Sequence[Node]) -> list[Sequence[Node]]:
    parts: list[Sequence[Node]] = []
    depth = start = 0
    for at, node in enumerate(nodes):
        depth += (node.kind == "open") - (node.kind == "close")
        if node.text == "," and depth == 0:
            parts.append(nodes[start:at])
            start = at + 1
    return [*parts, nodes[start:]]


def _closing(nodes: Sequence[Node], at: int) -> int:
    depth = 0
    for place in range(at, min(len(nodes), at + 200)):
        depth += (nodes[place].kind == "open") - (nodes[place].kind == "close")
        if depth == 0:
            return place
    raise NoValueError


def _power(number: Number, node: Node, letters: Mapping[str, Number]) -> Number:
    if node.sup is None:
        return number
    exponent = _sum(node.sup.children or (node.sup,), letters)
    if exponent == Fraction(1, 2):
        return _root(number)
    if not isinstance(exponent, Fraction) or exponent.denominator != 1 or abs(exponent) > LARGEST_POWER:
        raise NoValueError
    return _small(number ** int(exponent))


def _root(number: Number) -> Number:
    """Exact where the root is rational."""
    if number < 0:
        raise NoValueError
    if isinstance(number, Fraction):
        above, below = math.isqrt(number.numerator), math.isqrt(number.denominator)
        if above**2 == number.numerator and below**2 == number.denominator:
            return Fraction(above, below)
    return math.sqrt(number)


def _small(number: Number) -> Number:
    """Keeps exact numbers short, so that no formula takes long."""
    if isinstance(number, float):
        if not math.isfinite(number):
            raise NoValueError
    elif abs(number.numerator) > LARGEST or number.denominator > LARGEST:
        raise NoValueError
    return number
