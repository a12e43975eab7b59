"""Choosing the rank by an energy threshold (section 11.2.5)."""

from __future__ import annotations

from claims.low_rank.error.learned import LEARNED
from claims.low_rank.error.optimality import optimality
from claims.low_rank.proofs import energy, residual, split_total, squares, total_positive
from claims.low_rank.spared import BEYOND_RANK, MORE_KEPT, ZERO_HAS_NO_VALUE
from verify.authoring import *

m, n = sizes("m n")
j, k = indices("j k")
D = matrix("D", m, n)
x = vector("x", n)
tau = scalars("tau")

rank, s = Rank(D), Sigma
tail, total = squares(D, k + 1, rank), squares(D, 1, rank)
residue = D - Truncated(D, k)

nonzero = assume("the increment is not zero", ge(rank, 1))
threshold = real(tau, 0, 1, open=True)
enough = assume("k has the energy", ge(Energy(D, k), tau))
least = assume("k - 1 has not", lt(Energy(D, k - 1), tau))
chosen = [*declare(D), threshold, between(k, 1, rank), enough, least]

diagonal_2_1 = [["2", "0"], ["0", "1"]]
four_fifths = {"D": diagonal_2_1, "tau": "4/5", "k": "1"}

# --- the rule, and what it guarantees -----------------------------------------------------------------------

whole = step("whole", Orthonormal(of=FrobeniusNorm(D), base=D))
share = (
    energy(D, k),
    *total_positive(D),
    *split_total(D, k),
    residual(D, k),
    whole,
    step("left-over", arithmetic("energy", "total-positive", "split"), eq(tail, (1 - Energy(D, k)) * total)),
)
guaranteed = le(norm_sq(residue), (1 - tau) * norm_sq(D))
guarantee = (
    *share,
    step("bounded", arithmetic("left-over", "total-positive"), le(tail, (1 - tau) * total)),
    step("guarantee", arithmetic("bounded", "residual", "whole"), guaranteed),
)

