"""Named theorems on the flow of a modified loss and on curvature: the exponential to third order, singular vectors."""

from __future__ import annotations

import sympy as sp

from verify.formula.vocabulary import FrobeniusNorm, Rank, RightSingular, Sigma, eq, ge, indices, matrix, scalars, sizes
from verify.model.statement import Index, Matrix, Real, Size
from verify.proof.library import state

m, n = sizes("m n")
i = indices("i")
x = scalars("x")
W = matrix("W", m, n)

state(
    "exp-third",
    "a decaying exponential lies above its third Taylor polynomial at zero",
    "Taylor's theorem for the exponential; Rudin 1976, Theorems 5.15 and 8.6",
    [Real(symbol=x, low=0)],
    ge(sp.exp(-x), 1 - x + x**2 / 2 - x**3 / 6),
    foundation="lemma-exponential/third",
)
state(
    "right-vector",
    "length of W along a right singular vector",
    "existence of the singular value decomposition; Horn and Johnson 2013, Theorem 2.6.3",
    [Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Index(symbol=i, low=1, high=Rank(W))],
    eq(FrobeniusNorm(W * RightSingular(W, i)), Sigma(W, i)),
)
