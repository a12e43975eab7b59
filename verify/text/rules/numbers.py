"""Worked examples, computed again; arithmetic that is written out; percentages beside a formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from verify.text.arithmetic import Number, value
from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document, Formula, Span
from verify.text.knowledge import Knowledge
from verify.text.nodes import Node
from verify.text.rules._reading import inner, tree

FAR, NEAREST = 4000, 24
"""Characters, and formulas, before an example within which a formula is beside it."""
COARSE = Fraction(1, 10)
"""An approximation that is off by more than a tenth in the text's own example is pointed out."""
ROUGHLY = re.compile(r"约|大约|近似|左右|about|roughly|approximately|around|some|\\approx|≈", re.IGNORECASE)
RESULT = re.compile(
    r"(?:约为|约是|约等于|等于|为|是|得到|得|约|is|equals|gives|yields|of|about|roughly|approximately|around|to|by|at)"
    r"\s{0,3}(?:about|roughly|approximately|exactly|only|约|大约|仅)?\s{0,3}$",
    re.IGNORECASE,
)
PRINTED = re.compile(r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)?)\s{0,2}(?P<percent>[%％]|\\%)?")
SENTENCE = re.compile(r"[。；;!?！？]|\.(?=\s|$)|\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Example:
    """Values that a formula gives to letters, and the result that the sentence prints."""

    formula: Formula
    letters: Mapping[str, Number]
    printed: Span
    shown: str
    number: Fraction
    percent: bool
    roughly: bool


@dataclass(frozen=True, slots=True)
class Side:
    """A side of a formula that has a value for the example; ``sign`` joins it to the side before it."""

    formula: Formula
    shown: str
    value: Number
    sign: str
    span: tuple[int, int]


# --- reading ----------------------------------------------------------------------------------------------------------


def assigned(nodes: Sequence[Node]) -> dict[str, Number]:
    """``m = n = 4096, r = 32``: the letters with their numbers; empty where the formula says anything else."""
    found: dict[str, Number] = {}
    for part in _split(_thousands(nodes), lambda n: n.text in (",", "，", ";", "、")):
        sides = list(_split(part, lambda n: n.text == "="))
        if len(sides) < 2:
            return {}
        result = value(sides[-1], {})
        for side in sides[:-1]:
            if result is None or len(side) != 1 or side[0].kind != "symbol" or side[0].sub or side[0].sup:
                return {}
            found[f"{side[0].style} {side[0].text}".strip()] = result
    return found


def settings(document: Document) -> Iterator[tuple[Formula, dict[str, Number], Formula, int]]:
    """Sentences that give letters values: the formula, the values, the last formula of them, the sentence's end."""
    for number, formula in enumerate(document.formulas):
        nodes = tree(document, formula).nodes
        letters = assigned(nodes)
        if not letters or formula.display:
            continue
        match = SENTENCE.search(document.words, formula.end, formula.end + 240)
        stop = match.start() if match else min(len(document.words), formula.end + 240)
        last = formula
        for other in document.formulas[number + 1 : number + 8]:
            more = assigned(tree(document, other).nodes) if other.end <= stop else {}
            if not more:
                break
            letters, last = {**letters, **more}, other
        yield formula, letters, last, stop


def examples(document: Document) -> Iterator[Example]:
    """A sentence that gives letters values and then prints a result."""
    for formula, letters, last, stop in settings(document):
        result = _result(document, last.end, stop)
        if result is not None:
            yield Example(formula, letters, *result)


def _result(document: Document, start: int, stop: int) -> tuple[Span, str, Fraction, bool, bool] | None:
    """The first number in the rest of a sentence that is printed as a result, in words or as a formula."""
    at = start
    source = document.source
    while (match := PRINTED.search(source, at, stop)) is not None:
        at = match.end()
        before = document.words[max(start, match.start() - 24) : match.start()].rstrip("$ ")
        alone = source[match.end() : match.end() + 12].lstrip()
        if not RESULT.search(before) or source[match.start() - 1 : match.start()] in ("_", "^", "{", "."):
            continue
        inside = next((f for f in document.formulas_in(Span(start, stop)) if f.start <= match.start() < f.end), None)
        if inside is not None and not re.fullmatch(r"[0-9.,\s]+(?:\\?%|％|\\times)?", inside.tex.strip()):
            continue
        text = match["number"].replace(",", "")
        percent = match["percent"] is not None or alone.startswith(("percent", "per cent"))
        roughly = ROUGHLY.search(document.words[max(start, match.start() - 24) : match.start()]) is not None
        return Span(match.start(), match.end()), match[0].strip(), Fraction(text), percent, roughly
    return None


def sides(document: Document, example: Example) -> Iterator[Side]:
    """The sides that have a value, of the formulas around the example: of its item, or of its paragraph."""
    around = document.item_at(example.formula.start) or _before(document, example.formula.start)
    near = Span(max(around.start, example.formula.start - FAR), example.formula.start)
    for formula in document.formulas_in(near)[-NEAREST:]:
        nodes = tree(document, formula).nodes
        if formula.start >= example.formula.start or assigned(nodes):
            continue
        text = inner(document, formula)
        for part in _split(nodes, lambda n: n.text in (",", "，") or n.kind == "cell"):
            sign = ""
            for side, following in _sided(part):
                result = value(side, example.letters) if side and _has_letters(side) else None
                if result is not None and (len(side) > 1 or side[0].children):
                    low, high = side[0].start, side[-1].end
                    shown = " ".join(text[low:high].split())
                    yield Side(formula, shown, result, sign, (formula.inside + low, formula.inside + high))
                sign = following


@lru_cache(maxsize=1)
def weighed(document: Document) -> Sequence[tuple[Example, Sequence[Side]]]:
    """Each example with the sides beside it."""
    return tuple((example, tuple(sides(document, example))) for example in examples(document))


def _sided(nodes: Sequence[Node]) -> Iterator[tuple[Sequence[Node], str]]:
    start = 0
    for at, node in enumerate(nodes):
        if node.kind == "relation":
            yield nodes[start:at], node.text
            start = at + 1
    yield nodes[start:], ""


def _has_letters(nodes: Sequence[Node]) -> bool:
    return any(n.kind == "symbol" for node in nodes for n in node.walk())


def _thousands(nodes: Sequence[Node]) -> list[Node]:
    """``16,384`` and ``16{,}384`` as one number."""
    out: list[Node] = []
    for node in nodes:
        comma = out[-1] if len(out) > 1 else None
        is_comma = comma is not None and (comma.text == "," or [n.text for n in comma.children] == [","])
        touches = comma is not None and out[-2].end == comma.start and comma.end == node.start
        if is_comma and touches and out[-2].kind == "number" and re.fullmatch("[0-9]{3}", node.text):
            first = out[-2]
            if first.sup is None and "." not in first.text:
                out[-2:] = [replace(node, text=first.text + node.text, start=first.start)]
                continue
        out.append(node)
    return out


def _before(document: Document, at: int) -> Span:
    """The paragraph around, with the item that ends right before it."""
    blank = max(document.source.rfind(end, max(0, at - FAR), at) for end in ("\n\n", "\n\r\n"))
    start = max(blank, 0)
    end = start
    while end > 0 and document.source[end - 1].isspace() and start - end < 100:
        end -= 1
    item = document.item_at(end - 1) if end else None
    return Span(item.start if item is not None else start, at)


def _split(nodes: Sequence[Node], at: Callable[[Node], bool]) -> Iterator[Sequence[Node]]:
    depth = start = 0
    for place, node in enumerate(nodes):
        depth += (node.kind == "open") - (node.kind == "close")
        if depth == 0 and at(node):
            yield nodes[start:place]
            start = place + 1
    yield nodes[start:]


# --- judging ----------------------------------------------------------------------------------------------------------


def agrees(number: Number, example: Example) -> bool:
    """Whether a value is printed as it is: rounded to the digits shown, to the significant ones after "about"."""
    targets = (number * 100, (1 - number) * 100, (number - 1) * 100) if example.percent else (number,)
    digits = example.shown.rstrip("%％\\ ").replace(",", "")
    unit = Fraction(1, 10 ** len(digits.partition(".")[2]))
    if example.roughly and "." not in digits:
        unit = Fraction(10 ** (len(digits) - len(digits.rstrip("0"))))
    return any(apart(target, example.number) <= unit / 2 for target in targets)


def apart(a: Number, b: Number) -> Number:
    """The distance of two numbers."""
    difference = a - b
    return difference if difference >= 0 else -difference


def shown_value(number: Number) -> str:
    if isinstance(number, Fraction) and number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.6g}"


