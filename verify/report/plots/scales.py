"""From numbers to places on paper, and the round numbers to mark there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Scale:
    """Numbers from ``low`` to ``high`` on the stretch from ``start`` to ``end``, evenly or by their logarithms."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False
    most: int = 8
    """So many steps between round numbers, at most."""

    def __call__(self, value: float) -> float:
        low, high, value = (math.log10(x) for x in (self.low, self.high, value)) if self.log else (
            self.low, self.high, value
        )  # fmt: skip
        return self.start + (self.end - self.start) * (value - low) / (high - low)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Round numbers with their spelling, or powers of ten."""
        if not self.log:
            return [(tick, f"{tick:g}") for tick in round_numbers(self.low, self.high, self.most)]
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        if last - first >= 2:
            every = -(-(last - first) // self.most)
            return [(10.0**power, power_of_ten(power)) for power in range(first, last + 1) if power % every == 0]
        for digits in ((1, 2, 5), (1, 3)):
            every_one = [digit * 10.0**power for power in range(first - 1, last + 1) for digit in digits]
            inside = [x for x in every_one if self.low * (1 - 1e-9) <= x <= self.high * (1 + 1e-9)]
            if 2 <= len(inside) <= self.most:
                return [(x, f"{x:g}") for x in inside]
        return [(x, f"{x:g}") for x in round_numbers(self.low, self.high, self.most) if x > 0]


def scale(values: Sequence[float], start: float, end: float, *, log: bool, most: int = 8) -> Scale:
    """One that has room for all the values; by logarithms only where some of them is above 0, and for those."""
    positive = [x for x in values if x > 0]
    if not (log and positive):
        return Scale(*extent(values), start, end, most=most)
    low, high = min(positive), max(positive)
    room = (high / low) ** 0.03 if high > low else 1.5
    return Scale(low / room, high * room, start, end, log=True, most=most)


def extent(values: Sequence[float]) -> tuple[float, float]:
    """From 0 to 1 for shares; else a little more than the values take, from 0 where they come near it."""
    low, high = min(values), max(values)
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    low = min(low, 0.0) if low < high / 2 else low
    room = (high - low or abs(high) or 1.0) * 0.03
    return low - (room if low else 0.0), high + room


def round_numbers(low: float, high: float, most: int) -> list[float]:
    """Multiples of a round step: as many as there is room for."""
    step = 10.0 ** math.floor(math.log10((high - low) / 2))
    step = next(s for s in (step / 5, step / 2, step, 2 * step, 5 * step, 10 * step) if (high - low) / s <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{i * step:.12g}") for i in range(first, last + 1)]


def power_of_ten(power: int) -> str:
    return {0: "1", 1: "10"}.get(power, f"10{str(power).translate(RAISED)}")
