"""The pictures beside the claims of 11.2.3 and 11.2.5, against draws of the signs and against the formulas."""

from __future__ import annotations

import numpy as np
import pytest

from claims.low_rank.error.complexity_pictures import SIDE, complexity, complexity_and_bounds
from claims.low_rank.gradient_flow.langevin_pictures import PRODUCTS, simulated_variance, variance_over_steps


@pytest.mark.parametrize(("rank", "repeats"), [(1, 1), (2, 4), (5, 16), (SIDE, 3)])
def test_the_complexity_is_the_mean_over_drawn_signs(rank: int, repeats: int) -> None:
    """By the definition: signs are drawn, M is built from the samples, and its largest singular values are added."""
    rng = np.random.default_rng(0)
    samples = np.tile(np.eye(SIDE), (repeats, 1))
    signs = rng.choice([-1.0, 1.0], size=(2000, len(samples)))
    matrices = np.einsum("ki,ia,ib->kab", signs, samples, samples)
    top = np.linalg.svd(matrices, compute_uv=False)[:, :rank].sum(axis=1) / len(samples)
    assert complexity(rank, repeats) == pytest.approx(top.mean(), abs=4 * top.std() / np.sqrt(len(top)) + 1e-12)


def test_no_complexity_exceeds_its_bound_and_the_full_class_comes_near() -> None:
    for curves in complexity_and_bounds:
        stated, proved, exact = (np.array(line.y) for line in curves.lines)
        assert (exact <= proved).all()
        assert (proved < stated).all()
    _, proved, exact = (np.array(line.y) for line in complexity_and_bounds[0].lines)
    assert exact[-1] > 0.75 * proved[-1], "at full rank four fifths of the bound, the mean size of a normal variable"


def test_the_iteration_keeps_to_its_own_formula_and_leaves_the_diffusion() -> None:
    (curves,) = variance_over_steps
    run, formula, diffusion = (np.array(line.y) for line in curves.lines)
    np.testing.assert_allclose(run, formula, rtol=0.1)
    assert run[-1] > 8 * diffusion[-1]
    assert simulated_variance(PRODUCTS[0]) == run[0], "the same at every start"
