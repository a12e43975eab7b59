"""QLoRA: what quantising the frozen weights to 4 bits costs (table 11.2.3)."""

from __future__ import annotations

from claims.low_rank.records import RECORDS
from verify.authoring import *

m, n, r = sizes("m n r")
b1, b2 = sizes("b_1 b_2")
w = scalars("w")
W0, B, A, x = matrix("W_0", m, n), matrix("B", m, r), matrix("A", r, n), vector("x", n)
Q = matrix("Q", m, n)  # W0 quantised and dequantised again
s = Sigma
ones = {"B": [["1"]], "A": [["1"]]}

NF4 = [
    Rational(level)
    for level in (
        "-1", "-0.6961928009986877", "-0.5250730514526367", "-0.39491748809814453", "-0.28444138169288635",
        "-0.18477343022823334", "-0.09105003625154495", "0", "0.07958029955625534", "0.16093020141124725",
        "0.24611230194568634", "0.33791524171829224", "0.44070982933044434", "0.5626170039176941", "0.7229568362236023",
        "1",
    )
]  # fmt: skip
"""The sixteen levels of the 4-bit NormalFloat, relative to the largest weight of a block (Dettmers et al. 2023)."""
to_nearest_level = Min(*(Abs(w - level) for level in NF4))
half_widest_gap = (NF4[1] - NF4[0]) / 2
quantised_forward = Q * x + B * A * x
constants = 8 / b1 + 32 / (b1 * b2)
"""Bits a weight for the constants: one of 8 bits a block of b1 weights, one of 32 bits for b2 such constants."""
paper_blocks = [assume("first block", eq(b1, 64)), assume("second block", eq(b2, 256))]

rank_of_product = (
    step("by-factor", apply("rank-product-left", A=B, C=A)),
    step("columns", apply("rank-columns", W=B)),
    step("rank", arithmetic("by-factor", "columns"), le(Rank(B * A), r)),
)

