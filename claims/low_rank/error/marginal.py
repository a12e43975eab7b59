"""The gain of one more rank (section 11.2.5)."""

from __future__ import annotations

from typing import Any

from claims.low_rank.proofs import energy, residual, squares, total_positive
from verify.authoring import *

m, n = sizes("m n")
k = indices("k")
W, T, x = matrix("W", m, n), matrix("T", m, n), vector("x", n)

rank, s = Rank(W), Sigma
diagonal_2_1, nearly_flat = [["2", "0"], ["0", "1"]], [["11/10", "0"], ["0", "1"]]


def gain(index: Any) -> Any:
    return Energy(W, index) - Energy(W, index - 1)


def performance(index: Any) -> Any:
    """Minus the squared error on one input."""
    return -norm_sq((W - Truncated(W, index)) * x)


def average_performance(index: Any) -> Any:
    """Minus the mean squared error over inputs with identity second moment."""
    return -norm_sq(W - Truncated(W, index))


def closeness(index: Any) -> Any:
    """Minus the squared distance to a target."""
    return -norm_sq(T - Truncated(W, index))


def relative_error(index: Any) -> Any:
    return FrobeniusNorm(W - Truncated(W, index)) / FrobeniusNorm(W)


def spectral_error(index: Any) -> Any:
    return SpectralNorm(W - Truncated(W, index)) / SpectralNorm(W)


def drop(error: Any, index: Any) -> Any:
    """What one more rank gains where performance is minus an error."""
    return error(index - 1) - error(index)


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
            spared={
                "raise upper end of k by one": text(
                    "also true: at k = r the next step gains nothing", "同样成立：k = r 时下一步没有增益"
                )
            },
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
            witness={"W": [["201", "0"], ["0", "200"]], "k": "1"},
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
            spared={
                "strict conclusion 1": text(
                    "false only where two neighbouring values are equal, and there the truncation between "
                    "them is a choice, so that no instance can be certified",
                    "只有相邻两个奇异值相等时才不成立，而此时两者之间的截断取决于选择，无法核证任何实例",
                ),
                "shift index k to k + 1 in conclusion 1": text(
                    "also true: the left side becomes zero, and what the step saves is not negative",
                    "同样成立：左端变为零，而该步所减少的误差非负",
                ),
                "shift index k + 1 to k in conclusion 1": text(
                    "also true: the left side becomes zero, and what the step saves is not negative",
                    "同样成立：左端变为零，而该步所减少的误差非负",
                ),
                "raise upper end of k by one": text(
                    "also true: at k = r the next step saves nothing", "同样成立：k = r 时下一步不再减少误差"
                ),
            },
        ),
        Part(
            id="relative-error-metric",
            role=caveat,
            expected=refuted,
            repair="any-performance-repaired",
            reading=text(
                "the gain decreases where performance is minus the relative Frobenius error of definition 11.22",
                "若性能取定义 11.22 中相对 Frobenius 误差的相反数，则收益递减",
            ),
            given=inner_k,
            says=le(drop(relative_error, k + 1), drop(relative_error, k)),
            witness={"W": diagonal_2_1, "k": "1"},
            checks=[Counter(values={"W": nearly_flat, "k": "1"}), Search()],
            note=text(
                "the squared error has decreasing gains, its root has not: the last rank removes all that is left; "
                "the claim depends on the unit in which performance is measured",
                "误差平方的收益递减，开方后却不然：最后一个秩会消去全部余量；结论取决于性能的计量方式",
            ),
        ),
        Part(
            id="spectral-error-metric",
            role=caveat,
            expected=refuted,
            repair="spectral-error-metric-repaired",
            reading=text(
                "the gain decreases where performance is minus the relative spectral error of definition 11.22",
                "若性能取定义 11.22 中相对谱误差的相反数，则收益递减",
            ),
            given=inner_k,
            says=le(drop(spectral_error, k + 1), drop(spectral_error, k)),
            witness={"W": diagonal_2_1, "k": "1"},
            checks=[Counter(values={"W": nearly_flat, "k": "1"}), Search()],
        ),
        Part(
            id="spectral-error-metric-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "for the spectral error the gain decreases where the singular values are convex in the index: the gap "
                "below the value k + 1 is no larger than the gap above it",
                "就谱误差而言，若奇异值关于下标是凸的（第 k+1 个值之后的间隔不大于之前的间隔），则收益递减",
            ),
            given=[*inner_k, assume("convex there", le(s(W, k + 1) - s(W, k + 2), s(W, k) - s(W, k + 1)))],
            says=le(drop(spectral_error, k + 1), drop(spectral_error, k)),
            witness={"W": diagonal_2_1, "k": "1"},
            checks=[
                proof(
                    step("before", apply("residual-spectral", W=W, k=k - 1)),
                    step("at", apply("residual-spectral", W=W, k=k)),
                    step("after", apply("residual-spectral", W=W, k=k + 1)),
                    step("first", apply("positive", W=W, i=1)),
                    step("norm", apply("spectral-norm", W=W)),
                    step("less", arithmetic(), le(drop(spectral_error, k + 1), drop(spectral_error, k))),
                )
            ],
        ),
        Part(
            id="improves",
            role=caveat,
            expected=refuted,
            repair="improves-repaired",
            reading=text(
                "one more rank is a gain at all, never a loss; here performance is minus the squared distance to a "
                "target T",
                "增加一个秩总是收益而不会是损失；此处性能取到目标 T 的距离平方的相反数",
            ),
            given=[*declare(W), *declare(T)[2:], between(k, 1, rank)],
            says=ge(closeness(k) - closeness(k - 1), 0),
            witness={"W": [["1"]], "T": [["1"]], "k": "1"},
            checks=[Counter(values={"W": [["1"]], "T": [["0"]], "k": "1"}), Search()],
            note=text(
                "where W carries noise the further ranks fit the noise; the trade-off of lemma 11.31 presupposes that",
                "当 W 含噪声时，后面的秩拟合的是噪声；引理 11.31 的权衡正以此为前提",
            ),
        ),
        Part(
            id="improves-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "where the target is W itself every rank up to r is a gain, of exactly sigma_k squared",
                "若目标就是 W 本身，则直到 r 的每个秩都有收益，恰为 sigma_k 的平方",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=[
                eq(average_performance(k) - average_performance(k - 1), s(W, k) ** 2),
                gt(average_performance(k) - average_performance(k - 1), 0),
            ],
            witness={"W": diagonal_2_1, "k": "2"},
            checks=[
                proof(
                    residual(W, k - 1, "before"),
                    residual(W, k, "at"),
                    step("apart", First(total=squares(W, k, rank))),
                    step("positive", apply("positive", W=W, i=k)),
                    step("gain", arithmetic(), eq(average_performance(k) - average_performance(k - 1), s(W, k) ** 2)),
                    step("gains", arithmetic(), gt(average_performance(k) - average_performance(k - 1), 0)),
                )
            ],
        ),
    ],
)
