"""Rules of the float reader for matrices: algebra, entrywise functions, families, gradients."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, reduce
from typing import Any

import sympy as sp
import torch
from sympy.matrices.expressions import (
    Determinant,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Trace,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.matexpr import MatrixElement
from torch import Tensor

from verify.formula.floats_batch import Batch
from verify.formula.floats_nodes import common_shape, take_last, tensor
from verify.formula.floats_plan import RULES, Plan, Run, free_symbols, plan, rule
from verify.formula.vocabulary import (
    CausalSoftmax,
    Chain,
    Entry,
    Exp,
    FormulaError,
    Gradient,
    HStack,
    Log,
    LogSumExp,
    Member,
    Softmax,
)

LARGEST_POWER_BITS = 31


def on_matrix(scalar: Any) -> Any:
    """A scalar shaped to multiply matrices."""
    return scalar if isinstance(scalar, float) else scalar[..., None, None]


def split_scalars(args: tuple[Any, ...]) -> tuple[Plan | None, list[Plan]]:
    """The scalar factor of a product, if any, and the plans of its matrices."""
    scalars = [arg for arg in args if not arg.is_Matrix]
    scalar = sp.Mul(*scalars, evaluate=len(scalars) > 1) if scalars else sp.S.One
    return (None if scalar == 1 else plan(scalar)), [plan(arg) for arg in args if arg.is_Matrix]


@rule(MatrixSymbol)
def _symbol(expr: Any) -> Run:
    return lambda batch: batch.lookup(expr)


@rule(sp.MatrixBase)
def _explicit(expr: Any) -> Run:
    entries = [plan(sp.sympify(entry)) for entry in expr]

    def run(batch: Batch) -> Tensor:
        values = [tensor(entry(batch), batch) for entry in entries]
        shape = common_shape(*(value.shape for value in values))
        flat = torch.stack([value.expand(shape) for value in values], -1)
        return flat.reshape(*flat.shape[:-1], *expr.shape)

    return run


def _constant(make: Callable[..., Tensor]) -> Callable[[Any], Run]:
    def build(expr: Any) -> Run:
        def run(batch: Batch) -> Tensor:
            rows, cols = (batch.size(size) for size in expr.shape)
            value = make(rows, cols, dtype=torch.float64, device=batch.device)
            return value.reshape((1,) * (1 + len(batch.axes)) + (rows, cols))

        return run

    return build


RULES[Identity] = _constant(torch.eye)
RULES[ZeroMatrix] = _constant(torch.zeros)
RULES[OneMatrix] = _constant(torch.ones)


# --- algebra -----------------------------------------------------------------------------------------------


@rule(MatAdd)
def _add(expr: Any) -> Run:
    split = [arg.as_coeff_mmul() if isinstance(arg, MatMul) else (sp.S.One, arg) for arg in expr.args]
    plus = [plan(arg) for arg, (sign, _) in zip(expr.args, split, strict=True) if sign != -1]
    minus = [plan(rest.args[0] if len(rest.args) == 1 else rest) if isinstance(rest, MatMul) else plan(rest)
             for sign, rest in split if sign == -1]  # fmt: skip

    def run(batch: Batch) -> Tensor:
        total: Tensor | None = reduce(torch.add, [p(batch) for p in plus]) if plus else None
        for p in minus:
            total = -p(batch) if total is None else total - p(batch)
        assert total is not None
        return total

    return run


@rule(MatMul)
def _mul(expr: Any) -> Run:
    scalar, matrices = split_scalars(expr.args)

    def run(batch: Batch) -> Tensor:
        value: Tensor = reduce(torch.matmul, [p(batch) for p in matrices])
        return value if scalar is None else on_matrix(scalar(batch)) * value

    return run


@rule(HadamardProduct)
def _hadamard(expr: Any) -> Run:
    scalar, matrices = split_scalars(expr.args)

    def run(batch: Batch) -> Tensor:
        value: Tensor = reduce(torch.mul, [p(batch) for p in matrices])
        return value if scalar is None else on_matrix(scalar(batch)) * value

    return run


@rule(HadamardPower)
def _hadamard_power(expr: Any) -> Run:
    base, exponent = plan(expr.base), plan(expr.exp)
    return lambda batch: torch.pow(base(batch), on_matrix(exponent(batch)))


@rule(KroneckerProduct)
def _kronecker(expr: Any) -> Run:
    matrices = [plan(arg) for arg in expr.args]

    def pair(a: Tensor, b: Tensor) -> Tensor:
        blocks = a[..., :, None, :, None] * b[..., None, :, None, :]
        return blocks.reshape(*blocks.shape[:-4], a.shape[-2] * b.shape[-2], a.shape[-1] * b.shape[-1])

    return lambda batch: reduce(pair, [p(batch) for p in matrices])


@rule(Transpose)
def _transpose(expr: Any) -> Run:
    argument = plan(expr.arg)
    return lambda batch: argument(batch).mT


def inverse(value: Tensor) -> Tensor:
    """The inverse; NaN where the matrix is singular in float64."""
    result, info = torch.linalg.inv_ex(value)
    return torch.where((info != 0)[..., None, None], torch.nan, result) if bool((info != 0).any()) else result


@rule(Inverse)
def _inverse(expr: Any) -> Run:
    argument = plan(expr.arg)
    return lambda batch: inverse(argument(batch))


@rule(MatPow)
def _power(expr: Any) -> Run:
    base, exponent = plan(expr.base), plan(expr.exp)
    return lambda batch: matrix_power(base(batch), tensor(exponent(batch), batch))


def matrix_power(base: Tensor, exponent: Tensor) -> Tensor:
    """Integer powers, an exponent for each matrix, by repeated squaring; NaN for an exponent that is not an integer."""
    whole = (exponent == exponent.floor()) & (exponent.abs() < 2**LARGEST_POWER_BITS)
    steps = torch.where(whole, exponent, 0.0).long()
    if bool((steps < 0).any()):
        base = torch.where((steps < 0)[..., None, None], inverse(base), base)
    steps = steps.abs()
    result = torch.eye(base.shape[-1], dtype=base.dtype, device=base.device)
    for bit in range(int(steps.max()).bit_length()):
        base = base @ base if bit else base
        result = torch.where(((steps >> bit) & 1 == 1)[..., None, None], result @ base, result)
    return torch.where(whole[..., None, None], result, torch.nan)


@rule(Trace)
def _trace(expr: Any) -> Run:
    argument = plan(expr.arg)
    return lambda batch: argument(batch).diagonal(dim1=-2, dim2=-1).sum(-1)


@rule(Determinant)
def _determinant(expr: Any) -> Run:
    argument = plan(expr.arg)
    return lambda batch: torch.linalg.det(argument(batch))


@rule(HStack)
def _hstack(expr: Any) -> Run:
    matrices = [plan(arg) for arg in expr.args]

    def run(batch: Batch) -> Tensor:
        values = [p(batch) for p in matrices]
        shape = common_shape(*(value.shape[:-2] for value in values))
        return torch.cat([value.expand(*shape, *value.shape[-2:]) for value in values], -1)

    return run


# --- entries -----------------------------------------------------------------------------------------------


def entry(value: Tensor, row: Tensor, col: Tensor) -> Tensor:
    """Entries counted from 0; NaN where an index is not that of an entry."""
    rows, cols = value.shape[-2:]
    inside = (row >= 0) & (row < rows) & (col >= 0) & (col < cols) & (row == row.floor()) & (col == col.floor())
    where = torch.where(inside, row * cols + col, float(rows * cols)).long()
    flat = value.reshape(*value.shape[:-2], -1)
    return take_last(torch.cat([flat, torch.full_like(flat[..., :1], torch.nan)], -1), where)


@rule(Entry)
def _entry(expr: Any) -> Run:
    argument, row, col = (plan(arg) for arg in expr.args)
    return lambda batch: entry(argument(batch), tensor(row(batch), batch) - 1, tensor(col(batch), batch) - 1)


@rule(MatrixElement)
def _element(expr: Any) -> Run:
    argument, row, col = (plan(arg) for arg in expr.args)
    return lambda batch: entry(argument(batch), tensor(row(batch), batch), tensor(col(batch), batch))


@rule(Softmax)
def _softmax(expr: Any) -> Run:
    argument = plan(expr.args[0])
    return lambda batch: torch.softmax(argument(batch), -1)


@rule(CausalSoftmax)
def _causal(expr: Any) -> Run:
    argument = plan(expr.args[0])

    def run(batch: Batch) -> Tensor:
        logits = argument(batch)
        above = torch.ones(logits.shape[-2:], dtype=torch.bool, device=logits.device).triu(1)
        return torch.softmax(logits.masked_fill(above, -torch.inf), -1)

    return run


@rule(Exp)
def _exp(expr: Any) -> Run:
    argument = plan(expr.args[0])
    return lambda batch: torch.exp(argument(batch))


@rule(Log)
def _log(expr: Any) -> Run:
    argument = plan(expr.args[0])
    return lambda batch: torch.log(argument(batch))


@rule(LogSumExp)
def _log_sum_exp(expr: Any) -> Run:
    argument = plan(expr.args[0])
    return lambda batch: torch.logsumexp(argument(batch), -1, keepdim=True)


# --- families ----------------------------------------------------------------------------------------------


def choose(family: Tensor, index: Tensor, first: int) -> Tensor:
    """Members (B, L, d, d) chosen by an index (B, axes) whose least value is ``first``; NaN for any other index."""
    missing = torch.full_like(family[:, :1], torch.nan)
    padded = torch.cat([family, missing], 1)
    last = first + family.shape[1] - 1
    inside = (index >= first) & (index <= last) & (index == index.floor())
    where = torch.where(inside, index - first, float(family.shape[1])).long()
    flat = where.reshape(where.shape[0], -1)
    if flat.shape[0] == 1:
        picked = padded[:, flat[0]]
    else:
        picked = padded[torch.arange(padded.shape[0], device=padded.device)[:, None], flat]
    return picked.reshape(picked.shape[0], *where.shape[1:], *family.shape[-2:])


@rule(Member)
def _member(expr: Any) -> Run:
    family, index = expr.args[0], plan(expr.args[1])
    return lambda batch: choose(batch.lookup(family), tensor(index(batch), batch), 1)


@rule(Chain)
def _chain(expr: Any) -> Run:
    products, index = chain_products(expr.args[0]), plan(expr.args[1])
    return lambda batch: choose(products(family_batch(batch, expr.args[0])), tensor(index(batch), batch), 0)


def family_batch(batch: Batch, family: Any) -> Batch:
    """The batch without axes in which a family is bound."""
    while batch.parent is not None and family not in batch.values:
        batch = batch.parent
    return batch


@lru_cache(maxsize=1024)
def chain_products(family: Any) -> Plan:
    """Plan of all products W_l ... W_1, l = 0, ..., L, of shape (B, L + 1, d, d)."""

    def run(batch: Batch) -> Tensor:
        members: Tensor = batch.lookup(family)
        totals = [torch.eye(members.shape[-1], dtype=members.dtype, device=members.device).expand_as(members[:, 0])]
        for layer in members.unbind(1):
            totals.append(layer @ totals[-1])
        return torch.stack(totals, 1)

    return Plan(family, free_symbols(family), run, 3)


# --- derivatives -------------------------------------------------------------------------------------------


@rule(Gradient)
def _gradient(expr: Any) -> Run:
    function, symbol = plan(expr.args[0]), expr.args[1]
    if not isinstance(symbol, MatrixSymbol):
        raise FormulaError(f"Gradient is by the entries of a matrix symbol, not by {symbol}")

    def run(batch: Batch) -> Tensor:
        differentiated = torch.is_grad_enabled() and batch.requires_grad()
        with torch.enable_grad():
            value = plan(symbol)(batch)
            free = value.expand(batch.count, *batch.axes, *value.shape[-2:]).clone()
            if not differentiated:
                free = free.detach().requires_grad_()
            total = tensor(function(batch.bind(symbol, free)), batch).sum()
            if not total.requires_grad:
                return torch.zeros_like(free)
            (slope,) = torch.autograd.grad(total, free, create_graph=differentiated, allow_unused=True)
        return torch.zeros_like(free) if slope is None else slope

    return run
