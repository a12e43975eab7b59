"""From a certified counterexample to one that can be printed: fewer and rounder numbers, each step certified.

The measure is (entries, non-zero entries, digits, magnitude), smaller is better. First the tiny integer instances,
which print best; then a greedy descent from the simplest one known. The oracle is ``certify``, so that no step can
leave the hypotheses; the number of questions to it is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import torch

from verify.certify import Refusal, certify
from verify.formula.vocabulary import LayerFamily
from verify.model.evidence import Certificate, Value
from verify.model.statement import Index, Layers, Matrix, Real, Size, Statement
from verify.stress.ensembles import Ensemble, Spectrum
from verify.stress.layout import Layout
from verify.stress.recipe import MatrixRecipe, Recipe, number_of
from verify.stress.suspects import exact_values
from verify.stress.trials import try_chunk

Values = dict[str, Value]
Measure = tuple[int, int, int, Fraction]
TINY_SIZES = 10
TINY_COUNT = 192
TINY_ENTRIES = 18
TINY_ENSEMBLES = (Ensemble.INTEGER, Ensemble.ELEMENTARY, Ensemble.DIAGONAL)
DENOMINATORS = (1, 2, 4, 10, 100, 1000, 10_000, 10**6)


def polish(layout: Layout, values: Values, certificate: Certificate, questions: int) -> Certificate:
    """The simplest certificate found with at most about ``questions`` certifications; never a worse one."""
    oracle = Oracle(layout.statement, certificate.relation, questions)
    best, kept = values, certificate
    for candidate in tiny_instances(layout, certificate.relation, measure(layout, values)):
        answer = oracle(candidate)
        if answer is not None:
            best, kept = candidate, answer
            break
    return descend(layout, best, kept, oracle)


class Oracle:
    """``certify`` with a count of the questions left; a statement, not a search, decides what is accepted."""

    def __init__(self, statement: Statement, relation: int, questions: int) -> None:
        self.statement, self.relation, self.questions = statement, relation, questions

    def __call__(self, values: Values) -> Certificate | None:
        if self.questions <= 0:
            return None
        self.questions -= 1
        answer = certify(self.statement, values, self.relation)
        return None if isinstance(answer, Refusal) else answer


def tiny_instances(layout: Layout, relation: int, bound: Measure) -> Iterator[Values]:
    """Instances with small integers that look violated, at the smallest sizes first, the simplest first."""
    sizes = sorted(layout.sizes.small, key=lambda s: (layout.entries(dict(zip(layout.structural, s, strict=True))), s))
    for size in sizes[:TINY_SIZES]:
        entries = layout.entries(dict(zip(layout.structural, size, strict=True)))
        if entries > min(bound[0], TINY_ENTRIES) or not layout.matrices:
            return
        found: list[Values] = []
        for ensemble in TINY_ENSEMBLES:
            recipe = Recipe(
                size, (MatrixRecipe(ensemble, Spectrum.TIED, "random"),), 2 * number_of("tiny", size, ensemble)
            )
            tried = try_chunk(layout, recipe, 0, TINY_COUNT, "cpu")
            found += [
                exact_values(s.instance, layout.statement)
                for s in tried.suspects
                if s.relation == relation and s.margin is not None and not s.rounding
            ]
        found.sort(key=lambda v: measure(layout, v))
        yield from (v for v in found[:3] if measure(layout, v) < bound)


# --- the measure -------------------------------------------------------------------------------------------


def numbers(value: Any) -> Iterator[Fraction]:
    """All numbers of a value, in order. Raises ValueError for one that is not rational."""
    if isinstance(value, str):
        yield Fraction(value)
    else:
        for item in value:
            yield from numbers(item)


def measure(layout: Layout, values: Values) -> Measure:
    """(entries, non-zero entries, digits, magnitude) of an instance: small is simple."""
    sizes = {line.symbol.name for line in layout.lines if isinstance(line, Size)}
    flat = [x for name, value in values.items() if name not in sizes for x in numbers(value)]
    digits = sum(len(str(abs(x.numerator))) + (len(str(x.denominator)) if x.denominator > 1 else 0) for x in flat)
    return (len(flat), sum(x != 0 for x in flat), digits, sum((abs(x) for x in flat), Fraction(0)))


# --- descent -----------------------------------------------------------------------------------------------


def descend(layout: Layout, values: Values, certificate: Certificate, oracle: Oracle) -> Certificate:
    """Tries the moves in order, starting over after each success, until none helps or the questions run out."""
    best, kept, least = values, certificate, measure(layout, values)
    improved = True
    while improved and oracle.questions > 0:
        improved = False
        for candidate in moves(layout, best):
            size = measure(layout, candidate)
            if size >= least:
                continue
            answer = oracle(candidate)
            if answer is not None:
                best, kept, least, improved = candidate, answer, size, True
                break
    return kept


def moves(layout: Layout, values: Values) -> Iterator[Values]:
    """Candidates near an instance: the bold ones first."""
    yield from _diagonal(layout, values)
    yield from _smaller(layout, values)
    yield from _rounded(layout, values)
    yield from _rescaled(layout, values)
    yield from _simpler_scalars(layout, values)
    yield from _simpler_entries(layout, values)


def _diagonal(layout: Layout, values: Values) -> Iterator[Values]:
    """A matrix replaced by the diagonal matrix of its singular values, rounded: all that many statements depend on."""
    for line in layout.matrices:
        name = line.symbol.name
        rows: Any = values[name]
        if isinstance(line, Layers) or _is_diagonal(rows):
            continue
        entries = torch.tensor([[float(Fraction(x)) for x in row] for row in rows], dtype=torch.float64)
        spectrum = [Fraction(x) for x in torch.linalg.svdvals(entries).tolist()]
        for bottom in DENOMINATORS:
            rounded = iter([round(x / (spectrum[0] or 1) * bottom) for x in spectrum])
            yield values | {
                name: [
                    [str(next(rounded)) if i == j else "0" for j in range(len(row))] for i, row in enumerate(entries)
                ]
            }


def _is_diagonal(rows: Any) -> bool:
    return all(Fraction(x) == 0 for i, row in enumerate(rows) for j, x in enumerate(row) if i != j)


def _smaller(layout: Layout, values: Values) -> Iterator[Values]:
    """One less of a size: a row, a column, a layer left out wherever the size is counted."""
    indices = [line.symbol.name for line in layout.lines if isinstance(line, Index)]
    for symbol in layout.structural:
        now = int(str(values[symbol.name])) if symbol.name in values else 0
        for drop in range(now if now > 1 else 0):
            smaller = {**values, symbol.name: str(now - 1)}
            for line in layout.matrices:
                smaller[line.symbol.name] = _without(line, symbol, drop, values[line.symbol.name])
            yield smaller
            for index in indices:
                if index in values and index != symbol.name:
                    yield {**smaller, index: str(int(str(values[index])) - 1)}


def _without(line: Matrix | Layers, symbol: Any, drop: int, value: Any) -> Any:
    if isinstance(line.symbol, LayerFamily):
        value = _but(value, drop) if line.symbol.length == symbol else value
        if line.symbol.width == symbol:
            value = [[_but(row, drop) for row in _but(member, drop)] for member in value]
        return value
    rows, cols = line.symbol.shape
    value = _but(value, drop) if rows == symbol else value
    return [_but(row, drop) for row in value] if cols == symbol else value


def _but(items: list[Any], drop: int) -> list[Any]:
    return items[:drop] + items[drop + 1 :]


def _mapped(value: Any, change: Callable[[Fraction], Fraction]) -> Any:
    return str(change(Fraction(value))) if isinstance(value, str) else [_mapped(item, change) for item in value]


def _drawn(layout: Layout) -> list[str]:
    """Names whose values may be changed freely: matrices and real numbers."""
    return [line.symbol.name for line in layout.lines if isinstance(line, (Matrix, Layers, Real))]


def _rounded(layout: Layout, values: Values) -> Iterator[Values]:
    """All numbers to a common small denominator, as they are and after dividing each symbol by its largest entry."""
    names = [name for name in _drawn(layout) if name in values]
    largest = {n: max((abs(x) for x in numbers(values[n])), default=Fraction(1)) or Fraction(1) for n in names}
    for bottom in DENOMINATORS:
        for scale in (dict.fromkeys(names, Fraction(1)), largest):
            yield values | {n: _to_grid(values[n], scale[n], bottom) for n in names}


def _to_grid(value: Any, scale: Fraction, bottom: int) -> Any:
    def nearest(x: Fraction) -> Fraction:
        return Fraction(round(x / scale * bottom), bottom)

    return _mapped(value, nearest)


def _rescaled(layout: Layout, values: Values) -> Iterator[Values]:
    """Each symbol divided or multiplied by a power of two, or by 3 or 5."""
    for name in _drawn(layout):
        for factor in (2**64, 2**8, 2, 3, 5):
            for f in (Fraction(1, factor), Fraction(factor)):
                yield values | {name: _mapped(values[name], f.__mul__)}


def _simpler_scalars(layout: Layout, values: Values) -> Iterator[Values]:
    names = [
        line.symbol.name for line in layout.lines if isinstance(line, (Real, Index)) and line.symbol.name in values
    ]
    for name in names:
        now = Fraction(str(values[name]))
        for new in (0, 1, -1, 2, Fraction(1, 2), round(now), Fraction(round(4 * now), 4), now / 2, now - 1):
            if new != now:
                yield values | {name: str(Fraction(new))}


def _simpler_entries(layout: Layout, values: Values) -> Iterator[Values]:
    """One entry at a time: zero, the nearest whole number, its sign, half of it."""
    for line in layout.matrices:
        name = line.symbol.name
        flat = list(numbers(values[name]))
        for place, x in enumerate(flat):
            for new in dict.fromkeys(
                (Fraction(0), Fraction(round(x)), Fraction((x > 0) - (x < 0)), Fraction(round(x / 2)))
            ):
                if new != x:
                    yield values | {name: _replaced(values[name], iter([*flat[:place], new, *flat[place + 1 :]]))}


def _replaced(value: Any, flat: Iterator[Fraction]) -> Any:
    return str(next(flat)) if isinstance(value, str) else [_replaced(item, flat) for item in value]
