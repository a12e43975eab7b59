"""The exact reader: values as sympy numbers.

Rationals are read by flint (``rational``); this module adds radicals, roots of polynomials, exponentials and
logarithms. Singular values are square roots of roots of the Gram matrix's characteristic polynomial. Every branch
rests on a decided sign (``signs``).
"""

from __future__ import annotations

from functools import reduce
from operator import add, mul
from typing import Any

import sympy as sp
from flint import fmpq

from verify.formula.arithmetic import Arithmetic, NotExact, Undetermined
from verify.formula.assignment import Assignment, to_fmpq, to_matrix, to_sympy
from verify.formula.balls import Balls
from verify.formula.gram import GramRoots
from verify.formula.intervals import precision
from verify.formula.rational import Rationals, raised
from verify.formula.signs import sign

LARGEST = 4
"""Irrational inverses, determinants and ranks are written out up to this size; beyond, balls are better."""
MOST_DISTINCT = 3
"""Irrational projectors are written out for this many distinct singular values; beyond, no sign would be decided."""
MOST_ENTRIES = 64
MOST_ROOT, MOST_EXPONENT = 64, 4096
"""Roots and powers up to these; sympy multiplies out a power with a long fraction in the exponent."""
MOST_POLYNOMIAL_BITS = 2048
"""Degree times the bits of the longest coefficient: beyond, sympy takes seconds to isolate one root."""


def evaluate(expr: Any, assignment: Assignment) -> Any:
    """The exact value of ``expr`` as a sympy number or immutable matrix.

    Raises NotExact where exact arithmetic does not reach, Undetermined where there is no definite value, FormulaError
    for a node that the reader does not know.
    """
    with precision(64):
        exact = Rationals.under(assignment)
        exact._bound = {}
        try:
            value = exact.value(expr)
        except NotExact:
            return Surds.under(assignment).value(expr)
        return to_sympy(value) if isinstance(value, fmpq) else to_matrix(value)


# --- the reader --------------------------------------------------------------------------------------------


