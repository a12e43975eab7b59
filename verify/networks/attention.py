"""Effective rank of attention in small Transformer layers trained here on English text, beside random queries and keys.

One layer: four heads of width d over n characters, a feed-forward layer. Encoders see the whole window and fill in
hidden characters: their A is softmax(Q K' / sqrt(d)), without a mask. Decoders predict the next character, and their A
has a causal mask; the mask alone makes its rank n and lifts its effective rank, so that decoders answer for themselves
and never for attention without a mask. Both learn from the reference manual that ships with CPython and from source
code of its library.

Two questions are asked. Does n drop out of the effective rank, so that d governs it: with the same weights, does a text
twice as long leave it nearer to what it was than to twice that? And is it at most d? Encoders answer, with decoders
beside them. The unit is one trained network, for the first question of the largest n. The null model has random queries
and keys, with the mask and the spread of logits of each trained network. Two synthetic tasks are trained without a mask
for contrast and not counted: one asks for a uniform average, one for the previous character.

The text supposes n far above d. What that asks of n was taken from the null model: with d = 4, n does drop out for
random queries and keys at the shapes that are asked here. How long a network is trained matters too: a head that has
hardly learned attends broadly, with a low effective rank. So a network counts only if it beats its baseline; batch,
steps, and the start of the positions were chosen by the loss of two seeds that are not used here, their ranks unseen.

What doubling d does can be seen between networks only, which differ by their training as well: by 0.6 in the binary
logarithm (standard deviation over 32 pairs), as much as the effect. It is shown, with an interval, and not counted.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from verify.context import Context, Profile
from verify.networks.attention_maps import (
    Maps,
    language_model,
    pretrained_attention,
    pretrained_growth,
    pretrained_maps,
)
from verify.networks.data import TextName
from verify.networks.heads import curves
from verify.networks.models import Transformer
from verify.networks.random_attention import (
    NEARER_TO_STAYING,
    effective_rank_of,
    first_half,
    growth_of,
    hide_future,
    random_maps,
    random_ranks,
    spread_of,
)
from verify.networks.tasks import Mode, Text
from verify.networks.training import Network, Recipe, generators, in_parallel, train
from verify.networks.zoo import SEEDS, seed_groups, stretched
from verify.statistics import Counts, bootstrap_mean

STEPS, ENCODER_STEPS, BATCH, RATE = 600, 1600, 8, 6e-3
LENGTH, WIDTH = 64, 4
WINDOWS = 32
"""Stretches of text that the maps of a network are taken on."""
SHAPES = ((LENGTH, WIDTH), (LENGTH, 2 * WIDTH), (2 * LENGTH, WIDTH))
"""(n, d): the start, d doubled, n doubled; n is at least 8 d in each."""
ENCODER_SEEDS = {Profile.QUICK: 2, Profile.STANDARD: 8, Profile.DEEP: 16}
"""A longer run has more of them than of other families: the interval of few is too wide."""
Objective = tuple[TextName, Mode]
ENCODERS: tuple[Objective, ...] = (("lower", "hidden"), ("code", "hidden"))
DECODERS: tuple[Objective, ...] = (("lower", "next"), ("code", "next"))
CONTRASTS: tuple[Objective, ...] = (("lower", "average"), ("lower", "previous"))


GROWTH = "growth of the effective rank when the text doubles"
GROWTH_AT_RANDOM = "growth of the effective rank when the text doubles, random Q, K"
WIDER = "between networks, not counted: effective rank where d is doubled / before"
LONGER = "between networks, not counted: effective rank where n is doubled / before"


class Attended(NamedTuple):
    """One trained layer: what it was trained for, n, d, and the median effective rank of its maps, after and before.

    ``spread`` is the standard deviation of a row of logits, ``random`` the effective rank of random queries and keys
    of the same n, d, mask and spread, ``unmasked`` that of the trained ones without the mask. ``growth`` is the median
    factor by which the effective rank grows from the first half of a text to the whole, ``random_growth`` that of the
    random ones.
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
    growth: float
    random_growth: float

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


@cache
def attended(wanted: Recipe, seeds: tuple[int, ...], device: str) -> tuple[Attended, ...]:
    """Trains (or finds) the layers of one shape and measures their maps on text that they did not see."""
    return tuple(measured(wanted, net, device) for net in train(wanted, seeds, device))


