"""In which sense the rank chosen by energy is optimal (section 11.2.5)."""

from __future__ import annotations

from typing import Any

from claims.low_rank.proofs import energy, split_total, squares, total_positive
from verify.authoring import *

m, n = sizes("m n")
i, j, k, l = indices("i j k l")
D, X = matrix("D", m, n), matrix("X", m, n)
x, y = vector("x", n), vector("y", n)
tau, lam = scalars("tau lambda")

rank, s = Rank(D), Sigma
threshold, weight = real(tau, 0, 1, open=True), real(lam, 0)
enough = assume("k has the energy", ge(Energy(D, k), tau))
least = assume("k - 1 has not", lt(Energy(D, k - 1), tau))
chosen = [threshold, between(k, 1, rank), enough, least]
diagonal_2_1 = [["2", "0"], ["0", "1"]]
first, second = [["1"], ["0"]], [["0"], ["1"]]


def on_input(index: Any, at: Any, price: Any = lam) -> Any:
    """Minus the squared error on one input, less the price of the rank."""
    return -norm_sq((D - Truncated(D, index)) * at) - price * index


def on_energy(index: Any) -> Any:
    return Energy(D, index) - lam * index


def dearer(low: Any, high: Any) -> tuple[Line, ...]:
    """The ranks from low + 1 to high: each adds at least lambda of the energy."""
    return (
        step(
            "each-below",
            for_each(
                i,
                low + 1,
                high,
                step("order", apply("order", W=D, i=high, j=i)),
                step("term", arithmetic("order"), le(s(D, high) ** 2, s(D, i) ** 2)),
            ),
        ),
        step("sum-below", Termwise(line="each-below")),
        step("equal-below", Constant(total=Sum(s(D, high) ** 2, (i, low + 1, high)))),
        step("split-below", Split(total=squares(D, 1, high), at=low)),
    )


def cheaper(low: Any, high: Any) -> tuple[Line, ...]:
    """The ranks from low + 1 to high: none adds more than lambda of the energy."""
    return (
        step(
            "each-above",
            for_each(
                i,
                low + 1,
                high,
                step("order", apply("order", W=D, i=i, j=low + 1)),
                step("term", arithmetic("order"), le(s(D, i) ** 2, s(D, low + 1) ** 2)),
            ),
        ),
        step("sum-above", Termwise(line="each-above")),
        step("equal-above", Constant(total=Sum(s(D, low + 1) ** 2, (i, low + 1, high)))),
        step("split-above", Split(total=squares(D, 1, high), at=low)),
    )


gained = ge(squares(D, j + 1, k), (k - j) * lam * squares(D, 1, rank))
forgone = le(squares(D, k + 1, l), (l - k) * lam * squares(D, 1, rank))

whole = step("whole", Orthonormal(of=FrobeniusNorm(D), base=D))
below_threshold = gt(norm_sq(D - X), (1 - tau) * norm_sq(D))
worth_it = [
    *declare(D),
    weight,
    between(k, 1, rank),
    assume("the last rank is worth its price", ge(s(D, k) ** 2, lam * norm_sq(D))),
    assume("the next one is not", le(s(D, k + 1) ** 2, lam * norm_sq(D))),
    between(j, 0, k),
    between(l, k, rank),
]

