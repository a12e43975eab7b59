"""Symbols: never introduced, introduced too late, with several meanings, in several scripts.

A symbol is a letter with its style; a subscript that is a word or a number belongs to it, an index does not.
Running text says what a symbol is in few ways, and only those are read: a formula that is nothing but the symbol, a
relation with the symbol on its left, a declaration, a running index, a size, a decomposition that is named as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document, Formula
from verify.text.knowledge import Knowledge
from verify.text.rules._reading import before, behind, inner, tree
from verify.text.rules.shapes import declarations, written
from verify.text.tex import Node

UNIVERSAL = frozenset(
    [
        r"e",
        r"i",
        r"d",
        r"T",
        r"\pi",
        r"\infty",
        r"\Delta",
        r"\Re",
        r"\Im",
        r"\emptyset",
        r"\varnothing",
        r"\ell",
        r"\hbar",
        r"\imath",
        r"\jmath",
    ]
)
"""Constants, differentials, the difference sign, the imaginary unit: nobody introduces them."""
FACTORISED = re.compile(r"分解|展开为|decompos|factori[sz]|SVD|eigen-?decomposition", re.IGNORECASE)
SEVERAL = re.compile(r"[^\W\d_]", re.UNICODE)


@dataclass(slots=True)
class Symbol:
    """Where a symbol is used, where it is introduced, and how."""

    name: str
    used: list[tuple[int, int]] = field(default_factory=list)
    introduced: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gloss:
    """What the words beside a symbol call it."""

    name: str
    start: int
    end: int
    words: str


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
    return node.style != "bb" and node.text not in UNIVERSAL and node.text.isascii()


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


# --- what it means ----------------------------------------------------------------------------------------------------

IN_BRACKETS = re.compile(r"\s?[（(](?P<words>[^（）()，,;；。=]{2,24})[）)]")
IS_ZH = re.compile(r"\s?(?:是|为|表示|代表|指)(?P<words>[^，。；、,.;：:\s（(]{2,16})")
IS_EN = re.compile(r"\s(?:is|are|denotes?|stands for) (?:the |an? )(?P<words>[A-Za-z -]{3,40})")
NOT_A_NAME = re.compile(
    r"任意|任何|所有|满足|通常|一个|某|常数|大于|小于|不|正|负|奇|偶|largest|smallest|constant|same|number$|only|best"
)
MOST = 8
"""Descriptions of one letter that are kept to compare."""
IDLE_WORDS = frozenset(
    [
        "the",
        "of",
        "a",
        "an",
        "in",
        "for",
        "and",
        "or",
        "its",
        "each",
        "every",
        "to",
        "by",
        "on",
        "with",
        "number",
        "total",
        "matrix",
        "value",
        "的",
        "矩阵",
    ]
)


def glosses(document: Document) -> Iterator[Gloss]:
    """What the text says a plain letter is, in the words that follow it."""
    for formula in document.formulas:
        nodes = tree(document, formula).nodes
        if len(nodes) != 1 or nodes[0].kind != "symbol" or nodes[0].sup is not None or formula.display:
            continue
        text = behind(document, formula, 48)
        for pattern in (IN_BRACKETS, IS_ZH, IS_EN):
            match = pattern.match(text)
            if match is not None and not NOT_A_NAME.search(match["words"]):
                if match["words"].strip() and SEVERAL.search(match["words"]) is not None:
                    yield Gloss(full(nodes[0]), formula.start, formula.end, match["words"].strip())
                break


def _related(a: str, b: str) -> bool:
    """Whether two descriptions share a word, or two Chinese characters in a row."""
    if {w.lower().rstrip("s") for w in re.findall(r"[A-Za-z]{3,}", a)} - IDLE_WORDS & (
        {w.lower().rstrip("s") for w in re.findall(r"[A-Za-z]{3,}", b)} - IDLE_WORDS
    ):
        return True
    pairs = [{t[i : i + 2] for i in range(len(t) - 1) if ord(t[i]) >= 0x2E80} for t in (a, b)]
    if bool(re.search(r"[A-Za-z]{3}", a)) != bool(re.search(r"[A-Za-z]{3}", b)):
        return True  # one in English, one in Chinese: nothing is known
    return bool(pairs[0] & pairs[1])


@rule("S103", "several-meanings", Severity.WARNING, "One letter is said to be two different things.")
def several_meanings(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Reported at the second meaning. Two descriptions that share a word are taken for one; the sizes in declarations
    are mentioned where there are some.

    Wrong: `where $n$ is the sequence length` and later `where $n$ is the sample size`
    Right: another letter for one of them
    """
    said: dict[str, list[Gloss]] = {}
    sizes = _sizes(document)
    for gloss in glosses(document):
        others = said.setdefault(gloss.name, [])
        if others and not any(_related(gloss.words, other.words) for other in others):
            line = document.place(others[0].start).line
            message = f"`{shown(gloss.name)}` is “{gloss.words}” here and “{others[0].words}” in line {line}"
            if gloss.name in sizes:
                where, matrix = sizes[gloss.name]
                message += f", and a size of `{shown(matrix)}` in line {document.place(where).line}"
            yield Finding(gloss.start, gloss.end, message, "use another letter for one of them")
        if len(others) < MOST:
            others.append(gloss)


