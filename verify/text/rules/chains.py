"""Chains of signs that are cut by dots, or lack a term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from verify.text import commands
from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document
from verify.text.knowledge import Knowledge
from verify.text.nodes import Node
from verify.text.rules._reading import finding, trees


@rule("F111", "sign-missing-at-dots", Severity.WARNING, "A sign before dots is not repeated behind them, or reversed.")
def sign_missing(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""A chain that is cut by dots needs its sign on both sides.

    Wrong: `$\lambda_1 \geq \lambda_2 \geq \dots \lambda_n$`
    Right: `$\lambda_1 \geq \lambda_2 \geq \dots \geq \lambda_n$`
    """
    for formula, read in trees(document):
        for nodes in read.sequences():
            for at, node in enumerate(nodes):
                if node.kind == "dots" and (sign := _missing(nodes, at)) is not None:
                    side = "behind" if sign is nodes[at - 1] else "before"
                    yield finding(
                        formula, node, f"`{sign.text}` is missing {side} the dots", f"write `{sign.text}` there"
                    )


TERMS = ("symbol", "number", "fraction", "root", "group", "function", "text")


def _missing(nodes: Sequence[Node], at: int) -> Node | None:
    """The sign that stands on one side of the dots only; None where all is well or nothing can be said."""
    if not 0 < at < len(nodes) - 1:
        return None
    left, right = nodes[at - 1], nodes[at + 1]
    for sign, other in ((left, right), (right, left)):
        if other.kind not in TERMS or not _joins(sign):
            continue
        inside = _segment(nodes, at)
        if sign.kind == "relation" or sum(n.text == sign.text for n in inside) > 1:
            order = sign.text.lstrip("\\") in commands.ORDER
            if order or sum(n.text == sign.text for n in inside) > 1:
                return sign
    return None


def _joins(node: Node) -> bool:
    return (node.kind == "relation" and node.text.lstrip("\\") in commands.ORDER | {"="}) or node.text in ("+", ",")


def _segment(nodes: Sequence[Node], at: int) -> Sequence[Node]:
    """The nodes around the dots up to a delimiter."""
    low = max((i for i in range(max(0, at - 60), at) if nodes[i].kind in ("open", "close", "cell")), default=-1)
    end = min(len(nodes), at + 60)
    high = min((i for i in range(at, end) if nodes[i].kind in ("open", "close", "cell")), default=end)
    return nodes[low + 1 : high]


@rule("F112", "signs-in-a-row", Severity.WARNING, "Two relation signs stand side by side.")
def signs_in_a_row(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""A term was lost between them, or two signs were typed for one.

    Wrong: `$a \leq \leq b$` or `$a <= b$`
    Right: `$a \leq b$`
    """
    for formula, read in trees(document):
        for nodes in read.sequences():
            for left, right in pairwise(nodes):
                both = left.kind == right.kind == "relation" and left.sup is left.sub is None
                if both and _compares(left) and _compares(right):
                    typed = {"<=": r"\leq", ">=": r"\geq", "==": "=", "<<": r"\ll", ">>": r"\gg", "=>": r"\Rightarrow"}
                    mend = typed.get(left.text + right.text, "")
                    at = formula.inside + left.start, formula.inside + right.end
                    message = f"`{left.text}` and `{right.text}` stand side by side"
                    yield Finding(*at, message, f"write `{mend}`" if mend else "is a term missing between them?")


def _compares(node: Node) -> bool:
    return node.text.lstrip("\\") in commands.ORDER | {"=", "approx", "equiv", "in", "subset", "subseteq", "neq", "ne"}


@rule("F116", "chain-turns", Severity.WARNING, "A chain that is cut by dots turns round.")
def chain_turns(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""What the dots leave out cannot be known where the signs point both ways.

    Wrong: `$\lambda_1 \geq \lambda_2 \leq \dots \leq \lambda_n$`
    Right: `$\lambda_1 \geq \lambda_2 \geq \dots \geq \lambda_n$`
    """
    for formula, read in trees(document):
        for nodes in read.sequences():
            if not any(node.kind == "dots" for node in nodes):
                continue
            way, dotted, turned = "", False, None
            for node in [*nodes, None]:
                if node is None or node.kind in ("open", "close", "cell", "mark") or node.text in (",", ";"):
                    if dotted and turned is not None:
                        yield finding(formula, turned, f"`{turned.text}` turns the chain round", "turn the sign")
                    way, dotted, turned = "", False, None
                    continue
                dotted = dotted or node.kind == "dots"
                here = _way(node)
                if here and way and here != way and turned is None:
                    turned = node
                way = way or here


UP = frozenset({"<", "le", "leq", "leqslant", "leqq", "lt", "ll"})
DOWN = frozenset({">", "ge", "geq", "geqslant", "geqq", "gt", "gg"})


def _way(node: Node) -> str:
    name = node.text.lstrip("\\") if node.kind == "relation" else ""
    return "up" if name in UP else "down" if name in DOWN else ""
