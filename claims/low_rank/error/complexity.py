"""Rademacher complexity of rank-bounded maps (section 11.2.5).

The linear map W gives the number <y, W x> on a sample (x, y). On N samples with signs eps_i the supremum in the
Rademacher complexity is that of <W, M> / N over the class, where M is the sum of the eps_i y_i x_i'.
"""

from __future__ import annotations

from typing import Any

from claims.low_rank.error.linear_class import LINEAR_CLASS, ONE, M, W, bounded, low_rank, scale, smaller
from verify.authoring import *

m, n, r, N = sizes("m n r N")
s, t, K = scalars("s t K")
x, y, p, q = vector("x", n), vector("y", m), vector("p", m), vector("q", n)
ONE_SAMPLE = {"W": [["1"]], "x": [["1"]], "y": [["1"]], "r": "1", "s": "1"}


def stated(rank: Any, count: Any = N) -> Any:
    """The right side of the stated bound."""
    return s * sqrt(rank * smaller) / sqrt(count)


norm_by_rank = (
    step("rank", apply("frobenius-rank", W=W)),
    step("spectral", apply("spectral-norm", W=W)),
    step("square", arithmetic("spectral"), le(SpectralNorm(W) ** 2, s**2)),
    step("by-rank", arithmetic(), le(Rank(W) * SpectralNorm(W) ** 2, r * SpectralNorm(W) ** 2)),
    step("by-bound", arithmetic("square"), le(r * SpectralNorm(W) ** 2, r * s**2)),
    step("norm-square", arithmetic("rank", "by-rank", "by-bound"), le(norm_sq(W), r * s**2)),
    step("norm", arithmetic("norm-square"), le(FrobeniusNorm(W), s * sqrt(r))),
)
one_sample = (
    step("cauchy", apply("cauchy-schwarz", A=y, B=W * x)),
    step("stretch", apply("stretch", W=W, Z=x)),
    step("image", arithmetic("stretch"), le(FrobeniusNorm(W * x), Sigma(W, 1) * FrobeniusNorm(x))),
    step("shorter", arithmetic(), le(Sigma(W, 1) * FrobeniusNorm(x), s * FrobeniusNorm(x))),
    step("product", arithmetic("cauchy"), le(sp.Trace(y.T * W * x), FrobeniusNorm(y) * FrobeniusNorm(W * x))),
    step(
        "value",
        arithmetic("image", "shorter", "product"),
        le(sp.Trace(y.T * W * x), s * FrobeniusNorm(x) * FrobeniusNorm(y)),
    ),
)

