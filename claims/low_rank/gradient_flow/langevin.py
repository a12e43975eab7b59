"""Stochastic gradient descent on a quadratic beside the diffusion that is to replace it (section 11.2.3).

Near a minimum with Hessian H, and noise of constant covariance C, the error of the weight obeys
w <- (I - eta H) w - eta xi. Along a common eigenvector of H and C, with eigenvalues h and c, the stationary variance is
eta c / (h (2 - eta h)); that of the diffusion dw = -H w dt + sqrt(eta) C^(1/2) dB is eta c / (2 h).
"""

from __future__ import annotations

from typing import Any

from claims.low_rank.gradient_flow.langevin_pictures import variance_over_steps
from verify.authoring import *

m, n, M, K = sizes("m n M K")
eta, h, c, kappa, v = scalars("eta h c kappa v")
h1, h2, c1, c2 = scalars("h_1 h_2 c_1 c_2")
x, y, z = scalars("x y z")
H, C, S = (matrix(name, n, n) for name in "HCS")
E, Z = matrix("E", n, M), matrix("Z", n, M)
W, F = matrix("W", m, n), matrix("F", m, n)
R, V = matrix("R", n, n), matrix("V", n, K)

contraction = Identity(n) - eta * H


def of_steps(noise: Any, curvature: Any) -> Any:
    """The stationary variance of the iteration along one mode."""
    return eta * noise / (curvature * (2 - eta * curvature))


def of_diffusion(noise: Any, curvature: Any) -> Any:
    return eta * noise / (2 * curvature)