def _sizes(document: Document) -> dict[str, tuple[int, str]]:
    """Letters that are a size of a declared matrix: where first, and of which."""
    found: dict[str, tuple[int, str]] = {}
    for formula in document.formulas:
        for _, shape, node in declarations(tree(document, formula).nodes):
            for size in (shape.rows, shape.cols):
                if size is not None and len(size) == 1 and size.isalpha():
                    found.setdefault(size, (formula.start, base(node)))
    return found


@dataclass(frozen=True, slots=True)
class Definition:
    """``letters`` are those of the right side; empty for a declaration of sizes, which is in ``sizes``."""

    start: int
    end: int
    shown: str
    letters: frozenset[str]
    sizes: str = ""


@rule("S104", "redefined", Severity.WARNING, "A matrix is defined anew, as something else, in another item.")
def redefined(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""A definition is a formula with the symbol alone on its left, or a declaration of its sizes. Once sizes are
    declared, an equation is a fact about the symbol and no definition; in one item, too.

    Wrong: `$A = \operatorname{softmax}(Q K^{\top})$` in one lemma and `$A = X X^{\top}$` in the next
    Right: another letter for one of them
    """
    first: dict[str, tuple[Definition, str]] = {}
    for formula in document.formulas:
        item = document.item_at(formula.start)
        where = item.identifier if item is not None else ""
        for name, definition in _definitions(document, formula):
            if name not in first:
                first[name] = definition, where
                continue
            earlier, there = first[name]
            other = earlier.sizes != definition.sizes if definition.sizes else not definition.letters & earlier.letters
            both = bool(there and where) or bool(earlier.sizes and definition.sizes)
            if both and there != where and other and not (earlier.sizes and not definition.sizes):
                line = document.place(earlier.start).line
                message = f"`{shown(name)}` was `{earlier.shown}` in line {line} and is `{definition.shown}` here"
                yield Finding(definition.start, definition.end, message, "use another letter for one of them")
            if other and there != where and where:
                first[name] = definition, where


def _definitions(document: Document, formula: Formula) -> Iterator[tuple[str, Definition]]:
    nodes = tree(document, formula).nodes
    text = inner(document, formula)
    span = formula.start, formula.end
    for name, shape, node in declarations(nodes):
        if node.sub is None and not shape.scalar and node.style:
            yield name, Definition(*span, f"{shape}", frozenset(), str(shape))
    if len(nodes) > 2 and nodes[0].kind == "symbol" and nodes[0].style and nodes[1].text == "=":
        right = [n for node in nodes[2:] for n in node.walk() if n.kind == "symbol" and n.style]
        if nodes[0].sub is nodes[0].sup is None and right:
            # matrices only: numbers and indices are common to formulas that have nothing to do with one another
            letters = frozenset(base(n) for n in right)
            yield base(nodes[0]), Definition(*span, " ".join(text.split())[:60], letters)


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
