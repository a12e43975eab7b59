"""One recipe tried: its batch in chunks, the margins of every conclusion, and the instances that look like violations.

``trial_loop`` is the same path without bookkeeping, for measuring throughput.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
import torch
from torch import Tensor

from verify.formula.floats import margin
from verify.formula.floats_plan import fold
from verify.model.statement import Statement
from verify.stress.coverage import visits
from verify.stress.ensembles import Ensemble, Spectrum
from verify.stress.layout import Layout
from verify.stress.magnitude import violation_of_size
from verify.stress.recipe import EXTREME, MatrixRecipe, Recipe, number_of
from verify.stress.sampler import Drawn, draw

ROUNDING = 1e-9
"""A violation no larger than this, relative to the sides, may be rounding."""
ROUNDING_OF_SIZE = 1e-13
"""The same relative to what the sides were computed from, for each row, column and layer of the matrices involved."""
WORK = 1 << 21
"""Multiplications of one SVD pass over a chunk, about: larger matrices come in smaller batches."""
KEPT, CLOSE = 48, 4
"""Suspects kept of one chunk, the others being counted; instances kept that come close to a violation."""
SOFTER = (100, 50, 24, 8)
"""Scales tried in turn where the extreme one leaves the range of float64."""


@dataclass(frozen=True)
class Instance:
    """One assignment in float64, on the CPU. Indices that were enumerated are among the values."""

    sizes: dict[sp.Symbol, int]
    values: dict[sp.Basic, Tensor]

    @property
    def numbers(self) -> int:
        """How many numbers it consists of, sizes aside."""
        return sum(value.numel() for value in self.values.values())


@dataclass(frozen=True)
class Suspect:
    """An instance with a conclusion that looks violated. ``margin`` is None where it is not finite.

    ``rank`` orders suspects, the most suspicious first: the margin, or where that is within rounding, the violation
    relative to the magnitude of the ingredients.
    """

    instance: Instance
    relation: int
    margin: float | None
    rounding: bool
    found_by: str
    rank: float = 0.0


@dataclass
class Tried:
    """What one chunk gave. ``gross`` and ``rounding`` count suspects, kept or not."""

    matrices: int = 0
    worst: float | None = None
    gross: int = 0
    rounding: int = 0
    not_finite: int = 0
    suspects: list[Suspect] = field(default_factory=list)
    close: list[Suspect] = field(default_factory=list)
    visits: Counter[str] = field(default_factory=Counter)


class Workers:
    """Threads that each compute with one thread of their own: batched small SVDs run one after the other anyway.

    A chunk depends on the recipe and its number alone, and chunks are combined in order, so that the number of
    workers changes the time and nothing else.
    """

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(max(count, 1), initializer=torch.set_num_threads, initargs=(1,))

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def run(self, layout: Layout, recipes: Sequence[Recipe], chunks: int, count: int, device: str) -> list[list[Tried]]:
        """The chunks of each recipe, all in order."""
        jobs = [
            [self._pool.submit(try_chunk, layout, recipe, number, count, device) for number in range(chunks)]
            for recipe in recipes
        ]
        return [[job.result() for job in of_recipe] for of_recipe in jobs]


def try_chunk(layout: Layout, recipe: Recipe, chunk: int, count: int, device: str) -> Tried:
    """Draws one chunk of a recipe and evaluates every conclusion on it; softens a scale at which float64 overflows."""
    count = 1 if layout.is_fixed else batch_size(layout, recipe, count)
    with torch.no_grad():
        tried = assess(layout, draw(layout, recipe, chunk, count, device), recipe.name)
        for scale in SOFTER if any(abs(m.scale) == EXTREME for m in recipe.matrices) else ():
            if tried.not_finite == 0:
                break
            tried = assess(layout, draw(layout, recipe.rescaled(scale), chunk, count, device), recipe.name)
    return tried


def batch_size(layout: Layout, recipe: Recipe, count: int, most: int = WORK) -> int:
    """``count``, or fewer where the matrices are large: at most ``most`` multiplications, but 4 matrices."""
    sizes = dict(zip(layout.structural, recipe.sizes, strict=True))
    work = layout.work(recipe.sizes)
    for line in layout.matrix_axes:
        low, high = (fold(end, tuple(sizes.items())) for end in (line.low, line.high))
        work *= max(int(high - low) + 1, 1)
    return max(4, min(count, most // max(work, 1)))


def assess(layout: Layout, drawn: Drawn, found_by: str) -> Tried:
    """Margins of all conclusions on the valid instances: the worst, the suspects, the visits."""
    rows = drawn.valid.shape[0]
    valid = drawn.valid.reshape(rows, -1)
    tried = Tried(matrices=int(valid.any(dim=1).sum().item()), visits=visits(layout, drawn))
    if tried.matrices == 0:
        return tried
    undefined = torch.zeros(rows, dtype=torch.bool, device=valid.device)
    for number, relation in enumerate(layout.conclusions):
        value = margin(relation, drawn.batch).detach().expand(drawn.valid.shape).reshape(rows, -1)
        finite = value.isfinite()
        odd = (valid & ~finite).any(dim=1)
        undefined |= odd
        for row in odd.nonzero()[:2, 0].tolist():
            column = int((valid & ~finite)[row].nonzero()[0, 0].item())
            tried.suspects.append(Suspect(take(drawn, row, column), number, None, False, found_by))
        worst, where = torch.where(valid & finite, value, torch.inf).min(dim=1)
        _collect(layout, drawn, tried, number, worst, where, found_by)
    tried.not_finite = int(undefined.sum().item())
    tried.matrices -= tried.not_finite
    return tried


def _collect(
    layout: Layout, drawn: Drawn, tried: Tried, number: int, worst: Tensor, where: Tensor, found_by: str
) -> None:
    """Sorts the rows of one conclusion by their worst margin and keeps the most suspicious."""
    negative = worst < 0
    rounding, rank, shown = negative & (worst >= -ROUNDING), worst, worst
    if bool(negative.any()):
        share = violation_of_size(layout.conclusions[number], drawn.batch).reshape(len(worst), -1)
        at = share.gather(1, where[:, None])[:, 0]
        small = negative & (at <= ROUNDING_OF_SIZE * (4 + sum(drawn.sizes.values())))
        rounding = rounding | small
        shown = torch.where(small, -at, worst)
        rank = torch.where(negative & (at == 0), -ROUNDING, shown)  # a strict relation met with equality
    gross = negative & ~rounding
    tried.gross += int(gross.sum().item())
    tried.rounding += int(rounding.sum().item())
    if bool(shown.isfinite().any()):
        least = float(shown.min().item())
        tried.worst = least if tried.worst is None else min(tried.worst, least)
    order = rank.argsort(stable=True)[:KEPT].tolist()
    for row in order:
        value = float(worst[row].item())
        if value == float("inf") or (value >= 0 and len(tried.close) >= CLOSE):
            break
        instance = take(drawn, row, int(where[row].item()))
        suspect = Suspect(instance, number, value, bool(rounding[row].item()), found_by, float(rank[row].item()))
        if value < 0:
            tried.suspects.append(suspect)
        else:
            tried.close.append(suspect)


def take(drawn: Drawn, row: int, column: int) -> Instance:
    """One instance of a batch, with the enumerated indices at the given place of the flattened axes."""
    values = {symbol: value[row].detach().cpu() for symbol, value in drawn.values.items()}
    for symbol, line in reversed(drawn.axes.items()):
        values[symbol] = line[column % len(line)].cpu()
        column //= len(line)
    return Instance(drawn.sizes, values)


def trial_loop(
    statement: Statement,
    shape: tuple[int, ...],
    chunks: int,
    seed: int,
    workers: int,
    count: int | None = None,
    device: str = "cpu",
) -> Iterator[tuple[int, float]]:
    """Draws and evaluates ``chunks`` chunks of matrices with a prescribed spectrum at the given sizes, as searches do.

    Yields the number of matrices and the worst margin of each chunk, in order. ``shape`` are the values of the
    structural symbols in the order of declaration; ``count`` is the number of matrices of a chunk, by default as many
    as keep a chunk's overhead small.
    """
    layout = Layout(statement)
    spec = MatrixRecipe(Ensemble.SPECTRUM, Spectrum.GEOMETRIC)
    recipe = Recipe(shape, (spec,), number_of("loop", seed), "loop")
    size = count or max(128, batch_size(layout, recipe, 2048, 4 * WORK))

    def one(number: int) -> tuple[int, float]:
        with torch.no_grad():
            drawn = draw(layout, recipe, number, size, device)
            return size, min(_least(relation, drawn) for relation in layout.conclusions)

    with ThreadPoolExecutor(max(workers, 1), initializer=torch.set_num_threads, initargs=(1,)) as pool:
        yield from pool.map(one, range(chunks))


def _least(relation: Any, drawn: Drawn) -> float:
    value = margin(relation, drawn.batch)
    return float(torch.where(drawn.valid, value, torch.inf).min().item())
