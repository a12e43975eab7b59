"""How widely noisy steps spread in the long run, and in which directions most (section 11.2.3).

The covariance S of the error turns into (I - eta H) S (I - eta H)' + eta^2 C with each step. Along a common eigenvector
of H and C, with eigenvalues h and c, the variance that a step reproduces is eta c / (h (2 - eta h)).
"""

from __future__ import annotations

from typing import Any

from verify.authoring import *

n, M = sizes("n M")
eta, h, c, kappa, v = scalars("eta h c kappa v")
h1, h2, c1, c2 = scalars("h_1 h_2 c_1 c_2")
H, C, S = (matrix(name, n, n) for name in "HCS")
E, Z = matrix("E", n, M), matrix("Z", n, M)

contraction = Identity(n) - eta * H
next_errors = contraction * E - eta * Z


def of_steps(noise: Any, curvature: Any) -> Any:
    """The stationary variance of the iteration along one mode."""
    return eta * noise / (curvature * (2 - eta * curvature))


one_mode = [real(h, 0, None, open=True), real(c, 0, None, open=True), real(eta, 0, 2 / h, open=True)]
two_modes = [
    real(h1, 0, None, open=True),
    real(h2, 0, None, open=True),
    real(c2, 0, None, open=True),
    real(c1, c2, None),
    real(eta, 0, 2 / Max(h1, h2), open=True),
]
alike = {"h_1": "1", "h_2": "1", "c_1": "1", "c_2": "1", "eta": "1"}
isotropic = eta * kappa / 2 * Identity(n)
gibbs = eta * c / 2 * Inverse(H)
scalar_matrices = {"H": [["1"]], "C": [["1"]], "S": [["1"]], "eta": "1"}
new_covariance = contraction * (E * E.T / M) * contraction.T + eta**2 * (Z * Z.T / M)

SPREAD = (
    Part(
        id="covariance-recursion",
        role=caveat,
        expected=proved,
        reading=text(
            "one step turns the covariance S of the error into (I - eta H) S (I - eta H)' + eta^2 C, where the noise "
            "is uncorrelated with the error; the M equally likely outcomes are the columns of E and Z",
            "若噪声与误差不相关，则一步把误差协方差 S 变为 (I - eta H) S (I - eta H)' + eta^2 C；"
            "M 个等可能的结果是 E 与 Z 的各列",
        ),
        given=[*declare(H, E, Z), real(eta), assume("uncorrelated", eq(E * Z.T, sp.ZeroMatrix(n, n)))],
        says=eq(next_errors * next_errors.T / M, new_covariance),
        witness={"H": [["1"]], "E": [["1", "1"]], "Z": [["1", "-1"]], "eta": "1"},
        checks=[proof(step("next", algebra(), eq(next_errors * next_errors.T / M, new_covariance)))],
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
            "what counts is the noise divided by the curvature, and large noise usually comes with large curvature: "
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
            "if the noise is kappa times the Hessian, as the lemma before this theorem suggests, eta kappa / 2 times "
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
            "for the diffusion it is where the noise is isotropic: eta c / 2 times the inverse of the Hessian solves "
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
)
