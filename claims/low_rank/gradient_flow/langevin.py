"""Stochastic gradient descent on a quadratic beside the diffusion that is to replace it (section 11.2.3).

Near a minimum with Hessian H, and noise of constant covariance C, the error of the weight obeys
w <- (I - eta H) w - eta xi. Along a common eigenvector of H and C, with eigenvalues h and c, the stationary variance is
eta c / (h (2 - eta h)); that of the diffusion dw = -H w dt + sqrt(eta) C^(1/2) dB is eta c / (2 h).
"""

from __future__ import annotations

from claims.low_rank.gradient_flow.drift import DRIFT, mean_zero
from claims.low_rank.gradient_flow.langevin_pictures import variance_over_steps
from claims.low_rank.gradient_flow.spread import SPREAD, M, Z, c, eta, h, n, of_steps, one_mode
from verify.authoring import *

K = sizes("K")
x, y, z = scalars("x y z")
R, V = matrix("R", n, n), matrix("V", n, K)

of_diffusion = eta * c / (2 * h)  # the stationary variance of the diffusion along one mode
moderate = assume("moderate step", le(eta * h, 1))
of_euler = sqrt(eta) * (sqrt(eta) * R) * V  # dw = -H w dt + sqrt(eta) R dB over a time step of eta

langevin = Claim(
    label="theorem-11.14",
    section="11.2.3 Gradient flow",
    title=text("Drift induced by the noise", "噪声诱导的漂移"),
    sources=["mandt2017", "liu2021"],
    statement_tex=[
        r"w_{t+1} = (I - \eta H) w_t - \eta \xi_t, \quad \mathrm{Cov}(\xi_t) = C",
        r"d w = -H w \, dt + \sqrt{\eta} \, C^{1/2} \, d B",
    ],
    parts=[
        Part(
            id="langevin",
            role=main,
            expected=refuted,
            repair="langevin-repaired",
            reading=text(
                "in the long run the iteration is the discretised diffusion: on a quadratic, along one mode of "
                "curvature h and noise c, both have the same stationary variance, at every step size for which there "
                "is one",
                "长时间后迭代等价于扩散的离散化：在二次函数上，沿曲率为 h、噪声为 c 的模式，只要平稳方差存在，"
                "二者就相同",
            ),
            given=one_mode,
            says=eq(of_steps(c, h), of_diffusion),
            witness={"h": "1", "c": "1", "eta": "1"},
            checks=[Counter(values={"h": "1", "c": "1", "eta": "1"}), Search(), Illustrate(curves=variance_over_steps)],
            sources=["liu2021"],
            note=text(
                "a text that lets time run and keeps the step size cannot have this: the two agree as eta h tends to "
                "zero, and at eta h = 2 one is infinite and the other is not. Beyond variances nothing makes the noise "
                "of a finite data set Gaussian, or independent of the weight",
                "时间趋于无穷而步长不变时二者并不等价：仅当 eta h 趋于零时一致，而 eta h = 2 时前者无穷、后者有限。"
                "方差之外，有限数据集的噪声也未必是高斯的，也未必与权重无关",
            ),
        ),
        Part(
            id="langevin-repaired",
            role=main,
            expected=proved,
            reading=text(
                "for eta h at most 1 the diffusion gives too small a variance, by a relative error of at most eta h: "
                "they agree in the limit of small steps",
                "当 eta h 不超过 1 时，扩散给出的方差偏小，相对误差不超过 eta h：小步长极限下二者一致",
            ),
            given=[*one_mode, moderate],
            says=[le(of_diffusion, of_steps(c, h)), le(of_steps(c, h), (1 + eta * h) * of_diffusion)],
            witness={"h": "1", "c": "1", "eta": "1"},
            checks=[
                proof(
                    step("product", arithmetic(), gt(eta * h, 0)),
                    step("noise", arithmetic(), gt(eta * c, 0)),
                    step("positive", arithmetic("product", "noise"), gt(h * (2 - eta * h), 0)),
                    step("below", arithmetic(), le(of_diffusion, of_steps(c, h))),
                    step("above", arithmetic(), le(of_steps(c, h), (1 + eta * h) * of_diffusion)),
                ),
                Search(),
            ],
        ),
        Part(
            id="euler-step",
            role=caveat,
            expected=proved,
            reading=text(
                "what holds at every step size: the Euler step of the diffusion, over a time step of eta itself, has "
                "noise of the same mean and covariance as the iteration. The columns of Z are the M equally likely "
                "noises of the gradient, with covariance R R'; those of V stand for independent standard ones",
                "对任何步长都成立的是：以 eta 本身为时间步的扩散的 Euler 步，其噪声的均值与协方差都和迭代相同。"
                "Z 的各列是 M 个等可能的梯度噪声，协方差为 RR'；V 的各列代表独立的标准噪声",
            ),
            given=[
                *declare(Z, R, V),
                real(eta, 0, None),
                mean_zero,
                assume("standard noise of mean zero", eq(V * OneMatrix(K, 1), sp.ZeroMatrix(n, 1))),
                assume("standard noise", eq(V * V.T, K * Identity(n))),
                assume("covariance of the gradient noise", eq(Z * Z.T, M * R * R.T)),
            ],
            says=[
                eq(eta * Z * OneMatrix(M, 1) / M, of_euler * OneMatrix(K, 1) / K),
                eq(eta**2 * Z * Z.T / M, of_euler * of_euler.T / K),
            ],
            witness={"Z": [["1", "-1"]], "R": [["1"]], "V": [["1", "-1"]], "eta": "1/4"},
            checks=[
                proof(
                    step("mean", algebra(), eq(eta * Z * OneMatrix(M, 1) / M, of_euler * OneMatrix(K, 1) / K)),
                    step("covariance", algebra(), eq(eta**2 * Z * Z.T / M, of_euler * of_euler.T / K)),
                )
            ],
            sources=["mandt2017"],
            note=text(
                "read of single steps, mean and covariance alone, the statement is true by construction and for any "
                "loss. In the long run it is the discretisation itself that departs from the diffusion, by the share "
                "eta h of its repair",
                "若只论单步的均值与协方差，则该说法按构造成立，对任何损失皆然。长时间后偏离扩散的是离散化本身，"
                "偏差即其修正中的 eta h",
            ),
        ),
        Part(
            id="same-law",
            role=caveat,
            expected=refuted,
            repair="euler-step",
            reading=text(
                "and the same law, beyond mean and covariance: the noise of a finite data set has no third moment, as "
                "the Gaussian noise of the discretised diffusion has none. Here three equally likely gradients of one "
                "weight, of mean zero",
                "而且均值与协方差之外分布也相同：有限数据集的噪声与离散化扩散的高斯噪声一样，三阶矩为零。此处取单个权重的"
                "三个等可能的梯度，均值为零",
            ),
            given=[real(x), real(y), real(z), assume("mean zero", eq(x + y + z, 0))],
            says=eq(x**3 + y**3 + z**3, 0),
            witness={"x": "1", "y": "-1", "z": "0"},
            checks=[Counter(values={"x": "2", "y": "-1", "z": "-1"})],
        ),
        *SPREAD,
        *DRIFT,
    ],
)

CLAIMS = (langevin,)
"""In the order of the text."""
