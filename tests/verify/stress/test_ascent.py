"""The ascent lowers margins, keeps hypotheses, and survives the points where a derivative is not finite."""

from __future__ import annotations

from typing import Any

import sympy as sp
import torch

from verify.formula.floats import margin
from verify.formula.vocabulary import (
    FrobeniusNorm,
    NuclearNorm,
    Rank,
    Sigma,
    SpectralNorm,
    ge,
    le,
    matrix,
    scalars,
    sizes,
)
from verify.model.statement import Assume, Matrix, Real, Size, Statement
from verify.stress.ascent import ascend
from verify.stress.ensembles import Source
from verify.stress.layout import Layout
from verify.stress.trials import Instance, Suspect

m, n = sizes("m n")
t = scalars("t")
W = matrix("W", m, n)
p = sp.Min(m, n)
GIVEN = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W))


def climbed(layout: Layout, start: torch.Tensor, steps: int = 120, number: float | None = None) -> tuple[float, float]:
    """Margins before and after, the latter the best among valid ends."""
    values: dict[Any, torch.Tensor] = {W: start}
    if number is not None:
        values[t] = torch.tensor(number, dtype=torch.float64)
    instance = Instance({m: start.shape[0], n: start.shape[1]}, values)
    (end,) = ascend(layout, [Suspect(instance, 0, 0.5, False, "test")], steps, Source(0, "cpu"))
    after = margin(layout.conclusions[0], end.batch)
    return float(after[0]), float(torch.where(end.valid, after, torch.inf).min())


def test_the_best_constant_is_approached() -> None:
    """The nuclear norm is at most sqrt(p) times the Frobenius norm, with equality at equal singular values."""
    layout = Layout(Statement(given=GIVEN, says=(le(NuclearNorm(W), sp.sqrt(p) * FrobeniusNorm(W)),)))
    torch.manual_seed(0)
    _, best = climbed(layout, torch.randn(3, 4, dtype=torch.float64))
    assert 0 <= best < 1e-3


def test_a_violation_away_from_the_start_is_reached() -> None:
    layout = Layout(Statement(given=GIVEN, says=(le(NuclearNorm(W), sp.Rational(17, 10) * FrobeniusNorm(W)),)))
    torch.manual_seed(0)
    start = torch.diag(torch.tensor([1.0, 0.5, 0.2], dtype=torch.float64))
    _, best = climbed(layout, start)
    assert best < 0


def test_hypotheses_and_ranges_are_kept() -> None:
    given = (*GIVEN, Real(symbol=t, low=0, high=1), Assume(name="small", formula=le(SpectralNorm(W), 1)))
    layout = Layout(Statement(given=given, says=(le(t * FrobeniusNorm(W), 2),)))
    _, best = climbed(layout, torch.eye(2, dtype=torch.float64) / 2, number=0.5)
    assert best >= (2 - 2**0.5) / 2 - 1e-9
    assert best < 0.6


def test_ties_do_not_stop_it() -> None:
    layout = Layout(Statement(given=GIVEN, says=(ge(Sigma(W, 2), Sigma(W, 1) / 2),)))
    _, best = climbed(layout, torch.eye(3, dtype=torch.float64))
    assert best < 0


def test_a_rank_cannot_be_differentiated_and_nothing_moves() -> None:
    layout = Layout(Statement(given=GIVEN, says=(le(Rank(W), 1),)))
    _, best = climbed(layout, torch.zeros(2, 2, dtype=torch.float64), steps=3)
    assert best in (-0.5, 0.0, 1.0)
