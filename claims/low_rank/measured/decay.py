"""Measurements on how singular values fall, and how training moves them (section 11.2.2)."""

from __future__ import annotations

from claims.low_rank.measured.words import SMALL, joined, measure
from verify.authoring import *
from verify.networks import measured_spectra

power_law = (
    Part(
        id="alpha-range",
        role=main,
        scope=typical,
        expected=contradicted,
        reading=text(
            "in most trained networks, most weight matrices have an exponent between 1 and 3, fitted to the first half "
            "of their singular values by least squares in the logarithms",
            "在多数训练好的网络中，对前一半奇异值取对数作最小二乘，多数权重矩阵的指数介于 1 与 3 之间",
        ),
        checks=[
            measure(
                measured_spectra.alpha_range,
                "networks in most of whose matrices the exponent over i = 1..r/2 lies between 1 and 3",
            )
        ],
        note=joined(
            text(
                "rank-ordered singular values of trained layers fall much more slowly than 1/i, "
                "and a bend explains much "
                "of what the line leaves; published ranges for alpha speak of another exponent, that of the density of "
                "the eigenvalues",
                "训练后各层按序排列的奇异值下降远慢于 1/i，且直线之外的残差多由弯曲解释；"
                "文献中 alpha 的范围指的是另一个指数，即特征值密度的指数",
            )
        ),
    ),
)

dynamics = (
    Part(
        id="energy-concentrates",
        role=main,
        scope=typical,
        expected=empirical,
        reading=text(
            "in most networks, training leaves most weight matrices with more energy in the "
            "first tenth of the singular "
            "values than at the start",
            "在多数网络中，训练结束时多数权重矩阵的前十分之一奇异值所占能量高于初始化时",
        ),
        checks=[
            measure(
                measured_spectra.energy_concentrates,
                "networks in most of whose matrices E(r/10) is larger after training than before",
            )
        ],
        note=text(
            "by optimiser, weight decay, batch size and size of the start in the figures; the gain is small where the "
            "start is large",
            "数字按优化器、权重衰减、批大小与初始化尺度分列；初始化越大，增量越小",
        ),
    ),
)

threshold_rank = (
    Part(
        id="ten-to-thirty-percent",
        role=main,
        scope=typical,
        expected=contradicted,
        reading=text(
            "in most trained networks, most weight matrices need at most 30% of min(m, n) singular values for 95% of "
            "the energy: the weaker end of the range, at the weaker of the two thresholds",
            "在多数训练好的网络中，多数权重矩阵用至多 min(m, n) 的 30% 个奇异值即达 95% 能量："
            "取区间较宽的一端与较低的阈值",
        ),
        checks=[
            measure(
                measured_spectra.ten_to_thirty_percent,
                "networks in most of whose matrices r_eff(0.95) is at most 0.3 min(m, n)",
            )
        ],
        note=SMALL,
    ),
)
