"""The complexity itself beside the bounds on it, for data on which it has a closed form (section 11.2.5).

Each of d coordinates is the input and the output of q samples: x_i = y_i is a unit vector. The sum M of the signed
y_i x_i' is then diagonal, its singular values are the sizes of d independent sums of q signs, and the complexity of the
maps of rank at most r and norm at most one is the mean of the sum of the r largest, divided by N = d q.
"""

from __future__ import annotations

from math import comb, fsum, sqrt

from verify.model.evidence import Curves, Line

SIDE, REPEATS, RANK = 8, 16, 2
RANKS = tuple(range(1, SIDE + 1))
SAMPLES = tuple(SIDE * repeats for repeats in (1, 2, 4, 8, 16, 32, 64))


def tail(size: int, repeats: int) -> float:
    """The probability that a sum of so many signs is at least ``size`` in absolute value; size is positive."""
    return float(2 * sum(comb(repeats, ups) for ups in range(repeats + 1) if 2 * ups - repeats >= size) / 2**repeats)


def complexity(rank: int, repeats: int) -> float:
    """The mean of the sum of the largest: at each height, how many of the d sums reach it, but rank at most."""

    def reaching(chance: float) -> float:
        return fsum(
            min(rank, count) * comb(SIDE, count) * chance**count * (1 - chance) ** (SIDE - count)
            for count in range(SIDE + 1)
        )

    heights = range(1, repeats + 1)
    return fsum(reaching(tail(height, repeats)) for height in heights) / (SIDE * repeats)


def rounded(value: float) -> float:
    return float(f"{value:.4g}")


def lines(over: tuple[int, ...], at: tuple[tuple[int, int], ...]) -> tuple[Line, ...]:
    """The bound that is stated, the one that is proved, and the complexity, at pairs of a rank and a sample count."""
    exact = tuple(rounded(complexity(rank, samples // SIDE)) for rank, samples in at)
    proved = tuple(rounded(sqrt(rank / samples)) for rank, samples in at)
    stated = tuple(rounded(sqrt(rank * SIDE / samples)) for rank, samples in at)
    return (
        Line(name="stated bound", of="null", x=over, y=stated),
        Line(name="bound without min(m, n)", of="null", x=over, y=proved),
        Line(name="complexity", of="model", x=over, y=exact),
    )


complexity_and_bounds = (
    Curves(
        title=f"Complexity of {SIDE} x {SIDE} maps of norm one, {SIDE * REPEATS} samples",
        x="rank allowed",
        y="Rademacher complexity",
        lines=lines(RANKS, tuple((rank, SIDE * REPEATS) for rank in RANKS)),
    ),
    Curves(
        title=f"Complexity of {SIDE} x {SIDE} maps of norm one and rank at most {RANK}",
        x="number of samples",
        y="Rademacher complexity",
        log_x=True,
        log_y=True,
        lines=lines(SAMPLES, tuple((RANK, samples) for samples in SAMPLES)),
    ),
)
