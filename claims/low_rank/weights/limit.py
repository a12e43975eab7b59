"""The limit of the gradient flow on a quadratic loss, from any start (the last parts of lemma 11.18)."""

from __future__ import annotations

from verify.authoring import *

m, n, N = sizes("m n N")
W, V, start = matrix("W", m, n), matrix("V", m, n), matrix("W_0", m, n)
X, Y, M = matrix("X", n, N), matrix("Y", m, N), matrix("M", N, n)
eta = scalars("eta")

off_data = Identity(n) - X * M
limit = start * off_data + Y * M
stepped = W - eta * (W * X - Y) * X.T
inverse = (
    assume("M X is the projection on the rows of X", eq(X * X.T * M.T, X)),
    assume("X M is the projection on the columns of X", eq(X.T * X * M, X.T)),
    assume("M is the pseudo-inverse of X", eq(M * X * M, M)),
)
stationary = assume("V has no gradient", eq(V * X * X.T, Y * X.T))

identity_2 = [["1", "0"], ["0", "1"]]
whole = {"X": identity_2, "M": identity_2, "Y": identity_2}
one_mode = {"X": [["1"], ["0"]], "M": [["1", "0"]], "Y": [["1"], ["0"]]}
two_of_three = {"X": [["1", "0"], ["0", "1"], ["0", "0"]], "M": [["1", "0", "0"], ["0", "1", "0"]], "Y": identity_2}


def alone(*names: str) -> MatrixAlgebra:
    """Matrix algebra with the named lines only, so that the hypotheses cannot rewrite first."""
    return MatrixAlgebra(using=names, from_hypotheses=False)


NORMAL = (
    step("rows", Hypothesis(), eq(X * X.T * M.T, X)),
    step("columns", Hypothesis(), eq(X.T * X * M, X.T)),
    step("inner", Hypothesis(), eq(M * X * M, M)),
    step("rows-turned", alone("rows"), eq(M * X * X.T, X.T)),
)

