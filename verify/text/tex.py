"""Formulas as trees. Reads any string without raising: what is wrong becomes a problem at its place.

Offsets count from the beginning of the formula. A tree depends on the formula's text only, and is kept for the next
formula of the same text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from verify.text import commands as c
from verify.text.nodes import Kind, Node, Problem, Sort, Tree

DEEPEST = 60
"""Levels of nesting beyond which a formula is not read."""
TOKEN = re.compile(r"\\(?:operatorname\*|hspace\*|tag\*|[A-Za-z]+|.|\Z)|%[^\n]*|\s+|.", re.DOTALL)
SIGNS = {
    "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx", "∈": r"\in", "→": r"\to", "⊂": r"\subset", "≪": r"\ll",
    "≫": r"\gg", "=": "=", "<": "<", ">": ">",
}  # fmt: skip
OPERATIONS = {"+": "+", "-": "-", "*": "*", "/": "/", "×": r"\times", "·": r"\cdot", "−": "-"}


class _TooDeepError(Exception):
    pass


@lru_cache(maxsize=20_000)
def parse(text: str) -> Tree:
    """The tree of a formula without its delimiters."""
    reader = _Reader(text)
    try:
        nodes = tuple(reader.sequence())
    except _TooDeepError:
        return Tree((), (), (), too_deep=True)
    return Tree(nodes, tuple(sorted(reader.problems, key=lambda p: p.start)), tuple(reader.commands))


class _Reader:
    """Recursive descent; ``waiting`` holds what closes the rows that are open, the innermost last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [(m.group(), m.start()) for m in TOKEN.finditer(text)]
        self.at = 0
        self.waiting: list[str] = []
        self.problems: list[Problem] = []
        self.commands: list[tuple[str, int]] = []

    def problem(self, sort: Sort, start: int, end: int, message: str) -> None:
        self.problems.append(Problem(sort, start, end, message))

    # --- tokens ---

    def peek(self) -> str:
        self._skip()
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def _skip(self) -> None:
        while self.at < len(self.tokens):
            piece, start = self.tokens[self.at]
            if piece[0] == "%":
                self.problem("comment", start, start + 1, "`%` begins a comment: what follows is not printed")
            elif not piece.isspace() and piece != "~":
                return
            self.at += 1

    def take(self) -> tuple[str, int]:
        self._skip()
        piece = self.tokens[self.at]
        self.at += 1
        return piece

    # --- rows ---

    def sequence(self, closer: str = "") -> list[Node]:
        """Nodes up to what closes the row, which is not taken."""
        if len(self.waiting) > DEEPEST:
            raise _TooDeepError
        self.waiting.append(closer)
        nodes: list[Node] = []
        while (piece := self.peek()) and not self._closes(piece):
            node = self.atom()
            if node is not None:
                nodes.append(self.scripts(node))
        self.waiting.pop()
        return nodes

    def _closes(self, piece: str) -> bool:
        """Whether the piece closes this row or one around it; one that closes none is a problem, and left out."""
        kind = {"}": "}", r"\right": r"\right", r"\end": r"\end", "]": "]"}.get(piece, "")
        if not kind:
            return not piece
        if kind == "]":
            return self.waiting[-1] == "]"
        if kind in self.waiting:
            return True
        start = self.take()[1]
        if kind == "}":
            self.problem("brace", start, start + 1, "`}` without a `{` before it")
        elif kind == r"\right":
            self.delimiter()
            self.problem("fence", start, start + 6, r"`\right` without a `\left` before it")
        else:
            name, end = self.raw()
            self.problem("argument", start, end, rf"`\end{{{name}}}` without its `\begin`")
        return self._closes(self.peek())

    def group(self, start: int) -> Node:
        """What stands between braces; the opening one is taken."""
        nodes = self.sequence("}")
        end = self.tokens[self.at][1] + 1 if self.peek() == "}" else self.end()
        if self.peek() == "}":
            self.take()
        else:
            self.problem("brace", start, start + 1, "`{` is never closed")
        return Node("group", "{", start, end, tuple(nodes))

    def end(self) -> int:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else len(self.text)

    def argument(self, owner: str, start: int) -> Node:
        """One argument of a command or a script: a group or a single atom."""
        piece = self.peek()
        if not piece or piece in ("}", "&", r"\right", r"\end", "^", "_", r"\\"):
            self.problem("argument", start, start + len(owner), f"`{owner}` lacks an argument")
            return Node("nothing", "", self.end(), self.end())
        if piece.isdigit():
            text, at = self.take()
            return Node("number", text, at, at + 1)
        if len(self.waiting) > DEEPEST:
            raise _TooDeepError
        self.waiting.append("")
        node = self.atom()
        self.waiting.pop()
        return node if node is not None else Node("nothing", "", self.end(), self.end())

    def raw(self) -> tuple[str, int]:
        """An argument that is no formula, and its end; empty where there is none."""
        if self.peek() != "{":
            return "", self.end()
        start = self.take()[1]
        depth, first = 1, self.at
        while self.at < len(self.tokens):
            piece, at = self.tokens[self.at]
            self.at += 1
            depth += (piece == "{") - (piece == "}")
            if depth == 0:
                return self.text[start + 1 : at], at + 1
        self.at = first
        self.problem("brace", start, start + 1, "`{` is never closed")
        self.at = len(self.tokens)
        return self.text[start + 1 :], len(self.text)

    # --- atoms ---

    def atom(self) -> Node | None:
        piece, start = self.take()
        end = start + len(piece)
        if piece == "{":
            return self.group(start)
        if piece[0] == "\\":
            return self.command(piece[1:], start)
        if piece.isascii() and piece.isdigit():
            return self.number(piece, start)
        if piece in "^_'":
            self.at -= 1
            return Node("nothing", "", start, start)
        if piece in SIGNS:
            return Node("relation", SIGNS[piece], start, end)
        if piece in OPERATIONS:
            return Node("binary", OPERATIONS[piece], start, end)
        if piece in "([":
            return Node("open", piece, start, end)
        if piece in ")]":
            return Node("close", piece, start, end)
        if piece == "|":
            return Node("bar", "|", start, end)
        if piece == "&":
            if r"\end" not in self.waiting:
                self.problem("cell", start, end, "`&` outside a matrix, an array or an alignment")
            return Node("cell", "&", start, end)
        if piece.isalpha():
            return Node("symbol" if ord(piece) < 0x2E80 else "cjk", piece, start, end)
        return Node("cjk" if ord(piece) >= 0x2E80 else "mark", piece, start, end)

    def number(self, first: str, start: int) -> Node:
        end = start + 1
        while self.at < len(self.tokens):
            piece, at = self.tokens[self.at]
            following = self.tokens[self.at + 1][0] if self.at + 1 < len(self.tokens) else ""
            digit = piece.isascii() and piece.isdigit()
            point = piece == "." and following.isascii() and following.isdigit() and "." not in self.text[start:end]
            if at != end or not (digit or point):
                break
            self.at += 1
            end = at + 1
        return Node("number", self.text[start:end], start, end)

    def scripts(self, node: Node) -> Node:
        sub, sup, primes = node.sub, node.sup, False
        while (piece := self.peek()) and piece in "^_'":
            _, start = self.take()
            if piece == "'":
                primes = True
                continue
            script = self.argument(piece, start)
            if script.kind == "number" and self.at < len(self.tokens) and self.tokens[self.at][1] == script.end:
                following = self.tokens[self.at][0]
                if following.isascii() and following.isdigit():
                    self.problem("digits", start, script.end + 1, f"`{piece}{script.text}{following}` raises one digit")
            if (sub if piece == "_" else sup) is not None:
                word = "subscripts" if piece == "_" else "superscripts"
                self.problem("script", start, script.end, f"two {word} on one symbol")
            sub, sup = (script, sup) if piece == "_" else (sub, script)
        end = max(node.end, sub.end if sub else 0, sup.end if sup else 0)
        style = node.style + "'" if primes else node.style
        return node if end == node.end and not primes else replace(node, sub=sub, sup=sup, end=end, style=style)

    def command(self, name: str, start: int) -> Node | None:
        end = start + 1 + len(name)
        self.commands.append((name, start))
        for kind, names in PLAIN:
            if name in names:
                return Node(kind, f"\\{name}", start, end)
        if name in c.STYLES:
            return self.styled(name, start)
        if name in c.TEXTS:
            if self.peek() != "{":
                return None
            text, end = self.raw()
            named: Kind = "function" if name.startswith("operatorname") else "text"
            return Node(named, text.strip(), start, end, style=name)
        if name in c.RAW:
            self.raw()
            return None
        if name in ("left", "middle", "right"):
            return self.fence(name, start)
        if name == "begin":
            return self.environment(start)
        if name in c.FRACTIONS or name in c.TWO:
            children = (self.argument(f"\\{name}", start), self.argument(f"\\{name}", start))
            shape: Kind = "fraction" if name in c.FRACTIONS else "wrapped"
            return Node(shape, f"\\{name}", start, children[1].end or end, children)
        if name in c.ONE:
            return self.wrapped(name, start)
        if name == "\\":
            return Node("cell", "\\\\", start, end)
        if name == "%":
            return Node("mark", "%", start, end)
        return None if name in c.SPACES else Node("operator", f"\\{name}", start, end)

    def styled(self, name: str, start: int) -> Node | None:
        style = "bold" if name in c.BOLD else name.removeprefix("math")
        inner = self.argument(f"\\{name}", start)
        inside = inner.children if inner.kind == "group" else (inner,)
        if len(inside) == 1 and inside[0].kind in ("symbol", "number"):
            one = inside[0]
            return replace(one, kind="symbol", start=start, end=inner.end, style=style)
        letters = all(n.kind == "symbol" and n.sub is n.sup is None for n in inside)
        if style in ("rm", "sf", "it", "tt", "normal") and letters:
            return Node("text", "".join(n.text for n in inside), start, inner.end, style=name)
        children = tuple(replace(n, style=style) if n.kind == "symbol" else n for n in inside)
        return Node("group", "{", start, inner.end, children)

    def wrapped(self, name: str, start: int) -> Node:
        children: list[Node] = []
        if name in ("sqrt", "xrightarrow", "xleftarrow") and self.peek() == "[":
            opening = self.take()[1]
            children += self.sequence("]")
            if self.peek() == "]":
                self.take()
            else:
                self.problem("argument", opening, opening + 1, f"the `[` of `\\{name}` is never closed")
        inner = self.argument(f"\\{name}", start)
        inside = inner.children if inner.kind == "group" else (inner,)
        if name in c.ACCENTS and len(inside) == 1 and inside[0].kind == "symbol":
            return replace(inside[0], start=start, end=inner.end, style=f"{inside[0].style} {name}".strip())
        if name in ("xrightarrow", "xleftarrow", "mathrel"):
            return Node("relation", f"\\{name}", start, inner.end)
        if name == "sqrt":
            return Node("root", "\\sqrt" if not children else "\\sqrt[]", start, inner.end, (inner,))
        return Node("wrapped", f"\\{name}", start, inner.end, (inner,))

    def delimiter(self) -> str | None:
        """The delimiter behind ``\\left``, ``\\middle`` or ``\\right``; None where there is none."""
        piece = self.peek()
        known = set("()[]|./<>") | {r"\{", r"\}", r"\|", r"\backslash", r"\lbrack", r"\rbrack", r"\lgroup", r"\rgroup"}
        known |= {f"\\{name}" for name in (*c.OPEN, *c.CLOSE, "vert", "Vert", "uparrow", "downarrow", "lvert", "rvert")}
        known |= {r"\ulcorner", r"\urcorner", r"\lmoustache", r"\rmoustache", r"\llbracket", r"\rrbracket"}
        return self.take()[0] if piece in known else None

    def fence(self, name: str, start: int) -> Node | None:
        end = start + 1 + len(name)
        left = self.delimiter()
        if left is None:
            self.problem("fence", start, end, f"`\\{name}` without a delimiter behind it")
        if name == "middle":
            return Node("bar", left or "", start, end)
        nodes = self.sequence(r"\right")
        right = None
        if self.peek() == r"\right":
            at = self.take()[1]
            right = self.delimiter()
            if right is None:
                self.problem("fence", at, at + 6, r"`\right` without a delimiter behind it")
        else:
            self.problem("fence", start, end, r"`\left` without a `\right` behind it")
        return Node("fence", f"{left or ''} {right or ''}", start, self.end_of_last(), tuple(nodes))

    def end_of_last(self) -> int:
        piece, start = self.tokens[self.at - 1]
        return start + len(piece)

    def environment(self, start: int) -> Node:
        name, end = self.raw()
        if name.rstrip("*") in ("array", "tabular", "alignat", "alignedat"):
            self.raw()
        nodes = self.sequence(r"\end")
        if self.peek() == r"\end":
            at = self.take()[1]
            other, end = self.raw()
            if other != name:
                self.problem("argument", at, end, rf"`\end{{{other}}}` closes `\begin{{{name}}}`")
        else:
            self.problem("argument", start, end, rf"`\begin{{{name}}}` is never closed")
        return Node("environment", name, start, max(end, start + 1), tuple(nodes))


PLAIN: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("symbol", c.LETTERS),
    ("relation", c.RELATIONS - {"xrightarrow"}),
    ("big", c.BIG),
    ("function", c.FUNCTIONS),
    ("dots", c.DOTS),
    ("binary", c.BINARY),
    ("open", frozenset(c.OPEN)),
    ("close", frozenset(c.CLOSE)),
    ("bar", c.BARS),
)
