"""Stopping early where the limit is aligned with the data: a more concentrated spectrum on the way (section 11.2.3).

The limit has the singular values a_i, those of A, and the shares developed of them are f_i, those of F, both in
decreasing order; so the weight has the singular values f_i a_i.
"""

from __future__ import annotations

from claims.low_rank.gradient_flow.entropy import entropy_falls, entropy_of_limit, entropy_of_shares
from claims.low_rank.proofs import energy, split_total, squares, total_positive
from claims.low_rank.spared import BEYOND_RANK, NOTHING_KEPT, SMALLER_SIDE, ZERO_HAS_NO_VALUE
from verify.authoring import *

m, n, p, q = sizes("m n p q")
i, k = indices("i k")
A, F = matrix("A", m, n), matrix("F", p, q)

rank = Rank(A)
term, kept = (Sigma(F, i) * Sigma(A, i)) ** 2, Sigma(F, k) ** 2 * Sigma(A, i) ** 2
head, tail, whole = Sum(term, (i, 1, k)), Sum(term, (i, k + 1, rank)), Sum(term, (i, 1, rank))
limit_head, limit_tail = squares(A, 1, k), squares(A, k + 1, rank)
shares = [
    *declare(A, F),
    assume("the limit is not zero", ge(rank, 1)),
    assume("every mode of the limit has begun to develop", ge(Rank(F), rank)),
]
bounded_below = (
    step("order", apply("order", W=F, i=k, j=i)),
    step("squares", arithmetic("order"), le(Sigma(F, k) ** 2, Sigma(F, i) ** 2)),
    step("term", arithmetic("squares"), le(kept, term)),
)
bounded_above = (
    step("order", apply("order", W=F, i=i, j=k)),
    step("squares", arithmetic("order"), le(Sigma(F, i) ** 2, Sigma(F, k) ** 2)),
    step("term", arithmetic("squares"), le(term, kept)),
)
whole_positive = (
    step("first-a", apply("positive", W=A, i=1)),
    step("first-f", apply("positive", W=F, i=1)),
    step("first-product", arithmetic("first-a", "first-f"), gt(Sigma(F, 1) * Sigma(A, 1), 0)),
    step("first-term", arithmetic("first-product"), gt((Sigma(F, 1) * Sigma(A, 1)) ** 2, 0)),
    step("whole-first", First(total=whole)),
    step("whole-others", Nonnegative(total=Sum(term, (i, 2, rank)))),
    step("whole-positive", arithmetic("first-term", "whole-first", "whole-others"), gt(whole, 0)),
)
diagonal_2_1 = {"A": [["2", "0"], ["0", "1"]], "F": [["1", "0"], ["0", "1/2"]]}

