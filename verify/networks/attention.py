"""Effective rank of attention in small Transformer layers trained here on English text, beside random queries and keys.

One layer: four heads of width d over n = 64 characters, learned positions, a feed-forward layer. Two objectives are the families:
an encoder that fills in hidden characters, and a decoder with a causal mask that predicts the next one. The text is the
reference manual that ships with CPython. The unit that is counted is one trained network.

Two synthetic tasks are trained for contrast and not counted: one asks for a uniform average, one for the previous token.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from verify.context import Context, Profile
from verify.statistics import Counts

if TYPE_CHECKING:
    from torch import Generator, Tensor

LENGTH = 64
HEADS = 4
MODEL_WIDTH = 48
STEPS = 500
BATCH = 24
ALPHABET = " abcdefghijklmnopqrstuvwxyz0123456789.,:;()[]'\"_=-+*/\n"
HIDDEN = len(ALPHABET)  # the symbol that stands for a hidden character
SYMBOLS = HIDDEN + 1
WIDTHS = (4, 8, 16)
OBJECTIVES = ("encoder", "decoder")
CONTRASTS = ("average", "previous")
SEEDS = {Profile.QUICK: 2, Profile.STANDARD: 3, Profile.DEEP: 8}
LEARNED = 0.03
"""By how much the accuracy must exceed that of always guessing the commonest symbol."""


class Network(NamedTuple):
    """One trained layer: objective, head width, seed, accuracy beside chance, median effective rank before and after."""

    objective: str
    width: int
    seed: int
    accuracy: float
    chance: float
    rank: float
    rank_at_start: float

    @property
    def name(self) -> str:
        return f"{self.objective}, d = {self.width}, seed {self.seed}"

    @property
    def trained(self) -> bool:
        return self.accuracy > self.chance + LEARNED


class Examples(NamedTuple):
    """Integer tokens (batch, n), the symbols to predict (batch, n), and where a prediction counts (batch, n)."""

    tokens: Tensor
    wanted: Tensor
    counted: Tensor


@cache
def english() -> Tensor:
    """The manual as integers, lower case; characters outside the alphabet are left out."""
    import torch
    from pydoc_data.topics import topics

    places = {character: i for i, character in enumerate(ALPHABET)}
    text = "\n".join(topics[name] for name in sorted(topics)).lower()
    return torch.tensor([places[c] for c in text if c in places])


def sample(objective: str, size: int, make: Generator) -> Examples:
    import torch

    text = english()
    starts = torch.randint(len(text) - LENGTH - 1, (size, 1), generator=make)
    windows = text[starts + torch.arange(LENGTH + 1)]
    tokens, everywhere = windows[:, :-1], torch.ones(size, LENGTH, dtype=torch.bool)
    match objective:
        case "encoder":
            hidden = torch.rand(size, LENGTH, generator=make) < 0.15
            return Examples(tokens.masked_fill(hidden, HIDDEN), tokens, hidden)
        case "decoder":
            return Examples(tokens, windows[:, 1:], everywhere)
        case "average":
            counts = torch.nn.functional.one_hot(tokens, SYMBOLS).sum(1)
            return Examples(tokens, counts.argmax(-1, keepdim=True).expand_as(tokens), everywhere)
        case "previous":
            return Examples(tokens, tokens.roll(1, dims=1), everywhere)
    raise ValueError(f"no objective is called {objective}")


class Layer:
    """Parameters and forward pass of one Transformer layer; ``attend`` returns logits and the maps (batch, heads, n, n)."""

    def __init__(self, width: int, causal: bool, make: Generator, device: str) -> None:
        import torch

        def parameter(*shape: int) -> Tensor:
            start = torch.randn(*shape, generator=make) / math.sqrt(shape[-2])
            return start.to(device).requires_grad_()

        self.embed = parameter(SYMBOLS, MODEL_WIDTH)
        self.place = parameter(LENGTH, MODEL_WIDTH)
        self.query, self.key, self.value = (parameter(HEADS, MODEL_WIDTH, width) for _ in range(3))
        self.mix = parameter(HEADS * width, MODEL_WIDTH)
        self.inner, self.outer = parameter(MODEL_WIDTH, 4 * MODEL_WIDTH), parameter(4 * MODEL_WIDTH, MODEL_WIDTH)
        self.read = parameter(MODEL_WIDTH, SYMBOLS)
        self.width = width
        future = torch.ones(LENGTH, LENGTH, dtype=torch.bool, device=device).triu(1)
        self.future = future if causal else torch.zeros_like(future)

    @property
    def parameters(self) -> list[Tensor]:
        return [v for v in vars(self).values() if getattr(v, "requires_grad", False)]

    def attend(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        import torch

        normed = torch.nn.functional.layer_norm
        x = self.embed[tokens] + self.place
        y = normed(x, x.shape[-1:])[:, None]
        scores = (y @ self.query) @ (y @ self.key).mT / math.sqrt(self.width)
        maps = torch.softmax(scores.masked_fill(self.future, -math.inf), dim=-1)
        x = x + (maps @ (y @ self.value)).transpose(1, 2).flatten(2) @ self.mix
        x = x + torch.relu(normed(x, x.shape[-1:]) @ self.inner) @ self.outer
        return normed(x, x.shape[-1:]) @ self.read, maps


def effective_rank_of(maps: Tensor) -> Tensor:
    """exp of the entropy of the normalised squared singular values, for a batch (..., n, n) of attention maps."""
    import torch

    energy = torch.linalg.svdvals(maps.double()) ** 2
    p = energy / energy.sum(-1, keepdim=True)
    return torch.exp(-torch.special.xlogy(p, p).sum(-1))


def train(objective: str, width: int, seed: int, device: str) -> Network:
    """Trains one layer from the seed. Deterministic for one device and one set of versions."""
    import torch

    make = torch.Generator().manual_seed(seed * 1000 + width * 10 + (*OBJECTIVES, *CONTRASTS).index(objective))
    layer = Layer(width, objective == "decoder", make, device)
    tokens, wanted, counted = (t.to(device) for t in sample(objective, 48, make))
    with torch.no_grad():
        at_start = float(effective_rank_of(layer.attend(tokens)[1]).median())
    optimiser = torch.optim.Adam(layer.parameters, lr=3e-3)
    for _ in range(STEPS):
        batch = Examples(*(t.to(device) for t in sample(objective, BATCH, make)))
        logits = layer.attend(batch.tokens)[0][batch.counted]
        loss = torch.nn.functional.cross_entropy(logits, batch.wanted[batch.counted])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    with torch.no_grad():
        logits, maps = layer.attend(tokens)
        right = (logits.argmax(-1) == wanted)[counted]
        commonest = torch.bincount(wanted[counted]).max() / counted.sum()
        rank = float(effective_rank_of(maps).median())
    return Network(objective, width, seed, float(right.double().mean()), float(commonest), rank, at_start)


def random_ranks(seed: int) -> dict[str, float]:
    """Mean effective rank over d for Gaussian queries and keys, over n/d and the scale of the logits: the null model."""
    import torch

    make = torch.Generator().manual_seed(seed)
    out = {}
    for width in WIDTHS:
        for scale in (0.5, 1.0, 4.0, 16.0):
            q, k = (torch.randn(16, LENGTH, width, generator=make, dtype=torch.float64) for _ in range(2))
            maps = torch.softmax(scale * q @ k.mT / math.sqrt(width), dim=-1)
            name = f"random Q, K: n/d = {LENGTH // width}, logit scale {scale:g}: effective rank / d"
            out[name] = float(effective_rank_of(maps).mean() / width)
    return out


def effective_rank_at_most_d(context: Context) -> Counts:
    """Networks that learned their objective, and those of them whose median effective rank of A is at most d.

    A network that stays at chance has not been trained, whatever its steps: it is left out, and the note says so.
    """
    import torch

    torch.set_num_threads(1)
    first = context.seed * 100
    seeds = range(first, first + SEEDS[context.profile])
    networks = [train(o, width, s, context.device) for o in OBJECTIVES for width in WIDTHS for s in seeds]
    contrasts = [train(task, WIDTHS[0], first, context.device) for task in CONTRASTS]
    trained = [net for net in networks if net.trained]
    untrained = [net.name for net in networks if not net.trained]
    note = "small layers trained here and random queries and keys; no pretrained network is measured yet"
    return Counts(
        held=sum(net.rank <= net.width for net in trained),
        of=len(trained),
        networks=[net.name for net in trained],
        null=random_ranks(context.seed),
        figures={f"{net.name}: effective rank, {net.rank_at_start:.3g} at the start": net.rank for net in trained}
        | {f"contrast, not counted: {net.name}: effective rank": net.rank for net in contrasts},
        note=note + (f"; left out as untrained: {'; '.join(untrained)}" if untrained else ""),
    )
