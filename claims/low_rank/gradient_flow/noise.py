"""The noise of stochastic gradients, over a finite population of samples (section 11.2.3).

The gradients of the N samples are the columns of G. A way of drawing batches of b samples is a list of M equally likely
batches: column j of S counts how often each sample is in batch j.
"""

from __future__ import annotations

from typing import Any

from verify.authoring import *
from verify.model.statement import Declared, Matrix, Size

p, n, N, M, b = sizes("p n N M b")
i, j = indices("i j")
rho, c = scalars("rho c")
G, S = matrix("G", p, N), matrix("S", N, M)
X, R = matrix("X", n, N), matrix("R", N, N)

ones = OneMatrix(N, 1)
spread = Identity(N) - OneMatrix(N, N) / N
covariance = G * spread * G.T / N


def noise(counts: Any, size: Any = b) -> Any:
    """The column of each batch of that size: its mean gradient less the mean gradient of all samples."""
    return G * (counts / size - OneMatrix(N, M) / N)


def equal_shares(size: Any = b) -> Assume:
    return assume("each sample is in the same share of the batches", eq(S * OneMatrix(M, 1), M * size / N * ones))


def distinct_pairs(size: Any = b) -> Assume:
    """What drawing without replacement means for pairs."""
    alone, together = M * size * (N - size) / (N * (N - 1)), M * size * (size - 1) / (N * (N - 1))
    return assume(
        "each pair of samples is in the same share of the batches",
        eq(S * S.T, alone * Identity(N) + together * OneMatrix(N, N)),
    )


independent_draws = assume(
    "the draws are independent", eq(S * S.T, M * b / N * Identity(N) + M * b * (b - 1) / N**2 * OneMatrix(N, N))
)
design = [Size(symbol=p), Size(symbol=N), Size(symbol=M), Size(symbol=b), Matrix(symbol=G), Matrix(symbol=S)]
two_samples: list[Declared] = [
    Size(symbol=p), Size(symbol=N, low=2), Size(symbol=M), Matrix(symbol=G), Matrix(symbol=S)
]  # fmt: skip
two_batches = {"G": [["1", "-1"]], "S": [["1", "0"], ["0", "1"]]}
one_of_two = two_batches | {"b": "1"}

with_replacement = eq(noise(S) * noise(S).T / M, covariance / b)
without_replacement = eq(noise(S) * noise(S).T / M, (N - b) / (b * (N - 1)) * covariance)
rest = OneMatrix(N, M) - S
half = N / sp.Integer(2)

# --- least squares with one output: the gradient of sample i is r_i x_i, its residual times its input ----------

hessian = X * X.T / N
residuals = [*declare(X), Matrix(symbol=R, structure="diagonal")]
at_minimum = assume("the gradients sum to zero", eq(X * R * ones, sp.ZeroMatrix(n, 1)))
least_squares_covariance = X * R * spread * (X * R).T / N
three_samples = {"X": [["1", "-1", "0"], ["1", "1", "1"]], "i": "1", "j": "2"}
four_around_zero = [["1", "-1", "0", "0"], ["0", "0", "1", "-1"]]

