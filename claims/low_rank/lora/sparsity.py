"""A sparsity penalty on the diagonal factor between B and A (section 11.2.4)."""

from __future__ import annotations

from typing import Any

from claims.low_rank.lora.scaling import same_rank, scales_are_values
from claims.low_rank.records import RECORDS
from verify.authoring import *

m, n, r = sizes("m n r")
i = indices("i")
s1, s2, g1, g2, z, t = scalars("s_1 s_2 g_1 g_2 z t")
c, epsilon = scalars("c epsilon", positive=True)
B, S, A = matrix("B", m, r), matrix("S", r, r), matrix("A", r, n)
ones = {"B": [["1"]], "S": [["1"]], "A": [["1"]]}
full_rank = [assume("B has full column rank", eq(Rank(B), r)), assume("A has full row rank", eq(Rank(A), r))]
orthonormal = [assume("columns of B", eq(B.T * B, Identity(r))), assume("rows of A", eq(A * A.T, Identity(r)))]
shrunk = c * S


def cost(at: Any, scale: Any) -> Any:
    """What the proximal step minimises over ``at``: half the squared distance to the scale, and the penalty."""
    return (at - scale) ** 2 / 2 + t * Abs(at)


sparsity = Claim(
    label="lemma-11.29",
    section="11.2.4 LoRA",
    title=text("A sparse diagonal factor", "AdaLoRA的稀疏化效应"),
    sources=["zhang2023adalora"],
    statement_tex=[r"L(B, S, A) + \lambda \|S\|_1"],
    parts=[
        Part(
            id="l1-gives-zeros",
            role=caveat,
            expected=proved,
            reading=text(
                "the proximal step of the L1 penalty sends every scale of size at most the threshold t to exactly "
                "zero: zero costs less than any other z",
                "L1 惩罚的近端步把绝对值不超过阈值 t 的系数恰好变为零：取零的代价小于任何其他的 z",
            ),
            given=[real(s1), real(z), real(t, 0), assume("below the threshold", le(Abs(s1), t)), assume("z", ne(z, 0))],
            says=lt(cost(0, s1), cost(z, s1)),
            witness={"s_1": "1", "z": "1", "t": "1"},
            checks=[proof(step("zero", arithmetic(), lt(cost(0, s1), cost(z, s1)))), Search()],
        ),
        Part(
            id="l1-shrinks",
            role=caveat,
            expected=proved,
            reading=text(
                "and every scale that is kept loses t as well: above the threshold the cheapest value is s - t",
                "保留下来的系数也都减少 t：超过阈值时代价最小的是 s - t",
            ),
            given=[real(s1), real(z), real(t, 0), assume("above the threshold", gt(s1, t)), assume("z", ne(z, s1 - t))],
            says=lt(cost(s1 - t, s1), cost(z, s1)),
            witness={"s_1": "2", "z": "2", "t": "1"},
            checks=[proof(step("less", arithmetic(), lt(cost(s1 - t, s1), cost(z, s1)))), Search()],
        ),
        Part(
            id="subgradient-gives-zeros",
            role=caveat,
            expected=refuted,
            repair="l1-gives-zeros",
            reading=text(
                "plain descent on the penalty does the same: a step of size t down its slope takes a positive scale of "
                "at most t to zero",
                "对惩罚项作普通下降效果相同：沿斜率走长度 t 的一步，就把不超过 t 的正系数变为零",
            ),
            given=[real(s1, 0, None, open=True), real(t), assume("below the step", le(s1, t))],
            says=eq(s1 - t, 0),
            witness={"s_1": "1", "t": "1"},
            checks=[Counter(values={"s_1": "1", "t": "2"}), Search()],
            note=text(
                "it jumps over zero and back for ever; exact zeros need the proximal step or a threshold",
                "它会在零的两侧来回跳动；要得到精确的零，需要近端步或阈值",
            ),
        ),
        Part(
            id="l1-on-scale-alone",
            role=main,
            expected=refuted,
            repair="l1-on-scale-alone-repaired",
            reading=text(
                "an L1 penalty on S, with B and A free, selects a rank: then the penalty must prefer some increments "
                "to others, so that the same increment cannot be had more cheaply, with B/c and cS in place of B and S",
                "只惩罚 S 的 L1 范数而 B、A 自由，就能选出秩：那么惩罚必须对不同增量有所偏好，"
                "同一增量不能靠把 B、S 换成 B/c、cS 而变得更便宜",
            ),
            given=[*declare(B, S, A, S="diagonal"), real(c, 0, open=True)],
            says=[eq((B / c) * shrunk * A, B * S * A), ge(NuclearNorm(shrunk), NuclearNorm(S))],
            witness=ones | {"c": "1"},
            checks=[Counter(values=ones | {"c": "1/2"}), Search()],
            note=text(
                "the sum of |s_k| is the nuclear norm of the diagonal S; it can be made as small as one likes at no "
                "change of the increment, so the penalty has no minimiser and no say in the rank",
                "|s_k| 之和即对角阵 S 的核范数；它可以在增量不变的情况下任意小，因此惩罚没有极小点，也无从影响秩",
            ),
        ),
        Part(
            id="l1-infimum",
            role=caveat,
            expected=proved,
            reading=text(
                "the greatest lower bound of the penalty over all ways to write an increment is zero, for every "
                "increment: it falls below any epsilon with S multiplied by c = epsilon/(1 + |S|), or less, and B "
                "divided by c",
                "对任何增量，惩罚在其所有写法上的下确界都是零："
                "把 S 乘以不超过 epsilon/(1 + |S|) 的 c、B 除以 c，惩罚便小于 epsilon",
            ),
            given=[
                *declare(B, S, A),
                real(epsilon, 0, open=True),
                real(c, 0, open=True),
                assume("c small", le(c * (1 + NuclearNorm(S)), epsilon)),
            ],
            says=[eq((B / c) * shrunk * A, B * S * A), lt(NuclearNorm(shrunk), epsilon)],
            witness=ones | {"epsilon": "2", "c": "1"},
            checks=[
                proof(
                    step("same", algebra(), eq((B / c) * shrunk * A, B * S * A)),
                    step("rank-down", apply("rank-product-left", A=S, C=c * Identity(r))),
                    step("rank-up", apply("rank-product-left", A=shrunk, C=Identity(r) / c)),
                    step("rank", arithmetic("rank-down", "rank-up"), eq(Rank(shrunk), Rank(S))),
                    step(
                        "each",
                        for_each(
                            i,
                            1,
                            Rank(S),
                            step("value", apply("values-scaled", W=S, c=c, i=i)),
                            step("scaled", arithmetic("value"), eq(Sigma(shrunk, i), c * Sigma(S, i))),
                        ),
                    ),
                    step("sums", Termwise(line="each")),
                    step("factor", Factor(total=Sum(Sigma(S, i), (i, 1, Rank(S))), out=c)),
                    step("penalty", apply("nuclear-norm", W=S)),
                    step("small-by-rank", apply("nuclear-norm", W=shrunk)),
                    step("small-penalty", Rewrite(target="small-by-rank", equation="rank")),
                    step(
                        "product",
                        arithmetic("small-penalty", "sums", "factor", "penalty"),
                        eq(NuclearNorm(shrunk), c * NuclearNorm(S)),
                    ),
                    step("below", arithmetic("product"), lt(NuclearNorm(shrunk), epsilon)),
                )
            ],
        ),
        Part(
            id="l1-on-scale-alone-repaired",
            role=main,
            expected=proved,
            reading=text(
                "with orthonormal columns of B and rows of A the penalty is the nuclear norm of the increment itself, "
                "which no rewriting can lower",
                "当 B 的列与 A 的行标准正交时，惩罚等于增量本身的核范数，换写法不能使它变小",
            ),
            given=[*declare(B, S, A), *orthonormal, *full_rank],
            says=eq(NuclearNorm(B * S * A), NuclearNorm(S)),
            witness=ones,
            checks=[
                proof(
                    *same_rank(B, S, A),
                    step("each", for_each(i, 1, Rank(S), *scales_are_values(B, S, A, i))),
                    step("sums", Termwise(line="each")),
                    step("penalty", apply("nuclear-norm", W=S)),
                    step("whole-by-rank", apply("nuclear-norm", W=B * S * A)),
                    step("whole", Rewrite(target="whole-by-rank", equation="rank")),
                    step("goal", arithmetic("sums", "penalty", "whole"), eq(NuclearNorm(B * S * A), NuclearNorm(S))),
                )
            ],
        ),
        Part(
            id="rank-without-choice",
            role=caveat,
            expected=refuted,
            reading=text(
                "the rank is selected by itself: how many scales survive the threshold does not depend on the weight "
                "of the penalty, which sets the threshold",
                "秩是自动选出的：有多少系数留在阈值之上，与决定阈值的惩罚权重无关",
            ),
            given=[*declare(S, S="diagonal"), real(t, 0), real(z, t)],
            says=eq(CountAbove(S, t), CountAbove(S, z)),
            witness={"S": [["1"]], "t": "0", "z": "0"},
            checks=[Counter(values={"S": [["1"]], "t": "0", "z": "1"}), Search()],
            note=text(
                "one hyperparameter, the rank, has been exchanged for another, the weight of the penalty",
                "只是把一个超参数（秩）换成了另一个（惩罚权重）",
            ),
        ),
        Part(
            id="is-adalora",
            role=caveat,
            expected=refuted,
            repair="is-adalora-repaired",
            reading=text(
                "the method of the paper adapts the rank by the sizes of the scales, as an L1 penalty does: it keeps "
                "the direction with the larger |s|. The paper ranks by a score built from |s times its gradient|, and "
                "sets the scales below the budget to zero without shrinking the others",
                "论文的方法像 L1 惩罚那样按系数大小调整秩：保留 |s| 较大的方向。"
                "而论文按由 |s 乘以其梯度| 构成的得分排序，"
                "把预算之外的系数置零，且不收缩其余系数",
            ),
            given=[real(s1), real(s2), real(g1), real(g2), assume("order", gt(Abs(s1), Abs(s2)))],
            says=ge(Abs(s1 * g1), Abs(s2 * g2)),
            witness={"s_1": "2", "s_2": "1", "g_1": "1", "g_2": "1"},
            checks=[
                Attributed(record="zhang2023-sensitivity", formula=Abs(s1 * g1), records=RECORDS),
                Counter(values={"s_1": "2", "s_2": "1", "g_1": "0", "g_2": "1"}),
                Search(),
            ],
            sources=["zhang2023adalora"],
            note=text(
                "a large scale to which the loss is indifferent goes, a small one that matters stays. The paper weighs "
                "the size |s| alone as a score too, and finds that it does not measure what a direction contributes",
                "损失对其不敏感的大系数被舍去，重要的小系数被保留。"
                "论文也考虑过仅以 |s| 为分数，但认为它不能衡量方向的贡献",
            ),
        ),
        Part(
            id="is-adalora-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the two orders agree where the loss has equally steep slopes along both scales",
                "当损失沿两个系数的斜率大小相等时，两种排序一致",
            ),
            given=[
                real(s1),
                real(s2),
                real(g1),
                real(g2),
                assume("order", gt(Abs(s1), Abs(s2))),
                assume("equal slopes", eq(Abs(g1), Abs(g2))),
            ],
            says=ge(Abs(s1 * g1), Abs(s2 * g2)),
            witness={"s_1": "2", "s_2": "1", "g_1": "1", "g_2": "1"},
            checks=[
                Attributed(record="zhang2023-sensitivity", formula=Abs(s1 * g1), records=RECORDS),
                proof(step("agree", arithmetic(), ge(Abs(s1 * g1), Abs(s2 * g2)))),
            ],
            sources=["zhang2023adalora"],
        ),
    ],
)
