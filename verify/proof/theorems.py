"""Named theorems that proofs may cite: each a statement with its source, stress-tested as such by the tests.

Two kinds: definitions and elementary properties of the functions of the vocabulary, and classical theorems. A claim
must never be proved by a "theorem" that merely restates it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from pydantic import BaseModel, ConfigDict
from sympy.matrices.expressions import MatrixSymbol

from verify.formula.vocabulary import (
    CausalSoftmax,
    Chain,
    CountAbove,
    Energy,
    Entry,
    FrobeniusNorm,
    LayerFamily,
    LeftSingular,
    Log,
    LogSumExp,
    Member,
    OneMatrix,
    Rank,
    Sigma,
    Softmax,
    SpectralNorm,
    Thresholded,
    Truncated,
    eq,
    ge,
    gt,
    indices,
    layers,
    le,
    matrix,
    norm_sq,
    scalars,
    sigma_sum,
    sizes,
)
from verify.model.statement import Assume, Declared, Index, Layers, Matrix, Real, Size, Statement
from verify.proof.errors import ProofError
from verify.proof.identities import same_size
from verify.proof.lines import Formula, hypotheses, substitute


class NamedTheorem(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    name: str
    source: str
    statement: Statement


LIBRARY: dict[str, NamedTheorem] = {}


def _state(key: str, name: str, source: str, given: list[Declared], says: Any) -> None:
    LIBRARY[key] = NamedTheorem(name=name, source=source, statement=Statement(given=tuple(given), says=(says,)))


def instantiate(theorem: NamedTheorem, to: Mapping[str, Any]) -> tuple[list[Formula], Formula]:
    """Premises and conclusion of the theorem with its symbols, called by name, replaced; sizes follow from the shapes.

    Raises ProofError for a symbol left open or unknown, and for shapes that cannot be matched.
    """
    mapping: dict[Any, Any] = {}
    symbols = {str(line.introduces): line for line in theorem.statement.given if line.introduces is not None}
    for name, value in to.items():
        if name not in symbols or isinstance(symbols[name], Size):
            choices = ", ".join(n for n, line in symbols.items() if not isinstance(line, Size))
            raise ProofError(f"{theorem.name} has no symbol {name} to choose; it has {choices}")
        value = sp.sympify(value)
        _match(symbols[name], value, mapping, theorem.name)
        mapping[symbols[name].introduces] = value
    open_symbols = [n for n, line in symbols.items() if line.introduces not in mapping]
    if open_symbols:
        raise ProofError(f"{theorem.name}: {', '.join(open_symbols)} is left open")
    (conclusion,) = theorem.statement.says
    return [substitute(p, mapping) for p in _premises(theorem.statement)], substitute(conclusion, mapping)


def _premises(statement: Statement) -> list[Formula]:
    """The hypotheses, without the upper ends that are there for the search alone (:func:`_any_index`)."""
    out = []
    for line in statement.given:
        ends = hypotheses(Statement.model_construct(given=(line,), says=()))
        out += ends[:1] if isinstance(line, Index) and line.high == BEYOND else ends
    return out


def _match(line: Declared, value: Any, mapping: dict[Any, Any], name: str) -> None:
    """Sizes that follow from the value. Raises ProofError for a value of another kind than the symbol's."""
    symbol: Any = line.introduces
    if isinstance(line, (Matrix, Layers)):
        _match_sizes(symbol, value, mapping, name)
    elif not isinstance(value, sp.Expr) or getattr(value, "is_Matrix", False):
        raise ProofError(f"{name}: {symbol} stands for a number, not for {value}")
    elif isinstance(line, Index) and not value.is_integer:
        raise ProofError(f"{name}: {symbol} is an integer, and {value} is not known to be one")


def _match_sizes(symbol: Any, value: Any, mapping: dict[Any, Any], name: str) -> None:
    if isinstance(symbol, MatrixSymbol):
        if not getattr(value, "is_Matrix", False):
            raise ProofError(f"{name}: {value} is not a matrix")
        pairs = list(zip(symbol.shape, value.shape, strict=True))
    elif isinstance(symbol, LayerFamily):
        if not isinstance(value, LayerFamily):
            raise ProofError(f"{name}: {value} is not a family of matrices")
        pairs = [(symbol.length, value.length), (symbol.width, value.width)]
    else:
        return
    for formal, actual in pairs:
        if formal.is_Symbol:
            if not same_size(mapping.setdefault(formal, actual), actual):
                raise ProofError(f"{name}: {formal} would be both {mapping[formal]} and {actual}")
        elif not same_size(formal, actual):
            raise ProofError(f"{name}: {value} should have a side of {formal}, not {actual}")