LIMIT = (
    Part(
        id="steady-state-compresses",
        role=main,
        expected=refuted,
        repair="steady-state-compresses-repaired",
        reading=text(
            "the flow ends at a matrix of no larger effective rank than its start: the limit from W_0 is "
            "W_0 (I - X M) + Y M with M the pseudo-inverse of X, see limit",
            "梯度流的终点有效秩不超过起点：从 W_0 出发的极限是 W_0(I - XM) + YM，M 为 X 的伪逆，见 limit",
        ),
        given=[
            *declare(start, X, Y, M),
            *inverse,
            assume("the start is not zero", ge(Rank(start), 1)),
            assume("the limit is not zero", ge(Rank(limit), 1)),
        ],
        says=le(EffectiveRank(limit), EffectiveRank(start)),
        witness=whole | {"W_0": identity_2},
        checks=[Counter(values=whole | {"W_0": [["2", "0"], ["0", "1"]]})],
        note=text(
            "the limit is set by the targets; it is low-rank where they are, and where the start is small off the "
            "data. Descent moves towards the answer, not towards low rank",
            "极限由目标决定：目标低秩、且起点在数据之外很小时，极限才低秩。下降走向答案，而不是走向低秩",
        ),
    ),
    Part(
        id="steady-state-compresses-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "from a zero start the limit Y M has the least rank of all least squares solutions V",
            "从零出发时，极限 YM 在所有最小二乘解 V 中秩最小",
        ),
        given=[*declare(V, X, Y, M), *inverse, stationary],
        says=le(Rank(Y * M), Rank(V)),
        witness=two_of_three | {"V": [["1", "0", "0"], ["0", "1", "5"]]},
        checks=[
            proof(
                *NORMAL,
                step("gradient", Hypothesis(), eq(V * X * X.T, Y * X.T)),
                step("by-rows", alone("rows"), eq(V * X * X.T * M.T, V * X)),
                step("by-target", alone("gradient"), eq(V * X * X.T * M.T, Y * X.T * M.T)),
                step("values", Rewrite(target="by-rows", equation="by-target"), eq(Y * X.T * M.T, V * X)),
                step("one-side", alone("rows"), eq(M * X * X.T * M.T, M * X)),
                step("other-side", alone("rows-turned"), eq(M * X * X.T * M.T, X.T * M.T)),
                step("symmetric", Rewrite(target="one-side", equation="other-side"), eq(X.T * M.T, M * X)),
                step("rewritten", alone("values", "symmetric"), eq(Y * X.T * M.T * M, V * X * M)),
                step("other-form", alone("symmetric", "inner"), eq(Y * X.T * M.T * M, Y * M)),
                step("factor", Rewrite(target="rewritten", equation="other-form"), eq(Y * M, V * X * M)),
                step("rank", apply("rank-product-left", A=V, C=X * M)),
                step("least", Rewrite(target="rank", equation="factor"), le(Rank(Y * M), Rank(V))),
            )
        ],
    ),
    Part(
        id="limit",
        role=caveat,
        expected=proved,
        reading=text(
            "the limit named has no gradient, and agrees with the start off the data; and a step never changes what a "
            "weight does there",
            "所述极限处梯度为零，且在数据之外与起点一致；而每一步都不改变权重在数据之外的作用",
        ),
        given=[*declare(start, W, X, Y, M), *inverse, real(eta)],
        says=[
            eq(limit * X * X.T, Y * X.T),
            eq(limit * off_data, start * off_data),
            eq(stepped * off_data, W * off_data),
        ],
        witness=one_mode | {"W_0": identity_2, "W": identity_2, "eta": "1/2"},
        checks=[
            proof(
                step("no-gradient", algebra(), eq(limit * X * X.T, Y * X.T)),
                *NORMAL,
                step("projection", alone("inner"), eq(X * M * X * M, X * M)),
                step("off-data", alone("projection", "inner"), eq(limit * off_data, start * off_data)),
                step("unchanged", alone("columns"), eq(stepped * off_data, W * off_data)),
            )
        ],
    ),
    Part(
        id="limit-unique",
        role=caveat,
        expected=proved,
        reading=text(
            "no other matrix without gradient agrees with the start off the data, so the flow can end nowhere else",
            "没有别的零梯度矩阵在数据之外与起点一致，所以梯度流只能终止于此",
        ),
        given=[
            *declare(V, start, X, Y, M),
            *inverse,
            stationary,
            assume("V agrees with the start off the data", eq(V, start * off_data + V * X * M)),
        ],
        says=eq(V, limit),
        witness=one_mode | {"W_0": [["0", "0"], ["0", "1"]], "V": identity_2},
        checks=[
            proof(
                *NORMAL,
                step("gradient", Hypothesis(), eq(V * X * X.T, Y * X.T)),
                step("by-rows", alone("rows"), eq(V * X * X.T * M.T, V * X)),
                step("by-target", alone("gradient"), eq(V * X * X.T * M.T, Y * X.T * M.T)),
                step("values", Rewrite(target="by-rows", equation="by-target"), eq(Y * X.T * M.T, V * X)),
                step("one-side", alone("rows"), eq(M * X * X.T * M.T, M * X)),
                step("other-side", alone("rows-turned"), eq(M * X * X.T * M.T, X.T * M.T)),
                step("symmetric", Rewrite(target="one-side", equation="other-side"), eq(X.T * M.T, M * X)),
                step("rewritten", alone("values", "symmetric"), eq(Y * X.T * M.T * M, V * X * M)),
                step("other-form", alone("symmetric", "inner"), eq(Y * X.T * M.T * M, Y * M)),
                step("factor", Rewrite(target="rewritten", equation="other-form"), eq(Y * M, V * X * M)),
                step("agrees", Hypothesis(), eq(V, start * off_data + V * X * M)),
                step("limit", Rewrite(target="agrees", equation="factor"), eq(V, limit)),
            )
        ],
    ),
    Part(
        id="rank-of-target",
        role=caveat,
        expected=refuted,
        repair="rank-of-target-repaired",
        reading=text(
            "whatever the start, the limit has no larger rank than the targets", "无论起点如何，极限的秩不超过目标的秩"
        ),
        given=[*declare(start, X, Y, M), *inverse],
        says=le(Rank(limit), Rank(Y)),
        witness=whole | {"W_0": identity_2},
        checks=[Counter(values=one_mode | {"W_0": [["0", "0"], ["0", "1"]]})],
        note=text(
            "what the data do not see of the start is never forgotten, unless weight decay or its like removes it",
            "起点中数据看不见的部分永远不会消失，除非有权重衰减之类的机制",
        ),
    ),
    Part(
        id="rank-of-target-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "from a zero start it has not: rank(Y M) is at most the rank of Y", "从零出发时成立：rank(YM) 不超过 Y 的秩"
        ),
        given=declare(Y, M),
        says=le(Rank(Y * M), Rank(Y)),
        witness={"Y": [["1"], ["0"]], "M": [["1", "0"]]},
        checks=[proof(step("rank", apply("rank-product-left", A=Y, C=M))), Search()],
    ),
    Part(
        id="below-least-squares",
        role=caveat,
        expected=refuted,
        repair="steady-state-compresses-repaired",
        reading=text(
            "from a zero start the limit has the least effective rank, too, of all least squares solutions V",
            "从零出发时，极限在所有最小二乘解 V 中有效秩也最小",
        ),
        given=[
            *declare(V, X, Y, M),
            *inverse,
            stationary,
            assume("the limit is not zero", ge(Rank(Y * M), 1)),
            assume("V is not zero", ge(Rank(V), 1)),
        ],
        says=le(EffectiveRank(Y * M), EffectiveRank(V)),
        witness=whole | {"V": identity_2},
        checks=[Counter(values=two_of_three | {"V": [["1", "0", "10"], ["0", "1", "0"]]})],
        note=text(
            "the shortest solution is of least rank, not of least effective rank: a long component off the data "
            "concentrates the energy and lowers the entropy",
            "最短的解秩最小，有效秩却未必最小：数据之外的大分量使能量集中，从而降低熵",
        ),
    ),
)
