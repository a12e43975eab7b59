"""Attempts to prove what is false by contradictions, divisions, sums; and proofs that make no sense."""

from __future__ import annotations

import re

import pytest
import sympy as sp
from attempts import M, N, V, W, i, integer, j, k, m, n, x

from verify.authoring import *
from verify.proof.errors import ProofError

y, z, t = scalars("y z t")


# --- contradictions --------------------------------------------------------------------------------------------------


def test_contradictory_hypotheses_prove_nothing(refused):
    given = [real(x), real(y), assume("below", lt(x, 0)), assume("above", gt(x, 0))]
    refused("contradict", given, eq(y, 3), step("line", arithmetic(), eq(y, 3)))
    refused("contradict", [*given, *declare(W)], le(Rank(W), m), step("line", apply("rank-rows", W=W)))


def test_a_line_follows_from_what_holds(refused):
    refused("does not follow", [real(x)], ge(x, 0), step("line", arithmetic(), ge(x, 0)))
    refused("not a hypothesis", [real(x, 0, 1)], le(x, 0), step("line", Hypothesis(), le(x, 0)))


def test_a_conclusion_is_not_reached_by_something_weaker(refused):
    weaker = step("line", arithmetic(), le(0, x))
    refused("no line says", [real(x, 0, 1)], lt(0, x + 1), weaker)
    refused("no line says", [real(x, 0, 1)], [le(0, x), le(x, Rational(1, 2))], weaker)
    refused("no line says", [*declare(W)], lt(Rank(W), m), step("line", apply("rank-rows", W=W)))
    refused("no line says", [*declare(W)], le(m, Rank(W)), step("line", apply("rank-rows", W=W)))


def test_a_universal_line_is_no_conclusion(refused):
    refused(
        "no line says",
        [*declare(W)],
        le(Sigma(W, 2), Sigma(W, 1) - 1),
        step("o", for_each(k, 1, 2, step("a", apply("order", W=W, j=k, i=k)))),
    )


# --- divisions, roots, powers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (eq((x**2 + x) / x, x + 1), "nonzero"),
        (eq((x + y) / (x + y + z - z + t), 1), "nonzero"),
        (le(0, 1 / (x**2 + y)), "nonzero"),
        (ge(sqrt(x), 0), "nonnegative"),
        (ge(log(x) ** 2, 0), "positive"),
        (ge((1 + x ** Rational(1, 3)) ** 2, 0), "not known to be a real"),
        (ge((2 + x**y) ** 2, 0), "not known to be a real"),
    ],
)
def test_a_meaningless_number_is_not_compared(refused, goal, message):
    given = [real(s) for s in (x, y, z, t)]
    refused(message, given, goal, step("line", arithmetic(), goal))


def test_no_line_divides_by_zero(refused):
    refused(
        "makes no sense|does not know|not known",
        [],
        eq(Sum(1, (j, 1, 2)), 2),
        step("general", for_each(k, 0, 5, step("each", Constant(total=Sum(1 / k, (j, 1, 2)))))),
        step("at", Instance(of="general", at=0)),
    )


@pytest.mark.parametrize("nowhere", [sp.oo, -sp.oo, sp.nan, sp.zoo, sp.I, sp.Float(0.5)])
def test_what_is_no_exact_real_number_is_refused(attempt, nowhere):
    with pytest.raises(ProofError):
        attempt([real(x)], eq(x, x), step("line", arithmetic(), eq(nowhere * x, nowhere * x)))


def test_strict_inequalities_are_tightened_between_integers_only(attempt, refused):
    refused("does not follow", [integer(k)], ge(k / 2, 1), step("positive", arithmetic(), ge(k / 2, 1)))
    given = [*declare(W), assume("some", gt(Rank(W), 0))]
    refused("does not follow", given, ge(Rank(W) / 2, 1), step("half", arithmetic(), ge(Rank(W) / 2, 1)))
    refused("does not follow", [real(x), assume("x", gt(x, 0))], ge(x, 1), step("one", arithmetic(), ge(x, 1)))
    attempt(given, ge(Rank(W), 1), step("one", arithmetic(), ge(Rank(W), 1)))


# --- sums ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [Rational(3, 2), n / 2, x, sp.oo])
def test_a_sum_is_split_at_an_integer(refused, at):
    """(i - 1)^2 (i - 2)^2 vanishes at 1 and 2, not at 3/2."""
    total = Sum(16 * (i - 1) ** 2 * (i - 2) ** 2, (i, 1, 2))
    refused("integer", [*declare(n), real(x)], ge(total, 1), step("split", Split(total=total, at=at)))


@pytest.mark.parametrize("law", [Constant, Nonnegative, First, Last])
def test_a_law_of_sums_needs_integer_ends(refused, law):
    total = Sum(Sigma(W, 1), (i, 1, n / 2))
    refused("integer", declare(W), ge(total, 0), step("line", law(total=total)))


@pytest.mark.parametrize(
    ("law", "message"),
    [(Constant, "range"), (Nonnegative, "range"), (First, "not empty"), (Last, "not empty"), (Empty, "range empty")],
)
def test_a_law_of_sums_needs_its_range(refused, law, message):
    """The range 1..k with k down to -9: the formula for k terms is wrong there."""
    total = Sum(Sigma(W, 1), (i, 1, k))
    refused(message, [*declare(W), between(k, -9, 9)], eq(total, k * Sigma(W, 1)), step("line", law(total=total)))


