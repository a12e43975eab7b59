"""Gradients of scalar functions of matrices, with symbolic sizes.

f is a combination of traces of products. The differential of tr(w_1 ... w_k) by an occurrence w_j = X is
tr(dX w_{j+1} ... w_k w_1 ... w_{j-1}), and tr(dX' M) belongs to the gradient M (Magnus and Neudecker 2019, chapter 9).

Computer algebra has been seen to return a silent zero here, so each result is compared with entrywise differentiation
of explicit small matrices, by sympy's own evaluation, before it is believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.matrices.expressions import MatMul, MatrixSymbol, Transpose

from verify.formula.vocabulary import FrobeniusNorm, Gradient
from verify.model.statement import symbols_of
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Formula
from verify.proof.identities import Poly, combine, to_expression, to_poly, transposed
from verify.proof.lines import Justification
from verify.proof.numbers import expanded

SMALL = (2, 3, 1, 4, 2, 3)


def traces(f: Any) -> Iterator[tuple[sp.Expr, Any]]:
    """The (coefficient, matrix) pairs with f = sum coefficient * trace(matrix) + terms without matrices."""
    for term in sp.Add.make_args(expanded(f)):
        coefficient, found = sp.S.One, None
        for factor in sp.Mul.make_args(term):
            inside = _as_trace(factor)
            if inside is None:
                coefficient *= factor
            elif found is None:
                found = inside
            else:
                raise ProofError(f"a product of traces is not differentiated here: {term}")
        if found is not None:
            yield coefficient, found
        elif any(isinstance(s, MatrixSymbol) for s in symbols_of(term)):
            raise ProofError(f"not a trace or a squared Frobenius norm: {term}")


def _as_trace(factor: Any) -> Any:
    if isinstance(factor, sp.Trace):
        return factor.arg
    if isinstance(factor, sp.Pow) and isinstance(factor.base, FrobeniusNorm) and factor.exp == 2:
        m = factor.base.args[0]
        return MatMul(Transpose(m), m)  # not m.T * m, which evaluates sums within
    return None


def gradient(f: Any, x: MatrixSymbol) -> Any:
    """The gradient of f by x as a matrix expression of x's shape. Raises ProofError outside its reach."""
    total: Poly = {}
    for coefficient, matrix in traces(f):
        if x in symbols_of(coefficient):
            raise ProofError(f"{x} occurs in a coefficient: {coefficient}")
        for word, scale in to_poly(matrix).items():
            if x in symbols_of(scale):
                raise ProofError(f"{x} occurs in a coefficient: {scale}")
            for place, atom in enumerate(word):
                rest: Poly = {word[place + 1 :] + word[:place]: sp.S.One}
                if atom == x:
                    combine(total, transposed(rest), coefficient * scale)
                elif atom == Transpose(x):
                    combine(total, rest, coefficient * scale)
                elif x in symbols_of(atom):
                    raise ProofError(f"{atom} is not differentiated here by {x}")
    return to_expression(total, x.shape)


def _explicit(expression: Any, sizes: dict[Any, Any]) -> Any:
    """Sympy's own evaluation at small sizes: an explicit matrix or a polynomial in its entries."""
    small = expression.xreplace(sizes)
    if getattr(small, "is_Matrix", False):
        return small.doit().as_explicit()
    norms = {n: sp.sqrt(sum(e**2 for e in n.args[0].doit().as_explicit())) for n in small.atoms(FrobeniusNorm)}
    return sp.expand(small.xreplace(norms).doit())


def agrees_when_explicit(f: Any, x: MatrixSymbol, result: Any) -> bool:
    """Whether entrywise differentiation of f at small sizes gives the entries of ``result``."""
    names = sorted((s for s in symbols_of(f) | symbols_of(x) if s.is_Symbol and s.is_integer), key=str)
    sizes = {s: sp.Integer(SMALL[i % len(SMALL)]) for i, s in enumerate(names)}
    value, small = _explicit(f, sizes), x.xreplace(sizes).as_explicit()
    derivative = small.applyfunc(lambda entry: sp.diff(value, entry))
    difference = derivative - _explicit(result, sizes)
    return all(sp.expand(e) == 0 for e in difference)


class Calculus(Justification):
    """``Gradient(f, X) = M``, computed with symbolic sizes and compared with an explicit small case."""

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        if not (isinstance(goal, sp.Eq) and isinstance(goal.lhs, Gradient)):
            raise ProofError(f"not of the form Gradient(f, X) = M: {goal}")
        f, x = goal.lhs.args
        if not isinstance(x, MatrixSymbol):
            raise ProofError(f"differentiate by a matrix symbol, not by {x}")
        result = gradient(f, x)
        if not agrees_when_explicit(f, x, result):
            raise ProofError(f"the computed gradient {result} disagrees with an explicit small case")
        facts.prove_identity(sp.Eq(result, goal.rhs, evaluate=False), [])
        return goal

    def describe(self) -> str:
        return "matrix calculus, compared with entrywise differentiation of explicit small matrices"


__all__ = ["Calculus", "agrees_when_explicit", "gradient"]