def measured(wanted: Recipe, net: Network, device: str) -> Attended:
    import torch

    model, task = wanted.model, wanted.task
    assert isinstance(model, Transformer)
    assert isinstance(task, Text)
    x = task.feed(generators([net.seed], f"{wanted.family}, maps"), 1, 1).test().x[:, :WINDOWS].to(device)
    weights, start = (
        {name: t[None].double().to(device) for name, t in one.items()} for one in (net.weights, net.start)
    )
    with torch.no_grad():
        (logits,), (maps,) = model.attend(weights, x)
        _, (half,) = model.attend(weights, x[..., : model.length // 2])
        _, (before,) = model.attend(start, x)
    spread = spread_of(hide_future(logits) if model.causal else logits)
    (make,) = generators([net.seed], f"{wanted.family}, random queries and keys")
    twins = random_maps(make, maps[..., 0, 0].numel(), model.length, model.d, spread, model.causal)
    ranks, twin_ranks = effective_rank_of(maps), effective_rank_of(twins)
    unmasked = effective_rank_of(torch.softmax(logits, dim=-1)) if model.causal else ranks
    return Attended(
        task.label, model.length, model.d, net,
        rank=float(ranks.median()),
        rank_at_start=float(effective_rank_of(before).median()),
        spread=spread,
        random=float(twin_ranks.median()),
        unmasked=float(unmasked.median()),
        growth=growth_of(ranks, effective_rank_of(half)),
        random_growth=growth_of(twin_ranks, effective_rank_of(first_half(twins))),
    )  # fmt: skip


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


def figures_of(maps: list[Maps]) -> dict[str, float]:
    """Medians over heads and windows, layer by layer, for a pretrained network, with and without a causal mask."""
    out = {}
    for one in maps:
        head = f"{one.network}, n = {one.length}, d = {one.width}, {'causal mask' if one.causal else 'no mask'}"
        out[f"{head}, layer {one.layer}: effective rank of A"] = one.effective_rank
        out[f"{head}, layer {one.layer}: numerical rank of A"] = one.rank
        out[f"{head}, layer {one.layer}: numerical rank of the logits"] = one.logits_rank
    return out


class Question(NamedTuple):
    """What is asked of one trained network, and whether it holds of it; and of random queries and keys in its place."""

    net: Attended
    held: bool
    held_at_random: bool


def learned(units: list[Question]) -> list[Question]:
    return [unit for unit in units if unit.net.net.learned]


def counts(context: Context, units: list[Question], *, causal: bool, pretrained: dict[str, bool]) -> Counts:
    """Networks that learned their objective; one that stayed at its baseline was not trained by its steps.

    ``pretrained``: networks that need no training here, by name, and whether the property holds of them.
    """
    kept = learned(units)
    shown = {unit.net.name: unit.net for unit in kept}
    left_out = sorted({unit.net.name for unit in units if not unit.net.net.learned})
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
        for one in contrasts:
            figures |= {f"contrast, not counted: {one.name}: effective rank": one.rank}
            figures |= {f"contrast, not counted: {one.name}: {GROWTH}": one.growth}
    return Counts(
        held=sum(unit.held for unit in kept) + sum(pretrained.values()),
        of=len(kept) + len(pretrained),
        networks=[*shown, *pretrained],
        null=null | random_ranks(context.seed, causal=causal),
        figures=figures | figures_of(maps),
        note="; ".join(notes),
    )


def stays(trained: list[list[Attended]]) -> list[Question]:
    """Of each family and seed the network of the largest n, asked whether twice the text leaves the effective rank."""
    longest = (three[-1] for three in trained)
    return [Question(one, one.growth < NEARER_TO_STAYING, one.random_growth < NEARER_TO_STAYING) for one in longest]


def doublings(context: Context, trained: list[list[Attended]]) -> dict[str, float]:
    """Geometric means, with their intervals, of the factors by which doubling d or n moves it between networks."""
    kept = [three for three in trained if all(one.net.learned for one in three)]
    out = {}
    for name, place in ((WIDER, 1), (LONGER, 2)):
        moved = [math.log(three[place].rank / three[0].rank) for three in kept]
        if moved:
            low, high = bootstrap_mean(moved, seed=context.seed)
            out[f"{name}, geometric mean"] = math.exp(sum(moved) / len(moved))
            out[f"{name}, lower end of the 95% bootstrap interval"] = math.exp(low)
            out[f"{name}, upper end of the 95% bootstrap interval"] = math.exp(high)
    return out


def effective_rank_stays(context: Context) -> Counts:
    """Encoders, and a pretrained one, in which a text twice as long leaves the effective rank of A nearer to itself."""
    trained = networks(context, ENCODERS)
    units, masked = stays(trained), learned(stays(networks(context, DECODERS)))
    figures = {f"{unit.net.name}: {GROWTH}": unit.net.growth for unit in learned(units)}
    null = {f"{unit.net.name}: {GROWTH_AT_RANDOM}": unit.net.random_growth for unit in learned(units)}
    also, real = {}, pretrained_growth()
    if real:
        name = f"{real.network}, n = {real.length}, d = {real.width}, no mask"
        also[name] = real.growth < NEARER_TO_STAYING
        figures[f"{name}: {GROWTH}"], null[f"{name}: {GROWTH_AT_RANDOM}"] = real.growth, real.random_growth
    if masked:
        share = f"decoders under their causal mask, not counted: share of {len(masked)} in which it holds"
        figures[share] = sum(unit.held for unit in masked) / len(masked)
    figures |= doublings(context, trained)
    found = counts(context, units, causal=False, pretrained=also)
    return replace(found, figures={**figures, **found.figures}, null={**null, **found.null})


def each_alone(context: Context, objectives: tuple[Objective, ...]) -> list[Question]:
    """Every network, asked whether its effective rank is at most its d."""
    every = (one for three in networks(context, objectives) for one in three)
    return [Question(one, one.rank <= one.width, one.random <= one.width) for one in every]


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
