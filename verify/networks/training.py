"""Trains families of small networks, several seeds side by side, and keeps their spectra along the way.

Deterministic for one device and one set of versions: each training runs on one thread of its own, single precision,
from generators that are seeded. Singular values are taken in double precision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from verify.networks import cache as disk
from verify.networks.cache import Stored
from verify.networks.models import Kind, Model, Parameters
from verify.networks.tasks import Task

if TYPE_CHECKING:
    from torch import Generator, Tensor

CHECKPOINTS = (0.0, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
"""Shares of the steps after which the spectra are taken."""
WARM_UP = 0.05
SOURCES = ("data.py", "models.py", "tasks.py", "training.py")


@dataclass(frozen=True)
class Recipe:
    """A family of networks: all but the seed. ``scale`` multiplies the usual start.

    The rate falls to nothing over the steps unless ``falling`` is false.

    Families of one ``stream`` see the same examples in the same order; it is the family's own where none is named.
    """

    family: str
    model: Model
    task: Task
    steps: int
    batch: int
    rate: float
    optimiser: Literal["adam", "sgd"] = "adam"
    weight_decay: float = 0.0
    scale: float = 1.0
    stream: str = ""
    falling: bool = True

    @property
    def cost(self) -> float:
        """For the order in which trainings are begun: the dearest first."""
        return self.steps * self.batch * (getattr(self.model, "length", 1) + getattr(self.model, "channels", 0))


class Network(NamedTuple):
    """One trained network. ``spectra`` and ``increments`` (of W less its start) are (checkpoints, r), descending.

    ``start`` and ``weights`` hold every parameter, (inputs, outputs) where it is a matrix.
    """

    family: str
    seed: int
    kinds: Mapping[str, Kind]
    spectra: Mapping[str, Tensor]
    increments: Mapping[str, Tensor]
    start: Mapping[str, Tensor]
    weights: Mapping[str, Tensor]
    score: float
    train_loss: float
    test_loss: float
    baseline: float

    @property
    def name(self) -> str:
        return f"{self.family}, seed {self.seed}"

    @property
    def learned(self) -> bool:
        return self.score < self.baseline


def generators(seeds: Sequence[int], stream: str) -> list[Generator]:
    """One for each seed; streams of different names are unrelated."""
    import torch

    numbers = [int.from_bytes(hashlib.sha256(f"{stream} {seed}".encode()).digest()[:6], "big") for seed in seeds]
    return [torch.Generator().manual_seed(number) for number in numbers]


def begin(model: Model, seeds: Sequence[int], stream: str, scale: float) -> Parameters:
    import torch

    starts = [model.start(make, scale) for make in generators(seeds, stream)]
    return {name: torch.stack([start[name] for start in starts]) for name in starts[0]}


def values(weight: Tensor) -> Tensor:
    """Singular values in double precision, descending."""
    import torch

    found: Tensor = torch.linalg.svdvals(weight.double())
    return found.cpu()


def product(w: Mapping[str, Tensor], name: str) -> Tensor:
    """The weight of that name; of a factored one, the product."""
    return w[name] if name in w else w[f"{name}.down"] @ w[f"{name}.up"]


def rate_at(step: int, steps: int) -> float:
    """Rises over the first steps and falls linearly to nothing."""
    warm = max(1, round(WARM_UP * steps))
    return min((step + 1) / warm, (steps - step) / steps)


def optimise(
    recipe: Recipe, trained: list[Tensor], w: Mapping[str, Tensor], feed: Any, device: str, watch: Any
) -> None:
    """Changes ``trained`` in place; ``watch(checkpoint)`` is called at each."""
    import torch

    adam = torch.optim.AdamW(trained, lr=recipe.rate, weight_decay=recipe.weight_decay, fused=True)
    sgd = torch.optim.SGD(trained, lr=recipe.rate, momentum=0.9, weight_decay=recipe.weight_decay, fused=True)
    optimiser = adam if recipe.optimiser == "adam" else sgd
    marks = {round(share * recipe.steps): i for i, share in enumerate(CHECKPOINTS)}
    for step in range(recipe.steps):
        if step in marks:
            watch(marks[step])
        x, y = (part.to(device) for part in feed.train(step))
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * (rate_at(step, recipe.steps) if recipe.falling else 1.0)
        optimiser.zero_grad()
        # Summed over seeds: the gradient of each network is that of its own loss.
        recipe.task.losses(recipe.model.forward(w, x), y).sum().backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    watch(marks[recipe.steps])


def compute(recipe: Recipe, seeds: Sequence[int], device: str) -> Stored:
    """Trains the networks of one recipe and some seeds; arrays have a leading axis of seeds."""
    import torch

    start = begin(recipe.model, seeds, recipe.family, recipe.scale)
    w = {name: t.clone().to(device).requires_grad_() for name, t in start.items()}
    feed = recipe.task.feed(generators(seeds, f"{recipe.stream or recipe.family}, data"), recipe.steps, recipe.batch)
    shape = (len(seeds), len(CHECKPOINTS))
    out: dict[str, Tensor] = {}

    def watch(checkpoint: int) -> None:
        with torch.no_grad():
            for name in recipe.model.kinds:
                now, before = product(w, name), product(start, name)
                for sort, matrix in (("spectrum", now), ("increment", now - before.to(device))):
                    found = values(matrix)
                    place = out.setdefault(f"{sort}/{name}", torch.zeros(*shape, found.shape[-1], dtype=torch.float64))
                    place[:, checkpoint] = found

    optimise(recipe, list(w.values()), w, feed, device, watch)
    with torch.no_grad():
        x, y = (part.to(device) for part in feed.test())
        answer = recipe.model.forward(w, x)
        out["score"] = recipe.task.score(answer, y).double()
        out["test loss"] = recipe.task.losses(answer, y).double()
        x, y = (part.to(device) for part in (feed.all() if hasattr(feed, "all") else feed.train(recipe.steps - 1)))
        out["train loss"] = recipe.task.losses(recipe.model.forward(w, x), y).double()
        out["baseline"] = torch.tensor(recipe.task.baseline(feed), dtype=torch.float64)
    out |= {f"start/{name}": t for name, t in start.items()} | {f"weight/{name}": t.detach() for name, t in w.items()}
    return Stored({name: t.cpu() for name, t in out.items()}, {"family": recipe.family, "seeds": str(list(seeds))})


def networks_of(stored: Stored, recipe: Recipe, seeds: Sequence[int]) -> list[Network]:
    def part(sort: str, i: int) -> dict[str, Tensor]:
        return {n.removeprefix(f"{sort}/"): t[i] for n, t in stored.tensors.items() if n.startswith(f"{sort}/")}

    return [
        Network(
            recipe.family,
            seed,
            recipe.model.kinds,
            spectra=part("spectrum", i),
            increments=part("increment", i),
            start=part("start", i),
            weights=part("weight", i),
            score=float(stored.tensors["score"][i]),
            train_loss=float(stored.tensors["train loss"][i]),
            test_loss=float(stored.tensors["test loss"][i]),
            baseline=float(stored.tensors["baseline"][i]),
        )
        for i, seed in enumerate(seeds)
    ]


@cache
def sources(*files: str) -> str:
    """A hash of modules of this package: of all that decides how a network is trained."""
    folder = Path(__file__).parent
    return hashlib.sha256(b"".join((folder / file).read_bytes() for file in files)).hexdigest()[:16]


def place(stem: str, files: Sequence[str], **parts: Any) -> Path:
    """The cache file of something trained: its key holds sources, configuration, version of torch."""
    import torch

    name = disk.key(sources=sources(*files), torch=torch.__version__, **parts)
    return disk.folder() / "networks" / f"{stem}-{name}.safetensors"


@cache
def train(recipe: Recipe, seeds: tuple[int, ...], device: str) -> tuple[Network, ...]:
    """The networks of one recipe and some seeds: from memory, from the cache on disk, or trained now."""
    config = {"recipe": asdict(recipe), "model": type(recipe.model).__name__, "task": type(recipe.task).__name__}
    path = place("trained", SOURCES, config=config, seeds=seeds, device=device, data=recipe.task.digest)
    stored = disk.remembered(path, lambda: compute(recipe, seeds, device))
    return tuple(networks_of(stored, recipe, seeds))


def in_parallel(function: Any, jobs: Sequence[tuple[Any, ...]], workers: int) -> list[Any]:
    """``function`` of each job, in their order. One thread of torch each: at these sizes two would gain nothing."""
    import torch

    torch.set_num_threads(1)
    with ThreadPoolExecutor(max(1, workers)) as pool:
        return list(pool.map(lambda job: function(*job), jobs))
