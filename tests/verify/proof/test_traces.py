"""The laws of the trace: what they prove, what they must refuse, and that forms keep values."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.authoring import assume, declare, real
from verify.formula.vocabulary import FrobeniusNorm, eq, inner, le, matrix, ne, norm_sq, scalars, sizes, vector
from verify.model.statement import Assume
from verify.proof.lines import Line
from verify.proof.traces import TraceAlgebra, TraceForm

m, n, p = sizes("m n p")
c = scalars("c")
A, B, C, S = matrix("A", m, n), matrix("B", m, n), matrix("C", n, p), matrix("S", n, n)
U = matrix("U", m, n)
u, v, x, y = vector("u", m), vector("v", n), vector("x", n), vector("y", m)

ALL = (*declare(A, B, C, S, U, u, v, x, y), real(c))


def line(goal: Any, *using: str) -> Line:
    return Line(name="goal", by=TraceAlgebra(using=using), says=goal)


TRUE = [
    eq(norm_sq(A + B), norm_sq(A) + 2 * inner(A, B) + norm_sq(B)),
    eq(norm_sq(A + B) + norm_sq(A - B), 2 * norm_sq(A) + 2 * norm_sq(B)),
    eq(norm_sq(A.T), norm_sq(A)),
    eq(norm_sq(c * A), c**2 * norm_sq(A)),
    eq(inner(A, B), inner(B, A)),
    eq(sp.Trace(A * B.T), sp.Trace(B.T * A)),
    eq(sp.Trace(sp.Identity(n)), n),
    eq(sp.Trace(S + S.T), 2 * sp.Trace(S)),
    eq(norm_sq(u * v.T), norm_sq(u) * norm_sq(v)),
    eq(sp.Trace(u.T * A * v * x.T * v), sp.Trace(u.T * A * v) * sp.Trace(x.T * v)),
    eq(norm_sq(u) ** 2, sp.Trace(u * u.T * u * u.T)),
]
FALSE = [
    eq(norm_sq(A + B), norm_sq(A) + inner(A, B) + norm_sq(B)),
    eq(sp.Trace(S), n),
    eq(sp.Trace(S * S), sp.Trace(S) ** 2),
    eq(sp.Trace(S * S), sp.Trace(S * S.T)),
    eq(sp.Trace(A * A.T * B * B.T), sp.Trace(A * B.T * A * B.T)),
    eq(norm_sq(A * v), norm_sq(A) * norm_sq(v)),
    eq(FrobeniusNorm(A + B), FrobeniusNorm(A) + FrobeniusNorm(B)),
    eq(sp.Trace(sp.Identity(n)), m),
    eq(sp.Trace(sp.Identity(m)) + sp.Trace(sp.Identity(n)), 2 * m),
]


@pytest.mark.parametrize("goal", TRUE, ids=str)
def test_laws_of_the_trace(attempt, goal):
    attempt(ALL, goal, line(goal))


@pytest.mark.parametrize("goal", FALSE, ids=str)
def test_what_is_no_law_is_refused(refused, goal):
    refused("differ", ALL, goal, line(goal))


def test_an_inequality_or_an_equality_of_matrices_is_refused(refused):
    refused("not an equality of numbers", ALL, le(norm_sq(A), 0), line(le(norm_sq(A), 0)))
    refused("not an equality of numbers", ALL, eq(A, A), line(eq(A, A)))


def test_a_hypothesis_is_used_wherever_it_stands_in_the_word(attempt, refused):
    columns = assume("orthonormal", eq(U.T * U, sp.Identity(n)))
    goal = eq(norm_sq(U), n)
    attempt([*ALL, columns], goal, line(goal))
    refused("differ", ALL, goal, line(goal))
    turned = eq(sp.Trace(U * S * U.T), sp.Trace(S))
    attempt([*ALL, columns], turned, line(turned))
    refused("differ", [*ALL, columns], eq(sp.Trace(U * U.T), m), line(eq(sp.Trace(U * U.T), m)))


def test_identities_of_different_sizes_are_not_taken_for_each_other(refused, attempt):
    V = matrix("V", m, m)
    both: list[Assume] = [assume("small", eq(U.T * U, sp.Identity(n))), assume("large", eq(V.T * V, sp.Identity(m)))]
    given_ = [*declare(U, V), *both]
    right = eq(sp.Trace(U.T * U + sp.Identity(n)) + sp.Trace(V.T * V), 2 * n + m)
    attempt(given_, right, line(right))
    wrong = eq(sp.Trace(U.T * U) + sp.Trace(V.T * V), 2 * m)
    refused("differ", given_, wrong, line(wrong))
    mixed = eq(sp.Trace(U * U.T) - sp.Trace(V * V.T), 0)
    refused("differ", given_, mixed, line(mixed))


def test_a_division_that_may_have_no_value_is_refused(refused, attempt):
    scaled = eq(norm_sq((1 / c) * A) * c**2, norm_sq(A))
    refused("not known to be nonzero", ALL, scaled, line(scaled))
    attempt([*ALL, assume("c", ne(c, 0))], scaled, line(scaled))


def test_an_inverse_must_be_one_of_an_invertible_matrix(refused):
    goal = eq(sp.Trace(S.I * (S + x * v.T)), n + sp.Trace(v.T * S.I * x))
    refused("invertible", ALL, goal, line(goal))


entries = st.lists(st.integers(-3, 3), min_size=12, max_size=12)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(numbers=entries, word=st.lists(st.sampled_from("STRstr"), min_size=1, max_size=5))
def test_the_form_of_a_trace_has_its_value(numbers, word):
    """Compared with sympy's explicit matrices."""
    symbols = {name: matrix(name, 2, 2) for name in "STR"}
    values = {name: sp.Matrix(2, 2, numbers[4 * i : 4 * i + 4]) for i, name in enumerate("STR")}
    expression, explicit = sp.Identity(2), sp.eye(2)
    for letter in word:
        upper = letter.upper()
        expression = expression * (symbols[upper] if letter == upper else symbols[upper].T)
        explicit = explicit * (values[upper] if letter == upper else values[upper].T)
    form = TraceForm([]).of(sp.Trace(expression))
    given_form = form.xreplace({symbols[k]: sp.ImmutableMatrix(v) for k, v in values.items()}).doit()
    assert given_form == explicit.trace()
