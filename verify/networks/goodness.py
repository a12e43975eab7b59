"""Whether values could come from the power law that was fitted to them: the bootstrap of Clauset, Shalizi and Newman
(2009, SIAM Review 51, section 4.1), here with least squares in place of maximum likelihood.

The law sigma_i = c i^-alpha puts i values at or above sigma_i: as a distribution, a Pareto tail of exponent 1 / alpha.
Samples of as many independent values are drawn from it, the law is fitted to each again, and p is the share of samples
that lie at least as far from their own fit as the values do from theirs. Logarithms of a sample are log c - alpha g
with g free of c and alpha, and least squares and the distance follow any such change of scale: the distances of the
samples depend on the window alone. So one set serves every matrix of a size, and the test is exact for independent
values (Barnard 1963).

Singular values are not independent: they repel each other, and lie closer to a smooth law than a sample would. So a
small p speaks against the law, and a large one is no evidence for it.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from math import exp, log
from typing import TYPE_CHECKING

from verify.networks.fits import Fit, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

SAMPLES = 1000
"""The standard error of p is at most 0.016."""
SEED = 2009
REJECTED = 0.1
"""Below it the law is ruled out: the threshold of the paper."""
TOGETHER = 1 << 20  # numbers drawn at a time


def distance(values: Sequence[float], fit: Fit) -> float:
    """Of Kolmogorov and Smirnov, on the fitted window of all ``values`` (descending): the largest gap between the share
    of the window's values that are at least the i-th, and the share that the law puts there. One where the fitted
    exponent is not positive, so that there is no such law.
    """
    if fit.alpha <= 0:
        return 1.0
    window = fit.window
    first, count = window.first, window.last - window.first + 1
    most = 0.0
    for i, value in enumerate(values[first - 1 : window.last], first):
        place = exp(min((fit.log_c - log(value)) / fit.alpha, log(window.last)))
        most = max(most, abs(max(place, first - 1.0) - i))
    return most / count


def p_value(found: float, window: Window) -> float:
    """Of a distance on that window; the sample that was measured counts among those drawn, so it is never 0."""
    drawn = distances(window)
    return (1 + len(drawn) - bisect_left(drawn, found)) / (1 + len(drawn))


@cache
def distances(window: Window) -> tuple[float, ...]:
    """Those of seeded samples from a power law, each from the law fitted to it, ascending."""
    import numpy as np

    count = window.last - window.first + 1
    make = np.random.Generator(np.random.PCG64(SEED))
    step = max(1, TOGETHER // count)
    parts = [_sampled(make.random((min(step, SAMPLES - k), count)), window) for k in range(0, SAMPLES, step)]
    return tuple(sorted(np.concatenate(parts).tolist()))


def _sampled(uniform: NDArray[np.float64], window: Window) -> NDArray[np.float64]:
    """The distance of each row, taken as places that the law of exponent one gives to values between its ends."""
    import numpy as np

    first, last = window.first, window.last
    places = np.sort(first - 1 + (last - first + 1) * (1 - uniform), axis=1)  # in (first - 1, last], ascending
    g, i = np.log(places), np.arange(first, last + 1, dtype=np.float64)
    x = np.log(i) - np.log(i).mean()
    middle = g.mean(axis=1, keepdims=True)
    slope = (g @ x / (x @ x))[:, None]  # positive: both ascend
    fitted = (g - middle) / slope + np.log(i).mean()
    found = np.clip(np.exp(np.minimum(fitted, np.log(last))), first - 1.0, None)
    gaps: NDArray[np.float64] = np.abs(found - i).max(axis=1) / len(i)
    return gaps
