"""What a bound on the rank buys in generalisation (section 11.2.5)."""

from __future__ import annotations

from claims.low_rank.error.complexity import complexity, stated
from claims.low_rank.error.linear_class import top_values
from claims.low_rank.error.tradeoff import tradeoff
from claims.low_rank.measured import measured
from claims.low_rank.proofs import residual, squares
from verify.authoring import *

m, n, r, N = sizes("m n r N")
index_r = indices("r_k")
s, eps = scalars("s epsilon")
W, M = matrix("W", m, n), matrix("M", m, n)
scale = real(s, 0)
smaller = Min(m, n)

# --- Corollary 11.7: what a smaller rank buys -------------------------------------------------------------------

sized = {"m": "1", "n": "1", "r": "1", "N": "1", "s": "1"}
larger_root = (
    step("sizes", arithmetic(), ge(smaller, 1)),
    step("roots", arithmetic(), le(sqrt(r), sqrt(r + 1))),
    step("products", arithmetic("roots"), le(sqrt(r) * sqrt(smaller), sqrt(r + 1) * sqrt(smaller))),
    step("scaled", arithmetic("products"), le(s * sqrt(r) * sqrt(smaller), s * sqrt(r + 1) * sqrt(smaller))),
    step("monotone", arithmetic("scaled"), le(stated(r), stated(r + 1))),
)
left_over = W - Truncated(W, index_r)
next_over = W - Truncated(W, index_r + 1)
cut_below = [*declare(W, N), between(index_r, 1, Rank(W) - 1), scale]
total, next_total = norm_sq(left_over) + stated(index_r), norm_sq(next_over) + stated(index_r + 1)

