"""What a statement asks to be drawn: sizes fixed for a batch, symbols drawn for each instance, indices enumerated.

Hypotheses that a random draw would almost never satisfy are recognised here, so that the sampler can construct them:
a prescribed rank, a symbol equal to an expression, a symmetric matrix, orthonormal rows or columns.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.matrices.expressions import Identity, MatrixSymbol, Transpose

from verify.formula.vocabulary import CausalSoftmax, Exp, LayerFamily, Log, LogSumExp, Rank, Softmax
from verify.model.statement import Assume, Declared, Index, Layers, Let, Matrix, Real, Size, Statement, symbols_of

SMALL, MIDDLE, LARGE = 4, 8, 32
MOST_WORK = 1 << 22
"""Multiplications for one instance, about, beyond which sizes are not drawn."""
LONGEST, WIDEST = 6, 12
"""Largest length and width of a family."""
COUNTED, MOST_COUNTED = 64, 14
"""Usual largest value of a size that is no number of rows or columns, and the exponent of two of the largest one."""
CANDIDATES = 400


@dataclass(frozen=True)
class RankRule:
    """A hypothesis Rank(M) = bound, or <= bound where not ``equal``."""

    bound: sp.Expr
    equal: bool


@dataclass(frozen=True)
class SizePool:
    """Admissible sizes by magnitude, each in increasing order of their sum."""

    small: tuple[tuple[int, ...], ...]
    middle: tuple[tuple[int, ...], ...]
    large: tuple[tuple[int, ...], ...]

    def all(self) -> tuple[tuple[int, ...], ...]:
        return self.small + self.middle + self.large


class Layout:
    """A statement made ready for drawing. Abbreviations are expanded; nothing here depends on a seed."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.conclusions: tuple[Any, ...] = tuple(statement.expand(formula) for formula in statement.says)
        self.lines: tuple[Declared, ...] = tuple(
            self._expand(line) for line in statement.given if not isinstance(line, Let)
        )

    def _expand(self, line: Declared) -> Declared:
        expand = self.statement.expand
        match line:
            case Assume():
                return Assume(name=line.name, formula=expand(line.formula))
            case Index():
                return Index(symbol=line.symbol, low=expand(line.low), high=expand(line.high))
            case Real():
                low, high = (None if end is None else expand(end) for end in (line.low, line.high))
                return Real(symbol=line.symbol, low=low, high=high, open=line.open)
            case _:
                return line

    # --- sizes -------------------------------------------------------------------------------------------

    @cached_property
    def matrices(self) -> tuple[Matrix | Layers, ...]:
        return tuple(line for line in self.lines if isinstance(line, (Matrix, Layers)))

    @cached_property
    def structural(self) -> tuple[sp.Symbol, ...]:
        """Symbols that fix the shapes of a batch: all sizes, and the indices that stand in a shape."""
        in_shapes = set().union(*(symbols_of(e) for line in self.matrices for e in line.expressions()), set())
        found = [line.symbol for line in self.lines if isinstance(line, Size)]
        found += [line.symbol for line in self.lines if isinstance(line, Index) and line.symbol in in_shapes]
        return tuple(found)

    @cached_property
    def size_conditions(self) -> tuple[Any, ...]:
        """Everything that restricts the structural symbols alone, as relations."""
        names = set(self.structural)
        conditions: list[Any] = []
        for line in self.lines:
            if isinstance(line, Assume) and symbols_of(line.formula) <= names:
                conditions.append(line.formula)
            elif isinstance(line, Size):
                conditions.append(sp.Ge(line.symbol, line.low, evaluate=False))
            elif isinstance(line, Index) and line.symbol in names:
                ends = ((line.low, line.symbol), (line.symbol, line.high))
                conditions += [sp.Le(a, b, evaluate=False) for a, b in ends if symbols_of(a) | symbols_of(b) <= names]
            elif isinstance(line, Index) and symbols_of(line.low) | symbols_of(line.high) <= names:
                conditions.append(sp.Le(line.low, line.high, evaluate=False))
        for symbol, rule in self.rank_rules.items():
            if rule.equal and symbols_of(rule.bound) <= names:
                conditions += [sp.Le(rule.bound, length, evaluate=False) for length in symbol.shape]
        return tuple(conditions)

    @cached_property
    def sizes(self) -> SizePool:
        """Admissible sizes, found by trying; empty where no sizes up to 32 satisfy the hypotheses on sizes."""
        draw = random.Random(0)  # noqa: S311 (sizes to try, not secrets)
        small = self._admissible(self._grid(3, draw))
        middle = self._admissible(self._random(1, MIDDLE, 250, draw))
        large = self._admissible(self._random(1, LARGE, 120 if self.matrices else 3 * CANDIDATES, draw))
        if len(small) < 8:
            small = self._admissible(itertools.chain(small, self._random(1, SMALL + 2, CANDIDATES, draw)))
        middle, large = ([s for s in part if self.work(s) <= MOST_WORK] for part in (middle, large))
        seen = set(small)
        middle = [s for s in middle if s not in seen]
        large = [s for s in large if s not in seen and max(s, default=0) > MIDDLE]
        return SizePool(tuple(small), tuple(middle), tuple(large))

    def _grid(self, top: int, draw: random.Random) -> Iterator[tuple[int, ...]]:
        width = len(self.structural)
        if top**width <= 2 * CANDIDATES:
            return itertools.product(range(1, top + 1), repeat=width)
        return self._random(1, top, CANDIDATES, draw)

    def _random(self, low: int, high: int, count: int, draw: random.Random) -> Iterator[tuple[int, ...]]:
        """Random sizes; a third have all coordinates equal to one of two values, since equalities matter."""
        tops = [
            high if s in self._dimensions else max(high, COUNTED) if high == LARGE else high for s in self.structural
        ]
        lows = [
            max([low, *(line.low for line in self.lines if isinstance(line, Size) and line.symbol == s)])
            for s in self.structural
        ]
        tops = [min(top, self._family_tops.get(symbol, top)) for symbol, top in zip(self.structural, tops, strict=True)]
        for number in range(count):
            sizes = [draw.randint(a, max(a, b)) for a, b in zip(lows, tops, strict=True)]
            if high == LARGE and number % 2:  # counts that are no dimensions also come much larger
                sizes = [
                    value if symbol in self._dimensions else max(low, int(2 ** draw.uniform(0, MOST_COUNTED)))
                    for symbol, value, low in zip(self.structural, sizes, lows, strict=True)
                ]
            if high == LARGE and number % 2:  # counts that are no dimensions also come much larger
                sizes = [
                    value if symbol in self._dimensions else max(low, int(2 ** draw.uniform(0, MOST_COUNTED)))
                    for symbol, value, low in zip(self.structural, sizes, lows, strict=True)
                ]
            if number % 3 == 0 and sizes:
                pair = draw.choices(sizes, k=2)
                sizes = [draw.choice(pair) for _ in sizes]
            yield tuple(sizes)

    @cached_property
    def _family_tops(self) -> dict[Any, int]:
        families = [line.symbol for line in self.lines if isinstance(line, Layers)]
        return {family.width: WIDEST for family in families} | {family.length: LONGEST for family in families}

    @cached_property
    def _dimensions(self) -> set[sp.Basic]:
        return set().union(*(symbols_of(e) for line in self.matrices for e in line.expressions()), set())

    def _admissible(self, candidates: Iterator[tuple[int, ...]]) -> list[tuple[int, ...]]:
        found = {c for c in (self._unify(c) for c in candidates) if self.admits(c)}
        return sorted(found, key=lambda c: (sum(c), c))

    def _unify(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """Applies hypotheses of the form size = expression, which guessing would seldom meet."""
        value = dict(zip(self.structural, sizes, strict=True))
        for formula in self.size_conditions:
            if isinstance(formula, sp.Eq):
                left, right = formula.args
                symbol, other = (left, right) if left in value else (right, left)
                result = (
                    sp.sympify(other).xreplace({s: sp.Integer(v) for s, v in value.items()})
                    if symbol in value
                    else None
                )
                if result is not None and result.is_Integer and result.is_positive:
                    value[symbol] = int(result)
        return tuple(value.values())

    @cached_property
    def _size_tests(self) -> tuple[Any, ...]:
        return tuple(sp.lambdify(list(self.structural), c, modules="math") for c in self.size_conditions)

    def admits(self, sizes: tuple[int, ...]) -> bool:
        """Whether these values of the structural symbols satisfy the hypotheses on sizes alone."""
        return all(bool(test(*sizes)) for test in self._size_tests)

    def shape(self, line: Matrix | Layers, sizes: dict[sp.Symbol, int]) -> tuple[int, ...]:
        """(rows, cols) of a matrix, (length, width, width) of a family."""
        number = {s: sp.Integer(v) for s, v in sizes.items()}
        symbol = line.symbol
        want = (symbol.length, symbol.width, symbol.width) if isinstance(symbol, LayerFamily) else symbol.shape
        return tuple(int(sp.sympify(e).xreplace(number)) for e in want)

    def entries(self, sizes: dict[sp.Symbol, int]) -> int:
        """How many matrix entries one instance has."""
        return sum(math.prod(self.shape(line, sizes)) for line in self.matrices)

    @cached_property
    def _shapes(self) -> tuple[tuple[Any, Any, Any], ...]:
        """(how many, rows, cols) of each kind of matrix that an evaluation meets, products and the like included."""
        formulas = (*self.conclusions, *(line.formula for line in self.assumptions))
        nodes = {node for formula in formulas for node in sp.preorder_traversal(formula)}
        one = sp.Integer(1)
        found = {(one, *map(sp.sympify, node.shape)) for node in nodes if getattr(node, "is_Matrix", False)}
        for line in self.matrices:
            length, *shape = (
                (one, *line.symbol.shape)
                if isinstance(line, Matrix)
                else (line.symbol.length, line.symbol.width, line.symbol.width)
            )
            found.add((length, *map(sp.sympify, shape)))
        return tuple(sorted(found, key=str))

    @cached_property
    def _work(self) -> Any:
        each = [count * sp.Max(rows, cols) * sp.Min(rows, cols) ** 2 for count, rows, cols in self._shapes]
        return sp.lambdify(list(self.structural), sp.Add(*each), modules="math")

    def work(self, sizes: tuple[int, ...]) -> int:
        """Multiplications of one SVD of every kind of matrix that the evaluation of one instance meets, about."""
        return int(self._work(*sizes))

    # --- hypotheses that are constructed ------------------------------------------------------------------

    @cached_property
    def rank_rules(self) -> dict[MatrixSymbol, RankRule]:
        """Matrices whose rank a hypothesis prescribes."""
        rules: dict[MatrixSymbol, RankRule] = {}
        for line in self.assumptions:
            formula = line.formula
            for rank, bound in (formula.args, formula.args[::-1]):
                if not isinstance(rank, Rank) or not isinstance(rank.args[0], MatrixSymbol) or bound.has(rank.args[0]):
                    continue
                upper = formula.lts == rank if isinstance(formula, (sp.Le, sp.Ge)) else False
                if isinstance(formula, sp.Eq) or upper:
                    rules.setdefault(rank.args[0], RankRule(bound, isinstance(formula, sp.Eq)))
        return rules

    @cached_property
    def defined(self) -> dict[str, tuple[sp.Basic, sp.Basic]]:
        """Hypotheses ``symbol = expression`` by name: the sampler computes the symbol."""
        drawn = {line.symbol for line in self.lines if isinstance(line, (Matrix, Index, Real))} - set(self.structural)
        rules: dict[str, tuple[sp.Basic, sp.Basic]] = {}
        taken: set[sp.Basic] = set()
        for line in self.assumptions:
            if not isinstance(line.formula, sp.Eq):
                continue
            for symbol, value in (line.formula.args, line.formula.args[::-1]):
                if symbol in drawn - taken and symbol not in symbols_of(value):
                    rules[line.name] = (symbol, value)
                    taken.add(symbol)
                    break
        return rules

    @cached_property
    def symmetric(self) -> set[sp.Basic]:
        """Matrices M with the hypothesis M = M'."""
        return {
            a
            for f in self._equations
            for a, b in (f.args, f.args[::-1])
            if isinstance(a, MatrixSymbol) and isinstance(b, Transpose) and b.arg == a
        }

    @cached_property
    def orthonormal(self) -> set[sp.Basic]:
        """Matrices M with the hypothesis M'M = I or MM' = I."""
        return {
            symbol
            for f in self._equations
            for product, unit in (f.args, f.args[::-1])
            if isinstance(unit, Identity)
            for symbol in product.free_symbols
            if isinstance(symbol, MatrixSymbol) and product in (symbol.T * symbol, symbol * symbol.T)
        }

    @cached_property
    def assumptions(self) -> tuple[Assume, ...]:
        """Hypotheses that are not about sizes alone."""
        names = set(self.structural)
        return tuple(line for line in self.lines if isinstance(line, Assume) and not symbols_of(line.formula) <= names)

    @cached_property
    def sizes_and_indices(self) -> tuple[sp.Symbol, ...]:
        """Symbols whose values are whole numbers."""
        return tuple(line.symbol for line in self.lines if isinstance(line, (Size, Index)))

    @cached_property
    def hypotheses(self) -> tuple[Any, ...]:
        """Every hypothesis beyond those on sizes, ranges included, as relations in the expanded symbols."""
        found: list[Any] = []
        for line in self.lines:
            if isinstance(line, (Index, Real)) and line.symbol not in self.structural:
                weaker = sp.Lt if isinstance(line, Real) and line.open else sp.Le
                found += [weaker(line.low, line.symbol, evaluate=False)] if line.low is not None else []
                found += [weaker(line.symbol, line.high, evaluate=False)] if line.high is not None else []
        return (*found, *(line.formula for line in self.assumptions))

    @property
    def _equations(self) -> Iterator[Any]:
        return (line.formula for line in self.assumptions if isinstance(line.formula, sp.Eq))

    # --- indices that are enumerated -----------------------------------------------------------------------

    @cached_property
    def axes(self) -> tuple[Index, ...]:
        """At most two indices, bounded by sizes alone, on which nothing else that is drawn depends."""
        constructed = set().union(
            *(symbols_of(rule.bound) for rule in self.rank_rules.values()),
            *(symbols_of(value) | {symbol} for symbol, value in self.defined.values()),
            set(),
        )
        needed = set().union(
            *(symbols_of(e) for line in self.lines if not isinstance(line, Assume) for e in line.expressions()), set()
        )
        names = set(self.structural)
        return tuple(
            line
            for line in self.lines
            if isinstance(line, Index)
            and line.symbol not in names | needed | constructed
            and symbols_of(line.low) | symbols_of(line.high) <= names
        )[:2]

    @cached_property
    def matrix_axes(self) -> tuple[Index, ...]:
        """Enumerated indices inside a matrix, as k in a truncation: each of their values costs a matrix of its own."""
        inside: set[sp.Basic] = set()
        for conclusion in self.conclusions:
            for node in sp.preorder_traversal(conclusion):
                if getattr(node, "is_Matrix", False):
                    inside |= symbols_of(node)
        return tuple(line for line in self.axes if line.symbol in inside)

    @cached_property
    def exponentiates(self) -> bool:
        """Whether entries are exponentiated: then large entries leave the range of float64, or saturate it."""
        formulas = (*self.conclusions, *(line.formula for line in self.assumptions))
        return any(formula.has(Softmax, CausalSoftmax, Exp, Log, LogSumExp, sp.exp) for formula in formulas)

    @cached_property
    def reads_rank(self) -> bool:
        """Whether a rank stands in the statement: then float64 must be able to tell it."""
        formulas = (*self.conclusions, *(line.formula for line in self.assumptions))
        return any(formula.has(Rank) for formula in formulas)

    @property
    def is_fixed(self) -> bool:
        """Whether the sizes determine the whole instance: then one instance a recipe is all there is."""
        rest = [line for line in self.lines if isinstance(line, (Matrix, Layers, Index, Real))]
        free = {line.symbol for line in rest} - set(self.structural) - {line.symbol for line in self.axes}
        return not free
