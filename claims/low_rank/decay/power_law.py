"""The power law of the singular values, and the estimation of its exponent (section 11.2.2)."""

from __future__ import annotations

from claims.low_rank.decay.power_sums import head_and_tail, power_sum, share
from claims.low_rank.measured import measured
from claims.low_rank.records import RECORDS
from verify.authoring import *
from verify.model.statement import Size

n, p = sizes("n p")
i, k, r = indices("i k r")
alpha, a, b = scalars("alpha a b")
c, q, lam = scalars("c q lambda")
X, theta, e = matrix("X", n, p), vector("theta", p), vector("e", n)

positive_c = real(c, 0, None, open=True)
law = c * i ** (-alpha)
fitted = scalars("C")
misfit = Sum(log(law / (fitted * i ** (-b))) ** 2, (i, 1, n))
density = lam ** (-a)

in_logarithms = (
    step("factor", apply("power-positive", x=i, a=-alpha)),
    step("product", apply("log-product", x=c, y=i ** (-alpha))),
    step("power", apply("log-power", x=i, a=-alpha)),
    step("line", arithmetic("factor", "product", "power"), eq(log(law), log(c) - alpha * log(i))),
)
positive_fit = real(fitted, 0, None, open=True)
as_good = assume("as good a fit as the true line", le(misfit, 0))
ratio_at_two = 2 ** (b - alpha)
best_fit_is_exact = (
    step("first", First(total=misfit)),
    step("second", First(total=misfit.func(misfit.function, (i, 2, n)))),
    step(
        "others-each",
        for_each(
            i,
            3,
            n,
            step("fit", apply("power-positive", x=i, a=b)),
            step("law", apply("power-positive", x=i, a=-alpha)),
            step("square", arithmetic("fit", "law"), le(0, misfit.function)),
        ),
    ),
    step("others", Termwise(line="others-each")),
    step("zeros", Constant(total=Sum(0, (i, 3, n)))),
    step("factor", apply("power-positive", x=2, a=b - alpha)),
    step(
        "both-fit",
        arithmetic("first", "second", "others", "zeros", "factor"),
        le(log(c / fitted) ** 2 + log(c * ratio_at_two / fitted) ** 2, 0),
    ),
    step("at-one", arithmetic("both-fit", "factor"), eq(log(c / fitted), 0)),
    step("at-two", arithmetic("both-fit", "factor"), eq(log(c * ratio_at_two / fitted), 0)),
    step("inverse", apply("log-product", x=c / fitted, y=fitted / c)),
    step("below", apply("log-tangent", x=c / fitted)),
    step("above", apply("log-tangent", x=fitted / c)),
    step("at-most", arithmetic("at-one", "below"), le(fitted, c)),
    step("at-least", arithmetic("at-one", "inverse", "above"), le(c, fitted)),
    step("factor-found", arithmetic("at-most", "at-least"), eq(fitted, c)),
    step("apart", apply("log-product", x=c / fitted, y=ratio_at_two)),
    step("power", apply("log-power", x=2, a=b - alpha)),
    step("two", Evaluation(), gt(log(2), 0)),
    step("flat", arithmetic("at-two", "at-one", "apart", "factor"), eq(log(ratio_at_two), 0)),
    step("slope", arithmetic("flat", "power", "two"), eq(b, alpha)),
)

# The density of the eigenvalues sigma^2 has exponent a where the number of those above t falls like t^(1 - a): from the
# first value of the law to value r this number grows by the factor r, and the eigenvalue falls by r^(-2 alpha).
counted = assume("r values up to value r", eq(r ** (2 * alpha * (a - 1)), r))
exponents = [
    Size(symbol=n, low=2),
    between(r, 2, n),
    real(alpha, 0, None, open=True),
    real(a, 1, None, open=True),
    counted,
]
converted = assume("conversion", eq(a, 1 + 1 / (2 * alpha)))
conversion = (
    step("power", apply("log-power", x=r, a=2 * alpha * (a - 1))),
    step("same", Hypothesis(), eq(r ** (2 * alpha * (a - 1)), r)),
    step("logarithms", Congruence(equation="same"), eq(log(r ** (2 * alpha * (a - 1))), log(r))),
    step("two", Evaluation(), gt(log(2), 0)),
    step("more", apply("log-order", x=2, y=r)),
    step("one", arithmetic("power", "logarithms", "two", "more"), eq(2 * alpha * (a - 1), 1)),
    step("exponent", arithmetic("one"), eq(a, 1 + 1 / (2 * alpha))),
    step("densities", Congruence(equation="exponent"), eq(density, lam ** (-1 - 1 / (2 * alpha)))),
)

