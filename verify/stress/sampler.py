"""From a recipe to a batch: the declarations of a statement drawn in order, hypotheses constructed or filtered.

An instance counts as valid only where every hypothesis holds in float64; whether it holds exactly is asked again of
each suspect, by code that knows nothing of this module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sympy as sp
import torch
from torch import Tensor

from verify.formula.floats import Batch, evaluate, holds
from verify.model.statement import Assume, Declared, Index, Layers, Matrix, Real, symbols_of
from verify.stress.ensembles import DOUBLE, FAMILIES, Ensemble, Shape, Source, dyadic, reflect_rows
from verify.stress.layout import Layout
from verify.stress.recipe import MatrixRecipe, Recipe, number_of

LOW_ACCEPTANCE = 0.3
REPAIRED = 32
REPAIR_EXPONENTS = (-1, -2, -4, -6, -9, 1, 3, 6, -20)
FRACTIONS = [0.0, 0.5, -0.5, 0.25, -0.25, 1.5, -1.5, 2.5, 0.75, -0.75]
WHOLE = [0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 4.0, 10.0]


@dataclass
class Drawn:
    """Instances of a statement. ``batch`` has the enumerated indices as axes; ``valid`` is (B, axes)."""

    batch: Batch
    valid: Tensor
    sizes: dict[sp.Symbol, int]
    values: dict[sp.Basic, Tensor]
    axes: dict[sp.Symbol, Tensor]
    ranges: dict[sp.Symbol, tuple[Tensor, Tensor]] = field(default_factory=dict)


class Drawing:
    """The state of one drawing: what has a value so far, and which instances are still alive."""

    def __init__(self, layout: Layout, recipe: Recipe, chunk: int, count: int, device: str) -> None:
        self.layout, self.recipe, self.count, self.device = layout, recipe, count, device
        self.source = Source(number_of(recipe.seed, chunk), device)
        self.sizes = dict(zip(layout.structural, recipe.sizes, strict=True))
        self.values: dict[sp.Basic, Tensor] = {}
        self.ranges: dict[sp.Symbol, tuple[Tensor, Tensor]] = {}
        self.alive = torch.ones(count, dtype=torch.bool, device=device)
        self.batch = Batch(self.sizes, {}, device, count=count)
        self._number = 0

    def run(self) -> Drawn:
        for line in self.layout.lines:
            self._line(line)
        for matrix in self.layout.matrices:
            if matrix.symbol not in self.values:
                self._matrix(matrix)
        batch, valid = self.batch, self.alive
        axes: dict[sp.Symbol, Tensor] = {}
        for line in self.layout.axes:
            batch = batch.over(line.symbol, line.low, line.high)
            assert batch.mask is not None
            valid = valid[..., None] & batch.mask
            axes[line.symbol] = batch.values[line.symbol].reshape(-1)
        for line in self.layout.assumptions:
            valid = valid & holds(line.formula, batch).expand(valid.shape)
        return Drawn(batch, valid, self.sizes, self.values, axes, self.ranges)

    # --- declarations ------------------------------------------------------------------------------------

    def _line(self, line: Declared) -> None:
        structural = getattr(line, "symbol", None) in self.sizes
        match line:
            case Matrix() | Layers():
                rule = self.layout.rank_rules.get(line.symbol)
                if rule is None or symbols_of(rule.bound) <= self.values.keys() | self.sizes.keys():
                    self._matrix(line)
            case Index() if not structural and line not in self.layout.axes:
                self._draw_pending(line)
                self._index(line)
            case Real():
                self._draw_pending(line)
                self._real(line)
            case Assume() if line in self.layout.assumptions:
                self._draw_pending(line)
                self._assume(line)

    def _set(self, symbol: Any, value: Tensor) -> None:
        self.values[symbol] = value
        self.batch = self.batch.bind(symbol, value)

    def _restart(self) -> None:
        """A fresh batch of the values so far: after one of them was changed, nothing computed before is kept."""
        self.batch = Batch(self.sizes, self.values, self.device, count=self.count)

    def _draw_pending(self, line: Declared) -> None:
        """A matrix that waited for the number which is to be its rank is drawn at the latest where it is used."""
        used = set().union(*(symbols_of(e) for e in line.expressions()), set())
        for matrix in self.layout.matrices:
            if matrix.symbol in used and matrix.symbol not in self.values and self._declared_before(matrix, line):
                self._matrix(matrix)

    def _declared_before(self, one: Declared, other: Declared) -> bool:
        return self.layout.lines.index(one) < self.layout.lines.index(other)

    def _matrix(self, line: Matrix | Layers) -> None:
        recipe = self.recipe.matrix(self._number)
        self._number += 1
        *length, rows, cols = self.layout.shape(line, self.sizes)
        count = self.count * (length[0] if length else 1)
        value = self._draw(line, recipe, count, rows, cols)
        if recipe.scale:
            value = value * 2.0**recipe.scale
        if isinstance(line, Matrix):
            value = self._structured(line, value)
        self._set(line.symbol, value.reshape(self.count, *length, rows, cols))

    def _draw(self, line: Matrix | Layers, recipe: MatrixRecipe, count: int, rows: int, cols: int) -> Tensor:
        symbol, rule = line.symbol, self.layout.rank_rules.get(line.symbol)
        family = recipe.ensemble
        if family is Ensemble.LIKE:
            related = self._like(line, count, rows, cols) if rule is None else None
            if related is not None:
                return related
            family = Ensemble.INTEGER
        diagonal = isinstance(line, Matrix) and line.structure == "diagonal"
        if diagonal and family not in (Ensemble.ZERO, Ensemble.IDENTITY):
            family = Ensemble.DIAGONAL
        if symbol in self.layout.orthonormal and family not in (Ensemble.IDENTITY, Ensemble.PERMUTATION):
            family = Ensemble.ROTATION
        least = min(rows, cols)
        if rule is None or not self._known(rule.bound):
            rank = self._rank(recipe.rank, least, count)
        else:
            bound = evaluate(rule.bound, self.batch).floor().clamp(0, least)
            rank = bound if rule.equal else torch.floor(self.source.uniform(count) * (bound + 1))
            exact = (Ensemble.EXACT, Ensemble.DIAGONAL)
            family = family if family in exact else Ensemble.LOW_RANK
        return FAMILIES[family](self.source, Shape(count, rows, cols, rank, recipe.spectrum, recipe.condition))

    def _rank(self, word: str, least: int, count: int) -> Tensor:
        fixed = {"full": least, "half": least // 2, "one less": max(least - 1, 0), "one": 1, "zero": 0}
        if word == "random":
            return self.source.integers(0, least, count)
        return torch.full((count,), float(fixed[word]), dtype=DOUBLE, device=self.source.device)

    def _like(self, line: Matrix | Layers, count: int, rows: int, cols: int) -> Tensor | None:
        """A multiple of an earlier matrix or its transpose, alone or turned, or with a little added; None if none fits.

        A family is made like an earlier family, member by member.
        """
        earlier = None
        for value in self.values.values():
            if value.ndim != (3 if isinstance(line, Matrix) else 4) or value.shape[:-2].numel() != count:
                continue
            if tuple(value.shape[-2:]) == (rows, cols):
                earlier = value.reshape(count, rows, cols)
            elif tuple(value.shape[-2:]) == (cols, rows):
                earlier = value.reshape(count, cols, rows).transpose(1, 2)
        if earlier is None:
            return None
        source = self.source
        factor = source.one_of([1.0, 1.0, -1.0, -1.0, 0.5, -0.5, 2.0, -0.25, 0.0625], count, 1, 1)
        turned = torch.where(source.uniform(count, 1, 1) < 0.2, reflect_rows(source, earlier), earlier)
        little = source.integers(-1, 1, count, rows, cols) * dyadic(-source.integers(0, 8, count, 1, 1))
        some = source.uniform(count, 1, 1) < 0.4
        if isinstance(line, Layers):
            factor = torch.where(source.uniform(count, 1, 1) < 0.6, 1.0, factor)
        return factor * turned + torch.where(some, little, torch.zeros_like(little))

    def _structured(self, line: Matrix, value: Tensor) -> Tensor:
        if line.symbol in self.layout.symmetric and value.shape[1] == value.shape[2]:
            value = value + value.transpose(1, 2)
        match line.structure:
            case "nonzero":
                self.alive = self.alive & (value != 0).flatten(1).any(dim=1)
            case "positive":
                value = torch.where(value == 0, torch.ones_like(value), value.abs())
            case "diagonal":
                value = value * torch.eye(*value.shape[1:], dtype=DOUBLE, device=value.device)
        return value

    def _index(self, line: Index) -> None:
        """Uniform on the range, each end with probability a quarter more; an empty range is no instance."""
        low, high = (evaluate(end, self.batch).expand(self.count) for end in (line.low, line.high))
        self.alive = self.alive & (low <= high)
        choice = self.source.uniform(self.count)
        inside = low + torch.floor(self.source.uniform(self.count) * (high - low + 1))
        value = torch.where(choice < 0.25, low, torch.where(choice < 0.5, high, inside))
        value = torch.nan_to_num(torch.minimum(value, high))
        self.ranges[line.symbol] = (low, high)
        self._set(line.symbol, value)

    # --- real numbers ------------------------------------------------------------------------------------

    def _real(self, line: Real) -> None:
        low, high = (None if e is None else evaluate(e, self.batch).expand(self.count) for e in (line.low, line.high))
        if low is not None and high is not None:
            value = low + (high - low) * self._share(line.open)
            value = torch.minimum(torch.maximum(value, low), high)
        else:
            value = self._unbounded(line.symbol)
            value = low + value.abs() if low is not None else high - value.abs() if high is not None else value
        for end, sign in ((low, 1.0), (high, -1.0)):
            if end is not None:
                self.alive = self.alive & ((sign * (value - end) > 0) if line.open else (sign * (value - end) >= 0))
        self._set(line.symbol, self._of_sign(line.symbol, value))

    def _share(self, open_ends: bool) -> Tensor:
        """Places between two ends, 0 to 1: the ends themselves or close to them, eighths, anything."""
        near = dyadic(-self.source.integers(1, 30, self.count))
        near = torch.where(self.source.uniform(self.count) < 0.5, near, 1 - near)
        ends = near if open_ends else self.source.one_of([0.0, 1.0], self.count)
        eighths = self.source.integers(1, 7, self.count) / 8
        choice = self.source.uniform(self.count)
        share = torch.where(choice < 0.5, eighths, self.source.uniform(self.count))
        return torch.where(choice < 0.1, ends, torch.where(choice < 0.25, near, share))

    def _unbounded(self, symbol: sp.Symbol) -> Tensor:
        """Small whole numbers and fractions, a normal number, a power of two, a singular value of an earlier matrix."""
        source, count = self.source, self.count
        power = source.one_of([1.0, -1.0], count) * torch.exp2(40 * source.uniform(count) - 20)
        choice = source.uniform(count)
        value = torch.where(choice < 0.35, source.one_of(WHOLE, count), source.one_of(FRACTIONS, count))
        value = torch.where(choice > 0.5, source.normal(count), value)
        value = torch.where(choice > 0.75, power, value)
        matrices = [v for v in self.values.values() if v.ndim == 3]
        if matrices and int(self.recipe.seed) % 2:
            spectrum = torch.linalg.svdvals(matrices[0])
            pick = torch.floor(source.uniform(count, 1) * spectrum.shape[1]).long()
            factor = source.one_of([1.0, 1.0, 1 + 2.0**-20, 1 - 2.0**-20, 0.5, 2.0], count)
            value = torch.where(choice > 0.8, spectrum.gather(1, pick)[:, 0] * factor, value)
        return value

    def _of_sign(self, symbol: sp.Symbol, value: Tensor) -> Tensor:
        if symbol.is_nonnegative:
            value = value.abs()
        elif symbol.is_nonpositive:
            value = -value.abs()
        if symbol.is_zero is False:
            value = torch.where(value == 0, torch.ones_like(value) * (-1.0 if symbol.is_negative else 1.0), value)
        return value

    # --- hypotheses --------------------------------------------------------------------------------------

    def _assume(self, line: Assume) -> None:
        if line.name in self.layout.defined:
            symbol, value = self.layout.defined[line.name]
            if self._known(value):
                self._set(symbol, evaluate(value, self.batch).clone())
                self._in_range(symbol)
        elif isinstance(line.formula, (sp.Le, sp.Lt, sp.Ge, sp.Gt)) and self._known(line.formula):
            self._repair(line)

    def _known(self, expression: Any) -> bool:
        return symbols_of(expression) <= self.values.keys() | self.sizes.keys()

    def _in_range(self, symbol: sp.Basic) -> None:
        """A symbol that a hypothesis defined must also lie where its declaration puts it."""
        line = next(d for d in self.layout.lines if getattr(d, "symbol", None) == symbol)
        if isinstance(line, (Index, Real)):
            strict = isinstance(line, Real) and line.open
            for end, relation in ((line.low, sp.Lt if strict else sp.Le), (line.high, sp.Gt if strict else sp.Ge)):
                if end is not None:
                    self.alive = self.alive & holds(relation(end, symbol, evaluate=False), self.batch)

    def _repair(self, line: Assume) -> None:
        """Where few instances satisfy an inequality: scales one of its matrices or numbers by a power of two, and a
        part of the repaired ones back towards the border of the hypothesis, where a false conclusion shows first."""
        good = holds(line.formula, self.batch) | ~self.alive
        if good.double().mean() >= LOW_ACCEPTANCE:
            return
        for symbol in sorted(symbols_of(line.formula) & self._scalable(), key=str, reverse=True):
            original = self.values[symbol]
            factor = self._factor(line, symbol, original, good)
            self.values[symbol] = original * factor.reshape(-1, *(1 for _ in original.shape[1:]))
            self._restart()
            good = holds(line.formula, self.batch) | ~self.alive
            if bool(good.all()):
                return

    def _scalable(self) -> set[sp.Basic]:
        """Matrices and unbounded numbers on which nothing drawn so far depends, and that no equation ties down."""
        tied = {symbol for symbol, _ in self.layout.defined.values()} | self.layout.orthonormal
        found: set[sp.Basic] = set()
        for declared in self.layout.lines:
            symbol = declared.introduces
            if symbol not in self.values:
                continue
            if isinstance(declared, (Matrix, Layers)) or (
                isinstance(declared, Real) and not list(declared.expressions())
            ):
                found.add(symbol)
            tied |= set().union(*(symbols_of(e) for e in declared.expressions()), set())
        return found - tied

    def _factor(self, line: Assume, symbol: sp.Basic, original: Tensor, good: Tensor) -> Tensor:
        """The first power of two that repairs each instance, then closer to 1 for about half of the repaired ones.

        At most REPAIRED instances are tried: each costs an evaluation of the hypothesis for every power.
        """
        factor = torch.ones(self.count, dtype=DOUBLE, device=self.device)
        rows = (~good).nonzero()[:REPAIRED, 0]
        powers = torch.tensor([2.0**e for e in REPAIR_EXPONENTS], dtype=DOUBLE, device=self.device)
        fits = self._works(line, symbol, original, rows, powers[:, None].expand(-1, len(rows)))
        repaired = fits.any(dim=0)
        found = torch.where(repaired, powers[fits.to(torch.int8).argmax(dim=0)], 1.0)
        near = repaired & (self.source.uniform(len(rows)) < 0.5)
        step = torch.where(found < 1, found, -found / 2)
        for _ in range(6 if bool(near.any()) else 0):
            step = step / 2
            closer = near & self._works(line, symbol, original, rows, (found + step)[None])[0]
            found = torch.where(closer, found + step, found)
        factor[rows] = found
        return factor

    def _works(self, line: Assume, symbol: sp.Basic, original: Tensor, rows: Tensor, factors: Tensor) -> Tensor:
        """Whether the hypothesis holds in the given rows with ``symbol`` times each of the factors, (times, rows)."""
        times = len(factors)
        known = {**self.values, symbol: original}
        values = {s: v[rows].repeat(times, *(1 for _ in v.shape[1:])) for s, v in known.items()}
        values[symbol] = values[symbol] * factors.reshape(-1, *(1 for _ in original.shape[1:]))
        held = holds(line.formula, Batch(self.sizes, values, self.device, count=times * len(rows)))
        return held.reshape(times, len(rows))


def draw(layout: Layout, recipe: Recipe, chunk: int, count: int, device: str) -> Drawn:
    """``count`` instances from a recipe; the same for the same recipe, chunk, versions and device."""
    return Drawing(layout, recipe, chunk, count, device).run()
