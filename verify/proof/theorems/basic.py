"""The named theorems on singular values, ranks, norms and the functions of the vocabulary."""

from __future__ import annotations

import sympy as sp

from verify.formula.vocabulary import (
    CausalSoftmax,
    Chain,
    CountAbove,
    Energy,
    Entry,
    FrobeniusNorm,
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
from verify.model.statement import Declared, Index, Layers, Matrix, Real, Size
from verify.proof.library import any_index, at_least, state

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

# --- the singular value decomposition ----------------------------------------------------------------------
state(
    "order", "singular values are ordered", SVD, [*_w, *any_index(j, 1), *any_index(i, j)], le(Sigma(W, i), Sigma(W, j))
)
state(
    "positive",
    "singular values up to the rank are positive",
    SVD,
    [*_w, Index(symbol=i, low=1, high=Rank(W))],
    gt(Sigma(W, i), 0),
)
state(
    "beyond-rank",
    "singular values beyond the rank are zero",
    SVD,
    [*_w, *any_index(i, Rank(W) + 1)],
    eq(Sigma(W, i), 0),
)
state("spectral-norm", "the spectral norm is the largest singular value", SVD, _w, eq(SpectralNorm(W), Sigma(W, 1)))
state(
    "energy",
    "definition of the energy",
    DEFINITION,
    [*_w, at_least("W is not zero", ge(Rank(W), 1)), Index(symbol=k, low=0, high=Rank(W))],
    eq(Energy(W, k), sigma_sum(Sigma(W, i) ** 2, i, 1, k) / sigma_sum(Sigma(W, i) ** 2, i, 1, Rank(W))),
)
state(
    "nonzero-rank",
    "a nonzero matrix has rank at least one",
    SVD,
    [*_w, at_least("norm", gt(FrobeniusNorm(W), 0))],
    ge(Rank(W), 1),
)
state(
    "negation",
    "singular values ignore the sign",
    SVD,
    [*_w, *any_index(i, 1)],
    eq(Sigma(-W, i), Sigma(W, i)),
    foundation="theorem-values-of-products/sign",
)
state(
    "left-vector",
    "length of W transposed along a left singular vector",
    SVD,
    [*_w, Index(symbol=i, low=1, high=Rank(W))],
    eq(FrobeniusNorm(W.T * LeftSingular(W, i)), Sigma(W, i)),
)
state(
    "rank-truncated",
    "a truncation has rank at most its order",
    SVD,
    [*_w, *any_index(k, 0)],
    le(Rank(Truncated(W, k)), k),
    foundation="theorem-truncated-svd/rank",
)
state(
    "residual-spectral",
    "spectral norm of the residual of a truncation",
    "Schmidt 1907; Eckart and Young 1936; Horn and Johnson 2013, section 7.4.2",
    [*_w, *any_index(k, 0)],
    eq(SpectralNorm(W - Truncated(W, k)), Sigma(W, k + 1)),
    foundation="theorem-truncated-svd/residual",
)
state(
    "count",
    "values above a threshold between neighbours",
    DEFINITION,
    [
        *_w,
        *any_index(k, 1),
        Real(symbol=t),
        at_least("k above", gt(Sigma(W, k), t)),
        at_least("next below", le(Sigma(W, k + 1), t)),
    ],
    eq(CountAbove(W, t), k),
)
state(
    "thresholded",
    "thresholding is truncation at the count",
    DEFINITION,
    [*_w, Real(symbol=t), *any_index(k, 0), at_least("count", eq(CountAbove(W, t), k))],
    eq(Thresholded(W, t), Truncated(W, k)),
)

# --- ranks -------------------------------------------------------------------------------------------------
RANK = "Horn and Johnson 2013, section 0.4"
state(
    "rank-rows",
    "rank is at most the number of rows",
    RANK,
    _w,
    le(Rank(W), m),
    foundation="theorem-rank-inequalities/rows",
)
state(
    "rank-columns",
    "rank is at most the number of columns",
    RANK,
    _w,
    le(Rank(W), n),
    foundation="theorem-rank-inequalities/columns",
)
state(
    "rank-transpose",
    "row rank equals column rank",
    RANK,
    _w,
    eq(Rank(W.T), Rank(W)),
    foundation="theorem-rank-inequalities/transpose",
)
state(
    "rank-product-left",
    "rank of a product",
    RANK,
    _ac,
    le(Rank(A * C), Rank(A)),
    foundation="theorem-rank-inequalities/product-left",
)
state(
    "rank-product-right",
    "rank of a product",
    RANK,
    _ac,
    le(Rank(A * C), Rank(C)),
    foundation="theorem-rank-inequalities/product-right",
)
state(
    "rank-sum",
    "rank of a sum",
    RANK,
    _ab,
    le(Rank(A + B), Rank(A) + Rank(B)),
    foundation="theorem-rank-inequalities/sum",
)

# --- norms -------------------------------------------------------------------------------------------------
NORMS = "Horn and Johnson 2013, section 5.6"
state(
    "triangle",
    "triangle inequality",
    NORMS,
    _ab,
    le(SpectralNorm(A + B), SpectralNorm(A) + SpectralNorm(B)),
    foundation="theorem-spectral-norm/triangle",
)
state(
    "triangle-frobenius",
    "triangle inequality",
    NORMS,
    _ab,
    le(FrobeniusNorm(A + B), FrobeniusNorm(A) + FrobeniusNorm(B)),
    foundation="theorem-cauchy-schwarz/triangle",
)
state(
    "submultiplicative",
    "submultiplicativity of the spectral norm",
    NORMS,
    _ac,
    le(SpectralNorm(A * C), SpectralNorm(A) * SpectralNorm(C)),
    foundation="theorem-spectral-norm/submultiplicative",
)
state(
    "homogeneous",
    "homogeneity of the spectral norm",
    NORMS,
    [*_w, Real(symbol=c)],
    eq(SpectralNorm(c * W), sp.Abs(c) * SpectralNorm(W)),
    foundation="theorem-spectral-norm/homogeneous",
)
state(
    "spectral-frobenius",
    "the spectral norm is at most the Frobenius norm",
    NORMS,
    _w,
    le(SpectralNorm(W), FrobeniusNorm(W)),
    foundation="theorem-spectral-norm/below-frobenius",
)
state(
    "frobenius-rank",
    "Frobenius norm by rank and spectral norm",
    NORMS,
    _w,
    le(norm_sq(W), Rank(W) * SpectralNorm(W) ** 2),
    foundation="theorem-spectral-norm/frobenius-by-rank",
)
state(
    "weyl",
    "Weyl's inequality for singular values",
    "Weyl 1912; Horn and Johnson 1991, Theorem 3.3.16",
    [*_ab, *any_index(i, 1), *any_index(j, 1)],
    le(Sigma(A + B, i + j - 1), Sigma(A, i) + Sigma(B, j)),
    foundation="theorem-weyl/sum",
)

# --- functions of the vocabulary ---------------------------------------------------------------------------
state(
    "log-softmax", "logarithm of the softmax", DEFINITION, _w, eq(Log(Softmax(W)), W - LogSumExp(W) * OneMatrix(1, n))
)
state(
    "causal-zero",
    "the causal softmax is zero above the diagonal",
    DEFINITION,
    [Size(symbol=n), Matrix(symbol=S), Index(symbol=i, low=1, high=n - 1), Index(symbol=j, low=i + 1, high=n)],
    eq(Entry(CausalSoftmax(S), i, j), 0),
)
state(
    "causal-diagonal",
    "the causal softmax is positive on the diagonal",
    DEFINITION,
    [Size(symbol=n), Matrix(symbol=S), Index(symbol=i, low=1, high=n)],
    gt(Entry(CausalSoftmax(S), i, i), 0),
)
state("chain-start", "an empty product of layers", DEFINITION, _family, eq(Chain(V, 0), sp.Identity(d)))
state(
    "chain-step",
    "a product of layers, unfolded",
    DEFINITION,
    [*_family, Index(symbol=l, low=0, high=L - 1)],
    eq(Chain(V, l + 1), Member(V, l + 1) * Chain(V, l)),
)
