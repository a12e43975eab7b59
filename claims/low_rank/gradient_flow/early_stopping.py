"""What stopping early does to the spectrum of the weight (section 11.2.3).

From a zero start the weight after t steps is W_t = W_s - W_s (I - eta X X')^t, where W_s is the limit. Along an
eigenvector of X X' with eigenvalue lambda the share f = 1 - (1 - eta lambda)^t of the limit has been developed.
"""

from __future__ import annotations

from typing import Any

from claims.low_rank.gradient_flow.decays import decay, decay_rules, decays_in_order
from claims.low_rank.gradient_flow.entropy import entropy_falls, entropy_of_limit, entropy_of_shares
from claims.low_rank.gradient_flow.modes import eigenvector_power
from claims.low_rank.measured import measured
from claims.low_rank.proofs import energy, split_total, squares, total_positive
from claims.low_rank.spared import BEYOND_RANK, NOTHING_KEPT, SMALLER_SIDE, ZERO_HAS_NO_VALUE
from verify.authoring import *

m, n, p, q, N, T = sizes("m n p q N T")
i, j, k, t, s = indices("i j k t s")
eta, lam, tau = scalars("eta lambda tau")
W, X, C = matrix("W_s", m, n), matrix("X", n, N), matrix("C", m, N)
A, F = matrix("A", m, n), matrix("F", p, q)
u = vector("q", n)

propagator = Identity(n) - eta * X * X.T
limit = C * X.T
careful_step = real(eta, 0, 1 / Sigma(X, 1) ** 2, open=True)
steps = between(t, 1, T)


def developed(w: Any) -> Any:
    """The weight after t steps from zero."""
    return w - w * sp.MatPow(propagator, t)


# --- aligned targets: the limit has values a_i, the shares are f_i, both in decreasing order ---------------------

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
two_modes = {"C": [["1/2", "0"], ["0", "4"]], "X": [["2", "0"], ["0", "1"]]}
one_mode = {"C": [["1"]], "X": [["1"]]}

