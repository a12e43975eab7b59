"""Measurements along training and on the curvature of the loss (section 11.2.3)."""

from __future__ import annotations

from claims.low_rank.measured.words import measure
from verify.authoring import *
from verify.networks import measured_training

implicit_rank = (
    Part(
        id="usually",
        role=caveat,
        scope=typical,
        expected=empirical,
        reading=text(
            "in most trained networks, for most weights, the change since the start never has a higher effective rank "
            "before the end of training than at its end; and in most least-squares problems solved from zero the "
            "effective rank never exceeds that of the limit",
            "在多数训练的网络中，对多数权重，训练途中相对初始值的变化量的有效秩不高于训练结束时；"
            "从零出发的最小二乘问题中，途中的有效秩多数不超过极限的有效秩",
        ),
        checks=[
            measure(
                measured_training.usually_lower,
                "networks, and least-squares problems from zero, in which the effective rank is "
                "never higher on the way "
                "than at the end",
            )
        ],
        note=text(
            "for networks the end of training stands for the limit; the increments are those from the start, since the "
            "weights themselves begin at full rank",
            "对网络以训练结束代替极限；度量的是相对初始值的增量，因为权重本身一开始就是满秩",
        ),
    ),
)

flatness = (
    Part(
        id="correlation",
        role=caveat,
        scope=typical,
        expected=contradicted,
        reading=text(
            "in most trained networks the curvature of the loss along u_i v_i' and the singular value s_i of a weight "
            "have a rank correlation of at least one half (in the median weight)",
            "在多数训练好的网络中，"
            "损失沿 u_i v_i' 方向的曲率与权重的奇异值 s_i 的秩相关系数至少为二分之一（按权重取中位数）",
        ),
        checks=[
            measure(
                measured_training.curvature_correlates,
                "networks whose median weight has a rank correlation of at least 0.5 between singular values and "
                "curvatures along their directions",
            )
        ],
        note=text(
            "a correlation over the directions of one weight; it does not say that a flat minimum is of low rank. The "
            "figures show it at the start beside that at the end",
            "这是同一权重各方向之间的相关；并不说明平坦极小值就是低秩的。数字同时列出初始化时与训练后的相关系数",
        ),
    ),
    Part(
        id="correlation-positive",
        role=caveat,
        scope=typical,
        expected=empirical,
        reading=text(
            "in most trained networks that rank correlation is positive at all (in the median weight): steeper along "
            "larger singular values",
            "在多数训练好的网络中，该秩相关系数（按权重取中位数）为正：奇异值越大的方向越陡",
        ),
        checks=[
            measure(
                measured_training.curvature_positive,
                "networks whose median weight has a positive rank correlation between singular values and curvatures",
            )
        ],
        note=text(
            "added after the stronger reading had been measured, and so a weaker finding: the sign is common, a high "
            "correlation is not established",
            "这是在测量较强读法之后补充的，结论因此较弱：符号常见，高度相关则未能确立",
        ),
    ),
)