complexity = Claim(
    label="theorem-11.19",
    section="11.2.5 Error and generalisation",
    title=text("A generalisation bound from the rank", "秩约束的泛化界"),
    statement_tex=[
        r"\mathcal{H}_r = \{W : \operatorname{rank} W \le r\}",
        r"\mathcal{R}_n(\mathcal{H}_r) \le \frac{\sigma_{\max}}{\sqrt{n}} \sqrt{r \min(m, n)}",
    ],
    sources=["bartlett2002rademacher"],
    parts=[
        Part(
            id="finite",
            role=main,
            expected=refuted,
            repair="finite-repaired",
            reading=text(
                "for every W of rank at most r, and a number s in the place of the largest singular value, <W, M> / N "
                "is at most the stated bound. The complexity is the mean of the supremum of the left side, and the "
                "class as defined bounds the rank alone, so that a single W beyond the bound, scaled up, makes it "
                "infinite.",
                "对秩不超过 r 的每个 W，取数 s 代替最大奇异值，<W, M>/N 不超过所给的界。复杂度是左边上确界的均值，而该"
                "类按定义只限制秩，因此只要有一个 W 越界，将其放大便得到无穷大。",
            ),
            given=[*declare(W, M, r, N), scale, low_rank],
            says=le(inner(W, M) / N, stated(r)),
            witness=ONE,
            checks=[Counter(values=ONE | {"W": [["2"]]}), Search()],
            note=text(
                "the rank is blind to scale: a bound on it alone bounds no complexity; the norm must be bounded in the "
                "definition of the class",
                "秩不随缩放改变：只限制秩不能限制复杂度，范数的界必须写进类的定义",
            ),
        ),
        Part(
            id="finite-repaired",
            role=main,
            expected=proved,
            reading=text(
                "with largest singular values bounded by s, each member of the class gives at most s sqrt(r) |M| / N, "
                "so the supremum is finite for all data and signs",
                "若最大奇异值以 s 为界，则类中每个元素至多给出 s sqrt(r) |M| / N，故对任何数据与符号上确界都有限",
            ),
            given=[*declare(W, M, r, N), scale, low_rank, bounded],
            says=le(inner(W, M) / N, s * sqrt(r) * FrobeniusNorm(M) / N),
            witness=ONE,
            checks=[
                proof(
                    *norm_by_rank,
                    step("cauchy", apply("cauchy-schwarz", A=W, B=M)),
                    step("product", arithmetic("cauchy"), le(inner(W, M), FrobeniusNorm(W) * FrobeniusNorm(M))),
                    step(
                        "longer",
                        arithmetic("norm"),
                        le(FrobeniusNorm(W) * FrobeniusNorm(M), s * sqrt(r) * FrobeniusNorm(M)),
                    ),
                    step("bound", arithmetic("product", "longer"), le(inner(W, M), s * sqrt(r) * FrobeniusNorm(M))),
                    step("mean", arithmetic("bound"), le(inner(W, M) / N, s * sqrt(r) * FrobeniusNorm(M) / N)),
                )
            ],
        ),
        Part(
            id="unbounded",
            role=caveat,
            expected=proved,
            reading=text(
                "the complexity of the class as defined is infinite: unless p'Mq is zero for all p, q, a multiple of "
                "p q' of rank one exceeds any number K",
                "按定义该类的复杂度为无穷大：除非对所有 p、q 都有 p'Mq 为零，否则 p q' 的某个倍数（秩为一）超过任意给"
                "定的数 K",
            ),
            given=[
                *declare(M, p, q, N),
                real(K, 0),
                real(t),
                assume("not orthogonal", gt(sp.Trace(p.T * M * q), 0)),
                assume("large multiple", eq(t * sp.Trace(p.T * M * q), (K + 1) * N)),
            ],
            says=[le(Rank(t * p * q.T), 1), gt(inner(t * p * q.T, M) / N, K)],
            witness={"M": [["1"]], "p": [["1"]], "q": [["1"]], "N": "1", "K": "1", "t": "2"},
            checks=[
                proof(
                    step("product", apply("rank-product-left", A=t * p, C=q.T)),
                    step("column", apply("rank-columns", W=t * p)),
                    step("rank", arithmetic("product", "column"), le(Rank(t * p * q.T), 1)),
                    step("value", TraceAlgebra(), eq(inner(t * p * q.T, M), t * sp.Trace(p.T * M * q))),
                    step("large", arithmetic("value"), eq(inner(t * p * q.T, M), (K + 1) * N)),
                    step("exceeds", arithmetic("large"), gt(inner(t * p * q.T, M) / N, K)),
                )
            ],
        ),
        Part(
            id="data-scale",
            role=main,
            expected=refuted,
            repair="data-scale-repaired",
            reading=text(
                "with the largest singular value bounded by s as well, the stated bound holds without a word on the "
                "size of the inputs. Judged at one sample, where the two signs give the same supremum, so that the "
                "complexity is the supremum of y'Wx itself; y has length at most one.",
                "即使最大奇异值也以 s 为界，所给的界在不提输入大小时仍成立。取一个样本：两种符号的上确界相同，复杂度就"
                "是 y'Wx 的上确界；y 的长度不超过一。",
            ),
            given=[
                *declare(W, x, y, r),
                scale,
                low_rank,
                bounded,
                assume("direction of the output", le(FrobeniusNorm(y), 1)),
            ],
            says=le(sp.Trace(y.T * W * x), s * sqrt(r * smaller)),
            witness=ONE_SAMPLE,
            checks=[Counter(values=ONE_SAMPLE | {"x": [["2"]]}), Search()],
            note=text(
                "twice the input, twice the left side: no bound that does not see the data can hold",
                "输入加倍，左边也加倍：不含数据大小的界不可能成立",
            ),
        ),
        Part(
            id="data-scale-repaired",
            role=main,
            expected=proved,
            reading=text(
                "on one sample the value is at most s times the lengths of x and y, whatever the rank",
                "单个样本上的值不超过 s 乘以 x 与 y 的长度，与秩无关",
            ),
            given=[*declare(W, x, y), scale, bounded],
            says=le(sp.Trace(y.T * W * x), s * FrobeniusNorm(x) * FrobeniusNorm(y)),
            witness={"W": [["1"]], "x": [["2"]], "y": [["1"]], "s": "1"},
            checks=[proof(*one_sample), Search()],
        ),
        Part(
            id="unit-data",
            role=caveat,
            expected=proved,
            reading=text(
                "for inputs and output directions of length at most one the stated bound holds at one sample, but is "
                "too large by the whole root: s alone will do",
                "若输入与输出方向的长度都不超过一，则所给的界在一个样本上成立，但整个根号都是多余的：s 已经足够",
            ),
            given=[
                *declare(W, x, y, r),
                scale,
                bounded,
                assume("input", le(FrobeniusNorm(x), 1)),
                assume("output", le(FrobeniusNorm(y), 1)),
            ],
            says=[le(sp.Trace(y.T * W * x), s), le(s, s * sqrt(r * smaller))],
            witness=ONE_SAMPLE,
            checks=[
                proof(
                    *one_sample,
                    step("input-output", arithmetic(), le(FrobeniusNorm(x) * FrobeniusNorm(y), 1)),
                    step("times", arithmetic("input-output"), le(s * (FrobeniusNorm(x) * FrobeniusNorm(y)), s)),
                    step("small", arithmetic("value", "times"), le(sp.Trace(y.T * W * x), s)),
                    step("sizes", arithmetic(), ge(smaller, 1)),
                    step("factor", arithmetic("sizes"), ge(r * smaller, 1)),
                    step("root", arithmetic("factor"), ge(sqrt(r * smaller), 1)),
                    step("large", arithmetic("root"), le(s, s * sqrt(r * smaller))),
                )
            ],
        ),
        Part(
            id="one-meaning-of-n",
            role=caveat,
            expected=refuted,
            repair="one-meaning-of-n-repaired",
            reading=text(
                "n is the number of columns of W and the number of samples: with N samples and n columns the two "
                "readings of the bound agree",
                "n 既是 W 的列数又是样本数：当样本数为 N、列数为 n 时，界的两种读法一致",
            ),
            given=[*declare(m, n, r, N), scale],
            says=eq(stated(r, N), stated(r, n)),
            witness={"m": "1", "n": "1", "r": "1", "N": "1", "s": "1"},
            checks=[Counter(values={"m": "1", "n": "1", "r": "1", "N": "4", "s": "1"}), Search()],
            note=text("read as columns, more samples do not help at all", "若按列数理解，则增加样本毫无作用"),
        ),
        Part(
            id="one-meaning-of-n-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "they agree only where there are as many samples as columns", "只有样本数等于列数时两种读法才一致"
            ),
            given=[
                *declare(m, n, r, N),
                real(s, 0, None, open=True),
                assume("the readings agree", eq(stated(r, N), stated(r, n))),
            ],
            says=eq(N, n),
            witness={"m": "1", "n": "1", "r": "1", "N": "1", "s": "1"},
            checks=[
                proof(
                    step("sizes", arithmetic(), ge(smaller, 1)),
                    step("factor", arithmetic("sizes"), gt(s * sqrt(r) * sqrt(smaller), 0)),
                    step("roots", arithmetic("factor"), eq(sqrt(n), sqrt(N))),
                    step("equal", arithmetic("roots"), eq(N, n)),
                )
            ],
        ),
        Part(
            id="one-symbol",
            role=caveat,
            expected=proved,
            reading=text(
                "taken at its word, with the one n for both, the bound is s sqrt(r) wherever n is at most m: the "
                "number of samples drops out of it",
                "照字面理解，同一个 n 兼指二者，则只要 n 不超过 m，界就等于 s sqrt(r)：样本数从中消失",
            ),
            given=[*declare(m, n, r), scale, assume("no more columns than rows", le(n, m))],
            says=eq(stated(r, n), s * sqrt(r)),
            witness={"m": "2", "n": "1", "r": "1", "s": "1"},
            checks=[
                proof(
                    step("smaller", arithmetic(), eq(smaller, n)),
                    step("square", arithmetic("smaller"), eq(r * smaller, r * n)),
                    step("root", arithmetic("square"), eq(sqrt(r * smaller), sqrt(r) * sqrt(n))),
                    step("left", arithmetic("root"), eq(stated(r, n), s * sqrt(r))),
                )
            ],
        ),
        *LINEAR_CLASS,
    ],
)
