"""Measurements that need more than the spectra: curvature, fine-tuning, generalisation, problems solved from zero."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from verify.context import Context
from verify.model.evidence import Curves
from verify.networks import chance, data, lora, zoo
from verify.networks.curvature import DIRECTIONS, curvatures
from verify.networks.curves import line
from verify.networks.lora import Tuned
from verify.networks.measure import most
from verify.networks.models import Dense
from verify.networks.quantise import EVEN, NF4, relative_error
from verify.networks.spectra import effective_rank, median
from verify.networks.tasks import Digits, Teacher
from verify.networks.training import Network, Recipe, generators, in_parallel, values
from verify.statistics import Counts, bootstrap_mean, shuffled_range, spearman

if TYPE_CHECKING:
    from torch import Tensor

HIGHLY = 0.5
"""What counts as a high correlation."""


# --- Theorem 11.15: curvature ---------------------------------------------------------------------------------


def correlation(recipe: Recipe, net: Network, device: str, *, at_start: bool = False) -> float:
    """Median over weights of the rank correlation of singular values with curvatures along their directions."""
    found = curvatures(recipe, net, device, at_start=at_start)
    return median([spearman(c.values.tolist(), c.curvatures.tolist()) for c in found])


def correlations(context: Context) -> tuple[zoo.Trained, list[float]]:
    """Every deep network with its correlation after training."""
    trained = zoo.networks(context, zoo.DEEP, many=True)
    recipes = {r.family: zoo.stretched(r, context) for r in zoo.DEEP}
    key = (context.profile, context.seed, context.device, tuple(net.name for net in trained))
    if key not in _CORRELATIONS:
        jobs = [(recipes[net.family], net, context.device) for net in trained]
        _CORRELATIONS[key] = in_parallel(correlation, jobs, context.workers)
    return trained, _CORRELATIONS[key]


_CORRELATIONS: dict[tuple[object, ...], list[float]] = {}


def curvature_correlates(context: Context) -> Counts:
    """Networks whose median weight has a rank correlation of curvatures and values of at least one half."""
    trained, after = correlations(context)
    recipes = {r.family: zoo.stretched(r, context) for r in zoo.DEEP}
    jobs = [(recipes[net.family], net, context.device) for net in trained]
    # Before training, for one network of each family.
    first = [job for i, job in enumerate(jobs) if job[1].family not in {other[1].family for other in jobs[:i]}]
    start = in_parallel(lambda *job: correlation(*job, at_start=True), first, context.workers)
    low, high = bootstrap_mean(after, seed=context.seed)
    return Counts(
        held=sum(c >= HIGHLY for c in after),
        of=len(after),
        networks=[net.name for net in trained],
        null=shuffled(context)
        | {f"{net.name}, at the start: rank correlation": c for (_, net, _), c in zip(first, start, strict=True)},
        figures={f"{net.name}: rank correlation": c for net, c in zip(trained, after, strict=True)}
        | {
            "mean over networks": sum(after) / len(after) if after else 0.0,
            "mean over networks, lower end of the 95% bootstrap interval": low,
            "mean over networks, upper end of the 95% bootstrap interval": high,
        },
        note="; ".join(n for n in (trained.note, "of the Transformers the weights of the last layer") if n),
    )


def shuffled(context: Context) -> dict[str, float]:
    """Rank correlations where curvature and value have nothing to do with each other."""
    low, high = shuffled_range(DIRECTIONS, seed=context.seed)
    return {
        f"shuffled, {DIRECTIONS} directions: 2.5% of rank correlations are below": low,
        f"shuffled, {DIRECTIONS} directions: 2.5% of rank correlations are above": high,
    }


def curvature_positive(context: Context) -> Counts:
    """Networks in which that rank correlation is positive at all."""
    trained, after = correlations(context)
    return Counts(
        held=sum(c > 0 for c in after),
        of=len(after),
        networks=[net.name for net in trained],
        null=shuffled(context),
        figures={f"{net.name}: rank correlation": c for net, c in zip(trained, after, strict=True)},
        note=trained.note,
    )


# --- Lemma 11.28 and Table 11.2.3: fine-tuning ----------------------------------------------------------------

HALFWAY = 0.5


def distance(found: Tensor, wanted: Tensor) -> float:
    """Of the singular values of BA from the first of the wanted ones, over the size of the latter: 1 for BA = 0."""
    r = min(len(found), len(wanted))
    return float((found[:r] - wanted[:r]).norm() / wanted[:r].norm())


def shape_distance(found: Tensor, wanted: Tensor) -> float:
    """The same for values of unit norm: how large an increment is depends on the rate, its shape is what aligns."""
    r = min(len(found), len(wanted))
    return float((found[:r] / found[:r].norm() - wanted[:r] / wanted[:r].norm()).norm())


class Approach(NamedTuple):
    """Distances in shape, of one weight at one rank: at the first checkpoint, at the end, of a random BA."""

    first: float
    last: float
    random: float

    @property
    def aligned(self) -> bool:
        return self.last < self.first and self.last < self.random


def approaches(one: Tuned, rank: int) -> list[Approach]:
    """Every weight, from the full fine-tuning at its end; the random factors are Gaussian, of the same shapes."""
    import torch

    (make,) = generators([one.seed], f"random increment, {rank}")
    full, low, out = one.increments["full"], one.increments[f"rank {rank}"], []
    for name in lora.adapted():
        inputs, outputs = one.base[name].shape
        random = values(torch.randn(inputs, rank, generator=make) @ torch.randn(rank, outputs, generator=make))
        wanted, path = full[name][-1][:rank], low[name][:, :rank]
        out.append(Approach(*(shape_distance(s[:rank], wanted) for s in (path[1], path[-1], random))))
    return out


def alignment(context: Context) -> Counts:
    """Fine-tunings in which, for most weights and ranks, the shape of the values of BA comes closer to that of the full
    increment between the first checkpoint and the end, and closer than that of random factors.
    """
    every = lora.tuned(context)
    figures, null, held = {}, {}, []
    for one in every:
        found = {rank: approaches(one, rank) for rank in lora.RANKS}
        held.append(most(a.aligned for many in found.values() for a in many))
        for rank, many in found.items():
            head = f"{one.name}, rank {rank}: distance in shape"
            figures[f"{head} at the first checkpoint"] = median([a.first for a in many])
            figures[f"{head} at the end"] = median([a.last for a in many])
            null[f"{head}, random BA"] = median([a.random for a in many])
            sizes = [
                distance(one.increments[f"rank {rank}"][name][-1][:rank], one.increments["full"][name][-1])
                for name in lora.adapted()
            ]
            figures[f"{one.name}, rank {rank}: distance with sizes at the end (1 at the start)"] = median(sizes)
        for method, loss in one.after.items():
            figures[f"{one.name}, {method}: loss on new text ({one.before:.3g} before)"] = loss
    note = "the optimal increment of such a loss cannot be computed: full fine-tuning of the same weights stands for it"
    return Counts(sum(held), len(held), [one.name for one in every], null, figures, note)


def alignment_known(context: Context) -> Counts:
    """Linear layers with even inputs in which the values of BA end less than half as far from the known ones."""
    even, uneven = (lora.known_increments(context, flag) for flag in (False, True))
    (make,) = generators([context.seed], "random factors")
    random = {
        f"{one.name}: distance of random factors of the wanted size": distance(
            chance.random_factors(make, lora.SIZE, lora.KNOWN_RANK, float(one.wanted.norm())), one.wanted
        )
        for one in even
    }
    return Counts(
        held=sum(distance(one.found, one.wanted) < HALFWAY for one in even),
        of=len(even),
        networks=[one.name for one in even],
        null=random,
        figures={f"{one.name}: distance at the end": distance(one.found, one.wanted) for one in (*even, *uneven)},
        note="with uneven inputs (figures only) the loss weighs directions, and an increment of higher rank is "
        "approximated in that weighing",
    )


def quantisation_error(context: Context) -> Counts:
    """Fine-tunings in which, for most weights, 4-bit quantisation changes W0 by less than full fine-tuning does."""
    every = lora.tuned(context)
    held, figures = 0, {}
    for one in every:
        moved = {n: float(one.increments["full"][n][-1].norm() / w.double().norm()) for n, w in one.base.items()}
        rounded = {n: relative_error(w, NF4) for n, w in one.base.items()}
        held += most(rounded[n] < moved[n] for n in one.base)
        figures[f"{one.name}: |Q(W0) - W0| / |W0|, NF4"] = median(list(rounded.values()))
        even = [relative_error(w, EVEN) for w in one.base.values()]
        figures[f"{one.name}: |Q(W0) - W0| / |W0|, even levels"] = median(even)
        figures[f"{one.name}: |dW| / |W0|, full fine-tuning"] = median(list(moved.values()))
        for rank in lora.RANKS:
            low = [float(one.increments[f"rank {rank}"][n][-1].norm() / w.norm()) for n, w in one.base.items()]
            figures[f"{one.name}: |BA| / |W0|, rank {rank}"] = median(low)
    return Counts(held, len(every), [one.name for one in every], _gaussian_error(), figures | _pretrained_errors())


def _gaussian_error() -> dict[str, float]:
    import torch

    (make,) = generators([0], "quantised Gaussian")
    gaussian = torch.randn(256, 256, generator=make)
    return {f"Gaussian matrix: |Q(W0) - W0| / |W0|, {n}": relative_error(gaussian, v) for n, v in LEVELS}


def _pretrained_errors() -> dict[str, float]:
    from verify.networks import pretrained

    out = {}
    for name in pretrained.NAMES:
        arrays = pretrained.weights(name) or {}
        wanted = [k for k in arrays if pretrained.kind_of(pretrained.source(name), k) in ("attention", "ffn", "dense")]
        for label, levels in LEVELS if wanted else ():
            errors = [relative_error(arrays[key], levels) for key in wanted]
            out[f"pretrained: {name}: |Q(W0) - W0| / |W0|, {label}"] = median(errors)
    return out


LEVELS = (("NF4", NF4), ("even levels", EVEN))


# --- Lemma 11.25 and Corollary 11.7: generalisation -----------------------------------------------------------

EIGHTH = zoo.WIDTH // 8


class Pair(NamedTuple):
    """One problem, learned by a network with full weights and by one whose hidden weights have the given rank."""

    full: Recipe
    low: Recipe


def pair(name: str, full: Dense, rank: int, task: Digits | Teacher, steps: int, batch: int, rate: float) -> Pair:
    recipe = Recipe(f"{name}, full", full, task, steps, batch, rate, stream=name)
    return Pair(recipe, replace(recipe, family=f"{name}, rank {rank}", model=replace(full, rank=rank)))


REAL = (
    pair("100 digits", zoo.PERCEPTRON, EIGHTH, Digits(limit=100), 400, 50, 2e-3),
    pair("400 digits", zoo.PERCEPTRON, EIGHTH, Digits(limit=400), 400, 64, 2e-3),
    pair("600 digits, a third mislabelled", zoo.PERCEPTRON, EIGHTH, Digits(limit=600, noise=1 / 3), 600, 64, 2e-3),
)
SMALL = Dense((zoo.SIDE, zoo.SIDE), linear=True)
LOW_TRUTH = pair("truth of rank 3", SMALL, 3, Teacher(zoo.SIDE, 3, samples=48, noise=0.5), 400, 48, 2e-2)
FULL_TRUTH = pair("truth of full rank", SMALL, 3, Teacher(zoo.SIDE, zoo.SIDE, samples=48, noise=0.5), 400, 48, 2e-2)


class Compared(NamedTuple):
    full: Network
    low: Network


def compared(context: Context, pairs: tuple[Pair, ...]) -> tuple[list[Compared], str]:
    """The networks of each pair, seed by seed; a pair of which one did not learn is left out."""
    trained = zoo.networks(context, [r for p in pairs for r in p], many=True)
    found = {(net.family, net.seed): net for net in trained}
    out = [
        Compared(net, found[p.low.family, net.seed])
        for p in pairs
        for net in trained
        if net.family == p.full.family and (p.low.family, net.seed) in found
    ]
    return out, trained.note


def lower_error(context: Context, pairs: tuple[Pair, ...]) -> Counts:
    """Pairs in which the low-rank network has the lower error on new examples."""
    every, note = compared(context, pairs)
    return Counts(
        held=sum(c.low.score < c.full.score for c in every),
        of=len(every),
        networks=[c.low.name for c in every],
        null=chance.next_seed((c.full for c in every), lambda net: net.score, "error on new examples"),
        figures={f"{net.name}: error on new examples": net.score for c in every for net in c},
        note=note,
    )


def low_rank_generalises(context: Context) -> Counts:
    return lower_error(context, REAL)


def low_rank_truth(context: Context) -> Counts:
    return lower_error(context, (LOW_TRUTH,))


def full_rank_truth(context: Context) -> Counts:
    return lower_error(context, (FULL_TRUTH,))


def prevents_overfitting(context: Context) -> Counts:
    """Pairs in which the loss on new examples exceeds that on the training ones by less in the low-rank network."""
    every, note = compared(context, REAL)

    def gap(net: Network) -> float:
        return net.test_loss - net.train_loss

    return Counts(
        held=sum(gap(c.low) < gap(c.full) for c in every),
        of=len(every),
        networks=[c.low.name for c in every],
        null=chance.next_seed((c.full for c in every), gap, "gap between the losses"),
        figures={f"{net.name}: loss on new examples less that on its own": gap(net) for c in every for net in c},
        note=note,
    )


# --- Corollary 11.5: problems solved from zero ----------------------------------------------------------------

ROWS, INPUTS, SAMPLES = 16, 24, 60
TIMES = tuple(2.0**k for k in range(-2, 14))
PROBLEMS = ("even inputs", "inputs that fall like 1/k", "digits")


def least_squares_ranks(problem: str, seed: int) -> tuple[list[float], float]:
    """Effective ranks along gradient flow from zero on |W X - Y|^2 / 2, and that of its limit, both in closed form."""
    import torch

    (make,) = generators([seed], f"least squares, {problem}")

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=make).double()

    if problem == "digits":
        images = data.digits()
        chosen = torch.randperm(len(images.x), generator=make)[:400]
        x = images.x[chosen].double().mT
        y = torch.nn.functional.one_hot(images.y[chosen], 10).double().mT
    else:
        sizes = torch.arange(1, INPUTS + 1).double() ** (0.0 if problem == "even inputs" else -1.0)
        x = sizes[:, None] * normal(INPUTS, SAMPLES)
        y = normal(ROWS, INPUTS) @ x + 0.1 * normal(ROWS, SAMPLES)
    rates, q = torch.linalg.eigh(x @ x.mT)
    kept = rates > rates[-1] * 1e-10
    rates, q = rates[kept], q[:, kept]
    limit = (y @ x.mT @ q) / rates  # the limit in the eigenvectors: each column grows at its own rate
    # In units of the time of the middle mode.
    ranks = [float(effective_rank(values(limit * -torch.expm1(-t * rates / rates.median())))) for t in TIMES]
    return ranks, float(effective_rank(values(limit)))


def usually_lower(context: Context) -> Counts:
    """Networks trained here (increments, see ``finite_steps_lower_rank``) and least-squares problems from zero."""
    from verify.networks.measured_spectra import finite_steps_lower_rank

    nets = finite_steps_lower_rank(context)
    seeds = [seed for group in zoo.seed_groups(context) for seed in group]
    problems = [p for p in PROBLEMS if p != "digits" or data.has_digits()]
    held, names, figures, lines = nets.held, list(nets.networks), dict(nets.figures), []
    for problem in problems:
        for seed in seeds:
            ranks, limit = least_squares_ranks(problem, seed)
            if seed == seeds[0]:
                lines.append(line(f"{problem}, seed {seed}", "measured", TIMES, [rank / limit for rank in ranks]))
            held += all(rank <= limit * (1 + 1e-9) for rank in ranks)
            names.append(f"least squares, {problem}, seed {seed}")
            figures[f"{names[-1]}: largest effective rank on the way / that of the limit"] = max(ranks) / limit
    picture = Curves(
        title="Least squares from zero",
        x="t (1 / middle rate)",
        y="effective rank / that of the limit",
        log_x=True,
        levels=(1.0,),
        lines=tuple(lines),
    )
    pictures = (picture, *nets.curves)
    return Counts(held, len(names), names, null=nets.null, figures=figures, note=nets.note, curves=pictures)
