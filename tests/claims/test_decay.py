"""What the claims on decay rest on beside their proofs: exact moments, exact partial sums, plain least squares."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from claims.low_rank.decay.table_proofs import five_of_width, twenty_of_width, width


def partial(n: int) -> list[Fraction]:
    """The sums of 1 / i^2 up to 0, 1, ..., n."""
    sums = [Fraction(0)]
    for i in range(1, n + 1):
        sums.append(sums[-1] + Fraction(1, i * i))
    return sums


def share(alpha: float, kept: int, n: int) -> float:
    terms = np.arange(1, n + 1, dtype=float) ** (-2 * alpha)
    return float(terms[:kept].sum() / terms.sum())


# --- moments of a random matrix ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("m", "n"), [(1, 1), (1, 3), (2, 2), (2, 3)])
def test_the_moments_of_a_normal_matrix(m: int, n: int) -> None:
    """Entries -sqrt 3, 0, sqrt 3 with chances 1/6, 2/3, 1/6 have the first five moments of the normal law, and no entry
    occurs above the fourth power: the sum over all matrices is the exact mean (three-point Gauss-Hermite rule).
    """
    chance = {-1: Fraction(1, 6), 0: Fraction(2, 3), 1: Fraction(1, 6)}
    fourth_powers = squared_norm = Fraction(0)
    for entries in itertools.product(chance, repeat=m * n):
        w = np.array(entries, dtype=int).reshape(m, n)
        weight = math.prod((chance[e] for e in entries), start=Fraction(1))
        gram = w @ w.T
        fourth_powers += 9 * weight * int((gram * gram).sum())
        squared_norm += 9 * weight * int((w * w).sum()) ** 2
    assert fourth_powers == m * n * (m + n + 1)
    assert squared_norm == m * n * (m * n + 2)


# --- the table --------------------------------------------------------------------------------------------------


def test_twenty_percent_fail_at_five_values_only() -> None:
    """At alpha = 1, which bounds the medium row from below; rounding up, from n = 5 on."""
    sums = partial(400)
    failing = [n for n in range(5, 401) if sums[-(-n // 5)] < Fraction(4, 5) * sums[n]]
    assert failing == [5]


def test_rounding_down_fails_up_to_fourteen_values() -> None:
    sums = partial(400)
    failing = [n for n in range(5, 401) if sums[n // 5] < Fraction(4, 5) * sums[n]]
    assert failing == [5, 6, 7, 8, 9, 12, 13, 14]


def test_five_percent_hold_95_from_221_values_on() -> None:
    sums = partial(400)
    failing = [n for n in range(1, 401) if sums[-(-n // 20)] < Fraction(19, 20) * sums[n]]
    assert failing[-1] == 220


def test_five_percent_rounded_down_is_nothing_below_twenty() -> None:
    assert [n for n in range(5, 100) if n // 20 == 0] == list(range(5, 20))


@pytest.mark.parametrize("n", [5, 19, 20, 21, 100, 4096, 100_000])
def test_the_fast_row_holds(n: int) -> None:
    assert share(2.0, -(-n // 20), n) > 0.9


def test_the_numbers_kept_at_the_usual_width_are_rounded_up() -> None:
    assert (five_of_width, twenty_of_width) == (-(-width // 20), -(-width // 5))


def test_the_exponents_in_the_limit() -> None:
    for kept, held, alpha in ((0.05, 0.9, 0.482), (0.2, 0.8, 0.431)):
        t = math.log(held) / math.log(kept)
        assert (1 - t) / 2 == pytest.approx(alpha, abs=5e-4)


# --- the power law ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("c", "alpha"), [(1.0, 0.5), (3.0, 1.0), (0.2, 2.5)])
def test_least_squares_recovers_an_exact_law(c: float, alpha: float) -> None:
    i = np.arange(1, 65)
    slope, intercept = np.polyfit(np.log(i), np.log(c * i**-alpha), 1)
    assert slope == pytest.approx(-alpha, abs=1e-10)
    assert math.exp(intercept) == pytest.approx(c, abs=1e-10)


def test_sorted_noise_on_a_flat_spectrum_looks_like_decay() -> None:
    draw = np.random.default_rng(0)
    i = np.arange(1, 65)
    slopes = [np.polyfit(np.log(i), np.sort(draw.normal(size=64))[::-1], 1)[0] for _ in range(50)]
    assert max(slopes) < 0


@pytest.mark.parametrize("alpha", [0.25, 0.5, 1.0, 2.0])
def test_the_density_of_the_eigenvalues_has_the_converted_exponent(alpha: float) -> None:
    """The maximum-likelihood exponent of the eigenvalues of an exact law (Clauset, Shalizi and Newman 2009)."""
    eigenvalues = np.arange(1, 200_001, dtype=float) ** (-2 * alpha)
    fitted = 1 + 1 / np.mean(np.log(eigenvalues / eigenvalues.min()))
    assert fitted == pytest.approx(1 + 1 / (2 * alpha), rel=1e-3)


# --- the ranges of two items against each other -------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [1.0, 1.3, 2.0, 3.0])
@pytest.mark.parametrize("n", [221, 240, 512, 4096])
def test_the_exponents_of_one_item_leave_nothing_of_the_range_of_another(alpha: float, n: int) -> None:
    """Exponents of at least 1 need at most 5% of the values, rounded up, for 95%: far from 10% to 30%."""
    values = np.arange(1, n + 1, dtype=float) ** (-2 * alpha)
    needed = int(np.searchsorted(np.cumsum(values) / values.sum(), 0.95)) + 1
    assert needed <= -(-n // 20) < n / 10


def test_four_times_the_shorter_side_is_not_enough_for_nearly_equal_values() -> None:
    """The relative variance of the squared values is (r - 1)(r + 2) / (r R + 2), r and R the sides."""
    spread = {
        sides: Fraction((sides[0] - 1) * (sides[0] + 2), sides[0] * sides[1] + 2) for sides in [(10, 41), (10, 44)]
    }
    assert spread[10, 44] <= Fraction(1, 4) < spread[10, 41]
