"""The noise of stochastic gradients read as a penalty (section 11.2.3)."""

from __future__ import annotations

from typing import Any

from claims.low_rank.gradient_flow.penalty import PENALTY
from claims.low_rank.records import RECORDS
from verify.authoring import *

m, n, N = sizes("m n N")
eta, h, f, c, mu, w, L = scalars("eta h f c mu w L")
W, G = matrix("W", m, n), matrix("G", m, N)
full_fisher = matrix("F", m * n, m * n)
J, weights = matrix("J", N, m * n), vector("omega", m * n)
F, C, theta, g = matrix("F", m, m), matrix("C", m, N), vector("theta", m), vector("g", m)
one = Identity(m)

step_size = real(eta, 0, None, open=True)
curvature = real(h, 0, None, open=True)
moderate = assume("moderate step", le(eta * h, 1))
flow_time = eta * h + eta**2 * h**2 / 2
published = L + eta / (4 * N) * norm_sq(C)
published_descent = L + eta / 4 * norm_sq(g)


def missed(rate: Any) -> Any:
    """How far one step of descent is from the flow, for time eta, whose rate is ``rate``; of the distance to zero."""
    return Abs(exp(-rate) - (1 - eta * h))


regulariser = Claim(
    label="lemma-11.24",
    section="11.2.3 Gradient flow",
    title=text("Gradient noise as a low-rank penalty", "隐式低秩正则化"),
    statement_tex=[
        (
            r"\mathcal{L}_{\text{eff}}(W) = \mathcal{L}(W) + \frac{\eta}{2} "
            r"\operatorname{tr}\left(F(W) \, W W^{\top}\right)"
        )
    ],
    sources=["barrett2021", "smith2021"],
    parts=[
        Part(
            id="shapes",
            role=main,
            expected=ill_posed,
            repair="shapes-repaired",
            reading=text(
                "the Fisher matrix F of the m n entries of W is m n by m n, and multiplies W W', which is m by m; the "
                "penalty is a number that is not negative",
                "W 的 mn 个元素的 Fisher 矩阵 F 为 mn x mn，与 m x m 的 WW' 相乘；惩罚项是非负的数",
            ),
            given=declare(full_fisher, W),
            says=ge(sp.Trace(full_fisher * W * W.T), 0),
            witness={"m": "1", "n": "1", "F": [["1"]], "W": [["1"]]},
            note=text("the product has a meaning only where W is a single column", "只有当 W 为单列时乘积才有意义"),
        ),
        Part(
            id="shapes-repaired",
            role=main,
            expected=proved,
            reading=text(
                "with the entries of W in one column omega, the penalty tr(F omega omega') has a meaning, and is the "
                "squared length of J omega where F = J'J, as every Fisher matrix is for some J",
                "把 W 的元素排成一列 omega，则惩罚项 tr(F omega omega') 有意义；F = J'J 时（每个 Fisher 矩阵都可如此写"
                "）它等于 J omega 的长度平方",
            ),
            given=[*declare(full_fisher, J, weights), assume("F is a Fisher matrix", eq(full_fisher, J.T * J))],
            says=[
                eq(sp.Trace(full_fisher * weights * weights.T), norm_sq(J * weights)),
                ge(sp.Trace(full_fisher * weights * weights.T), 0),
            ],
            witness={"m": "1", "n": "1", "F": [["1"]], "J": [["1"]], "omega": [["2"]]},
            checks=[
                proof(
                    step(
                        "square", TraceAlgebra(), eq(sp.Trace(full_fisher * weights * weights.T), norm_sq(J * weights))
                    ),
                    step("sign", arithmetic("square"), ge(sp.Trace(full_fisher * weights * weights.T), 0)),
                )
            ],
        ),
        Part(
            id="row-fisher",
            role=caveat,
            expected=proved,
            reading=text(
                "the formula as written fits an m by m matrix of second moments of the rows, F = G G'; it then "
                "penalises the squared length of G'W",
                "按原式，F 只能是行方向的 m x m 二阶矩 F = GG'；此时惩罚的是 G'W 的长度平方",
            ),
            given=declare(W, G),
            says=eq(sp.Trace(G * G.T * W * W.T), norm_sq(G.T * W)),
            witness={"W": [["1"]], "G": [["2"]]},
            checks=[proof(step("square", TraceAlgebra(), eq(sp.Trace(G * G.T * W * W.T), norm_sq(G.T * W))))],
        ),
        Part(
            id="equivalent-regulariser",
            role=main,
            expected=refuted,
            repair="equivalent-regulariser-repaired",
            reading=text(
                "the flow of the effective loss for time eta reproduces one step of gradient descent up to third "
                "order. Judged where the formula has a meaning and everything is exact: one weight w, loss h w^2 / 2, "
                "whose Fisher information under unit Gaussian noise is h. The step multiplies w by 1 - eta h, the "
                "flow by exp(-eta h - eta^2 h); third order is read with the constant that the published loss attains.",
                "有效损失的梯度流在时间 eta 内以三阶误差再现一步梯度下降。在公式有意义且一切可精确计算的情形判定：一个"
                "权重 w，损失 h w^2/2，单位高斯噪声下的 Fisher 信息为 h。一步将 w 乘以 1 - eta h，流将其乘以 exp(-eta "
                "h - eta^2 h)；三阶误差的常数取已发表的损失所达到的常数。",
            ),
            given=[step_size, curvature, moderate],
            says=le(missed(eta * h + eta**2 * h), (eta * h) ** 3),
            witness={"eta": "1/4", "h": "2"},
            checks=[Counter(values={"eta": "1/10", "h": "1"}), Search()],
            note=text(
                "the term linear in the step must have half the Hessian times the gradient as its gradient; the "
                "stated one does not, unless the curvature happens to be 2",
                "与步长成正比的项，其梯度应为 Hessian 的一半乘以梯度；除非曲率恰好为 2，所给的项并非如此",
            ),
        ),
        Part(
            id="equivalent-regulariser-repaired",
            role=main,
            expected=proved,
            reading=text(
                "with the published penalty, a quarter of the step times the squared gradient, it does: for the loss "
                "h |theta|^2 / 2 with gradient g, the modified loss has curvature h + eta h^2 / 2, and its flow "
                "misses the step by at most (eta h)^3 of the distance",
                "采用已发表的惩罚项（步长的四分之一乘以梯度长度平方）则成立：对损失 h |theta|^2/2（梯度 g），修正损失"
                "的曲率为 h + eta h^2/2，其流与一步之差至多为距离的 (eta h)^3 倍",
            ),
            given=[
                *declare(theta, g),
                step_size,
                curvature,
                real(L),
                moderate,
                assume("loss", eq(L, h / 2 * norm_sq(theta))),
                assume("gradient", eq(g, h * theta)),
            ],
            says=[
                eq(published_descent, (h + eta * h**2 / 2) / 2 * norm_sq(theta)),
                le(missed(flow_time), (eta * h) ** 3),
            ],
            witness={"eta": "1/4", "h": "2", "theta": [["1"]], "g": [["2"]], "L": "1"},
            sources=["barrett2021"],
            checks=[
                Attributed(record="barrett2021-modified-loss", formula=published_descent, records=RECORDS),
                proof(
                    step("square", TraceAlgebra(), eq(norm_sq(g), h**2 * norm_sq(theta))),
                    step(
                        "loss", arithmetic("square"), eq(published_descent, (h + eta * h**2 / 2) / 2 * norm_sq(theta))
                    ),
                    step("positive", arithmetic(), gt(eta * h, 0)),
                    step("longer", arithmetic("positive"), ge(flow_time, 0)),
                    step("above", apply("exp-third", x=flow_time)),
                    step("below", apply("exp-second", x=flow_time)),
                    step("cube", arithmetic("positive"), le(flow_time**3, Rational(27, 8) * (eta * h) ** 3)),
                    step("quartic", arithmetic("positive"), le((eta * h) ** 4, (eta * h) ** 3)),
                    step(
                        "not above",
                        arithmetic("below", "quartic", "positive"),
                        le(exp(-flow_time) - (1 - eta * h), (eta * h) ** 3),
                    ),
                    step(
                        "not below",
                        arithmetic("above", "cube", "positive"),
                        ge(exp(-flow_time) - (1 - eta * h), -((eta * h) ** 3)),
                    ),
                    step("close", arithmetic("not above", "not below"), le(missed(flow_time), (eta * h) ** 3)),
                ),
            ],
        ),
        Part(
            id="second-order-missed",
            role=caveat,
            expected=proved,
            reading=text(
                "no other constant before the third power saves the stated loss: at curvature one it misses the step "
                "by at least a fifth of eta squared, for all step sizes up to a quarter",
                "三阶误差换别的常数也不行：曲率为一时，步长不超过四分之一，所给损失与一步之差至少为 eta 平方的五分之一",
            ),
            given=[real(eta, 0, Rational(1, 4))],
            says=ge((1 - eta) - exp(-(eta + eta**2)), eta**2 / 5),
            witness={"eta": "1/4"},
            checks=[
                proof(
                    step("time", arithmetic(), ge(eta + eta**2, 0)),
                    step("below", apply("exp-second", x=eta + eta**2)),
                    step("square", arithmetic(), le(eta + 1, Rational(5, 4))),
                    step("factor", arithmetic("square"), le((1 + eta) ** 2, Rational(25, 16))),
                    step("scaled", arithmetic("factor"), le(eta**2 * (1 + eta) ** 2, eta**2 * Rational(25, 16))),
                    step("missed", arithmetic("below", "scaled"), ge((1 - eta) - exp(-(eta + eta**2)), eta**2 / 5)),
                )
            ],
        ),
        Part(
            id="agrees-with-source",
            role=caveat,
            expected=refuted,
            repair="agrees-with-source-repaired",
            reading=text(
                "the effective loss is the published modified loss of stochastic gradient descent, where the columns "
                "of C are the gradients of the N batches and F = C C' / N is their second moment",
                "有效损失就是已发表的随机梯度下降修正损失，其中 C 的列为 N 个批的梯度，F = CC'/N 为其二阶矩",
            ),
            given=[*declare(F, C, theta), step_size, real(L), assume("second moment", eq(F, C * C.T / N))],
            says=eq(L + eta / 2 * sp.Trace(F * theta * theta.T), published),
            witness={"F": [["1"]], "C": [["1"]], "theta": [["sqrt(2)/2"]], "eta": "1", "L": "0"},
            sources=["smith2021"],
            checks=[
                Attributed(record="smith2021-modified-loss", formula=published, records=RECORDS),
                Counter(values={"F": [["1"]], "C": [["1"]], "theta": [["0"]], "eta": "1", "L": "0"}),
                Search(),
            ],
            note=text(
                "the published penalty depends on the weights through the gradients alone; a factor W W' does not "
                "occur",
                "已发表的惩罚只通过梯度依赖权重，不出现因子 WW'",
            ),
        ),
        Part(
            id="agrees-with-source-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the published penalty is a quarter of the step times the trace of the second moment of the batch "
                "gradients",
                "已发表的惩罚等于步长的四分之一乘以批梯度二阶矩的迹",
            ),
            given=[*declare(F, C), step_size, real(L), assume("second moment", eq(F, C * C.T / N))],
            says=eq(L + eta / 4 * sp.Trace(F), published),
            witness={"F": [["1"]], "C": [["1"]], "eta": "1", "L": "0"},
            sources=["smith2021"],
            checks=[
                Attributed(record="smith2021-modified-loss", formula=published, records=RECORDS),
                proof(step("trace", TraceAlgebra(), eq(L + eta / 4 * sp.Trace(F), published))),
            ],
        ),
        Part(
            id="moves-the-mean",
            role=caveat,
            expected=refuted,
            repair="moves-the-mean-repaired",
            reading=text(
                "on the loss h (w - c)^2 / 2 the mean of the stationary iterates, noise being unbiased, lies at the "
                "minimum of the effective loss",
                "对损失 h(w - c)^2/2，在无偏噪声下，平稳迭代的均值位于有效损失的极小点",
            ),
            given=[
                step_size,
                curvature,
                real(f, 0, None, open=True),
                real(c),
                real(mu),
                real(w),
                assume("the mean is stationary", eq(mu, mu - eta * h * (mu - c))),
                assume("w minimises the effective loss", eq(h * (w - c) + eta * f * w, 0)),
            ],
            says=eq(mu, w),
            witness={"eta": "1", "h": "1", "f": "1", "c": "0", "mu": "0", "w": "0"},
            checks=[Counter(values={"eta": "1", "h": "1", "f": "1", "c": "1", "mu": "1", "w": "1/2"})],
            note=text(
                "on a quadratic loss unbiased noise does not shrink the weights: their mean is where it is without "
                "noise",
                "对二次损失，无偏噪声不会收缩权重：其均值与无噪声时相同",
            ),
        ),
        Part(
            id="moves-the-mean-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the mean lies at the minimum of the loss itself, at distance eta f |c| / (h + eta f) from that of the "
                "effective loss",
                "均值位于损失自身的极小点，与有效损失的极小点相距 eta f |c|/(h + eta f)",
            ),
            given=[
                step_size,
                curvature,
                real(f, 0, None, open=True),
                real(c),
                real(mu),
                real(w),
                assume("the mean is stationary", eq(mu, mu - eta * h * (mu - c))),
                assume("w minimises the effective loss", eq(h * (w - c) + eta * f * w, 0)),
            ],
            says=[eq(mu, c), eq((h + eta * f) * (mu - w), eta * f * c)],
            witness={"eta": "1", "h": "1", "f": "1", "c": "1", "mu": "1", "w": "1/2"},
            checks=[
                proof(
                    step("rate", arithmetic(), gt(eta * h, 0)),
                    step("mean", arithmetic("rate"), eq(mu, c)),
                    step("distance", arithmetic("mean"), eq((h + eta * f) * (mu - w), eta * f * c)),
                )
            ],
        ),
        *PENALTY,
    ],
)

CLAIMS: tuple[Claim, ...] = (regulariser,)
"""In the order of the text."""
