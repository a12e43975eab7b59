"""The table of decay patterns, each row against the exact sums of the power law it names (section 11.2.2)."""

from __future__ import annotations

from claims.low_rank.decay.power_sums import fourth_powers, i, not_negative, power_sum, share
from claims.low_rank.decay.table_exponents import across_rows
from claims.low_rank.decay.table_pictures import partial_sums
from claims.low_rank.decay.table_proofs import (
    W,
    above_one,
    alpha,
    fast_row,
    five_percent,
    flat_within,
    grows,
    j,
    k,
    medium_row,
    n,
    q,
    rank,
    rounded_down,
    s,
    some_kept,
    squares_share,
    tenths,
    total_four,
    twenty_percent,
)
from claims.low_rank.proofs import squares
from verify.authoring import *
from verify.model.statement import Size

table = Claim(
    label="table-11.2.2",
    section="11.2.2 Decay of singular values",
    title=text("Patterns of decay and the share to keep", "奇异值衰减与低秩选择"),
    statement_tex=[
        r"\alpha > 2: \ E(0.05 \, n) \ge 0.9",
        r"1 < \alpha \le 2: \ E(0.2 \, n) \ge 0.8",
        r"\alpha \approx 1: \ \text{energy rather even}",
        r"\sigma_1 \approx \ldots \approx \sigma_n",
    ],
    parts=[
        Part(
            id="fast",
            role=main,
            expected=proved,
            reading=text(
                "for an exact power law with alpha above 2, at least 5% of the values, rounded up, hold at "
                "least 90% of "
                "the energy, for every number n of values",
                "对 alpha 大于 2 的精确幂律，前 5%（向上取整）的奇异值至少占 90% 的能量，对任意个数 n 成立",
            ),
            given=[*some_kept, five_percent, fast_row],
            says=ge(share(alpha, k, n), tenths["90"]),
            witness={"n": "20", "k": "1", "alpha": "3"},
            checks=[proof(*total_four())],
            depends_on=("lemma-11.20/factor-normalises",),
            note=text(
                "the first value alone holds more than 90%; see one-value",
                "仅第一个奇异值就超过 90%，见 one-value 部分",
            ),
        ),
        Part(
            id="fast-rounded-down",
            role=caveat,
            expected=refuted,
            repair="fast",
            reading=text("the same with 5% rounded down, for n from 5 on", "同样的命题，但 5% 向下取整，n 从 5 起"),
            given=[Size(symbol=n, low=5), between(k, 0, n), *rounded_down(20), fast_row],
            says=ge(share(alpha, k, n), tenths["90"]),
            witness={"n": "20", "k": "1", "alpha": "3"},
            checks=[Counter(values={"n": "5", "k": "0", "alpha": "3"}), Search()],
            note=text("below 20 values nothing is kept", "不足 20 个奇异值时什么也没有保留"),
        ),
        Part(
            id="one-value",
            role=caveat,
            expected=proved,
            reading=text(
                "for alpha of at least 2 a single value, whatever share of n it is, holds at least 90% of the "
                "energy: 5% "
                "is not what this decay needs",
                "alpha 不小于 2 时，单独一个奇异值（不论占 n 的多少）就至少占 90% 的能量：这种衰减并不需要 5%",
            ),
            given=[*declare(n), real(alpha, 2)],
            says=ge(1 / power_sum(2 * alpha, 1, n), tenths["90"]),
            witness={"n": "20", "alpha": "2"},
            checks=[
                proof(
                    *fourth_powers(n, j),
                    step("each", for_each(i, 1, n, step("term", apply("power-exponent", x=i, a=-2 * alpha, b=-4)))),
                    step("below", Termwise(line="each")),
                    step("first", First(total=power_sum(2 * alpha, 1, n))),
                    *not_negative("others", 2 * alpha, 2, n),
                    step("positive", arithmetic("first", "others"), ge(power_sum(2 * alpha, 1, n), 1)),
                    step(
                        "enough",
                        arithmetic("below", "fourth-bound", "positive"),
                        ge(1 / power_sum(2 * alpha, 1, n), tenths["90"]),
                    ),
                )
            ],
        ),
        Part(
            id="medium",
            role=main,
            expected=refuted,
            repair="medium-repaired",
            reading=text(
                "for an exact power law with alpha above 1 and up to 2, at least 20% of the values, rounded "
                "up, hold at "
                "least 80% of the energy, for every n from 5 on",
                "对 alpha 大于 1 且不超过 2 的精确幂律，前 20%（向上取整）的奇异值至少占 80% 的能量，对 5 "
                "以上的 n 都成立",
            ),
            given=[Size(symbol=n, low=5), between(k, 1, n), twenty_percent, medium_row, above_one],
            says=ge(share(alpha, k, n), tenths["80"]),
            witness={"n": "10", "k": "2", "alpha": "2"},
            checks=[Counter(values={"n": "5", "k": "1", "alpha": "5/4"}), Search()],
            note=text(
                "five values, of which 20% are exactly one, and no rounding: the smallest case breaks it",
                "五个奇异值的 20% 恰为一个，无须取整：最小的情形就不成立",
            ),
        ),
        Part(
            id="medium-repaired",
            role=main,
            expected=proved,
            reading=text(
                "it holds once at least two values are kept, which rounding up gives for every n from 6 on, and even "
                "with alpha = 1 included",
                "只要至少保留两个奇异值就成立（n 不小于 6 时向上取整即满足），而且包括 alpha = 1",
            ),
            given=[*declare(n), between(k, 2, n), twenty_percent, medium_row],
            says=ge(share(alpha, k, n), tenths["80"]),
            witness={"n": "10", "k": "2", "alpha": "2"},
            checks=[
                proof(
                    *squares_share(2, tenths["80"]),
                    *grows(sp.S.One, alpha),
                    step(
                        "four-to-one",
                        arithmetic("tail-small", "ends", "head"),
                        le(4 * power_sum(2, k + 1, n), power_sum(2, 1, k)),
                    ),
                    step(
                        "weighed",
                        arithmetic("outweighs", "four-to-one", "at-b-head"),
                        le(
                            4 * power_sum(2, 1, k) * power_sum(2 * alpha, k + 1, n),
                            power_sum(2 * alpha, 1, k) * power_sum(2, 1, k),
                        ),
                    ),
                    step(
                        "still-four-to-one",
                        arithmetic("weighed", "at-a-head"),
                        le(4 * power_sum(2 * alpha, k + 1, n), power_sum(2 * alpha, 1, k)),
                    ),
                    step(
                        "enough",
                        arithmetic("still-four-to-one", "at-b-split", "at-b-total"),
                        ge(share(alpha, k, n), tenths["80"]),
                    ),
                )
            ],
            depends_on=("lemma-11.20/factor-normalises",),
        ),
        Part(
            id="medium-rounded-down",
            role=caveat,
            expected=refuted,
            repair="medium-repaired",
            reading=text(
                "with at least two values kept it also holds with 20% rounded down",
                "至少保留两个奇异值时，20% 向下取整也成立",
            ),
            given=[*declare(n), between(k, 2, n), *rounded_down(5), medium_row, above_one],
            says=ge(share(alpha, k, n), tenths["80"]),
            witness={"n": "10", "k": "2", "alpha": "2"},
            checks=[Counter(values={"n": "14", "k": "2", "alpha": "1001/1000"}), Search()],
        ),
        Part(
            id="slow",
            role=main,
            expected=refuted,
            repair="slow-repaired",
            reading=text(
                "at alpha = 1 the energy is spread rather evenly, so that 40% to 60% must be kept. The formula "
                "asks for "
                "the least that this can mean: 20% of the values do not yet hold the 80% of the row above",
                "alpha = 1 时能量分布较均匀，因而需保留 40% 到 60%。公式只要求最起码的含义：20% "
                "的奇异值还达不到上一行的 80%",
            ),
            given=[*some_kept, assume("at most 20% are kept", le(5 * k, n))],
            says=lt(share(sp.S.One, k, n), tenths["80"]),
            witness={"n": "5", "k": "1"},
            checks=[Counter(values={"n": "10", "k": "2"}), Search(), Illustrate(curves=partial_sums)],
            note=text(
                "the energy of i^(-alpha) is even only below alpha = 1/2, where the sum of i^(-2 alpha) diverges; the "
                "table reads as if it counted values and not squares",
                "只有在 alpha 小于 1/2、即 i^(-2 alpha) 之和发散时能量才较均匀；该表似乎按奇异值本身而不是其平方计算",
            ),
        ),
        Part(
            id="slow-repaired",
            role=main,
            expected=proved,
            reading=text(
                "at alpha = 1 already 5% of the values hold 95% of the energy, once twelve are kept, which rounding up "
                "gives for every n from 221 on",
                "alpha = 1 时前 5% 的奇异值就已占 95% 的能量，只要保留不少于 12 个（n 不小于 221 时向上取整即满足）",
            ),
            given=[*declare(n), between(k, 12, n), five_percent],
            says=ge(share(sp.S.One, k, n), tenths["95"]),
            witness={"n": "221", "k": "12"},
            checks=[proof(*squares_share(12, tenths["95"]))],
            depends_on=("lemma-11.20/factor-normalises",),
        ),
        Part(
            id="slow-repaired-sharp",
            role=caveat,
            expected=refuted,
            repair="slow-repaired",
            reading=text("eleven kept values would be enough for that", "保留 11 个就足以达到这一点"),
            given=[*declare(n), between(k, 11, n), five_percent],
            says=ge(share(sp.S.One, k, n), tenths["95"]),
            witness={"n": "221", "k": "12"},
            checks=[Counter(values={"n": "220", "k": "11"})],
        ),
        Part(
            id="flat",
            role=main,
            expected=proved,
            reading=text(
                "without decay, all values equal, the share of the energy is the share of the values, so that "
                "more than "
                "80% must be kept for more than 80%",
                "没有衰减、所有奇异值相等时，能量比就是保留比例，因此要得到 80% 以上的能量就得保留 80% 以上",
            ),
            given=[*declare(W), between(k, 1, rank), assume("no decay", eq(s(W, 1), s(W, rank)))],
            says=eq(Energy(W, k), k / rank),
            witness={"W": [["2", "0"], ["0", "2"]], "k": "1"},
            checks=[
                proof(
                    *flat_within(s(W, 1) ** 2, s(W, 1) ** 2),
                    step(
                        "kept-least-each",
                        for_each(
                            j,
                            1,
                            k,
                            step("below", apply("order", W=W, i=rank, j=j)),
                            step("squares", arithmetic("below", "last"), le(s(W, 1) ** 2, s(W, j) ** 2)),
                        ),
                    ),
                    step("kept-least", Termwise(line="kept-least-each")),
                    step(
                        "left-most-each",
                        for_each(
                            j,
                            k + 1,
                            rank,
                            step("above", apply("order", W=W, i=j, j=1)),
                            step("squares", arithmetic("above"), le(s(W, j) ** 2, s(W, 1) ** 2)),
                        ),
                    ),
                    step("left-most", Termwise(line="left-most-each")),
                    step("head", arithmetic("kept", "kept-least", "kept-most"), eq(squares(W, 1, k), k * s(W, 1) ** 2)),
                    step(
                        "rest",
                        arithmetic("left", "left-most", "left-least"),
                        eq(squares(W, k + 1, rank), (rank - k) * s(W, 1) ** 2),
                    ),
                    step(
                        "share",
                        arithmetic("energy", "split", "head", "rest", "total-positive"),
                        eq(Energy(W, k), k / rank),
                    ),
                ),
                Search(),
            ],
        ),
        Part(
            id="nearly-flat",
            role=caveat,
            expected=proved,
            reading=text(
                "where the values lie within a factor q of each other, k of r values hold at most the share "
                "k q^2 / (k q^2 + r - k)",
                "若所有奇异值彼此相差不超过 q 倍，则前 k 个所占能量不超过 k q^2 / (k q^2 + r - k)",
            ),
            given=[
                *declare(W),
                between(k, 1, rank),
                real(q, 1),
                assume("values within a factor", le(s(W, 1), q * s(W, rank))),
            ],
            says=le(Energy(W, k), k * q**2 / (k * q**2 + rank - k)),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1", "q": "2"},
            checks=[
                proof(
                    *flat_within(s(W, rank) ** 2, s(W, 1) ** 2),
                    step("factor", arithmetic("last"), le(s(W, 1) ** 2, q**2 * s(W, rank) ** 2)),
                    step(
                        "head",
                        arithmetic("kept", "kept-most", "factor"),
                        le(squares(W, 1, k), k * q**2 * s(W, rank) ** 2),
                    ),
                    step(
                        "rest",
                        arithmetic("left", "left-least"),
                        ge(squares(W, k + 1, rank), (rank - k) * s(W, rank) ** 2),
                    ),
                    step(
                        "crossed",
                        arithmetic("head", "rest", "last"),
                        le((rank - k) * squares(W, 1, k), k * q**2 * squares(W, k + 1, rank)),
                    ),
                    step("below", arithmetic(), gt(k * q**2 + rank - k, 0)),
                    step(
                        "share",
                        arithmetic("energy", "split", "crossed", "total-positive", "below"),
                        le(Energy(W, k), k * q**2 / (k * q**2 + rank - k)),
                    ),
                ),
                Search(),
            ],
        ),
        *across_rows,
    ],
)
