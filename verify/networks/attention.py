"""Effective rank of attention in small Transformer layers trained here on English text, beside random queries and keys.

One layer: four heads of width d over n characters, a feed-forward layer. Encoders see the whole window and fill in
hidden characters: their A is softmax(Q K' / sqrt(d)), without a mask. Decoders predict the next character, and their A
has a causal mask; the mask alone makes its rank n and lifts its effective rank, so that decoders answer for themselves
and never for attention without a mask. Both learn from the reference manual that ships with CPython and from source
code of its library.

Two questions are asked: is the effective rank governed by d (does doubling d change it more than doubling n), which
only encoders answer, with decoders beside them; and is it at most d? The unit of the first is a family and seed, of the
second one trained network. The null model has random queries and keys, with the mask and the spread of logits of each
trained network. Two synthetic tasks are trained without a mask for contrast and not counted: one asks for a uniform
average, one for the previous character.

The text supposes n far above d. What that asks of n was taken from the null model, before a network of these shapes
was trained: from n = 32 on, doubling d = 4 and doubling n move random queries and keys about alike; from n = 64 on
doubling d moves them more by far. How long a network is trained matters too: a head that has hardly learned attends
broadly, with a low effective rank. So a network counts only if it beats its baseline; batch, steps, and the start of
the positions were chosen by the loss of two seeds that are not used here, their ranks unseen.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from verify.context import Context, Profile
from verify.networks.attention_maps import Maps, language_model, pretrained_attention, pretrained_maps
from verify.networks.data import TextName
from verify.networks.heads import curves
from verify.networks.models import Transformer
from verify.networks.spectra import effective_rank
from verify.networks.tasks import Mode, Text
from verify.networks.training import Network, Recipe, generators, in_parallel, train
from verify.networks.zoo import SEEDS, seed_groups, stretched
from verify.statistics import Counts

if TYPE_CHECKING:
    from torch import Generator, Tensor

STEPS, ENCODER_STEPS, BATCH, RATE = 600, 1600, 8, 6e-3
LENGTH, WIDTH = 64, 4
WINDOWS = 32
"""Stretches of text that the maps of a network are taken on."""
SHAPES = ((LENGTH, WIDTH), (LENGTH, 2 * WIDTH), (2 * LENGTH, WIDTH))
"""(n, d): the start, d doubled, n doubled; n is at least 8 d in each."""
ENCODER_SEEDS = {Profile.QUICK: 2, Profile.STANDARD: 8, Profile.DEEP: 16}
"""A longer run has more of them than of other families: the interval of few is too wide."""
RANDOM_SHAPES = ((32, 4), (32, 8), *SHAPES, (256, 4), (256, 8))
"""Random queries and keys cost nothing to train, and are shown for n far above d too."""
Objective = tuple[TextName, Mode]
ENCODERS: tuple[Objective, ...] = (("lower", "hidden"), ("code", "hidden"))
DECODERS: tuple[Objective, ...] = (("lower", "next"), ("code", "next"))
CONTRASTS: tuple[Objective, ...] = (("lower", "average"), ("lower", "previous"))


class Attended(NamedTuple):
    """One trained layer: what it was trained for, n, d, and the median effective rank of its maps, after and before.

    ``spread`` is the standard deviation of a row of logits, ``random`` the effective rank of random queries and keys
    of the same n, d, mask and spread, ``unmasked`` that of the trained ones without the mask.
    """

    objective: str
    length: int
    width: int
    net: Network
    rank: float
    rank_at_start: float
    spread: float
    random: float
    unmasked: float

    @property
    def name(self) -> str:
        return f"{self.objective}, n = {self.length}, d = {self.width}, seed {self.net.seed}"


def recipe(objective: Objective, length: int, width: int) -> Recipe:
    text, mode = objective
    model = Transformer(
        causal=mode == "next", width=48, inner=96, heads=4, depth=1, length=length, head_width=width, waves=True
    )
    steps = ENCODER_STEPS if mode == "hidden" else STEPS
    # One stream an objective and length, so that d is doubled on the same examples.
    return Recipe(
        f"{mode} ({text}), n = {length}, d = {width}", model, Text(text, length, mode), steps, BATCH, RATE,
        stream=f"attention, {text}, {mode}, {length}",
    )  # fmt: skip


def effective_rank_of(maps: Tensor) -> Tensor:
    """exp of the entropy of the normalised squared singular values, for a batch (..., n, n) of attention maps."""
    import torch

    return effective_rank(torch.linalg.svdvals(maps.double()))


def hide_future(logits: Tensor) -> Tensor:
    """Minus infinity where a causal mask hides a logit."""
    import torch

    n = logits.shape[-1]
    future = torch.ones(n, n, dtype=torch.bool, device=logits.device).triu(1)
    return logits.masked_fill(future, -math.inf)


def spread_of(logits: Tensor) -> float:
    """The standard deviation of logits within a row, over all rows; what is hidden (minus infinity) does not count."""
    import torch

    seen = logits.isfinite()
    there = torch.where(seen, logits, torch.zeros_like(logits)).double()
    means = there.sum(-1, keepdim=True) / seen.sum(-1, keepdim=True)
    return float((((there - means) ** 2)[seen]).mean().sqrt())


def random_maps(make: Generator, count: int, length: int, width: int, spread: float, causal: bool) -> Tensor:
    """Attention maps (count, n, n) of Gaussian queries and keys, whose logits have that spread."""
    import torch

    q, k = (torch.randn(count, length, width, generator=make, dtype=torch.float64) for _ in range(2))
    logits = q @ k.mT / math.sqrt(width)
    logits = hide_future(logits) if causal else logits
    return torch.softmax(logits * (spread / spread_of(logits)), dim=-1)


@cache
def attended(wanted: Recipe, seeds: tuple[int, ...], device: str) -> tuple[Attended, ...]:
    """Trains (or finds) the layers of one shape and measures their maps on text that they did not see."""
    import torch

    model = wanted.model
    assert isinstance(model, Transformer)
    assert isinstance(wanted.task, Text)
    out = []
    for net in train(wanted, seeds, device):
        x = wanted.task.feed(generators([net.seed], f"{wanted.family}, maps"), 1, 1).test().x[:, :WINDOWS].to(device)
        with torch.no_grad():
            (logits,), (maps,) = model.attend({name: t[None].double().to(device) for name, t in net.weights.items()}, x)
            _, (before,) = model.attend({name: t[None].double().to(device) for name, t in net.start.items()}, x)
        spread = spread_of(hide_future(logits) if model.causal else logits)
        (make,) = generators([net.seed], f"{wanted.family}, random queries and keys")
        twins = random_maps(make, maps[..., 0, 0].numel(), model.length, model.d, spread, model.causal)
        free = torch.softmax(logits, dim=-1)
        rank, at_start, random, unmasked = (
            float(effective_rank_of(each).median()) for each in (maps, before, twins, free)
        )
        out.append(Attended(wanted.task.label, model.length, model.d, net, rank, at_start, spread, random, unmasked))
    return tuple(out)


def train_all(context: Context, objectives: tuple[Objective, ...]) -> list[Attended]:
    """By objective, seed and shape, in that order."""
    jobs = [
        (stretched(recipe(o, n, d), context), seeds, context.device)
        for n, d in reversed(SHAPES)
        for o in objectives
        for seeds in seed_groups(context, of=ENCODER_SEEDS if o in ENCODERS else SEEDS)
    ]
    found = [one for many in in_parallel(attended, jobs, context.workers) for one in many]
    return sorted(found, key=lambda one: (one.objective, one.net.seed, SHAPES.index((one.length, one.width))))


def networks(context: Context, objectives: tuple[Objective, ...]) -> list[list[Attended]]:
    """One list of three networks, one a shape, for each family and seed."""
    trained = train_all(context, objectives)
    return [trained[i : i + len(SHAPES)] for i in range(0, len(trained), len(SHAPES))]


def random_ranks(seed: int, *, causal: bool) -> dict[str, float]:
    """Mean effective rank over d for Gaussian queries and keys, by n/d and the spread of the logits: the null model."""
    import torch

    make = torch.Generator().manual_seed(seed)
    mask = "causal mask" if causal else "no mask"
    out = {}
    for length, width in RANDOM_SHAPES:
        for spread in (0.5, 1.0, 4.0, 16.0):
            maps = random_maps(make, 16, length, width, spread, causal)
            name = f"random Q, K, {mask}: n = {length}, d = {width}, spread of logits {spread:g}: effective rank / d"
            out[name] = float(effective_rank_of(maps).mean() / width)
    return out


def figures_of(maps: list[Maps]) -> dict[str, float]:
    """Medians over heads and windows, layer by layer, for a pretrained network, with and without a causal mask."""
    out = {}
    for one in maps:
        head = f"{one.network}, n = {one.length}, d = {one.width}, {'causal mask' if one.causal else 'no mask'}"
        out[f"{head}, layer {one.layer}: effective rank of A"] = one.effective_rank
        out[f"{head}, layer {one.layer}: numerical rank of A"] = one.rank
        out[f"{head}, layer {one.layer}: numerical rank of the logits"] = one.logits_rank
    return out


Ranks = tuple[float, ...]
"""Effective ranks of the networks of a unit."""


class Question(NamedTuple):
    """What is asked of a unit, of the effective ranks of its networks: of the trained ones, then of random ones."""

    nets: list[Attended]
    holds: Callable[[Ranks], bool]

    @property
    def held(self) -> bool:
        return self.holds(tuple(one.rank for one in self.nets))

    @property
    def held_at_random(self) -> bool:
        return self.holds(tuple(one.random for one in self.nets))


def learned(units: list[Question]) -> list[Question]:
    return [unit for unit in units if all(one.net.learned for one in unit.nets)]


def counts(context: Context, units: list[Question], *, causal: bool, pretrained: dict[str, bool]) -> Counts:
    """Units whose networks all learned their objective; one that stayed at its baseline was not trained by its steps.

    ``pretrained``: networks that need no training here, by name, and whether the property holds of them.
    """
    kept = learned(units)
    shown = {one.name: one for unit in kept for one in unit.nets}
    left_out = sorted({one.name for unit in units for one in unit.nets if not one.net.learned})
    maps = [one for one in pretrained_maps() if one.causal is causal]
    notes = [f"small {'decoders with their causal mask' if causal else 'encoders, without a mask'}, trained here"]
    notes.append("pretrained: MiniLM" if maps else "MiniLM is missing and can be had by: verify fetch minilm")
    notes += [f"left out as untrained: {'; '.join(left_out)}"] if left_out else []
    null = {
        f"{one.name}: effective rank of random Q, K with its spread of logits": one.random for one in shown.values()
    }
    if kept:
        share = "random Q, K in place of the trained ones: share in which it holds"
        null = {share: sum(unit.held_at_random for unit in kept) / len(kept)} | null
    figures = {f"{one.name}: effective rank ({one.rank_at_start:.3g} at the start)": one.rank for one in shown.values()}
    figures |= {f"{one.name}: spread of logits within a row": one.spread for one in shown.values()}
    if causal:
        what = "effective rank of the same queries and keys without the mask"
        figures |= {f"{one.name}: {what}": one.unmasked for one in shown.values()}
    else:
        contrasts = (
            one
            for o in CONTRASTS
            for one in attended(recipe(o, LENGTH, WIDTH), seed_groups(context)[0], context.device)[:1]
        )
        figures |= {f"contrast, not counted: {one.name}: effective rank": one.rank for one in contrasts}
    return Counts(
        held=sum(unit.held for unit in kept) + sum(pretrained.values()),
        of=len(kept) + len(pretrained),
        networks=[*shown, *pretrained],
        null=null | random_ranks(context.seed, causal=causal),
        figures=figures | figures_of(maps),
        note="; ".join(notes),
    )


def width_moves_more(ranks: Ranks) -> bool:
    """Of the start, d doubled, n doubled: whether the second differs more from the first than the third does."""
    start, wider, longer = ranks
    return abs(math.log(wider / start)) > abs(math.log(longer / start))


def effective_rank_follows_d(context: Context) -> Counts:
    """Families and seeds of encoders in which doubling d changes log(effective rank) more than doubling n."""
    units = [Question(three, width_moves_more) for three in networks(context, ENCODERS)]
    found = counts(context, units, causal=False, pretrained={})
    masked = learned([Question(three, width_moves_more) for three in networks(context, DECODERS)])
    share = f"decoders under their causal mask, not counted: share of {len(masked)} in which it holds"
    beside = {share: sum(unit.held for unit in masked) / len(masked)} if masked else {}
    return replace(found, figures={**found.figures, **beside})


def each_alone(context: Context, objectives: tuple[Objective, ...]) -> list[Question]:
    """Every network as a unit, asked whether its effective rank is at most its d."""
    every = [one for three in networks(context, objectives) for one in three]
    return [Question([one], partial(at_most, one.width)) for one in every]


def at_most(width: int, ranks: Ranks) -> bool:
    return all(rank <= width for rank in ranks)


def effective_rank_at_most_d(context: Context) -> Counts:
    """Encoders whose median effective rank of A is at most d; a pretrained one at its longest text, by most layers."""
    here = [one for one in pretrained_maps() if not one.causal]
    longest = [one for one in here if one.length == max(other.length for other in here)]
    also = {}
    if longest:
        below = sum(one.effective_rank <= one.width for one in longest)
        also[f"{longest[0].network}, n = {longest[0].length}: most layers"] = 2 * below > len(longest)
    return with_heads(context, counts(context, each_alone(context, ENCODERS), causal=False, pretrained=also), False)


def causal_effective_rank_at_most_d(context: Context) -> Counts:
    """Decoders whose median effective rank of A, under its causal mask, is at most d."""
    return with_heads(context, counts(context, each_alone(context, DECODERS), causal=True, pretrained={}), True)


def with_heads(context: Context, found: Counts, causal: bool) -> Counts:
    """Also every head of the pretrained network and of the language model, with or without a mask; none is counted."""
    real = pretrained_attention()
    shown = [one.seen(causal) for one in (real.heads if real else None, language_model(context)) if one is not None]
    return replace(
        found,
        figures={**found.figures, **{name: share for one in shown for name, share in one.figures().items()}},
        curves=tuple(picture for one in shown for picture in curves(one.title, one.heads, one.width)),
    )
