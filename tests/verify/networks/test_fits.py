"""Fits of decaying values: exact on exact data, the right law preferred, a status where nothing can be fitted."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.networks.fits import Against, Fit, Status, Window, fit, head, vuong, whole


@given(st.floats(0.1, 4), st.floats(0.01, 100), st.integers(8, 60))
def test_an_exact_power_law_is_recovered(alpha: float, c: float, size: int) -> None:
    found = fit([c * i**-alpha for i in range(1, size + 1)], whole(size))
    assert isinstance(found, Fit)
    assert found.alpha == pytest.approx(alpha, rel=1e-8)
    assert found.log_c == pytest.approx(math.log(c), abs=1e-8)
    assert found.r_squared == pytest.approx(1)
    assert found.best == "power"


def test_the_law_that_made_the_values_is_preferred() -> None:
    size = 40
    exponential = [math.exp(-0.1 * i) for i in range(1, size + 1)]
    normal = [math.exp(NormalDist().inv_cdf(1 - (i - 0.5) / size)) for i in range(1, size + 1)]
    for values, law in ((exponential, "exponential"), (normal, "log-normal")):
        found = fit(values, whole(size))
        assert isinstance(found, Fit)
        assert found.best == law
        assert found.bent > 0.5


def test_a_window_is_respected() -> None:
    values = [*(i**-1.0 for i in range(1, 11)), *([1e-9] * 10)]
    found = fit(values, head(20))
    assert isinstance(found, Fit)
    assert found.window == Window(1, 10)
    assert found.alpha == pytest.approx(1)
    rest = fit(values, whole(20))
    assert isinstance(rest, Fit) and rest.alpha > 2


def test_the_test_of_two_laws_is_half_the_gap_of_their_criteria_over_its_spread() -> None:
    """Vuong's sum of log-likelihood ratios, where neighbours are unrelated: then nothing is widened."""
    size = 400
    make = np.random.Generator(np.random.PCG64(1))
    steep = np.exp(-0.004 * np.arange(1, size + 1) + 0.3 * make.standard_normal(size)).tolist()
    found = fit(steep, whole(size))
    assert isinstance(found, Fit)
    against = found.against["exponential"]
    assert against.z < 0 and (found.aic["exponential"] - found.aic["power"]) < 0
    assert against.p == pytest.approx(2 * NormalDist().cdf(-abs(against.z)))
    assert against.p < 0.05


def test_neither_law_is_preferred_where_they_say_the_same_and_neighbours_that_deviate_alike_count_less() -> None:
    make = np.random.Generator(np.random.PCG64(2))
    ours, theirs = make.standard_normal(200), 1.2 * make.standard_normal(200)
    assert vuong(ours, ours) == Against(0.0, 1.0)
    assert vuong(ours, theirs).z == pytest.approx(-vuong(theirs, ours).z)
    alike = vuong(np.repeat(ours, 5), np.repeat(theirs, 5))
    assert abs(alike.z) < 0.85 * 5**0.5 * abs(vuong(ours, theirs).z)


@pytest.mark.parametrize(
    "values, status",
    [
        ([3.0, 2.0, 1.0], Status.TOO_FEW),
        ([3.0, 2.0, 1.0, 0.5, 0.0], Status.NOT_POSITIVE),
        ([3.0, 2.0, 1.0, 0.5, math.nan], Status.NOT_POSITIVE),
        ([2.0] * 6, Status.CONSTANT),
    ],
)
def test_a_fit_that_cannot_be_made_is_a_status(values: list[float], status: Status) -> None:
    assert fit(values, whole(len(values))) is status
