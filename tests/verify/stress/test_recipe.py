"""Recipes: small, printable, the structured ones the same in every run."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from verify.formula.vocabulary import Rank, le, matrix, sizes
from verify.model.statement import Matrix, Size, Statement
from verify.stress.ensembles import Ensemble
from verify.stress.layout import Layout
from verify.stress.recipe import EXTREME, MODERATE, MatrixRecipe, Recipe, number_of, recipes, spread, structured

m, n = sizes("m n")
W, E = matrix("W", m, n), matrix("E", m, n)
GIVEN = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Matrix(symbol=E))
PLAIN = Layout(Statement(given=GIVEN, says=(le(0, 1),)))
RANKED = Layout(Statement(given=GIVEN, says=(le(Rank(W + E), Rank(W) + Rank(E)),)))


def test_the_structured_list_is_fixed_and_visits_every_family() -> None:
    first, again = list(structured(PLAIN, 5)), list(structured(PLAIN, 5))
    assert first == again
    families = {matrix.ensemble for recipe in first for matrix in recipe.matrices}
    assert families >= set(Ensemble) - {Ensemble.NOISY}
    assert {m.scale for recipe in first for m in recipe.matrices} == {0, EXTREME, -EXTREME}
    assert first[0].sizes == (1, 1)


def test_without_matrices_each_size_comes_once() -> None:
    layout = Layout(Statement(given=(Size(symbol=m), Size(symbol=n)), says=(le(m, m * n),)))
    sizes_tried = [recipe.sizes for recipe in structured(layout, 3)]
    assert len(sizes_tried) == len(set(sizes_tried)) > 50
    assert max(max(s) for s in sizes_tried) > 32


@settings(max_examples=60)
@given(recipes(PLAIN))
def test_random_recipes_are_admissible(recipe: Recipe) -> None:
    assert PLAIN.admits(recipe.sizes)
    assert len(recipe.matrices) == 2


@settings(max_examples=60)
@given(recipes(RANKED))
def test_a_statement_on_ranks_gets_what_float64_can_tell(recipe: Recipe) -> None:
    assert all(m.condition <= MODERATE for m in recipe.matrices)
    assert len({m.scale for m in recipe.matrices}) == 1


@given(st.integers(1, 40), st.integers(1, 12))
def test_spread_keeps_the_ends(length: int, count: int) -> None:
    pool: Any = tuple((i,) for i in range(length))
    chosen = spread(pool, count)
    assert len(chosen) == min(length, count)
    assert chosen[0] == (0,)
    assert count == 1 or chosen[-1] == (length - 1,)


def test_rescaling_keeps_the_sign_and_leaves_plain_scales() -> None:
    recipe = Recipe((1,), (MatrixRecipe(scale=EXTREME), MatrixRecipe(scale=-EXTREME), MatrixRecipe()), 0)
    assert [m.scale for m in recipe.rescaled(50).matrices] == [50, -50, 0]


def test_seeds_are_equal_across_processes() -> None:
    assert number_of("plain", (2, 3), 1) == 7045845793537428
