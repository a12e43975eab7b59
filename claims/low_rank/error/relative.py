"""Relative errors of a low-rank approximation (section 11.2.5)."""

from __future__ import annotations

from typing import Any

from claims.low_rank.proofs import energy, residual, split_total, squares, total_positive
from claims.low_rank.spared import (
    BEYOND_RANK,
    LARGER_SIDE,
    MORE_KEPT,
    NOTHING_KEPT,
    SAME_DIVISOR,
    SMALLER_SIDE,
    ZERO_HAS_NO_VALUE,
)
from verify.authoring import *

m, n = sizes("m n")
j, k = indices("j k")
W, V = matrix("W", m, n), matrix("V", m, n)

rank, s = Rank(W), Sigma
tail, total = squares(W, k + 1, rank), squares(W, 1, rank)
nonzero = assume("W is not zero", ge(rank, 1))
diagonal_2_1 = [["2", "0"], ["0", "1"]]
nearly_flat = [["11/10", "0"], ["0", "1"]]


def relative_frobenius(index: Any) -> Any:
    return FrobeniusNorm(W - Truncated(W, index)) / FrobeniusNorm(W)


def relative_spectral(index: Any) -> Any:
    return SpectralNorm(W - Truncated(W, index)) / SpectralNorm(W)


whole = step("whole", Orthonormal(of=FrobeniusNorm(W), base=W))
positive_norms = (
    *total_positive(W),
    whole,
    step("largest", apply("spectral-norm", W=W)),
    step("frobenius-positive", arithmetic("whole", "total-positive"), gt(FrobeniusNorm(W), 0)),
    step("spectral-positive", arithmetic("largest", "first-positive"), gt(SpectralNorm(W), 0)),
)
at_most_one_and_falling = [
    le(relative_frobenius(k), 1),
    le(relative_frobenius(k), relative_frobenius(j)),
    le(relative_spectral(k), 1),
    le(relative_spectral(k), relative_spectral(j)),
]
frobenius_range = (
    residual(W, k, "at-k"),
    residual(W, j, "at-j"),
    *split_total(W, k),
    step("between", Split(total=squares(W, j + 1, rank), at=k)),
    step("between-sign", Nonnegative(total=squares(W, j + 1, k))),
    step(
        "smaller-1",
        arithmetic("at-k", "whole", "split", "split-head"),
        le(FrobeniusNorm(W - Truncated(W, k)), FrobeniusNorm(W)),
    ),
    step(
        "smaller-2",
        arithmetic("at-k", "at-j", "between", "between-sign"),
        le(FrobeniusNorm(W - Truncated(W, k)), FrobeniusNorm(W - Truncated(W, j))),
    ),
    step("range-1", arithmetic("frobenius-positive", "smaller-1"), at_most_one_and_falling[0]),
    step("range-2", arithmetic("frobenius-positive", "smaller-2"), at_most_one_and_falling[1]),
)
spectral_range = (
    step("left-k", apply("residual-spectral", W=W, k=k)),
    step("left-j", apply("residual-spectral", W=W, k=j)),
    step("order-1", apply("order", W=W, i=k + 1, j=1)),
    step("order-2", apply("order", W=W, i=k + 1, j=j + 1)),
    step("range-3", arithmetic("spectral-positive", "left-k", "order-1", "largest"), at_most_one_and_falling[2]),
    step("range-4", arithmetic("spectral-positive", "left-k", "left-j", "order-2"), at_most_one_and_falling[3]),
)

