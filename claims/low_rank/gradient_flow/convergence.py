"""Gradient descent on a quadratic loss, mode by mode (section 11.2.3)."""

from __future__ import annotations

from typing import Any

from verify.authoring import *

m, n, N = sizes("m n N")
i, j = indices("i j")
c, eta, lam = scalars("c eta lambda")
W, W_next, W_star = matrix("W", m, n), matrix("W_1", m, n), matrix("W_s", m, n)
X, Y, q = matrix("X", n, N), matrix("Y", m, N), vector("q", n)
c_vector = vector("c", N)

s = Sigma
positive_step = real(eta, 0, 2 / s(X, 1) ** 2, open=True)


def factor(index: Any) -> Any:
    """The factor by which one step multiplies the error of a mode; the eigenvalues of X X' are the s_i(X)^2."""
    return Abs(1 - eta * s(X, index) ** 2)


one_mode = {"X": [["2"]], "Y": [["6"]], "W": [["0"]], "W_s": [["3"]], "q": [["1"]], "lambda": "4", "eta": "1/10"}
two_modes = {"X": [["2", "0"], ["0", "1"]], "i": "1", "j": "2"}
pair = [*declare(X), between(j, 1, Rank(X)), between(i, 1, j)]
larger_eigenvalue = (
    step("order", apply("order", W=X, i=j, j=i)),
    step("squares", arithmetic("order"), le(s(X, j) ** 2, s(X, i) ** 2)),
)

