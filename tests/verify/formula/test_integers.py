"""Integer facts: sound against brute force, and a refusal comes with values that are not excluded."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.formula import vocabulary as v
from verify.formula.integers import Integers, NotLinearError
from verify.model.statement import Assume, Declared, Index, Let, Matrix, Size, Statement

m, n, d = v.sizes("m n d")
k, i, r = v.indices("k i r")
W = v.matrix("W", m, n)
RELATIONS = (sp.Eq, sp.Ne, sp.Le, sp.Lt, sp.Ge, sp.Gt)


def facts(*given: Declared) -> Integers:
    lines = (Size(symbol=m), Size(symbol=n), Size(symbol=d), Matrix(symbol=W), *given)
    return Integers(Statement(given=lines, says=(v.ge(m, 1),)))


@pytest.mark.parametrize(
    "relation, left, right, proved",
    [
        (sp.Le, v.Rank(W), sp.Min(m, n), True),
        (sp.Lt, v.Rank(W), sp.Min(m, n), False),
        (sp.Lt, v.Rank(W), m, False),
        (sp.Lt, v.Rank(W), n, False),
        (sp.Lt, v.CountAbove(W, 1), n, False),
        (sp.Ge, v.Rank(W), 0, True),
        (sp.Ge, v.Rank(W), 1, False),
        (sp.Ge, sp.Max(m, n), m, True),
        (sp.Le, sp.floor((m + n) / 2), sp.Max(m, n), True),
        (sp.Lt, sp.floor((m + n) / 2), sp.Max(m, n), False),
        (sp.Ge, sp.ceiling(m / 2), 1, True),
        (sp.Ge, m * n, m, True),
        (sp.Gt, m * n, m, False),
        (sp.Le, v.CountAbove(W, sp.Rational(1, 2)), n, True),
        (sp.Eq, m * (n + d), m * n + d * m, True),
    ],
)
def test_what_follows_and_what_does_not(relation: Any, left: Any, right: Any, proved: bool) -> None:
    assert facts().proves(relation, left, sp.sympify(right)) is proved


def test_a_refusal_shows_values_that_break_the_relation() -> None:
    integers = facts(Let(symbol=r, value=v.Rank(W)), Index(symbol=k, low=0, high=r))
    values = integers.counterexample(sp.Ge, k, sp.S.One)
    assert values == {k: 0}
    values = integers.counterexample(sp.Lt, k, r)
    assert values is not None
    assert values[k] >= values[v.Rank(W)]


def test_a_range_lasts_as_long_as_its_sum() -> None:
    integers = facts(Index(symbol=k, low=0, high=n))
    with integers.ranging(i, k + 1, n):
        assert integers.proves(sp.Ge, i, sp.S.One)
        assert not integers.proves(sp.Ge, i, sp.Integer(2))
    assert not integers.proves(sp.Ge, i, sp.S.One)
    with integers.ranging(i, 0, n):
        assert not integers.proves(sp.Ge, i, sp.S.One)


def test_contradictory_declarations() -> None:
    assert not facts().contradictory()
    assert facts(Index(symbol=k, low=2, high=1)).contradictory()
    assert facts(Index(symbol=k, low=n + 1, high=v.Rank(W))).contradictory()


def test_equal_sizes() -> None:
    square = facts(Assume(name="square", formula=v.eq(m, n)))
    assert square.same(m * d, d * n)
    assert not square.same(m, d)
    assert not facts().same(m, n)


def test_what_is_not_linear_is_refused_and_not_guessed() -> None:
    with pytest.raises(NotLinearError):
        facts().proves(sp.Ge, v.Sigma(W, 1), sp.S.Zero)
    with pytest.raises(NotLinearError):
        facts().proves(sp.Ge, sp.sqrt(2) * m, sp.S.Zero)


linear = st.tuples(*[st.integers(-2, 2)] * 3).map(lambda c: c[0] * m + c[1] * n + c[2])


@settings(max_examples=100)
@given(linear, linear, linear, linear, st.sampled_from(RELATIONS), st.sampled_from(RELATIONS))
def test_never_proves_what_small_numbers_refute(a: Any, b: Any, c: Any, e: Any, assumed: Any, asked: Any) -> None:
    """And what it does not prove, the exhibited numbers do refute."""
    hypothesis = assumed(a, b, evaluate=False)
    integers = facts(Assume(name="a", formula=hypothesis))

    def holds(relation: Any, values: dict[Any, int]) -> bool:
        left, right = (
            sp.sympify(side).xreplace({s: sp.Integer(x) for s, x in values.items()}) for side in relation.args
        )
        return bool(relation.func(left, right))

    question = asked(c, e, evaluate=False)
    values = integers.counterexample(asked, c, e)
    if values is None:
        for p, q in itertools.product(range(1, 6), repeat=2):
            assert not holds(hypothesis, {m: p, n: q}) or holds(question, {m: p, n: q})
    elif {m, n} <= set(values):
        assert holds(hypothesis, values)
        assert not holds(question, values)
