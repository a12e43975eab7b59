"""The Gaussian matrix of the same shape that stands beside each measured one: a sample of a small one, else the law.

The squares of the singular values of an m x n matrix with independent entries of one variance, over the larger side,
are distributed in the limit as c = min / max says (Marchenko and Pastur 1967), with density
sqrt((b - x)(x - a)) / (2 pi c x) between a = (1 - sqrt c)^2 and b = (1 + sqrt c)^2. Every figure here is free of scale.
"""

from __future__ import annotations

from functools import cache
from math import pi, sqrt
from typing import TYPE_CHECKING

from verify.measure.figures import Figures
from verify.measure.spectra import Route, Spectrum
from verify.networks.spectra import gaussian_values

if TYPE_CHECKING:
    from torch import Tensor

SAMPLED_MOST = 512
"""Shorter side up to which a matrix is drawn; the law is the limit of large ones."""
GRID = 200_000


@cache
def null(rows: int, columns: int) -> Figures:
    """The figures of a Gaussian matrix of that shape."""
    size = min(rows, columns)
    values = gaussian_values(rows, columns) if size <= SAMPLED_MOST else marchenko_pastur(rows, columns)
    return Figures(Spectrum(rows, columns, values, 0.0, 0.0, Route.VALUES))


def marchenko_pastur(rows: int, columns: int) -> Tensor:
    """min(m, n) values at the middles of equal shares of the law, descending."""
    import torch

    size, larger = sorted((rows, columns))
    c = size / larger
    # x = 1 + c + 2 sqrt(c) cos t makes the density smooth up to both ends; middles of cells stay clear of x = 0.
    t = (torch.arange(GRID, dtype=torch.float64) + 0.5) * (pi / GRID)
    x = 1 + c + 2 * sqrt(c) * t.cos()
    above = torch.cumsum(t.sin() ** 2 / x, 0)  # the share above x, up to a constant
    above = above / above[-1]
    wanted = (torch.arange(size, dtype=torch.float64) + 0.5) / size
    right = torch.searchsorted(above, wanted).clamp(1, GRID - 1)
    weight = ((wanted - above[right - 1]) / (above[right] - above[right - 1])).clamp(0, 1)
    return (x[right - 1] + weight * (x[right] - x[right - 1])).sqrt()