one_mode = [real(h, 0, None, open=True), real(c, 0, None, open=True), real(eta, 0, 2 / h, open=True)]
two_modes = [
    real(h1, 0, None, open=True),
    real(h2, 0, None, open=True),
    real(c2, 0, None, open=True),
    real(c1, c2, None),
    real(eta, 0, 2 / Max(h1, h2), open=True),
]
alike = {"h_1": "1", "h_2": "1", "c_1": "1", "c_2": "1", "eta": "1"}
moderate = assume("moderate step", le(eta * h, 1))
isotropic = eta * kappa / 2 * Identity(n)
next_errors = contraction * E - eta * Z
mean_zero = assume("noise of mean zero", eq(Z * OneMatrix(M, 1), sp.ZeroMatrix(n, 1)))
mean_after = next_errors * OneMatrix(M, 1) / M
mean_without_noise = contraction * E * OneMatrix(M, 1) / M
gibbs = eta * c / 2 * Inverse(H)
nonzero = [assume(f"{w} is not zero", ge(Rank(w), 1)) for w in (W, W + F, W - F)]
of_euler = sqrt(eta) * (sqrt(eta) * R) * V  # dw = -H w dt + sqrt(eta) R dB over a time step of eta
scalar_matrices = {"H": [["1"]], "C": [["1"]], "S": [["1"]], "eta": "1"}

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
            says=eq(of_steps(c, h), of_diffusion(c, h)),
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
            says=[le(of_diffusion(c, h), of_steps(c, h)), le(of_steps(c, h), (1 + eta * h) * of_diffusion(c, h))],
            witness={"h": "1", "c": "1", "eta": "1"},
            checks=[
                proof(
                    step("product", arithmetic(), gt(eta * h, 0)),
                    step("noise", arithmetic(), gt(eta * c, 0)),
                    step("positive", arithmetic("product", "noise"), gt(h * (2 - eta * h), 0)),
                    step("below", arithmetic(), le(of_diffusion(c, h), of_steps(c, h))),
                    step("above", arithmetic(), le(of_steps(c, h), (1 + eta * h) * of_diffusion(c, h))),
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
        Part(
            id="covariance-recursion",
            role=caveat,
            expected=proved,
            reading=text(
                "one step turns the covariance S of the error into (I - eta H) S (I - eta H)' + eta^2 C, where the "
                "noise "
                "is uncorrelated with the error; the M equally likely outcomes are the columns of E and Z",
                "若噪声与误差不相关，则一步把误差协方差 S 变为 (I - eta H) S (I - eta H)' + eta^2 C；"
                "M 个等可能的结果是 E 与 Z 的各列",
            ),
            given=[*declare(H, E, Z), real(eta), assume("uncorrelated", eq(E * Z.T, sp.ZeroMatrix(n, n)))],
            says=eq(
                next_errors * next_errors.T / M, contraction * (E * E.T / M) * contraction.T + eta**2 * (Z * Z.T / M)
            ),
            witness={"H": [["1"]], "E": [["1", "1"]], "Z": [["1", "-1"]], "eta": "1"},
            checks=[
                proof(
                    step(
                        "next",
                        algebra(),
                        eq(
                            next_errors * next_errors.T / M,
                            contraction * (E * E.T / M) * contraction.T + eta**2 * (Z * Z.T / M),
                        ),
                    )
                )
            ],
        ),
        Part(
            id="stationary-covariance",
            role=caveat,
            expected=proved,
            reading=text(
                "a covariance S that the step reproduces solves H S + S H' - eta H S H' = eta C; the diffusion solves "
                "the same Lyapunov equation without the third term",
                "在迭代下不变的协方差 S 满足 HS + SH' - eta HSH' = eta C；扩散满足去掉第三项的 Lyapunov 方程",
            ),
            given=[
                *declare(H, S, C),
                real(eta, 0, None, open=True),
                assume("S is stationary", eq(C, (S - contraction * S * contraction.T) / eta**2)),
            ],
            says=eq(H * S + S * H.T - eta * H * S * H.T, eta * C),
            witness=scalar_matrices,
            checks=[proof(step("lyapunov", algebra(), eq(H * S + S * H.T - eta * H * S * H.T, eta * C)))],
            sources=["mandt2017", "liu2021"],
            depends_on=["theorem-11.14/covariance-recursion"],
        ),
        Part(
            id="stationary-variance",
            role=caveat,
            expected=proved,
            reading=text(
                "along one mode the solution is eta c / (h (2 - eta h)), and it is the only one",
                "沿单个模式，其解为 eta c / (h (2 - eta h))，且唯一",
            ),
            given=[*one_mode, real(v), assume("v is stationary", eq(v, (1 - eta * h) ** 2 * v + eta**2 * c))],
            says=eq(v, of_steps(c, h)),
            witness={"h": "1", "c": "1", "eta": "1", "v": "1"},
            checks=[
                proof(
                    step("product", arithmetic(), lt(eta * h, 2)),
                    step("positive", arithmetic("product"), gt(h * (2 - eta * h), 0)),
                    step("once", arithmetic(), eq(eta * (v * h * (2 - eta * h)), eta * (eta * c))),
                    step("solved", arithmetic("once"), eq(v * (h * (2 - eta * h)), eta * c)),
                    step("variance", arithmetic("solved", "positive"), eq(v, of_steps(c, h))),
                )
            ],
        ),
        Part(
            id="accumulates-in-noisy-directions",
            role=main,
            expected=refuted,
            repair="accumulates-in-noisy-directions-repaired",
            reading=text(
                "the weight spreads most where the noise is largest: of two modes the one with the larger noise "
                "variance has the larger stationary variance",
                "噪声越大的方向积累越多：两个模式中，噪声方差较大者平稳方差也较大",
            ),
            given=two_modes,
            says=ge(of_steps(c1, h1), of_steps(c2, h2)),
            witness=alike,
            checks=[Counter(values=alike | {"h_1": "4", "c_1": "2", "eta": "1/4"}), Search()],
            note=text(
                "what counts is the noise divided by the curvature, and large noise usually comes with large "
                "curvature: "
                "see accumulates-when-noise-is-hessian",
                "起作用的是噪声与曲率之比，而噪声大的方向通常曲率也大：见 accumulates-when-noise-is-hessian",
            ),
        ),
        Part(
            id="accumulates-in-noisy-directions-repaired",
            role=main,
            expected=proved,
            reading=text(
                "it does where the noisier mode is no more sharply curved than the other, at steps of at most the "
                "inverse of the larger curvature",
                "若噪声较大的模式曲率不大于另一个，且步长不超过较大曲率的倒数，则结论成立",
            ),
            given=[*two_modes, assume("no sharper", le(h1, h2)), assume("moderate step", le(eta * h2, 1))],
            says=ge(of_steps(c1, h1), of_steps(c2, h2)),
            witness=alike,
            checks=[
                proof(
                    step("first", arithmetic(), le(eta * h1, eta * h2)),
                    step("slack", arithmetic("first"), ge(2 - eta * h1 - eta * h2, 0)),
                    step("order", arithmetic("slack"), le(0, (h2 - h1) * (2 - eta * h1 - eta * h2))),
                    step("positive", arithmetic("first"), gt(h1 * (2 - eta * h1), 0)),
                    step("larger", arithmetic("order"), le(h1 * (2 - eta * h1), h2 * (2 - eta * h2))),
                    step("noise", arithmetic(), ge(eta * c1, eta * c2)),
                    step("some", arithmetic(), gt(eta * c2, 0)),
                    step("fewer", arithmetic("positive", "larger", "some"), le(of_steps(c2, h2), of_steps(c2, h1))),
                    step("more", arithmetic("positive", "noise"), le(of_steps(c2, h1), of_steps(c1, h1))),
                    step("spread", arithmetic("fewer", "more"), ge(of_steps(c1, h1), of_steps(c2, h2))),
                ),
                Search(),
            ],
        ),
        Part(
            id="accumulates-when-noise-is-hessian",
            role=caveat,
            expected=proved,
            reading=text(
                "if the noise is kappa times the Hessian, as the lemma before this theorem suggests, eta kappa / 2 "
                "times "
                "the identity solves the Lyapunov equation of the diffusion: the spread is the same in all directions",
                "若噪声协方差是 Hessian 的 kappa 倍（如前一引理所暗示），"
                "则 (eta kappa / 2) I 满足扩散的 Lyapunov 方程："
                "各方向的散布相同",
            ),
            given=[*declare(H), real(eta), real(kappa)],
            says=eq(H * isotropic + isotropic * H, eta * (kappa * H)),
            witness={"H": [["4", "0"], ["0", "1"]], "eta": "1", "kappa": "1"},
            checks=[proof(step("solves", algebra(), eq(H * isotropic + isotropic * H, eta * (kappa * H))))],
            depends_on=["lemma-11.23/fisher-hessian-repaired"],
            note=text(
                "the two statements of the text work against each other: where the noise follows the curvature, no "
                "direction is favoured",
                "正文的两个说法相互抵触：噪声若跟随曲率，则没有任何方向被偏爱",
            ),
        ),
        Part(
            id="hessian-noise-over-steps",
            role=caveat,
            expected=proved,
            depends_on=["theorem-11.14/stationary-variance"],
            reading=text(
                "with such noise the stationary variance of the steps is eta kappa / (2 - eta h): between the value of "
                "the diffusion and twice it while eta h is at most 1, whatever the noise in that direction",
                "在这种噪声下，迭代的平稳方差为 eta kappa / (2 - eta h)：当 eta h 不超过 1 时，介于扩散值与其两倍之间，"
                "与该方向噪声大小无关",
            ),
            given=[real(h, 0, None, open=True), real(kappa, 0), real(eta, 0, 1 / h, open=True)],
            says=[ge(of_steps(kappa * h, h), eta * kappa / 2), le(of_steps(kappa * h, h), eta * kappa)],
            witness={"h": "1", "kappa": "1", "eta": "1/2"},
            checks=[
                proof(
                    step("some", arithmetic(), gt(eta * h, 0)),
                    step("moderate", arithmetic(), lt(eta * h, 1)),
                    step("noise", arithmetic(), ge(eta * kappa, 0)),
                    step("least", arithmetic(), ge(of_steps(kappa * h, h), eta * kappa / 2)),
                    step("most", arithmetic(), le(of_steps(kappa * h, h), eta * kappa)),
                ),
                Search(),
            ],
        ),
        Part(
            id="temperature",
            role=caveat,
            expected=refuted,
            repair="temperature-repaired",
            reading=text(
                "the stationary law is the Gibbs law of Langevin dynamics: variance times curvature, the temperature, "
                "is the same in all directions",
                "平稳分布是朗之万动力学的 Gibbs 分布：方差乘以曲率（温度）在各方向上相同",
            ),
            given=two_modes,
            says=eq(h1 * of_steps(c1, h1), h2 * of_steps(c2, h2)),
            witness=alike,
            checks=[Counter(values=alike | {"c_1": "2"}), Search()],
        ),
        Part(
            id="temperature-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "for the diffusion it is where the noise is isotropic: eta c / 2 times the inverse of the Hessian "
                "solves "
                "its Lyapunov equation with C = c I",
                "对扩散而言，噪声各向同性时如此：(eta c / 2) 乘以 Hessian 的逆满足 C = cI 时的 Lyapunov 方程",
            ),
            given=[*declare(H), assume("H is invertible", eq(Rank(H), n)), real(eta), real(c)],
            says=eq(H * gibbs + gibbs * H, eta * (c * Identity(n))),
            witness={"H": [["4", "0"], ["0", "1"]], "eta": "1", "c": "1"},
            checks=[proof(step("solves", algebra(), eq(H * gibbs + gibbs * H, eta * (c * Identity(n)))))],
        ),
        Part(
            id="flat-directions-never-settle",
            role=caveat,
            expected=proved,
            reading=text(
                "in a flat direction, h = 0, with noise no variance is stationary: each step adds eta^2 c, so there is "
                "no long-time limit of which the claim could speak",
                "在有噪声的平坦方向（h = 0）上不存在平稳方差：每步增加 eta^2 c，因此谈不上长时间极限",
            ),
            given=[real(v), real(c, 0, None, open=True), real(eta, 0, None, open=True)],
            says=gt(v + eta**2 * c, v),
            witness={"v": "1", "c": "1", "eta": "1"},
            checks=[
                proof(
                    step("square", arithmetic(), gt(eta**2, 0)),
                    step("added", arithmetic("square"), gt(eta**2 * c, 0)),
                    step("moves", arithmetic("added"), gt(v + eta**2 * c, v)),
                )
            ],
        ),
        Part(
            id="drift",
            role=caveat,
            expected=refuted,
            repair="drift-repaired",
            reading=text(
                "the noise makes the weight drift: of M equally likely outcomes (the columns of E, with noise Z of "
                "mean "
                "zero, not all zero) the mean after a step is not the mean of the step without noise",
                "噪声使权重漂移：M 个等可能结果（E 的各列，"
                "噪声 Z 均值为零且不全为零）一步之后的均值不同于无噪声时的均值",
            ),
            given=[*declare(H, E, Z), real(eta, 0, None, open=True), mean_zero, assume("noise", ge(Rank(Z), 1))],
            says=ne(mean_after, mean_without_noise),
            witness={"H": [["1"]], "E": [["0", "0"]], "Z": [["1", "-1"]], "eta": "1"},
            checks=[Counter(values={"H": [["0"]], "E": [["0", "0"]], "Z": [["1", "-1"]], "eta": "1"})],
        ),
        Part(
            id="drift-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "on a quadratic loss noise of mean zero moves no mean: what it changes is the spread alone",
                "在二次损失上，均值为零的噪声不改变均值：它只改变散布",
            ),
            given=[*declare(H, E, Z), real(eta), mean_zero],
            says=eq(mean_after, mean_without_noise),
            witness={"H": [["1"]], "E": [["1", "1"]], "Z": [["1", "-1"]], "eta": "1"},
            checks=[proof(step("mean", algebra(), eq(mean_after, mean_without_noise)))],
        ),
        Part(
            id="rank-drifts-down",
            role=caveat,
            expected=refuted,
            repair="rank-drifts-down-repaired",
            reading=text(
                "noise lowers the effective rank of the weight on average: with noise F or -F, equally likely, its "
                "mean "
                "afterwards is at most what it was",
                "噪声平均而言降低权重的有效秩：噪声 F 与 -F 等可能时，事后的平均有效秩不超过原值",
            ),
            given=[*declare(W, F), *nonzero],
            says=le(EffectiveRank(W + F) + EffectiveRank(W - F), 2 * EffectiveRank(W)),
            witness={"W": [["1"]], "F": [["0"]]},
            checks=[Counter(values={"W": [["2", "0"], ["0", "0"]], "F": [["0", "0"], ["0", "1"]]}), Search()],
            note=text(
                "noise in all directions makes a low-rank weight full-rank; nothing in the theorem ties the noise to "
                "the singular directions of the weight",
                "各方向上的噪声会使低秩权重变为满秩；定理中没有任何内容把噪声与权重的奇异方向联系起来",
            ),
        ),
        Part(
            id="rank-drifts-down-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "noise smaller than the smallest positive singular value of the weight never lowers its rank",
                "小于权重最小正奇异值的噪声绝不会降低它的秩",
            ),
            given=[
                *declare(W, F),
                assume("W is not zero", ge(Rank(W), 1)),
                assume("small noise", lt(Sigma(F, 1), Sigma(W, Rank(W)))),
            ],
            says=ge(Rank(W + F), Rank(W)),
            witness={"W": [["2", "0"], ["0", "0"]], "F": [["0", "0"], ["0", "1"]]},
            checks=[
                proof(
                    step("weyl", apply("weyl", A=W + F, B=-F, i=Rank(W), j=1)),
                    step("sign", apply("negation", W=F, i=1)),
                    step("left", arithmetic("weyl", "sign"), gt(Sigma(W + F, Rank(W)), 0)),
                    step("rank", apply("value-needs-rank", W=W + F, i=Rank(W)), ge(Rank(W + F), Rank(W))),
                ),
                Search(),
            ],
        ),
    ],
)

CLAIMS = (langevin,)
"""In the order of the text."""
