"""The rank that is best for a task, against its cost (section 11.2.5)."""

from __future__ import annotations

from typing import Any

from verify.authoring import *

m, n, r, t = sizes("m n r t")
i, j, k, l, p, q = indices("i j k l p q")
P, C, Q, F = vector("P", r), vector("C", r), vector("Q", r), vector("F", r)
lam, c, delta = scalars("lambda c delta")

trade = [*declare(P, C), real(lam)]


def performance(index: Any) -> Any:
    return Entry(P, index, 1)


def value(index: Any) -> Any:
    """What the definition maximises: performance less lambda times the cost."""
    return Entry(P, index, 1) - lam * Entry(C, index, 1)


def measured(index: Any) -> Any:
    """The same with a measured performance Q in the place of P."""
    return Entry(Q, index, 1) - lam * Entry(C, index, 1)


def shortfall(index: Any, top: Any) -> Any:
    """By how much the values F up to ``top`` exceed the one at ``index``, summed: zero where none does."""
    return sigma_sum(Max(0, Entry(F, j, 1) - Entry(F, index, 1)), j, 1, top)


def best_up_to(top: Any) -> Any:
    """Zero exactly where some rank up to ``top`` has no shortfall."""
    return product(shortfall(i, top), i, 1, top)


def excess(index: Any) -> Any:
    """The same for the values of the definition and all ranks."""
    return sigma_sum(Max(0, value(j) - value(index)), j, 1, r)


def maximiser(index: Any) -> Assume:
    return assume(f"no rank is better than {index}", eq(excess(index), 0))


# --- a finite set of ranks has a best one, by induction -----------------------------------------------------


def objective(index: Any) -> Any:
    return Entry(F, index, 1)


over = Max(0, objective(p + 1) - objective(q))
under = Max(0, objective(q) - objective(p + 1))

exists = Induction(
    index=p,
    start=1,
    stop=r,
    formula=eq(best_up_to(p), 0),
    base=(
        step("one", Last(total=best_up_to(1))),
        step("none", Empty(total=product(shortfall(i, 1), i, 1, 0))),
        step("own", Last(total=shortfall(1, 1))),
        step("nothing", Empty(total=sigma_sum(Max(0, objective(j) - objective(1)), j, 1, 0))),
        step("base-case", arithmetic("one", "none", "own", "nothing"), eq(best_up_to(1), 0)),
    ),
    step=(
        step("best-so-far", ZeroFactor(line="hypothesis", called=q)),
        step(
            "none-better",
            for_each(
                k,
                1,
                p,
                step("at-k", Split(total=shortfall(q, p), at=k - 1)),
                step("before", Nonnegative(total=sigma_sum(Max(0, objective(j) - objective(q)), j, 1, k - 1))),
                step("first", First(total=sigma_sum(Max(0, objective(j) - objective(q)), j, k, p))),
                step("after", Nonnegative(total=sigma_sum(Max(0, objective(j) - objective(q)), j, k + 1, p))),
                step(
                    "no-better",
                    arithmetic("best-so-far", "at-k", "before", "first", "after"),
                    le(objective(k), objective(q)),
                ),
                step("hence", arithmetic("no-better"), le(Max(0, objective(k) - objective(p + 1)), under)),
            ),
        ),
        step("sum", Termwise(line="none-better")),
        step("equal", Constant(total=Sum(under, (k, 1, p)))),
        step("old-sign", Nonnegative(total=shortfall(p + 1, p))),
        step("new-for-old", Last(total=shortfall(q, p + 1))),
        step("new-for-new", Last(total=shortfall(p + 1, p + 1))),
        step("for-old", arithmetic("best-so-far", "new-for-old"), eq(shortfall(q, p + 1), over)),
        step("for-new", arithmetic("sum", "equal", "new-for-new"), le(shortfall(p + 1, p + 1), p * under)),
        step("sign", arithmetic("old-sign", "new-for-new"), ge(shortfall(p + 1, p + 1), 0)),
        step(
            "one-of-two", arithmetic("for-old", "for-new", "sign"), eq(shortfall(q, p + 1) * shortfall(p + 1, p + 1), 0)
        ),
        step("last", Last(total=best_up_to(p + 1))),
        step("apart", Split(total=product(shortfall(i, p + 1), i, 1, p), at=q - 1)),
        step("factor", First(total=product(shortfall(i, p + 1), i, q, p))),
        step("next", arithmetic("one-of-two", "last", "apart", "factor"), eq(best_up_to(p + 1), 0)),
    ),
)


