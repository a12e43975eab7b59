"""Relations between numbers, computed: what is true is shown, and what is false, open or meaningless is refused."""

from __future__ import annotations

import pytest
import sympy as sp

from verify.formula.vocabulary import FrobeniusNorm, eq, ge, gt, indices, le, lt, matrix, ne, scalars
from verify.proof.errors import ProofError
from verify.proof.evaluation import Evaluation
from verify.proof.facts import Facts

i = indices("i")
x = scalars("x")


def harmonic(exponent, count):
    return sp.Sum(i ** (-sp.sympify(exponent)), (i, 1, count))


@pytest.mark.parametrize(
    "relation",
    [
        gt(sp.log(2), 0),
        lt(sp.log(2), sp.Rational(7, 10)),
        eq(sp.Rational(1, 3) + sp.Rational(1, 6), sp.Rational(1, 2)),
        ge(harmonic(2, 2), sp.Rational(5, 4)),
        lt(harmonic(2, 100), sp.pi**2 / 6),
        gt(harmonic(sp.Rational(1, 2), 100), 18),
        ne(sp.sqrt(2), sp.Rational(141421356, 100000000)),
    ],
)
def test_a_true_relation_is_shown(relation):
    assert Evaluation().conclude(Facts([]), relation) == relation


@pytest.mark.parametrize(
    ("relation", "why"),
    [
        (lt(sp.log(2), 0), "false"),
        (le(sp.Rational(1, 2), sp.Rational(1, 3)), "false"),
        (gt(x, 0), "leaves x open"),
        (gt(harmonic(2, x), 0), "leaves x open"),
        (gt(1 / (sp.log(8) - 3 * sp.log(2, evaluate=False)), 0), "undecided|false|makes no sense"),
        (gt(sp.log(-1, evaluate=False), 0), "undecided"),
        (eq(sp.exp(1), sp.Sum(1 / sp.factorial(i), (i, 0, sp.oo))), "cannot|undecided|false"),
        (eq(FrobeniusNorm(matrix("W", 2, 2)), 0), "leaves W open"),
        (eq(matrix("W", 2, 2), matrix("V", 2, 2)), "not a relation between numbers"),
        (x, "not a relation"),
    ],
)
def test_what_is_not_known_to_be_true_is_refused(relation, why):
    with pytest.raises(ProofError, match=why):
        Evaluation().conclude(Facts([]), relation)


def test_two_sides_that_nearly_agree_prove_nothing():
    tiny = sp.Rational(1, 2) ** 4000
    with pytest.raises(ProofError):
        Evaluation().conclude(Facts([]), lt(sp.exp(1), sp.exp(1) - tiny * sp.exp(1)))
