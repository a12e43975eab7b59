"""Attempts to prove what is false by way of bound names, indices, inductions and names of objects that exist."""

from __future__ import annotations

import pytest
import sympy as sp
from attempts import L, V, W, d, i, integer, j, k, m, n

from verify.authoring import *
from verify.model.statement import Statement
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import same
from verify.proof.lines import Justification, hypotheses
from verify.proof.theorems import LIBRARY, instantiate

r, q = sizes("r q")
i_1 = indices("i_1")
B = matrix("B", m, n)


# --- bound names -----------------------------------------------------------------------------------------------------


def test_a_value_is_not_captured_by_the_canonical_name_of_a_sum(refused):
    total = Sum(k, (j, 1, 3))
    refused(
        "no line says",
        [integer(i_1)],
        eq(Sum(j, (j, 1, 3)), 3 * i_1),  # 6 = 3 i_1
        step("general", for_each(k, 0, 9, step("each", Constant(total=total)))),
        step("at", Instance(of="general", at=i_1)),
    )


def test_nested_sums_keep_their_names_apart():
    """18 and 28: a canonical name given to the outer sum must not be caught by the inner one."""
    crossed = Sum(j * Sum(j * i_1, (i_1, 1, 3)), (j, 1, 2))
    captured = Sum(j * Sum(j * j, (j, 1, 3)), (k, 1, 2))
    assert not same(eq(crossed, 0), eq(captured, 0))
    assert same(eq(crossed, 0), eq(Sum(k * Sum(k * j, (j, 1, 3)), (k, 1, 2)), 0))
    assert not same(eq(crossed, 0), eq(Sum(k * Sum(k * k, (j, 1, 3)), (k, 1, 2)), 0))


def test_sums_with_several_limits_are_refused(refused):
    goal = eq(Sum(Sum(j * k, (k, 1, 3)), (j, 1, 2)), 18)
    refused("several limits", [], goal, step("line", arithmetic(), goal))


def test_a_split_point_is_not_captured(attempt, refused):
    """In the sum from 1 to i_1 the end is not the running index."""
    total = Sum(Sigma(W, j), (j, 1, 9))
    line = Split(total=total, at=i_1)
    parts = Sum(Sigma(W, j), (j, 1, i_1)) + Sum(Sigma(W, j), (j, i_1 + 1, 9))
    attempt([*declare(W), integer(i_1)], eq(total, parts), step("split", line))
    term = Sum(Sigma(W, i_1) * 1, (j, 1, 3))
    lines = (step("split", line), step("equal", Constant(total=term)))
    refused(
        "no line says", [*declare(W), between(i_1, 1, 3)], eq(Sum(Sigma(W, j), (j, 1, 3)), 3 * Sigma(W, i_1)), *lines
    )


def test_the_frame_of_a_norm_does_not_capture_the_index_of_a_layer():
    facts = Facts(hypotheses(Statement(given=(*declare(V), between(i, 1, L)), says=(le(i, L),))))
    concluded = Orthonormal(of=FrobeniusNorm(V[i]), base=V[i]).conclude(facts, None)
    assert same(concluded, eq(norm_sq(V[i]), Sum(Sigma(V[i], j) ** 2, (j, 1, Rank(V[i])))))
    assert not same(concluded, eq(norm_sq(V[i]), Sum(Sigma(V[j], j) ** 2, (j, 1, Rank(V[i])))))


@pytest.mark.parametrize("name", [i, i_1])
def test_a_theorem_does_not_capture_its_arguments(name):
    _, concluded = instantiate(LIBRARY["energy"], {"W": W, "k": name})
    head, total = (Sum(Sigma(W, j) ** 2, (j, 1, high)) for high in (name, Rank(W)))
    assert same(concluded, eq(Energy(W, name), head / total))


def test_rewriting_does_not_enter_a_universal_line(refused):
    """The index of the universal line is the local one of the case at hand: 2 j = 4 holds for j = 2 alone."""
    refused(
        "universal line",
        [],
        le(4, 2),
        step(
            "squares",
            for_each(
                j, 1, 3, step("square", Arithmetic(), ge((j - 1) ** 2, 0)), step("s", arithmetic(), le(2 * j, j**2 + 1))
            ),
        ),
        step(
            "case",
            for_each(
                j,
                2,
                2,
                step("two", Arithmetic(), eq(2 * j, 4)),
                step("wrong", Rewrite(target="squares", equation="two")),
            ),
        ),
    )


def test_the_ends_of_a_range_do_not_mention_its_index(refused):
    refused(
        "depends on its index",
        [],
        le(3, 0),
        step("low", for_each(k, 2 * k, 3, step("nonpositive", arithmetic(), le(k, 0)))),
    )


# --- arbitrary symbols -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [sizes("k"), sp.Symbol("k", integer=True, even=True), scalars("k")])
def test_an_index_with_other_assumptions_is_not_every_integer(refused, index):
    refused(
        "mere integer symbol",
        [],
        le(1, -5),
        step("sign", ForEach(index=index, low=-5, high=5, lines=(step("one", arithmetic(), le(index, index)),))),
        step("at", Instance(of="sign", at=-5)),
    )


def test_a_declared_index_of_the_same_name_is_not_arbitrary(refused):
    refused(
        "no declaration says",
        [real(sp.Symbol("k", integer=True, real=True))],
        le(0, 1),
        step("each", for_each(k, 0, 1, step("one", arithmetic(), le(k, k)))),
    )


