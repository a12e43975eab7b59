"""How fast the search is, beside what bounds it and what it replaces, measured in one run.

The statement tried is a tail bound for every k at once. Four figures a size, in matrices per second, medians over
interleaved repeats: the engine (recipe, batch, margins for all k), the search with its bookkeeping, the bare batched
``torch.linalg.svdvals`` in the same number of threads, and the loop that a user would write with hypothesis and numpy.
A figure is about this machine at this moment; only the ratios within one run mean something.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import numpy as np
import sympy as sp
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.extra.numpy import arrays
from pydantic import Field, PositiveFloat, PositiveInt
from rich.table import Table

from verify.context import Context
from verify.formula.vocabulary import Rank, Sigma, indices, le, matrix, sigma_sum, sizes
from verify.model.evidence import Frozen
from verify.model.statement import Index, Matrix, Size, Statement
from verify.stress.ensembles import Ensemble, Spectrum
from verify.stress.layout import Layout
from verify.stress.recipe import MatrixRecipe, Recipe
from verify.stress.sampler import draw
from verify.stress.trials import Workers, trial_loop
from verify.terminal import columns, emit
from verify.versions import versions

SHAPES: dict[tuple[int, int], tuple[int, int]] = {
    (8, 8): (2048, 32),
    (16, 16): (1024, 24),
    (32, 24): (384, 20),
    (64, 64): (128, 12),
}
"""Sizes, and for each the matrices of a chunk and the chunks of a repeat."""
EXAMPLES = {(8, 8): 60, (16, 16): 40, (32, 24): 20}
FEW_EXAMPLES = 10

_m, _n = sizes("m n")
_i, _k = indices("i k")
_W = matrix("W", _m, _n)
_DRAWN = (Size(symbol=_m), Size(symbol=_n), Matrix(symbol=_W))
_TAIL = sigma_sum(Sigma(_W, _i) ** 2, _i, _k + 1, Rank(_W))
TAIL_BOUND = Statement(
    given=(*_DRAWN, Index(symbol=_k, low=0, high=sp.Min(_m, _n))),  # bounded by sizes: enumerated, not drawn
    says=(le(_TAIL, (Rank(_W) - _k) * Sigma(_W, _k + 1) ** 2),),
)
MATRIX_ALONE = Statement(given=_DRAWN, says=(le(0, Sigma(_W, 1)),))


class Row(Frozen):
    """One size. Rates are matrices per second; a ratio compares two rates of this row."""

    rows: PositiveInt
    cols: PositiveInt
    chunk: PositiveInt = Field(description="matrices of one batch")
    matrices: PositiveInt = Field(description="matrices of one repeat")
    engine: PositiveFloat = Field(description="recipe, batch, margins for all k")
    search: PositiveFloat = Field(description="the same with suspects sorted and coverage counted")
    svdvals: PositiveFloat = Field(description="bare batched singular values, same threads")
    generation: PositiveFloat = Field(description="batches alone, same threads")
    naive: PositiveFloat | Literal["unsatisfiable"] = Field(description="hypothesis arrays and numpy, one at a time")
    cuda_engine: PositiveFloat | None = None
    cuda_svdvals: PositiveFloat | None = None

    @property
    def of_svdvals(self) -> float:
        """The engine's share of what the singular values alone allow."""
        return self.engine / self.svdvals

    @property
    def generation_of_svdvals(self) -> float:
        return self.generation / self.svdvals

    @property
    def times_naive(self) -> float | None:
        return None if self.naive == "unsatisfiable" else self.engine / self.naive


class BenchResult(Frozen):
    schema_: int = Field(1, alias="schema")
    workers: PositiveInt
    repeats: PositiveInt
    seconds: PositiveFloat
    versions: dict[str, str]
    cuda: str | None = Field(description="the CUDA device, if there was one")
    sizes: list[Row]

    def to_json(self) -> str:
        rows = [
            row.model_dump(mode="json")
            | {
                "engine_of_svdvals": row.of_svdvals,
                "generation_of_svdvals": row.generation_of_svdvals,
                "engine_times_naive": row.times_naive,
            }
            for row in self.sizes
        ]
        return json.dumps(self.model_dump(mode="json", by_alias=True) | {"sizes": rows}, indent=2) + "\n"


# --- what is measured --------------------------------------------------------------------------------------