def beats(better: Any, other: Any, name: str) -> tuple[Line, ...]:
    """The value at a maximiser is no smaller than that at another rank."""
    terms = Max(0, value(j) - value(better))
    return (
        step(f"{name}-at", Split(total=excess(better), at=other - 1)),
        step(f"{name}-before", Nonnegative(total=sigma_sum(terms, j, 1, other - 1))),
        step(f"{name}-first", First(total=sigma_sum(terms, j, other, r))),
        step(f"{name}-after", Nonnegative(total=sigma_sum(terms, j, other + 1, r))),
        step(name, arithmetic(), le(value(other), value(better))),
    )


noisy = [
    *declare(P, C),
    *declare(Q)[1:],
    real(lam),
    real(delta, 0),
    between(k, 1, r),
    between(l, 1, r),
    assume("error at k", le(Abs(Entry(Q, k, 1) - Entry(P, k, 1)), delta)),
    assume("error at l", le(Abs(Entry(Q, l, 1) - Entry(P, l, 1)), delta)),
    assume("k is better as measured", ge(measured(k), measured(l))),
]
two_ranks = {"P": [["1"], ["2"]], "C": [["1"], ["2"]]}

task_rank = Claim(
    label="definition-11.23",
    section="11.2.5 Error and generalisation",
    title=text("Task-dependent rank", "任务相关秩"),
    statement_tex=[r"r^* = \mathrm{argmax}_{r} \left( P(r) - \lambda \, C(r) \right)"],
    parts=[
        Part(
            id="exists",
            role=main,
            expected=proved,
            reading=text(
                "whatever the values F(i) = P(i) - lambda C(i) at the ranks from 1 to r, some rank is best. Said as a "
                "product over the ranks i of how much the others exceed i, which is zero exactly where some i is "
                "exceeded by none; the ranks of an m x n matrix are finitely many",
                "无论目标 F(i) = P(i) - lambda C(i) 在 1 到 r 各秩上取什么值，必有最优的秩。写成对各秩 i 的乘积，"
                "因子为其他秩超出 i 的总量；乘积为零当且仅当有某个 i 不被超出。m x n 矩阵的秩只有有限个",
            ),
            given=declare(F),
            says=eq(best_up_to(r), 0),
            witness={"F": [["1"], ["2"]]},
            checks=[proof(step("induction", exists), step("all", Instance(of="induction", at=r))), Search()],
            spared={
                "sum of conclusion 1 starts one later": text(
                    "also true: at a largest entry every term of the sum is zero, whichever terms are left in it",
                    "同样成立：在最大的一项处，和中每一项都为零，去掉其中哪些项都一样",
                ),
                "sum of conclusion 1 ends one earlier": text(
                    "also true: at a largest entry every term of the sum is zero, whichever terms are left in it",
                    "同样成立：在最大的一项处，和中每一项都为零，去掉其中哪些项都一样",
                ),
            },
        ),
        Part(
            id="exists-without-limit",
            role=caveat,
            expected=proved,
            reading=text(
                "without an upper limit for the rank a best one need not exist: where performance approaches one as "
                "1 - 1/t and the weight of the cost is zero, every rank t is beaten by the next",
                "若秩没有上限，最优者未必存在：当性能按 1 - 1/t 趋近于一而成本的权重为零时，每个秩 t 都不如下一个",
            ),
            given=declare(t),
            says=gt(1 - 1 / (t + 1), 1 - 1 / t),
            witness={"t": "1"},
            checks=[proof(step("better", arithmetic(), gt(1 - 1 / (t + 1), 1 - 1 / t)))],
        ),
        Part(
            id="limit-from-cost",
            role=caveat,
            expected=proved,
            reading=text(
                "a positive price limits the search by itself: with performance between 0 and 1 and a cost of k (m + n)"
                " parameters at rank k, every rank beyond 1 + 1/(lambda (m + n)) is worse than rank one",
                "正的价格本身就限定了搜索范围：若性能介于 0 与 1 之间，秩 k 的成本为 k(m + n) 个参数，则超过 "
                "1 + 1/(lambda (m + n)) 的秩都不如秩一",
            ),
            given=[
                *declare(P),
                *declare(m, n),
                real(lam, 0),
                between(k, 1, r),
                assume("performance is not negative", ge(performance(1), 0)),
                assume("performance is at most one", le(performance(k), 1)),
                assume("beyond the limit", gt(lam * (m + n) * (k - 1), 1)),
            ],
            says=lt(performance(k) - lam * k * (m + n), performance(1) - lam * (m + n)),
            witness={"P": [["0"], ["1"]], "m": "1", "n": "1", "lambda": "1", "k": "2"},
            checks=[
                proof(
                    step("worse", arithmetic(), lt(performance(k) - lam * k * (m + n), performance(1) - lam * (m + n)))
                )
            ],
        ),
        Part(
            id="unique",
            role=caveat,
            expected=refuted,
            repair="unique-repaired",
            reading=text("two ranks that are both best are the same rank", "两个都最优的秩是同一个秩"),
            given=[*trade, between(k, 1, r), between(l, 1, r), maximiser(k), maximiser(l)],
            says=eq(k, l),
            witness={**two_ranks, "lambda": "0", "k": "2", "l": "2"},
            checks=[Counter(values={**two_ranks, "lambda": "1", "k": "1", "l": "2"}), Search()],
            note=text(
                "the definition needs a rule for ties, such as the smallest rank that is best",
                "该定义需要补充并列时的取法，例如取最优者中最小的秩",
            ),
        ),
        Part(
            id="unique-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "what is unique is the best value: two ranks that are both best have the same",
                "唯一的是最优值：两个都最优的秩取值相同",
            ),
            given=[*trade, between(k, 1, r), between(l, 1, r), maximiser(k), maximiser(l)],
            says=eq(value(k), value(l)),
            witness={**two_ranks, "lambda": "1", "k": "1", "l": "2"},
            checks=[
                proof(
                    *beats(k, l, "first-best"),
                    *beats(l, k, "second-best"),
                    step("equal", arithmetic("first-best", "second-best"), eq(value(k), value(l))),
                )
            ],
        ),
        Part(
            id="sign-of-lambda",
            role=caveat,
            expected=refuted,
            repair="sign-of-lambda-repaired",
            reading=text(
                "of two ranks with equal performance the cheaper one is at least as good, for every trade-off "
                "coefficient lambda: nothing is said of its sign",
                "性能相同的两个秩中，较便宜的不会更差，对任何权衡系数 lambda 都如此：原文未规定其符号",
            ),
            given=[
                *trade,
                between(k, 1, r),
                between(l, 1, r),
                assume("equal performance", eq(performance(k), performance(l))),
                assume("k is no dearer", le(Entry(C, k, 1), Entry(C, l, 1))),
            ],
            says=ge(value(k), value(l)),
            witness={"P": [["1"], ["1"]], "C": [["1"], ["2"]], "lambda": "1", "k": "1", "l": "2"},
            checks=[
                Counter(values={"P": [["1"], ["1"]], "C": [["1"], ["2"]], "lambda": "-1", "k": "1", "l": "2"}),
                Search(),
            ],
        ),
        Part(
            id="sign-of-lambda-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "for lambda >= 0 the cheaper of two equally good ranks is at least as good",
                "当 lambda >= 0 时，两个性能相同的秩中较便宜的不会更差",
            ),
            given=[
                *declare(P, C),
                real(lam, 0),
                between(k, 1, r),
                between(l, 1, r),
                assume("equal performance", eq(performance(k), performance(l))),
                assume("k is no dearer", le(Entry(C, k, 1), Entry(C, l, 1))),
            ],
            says=ge(value(k), value(l)),
            witness={"P": [["1"], ["1"]], "C": [["1"], ["2"]], "lambda": "1", "k": "1", "l": "2"},
            checks=[proof(step("cheaper", arithmetic(), ge(value(k), value(l))))],
        ),
        Part(
            id="unit-of-performance",
            role=caveat,
            expected=refuted,
            repair="unit-of-performance-repaired",
            reading=text(
                "the better of two ranks does not depend on the unit of performance, a share or a percentage: a factor "
                "c > 0 on P keeps the order",
                "两个秩孰优与性能的单位（比例或百分数）无关：P 乘以 c > 0 后次序不变",
            ),
            given=[
                *trade,
                real(c, 0, open=True),
                between(k, 1, r),
                between(l, 1, r),
                assume("k is the better one", ge(value(k), value(l))),
            ],
            says=ge(c * performance(k) - lam * Entry(C, k, 1), c * performance(l) - lam * Entry(C, l, 1)),
            witness={**two_ranks, "lambda": "1", "c": "1", "k": "1", "l": "2"},
            checks=[Counter(values={**two_ranks, "lambda": "1", "c": "2", "k": "1", "l": "2"}), Search()],
            note=text(
                "lambda carries a unit: performance per unit of cost; without it the optimal rank is not determined",
                "lambda 带有单位：每单位成本折合的性能；不写明单位，最优秩就不确定",
            ),
        ),
        Part(
            id="unit-of-performance-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the order is kept where lambda is converted along with the performance",
                "若 lambda 随性能一起换算，则次序不变",
            ),
            given=[
                *trade,
                real(c, 0, open=True),
                between(k, 1, r),
                between(l, 1, r),
                assume("k is the better one", ge(value(k), value(l))),
            ],
            says=ge(c * performance(k) - c * lam * Entry(C, k, 1), c * performance(l) - c * lam * Entry(C, l, 1)),
            witness={**two_ranks, "lambda": "1", "c": "2", "k": "1", "l": "2"},
            checks=[
                proof(
                    step("times-c", arithmetic(), ge(c * value(k), c * value(l))),
                    step(
                        "kept",
                        arithmetic("times-c"),
                        ge(
                            c * performance(k) - c * lam * Entry(C, k, 1), c * performance(l) - c * lam * Entry(C, l, 1)
                        ),
                    ),
                )
            ],
        ),
        Part(
            id="measured-performance",
            role=caveat,
            expected=refuted,
            repair="measured-performance-repaired",
            reading=text(
                "the rank that is best by a measured performance Q is best by the true one, as using the definition "
                "requires; Q differs from P by at most delta",
                "按测得的性能 Q 最优的秩，按真实性能 P 也最优，这正是使用该定义所需；Q 与 P 之差不超过 delta",
            ),
            given=noisy,
            says=ge(value(k), value(l)),
            witness={**two_ranks, "Q": [["1"], ["2"]], "lambda": "0", "delta": "0", "k": "2", "l": "1"},
            checks=[
                Counter(values={**two_ranks, "Q": [["2"], ["1"]], "lambda": "0", "delta": "1", "k": "1", "l": "2"}),
                Search(),
            ],
            note=text(
                "performance is measured on a sample, so the best rank is a random quantity; repeat the measurement "
                "before comparing ranks",
                "性能是在样本上测得的，因此最优秩是随机量；比较秩之前应重复测量",
            ),
        ),
        Part(
            id="measured-performance-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the rank that is best by the measured performance is within 2 delta of the best",
                "按测得的性能最优的秩，与真正最优值之差不超过 2 delta",
            ),
            given=noisy,
            says=ge(value(k), value(l) - 2 * delta),
            witness={**two_ranks, "Q": [["2"], ["1"]], "lambda": "0", "delta": "1", "k": "1", "l": "2"},
            checks=[proof(step("close", arithmetic(), ge(value(k), value(l) - 2 * delta)))],
        ),
    ],
)
