"""Singular values of a matrix that is read in pieces, with a bound on their error.

Three routes, by size. All bounds are on the squared values lambda_i, relative to the squared Frobenius norm F^2.

- *values*: the matrix fits: singular values by LAPACK, backward stable.
- *gram*: eigenvalues of the smaller Gram matrix, accumulated piece by piece in double precision. Its rounding is at
  most gamma_k |A|'|A| entry by entry (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.5), so
  no lambda_i moves by more than gamma_k F^2 (Weyl).
- *sketch*: the smaller Gram matrix would be too large. An orthonormal Q of few columns by subspace iteration (Halko,
  Martinsson and Tropp 2011, algorithm 4.4), then the values of A Q. With rho^2 = F^2 - |A Q|_F^2, what Q misses,
  sigma_i(AQ)^2 <= lambda_i <= sigma_i(AQ)^2 + rho^2: A A' = (AQ)(AQ)' + (A - AQQ')(A - AQQ')', and Weyl. F and A Q are
  both computed in full, so the bound is of this matrix and not only probable.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor

ROUNDING = 2.0**-53
VALUES_MOST = 1 << 20
"""Entries up to which the singular values are computed directly."""
GRAM_MOST = 10_240
"""Side of the largest Gram matrix: 0.8 GB, and as much again for its eigenvalues. Every tensor of 100 million entries
fits."""
SKETCH = 512
SWEEPS = 2


class Route(StrEnum):
    VALUES = "values"
    GRAM = "gram"
    SKETCH = "sketch"


class Blocks(Protocol):
    """A matrix in pieces, blocks of rows or of columns, in double precision."""

    @property
    def rows(self) -> int: ...
    @property
    def columns(self) -> int: ...
    def row_blocks(self) -> Iterator[Tensor]: ...
    def column_blocks(self) -> Iterator[Tensor]: ...


@dataclass(frozen=True)
class Spectrum:
    """``values`` descend, in units of ``scale``; all of them, or the first few and ``rest``: their missing energy F^2 -
    sum lambda_i. ``error`` bounds |lambda_i - values_i^2| / F^2 for every i that is there.
    """

    rows: int
    columns: int
    values: Tensor
    rest: float
    error: float
    route: Route
    scale: float = 1.0

    @property
    def size(self) -> int:
        return min(self.rows, self.columns)

    @property
    def complete(self) -> bool:
        return self.route is not Route.SKETCH

    @property
    def energy(self) -> float:
        """F^2, in units of scale^2."""
        return float((self.values**2).sum()) + self.rest

    @property
    def norm(self) -> float:
        """The Frobenius norm."""
        return self.scale * math.sqrt(self.energy)


class Unmeasured(StrEnum):
    """Why a matrix has no spectrum."""

    NOT_FINITE = "an entry is NaN or infinite"
    ZERO = "all entries are zero"


Step = Callable[[int], None]
"""Told how many entries were read."""


def spectrum(
    matrix: Blocks,
    *,
    device: str = "cpu",
    gram_most: int = GRAM_MOST,
    sketch: int = SKETCH,
    step: Step = lambda n: None,
) -> Spectrum | Unmeasured:
    """The singular values. Entries are scaled by a power of two first, so that no square leaves the range."""
    largest = _largest(matrix, step)
    if largest is None:
        return Unmeasured.NOT_FINITE
    if largest == 0:
        return Unmeasured.ZERO
    scale = 2.0 ** (math.frexp(largest)[1])
    size = min(matrix.rows, matrix.columns)
    if matrix.rows * matrix.columns <= VALUES_MOST:
        return _direct(matrix, scale, device)
    if size <= gram_most:
        return _gram(matrix, scale, device, step)
    return _sketch(matrix, scale, device, min(sketch, size), step)


def _largest(matrix: Blocks, step: Step) -> float | None:
    """The largest magnitude; None where an entry is not finite."""
    most = 0.0
    for block in matrix.row_blocks():
        here = float(block.abs().max())
        if not here < float("inf"):  # NaN too: the largest of anything and NaN is NaN
            return None
        most = max(most, here)
        step(block.numel())
    return most


def _gamma(terms: int) -> float:
    """Higham's gamma_k: the rounding of an inner product of ``terms`` terms, relative to that of the magnitudes."""
    return terms * ROUNDING / (1 - terms * ROUNDING)


def _direct(matrix: Blocks, scale: float, device: str) -> Spectrum:
    import torch

    whole = torch.cat(list(matrix.row_blocks())).to(device) / scale
    values = torch.linalg.svdvals(whole).cpu()
    # Backward stable: values move by about size u sigma_1, squares by twice sigma_1 times that.
    error = 2 * _gamma(min(whole.shape))
    return Spectrum(matrix.rows, matrix.columns, values, 0.0, error, Route.VALUES, scale)


def _gram(matrix: Blocks, scale: float, device: str, step: Step) -> Spectrum:
    import torch

    size, longer = sorted((matrix.rows, matrix.columns))
    gram = torch.zeros(size, size, dtype=torch.float64, device=device)
    tall = matrix.rows >= matrix.columns
    for block in matrix.row_blocks() if tall else (piece.mT for piece in matrix.column_blocks()):
        scaled = block.to(device) / scale
        gram.addmm_(scaled.mT, scaled)
        step(block.numel())
    squares = torch.linalg.eigvalsh(gram).flip(0).cpu()
    # An eigenvalue below zero is the rounding of one that is zero or nearly so.
    error = _gamma(longer) + _gamma(size)
    return Spectrum(matrix.rows, matrix.columns, squares.clamp(min=0).sqrt(), 0.0, error, Route.GRAM, scale)


def _sketch(matrix: Blocks, scale: float, device: str, width: int, step: Step) -> Spectrum:
    """Subspace iteration on A'A, of which no more than width columns are held. Seeded."""
    import torch

    make = torch.Generator().manual_seed(0)
    basis = torch.randn(matrix.columns, width, generator=make, dtype=torch.float64).to(device)
    for _ in range(SWEEPS):
        basis = torch.linalg.qr(basis).Q
        image = torch.zeros_like(basis)
        for block in matrix.row_blocks():
            scaled = block.to(device) / scale
            image.addmm_(scaled.mT, scaled @ basis)
            step(block.numel())
        basis = image
    basis = torch.linalg.qr(basis).Q
    small, total = torch.zeros(width, width, dtype=torch.float64, device=device), 0.0
    for block in matrix.row_blocks():
        scaled = block.to(device) / scale
        part = scaled @ basis
        small.addmm_(part.mT, part)
        total += float(scaled.square().sum())
        step(block.numel())
    squares = torch.linalg.eigvalsh(small).flip(0).cpu().clamp(min=0)
    rounding = _gamma(max(matrix.rows, matrix.columns)) + 4 * _gamma(width)
    rest = max(0.0, total - float(squares.sum())) + rounding * total
    return Spectrum(matrix.rows, matrix.columns, squares.sqrt(), rest, rest / total, Route.SKETCH, scale)


@dataclass(frozen=True)
class Difference:
    """Increment of ``after`` over ``before``, of one shape."""

    after: Blocks
    before: Blocks

    @property
    def rows(self) -> int:
        return self.after.rows

    @property
    def columns(self) -> int:
        return self.after.columns

    def row_blocks(self) -> Iterator[Tensor]:
        for new, old in zip(self.after.row_blocks(), self.before.row_blocks(), strict=True):
            yield new - old

    def column_blocks(self) -> Iterator[Tensor]:
        for new, old in zip(self.after.column_blocks(), self.before.column_blocks(), strict=True):
            yield new - old
