"""Singular values at initialisation and during training (section 11.2.2)."""

from __future__ import annotations

from claims.foundations.spectra import identity_rank
from claims.low_rank.measured import measured
from verify.authoring import *
from verify.model.statement import Size

m, n = sizes("m n")
i = indices("i")
W, T, S = matrix("W", n, n), matrix("T", n, n), matrix("S", m, n)
eta, c = scalars("eta c")

# For independent normal entries of variance v the mean of |W|_F^4 is m n (m n + 2) v^2, and that of the sum of the
# fourth powers of the singular values m n (m + n + 1) v^2 (Muirhead 1982, section 3.2). With r = min(m, n) values the
# spread of the squared values, relative to the square of their mean, is their ratio times r, less one.
fewer, more = Min(m, n), Max(m, n)
spread_of_squares = fewer * (m + n + 1) - (m * n + 2)
mean_squared = m * n + 2
after_step = W - eta * (W - T)

dynamics = Claim(
    label="theorem-11.10",
    section="11.2.2 Decay of singular values",
    title=text("Singular values during training", "奇异值分布与训练动态"),
    statement_tex=[r"\sigma_1(W(0)) \approx \ldots \approx \sigma_r(W(0))", r"E_t(k) \ \text{grows with} \ t"],
    parts=[
        Part(
            id="early-uniform",
            role=main,
            expected=refuted,
            repair="early-uniform-repaired",
            reading=text(
                "at a usual initialisation the singular values are nearly equal. Decided for independent "
                "normal entries "
                "by exact moments: the mean variance of the squared singular values within one matrix, over "
                "the mean of "
                "the square of their average, is the left side over m n + 2; the formula asks that it be at most 1/4, "
                "which values within about 50% of their average satisfy",
                "通常的初始化下奇异值几乎相等。对独立正态元素用精确矩判定：同一矩阵内奇异值平方的平均方差，"
                "与其均值平方的期望之比，"
                "等于左端除以 m n + 2；公式要求它不超过 1/4，即各值大约在均值的 50% 以内",
            ),
            given=[Size(symbol=m), Size(symbol=n)],
            says=le(spread_of_squares, Rational(1, 4) * mean_squared),
            witness={"m": "1", "n": "1"},
            checks=[Counter(values={"m": "2", "n": "2"}), Search()],
            sources=["muirhead1982", "marchenko1967"],
            note=text(
                "a random matrix follows the law of Marchenko and Pastur: for a square one the singular values "
                "fill the "
                "whole range from nearly zero to twice the root mean square, so it is no flat spectrum to start from",
                "随机矩阵服从 Marchenko-Pastur 律：方阵的奇异值布满从接近零到均方根两倍的整个区间，起点并不是平坦的谱",
            ),
        ),
        Part(
            id="early-uniform-repaired",
            role=main,
            expected=proved,
            reading=text(
                "this holds where the matrix is far from square: the longer side is at least 4 (r + 1), with r the "
                "shorter one (four times r alone is not enough, as 10 x 41 shows); more exactly, the relative variance "
                "is at most (r + 1) / max(m, n)",
                "当矩阵远非方阵时成立：较长的边不小于 4 (r + 1)，r 为较短的边（仅为 r 的四倍还不够，例如 10 x 41）；"
                "更精确地说，相对方差不超过 (r + 1) / max(m, n)",
            ),
            given=[Size(symbol=m), Size(symbol=n), assume("far from square", ge(more, 4 * (fewer + 1)))],
            says=[
                le(more * spread_of_squares, (fewer + 1) * mean_squared),
                le(spread_of_squares, Rational(1, 4) * mean_squared),
            ],
            witness={"m": "1", "n": "8"},
            checks=[
                proof(
                    step("relative", arithmetic(), le(more * spread_of_squares, (fewer + 1) * mean_squared)),
                    step("quarter", arithmetic("relative"), le(spread_of_squares, Rational(1, 4) * mean_squared)),
                ),
                Search(),
            ],
            sources=["muirhead1982"],
        ),
        Part(
            id="square-spread",
            role=caveat,
            expected=proved,
            reading=text(
                "for a square random matrix the relative variance is (n - 1)(n + 2) / (n^2 + 2), at least 2/3 "
                "from n = 2 "
                "on and close to 1 for large n: the squared values scatter as widely as they are large",
                "对随机方阵，相对方差为 (n - 1)(n + 2) / (n^2 + 2)，n 不小于 2 时至少为 2/3，n 大时接近 1："
                "奇异值平方的离散程度与其大小相当",
            ),
            given=[Size(symbol=n, low=2)],
            says=[
                eq(n * (2 * n + 1) - (n**2 + 2), (n - 1) * (n + 2)),
                ge((n - 1) * (n + 2), Rational(2, 3) * (n**2 + 2)),
                le((n - 1) * (n + 2), (1 + 1 / n) * (n**2 + 2)),
            ],
            witness={"n": "2"},
            checks=[
                proof(
                    step("same", arithmetic(), eq(n * (2 * n + 1) - (n**2 + 2), (n - 1) * (n + 2))),
                    step("least", arithmetic(), ge((n - 1) * (n + 2), Rational(2, 3) * (n**2 + 2))),
                    step("most", arithmetic(), le((n - 1) * (n + 2), (1 + 1 / n) * (n**2 + 2))),
                )
            ],
            sources=["muirhead1982"],
        ),
        Part(
            id="orthogonal-start",
            role=caveat,
            expected=proved,
            reading=text(
                "there is an initialisation for which it is exactly true: where the columns of S are orthogonal and "
                "of one length c, all singular values are equal",
                "有一种初始化使之精确成立：S 的列相互正交且长度同为 c 时，所有奇异值相等",
            ),
            given=[
                *declare(S),
                real(c, 0, None, open=True),
                assume("orthogonal columns of length c", eq(S.T * S, c**2 * Identity(n))),
                between(i, 1, n),
            ],
            says=eq(Sigma(S, i), c),
            witness={"S": [["0", "2"], ["2", "0"]], "c": "2", "i": "2"},
            checks=[
                proof(
                    *identity_rank(n, "unit-rank", ""),
                    step("unit", apply("positive", W=Identity(n), i=i)),
                    step("unit-square", apply("values-gram", W=Identity(n), i=i)),
                    step("unit-one", arithmetic("unit", "unit-square"), eq(Sigma(Identity(n), i), 1)),
                    step("scaled", apply("values-scaled", W=Identity(n), c=c**2, i=i)),
                    step("gram", apply("values-gram", W=S, i=i)),
                    step("columns", Hypothesis(), eq(S.T * S, c**2 * Identity(n))),
                    step("same", Congruence(equation="columns"), eq(Sigma(S.T * S, i), Sigma(c**2 * Identity(n), i))),
                    step("order", apply("order", W=S, i=i, j=i)),
                    step("length", arithmetic("unit-one", "scaled", "gram", "same", "order"), eq(Sigma(S, i), c)),
                )
            ],
            note=text(
                "orthogonal starts are one of several in use; the usual independent entries follow the law above",
                "正交初始化只是常用方式之一；通常的独立元素服从上述定律",
            ),
        ),
        *measured("theorem-11.10"),
        Part(
            id="always-concentrates",
            role=caveat,
            expected=refuted,
            reading=text(
                "training always concentrates the energy: already one step of gradient descent towards a target never "
                "lowers the share of the first singular value",
                "训练总使能量集中：朝目标矩阵的一步梯度下降从不降低第一个奇异值的能量占比",
            ),
            given=[
                *declare(W, T),
                real(eta, 0, 1, open=True),
                assume("W is not zero", ge(Rank(W), 1)),
                assume("the next iterate is not zero", ge(Rank(after_step), 1)),
            ],
            says=ge(Energy(after_step, 1), Energy(W, 1)),
            witness={"W": [["1", "0"], ["0", "1"]], "T": [["2", "0"], ["0", "1"]], "eta": "1/2"},
            checks=[
                Counter(values={"W": [["2", "0"], ["0", "1"]], "T": [["1", "0"], ["0", "1"]], "eta": "1/2"}),
                Search(),
            ],
            note=text(
                "the spectrum goes where the target is: towards a target of full rank it spreads out",
                "谱走向目标所在之处：目标满秩时能量反而分散",
            ),
        ),
    ],
)
