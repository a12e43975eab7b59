"""Approximation error, and the gain of one more rank (section 11.2.5)."""

from __future__ import annotations

from claims.low_rank.proofs import energy, residual, squares, total_positive
from verify.authoring import *

m, n, r = sizes("m n r")
k = indices("k")
W, x, sigma = matrix("W", m, n), vector("x", n), vector("sigma", r)

rank, s = Rank(W), Sigma
left_over = W - Truncated(W, k)

# --- Theorem 11.18: both norms of the residual --------------------------------------------------------------

error_norms = Claim(
    label="theorem-11.18",
    section="11.2.5 Error and generalisation",
    title=text("Error of the truncation in two norms", "误差界的分解"),
    statement_tex=[r"\|W - W_k\|_F^2 = \sum_{i=k+1}^{r} \sigma_i^2, \quad \|W - W_k\|_2 = \sigma_{k+1}"],
    parts=[
        Part(
            id="frobenius",
            role=main,
            expected=proved,
            reading=text(
                "the squared Frobenius error is the sum of the discarded squares",
                "Frobenius 误差的平方等于被舍去奇异值的平方和",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=eq(norm_sq(left_over), squares(W, k + 1, rank)),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[proof(residual(W, k)), Search()],
            sources=["schmidt1907", "eckart1936"],
        ),
        Part(
            id="spectral",
            role=main,
            expected=proved,
            reading=text(
                "the spectral error is the first discarded singular value, for k < r",
                "k < r 时，谱误差等于第一个被舍去的奇异值",
            ),
            given=[*declare(W), between(k, 1, rank - 1)],
            says=eq(SpectralNorm(left_over), s(W, k + 1)),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[proof(step("largest-left", Orthonormal(of=SpectralNorm(left_over), base=W))), Search()],
            sources=["mirsky1960"],
        ),
        Part(
            id="edge",
            role=caveat,
            expected=ill_posed,
            repair="edge-repaired",
            reading=text(
                "the spectral identity for every k up to r, with only the values of index 1 to r introduced",
                "谱误差等式写到 k = r，而只引入了下标 1 到 r 的奇异值",
            ),
            given=[*declare(W, r), assume("r is the rank", eq(rank, r)), *declare(sigma)[1:], between(k, 1, r)],
            says=eq(SpectralNorm(left_over), Entry(sigma, k + 1, 1)),
            witness={"W": [["1"]], "r": "1", "sigma": [["1"]], "k": "1"},
        ),
        Part(
            id="edge-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "at k = r the truncation is the matrix itself: the error is zero, as is every value beyond the rank",
                "k = r 时截断就是矩阵本身：误差为零，秩以后的奇异值也为零",
            ),
            given=[*declare(W), between(k, rank, rank)],
            says=[eq(SpectralNorm(left_over), 0), eq(s(W, k + 1), 0)],
            witness={"W": [["1"]], "k": "1"},
            checks=[
                proof(
                    residual(W, k),
                    step("none-left", Empty(total=squares(W, k + 1, rank))),
                    step("smaller", apply("spectral-frobenius", W=left_over)),
                    step("zero", arithmetic("residual", "none-left", "smaller"), eq(SpectralNorm(left_over), 0)),
                    step("beyond", apply("beyond-rank", W=W, i=k + 1)),
                )
            ],
        ),
    ],
)

# --- Lemma 11.32: the gain of one more rank -----------------------------------------------------------------


def gain(index: object) -> object:
    return Energy(W, index) - Energy(W, index - 1)


def performance(index: object) -> object:
    """Minus the squared error on one input."""
    return -norm_sq((W - Truncated(W, index)) * x)


def average_performance(index: object) -> object:
    """Minus the mean squared error over inputs with identity second moment."""
    return -norm_sq(W - Truncated(W, index))


inner_k = [*declare(W), between(k, 1, rank - 1)]
diminishing = (
    step("order", apply("order", W=W, i=k + 1, j=k)),
    step("squares", arithmetic("order"), le(s(W, k + 1) ** 2, s(W, k) ** 2)),
)

