"""The parts that only a measurement on trained networks can decide, by claim; their claims place them in the text.

The unit is one trained network: a family and a seed, or one pretrained network. A part holds if it holds in more than
half of them ("usually"), and in a network if it holds for more than half of its matrices. Quantities, bounds and
thresholds were fixed from the words of the text before anything was measured; what was found is the verdict.
"""

from __future__ import annotations

from collections.abc import Callable

from verify.authoring import *
from verify.context import Context
from verify.networks import attention, measured_layers, measured_spectra, measured_training
from verify.networks.measure import OnNetworks
from verify.statistics import Counts

USUALLY = 0.5

SMALL = text(
    "the networks trained here are small and trained for seconds; the pretrained ones, where they were fetched, are "
    "counted beside them",
    "此处训练的网络规模小、训练时间短；已下载的预训练网络与其一并计入",
)


def measure(function: Callable[[Context], Counts], quantity: str) -> OnNetworks:
    return OnNetworks(function=function, quantity=quantity, threshold=USUALLY)


def joined(note: Text) -> Text:
    """The note, and what kind of networks it rests on."""
    return text(f"{note.en}; {SMALL.en}", f"{note.zh}；{SMALL.zh}")


# --- Lemma 11.17 ----------------------------------------------------------------------------------------------

energy_decay = (
    Part(
        id="tenth-keeps-95",
        role=main,
        scope=typical,
        expected=contradicted,
        reading=text(
            "in most trained Transformers, most weight matrices have at least 95% of their squared singular values' "
            "sum in the first tenth (rounded up) of their rank",
            "在多数训练好的 Transformer 中，多数权重矩阵的前十分之一（按秩计，向上取整）奇异值的平方和至少占总和的 95%",
        ),
        checks=[
            measure(
                measured_spectra.tenth_keeps_95,
                "Transformers in which most weight matrices have E(rank/10) of at least 0.95",
            )
        ],
        note=joined(
            text(
                "the first tenth holds more energy than in a random matrix of the same shape, "
                "but far less than 95%, in "
                "every kind of layer: low-rank compression of the weights themselves at that rate is not free",
                "前十分之一所占能量高于同形状的随机矩阵，但在各类层中都远低于 95%：以此比例直接压缩权重并非没有代价",
            )
        ),
    ),
    Part(
        id="full-rank-small-effective-rank",
        role=caveat,
        scope=typical,
        expected=contradicted,
        reading=text(
            "in most trained Transformers, most weight matrices have full numerical rank and yet an effective rank "
            "(by entropy of the squares) of at most half of it",
            "在多数训练好的 Transformer 中，多数权重矩阵数值满秩，但有效秩（按平方的熵定义）至多为其一半",
        ),
        checks=[
            measure(
                measured_spectra.full_rank_small_effective_rank,
                "Transformers in which most weight matrices have full numerical rank and an effective rank of at most "
                "half of it",
            )
        ],
        note=joined(
            text(
                "full rank, yes; the effective rank lies below that of a random matrix, but not far below the rank. A "
                "square random matrix itself has only about 0.6 of its rank",
                "满秩成立；有效秩低于随机矩阵，但并不远低于秩。方形随机矩阵本身的有效秩也只有秩的约 0.6 倍",
            )
        ),
    ),
)

# --- Table 11.2.1 ---------------------------------------------------------------------------------------------