ALIGNED = (
    Part(
        id="aligned",
        role=caveat,
        expected=proved,
        depends_on=["corollary-11.5/modes-developed", "corollary-11.5/shares-in-order"],
        reading=text(
            "where the limit is aligned with the data, its larger singular values lying on the eigenvectors of the "
            "larger eigenvalues of X X', the first k modes hold at least the share of the energy that they hold in "
            "the limit. The values of the limit are those of A, and the shares, in the same order (shares-in-order), "
            "those of F, so that the weight has the values f_i a_i; hence no more values are needed for any threshold",
            "若极限与数据对齐（较大的奇异值位于 XX' 较大特征值的特征向量上），则前 k 个模式占有的能量比不低于极限。"
            "极限的奇异值取为 A 的，发展比例（同序，见 shares-in-order）取为 F 的，故权重的奇异值为 f_i a_i；"
            "因此达到任何阈值所需的个数不会更多",
        ),
        given=[
            *shares[:-1],
            assume("some mode of the limit has begun to develop", ge(Rank(F), 1)),
            between(k, 1, rank),
        ],
        says=ge(head / whole, Energy(A, k)),
        witness=diagonal_2_1 | {"k": "1"},
        checks=[
            proof(
                *total_positive(A),
                *split_total(A, k),
                *whole_positive,
                energy(A, k),
                step("each-kept", for_each(i, 1, k, *bounded_below)),
                step("head-bound", Termwise(line="each-kept")),
                step("head-factor", Factor(total=limit_head, out=Sigma(F, k) ** 2)),
                step("each-left", for_each(i, k + 1, rank, *bounded_above)),
                step("tail-bound", Termwise(line="each-left")),
                step("tail-factor", Factor(total=limit_tail, out=Sigma(F, k) ** 2)),
                step("parts", Split(total=whole, at=k)),
                step(
                    "more-head",
                    arithmetic("head-bound", "head-factor", "split-tail"),
                    ge(head * limit_tail, Sigma(F, k) ** 2 * limit_head * limit_tail),
                ),
                step(
                    "less-tail",
                    arithmetic("tail-bound", "tail-factor", "split-head"),
                    le(limit_head * tail, Sigma(F, k) ** 2 * limit_head * limit_tail),
                ),
                step(
                    "crossed",
                    arithmetic("more-head", "less-tail", "parts", "split"),
                    ge(head * squares(A, 1, rank), limit_head * whole),
                ),
                step(
                    "share",
                    arithmetic("crossed", "total-positive", "whole-positive"),
                    ge(head / whole, limit_head / squares(A, 1, rank)),
                ),
                step(
                    "energy-share",
                    arithmetic("share", "energy", "total-positive", "whole-positive"),
                    ge(head / whole, Energy(A, k)),
                ),
            ),
            Search(),
        ],
        spared={
            "shift index k to k - 1 in conclusion 1": SMALLER_SIDE,
            "sum of conclusion 1 starts one later, at ∑_{i=1}^{rank(A)} σ_i(A)² σ_i(F)²": text(
                "also true: a smaller denominator makes the larger side larger; at rank one, where no "
                "term is left, it divides by zero and has no value",
                "同样成立：分母变小使较大的一端更大；秩为一时分母中没有剩余的项，除以零而没有值",
            ),
            "sum of conclusion 1 ends one earlier, at ∑_{i=1}^{rank(A)} σ_i(A)² σ_i(F)²": text(
                "also true: a smaller denominator makes the larger side larger; at rank one, where no "
                "term is left, it divides by zero and has no value",
                "同样成立：分母变小使较大的一端更大；秩为一时分母中没有剩余的项，除以零而没有值",
            ),
            "drop hypothesis some mode of the limit has begun to develop": text(
                "only an F of zeros is admitted in addition: the weight is then zero and its shares have no value",
                "新增的只有零矩阵 F：此时权重为零，其能量比没有值",
            ),
            "raise upper end of k by one": BEYOND_RANK,
            "lower the lower end of k by one": NOTHING_KEPT,
        },
    ),
    Part(
        id="agrees-with-concentration",
        role=caveat,
        expected=refuted,
        repair="aligned",
        reading=text(
            "what this corollary says of short training fits what the theorem on concentration says of training, "
            "that it gathers energy in the first values: already on the aligned path from zero, the first k modes "
            "hold no more along the way than at the end",
            "本推论对短训练的说法与能量集中定理（训练使能量集中于前若干个值）相容：即使沿对齐的、从零出发的路径，"
            "前 k 个模式途中的能量比也不高于终点",
        ),
        given=[*shares, between(k, 1, rank)],
        says=le(head / whole, Energy(A, k)),
        witness=diagonal_2_1 | {"k": "2"},
        checks=[Counter(values=diagonal_2_1 | {"k": "1"}), Search()],
        note=text(
            "the two tell opposite stories: stopped early, the weight is more concentrated than its limit, so the "
            "energy spreads while training goes on. Only a start other than zero, spread out itself, leaves room "
            "for both",
            "两者的说法相反：提前停止的权重比极限更集中，故继续训练时能量趋于分散。仅当起点不为零且本身分散时，"
            "两者才可能并存",
        ),
    ),
    Part(
        id="aligned-entropy",
        role=main,
        expected=proved,
        depends_on=["corollary-11.5/modes-developed", "corollary-11.5/shares-in-order"],
        reading=text(
            "and the effective rank of the weight is then at most that of the limit, at every time: its logarithm, "
            "the entropy of the squared singular values f_i a_i, is at most the entropy for the a_i",
            "此时权重的有效秩在任何时刻都不超过极限：其对数即 f_i a_i 平方的熵，不超过 a_i 平方的熵",
        ),
        given=shares,
        says=le(entropy_of_shares(A, F), entropy_of_limit(A)),
        witness=diagonal_2_1,
        checks=[entropy_falls(A, F), Search()],
        spared={
            "drop hypothesis the limit is not zero": ZERO_HAS_NO_VALUE,
            "drop hypothesis every mode of the limit has begun to develop": text(
                "where a mode has not begun the formula takes the logarithm of zero and has no value; "
                "with 0 log 0 = 0 the inequality would remain true as long as some mode has begun",
                "某个模式尚未发展时，公式对零取对数而没有值；若约定 0 log 0 = 0，只要有模式已开始发展，不等式仍成立",
            ),
        },
    ),
)
