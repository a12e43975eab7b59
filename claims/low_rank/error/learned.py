"""The rank rule read off the increment that was learned, in place of the one that is wanted (section 11.2.5)."""

from __future__ import annotations

from claims.low_rank.proofs import energy, residual, split_total, squares, total_positive
from claims.low_rank.spared import BEYOND_RANK
from verify.authoring import *

m, n, r = sizes("m n r")
k = indices("k")
D, X = matrix("D", m, n), matrix("X", m, n)  # the increment that is wanted, and the one that was learned
tau = scalars("tau")

rank, total, tail = Rank(X), squares(X, 1, Rank(X)), squares(X, k + 1, Rank(X))
residue, missing = X - Truncated(X, k), D - X
threshold = real(tau, 0, 1, open=True)
learned = assume("the increment that was learned has rank at most r", le(rank, r))
enough = assume("k has the energy", ge(Energy(X, k), tau))
error_of_rule = sqrt(1 - tau) * FrobeniusNorm(X)
diagonal_2_1 = [["2", "0"], ["0", "1"]]
best_of_rank_one = {"D": diagonal_2_1, "X": [["2", "0"], ["0", "0"]], "k": "1"}

LEARNED = (
    Part(
        id="from-the-learned-increment",
        role=caveat,
        expected=refuted,
        repair="from-the-learned-increment-repaired",
        reading=text(
            "the increment that is at hand when the rule is applied will do: where the learned increment X is as close "
            "to the wanted one, D, as rank r allows, a rank with energy tau for X has it for D",
            "应用规则时手头的增量便已足够：若学到的增量 X 已在秩 r 允许的范围内最接近所需的增量 D，则对 X 能量达到 tau "
            "的秩，对 D 也达到",
        ),
        given=[
            *declare(D, X),
            between(r, 1, Rank(D)),
            threshold,
            learned,
            assume("as close as rank r allows", eq(norm_sq(missing), squares(D, r + 1, Rank(D)))),
            between(k, 1, rank),
            enough,
        ],
        says=ge(Energy(D, k), tau),
        witness={"D": [["1"]], "X": [["1"]], "r": "1", "k": "1", "tau": "1/2"},
        checks=[Counter(values=best_of_rank_one | {"r": "1", "tau": "19/20"})],
        note=text(
            "the rule needs the singular values of the increment that full fine-tuning would give, which is what "
            "low-rank fine-tuning is to spare",
            "该规则需要全参数微调所得增量的奇异值，而低秩微调正是为了省去全参数微调",
        ),
    ),
    Part(
        id="never-asks-for-more",
        role=caveat,
        expected=proved,
        reading=text(
            "why it cannot do: read off an increment of rank at most r, the rule always finds all the energy within "
            "the first r values, whatever is missing from the increment; so it never asks for more than it was given",
            "原因在于：对秩不超过 r 的增量，规则总能在前 r 个值内找到全部能量，无论该增量还缺什么；因此它从不"
            "要求更大的秩",
        ),
        given=[*declare(X, r), learned, assume("something was learned", ge(rank, 1)), threshold],
        says=[gt(Energy(X, rank), tau), le(rank, r)],
        witness={"X": [["2", "0"], ["0", "0"]], "r": "1", "tau": "19/20"},
        checks=[
            proof(
                *total_positive(X),
                energy(X, rank),
                step("all", arithmetic("energy", "total-positive"), gt(Energy(X, rank), tau)),
                step("rank", arithmetic(), le(rank, r)),
            )
        ],
    ),
    Part(
        id="from-the-learned-increment-repaired",
        role=caveat,
        expected=proved,
        reading=text(
            "what a rank chosen from the learned increment guarantees of the wanted one: an error of at most sqrt(1 - "
            "tau) times the norm of what was learned, plus the distance between the two, which the rule does not see",
            "由学到的增量所选的秩，对所需增量的保证是：误差不超过 sqrt(1 - tau) 乘以所学增量的范数，再加上二者的距离，"
            "而后者是规则看不到的",
        ),
        given=[*declare(D, X), threshold, between(k, 1, rank), enough],
        says=le(FrobeniusNorm(D - Truncated(X, k)), FrobeniusNorm(missing) + error_of_rule),
        witness={"D": [["4", "0"], ["0", "3"]], "X": [["4", "0"], ["0", "3"]], "k": "1", "tau": "16/25"},
        checks=[
            proof(
                energy(X, k),
                *total_positive(X),
                *split_total(X, k),
                residual(X, k),
                step("whole", Orthonormal(of=FrobeniusNorm(X), base=X)),
                step("left", arithmetic("energy", "total-positive", "split"), eq(tail, (1 - Energy(X, k)) * total)),
                step("bounded", arithmetic("left", "total-positive"), le(tail, (1 - tau) * total)),
                step(
                    "square", arithmetic("bounded", "residual", "whole"), le(norm_sq(residue), (1 - tau) * norm_sq(X))
                ),
                step("within", arithmetic("square"), le(FrobeniusNorm(residue), error_of_rule)),
                step("triangle", apply("triangle-frobenius", A=missing, B=residue)),
                step(
                    "error",
                    arithmetic("within", "triangle"),
                    le(FrobeniusNorm(D - Truncated(X, k)), FrobeniusNorm(missing) + error_of_rule),
                ),
            ),
            Search(),
        ],
        spared={
            "shift index k to k + 1 in conclusion 1": text(
                "also true: one more value kept leaves no larger residue of what was learned, and the same triangle "
                "inequality applies",
                "同样成立：多保留一个奇异值，所学增量的余项不增，同一三角不等式仍适用",
            ),
            "raise upper end of k by one": BEYOND_RANK,
            "lower the lower end of k by one": text(
                "nothing more is admitted: k = 0 has energy zero, which does not reach tau",
                "没有新增任何情形：k = 0 的能量为零，达不到 tau",
            ),
        },
    ),
)
"""The parts of theorem 11.20 that speak of the increment that was learned."""
