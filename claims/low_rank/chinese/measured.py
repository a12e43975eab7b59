"""Quantities, pictures, formulas and sources in Chinese."""

QUANTITIES = {
    "Transformers in which most weight matrices have E(rank/10) of at least 0.95": (
        "多数权重矩阵的 E(rank/10) 至少为 0.95 的 Transformer"
    ),
    "Transformers in which most weight matrices have full numerical rank and an effective rank of at most half of it": (
        "多数权重矩阵数值满秩而有效秩至多为其一半的 Transformer"
    ),
    "Transformers whose embedding has a relative effective rank above 1/3 and up to 2/3": (
        "嵌入层相对有效秩大于 1/3 且不超过 2/3 的 Transformer"
    ),
    "Transformers in most of whose attention weights the relative effective rank is at most 1/3": (
        "多数注意力权重的相对有效秩至多为 1/3 的 Transformer"
    ),
    "Transformers whose feed-forward weights have a higher median relative effective rank than their attention "
    "weights": "前馈权重的相对有效秩中位数高于注意力权重的 Transformer",
    "convolutional networks in most of whose layers the effective rank in space is at most a third of 9": (
        "多数层的空间有效秩至多为 9 的三分之一的卷积网络"
    ),
    "encoder layers trained here, one a family and seed, and pretrained encoders, attending without a mask, in which "
    "a text twice as long multiplies the effective rank of A by less than the root of 2": (
        "无掩码的编码器层（此处训练，每族每种子一个）与预训练编码器中，文本加长一倍使 A 的有效秩增至不足根号 2 倍者"
    ),
    "encoder layers and pretrained encoders, attending without a mask, whose median effective rank of A is at most d": (
        "A 的有效秩中位数不超过 d 的无掩码编码器层与预训练编码器"
    ),
    "decoder layers, attending under a causal mask, whose median effective rank of A is at most d": (
        "A 的有效秩中位数不超过 d 的带因果掩码的解码器层"
    ),
    "networks in most of whose matrices the exponent over i = 1..r/2 lies between 1 and 3": (
        "多数矩阵在 i = 1..r/2 上的指数介于 1 与 3 之间的网络"
    ),
    "networks in most of whose matrices E(r/10) is larger after training than before": (
        "多数矩阵的 E(r/10) 训练后大于训练前的网络"
    ),
    "networks in most of whose matrices r_eff(0.95) is at most 0.3 min(m, n)": (
        "多数矩阵的 r_eff(0.95) 至多为 0.3 min(m, n) 的网络"
    ),
    "networks, and least-squares problems from zero, in which the effective rank is never higher on the way than at "
    "the end": "有效秩途中从不高于终点的网络与从零出发的最小二乘问题",
    "networks whose median weight has a rank correlation of at least 0.5 between singular values and curvatures "
    "along their directions": "奇异值与沿其方向的曲率的秩相关系数（按权重取中位数）至少为 0.5 的网络",
    "networks whose median weight has a positive rank correlation between singular values and curvatures": (
        "奇异值与曲率的秩相关系数（按权重取中位数）为正的网络"
    ),
    "pairs of networks on digits in which the low-rank one misreads fewer new images": (
        "低秩者在新图像上误读较少的手写数字网络对"
    ),
    "problems with a truth of rank 3 in which a weight of rank 3 has the lower error": (
        "真值秩为 3 而秩 3 的权重误差较低的问题"
    ),
    "problems with a truth of full rank in which a weight of rank 3 has the lower error": (
        "真值满秩而秩 3 的权重误差较低的问题"
    ),
    "fine-tunings in which, for most weights and ranks, the normalised singular values of BA end closer to the first "
    "of the full increment than at the first checkpoint and than those of random factors": (
        "对多数权重与秩，BA 的归一化奇异值在终点比首个检查点、也比随机因子更接近全参数微调增量的前若干个的微调"
    ),
    "linear layers with a known increment in which the singular values of BA end less than half as far from the first "
    "of it as they began": "增量已知的线性层中，BA 的奇异值与其前若干个之差在终点小于起点一半者",
    "fine-tunings in which, for most weights, the error of 4-bit quantisation (NF4) is smaller than the increment of "
    "full fine-tuning, in the Frobenius norm": (
        "对多数权重，4 位量化（NF4）的误差小于全参数微调的增量（Frobenius 范数）的微调"
    ),
    "pairs of networks on digits in which the gap between test and training loss is smaller at low rank": (
        "低秩者测试损失与训练损失之差较小的手写数字网络对"
    ),
}
PICTURES = {
    "Energy in the first {n}% of n values": "n 个值中前 {n}% 的能量",
    "number n of values": "值的个数 n",
    "share of the energy": "能量占比",
    "Complexity of {x} maps of norm one, {n} samples": "范数为一的 {x} 映射的复杂度，{n} 个样本",
    "Complexity of {x} maps of norm one and rank at most {n}": "范数为一、秩不超过 {n} 的 {x} 映射的复杂度",
    "rank allowed": "允许的秩",
    "number of samples": "样本数",
    "Rademacher complexity": "Rademacher 复杂度",
    "stated bound": "原文的界",
    "bound without min(m, n)": "不含 min(m, n) 的界",
    "complexity": "复杂度",
    "Stationary variance of the iteration and of the diffusion": "迭代与扩散的平稳方差",
    "step size times curvature": "步长乘曲率",
    "variance, of eta c / h": "方差（以 η c / h 计）",
    "iteration, run": "迭代，实际运行",
    "iteration, by formula": "迭代，按公式",
    "diffusion": "扩散",
}
FORMULAS = {
    "grows with": "递增，关于",
    "energy rather even": "能量较均匀",
    "small along": "较小，沿",
    "small": "较小",
    "(usually)": "（通常）",
    "from": "取自",
    "in 4 bits": "取 4 位",
    ", directions normalised": "，方向归一化",
    "for": "对",
    "at": "取",
}
SOURCES = {
    "double quantization": "二次量化",
    "the exact values of the NF4 data type": "NF4 数据类型的精确取值",
    "definition of the effective rank": "有效秩的定义",
    "the modified loss for random shuffling": "随机重排下的修正损失",
    "the modified loss, and the size of the implicit penalty": "修正损失与隐式惩罚的大小",
    "the score in (7) and (11), the pruning in (6)": "评分见 (7) 与 (11)，剪除见 (6)",
}
