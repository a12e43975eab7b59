"""The algebraic route to singular values: exact algebra on the Gram matrix of a matrix of rationals.

The squared singular values are the roots of an exact characteristic polynomial. Factoring it over the rationals gives
multiplicities, zeros and ties exactly; isolating its roots encloses the values to any precision.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from flint import arb, fmpq, fmpq_mat, fmpq_poly, fmpz_poly

from verify.formula.arithmetic import Undetermined
from verify.formula.intervals import GUARD, precision, root


@dataclass(frozen=True)
class Root:
    """One eigenvalue of a Gram matrix: its enclosure, its irreducible factor, its multiplicity."""

    value: arb
    factor: fmpz_poly
    multiplicity: int

    @property
    def rational(self) -> fmpq | None:
        """The eigenvalue itself, where it is rational."""
        return fmpq(-self.factor[0], self.factor[1]) if self.factor.degree() == 1 else None


class GramRoots:
    """The squared singular values of a rational matrix, exactly: distinct, in decreasing order, with multiplicities."""

    def __init__(self, matrix: fmpq_mat) -> None:
        wide = matrix.nrows() <= matrix.ncols()
        self.gram = matrix * matrix.transpose() if wide else matrix.transpose() * matrix
        self.count = self.gram.nrows()
        self._known: dict[int, list[Root]] = {}

    @cached_property
    def factors(self) -> list[tuple[fmpz_poly, int]]:
        return list(self.gram.charpoly().numer().factor()[1])

    def at(self, bits: int) -> list[Root]:
        """The distinct roots in decreasing order, in disjoint enclosures of at least the given relative precision."""
        if bits not in self._known:
            self._known[bits] = self._isolated(bits)
        return self._known[bits]

    def _isolated(self, bits: int) -> list[Root]:
        while True:
            with precision(bits + GUARD):
                roots = [Root(x, f, times) for f, times in self.factors for x in _roots_of(f)]
                roots.sort(key=lambda r: r.value.mid(), reverse=True)
                if all(a.value > b.value for a, b in pairwise(roots)):
                    return roots
            bits *= 2  # distinct real roots, so some precision separates them

    def values(self, bits: int) -> list[arb]:
        """Enclosures of all min(m, n) singular values in decreasing order; zeros and ties are exact."""
        roots = self.at(bits)
        with precision(bits + GUARD):
            return [root(r.value) for r in roots for _ in range(r.multiplicity)]

    def sigma(self, i: int, bits: int = 64) -> Root | None:
        """The root whose square root is sigma_i; None beyond min(m, n)."""
        for r in self.at(bits):
            if i <= r.multiplicity:
                return r
            i -= r.multiplicity
        return None

    def head(self, k: int) -> list[tuple[Root, int]]:
        """How often each distinct root occurs among the k largest."""
        taken = []
        for r in self.at(64):
            take = min(max(k, 0), r.multiplicity)
            taken.append((r, take))
            k -= take
        return taken

    def head_sum(self, k: int) -> fmpq | None:
        """The sum of the k largest squares where conjugate roots enter equally often, so that it is rational; else
        None.
        """
        total = fmpq(0)
        for factor, _ in self.factors:
            times = {take for r, take in self.head(k) if r.factor == factor}
            if len(times) > 1:
                return None
            total += times.pop() * fmpq(-factor[factor.degree() - 1], factor[factor.degree()])
        return total

    def count_above(self, t: fmpq) -> int:
        """How many of the min(m, n) singular values exceed t; exact, for ties with t too."""
        if t < 0:
            return self.count
        square, bits = t * t, 64
        while True:
            undecided, above = False, 0
            with precision(bits):
                x = arb(square)
                for r in self.at(bits):
                    if r.value > x:
                        above += r.multiplicity
                    elif not r.value < x and fmpq_poly(r.factor)(square) != 0:
                        undecided = True
            if not undecided:
                return above
            bits *= 2  # the root differs from t^2, so some precision tells them apart

    def projector(self, k: int) -> fmpq_mat | None:
        """The orthogonal projector on the first k eigenvectors where it is rational; None where it is not.

        With f the product of the factors on the kept side and g of the others, coprime, u g = 1 mod f gives P = (u
        g)(Gram): the polynomial is 1 on the roots of f and 0 on those of g. Raises Undetermined for a tie at the cut.
        """
        kept, left_out = fmpq_poly([1]), fmpq_poly([1])
        head = self.head(k)
        if any(0 < take < r.multiplicity for r, take in head):
            raise Undetermined(f"sigma_{k} = sigma_{k + 1}, so the truncation to {k} is not unique")
        for factor, _ in self.factors:
            times = {take > 0 for r, take in head if r.factor == factor}
            if len(times) > 1:
                return None
            if times.pop():
                kept *= fmpq_poly(factor)
            else:
                left_out *= fmpq_poly(factor)
        _, _, u = kept.xgcd(left_out)
        return _horner(u * left_out, self.gram)


def _roots_of(polynomial: fmpz_poly) -> list[arb]:
    """Enclosures of the roots of a squarefree polynomial that are all real, as eigenvalues of a Gram matrix are."""
    roots: list[Any] = polynomial.complex_roots()
    return [pair[0].real for pair in roots]


def _horner(polynomial: fmpq_poly, matrix: fmpq_mat) -> fmpq_mat:
    n = matrix.nrows()
    one = fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])
    value = fmpq_mat(n, n)
    for coefficient in reversed(polynomial.coeffs()):
        value = value * matrix + one * coefficient
    return value


__all__ = ["GramRoots", "Root"]