class Surds(Arithmetic):
    """Numbers are sympy's, matrices its immutable dense ones."""

    name = "exact"

    @classmethod
    def under(cls, assignment: Assignment) -> Surds:
        found: Surds | None = assignment.memo.get(cls)
        return found if found is not None else assignment.memo.setdefault(cls, cls(assignment))

    def rational(self, value: Any) -> Any:
        return sp.Rational(value)

    def given(self, value: Any) -> Any:
        return to_sympy(value) if isinstance(value, fmpq) else self._few(to_matrix(value))

    def make(self, rows: list[list[Any]]) -> Any:
        return self._few(sp.ImmutableMatrix(rows))

    @staticmethod
    def _few(value: Any) -> Any:
        if value.is_Matrix and len(value) > MOST_ENTRIES:
            raise NotExact("a matrix with more than", MOST_ENTRIES, "entries is left to balls")
        return value

    @staticmethod
    def _small(matrix: Any) -> Any:
        if min(matrix.shape) > LARGEST:
            raise NotExact("an irrational matrix larger than", LARGEST, "is left to balls")
        return matrix

    def shape(self, matrix: Any) -> tuple[int, int]:
        return tuple(matrix.shape)

    def transpose(self, matrix: Any) -> Any:
        return matrix.T

    def scale(self, number: Any, matrix: Any) -> Any:
        return matrix * number

    def integer(self, expr: Any) -> int:
        value = self.value(expr)
        if value.is_Integer:
            return int(value)
        raise NotExact(f"{expr} = {value} is not seen to be a whole number")

    def _sign(self, number: Any) -> int:
        if number.free_symbols:
            raise NotExact(number, "has no definite sign")
        return sign(number)

    def divide(self, left: Any, right: Any) -> Any:
        if not right.free_symbols and sign(right) == 0:
            raise Undetermined("a division by zero")
        return left / right

    def power(self, base: Any, exponent: Any, node: Any) -> Any:
        if not base.free_symbols and not base.is_nonnegative and sign(base) < 0:
            raise Undetermined(node, "a fractional power of a negative number")
        if exponent.is_Rational and not (exponent.q <= MOST_ROOT and abs(exponent.p) <= MOST_EXPONENT):
            raise NotExact(node, "is left to balls: sympy would write the power out")
        return base**exponent

    def whole_power(self, base: Any, exponent: int) -> Any:
        value = self.value(base)
        if value.is_Rational:
            return to_sympy(raised(to_fmpq(value), exponent))
        if exponent > MOST_EXPONENT:
            raise NotExact("the power", exponent, "of an irrational number is left to balls")
        return value**exponent

    def inverse(self, matrix: Any) -> Any:
        if self._sign(self.determinant(matrix)) == 0:
            raise Undetermined("the inverse of a singular matrix")
        return matrix.adjugate() / self.determinant(matrix)

    def determinant(self, matrix: Any) -> Any:
        return self._small(matrix).det(method="berkowitz")

    def _largest(self, numbers: list[Any]) -> Any:
        return reduce(lambda x, y: x if self._sign(x - y) >= 0 else y, numbers)

    def read_Max(self, node: Any) -> Any:
        return self._largest([self.value(a) for a in node.args])

    def read_Min(self, node: Any) -> Any:
        return -self._largest([-self.value(a) for a in node.args])

    def read_Abs(self, node: Any) -> Any:
        x = self.value(node.args[0])
        return x if self._sign(x) >= 0 else -x

    def read_floor(self, node: Any) -> Any:
        return self._floor(node, self.value(node.args[0]))

    def read_ceiling(self, node: Any) -> Any:
        return -self._floor(node, -self.value(node.args[0]))

    def _floor(self, node: Any, x: Any) -> Any:
        for bits in (64, 256, 1024):
            whole = Balls(Assignment({}), bits).enclosure(x).floor().unique_fmpz()
            if whole is not None:
                return sp.Integer(int(whole))
        raise NotExact(node, "is not told from a whole number")

    def read_exp(self, node: Any) -> Any:
        return sp.exp(self.value(node.args[0]))

    def read_log(self, node: Any) -> Any:
        return self._log(node, self.value(node.args[0]))

    def _log(self, node: Any, x: Any) -> Any:
        if not x.free_symbols and sign(x) <= 0:
            raise Undetermined(node, "the logarithm of a number that is not positive")
        return sp.log(x)

    def read_NumberSymbol(self, node: Any) -> Any:
        return node

    def read_ComplexRootOf(self, node: Any) -> Any:
        return node

    # --- entrywise and rowwise functions ------------------------------------------------------------------

    def read_Exp(self, node: Any) -> Any:
        return self.value(node.args[0]).applyfunc(sp.exp)

    def read_Log(self, node: Any) -> Any:
        return self.value(node.args[0]).applyfunc(lambda x: self._log(node, x))

    def read_Softmax(self, node: Any) -> Any:
        return self.make([_softmax(row) for row in self.rows(self.value(node.args[0]))])

    def read_CausalSoftmax(self, node: Any) -> Any:
        rows = self.rows(self.value(node.args[0]))
        if len(rows) != len(rows[0]):
            raise Undetermined(node, "causal attention needs a square matrix")
        return self.make([_softmax(row[: i + 1]) + [sp.S.Zero] * (len(rows) - i - 1) for i, row in enumerate(rows)])

    def read_LogSumExp(self, node: Any) -> Any:
        return self.make([[sp.log(sp.Add(*map(sp.exp, row)))] for row in self.rows(self.value(node.args[0]))])

    # --- singular values ----------------------------------------------------------------------------------

    def squares(self, matrix: Any) -> list[Any]:
        """All min(m, n) squared singular values in decreasing order."""
        exact = Rationals.under(self.assignment)
        exact._bound = self._bound
        try:
            roots = exact.roots(matrix)
        except NotExact:
            return self._small_squares(self.value(matrix))
        return [algebraic(roots, r) for r in roots.at(64) for _ in range(r.multiplicity)]

    def _small_squares(self, m: Any) -> list[Any]:
        """For irrational entries: one row or column, two by the quadratic formula, or at most one entry in a line."""
        rows = self.rows(m)
        lines = [*rows, *(list(c) for c in zip(*rows, strict=True))]
        least = min(m.shape)
        if least == 1:
            return [sp.Add(*(x**2 for x in m))]
        if all(sum(x != 0 for x in line) <= 1 for line in lines):
            squares = [x**2 for x in m if x != 0]
            return self._decreasing(squares + [sp.S.Zero] * (least - len(squares)))
        if least > 2:
            raise NotExact(f"the singular values of an irrational {m.shape[0]} x {m.shape[1]} matrix")
        gram = m * m.T if m.shape[0] == 2 else m.T * m
        half = gram.trace() / 2
        root = sp.sqrt(sp.expand((gram[0, 0] - gram[1, 1]) ** 2 / 4 + gram[0, 1] ** 2))
        return [half + root, half - root]

    def _decreasing(self, numbers: list[Any]) -> list[Any]:
        left, ordered = list(numbers), []
        while left:
            most = self._largest(left)
            left.remove(most)
            ordered.append(most)
        return ordered

    def read_Sigma(self, node: Any) -> Any:
        i, squares = self.integer(node.args[1]), self.squares(node.args[0])
        if i < 1:
            raise Undetermined(node, "singular values are counted from 1")
        return sp.sqrt(squares[i - 1]) if i <= len(squares) else sp.S.Zero

    def read_SpectralNorm(self, node: Any) -> Any:
        return sp.sqrt(self.squares(node.args[0])[0])

    def read_NuclearNorm(self, node: Any) -> Any:
        return sp.Add(*map(sp.sqrt, self.squares(node.args[0])))

    def read_FrobeniusNorm(self, node: Any) -> Any:
        return sp.sqrt(sp.Add(*(x**2 for x in self.value(node.args[0]))))

    def read_Rank(self, node: Any) -> Any:
        """Gaussian elimination with decided pivots."""
        rows = self.rows(self._small(self.value(node.args[0])))
        rank = 0
        for j in range(len(rows[0])):
            at = next((i for i in range(rank, len(rows)) if self._sign(rows[i][j])), None)
            if at is None:
                continue
            rows[rank], rows[at] = rows[at], rows[rank]
            pivot = rows[rank]
            for i in range(rank + 1, len(rows)):
                factor = rows[i][j] / pivot[j]
                rows[i] = [sp.cancel(x - factor * y) for x, y in zip(rows[i], pivot, strict=True)]
            rank += 1
            if rank == len(rows):
                break
        return sp.Integer(rank)

    def read_CountAbove(self, node: Any) -> Any:
        return sp.Integer(self._above(node))

    def _above(self, node: Any) -> int:
        t, squares = self.value(node.args[1]), self.squares(node.args[0])
        return sum(self._sign(sp.sqrt(s) - t) > 0 for s in squares)

    def _shares(self, node: Any, squares: list[Any]) -> list[Any]:
        total = sp.Add(*squares)
        if self._sign(total) == 0:
            raise Undetermined(node, "has no value at a zero matrix")
        return [s / total for s in squares]

    def read_Energy(self, node: Any) -> Any:
        k = self.integer(node.args[1])
        return sp.Add(*self._shares(node, self.squares(node.args[0]))[: max(k, 0)])

    def read_ThresholdRank(self, node: Any) -> Any:
        tau, shares = self.value(node.args[1]), self._shares(node, self.squares(node.args[0]))
        for k in range(len(shares) + 1):
            if self._sign(sp.Add(*shares[:k]) - tau) >= 0:
                return sp.Integer(k)
        raise Undetermined(f"{node}: no k reaches the threshold {tau}")

    def read_EffectiveRank(self, node: Any) -> Any:
        return self._effective_rank(node, self.squares(node.args[0]))

    def read_EffectiveRankL1(self, node: Any) -> Any:
        return self._effective_rank(node, [sp.sqrt(s) for s in self.squares(node.args[0])])

    def _effective_rank(self, node: Any, terms: list[Any]) -> Any:
        shares = [p for p in self._shares(node, terms) if self._sign(p) > 0]
        return sp.exp(-sp.Add(*(p * sp.log(p) for p in shares)))

    # --- truncation ---------------------------------------------------------------------------------------

    def read_Truncated(self, node: Any) -> Any:
        return self._kept(node, self.integer(node.args[1]))

    def read_Thresholded(self, node: Any) -> Any:
        return self._kept(node, self._above(node))

    def _kept(self, node: Any, k: int) -> Any:
        """Through the projector sum_a prod_b (G - b)/(a - b), a over the kept and b over all other distinct
        eigenvalues of G.
        """
        m, squares = self.value(node.args[0]), self.squares(node.args[0])
        if k < 0:
            raise Undetermined(f"{node}: cannot keep {k} singular triples")
        if k == 0:
            return m * 0
        if k >= len(squares) or self._sign(squares[k]) == 0:
            return m
        if self._sign(squares[k - 1] - squares[k]) == 0:
            raise Undetermined(f"{node}: sigma_{k} = sigma_{k + 1}, so the truncation is not unique")
        distinct = self._distinct(squares)
        if len(distinct) > MOST_DISTINCT:
            raise NotExact(node, "is left to balls")
        wide = m.shape[0] <= m.shape[1]
        gram = m * m.T if wide else m.T * m
        kept = [a for a in distinct if self._sign(a - squares[k]) > 0]
        one = sp.eye(len(squares))
        projector = reduce(
            add, [reduce(mul, [(gram - one * b) / (a - b) for b in distinct if b is not a]) for a in kept]
        )
        return sp.ImmutableMatrix(projector * m if wide else m * projector)

    def _distinct(self, decreasing: list[Any]) -> list[Any]:
        kept = decreasing[:1]
        for x in decreasing[1:]:
            if self._sign(kept[-1] - x):
                kept.append(x)
        return kept

    def read_LeftSingular(self, node: Any) -> Any:
        raise NotExact(node, "is left to balls")

    read_RightSingular = read_LeftSingular


