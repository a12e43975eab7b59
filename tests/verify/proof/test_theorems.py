"""The named theorems are statements: each is searched for a counterexample, and a changed one must have one."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from verify.context import Context, Profile
from verify.formula.typing import check as ill_typed
from verify.model.statement import Statement
from verify.proof.lines import hypotheses
from verify.proof.theorems import BEYOND, LIBRARY, instantiate
from verify.stress.search import BRIEF, EFFORT, search

QUICK = Context(profile=Profile.QUICK, workers=1)
FLIPPED = {sp.Le: sp.Gt, sp.Lt: sp.Ge, sp.Ge: sp.Lt, sp.Gt: sp.Le, sp.Eq: sp.Ne, sp.Ne: sp.Eq}
TRANSCENDENTAL = {"log-softmax", "log-power"}
LEAVES_THE_RANGE = {
    "log-power",
    "power-positive",
    "power-falls",
    "power-exponent",
    "power-cross",
    "power-above-tangent",
}
"""Powers with any exponent overflow float64 now and then; such an instance is evidence for nothing."""


@pytest.mark.parametrize("key", sorted(LIBRARY))
def test_each_theorem_is_well_typed_and_sourced(key):
    theorem = LIBRARY[key]
    assert ill_typed(theorem.statement) == []
    assert theorem.name and theorem.source
    assert len(theorem.statement.says) == 1


@pytest.mark.parametrize("key", sorted(LIBRARY))
def test_only_the_ends_of_the_search_are_no_premises(key):
    statement = LIBRARY[key].statement
    itself = {str(s): s for line in statement.given if (s := line.introduces) is not None and str(s) not in "mnpLd"}
    premises, conclusion = instantiate(LIBRARY[key], itself)
    dropped = [h for h in hypotheses(statement) if h not in premises]
    assert all(h.rhs == BEYOND for h in dropped)
    assert conclusion == statement.says[0]


def effort(key, base):
    """Whether logarithms of sums of exponentials are equal is not decided exactly in reasonable time; gross violations
    are looked at all the same.
    """
    return replace(base, rounding=0) if key in TRANSCENDENTAL else base


@pytest.mark.parametrize("key", sorted(LIBRARY))
def test_no_theorem_fails_at_a_few_thousand_matrices(key):
    found = search(LIBRARY[key].statement, context=QUICK, gradient=False, effort=effort(key, BRIEF))
    assert found.counterexample is None
    assert found.stress.matrices > 333  # of about a thousand; a third are left where a norm is to be 0
    assert found.stress.not_finite == 0 or key in LEAVES_THE_RANGE


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted(LIBRARY))
def test_no_theorem_has_a_counterexample(key):
    found = search(LIBRARY[key].statement, context=QUICK, effort=effort(key, EFFORT[Profile.QUICK]))
    assert found.counterexample is None
    assert found.stress.matrices > 1000  # narrow hypotheses leave few


@pytest.mark.parametrize("key", sorted(LIBRARY))
def test_the_opposite_of_each_theorem_is_refuted(key):
    statement = LIBRARY[key].statement
    (said,) = statement.says
    wrong = FLIPPED[type(said)](said.lhs, said.rhs, evaluate=False)
    if key in TRANSCENDENTAL:  # that equality fails is not decided, that twice as much is not equal is
        more = sp.MatMul(2, said.rhs) if said.rhs.is_Matrix else said.rhs + 1
        wrong = sp.Eq(said.lhs, more, evaluate=False)
    opposite = Statement(given=statement.given, says=(wrong,))
    found = search(opposite, context=QUICK, gradient=False, effort=effort(key, BRIEF))
    assert found.counterexample is not None
    assert found.counterexample.certified
