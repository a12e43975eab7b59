"""Rules of the float reader for scalars: numbers, arithmetic, sums and products over an index."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy as sp
import torch
from torch import Tensor

from verify.formula.floats_batch import Batch, Limits, Number
from verify.formula.floats_plan import RULES, Run, fold, plan, rule
from verify.formula.vocabulary import FormulaError, LayerFamily


def tensor(value: Number, batch: Batch) -> Tensor:
    """A scalar as a tensor with a dimension for the batch and one for each axis."""
    if isinstance(value, Tensor):
        return value
    return torch.full((1,) * (1 + len(batch.axes)), value, dtype=torch.float64, device=batch.device)


# --- numbers and symbols -----------------------------------------------------------------------------------


@rule(sp.Number, sp.NumberSymbol)
def _number(expr: Any) -> Run:
    value = fold(expr, ())
    return lambda batch: value


@rule(sp.Symbol)
def _symbol(expr: Any) -> Run:
    return lambda batch: batch.lookup(expr)


@rule(LayerFamily)
def _family(expr: Any) -> Run:
    raise FormulaError(f"the family {expr} stands where one matrix is meant; write {expr}[l]")


# --- arithmetic --------------------------------------------------------------------------------------------


def _fold_left(values: list[Any], of_floats: Callable[[Any, Any], Any], of_tensors: Callable[[Any, Any], Any]) -> Any:
    """Combines plain numbers first, then the tensors, so that each constant costs one kernel at most."""
    floats = [value for value in values if isinstance(value, float)]
    result: Any = None
    for value in floats:
        result = value if result is None else of_floats(result, value)
    for value in values:
        if not isinstance(value, float):
            result = value if result is None else of_tensors(result, value)
    return result


@rule(sp.Add)
def _add(expr: Any) -> Run:
    split = [arg.as_coeff_Mul() for arg in expr.args]
    plus = [plan(arg) for arg, (sign, _) in zip(expr.args, split, strict=True) if sign != -1]
    minus = [plan(rest) for sign, rest in split if sign == -1]

    def run(batch: Batch) -> Any:
        total: Any = _fold_left([p(batch) for p in plus], lambda a, b: a + b, lambda a, b: a + b)
        for p in minus:
            value = p(batch)
            total = -value if total is None else total - value
        return total

    return run


@rule(sp.Mul)
def _mul(expr: Any) -> Run:
    divides = [isinstance(arg, sp.Pow) and arg.exp.is_Rational and arg.exp.is_negative for arg in expr.args]
    over = [plan(arg) for arg, below in zip(expr.args, divides, strict=True) if not below]
    under = [plan(sp.Pow(arg.base, -arg.exp)) for arg, below in zip(expr.args, divides, strict=True) if below]

    def run(batch: Batch) -> Any:
        top = _fold_left([p(batch) for p in over], lambda a, b: a * b, lambda a, b: a * b)
        if not under:
            return top
        bottom = _fold_left([p(batch) for p in under], lambda a, b: a * b, lambda a, b: a * b)
        if isinstance(bottom, float):
            bottom = tensor(bottom, batch)  # so that division by zero gives inf or NaN, not an exception
        return torch.reciprocal(bottom) if top is None else top / bottom

    return run


@rule(sp.Pow)
def _pow(expr: Any) -> Run:
    base, exponent = plan(expr.base), plan(expr.exp)
    special: dict[Any, Callable[[Tensor], Tensor]] = {
        sp.Integer(2): torch.square,
        sp.Rational(1, 2): torch.sqrt,
        sp.Integer(-1): torch.reciprocal,
        sp.Rational(-1, 2): torch.rsqrt,
    }
    quick = special.get(expr.exp)
    if quick is not None:
        return lambda batch: quick(tensor(base(batch), batch))
    return lambda batch: torch.pow(tensor(base(batch), batch), exponent(batch))


def _extreme(expr: Any, of_floats: Callable[[Any, Any], Any], of_tensors: Callable[[Any, Any], Any]) -> Run:
    plans = [plan(arg) for arg in expr.args]

    def pair(left: Any, right: Tensor) -> Any:
        return of_tensors(right.new_tensor(left) if isinstance(left, float) else left, right)

    return lambda batch: _fold_left([p(batch) for p in plans], of_floats, pair)


@rule(sp.Min)
def _min(expr: Any) -> Run:
    return _extreme(expr, min, torch.minimum)


@rule(sp.Max)
def _max(expr: Any) -> Run:
    return _extreme(expr, max, torch.maximum)


def _unary(kind: type, function: Callable[[Tensor], Tensor]) -> None:
    def build(expr: Any) -> Run:
        argument = plan(expr.args[0])
        return lambda batch: function(tensor(argument(batch), batch))

    RULES[kind] = build


_unary(sp.Abs, torch.abs)
_unary(sp.exp, torch.exp)
_unary(sp.log, torch.log)
_unary(sp.floor, torch.floor)
_unary(sp.ceiling, torch.ceil)
_unary(sp.sign, torch.sign)


# --- sums and products over an index -----------------------------------------------------------------------


@rule(sp.Sum)
def _sum(expr: Any) -> Run:
    return _reduction(expr, 0.0, torch.sum, torch.cumsum)


@rule(sp.Product)
def _product(expr: Any) -> Run:
    return _reduction(expr, 1.0, torch.prod, torch.cumprod)


def _reduction(expr: Any, neutral: float, total: Callable[..., Tensor], running: Callable[..., Tensor]) -> Run:
    """Masked reduction over the index; by running totals where the summand does not depend on the outer axes."""
    if any(len(limit) != 3 for limit in expr.limits):
        raise FormulaError(f"{expr} has no limits; give the index of a sum or product a lower and an upper one")
    symbol, low_expr, high_expr = expr.limits[-1]  # the outermost; sympy keeps nested sums in one node
    inside = expr.func(expr.function, *expr.limits[:-1]) if len(expr.limits) > 1 else expr.function
    low_plan, high_plan, summand = plan(low_expr), plan(high_expr), plan(inside)
    integral = low_expr.is_integer is True and high_expr.is_integer is True

    def run(batch: Batch) -> Tensor:
        limits = Limits(batch, low_plan(batch), high_plan(batch), symbol)
        inner = batch.along(symbol, limits)
        terms = tensor(summand(inner), inner)
        fixed, low_moves, high_moves = not _moves(terms[..., 0]), _moves(limits.low), _moves(limits.high)
        if terms.shape[-1] == 1:
            terms = terms.expand(*terms.shape[:-1], limits.line.shape[-1])
        if fixed and low_moves and not high_moves:
            kept = _masked(terms, limits.below(), neutral)
            totals = running(kept.flip(-1), -1).flip(-1)  # summed from the end, so that nothing cancels
            totals = torch.cat([totals, torch.full_like(totals[..., :1], neutral)], -1)
            value = select(totals, low_expr, limits.low, -limits.start, batch)
        elif fixed and high_moves and not low_moves:
            totals = running(_masked(terms, limits.above(), neutral), -1)
            totals = torch.cat([torch.full_like(totals[..., :1], neutral), totals], -1)
            value = select(totals, high_expr, limits.high, 1 - limits.start, batch)
        else:
            value = total(torch.where(limits.within(), terms, neutral), -1)
        return value if integral and limits.clean else _or_nan(value, limits.low, limits.high)

    return run


def _masked(terms: Tensor, mask: Tensor | None, neutral: float) -> Tensor:
    return terms if mask is None else torch.where(mask, terms, neutral)


def _moves(value: Number) -> bool:
    """Whether a scalar varies along an axis other than that of the instances."""
    return isinstance(value, Tensor) and any(length != 1 for length in value.shape[1:])


@lru_cache(maxsize=65536)
def offset_from(symbol: Any, expr: Any) -> int | None:
    """c where the expression is symbol + c with an integer c, else None."""
    difference = expr - symbol if symbol is not None else None
    return int(difference) if difference is not None and difference.is_Integer else None


def select(table: Tensor, expr: Any, index: Number, shift: int, batch: Batch) -> Tensor:
    """``table[..., index + shift]``, the position clamped to the table; an index that is not a number takes position 0.

    ``table`` is (B, axes, p) with the axes of ``batch``, ``index`` the value of ``expr`` there. Where the index is the
    batch's own last axis, moved by a constant, and the table does not vary along it, this is a slice.
    """
    last = table.shape[-1] - 1
    if batch.start is not None and table.shape[-2] == 1:
        moved = offset_from(batch.symbol, expr)
        if moved is not None:
            first = batch.start + moved + shift
            if first >= 0 and first + batch.axes[-1] - 1 <= last:
                return table.squeeze(-2).narrow(-1, first, batch.axes[-1])
    if not isinstance(index, Tensor):
        return table[..., min(max(int(index) + shift, 0), last)]
    where = torch.where(index == index.floor(), index + shift, 0.0).clamp(0, last).long()
    return take_last(table, where)


def take_last(table: Tensor, where: Tensor) -> Tensor:
    """``table[..., where]`` with the other dimensions broadcast: (B, axes, p) and (B, axes) to (B, axes)."""
    if not _moves(table[..., 0]):  # one gather from the narrow table
        rows = where.reshape(where.shape[0], -1).expand(table.shape[0], -1)
        flat = table.reshape(table.shape[0], -1).expand(rows.shape[0], -1)
        return flat.gather(-1, rows).reshape(rows.shape[0], *where.shape[1:])
    shape = common_shape(table.shape[:-1], where.shape)
    return table.expand(*shape, -1).gather(-1, where.expand(shape)[..., None])[..., 0]


def common_shape(*shapes: torch.Size) -> torch.Size:
    return torch.broadcast_shapes(*shapes)  # type: ignore[no-untyped-call, no-any-return]


def _or_nan(value: Tensor, *limits: Number) -> Tensor:
    """NaN where a limit is not an integer: a masked sum would silently be empty or short there."""
    for limit in limits:
        if isinstance(limit, Tensor):
            value = torch.where((limit == limit.floor()) & limit.isfinite(), value, torch.nan)
        elif not limit.is_integer():
            value = torch.full_like(value, torch.nan)
    return value