def _softmax(row: list[Any]) -> list[Any]:
    total = sp.Add(*map(sp.exp, row))
    return [sp.exp(x) / total for x in row]


def algebraic(roots: GramRoots, root: Any) -> Any:
    """A root of the Gram matrix's characteristic polynomial: rational, quadratic, or sympy's indexed root.

    Raises NotExact where the polynomial is too long for sympy.
    """
    if root.rational is not None:
        return to_sympy(root.rational)
    siblings = [r for r in roots.at(64) if r.factor == root.factor]
    coefficients = [int(c) for c in root.factor.coeffs()]
    if len(coefficients) == 3:
        c, b, a = coefficients
        radical = sp.sqrt(b * b - 4 * a * c) / abs(2 * a)
        return -sp.Rational(b, 2 * a) + (radical if siblings[0] is root else -radical)
    if (len(coefficients) - 1) * max(abs(c).bit_length() for c in coefficients) > MOST_POLYNOMIAL_BITS:
        raise NotExact("the root of a polynomial with long coefficients is left to balls")
    x = sp.Symbol("x")
    index = len(siblings) - 1 - next(i for i, r in enumerate(siblings) if r is root)
    return sp.CRootOf(sp.Poly(coefficients[::-1], x), index, radicals=False)


__all__ = ["NotExact", "Surds", "evaluate"]
