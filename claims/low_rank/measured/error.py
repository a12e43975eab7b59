"""Measurements on generalisation (section 11.2.5)."""

from __future__ import annotations

from claims.low_rank.measured.words import measure
from verify.authoring import *
from verify.networks import measured_training

generalisation = (
    Part(
        id="low-rank-generalises",
        role=main,
        scope=typical,
        expected=contradicted,
        reading=text(
            "for most networks trained on real data, one whose hidden weights are held to an eighth of the rank has a "
            "lower error on new examples than the same network with full weights",
            "对真实数据上训练的多数网络，将隐藏层权重限制为八分之一秩后，新样本上的错误率低于同一网络的满秩版本",
        ),
        checks=[
            measure(
                measured_training.low_rank_generalises,
                "pairs of networks on digits in which the low-rank one misreads fewer new images",
            )
        ],
        note=text(
            "whether low rank helps depends on what is to be learned: see the two controlled experiments beside this",
            "低秩是否有益取决于要学习的对象：见旁边两个受控实验",
        ),
    ),
    Part(
        id="low-rank-truth",
        role=caveat,
        scope=typical,
        expected=empirical,
        reading=text(
            "where the truth is a linear map of low rank, seen through noise, a weight of "
            "that rank has a lower error on "
            "new examples than a full one",
            "当真实映射为低秩线性映射且带噪声时，同秩的权重在新样本上的误差低于满秩权重",
        ),
        checks=[
            measure(
                measured_training.low_rank_truth,
                "problems with a truth of rank 3 in which a weight of rank 3 has the lower error",
            )
        ],
    ),
    Part(
        id="full-rank-truth",
        role=caveat,
        scope=typical,
        expected=contradicted,
        reading=text(
            "where the truth is a linear map of full rank with equal singular values, a weight of low rank still has a "
            "lower error on new examples than a full one",
            "当真实映射为奇异值相等的满秩线性映射时，低秩权重在新样本上的误差仍低于满秩权重",
        ),
        checks=[
            measure(
                measured_training.full_rank_truth,
                "problems with a truth of full rank in which a weight of rank 3 has the lower error",
            )
        ],
    ),
)

rank_constraint = (
    Part(
        id="prevents-overfitting",
        role=main,
        scope=typical,
        expected=contradicted,
        reading=text(
            "for most networks trained on few or mislabelled examples, holding the hidden weights to an eighth of the "
            "rank lessens overfitting: the loss on new examples exceeds that on the training ones by less",
            "对以少量或带错标签样本训练的多数网络，将隐藏层权重限制为八分之一秩会减轻过拟合："
            "新样本与训练样本的损失之差变小",
        ),
        checks=[
            measure(
                measured_training.prevents_overfitting,
                "pairs of networks on digits in which the gap between test and training loss is smaller at low rank",
            )
        ],
        note=text(
            "same examples in the same order, same steps; measured on digits. The tighter "
            "bound is on a class, not on the "
            "network that training finds in it",
            "样本、顺序与步数相同；在手写数字上测量。更紧的界针对的是函数类，而非训练所得的网络",
        ),
    ),
)
