"""The rows of the table of decay patterns against each other, and the exponents they call for (section 11.2.2)."""

from __future__ import annotations

from claims.low_rank.decay.power_sums import power_sum, share
from claims.low_rank.decay.table_proofs import (
    above_one,
    alpha,
    beta,
    crossings,
    evaluated,
    grows,
    integral_bounds,
    k,
    medium_row,
    n,
    q,
    some_kept,
    t,
    tail_of_convergent,
    tenths,
)
from verify.authoring import *

across_rows = (
    Part(
        id="share-grows",
        role=caveat,
        expected=proved,
        reading=text(
            "the rows stand in the right order: a larger exponent never lowers the share of the first k values",
            "各行的次序是对的：指数越大，前 k 个奇异值的能量比不会变小",
        ),
        given=[*some_kept, real(alpha), real(beta, alpha)],
        says=le(share(alpha, k, n), share(beta, k, n)),
        witness={"n": "2", "k": "1", "alpha": "1", "beta": "2"},
        checks=[proof(*grows(alpha, beta))],
    ),
    Part(
        id="rows-agree",
        role=caveat,
        expected=refuted,
        reading=text(
            "the shares printed tell the rows apart: a spectrum of the medium row does not meet the mark of the fast "
            "row, 90% of the energy in 5% of the values",
            "所列比例能区分各行：中等衰减的谱达不到快速衰减一行的标准，即 5% 的奇异值占 90% 的能量",
        ),
        given=[*some_kept, assume("at most 5% are kept", le(20 * k, n)), medium_row, above_one],
        says=lt(share(alpha, k, n), tenths["90"]),
        witness={"n": "20", "k": "1", "alpha": "5/4"},
        checks=[Counter(values={"n": "20", "k": "1", "alpha": "2"}), Search()],
        depends_on=("table-11.2.2/slow-repaired", "table-11.2.2/share-grows"),
        note=text(
            "with 5% rounded up, from n = 221 on every spectrum of the medium row, and that of the slow row, "
            "meets it: the marks grow "
            "with n while the exponents stay, and the rows advise different shares for the same spectrum",
            "5% 向上取整时，只要 n 不小于 221，中等与缓慢衰减的谱全都达到这一标准：指数不变而达标程度随 n "
            "上升，各行对同一谱给出不同的建议",
        ),
    ),
    Part(
        id="rows-cover",
        role=caveat,
        expected=refuted,
        repair="exponent-in-the-limit",
        reading=text(
            "every spectrum has a row: an exponent from 0 to 1 is near 1, the slow row, or near 0, the row without "
            "decay. The formula lets near mean within a quarter",
            "每个谱都有对应的行：0 到 1 之间的指数或接近 1（缓慢衰减），或接近 0（无衰减）。"
            "公式中“接近”取为相差不超过四分之一",
        ),
        given=[real(alpha, 0, 1)],
        says=le(Min(alpha, 1 - alpha), Rational(1, 4)),
        witness={"alpha": "1"},
        checks=[Counter(values={"alpha": "1/2"}), Search()],
        depends_on=("table-11.2.2/concentrates",),
        note=text(
            "the row that is missing is the one around 1/2, the exponent that decides whether energy concentrates at "
            "all, and the one that trained weights need: see lemma-11.20/alpha-range. The shares advised leave gaps "
            "as well, from 10% to 15%, 25% to 40% and 60% to 80%",
            "缺少的正是 1/2 附近的一行：能量是否集中由这一指数决定，训练得到的权重也需要这一行，"
            "见 lemma-11.20/alpha-range。建议的保留比例同样有空缺：10% 到 15%、25% 到 40%、60% 到 80%",
        ),
    ),
    Part(
        id="exponent-of-row",
        role=caveat,
        expected=proved,
        reading=text(
            "at n = 4096 the exponent at which 5% of the values (205) hold 90% lies between 0.65 and 0.66, and that "
            "at which 20% (820) hold 80% between 0.48 and 0.49, since the share does not fall with the exponent",
            "n = 4096 时，使前 5%（205 个）占 90% 的指数介于 0.65 与 0.66 之间，使前 20%（820 个）占 80% "
            "的指数介于 0.48 与 "
            "0.49 之间，因为能量比随指数不减",
        ),
        given=[],
        says=crossings,
        witness={},
        checks=[proof(*evaluated(crossings))],
        depends_on=("table-11.2.2/share-grows",),
        note=text(
            "both lie far below the exponents of their rows, and below 1", "两者都远低于各自所在行的指数，也低于 1"
        ),
    ),
    Part(
        id="exponent-in-the-limit",
        role=caveat,
        expected=proved,
        reading=text(
            "for alpha = (1 - t) / 2 with t above 0 and up to 1 the share of k of n values lies between two bounds "
            "that tend to (k / n)^t for large n. So in the limit 5% hold 90% at t = log 0.9 / log 0.05, that is "
            "alpha = 0.482, and 20% hold 80% at alpha = 0.431",
            "对 alpha = (1 - t) / 2（t 大于 0 且不超过 1），n 个中前 k 个的能量比夹在两个界之间，n "
            "很大时两者都趋于 (k / n)^t。"
            "因此在极限中，5% 占 90% 对应 t = log 0.9 / log 0.05，即 alpha = 0.482；20% 占 80% 对应 alpha = 0.431",
        ),
        given=[*some_kept, real(t, 0, 1), assume("t is positive", gt(t, 0))],
        says=[
            le(((n + 1) ** t - 1) * power_sum(1 - t, 1, k), k**t * power_sum(1 - t, 1, n)),
            ge(n**t * power_sum(1 - t, 1, k), ((k + 1) ** t - 1) * power_sum(1 - t, 1, n)),
        ],
        witness={"n": "2", "k": "1", "t": "1"},
        checks=[proof(*integral_bounds())],
        sources=["hardy1952"],
        note=text(
            "above alpha = 1/2 every fixed share of the values holds all the energy in the limit, see concentrates",
            "alpha 大于 1/2 时，任何固定比例的奇异值在极限中都占有全部能量，见 concentrates 部分",
        ),
    ),
    Part(
        id="concentrates",
        role=caveat,
        expected=proved,
        reading=text(
            "with 2 alpha = 1 + q, q above 0, the first k of any number of values miss at most k^(-q) / q of the "
            "first squared value, hence at most that share of the energy: the exponent that decides is 1/2 and not 1",
            "设 2 alpha = 1 + q 且 q 大于 0，则无论共有多少个奇异值，前 k 个遗漏的能量不超过 k^(-q) / q "
            "倍的最大奇异值平方，"
            "因而能量比的缺口也不超过它：起决定作用的指数是 1/2 而不是 1",
        ),
        given=[*some_kept, real(q, 0, None, open=True)],
        says=[
            le(q * power_sum(q + 1, k + 1, n), k ** (-q)),
            ge(power_sum(q + 1, 1, k) / power_sum(q + 1, 1, n), 1 - k ** (-q) / q),
        ],
        witness={"n": "2", "k": "1", "q": "1"},
        checks=[proof(*tail_of_convergent())],
        sources=["hardy1952"],
    ),
)
