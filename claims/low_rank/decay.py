"""Decay of the singular values and concentration of energy (section 11.2.2)."""

from __future__ import annotations

from claims.low_rank.proofs import energy, residual, split_total, squares, total_positive
from verify.authoring import *  # noqa: F403

m, n, r0, r = sizes("m n r_0 r")
i, j, k = indices("i j k")
lam, tau, delta = scalars("lambda tau delta")
W, W0, E = matrix("W", m, n), matrix("W_0", m, n), matrix("E", m, n)
sigma = vector("sigma", r)

rank, s = Rank(W), Sigma
tail, total = squares(W, k + 1, rank), squares(W, 1, rank)
error = norm_sq(W - Truncated(W, k))

# --- Theorem 11.11: the tail --------------------------------------------------------------------------------

each_at_most = for_each(
    j, k + 1, rank,
    step("order", apply("order", W=W, i=j, j=k + 1)),
    step("squares", arithmetic("order"), le(s(W, j) ** 2, s(W, k + 1) ** 2)),
)
tail_bound = (
    residual(W, k),
    step("each", each_at_most),
    step("sum", Termwise(line="each")),
    step("equal", Constant(total=Sum(s(W, k + 1) ** 2, (j, k + 1, rank)))),
)
bound_of_tail = le(error, (rank - k) * s(W, k + 1) ** 2)

energy_bound = Claim(
    label="theorem-11.11",
    section="11.2.2",
    title=text("Upper bound on the discarded energy", "能量集中上界"),
    parts=[
        Part(
            id="residual-identity", role=main, expected=proved,
            reading=text("the squared error of the truncation is the sum of the discarded squares, k = r included",
                         "截断误差的平方等于被舍去奇异值的平方和，包括 k = r"),
            given=[*declare(W), between(k, 1, rank)],
            says=eq(error, tail),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[proof(residual(W, k)), Search()],
            sources=["schmidt1907", "eckart1936"],
        ),
        Part(
            id="tail-bound", role=main, expected=proved,
            reading=text("the discarded energy is at most its number of terms times the largest of them, for k < r",
                         "k < r 时，舍去的能量不超过项数乘以其中最大的一项"),
            given=[*declare(W), between(k, 1, rank - 1)],
            says=bound_of_tail,
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[proof(*tail_bound, step("bound", arithmetic("residual", "sum", "equal"), bound_of_tail)), Search()],
        ),
        Part(
            id="tail-bound-tight", role=caveat, expected=proved,
            reading=text("equality holds where all discarded singular values are equal",
                         "被舍去的奇异值全部相等时取等号"),
            given=[*declare(W), between(k, 1, rank - 1), assume("flat tail", eq(s(W, k + 1), s(W, rank)))],
            says=eq(error, (rank - k) * s(W, k + 1) ** 2),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[
                proof(
                    residual(W, k),
                    step("each", for_each(
                        j, k + 1, rank,
                        step("above", apply("order", W=W, i=j, j=k + 1)),
                        step("below", apply("order", W=W, i=rank, j=j)),
                        step("squares", arithmetic("above", "below"), eq(s(W, j) ** 2, s(W, k + 1) ** 2)),
                    )),
                    step("sum", Termwise(line="each")),
                    step("equal", Constant(total=Sum(s(W, k + 1) ** 2, (j, k + 1, rank)))),
                    step("tight", arithmetic("residual", "sum", "equal"), eq(error, (rank - k) * s(W, k + 1) ** 2)),
                ),
            ],
        ),
        Part(
            id="edge", role=caveat, expected=ill_posed, repair="edge-repaired",
            reading=text("the bound as stated for every k up to r, with only the values of index 1 to r introduced",
                         "按原文对 k 直到 r 都成立的写法，而只引入了下标 1 到 r 的奇异值"),
            given=[*declare(W, r), assume("r is the rank", eq(rank, r)), *declare(sigma)[1:], between(k, 1, r)],
            says=le(error, (r - k) * Entry(sigma, k + 1, 1) ** 2),
            witness={"W": [["1"]], "r": "1", "sigma": [["1"]], "k": "1"},
        ),
        Part(
            id="edge-repaired", role=caveat, expected=proved,
            reading=text("with the convention that singular values beyond the rank are zero, the bound holds up to k = r",
                         "约定秩以后的奇异值为零，则该界直到 k = r 都成立"),
            given=[*declare(W), between(k, 1, rank)],
            says=bound_of_tail,
            witness={"W": [["1"]], "k": "1"},
            checks=[proof(*tail_bound, step("bound", arithmetic("residual", "sum", "equal"), bound_of_tail)), Search()],
        ),
    ],
)

