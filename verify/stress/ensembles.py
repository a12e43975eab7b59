"""Named families of random matrices, a whole batch at a time.

Where the exact rank, an exact tie or an exact zero matters, rounding must not destroy it: the families EXACT, LOW_RANK,
INTEGER, ROTATION and the structured ones consist of short dyadic rationals whose products are exact in float64, so that
what the recipe says of the rank and of the singular values is true of the numbers, not only nearly so.

EXACT rests on the integer Householder reflection (u'u) I - 2 u u' (Householder 1958), a multiple of an orthogonal
matrix for every integer u: the singular values of H_u diag(s) H_v are |s_i| u'u v'v.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import Tensor

DOUBLE = torch.float64


class Ensemble(StrEnum):
    """Families by name. A family that ignores rank or spectrum says so in its function."""

    GAUSSIAN = "gaussian"
    SPECTRUM = "prescribed spectrum"
    EXACT = "exact spectrum"
    INTEGER = "integer entries"
    LOW_RANK = "low-rank product"
    NOISY = "low rank plus noise"
    DIAGONAL = "diagonal"
    PERMUTATION = "signed permutation"
    ROTATION = "exactly orthogonal"
    SHIFT = "nilpotent and Jordan"
    ELEMENTARY = "few entries"
    ONES = "all ones"
    IDENTITY = "identity"
    ZERO = "zero"
    LIKE = "like an earlier matrix"


class Spectrum(StrEnum):
    """Shapes of a list of singular values, in decreasing order."""

    FLAT = "flat"
    GEOMETRIC = "geometric"
    POWER = "power law"
    STEP = "step"
    TIED = "tied"
    NEAR_TIE = "near tie"
    RANDOM = "random"


@dataclass(frozen=True)
class Shape:
    """What a family needs to know: ``rank`` is (count,) with 0 <= rank <= min(rows, cols)."""

    count: int
    rows: int
    cols: int
    rank: Tensor
    spectrum: Spectrum
    condition: int

    @property
    def least(self) -> int:
        return min(self.rows, self.cols)


class Source:
    """Random numbers on one device, from one seed."""

    def __init__(self, seed: int, device: str) -> None:
        self.device = torch.device(device)
        self._generator = torch.Generator(device=self.device)
        self._generator.manual_seed(seed)

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(*shape, dtype=DOUBLE, device=self.device, generator=self._generator)

    def uniform(self, *shape: int) -> Tensor:
        return torch.rand(*shape, dtype=DOUBLE, device=self.device, generator=self._generator)

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        """Uniform integers low, ..., high, both included, as doubles."""
        drawn = torch.randint(low, high + 1, shape, device=self.device, generator=self._generator)
        return drawn.to(DOUBLE)

    def one_of(self, values: list[float], *shape: int) -> Tensor:
        picked = torch.randint(0, len(values), shape, device=self.device, generator=self._generator)
        return torch.tensor(values, dtype=DOUBLE, device=self.device)[picked]

    def permutation(self, count: int, length: int) -> Tensor:
        """(count, length) permutations."""
        return self.uniform(count, length).argsort(dim=1)


def dyadic(exponent: Tensor) -> Tensor:
    """2**exponent, exactly, for whole exponents."""
    return torch.ldexp(torch.ones_like(exponent), exponent.to(torch.int32))


def singular_values(source: Source, shape: Shape) -> Tensor:
    """(count, least) non-negative, decreasing, exactly ``rank`` of them positive; condition about 2**condition.

    The matrices of one batch differ: each draws its own exponent, gap and break.
    """
    count, p = shape.count, shape.least
    place = torch.arange(p, dtype=DOUBLE, device=source.device).expand(count, p)
    strength = source.uniform(count, 1) * shape.condition
    match shape.spectrum:
        case Spectrum.FLAT:
            values = torch.ones(count, p, dtype=DOUBLE, device=source.device)
        case Spectrum.GEOMETRIC:
            values = torch.exp2(-strength * place / max(p - 1, 1))
        case Spectrum.POWER:
            values = (place + 1) ** (-4 * source.uniform(count, 1))
        case Spectrum.STEP:
            edge = torch.floor(source.uniform(count, 1) * (p + 1))
            values = torch.where(place < edge, 1.0, torch.exp2(-strength))
        case Spectrum.TIED:
            values = source.integers(1, 3, count, p).sort(dim=1, descending=True).values
        case Spectrum.NEAR_TIE:
            gap = torch.pow(10.0, -8 + 6 * source.uniform(count, 1))
            level = source.integers(1, 3, count, p).sort(dim=1, descending=True).values
            values = level * (1 - gap * place / max(p, 1))
        case Spectrum.RANDOM:
            values = source.normal(count, p).abs().sort(dim=1, descending=True).values
    return values * (place < shape.rank[:, None])


def short_spectrum(source: Source, shape: Shape) -> Tensor:
    """As :func:`singular_values`, made of short dyadic numbers, exact zeros and exact ties."""
    count, p = shape.count, shape.least
    place = torch.arange(p, dtype=DOUBLE, device=source.device).expand(count, p)
    match shape.spectrum:
        case Spectrum.FLAT:
            values = torch.ones(count, p, dtype=DOUBLE, device=source.device)
        case Spectrum.GEOMETRIC | Spectrum.POWER:
            step = torch.floor(source.uniform(count, 1) * 3)
            values = dyadic(-torch.clamp(place * step, max=24))
        case Spectrum.STEP:
            edge = torch.floor(source.uniform(count, 1) * (p + 1))
            drop = torch.floor(source.uniform(count, 1) * min(shape.condition + 1, 20))
            values = torch.where(place < edge, torch.ones_like(place), dyadic(-drop.expand_as(place)))
        case Spectrum.NEAR_TIE:
            gap = dyadic(-torch.floor(8 + 16 * source.uniform(count, 1)))
            values = source.integers(1, 2, count, p).sort(dim=1, descending=True).values - gap * place
        case _:
            values = source.integers(1, 4, count, p).sort(dim=1, descending=True).values
    return values * (place < shape.rank[:, None])


def on_diagonal(values: Tensor, rows: int, cols: int) -> Tensor:
    """(count, least) to (count, rows, cols)."""
    out = values.new_zeros(values.shape[0], rows, cols)
    torch.diagonal(out, dim1=1, dim2=2).copy_(values)
    return out


def orthogonal(source: Source, size: int) -> Tensor:
    """One size x size orthogonal matrix, uniform (QR of a Gaussian matrix with the signs of R, Stewart 1980)."""
    q, r = torch.linalg.qr(source.normal(size, size))
    signs: Tensor = torch.where(torch.diagonal(r) < 0, -1.0, 1.0)
    turned: Tensor = q * signs
    return turned


def prescribed(source: Source, shape: Shape) -> Tensor:
    """U diag(s) V' with one pair U, V for the batch: two matrix products, cheaper than the SVD that reads it.

    Batches are short (a chunk) and many, so the pair is drawn anew often enough for statements on singular vectors.
    """
    u = orthogonal(source, shape.rows)[:, : shape.least]
    v = orthogonal(source, shape.cols)[:, : shape.least]
    return (u * singular_values(source, shape)[:, None, :]) @ v.T


def reflect_rows(source: Source, w: Tensor) -> Tensor:
    """H_u W / 2**e for an integer reflection H_u drawn for each matrix; e about log2 u'u keeps the size."""
    u = source.integers(-1, 1, w.shape[0], w.shape[1], 1)
    u[:, 0] = torch.where(u.abs().sum(dim=1) == 0, torch.ones_like(u[:, 0]), u[:, 0])
    c = (u * u).sum(dim=1, keepdim=True)
    turned = c * w - 2 * u * (u.transpose(1, 2) @ w)
    return turned * dyadic(-torch.round(torch.log2(c)))


