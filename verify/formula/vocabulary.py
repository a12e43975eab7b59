"""The words of the formula language: matrix symbols with symbolic sizes and the field's own functions.

Everything is a sympy expression and stays unevaluated; meaning lives in the readers. Indices count from 1,
as in the literature. Conventions that a reader must share are stated here, and only here:

- ``Sigma(W, i)`` is the i-th largest singular value, counted with multiplicity, and 0 for i > min(m, n)
  (Horn and Johnson 2013, section 2.6).
- ``Truncated(W, k)`` is the sum of the first k singular triples; it is determined by W only where
  sigma_k > sigma_{k+1} or k = 0 or k >= rank(W). A reader that needs a definite matrix says so elsewhere.
- ``Thresholded(W, t)`` keeps the triples whose singular value exceeds t.
- ``Softmax`` acts on rows; ``CausalSoftmax`` leaves out the entries above the diagonal.
- ``Exp``, ``Log`` act on entries. ``log`` and ``exp`` of scalars are sympy's.
- ``Energy(W, k)`` is the sum of the first k squared singular values over the sum of all; no value at W = 0.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions import HadamardProduct, Identity, KroneckerProduct, MatrixSymbol, OneMatrix

from verify.formula.nodes import FormulaError, MatrixNode, ScalarNode

# --- symbols -----------------------------------------------------------------------------------------------


def sizes(names: str) -> Any:
    """Symbols for numbers of rows and columns: positive integers. One name gives one symbol."""
    return sp.symbols(names, integer=True, positive=True)


def indices(names: str) -> Any:
    """Symbols for indices: integers."""
    return sp.symbols(names, integer=True)


def scalars(names: str, **assumptions: bool) -> Any:
    """Symbols for real numbers; the declared range of a ``positive`` or ``nonnegative`` one must say so."""
    return sp.symbols(names, real=True, **assumptions)


def matrix(name: str, rows: Any, cols: Any) -> MatrixSymbol:
    """A real rows x cols matrix."""
    return MatrixSymbol(name, rows, cols)


def vector(name: str, rows: Any) -> MatrixSymbol:
    """A real column of the given length."""
    return MatrixSymbol(name, rows, 1)


# --- scalar-valued functions of matrices -------------------------------------------------------------------


class Sigma(ScalarNode):
    """``Sigma(W, i)``: i-th largest singular value, i >= 1; 0 beyond min(m, n)."""

    arity = 2
    is_nonnegative = True


class Rank(ScalarNode):
    is_integer = True
    is_nonnegative = True


class FrobeniusNorm(ScalarNode):
    is_nonnegative = True


class SpectralNorm(ScalarNode):
    is_nonnegative = True


class NuclearNorm(ScalarNode):
    is_nonnegative = True


class Energy(ScalarNode):
    """``Energy(W, k)``: share of the squared Frobenius norm in the first k singular values."""

    arity = 2
    is_nonnegative = True


class EffectiveRank(ScalarNode):
    """exp of the entropy of sigma_i^2 / sum sigma^2: the variant of the text."""

    is_positive = True


class EffectiveRankL1(ScalarNode):
    """exp of the entropy of sigma_i / sum sigma (Roy and Vetterli 2007)."""

    is_positive = True


class ThresholdRank(ScalarNode):
    """``ThresholdRank(W, tau)``: the least k with Energy(W, k) >= tau."""

    arity = 2
    is_integer = True
    is_nonnegative = True


class CountAbove(ScalarNode):
    """``CountAbove(W, t)``: how many singular values exceed t."""

    arity = 2
    is_integer = True
    is_nonnegative = True


class Entry(ScalarNode):
    """``Entry(M, i, j)``: counted from 1; both indices must provably lie within the matrix."""

    arity = 3


# --- matrix-valued functions -------------------------------------------------------------------------------


class Truncated(MatrixNode):
    """``Truncated(W, k)``: the truncated singular value decomposition."""

    arity = 2


class Thresholded(MatrixNode):
    """``Thresholded(W, t)``: the singular triples whose value exceeds t."""

    arity = 2


class Softmax(MatrixNode):
    """Each row exponentiated and divided by its sum."""


class CausalSoftmax(MatrixNode):
    """Softmax of row i over its first i entries, zero above the diagonal; the argument is square."""


class Exp(MatrixNode):
    """Entrywise exponential."""


class Log(MatrixNode):
    """Entrywise logarithm; the entries must be positive."""


class LogSumExp(MatrixNode):
    """The column of log(sum_j exp(M_ij))."""

    @property
    def shape(self) -> tuple[Any, Any]:
        return (self.args[0].shape[0], sp.Integer(1))


class HStack(MatrixNode):
    """``HStack(A, B)``: two matrices with equally many rows side by side."""

    arity = 2
    matrices = 2

    @property
    def shape(self) -> tuple[Any, Any]:
        return (self.args[0].shape[0], self.args[0].shape[1] + self.args[1].shape[1])


class LeftSingular(MatrixNode):
    """``LeftSingular(W, i)``: a unit left singular vector; determined up to sign where sigma_i is simple."""

    arity = 2

    @property
    def shape(self) -> tuple[Any, Any]:
        return (self.args[0].shape[0], sp.Integer(1))


class RightSingular(MatrixNode):
    """``RightSingular(W, i)``: a unit right singular vector; determined up to sign where sigma_i is simple."""

    arity = 2

    @property
    def shape(self) -> tuple[Any, Any]:
        return (self.args[0].shape[1], sp.Integer(1))


class Gradient(MatrixNode):
    """``Gradient(f, X)``: the matrix of partial derivatives of the scalar f by the entries of the symbol X."""

    arity = 2
    matrices = 0

    @property
    def shape(self) -> tuple[Any, Any]:
        return tuple(self.args[1].shape)


# --- families of matrices: the layers of a network ---------------------------------------------------------


class LayerFamily(sp.Symbol):
    """A family W_1, ..., W_L of square matrices. Made by :func:`layers`; ``W[l]`` is a member.

    Rectangular layers embed by zero padding, which changes no product and no norm.
    """

    __slots__ = ("length", "width")

    def __new__(cls, name: str, length: Any, width: Any) -> Any:
        self = sp.Symbol.__xnew__(cls, name, real=True)  # uncached: the cache knows names alone, not sizes
        self.length, self.width = sp.sympify(length), sp.sympify(width)
        return self

    def __getnewargs_ex__(self) -> Any:
        return ((self.name, self.length, self.width), {})

    def _hashable_content(self) -> Any:
        return (*super()._hashable_content(), self.length, self.width)

    def __getitem__(self, index: Any) -> Any:
        return Member(self, index)


def layers(name: str, length: Any, width: Any) -> Any:
    """A family of ``length`` real width x width matrices."""
    return LayerFamily(name, length, width)


class Member(MatrixNode):
    """``Member(W, l)``: the l-th matrix of a family, 1 <= l <= length."""

    arity = 2
    matrices = 0

    @property
    def shape(self) -> tuple[Any, Any]:
        return (self.args[0].width, self.args[0].width)


class Chain(MatrixNode):
    """``Chain(W, l)``: the product W_l ... W_2 W_1; the identity for l = 0."""

    arity = 2
    matrices = 0

    @property
    def shape(self) -> tuple[Any, Any]:
        return (self.args[0].width, self.args[0].width)


# --- spellings ---------------------------------------------------------------------------------------------


def inner(left: Any, right: Any) -> Any:
    """The Frobenius inner product, trace(left' right)."""
    return sp.Trace(left.T * right)


def norm_sq(m: Any) -> Any:
    """The squared Frobenius norm."""
    return FrobeniusNorm(m) ** 2


def eq(a: Any, b: Any) -> Any:
    return sp.Eq(a, b, evaluate=False)


def le(a: Any, b: Any) -> Any:
    return sp.Le(a, b, evaluate=False)


def lt(a: Any, b: Any) -> Any:
    return sp.Lt(a, b, evaluate=False)


def ge(a: Any, b: Any) -> Any:
    return sp.Ge(a, b, evaluate=False)


def gt(a: Any, b: Any) -> Any:
    return sp.Gt(a, b, evaluate=False)


def ne(a: Any, b: Any) -> Any:
    return sp.Ne(a, b, evaluate=False)


def sigma_sum(f: Any, i: Any, low: Any, high: Any) -> Any:
    """The sum of f over i = low, ..., high; empty (zero) where high < low."""
    return sp.Sum(f, (i, low, high))


def product(f: Any, i: Any, low: Any, high: Any) -> Any:
    """The product of f over i = low, ..., high; empty (one) where high < low."""
    return sp.Product(f, (i, low, high))


__all__ = [
    "CausalSoftmax",
    "Chain",
    "CountAbove",
    "EffectiveRank",
    "EffectiveRankL1",
    "Energy",
    "Entry",
    "Exp",
    "FormulaError",
    "FrobeniusNorm",
    "Gradient",
    "HStack",
    "HadamardProduct",
    "Identity",
    "KroneckerProduct",
    "LayerFamily",
    "LeftSingular",
    "Log",
    "LogSumExp",
    "MatrixNode",
    "MatrixSymbol",
    "Member",
    "NuclearNorm",
    "OneMatrix",
    "Rank",
    "RightSingular",
    "ScalarNode",
    "Sigma",
    "Softmax",
    "SpectralNorm",
    "ThresholdRank",
    "Thresholded",
    "Truncated",
    "eq",
    "ge",
    "gt",
    "indices",
    "inner",
    "layers",
    "le",
    "lt",
    "matrix",
    "ne",
    "norm_sq",
    "product",
    "scalars",
    "sigma_sum",
    "sizes",
    "vector",
]
