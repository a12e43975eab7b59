"""What all nodes of the formula language have in common: they check their arguments and stay unevaluated."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions import MatrixExpr
from sympy.matrices.expressions.matexpr import MatrixElement


class FormulaError(ValueError):
    """A formula that cannot be built or read; the message names the node and the mend."""


def _arguments(node: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments as sympy has them. Raises FormulaError unless they are so many, the leading ones matrices."""
    args = tuple(sp.sympify(a) for a in args)
    if len(args) != node.arity:
        raise FormulaError(f"{node.__name__} takes {node.arity} arguments, not {len(args)}")
    for a in args[: node.matrices]:
        if not getattr(a, "is_Matrix", False):
            raise FormulaError(f"{node.__name__}: {a} is not a matrix; declare it with matrix(name, rows, cols)")
    return args


class ScalarNode(sp.Expr):
    """A real number computed from matrices. ``arity`` counts the arguments, ``matrices`` the leading matrix ones."""

    is_commutative = True
    is_extended_real = True
    arity = 1
    matrices = 1

    def __new__(cls, *args: Any) -> Any:
        return sp.Expr.__new__(cls, *_arguments(cls, args))

    def doit(self, **_: Any) -> Any:
        return self


class MatrixNode(MatrixExpr):
    """A matrix computed from matrices; the first ``matrices`` arguments are matrices."""

    arity = 1
    matrices = 1

    def __new__(cls, *args: Any) -> Any:
        return MatrixExpr.__new__(cls, *_arguments(cls, args))

    @property
    def shape(self) -> tuple[Any, Any]:
        return tuple(self.args[0].shape)

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        return MatrixElement(self, i, j)

    def doit(self, **_: Any) -> Any:
        return self
