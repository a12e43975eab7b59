"""Bias against variance of a low-rank approximation (section 11.2.5).

The well-posed instance is denoising: the truth W is seen as Y = W + E, and a projection of rank k is applied to Y.
"""

from __future__ import annotations

from typing import Any

from claims.low_rank.proofs import residual, squares
from verify.authoring import *

m, n, k = sizes("m n k")
i, j, l, q = indices("i j l q")
v = scalars("v")
before, after, bias, variance = scalars("E_full E_k E_bias E_variance")
W, E, Y = matrix("W", m, n), matrix("E", m, n), matrix("Y", m, n)
U = matrix("U", m, k)

rank, s = Rank(W), Sigma
orthonormal = assume("orthonormal", eq(U.T * U, Identity(k)))
projected = U * U.T
white = assume("white noise", eq(E * E.T, v * Identity(m)))


exact_tradeoff = eq(
    norm_sq(projected * (W + E) - W), norm_sq(E) + norm_sq(W - projected * W) - norm_sq(E - projected * E)
)


def risk(order: Any) -> Any:
    """Squared error left by the first singular directions of W, noise of variance v in each of them."""
    return squares(W, order + 1, rank) + v * order


best = [
    *declare(W),
    between(q, 1, rank),
    real(v, 0),
    assume("kept above the noise", le(v, s(W, q) ** 2)),
    assume("left below the noise", le(s(W, q + 1) ** 2, v)),
]


def compared(low: Any, high: Any, neighbour: Any, relation: Any) -> tuple[Line, ...]:
    """Each squared value between two orders lies on one side of v, and so does their sum."""
    name = f"{low}"
    return (
        step(
            f"each from {name}",
            for_each(
                i,
                low,
                high,
                step("order", apply("order", W=W, **({"i": q, "j": i} if relation is ge else {"i": i, "j": q + 1}))),
                step("square", arithmetic("order"), relation(s(W, i) ** 2, s(W, neighbour) ** 2)),
                step("side", arithmetic("square"), le(v, s(W, i) ** 2) if relation is ge else le(s(W, i) ** 2, v)),
            ),
        ),
        step(f"sum from {name}", Termwise(line=f"each from {name}")),
        step(f"noise from {name}", Constant(total=Sum(v, (i, low, high)))),
    )


