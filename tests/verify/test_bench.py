"""The figures of a bench have a meaning; how large they are is not for a test to say."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis.errors import Unsatisfiable

from verify import bench
from verify.bench import BenchResult, Row
from verify.context import Context
from verify.formula.floats import margin
from verify.stress.layout import Layout
from verify.stress.sampler import draw

SMALL = {(4, 3): (16, 2), (3, 3): (8, 3)}


@pytest.fixture(scope="module")
def result() -> BenchResult:
    return bench.bench(Context(workers=2), shapes=SMALL, repeats=1)


def test_rates_and_ratios_are_positive_and_finite(result: BenchResult) -> None:
    assert [(row.rows, row.cols, row.chunk, row.matrices) for row in result.sizes] == [(4, 3, 16, 32), (3, 3, 8, 24)]
    for row in result.sizes:
        rates = [row.engine, row.search, row.svdvals, row.generation, row.naive]
        ratios = [row.of_svdvals, row.generation_of_svdvals, row.times_naive]
        assert all(isinstance(value, float) and math.isfinite(value) and value > 0 for value in rates + ratios)


def test_ratios_are_those_of_their_row() -> None:
    rates: dict[str, Any] = {"engine": 600.0, "search": 500.0, "svdvals": 800.0, "generation": 1600.0}
    row = Row(rows=2, cols=2, chunk=4, matrices=8, naive=3.0, **rates)
    assert (row.of_svdvals, row.generation_of_svdvals, row.times_naive) == (0.75, 2.0, 200.0)
    assert Row(rows=2, cols=2, chunk=4, matrices=8, naive="unsatisfiable", **rates).times_naive is None


def test_json_carries_the_ratios(result: BenchResult) -> None:
    data = json.loads(result.to_json())
    assert (data["schema"], data["workers"], data["repeats"]) == (1, 2, 1)
    for row, model in zip(data["sizes"], result.sizes, strict=True):
        assert row["engine_of_svdvals"] == model.engine / model.svdvals
        assert row["generation_of_svdvals"] == model.generation / model.svdvals
        assert row["engine_times_naive"] == model.times_naive


def test_every_job_does_the_work_it_is_timed_for() -> None:
    assert bench.engine((4, 3), 16, 3, 2) == 48
    assert bench.generation((4, 3), 16, 3, 2) == 48
    assert 0 < bench.search((4, 3), 16, 3, 2) <= 48
    assert bench.naive((3, 2), 7) == 7


def test_the_engine_tries_every_k() -> None:
    """The claim of the table's first column: each matrix with all its k, not with one drawn."""
    drawn = draw(Layout(bench.TAIL_BOUND), bench._recipe((4, 3)), 0, 16, "cpu")
    assert drawn.valid.shape == (16, 4)
    assert drawn.valid.all()
    (relation,) = bench.TAIL_BOUND.says
    assert margin(relation, drawn.batch).shape == (16, 4)


def test_an_array_too_large_for_hypothesis_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(shape: tuple[int, int], examples: int) -> int:
        raise Unsatisfiable("no example was small enough")

    monkeypatch.setattr(bench, "naive", too_large)
    assert bench._naive_rate((64, 64), 1) == "unsatisfiable"


@pytest.mark.slow
def test_hypothesis_draws_no_dense_64x64_array() -> None:
    with pytest.raises(Unsatisfiable):
        bench.naive((64, 64), 5)


def test_table_and_files(
    result: BenchResult, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "bench", lambda context: result)
    assert bench.main(str(tmp_path / "bench.json")) == 0
    shown = capsys.readouterr().out
    assert "engine/svdvals" in shown
    assert "4x3" in shown
    assert json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["schema"] == 1
    assert bench.main("-") == 0
    assert json.loads(capsys.readouterr().out)["sizes"][1]["rows"] == 3
