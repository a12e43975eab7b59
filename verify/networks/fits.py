"""How singular values fall with their index: a power law, beside what else could describe them.

Least squares of log sigma_i over a stated window of i. Three laws with two constants each:

- power: log c - alpha log i (the text's law);
- exponential: log c - b i;
- log-normal: the quantiles of a log-normal distribution of values, m + s Phi^-1(1 - (i - 1/2) / r).

They have equally many constants, so Akaike's criterion orders them by their residuals, and a likelihood-ratio test
for laws of which none contains the other (Vuong 1989, Econometrica 57, section 5) says whether the power law differs
from each of the others by more than chance. A quadratic term in log i says whether the points lie on a line at all. A
fit that cannot be made is a status, never a number.

Vuong takes the points for independent. Ordered values are not: neighbours deviate alike, and the plain statistic would
be surer of itself by ten powers and more. So its variance is that of a sequence whose neighbours correlate as these do
(first order; Bartlett 1946). That is a correction, not a cure: p is for comparing fits, not for a paper's headline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, erfc, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

LEAST = 1e-300  # of a sum of squared residuals, for its logarithm
FEWEST = 4
"""Points below which a line with a curvature beside it is not fitted."""


class Status(StrEnum):
    FITTED = "fitted"
    TOO_FEW = "fewer than four values in the window"
    NOT_POSITIVE = "a value in the window is zero, or not finite"
    CONSTANT = "all values in the window are equal, so that nothing is explained"


@dataclass(frozen=True)
class Window:
    """Indices first..last of the singular values, both counted from 1 and included."""

    first: int
    last: int


def head(size: int) -> Window:
    """The first half of the values: beyond it those of a square random matrix turn down, whatever was learned."""
    return Window(1, ceil(size / 2))


def whole(size: int) -> Window:
    return Window(1, size)


class Against(NamedTuple):
    """Vuong's statistic of the power law against another law, positive where the power law is closer; two-sided p."""

    z: float
    p: float


@dataclass(frozen=True)
class Fit:
    """``alpha`` and ``log_c`` of the power law; ``r_squared`` of its line; ``curvature`` is the coefficient of
    (log i)^2 and ``bent`` the share of the line's residual that it explains. ``aic`` by law; the least is the best.
    ``against`` holds the test of the power law against each other law.
    """

    window: Window
    alpha: float
    log_c: float
    r_squared: float
    curvature: float
    bent: float
    aic: dict[str, float]
    against: dict[str, Against]

    @property
    def best(self) -> str:
        return min(self.aic, key=lambda law: self.aic[law])


def fit(values: Sequence[float], window: Window) -> Fit | Status:
    """Fits the window of all ``values`` (descending)."""
    import numpy as np

    y = np.asarray(values, dtype=np.float64)[window.first - 1 : window.last]
    if len(y) < FEWEST:
        return Status.TOO_FEW
    if not (np.isfinite(y).all() and (y > 0).all()):
        return Status.NOT_POSITIVE
    y = np.log(y)
    total = float(((y - y.mean()) ** 2).sum())
    if total <= 1e-24 * len(y):
        return Status.CONSTANT
    i = np.arange(window.first, window.first + len(y), dtype=np.float64)
    quantiles = np.array([NormalDist().inv_cdf(1 - (k - 0.5) / len(values)) for k in i])
    laws = {"power": np.log(i), "exponential": i, "log-normal": quantiles}
    residuals = {law: _least_squares(x[:, None], y)[1] for law, x in laws.items()}
    (log_c, slope), straight = _least_squares(np.log(i)[:, None], y)
    (_, _, curvature), curved = _least_squares(np.stack([np.log(i), np.log(i) ** 2], 1), y)
    rest, bent_rest = float((straight**2).sum()), float((curved**2).sum())
    return Fit(
        window=window,
        alpha=-float(slope),
        log_c=float(log_c),
        r_squared=1 - rest / total,
        curvature=float(curvature),
        bent=1 - bent_rest / rest if rest > 1e-24 * len(y) else 0.0,
        aic={law: akaike(float((left**2).sum()), len(y), constants=3) for law, left in residuals.items()},
        against={law: vuong(residuals["power"], left) for law, left in residuals.items() if law != "power"},
    )


def akaike(residual: float, count: int, constants: int) -> float:
    """Akaike's criterion for Gaussian errors; the variance counts among the constants."""
    return count * log(max(residual, LEAST) / count) + 2 * constants


def vuong(ours: Vector, theirs: Vector) -> Against:
    """Of two regressions with equally many constants and Gaussian errors, by their residuals. (0, 1) where both say
    the same of every point.
    """
    gains = _log_likelihoods(ours) - _log_likelihoods(theirs)
    apart, count = gains - gains.mean(), len(gains)
    variance = float(apart @ apart) / count
    if variance == 0:
        return Against(0.0, 1.0)
    # At least one point's worth of independence is left.
    alike = min(max(float(apart[:-1] @ apart[1:]) / (count * variance), 0.0), (count - 1) / (count + 1))
    z = float(gains.sum()) / sqrt(count * variance * (1 + alike) / (1 - alike))
    return Against(z, erfc(abs(z) / sqrt(2)))


def _log_likelihoods(residuals: Vector) -> Vector:
    """Of each point under the fitted variance, less the constant that all laws share."""
    variance = max(float((residuals**2).sum()), LEAST) / len(residuals)
    found: Vector = -(log(variance) + residuals**2 / variance) / 2
    return found


def _least_squares(columns: NDArray[np.float64], y: Vector) -> tuple[Vector, Vector]:
    """Coefficients, the constant first, and the residuals."""
    import numpy as np

    design = np.column_stack([np.ones(len(y)), columns])
    coefficients, *_ = np.linalg.lstsq(design, y, rcond=None)
    return coefficients.astype(np.float64), y - design @ coefficients
