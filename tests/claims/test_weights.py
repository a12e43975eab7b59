"""Low-rank character of weights: what is proved there, computed again by means that share nothing with the proofs."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from claims.low_rank.weights import CLAIMS
from claims.low_rank.weights.entropy import at_least_one, at_most_rank, joined, power_sum
from verify.authoring import matrix, sizes

BY_LABEL = {claim.label: claim for claim in CLAIMS}
THRESHOLDS = (0.3, 0.6, 0.9, 0.95, 0.99)


def spectra() -> list[np.ndarray]:
    """Positive values in decreasing order: random, flat, single, with one dominant value, by a power law."""
    rng = np.random.default_rng(0)
    drawn = [np.sort(rng.lognormal(sigma=spread, size=size))[::-1] for spread in (0.1, 1, 3) for size in (2, 5, 40)]
    power_laws = [np.arange(1, 60.0) ** -exponent for exponent in (0.5, 1, 2)]
    return [*drawn, *power_laws, np.ones(7), np.ones(1), np.array([9.0, *[1.0] * 8])]


def effective_rank(values: np.ndarray, power: int) -> float:
    shares = values**power / np.sum(values**power)
    return float(np.exp(-np.sum(shares * np.log(shares))))


@pytest.mark.parametrize("values", spectra(), ids=lambda v: f"{len(v)}-{v[0]:.3g}")
def test_the_order_of_the_ranks(values: np.ndarray) -> None:
    """1 <= stable rank <= squares <= (nuclear/Frobenius)^2 <= plain values <= rank."""
    squares = np.sum(values**2)
    chain = [
        1.0,
        squares / values[0] ** 2,
        effective_rank(values, 2),
        np.sum(values) ** 2 / squares,
        effective_rank(values, 1),
        len(values),
    ]
    assert all(a <= b * (1 + 1e-12) for a, b in pairwise(chain))


@pytest.mark.parametrize("values", spectra(), ids=lambda v: f"{len(v)}-{v[0]:.3g}")
def test_both_directions_between_the_two_effective_ranks(values: np.ndarray) -> None:
    energies = np.cumsum(values**2) / np.sum(values**2)
    entropy = np.log(effective_rank(values, 2))
    for tau in THRESHOLDS:
        for k, energy in enumerate(energies, start=1):
            if energy < tau:
                assert (1 - tau) * np.log(k / tau) <= entropy + 1e-12
            else:
                assert entropy <= np.log(2 * k) + (1 - tau) * np.log(len(values)) + 1e-12


@pytest.mark.parametrize("rank", [2, 3, 10, 1000, 100_000])
def test_the_variant_stays_below_four_while_the_source_grows(rank: int) -> None:
    values = np.array([rank, *[1.0] * (rank - 1)])
    assert effective_rank(values, 2) <= 4
    assert effective_rank(values, 1) >= np.sqrt(rank) / 2


def test_the_flow_to_a_least_squares_solution_ends_where_the_limit_says() -> None:
    rng = np.random.default_rng(1)
    x, y, w = rng.standard_normal((5, 3)), rng.standard_normal((4, 3)), rng.standard_normal((4, 5))
    inverse = np.linalg.pinv(x)
    limit = w @ (np.eye(5) - x @ inverse) + y @ inverse
    for _ in range(4000):
        w = w - 0.05 * (w @ x - y) @ x.T
    assert np.allclose(w, limit, atol=1e-8)


def test_the_rate_of_a_simple_singular_value() -> None:
    """-u'Gv is the derivative wherever there is one; the difference quotient agrees to first order."""
    rng = np.random.default_rng(2)
    w, g, step_size = rng.standard_normal((4, 3)), rng.standard_normal((4, 3)), 1e-6
    u, before, vt = np.linalg.svd(w)
    after = np.linalg.svd(w - step_size * g, compute_uv=False)
    rates = [-u[:, i] @ g @ vt[i] for i in range(3)]
    assert np.allclose((after - before) / step_size, rates, atol=1e-4)