convergence = Claim(
    label="theorem-11.13",
    section="11.2.3 Gradient flow",
    title=text("Rates of gradient descent on a quadratic loss", "谱偏向性收敛"),
    statement_tex=[
        r"W_{t+1} = W_t - \eta \left(W_t X - Y\right) X^{\top}",
        r"\lambda_1 \ge \lambda_2 \ge \cdots, \quad 1 - \eta \lambda_i",
    ],
    parts=[
        Part(
            id="mode-rate",
            role=main,
            expected=proved,
            reading=text(
                "one step multiplies the error along an eigenvector of X X' by exactly 1 - eta lambda, where the error "
                "is measured from any stationary point W_s",
                "一步更新使误差在 XX' 的特征向量方向上恰好乘以 1 - eta lambda，误差相对任一驻点 W_s 度量",
            ),
            given=[
                *declare(W, W_star, X, Y, q),
                real(eta),
                real(lam),
                assume("W_s is stationary", eq(Y * X.T, W_star * X * X.T)),
                assume("q is an eigenvector", eq(X * X.T * q, lam * q)),
                let(W_next, W - eta * (W * X - Y) * X.T),
            ],
            says=eq((W_next - W_star) * q, (1 - eta * lam) * (W - W_star) * q),
            witness=one_mode,
            checks=[
                proof(
                    step(
                        "step",
                        algebra(),
                        eq((W - eta * (W * X - Y) * X.T - W_star) * q, (1 - eta * lam) * (W - W_star) * q),
                    )
                )
            ],
        ),
        Part(
            id="update-is-gradient",
            role=caveat,
            expected=proved,
            reading=text(
                "the update follows the gradient of half the squared residual", "更新方向是残差平方一半的梯度"
            ),
            given=declare(W, X, Y),
            says=eq(Gradient(norm_sq(W * X - Y) / 2, W), (W * X - Y) * X.T),
            witness={"W": [["0"]], "X": [["2"]], "Y": [["6"]]},
            checks=[proof(step("gradient", Calculus(), eq(Gradient(norm_sq(W * X - Y) / 2, W), (W * X - Y) * X.T)))],
        ),
        Part(
            id="converges",
            role=caveat,
            expected=refuted,
            repair="converges-repaired",
            reading=text(
                "every mode of positive eigenvalue converges, for every positive step size: its factor is below one",
                "对任何正步长，特征值为正的模式都收敛：其因子的绝对值小于一",
            ),
            given=[*declare(X), between(i, 1, Rank(X)), real(eta, 0, None, open=True)],
            says=lt(factor(i), 1),
            witness={"X": [["1"]], "i": "1", "eta": "1"},
            checks=[Counter(values={"X": [["1"]], "i": "1", "eta": "2"}), Search()],
        ),
        Part(
            id="converges-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "for a step size strictly between 0 and 2 / lambda_1 every mode of positive eigenvalue converges",
                "步长严格介于 0 与 2/lambda_1 之间时，特征值为正的模式都收敛",
            ),
            given=[*declare(X), between(i, 1, Rank(X)), positive_step],
            says=lt(factor(i), 1),
            witness={"X": [["1"]], "i": "1", "eta": "1"},
            checks=[
                proof(
                    step("first", apply("positive", W=X, i=1)),
                    step("this", apply("positive", W=X, i=i)),
                    step("order", apply("order", W=X, i=i, j=1)),
                    step("squares", arithmetic("order", "this"), le(s(X, i) ** 2, s(X, 1) ** 2)),
                    step("positive-square", arithmetic("this"), gt(s(X, i) ** 2, 0)),
                    step("scaled", arithmetic("first"), lt(eta * s(X, 1) ** 2, 2)),
                    step("less", arithmetic("squares"), le(eta * s(X, i) ** 2, eta * s(X, 1) ** 2)),
                    step("more", arithmetic("positive-square"), gt(eta * s(X, i) ** 2, 0)),
                    step("factor", arithmetic("scaled", "less", "more"), lt(factor(i), 1)),
                ),
                Search(),
            ],
        ),
        Part(
            id="converges-only-if",
            role=caveat,
            expected=proved,
            reading=text(
                "and no larger step size will do: if the first mode converges, eta lambda_1 < 2",
                "步长不能更大：若第一个模式收敛，则 eta lambda_1 < 2",
            ),
            given=[*declare(X), real(eta), assume("the first mode converges", lt(factor(1), 1))],
            says=[lt(eta * s(X, 1) ** 2, 2), gt(eta * s(X, 1) ** 2, 0)],
            witness={"X": [["1"]], "eta": "1"},
            checks=[
                proof(
                    step("below", arithmetic(), lt(eta * s(X, 1) ** 2, 2)),
                    step("above", arithmetic(), gt(eta * s(X, 1) ** 2, 0)),
                ),
                Search(excludes={"zero matrix": "its first mode does not move"}),
            ],
        ),
        Part(
            id="all-modes-converge",
            role=caveat,
            expected=refuted,
            repair="converges-repaired",
            reading=text(
                "each of the n modes converges, as a rate for every eigenvalue from the first to the n-th suggests, "
                "at a "
                "step size below 2 / lambda_1",
                "步长小于 2/lambda_1 时，n 个模式全部收敛（第一个到第 n 个特征值都给出了速率）",
            ),
            given=[*declare(X), between(i, 1, n), assume("X is not zero", ge(Rank(X), 1)), positive_step],
            says=lt(factor(i), 1),
            witness={"X": [["1"]], "i": "1", "eta": "1"},
            checks=[Counter(values={"X": [["1"], ["0"]], "i": "2", "eta": "1"}), Search()],
            note=text(
                "with fewer samples than inputs at least n - N eigenvalues are zero; those modes keep the value they "
                "start with, and are not slow but frozen",
                "样本数少于输入维数时至少有 n - N 个特征值为零；这些模式保持初值，不是慢，而是不动",
            ),
        ),
        Part(
            id="zero-modes-outside-column-space",
            role=caveat,
            expected=proved,
            reading=text(
                "an eigenvector X c of X X' in the column space of X has a positive eigenvalue unless it is zero: the "
                "weak directions of the column space are slow, the frozen ones lie outside of it",
                "X 的列空间中的非零特征向量 X c 必有正特征值：列空间的弱方向只是慢，不动的方向都在列空间之外",
            ),
            given=[
                *declare(X, c_vector),
                assume("X c is an eigenvector of eigenvalue zero", eq(X * X.T * X * c_vector, sp.ZeroMatrix(n, 1))),
            ],
            says=eq(X * c_vector, sp.ZeroMatrix(n, 1)),
            witness={"X": [["1", "1"]], "c": [["1"], ["-1"]]},
            checks=[
                proof(
                    step("square", TraceAlgebra(), eq(norm_sq(X.T * X * c_vector), 0)),
                    step("norm", arithmetic("square"), eq(FrobeniusNorm(X.T * X * c_vector), 0)),
                    step("normal", apply("frobenius-definite", W=X.T * X * c_vector)),
                    step("length", TraceAlgebra(using=("normal",)), eq(norm_sq(X * c_vector), 0)),
                    step("short", arithmetic("length"), eq(FrobeniusNorm(X * c_vector), 0)),
                    step("zero", apply("frobenius-definite", W=X * c_vector)),
                )
            ],
        ),
        Part(
            id="small-is-slow",
            role=main,
            expected=refuted,
            repair="small-is-slow-repaired",
            reading=text(
                "at a step size that converges, the mode of the smaller eigenvalue has the larger factor",
                "在收敛的步长下，特征值较小的模式因子较大（收敛较慢）",
            ),
            given=[*pair, positive_step],
            says=le(factor(i), factor(j)),
            witness=two_modes | {"eta": "1/10"},
            checks=[Counter(values=two_modes | {"eta": "9/20"}), Search()],
            note=text(
                "with a large step the mode of the largest eigenvalue overshoots and becomes the slowest",
                "步长较大时，最大特征值的模式会越过最优点，反而最慢",
            ),
        ),
        Part(
            id="small-is-slow-repaired",
            role=main,
            expected=proved,
            reading=text(
                "it does where eta (lambda_i + lambda_j) <= 2, in particular for every step size up to 1 / lambda_1",
                "当 eta(lambda_i + lambda_j) <= 2 时成立，特别地，对不超过 1/lambda_1 的步长都成立",
            ),
            given=[*pair, real(eta, 0, None), assume("moderate step", le(eta * (s(X, i) ** 2 + s(X, j) ** 2), 2))],
            says=le(factor(i), factor(j)),
            witness=two_modes | {"eta": "1/4"},
            checks=[
                proof(
                    *larger_eigenvalue,
                    step("scaled", arithmetic("squares"), le(eta * s(X, j) ** 2, eta * s(X, i) ** 2)),
                    step("slower", arithmetic("scaled"), le(factor(i), factor(j))),
                ),
                Search(),
            ],
        ),
        Part(
            id="small-is-slow-only-if",
            role=caveat,
            expected=proved,
            reading=text(
                "and only there: between different eigenvalues the order of the factors forces eta (lambda_i + "
                "lambda_j) <= 2",
                "且仅在此时成立：特征值不同时，因子的次序迫使 eta(lambda_i + lambda_j) <= 2",
            ),
            given=[
                *pair,
                real(eta, 0, None, open=True),
                assume("different eigenvalues", gt(s(X, i), s(X, j))),
                assume("the smaller is slower", le(factor(i), factor(j))),
            ],
            says=le(eta * (s(X, i) ** 2 + s(X, j) ** 2), 2),
            witness=two_modes | {"eta": "1/4"},
            checks=[
                proof(
                    step("squares", arithmetic(), gt(s(X, i) ** 2, s(X, j) ** 2)),
                    step("scaled", arithmetic("squares"), gt(eta * s(X, i) ** 2, eta * s(X, j) ** 2)),
                    step("step", arithmetic("scaled"), le(eta * (s(X, i) ** 2 + s(X, j) ** 2), 2)),
                )
            ],
        ),
        Part(
            id="slow-means-small-weight",
            role=caveat,
            expected=refuted,
            repair="slow-means-small-weight-repaired",
            reading=text(
                "the slow directions are those in which the solution is small: its length along the eigenvectors "
                "of X X' decreases with the eigenvalue",
                "慢的方向就是解较小的方向：解在 XX' 特征向量上的长度随特征值减小",
            ),
            given=[*declare(W_star, X), between(j, 1, Rank(X)), between(i, 1, j)],
            says=ge(FrobeniusNorm(W_star * LeftSingular(X, i)), FrobeniusNorm(W_star * LeftSingular(X, j))),
            witness={"W_s": [["1", "0"]], **two_modes},
            checks=[Counter(values={"W_s": [["0", "1"]], **two_modes}), Search()],
            note=text(
                "the eigenvectors belong to the data, the singular values to the target; nothing ties one to the other",
                "特征向量来自数据，奇异值来自目标，两者之间没有必然联系",
            ),
        ),
        Part(
            id="slow-means-small-weight-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "they are where the solution is aligned with the data: W_s a multiple of X'",
                "当解与数据对齐（W_s 为 X' 的倍数）时成立",
            ),
            given=[*declare(X), between(j, 1, Rank(X)), between(i, 1, j), real(c)],
            says=ge(Abs(c) * FrobeniusNorm(X.T * LeftSingular(X, i)), Abs(c) * FrobeniusNorm(X.T * LeftSingular(X, j))),
            witness=two_modes | {"c": "1"},
            checks=[
                proof(
                    step("larger", apply("left-vector", W=X, i=i)),
                    step("smaller", apply("left-vector", W=X, i=j)),
                    step("order", apply("order", W=X, i=j, j=i)),
                    step(
                        "lengths",
                        arithmetic("larger", "smaller", "order"),
                        ge(
                            Abs(c) * FrobeniusNorm(X.T * LeftSingular(X, i)),
                            Abs(c) * FrobeniusNorm(X.T * LeftSingular(X, j)),
                        ),
                    ),
                )
            ],
        ),
    ],
)