optimality = (
    Part(
        id="optimal",
        role=main,
        expected=refuted,
        repair="optimal-repaired",
        reading=text(
            "the rank chosen by energy is optimal for the task: no other rank has a better performance less lambda "
            "times the rank, for the performance minus the squared output error on an input x and any lambda >= 0",
            "按能量选出的秩对任务最优：取性能为输入 x 上输出误差平方的相反数，对任何 lambda >= 0，"
            "没有别的秩使性能减去 lambda 倍秩更大",
        ),
        given=[*declare(D), *declare(x)[1:], *chosen, weight, between(j, 1, rank)],
        says=ge(on_input(k, x), on_input(j, x)),
        witness={"D": diagonal_2_1, "x": first, "tau": "4/5", "k": "1", "lambda": "0", "j": "2"},
        checks=[
            Counter(
                values={"D": diagonal_2_1, "x": second, "tau": "4/5", "k": "1", "lambda": "1/10", "j": "2"},
                origin="the author: too small a rank",
            ),
            Counter(
                values={"D": diagonal_2_1, "x": first, "tau": "19/20", "k": "2", "lambda": "1/10", "j": "1"},
                origin="the author: too large a rank",
            ),
            Search(),
        ],
        note=text(
            "the rule sees neither the inputs of the task nor the cost; it errs in both directions",
            "该规则既看不到任务的输入，也看不到成本；它在两个方向上都会出错",
        ),
    ),
    Part(
        id="optimal-repaired",
        role=main,
        expected=proved,
        reading=text(
            "what the rule does optimise: no matrix X of smaller rank, a truncation or not, comes as close to the "
            "increment as the threshold asks, in the Frobenius norm",
            "该规则真正优化的是：任何秩更小的矩阵 X（不论是否为截断）在 Frobenius 范数下都达不到阈值所要求的接近程度",
        ),
        given=[
            *declare(D),
            *declare(X)[2:],
            threshold,
            between(k, 1, rank),
            least,
            assume("smaller rank", le(Rank(X), k - 1)),
        ],
        says=below_threshold,
        witness={"D": diagonal_2_1, "X": [["2", "0"], ["0", "0"]], "tau": "9/10", "k": "2"},
        checks=[
            proof(
                energy(D, k - 1),
                *total_positive(D),
                *split_total(D, k - 1),
                whole,
                step("best", apply("eckart-young-frobenius", W=D, X=X, k=k - 1)),
                step(
                    "missing",
                    arithmetic("energy", "total-positive"),
                    lt(squares(D, 1, k - 1), tau * squares(D, 1, rank)),
                ),
                step("short", arithmetic("missing", "split", "best", "whole"), below_threshold),
            ),
            Search(),
        ],
        sources=["eckart1936", "mirsky1960"],
        spared={
            "raise upper end of k by one": text(
                "nothing more is admitted: k - 1 = r has all of the energy, and a zero matrix has no energy ratio",
                "没有新增任何情形：k - 1 = r 已有全部能量，而零矩阵没有能量比",
            )
        },
    ),
    Part(
        id="task-independent",
        role=caveat,
        expected=refuted,
        repair="optimal-for-energy",
        reading=text(
            "which of two ranks is better for the task can be read off the increment alone: what holds on one input x "
            "holds on every input y",
            "两个秩中哪个对任务更好，只看增量就能判断：在输入 x 上成立的，在任何输入 y 上也成立",
        ),
        given=[
            *declare(D),
            *declare(x)[1:],
            *declare(y)[1:],
            weight,
            between(k, 1, rank),
            between(j, 1, rank),
            assume("k is the better one for x", ge(on_input(k, x), on_input(j, x))),
        ],
        says=ge(on_input(k, y), on_input(j, y)),
        witness={"D": diagonal_2_1, "x": first, "y": first, "lambda": "1/10", "k": "1", "j": "2"},
        checks=[
            Counter(values={"D": diagonal_2_1, "x": first, "y": second, "lambda": "1/10", "k": "1", "j": "2"}),
            Search(),
        ],
        note=text(
            "so a rule that reads the spectrum alone contradicts the definition by which the best rank depends on the "
            "task",
            "因此，只看谱的规则与“最优秩取决于任务”的定义相矛盾",
        ),
    ),
    Part(
        id="optimal-for-own-metric",
        role=caveat,
        expected=refuted,
        repair="optimal-for-energy",
        reading=text(
            "at least when performance is the energy itself, the rank that the threshold chooses is optimal against "
            "the cost",
            "至少当性能就是能量本身时，阈值选出的秩在计入成本后是最优的",
        ),
        given=[*declare(D), *chosen, weight, between(j, 1, rank)],
        says=ge(on_energy(k), on_energy(j)),
        witness={"D": diagonal_2_1, "tau": "4/5", "k": "1", "lambda": "0", "j": "1"},
        checks=[Counter(values={"D": diagonal_2_1, "tau": "19/20", "k": "2", "lambda": "1/2", "j": "1"}), Search()],
    ),
    Part(
        id="optimal-for-energy",
        role=caveat,
        expected=proved,
        depends_on=("lemma-11.32/energy-metric",),
        reading=text(
            "when performance is the energy, a rank k is optimal against lambda times the rank where its own share "
            "sigma_k^2 / |D|_F^2 is at least lambda and the next share at most: the share of a single rank decides, "
            "not the cumulated one",
            "当性能是能量时，若第 k 份 sigma_k^2 / |D|_F^2 不小于 lambda 而下一份不大于 lambda，则 k 在计入 "
            "lambda 倍秩后最优：起决定作用的是单个秩的份额，而不是累积份额",
        ),
        given=worth_it,
        says=[ge(on_energy(k), on_energy(j)), ge(on_energy(k), on_energy(l))],
        witness={"D": diagonal_2_1, "lambda": "1/2", "k": "1", "j": "0", "l": "2"},
        checks=[
            proof(
                *(energy(D, index, f"energy-{index}") for index in (j, k, l)),
                *total_positive(D),
                whole,
                *dearer(j, k),
                *cheaper(k, l),
                step("gained", arithmetic("sum-below", "equal-below", "whole"), gained),
                step("forgone", arithmetic("sum-above", "equal-above", "whole"), forgone),
                step(
                    "smaller",
                    arithmetic("energy-j", "energy-k", "split-below", "gained", "total-positive"),
                    ge(on_energy(k), on_energy(j)),
                ),
                step(
                    "larger",
                    arithmetic("energy-l", "energy-k", "split-above", "forgone", "total-positive"),
                    ge(on_energy(k), on_energy(l)),
                ),
            )
        ],
    ),
)
"""The parts of theorem 11.20 that speak of optimality."""
