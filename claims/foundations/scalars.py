"""Inequalities between numbers: the entropy of the shares, soft thresholding, the contraction principle."""

from __future__ import annotations

from typing import Any

from claims.foundations.parts import theorem
from claims.foundations.proofs import *
from verify.authoring import *

m, n = sizes("m n")
i, j = indices("i j")
W = matrix("W", m, n)
rank = Rank(W)

# --- Jensen: the entropy of the shares p_i = sigma_i^a / sum_j sigma_j^a ------------------------------------------


def entropy_bound(node: Any, key: str, a: int) -> tuple[Line, ...]:
    """log(effective rank) <= log(rank), term by term from log x <= x - 1 at x = 1 / (rank p); then without logs."""
    total = Sum(s(W, j) ** a, (j, 1, rank))
    share = s(W, i) ** a / total
    gap = node(W) / rank
    return (
        step("first", apply("positive", W=W, i=1)),
        calculation("first-power", gt(s(W, 1) ** a, 0), "first"),
        step("apart", First(total=total)),
        step("others", Nonnegative(total=Sum(s(W, j) ** a, (j, 2, rank)))),
        calculation("total", gt(total, 0), "first-power", "apart", "others"),
        step("definition", apply(key, W=W)),
        step("reciprocal", apply("log-product", x=rank, y=1 / rank)),
        step(
            "terms",
            for_each(
                i,
                1,
                rank,
                step("value", apply("positive", W=W, i=i)),
                calculation("share", gt(share, 0), "value", "total"),
                calculation("ratio", gt(1 / (rank * share), 0), "value", "share", "total"),
                step("tangent", apply("log-tangent", x=1 / (rank * share))),
                step("split", apply("log-product", x=1 / (rank * share), y=share)),
                calculation(
                    "above",
                    ge(log(share), log(1 / rank) - 1 / (rank * share) + 1),
                    *("value", "share", "total", "tangent", "split"),
                ),
                calculation(
                    "term",
                    le(share * log(1 / rank) - 1 / rank + share, share * log(share)),
                    *("value", "share", "total", "above"),
                ),
            ),
        ),
        step("summed", Termwise(line="terms")),
        step("linear", Linear(total=Sum(share * log(1 / rank) - 1 / rank + share, (i, 1, rank)))),
        calculation("entropy", le(log(node(W)), log(rank)), *("total", "summed", "linear", "definition", "reciprocal")),
        step("quotient", apply("log-product", x=1 / gap, y=node(W))),
        step("below", apply("log-tangent", x=1 / gap)),
        calculation("at-least-one", ge(1 / gap, 1), "entropy", "quotient", "below"),
        calculation("goal", le(node(W), rank), "at-least-one"),
    )


nonzero = assume("W is not zero", ge(rank, 1))
jensen = Claim(
    label="theorem-jensen-entropy",
    title=text("Jensen's bound on the entropy", "熵的 Jensen 上界"),
    statement_tex=[r"-\sum_{i=1}^{r} p_i \log p_i \le \log r"],
    sources=["jensen1906", "cover2006"],
    parts=[
        theorem(
            name,
            text(
                f"the exponential of the entropy of the shares, singular values {en}, is at most the rank",
                f"奇异值{zh}所占份额的熵的指数不超过秩",
            ),
            [*declare(W), nonzero],
            le(node(W), rank),
            {"W": [["2", "0"], ["0", "1"]]},
            *entropy_bound(node, key, a),
            note=text(
                "as general as the bound for any finite distribution: with these values on a diagonal, the shares are "
                "whatever probabilities one likes",
                "这与任意有限分布的上界同样一般：把适当的值放在对角线上，份额可以是任何概率",
            ),
        )
        for name, node, key, a, en, zh in (
            ("effective-rank", EffectiveRank, "effective-rank", 2, "squared", "平方"),
            ("effective-rank-l1", EffectiveRankL1, "effective-rank-l1", 1, "as they are", "本身"),
        )
    ],
)

# --- soft thresholding --------------------------------------------------------------------------------------

x, y, t = scalars("x y t")
soft = Max(x - t, 0) - Max(-x - t, 0)


def cost(z: Any) -> Any:
    return (z - x) ** 2 / 2 + t * Abs(z)


least, only = le(cost(soft), cost(y)), lt(cost(soft), cost(y))
soft_thresholding = Claim(
    label="theorem-soft-thresholding",
    title=text("Soft thresholding is the proximal map of the absolute value", "软阈值是绝对值的近端映射"),
    statement_tex=[r"\operatorname{argmin}_y \; \tfrac12 (y - x)^2 + t |y| = \max(x - t, 0) - \max(-x - t, 0)"],
    sources=["donoho1995"],
    parts=[
        theorem(
            "minimiser",
            text("soft thresholding minimises half the squared distance plus t times the absolute value",
                 "软阈值使“平方距离之半加 t 倍绝对值”达到最小"),
            [real(x), real(t, 0), real(y)],
            least,
            {"x": "2", "t": "1", "y": "0"},
            calculation("goal", least),
            search=False,
        ),
        theorem(
            "only-minimiser",
            text("and nothing else does", "且最小点唯一"),
            [real(x), real(t, 0), real(y), assume("another point", ne(y, soft))],
            only,
            {"x": "2", "t": "1", "y": "0"},
            calculation("goal", only),
            search=False,
        ),
    ],
)  # fmt: skip

# --- contraction --------------------------------------------------------------------------------------------

u, v, f, g = scalars("u v f g")
contracted = le(u + f + v - g, Max(u + x + v - y, u - x + v + y))
contraction = Claim(
    label="lemma-contraction",
    title=text("Contraction of Rademacher averages: one sign", "Rademacher 平均的压缩：单个符号"),
    statement_tex=[r"|f - g| \le |x - y| \;\Rightarrow\; u + f + v - g \le \max(u + x + v - y, \; u - x + v + y)"],
    sources=["ledoux1991"],
    parts=[
        theorem(
            "two-points",
            text(
                "the step that replaces one contracted coordinate: for any two hypotheses with the rest of the sums "
                "u, v and this coordinate x, y before and f, g after contraction, the pair is dominated in one of its "
                "orders",
                "逐坐标替换的关键一步：对任意两个假设，其余部分为 u、v，该坐标压缩前为 x、y，压缩后为 f、g，"
                "则两种次序之一给出上界",
            ),
            [*(real(z) for z in (u, v, x, y, f, g)), assume("contraction", le(Abs(f - g), Abs(x - y)))],
            contracted,
            {"u": "0", "v": "0", "x": "1", "y": "0", "f": "1/2", "g": "0"},
            calculation("goal", contracted),
            search=False,
            note=text(
                "the average over signs and the supremum over a class are not in the language of formulas; taking the "
                "supremum over both hypotheses, then the mean over the other signs, gives the contraction principle",
                "对符号取平均与对函数类取上确界不在公式语言之内；先对两个假设取上确界，再对其余符号取平均，即得压缩原理",
            ),
        )
    ],
)

CLAIMS = (jensen, soft_thresholding, contraction)
