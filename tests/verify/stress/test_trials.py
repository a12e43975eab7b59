"""Margins of a batch: what is counted, what is kept, and that the number of workers changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from verify.formula.vocabulary import Energy, FrobeniusNorm, Sigma, eq, indices, le, matrix, norm_sq, sigma_sum, sizes
from verify.model.statement import Index, Matrix, Size, Statement
from verify.stress.ensembles import Ensemble
from verify.stress.layout import Layout
from verify.stress.recipe import EXTREME, MatrixRecipe, Recipe
from verify.stress.trials import Workers, batch_size, trial_loop, try_chunk

m, n = sizes("m n")
i, k = indices("i k")
W = matrix("W", m, n)
p = sp.Min(m, n)
GIVEN = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W))
TAIL = Statement(
    given=(*GIVEN, Index(symbol=k, low=0, high=p)),
    says=(le(sigma_sum(Sigma(W, i) ** 2, i, k + 1, p), (p - k) * Sigma(W, k + 1) ** 2),),
)


def layout(*says: Any) -> Layout:
    return Layout(Statement(given=GIVEN, says=says))


def recipe(ensemble: Ensemble = Ensemble.GAUSSIAN, scale: int = 0) -> Recipe:
    return Recipe((3, 4), (MatrixRecipe(ensemble, scale=scale),), 5)


def test_a_false_inequality_is_gross_on_every_instance() -> None:
    tried = try_chunk(layout(le(FrobeniusNorm(W), Sigma(W, 1) / 2)), recipe(), 0, 20, "cpu")
    assert (tried.matrices, tried.gross, tried.rounding) == (20, 20, 0)
    assert tried.worst is not None
    assert tried.worst < -0.5
    margins = [s.margin for s in tried.suspects]
    assert margins == sorted(margins)  # type: ignore[type-var]


def test_rounding_is_not_gross() -> None:
    tried = try_chunk(layout(eq(norm_sq(W), sigma_sum(Sigma(W, i) ** 2, i, 1, p))), recipe(), 0, 50, "cpu")
    assert tried.gross == 0
    assert tried.rounding > 10
    assert tried.worst is not None
    assert -1e-14 < tried.worst < 0


def test_a_violation_by_a_millionth_is_gross() -> None:
    tried = try_chunk(
        layout(le(FrobeniusNorm(W), FrobeniusNorm(W) * (1 - sp.Rational(1, 10**6)))), recipe(), 0, 9, "cpu"
    )
    assert tried.gross == 9


def test_what_has_no_value_is_no_trial() -> None:
    tried = try_chunk(layout(le(Energy(W, 1), 1)), recipe(Ensemble.ZERO), 0, 12, "cpu")
    assert (tried.matrices, tried.not_finite) == (0, 12)
    assert {s.margin for s in tried.suspects} == {None}


def test_an_extreme_scale_is_softened_until_float64_can_hold_the_formula() -> None:
    cubes = layout(le(0, FrobeniusNorm(W) ** 8))
    tried = try_chunk(cubes, recipe(scale=EXTREME), 0, 6, "cpu")
    assert (tried.matrices, tried.not_finite) == (6, 0)
    assert tried.visits["extreme scale"] == 6


def test_workers_change_nothing() -> None:
    recipes = [recipe(), recipe(Ensemble.INTEGER)]
    results = []
    for count in (1, 2, 3):
        with Workers(count) as workers:
            tried = workers.run(Layout(TAIL), recipes, 3, 16, "cpu")
            results.append([[(c.matrices, c.worst, c.visits) for c in of_recipe] for of_recipe in tried])
    assert results[0] == results[1] == results[2]
    assert [len(of_recipe) for of_recipe in results[0]] == [3, 3]


def test_large_matrices_come_in_smaller_batches() -> None:
    small, large = Recipe((2, 2), (MatrixRecipe(),), 1), Recipe((64, 64), (MatrixRecipe(),), 1)
    assert batch_size(Layout(TAIL), small, 256) == 256
    assert 4 <= batch_size(Layout(TAIL), large, 256) < 64


@pytest.mark.parametrize("workers", [1, 2])
def test_the_bare_loop_evaluates_the_statement(workers: int) -> None:
    found = list(trial_loop(TAIL, (4, 6), 3, 0, workers, count=32))
    assert [count for count, _ in found] == [32, 32, 32]
    assert all(-1e-12 < worst < 1 for _, worst in found)
    assert len({worst for _, worst in trial_loop(layout(le(Sigma(W, 1), 1)).statement, (4, 6), 3, 0, 1, count=8)}) == 3
