"""Gradient ascent on the violation: from the instances closest to breaking a conclusion, downhill on its margin.

Adam (Kingma and Ba 2015) on the entries of matrices and on real numbers, with a penalty for hypotheses; sizes,
indices and what a hypothesis prescribes exactly stay as they are. A heuristic: it proves nothing, and what it finds
is a suspect like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sympy as sp
import torch
from torch import Tensor

from verify.formula.floats import Batch, evaluate, holds, margin
from verify.model.statement import Matrix, Real
from verify.stress.ensembles import DOUBLE, Source
from verify.stress.layout import Layout
from verify.stress.sampler import Drawn
from verify.stress.trials import Suspect

COPIES = 8
FIRST_RATE, LAST_RATE = 0.1, 0.01
"""Relative moves of the first and of the last step."""
PENALTY = 10.0
TINY = 1e-300


def ascend(layout: Layout, starts: list[Suspect], steps: int, source: Source) -> Iterator[Drawn]:
    """Ends of the ascent, one batch for each conclusion and shape among ``starts``."""
    groups: dict[tuple[int, tuple[int, ...]], list[Suspect]] = defaultdict(list)
    for suspect in starts:
        groups[suspect.relation, tuple(suspect.instance.sizes.values())].append(suspect)
    for (relation, _), group in groups.items():
        climb = Climb(layout, layout.conclusions[relation], group, source)
        if climb.free:
            yield climb.run(steps)


class Climb:
    """One ascent: COPIES perturbed copies of each start, all of one shape, for one conclusion."""

    def __init__(self, layout: Layout, relation: Any, group: list[Suspect], source: Source) -> None:
        self.layout, self.relation, self.source = layout, relation, source
        self.sizes = group[0].instance.sizes
        stacked = {
            symbol: torch.stack([s.instance.values[symbol] for s in group for _ in range(COPIES)])
            for symbol in group[0].instance.values
        }
        self.start = {symbol: value.to(source.device, DOUBLE) for symbol, value in stacked.items()}
        self.count = len(group) * COPIES
        self.free = self._free()

    def _free(self) -> dict[sp.Basic, Tensor]:
        """Symbols that may move, with the scale of their moves for each instance."""
        layout = self.layout
        defined = {symbol for symbol, _ in layout.defined.values()}
        fixed = defined | layout.rank_rules.keys() | layout.orthonormal | set(layout.sizes_and_indices)
        moving: dict[sp.Basic, Tensor] = {}
        for symbol, value in self.start.items():
            if symbol not in fixed:
                scale = value.square().flatten(1).mean(dim=1).sqrt() if value.ndim > 1 else value.abs()
                scale = torch.where(scale == 0, torch.ones_like(scale), scale)
                moving[symbol] = _like(scale, value)
        return moving

    def run(self, steps: int) -> Drawn:
        """The best instance of each copy that satisfies the inequalities among the hypotheses."""
        moves = {s: self._perturbation(self.start[s]).requires_grad_() for s in self.free}
        adam = {s: Adam(move) for s, move in moves.items()}
        best = {s: v.clone() for s, v in self.start.items()}
        least = torch.full((self.count,), torch.inf, dtype=DOUBLE, device=self.source.device)
        for number in range(steps):
            rate = FIRST_RATE * (LAST_RATE / FIRST_RATE) ** (number / steps)
            values = self._values(moves)
            batch = Batch(self.sizes, values, self.source.device, count=self.count)
            value = margin(self.relation, batch)
            penalty = self._penalty(batch)
            better = (value.detach() < least) & (penalty.detach() <= 0)
            least = torch.where(better, value.detach(), least)
            best = {s: torch.where(_like(better, kept), values[s].detach(), kept) for s, kept in best.items()}
            loss = torch.where(value.isfinite(), value, torch.zeros_like(value)).sum() + PENALTY * penalty.sum()
            if not loss.requires_grad:
                break
            gradients = torch.autograd.grad(loss, list(moves.values()), allow_unused=True)
            for (symbol, move), gradient in zip(moves.items(), gradients, strict=True):
                if gradient is not None:
                    moves[symbol] = (move.detach() - rate * adam[symbol].step(gradient)).requires_grad_()
        return self._drawn(best)

    def _perturbation(self, value: Tensor) -> Tensor:
        """Nothing for the first copy, more for each of the others; small noise also parts tied singular values."""
        copy = torch.arange(self.count, device=value.device) % COPIES
        size = torch.where(copy == 0, 1e-6, torch.exp2(-8 + copy.to(DOUBLE)))
        return self.source.normal(*value.shape) * _like(size, value)

    def _values(self, moves: dict[sp.Basic, Tensor]) -> dict[sp.Basic, Tensor]:
        values = dict(self.start)
        for symbol, move in moves.items():
            values[symbol] = self.start[symbol] + self.free[symbol] * move
        for line in self.layout.lines:
            if isinstance(line, Matrix) and line.symbol in values:
                values[line.symbol] = self._structured(line, values[line.symbol])
            elif isinstance(line, Real):
                values[line.symbol] = self._bounded(line, values)
        for symbol, expression in self.layout.defined.values():
            batch = Batch(self.sizes, values, self.source.device, count=self.count)
            values[symbol] = evaluate(expression, batch)
        return values

    def _structured(self, line: Matrix, value: Tensor) -> Tensor:
        if line.symbol in self.layout.symmetric:
            value = (value + value.transpose(1, 2)) / 2
        if line.structure == "positive":
            value = value.abs().clamp_min(2.0**-30)
        if line.structure == "diagonal":
            value = value * torch.eye(*value.shape[1:], dtype=DOUBLE, device=value.device)
        return value

    def _bounded(self, line: Real, values: dict[sp.Basic, Tensor]) -> Tensor:
        value = values[line.symbol]
        if line.symbol.is_positive:
            value = value.abs().clamp_min(2.0**-30)
        elif line.symbol.is_nonnegative:
            value = value.abs()
        batch = Batch(self.sizes, values, self.source.device, count=self.count)
        room = 2.0**-20 if line.open else 0.0
        with torch.no_grad():
            low, high = (None if e is None else evaluate(e, batch) for e in (line.low, line.high))
        if low is not None:
            value = torch.maximum(value, low + room * low.abs().clamp_min(1.0))
        if high is not None:
            value = torch.minimum(value, high - room * high.abs().clamp_min(1.0))
        return value

    def _penalty(self, batch: Batch) -> Tensor:
        """How far each instance is outside the inequalities among the hypotheses; equations are constructed or
        filtered."""
        total = torch.zeros(self.count, dtype=DOUBLE, device=batch.device)
        for line in self.layout.assumptions:
            if not isinstance(line.formula, (sp.Eq, sp.Ne)):
                total = total + torch.nan_to_num(-margin(line.formula, batch)).clamp_min(0)
        return total

    def _drawn(self, values: dict[sp.Basic, Tensor]) -> Drawn:
        batch = Batch(self.sizes, values, self.source.device, count=self.count)
        with torch.no_grad():
            valid = torch.ones(self.count, dtype=torch.bool, device=batch.device)
            for relation in self.layout.hypotheses:
                valid = valid & holds(relation, batch)
        return Drawn(batch, valid, self.sizes, values, {}, {})


class Adam:
    """The moments of one tensor. Not ``torch.optim``, whose first use imports a compiler for seconds."""

    def __init__(self, like: Tensor) -> None:
        self.mean, self.square, self.steps = torch.zeros_like(like), torch.zeros_like(like), 0

    def step(self, gradient: Tensor) -> Tensor:
        """The move for a gradient, normalised for each instance. The derivative of an SVD is not finite at ties: such
        an instance rests for a step."""
        gradient = torch.nan_to_num(gradient.detach(), nan=0.0, posinf=0.0, neginf=0.0)
        length = gradient.flatten(1).norm(dim=1) if gradient.ndim > 1 else gradient.abs()
        gradient = gradient / _like(length.clamp_min(TINY), gradient)
        self.steps += 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.999 * self.square + 0.001 * gradient.square()
        mean = self.mean / (1 - 0.9**self.steps)
        square = self.square / (1 - 0.999**self.steps)
        return mean / (square.sqrt() + 1e-8)


def _like(per_instance: Tensor, value: Tensor) -> Tensor:
    """(B,) made to multiply (B, ...)."""
    return per_instance.reshape(-1, *(1 for _ in value.shape[1:]))