def test_an_index_known_to_the_facts_is_not_arbitrary(refused):
    refused(
        "not arbitrary",
        [between(k, 2, 3)],
        le(2, 0),
        step("each", for_each(k, 0, 9, step("two", arithmetic(), le(2, k)))),
    )


def test_an_index_bound_elsewhere_in_a_fact_is_not_arbitrary(refused):
    """k = 1 + 2, with k bound in the sum and free beside it."""
    a = sp.Symbol("a", integer=True)
    refused(
        "not arbitrary",
        [integer(a), assume("k", eq(a, Sum(k, (k, 1, 2))))],
        eq(5, 3),
        step("each", for_each(a, 0, 9, step("three", Hypothesis(), eq(a, Sum(k, (k, 1, 2)))))),
    )


def test_an_instance_is_an_integer(refused):
    product_of_neighbours = ge(k * (k - 1), 0)
    refused(
        "integer",
        [],
        ge(-Rational(1, 4), 0),
        step(
            "integers",
            Induction(
                index=k,
                start=0,
                formula=product_of_neighbours,
                base=(step("zero", arithmetic(), ge(0, 0)),),
                step=(step("next", arithmetic(), ge((k + 1) * k, 0)),),
            ),
        ),
        step("half", Instance(of="integers", at=Rational(1, 2))),
    )


def test_an_induction_starts_at_an_integer(refused):
    refused(
        "integers",
        [],
        ge(0, 1),
        step(
            "halves",
            Induction(
                index=k,
                start=Rational(1, 2),
                formula=ge(k, Rational(1, 2)),
                base=(step("half", arithmetic(), ge(Rational(1, 2), Rational(1, 2))),),
                step=(step("next", arithmetic(), ge(k + 1, Rational(1, 2))),),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("base", "following"),
    [
        ((step("zero", arithmetic(), le(0, 0)),), (step("next", arithmetic(), le(k + 1, 1)),)),
        ((step("zero", arithmetic(), le(0, 1)),), (step("next", arithmetic(), le(k + 1, 0)),)),
        ((), (step("next", arithmetic(), le(k + 1, k + 1)),)),
        ((step("zero", arithmetic(), le(0, 0)),), ()),
    ],
)
def test_an_induction_needs_its_own_base_and_step(attempt, base, following):
    with pytest.raises(ProofError):
        attempt([], le(5, 0), step("all", Induction(index=k, start=0, formula=le(k, 0), base=base, step=following)))


def test_an_induction_stays_within_its_end(attempt, refused):
    """Up to 3 only: the instance at 4 is not there."""
    line = Induction(
        index=k,
        start=0,
        stop=3,
        formula=le(k, 3),
        base=(step("zero", arithmetic(), le(0, 3)),),
        step=(step("next", arithmetic(), le(k + 1, 3)),),
    )
    refused("all at 4|al", [], le(4, 3), step("all", line), step("four", Instance(of="all", at=4)))
    attempt([], le(2, 3), step("all", line), step("two", Instance(of="all", at=2)))


# --- objects that exist ----------------------------------------------------------------------------------------------

tall = [*declare(matrix("B", m, r)), assume("full", eq(Rank(matrix("B", m, r)), r))]
tall_B, left, right_sided = matrix("B", m, r), matrix("Z", r, m), matrix("Z", r, m)


def test_the_name_of_an_inverse_is_new_even_if_no_fact_mentions_it(refused):
    refused(
        "in use",
        [*tall, *declare(left)[2:]],
        eq(left * tall_B, Identity(r)),
        step("inverse", OneSidedInverse(of=tall_B, called=left, side="left")),
    )


def test_the_name_of_an_inverse_is_new_whatever_its_shape(refused):
    refused(
        "in use",
        [*tall, *declare(matrix("Z", n, q))],
        eq(Rank(tall_B), r),
        step("inverse", OneSidedInverse(of=tall_B, called=left, side="left")),
    )


class Axiom(Justification):
    """The rank of the identity, for the test below."""

    def conclude(self, facts, goal):
        return eq(Rank(Identity(d)), d)

    def describe(self):
        return "axiom"


def test_an_inverse_chosen_for_one_index_does_not_serve_another(refused):
    """That Z V_k = I for every k, with one Z, would make all layers equal."""
    Z = matrix("Z", d, d)
    refused(
        "chosen for one case",
        [*declare(V), assume("two", ge(L, 2))],
        eq(V[1], V[2]),
        step(
            "each",
            for_each(
                k,
                1,
                L,
                step("full", Axiom(), eq(Rank(Identity(d)), d)),
                step("inverse", OneSidedInverse(of=Identity(d), called=Z, side="left")),
            ),
        ),
    )


def test_an_induction_does_not_speak_of_an_object_chosen_in_its_base(refused):
    refused(
        "chosen for one case",
        [*tall],
        eq(Rank(tall_B), r),
        step(
            "all",
            Induction(
                index=k,
                start=0,
                formula=eq(left * tall_B, Identity(r)),
                base=(step("inverse", OneSidedInverse(of=tall_B, called=left, side="left")),),
                step=(step("same", algebra("hypothesis"), eq(left * tall_B, Identity(r))),),
            ),
        ),
    )
