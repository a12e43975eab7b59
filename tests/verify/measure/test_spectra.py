"""The three routes against each other, and the bounds of the sketch against what they bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from verify.measure import spectra
from verify.measure.figures import Figures, Power, Range, Unfitted
from verify.measure.null import marchenko_pastur, null
from verify.measure.spectra import Difference, Route, Spectrum, Unmeasured, spectrum
from verify.networks.fits import Status
from verify.networks.spectra import gaussian_values


@dataclass(frozen=True)
class InMemory:
    matrix: Tensor

    @property
    def rows(self) -> int:
        return len(self.matrix)

    @property
    def columns(self) -> int:
        return self.matrix.shape[1]

    def row_blocks(self) -> Iterator[Tensor]:
        yield from self.matrix.split(7)

    def column_blocks(self) -> Iterator[Tensor]:
        yield from self.matrix.split(5, dim=1)


def falling(rows: int, columns: int, power: float, seed: int = 0) -> Tensor:
    """Random singular vectors, singular values i^-power."""
    make = torch.Generator().manual_seed(seed)
    size = min(rows, columns)
    left, right = (
        torch.linalg.qr(torch.randn(n, size, generator=make, dtype=torch.float64)).Q for n in (rows, columns)
    )
    return (left * torch.arange(1, size + 1, dtype=torch.float64) ** -power) @ right.mT


def measured(matrix: Tensor, **settings: int) -> Spectrum:
    found = spectrum(InMemory(matrix), **settings)  # type: ignore[arg-type]
    assert isinstance(found, Spectrum)
    return found


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """No matrix is small."""
    monkeypatch.setattr(spectra, "VALUES_MOST", 0)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("shape", [(40, 30), (30, 40), (30, 30)])
def test_the_gram_route_stays_within_its_error(shape: tuple[int, int]) -> None:
    matrix = falling(*shape, power=1.5)
    found, exact = measured(matrix), torch.linalg.svdvals(matrix)
    assert found.route is Route.GRAM
    gap = ((found.values * found.scale) ** 2 - exact**2).abs().max()
    assert gap <= found.error * (exact**2).sum()
    assert found.error < 1e-13
    assert found.norm == pytest.approx(float(matrix.norm()))


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("power", [0.0, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("shape", [(60, 50), (50, 60)])
def test_the_intervals_of_the_sketch_hold_the_true_figures(shape: tuple[int, int], power: float) -> None:
    matrix = falling(*shape, power=power)
    partial = Figures(measured(matrix, gram_most=10, sketch=12))
    true = Figures(Spectrum(*shape, torch.linalg.svdvals(matrix), 0.0, 0.0, Route.VALUES))
    assert partial.spectrum.route is Route.SKETCH
    pairs = [
        (partial.effective_rank, true.effective_rank),
        (partial.stable_rank, true.stable_rank),
        (partial.roy_vetterli, true.roy_vetterli),
        (partial.rank, true.rank),
        (partial.energy_tenth, true.energy_tenth),
        *((partial.energy(k), true.energy(k)) for k in (1, 5, 12, 13, 40, 50)),
        *((partial.energy_rank(t), true.energy_rank(t)) for t in (0.3, 0.5, 0.95, 0.99)),
    ]
    for bounds, (exact, same) in pairs:
        assert exact == same
        assert bounds.low <= exact * (1 + 1e-9)
        assert exact <= bounds.high * (1 + 1e-9)
    squares = torch.linalg.svdvals(matrix)[:12] ** 2
    ours = (partial.spectrum.values * partial.spectrum.scale) ** 2
    assert (ours <= squares * (1 + 1e-9)).all()
    assert (squares <= ours + partial.spectrum.error * (matrix**2).sum()).all()
    assert partial.power is Unfitted.BEYOND


@pytest.mark.usefixtures("large")
def test_a_sketch_of_a_low_rank_matrix_decides() -> None:
    matrix = falling(80, 60, power=0.5) * 1e-4 + falling(80, 60, power=0.0)[:, :60] @ torch.diag(
        torch.tensor([1.0] * 3 + [0.0] * 57, dtype=torch.float64)
    )
    found = Figures(measured(matrix, gram_most=10, sketch=12))
    assert found.energy_rank(0.95) == Range(3, 3)
    assert found.effective_rank.high - found.effective_rank.low < 0.01


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_an_entry_that_is_not_finite(bad: float) -> None:
    matrix = torch.ones(20, 10, dtype=torch.float64)
    matrix[19, 9] = bad
    assert spectrum(InMemory(matrix)) is Unmeasured.NOT_FINITE


def test_a_zero_matrix() -> None:
    assert spectrum(InMemory(torch.zeros(20, 10, dtype=torch.float64))) is Unmeasured.ZERO


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_the_size_of_the_entries_does_not_matter(size: float) -> None:
    matrix = falling(30, 20, power=1.0)
    small, plain = (Figures(measured(m)) for m in (matrix * size, matrix))
    assert small.effective_rank.low == pytest.approx(plain.effective_rank.low)
    assert small.spectrum.norm == pytest.approx(plain.spectrum.norm * size)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("shape", [(20, 12), (12, 20)])
def test_an_increment(shape: tuple[int, int]) -> None:
    before, change = falling(*shape, power=0.2), falling(*shape, power=2.0, seed=1)
    found = spectrum(Difference(InMemory(before + change), InMemory(before)))
    assert isinstance(found, Spectrum)
    assert torch.allclose(found.values * found.scale, torch.linalg.svdvals(change), atol=1e-7)


def test_a_power_law_is_found_and_its_alternatives_are_not() -> None:
    s = torch.arange(1, 101, dtype=torch.float64)
    law = Figures(Spectrum(100, 100, s**-1.5, 0.0, 0.0, Route.VALUES)).power
    assert isinstance(law, Power)
    assert law.fit.alpha == pytest.approx(1.5)
    assert law.fit.best == "power"
    assert law.distance < 1e-6
    assert law.p == 1
    assert all(other.z > 0 for other in law.fit.against.values())
    other = Figures(Spectrum(100, 100, (-0.05 * s).exp(), 0.0, 0.0, Route.VALUES)).power
    assert isinstance(other, Power)
    assert other.fit.best == "exponential"
    assert other.distance > 0.1
    assert other.p < 0.1
    assert other.fit.against["exponential"].z < 0


def test_a_fit_that_fails_is_a_status() -> None:
    few = Figures(Spectrum(3, 3, torch.ones(3, dtype=torch.float64), 0.0, 0.0, Route.VALUES))
    even = Figures(Spectrum(30, 30, torch.ones(30, dtype=torch.float64), 0.0, 0.0, Route.VALUES))
    assert (few.power, few.alpha) == (Status.TOO_FEW, None)
    assert (even.power, even.alpha) == (Status.CONSTANT, None)


@pytest.mark.parametrize("shape", [(600, 600), (1500, 600), (600, 6000)])
def test_the_law_of_marchenko_and_pastur_is_that_of_samples(shape: tuple[int, int]) -> None:
    law, sample = (
        Figures(Spectrum(*shape, values, 0.0, 0.0, Route.VALUES))
        for values in (marchenko_pastur(*shape), gaussian_values(*shape))
    )
    assert (law.spectrum.values[:-1] >= law.spectrum.values[1:]).all()
    assert law.effective_rank.low == pytest.approx(sample.effective_rank.low, rel=2e-3)
    assert law.energy_tenth.low == pytest.approx(sample.energy_tenth.low, rel=1e-2)
    assert law.stable_rank.low == pytest.approx(sample.stable_rank.low, rel=2e-2)


def test_the_mean_of_the_law_is_one() -> None:
    assert float((marchenko_pastur(4000, 1000) ** 2).mean()) == pytest.approx(1, abs=1e-4)


def test_a_null_is_drawn_where_it_is_small_and_computed_where_it_is_large() -> None:
    assert torch.equal(null(30, 20).spectrum.values, gaussian_values(30, 20))
    assert torch.equal(null(700, 600).spectrum.values, marchenko_pastur(700, 600))
