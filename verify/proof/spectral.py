"""Norms of W and its truncations by expansion in the orthonormal frames of the singular value decomposition.

W = sum_{i<=r} s_i u_i v_i', and Truncated(W, k) is by definition the sum of the first k terms, so a linear
combination of W and its truncations is sum_i c_i s_i u_i v_i' with c piecewise constant. Its squared Frobenius norm is

    sum_i sum_j c_i c_j s_i s_j <u_i, u_j> <v_i, v_j> = sum_i c_i^2 s_i^2,

by orthonormality: <u_i, u_j> = <v_i, v_j> = 1 where i = j, else 0. This is where the proofs of the energy identities
rest; nothing here knows the truncation theorems themselves.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions import MatAdd, MatMul, MatrixExpr

from verify.formula.vocabulary import FrobeniusNorm, Rank, Sigma, SpectralNorm, Truncated, norm_sq
from verify.proof.binding import integer_name
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Formula
from verify.proof.lines import Justification
from verify.proof.numbers import expanded

INDEX = integer_name("i", 0)


def _coefficients(expression: Any, w: MatrixExpr) -> dict[Any, sp.Expr]:
    """{cut: coefficient}: the expression sums coefficient times W truncated at cut; cut = rank for W itself."""
    if expression == w:
        return {Rank(w): sp.S.One}
    if isinstance(expression, Truncated) and expression.args[0] == w:
        return {expression.args[1]: sp.S.One}
    if isinstance(expression, MatAdd):
        out: dict[Any, sp.Expr] = {}
        for term in expression.args:
            for cut, value in _coefficients(term, w).items():
                out[cut] = expanded(out.get(cut, sp.S.Zero) + value)
        return out
    if isinstance(expression, MatMul):
        scalar, matrices = expression.as_coeff_matrices()
        if len(matrices) == 1:
            return {cut: scalar * v for cut, v in _coefficients(matrices[0], w).items()}
    raise ProofError(f"{expression} is not a combination of {w} and its truncations")


def _pieces(expression: Any, w: MatrixExpr, facts: Facts) -> list[tuple[Any, Any, sp.Expr]]:
    """(low, high, coefficient) over ranges that partition 1..rank(W). The cuts must be provably ordered."""
    cuts = {c: v for c, v in _coefficients(expression, w).items() if v != 0}
    inner = [c for c in cuts if c != Rank(w)]
    if len(inner) > 1:
        raise ProofError(f"more than one truncation in {expression}")
    whole = cuts.get(Rank(w), sp.S.Zero)
    if not inner:
        return [(sp.S.One, Rank(w), whole)]
    (k,) = inner
    if not k.is_integer:
        raise ProofError(f"the order of truncation {k} is not known to be an integer")
    facts.require(sp.Le(0, k, evaluate=False), f"order of truncation {k}")
    facts.require(sp.Le(k, Rank(w), evaluate=False), f"order of truncation {k}")
    return [(sp.S.One, k, expanded(whole + cuts[k])), (k + 1, Rank(w), whole)]


class Orthonormal(Justification):
    """``||M||_F^2`` or ``||M||_2`` of a combination M of W and one truncation of it."""

    of: Any
    base: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        norm, w = self.of, self.base
        pieces = [p for p in _pieces(norm.args[0], w, facts) if p[2] != 0]
        if isinstance(norm, FrobeniusNorm):
            sums = [c**2 * sp.Sum(Sigma(w, INDEX) ** 2, (INDEX, low, high)) for low, high, c in pieces]
            return sp.Eq(norm_sq(norm.args[0]), sp.Add(*sums), evaluate=False)
        if isinstance(norm, SpectralNorm):
            return self._spectral(norm, w, pieces, facts)
        raise ProofError(f"{norm} is neither a Frobenius nor a spectral norm")

    @staticmethod
    def _spectral(norm: Any, w: Any, pieces: list[tuple[Any, Any, sp.Expr]], facts: Facts) -> Formula:
        """The largest |c_i| s_i: the first of the one piece that is left, since the values are ordered."""
        if len(pieces) != 1:
            raise ProofError(f"{norm}: only one range of singular values may be left over")
        low, high, coefficient = pieces[0]
        facts.require(sp.Le(low, high, evaluate=False), f"{norm}: no singular value is left")
        return sp.Eq(norm, sp.Abs(coefficient) * Sigma(w, low), evaluate=False)

    def describe(self) -> str:
        return "expansion in the singular vectors; they are orthonormal, so the mixed terms vanish"

    def theorems(self) -> list[str]:
        return ["singular value decomposition (Horn and Johnson 2013, Theorem 2.6.3)"]