adaptive_rank = Claim(
    label="theorem-11.20",
    section="11.2.5 Error and generalisation",
    title=text("Choosing the rank by energy", "自适应秩选择"),
    statement_tex=[r"k = \min \{ k : E(k) \ge \tau \}"],
    parts=[
        Part(
            id="selects",
            role=main,
            expected=proved,
            depends_on=("definition-11.16/range-monotone",),
            reading=text(
                "for a nonzero increment and every tau strictly between 0 and 1 the rule selects exactly one rank: "
                "k = 0 never has enough energy, k = r always has, and a rank that has enough is followed only by ranks "
                "that have, so there is a least one, from 1 to r",
                "对非零增量与 0、1 之间的任何 tau，该规则恰好选出一个秩：k = 0 的能量总不够，k = r 总够，"
                "且某个秩够了之后更大的秩也都够，因此在 1 到 r 之间存在最小者",
            ),
            given=[
                *declare(D),
                nonzero,
                threshold,
                between(k, 0, rank),
                between(j, 0, k),
                assume("j has the energy", ge(Energy(D, j), tau)),
            ],
            says=[lt(Energy(D, 0), tau), ge(Energy(D, rank), tau), ge(Energy(D, k), tau)],
            witness={"D": diagonal_2_1, "tau": "4/5", "k": "1", "j": "1"},
            checks=[
                proof(
                    *total_positive(D),
                    energy(D, 0, "at-zero"),
                    energy(D, rank, "at-rank"),
                    energy(D, j, "at-j"),
                    energy(D, k, "at-k"),
                    step("none", Empty(total=squares(D, 1, 0))),
                    step("inner", Split(total=squares(D, 1, k), at=j)),
                    step("more", Nonnegative(total=squares(D, j + 1, k))),
                    step("too-little", arithmetic("at-zero", "none", "total-positive"), lt(Energy(D, 0), tau)),
                    step("all", arithmetic("at-rank", "total-positive"), ge(Energy(D, rank), tau)),
                    step(
                        "grows",
                        arithmetic("at-j", "at-k", "inner", "more", "total-positive"),
                        ge(Energy(D, k), Energy(D, j)),
                    ),
                    step("stays", arithmetic("grows"), ge(Energy(D, k), tau)),
                ),
                Search(),
            ],
            spared={
                "sharpen conclusion 1 by 0.99": text(
                    "also true: nothing kept has energy zero, below every positive number",
                    "同样成立：一个都不保留时能量为零，低于任何正数",
                ),
                "halve the bound of conclusion 1": text(
                    "also true: nothing kept has energy zero, below every positive number",
                    "同样成立：一个都不保留时能量为零，低于任何正数",
                ),
                "strict conclusion 2": text(
                    "also true: the share at the rank is one, and tau is below one",
                    "同样成立：取到秩时能量比为一，而 tau 小于一",
                ),
                "drop hypothesis the increment is not zero": ZERO_HAS_NO_VALUE,
                "raise upper end of k by one": BEYOND_RANK,
            },
        ),
        Part(
            id="zero-increment",
            role=caveat,
            expected=refuted,
            repair="selects",
            reading=text(
                "the rule applies to every increment: the energy ratio has a positive denominator, zero included",
                "该规则适用于任何增量：能量比的分母恒为正，零增量也不例外",
            ),
            given=declare(D),
            says=gt(norm_sq(D), 0),
            witness={"D": [["1"]]},
            checks=[Counter(values={"D": [["0"]]}), Search()],
            note=text(
                "an increment BA that starts at B = 0 is zero: the rule selects nothing there, and rank 0 has to be "
                "added by convention",
                "从 B = 0 出发的增量 BA 就是零矩阵：此时规则选不出任何秩，只能约定为 0",
            ),
        ),
        Part(
            id="threshold-one",
            role=caveat,
            expected=proved,
            reading=text(
                "every rank below r has an energy strictly below one, so that tau = 1 selects r itself and compresses "
                "nothing",
                "任何小于 r 的秩，其能量都严格小于一；因此 tau = 1 选出的就是 r，毫无压缩",
            ),
            given=[*declare(D), between(k, 0, rank - 1)],
            says=lt(Energy(D, k), 1),
            witness={"D": diagonal_2_1, "k": "1"},
            checks=[
                proof(
                    energy(D, k),
                    *total_positive(D),
                    *split_total(D, k),
                    step("next", apply("positive", W=D, i=k + 1)),
                    step("apart", First(total=tail)),
                    step("beyond-next", Nonnegative(total=squares(D, k + 2, rank))),
                    step("left", arithmetic("next", "apart", "beyond-next"), gt(tail, 0)),
                    step("below", arithmetic("energy", "total-positive", "split", "left"), lt(Energy(D, k), 1)),
                )
            ],
        ),
        Part(
            id="guarantee",
            role=caveat,
            expected=proved,
            reading=text(
                "a rank with energy tau guarantees a Frobenius error of at most sqrt(1 - tau) times the norm of the "
                "increment, here squared",
                "能量不低于 tau 的秩保证 Frobenius 误差不超过增量范数的 sqrt(1 - tau) 倍（此处取平方）",
            ),
            given=[*declare(D), threshold, between(k, 1, rank), enough],
            says=guaranteed,
            witness=four_fifths,
            checks=[proof(*guarantee), Search()],
            spared={
                "shift index k to k + 1 in conclusion 1": MORE_KEPT,
                "raise upper end of k by one": text(
                    "also true: at k = r + 1 the truncation is the matrix and nothing is left; a zero "
                    "matrix has no energy ratio",
                    "同样成立：k = r + 1 时截断就是矩阵本身，没有余项；零矩阵没有能量比",
                ),
                "lower the lower end of k by one": text(
                    "nothing more is admitted: k = 0 has energy zero, which does not reach tau",
                    "没有新增任何情形：k = 0 的能量为零，达不到 tau",
                ),
            },
        ),
        Part(
            id="guarantee-sharp",
            role=caveat,
            expected=proved,
            reading=text(
                "and no more than that: the squared relative error is exactly one minus the energy that is kept",
                "而且仅此而已：相对误差的平方恰为一减保留的能量",
            ),
            given=[*declare(D), between(k, 1, rank)],
            says=eq(norm_sq(residue), (1 - Energy(D, k)) * norm_sq(D)),
            witness={"D": diagonal_2_1, "k": "1"},
            checks=[
                proof(
                    *share,
                    step(
                        "exact",
                        arithmetic("left-over", "residual", "whole"),
                        eq(norm_sq(residue), (1 - Energy(D, k)) * norm_sq(D)),
                    ),
                )
            ],
        ),
        Part(
            id="five-percent",
            role=caveat,
            expected=refuted,
            repair="guarantee",
            reading=text(
                "a threshold of 0.95 means a relative error of at most 0.05", "阈值取 0.95 意味着相对误差不超过 0.05"
            ),
            given=[*declare(D), between(k, 1, rank), assume("k has the energy", ge(Energy(D, k), Rational(19, 20)))],
            says=le(FrobeniusNorm(residue) / FrobeniusNorm(D), Rational(1, 20)),
            witness={"D": [["1"]], "k": "1"},
            checks=[Counter(values={"D": [["5", "0"], ["0", "1"]], "k": "1"}), Search()],
            note=text(
                "energy is a squared quantity: 95% of it leaves an error of up to sqrt(0.05), more than 22%; an error "
                "of 5% takes a threshold of 0.9975",
                "能量是平方量：保留 95% 的能量，误差可达 sqrt(0.05)，超过 22%；要把误差降到 5%，阈值须取 0.9975",
            ),
        ),
        Part(
            id="guarantee-spectral",
            role=caveat,
            expected=refuted,
            repair="guarantee-spectral-repaired",
            reading=text(
                "the chosen rank guarantees the same relative error in the spectral norm",
                "所选的秩在谱范数下保证同样的相对误差",
            ),
            given=chosen,
            says=le(SpectralNorm(residue), sqrt(1 - tau) * SpectralNorm(D)),
            witness={"D": diagonal_2_1, "tau": "1/2", "k": "1"},
            checks=[Counter(values={"D": [["11/10", "0"], ["0", "1"]], "tau": "1/2", "k": "1"}), Search()],
        ),
        Part(
            id="guarantee-spectral-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "in the spectral norm the error is at most sqrt(1 - tau) times the Frobenius norm of the increment",
                "谱范数误差不超过增量 Frobenius 范数的 sqrt(1 - tau) 倍",
            ),
            given=[*declare(D), threshold, between(k, 1, rank), enough],
            says=le(SpectralNorm(residue) ** 2, (1 - tau) * norm_sq(D)),
            witness=four_fifths,
            checks=[
                proof(
                    *guarantee,
                    step("smaller", apply("spectral-frobenius", W=residue)),
                    step("squares", arithmetic("smaller"), le(SpectralNorm(residue) ** 2, norm_sq(residue))),
                    step(
                        "bound",
                        arithmetic("guarantee", "squares"),
                        le(SpectralNorm(residue) ** 2, (1 - tau) * norm_sq(D)),
                    ),
                )
            ],
        ),
        Part(
            id="guarantee-nuclear",
            role=caveat,
            expected=refuted,
            repair="guarantee",
            reading=text(
                "the chosen rank guarantees the same relative error in the nuclear norm",
                "所选的秩在核范数下保证同样的相对误差",
            ),
            given=chosen,
            says=le(NuclearNorm(residue), sqrt(1 - tau) * NuclearNorm(D)),
            witness=four_fifths,
            checks=[
                Counter(values={"D": [["5", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]], "tau": "25/27", "k": "1"}),
                Search(),
            ],
        ),
        Part(
            id="guarantee-on-input",
            role=caveat,
            expected=refuted,
            repair="guarantee-on-input-repaired",
            reading=text(
                "the chosen rank guarantees the same relative error of the output on an input of the task",
                "所选的秩对任务的某个输入保证同样的相对输出误差",
            ),
            given=[*declare(D), *declare(x)[1:], threshold, between(k, 1, rank), enough, least],
            says=le(FrobeniusNorm(residue * x), sqrt(1 - tau) * FrobeniusNorm(D * x)),
            witness={**four_fifths, "x": [["1"], ["0"]]},
            checks=[Counter(values={**four_fifths, "x": [["0"], ["1"]]}), Search()],
            note=text(
                "where the inputs lie in the discarded directions the whole effect of the increment is lost, "
                "whatever the energy kept",
                "当输入落在被舍去的方向上时，无论保留多少能量，增量的作用都会全部丢失",
            ),
        ),
        Part(
            id="guarantee-on-input-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "on any input the error is at most sqrt(1 - tau) times the product of the norms of increment and input",
                "对任何输入，误差不超过 sqrt(1 - tau) 乘以增量范数与输入范数之积",
            ),
            given=[*declare(D), *declare(x)[1:], threshold, between(k, 1, rank), enough],
            says=le(norm_sq(residue * x), (1 - tau) * norm_sq(D) * norm_sq(x)),
            witness={**four_fifths, "x": [["0"], ["1"]]},
            checks=[
                proof(
                    *guarantee,
                    step("stretch", apply("stretch", W=residue, Z=x)),
                    step("norm", apply("spectral-norm", W=residue)),
                    step("smaller", apply("spectral-frobenius", W=residue)),
                    step("squares", arithmetic("smaller", "norm"), le(s(residue, 1) ** 2, norm_sq(residue))),
                    step("factor", arithmetic("squares", "guarantee"), le(s(residue, 1) ** 2, (1 - tau) * norm_sq(D))),
                    step(
                        "bound",
                        arithmetic("stretch", "factor"),
                        le(norm_sq(residue * x), (1 - tau) * norm_sq(D) * norm_sq(x)),
                    ),
                )
            ],
        ),
        *LEARNED,
        *optimality,
    ],
)
