"""Whether noise of mean zero moves the weight on average, and whether it lowers its rank (section 11.2.3)."""

from __future__ import annotations

from claims.low_rank.gradient_flow.spread import E, H, M, Z, contraction, eta, n, next_errors
from verify.authoring import *

m = sizes("m")
W, F = matrix("W", m, n), matrix("F", m, n)

mean_zero = assume("noise of mean zero", eq(Z * OneMatrix(M, 1), sp.ZeroMatrix(n, 1)))
mean_after = next_errors * OneMatrix(M, 1) / M
mean_without_noise = contraction * E * OneMatrix(M, 1) / M
nonzero = [assume(f"{w} is not zero", ge(Rank(w), 1)) for w in (W, W + F, W - F)]

DRIFT = (
    Part(
        id="drift",
        role=caveat,
        expected=refuted,
        repair="drift-repaired",
        reading=text(
            "the noise makes the weight drift: of M equally likely outcomes (the columns of E, with noise Z of mean "
            "zero, not all zero) the mean after a step is not the mean of the step without noise",
            "噪声使权重漂移：M 个等可能结果（E 的各列，噪声 Z 均值为零且不全为零）一步之后的均值不同于无噪声时的均值",
        ),
        given=[*declare(H, E, Z), real(eta, 0, None, open=True), mean_zero, assume("noise", ge(Rank(Z), 1))],
        says=ne(mean_after, mean_without_noise),
        witness={"H": [["1"]], "E": [["0", "0"]], "Z": [["1", "-1"]], "eta": "1"},
        checks=[Counter(values={"H": [["0"]], "E": [["0", "0"]], "Z": [["1", "-1"]], "eta": "1"})],
    ),
    Part(
        id="drift-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "on a quadratic loss noise of mean zero moves no mean: what it changes is the spread alone",
            "在二次损失上，均值为零的噪声不改变均值：它只改变散布",
        ),
        given=[*declare(H, E, Z), real(eta), mean_zero],
        says=eq(mean_after, mean_without_noise),
        witness={"H": [["1"]], "E": [["1", "1"]], "Z": [["1", "-1"]], "eta": "1"},
        checks=[proof(step("mean", algebra(), eq(mean_after, mean_without_noise)))],
    ),
    Part(
        id="rank-drifts-down",
        role=caveat,
        expected=refuted,
        repair="rank-drifts-down-repaired",
        reading=text(
            "noise lowers the effective rank of the weight on average: with noise F or -F, equally likely, its mean "
            "afterwards is at most what it was",
            "噪声平均而言降低权重的有效秩：噪声 F 与 -F 等可能时，事后的平均有效秩不超过原值",
        ),
        given=[*declare(W, F), *nonzero],
        says=le(EffectiveRank(W + F) + EffectiveRank(W - F), 2 * EffectiveRank(W)),
        witness={"W": [["1"]], "F": [["0"]]},
        checks=[Counter(values={"W": [["2", "0"], ["0", "0"]], "F": [["0", "0"], ["0", "1"]]}), Search()],
        note=text(
            "noise in all directions makes a low-rank weight full-rank; nothing in the theorem ties the noise to "
            "the singular directions of the weight",
            "各方向上的噪声会使低秩权重变为满秩；定理中没有任何内容把噪声与权重的奇异方向联系起来",
        ),
    ),
    Part(
        id="rank-drifts-down-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "noise smaller than the smallest positive singular value of the weight never lowers its rank",
            "小于权重最小正奇异值的噪声绝不会降低它的秩",
        ),
        given=[
            *declare(W, F),
            assume("W is not zero", ge(Rank(W), 1)),
            assume("small noise", lt(Sigma(F, 1), Sigma(W, Rank(W)))),
        ],
        says=ge(Rank(W + F), Rank(W)),
        witness={"W": [["2", "0"], ["0", "0"]], "F": [["0", "0"], ["0", "1"]]},
        checks=[
            proof(
                step("weyl", apply("weyl", A=W + F, B=-F, i=Rank(W), j=1)),
                step("sign", apply("negation", W=F, i=1)),
                step("left", arithmetic("weyl", "sign"), gt(Sigma(W + F, Rank(W)), 0)),
                step("rank", apply("value-needs-rank", W=W + F, i=Rank(W)), ge(Rank(W + F), Rank(W))),
            ),
            Search(),
        ],
    ),
)
