"""Gradient descent on a quadratic loss: its direction, the singular values on the way, its limit (section 11.2.1)."""

from __future__ import annotations

from claims.low_rank.weights.limit import LIMIT
from claims.low_rank.weights.rates import FACTORED, RATES
from verify.authoring import *

m, n, N = sizes("m n N")
i = indices("i")
eta, lam, c, s_i, a, h = scalars("eta lambda c s a h")
W, V, D, G, T = matrix("W", m, n), matrix("V", m, n), matrix("D", m, n), matrix("G", m, n), matrix("T", m, n)
X, Y = matrix("X", n, N), matrix("Y", m, N)
u, v, p, q = vector("u", m), vector("v", n), vector("p", m), vector("q", m)

s = Sigma
error = W * X - Y
gradient = error * X.T
stepped = W - eta * gradient
value = s_i - eta * (lam * s_i - c)
one = [["1"]]
first_output, second_output = [["1"], ["0"]], [["0"], ["1"]]
directions = {"p": first_output, "q": second_output}

descent = Claim(
    label="lemma-11.18",
    section="11.2.1 Low-rank character of weights",
    title=text("Spectral bias of gradient descent", "梯度下降的谱偏向"),
    statement_tex=[r"\mathcal{L}(W) = \tfrac{1}{2} \|W X - Y\|_F^2", r"W_{t+1} = W_t - \eta G_t"],
    parts=[
        Part(
            id="gradient-formula",
            role=caveat,
            expected=proved,
            reading=text(
                "the gradient of the quadratic loss is the error times X'; the update uses it",
                "二次损失的梯度是误差乘以 X'，更新所用的正是它",
            ),
            given=declare(W, X, Y),
            says=eq(Gradient(norm_sq(error) / 2, W), gradient),
            witness={"W": [["0"]], "X": [["2"]], "Y": [["6"]]},
            checks=[proof(step("gradient", Calculus(), eq(Gradient(norm_sq(error) / 2, W), gradient)))],
        ),
        Part(
            id="greatest-error-direction",
            role=caveat,
            expected=refuted,
            repair="greatest-error-direction-repaired",
            reading=text(
                "the gradient lies along the greatest error: of two output directions p and q, that with the larger "
                "error has the larger gradient",
                "梯度沿误差最大的方向：两个输出方向 p、q 中，误差较大者梯度也较大",
            ),
            given=[
                *declare(W, X, Y, p, q),
                assume("p is a unit vector", eq(norm_sq(p), 1)),
                assume("q is a unit vector", eq(norm_sq(q), 1)),
                assume("the error along p is the larger", ge(FrobeniusNorm(error.T * p), FrobeniusNorm(error.T * q))),
            ],
            says=ge(FrobeniusNorm(gradient.T * p), FrobeniusNorm(gradient.T * q)),
            witness=directions | {"W": [["0"], ["0"]], "X": one, "Y": [["2"], ["1"]]},
            checks=[
                Counter(values=directions | {"W": [["0"], ["0"]], "X": [["0", "1"]], "Y": [["2", "0"], ["0", "1"]]})
            ],
            note=text(
                "the gradient weighs the error by the data: an error where the inputs are small, or across their "
                "rows, is not seen",
                "梯度以数据为权对误差加权：输入小处的误差，或与其行正交的误差，是看不见的",
            ),
        ),
        Part(
            id="greatest-error-direction-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "it does where the inputs of the examples are orthogonal and equally long: X'X is a multiple of the "
                "identity",
                "当各样本的输入相互正交且等长（X'X 为单位阵的倍数）时成立",
            ),
            given=[
                *declare(W, X, Y, p, q),
                real(c, 0),
                assume("the inputs are orthogonal and equally long", eq(X.T * X, c * Identity(N))),
                assume("the error along p is the larger", ge(FrobeniusNorm(error.T * p), FrobeniusNorm(error.T * q))),
            ],
            says=ge(FrobeniusNorm(gradient.T * p), FrobeniusNorm(gradient.T * q)),
            witness=directions | {"W": [["0"], ["0"]], "X": one, "Y": [["2"], ["1"]], "c": "1"},
            checks=[
                proof(
                    step("there", TraceAlgebra(), eq(norm_sq(gradient.T * p), c * norm_sq(error.T * p))),
                    step("here", TraceAlgebra(), eq(norm_sq(gradient.T * q), c * norm_sq(error.T * q))),
                    step("squares", arithmetic(), ge(norm_sq(error.T * p), norm_sq(error.T * q))),
                    step("scaled", arithmetic("squares"), ge(c * norm_sq(error.T * p), c * norm_sq(error.T * q))),
                    step(
                        "longer",
                        arithmetic("there", "here", "scaled"),
                        ge(FrobeniusNorm(gradient.T * p), FrobeniusNorm(gradient.T * q)),
                    ),
                )
            ],
        ),
        Part(
            id="steepest",
            role=caveat,
            expected=proved,
            reading=text(
                "what is true of its direction without a condition: of all changes D of one length none raises the "
                "loss faster, to first order, than the gradient itself",
                "关于其方向无条件成立的是：在等长的改变 D 中，一阶意义下没有比梯度本身使损失上升更快的",
            ),
            given=declare(W, D, X, Y),
            says=le(inner(gradient, D), FrobeniusNorm(gradient) * FrobeniusNorm(D)),
            witness={"W": one, "D": one, "X": one, "Y": [["0"]]},
            checks=[
                proof(
                    step("square", apply("cauchy-schwarz", A=gradient, B=D)),
                    step(
                        "bound",
                        arithmetic("square"),
                        le(inner(gradient, D), FrobeniusNorm(gradient) * FrobeniusNorm(D)),
                    ),
                ),
                Search(),
            ],
        ),
        Part(
            id="singular-value-ode",
            role=main,
            expected=refuted,
            repair="singular-value-ode-repaired",
            reading=text(
                "the singular values obey a differential equation of their own: two starts W and V with the same "
                "singular values, even with the same W'W, keep them equal. For X = I the flow is known exactly: at "
                "time t it is at T + exp(-t) (W - T), T being the target, and a stands for exp(-t)",
                "奇异值自身满足微分方程：两个起点 W、V 奇异值相同（甚至 W'W 相同），则此后奇异值始终相同。"
                "X = I 时梯度流有精确解：时刻 t 位于 T + exp(-t)(W - T)，T 为目标，a 代表 exp(-t)",
            ),
            given=[
                *declare(W, V, T),
                real(a, 0, 1, open=True),
                between(i, 1, Min(m, n)),
                assume("the same singular values", eq(W.T * W, V.T * V)),
            ],
            says=eq(s(T + a * (W - T), i), s(T + a * (V - T), i)),
            witness={"W": one, "V": one, "T": [["2"]], "a": "1/2", "i": "1"},
            checks=[Counter(values={"W": one, "V": [["-1"]], "T": [["2"]], "a": "1/2", "i": "1"})],
            note=text(
                "the rate of a simple singular value is -u'Gv, so the singular vectors enter: the values alone are no "
                "closed system. Read as that rate with its vectors, the statement holds where a value is positive and "
                "simple (rate-of-the-first), and still not along every flow: at zero and at ties there need be no "
                "rate, see zero-crossing",
                "单奇异值的变化率为 -u'Gv，奇异向量参与其中，奇异值本身不封闭。若把命题理解为带奇异向量的这一变化率，"
                "则在奇异值为正且单重处成立（rate-of-the-first），但仍非处处成立：在零处与重值处变化率可以不存在，"
                "见 zero-crossing",
            ),
        ),
        Part(
            id="singular-value-ode-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "they do where start, target and data are aligned: a pair u, v of singular vectors of W that the data "
                "and the target share stays one, and its value follows the Euler step of s' = c - lambda s; lambda is "
                "the eigenvalue of XX', c the value of YX'. The sign of s is free: the singular value is its modulus",
                "当起点、目标与数据对齐时成立：W 的一对奇异向量 u、v 若也属于数据与目标，则一直保持，"
                "其值遵循 s' = c - lambda s 的欧拉步；lambda 是 XX' 的特征值，c 是 YX' 的值。"
                "s 可正可负，奇异值是其绝对值",
            ),
            given=[
                *declare(W, X, Y, u, v),
                real(eta),
                real(s_i),
                real(lam),
                real(c),
                assume("u, v is a pair of W", eq(W * v, s_i * u)),
                assume("v, u is a pair of W", eq(W.T * u, s_i * v)),
                assume("v is an eigenvector of the data", eq(X * X.T * v, lam * v)),
                assume("u, v is a pair of the target", eq(Y * X.T * v, c * u)),
                assume("v, u is a pair of the target", eq(X * Y.T * u, c * v)),
            ],
            says=[eq(stepped * v, value * u), eq(stepped.T * u, value * v)],
            witness={
                "W": one,
                "X": [["2"]],
                "Y": [["3"]],
                "u": one,
                "v": one,
                "s": "1",
                "lambda": "4",
                "c": "6",
                "eta": "1/10",
            },
            checks=[
                proof(
                    step("right", algebra(), eq(stepped * v, value * u)),
                    step("left", algebra(), eq(stepped.T * u, value * v)),
                )
            ],
            note=text(
                "the solution goes to c / lambda as exp(-lambda t); a start of the other sign passes zero on its way",
                "其解以 exp(-lambda t) 趋于 c/lambda；若起点符号相反，途中会经过零",
            ),
        ),
        Part(
            id="zero-crossing",
            role=caveat,
            expected=proved,
            reading=text(
                "where it breaks: at a zero matrix, passed in a direction D, the slope of each singular value is "
                "sigma_i(D) to the right and minus that to the left, so that there is no derivative unless it is zero",
                "何处失效：沿方向 D 经过零矩阵时，每个奇异值的右侧斜率为 sigma_i(D)，左侧为其相反数；"
                "除非 sigma_i(D) 为零，导数不存在",
            ),
            given=[*declare(D), between(i, 1, Min(m, n)), real(h, 0, None, open=True)],
            says=[eq(s(h * D, i) / h, s(D, i)), eq(s(-h * D, i) / (-h), -s(D, i))],
            witness={"D": one, "i": "1", "h": "1/2"},
            checks=[
                proof(
                    step("ahead", apply("values-scaled", W=D, c=h, i=i)),
                    step("behind", apply("values-scaled", W=D, c=-h, i=i)),
                    step("right", arithmetic("ahead"), eq(s(h * D, i) / h, s(D, i))),
                    step("left", arithmetic("behind"), eq(s(-h * D, i) / (-h), -s(D, i))),
                )
            ],
        ),
        Part(
            id="moves-no-faster",
            role=caveat,
            expected=proved,
            reading=text(
                "and what never breaks: no singular value moves faster than the spectral norm of the gradient, so "
                "that each has a rate at almost every time",
                "始终成立的是：奇异值的变化不快于梯度的谱范数，因而几乎在每个时刻都有变化率",
            ),
            given=[*declare(W, G), between(i, 1, Min(m, n)), real(eta, 0)],
            says=[
                le(s(W - eta * G, i) - s(W, i), eta * SpectralNorm(G)),
                le(s(W, i) - s(W - eta * G, i), eta * SpectralNorm(G)),
            ],
            witness={"W": one, "G": one, "i": "1", "eta": "1/2"},
            checks=[
                proof(
                    step("ahead", apply("weyl", A=W, B=-eta * G, i=i, j=1)),
                    step("back", apply("weyl", A=W - eta * G, B=eta * G, i=i, j=1)),
                    step("minus", apply("values-scaled", W=G, c=-eta, i=1)),
                    step("plus", apply("values-scaled", W=G, c=eta, i=1)),
                    step("norm", apply("spectral-norm", W=G)),
                    step(
                        "rises",
                        arithmetic("ahead", "minus", "norm"),
                        le(s(W - eta * G, i) - s(W, i), eta * SpectralNorm(G)),
                    ),
                    step(
                        "falls",
                        arithmetic("back", "plus", "norm"),
                        le(s(W, i) - s(W - eta * G, i), eta * SpectralNorm(G)),
                    ),
                ),
                Search(),
            ],
        ),
        Part(
            id="rate-of-the-first",
            role=caveat,
            expected=proved,
            reading=text(
                "the known rate, as an inequality that holds at ties too: under any change D the first singular value "
                "grows at least by u'Dv, u and v being its unit vectors. Where it has a derivative, that is u'Dv, "
                "hence -u'Gv along the flow",
                "已知的变化率，写成在重值处也成立的不等式：对任意改变 D，第一奇异值至少增加 u'Dv，"
                "u、v 为其单位奇异向量。"
                "可导处导数就是 u'Dv，沿梯度流即 -u'Gv",
            ),
            given=[
                *declare(W, D, u, v),
                assume("u is a unit vector", eq(norm_sq(u), 1)),
                assume("v is a unit vector", eq(norm_sq(v), 1)),
                assume("u, v belong to the first value", eq(W * v, s(W, 1) * u)),
            ],
            says=ge(s(W + D, 1), s(W, 1) + inner(u, D * v)),
            witness={"W": one, "D": one, "u": one, "v": one},
            checks=[
                proof(
                    step("along", TraceAlgebra(), eq(inner(u, (W + D) * v), s(W, 1) * norm_sq(u) + inner(u, D * v))),
                    step("square", apply("cauchy-schwarz", A=u, B=(W + D) * v)),
                    step("stretch", apply("stretch", W=W + D, Z=v)),
                    step("below", arithmetic("square", "stretch"), le(inner(u, (W + D) * v) ** 2, s(W + D, 1) ** 2)),
                    step("grows", arithmetic("along", "below"), ge(s(W + D, 1), s(W, 1) + inner(u, D * v))),
                )
            ],
        ),
        *RATES,
        *LIMIT,
        *FACTORED,
    ],
)
