"""What must be known so that a formula means anything: its names, its sizes, the values of its functions.

A matrix of a negative number of rows does not exist, and rules that hold for every matrix prove anything of one. A name
that rules give to what they bind stands for nothing where it is free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp
from sympy.matrices.expressions import Identity, MatrixSymbol, OneMatrix, ZeroMatrix

from verify.formula import vocabulary as v
from verify.model.statement import symbols_of
from verify.proof.errors import ProofError
from verify.proof.identities import same_size

NO_VALUE_AT_ZERO = (v.Energy, v.EffectiveRank, v.EffectiveRankL1, v.ThresholdRank)
ENTRYWISE_POSITIVE = (v.Softmax, v.Exp)
SMOOTH = (sp.Add, sp.Mul, sp.exp, sp.Trace, sp.MatAdd, sp.MatMul, sp.Transpose, v.Softmax, v.Exp, v.LogSumExp)
Knows = Callable[[Any], bool]
"""Whether a relation between numbers is known."""


def require_written(expression: Any) -> None:
    """Raises ProofError for a free name of the kind that rules bind: no author may speak of it."""
    for symbol in symbols_of(expression):
        if isinstance(symbol, sp.Dummy):
            raise ProofError(f"{symbol} is a name that only rules may bind; make one with indices({str(symbol)!r})")


def require_sizes(expression: Any, existing: set[Any], knows: Knows) -> None:
    """Raises ProofError for a matrix whose sizes are not known to be integers, none negative.

    ``existing`` are matrices that certainly exist, declared or chosen; so do others of their sizes.
    """
    sizes = {size for matrix in existing for size in _shape(matrix)}
    for size, bound in sorted(_sizes(expression, frozenset()), key=str):
        if size in sizes or (size.is_integer and size.is_nonnegative and not bound):
            continue
        if not size.is_integer:
            raise ProofError(f"the size {size} is not known to be an integer")
        if bound or not (any(same_size(size, s) for s in sizes) or knows(sp.Ge(size, 0, evaluate=False))):
            raise ProofError(f"the size {size} is not known to be nonnegative")


def _shape(e: Any) -> tuple[Any, ...]:
    if isinstance(e, v.LayerFamily):
        return (e.length, e.width)
    return tuple(e.shape) if isinstance(e, (MatrixSymbol, Identity, ZeroMatrix, OneMatrix)) else ()


def _sizes(e: Any, names: frozenset[Any]) -> Iterator[tuple[Any, bool]]:
    """The sizes in ``e``, each with whether it depends on a name that a sum around it binds."""
    for size in _shape(e):
        yield size, bool(symbols_of(size) & names)
    if isinstance(e, (sp.Sum, sp.Product)):
        names = names | {limit[0] for limit in e.limits}
    for a in getattr(e, "args", ()):
        yield from _sizes(a, names)


def no_value_at(formula: Any, knows: Knows) -> str | None:
    """Which function of a matrix in ``formula`` may have no value; None where each has one."""
    partial = (*NO_VALUE_AT_ZERO, v.Log, v.Gradient)
    for node in sorted((e for e in sp.preorder_traversal(formula) if isinstance(e, partial)), key=str):
        w = node.args[0]
        if isinstance(node, NO_VALUE_AT_ZERO) and not _known_nonzero(w, knows):
            return f"{w} is not known to be nonzero"
        if isinstance(node, v.ThresholdRank) and not knows(sp.Le(node.args[1], 1, evaluate=False)):
            return f"the threshold {node.args[1]} is not known to be reached"
        if isinstance(node, v.Log) and not isinstance(w, ENTRYWISE_POSITIVE):
            return f"the entries of {w} are not known to be positive"
        if isinstance(node, v.Gradient) and not _smooth(*node.args):
            return f"{w} is not known to be differentiable everywhere"
    return None


def _smooth(f: Any, x: Any) -> bool:
    """Whether f is made of the entries of x by what is differentiable everywhere."""
    if f == x or x not in symbols_of(f):
        return True
    if isinstance(f, (sp.Pow, sp.MatPow)):
        whole = f.exp.is_Integer and f.exp.is_positive
        base = f.base.args[0] if isinstance(f.base, v.FrobeniusNorm) and f.exp.is_even else f.base
        return bool(whole) and _smooth(base, x)
    return isinstance(f, SMOOTH) and all(_smooth(a, x) for a in f.args)


def _known_nonzero(w: Any, knows: Knows) -> bool:
    return any(knows(sp.Gt(size, 0, evaluate=False)) for size in (v.Rank(w), v.FrobeniusNorm(w), v.Sigma(w, 1)))


__all__ = ["no_value_at", "require_sizes", "require_written"]
