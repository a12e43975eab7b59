"""Symbols: never introduced, introduced too late, in several scripts.

A symbol is a letter with its style; a subscript that is a word or a number belongs to it, an index does not.
Running text says what a symbol is in few ways, and only those are read: a formula that is nothing but the symbol, a
relation with the symbol on its left, a declaration, a running index, a size, a decomposition that is named as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from verify.text.commands import names
from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document, Formula
from verify.text.knowledge import Knowledge
from verify.text.nodes import Node
from verify.text.rules._reading import before, behind, tree
from verify.text.sizes import declarations, written

UNIVERSAL = names(r"e i d T \pi \infty \Delta \Re \Im \emptyset \varnothing \ell \hbar \imath \jmath")
"""Constants, differentials, the difference sign, the imaginary unit: nobody introduces them."""
INTEGRALS = names(r"\int \iint \iiint \oint")
FACTORISED = re.compile(r"分解|展开为|decompos|factori[sz]|SVD|eigen-?decomposition", re.IGNORECASE)


@dataclass(slots=True)
class Symbol:
    """Where a symbol is used, where it is introduced, and how."""

    name: str
    used: list[tuple[int, int]] = field(default_factory=list)
    introduced: list[int] = field(default_factory=list)


def base(node: Node) -> str:
    return f"{node.style.rstrip(chr(39))} {node.text}".strip()


def full(node: Node) -> str:
    """With a subscript that is a word or a number."""
    if node.sub is None:
        return base(node)
    inside = node.sub.children or (node.sub,)
    fixed = all(n.kind in ("text", "number", "function") for n in inside)
    return f"{base(node)}_{written(node.sub)}" if fixed else base(node)


def shown(name: str) -> str:
    """A name as messages print it."""
    style, _, letter = name.rpartition(" ")
    commands = {"bold": r"\mathbf", "": ""}
    return f"{commands.get(style, chr(92) + 'math' + style)}{{{letter}}}" if style else letter


# --- what is introduced ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def collected(document: Document) -> Mapping[str, Symbol]:
    """All symbols of a document by their names."""
    found: dict[str, Symbol] = {}
    for formula in document.formulas:
        read = tree(document, formula)
        scripts = {id(n) for node in read.walk() for script in _scripts(node) for n in script.walk()}
        for node in read.walk():
            if node.kind == "symbol" and id(node) not in scripts and _is_named(node):
                at = formula.inside + node.start
                found.setdefault(base(node), Symbol(base(node))).used.append((at, formula.inside + node.end))
        for name in _introduced(document, formula, read.nodes):
            found.setdefault(name, Symbol(name)).introduced.append(formula.start)
    return found


def _scripts(node: Node) -> Iterator[Node]:
    """Scripts hold indices; but for the upper limit of a sum, which is a number like any other."""
    if node.sub is not None:
        yield node.sub
    if node.sup is not None and node.kind != "big":
        yield node.sup


def _is_named(node: Node) -> bool:
    plain = node.style != "bb" and node.text not in UNIVERSAL and node.text.isascii()
    return plain and not node.text.isdigit()  # a bold 1 is a column of ones


def _introduced(document: Document, formula: Formula, nodes: Sequence[Node]) -> Iterator[str]:
    symbols = [node for node in nodes if node.kind == "symbol"]
    if _alone(nodes):
        yield from (base(node) for node in symbols)
    elif (
        any(n.text == r"\dots" or n.text == r"\ldots" or n.text == r"\cdots" for n in nodes)
        or FACTORISED.search(before(document, formula, 40))
        or FACTORISED.search(behind(document, formula, 12))
    ):
        yield from _everything(nodes)
    if any(n.kind == "operator" and n.text in (r"\forall", r"\exists") for n in nodes):
        yield from (base(n) for n in symbols)
    for at, node in enumerate(nodes):
        if node.kind == "relation" or node.text in (":", r"\mid"):
            yield from _left(nodes, at)
    if any(n.text in INTEGRALS for n in nodes):
        yield from (base(b) for a, b in pairwise(nodes) if a.text in ("d", r"\d") and b.kind == "symbol")
    for node in tree(document, formula).walk():
        if node.kind in ("big", "function") and node.sub is not None:
            yield from (base(n) for n in node.sub.walk() if n.kind == "symbol")
        if node.style == "bb" and node.sup is not None:
            yield from (base(n) for n in node.sup.walk() if n.kind == "symbol")


def _everything(nodes: Sequence[Node]) -> Iterator[str]:
    yield from (base(n) for node in nodes for n in node.walk() if n.kind == "symbol")


def _alone(nodes: Sequence[Node]) -> bool:
    """A symbol, a list of symbols, or a function with its arguments: ``E(k)``, ``(x, y)``, ``\\Delta W``."""
    return bool(nodes) and all(
        node.kind in ("symbol", "open", "close", "bar") or node.text in (",", ";", r"\Delta", "、", "，")
        for node in nodes
    )


def _left(nodes: Sequence[Node], at: int) -> Iterator[str]:
    """Symbols on the left of a relation where nothing but a symbol, or a function of symbols, stands there."""
    low = at
    while (low > 0 and nodes[low - 1].kind in ("symbol", "open", "close")) or (
        low > 0 and nodes[low - 1].text in (",", "|", r"\|", r"\mid", "，") and low != at
    ):
        low -= 1
    clean = low == 0 or nodes[low - 1].kind in ("relation", "cell", "mark", "open", "cjk")
    if clean:
        yield from (base(node) for node in nodes[low:at] if node.kind == "symbol")


@rule("S101", "never-introduced", Severity.WARNING, "A symbol is used, and nothing says what it is.")
def never_introduced(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Indices in subscripts and superscripts, and common constants, are left alone; so is a text of fewer than ten
    formulas.

    Wrong: `$W_{t+1} = W_t - \eta G_t$`, where no sentence says what $\eta$ is
    Right: `..., where $\eta > 0$ is the step size`
    """
    if len(document.formulas) < 10:
        return
    for symbol in collected(document).values():
        if symbol.used and not symbol.introduced:
            message = f"nothing says what `{shown(symbol.name)}` is"
            yield Finding(*symbol.used[0], message, "say it where the symbol first occurs")