def test_terms_that_depend_on_the_index_are_not_constant(refused):
    total = Sum(Sigma(W, i), (i, 1, n))
    refused("not all equal", declare(W), eq(total, n * Sigma(W, 1)), step("line", Constant(total=total)))
    inside = Factor(total=total, out=W)
    refused("cannot be taken out", declare(W), eq(total, 0), step("line", inside))


def test_terms_of_either_sign_are_not_nonnegative(refused):
    total = Sum(Sigma(W, i) - Sigma(W, i + 1), (i, 1, n))
    refused("not nonnegative", declare(W), ge(total, 0), step("line", Nonnegative(total=total)))


def test_a_product_of_terms_compares_only_if_they_are_not_negative(refused):
    """-2 <= 1, and (-2)(-2) = 4 > 1."""
    each = step("each", for_each(k, 1, 2, step("a", arithmetic(), le(0 * k - 2, 1))))
    refused("nonnegative", [], le(4, 1), each, step("product", Termwise(line="each", product=True)))
    refused(
        "does not say", [], le(4, 1), each, step("product", Termwise(line="each", product=True, nonnegative="each"))
    )


# --- malformed proofs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        step("line", arithmetic()),
        step("line", arithmetic("nowhere"), le(x, 0)),
        step("line", arithmetic(), sp.true),
        step("line", arithmetic(), x),
        step("line", arithmetic(), 3),
        step("line", arithmetic(), sp.And(x > 0, y > 0)),
        step("line", arithmetic(), eq(M, N)),
        step("line", arithmetic(), sp.Eq(M, x, evaluate=False)),
        step("line", algebra()),
        step("line", algebra(), le(x, 0)),
        step("line", algebra("nowhere"), eq(M, N)),
        step("line", InverseIs()),
        step("line", InverseIs(), eq(M, N)),
        step("line", Hypothesis()),
        step("line", Rewrite(target="a", equation="b")),
        step("line", Congruence(equation="a"), eq(x, y)),
        step("line", Instance(of="a", at=1)),
        step("line", for_each(k, 1, 2)),
        step("line", ForEach(index=k, low=None, high=2, lines=(step("a", arithmetic(), le(k, k)),))),
        step("line", Termwise(line="a")),
        step("line", Split(total=x, at=1)),
        step("line", Split(total=Sum(i * j, (i, 1, 2), (j, 1, 2)), at=1)),
        step("line", Split(total=Sum(i, (i, 1, 2)), at=None)),
        step("line", Constant(total=None)),
        step("line", Factor(total=Sum(x, (i, 1, 2)), out=W)),
        step("line", Calculus()),
        step("line", Calculus(), eq(Gradient(x, M), x)),
        step("line", Calculus(), eq(Gradient(x, V[1]), V[1])),
        step("line", Orthonormal(of=x, base=W)),
        step("line", Orthonormal(of=FrobeniusNorm(W), base=x)),
        step("line", OneSidedInverse(of=x, called=M, side="left")),
        step("line", OneSidedInverse(of=M, called=x, side="left")),
        step("line", TriangularRank(of=W, zero="a", diagonal="b")),
        step("line", TriangularRank(of=x, zero="a", diagonal="b")),
        step("line", Apply(theorem="rank-rows", to={"W": None})),
        step("line", Apply(theorem="order", to={"W": W, "i": "k +", "j": 1})),
        step("line", arithmetic(), eq(sp.Integral(x, x), 0)),
        step("line", arithmetic(), eq(sp.Function("f")(x), 0)),
        step("line", arithmetic(), eq(sp.Piecewise((0, x > 0), (0, True)) * y, 0)),
    ],
)
def test_a_malformed_line_is_an_error_of_the_proof(attempt, line):
    with pytest.raises(ProofError, match=re.escape("line")):
        attempt([*declare(W, M, N), real(x), real(y)], eq(x, y), line)


def test_two_lines_of_one_name_are_refused(refused):
    one = step("line", arithmetic(), le(0, 1))
    refused("two lines", [], le(0, 1), one, one)


def test_the_line_that_fails_is_named(refused):
    inner_line = step("inner-line", arithmetic(), le(k, 0))
    refused("outer-line: inner-line", [], le(0, 1), step("outer-line", for_each(k, 0, 1, inner_line)))


def test_a_conclusion_that_may_have_no_value_is_not_proved(refused, attempt):
    """(x^2 + x)/x is x + 1 where x is not zero; the line says so of x + 1 alone."""
    line = step("line", arithmetic(), eq(x + 1, x + 1))
    goal = eq((x**2 + x) / x, x + 1)
    refused("denominator x is not known to be nonzero", [real(x)], goal, line)
    attempt([real(x), assume("nonzero", gt(x, 0))], goal, line)


@pytest.mark.parametrize(
    "line",
    [
        step("line", apply("order", W=W, i=1 / x, j=1 / x)),
        step("line", Congruence(equation="same"), eq(log(x), log(y))),
        step("line", Congruence(equation="same"), eq(1 / x, 1 / y)),
        step("line", Instance(of="all", at=1 / x)),
        step("line", Induction(index=k, start=1 / x, formula=le(k, k), base=(), step=())),
    ],
)
def test_what_the_author_chooses_must_have_a_value(attempt, line):
    """Each would bring an expression without a value into the known facts."""
    all_k = step("all", for_each(k, 1, 9, step("one", arithmetic(), le(k, k))))
    given = [*declare(W), real(x), real(y), assume("equal", eq(x, y))]
    with pytest.raises(ProofError, match=r"is not known to be (nonzero|positive)"):
        attempt(given, eq(x, y), all_k, step("same", Hypothesis(), eq(x, y)), line)
