"""The fast half of the exact reader: formulas whose value is rational, in flint's rationals.

Singular values enter where the algebra of the Gram matrix keeps the result rational: ranks, norms that are squares,
counts, truncations whose projector is rational. Elsewhere NotExact: sympy or balls take over.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq, fmpq_mat

from verify.formula.arithmetic import Arithmetic, NotExact, Undetermined
from verify.formula.assignment import Assignment, to_fmpq
from verify.formula.gram import GramRoots
from verify.formula.vocabulary import FrobeniusNorm, Sigma, SpectralNorm

MOST_POWER_BITS = 1 << 18
"""Powers that would be longer than this are left to balls: a float's neighbour to the power of another never ends."""


def raised(base: fmpq, exponent: int) -> fmpq:
    """``base ** exponent`` for an exponent of at least 0. Raises NotExact where the result would be too long."""
    if max(int(base.p).bit_length(), int(base.q).bit_length()) * exponent > MOST_POWER_BITS and abs(base) != 1:
        raise NotExact("a power of", MOST_POWER_BITS, "bits or more is left to balls")
    return base**exponent


class Rationals(Arithmetic):
    """Numbers are fmpq, matrices fmpq_mat."""

    name = "rational"

    @classmethod
    def under(cls, assignment: Assignment) -> Rationals:
        """The reader of this assignment, with what it has computed so far."""
        found: Rationals | None = assignment.memo.get(cls)
        return found if found is not None else assignment.memo.setdefault(cls, cls(assignment))

    # --- numbers ------------------------------------------------------------------------------------------

    def rational(self, value: Any) -> Any:
        return fmpq(value) if isinstance(value, int) else to_fmpq(value)

    def given(self, value: Any) -> Any:
        if isinstance(value, (fmpq, fmpq_mat)):
            return value
        raise NotExact("a given value is irrational")

    def make(self, rows: list[list[Any]]) -> Any:
        return fmpq_mat(len(rows), len(rows[0]), [x for row in rows for x in row])

    def shape(self, matrix: Any) -> tuple[int, int]:
        return matrix.nrows(), matrix.ncols()

    def transpose(self, matrix: Any) -> Any:
        return matrix.transpose()

    def scale(self, number: Any, matrix: Any) -> Any:
        return matrix * number

    def integer(self, expr: Any) -> int:
        value = self.value(expr)
        if value.q != 1:
            raise Undetermined(f"{expr} = {value} is not a whole number")
        return int(value.p)

    def divide(self, left: Any, right: Any) -> Any:
        if right == 0:
            raise Undetermined("a division by zero")
        return left / right

    def power(self, base: fmpq, exponent: fmpq, node: Any) -> Any:
        if exponent.q == 1:
            whole = int(exponent.p)
            return self.divide(fmpq(1), raised(base, -whole)) if whole < 0 else raised(base, whole)
        if exponent.q == 2 and base >= 0:
            return self.power(square_root(base), fmpq(exponent.p), node)
        if base < 0:
            raise Undetermined(f"{node}: a root of the negative number {base}")
        raise NotExact(node, "is not known to be rational")

    def whole_power(self, base: Any, exponent: int) -> Any:
        """Even powers of norms and singular values may be rational where the values are not."""
        if exponent % 2 == 0 and exponent and isinstance(base, FrobeniusNorm | Sigma | SpectralNorm):
            return raised(self._square(base), exponent // 2)
        value = self.value(base)
        return raised(value, exponent) if isinstance(value, fmpq) else value**exponent

    def inverse(self, matrix: Any) -> Any:
        try:
            return matrix.inv()
        except ZeroDivisionError:
            raise Undetermined("the inverse of a singular matrix") from None

    def determinant(self, matrix: Any) -> Any:
        return matrix.det()

    def read_Min(self, node: Any) -> Any:
        return min(self.value(a) for a in node.args)

    def read_Max(self, node: Any) -> Any:
        return max(self.value(a) for a in node.args)

    def read_Abs(self, node: Any) -> Any:
        return abs(self.value(node.args[0]))

    def read_floor(self, node: Any) -> Any:
        return fmpq(self.value(node.args[0]).floor())

    def read_ceiling(self, node: Any) -> Any:
        return fmpq(self.value(node.args[0]).ceil())

    def read_exp(self, node: Any) -> Any:
        if self.value(node.args[0]) == 0:
            return fmpq(1)
        raise NotExact(node, "is irrational (Lindemann)")

    def read_log(self, node: Any) -> Any:
        value = self.value(node.args[0])
        if value <= 0:
            raise Undetermined(f"{node}: the logarithm of {value}")
        if value == 1:
            return fmpq(0)
        raise NotExact(node, "is irrational (Lindemann)")

    def read_NumberSymbol(self, node: Any) -> Any:
        raise NotExact(node, "is irrational")

    read_ComplexRootOf = read_NumberSymbol

    # --- matrices -----------------------------------------------------------------------------------------

    def read_Exp(self, node: Any) -> Any:
        return self._constant(node, zero_gives=1)

    def read_Log(self, node: Any) -> Any:
        matrix = self.value(node.args[0])
        if min(matrix.entries()) <= 0:
            raise Undetermined(f"{node}: the logarithm of {min(matrix.entries())}")
        if any(x != 1 for x in matrix.entries()):
            raise NotExact(node, "has irrational entries")
        return self.zeros(*self.shape(matrix))

    def _constant(self, node: Any, zero_gives: int) -> Any:
        matrix = self.value(node.args[0])
        if any(x != 0 for x in matrix.entries()):
            raise NotExact(node, "has irrational entries (Lindemann)")
        return self.make([[fmpq(zero_gives)] * matrix.ncols()] * matrix.nrows())

    def read_Softmax(self, node: Any) -> Any:
        return self.make([self._softmax(node, row) for row in self.rows(self.value(node.args[0]))])

    def read_CausalSoftmax(self, node: Any) -> Any:
        rows = self.rows(self.value(node.args[0]))
        if len(rows) != len(rows[0]):
            raise Undetermined(node, "causal attention needs a square matrix")
        blank = [fmpq(0)] * len(rows)
        return self.make([self._softmax(node, row[: i + 1]) + blank[i + 1 :] for i, row in enumerate(rows)])

    @staticmethod
    def _softmax(node: Any, row: list[fmpq]) -> list[fmpq]:
        if any(x != row[0] for x in row):
            raise NotExact(node, "has irrational entries")
        return [fmpq(1, len(row))] * len(row)

    def read_LogSumExp(self, node: Any) -> Any:
        matrix = self.value(node.args[0])
        if matrix.ncols() > 1:
            raise NotExact(node, "has irrational entries")
        return matrix

    def read_Truncated(self, node: Any) -> Any:
        return self._kept(node, self.integer(node.args[1]))

    def read_Thresholded(self, node: Any) -> Any:
        return self._kept(node, self.roots(node.args[0]).count_above(self.value(node.args[1])))

    def _kept(self, node: Any, k: int) -> Any:
        matrix = self.value(node.args[0])
        if k < 0:
            raise Undetermined(f"{node}: cannot keep {k} singular triples")
        if k == 0:
            return fmpq_mat(matrix.nrows(), matrix.ncols())
        if k >= matrix.rank():
            return matrix
        projector = self.roots(node.args[0]).projector(k)
        if projector is None:
            raise NotExact(node, "has irrational entries")
        return projector * matrix if matrix.nrows() <= matrix.ncols() else matrix * projector

    # --- singular values ----------------------------------------------------------------------------------

    def roots(self, matrix: Any) -> GramRoots:
        """The squared singular values of a matrix expression with a rational value."""
        key = (GramRoots, self._key(matrix))
        if key not in self._memo:
            self._memo[key] = GramRoots(self.value(matrix))
        return self._memo[key]  # type: ignore[no-any-return]

    def sigma_root(self, node: Any) -> Any:
        """The exact root behind ``Sigma(W, i)``; None where i > min(m, n)."""
        i = self.integer(node.args[1])
        if i < 1:
            raise Undetermined(node, "singular values are counted from 1")
        return self.roots(node.args[0]).sigma(i)

    def _square(self, node: Any) -> Any:
        if isinstance(node, FrobeniusNorm):
            return sum((x * x for x in self.value(node.args[0]).entries()), fmpq(0))
        found = self.sigma_root(node) if isinstance(node, Sigma) else self.roots(node.args[0]).sigma(1)
        if found is None:
            return fmpq(0)
        if found.rational is None:
            raise NotExact("the square of", node, "is irrational")
        return found.rational

    def read_Sigma(self, node: Any) -> Any:
        return square_root(self._square(node))

    read_FrobeniusNorm = read_SpectralNorm = read_Sigma

    def read_NuclearNorm(self, node: Any) -> Any:
        total = fmpq(0)
        for r in self.roots(node.args[0]).at(64):
            if r.rational is None:
                raise NotExact(node, "has irrational terms")
            total += square_root(r.rational) * r.multiplicity
        return total

    def read_Rank(self, node: Any) -> Any:
        return fmpq(self.value(node.args[0]).rank())

    def read_CountAbove(self, node: Any) -> Any:
        return fmpq(self.roots(node.args[0]).count_above(self.value(node.args[1])))

    def read_Energy(self, node: Any) -> Any:
        return self._energy(node, self.integer(node.args[1]))

    def _energy(self, node: Any, k: int) -> Any:
        matrix = self.value(node.args[0])
        total = sum((x * x for x in matrix.entries()), fmpq(0))
        if total == 0:
            raise Undetermined(node, "has no value at a zero matrix")
        if k >= matrix.rank() or k <= 0:
            return fmpq(int(k > 0))
        head = self.roots(node.args[0]).head_sum(k)
        if head is None:
            raise NotExact(node, "is irrational")
        return head / total

    def read_ThresholdRank(self, node: Any) -> Any:
        tau = self.value(node.args[1])
        for k in range(min(self.shape(self.value(node.args[0]))) + 1):
            if self._energy(node, k) >= tau:
                return fmpq(k)
        raise Undetermined(f"{node}: no k reaches the threshold {tau}")

    def read_EffectiveRank(self, node: Any) -> Any:
        """Rational where the positive squares are all equal, whatever they are: exp(log c) = c."""
        roots = [r for r in self.roots(node.args[0]).at(64) if not r.value.is_zero()]
        if not roots:
            raise Undetermined(node, "has no value at a zero matrix")
        if len(roots) > 1:
            raise NotExact(node, "is not known to be rational")
        return fmpq(roots[0].multiplicity)

    read_EffectiveRankL1 = read_EffectiveRank

    def read_LeftSingular(self, node: Any) -> Any:
        raise NotExact(node, "is left to balls")

    read_RightSingular = read_LeftSingular


def square_root(value: fmpq) -> Any:
    """The root of a nonnegative rational in lowest terms: rational only if numerator and denominator are squares."""
    if value.p.is_square() and value.q.is_square():
        return fmpq(value.p.isqrt(), value.q.isqrt())
    raise NotExact("the square root of", value, "is irrational")


__all__ = ["Rationals", "square_root"]
