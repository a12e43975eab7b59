"""Counts and intervals for measurements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

NORMAL_95 = 1.959963984540054


def wilson(held: int, of: int) -> tuple[float, float]:
    """The 95% score interval of a proportion (Wilson 1927); (0, 1) where nothing was counted."""
    if not 0 <= held <= of:
        raise ValueError(f"{held} of {of} is not a count")
    if of == 0:
        return (0.0, 1.0)
    p, z2 = held / of, NORMAL_95**2
    centre = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = NORMAL_95 * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    # The ends of none and of all are exactly 0 and 1; rounding would put them on the wrong side of such a threshold.
    return (max(0.0, centre - half) if held else 0.0, min(1.0, centre + half) if held < of else 1.0)


@dataclass(frozen=True)
class Counts:
    """What a measurement found: units (network families and seeds) on which the declared property held."""

    held: int
    of: int
    networks: Sequence[str]
    null: Mapping[str, float] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
