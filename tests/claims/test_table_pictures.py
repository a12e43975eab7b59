"""The picture of the table of decay patterns, against sums in exact arithmetic."""

from __future__ import annotations

from fractions import Fraction

import pytest

from claims.low_rank.decay.table_pictures import COUNTS, PERCENTS, energy_shares, partial_sums


def exact(alpha: int, k: int, n: int) -> Fraction:
    squares = [Fraction(1, i ** (2 * alpha)) for i in range(1, n + 1)]
    return sum(squares[:k], Fraction()) / sum(squares, Fraction())


@pytest.mark.parametrize("alpha", [0, 1, 2])
@pytest.mark.parametrize("percent", PERCENTS)
def test_shares_are_those_of_the_exact_sums(alpha: int, percent: int) -> None:
    for n, share in zip(COUNTS[:8], energy_shares(alpha, percent), strict=False):
        assert n * percent % 100 == 0
        assert share == pytest.approx(float(exact(alpha, n * percent // 100, n)), rel=1e-3)


def test_a_larger_exponent_and_a_larger_share_hold_more() -> None:
    for curves in partial_sums:
        ends = [line.y[-1] for line in curves.lines]
        assert ends == sorted(ends, reverse=True)
        assert curves.lines[-1].y == (ends[-1],) * len(COUNTS), "without decay the share is the share of the values"
    assert [curves.lines[3].y[0] for curves in partial_sums] == sorted(c.lines[3].y[0] for c in partial_sums)
