"""Several meanings: two descriptions of one letter, two definitions of one matrix, two definitions of one term."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from verify.text.commands import names
from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document, Formula, Span
from verify.text.knowledge import Knowledge
from verify.text.rules._reading import before, behind, inner, tree
from verify.text.rules.symbols import base, full, shown
from verify.text.sizes import declarations

SEVERAL = re.compile(r"[^\W\d_]", re.UNICODE)
IN_BRACKETS = re.compile(r"\s?[（(](?P<words>[^（）()，,;；。=]{2,24})[）)]")
IS_ZH = re.compile(r"\s?(?:是|为|表示|代表|指)(?P<words>[^，。；、,.;：:\s（(]{2,16})")
IS_EN = re.compile(r"\s(?:is|are|denotes?|stands for) (?:the |an? )(?P<words>[A-Za-z -]{3,40})")
NOT_A_NAME = re.compile(
    r"任意|任何|所有|满足|通常|一个|某|常数|大于|小于|不|正|负|奇|偶|largest|smallest|constant|same|number$|only|best"
)
MOST = 8
"""Descriptions of one letter that are kept to compare."""
IDLE_WORDS = names("the of a an in for and or its each every to by on with number total matrix value 的 矩阵")


@dataclass(frozen=True, slots=True)
class Gloss:
    """What the words beside a symbol call it."""

    name: str
    start: int
    end: int
    words: str


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
    declared, an equation is a fact about the symbol and no definition; in one item, too. The eigenvectors of another
    section's item are a new meaning of a letter that was declared a rectangle.

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
        yield from _as_eigenvectors(document, formula, where, first)


EIGEN = re.compile(r"特征(?:值)?分解|谱分解|eigen-?\s?(?:value )?decomposition|spectral decomposition", re.IGNORECASE)


def _as_eigenvectors(
    document: Document, formula: Formula, where: str, first: Mapping[str, tuple[Definition, str]]
) -> Iterator[Finding]:
    r"""``A = Q \Lambda Q^{\top}``, called a decomposition, where $Q$ is a rectangle of another section."""
    nodes = tree(document, formula).nodes
    if len(nodes) < 4 or not where or nodes[1].text != "=" or not EIGEN.search(before(document, formula, 40)):
        return
    left, right = nodes[2], nodes[-1]
    name = base(left)
    if (
        left.kind != "symbol"
        or left.sub is not None
        or left.sup is not None
        or right.sup is None
        or base(right) != name
    ):
        return
    earlier, there = first.get(name, (None, ""))
    if earlier is None or there == where or not earlier.sizes:
        return
    rows, _, cols = earlier.sizes.partition(" x ")
    apart = any(earlier.start < section.start <= formula.start for section in document.sections if section.level <= 3)
    if rows != cols and apart:
        line = document.place(earlier.start).line
        at = formula.inside + left.start, formula.inside + left.end
        message = f"`{shown(name)}` is {earlier.sizes} in line {line}, and holds eigenvectors here"
        yield Finding(*at, message, "use another letter for one of them")


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
            yield base(nodes[0]), Definition(*span, _short(" ".join(text.split())), letters)


LONGEST_SHOWN = 60


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


TERM_ZH = re.compile(
    r"(?:^|[，。；：、\s）)”的其])(?P<before>[\u4e00-\u9fff]{2,8}?)(?:的)?定义(?:为|是|如下)"
    r"|(?<![\u4e00-\u9fff*])(?:则|并|可|可以|我们|这里)?定义(?P<behind>(?![的了在于])[\u4e00-\u9fff]{2,8}?)(?=\s*(?:为|是|\s*$))"
)
TERM_EN = re.compile(
    r"\b[Tt]he (?P<before>[a-z]+(?:[ -][a-z]+){0,2}) (?:\([^()\n]{1,40}\) )?(?:of [^.,;:\n]{1,60}? )?"
    r"is defined (?:as|to be|by)\b"
    r"|\b[Dd]efine (?:the|its|their) (?P<behind>[a-z]+(?:[ -][a-z]+){0,2})(?= (?:of|as|by|to be)\b| *$)"
)
AGAIN = re.compile(
    r"回忆|回顾|如前|前述|上述|重新|再次|推广|等价|\b[Rr]ecall|equivalent|as before|again|alternativ|instead|generali",
    re.IGNORECASE,
)


@rule("S106", "term-defined-twice", Severity.WARNING, "A term is defined twice, by different formulas.")
def term_defined_twice(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """What stands later, and says only the name, has no definite meaning. A sentence that recalls a definition, or says
    that it gives another one, is left alone, and so is the same formula again.

    Wrong: "the effective rank is defined as" an entropy, and later "define the effective rank as" a smallest k
    Right: another name for one of them
    """
    first: dict[str, tuple[int, str]] = {}
    for start, end, term in _terms(document):
        right = next((_right(f) for f in document.formulas_in(Span(end, end + FAR)) if "=" in f.tex), "")
        if not right:
            continue
        if term not in first:
            first[term] = start, right
        elif first[term][1] != right:
            line = document.place(first[term][0]).line
            message = f"“{term}” was defined in line {line}, by another formula"
            yield Finding(start, end, message, "use another name for one of them")


def _right(formula: Formula) -> str:
    return "".join(formula.tex.partition("=")[2].split())


FAR = 200
"""Characters between a definition's words and its formula."""


def _terms(document: Document) -> Iterator[tuple[int, int, str]]:
    """Terms that sentences define, with their places."""
    for match in sorted((m for p in (TERM_ZH, TERM_EN) for m in p.finditer(document.words)), key=lambda m: m.start()):
        which = "before" if match["before"] else "behind"
        line = document.starts[document.place(match.start()).line - 1]
        if not AGAIN.search(document.words, max(line, match.start() - 40), match.end() + 20):
            yield match.start(which), match.end(which), match[which]