m, n, p = sizes("m n p")
L, d = sizes("L d")
i, j, k, l = indices("i j k l")
t = scalars("t")
A, B, W = matrix("A", m, n), matrix("B", m, n), matrix("W", m, n)
C = matrix("C", n, p)
S = matrix("S", n, n)
V = layers("V", L, d)
c = scalars("c")

_sizes: list[Declared] = [Size(symbol=m), Size(symbol=n)]
_w = [*_sizes, Matrix(symbol=W)]
_ab = [*_sizes, Matrix(symbol=A), Matrix(symbol=B)]
_ac = [*_sizes, Size(symbol=p), Matrix(symbol=A), Matrix(symbol=C)]
_family: list[Declared] = [Size(symbol=L), Size(symbol=d), Layers(symbol=V)]

SVD = "existence of the singular value decomposition; Horn and Johnson 2013, Theorem 2.6.3"
DEFINITION = "definition"


BEYOND = sp.Max(m, n) + 1


def _at_least(name: str, formula: Any) -> Assume:
    return Assume(name=name, formula=formula)


def _any_index(symbol: sp.Symbol, low: Any) -> list[Declared]:
    """An index bounded below only. The end is for the search alone, which must stop somewhere; it is no premise."""
    return [Index(symbol=symbol, low=low, high=BEYOND)]


# --- the singular value decomposition ----------------------------------------------------------------------
_state(
    "order",
    "singular values are ordered",
    SVD,
    [*_w, *_any_index(j, 1), *_any_index(i, j)],
    le(Sigma(W, i), Sigma(W, j)),
)
_state(
    "positive",
    "singular values up to the rank are positive",
    SVD,
    [*_w, Index(symbol=i, low=1, high=Rank(W))],
    gt(Sigma(W, i), 0),
)
_state(
    "beyond-rank",
    "singular values beyond the rank are zero",
    SVD,
    [*_w, *_any_index(i, Rank(W) + 1)],
    eq(Sigma(W, i), 0),
)
_state("spectral-norm", "the spectral norm is the largest singular value", SVD, _w, eq(SpectralNorm(W), Sigma(W, 1)))
_state(
    "energy",
    "definition of the energy",
    DEFINITION,
    [*_w, _at_least("W is not zero", ge(Rank(W), 1)), Index(symbol=k, low=0, high=Rank(W))],
    eq(Energy(W, k), sigma_sum(Sigma(W, i) ** 2, i, 1, k) / sigma_sum(Sigma(W, i) ** 2, i, 1, Rank(W))),
)
_state(
    "nonzero-rank",
    "a nonzero matrix has rank at least one",
    SVD,
    [*_w, _at_least("norm", gt(FrobeniusNorm(W), 0))],
    ge(Rank(W), 1),
)
_state("negation", "singular values ignore the sign", SVD, [*_w, *_any_index(i, 1)], eq(Sigma(-W, i), Sigma(W, i)))
_state(
    "left-vector",
    "length of W transposed along a left singular vector",
    SVD,
    [*_w, Index(symbol=i, low=1, high=Rank(W))],
    eq(FrobeniusNorm(W.T * LeftSingular(W, i)), Sigma(W, i)),
)
_state(
    "rank-truncated",
    "a truncation has rank at most its order",
    SVD,
    [*_w, *_any_index(k, 0)],
    le(Rank(Truncated(W, k)), k),
)
_state(
    "residual-spectral",
    "spectral norm of the residual of a truncation",
    "Schmidt 1907; Eckart and Young 1936; Horn and Johnson 2013, section 7.4.2",
    [*_w, *_any_index(k, 0)],
    eq(SpectralNorm(W - Truncated(W, k)), Sigma(W, k + 1)),
)
_state(
    "count",
    "values above a threshold between neighbours",
    DEFINITION,
    [
        *_w,
        *_any_index(k, 1),
        Real(symbol=t),
        _at_least("k above", gt(Sigma(W, k), t)),
        _at_least("next below", le(Sigma(W, k + 1), t)),
    ],
    eq(CountAbove(W, t), k),
)
_state(
    "thresholded",
    "thresholding is truncation at the count",
    DEFINITION,
    [*_w, Real(symbol=t), *_any_index(k, 0), _at_least("count", eq(CountAbove(W, t), k))],
    eq(Thresholded(W, t), Truncated(W, k)),
)