marginal_gain = Claim(
    label="lemma-11.32",
    section="11.2.5 Error and generalisation",
    title=text("Diminishing gain of rank", "秩的边际效益递减"),
    statement_tex=[r"\Delta P(r) = P(r) - P(r - 1)"],
    parts=[
        Part(
            id="energy-metric",
            role=caveat,
            expected=proved,
            reading=text(
                "measured by energy, the gain of one more rank does not increase",
                "以能量衡量时，每增加一个秩的收益不增",
            ),
            given=inner_k,
            says=le(gain(k + 1), gain(k)),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[
                proof(
                    energy(W, k - 1, "before"),
                    energy(W, k, "at"),
                    energy(W, k + 1, "after"),
                    *total_positive(W),
                    step("last", Last(total=squares(W, 1, k))),
                    step("next", Last(total=squares(W, 1, k + 1))),
                    *diminishing,
                    step(
                        "gain",
                        arithmetic("at", "before", "last", "total-positive"),
                        eq(gain(k), s(W, k) ** 2 / squares(W, 1, rank)),
                    ),
                    step(
                        "next-gain",
                        arithmetic("after", "at", "next", "total-positive"),
                        eq(gain(k + 1), s(W, k + 1) ** 2 / squares(W, 1, rank)),
                    ),
                    step(
                        "less", arithmetic("gain", "next-gain", "squares", "total-positive"), le(gain(k + 1), gain(k))
                    ),
                ),
                Search(),
            ],
        ),
        Part(
            id="energy-strictly",
            role=caveat,
            expected=refuted,
            repair="energy-metric",
            reading=text("measured by energy, the gain strictly decreases", "以能量衡量时，收益严格递减"),
            given=inner_k,
            says=lt(gain(k + 1), gain(k)),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[Counter(values={"W": [["1", "0"], ["0", "1"]], "k": "1"}), Search()],
        ),
        Part(
            id="any-performance",
            role=main,
            expected=refuted,
            repair="any-performance-repaired",
            reading=text(
                "the gain decreases for any measure of performance; here: minus the squared error on one input x",
                "对任何性能度量收益都递减；此处取：单个输入 x 上平方误差的相反数",
            ),
            given=[*declare(W, x), between(k, 1, rank - 1)],
            says=le(performance(k + 1) - performance(k), performance(k) - performance(k - 1)),
            witness={"W": [["2", "0"], ["0", "1"]], "x": [["1"], ["0"]], "k": "1"},
            checks=[Counter(values={"W": [["2", "0"], ["0", "1"]], "x": [["0"], ["1"]], "k": "1"}), Search()],
            note=text(
                "the task may need a direction of small singular value: nothing is gained until it is included",
                "任务可能恰好需要小奇异值对应的方向：在包含它之前没有任何收益",
            ),
        ),
        Part(
            id="any-performance-repaired",
            role=main,
            expected=proved,
            reading=text(
                "the gain decreases where performance is minus the mean squared error over inputs of identity second "
                "moment, that is minus the squared Frobenius error",
                "若性能是二阶矩为单位阵的输入上均方误差的相反数（即 Frobenius 误差平方的相反数），则收益递减",
            ),
            given=inner_k,
            says=le(
                average_performance(k + 1) - average_performance(k), average_performance(k) - average_performance(k - 1)
            ),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[
                proof(
                    residual(W, k - 1, "before"),
                    residual(W, k, "at"),
                    residual(W, k + 1, "after"),
                    step("first", First(total=squares(W, k, rank))),
                    step("second", First(total=squares(W, k + 1, rank))),
                    *diminishing,
                    step(
                        "less",
                        arithmetic(),
                        le(
                            average_performance(k + 1) - average_performance(k),
                            average_performance(k) - average_performance(k - 1),
                        ),
                    ),
                ),
                Search(),
            ],
        ),
    ],
)
