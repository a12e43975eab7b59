"""What a quadratic penalty does to the rank of a minimiser, and what a nuclear norm does (section 11.2.3)."""

from __future__ import annotations

from verify.authoring import *

m, n, N = sizes("m n N")
i = indices("i")
eta, lam, f, h = scalars("eta lambda f h")
W, Y, G = matrix("W", m, n), matrix("Y", m, n), matrix("G", m, N)
one = Identity(m)
p, q = vector("p", m), vector("q", m)

step_size = real(eta, 0, None, open=True)
penalised = assume("W minimises the penalised loss", eq(W + eta * G * G.T * W, Y))
two_directions = [
    *declare(W, Y, G, p, q),
    step_size,
    assume("W minimises the penalised loss", eq(Y, W + eta * G * G.T * W)),
    real(h, 0, None),
    real(f, h, None),
    assume("p is an eigenvector of F", eq(G * G.T * p, f * p)),
    assume("q is an eigenvector of F", eq(G * G.T * q, h * q)),
    assume("the two are alike without noise", eq(norm_sq(Y.T * p), norm_sq(Y.T * q))),
]
kept_along_p, kept_along_q = norm_sq(W.T * p), norm_sq(W.T * q)
NOISIER_FIRST = {
    "Y": [["2", "0"], ["0", "2"]],
    "W": [["1", "0"], ["0", "2"]],
    "G": [["1", "0"], ["0", "0"]],
    "p": [["1"], ["0"]],
    "q": [["0"], ["1"]],
    "eta": "1",
    "f": "1",
    "h": "0",
}
SAME_RANK = {"Y": [["2", "0"], ["0", "2"]], "W": [["1", "0"], ["0", "1"]], "G": [["1", "0"], ["0", "1"]], "eta": "1"}

