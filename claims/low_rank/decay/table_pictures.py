"""The table of decay patterns as a picture: what the first values hold, by the partial sums themselves."""

from __future__ import annotations

from math import fsum

from verify.model.evidence import Curves, Line

EXPONENTS = (3.0, 2.0, 1.5, 1.0, 0.5, 0.0)
PERCENTS = (5, 10, 20)
COUNTS = tuple(20 * twenties for twenties in (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200))
"""Multiples of 20, of which every share is a whole number of values."""
ASKED = {5: (0.9,), 20: (0.8,)}
"""What the table says that a row's share holds, by per cent kept."""


def energy_shares(alpha: float, percent: int) -> tuple[float, ...]:
    """E(k) for sigma_i = c i^(-alpha) and k = percent of n, at every n of COUNTS; to four digits."""
    squares = [i ** (-2 * alpha) for i in range(1, COUNTS[-1] + 1)]
    shares = ((n, n * percent // 100) for n in COUNTS)
    return tuple(float(f"{fsum(squares[:k]) / fsum(squares[:n]):.4g}") for n, k in shares)


partial_sums = tuple(
    Curves(
        title=f"Energy in the first {percent}% of n values",
        x="number n of values",
        y="share of the energy",
        log_x=True,
        levels=ASKED.get(percent, ()),
        lines=tuple(
            Line(name=f"alpha = {alpha:g}", of="model", x=COUNTS, y=energy_shares(alpha, percent))
            for alpha in EXPONENTS
        ),
    )
    for percent in PERCENTS
)
