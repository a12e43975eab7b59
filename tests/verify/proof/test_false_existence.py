"""Attempts to prove what is false by way of what does not exist: sizes below zero, free names of rules, no value."""

from __future__ import annotations

import pytest
import sympy as sp
from attempts import NOTHING, S, W, i, k, m, n, x

from verify.authoring import *
from verify.proof.binding import integer_name
from verify.proof.evaluation import Evaluation

q = indices("q")
FALSE = le(1, 0)


# --- sizes -----------------------------------------------------------------------------------------------------------


def test_a_matrix_of_a_negative_size_proves_nothing(refused):
    """The trace of the identity of order -1 would be -1, and a squared norm."""
    trace = step("trace", TraceAlgebra(), eq(norm_sq(Identity(k)), k))
    sign = step("sign", arithmetic("trace"), ge(k, 0))
    all_of_them = step("all", ForEach(index=k, low=-5, high=5, lines=(trace, sign)))
    last = step("false", Cases(on=le(0, 1), yes=(), no=()), FALSE)
    refused("size k", declare(W), FALSE, all_of_them, step("one", Instance(of="all", at=-1)), last)
    refused("size k", [between(k, -3, 3), *declare(W)], ge(k, 0), trace, sign)


@pytest.mark.parametrize("low", [0, 1])
def test_a_size_that_is_not_negative_is_one(attempt, low):
    trace = step("trace", TraceAlgebra(), eq(norm_sq(Identity(k)), k))
    attempt([between(k, low, 9), *declare(W)], eq(norm_sq(Identity(k)), k), trace)


def test_factors_of_a_negative_inner_size_bound_no_rank(refused):
    left, right = matrix("F", m, k), matrix("G", k, n)
    factored = FactorRank(of=sp.MatMul(left, right), factors=((left, right),))
    refused(
        "size k", [between(k, -3, 3), *declare(W)], ge(k, 0), step("f", factored), step("g", arithmetic(), ge(k, 0))
    )
    ones = eq(norm_sq(OneMatrix(k, 1)), k)
    refused("size k", [between(k, -3, 3), *declare(W)], ones, step("f", TraceAlgebra(), ones))


def test_a_size_is_an_integer(refused):
    goal = eq(norm_sq(Identity(x)), x)
    refused("size x", [real(x, 0, 1), *declare(W)], NOTHING, step("trace", TraceAlgebra(), goal))


def test_the_sizes_in_a_sum_are_those_at_each_index(refused):
    """That k is no longer negative outside does not tell of the k that the sum binds."""
    total = Sum(FrobeniusNorm(Identity(k)), (k, -3, -1))
    refused("size k", [between(k, 1, 3), *declare(W)], NOTHING, step("sum", Nonnegative(total=total)))


# --- names -----------------------------------------------------------------------------------------------------------


def test_the_names_that_rules_bind_are_no_names_of_an_author(refused):
    """|i W|^2 would be the sum over i of i^2 (W W')_ii."""
    row = integer_name("i", 0)
    caught = step("rows", Rows(of=row * W))
    refused("only rules may bind", declare(W), NOTHING, caught)
    refused("only rules may bind", declare(W), NOTHING, step("all", for_each(i, 1, 5, caught)))
    plain = step("a", arithmetic(), NOTHING)
    refused("only rules may bind", declare(W), NOTHING, step("all", for_each(row, 1, 5, plain)))
    said = eq(row, row)
    refused("only rules may bind", declare(W), NOTHING, step("said", arithmetic(), said))


@pytest.mark.parametrize("assumed", [{"positive": True}, {"even": True}, {"zero": True}])
def test_of_a_running_index_nothing_is_assumed(refused, assumed):
    """sympy would simplify |i| to i, (-1)^i to 1 and i to 0."""
    name = sp.Symbol("i", integer=True, **assumed)
    goal = eq(Sum(sp.Abs(name) + (-1) ** name, (name, -2, -1)), Sum(sp.Abs(name) + (-1) ** name, (name, -2, -1)))
    refused("running index", declare(W), NOTHING, step("sum", Evaluation(), goal))


