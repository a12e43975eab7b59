"""Named theorems for iterations and noise: the exponential beside its tangent, and the rank behind a singular value."""

from __future__ import annotations

import sympy as sp

from verify.formula.vocabulary import Rank, Sigma, ge, gt, indices, le, matrix, scalars, sizes
from verify.model.statement import Declared, Matrix, Real, Size
from verify.proof.library import any_index, at_least, state

m, n = sizes("m n")
i = indices("i")
x, y = scalars("x y")
W = matrix("W", m, n)

TAYLOR = "Taylor's theorem for the exponential; Rudin 1976, Theorems 5.15 and 8.6"
_x: list[Declared] = [Real(symbol=x, low=0)]

state(
    "exp-order",
    "a decaying exponential keeps decaying",
    "Rudin 1976, Theorem 8.6",
    [*_x, Real(symbol=y, low=0), at_least("order", le(x, y))],
    ge(sp.exp(-x), sp.exp(-y)),
    foundation="lemma-exponential/order",
)
state(
    "exp-tangent",
    "a decaying exponential lies above its tangent at zero",
    TAYLOR,
    _x,
    ge(sp.exp(-x), 1 - x),
    foundation="lemma-exponential/first",
)
state(
    "exp-second",
    "a decaying exponential lies below its second Taylor polynomial at zero",
    TAYLOR,
    _x,
    le(sp.exp(-x), 1 - x + x**2 / 2),
    foundation="lemma-exponential/second",
)
state(
    "value-needs-rank",
    "a positive singular value has its index within the rank",
    "existence of the singular value decomposition; Horn and Johnson 2013, Theorem 2.6.3",
    [Size(symbol=m), Size(symbol=n), Matrix(symbol=W), *any_index(i, 1), at_least("positive", gt(Sigma(W, i), 0))],
    ge(Rank(W), i),
    foundation="theorem-truncated-svd/needs-rank",
)
state(
    "exp-below-one",
    "a decaying exponential falls below one at once",
    "Rudin 1976, Theorem 8.6",
    [Real(symbol=x, low=0, open=True)],
    gt(1, sp.exp(-x)),
    foundation="lemma-exponential/below-one",
)
state(
    "log-ratio",
    "the logarithm of a ratio, against the difference",
    "log u <= u - 1 at u = y / x; Cover and Thomas 2006, section 2.6",
    [Real(symbol=x, low=0, open=True), Real(symbol=y, low=0, open=True)],
    le(x * (sp.log(y) - sp.log(x)), y - x),
    foundation="lemma-exponential/log-ratio",
)
