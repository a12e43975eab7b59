"""Effective ranks of attention maps, what a longer text does to them, and random queries and keys beside them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from verify.networks.spectra import effective_rank

if TYPE_CHECKING:
    from torch import Generator, Tensor

NEARER_TO_STAYING = math.sqrt(2)
"""Below this factor a quantity is nearer to what it was than to twice that, on the logarithmic scale."""
RANDOM_SHAPES = ((32, 4), (32, 8), (64, 4), (64, 8), (128, 4), (256, 4), (256, 8), (256, 32))
"""(n, d); they cost nothing to train, and are shown for n far above d too, and for the d of a real head."""
RANDOM_SPREADS = (0.5, 1.0, 4.0, 16.0)


def effective_rank_of(maps: Tensor) -> Tensor:
    """exp of the entropy of the normalised squared singular values, for a batch (..., n, n) of attention maps.

    The squares are the eigenvalues of A'A, found in less time than singular values. Their error, a few roundings of the
    largest, would spoil a small singular value; in the entropy a square that small does not show.
    """
    import torch

    wide = maps.double()
    squares = torch.linalg.eigvalsh(wide.mT @ wide).clamp(min=0.0)
    return effective_rank(squares.sqrt())


def growth_of(whole: Tensor, half: Tensor) -> float:
    """The median factor between effective ranks of maps, of the first half of a text and of the whole of it."""
    return float((whole / half).median())


def first_half(maps: Tensor) -> Tensor:
    """The maps of the first half of the tokens alone: what rows give to the others is shared out among them."""
    n = maps.shape[-1] // 2
    kept = maps[..., :n, :n]
    return kept / kept.sum(-1, keepdim=True)


def hide_future(logits: Tensor) -> Tensor:
    """Minus infinity where a causal mask hides a logit."""
    import torch

    n = logits.shape[-1]
    future = torch.ones(n, n, dtype=torch.bool, device=logits.device).triu(1)
    return logits.masked_fill(future, -math.inf)


def spread_of(logits: Tensor) -> float:
    """The standard deviation of logits within a row, over all rows; what is hidden (minus infinity) does not count."""

    seen = logits.isfinite()
    counts = seen.sum(-1, keepdim=True)
    there = logits.double().masked_fill(~seen, 0.0)
    apart = (there - there.sum(-1, keepdim=True) / counts).masked_fill_(~seen, 0.0)
    return float((apart.square().sum() / counts.sum()).sqrt())


def random_maps(make: Generator, count: int, length: int, width: int, spread: float, causal: bool) -> Tensor:
    """Attention maps (count, n, n) of Gaussian queries and keys, whose logits have that spread."""
    import torch

    q, k = (torch.randn(count, length, width, generator=make, dtype=torch.float64) for _ in range(2))
    logits = q @ k.mT / math.sqrt(width)
    logits = hide_future(logits) if causal else logits
    return torch.softmax(logits * (spread / spread_of(logits)), dim=-1)


def random_ranks(seed: int, *, causal: bool) -> dict[str, float]:
    """Mean effective rank over d for Gaussian queries and keys, by n/d and the spread of the logits: the null model."""
    import torch

    make = torch.Generator().manual_seed(seed)
    mask = "causal mask" if causal else "no mask"
    out = {}
    for length, width in RANDOM_SHAPES:
        for spread in RANDOM_SPREADS:
            maps = random_maps(make, 16, length, width, spread, causal)
            name = f"random Q, K, {mask}: n = {length}, d = {width}, spread of logits {spread:g}: effective rank / d"
            out[name] = float(effective_rank_of(maps).mean() / width)
    return out