# --- Corollary 11.4: the energy from below ------------------------------------------------------------------

floor = 1 - (rank - k) * s(W, k + 1) ** 2 / total
from_below = (energy(W, k), *total_positive(W), *split_total(W, k), *tail_bound)

energy_floor = Claim(
    label="corollary-11.4",
    section="11.2.2",
    title=text("Lower bound on the energy ratio", "能量下界"),
    parts=[
        Part(
            id="lower-bound", role=main, expected=proved,
            reading=text("the energy ratio is one minus the discarded share, hence at least the bound, for k < r",
                         "能量比等于一减去被舍去的份额，因此不小于该下界（k < r）"),
            given=[*declare(W), between(k, 1, rank - 1)],
            says=[eq(Energy(W, k), 1 - tail / total), ge(Energy(W, k), floor)],
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[
                proof(
                    *from_below,
                    step("share", arithmetic("energy", "total-positive", "split"), eq(Energy(W, k), 1 - tail / total)),
                    step("floor", arithmetic("share", "total-positive", "sum", "equal"), ge(Energy(W, k), floor)),
                ),
                Search(),
            ],
        ),
        Part(
            id="informative", role=caveat, expected=refuted, repair="informative-repaired",
            reading=text("the bound says something: its right side is positive", "该下界有内容：右端为正"),
            given=[*declare(W), between(k, 1, rank - 1)],
            says=gt(floor, 0),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[
                Counter(values={"W": [["2", "0", "0", "0"], ["0", "2", "0", "0"], ["0", "0", "1", "0"],
                                      ["0", "0", "0", "1"]], "k": "1"}),
                Search(),
            ],
        ),
        Part(
            id="informative-repaired", role=caveat, expected=proved,
            reading=text("the right side is positive once k is at least half the rank",
                         "当 k 不小于秩的一半时，右端为正"),
            given=[*declare(W), between(k, 1, rank - 1), assume("half the rank", ge(2 * k, rank))],
            says=gt(floor, 0),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[
                proof(
                    step("next", apply("positive", W=W, i=k + 1)),
                    step("head-each", for_each(
                        j, 1, k + 1,
                        step("order", apply("order", W=W, i=k + 1, j=j)),
                        step("squares", arithmetic("order"), le(s(W, k + 1) ** 2, s(W, j) ** 2)),
                    )),
                    step("head", Termwise(line="head-each")),
                    step("equal", Constant(total=Sum(s(W, k + 1) ** 2, (j, 1, k + 1)))),
                    *split_total(W, k + 1),
                    step("enough", arithmetic("next", "head", "equal", "split", "split-tail"),
                         ge(total, (k + 1) * s(W, k + 1) ** 2)),
                    step("more", arithmetic("next"), gt((k + 1) * s(W, k + 1) ** 2, (rank - k) * s(W, k + 1) ** 2)),
                    *total_positive(W),
                    step("positive", arithmetic("enough", "more", "total-positive"), gt(floor, 0)),
                ),
                Search(),
            ],
        ),
        Part(
            id="small-next-value-suffices", role=caveat, expected=refuted, repair="small-next-value-suffices-repaired",
            reading=text("a next singular value that is a small fraction delta of the first guarantees a share of 1 - delta",
                         "下一个奇异值只占第一个的一小部分 delta，就能保证 1 - delta 的能量"),
            given=[*declare(W), between(k, 1, rank - 1), real(delta, 0, 1, open=True),
                   assume("small next value", le(s(W, k + 1), delta * s(W, 1)))],
            says=ge(Energy(W, k), 1 - delta),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1", "delta": "1/2"},
            checks=[
                Counter(values={
                    "W": [["10" if a == b == 0 else "1" if a == b else "0" for b in range(13)] for a in range(13)],
                    "k": "1", "delta": "1/10",
                }),
                Search(),
            ],
            note=text("for any delta, one value 1 followed by more than 1/(delta (1 - delta)) values delta breaks it: the "
                      "number of discarded values matters, not only their size",
                      "对任意 delta，一个 1 后接多于 1/(delta(1 - delta)) 个 delta 就构成反例：起作用的是个数与大小两者"),
        ),
        Part(
            id="small-next-value-suffices-repaired", role=caveat, expected=proved,
            reading=text("the share is at least tau where the next value is small against the total, times the number discarded",
                         "若下一个奇异值的平方乘以舍去的个数相对总能量足够小，则能量比不小于 tau"),
            given=[*declare(W), between(k, 1, rank - 1), real(tau, 0, 1, open=True),
                   assume("small tail", le((rank - k) * s(W, k + 1) ** 2, (1 - tau) * total))],
            says=ge(Energy(W, k), tau),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1", "tau": "1/2"},
            checks=[
                proof(
                    *from_below,
                    step("share", arithmetic("energy", "total-positive", "split"), eq(Energy(W, k), 1 - tail / total)),
                    step("enough", arithmetic("share", "total-positive", "sum", "equal"), ge(Energy(W, k), tau)),
                ),
                Search(),
            ],
        ),
    ],
)

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
    step("triangle", apply("triangle", A=E, B=Truncated(W0 + E, r0) - W0 - E),
         le(SpectralNorm(Truncated(W0 + E, r0) - W0), SpectralNorm(E) + SpectralNorm(Truncated(W0 + E, r0) - W0 - E))),
    step("turned", apply("homogeneous", W=W0 + E - Truncated(W0 + E, r0), c=-1)),
    step("noise-norm", apply("spectral-norm", W=E)),
    step("near-truncation",
         arithmetic("triangle", "turned", "noise-norm", "residual", "noise-above", "no-more"),
         le(SpectralNorm(Truncated(W0 + E, r0) - W0), 2 * noise)),
    step("near", Rewrite(target="near-truncation", equation="truncation"), le(SpectralNorm(recovered - W0), 2 * noise)),
)

