"""What stopping early does to the spectrum of the weight (section 11.2.3).

From a zero start the weight after t steps is W_t = W_s - W_s (I - eta X X')^t, where W_s is the limit. Along an
eigenvector of X X' with eigenvalue lambda the share f = 1 - (1 - eta lambda)^t of the limit has been developed.
"""

from __future__ import annotations

from typing import Any

from claims.low_rank.gradient_flow.aligned import ALIGNED
from claims.low_rank.gradient_flow.decays import decay, decay_rules, decays_in_order
from claims.low_rank.gradient_flow.modes import eigenvector_power
from claims.low_rank.measured import measured
from verify.authoring import *

m, n, N, T = sizes("m n N T")
i, j, t = indices("i j t")
eta, lam, tau = scalars("eta lambda tau")
W, X, C = matrix("W_s", m, n), matrix("X", n, N), matrix("C", m, N)
u = vector("q", n)

propagator = Identity(n) - eta * X * X.T
limit = C * X.T
careful_step = real(eta, 0, 1 / Sigma(X, 1) ** 2, open=True)
steps = between(t, 1, T)


def developed(w: Any) -> Any:
    """The weight after t steps from zero."""
    return w - w * sp.MatPow(propagator, t)


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
                "from zero, W_1 = eta W_s X X', the share |W_1 v| / |W_s v| is no smaller on the right singular "
                "vector of the larger value",
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
                "after t steps from zero, whatever the limit is there",
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
                "the eigenvalues of X X', after any number of steps",
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
        *ALIGNED,
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
