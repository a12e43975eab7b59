"""Classical theorems on singular values. Each is put on trial by a part of the collection ``foundations``."""

from __future__ import annotations

import sympy as sp

from verify.formula.vocabulary import (
    EffectiveRank,
    EffectiveRankL1,
    FrobeniusNorm,
    NuclearNorm,
    Rank,
    Sigma,
    SpectralNorm,
    Truncated,
    eq,
    ge,
    indices,
    inner,
    le,
    matrix,
    ne,
    norm_sq,
    scalars,
    sigma_sum,
    sizes,
)
from verify.model.statement import Declared, Index, Matrix, Real, Size
from verify.proof.library import any_index, at_least, state

m, n, p = sizes("m n p")
i, j, k = indices("i j k")
c = scalars("c")
A, B, W, X = (matrix(name, m, n) for name in "ABWX")
C, Z = matrix("C", n, p), matrix("Z", n, p)
M, N = matrix("M", m, n), matrix("N", n, m)
E = matrix("E", m, p)

_sizes: list[Declared] = [Size(symbol=m), Size(symbol=n)]
_w = [*_sizes, Matrix(symbol=W)]
_wx = [*_w, Matrix(symbol=X)]
_ab = [*_sizes, Matrix(symbol=A), Matrix(symbol=B)]
_ac = [*_sizes, Size(symbol=p), Matrix(symbol=A), Matrix(symbol=C)]
_wz = [*_sizes, Size(symbol=p), Matrix(symbol=W), Matrix(symbol=Z)]
SMALLER = sp.Min(m, n)

# --- inner products and norms ------------------------------------------------------------------------------
state(
    "cauchy-schwarz",
    "Cauchy-Schwarz inequality",
    "Cauchy 1821; Horn and Johnson 2013, Theorem 5.1.4",
    _ab,
    le(inner(A, B) ** 2, norm_sq(A) * norm_sq(B)),
    foundation="theorem-cauchy-schwarz/matrices",
)
state(
    "stretch",
    "no direction is stretched by more than the largest singular value",
    "Horn and Johnson 2013, Theorem 4.2.6 (Courant and Fischer)",
    _wz,
    le(norm_sq(W * Z), Sigma(W, 1) ** 2 * norm_sq(Z)),
    foundation="theorem-courant-fischer/largest-stretch",
)
state(
    "norm-transpose",
    "the spectral norm of the transpose",
    "Horn and Johnson 2013, section 5.6",
    _w,
    eq(SpectralNorm(W.T), SpectralNorm(W)),
    foundation="theorem-spectral-norm/transpose",
)

# --- best approximation ------------------------------------------------------------------------------------
ECKART_YOUNG = "Schmidt 1907; Eckart and Young 1936; Mirsky 1960; Horn and Johnson 2013, section 7.4.2"
_approximant = [*_wx, *any_index(k, 0), at_least("rank of the approximant", le(Rank(X), k))]
state(
    "eckart-young-spectral",
    "no matrix of rank k is closer in the spectral norm than the next singular value",
    ECKART_YOUNG,
    _approximant,
    le(Sigma(W, k + 1), SpectralNorm(W - X)),
    foundation="theorem-eckart-young-mirsky/spectral-lower-bound",
)
state(
    "eckart-young-frobenius",
    "no matrix of rank k is closer in the Frobenius norm than the discarded singular values",
    ECKART_YOUNG,
    [*_wx, Index(symbol=k, low=0, high=Rank(W)), at_least("rank of the approximant", le(Rank(X), k))],
    le(sigma_sum(Sigma(W, i) ** 2, i, k + 1, Rank(W)), norm_sq(W - X)),
    foundation="theorem-eckart-young-mirsky/frobenius-lower-bound",
)

# --- singular values of products, sums and transposes ------------------------------------------------------
state(
    "values-transpose",
    "a matrix and its transpose have the same singular values",
    "Horn and Johnson 2013, section 2.6",
    [*_w, *any_index(i, 1)],
    eq(Sigma(W.T, i), Sigma(W, i)),
    foundation="theorem-values-of-products/transpose",
)
state(
    "values-scaled",
    "singular values of a multiple",
    "Horn and Johnson 2013, section 2.6",
    [*_w, Real(symbol=c), *any_index(i, 1)],
    eq(Sigma(c * W, i), sp.Abs(c) * Sigma(W, i)),
    foundation="theorem-values-of-products/multiple",
)
state(
    "values-product",
    "singular values of a product, left factor by its norm",
    "Horn and Johnson 1991, Theorem 3.3.16 (d)",
    [*_ac, *any_index(i, 1)],
    le(Sigma(A * C, i), SpectralNorm(A) * Sigma(C, i)),
    foundation="theorem-values-of-products/left",
)
state(
    "values-product-right",
    "singular values of a product, right factor by its norm",
    "Horn and Johnson 1991, Theorem 3.3.16 (d)",
    [*_ac, *any_index(i, 1)],
    le(Sigma(A * C, i), Sigma(A, i) * SpectralNorm(C)),
    foundation="theorem-values-of-products/right",
)
state(
    "von-neumann",
    "von Neumann's trace inequality",
    "von Neumann 1937; Horn and Johnson 2013, Theorem 7.4.1.1",
    _ab,
    le(inner(A, B), sigma_sum(Sigma(A, i) * Sigma(B, i), i, 1, SMALLER)),
    foundation="theorem-von-neumann/trace-inequality",
)
state(
    "mirsky",
    "singular values move by at most the perturbation, in the Frobenius norm",
    "Hoffman and Wielandt 1953; Mirsky 1960; Horn and Johnson 2013, Corollary 7.4.9.3",
    _ab,
    le(sigma_sum((Sigma(A, i) - Sigma(B, i)) ** 2, i, 1, SMALLER), norm_sq(A - B)),
    foundation="theorem-hoffman-wielandt/singular-values",
)
state(
    "nuclear-duality",
    "the inner product by the spectral and the nuclear norm",
    "Horn and Johnson 2013, section 5.6.P50; Schatten 1950",
    _ab,
    le(inner(A, B), SpectralNorm(A) * NuclearNorm(B)),
    foundation="theorem-schatten-duality/spectral-nuclear",
)
state(
    "nuclear-norm",
    "definition of the nuclear norm",
    "definition",
    _w,
    eq(NuclearNorm(W), sigma_sum(Sigma(W, i), i, 1, Rank(W))),
)