estimate = Inverse(X.T * X) * X.T
independent = assume("independent columns", eq(Rank(X.T * X), p))
scattered = Max(q, 1) / Min(q, 1)

fit = Claim(
    label="lemma-11.20",
    section="11.2.2 Decay of singular values",
    title=text("Parameters of the power law", "幂律衰减的参数确定"),
    statement_tex=[
        r"\sigma_i \approx c \, i^{-\alpha}, \quad \alpha > 1",
        r"\log \sigma_i \approx \log c - \alpha \log i",
        r"1 \lesssim \alpha \lesssim 3",
    ],
    parts=[
        Part(
            id="log-linear",
            role=main,
            expected=proved,
            reading=text(
                "an exact power law is a straight line in the logarithms, with slope -alpha and intercept log c",
                "精确的幂律在双对数坐标下是一条直线，斜率为 -alpha，截距为 log c",
            ),
            given=[*declare(n), positive_c, real(alpha), between(i, 1, n)],
            says=eq(log(law), log(c) - alpha * log(i)),
            witness={"n": "3", "c": "2", "alpha": "1", "i": "3"},
            checks=[proof(*in_logarithms)],
        ),
        Part(
            id="regression-recovers",
            role=main,
            expected=proved,
            reading=text(
                "on exact data with at least two values, a line log C - b log i that fits the logarithms at least as "
                "well as the true one, which misses nothing, is the true one: least squares returns log c and alpha "
                "exactly, and nothing else",
                "对至少两个奇异值的精确数据，真实直线的误差为零；凡拟合不比它差的直线 log C - b log i 就是它本身："
                "最小二乘恰好给出 log c 与 alpha",
            ),
            given=[Size(symbol=n, low=2), positive_c, real(alpha), positive_fit, real(b), as_good],
            says=[eq(fitted, c), eq(b, alpha)],
            witness={"n": "2", "c": "1", "alpha": "1", "C": "1", "b": "1"},
            checks=[proof(*best_fit_is_exact)],
        ),
        Part(
            id="one-value",
            role=caveat,
            expected=refuted,
            repair="regression-recovers",
            reading=text(
                "the parameters are determined whatever the number of singular values, one included",
                "无论有多少个奇异值（包括只有一个），参数都能确定",
            ),
            given=[*declare(n), positive_c, real(alpha), positive_fit, real(b), as_good],
            says=eq(b, alpha),
            witness={"n": "2", "c": "1", "alpha": "1", "C": "1", "b": "1"},
            checks=[Counter(values={"n": "1", "c": "1", "alpha": "1", "C": "1", "b": "0"})],
        ),
        Part(
            id="noise-unbiased",
            role=caveat,
            expected=proved,
            reading=text(
                "with noise the least-squares estimate is the truth plus a fixed linear map of the noise in the "
                "logarithms, for any regressors with independent columns, here 1 and -log i: so the estimates of log c "
                "and alpha have no bias where the logarithm of a multiplicative noise has mean zero at every i",
                "有噪声时，最小二乘估计等于真值加上对数噪声的一个固定线性映射（只要设计矩阵的列线性无关，"
                "这里的列是 1 与 -log i）："
                "因此只要乘性噪声的对数在每个 i 处均值为零，log c 与 alpha 的估计就无偏",
            ),
            given=[*declare(X, theta, e), independent],
            says=eq(estimate * (X * theta + e), theta + estimate * e),
            witness={"X": [["1", "0"], ["1", "-1"]], "theta": [["0"], ["1"]], "e": [["1"], ["-1"]]},
            checks=[proof(step("unfolded", algebra(), eq(estimate * (X * theta + e), theta + estimate * e))), Search()],
            note=text(
                "what is unbiased is the logarithm of c and not c, and the noise must not be sorted: see the "
                "next parts",
                "无偏的是 c 的对数而不是 c 本身，而且噪声不能经过排序：见后面各部分",
            ),
            spared={
                "drop hypothesis independent columns": text(
                    "without independent columns X'X has no inverse and the formula no value",
                    "若各列不独立，X'X 不可逆，公式没有值",
                )
            },
        ),
        Part(
            id="factor-unbiased",
            role=caveat,
            expected=refuted,
            repair="factor-unbiased-repaired",
            reading=text(
                "the estimate of c itself has no bias. Decided by the simplest noise whose logarithm has mean "
                "zero: all "
                "values are multiplied by q or by 1 / q, equally likely, and the estimate of c with them",
                "c 本身的估计也无偏。用对数均值为零的最简单的噪声来判定：所有奇异值以相同概率乘以 q 或 1 / q，"
                "c 的估计随之变化",
            ),
            given=[positive_c, real(q, 0, None, open=True)],
            says=eq((c * q + c / q) / 2, c),
            witness={"c": "1", "q": "1"},
            checks=[Counter(values={"c": "1", "q": "2"}), Search()],
        ),
        Part(
            id="factor-unbiased-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "under that noise c is overestimated on average, unless there is no noise",
                "在这种噪声下 c 平均被高估，除非没有噪声",
            ),
            given=[positive_c, real(q, 0, None, open=True), assume("some noise", ne(q, 1))],
            says=gt((c * q + c / q) / 2, c),
            witness={"c": "1", "q": "2"},
            checks=[proof(step("mean", arithmetic(), gt((c * q + c / q) / 2, c))), Search()],
        ),
        Part(
            id="ranking-unbiased",
            role=caveat,
            expected=refuted,
            repair="ranking-unbiased-repaired",
            reading=text(
                "the estimate of alpha stays unbiased although singular values are sorted after the noise has acted. "
                "Decided by the simplest case: two values of a flat spectrum, alpha = 0, one of them multiplied by q; "
                "the fitted line passes through both sorted values",
                "尽管奇异值在受噪声影响之后会重新排序，alpha 的估计仍无偏。用最简单的情形判定：平坦谱（alpha = "
                "0）的两个值，"
                "其中一个乘以 q；拟合直线经过排序后的两点",
            ),
            given=[real(q, 0, None, open=True)],
            says=eq(log(scattered) / log(2), 0),
            witness={"q": "1"},
            checks=[Counter(values={"q": "2"}), Search()],
        ),
        Part(
            id="ranking-unbiased-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "sorting turns noise into decay: there the estimate of alpha is never below its true value zero",
                "排序把噪声变成衰减：此时 alpha 的估计从不小于其真值零",
            ),
            given=[real(q, 0, None, open=True)],
            says=ge(log(scattered) / log(2), 0),
            witness={"q": "2"},
            checks=[
                proof(
                    step("one", arithmetic(), ge(scattered, 1)),
                    step("order", apply("log-order", x=1, y=scattered)),
                    step("two", Evaluation(), gt(log(2), 0)),
                    step("not-below", arithmetic("one", "order", "two"), ge(log(scattered) / log(2), 0)),
                ),
                Search(),
            ],
            note=text(
                "even a matrix without any decay shows a positive fitted exponent: compare with a random matrix of the "
                "same shape",
                "即使毫无衰减的矩阵也会拟合出正的指数：应与同形状的随机矩阵对照",
            ),
        ),
        Part(
            id="factor-normalises",
            role=caveat,
            expected=proved,
            reading=text(
                "c normalises nothing: it cancels in the energy ratio, whatever its value. Only the scale of "
                "the matrix "
                "determines it, since the law says sigma_1 = c",
                "c 并不归一化任何量：无论取何值，它在能量比中都被约去。由定律 sigma_1 = c 可见，它只由矩阵的尺度决定",
            ),
            given=[*declare(n), positive_c, real(alpha), between(k, 1, n)],
            says=eq(Sum(law**2, (i, 1, k)) / Sum(law**2, (i, 1, n)), share(alpha, k, n)),
            witness={"n": "2", "k": "1", "c": "3", "alpha": "1"},
            checks=[
                proof(
                    *head_and_tail("sum", 2 * alpha, k, n),
                    step("above", Factor(total=power_sum(2 * alpha, 1, k), out=c**2)),
                    step("below", Factor(total=power_sum(2 * alpha, 1, n), out=c**2)),
                    step(
                        "cancelled",
                        arithmetic("above", "below", "sum-total"),
                        eq(Sum(law**2, (i, 1, k)) / Sum(law**2, (i, 1, n)), share(alpha, k, n)),
                    ),
                )
            ],
        ),
        *measured("lemma-11.20"),
        Part(
            id="same-exponent",
            role=caveat,
            expected=refuted,
            repair="same-exponent-repaired",
            reading=text(
                "the exponent that the literature on weight spectra calls alpha, that of the density of the "
                "eigenvalues "
                "of W'W, here a, is the exponent of the ranked singular values",
                "文献中权重谱的 alpha（即 W'W 特征值密度的指数，这里记作 a）就是按序排列的奇异值的指数",
            ),
            given=[*exponents, real(lam, 0, None, open=True)],
            says=eq(density, lam ** (-alpha)),
            witness={"n": "2", "r": "2", "alpha": "1", "a": "3/2", "lambda": "1"},
            checks=[
                Counter(values={"n": "2", "r": "2", "alpha": "1", "a": "3/2", "lambda": "4"}),
                Attributed(record="martin2019-density", formula=density, records=RECORDS),
            ],
            sources=["martin2019universality", "martin2021implicit"],
        ),
        Part(
            id="same-exponent-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the exponent of the density is 1 + 1 / (2 alpha): the faster the ranked values fall, the closer it is "
                "to one",
                "密度的指数等于 1 + 1 / (2 alpha)：按序排列的值下降得越快，它越接近一",
            ),
            given=[*exponents, real(lam, 0, None, open=True)],
            says=[eq(a, 1 + 1 / (2 * alpha)), eq(density, lam ** (-1 - 1 / (2 * alpha)))],
            witness={"n": "2", "r": "2", "alpha": "1", "a": "3/2", "lambda": "1"},
            checks=[proof(*conversion), Attributed(record="martin2019-density", formula=density, records=RECORDS)],
            sources=["martin2019universality", "martin2021implicit"],
            note=text(
                "larger is heavier in one convention and lighter in the other; a value without its convention means "
                "nothing",
                "在一种约定下数值越大尾部越重，在另一种约定下则越轻；不注明约定的数值没有意义",
            ),
        ),
        Part(
            id="ranges-agree",
            role=caveat,
            expected=refuted,
            repair="ranges-agree-repaired",
            reading=text(
                "the published range of 2 to 5 for the density exponent confirms an exponent of at least 1 for the "
                "ranked singular values",
                "文献中密度指数 2 到 5 的范围印证了按序奇异值的指数不小于 1",
            ),
            given=[real(alpha, 0, None, open=True), real(a, 2, 5), converted],
            says=ge(alpha, 1),
            witness={"alpha": "1/2", "a": "2"},
            checks=[Counter(values={"alpha": "1/2", "a": "2"}), Search()],
            sources=["martin2019universality"],
        ),
        Part(
            id="ranges-agree-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "it means an exponent between 1/8 and 1/2: no value of the published range lies in 1 to 3, and at none "
                "of them but its end 1/2, where it takes a very long one, does the energy of a long power "
                "law concentrate in a vanishing share of the values",
                "它意味着指数介于 1/8 与 1/2 之间：文献范围内没有一个值落在 1 到 3 之内，而且在这些值处，"
                "很长的幂律谱的能量都不会集中到趋于零的比例中，只有端点 1/2 例外，但那需要极长的谱",
            ),
            given=[real(alpha, 0, None, open=True), real(a, 2, 5), converted],
            says=[ge(alpha, Rational(1, 8)), le(alpha, Rational(1, 2))],
            witness={"alpha": "1/8", "a": "5"},
            checks=[
                proof(
                    step("product", arithmetic(), eq(2 * alpha * (a - 1), 1)),
                    step("least", arithmetic("product"), ge(alpha, Rational(1, 8))),
                    step("most", arithmetic("product"), le(alpha, Rational(1, 2))),
                ),
                Search(),
            ],
            sources=["martin2019universality"],
        ),
        Part(
            id="range-converted",
            role=caveat,
            expected=proved,
            reading=text(
                "conversely, an exponent of 1 to 3 of the ranked values is a density exponent between 7/6 and "
                "3/2, below "
                "the published range",
                "反之，按序指数 1 到 3 相当于密度指数 7/6 到 3/2，低于文献中的范围",
            ),
            given=[real(alpha, 1, 3), real(a), converted],
            says=[ge(a, Rational(7, 6)), le(a, Rational(3, 2))],
            witness={"alpha": "3", "a": "7/6"},
            checks=[
                proof(
                    step("product", arithmetic(), eq(2 * alpha * (a - 1), 1)),
                    step("least", arithmetic("product"), ge(a, Rational(7, 6))),
                    step("most", arithmetic("product"), le(a, Rational(3, 2))),
                ),
                Search(),
            ],
            note=text(
                "the section also asks for alpha > 1 where it introduces the law and lists about 1 in its table: three "
                "ranges for one number",
                "本节在引入幂律时要求 alpha > 1，在表中又列出约等于 1：同一个数有三个范围",
            ),
        ),
    ],
)