@contextmanager
def _threads(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads as the search has them: each computes alone, since LAPACK takes a batch of small matrices one by one."""
    with ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        yield pool


def _recipe(shape: tuple[int, int]) -> Recipe:
    return Recipe(shape, (MatrixRecipe(Ensemble.SPECTRUM, Spectrum.GEOMETRIC),), 0, "bench")


def engine(shape: tuple[int, int], chunk: int, chunks: int, workers: int, device: str = "cpu") -> int:
    """Tries the tail bound for all k on ``chunks`` batches; the number of matrices tried."""
    return sum(count for count, _ in trial_loop(TAIL_BOUND, shape, chunks, 0, workers, chunk, device))


def search(shape: tuple[int, int], chunk: int, chunks: int, workers: int) -> int:
    """The same as the search does it; batches are those of the search, however many were asked for."""
    layout = Layout(TAIL_BOUND)
    with Workers(workers) as pool:
        (tried,) = pool.run(layout, [_recipe(shape)], chunks, chunk, "cpu")
    return sum(one.matrices for one in tried)


def svdvals(batches: list[torch.Tensor], chunks: int, workers: int) -> int:
    """Singular values of ``chunks`` batches, taken in turn from those given."""
    with _threads(workers) as pool, torch.no_grad():
        taken = [batches[number % len(batches)] for number in range(chunks)]
        for values in pool.map(torch.linalg.svdvals, taken):
            values[0, 0].item()  # waits for the device
    return sum(len(batch) for batch in taken)


def generation(shape: tuple[int, int], chunk: int, chunks: int, workers: int) -> int:
    """Draws ``chunks`` batches and does nothing with them."""
    layout, recipe = Layout(MATRIX_ALONE), _recipe(shape)
    with _threads(workers) as pool, torch.no_grad():
        return sum(pool.map(lambda number: len(draw(layout, recipe, number, chunk, "cpu").valid), range(chunks)))


def naive(shape: tuple[int, int], examples: int) -> int:
    """The loop that a user would write. Raises hypothesis' Unsatisfiable where an array is too large to be drawn."""
    tried = 0

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(arrays(np.float64, shape, elements=st.floats(-10, 10), fill=st.nothing()))
    def tail_bound(w: np.ndarray) -> None:
        nonlocal tried
        tried += 1
        s = np.linalg.svd(w, compute_uv=False)
        rank = int((s > s[0] * max(shape) * np.finfo(float).eps).sum())
        tails = np.cumsum(s[:rank][::-1] ** 2)[::-1]
        assert (tails <= (rank - np.arange(rank)) * s[:rank] ** 2 * (1 + 1e-12)).all()

    tail_bound()
    return tried


# --- measuring ---------------------------------------------------------------------------------------------


def _rate(work: Callable[[], int]) -> float:
    started = time.perf_counter()
    count = work()
    return count / (time.perf_counter() - started)


def _medians(jobs: dict[str, Callable[[], int]], repeats: int) -> dict[str, float]:
    """Median rates, after one unmeasured round; the jobs take turns, so that a slow minute slows them all."""
    for job in jobs.values():
        job()
    rates: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            rates[name].append(_rate(job))
    return {name: statistics.median(values) for name, values in rates.items()}


def _naive_rate(shape: tuple[int, int], repeats: int) -> float | Literal["unsatisfiable"]:
    examples = EXAMPLES.get(shape, FEW_EXAMPLES)
    try:
        return statistics.median(_rate(lambda: naive(shape, examples)) for _ in range(min(repeats, 3)))
    except Unsatisfiable:
        return "unsatisfiable"


def row(shape: tuple[int, int], chunk: int, chunks: int, workers: int, repeats: int) -> Row:
    """All figures of one size."""
    layout = Layout(MATRIX_ALONE)
    with torch.no_grad():
        batches = [draw(layout, _recipe(shape), number, chunk, "cpu").values[_W] for number in range(min(4, chunks))]
    jobs: dict[str, Callable[[], int]] = {
        "engine": lambda: engine(shape, chunk, chunks, workers),
        "svdvals": lambda: svdvals(batches, chunks, workers),
        "search": lambda: search(shape, chunk, chunks, workers),
        "generation": lambda: generation(shape, chunk, chunks, workers),
    }
    if torch.cuda.is_available():
        there = [batch.cuda() for batch in batches]
        jobs["cuda_engine"] = lambda: engine(shape, chunk, chunks, 1, "cuda")
        jobs["cuda_svdvals"] = lambda: svdvals(there, chunks, 1)
    return Row(
        rows=shape[0],
        cols=shape[1],
        chunk=chunk,
        matrices=chunk * chunks,
        naive=_naive_rate(shape, repeats),
        **_medians(jobs, repeats),
    )


def bench(
    context: Context, *, shapes: dict[tuple[int, int], tuple[int, int]] | None = None, repeats: int = 5
) -> BenchResult:
    """All figures for ``shapes`` (by default 8x8 to 64x64), with as many threads as the context has workers."""
    started = time.perf_counter()
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        rows = [
            row(shape, chunk, chunks, context.workers, repeats) for shape, (chunk, chunks) in (shapes or SHAPES).items()
        ]
    finally:
        torch.set_num_threads(before)
    return BenchResult(
        schema=1,
        workers=context.workers,
        repeats=repeats,
        seconds=time.perf_counter() - started,
        versions=versions(),
        cuda=torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        sizes=rows,
    )


# --- showing -----------------------------------------------------------------------------------------------


def table(result: BenchResult) -> Table:
    """Rates in matrices per second, and the three ratios."""
    names = ["size", "engine", "svdvals", "engine/svdvals", "search", "generation/svdvals", "naive", "engine/naive"]
    shown = columns(*names, *(("cuda engine", "cuda svdvals") if result.cuda else ()))
    for row in result.sizes:
        times = row.times_naive
        cells = [
            f"{row.rows}x{row.cols}",
            f"{row.engine:,.0f}",
            f"{row.svdvals:,.0f}",
            f"{row.of_svdvals:.2f}",
            f"{row.search:,.0f}",
            f"{row.generation_of_svdvals:.2f}",
            row.naive if isinstance(row.naive, str) else f"{row.naive:,.0f}",
            "-" if times is None else f"{times:,.0f}",
        ]
        cuda = [f"{rate:,.0f}" for rate in (row.cuda_engine, row.cuda_svdvals) if rate is not None]
        shown.add_row(*cells, *cuda)
    return shown


def main(json_file: str | None) -> int:
    """The command: prints the table, or writes JSON to a file or, for ``-``, to stdout."""
    result = bench(Context())
    if json_file == "-":
        sys.stdout.write(result.to_json())
        return 0
    if json_file is not None:
        Path(json_file).write_text(result.to_json(), encoding="utf-8")
    emit(table(result), f"matrices per second, {result.workers} threads, medians of {result.repeats}")
    return 0