early_stopping = Claim(
    label="corollary-11.5",
    section="11.2.3 Gradient flow",
    title=text("Low rank from stopping early", "隐式低秩效应"),
    statement_tex=[
        r"W_t = W_s - W_s \left(I - \eta X X^{\top}\right)^t, \quad W_0 = 0",
        r"\mathrm{erank}(W_t) \le \mathrm{erank}(W_s)",
    ],
    parts=[
        Part(
            id="finite-steps-lower-rank",
            role=main,
            expected=refuted,
            repair="aligned-entropy",
            depends_on=["lemma-11.22/closed-form"],
            reading=text(
                "from a zero start, at a step size for which every mode converges without overshooting, the effective "
                "rank after t steps is at most that of the limit W_s = C X' (its rows in the column space of X, as "
                "those of every limit from zero)",
                "从零出发，步长保证每个模式单调收敛时，t 步后的有效秩不超过极限 W_s = CX' 的有效秩"
                "（其行属于 X 的列空间，从零出发的极限都如此）",
            ),
            given=[
                *declare(C, X, T),
                steps,
                careful_step,
                assume("the limit is not zero", ge(Rank(limit), 1)),
                assume("the weight is not zero", ge(Rank(developed(limit)), 1)),
            ],
            says=le(EffectiveRank(developed(limit)), EffectiveRank(limit)),
            witness=one_mode | {"T": "1", "t": "1", "eta": "1/2"},
            checks=[Counter(values=two_modes | {"T": "1", "t": "1", "eta": "1/8"}), Search()],
            note=text(
                "with eigenvalues 4 and 1 and a limit of singular values 1 and 4 one step from zero gives two equal "
                "singular values: what develops first is what the data excites most, not what the solution has most of",
                "特征值为 4 与 1、极限的奇异值为 1 与 4 时，从零走一步即得到两个相等的奇异值："
                "先发展的是数据激励最强的方向，而不是解中分量最大的方向",
            ),
        ),
        *measured("corollary-11.5"),
        Part(
            id="forgets-small-values",
            role=caveat,
            expected=refuted,
            repair="modes-developed",
            reading=text(
                "what is developed least are the directions of small singular values of the solution: after one step "
                "from "
                "zero, W_1 = eta W_s X X', the share |W_1 v| / |W_s v| is no smaller on the right singular vector of "
                "the "
                "larger value",
                "发展最少的是解的小奇异值方向：从零走一步（W_1 = eta W_s XX'）后，"
                "较大奇异值的右奇异向量上的比例 |W_1 v| / |W_s v| 不小于较小者",
            ),
            given=[*declare(W, X), between(j, 1, Rank(W)), between(i, 1, j)],
            says=ge(
                FrobeniusNorm(W * X * X.T * RightSingular(W, i)) * Sigma(W, j),
                FrobeniusNorm(W * X * X.T * RightSingular(W, j)) * Sigma(W, i),
            ),
            witness={"W_s": [["2", "0"], ["0", "1"]], "X": [["2", "0"], ["0", "1"]], "i": "1", "j": "2"},
            checks=[
                Counter(values={"W_s": [["2", "0"], ["0", "1"]], "X": [["1", "0"], ["0", "2"]], "i": "1", "j": "2"}),
                Search(),
            ],
        ),
        Part(
            id="modes-developed",
            role=caveat,
            expected=proved,
            depends_on=["lemma-11.22/closed-form"],
            reading=text(
                "along an eigenvector of X X' exactly the share 1 - (1 - eta lambda)^t of the limit has developed "
                "after t "
                "steps from zero, whatever the limit is there",
                "从零出发 t 步后，沿 XX' 的特征向量恰好发展了极限的 1 - (1 - eta lambda)^t，与极限在该方向的大小无关",
            ),
            given=[
                *declare(W, X, u, T),
                steps,
                real(eta),
                real(lam),
                assume("q is an eigenvector", eq(X * X.T * u, lam * u)),
            ],
            says=eq(developed(W) * u, (1 - (1 - eta * lam) ** t) * W * u),
            witness={"W_s": [["3"]], "X": [["2"]], "q": [["1"]], "T": "2", "t": "2", "eta": "1/8", "lambda": "4"},
            checks=[
                proof(
                    eigenvector_power("powers"),
                    step("power", Instance(of="powers", at=t)),
                    step("share", algebra("power"), eq(developed(W) * u, (1 - (1 - eta * lam) ** t) * W * u)),
                )
            ],
        ),
        Part(
            id="shares-in-order",
            role=caveat,
            expected=proved,
            reading=text(
                "at a step size up to the inverse of the largest eigenvalue the shares are positive and ordered like "
                "the "
                "eigenvalues of X X', after any number of steps",
                "步长不超过最大特征值的倒数时，各模式的发展比例都为正，且与 XX' 的特征值同序，步数任意",
            ),
            given=[*declare(X, T), steps, between(j, 1, Rank(X)), between(i, 1, j), careful_step],
            says=[ge(1 - decay(i, t), 1 - decay(j, t)), gt(1 - decay(j, t), 0)],
            witness={"X": [["2", "0"], ["0", "1"]], "T": "2", "t": "2", "i": "1", "j": "2", "eta": "1/8"},
            checks=[
                proof(
                    *decay_rules(i, "i"),
                    *decay_rules(j, "j"),
                    step("values", apply("order", W=X, i=j, j=i)),
                    step("squares", arithmetic("values"), le(Sigma(X, j) ** 2, Sigma(X, i) ** 2)),
                    step("scaled", arithmetic("squares"), le(eta * Sigma(X, j) ** 2, eta * Sigma(X, i) ** 2)),
                    decays_in_order,
                    step("at-t", Instance(of="in-order", at=t)),
                    step("ordered", arithmetic("at-t"), ge(1 - decay(i, t), 1 - decay(j, t))),
                    step("positive", arithmetic("j-develops"), gt(1 - decay(j, t), 0)),
                )
            ],
        ),
        Part(
            id="shares-in-order-flow",
            role=caveat,
            expected=proved,
            reading=text(
                "for the gradient flow, stopped at any time tau, the shares 1 - exp(-lambda tau) are so without any "
                "condition",
                "对梯度流，无论何时停止，比例 1 - exp(-lambda tau) 都如此，不需任何条件",
            ),
            given=[*declare(X), between(j, 1, Rank(X)), between(i, 1, j), real(tau, 0, None, open=True)],
            says=[
                ge(1 - exp(-tau * Sigma(X, i) ** 2), 1 - exp(-tau * Sigma(X, j) ** 2)),
                gt(1 - exp(-tau * Sigma(X, j) ** 2), 0),
            ],
            witness={"X": [["2", "0"], ["0", "1"]], "i": "1", "j": "2", "tau": "1"},
            checks=[
                proof(
                    step("values", apply("order", W=X, i=j, j=i)),
                    step("squares", arithmetic("values"), le(Sigma(X, j) ** 2, Sigma(X, i) ** 2)),
                    step("scaled", arithmetic("squares"), le(tau * Sigma(X, j) ** 2, tau * Sigma(X, i) ** 2)),
                    step("positive", apply("positive", W=X, i=j)),
                    step("square", arithmetic("positive"), gt(Sigma(X, j) ** 2, 0)),
                    step("some", arithmetic("square"), gt(tau * Sigma(X, j) ** 2, 0)),
                    step("order", apply("exp-order", x=tau * Sigma(X, j) ** 2, y=tau * Sigma(X, i) ** 2)),
                    step(
                        "ordered",
                        arithmetic("order"),
                        ge(1 - exp(-tau * Sigma(X, i) ** 2), 1 - exp(-tau * Sigma(X, j) ** 2)),
                    ),
                    step("back", apply("exp-below-one", x=tau * Sigma(X, j) ** 2)),
                    step("begun", arithmetic("back"), gt(1 - exp(-tau * Sigma(X, j) ** 2), 0)),
                )
            ],
        ),
        Part(
            id="aligned",
            role=caveat,
            expected=proved,
            depends_on=["corollary-11.5/modes-developed", "corollary-11.5/shares-in-order"],
            reading=text(
                "where the limit is aligned with the data, its larger singular values lying on the eigenvectors of the "
                "larger eigenvalues of X X', the first k modes hold at least the share of the energy that they hold in "
                "the limit. The values of the limit are those of A, and the shares, in the same order "
                "(shares-in-order), "
                "those of F, so that the weight has the values f_i a_i; hence no more values are needed for any "
                "threshold",
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
                "and the effective rank of the weight is then at most that of the limit, at every time: its "
                "logarithm, the "
                "entropy of the squared singular values f_i a_i, is at most the entropy for the a_i",
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
                    "某个模式尚未发展时，公式对零取对数而没有值；若约定 0 log 0 = 0，只要"
                    "有模式已开始发展，不等式仍成立",
                ),
            },
        ),
        Part(
            id="rank-never-above",
            role=caveat,
            expected=proved,
            reading=text(
                "the rank in the strict sense never exceeds that of the limit, aligned or not, for any step size",
                "严格意义上的秩从不超过极限的秩，无论是否对齐，步长任意",
            ),
            given=[*declare(W, X, T), steps, real(eta)],
            says=le(Rank(developed(W)), Rank(W)),
            witness={"W_s": [["1"]], "X": [["1"]], "T": "1", "t": "1", "eta": "1"},
            checks=[
                proof(
                    step("product", apply("rank-product-left", A=W, C=Identity(n) - sp.MatPow(propagator, t))),
                    step("rank", arithmetic("product"), le(Rank(developed(W)), Rank(W))),
                ),
                Search(),
            ],
        ),
        Part(
            id="rank-after-one-step",
            role=caveat,
            expected=proved,
            reading=text(
                "and nothing is forgotten in the strict sense: where the data span all directions, the first step from "
                "zero, eta W_s X X', has the full rank of the limit",
                "严格意义上也没有遗忘：数据张成所有方向时，从零走的第一步 eta W_s XX' 就已达到极限的秩",
            ),
            given=[
                *declare(W, X),
                real(eta, 0, None, open=True),
                assume("the data span all directions", eq(Rank(X * X.T), n)),
            ],
            says=eq(Rank(eta * W * X * X.T), Rank(W)),
            witness={"W_s": [["1"]], "X": [["1"]], "eta": "1"},
            checks=[
                proof(
                    step("least", apply("rank-product-left", A=W, C=eta * X * X.T)),
                    step("most", apply("rank-product-left", A=eta * W * X * X.T, C=Inverse(X * X.T) / eta)),
                    step("inverse", algebra(), eq(sp.MatMul(eta * W * X * X.T, Inverse(X * X.T) / eta), W)),
                    step(
                        "back",
                        Congruence(equation="inverse"),
                        eq(Rank(sp.MatMul(eta * W * X * X.T, Inverse(X * X.T) / eta)), Rank(W)),
                    ),
                    step("restored", arithmetic("most", "back"), le(Rank(W), Rank(eta * W * X * X.T))),
                    step("same", arithmetic("least", "restored"), eq(Rank(eta * W * X * X.T), Rank(W))),
                )
            ],
        ),
    ],
)

CLAIMS = (early_stopping,)
