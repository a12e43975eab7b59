"""Fast decay of the energy: what holds of every matrix, and what only training can bring (section 11.2.1)."""

from __future__ import annotations

from claims.low_rank.measured import measured
from claims.low_rank.proofs import energy, split_total, squares, total_positive
from claims.low_rank.spared import NOTHING_KEPT
from verify.authoring import *

m, n = sizes("m n")
i, j, k = indices("i j k")
W = matrix("W", m, n)

rank, s = Rank(W), Sigma
head, total = squares(W, 1, k), squares(W, 1, rank)
nonzero = assume("W is not zero", ge(rank, 1))
identity_2 = [["1", "0"], ["0", "1"]]
diagonal_2_1 = [["2", "0"], ["0", "1"]]


def diagonal(*values: int) -> list[list[str]]:
    return [[str(v) if a == b else "0" for b in range(len(values))] for a, v in enumerate(values)]


ninety_five = Rational(19, 20)
tenth = assume("k is a tenth of the rank", eq(10 * k, rank))
ten_ones = diagonal(*[1] * 10)
from_the_average = (
    *total_positive(W),
    *split_total(W, k),
    energy(W, k),
    step(
        "large",
        for_each(
            j,
            1,
            k,
            step("order", apply("order", W=W, i=k, j=j)),
            step("powers", arithmetic("order"), le(s(W, k) ** 2, s(W, j) ** 2)),
        ),
    ),
    step("large-sum", Termwise(line="large")),
    step("large-equal", Constant(total=Sum(s(W, k) ** 2, (j, 1, k)))),
    step(
        "small",
        for_each(
            j,
            k + 1,
            rank,
            step("order", apply("order", W=W, i=j, j=k)),
            step("powers", arithmetic("order"), le(s(W, j) ** 2, s(W, k) ** 2)),
        ),
    ),
    step("small-sum", Termwise(line="small")),
    step("small-equal", Constant(total=Sum(s(W, k) ** 2, (j, k + 1, rank)))),
    step("head-at-least", arithmetic("large-sum", "large-equal"), ge(head, k * s(W, k) ** 2)),
    step(
        "tail-at-most", arithmetic("small-sum", "small-equal"), le(squares(W, k + 1, rank), (rank - k) * s(W, k) ** 2)
    ),
    step("head-share", arithmetic("head-at-least"), ge((rank - k) * head, (rank - k) * k * s(W, k) ** 2)),
    step("tail-share", arithmetic("tail-at-most"), le(k * squares(W, k + 1, rank), k * (rank - k) * s(W, k) ** 2)),
    step("average", arithmetic("head-share", "tail-share", "split"), ge(rank * head, k * total)),
    step("share", arithmetic("average", "energy", "total-positive"), ge(Energy(W, k), k / rank)),
)

fast_decay = Claim(
    label="lemma-11.17",
    section="11.2.1 Low-rank character of weights",
    title=text("Fast decay of the energy", "快速能量衰减"),
    statement_tex=[r"E(k) \ge 0.95 \quad \text{at} \quad k = \frac{\mathrm{rank}(W)}{10}"],
    parts=[
        *measured("lemma-11.17"),
        Part(
            id="universal-reading",
            role=caveat,
            expected=refuted,
            repair="universal-reading-repaired",
            reading=text(
                "read of every matrix, trained or not: a tenth of its singular values holds 95% of its energy",
                "若对任何矩阵（无论是否训练过）都这样理解：十分之一的奇异值保留 95% 的能量",
            ),
            given=[*declare(W), between(k, 1, rank), tenth],
            says=ge(Energy(W, k), ninety_five),
            witness={"W": diagonal(100, *[1] * 9), "k": "1"},
            checks=[Counter(values={"W": ten_ones, "k": "1"})],
            note=text(
                "nothing in the algebra makes the energy decay; whether it does is a fact about training, to be "
                "measured",
                "代数本身并不使能量衰减；是否衰减是关于训练的事实，只能测量",
            ),
        ),
        Part(
            id="universal-reading-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "what every matrix grants: the first k of r singular values hold at least the share k/r, a tenth at "
                "a tenth of the rank",
                "任何矩阵都保证的：r 个奇异值中的前 k 个至少占 k/r；取十分之一的秩，只保证十分之一",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=ge(Energy(W, k), k / rank),
            witness={"W": diagonal_2_1, "k": "1"},
            checks=[proof(*from_the_average), Search()],
            spared={"lower the lower end of k by one": NOTHING_KEPT},
        ),
        Part(
            id="guarantee-sharp",
            role=caveat,
            expected=proved,
            reading=text(
                "and no more can be granted: where the singular values are all equal the share is exactly k/r",
                "且不能保证更多：奇异值全部相等时，比例恰为 k/r",
            ),
            given=[
                *declare(W),
                between(k, 1, rank),
                assume("the first value equals the last", eq(s(W, 1), s(W, rank))),
            ],
            says=eq(Energy(W, k), k / rank),
            witness={"W": identity_2, "k": "1"},
            checks=[
                proof(
                    *total_positive(W),
                    energy(W, k),
                    step("inner", Split(total=total, at=k)),
                    step(
                        "each",
                        for_each(
                            j,
                            1,
                            rank,
                            step("at-most", apply("order", W=W, i=j, j=1)),
                            step("at-least", apply("order", W=W, i=rank, j=j)),
                            step("same", arithmetic("at-most", "at-least"), eq(s(W, j) ** 2, s(W, 1) ** 2)),
                        ),
                    ),
                    step("all", Termwise(line="each")),
                    step("all-equal", Constant(total=Sum(s(W, 1) ** 2, (j, 1, rank)))),
                    step("some", for_each(i, 1, k, step("here", Instance(of="each", at=i)))),
                    step("first-k", Termwise(line="some")),
                    step("k-equal", Constant(total=Sum(s(W, 1) ** 2, (j, 1, k)))),
                    step(
                        "share",
                        arithmetic("energy", "all", "all-equal", "first-k", "k-equal", "total-positive"),
                        eq(Energy(W, k), k / rank),
                    ),
                )
            ],
        ),
        Part(
            id="order-exists",
            role=caveat,
            expected=refuted,
            reading=text(
                "the order that the lemma prescribes is there to be taken: some whole k from 1 on is at most a tenth "
                "of the rank, for any nonzero matrix",
                "引理所取的阶数存在：对任何非零矩阵，都有不小于 1 的整数 k 不超过秩的十分之一",
            ),
            given=[*declare(W), nonzero],
            says=le(1, rank / 10),
            witness={"W": ten_ones},
            checks=[Counter(values={"W": [["1"]]}), Search()],
            note=text(
                "below rank ten nothing would be kept; the lemma means large layers and leaves the rounding open",
                "秩小于十时什么都不保留；引理指的是大的层，也没有说明如何取整",
            ),
        ),
    ],
)
