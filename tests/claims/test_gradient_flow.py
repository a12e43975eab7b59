"""Section 11.2.3, first half: the exact claims beside plain simulations of what they speak of."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from claims.low_rank import gradient_flow

CLAIMS = {claim.label: claim for claim in gradient_flow.CLAIMS}
RNG = np.random.default_rng(0)


def entropy_rank(w):
    share = np.linalg.svd(w, compute_uv=False) ** 2
    share = share[share > 1e-15 * share.sum()] / share.sum()
    return float(np.exp(-(share * np.log(share)).sum()))


@pytest.mark.parametrize("label", ["equation-gd-update", "lemma-11.22", "theorem-11.13", "corollary-11.5"])
def test_the_claims_of_the_subsection_are_there(label):
    assert label in CLAIMS


def test_the_counterexample_to_early_stopping_is_what_descent_really_does():
    """One step from zero with X = diag(2, 1) and the limit diag(1, 4)."""
    x, limit, step = np.diag([2.0, 1.0]), np.diag([1.0, 4.0]), 1 / 8
    w = np.zeros((2, 2))
    w -= step * (w @ x - limit @ x) @ x.T
    assert entropy_rank(w) == pytest.approx(2)
    assert entropy_rank(limit) < 1.3
    for _ in range(500):
        w -= step * (w @ x - limit @ x) @ x.T
    np.testing.assert_allclose(w, limit)


@pytest.mark.parametrize("rows", [3, 5, 8])
def test_an_aligned_limit_is_never_exceeded_in_effective_rank(rows):
    """Random orthogonal frames; eigenvalues and values in the same order, as the theorem asks."""
    frame, left = (np.linalg.qr(RNG.normal(size=(rows, rows)))[0] for _ in range(2))
    values, roots = (np.sort(RNG.uniform(0.1, 1, rows))[::-1] for _ in range(2))
    x, limit = frame @ np.diag(roots), left @ np.diag(values) @ frame.T
    w = np.zeros((rows, rows))
    for _ in range(30):
        w -= 0.9 / roots[0] ** 2 * (w @ x - limit @ x) @ x.T
        assert entropy_rank(w) <= entropy_rank(limit) + 1e-9


@pytest.mark.parametrize(("samples", "batch"), [(4, 1), (4, 2), (5, 3), (5, 5)])
def test_the_covariance_over_all_batches_is_the_formula(samples, batch):
    """Every batch is listed, with and without replacement."""
    gradients = RNG.normal(size=(3, samples))
    mean = gradients.mean(axis=1, keepdims=True)
    single = (gradients - mean) @ (gradients - mean).T / samples
    for draws, factor in (
        (itertools.combinations(range(samples), batch), (samples - batch) / (batch * (samples - 1))),
        (itertools.product(range(samples), repeat=batch), 1 / batch),
    ):
        noise = np.stack([gradients[:, list(d)].mean(axis=1) - mean[:, 0] for d in draws], axis=1)
        np.testing.assert_allclose(noise.mean(axis=1), 0, atol=1e-12)
        np.testing.assert_allclose(noise @ noise.T / noise.shape[1], factor * single, atol=1e-12)


@pytest.mark.parametrize("product", [0.1, 0.5, 1.0, 1.9])
def test_the_stationary_variance_is_the_limit_of_the_recursion(product):
    curvature, noise = 2.0, 3.0
    step, variance = product / curvature, 0.0
    for _ in range(20_000):
        variance = (1 - step * curvature) ** 2 * variance + step**2 * noise
    assert variance == pytest.approx(step * noise / (curvature * (2 - step * curvature)))
    assert variance > step * noise / (2 * curvature)


@pytest.mark.parametrize("seed", range(3))
def test_the_penalised_minimiser_keeps_least_where_the_noise_is_largest(seed):
    """Against plain least squares: the minimiser is found by solving, not by the formula of the claim."""
    rng = np.random.default_rng(seed)
    frame = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    noise = np.sort(rng.uniform(0, 2, 4))[::-1]
    target = frame @ np.linalg.qr(rng.normal(size=(5, 4)))[0].T
    w = np.linalg.solve(np.eye(4) + 0.3 * frame @ np.diag(noise) @ frame.T, target)
    kept = np.linalg.norm(w.T @ frame, axis=0)
    assert (np.diff(kept) > 0).all()


def test_an_euler_step_has_the_moments_of_the_iteration_but_not_its_law():
    step, outcomes = 0.3, np.array([2.0, -1.0, -1.0])
    root = np.sqrt((outcomes**2).mean())
    normal = np.random.default_rng(0).normal(size=200_000)
    iteration, euler = step * outcomes, np.sqrt(step) * (np.sqrt(step) * root) * normal
    assert iteration.mean() == pytest.approx(0, abs=1e-12)
    assert euler.var() == pytest.approx(iteration.var(), rel=0.02)
    assert abs((euler**3).mean()) < 0.05 * (iteration**3).mean()


@pytest.mark.parametrize("rows", [3, 6])
def test_on_an_aligned_path_from_zero_the_energy_spreads(rows):
    roots = values = np.sort(RNG.uniform(0.2, 1, rows))[::-1]
    x, limit, w, shares = np.diag(roots), np.diag(values), np.zeros((rows, rows)), []
    for _ in range(40):
        w -= 0.9 / roots[0] ** 2 * (w @ x - limit @ x) @ x.T
        squares = np.linalg.svd(w, compute_uv=False) ** 2
        shares.append(squares[0] / squares.sum())
    assert (np.diff(shares) <= 1e-12).all()
