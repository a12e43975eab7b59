"""Effective rank of attention in small Transformer layers trained here on English text, beside random queries and keys.

One layer: four heads of width d over n characters, learned positions, a feed-forward layer. The families are decoders
with a causal mask, which predict the next character of the reference manual that ships with CPython, or of source code
of its library. Encoders that fill in hidden characters learn too slowly for this: in the time given they did no better
than a table of pairs of characters, and attention that has not learned says nothing. The encoder that is shown is the
pretrained MiniLM, where it was fetched.

Two questions are asked of the same networks: is the effective rank governed by d (does doubling d change it more than
doubling n), and is it at most d? The unit of the first is a family and seed, of the second one trained network. Two
synthetic tasks are trained without a mask for contrast and not counted: one asks for a uniform average, one for the
previous character.

How long a network is trained matters: a head that has hardly learned attends broadly, with a low effective rank, one
that has learned attends sharply. So a network counts only if it beats its baseline.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from verify.context import Context, Profile
from verify.networks.attention_maps import Maps, language_model, pretrained_attention, pretrained_maps
from verify.networks.data import TextName
from verify.networks.heads import curves
from verify.networks.models import Transformer
from verify.networks.spectra import effective_rank
from verify.networks.tasks import Mode, Text
from verify.networks.training import Network, Recipe, generators, in_parallel, train
from verify.networks.zoo import seed_groups, stretched
from verify.statistics import Counts

if TYPE_CHECKING:
    from torch import Tensor

STEPS, BATCH, RATE = 600, 12, 6e-3
LENGTH, WIDTH = 32, 4
WINDOWS = 32
"""Stretches of text that the maps of a network are taken on."""
SHAPES = ((LENGTH, WIDTH), (LENGTH, 2 * WIDTH), (2 * LENGTH, WIDTH))
"""(n, d): the start, d doubled, n doubled; n is at least 4 d in each."""
Objective = tuple[TextName, Mode]
OBJECTIVES: tuple[Objective, ...] = (("lower", "next"), ("code", "next"))
CONTRASTS: tuple[Objective, ...] = (("lower", "average"), ("lower", "previous"))


class Attended(NamedTuple):
    """One trained layer: what it was trained for, n, d, and the median effective rank of its maps, after and before."""

    objective: str
    length: int
    width: int
    net: Network
    rank: float
    rank_at_start: float

    @property
    def name(self) -> str:
        return f"{self.objective}, n = {self.length}, d = {self.width}, seed {self.net.seed}"


def recipe(objective: Objective, length: int, width: int) -> Recipe:
    text, mode = objective
    model = Transformer(causal=mode == "next", width=48, inner=96, heads=4, depth=1, length=length, head_width=width)
    # One stream an objective and length, so that d is doubled on the same examples.
    return Recipe(
        f"{mode} ({text}), n = {length}, d = {width}", model, Text(text, length, mode), STEPS, BATCH, RATE,
        stream=f"attention, {text}, {mode}, {length}", falling=False,
    )  # fmt: skip


def effective_rank_of(maps: Tensor) -> Tensor:
    """exp of the entropy of the normalised squared singular values, for a batch (..., n, n) of attention maps."""
    import torch

    return effective_rank(torch.linalg.svdvals(maps.double()))


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
        ranks = []
        for weights in (net.weights, net.start):
            with torch.no_grad():
                _, maps = model.attend({name: t[None].to(device) for name, t in weights.items()}, x)
            ranks.append(float(effective_rank_of(maps[0]).median()))
        out.append(Attended(wanted.task.label, model.length, model.d, net, *ranks))
    return tuple(out)


def train_all(context: Context) -> list[Attended]:
    """By objective, seed and shape, in that order. Two seeds, for time, but for a deep run."""
    groups = seed_groups(context)
    groups = groups if context.profile is Profile.DEEP else groups[:1]
    jobs = [
        (stretched(recipe(o, n, d), context), seeds, context.device)
        for n, d in reversed(SHAPES)
        for o in OBJECTIVES
        for seeds in groups
    ]
    found = [one for many in in_parallel(attended, jobs, context.workers) for one in many]
    return sorted(found, key=lambda one: (one.objective, one.net.seed, SHAPES.index((one.length, one.width))))


def networks(context: Context) -> list[list[Attended]]:
    """One list of three networks, one a shape, for each family and seed."""
    trained = train_all(context)
    return [trained[i : i + len(SHAPES)] for i in range(0, len(trained), len(SHAPES))]


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


def figures_of(maps: list[Maps]) -> dict[str, float]:
    """Medians over heads and windows, layer by layer, for a pretrained network, with and without a causal mask."""
    out = {}
    for one in maps:
        head = f"{one.network}, n = {one.length}, d = {one.width}, {'causal mask' if one.causal else 'no mask'}"
        out[f"{head}, layer {one.layer}: effective rank of A"] = one.effective_rank
        out[f"{head}, layer {one.layer}: numerical rank of A"] = one.rank
        out[f"{head}, layer {one.layer}: numerical rank of the logits"] = one.logits_rank
    return out


def counts(
    context: Context, units: list[tuple[bool, list[Attended]]], held_also: list[bool], also: list[str]
) -> Counts:
    """Units whose networks all learned their objective; one that stayed at its baseline was not trained by its steps.

    ``held_also`` are units that need no training here: pretrained networks, by the names ``also``.
    """
    kept = [(held, nets) for held, nets in units if all(one.net.learned for one in nets)]
    shown = {one.name: one for _, nets in kept for one in nets}
    left_out = sorted({one.name for _, nets in units for one in nets if not one.net.learned})
    contrasts = [
        one
        for o in CONTRASTS
        for one in attended(recipe(o, LENGTH, WIDTH), seed_groups(context)[0], context.device)[:1]
    ]
    maps = pretrained_maps()
    notes = ["small layers trained here and random queries and keys"]
    notes.append("pretrained: MiniLM" if maps else "MiniLM is missing and can be had by: verify fetch minilm")
    notes += [f"left out as untrained: {'; '.join(left_out)}"] if left_out else []
    return Counts(
        held=sum(held for held, _ in kept) + sum(held_also),
        of=len(kept) + len(held_also),
        networks=[*shown, *also],
        null=random_ranks(context.seed),
        figures={
            f"{one.name}: effective rank ({one.rank_at_start:.3g} at the start)": one.rank for one in shown.values()
        }
        | {f"contrast, not counted: {one.name}: effective rank": one.rank for one in contrasts}
        | figures_of(maps),
        note="; ".join(notes),
    )


def effective_rank_follows_d(context: Context) -> Counts:
    """Families and seeds in which doubling d changes the logarithm of the effective rank more than doubling n."""
    units = []
    for start, wider, longer in networks(context):
        by_width, by_length = (abs(math.log(other.rank / start.rank)) for other in (wider, longer))
        units.append((by_width > by_length, [start, wider, longer]))
    return counts(context, units, [], [])


def effective_rank_at_most_d(context: Context) -> Counts:
    """Networks whose median effective rank of A is at most d; a pretrained one at its longest text, without a mask."""
    units = [(one.rank <= one.width, [one]) for three in networks(context) for one in three]
    here = [one for one in pretrained_maps() if not one.causal]
    longest = [one for one in here if one.length == max(other.length for other in here)]
    below = sum(one.effective_rank <= one.width for one in longest)
    also = [f"{longest[0].network}, n = {longest[0].length}: most layers"] if longest else []
    found = counts(context, units, [2 * below > len(longest)] if longest else [], also)
    real = pretrained_attention()
    shown = [one for one in (real.heads if real else None, language_model(context)) if one is not None]
    return replace(
        found,
        figures={**found.figures, **{name: share for one in shown for name, share in one.figures().items()}},
        curves=tuple(picture for one in shown for picture in curves(one.title, one.heads, one.width)),
    )
