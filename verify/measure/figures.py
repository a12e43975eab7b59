"""The figures of one spectrum. Where only the first values are known, each is an interval that holds the true figure.

Bounds behind the intervals, for values s_1..s_l of A Q and the energy rho^2 that Q misses (see ``spectra``): the true
lambda is majorised by (s_1^2 + rho^2, s_2^2, ...) (Ky Fan), and majorises the s_i^2 together with rho^2 spread evenly
over the rest (pinching, then Schur). Entropy is Schur-concave, sums of the largest are Schur-convex.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from verify.measure.spectra import Spectrum
from verify.networks import fits, goodness
from verify.networks.fits import Fit, Status
from verify.networks.spectra import SINGLE, effective_rank, tenth

if TYPE_CHECKING:
    from torch import Tensor


class Range(NamedTuple):
    """A number where both ends agree."""

    low: float
    high: float

    def __str__(self) -> str:
        return _short(self.low) if self.low == self.high else f"{_short(self.low)}..{_short(self.high)}"

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


def _short(x: float) -> str:
    return f"{x:,.0f}" if float(x).is_integer() or abs(x) >= 1000 else f"{x:.3g}"


class Unfitted(StrEnum):
    """Why a window has no fit, beyond the reasons of ``fits``."""

    BEYOND = "the window reaches beyond the singular values that were computed"


@dataclass(frozen=True)
class Power:
    """A power-law fit, its ``distance`` of Kolmogorov and Smirnov from the values, and how often values drawn from such
    a law lie at least as far from theirs (``p``).
    """

    fit: Fit
    distance: float
    p: float


class Figures:
    """Of one spectrum. Energies and effective ranks by squares; ``roy_vetterli`` by the values themselves."""

    def __init__(self, spectrum: Spectrum) -> None:
        self.spectrum = spectrum
        self.size = spectrum.size

    @cached_property
    def rank(self) -> Range:
        """Values above the rounding of single precision: max(m, n) 2^-23 sigma_1, whatever type stores the entries."""
        s = self.spectrum
        top = math.sqrt(float(s.values[0]) ** 2 + (0.0 if s.complete else s.rest))
        above = int((s.values > top * max(s.rows, s.columns) * SINGLE).sum())
        return Range(above, above if s.complete else self.size)

    @cached_property
    def energy_tenth(self) -> Range:
        """E at a tenth of the rank, rounded up."""
        return Range(self.energy(tenth(int(self.rank.low))).low, self.energy(tenth(int(self.rank.high))).high)

    def energy(self, k: int) -> Range:
        """E(k), the share of the squares in the first k values."""
        low, high = self._shares
        return Range(float(low[k - 1]), float(high[k - 1]))

    def energy_rank(self, share: float) -> Range:
        """The least k with E(k) at least ``share``."""
        low, high = self._shares
        return Range(_first(high, share), _first(low, share))

    @cached_property
    def _shares(self) -> tuple[Tensor, Tensor]:
        """Bounds of E(1), ..., E(size)."""
        import torch

        s = self.spectrum
        known = torch.cumsum(s.values**2, 0)
        total = float(known[-1]) + s.rest
        missing = self.size - len(known)
        # The best k - l directions of what Q misses hold at least their even share of it.
        spread = s.rest * torch.arange(1, missing + 1, dtype=torch.float64) / max(1, missing)
        low = torch.cat([known, known[-1] + spread]) / total
        return low, (torch.cat([known, known[-1].expand(missing)]) + s.rest).div(total).clamp(max=1)

    @cached_property
    def effective_rank(self) -> Range:
        """exp of the entropy of the normalised squares."""
        import torch

        s = self.spectrum
        if s.complete:
            return Range(*2 * (float(effective_rank(s.values)),))
        squares, missing = s.values**2, self.size - len(s.values)
        peaked = torch.cat([squares[:1] + s.rest, squares[1:]])
        even = torch.cat([squares, torch.full((missing,), s.rest / max(1, missing), dtype=torch.float64)])
        return Range(float(effective_rank(peaked.sqrt())), float(effective_rank(even.sqrt())))

    @property
    def relative(self) -> Range:
        """The effective rank over the largest that the shape allows."""
        return Range(self.effective_rank.low / self.size, self.effective_rank.high / self.size)

    @cached_property
    def roy_vetterli(self) -> Range:
        """exp of the entropy of the values (Roy and Vetterli 2007); for a sketch, only what the shape says."""
        s = self.spectrum
        return Range(*2 * (float(effective_rank(s.values.sqrt())),)) if s.complete else Range(1, self.size)

    @cached_property
    def stable_rank(self) -> Range:
        """|W|_F^2 / sigma_1^2."""
        s = self.spectrum
        top = float(s.values[0]) ** 2
        return Range(s.energy / (top + s.rest), s.energy / top)

    @cached_property
    def power(self) -> Power | Status | Unfitted:
        """Over the first half of the values above rounding."""
        s = self.spectrum
        window = fits.head(int(self.rank.high))
        if not s.complete:
            return Unfitted.BEYOND
        values = s.values[: int(self.rank.high)].tolist()
        found = fits.fit(values, window)
        if not isinstance(found, Fit):
            return found
        distance = goodness.distance(values, found)
        return Power(found, distance, goodness.p_value(distance, window))

    @property
    def alpha(self) -> float | None:
        return self.power.fit.alpha if isinstance(self.power, Power) else None


def _first(shares: Tensor, share: float) -> int:
    """The least k that reaches the share; the last, where rounding leaves even all of them short of it."""
    reached = shares >= share
    return int(reached.int().argmax()) + 1 if bool(reached.any()) else len(shares)
