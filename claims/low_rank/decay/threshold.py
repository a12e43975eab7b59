"""The effective rank by an energy threshold (section 11.2.2)."""

from __future__ import annotations

from claims.low_rank.decay.power_sums import share
from claims.low_rank.decay.table_proofs import five_percent, grows, squares_share
from claims.low_rank.measured import measured
from claims.low_rank.proofs import energy, split_total, squares, total_positive
from claims.low_rank.spared import ZERO_HAS_NO_VALUE
from verify.authoring import *

m, n = sizes("m n")
j, k = indices("j k")
tau, alpha = scalars("tau alpha")
W = matrix("W", m, n)

rank, s = Rank(W), Sigma
least = ThresholdRank(W, tau)
nonzero = assume("W is not zero", ge(rank, 1))
fraction = real(tau, 0, 1, open=True)
diagonal_2_1 = [["2", "0"], ["0", "1"]]
identity_2 = [["1", "0"], ["0", "1"]]
ninety_five = Rational(95, 100)
in_a_tenth = [assume("k is a tenth of the rank", eq(10 * k, rank)), assume("95% in k", ge(Energy(W, k), ninety_five))]


def one_large(size: int) -> list[list[str]]:
    return [["0" if a != b else "100" if a == 0 else "1" for b in range(size)] for a in range(size)]


all_kept = (
    energy(W, rank, "at-rank"),
    *total_positive(W),
    step("all", arithmetic("at-rank", "total-positive"), eq(Energy(W, rank), 1)),
    step("reached", arithmetic("all"), ge(Energy(W, rank), tau)),
    step("bounded", apply("threshold-least", W=W, t=tau, k=rank)),
)
none_kept = (
    energy(W, 0, "at-zero"),
    step("empty", Empty(total=squares(W, 1, 0))),
    step("nothing", arithmetic("at-zero", "empty", "total-positive"), eq(Energy(W, 0), 0)),
)
head_each = for_each(
    j,
    1,
    k,
    step("order", apply("order", W=W, i=k, j=j)),
    step("squares", arithmetic("order"), le(s(W, k) ** 2, s(W, j) ** 2)),
)
tail_each = for_each(
    j,
    k + 1,
    rank,
    step("order", apply("order", W=W, i=j, j=k)),
    step("squares", arithmetic("order"), le(s(W, j) ** 2, s(W, k) ** 2)),
)
share_of_count = (
    energy(W, k),
    *total_positive(W),
    *split_total(W, k),
    step("head-each", head_each),
    step("head", Termwise(line="head-each")),
    step("head-equal", Constant(total=Sum(s(W, k) ** 2, (j, 1, k)))),
    step("tail-each", tail_each),
    step("tail", Termwise(line="tail-each")),
    step("tail-equal", Constant(total=Sum(s(W, k) ** 2, (j, k + 1, rank)))),
    step("tail-most", arithmetic("tail", "tail-equal"), le(squares(W, k + 1, rank), (rank - k) * s(W, k) ** 2)),
    step("head-least", arithmetic("head", "head-equal"), ge(squares(W, 1, k), k * s(W, k) ** 2)),
    step(
        "crossed", arithmetic("tail-most", "head-least"), le(k * squares(W, k + 1, rank), (rank - k) * squares(W, 1, k))
    ),
    step("share", arithmetic("energy", "total-positive", "split", "crossed"), ge(Energy(W, k), k / rank)),
)