# --- ranks -------------------------------------------------------------------------------------------------
RANK = "Horn and Johnson 2013, section 0.4"
_state("rank-rows", "rank is at most the number of rows", RANK, _w, le(Rank(W), m))
_state("rank-columns", "rank is at most the number of columns", RANK, _w, le(Rank(W), n))
_state("rank-transpose", "row rank equals column rank", RANK, _w, eq(Rank(W.T), Rank(W)))
_state("rank-product-left", "rank of a product", RANK, _ac, le(Rank(A * C), Rank(A)))
_state("rank-product-right", "rank of a product", RANK, _ac, le(Rank(A * C), Rank(C)))
_state("rank-sum", "rank of a sum", RANK, _ab, le(Rank(A + B), Rank(A) + Rank(B)))

# --- norms -------------------------------------------------------------------------------------------------
NORMS = "Horn and Johnson 2013, section 5.6"
_state("triangle", "triangle inequality", NORMS, _ab, le(SpectralNorm(A + B), SpectralNorm(A) + SpectralNorm(B)))
_state(
    "triangle-frobenius",
    "triangle inequality",
    NORMS,
    _ab,
    le(FrobeniusNorm(A + B), FrobeniusNorm(A) + FrobeniusNorm(B)),
)
_state(
    "submultiplicative",
    "submultiplicativity of the spectral norm",
    NORMS,
    _ac,
    le(SpectralNorm(A * C), SpectralNorm(A) * SpectralNorm(C)),
)
_state(
    "homogeneous",
    "homogeneity of the spectral norm",
    NORMS,
    [*_w, Real(symbol=c)],
    eq(SpectralNorm(c * W), sp.Abs(c) * SpectralNorm(W)),
)
_state(
    "spectral-frobenius",
    "the spectral norm is at most the Frobenius norm",
    NORMS,
    _w,
    le(SpectralNorm(W), FrobeniusNorm(W)),
)
_state(
    "frobenius-rank",
    "Frobenius norm by rank and spectral norm",
    NORMS,
    _w,
    le(norm_sq(W), Rank(W) * SpectralNorm(W) ** 2),
)
_state(
    "weyl",
    "Weyl's inequality for singular values",
    "Weyl 1912; Horn and Johnson 1991, Theorem 3.3.16",
    [*_ab, *_any_index(i, 1), *_any_index(j, 1)],
    le(Sigma(A + B, i + j - 1), Sigma(A, i) + Sigma(B, j)),
)

# --- functions of the vocabulary ---------------------------------------------------------------------------
_state(
    "log-softmax", "logarithm of the softmax", DEFINITION, _w, eq(Log(Softmax(W)), W - LogSumExp(W) * OneMatrix(1, n))
)
_state(
    "causal-zero",
    "the causal softmax is zero above the diagonal",
    DEFINITION,
    [Size(symbol=n), Matrix(symbol=S), Index(symbol=i, low=1, high=n - 1), Index(symbol=j, low=i + 1, high=n)],
    eq(Entry(CausalSoftmax(S), i, j), 0),
)
_state(
    "causal-diagonal",
    "the causal softmax is positive on the diagonal",
    DEFINITION,
    [Size(symbol=n), Matrix(symbol=S), Index(symbol=i, low=1, high=n)],
    gt(Entry(CausalSoftmax(S), i, i), 0),
)
_state("chain-start", "an empty product of layers", DEFINITION, _family, eq(Chain(V, 0), sp.Identity(d)))
_state(
    "chain-step",
    "a product of layers, unfolded",
    DEFINITION,
    [*_family, Index(symbol=l, low=0, high=L - 1)],
    eq(Chain(V, l + 1), Member(V, l + 1) * Chain(V, l)),
)
