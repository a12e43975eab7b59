"""Ranks by type of layer: what follows from shapes and sharing alone, beside what is measured (table 11.2.1)."""

from __future__ import annotations

from claims.low_rank.measured import measured
from claims.low_rank.weights.entropy import flat
from verify.authoring import *

m, n, p, d = sizes("m n p d")
vocabulary, width, model = sizes("V d D")
E = matrix("E", vocabulary, width)
A, B = matrix("A", m, n), matrix("B", m, p)
Q, K = matrix("Q", model, width), matrix("K", model, width)
F, G = matrix("F", m, n), matrix("G", m, n)

beside, below = HStack(A, B), HStack(F.T, G.T)
one = [["1"]]
even = [
    assume("full rank", eq(Rank(E), Min(vocabulary, width))),
    assume("the first value equals the last", eq(Sigma(E, 1), Sigma(E, Rank(E)))),
]

layers_table = Claim(
    label="table-11.2.1",
    section="11.2.1 Low-rank character of weights",
    title=text("Ranks by type of layer", "不同网络层类型的秩特征"),
    parts=[
        *measured("table-11.2.1"),
        Part(
            id="embedding-even",
            role=caveat,
            expected=refuted,
            repair="embedding-even-repaired",
            reading=text(
                "a table of medium rank and with an even spectrum, as the first row has it, can be: where all singular "
                "values are equal the effective rank is at most two thirds of the largest possible",
                "第一行所说的“中等秩、分布均匀”可以同时成立：奇异值全部相等时，有效秩不超过最大可能值的三分之二",
            ),
            given=[*declare(E), *even],
            says=le(EffectiveRank(E), Rational(2, 3) * Min(vocabulary, width)),
            witness={"E": one},
            checks=[Counter(values={"E": one})],
        ),
        Part(
            id="embedding-even-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "there it is the largest possible: the two entries of the row exclude each other, except where even "
                "means something much weaker than equal",
                "此时有效秩达到最大可能值：除非“均匀”的含义远弱于相等，否则该行的两项互相排斥",
            ),
            given=[*declare(E), *even],
            says=eq(EffectiveRank(E), Min(vocabulary, width)),
            witness={"E": [["1", "0"], ["0", "1"]]},
            checks=[proof(*flat(E, 2), step("most", arithmetic("flat"), eq(EffectiveRank(E), Min(vocabulary, width))))],
            depends_on=("definition-effective-rank/equals-rank",),
        ),
        Part(
            id="embedding-size",
            role=caveat,
            expected=refuted,
            repair="embedding-size-repaired",
            reading=text(
                "the vocabulary decides the dimension of an embedding: a V x d table of V words has rank V",
                "词汇表决定嵌入的维数：V 个词的 V x d 嵌入表秩为 V",
            ),
            given=declare(E),
            says=eq(Rank(E), vocabulary),
            witness={"E": one},
            checks=[Counter(values={"E": [["1"], ["2"]]}), Search()],
        ),
        Part(
            id="embedding-size-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "its rank is at most the width d as well, and where tokens are words or parts of words the width is "
                "as a rule the smaller number",
                "其秩也不超过宽度 d，而以词或子词为单位时，宽度通常是较小的那个数",
            ),
            given=declare(E),
            says=le(Rank(E), Min(vocabulary, width)),
            witness={"E": one},
            checks=[
                proof(
                    step("rows", apply("rank-rows", W=E)),
                    step("columns", apply("rank-columns", W=E)),
                    step("both", arithmetic("rows", "columns"), le(Rank(E), Min(vocabulary, width))),
                ),
                Search(),
            ],
        ),
        Part(
            id="head-product",
            role=caveat,
            expected=proved,
            reading=text(
                "within one head the multi-head structure does lower the rank: the D x D form of queries against keys "
                "has rank at most the width d of the head",
                "在单个头内，多头结构确实降低秩：查询对键的 D x D 双线性型的秩不超过头的宽度 d",
            ),
            given=declare(Q, K),
            says=le(Rank(Q * K.T), width),
            witness={"Q": one, "K": one},
            checks=[
                proof(
                    step("left", apply("rank-product-left", A=Q, C=K.T)),
                    step("columns", apply("rank-columns", W=Q)),
                    step("bound", arithmetic("left", "columns"), le(Rank(Q * K.T), width)),
                ),
                Search(),
            ],
        ),
        Part(
            id="heads-shared",
            role=caveat,
            expected=refuted,
            repair="heads-shared-repaired",
            reading=text(
                "across heads too: two heads side by side, as the projection of a layer stores them, have no larger "
                "rank than the larger of the two",
                "跨头亦然：两个头并排存放（一层的投影矩阵就是如此），秩不超过两者中较大的一个",
            ),
            given=declare(A, B),
            says=le(Rank(beside), Max(Rank(A), Rank(B))),
            witness={"A": one, "B": one},
            checks=[Counter(values={"A": [["1"], ["0"]], "B": [["0"], ["1"]]}), Search()],
            note=text(
                "several heads make a low-rank layer only if they share their column spaces; nothing in the structure "
                "makes them",
                "只有各头共享列空间，多头层才是低秩的；结构本身并不保证这一点",
            ),
        ),
        Part(
            id="heads-shared-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "their ranks add at most, and the layer has at least the rank of each",
                "秩至多相加，且整层的秩不小于每个头的秩",
            ),
            given=declare(A, B),
            says=[le(Rank(beside), Rank(A) + Rank(B)), ge(Rank(beside), Rank(A))],
            witness={"A": one, "B": one},
            checks=[
                proof(
                    step("sum", apply("rank-stacked", A=A, B=B)),
                    step("block", apply("rank-left-block", A=A, B=B)),
                    step("least", arithmetic("block"), ge(Rank(beside), Rank(A))),
                ),
                Search(),
            ],
        ),
        Part(
            id="convolution-unfoldings",
            role=caveat,
            expected=refuted,
            repair="convolution-unfoldings-repaired",
            reading=text(
                "a convolution kernel has a rank: two slices F and G of it, laid side by side, have the same rank "
                "whether they are unfolded by their rows or by their columns",
                "卷积核有一个秩：它的两个切片 F、G 按行展开或按列展开，秩相同",
            ),
            given=declare(F, G),
            says=eq(Rank(HStack(F, G)), Rank(below)),
            witness={"F": one, "G": one},
            checks=[Counter(values={"F": [["1", "0"]], "G": [["0", "1"]]}), Search()],
            note=text(
                "a kernel is a tensor: its spatial and its channel rank are ranks of different unfoldings, and a "
                "statement on its rank must name the unfolding",
                "卷积核是张量：空间秩与通道秩是不同展开的秩，谈到它的秩须指明按哪种方式展开",
            ),
        ),
        Part(
            id="convolution-unfoldings-repaired",
            role=caveat,
            expected=proved,
            reading=text("both are at most the sum of the ranks of the slices", "两者都不超过各切片秩之和"),
            given=declare(F, G),
            says=[le(Rank(HStack(F, G)), Rank(F) + Rank(G)), le(Rank(below), Rank(F) + Rank(G))],
            witness={"F": [["1", "0"]], "G": [["0", "1"]]},
            checks=[
                proof(
                    step("rows", apply("rank-stacked", A=F, B=G)),
                    step("columns", apply("rank-stacked", A=F.T, B=G.T)),
                    step("first", apply("rank-transpose", W=F)),
                    step("second", apply("rank-transpose", W=G)),
                    step("turned", arithmetic("columns", "first", "second"), le(Rank(below), Rank(F) + Rank(G))),
                ),
                Search(),
            ],
        ),
    ],
)
