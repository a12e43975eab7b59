"""Quantities of a list of singular values, and the Gaussian matrix of the same shape that stands beside each.

All take singular values in double precision, descending, along the last axis.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from verify.networks.models import Kind

if TYPE_CHECKING:
    from torch import Tensor

SINGLE = 2.0**-23  # precision of the numbers that the networks are trained in


def energy(s: Tensor, k: int) -> float:
    """E(k): the share of the squares in the first k values."""
    squares = s**2
    return float(squares[..., :k].sum(-1) / squares.sum(-1))


def effective_rank(s: Tensor) -> Tensor:
    """exp of the entropy of the normalised squares."""
    import torch

    p = s**2 / (s**2).sum(-1, keepdim=True)
    return torch.exp(-torch.special.xlogy(p, p).sum(-1))


def energy_rank(s: Tensor, share: float) -> int:
    """The least k with E(k) at least ``share``."""
    import torch

    squares = s**2
    reached = torch.cumsum(squares, -1) >= share * squares.sum(-1)
    return int(reached.int().argmax(-1)) + 1


def numerical_rank(s: Tensor, rows: int, columns: int, precision: float = SINGLE) -> int:
    """How many values exceed the rounding of the largest: max(m, n) times the precision of the entries."""
    return int((s > s[..., :1] * max(rows, columns) * precision).sum(-1))


def tenth(rank: int) -> int:
    """A tenth of the rank, rounded up: the reading that asks least."""
    return math.ceil(rank / 10)


def median(numbers: Sequence[float]) -> float:
    from statistics import median as middle

    return middle(numbers)


class Matrix(NamedTuple):
    """One weight matrix of a trained network; ``start`` are its values before training, where they are known."""

    name: str
    kind: Kind
    rows: int
    columns: int
    values: Tensor
    start: Tensor | None = None

    @property
    def size(self) -> int:
        return min(self.rows, self.columns)

    @property
    def null(self) -> Tensor:
        return gaussian_values(self.rows, self.columns)

    @property
    def relative(self) -> float:
        """Effective rank over the largest that the shape allows."""
        return relative(self.values)


def relative(s: Tensor) -> float:
    return float(effective_rank(s)) / s.shape[-1]


@cache
def gaussian_values(rows: int, columns: int) -> Tensor:
    """Singular values of one seeded Gaussian matrix, from its triangular factor (Bartlett 1933), however tall it is."""
    import torch

    tall, wide = max(rows, columns), min(rows, columns)
    make = torch.Generator().manual_seed(1_000_003 * tall + wide)
    factor = torch.randn(wide, wide, generator=make, dtype=torch.float64).triu(1)
    for i in range(wide):
        # The length of what is left of a column: the root of a chi-squared number with tall - i degrees of freedom.
        normals = torch.randn(tall - i, generator=make, dtype=torch.float64)
        factor[i, i] = normals.square().sum().sqrt()
    found: Tensor = torch.linalg.svdvals(factor)
    return found