@rule("A101", "example-does-not-come-out", Severity.ERROR, "No formula beside a worked example gives its number.")
def example_result(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""The letters of the example are put into the formulas before it, in the same item or paragraph. A printed number
    counts as right where one of them rounds to it; a percentage also as a share saved. Formulas with letters that have
    no value are left aside, and an example beside no formula that has a value, too.

    Wrong: `$\frac{mn}{r(m+n)}$ ... for $m = n = 4096, r = 32$ the ratio is $32$`
    Right: `$\frac{mn}{r(m+n)}$ ... for $m = n = 4096, r = 32$ the ratio is $64$`
    """
    for _, letters, last, stop in settings(document):
        for formula in document.formulas_in(Span(last.end, stop)):
            if not assigned(tree(document, formula).nodes):
                yield from _wrong(document, formula, letters)
    for example, computed in weighed(document):
        if computed and not any(agrees(side.value, example) for side in computed):
            values = "; ".join(
                f"`{side.shown}` gives {shown_value(side.value)}" for side in {s.shown: s for s in computed}.values()
            )
            message = f"no formula beside the example gives {example.shown}: {values}"
            yield Finding(example.printed.start, example.printed.end, message, "compute the example again")


@rule("A102", "approximation-off", Severity.WARNING, "An approximation is off in the text's own worked example.")
def approximation(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""One side of the formula gives the printed number and the other, joined by an equation or an approximation sign,
    another one: by more than a tenth for an approximation, at all for an equation.

    Wrong: `$\frac{mn}{r(m+n)} \approx \frac{\min(m,n)}{r}$ ... for $m = n = 4096, r = 32$ about $64$`
    Right: `$\frac{mn}{r(m+n)} \approx \frac{\min(m,n)}{2r}$ ... for $m = n = 4096, r = 32$ about $64$`
    """
    for example, computed in weighed(document):
        for left, right in pairwise(computed):
            if left.formula is not right.formula or right.sign not in ("=", r"\approx", r"\simeq"):
                continue
            right_one = next((s for s in (left, right) if agrees(s.value, example)), None)
            if right_one is None or _close(left.value, right.value, right.sign):
                continue
            other = right if right_one is left else left
            line = document.place(example.printed.start).line
            message = (
                f"in the example of line {line} `{other.shown}` gives {shown_value(other.value)}, "
                f"and `{right_one.shown}` the printed {example.shown}"
            )
            yield Finding(*other.span, message, "say when the approximation holds, or correct it")


def _close(a: Number, b: Number, sign: str) -> bool:
    exact = isinstance(a, Fraction) and isinstance(b, Fraction)
    if sign == "=":
        return a == b if exact else apart(a, b) <= 1e-9 * max(apart(a, 0), apart(b, 0))
    return apart(a, b) <= COARSE * max(apart(a, 0), apart(b, 0))


@rule("A103", "arithmetic-wrong", Severity.ERROR, "Numbers alone are set equal, or ordered, wrongly.")
def arithmetic(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""A result behind an equation sign may be rounded to the digits that are shown.

    Wrong: `$32 \cdot 8192 = 262140$`
    Right: `$32 \cdot 8192 = 262144$`
    """
    for formula in document.formulas:
        yield from _wrong(document, formula, {})


def _wrong(document: Document, formula: Formula, letters: Mapping[str, Number]) -> Iterator[Finding]:
    """Sides of a formula that have values, and for which its signs do not hold."""
    nodes = tree(document, formula).nodes
    if not any(n.kind == "relation" for n in nodes):
        return
    text = inner(document, formula)
    for part in _split(_thousands(nodes), lambda n: n.text in (",", ";", "，") or n.kind == "cell"):
        chain = [(side, sign, value(side, letters) if side else None) for side, sign in _sided(part)]
        for (left, sign, a), (right, _, b) in pairwise(chain):
            if a is None or b is None or _holds(a, sign, b, right):
                continue
            shown = " ".join(text[left[0].start : right[-1].end].split())
            at = formula.inside + left[0].start, formula.inside + right[-1].end
            yield Finding(*at, f"`{shown}`: the left side is {shown_value(a)}", "compute it again")


def _holds(a: Number, sign: str, b: Number, right: Sequence[Node]) -> bool:
    if sign == "=" and len(right) == 1 and right[0].kind == "number":
        places = len(right[0].text.partition(".")[2])
        return apart(a, b) <= Fraction(1, 2 * 10**places) if places else _close(a, b, "=")
    order = {"<": a < b, ">": a > b, r"\leq": a <= b, r"\le": a <= b, r"\geq": a >= b, r"\ge": a >= b}
    return order.get(sign, _close(a, b, "=") if sign == "=" else True)
