"""Separation of signal and noise by a threshold (section 11.2.2)."""

from __future__ import annotations

from verify.authoring import *

m, n, r0 = sizes("m n r_0")
lam = scalars("lambda")
W0, E = matrix("W_0", m, n), matrix("E", m, n)
s = Sigma


def five(value: int) -> list[list[str]]:
    """A multiple of the identity of size five: there the Frobenius norm is more than twice the spectral norm."""
    return [[str(value) if a == b else "0" for b in range(5)] for a in range(5)]


# --- Theorem 11.12: separation by a threshold ---------------------------------------------------------------

low_rank_plus_noise = [*declare(W0, E, r0), assume("rank of the low-rank part", eq(Rank(W0), r0))]
top, noise = s(W0, r0), s(E, 1)
separated = assume("well separated", ge(top, 10 * noise))
window = [real(lam, noise, top - noise), assume("below the upper end", lt(lam, top - noise))]
kept = CountAbove(W0 + E, lam)
recovered = Thresholded(W0 + E, lam)

weyl_bounds = (
    step("noise-above", apply("weyl", A=W0, B=E, i=r0 + 1, j=1)),
    step("no-more", apply("beyond-rank", W=W0, i=r0 + 1)),
    step("signal-below", apply("weyl", A=W0 + E, B=-E, i=r0, j=1), le(s(W0, r0), s(W0 + E, r0) + s(-E, 1))),
    step("sign", apply("negation", W=E, i=1)),
)
keeps_rank = (
    *weyl_bounds,
    step("above", arithmetic("signal-below", "sign"), gt(s(W0 + E, r0), lam)),
    step("below", arithmetic("noise-above", "no-more"), le(s(W0 + E, r0 + 1), lam)),
    step("count", apply("count", W=W0 + E, k=r0, t=lam)),
)
distance = (
    *keeps_rank,
    step("truncation", apply("thresholded", W=W0 + E, t=lam, k=r0)),
    step("residual", apply("residual-spectral", W=W0 + E, k=r0)),
    step(
        "triangle",
        apply("triangle", A=E, B=Truncated(W0 + E, r0) - W0 - E),
        le(SpectralNorm(Truncated(W0 + E, r0) - W0), SpectralNorm(E) + SpectralNorm(Truncated(W0 + E, r0) - W0 - E)),
    ),
    step("turned", apply("homogeneous", W=W0 + E - Truncated(W0 + E, r0), c=-1)),
    step("noise-norm", apply("spectral-norm", W=E)),
    step(
        "near-truncation",
        arithmetic("triangle", "turned", "noise-norm", "residual", "noise-above", "no-more"),
        le(SpectralNorm(Truncated(W0 + E, r0) - W0), 2 * noise),
    ),
    step("near", Rewrite(target="near-truncation", equation="truncation"), le(SpectralNorm(recovered - W0), 2 * noise)),
)

