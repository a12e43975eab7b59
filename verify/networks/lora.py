"""Fine-tuning of a trained decoder on other text: low-rank increments (LoRA, Hu et al. 2021) beside full ones.

The increments of the attention and feed-forward weights are followed through training by their singular values. The
full fine-tuning of the same weights, from the same start, on the same examples, stands for the optimal increment,
which nobody can compute for such a loss. In a linear layer with a known increment it can be computed; that is the
controlled experiment at the end.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from verify.context import Context
from verify.networks import cache as disk
from verify.networks import data
from verify.networks.cache import Stored
from verify.networks.data import TextName
from verify.networks.models import Parameters, gaussian
from verify.networks.tasks import Text
from verify.networks.training import (
    CHECKPOINTS,
    SOURCES,
    Recipe,
    generators,
    in_parallel,
    optimise,
    place,
    train,
    values,
)
from verify.networks.zoo import LENGTH, TRANSFORMERS, seed_groups, stretched

if TYPE_CHECKING:
    from torch import Tensor

BASE = TRANSFORMERS[0]
SHIFTS: tuple[TextName, ...] = ("code", "tables")
RANKS = (2, 8)
STEPS, BATCH = 80, 16
FULL_RATE, FACTOR_RATE = 1e-3, 1e-2
METHODS = ("full", *(f"rank {r}" for r in RANKS))


class Tuned(NamedTuple):
    """One base network fine-tuned on one text. Singular values of the increments, (checkpoints, r), by method and
    weight; the weights of the base network; the loss on the new text before, and after each method.
    """

    shift: str
    seed: int
    base: dict[str, Tensor]
    increments: dict[str, dict[str, Tensor]]
    before: float
    after: dict[str, float]

    @property
    def name(self) -> str:
        return f"decoder fine-tuned on {self.shift}, seed {self.seed}"


def adapted() -> list[str]:
    return [name for name, kind in BASE.model.kinds.items() if kind in ("attention", "ffn")]


def fine_tuning(shift: TextName, method: str, steps: int) -> Recipe:
    rate = FULL_RATE if method == "full" else FACTOR_RATE
    return Recipe(f"fine-tuning, {method}", BASE.model, Text(shift, LENGTH), steps, BATCH, rate, stream=f"to {shift}")


def factors(w: Parameters, seeds: tuple[int, ...], rank: int) -> Parameters:
    """B = 0 and A Gaussian for each adapted weight, stored (seeds, inputs, r) and (seeds, r, outputs)."""
    import torch

    out: Parameters = {}
    for name in adapted():
        inputs, outputs = w[name].shape[1:]
        starts = [gaussian(make, rank, outputs, 1.0) for make in generators(seeds, f"A of {name}, rank {rank}")]
        out[f"{name}.A"] = torch.stack(starts)
        out[f"{name}.B"] = torch.zeros(len(seeds), inputs, rank)
    return out


def compute(shift: TextName, seeds: tuple[int, ...], base: Recipe, steps: int, device: str) -> Stored:
    """Every method on one text, for seeds side by side."""
    import torch

    nets = train(base, seeds, device)
    start = {name: torch.stack([net.weights[name] for net in nets]).to(device) for name in nets[0].weights}
    out: dict[str, Tensor] = {}
    for method in METHODS:
        recipe = fine_tuning(shift, method, steps)
        feed = recipe.task.feed(generators(seeds, recipe.stream), steps, BATCH)
        w = dict(start)
        changed = (
            {n: start[n].clone() for n in adapted()} if method == "full" else factors(start, seeds, int(method[5:]))
        )
        w |= {name: t.to(device).requires_grad_() for name, t in changed.items()}

        def increment(name: str, w: Parameters = w, method: str = method) -> Tensor:
            return w[name] - start[name] if method == "full" else w[f"{name}.B"] @ w[f"{name}.A"]

        def watch(checkpoint: int, method: str = method, increment=increment) -> None:  # type: ignore[no-untyped-def]
            with torch.no_grad():
                for name in adapted():
                    found = values(increment(name))
                    kept = out.setdefault(
                        f"{method}/{name}", torch.zeros(len(seeds), len(CHECKPOINTS), found.shape[-1]).double()
                    )
                    kept[:, checkpoint] = found

        with torch.no_grad():
            x, y = (part.to(device) for part in feed.test())
            out["before"] = recipe.task.losses(recipe.model.forward(start, x), y).double().cpu()
        optimise(recipe, [w[name] for name in changed], w, feed, device, watch)
        with torch.no_grad():
            out[f"after/{method}"] = recipe.task.losses(recipe.model.forward(w, x), y).double().cpu()
    return Stored(out, {"shift": shift, "seeds": str(list(seeds))})


@cache
def tune(shift: TextName, seeds: tuple[int, ...], base: Recipe, steps: int, device: str) -> tuple[Tuned, ...]:
    """From memory, from the cache on disk, or trained now."""
    nets = train(base, seeds, device)
    path = place(
        "tuned", (*SOURCES, "lora.py"), base=asdict(base), shift=shift, seeds=seeds, steps=steps, device=device,
        data=data.corpus(shift).digest + data.corpus("manual").digest,
    )  # fmt: skip
    stored = disk.remembered(path, lambda: compute(shift, seeds, base, steps, device)).tensors

    def increments(i: int) -> dict[str, dict[str, Tensor]]:
        return {method: {name: stored[f"{method}/{name}"][i] for name in adapted()} for method in METHODS}

    return tuple(
        Tuned(
            shift,
            seed,
            {name: net.weights[name] for name in adapted()},
            increments(i),
            float(stored["before"][i]),
            {method: float(stored[f"after/{method}"][i]) for method in METHODS},
        )
        for i, (seed, net) in enumerate(zip(seeds, nets, strict=True))
    )


def tuned(context: Context) -> list[Tuned]:
    """Every shift and seed of the profile; the base networks are those of the zoo."""
    base = stretched(BASE, context)
    groups = seed_groups(context)
    # The base networks first, all at once; the fine-tunings then find them in memory.
    in_parallel(train, [(base, seeds, context.device) for seeds in groups], context.workers)
    steps = STEPS * base.steps // BASE.steps
    jobs = [(shift, seeds, base, steps, context.device) for shift in SHIFTS for seeds in groups]
    return [one for found in in_parallel(tune, jobs, context.workers) for one in found]


# --- a known increment --------------------------------------------------------------------------------------

SIZE, KNOWN_RANK, KNOWN_STEPS, KNOWN_RATE = 24, 4, 800, 2e-2


class Known(NamedTuple):
    """Singular values of the increment that was wanted and of BA at the end."""

    name: str
    wanted: Tensor
    found: Tensor


def known_increment(seed: int, rank: int, uneven: bool) -> Known:
    """LoRA of rank 4 on a linear layer, whose loss is |(BA - D) C^(1/2)|^2, C the covariance of the inputs.

    D is random, of the given rank, its k-th singular value being 1/k; C is the identity, or has eigenvalues 1/k^2.
    """
    import torch

    (make,) = generators([seed], f"known increment, rank {rank}, {uneven}")
    u, v, q = (torch.linalg.qr(torch.randn(SIZE, SIZE, generator=make).double())[0] for _ in range(3))
    index = torch.arange(1, SIZE + 1).double()
    wanted = (1 / index) * (index <= rank)
    increment = u @ torch.diag(wanted) @ v.mT
    root = q @ torch.diag(1 / index if uneven else torch.ones(SIZE).double()) @ q.mT
    b = torch.zeros(SIZE, KNOWN_RANK, dtype=torch.float64, requires_grad=True)
    a = (gaussian(make, KNOWN_RANK, SIZE, 1.0) / math.sqrt(SIZE)).double().requires_grad_()
    optimiser = torch.optim.Adam([a, b], lr=KNOWN_RATE)
    for step in range(KNOWN_STEPS):
        optimiser.param_groups[0]["lr"] = KNOWN_RATE * (KNOWN_STEPS - step) / KNOWN_STEPS
        loss = (((b @ a - increment) @ root) ** 2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    name = f"linear layer, increment of rank {rank}, {'uneven' if uneven else 'even'} inputs, seed {seed}"
    return Known(name, wanted[:KNOWN_RANK], values((b @ a).detach())[:KNOWN_RANK])


def known_increments(context: Context, uneven: bool) -> list[Known]:
    """Increments that the factors can represent, and ones of full rank, which they cannot."""
    seeds = [seed for group in seed_groups(context) for seed in group]
    return in_parallel(known_increment, [(s, rank, uneven) for rank in (3, SIZE) for s in seeds], context.workers)