QLORA = (
    Part(
        id="qlora",
        role=main,
        expected=proved,
        reading=text(
            "quantised weights plus the product of two factors: the row says what the source computes, and the change "
            "beside the quantised weights has rank at most r",
            "量化后的权重加上两个因子之积：该行所述即来源论文所计算的，且相对于量化后权重的变化其秩不超过 r",
        ),
        given=declare(Q, B, A, x),
        says=[eq((Q + B * A) * x, quantised_forward), le(Rank(B * A), r)],
        witness={"Q": [["1"]], "x": [["1"]]} | ones,
        checks=[
            Attributed(record="dettmers2023-forward", formula=quantised_forward, records=RECORDS),
            proof(step("forward", algebra(), eq((Q + B * A) * x, quantised_forward)), *rank_of_product),
        ],
        sources=["dettmers2023qlora"],
        note=text(
            "what the row leaves out is the price: the parts on the error of the quantisation",
            "该行没有说的是代价，见关于量化误差的各部分",
        ),
    ),
    Part(
        id="qlora-exact",
        role=caveat,
        expected=refuted,
        repair="qlora-exact-repaired",
        reading=text(
            "the frozen weights are in 4 bits and otherwise unchanged: a weight w, divided by the largest of its "
            "block, lies at distance zero from the nearest of the sixteen levels of the source",
            "冻结的权重以 4 位存储而别无改变：权重 w 除以其所在块的最大值后，与来源论文十六个量化值中最近者的距离为零",
        ),
        given=[real(w, -1, 1)],
        says=eq(to_nearest_level, 0),
        witness={"w": "0"},
        checks=[
            Attributed(record="dettmers2023-levels", formula=to_nearest_level, records=RECORDS),
            Counter(values={"w": "1/2"}),
            Search(),
        ],
        sources=["dettmers2023qlora"],
        note=text(
            "sixteen levels cannot hold more than sixteen different weights of a block; the row mentions no error",
            "十六个量化值容不下一个块内多于十六个不同的权重；该行没有提到误差",
        ),
    ),
    Part(
        id="qlora-exact-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "the error of a weight is at most half of the widest gap between levels, about 0.152 times the largest "
            "weight of its block",
            "单个权重的误差不超过量化值最大间隔的一半，约为所在块最大权重的 0.152 倍",
        ),
        given=[real(w, -1, 1)],
        says=le(to_nearest_level, half_widest_gap),
        witness={"w": "1/2"},
        checks=[
            Attributed(record="dettmers2023-levels", formula=to_nearest_level, records=RECORDS),
            proof(step("gap", arithmetic(), le(to_nearest_level, half_widest_gap))),
        ],
        sources=["dettmers2023qlora"],
    ),
    Part(
        id="qlora-worst-case",
        role=caveat,
        expected=refuted,
        repair="qlora-exact-repaired",
        reading=text(
            "no weight is worse off with these levels than with sixteen evenly spaced ones, whose error is at most "
            "1/15 of the largest weight",
            "任何权重在这些量化值下的误差，都不大于十六个等距量化值的最大误差，即最大权重的 1/15",
        ),
        given=[real(w, -1, 1)],
        says=le(to_nearest_level, Rational(1, 15)),
        witness={"w": "0"},
        checks=[Counter(values={"w": "-17/20"}), Search()],
        sources=["dettmers2023qlora"],
        note=text(
            "the levels are dense near zero, where most weights are, at the price of the few large ones",
            "量化值在零附近（多数权重所在处）较密，代价由少数大权重承担",
        ),
    ),
    Part(
        id="qlora-forward",
        role=caveat,
        expected=refuted,
        repair="qlora-forward-repaired",
        reading=text(
            "the forward pass of the definition, W0 x + BA x, is the one that is computed: the source computes it "
            "with the dequantised weights Q",
            "实际计算的就是定义中的前向传播 W0 x + BA x；而来源论文用反量化后的权重 Q 来计算",
        ),
        given=declare(W0, Q, B, A, x),
        says=eq((W0 + B * A) * x, quantised_forward),
        witness={"W_0": [["1"]], "Q": [["1"]], "x": [["1"]]} | ones,
        checks=[
            Attributed(record="dettmers2023-forward", formula=quantised_forward, records=RECORDS),
            Counter(values={"W_0": [["1"]], "Q": [["0"]], "x": [["1"]]} | ones),
            Search(),
        ],
        sources=["dettmers2023qlora"],
    ),
    Part(
        id="qlora-forward-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "the two differ by (W0 - Q) x whatever the factors are, in length by at most the spectral norm of W0 - "
            "Q times the length of x",
            "无论因子为何，两者相差 (W0 - Q)x，其长度不超过 W0 - Q 的谱范数乘以 x 的长度",
        ),
        given=declare(W0, Q, B, A, x),
        says=[
            eq((W0 + B * A) * x, quantised_forward + (W0 - Q) * x),
            le(SpectralNorm((W0 - Q) * x), SpectralNorm(W0 - Q) * SpectralNorm(x)),
        ],
        witness={"W_0": [["1"]], "Q": [["0"]], "x": [["1"]]} | ones,
        checks=[
            Attributed(record="dettmers2023-forward", formula=quantised_forward, records=RECORDS),
            proof(
                step("difference", algebra(), eq((W0 + B * A) * x, quantised_forward + (W0 - Q) * x)),
                step("length", apply("submultiplicative", A=W0 - Q, C=x)),
            ),
        ],
        sources=["dettmers2023qlora"],
    ),
    Part(
        id="qlora-compensated",
        role=caveat,
        expected=proved,
        reading=text(
            "the factors cannot make up for the quantisation beyond rank r: the weights stay at least "
            "sigma_{r+1}(W0 - Q) away from the original ones, in the spectral norm",
            "因子所能补偿的量化误差不超过秩 r：权重与原权重的谱范数距离至少为 sigma_{r+1}(W0 - Q)",
        ),
        given=declare(W0, Q, B, A),
        says=ge(SpectralNorm(W0 - Q - B * A), s(W0 - Q, r + 1)),
        witness={"W_0": [["1"]], "Q": [["0"]]} | ones,
        checks=[proof(*rank_of_product, step("bound", apply("eckart-young-spectral", W=W0 - Q, X=B * A, k=r)))],
        sources=["li2024loftq"],
    ),
    Part(
        id="qlora-bits",
        role=caveat,
        expected=refuted,
        repair="qlora-bits-repaired",
        reading=text(
            "4 bits a weight is what is stored: the constants of the blocks, with the block sizes of the source, "
            "take no space",
            "每个权重恰好存储 4 位：按来源论文的块大小，各块的量化常数不占空间",
        ),
        given=[*declare(b1, b2), *paper_blocks],
        says=eq(4 + constants, 4),
        witness={"b_1": "64", "b_2": "256"},
        checks=[
            Attributed(record="dettmers2023-constants", formula=constants, records=RECORDS),
            Counter(values={"b_1": "64", "b_2": "256"}),
        ],
        sources=["dettmers2023qlora"],
    ),
    Part(
        id="qlora-bits-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "it is 4 + 65/512 bits, about 4.127, with the constants quantised in turn",
            "实为 4 + 65/512 位，约 4.127 位，其中量化常数本身也被量化",
        ),
        given=[*declare(b1, b2), *paper_blocks],
        says=eq(4 + constants, 4 + Rational(65, 512)),
        witness={"b_1": "64", "b_2": "256"},
        checks=[
            Attributed(record="dettmers2023-constants", formula=constants, records=RECORDS),
            proof(step("bits", arithmetic(), eq(4 + constants, 4 + Rational(65, 512)))),
        ],
        sources=["dettmers2023qlora"],
    ),
)
"""The parts of the table on quantisation, in order."""
