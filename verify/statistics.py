"""Counts and intervals for measurements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verify.model.evidence import Curves

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
    """What a measurement found: units (network families and seeds) on which the declared property held.

    ``curves`` are for looking at, and enter no verdict.
    """

    held: int
    of: int
    networks: Sequence[str]
    null: Mapping[str, float] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    curves: Sequence[Curves] = ()


RESAMPLES = 2000


def ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1, ties sharing the mean of theirs."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    out = [0.0] * len(values)
    first = 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and values[order[last + 1]] == values[order[first]]:
            last += 1
        for place in range(first, last + 1):
            out[order[place]] = (first + last) / 2 + 1
        first = last + 1
    return out


def spearman(x: Sequence[float], y: Sequence[float]) -> float:
    """Rank correlation (Spearman 1904); 0 where one side is constant. Raises ValueError for lists of unequal length."""
    if len(x) != len(y):
        raise ValueError(f"{len(x)} values beside {len(y)}")
    a, b = ranks(x), ranks(y)
    middle = (len(a) + 1) / 2
    across = sum((p - middle) * (q - middle) for p, q in zip(a, b, strict=True))
    own = sqrt(sum((p - middle) ** 2 for p in a) * sum((q - middle) ** 2 for q in b))
    return across / own if own else 0.0


def bootstrap_mean(values: Sequence[float], *, seed: int) -> tuple[float, float]:
    """95% interval of the mean by resampling the units (Efron 1979); (0, 0) of nothing. Seeded."""
    if not values:
        return (0.0, 0.0)
    draw = Random(seed)  # noqa: S311  # not for secrets
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(RESAMPLES))
    return _middle_95(means)


def shuffled_range(count: int, *, seed: int) -> tuple[float, float]:
    """The range that 95% of rank correlations of ``count`` shuffled values lie in. Seeded."""
    draw = Random(seed)  # noqa: S311  # not for secrets
    straight = list(map(float, range(count)))
    found = sorted(spearman(straight, draw.sample(straight, count)) for _ in range(RESAMPLES))
    return _middle_95(found)


def _middle_95(ordered: Sequence[float]) -> tuple[float, float]:
    tail = round(0.025 * len(ordered))
    return ordered[tail], ordered[-tail - 1]
