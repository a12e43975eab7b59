"""The effective rank by entropy: bounds with their cases of equality, and invariance."""

from __future__ import annotations

from claims.low_rank.spared import ZERO_HAS_NO_VALUE
from claims.low_rank.weights.comparisons import COMPARISONS
from claims.low_rank.weights.entropy import (
    at_least_one,
    at_most_rank,
    below_rank,
    flat,
    joined,
    positive_sum,
    power_sum,
    share,
    spread,
)
from claims.low_rank.weights.invariance import U, V, W, c, m, n, same_effective_rank, turned, values_of_turned
from verify.authoring import *

i = indices("i")

rank, s = Rank(W), Sigma
erank = EffectiveRank(W)
nonzero = assume("W is not zero", ge(rank, 1))
some = [*declare(W), nonzero]
shares = power_sum(W, 2)
diagonal_2_1 = [["2", "0"], ["0", "1"]]
identity_2 = [["1", "0"], ["0", "1"]]

effective_rank = Claim(
    label="definition-effective-rank",
    section="11.2.1 Low-rank character of weights",
    title=text("Effective rank by entropy", "熵形式的有效秩"),
    sources=["roy2007effective"],
    statement_tex=[
        r"\mathrm{erank}(W) = \exp\left(- \sum_{i=1}^{r} p_i \log p_i\right)",
        r"p_i = \frac{\sigma_i^2}{\sum_{j=1}^{r} \sigma_j^2}",
    ],
    parts=[
        Part(
            id="bounds",
            role=main,
            expected=proved,
            reading=text(
                "the effective rank of a nonzero matrix lies between one and its rank",
                "非零矩阵的有效秩介于一与它的秩之间",
            ),
            given=some,
            says=[ge(erank, 1), le(erank, rank)],
            witness={"W": diagonal_2_1},
            checks=[proof(*joined(at_least_one(W, 2), at_most_rank(W, 2))), Search()],
            spared={"drop hypothesis W is not zero": ZERO_HAS_NO_VALUE},
        ),
        Part(
            id="equals-rank",
            role=caveat,
            expected=proved,
            reading=text(
                "it equals the rank where all positive singular values are equal", "当所有正奇异值相等时，有效秩等于秩"
            ),
            given=[*some, assume("the first value equals the last", eq(s(W, 1), s(W, rank)))],
            says=eq(erank, rank),
            witness={"W": identity_2},
            checks=[proof(*flat(W, 2))],
        ),
        Part(
            id="equals-rank-only-if",
            role=caveat,
            expected=proved,
            reading=text(
                "and only there: where two positive singular values differ, it is less than the rank",
                "且仅在此时：若有两个正奇异值不等，有效秩严格小于秩",
            ),
            given=[*some, assume("the first value exceeds the last", gt(s(W, 1), s(W, rank)))],
            says=lt(erank, rank),
            witness={"W": diagonal_2_1},
            checks=[proof(*below_rank(W, 2))],
        ),
        Part(
            id="equals-one",
            role=caveat,
            expected=proved,
            reading=text("a matrix of rank one has effective rank one", "秩为一的矩阵，有效秩为一"),
            given=[*declare(W), assume("rank one", eq(rank, 1))],
            says=eq(erank, 1),
            witness={"W": [["1", "2"]]},
            checks=[
                proof(
                    *joined(at_least_one(W, 2), at_most_rank(W, 2)),
                    step("one", arithmetic("lower", "upper"), eq(erank, 1)),
                )
            ],
        ),
        Part(
            id="equals-one-only-if",
            role=caveat,
            expected=proved,
            reading=text(
                "and no other has: from rank two on the effective rank exceeds one",
                "且别无其他：秩不小于二时，有效秩严格大于一",
            ),
            given=[*declare(W), assume("rank at least two", ge(rank, 2))],
            says=gt(erank, 1),
            witness={"W": diagonal_2_1},
            checks=[
                proof(
                    *spread(W, 2),
                    step("second", apply("positive", W=W, i=2)),
                    step("second-apart", First(total=power_sum(W, 2, 2))),
                    step("beyond", Nonnegative(total=power_sum(W, 2, 3))),
                    step(
                        "not-all",
                        arithmetic("second", "second-apart", "beyond", "apart-2", "sum-2"),
                        lt(share(W, 2, 1), 1),
                    ),
                    step("tangent", apply("log-tangent", x=erank)),
                    step("more", arithmetic("spread", "not-all", "tangent", "sum-2"), gt(erank, 1)),
                ),
                Search(),
            ],
        ),
        Part(
            id="well-defined",
            role=caveat,
            expected=refuted,
            repair="well-defined-repaired",
            reading=text(
                "it has a value for every matrix: the sum that the squares are divided by is positive",
                "对任何矩阵都有定义：作为除数的平方和为正",
            ),
            given=declare(W),
            says=gt(shares, 0),
            witness={"W": [["1"]]},
            checks=[Counter(values={"W": [["0"]]}), Search()],
        ),
        Part(
            id="well-defined-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "for every nonzero matrix the divisor is positive, and so is the argument of each logarithm up to "
                "the rank",
                "对任何非零矩阵，除数为正，且直到秩为止，每个对数的自变量都为正",
            ),
            given=[*declare(W), between(i, 1, rank)],
            says=[gt(shares, 0), gt(share(W, 2), 0)],
            witness={"W": identity_2, "i": "2"},
            checks=[
                proof(
                    *positive_sum(W, 2),
                    step("value", apply("positive", W=W, i=i)),
                    step("share", arithmetic("value", "sum-2"), gt(share(W, 2), 0)),
                )
            ],
        ),
        Part(
            id="zero-terms",
            role=caveat,
            expected=refuted,
            repair="well-defined-repaired",
            reading=text(
                "the sum may as well run to min(m, n), as in the source: every argument of a logarithm is positive "
                "there too. In the energy ratio the two upper ends agree; here the text's own end, the last positive "
                "value, matters",
                "求和上限也可像出处那样取 min(m, n)：对数的自变量同样为正。在能量比中两种上限等价；"
                "此处则必须止于最后一个正奇异值",
            ),
            given=[*some, between(i, 1, Min(m, n))],
            says=gt(s(W, i) ** 2 / norm_sq(W), 0),
            witness={"W": identity_2, "i": "2"},
            checks=[Counter(values={"W": [["1", "0"], ["0", "0"]], "i": "2"}), Search()],
            note=text(
                "with zero values the sum needs the convention that 0 log 0 is 0, or must stop at the rank",
                "若含零奇异值，需约定 0 log 0 为 0，或让求和止于秩",
            ),
        ),
        Part(
            id="invariance",
            role=caveat,
            expected=proved,
            reading=text(
                "it is unchanged by a factor that is not zero and by orthogonal factors on both sides, which may even "
                "be tall matrices with orthonormal columns",
                "乘以非零常数、两侧乘以正交因子都不改变有效秩；因子甚至可以是列标准正交的高矩阵",
            ),
            given=[
                *declare(W, U, V),
                nonzero,
                real(c),
                assume("c is not zero", ne(c, 0)),
                assume("U has orthonormal columns", eq(U.T * U, Identity(m))),
                assume("V has orthonormal columns", eq(V.T * V, Identity(n))),
            ],
            says=eq(EffectiveRank(turned), erank),
            witness={
                "W": diagonal_2_1,
                "c": "-3",
                "U": [["0", "1"], ["1", "0"], ["0", "0"]],
                "V": [["3/5", "-4/5"], ["4/5", "3/5"]],
            },
            checks=[proof(*values_of_turned(), *same_effective_rank(turned, W, Abs(c)))],
        ),
        *COMPARISONS,
    ],
)
