"""Powers with symbolic exponents: what is proved of them, and what must not be."""

from __future__ import annotations

import pytest
import sympy as sp
from attempts import attempted

from verify.authoring import (
    Identity,
    Induction,
    Instance,
    OneMatrix,
    Rewrite,
    algebra,
    between,
    declare,
    eq,
    indices,
    matrix,
    scalars,
    sizes,
    step,
)
from verify.model.statement import Assume, Matrix, Real, Size
from verify.proof.errors import ProofError
from verify.proof.powers import PowerStep

n, T, p = sizes("n T p")
s, t = indices("s t")
c = scalars("c")
A, G, v = matrix("A", n, n), matrix("G", p, n), matrix("v", n, 1)
eigenvector = Assume(name="v is an eigenvector", formula=eq(A * v, c * v))


def by_induction(start=0, exponent=s):
    """A^s v = c^s v."""
    return Induction(
        index=s,
        start=start,
        formula=eq(sp.MatPow(A, s) * v, c**s * v),
        base=(step("start", algebra(), eq(sp.MatPow(A, 0) * v, v)),),
        step=(
            step("matrix", PowerStep(base=A, exponent=exponent)),
            step("next", algebra("matrix", "hypothesis"), eq(sp.MatPow(A, s + 1) * v, c ** (s + 1) * v)),
        ),
    )


GIVEN = (*declare(A, v), Size(symbol=T), Real(symbol=c), eigenvector)


def test_a_power_acts_on_an_eigenvector_by_the_power_of_its_eigenvalue():
    says = eq(sp.MatPow(A, t) * v, c**t * v)
    assert attempted([*GIVEN, between(t, 0, T)], says, step("all", by_induction()), step("t", Instance(of="all", at=t)))


def test_another_power_is_not_proved():
    with pytest.raises(ProofError, match="no line says"):
        attempted(
            [*GIVEN, between(t, 0, T)],
            eq(sp.MatPow(A, t) * v, c ** (t + 1) * v),
            step("all", by_induction()),
            step("t", Instance(of="all", at=t)),
        )


def test_no_factor_is_taken_out_where_the_exponent_may_be_negative():
    """A singular matrix has no power -1."""
    says = eq(sp.MatPow(A, t + 1), sp.MatMul(sp.MatPow(A, t), A))
    with pytest.raises(ProofError, match="exponent t"):
        attempted([*declare(A), Size(symbol=T), between(t, -1, T)], says, step("one", PowerStep(base=A, exponent=t)))
    assert attempted([*declare(A), Size(symbol=T), between(t, 0, T)], says, step("one", PowerStep(base=A, exponent=t)))


def test_a_power_that_may_be_an_inverse_needs_an_invertible_base():
    says = eq(2 * sp.MatPow(A, t), sp.MatPow(A, t) + sp.MatPow(A, t))
    unevaluated = sp.Eq(sp.MatMul(2, sp.MatPow(A, t)), sp.MatAdd(sp.MatPow(A, t), sp.MatPow(A, t)), evaluate=False)
    for formula in (says, unevaluated):
        with pytest.raises(ProofError, match="invertible"):
            attempted([*declare(A), Size(symbol=T), between(t, -1, T)], formula, step("twice", algebra(), formula))


def test_an_exponent_that_is_no_integer_is_refused():
    with pytest.raises(ProofError, match="integer"):
        attempted([*declare(A), Real(symbol=c)], eq(A, A), step("one", PowerStep(base=A, exponent=c)))


def test_a_base_that_is_not_square_is_refused():
    with pytest.raises(ProofError):
        attempted([*declare(G), Size(symbol=T), between(t, 0, T)], eq(G, G), step("one", PowerStep(base=G, exponent=t)))


def test_a_factor_of_a_number_is_multiplied_out_and_can_be_put_back():
    f = 1 - c
    says = eq(f ** (t + 1) * Identity(n), (f**t - c * f**t) * Identity(n))
    lines = (
        step("one", PowerStep(base=f, exponent=t)),
        step("same", algebra(), eq(f ** (t + 1) * Identity(n), f ** (t + 1) * Identity(n))),
        step("out", Rewrite(target="same", equation="one"), says),
    )
    given = [*declare(A), Real(symbol=c), Size(symbol=T), between(t, 0, T)]
    with pytest.raises(ProofError):
        attempted(given, says, *lines[1:])
    assert attempted(given, eq(f ** (t + 1), f**t - c * f**t), *lines[:1])


def test_ones_are_counted():
    """A row of ones times a column of ones is their number; the other way round is a matrix of ones."""
    given = [Size(symbol=n), Size(symbol=p), Matrix(symbol=G)]
    mean = G * OneMatrix(n, 1)
    true = eq(G * OneMatrix(n, n) * OneMatrix(n, 1), n * mean)
    assert attempted(given, true, step("sum", algebra(), true))
    outer = eq(G * OneMatrix(n, 1) * OneMatrix(1, n), G * OneMatrix(n, n))
    assert attempted(given, outer, step("outer", algebra(), outer))
    wrong = eq(G * OneMatrix(n, n) * OneMatrix(n, 1), p * mean)
    with pytest.raises(ProofError, match="differ"):
        attempted(given, wrong, step("sum", algebra(), wrong))
