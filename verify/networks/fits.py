"""How singular values fall with their index: a power law, beside what else could describe them.

Least squares of log sigma_i over a stated window of i. Three laws with two constants each:

- power: log c - alpha log i (the text's law);
- exponential: log c - b i;
- log-normal: the quantiles of a log-normal distribution of values, m + s Phi^-1(1 - (i - 1/2) / r).

They have equally many constants, so Akaike's criterion orders them by their residuals. A quadratic term in log i says
whether the points lie on a line at all. A fit that cannot be made is a status, never a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, log
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

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


@dataclass(frozen=True)
class Fit:
    """``alpha`` and ``log_c`` of the power law; ``r_squared`` of its line; ``curvature`` is the coefficient of
    (log i)^2 and ``bent`` the share of the line's residual that it explains. ``aic`` by law; the least is the best.
    """

    window: Window
    alpha: float
    log_c: float
    r_squared: float
    curvature: float
    bent: float
    aic: dict[str, float]

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
    (log_c, slope), rest = _least_squares(np.log(i)[:, None], y)
    (_, _, curvature), bent_rest = _least_squares(np.stack([np.log(i), np.log(i) ** 2], 1), y)
    return Fit(
        window=window,
        alpha=-float(slope),
        log_c=float(log_c),
        r_squared=1 - rest / total,
        curvature=float(curvature),
        bent=1 - bent_rest / rest if rest > 1e-24 * len(y) else 0.0,
        aic={law: akaike(rest, len(y), constants=3) for law, rest in residuals.items()},
    )


def akaike(residual: float, count: int, constants: int) -> float:
    """Akaike's criterion for Gaussian errors; the variance counts among the constants."""
    return count * log(max(residual, 1e-300) / count) + 2 * constants


def _least_squares(columns: NDArray[np.float64], y: Vector) -> tuple[Vector, float]:
    """Coefficients, the constant first, and the sum of squared residuals."""
    import numpy as np

    design = np.column_stack([np.ones(len(y)), columns])
    coefficients, *_ = np.linalg.lstsq(design, y, rcond=None)
    return coefficients.astype(np.float64), float(((y - design @ coefficients) ** 2).sum())
