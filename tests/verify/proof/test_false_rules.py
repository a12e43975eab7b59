"""Attempts to prove what is false by the rules themselves: what sympy evaluates on its way, zeros that do not look like
zero, inverses of multiples, numbers without a value beside a matrix.
"""

from __future__ import annotations

import pytest
import sympy as sp
from attempts import W, i, k, m, n, x
from sympy.matrices.expressions import Identity, Inverse, MatMul, ZeroMatrix

from verify.authoring import *
from verify.proof.identities import same_size, vanishes
from verify.proof.linear import OneSidedInverse
from verify.proof.numbers import expanded, simplified
from verify.proof.steps import Instance

q = indices("q")
A, L = matrix("A", n, n), matrix("L", n, m)
ONE = sp.Sum(1, (i, 1, k)) + 1
HIDDEN = sp.sqrt(3 + 2 * sp.sqrt(2)) - 1 - sp.sqrt(2)
MATRIX = declare(W)
COUNTED = [*MATRIX, between(k, -1, m)]


# --- sums that sympy evaluates by its own convention -----------------------------------------------------------------


def test_sums_are_not_joined_beyond_their_range(refused):
    def values(low, high):
        return sp.Sum(Sigma(W, i), (i, low, high))

    given = [*MATRIX, between(k, 0, m), between(q, 0, m)]
    goal = eq(MatMul(values(1, k) + values(k + 1, q), W), MatMul(values(1, q), W))
    refused("differ", given, goal, step("line", algebra(), goal))


def test_a_sum_beside_a_matrix_is_not_evaluated(attempt, refused):
    length = FrobeniusNorm(MatMul(ONE, W))
    for goal in (eq(length + 1, FrobeniusNorm(MatMul(k + 1, W)) + 1), eq(2 * length, 2 * FrobeniusNorm(W * (k + 1)))):
        refused("does not follow", COUNTED, goal, step("line", arithmetic(), goal))
    attempt(COUNTED, eq(length + 1, 1 + length), step("line", arithmetic(), eq(length + 1, 1 + length)))


def test_a_sum_in_a_gradient_is_not_evaluated(attempt, refused):
    f = norm_sq(MatMul(ONE, W))
    wrong, right = (eq(Gradient(f, W), MatMul(2 * c**2, W)) for c in (k + 1, ONE))
    refused("differ", COUNTED, wrong, step("line", Calculus(), wrong))
    attempt(COUNTED, right, step("line", Calculus(), right))


def test_a_sum_beside_an_inverse_is_not_evaluated(refused):
    given = [*MATRIX, between(k, -1, -1), assume("full", eq(Rank(MatMul(ONE, W)), n))]
    inverse = OneSidedInverse(of=MatMul(ONE, W), called=L, side="left")
    wrong = step("inverse", inverse, eq(MatMul(k + 1, L, W), Identity(n)))
    nothing = eq(ZeroMatrix(n, n), Identity(n))
    refused("justified is", given, nothing, wrong, step("nothing", algebra("inverse"), nothing))


def test_a_sum_that_runs_backwards_is_not_compared(refused):
    def total(high):
        return sp.Sum(-5, (i, 3, high))

    above = step("above", for_each(k, 1, n, step("line", arithmetic(), ge(sp.Max(total(k), 1), 1))))
    refused("before it begins", declare(A), ge(total(1), 1), above, step("first", Instance(of="above", at=1)))


def test_numbers_are_expanded_outside_of_matrices_only():
    length = FrobeniusNorm(MatMul(ONE, W))
    assert expanded(x * (length + 1)) == x * length + x
    assert expanded(length + 1).has(sp.Sum)
    assert simplified(sp.Sum(1, (i, 1, k))) == sp.Sum(1, (i, 1, k))
    assert not vanishes(sp.Sum(i, (i, 1, k)) - k * (k + 1) / 2)
    assert vanishes((x + 1) ** 2 - x**2 - 2 * x - 1) and vanishes(length - length)
    assert not same_size(n, m) and same_size(Rank(W) + n, n + Rank(W))


# --- coefficients ----------------------------------------------------------------------------------------------------


def test_the_inverse_of_a_multiple(attempt, refused):
    given = [*declare(A), assume("full", eq(Rank(2 * A), n))]
    wrong, right = (eq(MatMul(Inverse(2 * A), A), c * Identity(n)) for c in (2, sp.Rational(1, 2)))
    refused("differ", given, wrong, step("line", algebra(), wrong))
    attempt(given, right, step("line", algebra(), right))


def test_a_zero_that_does_not_look_like_zero_is_no_rule(attempt, refused):
    nothing = step("nothing", algebra(), eq(MatMul(HIDDEN, A), ZeroMatrix(n, n)))
    goal = eq(A, ZeroMatrix(n, n))
    attempt(declare(A), nothing.says, nothing)
    refused("not zero", declare(A), goal, nothing, step("line", algebra("nothing"), goal))


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        ((x**2 - 1) / (x - 1), x + 1, "denominator"),
        (sp.sqrt(x), sp.sqrt(x), "radicand"),
        (sp.log(x), sp.log(x), "positive"),
    ],
)
def test_a_coefficient_without_a_value_is_refused(refused, left, right, message):
    goal = eq(MatMul(left, W), MatMul(right, W))
    refused(message, [*MATRIX, real(x)], goal, step("line", algebra(), goal))


def test_a_number_without_a_value_within_a_matrix_is_refused(attempt, refused):
    goal = ge(FrobeniusNorm(MatMul(1 / x, W)), 0)
    refused("denominator", [*MATRIX, real(x)], goal, step("line", arithmetic(), goal))
    attempt([*MATRIX, real(x, 0, open=True)], goal, step("line", arithmetic(), goal))


def test_a_function_without_a_value_at_zero_needs_a_matrix_that_is_not_zero(attempt, refused):
    goal = ge(EffectiveRank(W), 0)
    refused("not known to be nonzero", MATRIX, goal, step("line", arithmetic(), goal))
    attempt([*MATRIX, assume("nonzero", ge(Rank(W), 1))], goal, step("line", arithmetic(), goal))
    attempt([*MATRIX, assume("nonzero", gt(FrobeniusNorm(W), 0))], goal, step("line", arithmetic(), goal))