relative_errors = Claim(
    label="definition-11.22",
    section="11.2.5 Error and generalisation",
    title=text("Relative approximation errors", "近似误差"),
    statement_tex=[r"\epsilon_F = \frac{\|W - W_k\|_F}{\|W\|_F}, \quad \epsilon_2 = \frac{\|W - W_k\|_2}{\|W\|_2}"],
    parts=[
        Part(
            id="range",
            role=main,
            expected=proved,
            reading=text(
                "for the truncation of a nonzero matrix both relative errors are at most one and do not grow with k, "
                "from k = 0, where nothing is kept, to k = r, tied singular values included; being quotients of norms "
                "they are not negative",
                "对非零矩阵的截断，从一个不留的 k = 0 到 k = r，两个相对误差都不超过一且随 k 不增，奇异值有重复时亦然；"
                "作为范数之商它们非负",
            ),
            given=[*declare(W), nonzero, between(k, 0, rank), between(j, 0, k)],
            says=at_most_one_and_falling,
            witness={"W": diagonal_2_1, "k": "2", "j": "1"},
            checks=[proof(*positive_norms, *frobenius_range, *spectral_range), Search()],
            sources=["eckart1936", "mirsky1960"],
            spared={
                "shift index k to k + 1 in conclusion 1": MORE_KEPT,
                "nuclear norm for Frobenius norm in conclusion 1, at ‖W‖_F": SMALLER_SIDE,
                "spectral norm for Frobenius norm in conclusion 1, at ‖W - W_k‖_F": SMALLER_SIDE,
                "shift index k to k + 1 in conclusion 2": MORE_KEPT,
                "spectral norm for Frobenius norm in conclusion 2, at ‖W‖_F": SAME_DIVISOR,
                "nuclear norm for Frobenius norm in conclusion 2, at ‖W‖_F": SAME_DIVISOR,
                "spectral norm for Frobenius norm in conclusion 2, at ‖W - W_k‖_F": SMALLER_SIDE,
                "nuclear norm for Frobenius norm in conclusion 2, at ‖W - W_j‖_F": LARGER_SIDE,
                "shift index k to k + 1 in conclusion 3": MORE_KEPT,
                "Frobenius norm for spectral norm in conclusion 3, at ‖W‖_2": SMALLER_SIDE,
                "shift index k to k + 1 in conclusion 4": MORE_KEPT,
                "Frobenius norm for spectral norm in conclusion 4, at ‖W‖_2": SAME_DIVISOR,
                "Frobenius norm for spectral norm in conclusion 4, at ‖W - W_j‖_2": LARGER_SIDE,
                "drop hypothesis W is not zero": ZERO_HAS_NO_VALUE,
                "raise upper end of k by one": BEYOND_RANK,
            },
        ),
        Part(
            id="edge",
            role=caveat,
            expected=proved,
            reading=text("both relative errors are zero at k = r", "k = r 时两个相对误差都为零"),
            given=[*declare(W), nonzero, between(k, rank, rank)],
            says=[eq(relative_frobenius(k), 0), eq(relative_spectral(k), 0)],
            witness={"W": diagonal_2_1, "k": "2"},
            checks=[
                proof(
                    *positive_norms,
                    residual(W, k),
                    step("none", Empty(total=tail)),
                    step("beyond", apply("beyond-rank", W=W, i=k + 1)),
                    step("left", apply("residual-spectral", W=W, k=k)),
                    step(
                        "frobenius", arithmetic("frobenius-positive", "residual", "none"), eq(relative_frobenius(k), 0)
                    ),
                    step("spectral", arithmetic("spectral-positive", "left", "beyond"), eq(relative_spectral(k), 0)),
                )
            ],
        ),
        Part(
            id="zero-only-at-rank",
            role=caveat,
            expected=proved,
            reading=text(
                "and positive for every smaller k: no truncation below the rank is free of error",
                "而对任何更小的 k 都为正：秩以下的截断必有误差",
            ),
            given=[*declare(W), between(k, 1, rank - 1)],
            says=[gt(relative_frobenius(k), 0), gt(relative_spectral(k), 0)],
            witness={"W": diagonal_2_1, "k": "1"},
            checks=[
                proof(
                    *positive_norms,
                    step("left", apply("residual-spectral", W=W, k=k)),
                    step("next", apply("positive", W=W, i=k + 1)),
                    step("smaller", apply("spectral-frobenius", W=W - Truncated(W, k))),
                    step(
                        "frobenius",
                        arithmetic("frobenius-positive", "left", "next", "smaller"),
                        gt(relative_frobenius(k), 0),
                    ),
                    step("spectral", arithmetic("spectral-positive", "left", "next"), gt(relative_spectral(k), 0)),
                )
            ],
        ),
        Part(
            id="zero",
            role=caveat,
            expected=refuted,
            repair="zero-repaired",
            reading=text(
                "both relative errors have a value for every matrix: neither denominator is zero",
                "两个相对误差对任何矩阵都有定义：两个分母都不为零",
            ),
            given=declare(W),
            says=[gt(FrobeniusNorm(W), 0), gt(SpectralNorm(W), 0)],
            witness={"W": [["1"]]},
            checks=[Counter(values={"W": [["0"]]}), Search()],
            note=text(
                "an increment that has not been trained yet is the zero matrix, so the case occurs",
                "尚未训练的增量就是零矩阵，因此这种情形确实会出现",
            ),
        ),
        Part(
            id="zero-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "both denominators are positive for every matrix other than zero", "对任何非零矩阵，两个分母都为正"
            ),
            given=[*declare(W), nonzero],
            says=[gt(FrobeniusNorm(W), 0), gt(SpectralNorm(W), 0)],
            witness={"W": [["1"]]},
            checks=[proof(*positive_norms)],
        ),
        Part(
            id="arbitrary-approximation",
            role=caveat,
            expected=refuted,
            repair="arbitrary-approximation-repaired",
            reading=text(
                "the errors are at most one for whatever matrix V of rank at most k, since the definition asks of the "
                "approximation nothing but low rank",
                "对任意秩不超过 k 的矩阵 V，误差都不超过一；因为定义对近似矩阵除低秩外别无要求",
            ),
            given=[*declare(W, V), nonzero, between(k, 1, rank), assume("low rank", le(Rank(V), k))],
            says=[le(FrobeniusNorm(W - V) / FrobeniusNorm(W), 1), le(SpectralNorm(W - V) / SpectralNorm(W), 1)],
            witness={"W": [["1"]], "V": [["1"]], "k": "1"},
            checks=[Counter(values={"W": [["1"]], "V": [["-1"]], "k": "1"}), Search()],
            note=text(
                "a relative error between zero and one is a property of the truncation, not of low rank",
                "相对误差介于零与一之间是截断的性质，而不是低秩的性质",
            ),
        ),
        Part(
            id="arbitrary-approximation-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "for an arbitrary approximation the errors are at most one plus the relative size of the approximation",
                "对任意近似，误差不超过一加上近似矩阵的相对大小",
            ),
            given=[*declare(W, V), nonzero],
            says=[
                le(FrobeniusNorm(W - V) / FrobeniusNorm(W), 1 + FrobeniusNorm(V) / FrobeniusNorm(W)),
                le(SpectralNorm(W - V) / SpectralNorm(W), 1 + SpectralNorm(V) / SpectralNorm(W)),
            ],
            witness={"W": [["1"]], "V": [["-1"]]},
            checks=[
                proof(
                    *positive_norms,
                    step("triangle-f", apply("triangle-frobenius", A=W, B=-V)),
                    step("triangle-s", apply("triangle", A=W, B=-V)),
                    step("minus", Orthonormal(of=FrobeniusNorm(-V), base=V)),
                    step("plus", Orthonormal(of=FrobeniusNorm(V), base=V)),
                    step("sign-f", arithmetic("minus", "plus"), eq(FrobeniusNorm(-V), FrobeniusNorm(V))),
                    step("sign-s", apply("homogeneous", W=V, c=-1)),
                    step(
                        "bound-f",
                        arithmetic("frobenius-positive", "triangle-f", "sign-f"),
                        le(FrobeniusNorm(W - V) / FrobeniusNorm(W), 1 + FrobeniusNorm(V) / FrobeniusNorm(W)),
                    ),
                    step(
                        "bound-s",
                        arithmetic("spectral-positive", "triangle-s", "sign-s"),
                        le(SpectralNorm(W - V) / SpectralNorm(W), 1 + SpectralNorm(V) / SpectralNorm(W)),
                    ),
                )
            ],
        ),
        Part(
            id="energy-complement",
            role=caveat,
            expected=proved,
            depends_on=("definition-11.16/ratio-identity",),
            reading=text(
                "the squared relative Frobenius error is what the energy ratio leaves: one minus E(k)",
                "相对 Frobenius 误差的平方正是能量比的余量：一减 E(k)",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=eq(relative_frobenius(k) ** 2, 1 - Energy(W, k)),
            witness={"W": diagonal_2_1, "k": "1"},
            checks=[
                proof(
                    *positive_norms,
                    residual(W, k),
                    energy(W, k),
                    *split_total(W, k),
                    step(
                        "share", arithmetic("energy", "total-positive", "split"), eq(tail, (1 - Energy(W, k)) * total)
                    ),
                    step(
                        "complement",
                        arithmetic("share", "residual", "whole", "frobenius-positive"),
                        eq(relative_frobenius(k) ** 2, 1 - Energy(W, k)),
                    ),
                ),
                Search(),
            ],
            spared={"raise upper end of k by one": BEYOND_RANK, "lower the lower end of k by one": NOTHING_KEPT},
        ),
        Part(
            id="spectral-at-most-frobenius",
            role=caveat,
            expected=refuted,
            repair="spectral-at-most-frobenius-repaired",
            reading=text(
                "a small relative Frobenius error bounds the relative spectral error, as it does for the absolute ones",
                "相对 Frobenius 误差小则相对谱误差也小，如同绝对误差那样",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=le(relative_spectral(k), relative_frobenius(k)),
            witness={"W": diagonal_2_1, "k": "2"},
            checks=[Counter(values={"W": nearly_flat, "k": "1"}), Search()],
            note=text(
                "the two relative errors are not ordered: a flat spectrum makes the spectral one the larger, a long "
                "small tail the Frobenius one",
                "两个相对误差没有固定的大小关系：谱平坦时谱误差较大，尾部长而小时 Frobenius 误差较大",
            ),
        ),
        Part(
            id="spectral-at-most-frobenius-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the relative spectral error is at most sqrt(rank W) times the relative Frobenius error",
                "相对谱误差不超过相对 Frobenius 误差的 sqrt(rank W) 倍",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=le(relative_spectral(k) ** 2, rank * relative_frobenius(k) ** 2),
            witness={"W": nearly_flat, "k": "1"},
            checks=[
                proof(
                    *positive_norms,
                    step("smaller", apply("spectral-frobenius", W=W - Truncated(W, k))),
                    step("larger", apply("frobenius-rank", W=W)),
                    step(
                        "squares",
                        arithmetic("smaller"),
                        le(SpectralNorm(W - Truncated(W, k)) ** 2, norm_sq(W - Truncated(W, k))),
                    ),
                    step(
                        "crosswise",
                        arithmetic("squares", "larger"),
                        le(
                            SpectralNorm(W - Truncated(W, k)) ** 2 * norm_sq(W),
                            norm_sq(W - Truncated(W, k)) * rank * SpectralNorm(W) ** 2,
                        ),
                    ),
                    step(
                        "bound",
                        arithmetic("crosswise", "frobenius-positive", "spectral-positive"),
                        le(relative_spectral(k) ** 2, rank * relative_frobenius(k) ** 2),
                    ),
                )
            ],
        ),
    ],
)
