"""The magnitude of the ingredients tells rounding from violation."""

from __future__ import annotations

import sympy as sp
import torch

from verify.formula.floats import Batch
from verify.formula.vocabulary import (
    EffectiveRank,
    FrobeniusNorm,
    Sigma,
    Truncated,
    eq,
    le,
    matrix,
    norm_sq,
    sigma_sum,
    sizes,
)
from verify.formula.vocabulary import indices as index_symbols
from verify.stress.ensembles import Shape, Source, Spectrum, low_rank
from verify.stress.magnitude import norm, size, violation_of_size

m, n = sizes("m n")
i = index_symbols("i")
W, E = matrix("W", m, n), matrix("E", m, n)


def test_differences_count_by_their_ingredients() -> None:
    assert norm(W - 2 * Truncated(W, 2)) == 3 * FrobeniusNorm(W)
    assert size(Sigma(W, 3)) == FrobeniusNorm(W)
    assert size(FrobeniusNorm(W - E)) == FrobeniusNorm(W) + FrobeniusNorm(E)
    assert size(sp.sqrt(Sigma(W, 1))) == sp.sqrt(FrobeniusNorm(W))


def rank_two() -> Batch:
    drawn = low_rank(Source(1, "cpu"), Shape(50, 5, 6, torch.full((50,), 2.0, dtype=torch.float64), Spectrum.TIED, 0))
    return Batch({m: 5, n: 6}, {W: drawn})


def test_the_residual_of_a_matrix_of_that_rank_is_rounding() -> None:
    true = eq(norm_sq(W - Truncated(W, 2)), sigma_sum(Sigma(W, i) ** 2, i, 3, sp.Min(m, n)))
    assert violation_of_size(true, rank_two()).max() < 1e-13


def test_a_real_difference_is_not() -> None:
    false = le(Sigma(W, 1), Sigma(W, 2) / 2)
    assert violation_of_size(false, rank_two()).median() > 1e-3
    shifted = eq(W, Truncated(W, 1))
    assert violation_of_size(shifted, rank_two()).median() > 1e-3


def test_a_function_of_a_difference_of_matrices_has_a_magnitude() -> None:
    """sympy's absolute value would rewrite W - E inside as minus a number."""
    assert size(EffectiveRank(W - E)).has(EffectiveRank)