separation = Claim(
    label="theorem-11.12",
    section="11.2.2",
    title=text("Separation of singular values by a threshold", "奇异值分离理论"),
    parts=[
        Part(
            id="any-threshold", role=main, expected=refuted, repair="any-threshold-repaired",
            reading=text("every threshold strictly between the largest noise value and the smallest signal value keeps exactly "
                         "r0 values, once these are a factor ten apart",
                         "只要两者相差十倍，严格介于噪声最大值与信号最小值之间的任何阈值都恰好保留 r0 个奇异值"),
            given=[*low_rank_plus_noise, separated, real(lam, noise, top, open=True)],
            says=eq(kept, r0),
            witness={"W_0": [["10"]], "E": [["1"]], "r_0": "1", "lambda": "5"},
            checks=[Counter(values={"W_0": [["10"]], "E": [["-1"]], "r_0": "1", "lambda": "19/2"}), Search()],
            note=text("noise can lower the smallest signal value by up to sigma_1(E); thresholds above that lose it",
                      "噪声最多可使最小的信号奇异值降低 sigma_1(E)，阈值高于此便会丢失它"),
        ),
        Part(
            id="any-threshold-repaired", role=main, expected=proved,
            reading=text("every threshold from sigma_1(E), included, up to sigma_r0(W0) - sigma_1(E), excluded, keeps exactly r0",
                         "从 sigma_1(E)（含）到 sigma_r0(W0) - sigma_1(E)（不含）的任何阈值恰好保留 r0 个"),
            given=[*low_rank_plus_noise, *window],
            says=eq(kept, r0),
            witness={"W_0": [["10"]], "E": [["-1"]], "r_0": "1", "lambda": "1"},
            checks=[proof(*keeps_rank), Search()],
            sources=["weyl1912"],
        ),
        Part(
            id="some-threshold", role=caveat, expected=proved,
            reading=text("once the ratio exceeds two, a threshold in between works: half the smallest signal value",
                         "比值大于二时，区间内必有可用的阈值：取信号最小值的一半"),
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
            id="ratio-two-suffices", role=caveat, expected=refuted, repair="some-threshold",
            reading=text("at a ratio of exactly two some threshold above the noise still keeps r0 values, that is "
                         "sigma_r0(W) > sigma_1(E)",
                         "比值恰为二时，仍有高于噪声的阈值保留 r0 个，即 sigma_r0(W) > sigma_1(E)"),
            given=[*low_rank_plus_noise, assume("ratio two", ge(top, 2 * noise))],
            says=gt(s(W0 + E, r0), noise),
            witness={"W_0": [["3"]], "E": [["-1"]], "r_0": "1"},
            checks=[Counter(values={"W_0": [["2"]], "E": [["-1"]], "r_0": "1"}), Search()],
        ),
        Part(
            id="recovers-matrix", role=main, expected=refuted, repair="recovers-matrix-repaired",
            reading=text("thresholding returns the low-rank part itself, even with a threshold that keeps the right number",
                         "即使阈值保留了正确的个数，阈值化就能还原低秩部分本身"),
            given=[*low_rank_plus_noise, separated, *window],
            says=eq(recovered, W0),
            witness={"W_0": [["10"]], "E": [["0"]], "r_0": "1", "lambda": "5"},
            checks=[Counter(values={"W_0": [["10"]], "E": [["1"]], "r_0": "1", "lambda": "5"}), Search()],
        ),
        Part(
            id="recovers-matrix-repaired", role=main, expected=proved,
            reading=text("what thresholding returns is within twice the noise of the low-rank part, in the spectral norm",
                         "阈值化的结果与低秩部分的谱范数距离不超过噪声的两倍"),
            given=[*low_rank_plus_noise, *window],
            says=le(SpectralNorm(recovered - W0), 2 * noise),
            witness={"W_0": [["10"]], "E": [["1"]], "r_0": "1", "lambda": "5"},
            checks=[proof(*distance), Search()],
        ),
        Part(
            id="recovers-matrix-frobenius", role=caveat, expected=proved,
            reading=text("and within sqrt(8 r0) times the noise in the Frobenius norm", "Frobenius 范数下不超过 sqrt(8 r0) 倍噪声"),
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
                    step("rank", arithmetic("rank-kept", "same-rank", "rank-sum"),
                         le(Rank(Truncated(W0 + E, r0) - W0), 2 * r0)),
                    step("square", arithmetic("near-truncation"),
                         le(SpectralNorm(Truncated(W0 + E, r0) - W0) ** 2, 4 * noise**2)),
                    step("bound", arithmetic("by-rank", "rank", "square"),
                         le(norm_sq(Truncated(W0 + E, r0) - W0), 8 * r0 * noise**2)),
                    step("goal", Rewrite(target="bound", equation="truncation"),
                         le(norm_sq(recovered - W0), 8 * r0 * noise**2)),
                ),
            ],
        ),
    ],
)

CLAIMS = (energy_bound, energy_floor, separation)
