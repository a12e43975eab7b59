"""The ball reader: certified enclosures in Arb at a given precision.

A value that is exactly rational is computed in rationals and rounded once, so that ranks, zeros and ties of given
matrices are exact; everything else is interval arithmetic. Where nothing can be said (a division by an enclosure of
0, a truncation that may not be unique) the reader raises Undetermined with the reason: no NaN ever reaches a
comparison.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

from flint import arb, arb_mat, fmpq, fmpq_mat, fmpz_poly

from verify.formula.arithmetic import Arithmetic, NotExact, Undetermined
from verify.formula.assignment import Assignment, to_fmpq
from verify.formula.intervals import GUARD, frobenius, interval, nonnegative, precision, root, square
from verify.formula.rational import Rationals
from verify.formula.singular import Spectrum, enclose


def evaluate(expr: Any, assignment: Assignment, bits: int = 64) -> Any:
    """An ``arb`` or ``arb_mat`` that certainly contains the value of ``expr``.

    Raises Undetermined where the value does not exist, is not unique, or is not enclosed at this precision;
    FormulaError for a node that the reader does not know.
    """
    return Balls.under(assignment, bits).enclosure(expr)


def whole_between(low: int, high: int) -> Any:
    """The enclosure of an integer known to lie in [low, high]; the radius is rounded up, by less than 1."""
    return arb(fmpq(low + high, 2), fmpq(high - low, 2)) if low < high else arb(low)


class Balls(Arithmetic):
    """Numbers are arb, matrices arb_mat."""

    name = "ball"

    def __init__(self, assignment: Assignment, bits: int) -> None:
        super().__init__(assignment)
        self.bits = bits
        self.exact = Rationals.under(assignment)
        self._spectra: dict[Any, Spectrum] = {}

    @classmethod
    def under(cls, assignment: Assignment, bits: int) -> Balls:
        """The reader of this assignment at this precision, with what it has computed so far."""
        found: Balls | None = assignment.memo.get((cls, bits))
        return found if found is not None else assignment.memo.setdefault((cls, bits), cls(assignment, bits))

    def enclosure(self, expr: Any) -> Any:
        """As :func:`evaluate`; keeps flint's precision to itself."""
        with precision(self.bits + GUARD):
            return self._finite(expr, self.value(expr))

    def _finite(self, node: Any, value: Any) -> Any:
        entries = value.entries() if isinstance(value, arb_mat) else [value]
        if not all(x.is_finite() for x in entries):
            raise Undetermined(f"{node} is not enclosed by a finite interval at {self.bits} bits")
        return value

    def _read(self, expr: Any) -> Any:
        exact = self._exactly(expr)
        if exact is None:
            return self._finite(expr, super()._read(expr))
        return arb(exact) if isinstance(exact, fmpq) else arb_mat(exact)

    def _exactly(self, expr: Any) -> Any:
        """The rational value, or None where there is none."""
        self.exact._bound = self._bound
        try:
            return self.exact.value(expr)
        except NotExact:
            return None

    # --- numbers ------------------------------------------------------------------------------------------

    def rational(self, value: Any) -> Any:
        return arb(value) if isinstance(value, int) else arb(to_fmpq(value))

    def given(self, value: Any) -> Any:
        if isinstance(value, fmpq):
            return arb(value)
        if isinstance(value, fmpq_mat):
            return arb_mat(value)
        if value.is_Matrix:
            return self.make([[self.value(x) for x in row] for row in value.tolist()])
        return self.value(value)

    def make(self, rows: list[list[Any]]) -> Any:
        return arb_mat(rows)

    def shape(self, matrix: Any) -> tuple[int, int]:
        return matrix.nrows(), matrix.ncols()

    def transpose(self, matrix: Any) -> Any:
        return matrix.transpose()

    def scale(self, number: Any, matrix: Any) -> Any:
        return matrix * number

    def integer(self, expr: Any) -> int:
        exact = self._exactly(expr)
        if exact is not None:
            if exact.q != 1:
                raise Undetermined(f"{expr} = {exact} is not a whole number")
            return int(exact.p)
        whole = self.value(expr).unique_fmpz() if expr.is_integer else None
        if whole is None:
            raise Undetermined(f"{expr} is not determined as a whole number at {self.bits} bits")
        return int(whole)

    def divide(self, left: Any, right: Any) -> Any:
        if right.contains(0):
            raise Undetermined("a division by a number that is not told from 0")
        return left / right

    def power(self, base: arb, exponent: arb, node: Any) -> Any:
        if node.exp.is_Rational and node.exp.q == 2:
            return self._root_power(base, int(node.exp.p), node)
        if base > 0:
            return base**exponent
        if base.is_zero() and exponent > 0:
            return arb(0)
        raise Undetermined(node, "a fractional power of a number that is not certainly positive")

    def _root_power(self, base: arb, odd: int, node: Any) -> Any:
        if not base >= 0 and not node.base.is_nonnegative:
            raise Undetermined(node, "the square root of a number that is not told from a negative one")
        value = root(nonnegative(base)) ** abs(odd)
        return value if odd > 0 else self.divide(arb(1), value)

    def inverse(self, matrix: Any) -> Any:
        try:
            return matrix.inv()
        except ZeroDivisionError:
            raise Undetermined("the inverse of a matrix that is not certainly regular") from None

    def determinant(self, matrix: Any) -> Any:
        return matrix.det()

    def read_Min(self, node: Any) -> Any:
        return reduce(lambda x, y: x.min(y), [self.value(a) for a in node.args])

    def read_Max(self, node: Any) -> Any:
        return reduce(lambda x, y: x.max(y), [self.value(a) for a in node.args])

    def read_Abs(self, node: Any) -> Any:
        return abs(self.value(node.args[0]))

    def read_floor(self, node: Any) -> Any:
        return self.value(node.args[0]).floor()

    def read_ceiling(self, node: Any) -> Any:
        return self.value(node.args[0]).ceil()

    def read_exp(self, node: Any) -> Any:
        return self.value(node.args[0]).exp()

    def read_log(self, node: Any) -> Any:
        return self._log(node, self.value(node.args[0]))

    @staticmethod
    def _log(node: Any, x: arb) -> Any:
        if not x > 0:
            raise Undetermined(node, "the logarithm of a number that is not certainly positive")
        return x.log()

    def read_Pi(self, node: Any) -> Any:
        return arb.pi()

    def read_Exp1(self, node: Any) -> Any:
        return arb(1).exp()

    def read_ComplexRootOf(self, node: Any) -> Any:
        """sympy's indexed root of a polynomial whose roots are all real, in increasing order."""
        polynomial = fmpz_poly([int(c) for c in reversed(node.poly.all_coeffs())])
        roots: list[Any] = polynomial.complex_roots()
        return sorted((pair[0].real for pair in roots), key=lambda x: x.mid())[node.index]

    # --- entrywise and rowwise functions ------------------------------------------------------------------

    def read_Exp(self, node: Any) -> Any:
        return self.make([[x.exp() for x in row] for row in self.rows(self.value(node.args[0]))])

    def read_Log(self, node: Any) -> Any:
        return self.make([[self._log(node, x) for x in row] for row in self.rows(self.value(node.args[0]))])

    def read_Softmax(self, node: Any) -> Any:
        return self.make([softmax(row) for row in self.rows(self.value(node.args[0]))])

    def read_CausalSoftmax(self, node: Any) -> Any:
        rows = self.rows(self.value(node.args[0]))
        if len(rows) != len(rows[0]):
            raise Undetermined(node, "causal attention needs a square matrix")
        blank = [arb(0)] * len(rows)
        return self.make([softmax(row[: i + 1]) + blank[i + 1 :] for i, row in enumerate(rows)])

    def read_LogSumExp(self, node: Any) -> Any:
        return self.make([[_log_sum_exp(row)] for row in self.rows(self.value(node.args[0]))])

    # --- singular values ----------------------------------------------------------------------------------

    def spectrum(self, matrix: Any) -> Spectrum:
        """Certified singular triples of a matrix expression, at this reader's precision."""
        key = self._key(matrix)
        if key not in self._spectra:
            self._spectra[key] = enclose(self.value(matrix))
        return self._spectra[key]

    def singular_values(self, matrix: Any) -> list[arb]:
        """All min(m, n) of them in decreasing order; zeros and ties exact where the matrix is rational."""
        if self._exactly(matrix) is None:
            return list(self.spectrum(matrix).values)
        return self.exact.roots(matrix).values(self.bits)

    def _index(self, node: Any) -> int:
        i = self.integer(node.args[1])
        if i < 1:
            raise Undetermined(node, "singular values are counted from 1")
        return i

    def read_Sigma(self, node: Any) -> Any:
        i, values = self._index(node), self.singular_values(node.args[0])
        return values[i - 1] if i <= len(values) else arb(0)

    def read_SpectralNorm(self, node: Any) -> Any:
        return self.singular_values(node.args[0])[0]

    def read_NuclearNorm(self, node: Any) -> Any:
        return reduce(add, self.singular_values(node.args[0]))

    def read_FrobeniusNorm(self, node: Any) -> Any:
        return frobenius(self.value(node.args[0]))

    def whole_power(self, base: Any, exponent: int) -> Any:
        value = self.value(base)
        return square(value) ** (exponent // 2) if isinstance(value, arb) and exponent % 2 == 0 else value**exponent

    def read_Rank(self, node: Any) -> Any:
        """Between the count of singular values certainly positive and the smaller size: an upper bound needs exact
        arithmetic.
        """
        positive = sum(bool(v > 0) for v in self.singular_values(node.args[0]))
        return whole_between(positive, min(self.shape(self.value(node.args[0]))))

    def read_CountAbove(self, node: Any) -> Any:
        return whole_between(*self._above(node))

    def _above(self, node: Any) -> tuple[int, int]:
        t, values = self.value(node.args[1]), self.singular_values(node.args[0])
        return sum(bool(v > t) for v in values), sum(not v <= t for v in values)

    def _shares(self, node: Any, power: int) -> tuple[list[arb], arb]:
        """sigma_i^power and their sum, certainly positive."""
        terms = [v**power for v in self.singular_values(node.args[0])]
        total = reduce(add, terms)
        if not total > 0:
            raise Undetermined(node, "has no value at a zero matrix, and this one is not told from zero")
        return terms, total

    def read_Energy(self, node: Any) -> Any:
        return self._energies(node)[min(max(self.integer(node.args[1]), 0), len(self.singular_values(node.args[0])))]

    def _energies(self, node: Any) -> list[arb]:
        """Energy(W, k) for k = 0, 1, ...: head / (head + tail), so that a tail of exact zeros gives exactly 1."""
        terms, total = self._shares(node, 2)
        energies = [arb(0)]
        for k in range(1, len(terms) + 1):
            complete = all(t.is_zero() for t in terms[k:])
            energies.append(arb(1) if complete else (reduce(add, terms[:k]) / total).intersection(interval(0, 1)))
        return energies

    def read_ThresholdRank(self, node: Any) -> Any:
        tau, energies = self.value(node.args[1]), self._energies(node)
        possible = [k for k, e in enumerate(energies) if not e < tau]
        certain = [k for k, e in enumerate(energies) if e >= tau]
        if not possible or not certain:
            raise Undetermined(node, "no k certainly reaches the threshold")
        return whole_between(possible[0], certain[0])

    def read_EffectiveRank(self, node: Any) -> Any:
        return self._effective_rank(node, 2)

    def read_EffectiveRankL1(self, node: Any) -> Any:
        return self._effective_rank(node, 1)

    def _effective_rank(self, node: Any, power: int) -> Any:
        terms, total = self._shares(node, power)
        return reduce(add, [entropy_term(t / total) for t in terms]).exp()

    # --- truncation ---------------------------------------------------------------------------------------

    def read_Truncated(self, node: Any) -> Any:
        return self._kept(node, self.integer(node.args[1]))

    def _kept(self, node: Any, k: int) -> Any:
        if k < 0:
            raise Undetermined(f"{node}: cannot keep {k} singular triples")
        return self.spectrum(node.args[0]).truncated(k)

    def read_Thresholded(self, node: Any) -> Any:
        low, high = self._above(node)
        if low < high:
            raise Undetermined(f"{node}: sigma_{low + 1} is not told from the threshold at {self.bits} bits")
        return self._kept(node, low)

    def _pair(self, node: Any) -> tuple[arb_mat, arb_mat]:
        i = self._index(node)
        if i > min(self.shape(self.value(node.args[0]))):
            raise Undetermined(f"{node}: there is no singular vector {i}")
        return self.spectrum(node.args[0]).vectors(i)

    def read_LeftSingular(self, node: Any) -> Any:
        return self._pair(node)[0]

    def read_RightSingular(self, node: Any) -> Any:
        return self._pair(node)[1]


def softmax(row: list[arb]) -> list[arb]:
    """1 / sum_j exp(x_j - x_i): no overflow, and the same number is not enclosed twice."""
    return [
        1 / reduce(add, [arb(1) if i == j else (y - x).exp() for j, y in enumerate(row)]) for i, x in enumerate(row)
    ]


def _log_sum_exp(row: list[arb]) -> Any:
    most = max((x.mid() for x in row), key=float) if len(row) > 1 else arb(0)
    return row[0] if len(row) == 1 else most + reduce(add, [(x - most).exp() for x in row]).log()


def entropy_term(p: arb) -> Any:
    """-p log p for an enclosure of a number in [0, 1], with value 0 at 0.

    Concave with its maximum 1/e at 1/e: the least value lies at an end, the largest at an end or at 1/e.
    """
    low, high = p.lower(), p.upper()
    if low >= 1:
        return arb(0)
    if low > 0 and (p.rad() * 1024 < low) and not p.contains(arb(-1).exp()):
        return -p * p.log()
    ends = [arb(0) if x <= 0 else -x * x.log() for x in (low, high)]
    least = min(e.lower() for e in ends)
    peak = arb(-1).exp()
    most = max(e.upper() for e in ends) if high < peak or low > peak else peak.upper()
    return interval(max(least, arb(0)), most)


__all__ = ["Balls", "Undetermined", "evaluate"]
