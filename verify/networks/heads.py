"""Ranks of every attention head: of its logits Q K' / sqrt(d) and of its map A, with and without a causal mask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from verify.model.evidence import Curves
from verify.networks.curves import line
from verify.networks.spectra import effective_rank, numerical_rank

if TYPE_CHECKING:
    from torch import Tensor

DOUBLE = 2.0**-52


class Head(NamedTuple):
    """Medians over stretches of text. Layers and heads count from 0; ranks are numerical, in double precision."""

    layer: int
    head: int
    causal: bool
    logits_rank: float
    logits_effective_rank: float
    rank: float
    effective_rank: float


class Ranks(NamedTuple):
    """Of one layer, each (windows, heads)."""

    logits_rank: Tensor
    logits_effective_rank: Tensor
    rank: Tensor
    effective_rank: Tensor


def ranks_of(logits: Tensor, maps: Tensor) -> Ranks:
    """Of logits and maps (windows, heads, n, n). Raises ValueError where a number is not finite."""
    import torch

    if not bool(torch.isfinite(logits).all()):
        raise ValueError("an attention logit is NaN or infinite")
    found = [torch.linalg.svdvals(matrices.double()) for matrices in (logits, maps)]
    (logits_rank, logits_effective), (rank, effective) = ((numerical(s), effective_rank(s)) for s in found)
    return Ranks(logits_rank, logits_effective, rank, effective)


def numerical(s: Tensor) -> Tensor:
    """Numerical rank of square matrices by their singular values (..., n)."""
    import torch

    n = s.shape[-1]
    flat = s.flatten(0, -2)
    return torch.tensor([numerical_rank(one, n, n, DOUBLE) for one in flat]).double().reshape(s.shape[:-1])


def heads_of(layers: Iterable[Ranks], *, causal: bool) -> list[Head]:
    """One record a head, layer by layer."""
    return [
        Head(layer, head, causal, *(float(matrix[:, head].median()) for matrix in ranks))
        for layer, ranks in enumerate(layers)
        for head in range(ranks.rank.shape[1])
    ]


LINES = {
    "rank of the logits": "logits_rank",
    "effective rank of the logits": "logits_effective_rank",
    "rank of A": "rank",
    "effective rank of A": "effective_rank",
}


def curves(network: str, heads: Sequence[Head], width: int) -> tuple[Curves, ...]:
    """All heads in a row, layer after layer, a picture a mask; d is ruled, and where a layer ends."""
    out = []
    for causal, mask in ((False, "no mask"), (True, "causal mask")):
        group = [one for one in heads if one.causal is causal]
        if not group:
            continue
        ends = [i + 0.5 for i, one in enumerate(group, 1) if i < len(group) and group[i].layer != one.layer]
        at = range(1, len(group) + 1)
        lines = tuple(
            line(name, "measured", at, [getattr(one, field) for one in group]) for name, field in LINES.items()
        )
        title = f"{network}, d = {width}, {mask}"
        marks, levels = tuple(ends), (float(width),)
        out.append(
            Curves(title=title, x="head", y="rank", log_y=True, joined=False, levels=levels, marks=marks, lines=lines)
        )
    return tuple(out)