def test_proofs_are_joined_without_repeating_a_line() -> None:
    w = matrix("W", *sizes("m n"))
    first, second = at_least_one(w, 2), at_most_rank(w, 2)
    names = [line.name for line in joined(first, second)]
    assert len(names) == len(set(names)) < len(first) + len(second)
    assert joined(first, first) == first
    assert power_sum(w, 1) != power_sum(w, 2)


def test_each_item_of_the_subsection_is_there_in_its_order() -> None:
    assert list(BY_LABEL) == [
        "definition-11.16", "lemma-11.17", "definition-effective-rank", "theorem-11.9", "lemma-11.18", "table-11.2.1",
        "lemma-11.19",
    ]  # fmt: skip


def test_the_attention_matrix_follows_the_input_while_its_form_stays() -> None:
    rng = np.random.default_rng(3)
    queries, keys = rng.standard_normal((8, 2)), rng.standard_normal((8, 2))
    inputs = rng.standard_normal((2, 5, 8))
    maps = [np.exp(x @ queries @ keys.T @ x.T / np.sqrt(2)) for x in inputs]
    first, second = (a / a.sum(axis=1, keepdims=True) for a in maps)
    assert not np.allclose(first, second)
    assert np.linalg.matrix_rank(first) == 5 > 2 == np.linalg.matrix_rank(queries @ keys.T)


def test_attention_with_small_logits_is_near_a_matrix_of_small_rank() -> None:
    rng = np.random.default_rng(4)
    n, d, b = 60, 3, 0.3
    logits = rng.standard_normal((n, d)) @ rng.standard_normal((d, n))
    logits *= b / np.abs(logits).max()
    weights = np.exp(logits - b)
    sums = weights.sum(axis=1, keepdims=True)
    near = (1 + logits - b) / sums
    assert np.linalg.matrix_rank(near) == d + 1
    assert sums.min() >= n * np.exp(-2 * b)
    bound = 2 * b**2 * np.exp(2 * b)
    assert np.linalg.norm(weights / sums - near) <= bound
    values = np.linalg.svd(weights / sums, compute_uv=False)
    assert values[d + 1] <= bound < 1 <= values[0] + 1e-12


def test_dropout_on_the_inputs_is_the_penalty_that_is_named() -> None:
    """The mean over all masks, each input kept with probability p and then divided by it, exactly."""
    rng = np.random.default_rng(5)
    w, x, y, p = rng.standard_normal((2, 3)), rng.standard_normal((3, 4)), rng.standard_normal((2, 4)), 0.7
    odds = (1 - p) / p
    mean = sum(
        np.prod([p if keep else 1 - p for keep in mask]) * np.sum((w @ (np.reshape(mask, (3, 4)) * x) / p - y) ** 2)
        for mask in product((0, 1), repeat=12)
    )
    assert np.isclose(mean / 2, (np.sum((w @ x - y) ** 2) + odds * np.sum(w**2 @ np.diag(np.diag(x @ x.T)))) / 2)
    gram = x @ x.T
    best = y @ x.T @ np.linalg.inv(gram + odds * np.diag(np.diag(gram)))
    slope = (best @ x - y) @ x.T + odds * best @ np.diag(np.diag(gram))
    assert np.allclose(slope, 0)


def test_a_factored_weight_learns_its_modes_one_after_the_other() -> None:
    target, start, step_size = np.diag([3.0, 2.0]), 1e-5, 1e-3
    b, a, single = start**0.5 * np.eye(2), start**0.5 * np.eye(2), start * np.eye(2)
    while (b @ a)[0, 0] < 1.5:
        g = b @ a - target
        b, a = b - step_size * g @ a.T, a - step_size * b.T @ g
    while single[0, 0] < 1.5:
        single = single - step_size * (single - target)
    assert (b @ a)[1, 1] < 0.1
    assert single[1, 1] > 0.9
