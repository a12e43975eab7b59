"""Measurements on fine-tuning with low-rank factors (section 11.2.4)."""

from __future__ import annotations

from claims.low_rank.measured.words import measure
from verify.authoring import *
from verify.networks import measured_training

lora_alignment = (
    Part(
        id="alignment",
        role=main,
        scope=typical,
        expected=contradicted,
        reading=text(
            "in most fine-tunings of a decoder with low-rank factors the singular values of "
            "BA come to be in proportion to "
            "those of the optimal increment: for most weights and ranks they are closer in "
            "shape at the end than at the "
            "first checkpoint, and closer than those of random factors",
            "在多数用低秩因子微调解码器的过程中，BA 的奇异值与最优增量的奇异值趋于成比例：对多数权重与秩，"
            "结束时的形状比首个检查点更接近，也比随机因子更接近",
        ),
        checks=[
            measure(
                measured_training.alignment,
                "fine-tunings in which, for most weights and ranks, the normalised singular values of BA end closer to "
                "the first of the full increment than at the first checkpoint and than those of random factors",
            )
        ],
        note=text(
            "the optimal increment of such a loss is not unique and cannot be computed; full fine-tuning from the same "
            "start stands for it. The values do come closer in shape as training goes on, from "
            "a start near rank one, but "
            "at rank 8 those of random factors are closer still; at rank 2 the trained ones "
            "often are. Sizes are "
            "left out, since they follow the learning rate",
            "此类损失的最优增量不唯一且无法计算，以同一起点的全参数微调代替。随着训练，形状确实逐渐接近"
            "（起初接近秩一），但秩为 8 时随机因子更接近；秩为 2 时训练所得往往更接近。"
            "大小取决于学习率，故不作比较",
        ),
    ),
    Part(
        id="alignment-known-increment",
        role=caveat,
        scope=typical,
        expected=empirical,
        reading=text(
            "in a linear layer whose inputs weigh all directions alike, the singular values "
            "of BA approach the first of "
            "the increment that is wanted, whether the factors can represent it or not",
            "在输入各向同性的线性层中，无论因子能否精确表示目标增量，BA 的奇异值都趋近其前若干个奇异值",
        ),
        checks=[
            measure(
                measured_training.alignment_known,
                "linear layers with a known increment in which the singular values of BA end "
                "less than half as far from "
                "the first of it as they began",
            )
        ],
        note=text(
            "where the inputs are uneven and the rank too small, they settle elsewhere: see the figures",
            "当输入不均匀且秩不足时，它们收敛到别处：见数字",
        ),
    ),
)

lora_variants = (
    Part(
        id="quantisation-error",
        role=caveat,
        scope=typical,
        expected=contradicted,
        reading=text(
            "quantising the frozen weight to four bits is a small change beside the increment that is learned: in most "
            "fine-tunings, for most weights, it is smaller in the Frobenius norm than what full fine-tuning changes",
            "将冻结权重量化到 4 比特，相对于所学增量是小改动：在多数微调中，对多数权重，"
            "其 Frobenius 范数小于全参数微调的改变量",
        ),
        checks=[
            measure(
                measured_training.quantisation_error,
                "fine-tunings in which, for most weights, the error of 4-bit quantisation (NF4) is smaller than the "
                "increment of full fine-tuning, in the Frobenius norm",
            )
        ],
        note=text(
            "what is added to the original weight is then BA and the error of quantisation "
            "together, and the latter has "
            "full rank; relative errors of pretrained weights, where they were fetched, are in the figures",
            "此时相对原权重的总改变是 BA 与量化误差之和，而后者满秩；若已下载预训练权重，其相对误差见数字",
        ),
    ),
)