tradeoff = Claim(
    label="lemma-11.31",
    section="11.2.5 Error and generalisation",
    title=text("Approximation against generalisation", "近似与泛化的权衡"),
    statement_tex=[
        r"\mathcal{E}(W_k) \le \mathcal{E}(W) + \mathcal{E}_{\text{bias}}(k) - \mathcal{E}_{\text{variance}}(k)"
    ],
    parts=[
        Part(
            id="falsifiable",
            role=main,
            expected=ill_posed,
            repair="falsifiable-repaired",
            reading=text(
                "the error after the approximation is at most the error before, plus an increase, minus a reduction. "
                "Neither term is defined beyond its name; all that is said is that they are an increase and a "
                "reduction, so not negative. Whatever the two errors are, terms can be named with which the "
                "inequality holds.",
                "近似后的误差不超过近似前的误差加上一个增量再减去一个减量。两项除名称外没有定义，只知道它们非负。无论"
                "两个误差是多少，总能指定两项使不等式成立。",
            ),
            given=[real(before, 0), real(after, 0), real(bias, 0), real(variance, 0)],
            says=le(after, before + bias - variance),
            witness={"E_full": "1", "E_k": "1", "E_bias": "0", "E_variance": "0"},
            checks=[
                Unfalsifiable(
                    values={bias: after, variance: before},
                    derivation=Derivation(
                        lines=(
                            step("increase", Hypothesis(), ge(after, 0)),
                            step("reduction", Hypothesis(), ge(before, 0)),
                            step("holds", arithmetic(), le(after, before + after - before)),
                        )
                    ),
                )
            ],
            note=text(
                "an inequality whose terms are named by what they should explain explains nothing; define them before "
                "the errors are seen",
                "各项若只以其应解释的对象命名，不等式就什么也没有解释；应在看到误差之前给出定义",
            ),
        ),
        Part(
            id="falsifiable-repaired",
            role=main,
            expected=proved,
            reading=text(
                "with both terms defined: Y = W + E projected onto k orthonormal columns U has the squared error of "
                "Y, plus the part of the truth that is removed, minus the part of the noise that is removed; with "
                "equality",
                "给出两项的定义：把 Y = W + E 投影到 k 个标准正交列 U 上，误差平方等于 Y 的误差平方，加上被去掉的真值"
                "部分，减去被去掉的噪声部分，且为等式",
            ),
            given=[*declare(W, E, U), orthonormal],
            says=exact_tradeoff,
            witness={"W": [["2"], ["1"]], "E": [["1"], ["1"]], "U": [["1"], ["0"]]},
            checks=[proof(step("pythagoras", TraceAlgebra(), exact_tradeoff))],
        ),
        Part(
            id="denoising",
            role=caveat,
            expected=proved,
            reading=text(
                "white noise (E E' = v I, or so on average, since both sides are linear in E E') and a fixed subspace "
                "with orthonormal basis U of k vectors: the squared error of the projected Y is the bias |W - UU'W|^2 "
                "plus the variance k v, and that of Y itself is m v",
                "白噪声（E E' = vI，或其均值如此，因两边关于 E E' 都是线性的）与以 k 个标准正交向量 U 张成的固定子空间"
                "：投影后的误差平方等于偏差 |W - UU'W|^2 加方差 kv，而 Y 自身的误差平方为 mv",
            ),
            given=[*declare(W, E, U), real(v, 0), orthonormal, white],
            says=[eq(norm_sq(projected * (W + E) - W), norm_sq(W - projected * W) + k * v), eq(norm_sq(E), m * v)],
            witness={"W": [["2", "0"], ["1", "1"]], "E": [["1", "0"], ["0", "1"]], "U": [["1"], ["0"]], "v": "1"},
            checks=[
                proof(
                    step(
                        "error",
                        TraceAlgebra(),
                        eq(norm_sq(projected * (W + E) - W), norm_sq(W - projected * W) + k * v),
                    ),
                    step("noise", TraceAlgebra(), eq(norm_sq(E), m * v)),
                )
            ],
        ),
        Part(
            id="best-rank",
            role=caveat,
            expected=proved,
            reading=text(
                "over the first k left singular directions of W the error is the sum of the discarded squares plus k "
                "v; it is least at the k that keeps exactly the singular values whose squares reach v, compared with "
                "each smaller j and each larger l",
                "取 W 的前 k 个左奇异方向，误差为被舍去的平方和加 kv；恰好保留平方达到 v 的奇异值时误差最小，与每个更"
                "小的 j 和更大的 l 相比",
            ),
            given=[*best, between(j, 0, q), between(l, q, rank)],
            says=[le(risk(q), risk(j)), le(risk(q), risk(l))],
            witness={"W": [["2", "0"], ["0", "1"]], "q": "1", "j": "0", "l": "2", "v": "2"},
            checks=[
                proof(
                    step("split below", Split(total=squares(W, j + 1, rank), at=q)),
                    *compared(j + 1, q, q, ge),
                    step("not less", arithmetic(), le(risk(q), risk(j))),
                    step("split above", Split(total=squares(W, q + 1, rank), at=l)),
                    *compared(q + 1, l, q + 1, le),
                    step("not more", arithmetic(), le(risk(q), risk(l))),
                )
            ],
            depends_on=["lemma-11.31/denoising"],
        ),
        Part(
            id="balance-is-equality",
            role=caveat,
            expected=refuted,
            repair="best-rank",
            reading=text(
                "at the best rank the two terms balance, read as: the bias equals what is saved in variance, v (m - k)",
                "在最优秩处两项平衡，理解为：偏差等于所节省的方差 v(m - k)",
            ),
            given=best,
            says=eq(squares(W, q + 1, rank), v * (m - q)),
            witness={"W": [["1"]], "q": "1", "v": "1"},
            checks=[Counter(values={"W": [["2"], ["0"]], "q": "1", "v": "1"}), Search()],
            note=text(
                "what balances is the margin, not the totals: the last value kept is above the noise, the next one "
                "below",
                "平衡的是边际而不是总量：最后保留的值高于噪声，下一个低于噪声",
            ),
        ),
        Part(
            id="truncation-helps",
            role=caveat,
            expected=refuted,
            repair="truncation-helps-repaired",
            reading=text(
                "truncating the noisy matrix Y itself to the rank of the truth W never increases the error, since the "
                "bias is zero",
                "把含噪矩阵 Y 自身截断到真值 W 的秩不会增大误差，因为偏差为零",
            ),
            given=[
                *declare(W, Y),
                between(q, 1, Rank(Y)),
                assume("rank of the truth", le(rank, q)),
                assume("unique truncation", gt(s(Y, q), s(Y, q + 1))),
            ],
            says=le(FrobeniusNorm(Truncated(Y, q) - W), FrobeniusNorm(Y - W)),
            witness={"W": [["2", "0"], ["0", "0"]], "Y": [["2", "0"], ["0", "1"]], "q": "1"},
            checks=[Counter(values={"W": [["1", "0"], ["0", "0"]], "Y": [["1", "0"], ["0", "2"]], "q": "1"}), Search()],
            sources=["gavish2014"],
            note=text(
                "the directions of a truncation depend on the noise: where the noise is stronger than the signal, the "
                "signal is what is discarded",
                "截断的方向依赖于噪声：噪声强于信号时，被舍去的恰是信号",
            ),
        ),
        Part(
            id="truncation-helps-repaired",
            role=caveat,
            expected=proved,
            reading=text("it at most doubles the error", "误差至多加倍"),
            given=[*declare(W, Y), between(q, 1, Rank(Y)), assume("rank of the truth", le(rank, q))],
            says=le(FrobeniusNorm(Truncated(Y, q) - W), 2 * FrobeniusNorm(Y - W)),
            witness={"W": [["1", "0"], ["0", "0"]], "Y": [["1", "0"], ["0", "2"]], "q": "1"},
            checks=[
                proof(
                    residual(Y, q),
                    step("closest", apply("eckart-young-frobenius", W=Y, X=W, k=q)),
                    step(
                        "distance",
                        arithmetic("residual", "closest"),
                        le(FrobeniusNorm(Y - Truncated(Y, q)), FrobeniusNorm(Y - W)),
                    ),
                    step("triangle", apply("triangle-frobenius", A=Truncated(Y, q) - Y, B=Y - W)),
                    step("sign", TraceAlgebra(), eq(norm_sq(Truncated(Y, q) - Y), norm_sq(Y - Truncated(Y, q)))),
                    step(
                        "same",
                        arithmetic("sign"),
                        eq(FrobeniusNorm(Truncated(Y, q) - Y), FrobeniusNorm(Y - Truncated(Y, q))),
                    ),
                    step(
                        "double",
                        arithmetic("distance", "triangle", "same"),
                        le(FrobeniusNorm(Truncated(Y, q) - W), 2 * FrobeniusNorm(Y - W)),
                    ),
                )
            ],
        ),
    ],
)
