"""Elementary laws of logarithms and real powers, and of the effective rank by a threshold."""

from __future__ import annotations

import sympy as sp

from verify.formula.vocabulary import Energy, Rank, ThresholdRank, eq, ge, gt, indices, le, lt, matrix, scalars, sizes
from verify.model.statement import Declared, Index, Matrix, Real, Size
from verify.proof.library import at_least, state

m, n = sizes("m n")
k = indices("k")
x, y, a, b, t = scalars("x y a b t")
W = matrix("W", m, n)

ELEMENTARY = "elementary property of the logarithm and of real powers; Rudin 1976, exercise 1.6 and section 8.2"

TANGENT = "the second derivative of a power; Hardy, Littlewood and Polya 1952, Theorem 41"

_x: list[Declared] = [Real(symbol=x, low=0, open=True)]
_y: list[Declared] = [Real(symbol=y, low=0, open=True)]
_above_x: list[Declared] = [Real(symbol=y, low=x)]
_a, _b = Real(symbol=a), Real(symbol=b)

# --- logarithms and powers ---------------------------------------------------------------------------------
state("log-product", "logarithm of a product", ELEMENTARY, [*_x, *_y], eq(sp.log(x * y), sp.log(x) + sp.log(y)))
state("log-power", "logarithm of a power", ELEMENTARY, [*_x, _a], eq(sp.log(x**a), a * sp.log(x)))
state("log-tangent", "the logarithm lies below its tangent at one", ELEMENTARY, _x, le(sp.log(x), x - 1))
state("log-order", "the logarithm keeps the order", ELEMENTARY, [*_x, *_above_x], le(sp.log(x), sp.log(y)))
state(
    "log-reflects",
    "numbers are ordered as their logarithms",
    ELEMENTARY,
    [*_x, *_y, at_least("order", le(sp.log(x), sp.log(y)))],
    le(x, y),
    foundation="lemma-powers/reflects",
)
state("power-positive", "powers of a positive number are positive", ELEMENTARY, [*_x, _a], gt(x**a, 0))
state(
    "power-falls",
    "a power with a negative exponent falls with its base",
    ELEMENTARY,
    [*_x, *_above_x, Real(symbol=a, low=0)],
    le(y ** (-a), x ** (-a)),
    foundation="lemma-powers/falls",
)
state(
    "power-exponent",
    "a power of a number above one grows with its exponent",
    ELEMENTARY,
    [Real(symbol=x, low=1), _a, Real(symbol=b, low=a)],
    le(x**a, x**b),
    foundation="lemma-powers/exponent",
)

state(
    "power-cross",
    "of two numbers, the larger falls faster with the exponent",
    ELEMENTARY,
    [*_x, *_above_x, _a, Real(symbol=b, low=a)],
    le(y ** (-b) * x ** (-a), x ** (-b) * y ** (-a)),
    foundation="lemma-powers/cross",
)
state(
    "power-below-tangent",
    "a power with exponent between zero and one lies below its tangents",
    TANGENT,
    [*_x, *_y, Real(symbol=a, low=0, high=1)],
    le(y**a, x**a + a * x ** (a - 1) * (y - x)),
    foundation="lemma-powers/below-tangent",
)
state(
    "power-above-tangent",
    "a power with a negative exponent lies above its tangents",
    TANGENT,
    [*_x, *_y, Real(symbol=a, low=0)],
    ge(y ** (-a), x ** (-a) - a * x ** (-a - 1) * (y - x)),
    foundation="lemma-powers/above-tangent",
)

# --- the effective rank by a threshold ---------------------------------------------------------------------
_w: list[Declared] = [
    Size(symbol=m),
    Size(symbol=n),
    Matrix(symbol=W),
    at_least("W is not zero", ge(Rank(W), 1)),
    Real(symbol=t, high=1),
]
state(
    "threshold-reached",
    "the threshold is reached at the effective rank",
    "definition",
    _w,
    ge(Energy(W, ThresholdRank(W, t)), t),
)
state(
    "threshold-beyond",
    "where the threshold is not reached, the effective rank is larger",
    "definition, and monotonicity of partial sums of squares",
    [*_w, Index(symbol=k, low=0, high=Rank(W)), at_least("threshold not reached", lt(Energy(W, k), t))],
    ge(ThresholdRank(W, t), k + 1),
)
state(
    "threshold-least",
    "where the threshold is reached, the effective rank is no larger",
    "definition",
    [*_w, Index(symbol=k, low=0, high=Rank(W)), at_least("threshold reached", ge(Energy(W, k), t))],
    le(ThresholdRank(W, t), k),
)