# --- ranks -------------------------------------------------------------------------------------------------
state(
    "rank-sylvester",
    "Sylvester's rank inequality",
    "Sylvester 1884; Horn and Johnson 2013, section 0.4.5 (c)",
    _ac,
    le(Rank(A) + Rank(C), n + Rank(A * C)),
    foundation="theorem-rank-inequalities/sylvester",
)
_b = matrix("B", n, p)
_c = matrix("C", p, m)
state(
    "rank-frobenius",
    "Frobenius' rank inequality",
    "Frobenius 1911; Horn and Johnson 2013, section 0.4.5 (e)",
    [*_sizes, Size(symbol=p), Matrix(symbol=A), Matrix(symbol=_b), Matrix(symbol=_c)],
    le(Rank(A * _b) + Rank(_b * _c), Rank(_b) + Rank(A * _b * _c)),
    foundation="theorem-rank-inequalities/frobenius",
)
state(
    "shared-spectrum",
    "MN and NM share each eigenvalue but zero, with its geometric multiplicity",
    "Sylvester 1883; Horn and Johnson 2013, Theorem 1.3.22",
    [
        *_sizes,
        Size(symbol=p),
        Matrix(symbol=M),
        Matrix(symbol=N),
        Matrix(symbol=E),
        Real(symbol=c),
        at_least("columns are eigenvectors", eq(M * N * E, c * E)),
        at_least("the eigenvalue is not zero", ne(c, 0)),
    ],
    eq(Rank(N * E), Rank(E)),
    foundation="theorem-shared-spectrum/multiplicity",
)
state(
    "shared-traces",
    "MN and NM have the same trace",
    "Horn and Johnson 2013, section 1.3.P3",
    [*_sizes, Matrix(symbol=M), Matrix(symbol=N)],
    eq(sp.Trace(M * N), sp.Trace(N * M)),
    foundation="theorem-shared-spectrum/trace",
)

# --- entropy -----------------------------------------------------------------------------------------------
JENSEN = "Jensen 1906; Cover and Thomas 2006, Theorem 2.6.4"
_nonzero = at_least("W is not zero", ge(Rank(W), 1))
for _ending, _node in (("", EffectiveRank), ("-l1", EffectiveRankL1)):
    state(
        f"entropy-jensen{_ending}",
        "the effective rank is at most the rank",
        JENSEN,
        [*_w, _nonzero],
        le(_node(W), Rank(W)),
        foundation=f"theorem-jensen-entropy/effective-rank{_ending}",
    )
state(
    "frobenius-definite",
    "a matrix of norm zero is zero",
    "definition",
    [*_w, at_least("norm zero", eq(FrobeniusNorm(W), 0))],
    eq(W, sp.ZeroMatrix(m, n)),
)
state(
    "truncated-whole",
    "a truncation at the rank or beyond is the matrix itself",
    "definition",
    [*_w, *any_index(k, Rank(W))],
    eq(Truncated(W, k), W),
)
state(
    "orthonormal-norm",
    "a matrix with orthonormal columns has norm at most one",
    "Horn and Johnson 2013, section 2.1",
    [*_w, at_least("orthonormal columns", eq(W.T * W, sp.Identity(n)))],
    le(SpectralNorm(W), 1),
    foundation="theorem-spectral-norm/orthonormal-columns",
)
S = matrix("S", n, n)
state(
    "trace-values",
    "the trace is at most the sum of the singular values",
    "Horn and Johnson 2013, Theorem 7.4.1.1",
    [Size(symbol=n), Matrix(symbol=S)],
    le(sp.Trace(S), sigma_sum(Sigma(S, i), i, 1, n)),
    foundation="theorem-von-neumann/trace-by-values",
)
state(
    "frobenius-values",
    "the squared Frobenius norm is the sum of the squared singular values",
    "Horn and Johnson 2013, section 5.6",
    _w,
    eq(norm_sq(W), sigma_sum(Sigma(W, i) ** 2, i, 1, SMALLER)),
    foundation="theorem-truncated-svd/frobenius-values",
)
