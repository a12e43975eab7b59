"""Rules of the float reader for what is computed from singular values.

Only singular values are computed where only they are needed; singular vectors where a formula names a truncation or a
vector. An instance that is not finite gets NaN, the others of its batch their values.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, reduce
from typing import Any

import sympy as sp
import torch
from sympy.matrices.expressions import MatAdd, MatMul, MatrixSymbol, Trace, Transpose
from torch import Tensor

from verify.formula.floats_batch import Batch
from verify.formula.floats_nodes import common_shape, select, tensor
from verify.formula.floats_plan import Plan, Run, free_symbols, plan, rule
from verify.formula.vocabulary import (
    CountAbove,
    EffectiveRank,
    EffectiveRankL1,
    Energy,
    Entry,
    FrobeniusNorm,
    LeftSingular,
    Member,
    NuclearNorm,
    Rank,
    RightSingular,
    Sigma,
    SpectralNorm,
    Thresholded,
    ThresholdRank,
    Truncated,
)

LinAlgError: type[Exception] = torch.linalg.LinAlgError  # type: ignore[attr-defined]
EPSILON = torch.finfo(torch.float64).eps
VECTORS = (LeftSingular, RightSingular, Truncated, Thresholded)
Triples = tuple[Tensor, Tensor, Tensor]


@lru_cache(maxsize=65536)
def needs_vectors(expr: sp.Basic) -> frozenset[sp.Basic]:
    """The matrices whose singular vectors an expression needs: their singular values come from the same call."""
    own = frozenset({expr.args[0]}) if isinstance(expr, VECTORS) else frozenset()
    return own.union(*(needs_vectors(arg) for arg in expr.args))


def decompose(matrices: Tensor, function: Callable[[Tensor], Any]) -> Any:
    """``function`` of the matrices, NaN for those that are not finite or for which LAPACK does not converge."""
    if not bool(matrices.detach().sum().isfinite()):
        finite = matrices.detach().isfinite().all(-1).all(-1)
        if not bool(finite.all()):
            clean = torch.where(finite[..., None, None], matrices, 0.0)
            return _each(lambda value: _blot(value, finite), decompose(clean, function))
    try:
        return function(matrices)
    except LinAlgError:
        return _one_by_one(matrices, function)


def _each(function: Callable[..., Tensor], *values: Any) -> Any:
    """A function of tensors, applied to the members of tuples of tensors."""
    if isinstance(values[0], Tensor):
        return function(*values)
    return tuple(function(*members) for members in zip(*values, strict=True))


def _blot(value: Tensor, kept: Tensor) -> Tensor:
    return torch.where(kept.reshape(kept.shape + (1,) * (value.ndim - kept.ndim)), value, torch.nan)


def _one_by_one(matrices: Tensor, function: Callable[[Tensor], Any]) -> Any:
    """As :func:`decompose`, where one matrix of the batch keeps the others from a result."""
    results = []
    for one in matrices.reshape(-1, *matrices.shape[-2:]):
        try:
            results.append(function(one))
        except LinAlgError:
            results.append(_each(lambda value: torch.full_like(value, torch.nan), function(torch.zeros_like(one))))
    return _each(lambda *ones: torch.stack(ones).reshape(*matrices.shape[:-2], *ones[0].shape), *results)


def _svd(matrices: Tensor) -> Triples:
    """Thin SVD; the entry of largest modulus in each left singular vector is positive."""
    u, s, vh = torch.linalg.svd(matrices, full_matrices=False)
    largest = u.detach().abs().argmax(-2, keepdim=True)
    sign = torch.where(u.detach().gather(-2, largest) < 0, -1.0, 1.0)
    return u * sign, s, vh * sign.mT


@lru_cache(maxsize=65536)
def triples(matrix: sp.Basic) -> Plan:
    """Plan of the thin SVD (U, sigma, V')."""
    argument = plan(matrix)
    return Plan(matrix, free_symbols(matrix), lambda batch: decompose(argument(batch), _svd), 2)


@lru_cache(maxsize=65536)
def spectrum(matrix: sp.Basic) -> Plan:
    """Plan of the singular values, (B, axes, p), decreasing."""
    argument, full = plan(matrix), triples(matrix)

    def run(batch: Batch) -> Tensor:
        if matrix in batch.full or full in batch.cache:
            value: Tensor = full(batch)[1]
            return value
        values: Tensor = decompose(argument(batch), torch.linalg.svdvals)
        return values

    return Plan(matrix, free_symbols(matrix), run, 1)


@lru_cache(maxsize=65536)
def padded(matrix: sp.Basic) -> Plan:
    """Plan of (NaN, sigma_1, ..., sigma_p, 0): the conventions for an index before the first and beyond the last."""
    values = spectrum(matrix)

    def run(batch: Batch) -> Tensor:
        s: Tensor = values(batch)
        return torch.cat([torch.full_like(s[..., :1], torch.nan), s, _zero_like(s)], -1)

    return Plan(matrix, free_symbols(matrix), run, 1)


def _zero_like(s: Tensor) -> Tensor:
    """A zero for each matrix; NaN where its singular values are."""
    return s[..., :1].detach() * 0.0


@rule(Sigma)
def _sigma(expr: Any) -> Run:
    return lookup_table(padded(expr.args[0]), expr.args[1], 0)


def lookup_table(table: Plan, index_expr: Any, shift: int) -> Run:
    """Looks an index up in a table whose position 0 is NaN and whose last position stands for all beyond."""
    index = plan(index_expr)
    return lambda batch: select(table(batch), index_expr, _integer_or_nan(index(batch)), shift, batch)


def _integer_or_nan(index: Any) -> Any:
    """A plain number as an integer, one that lies before every table where it is none."""
    if isinstance(index, Tensor):
        return index
    return int(index) if index.is_integer() else -(1 << 60)


@rule(Rank)
def _rank(expr: Any) -> Run:
    """Singular values above sigma_1 max(m, n) eps (Golub and Van Loan 2013, section 5.4.1).

    For a computed matrix sigma_1 gives way to the size of what it was computed from, where that is larger: A - A_k of a
    matrix of rank k is rounding, and its rank 0.
    """
    matrix = expr.args[0]
    values, computed = spectrum(matrix), not isinstance(matrix, (MatrixSymbol, Member))

    def run(batch: Batch) -> Tensor:
        s: Tensor = values(batch).detach()
        size = torch.maximum(s[..., 0], ingredients(matrix, batch)) if computed else s[..., 0]
        above: Tensor = s > size[..., None] * (max(batch.size(length) for length in matrix.shape) * EPSILON)
        return above.sum(-1).to(torch.float64) + _zero_like(s)[..., 0]

    return run


def ingredients(expr: Any, batch: Batch) -> Any:
    """The magnitude of the terms of a sum and of the factors of a product, not of what they cancel to, (B, axes).

    Rounding errors are to be compared with this (Higham 2002, section 3.1). An estimate: no verdict rests on it.
    """
    match expr:
        case sp.Add() | MatAdd():
            return reduce(torch.maximum, [tensor(ingredients(term, batch), batch) for term in expr.args])
        case sp.Mul() | MatMul():
            return reduce(torch.mul, [tensor(ingredients(factor, batch), batch) for factor in expr.args])
        case sp.Pow() if expr.exp.is_number and expr.exp.is_positive:
            return tensor(ingredients(expr.base, batch), batch) ** float(expr.exp)
        case FrobeniusNorm() | SpectralNorm() | NuclearNorm() | Sigma() | Entry() | Trace():
            return ingredients(expr.args[0], batch)
        case Transpose() | Truncated() | Thresholded():
            return ingredients(expr.args[0], batch)
        case _:
            value = tensor(plan(expr)(batch), batch).detach()
            return frobenius(value) if expr.is_Matrix else value.abs()


@rule(FrobeniusNorm)
def _frobenius(expr: Any) -> Run:
    argument = plan(expr.args[0])
    return lambda batch: frobenius(argument(batch))


def frobenius(value: Tensor) -> Tensor:
    """The norm from the entries, rescaled where squares would leave the range of float64."""
    norm: Tensor = torch.linalg.vector_norm(value, dim=(-2, -1))
    if bool(((norm < 1e-140) | (norm > 1e140)).any()):
        largest = value.detach().abs().amax((-2, -1))
        scale = torch.where((largest > 0) & largest.isfinite(), largest, 1.0)
        norm = torch.linalg.vector_norm(value / scale[..., None, None], dim=(-2, -1)) * scale
    return norm


@rule(SpectralNorm)
def _spectral(expr: Any) -> Run:
    values = spectrum(expr.args[0])
    return lambda batch: values(batch)[..., 0]


@rule(NuclearNorm)
def _nuclear(expr: Any) -> Run:
    values = spectrum(expr.args[0])
    return lambda batch: values(batch).sum(-1)


@lru_cache(maxsize=65536)
def energies(matrix: sp.Basic) -> Plan:
    """Plan of (NaN, E(0), E(1), ..., E(p)); NaN throughout where the matrix is zero."""
    values = spectrum(matrix)

    def run(batch: Batch) -> Tensor:
        s: Tensor = values(batch)
        sums = (s / s[..., :1]).square().cumsum(-1)
        shares = sums / sums[..., -1:]
        return torch.cat([torch.full_like(shares[..., :1], torch.nan), shares[..., :1] * 0.0, shares], -1)

    return Plan(matrix, free_symbols(matrix), run, 1)


@rule(Energy)
def _energy(expr: Any) -> Run:
    return lookup_table(energies(expr.args[0]), expr.args[1], 1)


@rule(ThresholdRank)
def _threshold_rank(expr: Any) -> Run:
    table, level = energies(expr.args[0]), plan(expr.args[1])

    def run(batch: Batch) -> Tensor:
        shares: Tensor = table(batch).detach()[..., 1:]
        tau = tensor(level(batch), batch)
        below = (shares < tau[..., None]).sum(-1).to(torch.float64)
        none = below == shares.shape[-1]
        return torch.where(none, torch.nan, below) + shares[..., 0] + tau.detach() * 0.0

    return run


@rule(CountAbove)
def _count_above(expr: Any) -> Run:
    values, level = spectrum(expr.args[0]), plan(expr.args[1])

    def run(batch: Batch) -> Tensor:
        s: Tensor = values(batch).detach()
        threshold = tensor(level(batch), batch).detach()
        above: Tensor = s > threshold[..., None]
        return above.sum(-1).to(torch.float64) + _zero_like(s)[..., 0] + threshold * 0.0

    return run


def perplexity(weights: Tensor) -> Tensor:
    """exp of the entropy of weights made to sum to 1, with 0 log 0 = 0; NaN where all are 0."""
    p = weights / weights.sum(-1, keepdim=True)
    inside = torch.where(p > 0, p, 1.0)  # log 1 = 0, and no infinite slope at p = 0
    value = torch.exp(-(inside * inside.log()).sum(-1))
    return value + p[..., 0].detach() * 0.0


@rule(EffectiveRank)
def _effective_rank(expr: Any) -> Run:
    values = spectrum(expr.args[0])

    def run(batch: Batch) -> Tensor:
        s: Tensor = values(batch)
        return perplexity((s / s[..., :1]).square())

    return run


@rule(EffectiveRankL1)
def _effective_rank_l1(expr: Any) -> Run:
    values = spectrum(expr.args[0])

    def run(batch: Batch) -> Tensor:
        s: Tensor = values(batch)
        return perplexity(s / s[..., :1])

    return run


# --- matrices from singular triples ------------------------------------------------------------------------


def _rebuild(u: Tensor, s: Tensor, vh: Tensor, kept: Tensor, valid: Tensor) -> Tensor:
    """The sum of the kept triples; NaN where ``valid`` is false."""
    weights = torch.where(kept, s, 0.0)
    weights = torch.where(valid[..., None], weights, torch.nan)
    return (u * weights[..., None, :]) @ vh


@rule(Truncated)
def _truncated(expr: Any) -> Run:
    full, index = triples(expr.args[0]), plan(expr.args[1])

    def run(batch: Batch) -> Tensor:
        u, s, vh = full(batch)
        k = tensor(index(batch), batch)
        position = torch.arange(1, s.shape[-1] + 1, dtype=torch.float64, device=s.device)
        return _rebuild(u, s, vh, position <= k[..., None], (k >= 0) & (k == k.floor()))

    return run


@rule(Thresholded)
def _thresholded(expr: Any) -> Run:
    full, level = triples(expr.args[0]), plan(expr.args[1])

    def run(batch: Batch) -> Tensor:
        u, s, vh = full(batch)
        threshold = tensor(level(batch), batch)
        return _rebuild(u, s, vh, s > threshold[..., None], ~threshold.isnan())

    return run


@rule(LeftSingular)
def _left(expr: Any) -> Run:
    full, index = triples(expr.args[0]), plan(expr.args[1])
    return lambda batch: _vector(full(batch)[0].mT, tensor(index(batch), batch))


@rule(RightSingular)
def _right(expr: Any) -> Run:
    full, index = triples(expr.args[0]), plan(expr.args[1])
    return lambda batch: _vector(full(batch)[2], tensor(index(batch), batch))


def _vector(rows: Tensor, index: Tensor) -> Tensor:
    """Row number ``index``, counted from 1, as a column; NaN where there is none."""
    table = torch.cat([torch.full_like(rows[..., :1, :], torch.nan), rows], -2).mT
    inside = (index >= 1) & (index < table.shape[-1]) & (index == index.floor())
    where = torch.where(inside, index, 0.0).long()
    shape = common_shape(table.shape[:-2], where.shape)
    wide = table.expand(*shape, *table.shape[-2:])
    place = where.expand(shape)[..., None, None].expand(*shape, table.shape[-2], 1)
    return wide.gather(-1, place)
