"""Which regions must be visited, and that a visit is seen in the numbers."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
import torch

from verify.formula.vocabulary import Rank, eq, indices, layers, le, lt, matrix, sizes, vector
from verify.model.statement import Assume, Index, Layers, Matrix, Size, Statement
from verify.stress.coverage import required, visits
from verify.stress.ensembles import Ensemble, Spectrum
from verify.stress.layout import Layout
from verify.stress.recipe import EXTREME, MatrixRecipe, Recipe
from verify.stress.sampler import draw

m, n = sizes("m n")
k = indices("k")
W = matrix("W", m, n)
BASE = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W))


def layout(*given: Any) -> Layout:
    return Layout(Statement(given=given, says=(le(0, 1),)))


def test_classes_follow_from_the_statement() -> None:
    found = required(layout(*BASE, Index(symbol=k, low=1, high=sp.Min(m, n))))
    assert set(found) == {
        "m = n", "m < n", "m > n", "rank-deficient", "tied values", "extreme scale", "zero matrix", "1 x 1",
        "k at its lower end", "k at its upper end",
    }  # fmt: skip


def test_what_the_hypotheses_exclude_is_not_required() -> None:
    assert "m > n" not in required(layout(*BASE, Assume(name="wide", formula=le(m, n))))
    assert "1 x 1" not in required(layout(*BASE, Assume(name="wide", formula=lt(m, n))))
    assert "zero matrix" not in required(layout(Size(symbol=m), Size(symbol=n), Matrix(symbol=W, structure="nonzero")))
    assert "rank-deficient" not in required(layout(*BASE, Assume(name="full", formula=eq(Rank(W), sp.Min(m, n)))))
    assert "tied values" not in required(layout(Size(symbol=n), Matrix(symbol=vector("v", n))))
    assert required(layout(Size(symbol=m))) == ()


def test_a_part_asks_for_more_or_less() -> None:
    ranked = layout(*BASE, Assume(name="full", formula=eq(Rank(W), sp.Min(m, n))))
    assert "tied values" in required(ranked, classes=["tied values"])
    assert "m = n" not in required(ranked, excludes=["m = n"])
    with pytest.raises(ValueError, match="no coverage class is called 'tied'"):
        required(ranked, classes=["tied"])


CASES = [
    ((4, 4), MatrixRecipe(Ensemble.ZERO), {"zero matrix", "rank-deficient"}),
    ((1, 1), MatrixRecipe(Ensemble.IDENTITY), {"1 x 1"}),
    ((4, 4), MatrixRecipe(Ensemble.ROTATION), {"tied values"}),
    ((4, 4), MatrixRecipe(Ensemble.GAUSSIAN), set()),
    ((4, 4), MatrixRecipe(Ensemble.GAUSSIAN, scale=EXTREME), {"extreme scale"}),
    ((4, 4), MatrixRecipe(Ensemble.GAUSSIAN, scale=-EXTREME), {"extreme scale"}),
    ((4, 4), MatrixRecipe(Ensemble.LOW_RANK, Spectrum.RANDOM, "one"), {"rank-deficient"}),
]


@pytest.mark.parametrize("sizes, recipe, expected", CASES)
def test_a_visit_is_seen_in_the_numbers(sizes: tuple[int, int], recipe: MatrixRecipe, expected: set[str]) -> None:
    found = layout(*BASE)
    counts = visits(found, draw(found, Recipe(sizes, (recipe,), 3), 0, 16, "cpu"))
    degenerate = {"zero matrix", "1 x 1", "tied values", "extreme scale", "rank-deficient"}
    present = {name for name in degenerate if counts[name]}
    assert expected <= present
    if recipe.ensemble is Ensemble.GAUSSIAN:
        assert present == expected
    assert counts["m = n"] == 16


def test_instances_that_are_not_valid_visit_nothing() -> None:
    found = layout(*BASE)
    batch = draw(found, Recipe((3, 3), (MatrixRecipe(Ensemble.ZERO),), 3), 0, 16, "cpu")
    batch.valid[:] = False
    assert sum(visits(found, batch).values()) == 0
    batch.valid[:5] = True
    assert visits(found, batch)["zero matrix"] == 5


def test_the_ends_of_enumerated_and_drawn_indices() -> None:
    enumerated = layout(*BASE, Index(symbol=k, low=1, high=sp.Min(m, n)))
    counts = visits(enumerated, draw(enumerated, Recipe((3, 3), (MatrixRecipe(),), 3), 0, 16, "cpu"))
    assert counts["k at its lower end"] == counts["k at its upper end"] == 16
    j = indices("j")
    both = layout(*BASE, Index(symbol=k, low=1, high=sp.Min(m, n)), Index(symbol=j, low=0, high=k))
    counts = visits(both, draw(both, Recipe((3, 3), (MatrixRecipe(),), 3), 0, 64, "cpu"))
    assert 16 < counts["k at its upper end"] < 64


def test_a_family_is_visited_member_by_member() -> None:
    L, d = sizes("L d")
    found = layout(Size(symbol=L), Size(symbol=d), Layers(symbol=layers("F", L, d)))
    batch = draw(found, Recipe((3, 2), (MatrixRecipe(),), 3), 0, 4, "cpu")
    assert visits(found, batch)["zero matrix"] == 0
    family = next(iter(batch.values))
    batch.values[family] = torch.where(torch.arange(3).reshape(1, 3, 1, 1) == 1, 0.0, batch.values[family])
    assert visits(found, batch)["zero matrix"] == 4
