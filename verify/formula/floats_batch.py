"""A batch of float instances of a statement's symbols, and the axes along which indices are enumerated.

A scalar in a batch with axes a_1, ..., a_d has shape (B, a_1, ..., a_d), a matrix two more; a dimension along which
nothing varies has length 1, so that what does not depend on an index is computed once for all its values.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import sympy as sp
import torch
from sympy.matrices.expressions import MatrixSymbol
from torch import Tensor

from verify.formula.floats_plan import fold, plan
from verify.formula.vocabulary import FormulaError, LayerFamily

Number = float | Tensor
LONGEST_AXIS = 1 << 16


class Limits:
    """Where an index runs: one line of integers for all instances, and which of them lie within the limits of each.

    ``clean``: every limit is finite. One that is not leaves its instance without a meaning, the others untouched.
    """

    def __init__(self, batch: Batch, low: Number, high: Number, name: sp.Basic) -> None:
        self.low, self.high = low, high
        bottom, _, low_clean = _ends(low)
        _, top, high_clean = _ends(high)
        self.clean = low_clean and high_clean
        self.start = math.ceil(bottom)
        self.stop = max(self.start, math.floor(top))
        if self.stop - self.start >= LONGEST_AXIS:
            raise FormulaError(f"{name} runs from {self.start} to {self.stop}; an axis holds {LONGEST_AXIS} values")
        line = torch.arange(self.start, self.stop + 1, dtype=torch.float64, device=batch.device)
        self.line = line.reshape((1,) * (1 + len(batch.axes)) + (-1,))

    def above(self) -> Tensor | None:
        """Which positions reach the lower limit; None where all do."""
        if isinstance(self.low, Tensor):
            return self.line >= self.low[..., None]
        return None if math.isfinite(self.low) else self.line != self.line

    def below(self) -> Tensor | None:
        """Which positions stay within the upper limit; None where all do."""
        if isinstance(self.high, Tensor):
            return self.line <= self.high[..., None]
        return None if math.isfinite(self.high) and self.high >= self.start else self.line != self.line

    def within(self) -> Tensor:
        masks = [mask for mask in (self.above(), self.below()) if mask is not None]
        if not masks:
            return self.line == self.line
        return masks[0] if len(masks) == 1 else masks[0] & masks[1]


def _ends(limit: Number) -> tuple[float, float, bool]:
    """Least and greatest finite value of a limit, 0 if there is none, and whether all are finite."""
    if not isinstance(limit, Tensor):
        return (limit, limit, True) if math.isfinite(limit) else (0.0, 0.0, False)
    low, high = (float(end) for end in limit.detach().aminmax())
    if math.isfinite(low) and math.isfinite(high):
        return low, high, True
    finite = limit.detach()[limit.detach().isfinite()]
    return (float(finite.min()), float(finite.max()), False) if finite.numel() else (0.0, 0.0, False)


class Batch:
    """B instances: sizes common to all, a value per instance for every other symbol.

    ``values`` maps matrices to (B, rows, cols), scalars and indices to (B,), families to (B, L, d, d). What is computed
    is kept: a value looked up again, also from a batch with more axes, is not computed again. Tensors must therefore
    not be changed in place, and a batch first used under ``torch.no_grad`` is not for differentiating. ``mask`` of a
    batch made by :meth:`over` tells which values of the last axis an instance admits.

    Raises FormulaError where a value does not have the shape that its symbol declares.
    """

    def __init__(
        self,
        sizes: Mapping[sp.Symbol, int],
        values: Mapping[sp.Basic, Tensor],
        device: torch.device | str = "cpu",
        *,
        count: int | None = None,
    ) -> None:
        self.sizes = {symbol: int(size) for symbol, size in sizes.items()}
        self.sizes_key: tuple[tuple[sp.Basic, int], ...] = tuple(self.sizes.items())
        self.device = torch.device(device)
        self.values = {symbol: value.to(self.device, torch.float64) for symbol, value in values.items()}
        lengths = {len(value) for value in self.values.values()}
        if len(lengths | ({count} if count is not None else set())) > 1:
            raise FormulaError(f"the values of a batch have different numbers of instances: {sorted(lengths)}")
        self.count = count if count is not None else next(iter(lengths), 1)
        self.parent: Batch | None = None
        self.root: Batch = self
        self.symbol: sp.Basic | None = None
        self.axes: tuple[int, ...] = ()
        self.mask: Tensor | None = None
        self.start: int | None = None
        self.cache: dict[Hashable, Any] = {}
        self.full: set[sp.Basic] = set()
        for symbol, value in self.values.items():
            self._check(symbol, value)

    def _check(self, symbol: sp.Basic, value: Tensor) -> None:
        want: tuple[Any, ...] = ()
        if isinstance(symbol, MatrixSymbol):
            want = tuple(symbol.shape)
        elif isinstance(symbol, LayerFamily):
            want = (symbol.length, symbol.width, symbol.width)
        shape = tuple(fold(size, self.sizes_key) for size in want)
        given = tuple(value.shape[1 + len(self.axes) :])
        if value.ndim != 1 + len(self.axes) + len(want) or given != shape:
            raise FormulaError(f"{symbol} has shape {given} in the batch and is declared {want}, which is {shape}")

    def _child(self, symbol: sp.Basic, value: Tensor, axes: tuple[int, ...], mask: Tensor | None) -> Batch:
        child = object.__new__(Batch)
        child.sizes, child.sizes_key, child.device, child.count = self.sizes, self.sizes_key, self.device, self.count
        child.parent, child.root, child.full = self, self.root, self.full
        child.symbol, child.values, child.axes, child.mask, child.cache = symbol, {symbol: value}, axes, mask, {}
        child.start = None
        return child

    def bind(self, symbol: sp.Basic, value: Tensor) -> Batch:
        """The batch with one symbol (re)bound to a value that has all its axes, each of full length or of length 1."""
        value = value.to(self.device, torch.float64)
        self._check(symbol, value)
        return self._child(symbol, value, self.axes, None)

    def over(self, symbol: sp.Basic, low: Any, high: Any = None) -> Batch:
        """The batch with ``symbol`` enumerated on one more axis.

        ``over(k, values)``: the given values, (K,) or (B, K). ``over(k, low, high)``: the integers from the least lower
        to the greatest upper limit of any instance; limits are formulas, numbers or tensors (B,), and ``mask``, of
        shape (B, axes, K), tells where k lies within the limits of its own instance.
        """
        if high is None:
            given = torch.as_tensor(low).to(self.device, torch.float64)
            given = given[None] if given.ndim == 1 else given
            shaped = given.reshape(given.shape[0], *(1 for _ in self.axes), given.shape[-1])
            return self._child(symbol, shaped, (*self.axes, given.shape[-1]), None)
        limits = Limits(self, self._limit(low), self._limit(high), symbol)
        child = self.along(symbol, limits)
        child.mask = limits.within().expand(self.count, *child.axes)
        return child

    def along(self, symbol: sp.Basic, limits: Limits) -> Batch:
        """The batch with ``symbol`` enumerated over all positions of the limits, without the mask."""
        child = self._child(symbol, limits.line, (*self.axes, limits.line.shape[-1]), None)
        child.start = limits.start
        return child

    def _limit(self, value: Any) -> Number:
        if isinstance(value, Tensor):
            value = value.to(self.device, torch.float64)
            shaped: Tensor = value.reshape(value.shape + (1,) * (1 + len(self.axes) - value.ndim))
            return shaped
        limit: Number = plan(sp.sympify(value))(self)
        return limit

    def lookup(self, symbol: sp.Basic) -> Any:
        """The value of a symbol bound in this batch or a parent; a size is a float. FormulaError if there is none."""
        batch: Batch | None = self
        while batch is not None:
            if symbol in batch.values:
                return batch.values[symbol]
            batch = batch.parent
        if symbol in self.sizes:
            return float(self.sizes[symbol])
        raise FormulaError(f"{symbol} has no value in this batch; bind it, or expand the abbreviation it stands for")

    def requires_grad(self) -> bool:
        """Whether any value in scope is being differentiated."""
        own = any(value.requires_grad for value in self.values.values())
        return own or (self.parent is not None and self.parent.requires_grad())

    def size(self, expr: Any) -> int:
        """A number of rows, columns or layers."""
        value = self.sizes.get(expr)
        if value is None:
            number = fold(sp.sympify(expr), self.sizes_key)
            if not number.is_integer():
                raise FormulaError(f"the size {expr} is {number}; give a value for each size symbol in it")
            value = int(number)
        return value
