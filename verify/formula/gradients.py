"""Gradients by the exact reader: written out in unknown entries, differentiated, and read at the entries given."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions import MatrixSymbol

from verify.formula.arithmetic import Undetermined
from verify.formula.assignment import Assignment, to_matrix
from verify.formula.exact import Surds
from verify.formula.signs import sign
from verify.formula.vocabulary import FormulaError


def derivative(node: Any, assignment: Assignment, bound: dict[Any, int]) -> list[list[Any]]:
    """The entries of ``Gradient(f, X)`` as numbers: f in unknown entries of X, differentiated, at the value of X.

    Raises NotExact where f cannot be written out, Undetermined where the derivative has no value there.
    """
    f, x = node.args
    if not isinstance(x, MatrixSymbol):
        raise FormulaError(f"{node}: differentiate by a matrix symbol, not by {x}")
    value = to_matrix(assignment.raw(x))
    rows, cols = value.shape
    unknown = sp.ImmutableMatrix(rows, cols, [sp.Dummy(f"x{i}", real=True) for i in range(rows * cols)])
    reader = Surds(Assignment({**assignment.known, x: unknown}, assignment.lets))
    reader._bound = bound
    scalar = reader.value(f)
    at = dict(zip(unknown, value, strict=True))
    slopes = [[sp.diff(scalar, unknown[i, j]) for j in range(cols)] for i in range(rows)]
    kinks = {s.args[0].xreplace(at) for row in slopes for d in row for s in d.atoms(sp.sign)}
    if any(sign(x) == 0 for x in kinks):  # the slope of |x|, to which sympy gives the value 0 at 0
        raise Undetermined(node, "has no value at a kink")
    gradient = [[d.xreplace(at) for d in row] for row in slopes]
    if any(d.has(sp.nan, sp.zoo, sp.oo) for row in gradient for d in row):
        raise Undetermined(node, "has no value there")
    return gradient
