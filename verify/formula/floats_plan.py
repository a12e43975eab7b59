"""From a formula to a function of a batch, made once: the table of rules, and the plan that keeps what it computes.

A plan holds the plans of its parts, so that a batch costs a look-up and the kernels for each node.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.matrices.expressions import MatrixSymbol

from verify.formula.vocabulary import FormulaError, LayerFamily

if TYPE_CHECKING:
    from verify.formula.floats_batch import Batch

Run = Callable[["Batch"], Any]
Rule = Callable[[Any], Run]
RULES: dict[type, Rule] = {}
NAN = float("nan")


@lru_cache(maxsize=16384)
def fold(expr: sp.Basic, sizes: tuple[tuple[sp.Basic, int], ...]) -> float:
    """A scalar in sizes alone, evaluated by sympy and rounded once; NaN where it is not a real number."""
    value = sp.N(expr.xreplace({symbol: sp.Integer(size) for symbol, size in sizes}), 30)
    if value.is_extended_real is not True or not value.is_number:
        return NAN
    return float(value)


def lift(value: Any, axes: int, trailing: int) -> Any:
    """Inserts ``axes`` dimensions of length 1 before the last ``trailing`` ones."""
    if axes == 0 or isinstance(value, float):
        return value
    at = value.ndim - trailing
    return value[(slice(None),) * at + (None,) * axes]


class Plan:
    """A formula made ready: ``plan(batch)`` is its value, computed where its symbols are bound and kept there.

    ``trailing`` counts the dimensions after (B, axes): 0 for a scalar, 1 for a spectrum, 2 for a matrix.
    """

    __slots__ = ("expr", "foldable", "free", "run", "trailing")

    def __init__(self, expr: sp.Basic, free: frozenset[sp.Basic], run: Run, trailing: int) -> None:
        self.expr, self.free, self.run, self.trailing = expr, free, run, trailing
        self.foldable = trailing == 0 and not expr.has(sp.Sum, sp.Product, sp.MatrixBase, sp.MatrixExpr)

    def __call__(self, batch: Batch) -> Any:
        owner, axes = batch, 0
        while owner.parent is not None and owner.symbol not in self.free:
            axes += len(owner.axes) - len(owner.parent.axes)
            owner = owner.parent
        value = owner.cache.get(self)
        if value is None:
            if self.foldable and self.free <= owner.sizes.keys() and owner.parent is None:
                value = fold(self.expr, owner.sizes_key)
            else:
                value = self.run(owner)
            owner.cache[self] = value
        if isinstance(value, tuple):
            return tuple(lift(v, axes, t) for v, t in zip(value, (2, 1, 2), strict=True))
        return lift(value, axes, self.trailing)


def rule(*types: type) -> Callable[[Rule], Rule]:
    """Registers the rule that turns a node of these types into a function of a batch."""

    def register(build: Rule) -> Rule:
        RULES.update(dict.fromkeys(types, build))
        return build

    return register


@lru_cache(maxsize=65536)
def free_symbols(expr: sp.Basic) -> frozenset[sp.Basic]:
    """Free symbols, with the sizes of matrix symbols and families: what the value of the expression can depend on."""
    if isinstance(expr, MatrixSymbol):
        return frozenset({expr} | expr.shape[0].free_symbols | expr.shape[1].free_symbols)
    if isinstance(expr, LayerFamily):
        return frozenset({expr} | expr.length.free_symbols | expr.width.free_symbols)
    if isinstance(expr, sp.Symbol):
        return frozenset({expr})
    if isinstance(expr, (sp.Sum, sp.Product)):
        inside = free_symbols(expr.function)
        for symbol, low, high in expr.limits:
            inside = (inside - {symbol}) | free_symbols(low) | free_symbols(high)
        return inside
    return frozenset().union(*(free_symbols(arg) for arg in expr.args))


@lru_cache(maxsize=65536)
def plan(expr: sp.Basic) -> Plan:
    """The plan of a formula. Raises FormulaError naming the first node that the float reader does not know."""
    build = next((RULES[kind] for kind in type(expr).__mro__ if kind in RULES), None)
    if build is None:
        raise FormulaError(f"the float reader has no rule for {type(expr).__name__}, in {expr}")
    trailing = 2 if getattr(expr, "is_Matrix", False) else 0
    return Plan(expr, free_symbols(expr), build(expr), trailing)
