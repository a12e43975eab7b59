"""Fits of decaying values: exact on exact data, the right law preferred, a status where nothing can be fitted."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.networks.fits import Fit, Status, Window, fit, head, whole


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
