"""The score interval: against its defining equation, and at its ends."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.statistics import NORMAL_95, Counts, bootstrap_mean, shuffled_range, spearman, wilson

shares = st.integers(1, 2000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(shares)
def test_the_interval_lies_around_the_share(share: tuple[int, int]) -> None:
    held, of = share
    low, high = wilson(held, of)
    assert 0 <= low <= held / of <= high <= 1


@given(shares)
def test_its_ends_are_where_the_score_is_196(share: tuple[int, int]) -> None:
    """The ends solve |p - q| = z sqrt(q (1 - q) / n) for q (Wilson 1927)."""
    held, of = share
    for end in wilson(held, of):
        if 0 < end < 1:
            assert abs(held / of - end) == pytest.approx(NORMAL_95 * sqrt(end * (1 - end) / of), rel=1e-9)


@given(shares)
def test_it_is_symmetric(share: tuple[int, int]) -> None:
    held, of = share
    low, high = wilson(held, of)
    assert wilson(of - held, of) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(st.integers(1, 5000))
def test_the_ends_of_none_and_of_all_are_exact(of: int) -> None:
    """Else none of three would lie above a threshold of 0, and all of three below a threshold of 1."""
    assert wilson(0, of)[0] == 0.0
    assert wilson(of, of)[1] == 1.0


@given(st.integers(1, 500))
def test_more_units_make_it_narrower(of: int) -> None:
    low, high = wilson(of, 2 * of)
    narrower_low, narrower_high = wilson(2 * of, 4 * of)
    assert low < narrower_low < narrower_high < high


def test_a_value_from_the_literature() -> None:
    """81 of 263 at 95%: 0.2553 to 0.3662 (Newcombe 1998, table I, method 3)."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_nothing_counted_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("held, of", [(3, 2), (-1, 2), (3, 0)])
def test_what_is_not_a_count_is_refused(held: int, of: int) -> None:
    with pytest.raises(ValueError, match=f"{held} of {of}"):
        wilson(held, of)


def test_counts_are_frozen() -> None:
    counts = Counts(held=1, of=2, networks=["a"])
    with pytest.raises(AttributeError):
        counts.held = 2  # type: ignore[misc]


# --- rank correlation and resampling ------------------------------------------------------------------------


def test_rank_correlations_of_plain_lists() -> None:
    assert spearman([1, 2, 3, 4], [10, 20, 30, 99]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert spearman([1, 2, 3], [5, 5, 5]) == 0
    # Ties share a rank: 1, 2.5, 2.5, 4 beside 1, 2, 3, 4.
    assert spearman([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(4.5 / sqrt(4.5 * 5))


def test_lists_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 values beside 1"):
        spearman([1, 2], [1])


def test_the_bootstrap_is_seeded_and_lies_around_the_mean() -> None:
    values = [0.1, 0.4, 0.5, 0.9]
    low, high = bootstrap_mean(values, seed=1)
    assert (low, high) == bootstrap_mean(values, seed=1)
    assert min(values) <= low < sum(values) / 4 < high <= max(values)
    assert bootstrap_mean([2.0] * 5, seed=0) == (2.0, 2.0)


def test_shuffled_correlations_have_the_spread_of_chance() -> None:
    """The variance of a rank correlation of n shuffled values is 1 / (n - 1)."""
    low, high = shuffled_range(26, seed=0)
    assert high == pytest.approx(NORMAL_95 / 5, abs=0.04)
    assert low == pytest.approx(-high, abs=0.04)
