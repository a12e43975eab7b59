"""What is said to follow holds at random rational numbers that satisfy the facts."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.formula.vocabulary import Energy, Rank, Sigma, eq, ge, gt, indices, le, lt, matrix, ne, scalars, sizes
from verify.proof.arithmetic import entails, require_consistent
from verify.proof.errors import ProofError
from verify.proof.formulas import Forall

x, y = scalars("x y")
k, j = indices("k j")
m, n = sizes("m n")
W = matrix("W", m, n)
BUILD = (eq, ne, le, lt, ge, gt)

small = st.integers(-3, 3).map(sp.Integer)
terms = st.recursive(
    st.one_of(st.sampled_from([x, y, k]), small),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        inner.map(sp.Abs),
        st.tuples(inner, inner).map(lambda p: sp.Max(*p)),
        inner.map(lambda e: 1 / (1 + e**2)),
        inner.map(lambda e: sp.sqrt(e**2)),
    ),
    max_leaves=3,
)
relations = st.tuples(st.sampled_from(BUILD), terms, terms).map(lambda t: t[0](t[1], t[2]))
rationals = st.fractions(-3, 3, max_denominator=4)
GRID = [Fraction(p, 2) for p in range(-5, 6)]


def holds(relation, at):
    difference = (relation.lhs - relation.rhs).xreplace(at)
    sign = sp.sign(sp.nsimplify(difference))
    return {
        sp.Eq: sign == 0, sp.Ne: sign != 0, sp.Le: sign <= 0, sp.Lt: sign < 0, sp.Ge: sign >= 0, sp.Gt: sign > 0
    }[type(relation)]  # fmt: skip


@given(
    st.lists(relations, max_size=2),
    relations,
    st.lists(st.tuples(rationals, rationals, st.integers(-3, 3)), min_size=8, max_size=8),
)
@settings(max_examples=60)
def test_what_follows_holds_wherever_the_facts_do(facts, goal, points):
    try:
        follows = entails(facts, goal)
    except ProofError:
        return
    points = [*points, *((a, b, c) for a in (-1, 0, Fraction(1, 2)) for b in (-2, 0, 1) for c in (-1, 0, 1))]
    for a, b, c in points:
        at = {x: sp.Rational(a), y: sp.Rational(b), k: sp.Integer(c)}
        if follows and all(holds(f, at) for f in facts):
            assert holds(goal, at), (facts, goal, at)


@pytest.mark.parametrize(
    ("facts", "goal"),
    [
        ([le(x, y)], le(x - y, 0)),
        ([gt(k, 0)], ge(k, 1)),
        ([gt(Rank(W), 0)], ge(Rank(W), 1)),
        ([], ge(Sigma(W, k), 0)),
        ([], ge(m, 1)),
        ([], eq(sp.sqrt(2) ** 2, 2)),
        ([], lt(sp.sqrt(2), sp.Rational(3, 2))),
        ([ge(x, 0)], eq(sp.sqrt(x) * sp.sqrt(x), x)),
        ([gt(x, 0)], eq(x ** sp.Rational(-1, 2) * sp.sqrt(x), 1)),
        ([gt(x, 0)], ge(x ** sp.Rational(3, 2), 0)),
        ([ne(x, 0)], eq(x**2 / x, x)),
        ([], le(sp.Min(x, y), sp.Max(x, y))),
        ([], eq(sp.Abs(x) ** 2, x**2)),
        ([eq(sp.Sum(Sigma(W, k), (k, 1, n)), x)], ge(sp.Sum(Sigma(W, k), (k, 1, n)) - x, 0)),
    ],
)
def test_what_follows_is_found(facts, goal):
    assert entails(facts, goal)


@pytest.mark.parametrize(
    ("facts", "goal"),
    [
        ([le(x, y)], lt(x, y)),
        ([gt(x, 0)], ge(x, 1)),
        ([gt(k / 2, 0)], ge(k / 2, 1)),
        ([], gt(Sigma(W, k), 0)),
        ([], le(Energy(W, k), 1)),
        ([], ge(k, 0)),
        ([], ge(sp.Sum(Sigma(W, k) - 1, (k, 1, n)), 0)),
        ([ge(x, 0)], ge(y, 0)),
        ([], ge(m, 2)),
        ([], eq(Sigma(W, 1), Sigma(W.T, 1))),
    ],
)
def test_what_does_not_follow_is_not_found(facts, goal):
    assert not entails(facts, goal)


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (eq((x * y + y**2) / y, x + y), "nonzero"),
        (ge(sp.sqrt(x) ** 3, 0), "nonnegative"),
        (ge(sp.log(x), 0), "positive"),
        (eq(matrix("A", n, n), matrix("B", n, n)), "between numbers"),
        (ge(sp.Function("f")(x), 0), "does not know"),
        (ge(sp.I * x, 0), "."),
    ],
)
def test_what_cannot_be_read_is_refused(goal, message):
    with pytest.raises(ProofError, match=message):
        entails([], goal)


def test_contradictory_facts_are_refused():
    facts = [lt(x, 0), gt(x, 0)]
    with pytest.raises(ProofError, match="contradict"):
        entails(facts, eq(y, 3))
    with pytest.raises(ProofError, match="contradict"):
        require_consistent(facts)
    require_consistent(facts[:1])


def test_a_fact_that_may_have_no_value_is_not_used():
    """1/x = y says nothing at x = 0, so it does not give x != 0."""
    assert not entails([eq(1 / x, y)], eq(x * y, 1))
    assert entails([eq(1 / x, y), gt(x, 0)], eq(x * y, 1))


@pytest.mark.parametrize(
    ("facts", "total", "message"),
    [
        ([], sp.Sum(1 / k, (k, 0, 3)), "nonzero"),
        ([], sp.Sum(1 / (k - 2), (k, 1, 3)), "nonzero"),
        ([], sp.Sum(sp.log(k - 1), (k, 1, 3)), "positive"),
        ([], sp.Sum(1 / Sigma(W, k), (k, 1, n)), "nonzero"),  # beyond the rank
        ([ge(Rank(W), 3)], sp.Sum(1 / Sigma(W, k), (k, 1, 4)), "nonzero"),
        ([gt(k, 0)], sp.Sum(1 / k, (k, 0, 3)), "nonzero"),  # that fact is of another k
        ([], sp.Product(sp.sqrt(k - 2), (k, 1, 3)), "nonnegative"),
        ([], sp.Sum(x, (k, 1, 1 / x)), "nonzero"),
        ([], sp.Sum(k * sp.Sum(1 / (j - k), (j, 1, 3)), (k, 1, 3)), "nonzero"),
        ([], 1 + sp.Abs(sp.Sum(1 / (k - 2), (k, 1, 3))), "nonzero"),
    ],
)
def test_a_sum_with_a_term_that_may_have_no_value_has_none(facts, total, message):
    with pytest.raises(ProofError, match=message):
        entails(facts, eq(total, total))


@pytest.mark.parametrize(
    ("facts", "total"),
    [
        ([], sp.Sum(1 / k, (k, 1, 3))),
        ([], sp.Sum(1 / k, (k, 0, -1))),  # no term at all
        ([], sp.Sum(1 / Sigma(W, k), (k, 1, Rank(W)))),
        ([ge(Rank(W), 4)], sp.Sum(sp.log(Sigma(W, k)), (k, 1, 4))),
        ([gt(x, 0)], sp.Sum(sp.log(x + k), (k, 0, n))),
        ([], sp.Sum(k * sp.Sum(1 / (j + k), (j, 1, k)), (k, 1, 3))),
        ([Forall(index=k, low=1, high=n, formula=gt(x - k, 0))], sp.Sum(1 / (x - k), (k, 1, n))),
    ],
)
def test_a_sum_whose_terms_have_values_is_read(facts, total):
    assert entails(facts, eq(total, total))


def test_what_holds_of_a_shorter_range_is_not_said_of_every_term():
    known = Forall(index=k, low=1, high=n - 1, formula=gt(x - k, 0))
    total = sp.Sum(1 / (x - k), (k, 1, n))
    with pytest.raises(ProofError, match="nonzero"):
        entails([known], eq(total, total))