PENALTY = (
    Part(
        id="pushes-to-low-rank",
        role=main,
        expected=refuted,
        repair="pushes-to-low-rank-repaired",
        reading=text(
            "the penalty lowers the rank: for the loss |W - Y|^2 / 2 and F = G G' (the reading in which the "
            "formula has a meaning), the penalised minimiser, W + eta F W = Y, has smaller rank than Y, the "
            "minimiser without penalty, if Y has rank two at least",
            "惩罚降低秩：对损失 |W - Y|^2/2 与 F = GG'（公式有意义的读法），惩罚后的极小点满足 W + eta F W = Y；若"
            " Y 的秩至少为二，则其秩小于无惩罚的极小点 Y",
        ),
        given=[*declare(W, Y, G), step_size, penalised, assume("there is a rank to lower", ge(Rank(Y), 2))],
        says=lt(Rank(W), Rank(Y)),
        witness=SAME_RANK,
        checks=[Counter(values=SAME_RANK)],
        note=text(
            "a quadratic penalty shrinks each direction by a factor and sets none to zero: with F the identity it "
            "is weight decay",
            "二次惩罚只按比例收缩各方向，不会使任何方向为零：F 为单位阵时它就是权重衰减",
        ),
    ),
    Part(
        id="pushes-to-low-rank-repaired",
        role=main,
        expected=proved,
        reading=text(
            "the penalised minimiser never has a smaller rank than the minimiser without penalty",
            "惩罚后的极小点的秩绝不小于无惩罚的极小点的秩",
        ),
        given=[*declare(W, Y, G), step_size, penalised],
        says=ge(Rank(W), Rank(Y)),
        witness=SAME_RANK,
        checks=[
            proof(
                step("minimiser", Hypothesis(), eq(W + eta * G * G.T * W, Y)),
                step("rank", apply("rank-product-right", A=one + eta * G * G.T, C=W)),
                step("same", Congruence(equation="minimiser"), eq(Rank((one + eta * G * G.T) * W), Rank(Y))),
                step("not lower", arithmetic("rank", "same"), ge(Rank(W), Rank(Y))),
            )
        ],
    ),
    Part(
        id="pushes-to-low-effective-rank",
        role=caveat,
        expected=refuted,
        repair="pushes-to-low-effective-rank-repaired",
        reading=text("it lowers the effective rank at least", "它至少降低有效秩"),
        given=[*declare(W, Y, G), step_size, penalised, assume("W is not zero", ge(Rank(W), 1))],
        says=le(EffectiveRank(W), EffectiveRank(Y)),
        witness=SAME_RANK,
        checks=[
            Counter(
                values={
                    "Y": [["2", "0"], ["0", "1"]],
                    "W": [["1", "0"], ["0", "1"]],
                    "G": [["1", "0"], ["0", "0"]],
                    "eta": "1",
                }
            )
        ],
        note=text(
            "where the gradients point along the strong directions, those shrink most and the spectrum becomes flatter",
            "若梯度集中在强方向上，则这些方向收缩最多，谱反而更平",
        ),
    ),
    Part(
        id="pushes-to-low-effective-rank-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "for F the identity all singular values shrink by the same factor, so that rank, effective rank and "
            "energy ratios stay as they are",
            "F 为单位阵时，所有奇异值按同一因子收缩，秩、有效秩与能量比都不变",
        ),
        given=[
            *declare(W, Y),
            step_size,
            assume("W minimises the penalised loss", eq(W + eta * W, Y)),
            between(i, 1, Rank(Y)),
        ],
        says=eq(Sigma(Y, i), (1 + eta) * Sigma(W, i)),
        witness={"Y": [["2"]], "W": [["1"]], "eta": "1", "i": "1"},
        checks=[
            proof(
                step("minimiser", Hypothesis(), eq(W + eta * W, Y)),
                step("values", apply("values-scaled", W=W, c=1 + eta, i=i)),
                step("same", Congruence(equation="minimiser"), eq(Sigma((1 + eta) * W, i), Sigma(Y, i))),
                step("shrunk", arithmetic("values", "same"), eq(Sigma(Y, i), (1 + eta) * Sigma(W, i))),
            )
        ],
    ),
    Part(
        id="what-lowers-rank",
        role=caveat,
        expected=proved,
        reading=text(
            "a penalty that does set directions to zero is the nuclear norm: once its weight lambda reaches the "
            "largest singular value of Y, no W does better than the zero matrix",
            "能使方向变为零的惩罚是核范数：当其权重 lambda 达到 Y 的最大奇异值时，没有任何 W 优于零矩阵",
        ),
        given=[*declare(W, Y), real(lam, 0), assume("strong penalty", le(SpectralNorm(Y), lam))],
        says=ge(norm_sq(W - Y) / 2 + lam * NuclearNorm(W), norm_sq(Y) / 2),
        witness={"W": [["1"]], "Y": [["1"]], "lambda": "1"},
        sources=["cai2010"],
        checks=[
            proof(
                step("duality", apply("nuclear-duality", A=Y, B=W)),
                step("weaker", arithmetic(), le(SpectralNorm(Y) * NuclearNorm(W), lam * NuclearNorm(W))),
                step("square", TraceAlgebra(), eq(norm_sq(W - Y), norm_sq(W) - 2 * inner(Y, W) + norm_sq(Y))),
                step(
                    "no better",
                    arithmetic("duality", "weaker", "square"),
                    ge(norm_sq(W - Y) / 2 + lam * NuclearNorm(W), norm_sq(Y) / 2),
                ),
            )
        ],
    ),
    Part(
        id="agrees-with-drift",
        role=caveat,
        expected=refuted,
        repair="agrees-with-drift-repaired",
        reading=text(
            "the penalty does what the theorem on the drift says of the same noise, that energy gathers where the "
            "noise is large: of two directions p and q with equal energy in Y, that with the larger noise, f against "
            "h, has no less energy in the penalised minimiser W",
            "惩罚与关于漂移的定理对同一噪声的说法一致，即能量在噪声较大的方向上累积：在 Y 中能量相等的两个方向 p、q，"
            "噪声较大者（f 对 h）在惩罚后的极小点 W 中能量不会更少",
        ),
        given=two_directions,
        says=ge(kept_along_p, kept_along_q),
        witness=SAME_RANK | {"p": [["1"], ["0"]], "q": [["0"], ["1"]], "f": "1", "h": "1"},
        checks=[Counter(values=NOISIER_FIRST)],
        note=text(
            "two neighbouring items of the text draw opposite conclusions from one noise: there it fills the noisy "
            "directions, here it empties them",
            "正文中相邻的两条从同一噪声得出相反的结论：那里说它充实噪声大的方向，这里却削弱它们",
        ),
    ),
    Part(
        id="agrees-with-drift-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "the penalty always works against them: of two such directions the noisier one keeps no more, each being "
            "divided by 1 + eta times its noise",
            "惩罚总是削弱它们：这样的两个方向中，噪声较大者保留的不会更多，每个方向都除以 1 加 eta 乘以其噪声",
        ),
        given=two_directions,
        says=[
            eq(norm_sq(Y.T * p), (1 + eta * f) ** 2 * kept_along_p),
            eq(norm_sq(Y.T * q), (1 + eta * h) ** 2 * kept_along_q),
            le(kept_along_p, kept_along_q),
        ],
        witness=NOISIER_FIRST,
        checks=[
            proof(
                step("along p", algebra(), eq(Y.T * p, (1 + eta * f) * W.T * p)),
                step("along q", algebra(), eq(Y.T * q, (1 + eta * h) * W.T * q)),
                step(
                    "square p",
                    TraceAlgebra(using=("along p",)),
                    eq(norm_sq(Y.T * p), (1 + eta * f) ** 2 * kept_along_p),
                ),
                step(
                    "square q",
                    TraceAlgebra(using=("along q",)),
                    eq(norm_sq(Y.T * q), (1 + eta * h) ** 2 * kept_along_q),
                ),
                step("noise", arithmetic(), ge(eta * h, 0)),
                step("noisier", arithmetic(), le(eta * h, eta * f)),
                step("factors", arithmetic("noise", "noisier"), le((1 + eta * h) ** 2, (1 + eta * f) ** 2)),
                step("positive", arithmetic("noise"), ge((1 + eta * h) ** 2, 1)),
                step(
                    "more",
                    arithmetic("factors"),
                    le((1 + eta * h) ** 2 * kept_along_p, (1 + eta * f) ** 2 * kept_along_p),
                ),
                step(
                    "scaled",
                    arithmetic("more", "square p", "square q"),
                    le((1 + eta * h) ** 2 * kept_along_p, (1 + eta * h) ** 2 * kept_along_q),
                ),
                step("kept", arithmetic("scaled", "positive"), le(kept_along_p, kept_along_q)),
            )
        ],
    ),
)