@rule("S102", "introduced-late", Severity.NOTE, "A symbol is used before the text says what it is.")
def introduced_late(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Looks at matrices, vectors and sets that are declared in a later section than that of their first use.

    Wrong: `$\|W X - Y\|$` in section 1, and `let $X \in \mathbb{R}^{n \times d}$` in section 2
    Right: the declaration comes with the first use
    """
    walls = [section.start for section in document.sections]
    symbols = collected(document)
    for name, formula in _declared(document).items():
        symbol = symbols.get(name)
        if symbol is None or not symbol.used or not symbol.introduced:
            continue
        first = min(symbol.used)
        if min(symbol.introduced) >= formula.start and any(first[0] < wall <= formula.start for wall in walls):
            line = document.place(formula.start).line
            message = f"`{shown(name)}` is declared in line {line} only"
            yield Finding(*first, message, "declare it where it is first used")


def _declared(document: Document) -> dict[str, Formula]:
    """The first declaration of each symbol that has one."""
    found: dict[str, Formula] = {}
    for formula in document.formulas:
        for _, _, node in declarations(tree(document, formula).nodes):
            found.setdefault(base(node), formula)
    return found


# --- how it is written ------------------------------------------------------------------------------------------------


@rule("S105", "notation-changes", Severity.WARNING, "One object is written in two ways.")
def notation_changes(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""A capital letter with a subscript that is set plain once or twice where the same is bold elsewhere; two shapes
    of one Greek letter; two marks of the transpose.

    Wrong: `$\mathbf{W}_0$` everywhere and `$W_0$` in a table
    Right: `$\mathbf{W}_0$` in the table, too
    """
    places: dict[str, list[tuple[int, int]]] = {}
    for formula in document.formulas:
        for node in tree(document, formula).walk():
            at = formula.inside + node.start, formula.inside + node.end
            for form in _forms(node):
                places.setdefault(form, []).append(at)
    for form, spans in list(places.items()):
        other, sentence = _other(form)
        often = places.get(other, [])
        if other and len(often) >= 3 * len(spans) and len(spans) <= 2:
            for span in spans:
                yield Finding(*span, sentence, "write it in one way")


def _forms(node: Node) -> Iterator[str]:
    if node.kind == "symbol":
        if node.sub is not None and node.text.isupper() and node.style in ("", "bold"):
            fixed = full(node)
            if fixed != base(node):
                yield fixed
            elif node.sub.kind == "symbol" and node.sub.sub is node.sub.sup is None:
                yield f"{fixed}_{node.sub.text}"
        if node.text in VARIANTS:
            yield node.text
    if node.sup is not None:
        power = written(node.sup)
        if power in (r"\top", "T", r"\intercal") and (node.kind != "symbol" or node.text.isupper() or node.style):
            yield f"^{power}"


VARIANTS = {r"\epsilon": r"\varepsilon", r"\varepsilon": r"\epsilon", r"\phi": r"\varphi", r"\varphi": r"\phi"}
TRANSPOSES = {"^T": r"^\top", r"^\top": "^T", r"^\intercal": r"^\top"}


def _other(form: str) -> tuple[str, str]:
    """The form that it may be a slip for, and the message."""
    if form in VARIANTS:
        return VARIANTS[form], f"`{form}` here, `{VARIANTS[form]}` elsewhere"
    if form in TRANSPOSES:
        return TRANSPOSES[form], f"the transpose is written `{form}` here and `{TRANSPOSES[form]}` elsewhere"
    letter, _, index = form.partition("_")
    if len(letter) == 1 and index:
        return f"bold {form}", f"`{form}` is plain here and bold elsewhere: `\\mathbf{{{letter}}}_{index}`"
    return "", ""


@rule("S107", "index-lost", Severity.WARNING, "A sum runs over an index that its terms do not have.")
def index_lost(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Reported where the terms have another index instead, which nothing in the formula binds. A sum of equal terms,
    such as `$\sum_{i=1}^{n} c$`, is left alone.

    Wrong: `$\sum_{i=1}^{n} \sigma_j^2$`
    Right: `$\sum_{i=1}^{n} \sigma_i^2$`
    """
    for formula in document.formulas:
        read = tree(document, formula)
        bound = {name for node in read.walk() if node.kind == "big" for name in _letters(node.sub)}
        for nodes in read.sequences() if bound else ():
            for at, node in enumerate(nodes):
                index = _letters(node.sub)[:1] if node.kind == "big" and _runs(node.sub) else []
                terms = _terms(nodes, at) if index else ()
                below = [n for term in terms for n in term.walk() if n.kind == "symbol"]
                if not below or any(n.text == index[0] for n in below):
                    continue
                others = [name for n in below if n.sub is not None for name in _letters(n.sub)]
                free = next((name for name in others if name in INDICES and name not in bound), "")
                if free and not any(n.kind == "big" for term in terms for n in term.walk()):
                    start = formula.inside + node.start
                    end = formula.inside + max(node.end, terms[-1].end)
                    message = f"the sum runs over `{index[0]}`, and its terms have `{free}` only"
                    yield Finding(start, end, message, f"write `{index[0]}` for one of them, or `{free}` below the sum")


INDICES = frozenset("hijklpqst")


def _runs(sub: Node | None) -> bool:
    """Whether a limit reads ``i = 1``."""
    inside = sub.children if sub is not None else ()
    return len(inside) > 1 and inside[0].kind == "symbol" and inside[1].text == "="


def _letters(sub: Node | None) -> list[str]:
    return [n.text for n in sub.walk() if n.kind == "symbol"] if sub is not None else []


def _terms(nodes: Sequence[Node], at: int) -> Sequence[Node]:
    """What a sum is of, as far as that can be told: up to a relation, a sign, a mark or the end of a delimiter."""
    depth = 0
    for end in range(at + 1, min(len(nodes), at + LONGEST_TERM)):
        node = nodes[end]
        depth += (node.kind == "open") - (node.kind == "close")
        cut = node.kind in ("relation", "cell", "mark", "cjk") or node.text in ("+", "-", ",", ";")
        if depth < 0 or (cut and depth == 0):
            return nodes[at + 1 : end]
    return nodes[at + 1 : at + LONGEST_TERM]


LONGEST_TERM = 60