def test_a_name_without_an_assumption_is_not_real(refused):
    z = sp.Symbol("z")
    refused("not a real number", declare(W), NOTHING, step("square", arithmetic(), ge(z**2 + 1, 0)))


# --- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "without", [Inverse(S), sp.MatPow(S, k), Log(S)], ids=["inverse", "negative power", "logarithm of entries"]
)
def test_a_norm_of_what_has_no_value_is_not_nonnegative(refused, without):
    goal = ge(FrobeniusNorm(without), 0)
    refused("must be|not known", [between(k, -3, 3), *declare(S)], goal, step("norm", arithmetic(), goal))


def test_a_norm_of_what_has_a_value_is(attempt):
    full = assume("full", eq(Rank(S), n))
    goals = [ge(FrobeniusNorm(e), 0) for e in (Inverse(S), Log(Exp(S)), sp.MatPow(S, k))]
    lines = [step(f"norm {at}", arithmetic(), goal) for at, goal in enumerate(goals)]
    attempt([between(k, 0, 3), *declare(S), full], goals, *lines)


def test_a_threshold_beyond_one_is_not_reached(attempt, refused):
    given = [*declare(W), assume("nonzero", ge(Rank(W), 1))]
    goals = [ge(ThresholdRank(W, t), 0) for t in (2, 1)]
    refused("not known to be reached", given, goals[0], step("line", arithmetic(), goals[0]))
    attempt(given, goals[1], step("line", arithmetic(), goals[1]))


def test_a_theorem_holds_of_matrices_that_exist(refused):
    given = [between(k, -3, 3), *declare(W)]
    refused("premise|size", given, NOTHING, step("rank", apply("rank-rows", W=matrix("Z", k, n))))


@pytest.mark.parametrize("f", [SpectralNorm(W), FrobeniusNorm(W), sp.Abs(sp.Trace(W.T * W)), Rank(W) * norm_sq(W)])
def test_a_gradient_needs_a_derivative_everywhere(refused, f):
    goal = ge(FrobeniusNorm(Gradient(f, W)), 0)
    refused("differentiable", declare(W), goal, step("norm", arithmetic(), goal))


@pytest.mark.parametrize("f", [norm_sq(W), sp.Trace(W.T * W) ** 2, norm_sq(Exp(W * S)), x * norm_sq(W)])
def test_a_gradient_of_what_is_smooth_has_a_value(attempt, f):
    goal = ge(FrobeniusNorm(Gradient(f, W)), 0)
    attempt([*declare(W, S), real(x)], goal, step("norm", arithmetic(), goal))


# --- products of zeros -----------------------------------------------------------------------------------------------


def powers(base, count):
    return product(base, q, 1, count)


def test_a_product_of_zeros_over_no_range_is_one(refused):
    """sympy takes it for zero and |0 ... 0| for 0, so that P <= |P| at i = 0 would be P <= 0, also for no factor."""
    below = step("below", arithmetic(), le(powers(i, k), sp.Abs(powers(i, k))))
    zeros = (step("each", for_each(i, 0, 3, below)), step("zero", Instance(of="each", at=0)))
    refused("product of zeros", [*declare(W), between(k, 0, 3)], le(powers(sp.S.Zero, k), 0), *zeros)
    last = step("false", Cases(on=le(0, 1), yes=(), no=()), FALSE)
    every = step("every", for_each(k, 0, 3, *zeros))
    refused("product of zeros", declare(W), FALSE, every, step("none", Instance(of="every", at=0)), last)


def test_a_factor_is_not_rewritten_to_zero(refused):
    below = step("below", arithmetic(), le(powers(x, k), sp.Abs(powers(x, k))))
    zero = step("zero", arithmetic(), eq(x, 0))
    given = [*declare(W), real(x, 0, 0), between(k, 0, 3)]
    rewrite = step("wrong", Rewrite(target="below", equation="zero"))
    refused("product of zeros", given, le(powers(sp.S.Zero, k), 0), below, zero, rewrite)


def test_the_product_of_no_factor_is_one(attempt):
    goal = eq(powers(x, 0), 1)
    attempt([*declare(W), real(x)], goal, step("none", Empty(total=powers(x, sp.S.Zero)), goal))
