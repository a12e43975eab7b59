"""Suspects end in exactly one column of the tally, and none that is gross is left out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
import torch

from verify.formula.vocabulary import (
    Energy,
    FrobeniusNorm,
    Sigma,
    eq,
    indices,
    layers,
    le,
    lt,
    matrix,
    norm_sq,
    scalars,
    sigma_sum,
    sizes,
)
from verify.model.statement import Index, Layers, Matrix, Real, Size, Statement
from verify.stress.ensembles import Ensemble
from verify.stress.layout import Layout
from verify.stress.recipe import MatrixRecipe, Recipe
from verify.stress.suspects import Budget, Examiner, exact_number, exact_values
from verify.stress.trials import Instance, try_chunk

m, n, L, d = sizes("m n L d")
i, k = indices("i k")
t = scalars("t")
W = matrix("W", m, n)
GIVEN = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W))
FALSE = le(FrobeniusNorm(W), Sigma(W, 1) / 2)


def examined(says: Any, ensemble: Ensemble, budget: Budget, count: int = 10) -> Examiner:
    statement = Statement(given=GIVEN, says=(says,))
    examiner = Examiner(statement, budget)
    examiner.look([try_chunk(Layout(statement), Recipe((2, 3), (MatrixRecipe(ensemble),), 5), 0, count, "cpu")])
    return examiner


@pytest.mark.parametrize("value", [0.0, 3.0, -0.375, 0.1, 2.0**-200, -(2.0**200) * 3])
def test_doubles_are_exact_fractions(value: float) -> None:
    assert float(Fraction(exact_number(value))) == value


def test_a_nan_has_no_exact_value() -> None:
    with pytest.raises(ValueError, match="NaN"):
        exact_number(float("nan"))


def test_values_by_name() -> None:
    F = layers("F", L, d)
    statement = Statement(
        given=(Size(symbol=L), Size(symbol=d), Layers(symbol=F), Real(symbol=t), Index(symbol=k, low=1, high=L)),
        says=(le(0, t),),
    )
    values = {F: torch.eye(2, dtype=torch.float64)[None] / 2, t: torch.tensor(0.25), k: torch.tensor(1.0)}
    assert exact_values(Instance({L: 1, d: 2}, values), statement) == {
        "L": "1", "d": "2", "F": [[["1/2", "0"], ["0", "1/2"]]], "t": "1/4", "k": "1",
    }  # fmt: skip


def test_a_violation_is_certified() -> None:
    examiner = examined(FALSE, Ensemble.GAUSSIAN, Budget(5, 5, 5))
    assert len(examiner.certified) == 1
    assert examiner.certified[0].relative > 0.5


def test_a_gross_suspect_beyond_the_budget_is_undecided_never_forgotten() -> None:
    examiner = examined(FALSE, Ensemble.GAUSSIAN, Budget(0, 5, 5))
    assert not examiner.certified
    assert examiner.tally.undecided == examiner.tally.suspects == 10


def test_rounding_beyond_the_budget_is_unexamined() -> None:
    true = eq(norm_sq(W), sigma_sum(Sigma(W, i) ** 2, i, 1, sp.Min(m, n)))
    examiner = examined(true, Ensemble.GAUSSIAN, Budget(5, 3, 0), 40)
    before = examiner.tally.unexamined
    assert before == examiner.tally.suspects > 3
    examiner.look_at_rounding(1.0)
    tally = examiner.tally
    assert tally.unexamined == before - 3
    assert tally.artefacts + tally.ties + tally.undecided == 3
    assert not examiner.certified


def test_equality_under_a_strict_relation_is_found_among_the_rounding() -> None:
    examiner = examined(lt(Sigma(W, 2), Sigma(W, 1)), Ensemble.ZERO, Budget(0, 2, 0))
    assert not examiner.certified
    examiner.look_at_rounding(1.0)
    assert examiner.certified


def test_what_has_no_value_stays_counted_as_such() -> None:
    examiner = examined(le(Energy(W, 1), 1), Ensemble.ZERO, Budget(5, 5, 5))
    assert examiner.tally.not_finite == 10
    assert not examiner.certified