def exact(source: Source, shape: Shape) -> Tensor:
    """H_u diag(s) H_v, exact in float64: singular values are a common multiple of s, ties and zeros are exact."""
    w = on_diagonal(short_spectrum(source, shape), shape.rows, shape.cols)
    w = reflect_rows(source, w)
    return reflect_rows(source, w.transpose(1, 2)).transpose(1, 2)


def low_rank(source: Source, shape: Shape) -> Tensor:
    """B diag(2**e) A with small integer B, A and inner dimension ``rank``: exact, of rank at most ``rank``."""
    inner = max(int(shape.rank.max().item()), 1) if shape.count else 1
    b = source.integers(-2, 2, shape.count, shape.rows, inner)
    a = source.integers(-2, 2, shape.count, inner, shape.cols)
    place = torch.arange(inner, dtype=DOUBLE, device=source.device).expand(shape.count, inner)
    step = torch.floor(source.uniform(shape.count, 1) * 3) if shape.condition > 0 else torch.zeros_like(place[:, :1])
    weight = dyadic(-torch.clamp(step * place, max=24)) * (place < shape.rank[:, None])
    return (b * weight[:, None, :]) @ a


def noisy(source: Source, shape: Shape) -> Tensor:
    """A low-rank product plus Gaussian noise of relative size down to 2**-condition."""
    noise = source.normal(shape.count, shape.rows, shape.cols)
    return low_rank(source, shape) + noise * torch.exp2(-source.uniform(shape.count, 1, 1) * max(shape.condition, 1))


def gaussian(source: Source, shape: Shape) -> Tensor:
    """Independent standard normal entries; rank and spectrum are not used."""
    return source.normal(shape.count, shape.rows, shape.cols)


def integer(source: Source, shape: Shape) -> Tensor:
    """Entries in {-2, ..., 2}; rank and spectrum are not used."""
    return source.integers(-2, 2, shape.count, shape.rows, shape.cols)


