"""Effective rank of attention in small Transformer layers trained here on English text, beside random queries and keys.

One layer: four heads of width d over n characters, learned positions, a feed-forward layer. The families are two
encoders, which fill in hidden characters or correct replaced ones, and one decoder with a causal mask, which predicts
the next character. The text is the reference manual that ships with CPython.

Two questions are asked of the same networks: is the effective rank governed by d (does doubling d change it more than
doubling n), and is it at most d? The unit of the first is a family and seed, of the second one trained network. Two
synthetic tasks are trained for contrast and not counted: one asks for a uniform average, one for the previous token.

How long a network is trained matters: a head that has hardly learned attends broadly, with a low effective rank, one
that has learned attends sharply. So a network counts only once it predicts better than always guessing.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from verify.context import Context, Profile
from verify.statistics import Counts

if TYPE_CHECKING:
    from torch import Generator, Tensor

HEADS = 4
MODEL_WIDTH = 48
INNER_WIDTH = 96
STEPS = 600
BATCH = 24
TEST = 128
RATE = 6e-3
HIDDEN_SHARE = 0.3
ALPHABET = " abcdefghijklmnopqrstuvwxyz0123456789.,:;()[]'\"_=-+*/\n"
HIDDEN = len(ALPHABET)  # the symbol that stands for a hidden character
SYMBOLS = HIDDEN + 1
LENGTH, WIDTH = 32, 4
SHAPES = ((LENGTH, WIDTH), (LENGTH, 2 * WIDTH), (2 * LENGTH, WIDTH))
"""(n, d): the start, d doubled, n doubled; n is at least 4 d in each."""
OBJECTIVES = ("hidden", "replaced", "next")
CONTRASTS = ("average", "previous")
SEEDS = {Profile.QUICK: 4, Profile.STANDARD: 4, Profile.DEEP: 12}
"""Of each family."""
FIRST_SEED = 1000
LEARNED = 0.02
"""By how much the accuracy must exceed that of always guessing the commonest symbol."""


class Network(NamedTuple):
    """One trained layer: objective, n, d, seed, accuracy beside chance, median effective rank before and after."""

    objective: str
    length: int
    width: int
    seed: int
    accuracy: float
    chance: float
    rank: float
    rank_at_start: float

    @property
    def name(self) -> str:
        return f"{self.objective}, n = {self.length}, d = {self.width}, seed {self.seed}"

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
    from pydoc_data.topics import topics

    import torch

    places = {character: i for i, character in enumerate(ALPHABET)}
    text = "\n".join(topics[name] for name in sorted(topics)).lower()
    return torch.tensor([places[c] for c in text if c in places])


def sample(objective: str, length: int, size: int, make: Generator) -> Examples:
    import torch

    text = english()
    starts = torch.randint(len(text) - length - 1, (size, 1), generator=make)
    windows = text[starts + torch.arange(length + 1)]
    tokens, everywhere = windows[:, :-1], torch.ones(size, length, dtype=torch.bool)
    match objective:
        case "hidden":
            hidden = torch.rand(size, length, generator=make) < HIDDEN_SHARE
            return Examples(tokens.masked_fill(hidden, HIDDEN), tokens, hidden)
        case "replaced":
            replaced = torch.rand(size, length, generator=make) < HIDDEN_SHARE
            other = torch.randint(HIDDEN, (size, length), generator=make)
            return Examples(torch.where(replaced, other, tokens), tokens, replaced)
        case "next":
            return Examples(tokens, windows[:, 1:], everywhere)
        case "average":
            counts = torch.nn.functional.one_hot(tokens, SYMBOLS).sum(1)
            return Examples(tokens, counts.argmax(-1, keepdim=True).expand_as(tokens), everywhere)
        case "previous":
            return Examples(tokens, tokens.roll(1, dims=1), everywhere)
    raise ValueError(f"no objective is called {objective}")


class Layer:
    """Parameters and forward pass of one Transformer layer; ``attend`` returns logits and maps (batch, heads, n, n)."""

    def __init__(self, length: int, width: int, causal: bool, make: Generator, device: str) -> None:
        import torch

        def parameter(*shape: int) -> Tensor:
            start = torch.randn(*shape, generator=make) / math.sqrt(shape[-2])
            return start.to(device).requires_grad_()

        self.embed = parameter(SYMBOLS, MODEL_WIDTH)
        self.place = parameter(length, MODEL_WIDTH)
        self.query, self.key, self.value = (parameter(HEADS, MODEL_WIDTH, width) for _ in range(3))
        self.mix = parameter(HEADS * width, MODEL_WIDTH)
        self.inner, self.outer = parameter(MODEL_WIDTH, INNER_WIDTH), parameter(INNER_WIDTH, MODEL_WIDTH)
        self.read = parameter(MODEL_WIDTH, SYMBOLS)
        self.width = width
        future = torch.ones(length, length, dtype=torch.bool, device=device).triu(1)
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


@cache
def train(objective: str, length: int, width: int, seed: int, device: str) -> Network:
    """Trains one layer from the seed. Deterministic for one device and one set of versions."""
    import torch

    make = torch.Generator().manual_seed(seed * 10 + (*OBJECTIVES, *CONTRASTS).index(objective))
    layer = Layer(length, width, objective == "next", make, device)
    tokens, wanted, counted = (t.to(device) for t in sample(objective, length, TEST, make))
    with torch.no_grad():
        at_start = float(effective_rank_of(layer.attend(tokens)[1]).median())
    optimiser = torch.optim.Adam(layer.parameters, lr=RATE)
    for _ in range(STEPS):
        batch = Examples(*(t.to(device) for t in sample(objective, length, BATCH, make)))
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
    return Network(objective, length, width, seed, float(right.double().mean()), float(commonest), rank, at_start)


def random_ranks(seed: int) -> dict[str, float]:
    """Mean effective rank over d for Gaussian queries and keys, by n/d and the scale of the logits: the null model."""
    import torch

    make = torch.Generator().manual_seed(seed)
    out = {}
    for length, width in ((32, 8), (32, 4), (64, 4)):
        for scale in (0.5, 1.0, 4.0, 16.0):
            q, k = (torch.randn(16, length, width, generator=make, dtype=torch.float64) for _ in range(2))
            maps = torch.softmax(scale * q @ k.mT / math.sqrt(width), dim=-1)
            name = f"random Q, K: n = {length}, d = {width}, logit scale {scale:g}: effective rank / d"
            out[name] = float(effective_rank_of(maps).mean() / width)
    return out


def networks(context: Context) -> list[list[Network]]:
    """One list of three networks, one a shape, for each family and seed."""
    first = FIRST_SEED + context.seed * 100
    seeds = range(first, first + SEEDS[context.profile])
    wanted = [(o, n, d, s, context.device) for o in OBJECTIVES for s in seeds for n, d in SHAPES]
    trained = iter(train_all(wanted, context.workers))
    return [[next(trained) for _ in SHAPES] for _ in range(len(wanted) // len(SHAPES))]


def train_all(wanted: list[tuple[str, int, int, int, str]], workers: int) -> list[Network]:
    """Each network on one thread, ``workers`` at a time: torch at two threads gains nothing at this size."""
    import torch

    torch.set_num_threads(1)
    english()
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda one: train(*one), wanted))


def counts(context: Context, units: list[tuple[bool, list[Network]]]) -> Counts:
    """Units whose networks all learned their objective; one that stayed at chance was not trained by its steps."""
    kept = [(held, nets) for held, nets in units if all(net.trained for net in nets)]
    shown = {net.name: net for _, nets in kept for net in nets}
    left_out = sorted({net.name for _, nets in units for net in nets if not net.trained})
    tasks = [(task, LENGTH, WIDTH, FIRST_SEED, context.device) for task in CONTRASTS]
    contrasts = train_all(tasks, context.workers)
    note = "small layers trained here and random queries and keys; no pretrained network is measured yet"
    return Counts(
        held=sum(held for held, _ in kept),
        of=len(kept),
        networks=list(shown),
        null=random_ranks(context.seed),
        figures={
            f"{net.name}: effective rank ({net.rank_at_start:.3g} at the start)": net.rank for net in shown.values()
        }
        | {f"contrast, not counted: {net.name}: effective rank": net.rank for net in contrasts},
        note=note + (f"; left out as untrained: {'; '.join(left_out)}" if left_out else ""),
    )


def effective_rank_follows_d(context: Context) -> Counts:
    """Families and seeds in which doubling d changes the logarithm of the effective rank more than doubling n."""
    units = []
    for start, wider, longer in networks(context):
        by_width, by_length = (abs(math.log(other.rank / start.rank)) for other in (wider, longer))
        units.append((by_width > by_length, [start, wider, longer]))
    return counts(context, units)


def effective_rank_at_most_d(context: Context) -> Counts:
    """Networks whose median effective rank of A is at most d."""
    return counts(context, [(net.rank <= net.width, [net]) for three in networks(context) for net in three])
