"""Why some mutants of a proved part are not false, or cannot be told from it: sentences that several parts share."""

from __future__ import annotations

from verify.authoring import text

ZERO_HAS_NO_VALUE = text(
    "only the zero matrix is admitted in addition, and there the formula has no value, so that nothing can be refuted",
    "新增的只有零矩阵，而公式在零矩阵处没有值，无从反驳",
)
BEYOND_RANK = text(
    "also true: the values beyond the rank are zero, so that k = r + 1 says the same as k = r; "
    "where the zero matrix is admitted in addition, a ratio has no value there",
    "同样成立：秩以后的奇异值为零，故 k = r + 1 与 k = r 说的是同一件事；若由此新增零矩阵，则比值在该处没有值",
)
BOTH_ZERO = text(
    "also true: both sides are zero at the further index, since values beyond the rank are zero",
    "同样成立：秩以后的奇异值为零，新增的指标处两端都为零",
)
NOTHING_KEPT = text(
    "also true: at k = 0 nothing is kept and both sides are equal; the zero matrix, where the ratio has no value, "
    "refutes nothing",
    "同样成立：k = 0 时一个都不保留，两端相等；零矩阵处比值没有值，不构成反例",
)
MORE_KEPT = text(
    "also true: keeping one more value leaves no larger error, and no smaller share of the energy",
    "同样成立：多保留一个奇异值，误差不增，能量比不减",
)
SMALLER_SIDE = text("also true: the smaller side became smaller", "同样成立：较小的一端变得更小")
LARGER_SIDE = text("also true: the larger side became larger", "同样成立：较大的一端变得更大")
ANY_NORM = text(
    "also true: the inequality holds for any nonnegative numbers, hence whatever norm is meant",
    "同样成立：该不等式对任意非负数都成立，故与所取范数无关",
)
SAME_DIVISOR = text(
    "also true: both sides are divided by the same positive number, and it does not matter which",
    "同样成立：两端除以同一个正数，取哪个正数无关紧要",
)