def diagonal(source: Source, shape: Shape) -> Tensor:
    """Short numbers of both signs on the diagonal, in any order."""
    values = short_spectrum(source, shape) * source.one_of([-1.0, 1.0], shape.count, shape.least)
    order = source.permutation(shape.count, shape.least)
    return on_diagonal(values.gather(1, order), shape.rows, shape.cols)


def permutation(source: Source, shape: Shape) -> Tensor:
    """A signed permutation matrix, or the first rows or columns of one."""
    size = max(shape.rows, shape.cols)
    order = source.permutation(shape.count, size)
    signs = source.one_of([-1.0, 1.0], shape.count, size, 1)
    square = torch.zeros(shape.count, size, size, dtype=DOUBLE, device=source.device)
    square = square.scatter(2, order[:, :, None], signs)
    return square[:, : shape.rows, : shape.cols]


def rotation(source: Source, shape: Shape) -> Tensor:
    """Exactly orthonormal rows or columns: permutations mixed by 4 x 4 Hadamard blocks over 2."""
    size = max(shape.rows, shape.cols)
    h = torch.tensor([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]], dtype=DOUBLE, device=source.device)
    mix = torch.eye(size, dtype=DOUBLE, device=source.device)
    for start in range(0, size - 3, 4):
        mix[start : start + 4, start : start + 4] = h / 2
    full = Shape(shape.count, size, size, shape.rank, shape.spectrum, shape.condition)
    square = permutation(source, full) @ mix @ permutation(source, full)
    return square[:, : shape.rows, : shape.cols]


def shift(source: Source, shape: Shape) -> Tensor:
    """a I + b N with N strictly upper triangular: nilpotent where a = 0, a Jordan block where N is the shift."""
    count, rows, cols = shape.count, shape.rows, shape.cols
    eye = torch.eye(rows, cols, dtype=DOUBLE, device=source.device)
    above = torch.ones(rows, cols, dtype=DOUBLE, device=source.device).triu(1)
    band = above - torch.ones_like(above).triu(2)
    a = source.one_of([0.0, 0.0, 1.0, -1.0, 2.0, 0.5], count, 1, 1)
    b = source.one_of([1.0, 1.0, 2.0, 4.0, 16.0], count, 1, 1)
    full = source.integers(-1, 1, count, rows, cols) * above
    return a * eye + b * torch.where(source.uniform(count, 1, 1) < 0.5, band.expand_as(full), full)


def elementary(source: Source, shape: Shape) -> Tensor:
    """One or two non-zero entries."""
    size = shape.rows * shape.cols
    flat = torch.zeros(shape.count, size, dtype=DOUBLE, device=source.device)
    for _ in range(2):
        where = torch.floor(source.uniform(shape.count, 1) * size).to(torch.int64)
        flat = flat.scatter(1, where, source.one_of([0.0, 1.0, 1.0, -1.0, 2.0], shape.count, 1))
    return flat.reshape(shape.count, shape.rows, shape.cols)


def ones(source: Source, shape: Shape) -> Tensor:
    """A multiple of the all-ones matrix."""
    level = source.one_of([1.0, -1.0, 2.0, 0.5], shape.count, 1, 1)
    return level * torch.ones(shape.count, shape.rows, shape.cols, dtype=DOUBLE, device=source.device)


def identity(source: Source, shape: Shape) -> Tensor:
    """A multiple of the identity, padded with zeros where not square."""
    level = source.one_of([1.0, 1.0, -1.0, 2.0, 0.5], shape.count, 1, 1)
    return level * torch.eye(shape.rows, shape.cols, dtype=DOUBLE, device=source.device)


def zero(source: Source, shape: Shape) -> Tensor:
    return torch.zeros(shape.count, shape.rows, shape.cols, dtype=DOUBLE, device=source.device)


FAMILIES: dict[Ensemble, Callable[[Source, Shape], Tensor]] = {
    Ensemble.GAUSSIAN: gaussian,
    Ensemble.SPECTRUM: prescribed,
    Ensemble.EXACT: exact,
    Ensemble.INTEGER: integer,
    Ensemble.LOW_RANK: low_rank,
    Ensemble.NOISY: noisy,
    Ensemble.DIAGONAL: diagonal,
    Ensemble.PERMUTATION: permutation,
    Ensemble.ROTATION: rotation,
    Ensemble.SHIFT: shift,
    Ensemble.ELEMENTARY: elementary,
    Ensemble.ONES: ones,
    Ensemble.IDENTITY: identity,
    Ensemble.ZERO: zero,
}
KEEPS_RANK = frozenset({Ensemble.EXACT, Ensemble.LOW_RANK, Ensemble.DIAGONAL})
"""Families whose exact rank is at most the one asked for, whatever it is."""
