"""Statements written for the purpose: false ones that a search must refute, true ones that it must not.

Each false one is false for one reason, which its name tells; each true one is a classical inequality or identity,
many of them with equality on a family that the search visits.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from verify.formula.vocabulary import (
    Chain,
    CountAbove,
    EffectiveRank,
    EffectiveRankL1,
    Energy,
    FrobeniusNorm,
    HadamardProduct,
    HStack,
    Identity,
    NuclearNorm,
    Rank,
    Sigma,
    Softmax,
    SpectralNorm,
    Thresholded,
    ThresholdRank,
    Truncated,
    eq,
    ge,
    gt,
    indices,
    inner,
    layers,
    le,
    lt,
    matrix,
    ne,
    norm_sq,
    product,
    scalars,
    sigma_sum,
    sizes,
    vector,
)
from verify.model.statement import Assume, Declared, Index, Layers, Let, Matrix, Real, Size, Statement

m, n, r, d, L = sizes("m n r d L")
i, j, k, l = indices("i j k l")
t, c, x, y, eta = scalars("t c x y eta")
tau = scalars("tau")
W, E, V = matrix("W", m, n), matrix("E", m, n), matrix("V", m, n)
A, B, C = matrix("A", n, n), matrix("B", n, n), matrix("C", n, n)
P, Q = matrix("P", m, r), matrix("Q", r, n)
u, v = vector("u", n), vector("v", n)
F = layers("F", L, d)
p = sp.Min(m, n)
half = sp.Rational(1, 2)


def statement(given: list[Declared], *says: Any) -> Statement:
    return Statement(given=tuple(given), says=says)


def rectangular(*matrices: Any, structure: str = "general") -> list[Declared]:
    return [Size(symbol=m), Size(symbol=n), *(Matrix(symbol=a, structure=structure) for a in matrices)]


def square(*matrices: Any) -> list[Declared]:
    return [Size(symbol=n), *(Matrix(symbol=a) for a in matrices)]


def factors(*more: Declared) -> list[Declared]:
    return [Size(symbol=m), Size(symbol=n), Size(symbol=r), Matrix(symbol=P), Matrix(symbol=Q), *more]


def index(symbol: Any, low: Any, high: Any) -> Index:
    return Index(symbol=symbol, low=low, high=high)


def tail(w: Any, first: Any) -> Any:
    return sigma_sum(Sigma(w, i) ** 2, i, first, p)


upto = index(k, 0, p)
one_up = index(k, 1, p)

FALSE: dict[str, Statement] = {
    "tail starts one too early": statement([*rectangular(W), upto], eq(norm_sq(W - Truncated(W, k)), tail(W, k + 2))),
    "spectral error takes sigma_k": statement(
        [*rectangular(W), one_up], le(Sigma(W, k), SpectralNorm(W - Truncated(W, k)))
    ),
    "tail bound, one singular value too few": statement(
        [*rectangular(W), upto], le(tail(W, k + 1), (p - k - 1) * Sigma(W, k + 1) ** 2)
    ),
    "dropped hypothesis: energy at zero gap": statement(
        [*rectangular(W, structure="nonzero"), one_up], gt(Energy(W, k), Energy(W, k - 1))
    ),
    "wrong constant in Weyl": statement(
        [*rectangular(W, E), one_up], le(sp.Abs(Sigma(W + E, k) - Sigma(W, k)), sp.Rational(99, 100) * SpectralNorm(E))
    ),
    "wrong norm: Frobenius below spectral": statement(rectangular(W), le(FrobeniusNorm(W), SpectralNorm(W))),
    "wrong norm: nuclear by sqrt(n) spectral": statement(
        rectangular(W), le(NuclearNorm(W), sp.sqrt(n) * SpectralNorm(W))
    ),
    "products commute": statement(square(A, B), eq(A * B, B * A)),
    "rank of a product does not depend on the order": statement(square(A, B), eq(Rank(A * B), Rank(B * A))),
    "norm of a product does not depend on the order": statement(
        square(A, B), eq(FrobeniusNorm(A * B), FrobeniusNorm(B * A))
    ),
    "trace of three factors in any order": statement(square(A, B, C), eq(sp.Trace(A * B * C), sp.Trace(B * A * C))),
    "singular values of AB and BA agree": statement(
        [*square(A, B), index(k, 1, n)], eq(Sigma(A * B, k), Sigma(B * A, k))
    ),
    "true only for m <= n": statement(rectangular(W), eq(Sigma(W, m), Sigma(W, p))),
    "true only for full rank": statement(rectangular(W, structure="nonzero"), gt(Sigma(W, p), 0)),
    "true only for distinct singular values": statement(
        [*rectangular(W, structure="nonzero"), index(k, 1, p - 1)], gt(Sigma(W, k), Sigma(W, k + 1))
    ),
    "true but for rank-deficient input": statement([*rectangular(W), index(k, 1, p)], ne(Sigma(W, k), 0)),
    "rank of a product is the least of the ranks": statement(factors(), eq(Rank(P * Q), sp.Min(Rank(P), Rank(Q)))),
    "rank of a sum is the sum of the ranks": statement(
        rectangular(W, E), eq(Rank(W + E), sp.Min(Rank(W) + Rank(E), p))
    ),
    "violated by a millionth": statement(
        rectangular(W), le(FrobeniusNorm(W) ** 2, (1 - sp.Rational(1, 10**6)) * p * SpectralNorm(W) ** 2)
    ),
    "violated only near a repeated singular value": statement(
        [*rectangular(W), index(k, 1, p - 1), Assume(name="gap", formula=gt(Sigma(W, k), Sigma(W, k + 1)))],
        ge(Sigma(W, k) - Sigma(W, k + 1), sp.Rational(1, 1000) * Sigma(W, k + 1)),
    ),
    "violated only near rank one": statement(
        rectangular(W, structure="nonzero"), le(sp.Rational(1001, 1000) * FrobeniusNorm(W), NuclearNorm(W))
    ),
    "effective rank is at least the rank": statement(
        rectangular(W, structure="nonzero"), ge(EffectiveRank(W), Rank(W))
    ),
    "the two effective ranks agree": statement(
        rectangular(W, structure="nonzero"), eq(EffectiveRank(W), EffectiveRankL1(W))
    ),
    "softmax keeps the rank": statement(square(A), le(Rank(Softmax(A)), Rank(A))),
    "submultiplicative with the wrong factor": statement(
        factors(), le(FrobeniusNorm(P * Q), SpectralNorm(P) * SpectralNorm(Q))
    ),
    "thresholding at the middle keeps rank one": statement(
        [*rectangular(W, structure="nonzero"), Real(symbol=t, low=0, high=Sigma(W, 1))], le(CountAbove(W, t), 1)
    ),
    "threshold rank falls short by one": statement(
        [*rectangular(W, structure="nonzero"), Real(symbol=tau, low=0, high=1, open=True)],
        lt(Energy(W, ThresholdRank(W, tau)), tau + half),
    ),
    "chain norm below the largest factor": statement(
        [Size(symbol=L), Size(symbol=d), Layers(symbol=F)], le(SpectralNorm(Chain(F, L)), SpectralNorm(F[1]))
    ),
    "layers multiply to the product of Frobenius norms": statement(
        [Size(symbol=L), Size(symbol=d), Layers(symbol=F)],
        ge(FrobeniusNorm(Chain(F, L)), product(SpectralNorm(F[l]), l, 1, L)),
    ),
    "gap hypothesis too weak": statement(
        [*rectangular(W, E), index(k, 1, p), Assume(name="gap", formula=gt(Sigma(W, k), 2 * SpectralNorm(E)))],
        gt(Sigma(W + E, k), sp.Rational(51, 100) * Sigma(W, k)),
    ),
    "a prescribed rank is not enough": statement(
        [*rectangular(W), index(k, 1, p), Assume(name="rank", formula=eq(Rank(W), k))],
        eq(Rank(W.T * W + Identity(n)), k),
    ),
    "step too long": statement(
        [*square(A), Real(symbol=eta, low=0, high=sp.Integer(3))], le(SpectralNorm(A - eta * A), SpectralNorm(A))
    ),
    "square of a sum without the cross term": statement(
        [Real(symbol=x), Real(symbol=y)], eq((x + y) ** 2, x**2 + y**2)
    ),
    "fewer parameters always": statement(
        [Size(symbol=m), Size(symbol=n), Size(symbol=r), Assume(name="r <= min", formula=le(r, p))],
        le(r * (m + n), m * n),
    ),
    "Cauchy-Schwarz with the spectral norm": statement(
        rectangular(W, E), le(inner(W, E), SpectralNorm(W) * SpectralNorm(E))
    ),
}

TRUE: dict[str, Statement] = {
    "truncation error": statement([*rectangular(W), upto], eq(norm_sq(W - Truncated(W, k)), tail(W, k + 1))),
    "spectral truncation error": statement(
        [*rectangular(W), index(k, 0, p)], eq(SpectralNorm(W - Truncated(W, k)), Sigma(W, k + 1))
    ),
    "tail bound": statement([*rectangular(W), upto], le(tail(W, k + 1), (p - k) * Sigma(W, k + 1) ** 2)),
    "Weyl": statement([*rectangular(W, E), one_up], le(sp.Abs(Sigma(W + E, k) - Sigma(W, k)), SpectralNorm(E))),
    "Weyl with two indices": statement(
        [*rectangular(W, E), index(i, 1, p), index(j, 1, p)], le(Sigma(W + E, i + j - 1), Sigma(W, i) + Sigma(E, j))
    ),
    "triangle inequality": statement(rectangular(W, E), le(FrobeniusNorm(W + E), FrobeniusNorm(W) + FrobeniusNorm(E))),
    "triangle inequality, nuclear": statement(
        rectangular(W, E), le(NuclearNorm(W + E), NuclearNorm(W) + NuclearNorm(E))
    ),
    "submultiplicative": statement(factors(), le(FrobeniusNorm(P * Q), SpectralNorm(P) * FrobeniusNorm(Q))),
    "Cauchy-Schwarz": statement(rectangular(W, E), le(inner(W, E), FrobeniusNorm(W) * FrobeniusNorm(E))),
    "Hoelder for Schatten norms": statement(rectangular(W, E), le(inner(W, E), SpectralNorm(W) * NuclearNorm(E))),
    "Frobenius and spectral": statement(rectangular(W), le(FrobeniusNorm(W), sp.sqrt(Rank(W)) * SpectralNorm(W))),
    "nuclear and Frobenius": statement(rectangular(W), le(NuclearNorm(W), sp.sqrt(Rank(W)) * FrobeniusNorm(W))),
    "norms in order": statement(
        rectangular(W), le(SpectralNorm(W), FrobeniusNorm(W)), le(FrobeniusNorm(W), NuclearNorm(W))
    ),
    "rank of a product": statement(factors(), le(Rank(P * Q), sp.Min(Rank(P), Rank(Q), r))),
    "Sylvester": statement(factors(), ge(Rank(P * Q), Rank(P) + Rank(Q) - r)),
    "rank of a sum": statement(rectangular(W, E), le(Rank(W + E), Rank(W) + Rank(E))),
    "effective rank within bounds": statement(
        rectangular(W, structure="nonzero"), ge(EffectiveRank(W), 1), le(EffectiveRank(W), Rank(W))
    ),
    "effective ranks in order": statement(
        rectangular(W, structure="nonzero"), le(EffectiveRank(W), EffectiveRankL1(W))
    ),
    "energy in range": statement(
        [*rectangular(W, structure="nonzero"), upto], le(Energy(W, k), 1), ge(Energy(W, k), k / p)
    ),
    "threshold rank": statement(
        [*rectangular(W, structure="nonzero"), Real(symbol=tau, low=0, high=1, open=True)],
        ge(Energy(W, ThresholdRank(W, tau)), tau),
    ),
    "arithmetic and geometric mean": statement(
        [Real(symbol=x, low=0), Real(symbol=y, low=0)], le(2 * sp.sqrt(x) * sp.sqrt(y), x + y)
    ),
    "norm of a chain": statement(
        [Size(symbol=L), Size(symbol=d), Layers(symbol=F)],
        le(SpectralNorm(Chain(F, L)), product(SpectralNorm(F[l]), l, 1, L)),
    ),
    "gap": statement(
        [*rectangular(W, E), index(k, 1, p), Assume(name="gap", formula=gt(Sigma(W, k), 2 * SpectralNorm(E)))],
        gt(Sigma(W + E, k), half * Sigma(W, k)),
    ),
    "prescribed rank": statement(
        [*rectangular(W), index(k, 1, p), Assume(name="rank", formula=eq(Rank(W), k))],
        gt(Sigma(W, k), 0),
        eq(Sigma(W, k + 1), 0),
    ),
    "trace is cyclic": statement(square(A, B, C), eq(sp.Trace(A * B * C), sp.Trace(B * C * A))),
    "transposed product": statement(factors(), eq((P * Q).T, Q.T * P.T)),
    "side by side": statement(rectangular(W, E), le(Rank(HStack(W, E)), Rank(W) + Rank(E))),
    "entrywise product": statement(
        rectangular(W, E), le(SpectralNorm(HadamardProduct(W, E)), SpectralNorm(W) * SpectralNorm(E))
    ),
    "softmax rows": statement(square(A), le(FrobeniusNorm(Softmax(A)), sp.sqrt(n))),
    "parallelogram": statement(rectangular(W, E), eq(norm_sq(W + E) + norm_sq(W - E), 2 * norm_sq(W) + 2 * norm_sq(E))),
    "thresholding keeps what exceeds": statement(
        [*rectangular(W), Real(symbol=t, low=0)], le(SpectralNorm(W - Thresholded(W, t)), t)
    ),
    "square of a sum": statement([Real(symbol=x), Real(symbol=y)], eq((x + y) ** 2, x**2 + 2 * x * y + y**2)),
    "shorthand": statement(
        [*rectangular(W), Let(symbol=c, value=FrobeniusNorm(W)), upto], le(norm_sq(Truncated(W, k)), c**2)
    ),
}