layer_types = (
    Part(
        id="embedding",
        role=main,
        scope=typical,
        expected=contradicted,
        reading=text(
            "the embedding of most trained Transformers has medium rank: an effective rank above one third and up to "
            "two thirds of the largest possible",
            "多数训练好的 Transformer 的嵌入层为中等秩：有效秩介于最大可能值的三分之一与三分之二之间",
        ),
        checks=[
            measure(
                measured_spectra.embedding_medium,
                "Transformers whose embedding has a relative effective rank above 1/3 and up to 2/3",
            )
        ],
        note=joined(
            text(
                "medium rank and an even spectrum, which the row names together, pull apart: an even spectrum has the "
                "largest effective rank there is",
                "该行同时称“中等秩”与“分布均匀”，二者相互矛盾：谱越均匀，有效秩越大",
            )
        ),
    ),
    Part(
        id="attention",
        role=main,
        scope=typical,
        expected=contradicted,
        reading=text(
            "in most trained Transformers, most attention weights (queries, keys, values, output) are low-rank: an "
            "effective rank of at most a third of the largest possible",
            "在多数训练好的 Transformer 中，多数注意力权重（查询、键、值、输出）为低秩："
            "有效秩至多为最大可能值的三分之一",
        ),
        checks=[
            measure(
                measured_layers.attention_low,
                "Transformers in most of whose attention weights the relative effective rank is at most 1/3",
            )
        ],
        note=joined(
            text(
                "how far the heads of a layer share directions is in the figures: more than at "
                "random in the pretrained "
                "networks, hardly more in the small ones",
                "各头共享方向的程度见数字：预训练网络高于随机，小网络则几乎与随机无异",
            )
        ),
    ),
    Part(
        id="ffn",
        role=main,
        scope=typical,
        expected=empirical,
        reading=text(
            "in most trained Transformers the feed-forward weights have a higher effective rank, relative to the "
            "largest possible, than the attention weights of the same network (medians)",
            "在多数训练好的 Transformer 中，前馈权重的相对有效秩（中位数）高于同一网络的注意力权重",
        ),
        checks=[
            measure(
                measured_spectra.ffn_higher,
                "Transformers whose feed-forward weights have a higher median relative effective rank than their "
                "attention weights",
            )
        ],
        note=joined(
            text(
                "an oblong random matrix is already more even than a square one, so part of the difference is that of "
                "the shapes and not learned; the null figures show it",
                "长方形随机矩阵本来就比方阵更均匀，因此部分差异来自形状而非训练；零模型的数字说明了这一点",
            )
        ),
    ),
    Part(
        id="convolution",
        role=main,
        scope=typical,
        expected=contradicted,
        reading=text(
            "in most trained convolutional networks, most layers are low-rank in space: their 3 x 3 kernels, as a "
            "matrix of 9 places, have an effective rank of at most 3",
            "在多数训练好的卷积网络中，多数层在空间上低秩：3×3 卷积核按 9 个位置展开后，有效秩至多为 3",
        ),
        checks=[
            measure(
                measured_layers.convolution_low,
                "convolutional networks in most of whose layers the effective rank in space is at most a third of 9",
            )
        ],
        note=text(
            "small networks on small images; large pretrained ones are not measured here",
            "仅为小图像上的小网络；此处未测量大型预训练网络",
        ),
    ),
)

# --- Lemma 11.19 ----------------------------------------------------------------------------------------------

attention_rank = (
    Part(
        id="effective-rank",
        role=main,
        scope=typical,
        expected=contradicted,
        reading=text(
            "in trained attention the effective rank of A is governed by d: doubling d changes it more than "
            "doubling the number n of tokens, n being at least 4 d",
            "训练后的注意力中，A 的有效秩由 d 决定：d 加倍带来的变化大于序列长度 n 加倍（n 不小于 4d）",
        ),
        checks=[
            measure(
                attention.effective_rank_follows_d,
                "families and seeds of small attention layers in which doubling d changes the logarithm "
                "of the median effective rank of A more than doubling n",
            )
        ],
        note=text(
            "for the small layers trained here; for random queries and keys the effective rank grows with the scale of "
            "the logits. The pretrained MiniLM, where it was fetched, is shown beside them: its d cannot be changed",
            "仅就此处训练的小型注意力层而言；随机的 Q、K 的有效秩随对数几率的尺度增长。"
            "若已下载预训练的 MiniLM，则一并列出：其 d 无法改变",
        ),
    ),
    Part(
        id="effective-rank-at-most-d",
        role=caveat,
        scope=typical,
        expected=contradicted,
        reading=text(
            "in trained attention the effective rank of A is at most d", "训练后的注意力中，A 的有效秩不超过 d"
        ),
        checks=[
            measure(
                attention.effective_rank_at_most_d,
                "attention layers and pretrained networks whose median effective rank of A is at most d",
            )
        ],
    ),
)

# --- Lemma 11.20, Theorem 11.10, Definition 11.17 -------------------------------------------------------------

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

# --- Corollary 11.5, Theorem 11.15, Lemma 11.25 ---------------------------------------------------------------

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

# --- Lemma 11.28, Table 11.2.3, Corollary 11.7 ----------------------------------------------------------------

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

PARTS: dict[str, tuple[Part, ...]] = {
    "lemma-11.17": energy_decay,
    "table-11.2.1": layer_types,
    "lemma-11.19": attention_rank,
    "lemma-11.20": power_law,
    "theorem-11.10": dynamics,
    "definition-11.17": threshold_rank,
    "corollary-11.5": implicit_rank,
    "theorem-11.15": flatness,
    "lemma-11.25": generalisation,
    "lemma-11.28": lora_alignment,
    "table-11.2.3": lora_variants,
    "corollary-11.7": rank_constraint,
}


def measured(label: str) -> tuple[Part, ...]:
    """The typical parts of one claim, in the order in which they are to be shown."""
    return PARTS.get(label, ())
