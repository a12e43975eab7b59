"""The bootstrap of a power law: exact on samples of one, small on others, the same on every machine."""

from __future__ import annotations

import math

import numpy as np
import pytest

from verify.networks.fits import Fit, Window, fit
from verify.networks.goodness import SAMPLES, distance, distances, p_value

COUNT = 40


def p_of(values: list[float]) -> float:
    found = fit(values, Window(1, COUNT))
    assert isinstance(found, Fit)
    return p_value(distance(values, found), found.window)


def test_samples_of_a_power_law_are_rejected_as_often_as_p_says() -> None:
    """p is uniform: within four standard errors at three places, whatever the exponent and the scale."""
    make, trials = np.random.Generator(np.random.PCG64(5)), 1200
    samples = 7.0 * (make.pareto(1.7, (trials, COUNT)) + 1)
    found = np.array([p_of(sorted(row.tolist(), reverse=True)) for row in samples])
    for share in (0.1, 0.5, 0.9):
        error = 4 * math.sqrt(share * (1 - share) * (1 / trials + 1 / SAMPLES))
        assert float((found <= share).mean()) == pytest.approx(share, abs=error)


def test_values_of_another_law_are_ruled_out() -> None:
    assert p_of([math.exp(-0.2 * i) for i in range(COUNT)]) < 0.1
    assert p_of([i**-1.3 for i in range(1, COUNT + 1)]) == 1


def test_p_counts_the_samples_that_lie_at_least_as_far() -> None:
    window = Window(1, COUNT)
    drawn = distances(window)
    assert len(drawn) == SAMPLES and list(drawn) == sorted(drawn)
    assert p_value(drawn[-1], window) == 2 / (SAMPLES + 1)
    assert p_value(2.0, window) == 1 / (SAMPLES + 1)
    assert p_value(0.0, window) == 1


def test_the_samples_do_not_depend_on_the_run() -> None:
    first = distances(Window(1, 12))
    distances.cache_clear()
    assert distances(Window(1, 12)) == first


def test_a_window_in_the_middle_is_sampled_from_its_own_law() -> None:
    """Values beyond the window are not the law's: its places begin where the window does."""
    window = Window(5, COUNT)
    values = [9.0] * 4 + [i**-0.8 for i in range(5, COUNT + 1)]
    found = fit(values, window)
    assert isinstance(found, Fit)
    assert distance(values, found) == pytest.approx(0, abs=1e-9)
    assert 0.02 < distances(window)[SAMPLES // 2] < 0.3


def test_a_law_that_rises_is_no_law() -> None:
    values = sorted(i**0.5 for i in range(1, COUNT + 1))
    found = fit(values, Window(1, COUNT))
    assert isinstance(found, Fit)
    assert distance(values, found) == 1