advantage = Claim(
    label="corollary-11.7",
    section="11.2.5 Error and generalisation",
    title=text("Generalisation from a smaller rank", "低秩的泛化优势"),
    statement_tex=[
        (
            r"\mathcal{R}_n(\mathcal{H}_r) \le \frac{\sigma_{\max}}{\sqrt{n}} \sqrt{r \min(m, n)} "
            r"\quad \text{for} \quad r < \min(m, n)"
        )
    ],
    parts=[
        Part(
            id="monotone",
            role=main,
            expected=proved,
            reading=text(
                "the right side of the bound does not fall when the rank allowed grows by one",
                "允许的秩加一时，界的右边不会减小",
            ),
            given=[*declare(m, n, r, N), scale],
            says=le(stated(r), stated(r + 1)),
            witness=sized,
            checks=[proof(*larger_root), Search()],
        ),
        Part(
            id="bounded-class-monotone",
            role=caveat,
            expected=proved,
            reading=text(
                "the same of the bound that is true: the sum of the r largest singular values of M does not fall with "
                "r",
                "对真正成立的界同样如此：M 的前 r 个奇异值之和不随 r 减小",
            ),
            given=[*declare(M, r)],
            says=le(top_values(r), top_values(r + 1)),
            witness={"M": [["1"]], "r": "1"},
            checks=[
                proof(
                    step("last", Last(total=top_values(r + 1))),
                    step("larger", arithmetic("last"), le(top_values(r), top_values(r + 1))),
                )
            ],
        ),
        Part(
            id="fewer-samples",
            role=caveat,
            expected=proved,
            reading=text(
                "if N samples bring the bound for rank r + 1 down to epsilon, they do so for rank r; and the bound "
                "for rank r is at most epsilon as soon as N is at least s^2 r min(m, n) / epsilon^2",
                "若 N 个样本使秩 r + 1 的界降到 epsilon，则对秩 r 也够；且只要 N 不小于 s^2 r min(m, n) / epsilon^2，"
                "秩 r 的界就不超过 epsilon",
            ),
            given=[
                *declare(m, n, r, N),
                scale,
                real(eps, 0, None, open=True),
                assume("enough samples", ge(N * eps**2, s**2 * r * smaller)),
            ],
            says=[le(stated(r), stated(r + 1)), le(stated(r), eps)],
            witness=sized | {"epsilon": "1"},
            checks=[
                proof(
                    *larger_root,
                    step("roots-of-samples", arithmetic(), ge(eps * sqrt(N), s * sqrt(r) * sqrt(smaller))),
                    step("enough", arithmetic("roots-of-samples"), le(stated(r), eps)),
                )
            ],
        ),
        Part(
            id="vacuous",
            role=caveat,
            expected=proved,
            reading=text(
                "for a loss between 0 and 1 the bound says nothing until N exceeds s^2 r min(m, n): before, it is at "
                "least one",
                "对取值在 0 与 1 之间的损失，在 N 超过 s^2 r min(m, n) 之前界不小于一，没有任何内容",
            ),
            given=[*declare(m, n, r, N), scale, assume("few samples", le(N, s**2 * r * smaller))],
            says=ge(stated(r), 1),
            witness=sized,
            checks=[
                proof(
                    step("roots", arithmetic(), ge(s * sqrt(r) * sqrt(smaller), sqrt(N))),
                    step("vacuous", arithmetic("roots"), ge(stated(r), 1)),
                )
            ],
            note=text(
                "at m = n = 4096, r = 32 and s = 1 that is 131072 samples, and the number grows with the square of s",
                "当 m = n = 4096、r = 32、s = 1 时即 131072 个样本，且这一数目随 s 的平方增长",
            ),
        ),
        Part(
            id="dimension",
            role=caveat,
            expected=proved,
            reading=text(
                "the rank bound takes away (m - r)(n - r) of the m n degrees of freedom, so nothing where r = min(m, "
                "n)",
                "秩约束从 mn 个自由度中去掉 (m - r)(n - r) 个，因此 r = min(m, n) 时什么也没有去掉",
            ),
            given=[*declare(m, n, r), assume("possible rank", le(r, smaller))],
            says=[eq(m * n - r * (m + n - r), (m - r) * (n - r)), le(r * (m + n - r), m * n)],
            witness={"m": "2", "n": "2", "r": "1"},
            checks=[
                proof(
                    step("count", arithmetic(), eq(m * n - r * (m + n - r), (m - r) * (n - r))),
                    step("product", arithmetic(), ge((m - r) * (n - r), 0)),
                    step("fewer", arithmetic("count", "product"), le(r * (m + n - r), m * n)),
                )
            ],
        ),
        Part(
            id="tighter-is-better",
            role=caveat,
            expected=refuted,
            repair="tighter-is-better-repaired",
            reading=text(
                "the smaller rank has the smaller guarantee as a whole: the squared error of the truncation of W "
                "together with the stated bound is no larger at rank r than at rank r + 1",
                "较小的秩给出的总保证也较小：W 的截断误差平方加上所给的界，在秩 r 处不超过在秩 r + 1 处",
            ),
            given=cut_below,
            says=le(total, next_total),
            witness={"W": [["2", "0"], ["0", "1"]], "r_k": "1", "N": "1", "s": "10"},
            checks=[Counter(values={"W": [["2", "0"], ["0", "1"]], "r_k": "1", "N": "4", "s": "1"}), Search()],
            note=text(
                "a bound on the gap between training and test error is no bound on the test error: what the rank "
                "saves in the one it may lose in the other",
                "训练误差与测试误差之差的界不是测试误差的界：秩在前者上省下的，可能在后者上失去",
            ),
        ),
        Part(
            id="tighter-is-better-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "it is exactly where the next squared singular value is at most what the bound grows by",
                "当且仅当下一个奇异值的平方不超过界的增量时成立；此处证明充分性与总量之差的等式",
            ),
            given=[
                *cut_below,
                assume("small next value", le(Sigma(W, index_r + 1) ** 2, stated(index_r + 1) - stated(index_r))),
            ],
            says=[
                eq(total - next_total, Sigma(W, index_r + 1) ** 2 - (stated(index_r + 1) - stated(index_r))),
                le(total, next_total),
            ],
            witness={"W": [["2", "0"], ["0", "1"]], "r_k": "1", "N": "1", "s": "10"},
            checks=[
                proof(
                    residual(W, index_r, "here"),
                    residual(W, index_r + 1, "next"),
                    step("first", First(total=squares(W, index_r + 1, Rank(W)))),
                    step(
                        "difference",
                        arithmetic("here", "next", "first"),
                        eq(total - next_total, Sigma(W, index_r + 1) ** 2 - (stated(index_r + 1) - stated(index_r))),
                    ),
                    step("less", arithmetic("difference"), le(total, next_total)),
                )
            ],
        ),
        *measured("corollary-11.7"),
    ],
)

CLAIMS: tuple[Claim, ...] = (complexity, advantage, tradeoff)
"""In the order of the text."""