noise_covariance = Claim(
    label="lemma-11.23",
    section="11.2.3 Gradient flow",
    title=text("Noise of stochastic gradients", "SGD的梯度噪声"),
    sources=["kunstner2019", "liu2021"],
    statement_tex=[r"\xi_t = \nabla L(W_t; B_t) - \nabla L(W_t), \quad \Sigma_t = \mathrm{Cov}(\xi_t)"],
    parts=[
        Part(
            id="unbiased",
            role=caveat,
            expected=proved,
            reading=text(
                "where every sample is in the same share of the equally likely batches, the noise has mean zero; the "
                "batches of one epoch, each sample once, are such a list, so their noise sums to zero",
                "若每个样本出现在同样比例的等可能批次中，则噪声均值为零；"
                "一个轮次的全部批次（每个样本恰好一次）即属此类，"
                "故其噪声之和为零",
            ),
            given=[*design, equal_shares()],
            says=eq(noise(S) * OneMatrix(M, 1) / M, sp.ZeroMatrix(p, 1)),
            witness=one_of_two,
            checks=[proof(step("mean", algebra(), eq(noise(S) * OneMatrix(M, 1) / M, sp.ZeroMatrix(p, 1))))],
        ),
        Part(
            id="covariance",
            role=caveat,
            expected=proved,
            reading=text(
                "with replacement the covariance of the noise is that of one sample's gradient, divided by b",
                "有放回抽样时，噪声协方差等于单个样本梯度的协方差除以 b",
            ),
            given=[*design, equal_shares(), independent_draws],
            says=with_replacement,
            witness=one_of_two,
            checks=[proof(step("covariance", algebra(), with_replacement))],
        ),
        Part(
            id="covariance-without-replacement",
            role=caveat,
            expected=proved,
            reading=text(
                "without replacement it is smaller by the factor (N - b)/(N - 1), and zero for the full batch",
                "无放回抽样时再乘以因子 (N - b)/(N - 1)，全批次时为零",
            ),
            given=[*two_samples, between(b, 1, N), equal_shares(), distinct_pairs()],
            says=without_replacement,
            witness=one_of_two,
            checks=[proof(step("covariance", algebra(), without_replacement))],
        ),
        Part(
            id="noise-without-memory",
            role=caveat,
            expected=refuted,
            repair="noise-without-memory-repaired",
            reading=text(
                "the noises of successive batches are uncorrelated, as a diffusion assumes, when an epoch of two "
                "batches shows each sample once: the batch S and then the rest",
                "一个轮次由两批组成且每个样本恰好一次（先 S 后其余）时，相继批次的噪声不相关，如扩散近似所假设",
            ),
            given=[*two_samples, equal_shares(half), distinct_pairs(half)],
            says=eq(noise(S, half) * noise(rest, half).T / M, sp.ZeroMatrix(p, p)),
            witness=two_batches | {"G": [["1", "1"]]},
            checks=[Counter(values=two_batches)],
        ),
        Part(
            id="noise-without-memory-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the second noise is the first with its sign turned: within an epoch the noise cancels instead of "
                "piling up (the gradients taken at the same weight)",
                "第二批的噪声恰为第一批的相反数：在一个轮次内（梯度取自同一权重）噪声相互抵消而非累积",
            ),
            given=two_samples,
            says=eq(noise(rest, half), -noise(S, half)),
            witness=two_batches,
            checks=[proof(step("turned", algebra(), eq(noise(rest, half), -noise(S, half))))],
        ),
        Part(
            id="fisher-hessian",
            role=main,
            expected=refuted,
            repair="fisher-hessian-repaired",
            reading=text(
                "at a minimum of linear least squares with one output the covariance of the noise is a multiple of "
                "the Hessian X X'/N, which is there the Fisher matrix of the Gaussian model too: their diagonal "
                "entries are in the same proportion",
                "在单输出线性最小二乘的极小点，噪声协方差是 Hessian XX'/N（此时也是高斯模型的 Fisher 矩阵）的倍数："
                "二者的对角元成同样的比例",
            ),
            given=[*residuals, at_minimum, between(i, 1, n), between(j, 1, n)],
            says=eq(
                Entry(least_squares_covariance, i, i) * Entry(hessian, j, j),
                Entry(least_squares_covariance, j, j) * Entry(hessian, i, i),
            ),
            witness={"X": [["1", "1"]], "R": [["1", "0"], ["0", "-1"]], "i": "1", "j": "1"},
            checks=[Counter(values=three_samples | {"R": [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "-2"]]})],
            sources=["kunstner2019"],
            note=text(
                "the text says only that they are related; the relation depends on how the residuals vary with the "
                "inputs, and where all residuals vanish there is no noise at all whatever the Hessian",
                "正文只说二者相关；具体关系取决于残差如何随输入变化，而残差全为零时，无论 Hessian 如何都没有噪声",
            ),
        ),
        Part(
            id="fisher-hessian-repaired",
            role=main,
            expected=proved,
            reading=text(
                "it is the Hessian times rho squared where, at a minimum, all residuals have the same absolute value "
                "rho, as they have on average for a model that is right about noise independent of the inputs",
                "若在极小点上所有残差绝对值同为 rho（模型正确且噪声与输入独立时平均如此），则它等于 rho 平方乘 Hessian",
            ),
            given=[
                *declare(X, R),
                real(rho),
                at_minimum,
                assume("residuals of equal size", eq(R * R.T, rho**2 * Identity(N))),
            ],
            says=eq(least_squares_covariance, rho**2 * hessian),
            witness={"X": [["1", "1"]], "R": [["2", "0"], ["0", "-2"]], "rho": "2"},
            checks=[proof(step("multiple", algebra(), eq(least_squares_covariance, rho**2 * hessian)))],
        ),
        Part(
            id="noise-at-minimum",
            role=caveat,
            expected=refuted,
            repair="fisher-hessian-repaired",
            reading=text(
                "there is noise left at a minimum: the covariance is not zero where the gradients sum to zero",
                "在极小点仍有噪声：梯度之和为零处协方差不为零",
            ),
            given=[*residuals, at_minimum],
            says=ne(least_squares_covariance, sp.ZeroMatrix(n, n)),
            witness={"X": [["1", "1"]], "R": [["1", "0"], ["0", "-1"]]},
            checks=[Counter(values={"X": [["1"]], "R": [["0"]]})],
            note=text(
                "a network that fits its data exactly has no gradient noise there, and does not diffuse",
                "完全拟合数据的网络在该点没有梯度噪声，也就不会扩散",
            ),
        ),
        Part(
            id="empirical-fisher",
            role=caveat,
            expected=refuted,
            repair="empirical-fisher-repaired",
            reading=text(
                "the covariance of the noise is the empirical Fisher matrix G G'/N, at every weight",
                "在任何权重处，噪声协方差都等于经验 Fisher 矩阵 GG'/N",
            ),
            given=declare(G),
            says=eq(covariance, G * G.T / N),
            witness={"G": [["1", "-1"]]},
            checks=[Counter(values={"G": [["1"]]})],
        ),
        Part(
            id="empirical-fisher-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "it is the empirical Fisher matrix less the outer square of the mean gradient, so the two agree where "
                "that gradient vanishes",
                "它等于经验 Fisher 矩阵减去平均梯度的外积，故二者在平均梯度为零处一致",
            ),
            given=declare(G),
            says=eq(covariance, G * G.T / N - (G * ones / N) * (G * ones / N).T),
            witness={"G": [["1", "3"]]},
            checks=[proof(step("centred", algebra(), eq(covariance, G * G.T / N - (G * ones / N) * (G * ones / N).T)))],
        ),
        Part(
            id="anisotropic",
            role=caveat,
            expected=refuted,
            repair="anisotropic-repaired",
            reading=text(
                "for two parameters or more the noise is anisotropic: its covariance is no multiple of the identity",
                "参数不少于两个时噪声各向异性：其协方差不是单位矩阵的倍数",
            ),
            given=[Size(symbol=p, low=2), Size(symbol=N), Matrix(symbol=G), real(c)],
            says=ne(covariance, c * Identity(p)),
            witness={"G": [["1", "-1"], ["0", "0"]], "c": "1"},
            checks=[Counter(values={"G": four_around_zero, "c": "1/2"})],
        ),
        Part(
            id="anisotropic-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "with fewer samples than parameters it is: the covariance has rank at most N, less than the rank p of "
                "every nonzero multiple of the identity",
                "样本数少于参数个数时必然如此：协方差的秩不超过 N，小于单位矩阵任何非零倍数的秩 p",
            ),
            given=[*declare(G), assume("fewer samples than parameters", lt(N, p))],
            says=[le(Rank(covariance), N), lt(Rank(covariance), p)],
            witness={"G": [["1"], ["0"]]},
            checks=[
                proof(
                    step("product", apply("rank-product-left", A=G, C=spread * G.T / N)),
                    step("columns", apply("rank-columns", W=G)),
                    step("samples", arithmetic("product", "columns"), le(Rank(covariance), N)),
                    step("deficient", arithmetic("samples"), lt(Rank(covariance), p)),
                )
            ],
        ),
    ],
)

CLAIMS = (noise_covariance,)
"""In the order of the text."""
