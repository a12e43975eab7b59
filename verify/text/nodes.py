"""A formula as a tree of nodes, with what is wrong with it. Offsets count from the beginning of the formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal[
    "symbol", "number", "relation", "binary", "big", "function", "open", "close", "bar", "dots", "mark", "cell",
    "group", "fraction", "root", "fence", "environment", "text", "wrapped", "operator", "cjk", "nothing",
]  # fmt: skip
Sort = Literal["brace", "fence", "argument", "script", "cell", "comment", "digits"]


@dataclass(frozen=True, slots=True)
class Node:
    """``text`` is the piece or the name, without backslash for a text; ``style`` is ``bold``, ``cal``, an accent ..."""

    kind: Kind
    text: str
    start: int
    end: int
    children: tuple[Node, ...] = ()
    style: str = ""
    sub: Node | None = None
    sup: Node | None = None

    def walk(self) -> Iterator[Node]:
        """The node and all below it, scripts included, in the order of the text but for the scripts' own order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(n for n in (node.sup, node.sub) if n is not None)
            stack.extend(reversed(node.children))


@dataclass(frozen=True, slots=True)
class Problem:
    sort: Sort
    start: int
    end: int
    message: str


@dataclass(frozen=True)
class Tree:
    nodes: tuple[Node, ...]
    problems: tuple[Problem, ...]
    commands: tuple[tuple[str, int], ...]
    """Names of commands with their offsets."""
    too_deep: bool = False

    @cached_property
    def every(self) -> tuple[Node, ...]:
        """All nodes, in the order of ``Node.walk``: each rule goes through them."""
        return tuple(below for node in self.nodes for below in node.walk())

    def walk(self) -> Iterator[Node]:
        return iter(self.every)

    def sequences(self) -> Iterator[tuple[Node, ...]]:
        """The formula itself and each group, fence, environment and argument in it, as a row of nodes."""
        yield self.nodes
        for node in self.walk():
            if node.kind in ("fraction", "root", "wrapped"):
                yield from ((child,) for child in node.children if child.kind != "group")
            elif node.children:
                yield node.children
