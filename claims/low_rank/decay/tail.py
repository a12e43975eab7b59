"""Decay of the singular values and concentration of energy (section 11.2.2)."""

from __future__ import annotations

from claims.low_rank.proofs import energy, residual, split_total, squares, total_positive
from claims.low_rank.spared import BOTH_ZERO, LARGER_SIDE, MORE_KEPT, SMALLER_SIDE
from verify.authoring import *

m, n, r = sizes("m n r")
j, k = indices("j k")
tau, delta = scalars("tau delta")
W = matrix("W", m, n)
sigma = vector("sigma", r)

rank, s = Rank(W), Sigma
tail, total = squares(W, k + 1, rank), squares(W, 1, rank)
error = norm_sq(W - Truncated(W, k))

# --- Theorem 11.11: the tail --------------------------------------------------------------------------------

each_at_most = for_each(
    j,
    k + 1,
    rank,
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
    section="11.2.2 Decay of singular values",
    title=text("Upper bound on the discarded energy", "能量集中上界"),
    statement_tex=[
        r"\|W - W_k\|_F^2 = \sum_{i=k+1}^{r} \sigma_i^2 \le (r - k) \, \sigma_{k+1}^2, \quad k \in \{1, \ldots, r\}"
    ],
    parts=[
        Part(
            id="residual-identity",
            role=main,
            expected=proved,
            reading=text(
                "the squared error of the truncation is the sum of the discarded squares, k = r included",
                "截断误差的平方等于被舍去奇异值的平方和，包括 k = r",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=eq(error, tail),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[proof(residual(W, k)), Search()],
            sources=["schmidt1907", "eckart1936"],
            spared={"raise upper end of k by one": BOTH_ZERO},
        ),
        Part(
            id="tail-bound",
            role=main,
            expected=proved,
            reading=text(
                "the discarded energy is at most its number of terms times the largest of them, for k < r",
                "k < r 时，舍去的能量不超过项数乘以其中最大的一项",
            ),
            given=[*declare(W), between(k, 1, rank - 1)],
            says=bound_of_tail,
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[proof(*tail_bound, step("bound", arithmetic("residual", "sum", "equal"), bound_of_tail)), Search()],
            spared={"shift index k to k + 1 in conclusion 1": MORE_KEPT},
        ),
        Part(
            id="tail-bound-tight",
            role=caveat,
            expected=proved,
            reading=text(
                "equality holds where all discarded singular values are equal", "被舍去的奇异值全部相等时取等号"
            ),
            given=[*declare(W), between(k, 1, rank - 1), assume("flat tail", eq(s(W, k + 1), s(W, rank)))],
            says=eq(error, (rank - k) * s(W, k + 1) ** 2),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[
                proof(
                    residual(W, k),
                    step(
                        "each",
                        for_each(
                            j,
                            k + 1,
                            rank,
                            step("above", apply("order", W=W, i=j, j=k + 1)),
                            step("below", apply("order", W=W, i=rank, j=j)),
                            step("squares", arithmetic("above", "below"), eq(s(W, j) ** 2, s(W, k + 1) ** 2)),
                        ),
                    ),
                    step("sum", Termwise(line="each")),
                    step("equal", Constant(total=Sum(s(W, k + 1) ** 2, (j, k + 1, rank)))),
                    step("tight", arithmetic("residual", "sum", "equal"), eq(error, (rank - k) * s(W, k + 1) ** 2)),
                )
            ],
        ),
        Part(
            id="tail-bound-tight-only",
            role=caveat,
            expected=proved,
            reading=text(
                "equality holds only there: a tight bound means that all discarded singular values are equal",
                "也只有此时取等号：界取等意味着被舍去的奇异值全部相等",
            ),
            given=[
                *declare(W),
                between(k, 1, rank - 1),
                assume("tight bound", eq(error, (rank - k) * s(W, k + 1) ** 2)),
            ],
            says=eq(s(W, rank), s(W, k + 1)),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[
                proof(
                    residual(W, k),
                    step("last", Last(total=tail)),
                    step(
                        "others-each",
                        for_each(
                            j,
                            k + 1,
                            rank - 1,
                            step("order", apply("order", W=W, i=j, j=k + 1)),
                            step("squares", arithmetic("order"), le(s(W, j) ** 2, s(W, k + 1) ** 2)),
                        ),
                    ),
                    step("others", Termwise(line="others-each")),
                    step("others-most", Constant(total=Sum(s(W, k + 1) ** 2, (j, k + 1, rank - 1)))),
                    step(
                        "smallest",
                        arithmetic("residual", "last", "others", "others-most"),
                        ge(s(W, rank) ** 2, s(W, k + 1) ** 2),
                    ),
                    step("order", apply("order", W=W, i=rank, j=k + 1)),
                    step("equal", arithmetic("smallest", "order"), eq(s(W, rank), s(W, k + 1))),
                )
            ],
        ),
        Part(
            id="edge",
            role=caveat,
            expected=ill_posed,
            repair="edge-repaired",
            reading=text(
                "the bound as stated for every k up to r, with only the values of index 1 to r introduced",
                "按原文对 k 直到 r 都成立的写法，而只引入了下标 1 到 r 的奇异值",
            ),
            given=[*declare(W, r), assume("r is the rank", eq(rank, r)), *declare(sigma)[1:], between(k, 1, r)],
            says=le(error, (r - k) * Entry(sigma, k + 1, 1) ** 2),
            witness={"W": [["1"]], "r": "1", "sigma": [["1"]], "k": "1"},
        ),
        Part(
            id="edge-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "with the convention that singular values beyond the rank are zero, the bound holds up to k = r",
                "约定秩以后的奇异值为零，则该界直到 k = r 都成立",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=bound_of_tail,
            witness={"W": [["1"]], "k": "1"},
            checks=[proof(*tail_bound, step("bound", arithmetic("residual", "sum", "equal"), bound_of_tail)), Search()],
            spared={"shift index k to k + 1 in conclusion 1": MORE_KEPT, "raise upper end of k by one": BOTH_ZERO},
        ),
    ],
)

# --- Corollary 11.4: the energy from below ------------------------------------------------------------------

floor = 1 - (rank - k) * s(W, k + 1) ** 2 / total
from_below = (energy(W, k), *total_positive(W), *split_total(W, k), *tail_bound)

energy_floor = Claim(
    label="corollary-11.4",
    section="11.2.2 Decay of singular values",
    title=text("Lower bound on the energy ratio", "能量下界"),
    statement_tex=[
        r"E(k) = 1 - \frac{\sum_{i=k+1}^{r} \sigma_i^2}{\sum_{i=1}^{r} \sigma_i^2}",
        r"E(k) \ge 1 - \frac{(r - k) \, \sigma_{k+1}^2}{\sum_{i=1}^{r} \sigma_i^2}",
    ],
    parts=[
        Part(
            id="lower-bound",
            role=main,
            expected=proved,
            reading=text(
                "the energy ratio is one minus the discarded share, hence at least the bound, for k < r",
                "能量比等于一减去被舍去的份额，因此不小于该下界（k < r）",
            ),
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
            spared={
                "shift index k to k + 1 in conclusion 2": MORE_KEPT,
                "shift index k + 1 to k in conclusion 2": SMALLER_SIDE,
                "sum of conclusion 2 starts one later": SMALLER_SIDE,
                "sum of conclusion 2 ends one earlier": SMALLER_SIDE,
            },
        ),
        Part(
            id="informative",
            role=caveat,
            expected=refuted,
            repair="informative-repaired",
            reading=text("the bound says something: its right side is positive", "该下界有内容：右端为正"),
            given=[*declare(W), between(k, 1, rank - 1)],
            says=gt(floor, 0),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[
                Counter(
                    values={
                        "W": [["2", "0", "0", "0"], ["0", "2", "0", "0"], ["0", "0", "1", "0"], ["0", "0", "0", "1"]],
                        "k": "1",
                    }
                ),
                Search(),
            ],
        ),
        Part(
            id="informative-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the right side is positive once k is at least half the rank", "当 k 不小于秩的一半时，右端为正"
            ),
            given=[*declare(W), between(k, 1, rank - 1), assume("half the rank", ge(2 * k, rank))],
            says=gt(floor, 0),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[
                proof(
                    step("next", apply("positive", W=W, i=k + 1)),
                    step(
                        "head-each",
                        for_each(
                            j,
                            1,
                            k + 1,
                            step("order", apply("order", W=W, i=k + 1, j=j)),
                            step("squares", arithmetic("order"), le(s(W, k + 1) ** 2, s(W, j) ** 2)),
                        ),
                    ),
                    step("head", Termwise(line="head-each")),
                    step("equal", Constant(total=Sum(s(W, k + 1) ** 2, (j, 1, k + 1)))),
                    *split_total(W, k + 1),
                    step(
                        "enough",
                        arithmetic("next", "head", "equal", "split", "split-tail"),
                        ge(total, (k + 1) * s(W, k + 1) ** 2),
                    ),
                    step("more", arithmetic("next"), gt((k + 1) * s(W, k + 1) ** 2, (rank - k) * s(W, k + 1) ** 2)),
                    *total_positive(W),
                    step("positive", arithmetic("enough", "more", "total-positive"), gt(floor, 0)),
                ),
                Search(),
            ],
            spared={
                "shift index k + 1 to k in conclusion 1": text(
                    "also true: the first k squares hold at least k times the k-th, a further one is "
                    "positive, and r - k is at most k",
                    "同样成立：前 k 个平方之和至少为第 k 个的 k 倍，此外还有一个正值，而 r - k 不超过 k",
                ),
                "shift index k + 1 to k + 2 in conclusion 1": LARGER_SIDE,
                "raise upper end of k by one": text(
                    "also true: at k = r nothing is subtracted and the right side is one",
                    "同样成立：k = r 时没有减去任何量，右端为一",
                ),
            },
        ),
        Part(
            id="small-next-value-suffices",
            role=caveat,
            expected=refuted,
            repair="small-next-value-suffices-repaired",
            reading=text(
                "a next singular value that is a small fraction delta of the first guarantees a share of 1 - delta",
                "下一个奇异值只占第一个的一小部分 delta，就能保证 1 - delta 的能量",
            ),
            given=[
                *declare(W),
                between(k, 1, rank - 1),
                real(delta, 0, 1, open=True),
                assume("small next value", le(s(W, k + 1), delta * s(W, 1))),
            ],
            says=ge(Energy(W, k), 1 - delta),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1", "delta": "1/2"},
            checks=[
                Counter(
                    values={
                        "W": [["10" if a == b == 0 else "1" if a == b else "0" for b in range(13)] for a in range(13)],
                        "k": "1",
                        "delta": "1/10",
                    }
                ),
                Search(),
            ],
            note=text(
                "for any delta, one value 1 followed by more than 1/(delta (1 - delta)) values delta breaks it: the "
                "number of discarded values matters, not only their size",
                "对任意 delta，一个 1 后接多于 1/(delta(1 - delta)) 个 delta 就构成反例：起作用的是个数与大小两者",
            ),
        ),
        Part(
            id="small-next-value-suffices-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the share is at least tau where the next value is small against the total, times the number discarded",
                "若下一个奇异值的平方乘以舍去的个数相对总能量足够小，则能量比不小于 tau",
            ),
            given=[
                *declare(W),
                between(k, 1, rank - 1),
                real(tau, 0, 1, open=True),
                assume("small tail", le((rank - k) * s(W, k + 1) ** 2, (1 - tau) * total)),
            ],
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
