"""The effective rank by its definition, a law of the logarithm, the rank of stacked matrices."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions import Identity, ZeroMatrix

from verify.formula.vocabulary import (
    EffectiveRank,
    EffectiveRankL1,
    HStack,
    Rank,
    Sigma,
    eq,
    ge,
    gt,
    indices,
    le,
    lt,
    matrix,
    ne,
    scalars,
    sigma_sum,
    sizes,
)
from verify.model.statement import Declared, Matrix, Real, Size
from verify.proof.library import at_least, state

m, n, p = sizes("m n p")
i, j = indices("i j")
y = scalars("y")
W, A, B = matrix("W", m, n), matrix("A", m, n), matrix("B", m, p)

DEFINITION = "definition"
ELEMENTARY = "elementary property of the logarithm; Rudin 1976, section 8.2"
_w: list[Declared] = [Size(symbol=m), Size(symbol=n), Matrix(symbol=W), at_least("W is not zero", ge(Rank(W), 1))]
_ab: list[Declared] = [Size(symbol=m), Size(symbol=n), Size(symbol=p), Matrix(symbol=A), Matrix(symbol=B)]
_y: list[Declared] = [Real(symbol=y), at_least("y is positive", gt(y, 0))]


def share(power: int) -> Any:
    """What the i-th singular value contributes to the sum of all, each raised to ``power``."""
    return Sigma(W, i) ** power / sigma_sum(Sigma(W, j) ** power, j, 1, Rank(W))


# --- the effective rank ------------------------------------------------------------------------------------
for key, node, power in (("effective-rank", EffectiveRank, 2), ("effective-rank-l1", EffectiveRankL1, 1)):
    state(
        key,
        "definition of the effective rank, by its logarithm",
        DEFINITION,
        _w,
        eq(sp.log(node(W)), -sigma_sum(share(power) * sp.log(share(power)), i, 1, Rank(W))),
    )

# --- the logarithm -----------------------------------------------------------------------------------------
state(
    "log-tangent-strict",
    "the logarithm meets its tangent at one only there",
    ELEMENTARY,
    [*_y, at_least("y is not one", ne(y, 1))],
    lt(sp.log(y), y - 1),
)

# --- ranks -------------------------------------------------------------------------------------------------
RANK = "Horn and Johnson 2013, section 0.4"
SELECT, OTHER = HStack(Identity(n), ZeroMatrix(n, p)), HStack(ZeroMatrix(p, n), Identity(p))
state(
    "stack-split", "a block matrix is the sum of its blocks", DEFINITION, _ab, eq(HStack(A, B), A * SELECT + B * OTHER)
)
state("stack-left", "the first block of a block matrix", DEFINITION, _ab, eq(HStack(A, B) * SELECT.T, A))
state(
    "rank-stacked",
    "rank of two matrices side by side",
    RANK,
    _ab,
    le(Rank(HStack(A, B)), Rank(A) + Rank(B)),
    foundation="theorem-rank-inequalities/stacked",
)
state(
    "rank-left-block",
    "a block has at most the rank of the whole",
    RANK,
    _ab,
    le(Rank(A), Rank(HStack(A, B))),
    foundation="theorem-rank-inequalities/block",
)