separation = Claim(
    label="theorem-11.12",
    section="11.2.2 Decay of singular values",
    title=text("Separation of singular values by a threshold", "奇异值分离理论"),
    statement_tex=[
        r"W = W_0 + E, \quad \sigma_{r_0}(W_0) \gg \sigma_1(E)",
        r"\sigma_1(E) < \lambda < \sigma_{r_0}(W_0)",
    ],
    parts=[
        Part(
            id="any-threshold",
            role=main,
            expected=refuted,
            repair="any-threshold-repaired",
            reading=text(
                "every threshold strictly between the largest noise value and the smallest signal value keeps exactly "
                "r0 values, once these are a factor ten apart",
                "只要两者相差十倍，严格介于噪声最大值与信号最小值之间的任何阈值都恰好保留 r0 个奇异值",
            ),
            given=[*low_rank_plus_noise, separated, real(lam, noise, top, open=True)],
            says=eq(kept, r0),
            witness={"W_0": [["10"]], "E": [["1"]], "r_0": "1", "lambda": "5"},
            checks=[Counter(values={"W_0": [["10"]], "E": [["-1"]], "r_0": "1", "lambda": "19/2"}), Search()],
            note=text(
                "noise can lower the smallest signal value by up to sigma_1(E); thresholds above that lose it",
                "噪声最多可使最小的信号奇异值降低 sigma_1(E)，阈值高于此便会丢失它",
            ),
        ),
        Part(
            id="any-threshold-repaired",
            role=main,
            expected=proved,
            reading=text(
                "every threshold from sigma_1(E), included, up to sigma_r0(W0) - sigma_1(E), excluded, keeps "
                "exactly r0",
                "从 sigma_1(E)（含）到 sigma_r0(W0) - sigma_1(E)（不含）的任何阈值恰好保留 r0 个",
            ),
            given=[*low_rank_plus_noise, *window],
            says=eq(kept, r0),
            witness={"W_0": [["10"]], "E": [["-1"]], "r_0": "1", "lambda": "1"},
            checks=[proof(*keeps_rank), Search()],
            sources=["weyl1912"],
        ),
        Part(
            id="some-threshold",
            role=caveat,
            expected=proved,
            reading=text(
                "once the ratio exceeds two, a threshold in between works: half the smallest signal value",
                "比值大于二时，区间内必有可用的阈值：取信号最小值的一半",
            ),
            given=[*low_rank_plus_noise, assume("ratio above two", gt(top, 2 * noise))],
            says=[eq(CountAbove(W0 + E, top / 2), r0), lt(noise, top / 2), lt(top / 2, top)],
            witness={"W_0": [["3"]], "E": [["-1"]], "r_0": "1"},
            checks=[
                proof(
                    *weyl_bounds,
                    step("signal", apply("positive", W=W0, i=r0)),
                    step("above", arithmetic("signal-below", "sign"), gt(s(W0 + E, r0), top / 2)),
                    step("below", arithmetic("noise-above", "no-more"), le(s(W0 + E, r0 + 1), top / 2)),
                    step("count", apply("count", W=W0 + E, k=r0, t=top / 2)),
                    step("left", arithmetic(), lt(noise, top / 2)),
                    step("right", arithmetic("signal"), lt(top / 2, top)),
                ),
                Search(),
            ],
        ),
        Part(
            id="ratio-two-suffices",
            role=caveat,
            expected=refuted,
            repair="some-threshold",
            reading=text(
                "at a ratio of exactly two some threshold above the noise still keeps r0 values, that is "
                "sigma_r0(W) > sigma_1(E)",
                "比值恰为二时，仍有高于噪声的阈值保留 r0 个，即 sigma_r0(W) > sigma_1(E)",
            ),
            given=[*low_rank_plus_noise, assume("ratio two", ge(top, 2 * noise))],
            says=gt(s(W0 + E, r0), noise),
            witness={"W_0": [["3"]], "E": [["-1"]], "r_0": "1"},
            checks=[Counter(values={"W_0": [["2"]], "E": [["-1"]], "r_0": "1"}), Search()],
        ),
        Part(
            id="recovers-matrix",
            role=main,
            expected=refuted,
            repair="recovers-matrix-repaired",
            reading=text(
                "thresholding returns the low-rank part itself, even with a threshold that keeps the right number",
                "即使阈值保留了正确的个数，阈值化就能还原低秩部分本身",
            ),
            given=[*low_rank_plus_noise, separated, *window],
            says=eq(recovered, W0),
            witness={"W_0": [["10"]], "E": [["0"]], "r_0": "1", "lambda": "5"},
            checks=[Counter(values={"W_0": [["10"]], "E": [["1"]], "r_0": "1", "lambda": "5"}), Search()],
        ),
        Part(
            id="recovers-matrix-repaired",
            role=main,
            expected=proved,
            reading=text(
                "what thresholding returns is within twice the noise of the low-rank part, in the spectral norm",
                "阈值化的结果与低秩部分的谱范数距离不超过噪声的两倍",
            ),
            given=[*low_rank_plus_noise, *window],
            says=le(SpectralNorm(recovered - W0), 2 * noise),
            witness={"W_0": five(10), "E": five(1), "r_0": "5", "lambda": "5"},
            checks=[proof(*distance), Search()],
            spared={
                "sharpen conclusion 1 by 0.99": text(
                    "the constant 2 is not claimed to be the best: the largest ratio that a numerical "
                    "ascent found is the golden ratio, 1.618, so that this may well be true",
                    "并未断言常数 2 最优：数值搜索得到的最大比值是黄金分割比 1.618，因此它很可能也成立",
                )
            },
        ),
        Part(
            id="recovers-matrix-frobenius",
            role=caveat,
            expected=proved,
            reading=text(
                "and within sqrt(8 r0) times the noise in the Frobenius norm",
                "Frobenius 范数下不超过 sqrt(8 r0) 倍噪声",
            ),
            given=[*low_rank_plus_noise, *window],
            says=le(norm_sq(recovered - W0), 8 * r0 * noise**2),
            witness={"W_0": [["10"]], "E": [["1"]], "r_0": "1", "lambda": "5"},
            checks=[
                proof(
                    *distance,
                    step("rank-kept", apply("rank-truncated", W=W0 + E, k=r0)),
                    step("same-rank", apply("rank-product-left", A=W0, C=-Identity(n)), le(Rank(-W0), Rank(W0))),
                    step("rank-sum", apply("rank-sum", A=Truncated(W0 + E, r0), B=-W0)),
                    step("by-rank", apply("frobenius-rank", W=Truncated(W0 + E, r0) - W0)),
                    step(
                        "rank",
                        arithmetic("rank-kept", "same-rank", "rank-sum"),
                        le(Rank(Truncated(W0 + E, r0) - W0), 2 * r0),
                    ),
                    step(
                        "square",
                        arithmetic("near-truncation"),
                        le(SpectralNorm(Truncated(W0 + E, r0) - W0) ** 2, 4 * noise**2),
                    ),
                    step(
                        "bound",
                        arithmetic("by-rank", "rank", "square"),
                        le(norm_sq(Truncated(W0 + E, r0) - W0), 8 * r0 * noise**2),
                    ),
                    step(
                        "goal",
                        Rewrite(target="bound", equation="truncation"),
                        le(norm_sq(recovered - W0), 8 * r0 * noise**2),
                    ),
                )
            ],
        ),
    ],
)
