"""Proof steps: the effective rank does not change under a factor that is not zero and under orthonormal columns."""

from __future__ import annotations

from typing import Any

from claims.low_rank.weights.entropy import NODES, definition, from_logs, i, j, positive_sum, power_sum, share
from verify.authoring import *

m, n, p, q = sizes("m n p q")
c = scalars("c")
W, U, V = matrix("W", m, n), matrix("U", p, m), matrix("V", q, n)

rank, s = Rank(W), Sigma
turned = c * U * W * V.T


def norm_at_most_one(of: Any, name: str) -> tuple[Line, ...]:
    """A matrix with orthonormal columns has spectral norm at most one: the identity's norm is its own square."""
    size = of.shape[1]
    one = Identity(size)
    return (
        step(f"{name}-identity", apply("values-gram", W=one, i=1)),
        step(f"{name}-gram", apply("values-gram", W=of, i=1)),
        step(f"{name}-columns", Congruence(equation=f"{name}-orthonormal"), eq(s(of.T * of, 1), s(one, 1))),
        step(f"{name}-norm", apply("spectral-norm", W=of)),
        step(
            f"{name}-bound",
            arithmetic(f"{name}-identity", f"{name}-gram", f"{name}-columns", f"{name}-norm"),
            le(SpectralNorm(of), 1),
        ),
        step(f"{name}-transpose", apply("norm-transpose", W=of)),
    )


def values_of_turned() -> tuple[Line, ...]:
    """``rank`` and ``values``: c U W V' has the rank of W and |c| times its singular values."""
    inner_part = U * W * V.T
    return (
        step("left-orthonormal", Hypothesis(), eq(U.T * U, Identity(m))),
        step("right-orthonormal", Hypothesis(), eq(V.T * V, Identity(n))),
        *norm_at_most_one(U, "left"),
        *norm_at_most_one(V, "right"),
        step("back", algebra(), eq(U.T * inner_part * V, W)),
        step("full-back", algebra(), eq((1 / c) * U.T * turned * V, W)),
        step("rank-there", apply("rank-product-left", A=c * U * W, C=V.T)),
        step("rank-inside", apply("rank-product-right", A=c * U, C=W)),
        step("rank-back", apply("rank-product-left", A=(1 / c) * U.T * turned, C=V)),
        step("rank-back-inside", apply("rank-product-right", A=(1 / c) * U.T, C=turned)),
        step("rank-again", Rewrite(target="rank-back", equation="full-back")),
        step("rank", arithmetic("rank-there", "rank-inside", "rank-again", "rank-back-inside"), eq(Rank(turned), rank)),
        step(
            "values",
            for_each(
                j,
                1,
                rank,
                step("scaled", apply("values-scaled", W=inner_part, c=c, i=j)),
                step("left-there", apply("values-product", A=U, C=W * V.T, i=j)),
                step("right-there", apply("values-product-right", A=W, C=V.T, i=j)),
                step("left-back", apply("values-product", A=U.T, C=inner_part * V, i=j)),
                step("right-back", apply("values-product-right", A=inner_part, C=V, i=j)),
                step("again", Rewrite(target="left-back", equation="back")),
                step("shrinks", arithmetic("left-there", "left-bound"), le(s(inner_part, j), s(W * V.T, j))),
                step(
                    "shrinks-too",
                    arithmetic("right-there", "right-bound", "right-transpose"),
                    le(s(W * V.T, j), s(W, j)),
                ),
                step("grows", arithmetic("again", "left-bound", "left-transpose"), le(s(W, j), s(inner_part * V, j))),
                step("grows-too", arithmetic("right-back", "right-bound"), le(s(inner_part * V, j), s(inner_part, j))),
                step(
                    "value",
                    arithmetic("scaled", "shrinks", "shrinks-too", "grows", "grows-too"),
                    eq(s(turned, j), Abs(c) * s(W, j)),
                ),
            ),
        ),
    )


def same_effective_rank(one: Any, other: Any, factor: Any, *known: str) -> tuple[Line, ...]:
    """``same``: equal effective ranks, from the line ``rank`` (equal ranks) and the universal line ``values``.

    ``values`` says that the singular values of ``one`` are those of ``other`` times the number ``factor``, not zero.
    """
    r = Rank(other)
    total = Sum(Sigma(one, j) ** 2, (j, 1, r))
    p, q = Sigma(one, i) ** 2 / total, share(other, 2)
    sums = ("total", "total-factor", "sum-2", *known)
    return (
        *positive_sum(other, 2),
        definition(other, 2),
        step("its-definition", apply(NODES[2][0], W=one)),
        step("its-entropy", Rewrite(target="its-definition", equation="rank")),
        step(
            "squares",
            for_each(
                j,
                1,
                r,
                step("value", Instance(of="values", at=j)),
                step("square", arithmetic("value"), eq(Sigma(one, j) ** 2, factor**2 * Sigma(other, j) ** 2)),
            ),
        ),
        step("total", Termwise(line="squares")),
        step("total-factor", Factor(total=power_sum(other, 2), out=factor**2)),
        step(
            "terms",
            for_each(
                i,
                1,
                r,
                step("square", Instance(of="squares", at=i)),
                step("share", arithmetic("square", *sums), eq(p, q)),
                step("value-2", apply("positive", W=other, i=i)),
                step("share-2", arithmetic("value-2", "sum-2"), gt(q, 0)),
                step("log", Congruence(equation="share"), eq(log(p), log(q))),
                step("term", arithmetic("share", "log", "share-2", "value-2", *sums), eq(p * log(p), q * log(q))),
            ),
        ),
        step("entropies", Termwise(line="terms")),
        step(
            "logs",
            arithmetic("its-entropy", "definition-2", "entropies", *sums),
            eq(log(EffectiveRank(one)), log(EffectiveRank(other))),
        ),
        *from_logs("at-most", EffectiveRank(one), EffectiveRank(other), "logs"),
        *from_logs("at-least", EffectiveRank(other), EffectiveRank(one), "logs"),
        step("same", arithmetic("at-most", "at-least"), eq(EffectiveRank(one), EffectiveRank(other))),
    )
