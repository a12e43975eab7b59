"""The families of networks that typical parts are measured on, and how many seeds of each.

The unit of independence is a family and a seed: one trained network. Matrices of one network are not independent, and
are never counted as if they were. Everything here was fixed before anything was measured on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from verify.context import Context, Profile
from verify.networks import data
from verify.networks.models import Convolution, Dense, Transformer
from verify.networks.tasks import Digits, Teacher, Text
from verify.networks.training import Network, Recipe, in_parallel, train

FIRST_SEED = 1000
TOGETHER = 2  # seeds trained side by side
SEEDS = {Profile.QUICK: 2, Profile.STANDARD: 4, Profile.DEEP: 8}
MANY = {Profile.QUICK: 8, Profile.STANDARD: 8, Profile.DEEP: 16}
"""Of families that take a second to train."""
LONGER = {Profile.QUICK: 1, Profile.STANDARD: 1, Profile.DEEP: 4}
"""By how much the steps are multiplied."""

LENGTH = 32
DECODER = Transformer(causal=True, width=48, inner=192, length=LENGTH)
WIDTH = 96
PERCEPTRON = Dense((64, WIDTH, WIDTH, WIDTH, 10))
SIDE = 32

TRANSFORMERS = (
    Recipe("decoder, Adam", DECODER, Text("manual", LENGTH), 400, 16, 3e-3),
    Recipe("decoder, weight decay", DECODER, Text("manual", LENGTH), 400, 16, 3e-3, weight_decay=0.5),
    Recipe("decoder of code, Adam", DECODER, Text("code", LENGTH), 400, 16, 3e-3),
)
PERCEPTRONS = (
    Recipe("perceptron, Adam", PERCEPTRON, Digits(), 400, 64, 2e-3),
    Recipe("perceptron, SGD with momentum", PERCEPTRON, Digits(), 400, 64, 2e-2, optimiser="sgd"),
    Recipe("perceptron, weight decay", PERCEPTRON, Digits(), 400, 64, 2e-3, weight_decay=0.5),
    Recipe("perceptron, large batch", PERCEPTRON, Digits(), 200, 512, 2e-3),
    Recipe("perceptron, small start", PERCEPTRON, Digits(), 400, 64, 2e-3, scale=0.25),
    Recipe("perceptron, large start", PERCEPTRON, Digits(), 400, 64, 2e-3, scale=2.0),
)
CONVOLUTIONS = (
    Recipe("convolutions, Adam", Convolution(), Digits(), 150, 32, 3e-3),
    Recipe("convolutions, SGD with momentum", Convolution(), Digits(), 150, 32, 1e-2, optimiser="sgd"),
    Recipe("convolutions, weight decay", Convolution(), Digits(), 150, 32, 3e-3, weight_decay=0.5),
)
LINEAR = (
    Recipe(
        "deep linear, low-rank teacher", Dense((SIDE,) * 4, linear=True), Teacher(SIDE, 3), 600, 64, 3e-3, scale=0.5
    ),
    Recipe(
        "deep linear, full-rank teacher", Dense((SIDE,) * 4, linear=True), Teacher(SIDE, SIDE), 600, 64, 3e-3, scale=0.5
    ),
)
ALL = (*TRANSFORMERS, *PERCEPTRONS, *CONVOLUTIONS, *LINEAR)
DEEP = (*TRANSFORMERS, *PERCEPTRONS, *CONVOLUTIONS)
"""Those that are deep networks on real data."""


def seed_groups(context: Context, *, of: Mapping[Profile, int] = SEEDS) -> list[tuple[int, ...]]:
    """Groups that are trained together; a longer run begins with those of a shorter one."""
    first = FIRST_SEED + 100 * context.seed
    seeds = range(first, first + of[context.profile])
    return [tuple(seeds[i : i + TOGETHER]) for i in range(0, len(seeds), TOGETHER)]


def stretched(recipe: Recipe, context: Context) -> Recipe:
    return replace(recipe, steps=recipe.steps * LONGER[context.profile])


def present(recipes: Iterable[Recipe]) -> list[Recipe]:
    """Without the digits networks where scikit-learn is not installed."""
    return [r for r in recipes if data.has_digits() or not isinstance(r.task, Digits)]


class Trained(list[Network]):
    """The networks that learned, in the order of their families; ``note`` names what is missing and why."""

    note: str = ""


def networks(context: Context, recipes: Iterable[Recipe], *, many: bool = False) -> Trained:
    """Every network of the recipes, trained, less those that did not beat their baseline.

    ``many``: more seeds of perceptrons and linear networks, which are cheap.
    """
    wanted = list(recipes)
    here = [stretched(r, context) for r in present(wanted)]
    jobs = [
        (r, seeds, context.device)
        for r in here
        for seeds in seed_groups(context, of=MANY if many and isinstance(r.model, Dense) else SEEDS)
    ]
    order = sorted(range(len(jobs)), key=lambda i: -jobs[i][0].cost)
    found = dict(zip(order, in_parallel(train, [jobs[i] for i in order], context.workers), strict=True))
    every = [net for i in range(len(jobs)) for net in found[i]]
    out = Trained(net for net in every if net.learned)
    notes = []
    if len(here) < len(wanted):
        mend = "pip install 'verify-claims[data]'"
        notes.append(f"the digits networks are missing: scikit-learn is not installed ({mend})")
    untrained = [net.name for net in every if not net.learned]
    if untrained:
        notes.append(f"left out as untrained (no better than their baseline): {'; '.join(untrained)}")
    out.note = "; ".join(notes)
    return out