effective_rank = Claim(
    label="definition-11.17",
    section="11.2.2 Decay of singular values",
    title=text("Effective rank by a threshold", "有效秩阈值"),
    statement_tex=[r"r_{\mathrm{eff}}(\tau) = \min \{ k : E(k) \ge \tau \}, \quad \tau \in (0, 1)"],
    parts=[
        Part(
            id="exists",
            role=main,
            expected=proved,
            reading=text(
                "for a nonzero matrix and every threshold below one some k reaches it, so that the least one exists; "
                "it lies between 1 and the rank",
                "对非零矩阵和任意小于一的阈值，总有 k 达到它，因而最小者存在；它介于 1 与秩之间",
            ),
            given=[*declare(W), nonzero, fraction],
            says=[ge(Energy(W, rank), tau), ge(Energy(W, least), tau), ge(least, 1), le(least, rank)],
            witness={"W": diagonal_2_1, "tau": "1/2"},
            checks=[
                proof(
                    *all_kept,
                    *none_kept,
                    step("at-least", apply("threshold-reached", W=W, t=tau)),
                    step("not-yet", arithmetic("nothing"), lt(Energy(W, 0), tau)),
                    step("positive", apply("threshold-beyond", W=W, t=tau, k=0)),
                ),
                Search(),
            ],
            spared={
                "strict conclusion 1": text(
                    "also true: the share at the rank is one, and tau is below one",
                    "同样成立：取到秩时能量比为一，而 tau 小于一",
                ),
                "drop hypothesis W is not zero": ZERO_HAS_NO_VALUE,
            },
        ),
        Part(
            id="zero-matrix",
            role=caveat,
            expected=refuted,
            repair="exists",
            reading=text(
                "the ratio in the definition has a value for every matrix, zero included: its denominator is positive",
                "定义中的比值对每个矩阵都有值，包括零矩阵：其分母为正",
            ),
            given=[*declare(W), fraction],
            says=gt(squares(W, 1, rank), 0),
            witness={"W": diagonal_2_1, "tau": "1/2"},
            checks=[Counter(values={"W": [["0"]], "tau": "1/2"}), Search()],
        ),
        *measured("definition-11.17"),
        Part(
            id="universal-reading",
            role=caveat,
            expected=refuted,
            repair="at-most-the-share",
            reading=text(
                "every nonzero matrix reaches 95% of its energy with at most 30% of its singular values",
                "任何非零矩阵只用不超过 30% 的奇异值就达到 95% 的能量",
            ),
            given=[*declare(W), nonzero],
            says=le(ThresholdRank(W, ninety_five), Rational(3, 10) * Min(m, n)),
            witness={"W": [["1", "0", "0", "0"], *[["0", "0", "0", "0"]] * 3]},
            checks=[Counter(values={"W": identity_2}), Search()],
        ),
        Part(
            id="from-zero-or-one",
            role=caveat,
            expected=proved,
            reading=text(
                "whether k counts from 0 or from 1 makes no difference: nothing kept has energy 0, below every "
                "threshold",
                "k 从 0 还是从 1 数起没有区别：一个都不保留时能量为 0，低于任何阈值",
            ),
            given=[*declare(W), nonzero, fraction],
            says=[eq(Energy(W, 0), 0), lt(Energy(W, 0), tau)],
            witness={"W": diagonal_2_1, "tau": "1/2"},
            checks=[
                proof(*total_positive(W), *none_kept, step("below", arithmetic("nothing"), lt(Energy(W, 0), tau))),
                Search(),
            ],
            spared={"drop hypothesis W is not zero": ZERO_HAS_NO_VALUE},
        ),
        Part(
            id="near-one",
            role=caveat,
            expected=proved,
            reading=text(
                "truncation helps up to the threshold E(r - 1) only: for any larger one the effective rank is the rank",
                "截断只在阈值不超过 E(r - 1) 时有用：阈值再大，有效秩就等于秩",
            ),
            given=[*declare(W), nonzero, fraction, assume("large threshold", gt(tau, Energy(W, rank - 1)))],
            says=eq(least, rank),
            witness={"W": diagonal_2_1, "tau": "9/10"},
            checks=[
                proof(
                    *all_kept,
                    step("beyond", apply("threshold-beyond", W=W, t=tau, k=rank - 1)),
                    step("equal", arithmetic("bounded", "beyond"), eq(least, rank)),
                ),
                Search(),
            ],
        ),
        Part(
            id="at-most-the-share",
            role=caveat,
            expected=proved,
            reading=text(
                "k of r values always hold at least the share k / r, so that the effective rank is at most tau r, "
                "rounded up; a flat spectrum needs all of that",
                "r 个奇异值中的前 k 个总占有至少 k / r 的能量，因此有效秩不超过 tau r 向上取整；平坦的谱恰好需要这么多",
            ),
            given=[*declare(W), fraction, between(k, 1, rank), assume("enough values", ge(k, tau * rank))],
            says=[ge(Energy(W, k), k / rank), le(least, k)],
            witness={"W": identity_2, "tau": "1/2", "k": "1"},
            checks=[
                proof(
                    *share_of_count,
                    step("enough", arithmetic("share"), ge(Energy(W, k), tau)),
                    step("least", apply("threshold-least", W=W, t=tau, k=k)),
                ),
                Search(),
            ],
            note=text(
                "so for tau = 0.95 a share of 10% to 30% says something only beside this ceiling of 95% and beside the "
                "share that a random matrix of the same shape needs",
                "因此对 tau = 0.95，10% 到 30% 这一比例只有与 95% 的上限以及同形状随机矩阵所需的比例对照才有意义",
            ),
            spared={
                "lower the lower end of k by one": text(
                    "k = 0 satisfies the hypothesis only for the zero matrix, where the share has no value",
                    "k = 0 只有对零矩阵才满足假设，而零矩阵的能量比没有值",
                )
            },
        ),
        Part(
            id="beside-fast-decay",
            role=caveat,
            expected=refuted,
            repair="beside-fast-decay-repaired",
            reading=text(
                "the range of 10% to 30% goes with lemma 11.17: a matrix that holds 95% of its energy in a tenth of "
                "its singular values needs at least a tenth of them for 95%",
                "10% 到 30% 的范围与引理 11.17 相容：前十分之一奇异值保留 95% 能量的矩阵，"
                "达到 95% 至少需要十分之一的奇异值",
            ),
            given=[*declare(W), between(k, 1, rank), *in_a_tenth],
            says=ge(ThresholdRank(W, ninety_five), k),
            witness={"W": one_large(10), "k": "1"},
            checks=[Counter(values={"W": one_large(20), "k": "2"})],
        ),
        Part(
            id="beside-fast-decay-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "such a matrix needs at most a tenth: at the threshold 0.95 the lemma and the range meet in the single "
                "point 10%, so that one of the two can be typical, but not both",
                "这样的矩阵至多需要十分之一：在阈值 0.95 处，该引理与该范围只在 10% 这一点相交，"
                "因此两者至多有一个是典型情形",
            ),
            given=[*declare(W), between(k, 1, rank), *in_a_tenth],
            says=[le(ThresholdRank(W, ninety_five), k), le(10 * ThresholdRank(W, ninety_five), rank)],
            witness={"W": one_large(10), "k": "1"},
            checks=[
                proof(
                    step("least", apply("threshold-least", W=W, t=ninety_five, k=k)),
                    step("tenth", arithmetic("least"), le(10 * ThresholdRank(W, ninety_five), rank)),
                )
            ],
        ),
        Part(
            id="beside-power-law",
            role=caveat,
            expected=refuted,
            repair="beside-power-law-repaired",
            reading=text(
                "the range goes with lemma 11.20: of n values that follow a power law with an exponent from 1 to 3, a "
                "number below a tenth never holds 95% of the energy",
                "该范围与引理 11.20 相容：n 个奇异值服从指数为 1 到 3 的幂律时，不足十分之一的个数不会占到 95% 的能量",
            ),
            given=[*declare(n), between(k, 1, n), real(alpha, 1, 3), assume("below a tenth", lt(10 * k, n))],
            says=lt(share(alpha, k, n), ninety_five),
            witness={"n": "11", "k": "1", "alpha": "1"},
            checks=[Counter(values={"n": "11", "k": "1", "alpha": "3"}), Search()],
            depends_on=("lemma-11.20/factor-normalises",),
        ),
        Part(
            id="beside-power-law-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "with any exponent of at least 1, a twentieth of the values holds 95% once twelve are kept, which "
                "rounding up gives from n = 221 on: if the exponents were those of lemma 11.20, the effective rank at "
                "0.95 would be at most 5% of the values, rounded up, and never 10% to 30%",
                "指数不小于 1 时，只要保留不少于 12 个（n 不小于 221 时 5% 向上取整即满足），"
                "二十分之一的奇异值就占 95% 的能量："
                "若指数真如引理 11.20 所说，则阈值 0.95 处的有效秩至多为 5%（向上取整），不会是 10% 到 30%",
            ),
            given=[*declare(n), between(k, 12, n), five_percent, real(alpha, 1)],
            says=ge(share(alpha, k, n), ninety_five),
            witness={"n": "221", "k": "12", "alpha": "1"},
            checks=[
                proof(
                    *squares_share(12, ninety_five),
                    *grows(sp.S.One, alpha),
                    step(
                        "enough",
                        arithmetic("share-at-one", "grown", "at-a-total", "at-b-total"),
                        ge(share(alpha, k, n), ninety_five),
                    ),
                )
            ],
            depends_on=("lemma-11.20/factor-normalises",),
            note=text(
                "the two ranges describe different spectra, and the trained layers measured here meet neither",
                "两个范围描述的是不同的谱，而此处测量的训练后各层两者都不符合",
            ),
        ),
        Part(
            id="same-as-entropy",
            role=caveat,
            expected=refuted,
            reading=text(
                "the section gives one name to two quantities, this one and the exponential of the entropy; "
                "they agree, "
                "at the threshold 0.95",
                "本节用同一名称称呼两个量：这里的阈值有效秩与熵的指数；在阈值 0.95 处两者相等",
            ),
            given=[*declare(W), nonzero],
            says=eq(ThresholdRank(W, ninety_five), EffectiveRank(W)),
            witness={"W": identity_2},
            checks=[Counter(values={"W": diagonal_2_1}), Search()],
            note=text(
                "one of them is always an integer, and neither bounds the other: write which one is meant",
                "其中一个总是整数，而且两者互不控制：应写明所指的是哪一个",
            ),
        ),
        Part(
            id="entropy-is-smaller",
            role=caveat,
            expected=refuted,
            reading=text(
                "the exponential of the entropy is at most the effective rank at the threshold 0.95",
                "熵的指数不超过阈值 0.95 处的有效秩",
            ),
            given=[*declare(W), nonzero],
            says=le(EffectiveRank(W), ThresholdRank(W, ninety_five)),
            witness={"W": diagonal_2_1},
            checks=[Counter(values={"W": [["1" if a == b else "0" for b in range(20)] for a in range(20)]}), Search()],
            note=text(
                "the identity of size 20 reaches 95% with 19 values, and its entropy counts all 20",
                "20 阶单位矩阵用 19 个奇异值就达到 95%，而熵的指数数出全部 20 个",
            ),
        ),
    ],
)
