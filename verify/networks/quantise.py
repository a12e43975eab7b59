"""Four-bit quantisation of weights as in QLoRA (Dettmers et al. 2023): NF4, and evenly spaced levels beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

BLOCK = 64
NF4 = (
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
    -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
)  # fmt: skip
"""The sixteen levels, from quantiles of the normal distribution (appendix E of the paper)."""
EVEN = tuple(k / 7 for k in range(-7, 8))


def quantised(weight: Tensor, levels: tuple[float, ...] = NF4, block: int = BLOCK) -> Tensor:
    """Each entry replaced by the nearest level times the largest magnitude of its block of ``block`` entries.

    The scales are kept as they are: QLoRA quantises them too, which adds a little error.
    """
    import torch

    flat = weight.double().flatten()
    padded = torch.nn.functional.pad(flat, (0, -len(flat) % block)).reshape(-1, block)
    scale = padded.abs().amax(1, keepdim=True)
    scale = scale.where(scale > 0, 1.0)
    grid = torch.tensor(levels, dtype=torch.float64)
    middles = (grid[1:] + grid[:-1]) / 2
    nearest = grid[torch.bucketize(padded / scale, middles)]
    return (nearest * scale).flatten()[: len(flat)].reshape(weight.shape)


def relative_error(weight: Tensor, levels: tuple[float, ...] = NF4) -> float:
    """|Q(W) - W|_F / |W|_F."""
    exact = weight.double()
    return float((quantised(weight, levels) - exact).norm() / exact.norm())
