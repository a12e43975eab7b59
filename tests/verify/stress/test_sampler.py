"""A batch satisfies the hypotheses on every instance it calls valid, and reaches the borders of the ranges."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
import torch

from verify.certify import Refusal, certify
from verify.formula.vocabulary import (
    Identity,
    Rank,
    Sigma,
    SpectralNorm,
    eq,
    gt,
    indices,
    layers,
    le,
    matrix,
    scalars,
    sizes,
)
from verify.model.statement import Assume, Index, Layers, Matrix, Real, Size, Statement
from verify.stress.ensembles import Ensemble
from verify.stress.layout import Layout
from verify.stress.recipe import MatrixRecipe, Recipe
from verify.stress.sampler import Drawn, draw
from verify.stress.suspects import exact_values
from verify.stress.trials import take

m, n = sizes("m n")
k = indices("k")
t, s = scalars("t s")
W, E = matrix("W", m, n), matrix("E", m, n)
p = sp.Min(m, n)
NEVER = le(1, 0)


def drawn(*given: Any, sizes: tuple[int, ...], recipe: MatrixRecipe | None = None, count: int = 64) -> Drawn:
    statement = Statement(given=given, says=(NEVER,))
    return draw(Layout(statement), Recipe(sizes, (recipe or MatrixRecipe(),), 7), 0, count, "cpu")


def exactly_valid(batch: Drawn, *given: Any) -> list[bool]:
    """Whether exact arithmetic agrees that instances satisfy the hypotheses: then the false conclusion is refuted."""
    statement = Statement(given=given, says=(NEVER,))
    rows = batch.valid.nonzero()[:, 0].tolist()[:20]
    return [not isinstance(certify(statement, exact_values(take(batch, row, 0), statement)), Refusal) for row in rows]


def test_the_same_recipe_and_chunk_give_the_same_batch_and_another_chunk_another() -> None:
    given = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Real(symbol=t))
    layout = Layout(Statement(given=given, says=(NEVER,)))
    recipe = Recipe((3, 4), (MatrixRecipe(),), 11)
    one, two, other = (draw(layout, recipe, chunk, 8, "cpu").values for chunk in (0, 0, 1))
    assert torch.equal(one[W], two[W])
    assert torch.equal(one[t], two[t])
    assert not torch.equal(one[W], other[W])


@pytest.mark.parametrize("ensemble", [Ensemble.GAUSSIAN, Ensemble.EXACT, Ensemble.LOW_RANK, Ensemble.ZERO])
def test_a_prescribed_rank_holds_exactly(ensemble: Ensemble) -> None:
    given = (
        Size(symbol=m),
        Size(symbol=n),
        Matrix(symbol=W),
        Index(symbol=k, low=1, high=p),
        Assume(name="rank", formula=eq(Rank(W), k)),
    )
    batch = drawn(*given, sizes=(4, 5), recipe=MatrixRecipe(ensemble))
    assert batch.valid.double().mean() > 0.5
    assert set(batch.values[k][batch.valid].tolist()) == {1.0, 2.0, 3.0, 4.0}
    assert all(exactly_valid(batch, *given))


def test_a_gap_that_chance_would_not_give_is_made_and_its_border_approached() -> None:
    gap = gt(Sigma(W, 1), 10 * SpectralNorm(E))
    given = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Matrix(symbol=E), Assume(name="gap", formula=gap))
    batch = drawn(*given, sizes=(3, 3))
    assert batch.valid.double().mean() > 0.9
    assert all(exactly_valid(batch, *given))
    ratio = torch.linalg.svdvals(batch.values[W])[:, 0] / torch.linalg.svdvals(batch.values[E])[:, 0]
    assert ratio[batch.valid].min() < 11
    assert ratio[batch.valid].max() > 20


def test_an_equation_defines_its_symbol() -> None:
    Y = matrix("Y", m, n)
    given = (
        Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Matrix(symbol=E), Matrix(symbol=Y),
        Assume(name="sum", formula=eq(Y, W + E)),
    )  # fmt: skip
    batch = drawn(*given, sizes=(2, 3), recipe=MatrixRecipe(Ensemble.INTEGER))
    assert batch.valid.all()
    assert all(exactly_valid(batch, *given))


def test_orthonormal_and_symmetric_matrices_are_so_exactly() -> None:
    Q, A = matrix("Q", n, n), matrix("A", n, n)
    given = (
        Size(symbol=n), Matrix(symbol=Q), Matrix(symbol=A),
        Assume(name="unit", formula=eq(Q.T * Q, Identity(n))), Assume(name="symmetric", formula=eq(A, A.T)),
    )  # fmt: skip
    batch = drawn(*given, sizes=(5,))
    assert batch.valid.all()
    assert all(exactly_valid(batch, *given))


@pytest.mark.parametrize("structure", ["nonzero", "positive", "diagonal"])
def test_structures(structure: Any) -> None:
    given = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W, structure=structure))
    batch = drawn(*given, sizes=(2, 3), recipe=MatrixRecipe(Ensemble.INTEGER))
    assert batch.valid.any()
    assert all(exactly_valid(batch, *given))
    zero = drawn(*given, sizes=(2, 3), recipe=MatrixRecipe(Ensemble.ZERO))
    assert bool(zero.valid.any()) is (structure != "nonzero")


def test_an_empty_range_is_no_instance() -> None:
    given = (Size(symbol=m), Matrix(symbol=matrix("V", m, 1)), Index(symbol=k, low=2, high=m))
    assert not drawn(*given, sizes=(1,)).valid.any()
    assert drawn(*given, sizes=(2,)).valid.all()


@pytest.mark.parametrize("is_open", [False, True])
def test_a_bounded_number_reaches_closed_ends_and_not_open_ones(is_open: bool) -> None:
    batch = drawn(Real(symbol=t, low=0, high=3, open=is_open), sizes=(), count=256)
    value = batch.values[t][batch.valid]
    assert bool((value == 0).any()) is not is_open
    assert bool((value == 3).any()) is not is_open
    assert ((value >= 0) & (value <= 3)).all()
    assert value.min() < 0.01


def test_signs_of_symbols_are_hypotheses() -> None:
    positive = scalars("a", positive=True)
    batch = drawn(Real(symbol=positive), sizes=(), count=256)
    assert (batch.values[positive][batch.valid] > 0).all()


def test_enumerated_indices_take_every_value() -> None:
    batch = drawn(Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Index(symbol=k, low=0, high=p), sizes=(3, 4))
    assert batch.axes[k].tolist() == [0, 1, 2, 3]
    assert batch.valid.shape == (64, 4)
    assert batch.valid.all()


def test_a_family_may_be_close_to_an_earlier_one() -> None:
    """Two independent families are never close; hypotheses on small errors need one made like the other."""
    L, d = sizes("L d")
    F, G = layers("F", L, d), layers("G", L, d)
    given = (Size(symbol=L), Size(symbol=d), Layers(symbol=F), Layers(symbol=G))
    layout = Layout(Statement(given=given, says=(NEVER,)))
    recipe = Recipe((2, 3), (MatrixRecipe(Ensemble.GAUSSIAN), MatrixRecipe(Ensemble.LIKE)), 7)
    values = draw(layout, recipe, 0, 100, "cpu").values
    error = (values[G] - values[F]).flatten(2).norm(dim=2) / values[F].flatten(2).norm(dim=2)
    assert (error.amax(dim=1) < 0.1).sum() >= 5
    assert (error.amax(dim=1) > 1).any()
