"""The effective rank beside others: its source's, the stable rank, and the one by an energy threshold."""

from __future__ import annotations

from claims.low_rank.records import RECORDS
from claims.low_rank.spared import LARGER_SIDE, ZERO_HAS_NO_VALUE
from claims.low_rank.weights.entropy import above_stable_rank, joined, power_sum
from claims.low_rank.weights.entropy_norms import above_norms, below_norms
from claims.low_rank.weights.entropy_thresholds import effective_above_threshold, effective_below_threshold, ratio_grows
from verify.authoring import *

m, n = sizes("m n")
j, k = indices("j k")
tau = scalars("tau")
W, A, B = matrix("W", m, n), matrix("A", m, n), matrix("B", m, n)

rank, s = Rank(W), Sigma
erank, source = EffectiveRank(W), EffectiveRankL1(W)
nonzero = assume("W is not zero", ge(rank, 1))
some = [*declare(W), nonzero]
diagonal_2_1 = [["2", "0"], ["0", "1"]]
identity_2 = [["1", "0"], ["0", "1"]]
ninety_five = Rational(19, 20)


def diagonal(*values: int) -> list[list[str]]:
    return [[str(v) if a == b else "0" for b in range(len(values))] for a, v in enumerate(values)]


COMPARISONS = (
    Part(
        id="agrees-with-source",
        role=caveat,
        expected=refuted,
        repair="agrees-with-source-repaired",
        sources=["roy2007effective"],
        reading=text(
            "this is the effective rank of the paper that introduced the name, where the singular values "
            "themselves, not their squares, are divided by their sum",
            "这就是最早提出该名称的论文中的有效秩；而论文用奇异值本身（不是平方）除以其和",
        ),
        given=some,
        says=eq(erank, source),
        witness={"W": [["1"]]},
        checks=[
            Counter(values={"W": diagonal_2_1}),
            Search(),
            Attributed(record="roy2007-effective-rank", formula=source, records=RECORDS),
        ],
        note=text(
            "a variant under the same name: a number computed by the one formula must not be compared with one "
            "computed by the other, see agrees-with-source-repaired",
            "同名的变体：用一个公式算出的数不能与另一个公式算出的数相比，见 agrees-with-source-repaired",
        ),
    ),
    Part(
        id="agrees-with-source-repaired",
        role=caveat,
        expected=proved,
        sources=["roy2007effective"],
        reading=text(
            "the variant with squares is never the larger one; between the two always lies the squared ratio of "
            "the nuclear to the Frobenius norm",
            "平方变体从不更大；核范数与 Frobenius 范数之比的平方总介于两者之间",
        ),
        given=some,
        says=[
            le(erank, NuclearNorm(W) ** 2 / norm_sq(W)),
            le(NuclearNorm(W) ** 2 / norm_sq(W), source),
            le(erank, source),
        ],
        witness={"W": diagonal_2_1},
        checks=[
            proof(
                *joined(below_norms(W), above_norms(W)),
                step("nuclear", apply("nuclear-norm", W=W)),
                step("frobenius", Orthonormal(of=FrobeniusNorm(W), base=W)),
                step(
                    "ratio-of-norms",
                    arithmetic("nuclear", "frobenius", "sum-1", "sum-2"),
                    eq(NuclearNorm(W) ** 2 / norm_sq(W), power_sum(W, 1) ** 2 / power_sum(W, 2)),
                ),
                step(
                    "below",
                    arithmetic("squared", "ratio-of-norms", "frobenius", "sum-2"),
                    le(erank, NuclearNorm(W) ** 2 / norm_sq(W)),
                ),
                step(
                    "above",
                    arithmetic("plain", "ratio-of-norms", "frobenius", "sum-2"),
                    le(NuclearNorm(W) ** 2 / norm_sq(W), source),
                ),
                step("order", arithmetic("below", "above", "frobenius", "sum-2"), le(erank, source)),
            ),
            Search(),
        ],
        spared={
            "spectral norm for Frobenius norm in conclusion 1": LARGER_SIDE,
            "nuclear norm for Frobenius norm in conclusion 2": text(
                "also true: the ratio becomes one, and no effective rank is below one",
                "同样成立：比值变为一，而有效秩不小于一",
            ),
            "drop hypothesis W is not zero": ZERO_HAS_NO_VALUE,
        },
    ),
    Part(
        id="difference-unbounded",
        role=caveat,
        expected=proved,
        reading=text(
            "the two differ by any factor: for r singular values of which the first is r and the others are 1, "
            "the variant is at most 4, while the source's is at least half the square root of r",
            "两者可相差任意倍：若 r 个奇异值中第一个为 r、其余为 1，则变体不超过 4，"
            "而论文的有效秩不小于 r 平方根的一半",
        ),
        given=[
            *declare(W),
            assume("at least two values", ge(rank, 2)),
            assume("the first value is r", eq(s(W, 1), rank)),
            assume("the second is one", eq(s(W, 2), 1)),
            assume("the last is one", eq(s(W, rank), 1)),
        ],
        says=[le(erank, 4), ge(4 * source**2, rank)],
        witness={"W": diagonal(3, 1, 1)},
        checks=[proof(*ratio_grows(W))],
    ),
    Part(
        id="stable-rank",
        role=caveat,
        expected=proved,
        reading=text(
            "it is at least the stable rank, the squared ratio of the Frobenius to the spectral norm: the first "
            "value holds at least the share 1/erank of the energy",
            "它不小于稳定秩（Frobenius 范数与谱范数之比的平方）：第一个奇异值至少占能量的 1/erank",
        ),
        given=some,
        says=[le(norm_sq(W), erank * SpectralNorm(W) ** 2), ge(Energy(W, 1) * erank, 1)],
        witness={"W": diagonal_2_1},
        checks=[
            proof(
                *above_stable_rank(W),
                step("frobenius", Orthonormal(of=FrobeniusNorm(W), base=W)),
                step("spectral", apply("spectral-norm", W=W)),
                step(
                    "norms", arithmetic("stable", "frobenius", "spectral"), le(norm_sq(W), erank * SpectralNorm(W) ** 2)
                ),
                step("energy", apply("energy", W=W, k=1)),
                step("one", First(total=Sum(s(W, j) ** 2, (j, 1, 1)))),
                step("none", Empty(total=Sum(s(W, j) ** 2, (j, 2, 1)))),
                step("first", arithmetic("energy", "one", "none", "stable", "sum-2"), ge(Energy(W, 1) * erank, 1)),
            ),
            Search(),
        ],
        spared={"drop hypothesis W is not zero": ZERO_HAS_NO_VALUE},
    ),
    Part(
        id="concentration",
        role=caveat,
        expected=refuted,
        repair="stable-rank",
        reading=text(
            "the more concentrated the values, the smaller it is, where concentration is what the section measures "
            "it by: the share of the energy in the first value",
            "越集中越小：集中程度按本节的度量，即第一个奇异值所占能量的比例",
        ),
        given=[
            *declare(A, B),
            assume("A is not zero", ge(Rank(A), 1)),
            assume("B is not zero", ge(Rank(B), 1)),
            assume("A is the more concentrated", ge(Energy(A, 1), Energy(B, 1))),
        ],
        says=le(EffectiveRank(A), EffectiveRank(B)),
        witness={"A": diagonal_2_1, "B": identity_2},
        checks=[Counter(values={"A": diagonal(2, 1, 1), "B": diagonal(1, 1, 0)}), Search()],
        note=text(
            "one share does not order the entropies; a larger share for every number of values kept would "
            "(majorisation)",
            "单个比例不能决定熵的次序；若对每个保留个数比例都更大（优超），则可以",
        ),
    ),
    Part(
        id="counts-directions",
        role=caveat,
        expected=refuted,
        repair="effective-below-threshold-repaired",
        reading=text(
            "as many singular values as the effective rank says hold 95% of the energy",
            "取有效秩那么多个奇异值就能保留 95% 的能量",
        ),
        given=[*declare(W), between(k, 1, rank), assume("k is at least the effective rank", ge(k, erank))],
        says=ge(Energy(W, k), ninety_five),
        witness={"W": diagonal_2_1, "k": "2"},
        checks=[Counter(values={"W": diagonal(2, 1, 1, 1, 1, 1), "k": "5"})],
    ),
    Part(
        id="threshold-below-effective",
        role=caveat,
        expected=refuted,
        repair="threshold-below-effective-repaired",
        reading=text(
            "the section has two effective ranks under one name; that of definition 11.17 at the threshold 0.95 "
            "is at most this one",
            "本节有两个同名的“有效秩”：定义 11.17 在阈值 0.95 处的有效秩不超过此处的",
        ),
        given=some,
        says=le(ThresholdRank(W, ninety_five), erank),
        witness={"W": identity_2},
        checks=[Counter(values={"W": diagonal_2_1}), Search()],
    ),
    Part(
        id="threshold-below-effective-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "what is true in this direction: every k that does not reach the threshold tau is at most tau times "
            "the power 1/(1 - tau) of the effective rank, here by logarithms. At 0.95 that is the twentieth power",
            "这一方向上成立的是：未达到阈值 tau 的 k 不超过 tau 乘以有效秩的 1/(1 - tau) 次幂，此处写成对数。"
            "阈值 0.95 时是二十次幂",
        ),
        given=[
            *declare(W),
            between(k, 1, rank),
            real(tau, 0, 1, open=True),
            assume("k does not reach the threshold", lt(Energy(W, k), tau)),
        ],
        says=le((1 - tau) * log(k / tau), log(erank)),
        witness={"W": identity_2, "k": "1", "tau": "3/4"},
        checks=[proof(*effective_above_threshold(W, k, tau))],
        note=text(
            "a small effective rank alone promises next to nothing about the number of values for 95%",
            "仅凭有效秩小，几乎不能保证 95% 能量所需的个数少",
        ),
    ),
    Part(
        id="effective-below-threshold",
        role=caveat,
        expected=refuted,
        repair="effective-below-threshold-repaired",
        reading=text(
            "and in the other direction: this effective rank is at most that of definition 11.17 at the threshold 0.95",
            "反方向：此处的有效秩不超过定义 11.17 在阈值 0.95 处的有效秩",
        ),
        given=some,
        says=le(erank, ThresholdRank(W, ninety_five)),
        witness={"W": diagonal_2_1},
        checks=[Counter(values={"W": diagonal(5, 1)}), Search()],
    ),
    Part(
        id="effective-below-threshold-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "what is true in this direction: where k values reach the threshold tau, the effective rank is at most "
            "2 k times the power 1 - tau of the rank, here by logarithms",
            "这一方向上成立的是：若 k 个值达到阈值 tau，则有效秩不超过 2k 乘以秩的 1 - tau 次幂，此处写成对数",
        ),
        given=[
            *declare(W),
            between(k, 1, rank),
            real(tau, 0, 1, open=True),
            assume("k reaches the threshold", ge(Energy(W, k), tau)),
        ],
        says=le(log(erank), log(2 * k) + (1 - tau) * log(rank)),
        witness={"W": diagonal_2_1, "k": "1", "tau": "3/4"},
        checks=[proof(*effective_below_threshold(W, k, tau))],
    ),
)
