"""The float reader: formulas over a batch of instances in float64, on the CPU or an accelerator.

What comes out is a suspicion, never a decision: a negative margin is handed to exact or ball arithmetic. Conventions
are those of :mod:`verify.formula.vocabulary`; what has no value (sigma_0, the energy of the zero matrix, an index
outside a family) is NaN and stays NaN up to the margin, so that it can neither pass nor fail. Values are differentiable
by the entries of the matrices where the function is.

Imports torch: load it where matrices are drawn, not at the start of a program.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy as sp
import torch
from sympy.core.relational import Relational
from torch import Tensor

from verify.formula import floats_matrix  # noqa: F401  (registers the rules)
from verify.formula.floats_batch import Batch
from verify.formula.floats_nodes import tensor
from verify.formula.floats_plan import Plan, plan
from verify.formula.floats_spectrum import frobenius, ingredients, needs_vectors
from verify.formula.vocabulary import FormulaError

TINY = torch.finfo(torch.float64).tiny
EPSILON = torch.finfo(torch.float64).eps

__all__ = ["Batch", "compiled", "evaluate", "holds", "margin"]


def evaluate(expr: Any, batch: Batch) -> Tensor:
    """The value of a formula: scalars (B, axes), matrices (B, axes, rows, cols).

    Raises FormulaError for a node that the reader does not know or a symbol without a value.
    """
    expr = sp.sympify(expr)
    ready = plan(expr)
    batch.full.update(needs_vectors(expr))
    value = tensor(ready(batch), batch)
    return value.expand(batch.count, *batch.axes, *value.shape[value.ndim - ready.trailing :])


def margin(relation: Any, batch: Batch) -> Tensor:
    """How far each instance is from breaking the relation, (B, axes): negative is a violation, NaN stays NaN.

    For ``left <= right`` it is right - left over max(|left|, |right|). A strict relation or an inequality ``ne`` whose
    sides are equal gets the least negative normal number. For an equality it is minus the distance of the sides over
    the larger of them (Frobenius norm for matrices), hence negative at the level of rounding even where it is true.

    Raises FormulaError for a relation between a matrix and a number, or an order between matrices.
    """
    return compiled(relation)(batch)


@lru_cache(maxsize=4096)
def compiled(relation: Any) -> Callable[[Batch], Tensor]:
    """:func:`margin` of one relation, made ready once for many batches."""
    if not isinstance(relation, Relational):
        raise FormulaError(f"a margin is that of a relation such as le(a, b), not of {relation}")
    if relation.lhs.is_Matrix != relation.rhs.is_Matrix:
        raise FormulaError(f"one side of {relation} is a matrix and the other is not")
    left, right = plan(relation.lhs), plan(relation.rhs)
    measure = _measure(relation, left)
    vectors = needs_vectors(relation)

    def run(batch: Batch) -> Tensor:
        batch.full.update(vectors)
        value = measure(tensor(left(batch), batch), tensor(right(batch), batch))
        return value.expand(batch.count, *batch.axes)

    return run


def _measure(relation: Any, left: Plan) -> Callable[[Tensor, Tensor], Tensor]:
    if left.trailing == 2:
        if not isinstance(relation, (sp.Eq, sp.Ne)):
            raise FormulaError(f"matrices are compared by eq or ne, not as in {relation}")
        sign = -1.0 if isinstance(relation, sp.Eq) else 1.0
        return lambda a, b: _strict(sign * frobenius(a - b) / _scale(frobenius(a), frobenius(b)), sign > 0)
    if isinstance(relation, sp.Eq):
        return lambda a, b: -(a - b).abs() / _scale(a.abs(), b.abs())
    if isinstance(relation, sp.Ne):
        return lambda a, b: _strict((a - b).abs() / _scale(a.abs(), b.abs()), True)
    strict = isinstance(relation, (sp.Lt, sp.Gt))
    if isinstance(relation, (sp.Le, sp.Lt)):
        return lambda a, b: _strict((b - a) / _scale(a.abs(), b.abs()), strict)
    return lambda a, b: _strict((a - b) / _scale(a.abs(), b.abs()), strict)


def _scale(left: Tensor, right: Tensor) -> Tensor:
    return torch.maximum(left, right).clamp_min_(TINY)


def _strict(value: Tensor, strict: bool) -> Tensor:
    return torch.where(value == 0, -TINY, value) if strict else value


def holds(relation: Any, batch: Batch, tolerance: float = 1e3 * EPSILON) -> Tensor:
    """Whether each instance satisfies a hypothesis, (B, axes): inequalities as computed, equalities up to rounding.

    Rounding is relative to what the sides were computed from, so that ``A * B = 0`` can hold. A filter only: a
    certificate asks again, exactly.
    """
    if not isinstance(relation, sp.Eq):
        return margin(relation, batch).detach() >= 0
    left, right = evaluate(relation.lhs, batch).detach(), evaluate(relation.rhs, batch).detach()
    size = frobenius if relation.lhs.is_Matrix else torch.abs
    scale = torch.maximum(*(tensor(ingredients(side, batch), batch) for side in (relation.lhs, relation.rhs)))
    return size(left - right) <= tolerance * scale
