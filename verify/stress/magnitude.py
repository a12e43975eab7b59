"""How large the numbers are from which a value was computed: what rounding errors are to be compared with.

``||W - W_k||_F`` of a matrix of rank k is rounding, whatever it is relative to itself; relative to ||W||_F it is seen
to be. ``size(expr)`` is a formula for that second figure: norms of the ingredients instead of their differences. It
is an estimate for sorting suspects, bounds nothing, and no verdict depends on it but the count of suspects left
unexamined.
"""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import mul
from typing import Any

import sympy as sp
import torch
from sympy.matrices.expressions import HadamardProduct, MatAdd, MatMul, Transpose
from torch import Tensor

from verify.formula.floats import Batch, evaluate
from verify.formula.vocabulary import (
    Entry,
    FrobeniusNorm,
    HStack,
    NuclearNorm,
    Sigma,
    SpectralNorm,
    Thresholded,
    Truncated,
)

SMALLEST = 2.0**-1000
"""Keeps 0/0 from being NaN: two sides that are both exactly 0 differ by nothing."""


@lru_cache(maxsize=4096)
def size(expr: Any) -> Any:
    """A formula for the magnitude of the ingredients of a scalar formula."""
    match expr:
        case sp.Add():
            return sp.Add(*(size(a) for a in expr.args))
        case sp.Mul():
            return sp.Mul(*(size(a) for a in expr.args))
        case sp.Pow() if expr.exp.is_number and expr.exp.is_positive:
            return size(expr.base) ** expr.exp
        case sp.Sum():
            return sp.Sum(size(expr.function), *expr.limits)
        case sp.Max() | sp.Min():
            return sp.Max(*(size(a) for a in expr.args))
        case sp.Abs():
            return size(expr.args[0])
        case Sigma() | SpectralNorm() | FrobeniusNorm() | NuclearNorm() | Entry() | sp.Trace():
            return norm(expr.args[0])
        case _:
            # Evaluated, sympy 1.14 may turn a difference of matrices inside into a number.
            return sp.Abs(expr, evaluate=expr.is_number)


@lru_cache(maxsize=4096)
def norm(matrix: Any) -> Any:
    """A formula for the Frobenius norm of a matrix, of its ingredients where it is a sum, a product or a truncation."""
    match matrix:
        case MatAdd() | HStack():
            return sp.Add(*(norm(a) for a in matrix.args))
        case MatMul() | HadamardProduct():
            return reduce(mul, (norm(a) if getattr(a, "is_Matrix", False) else size(a) for a in matrix.args))
        case Transpose() | Truncated() | Thresholded():
            return norm(matrix.args[0])
        case sp.ZeroMatrix():
            return sp.Integer(0)
        case _:
            return FrobeniusNorm(matrix)


def violation_of_size(relation: Any, batch: Batch) -> Tensor:
    """|left - right| over the magnitude of the ingredients of both sides, (B, axes)."""
    left, right = relation.args
    gap: Tensor = evaluate(left, batch).detach() - evaluate(right, batch).detach()
    if left.is_Matrix:
        distance, scale = torch.linalg.vector_norm(gap, dim=(-2, -1)), norm(left) + norm(right)
    else:
        distance, scale = gap.abs(), size(left) + size(right)
    share: Tensor = distance / evaluate(scale, batch).detach().clamp_min(SMALLEST)
    return share
