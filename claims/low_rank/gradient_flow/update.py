"""The update of gradient descent for linear regression: shapes and solutions (section 11.2.3)."""

from __future__ import annotations

from typing import Any

from verify.authoring import *

m, n, d, p, N, k = sizes("m n d p N k")
eta = scalars("eta")

W, X, Y = matrix("W", m, n), matrix("X", n, N), matrix("Y", m, N)
W_text, X_text, Y_text = matrix("W", p, n), matrix("X", n, d), matrix("Y", n, m)
W_rows, W_square, Y_square = matrix("W", d, m), matrix("W", n, n), matrix("Y", n, d)
Z, X_other = matrix("Z", m, n), matrix("X_1", n, N)
V = matrix("V", m, n)
one_entry = {"W": [["0"]], "X": [["2"]], "Y": [["6"]]}


def half_square(residual: Any) -> Any:
    return norm_sq(residual) / 2


def gradient_part(name: str, w: Any, residual: Any, gradient: Any, given: Any, reading: Text, **more: Any) -> Part:
    """The gradient of half the squared residual is the one that the update uses."""
    says = eq(Gradient(half_square(residual), w), gradient)
    return Part(
        id=name,
        expected=proved,
        reading=reading,
        given=given,
        says=says,
        witness=one_entry,
        checks=[proof(step("gradient", Calculus(), says))],
        **more,
    )


P, Q = matrix("P", n, n), matrix("Q", n, n)
P_columns, Q_columns = matrix("P", N, k), matrix("Q", k, N)
X_columns = matrix("X_1", n, k)
unit_1, unit_2 = [["1"], ["0"]], [["0"], ["1"]]
swap = [["0", "1"], ["1", "0"]]
z = vector("z", N)

gd_update = Claim(
    label="equation-gd-update",
    section="11.2.3 Gradient flow",
    title=text("Gradient descent for linear regression", "线性回归的梯度下降"),
    statement_tex=[
        r"\min_{W} \tfrac{1}{2} \|W X - Y\|_F^2, \quad X \in \mathbb{R}^{n \times d},\ Y \in \mathbb{R}^{n \times m}",
        r"W_{t+1} = W_t - \eta \left(W_t X X^{\top} - Y X^{\top}\right)",
    ],
    parts=[
        Part(
            id="shapes",
            role=main,
            expected=ill_posed,
            repair="shapes-repaired",
            reading=text(
                "with X of size n x d and Y of size n x m the loss has a meaning: for whatever number of rows of W the "
                "residual W X - Y is a matrix, and its gradient is the one of the update",
                "当 X 为 n x d、Y 为 n x m 时损失有意义：无论 W 有多少行，W X - Y 都是矩阵，其梯度即更新式所用者",
            ),
            given=[*declare(W_text, X_text, Y_text)],
            says=eq(Gradient(half_square(W_text * X_text - Y_text), W_text), (W_text * X_text - Y_text) * X_text.T),
            witness=one_entry,
            note=text(
                "the loss is written for samples in columns and the shapes for samples in rows; W X is something x d, "
                "and Y would have to be as wide, so it works only if d = m",
                "损失按“样本为列”书写，而形状按“样本为行”给出；W X 有 d 列，Y 有 m 列，只有 d = m 时才相容",
            ),
        ),
        Part(
            id="shapes-of-the-update",
            role=caveat,
            expected=ill_posed,
            repair="shapes-repaired",
            reading=text(
                "with the same shapes the update has a meaning: the products W X X' and Y X' can be subtracted",
                "在同样的形状下更新式有意义：乘积 W X X' 与 Y X' 可以相减",
            ),
            given=[*declare(W_text, X_text, Y_text), real(eta)],
            says=ge(FrobeniusNorm(W_text * X_text * X_text.T - Y_text * X_text.T), 0),
            witness=one_entry | {"eta": "1"},
            note=text(
                "Y X' itself does not multiply: Y has m columns, X' has d rows",
                "Y X' 本身就不能相乘：Y 有 m 列，而 X' 有 d 行",
            ),
        ),
        gradient_part(
            "shapes-repaired",
            W,
            W * X - Y,
            W * X * X.T - Y * X.T,
            declare(W, X, Y),
            text(
                "with samples as columns, X of size n x N, Y of size m x N and W of size m x n, the loss and the "
                "update type-check, and the update follows the gradient",
                "样本按列排放，即 X 为 n x N、Y 为 m x N、W 为 m x n 时，损失与更新式都合法，且更新方向就是梯度",
            ),
            role=main,
            note=text(
                "the rest of this subsection is judged with these shapes; X X' is then n x n, as the text has it",
                "本小节其余部分都按这些形状评判；此时 X X' 为 n x n，与正文一致",
            ),
        ),
        gradient_part(
            "shapes-by-rows",
            W_rows,
            X_text * W_rows - Y_text,
            X_text.T * (X_text * W_rows - Y_text),
            declare(W_rows, X_text, Y_text),
            text(
                "with the shapes that are stated, samples as rows, the loss must be that of X W - Y, and the gradient "
                "is X' (X W - Y): then X' X takes the place of X X'",
                "若保留所给形状（样本按行排放），损失应为 X W - Y 的损失，梯度为 X'(X W - Y)：此时 X' X 取代 X X'",
            ),
            role=caveat,
        ),
        gradient_part(
            "shapes-when-equal",
            W_square,
            W_square * X_text - Y_square,
            W_square * X_text * X_text.T - Y_square * X_text.T,
            declare(W_square, X_text, Y_square),
            text(
                "the formulas as written do fit the shapes as written in one case, d = m, and then W is square: n x n",
                "所写公式与所写形状仅在 d = m 时相容，此时 W 只能是 n x n 的方阵",
            ),
            role=caveat,
        ),
        Part(
            id="solution-space",
            role=main,
            expected=refuted,
            repair="solution-space-repaired",
            reading=text(
                "what may be added to a solution of W X = Y is determined by the row space of X: two data matrices "
                "with the same row space (each is the other times a matrix from the left) are annihilated by "
                "the same Z",
                "W X = Y 的解可以加上哪些矩阵，由 X 的行空间决定：行空间相同（互为对方左乘某矩阵）的两个数据矩阵，"
                "被同样的 Z 零化",
            ),
            given=[
                *declare(Z, X, X_other, P, Q),
                assume("the rows of X_1 are combinations of those of X", eq(X_other, P * X)),
                assume("the rows of X are combinations of those of X_1", eq(X, Q * X_other)),
                assume("Z may be added to a solution", eq(Z * X, sp.ZeroMatrix(m, N))),
            ],
            says=eq(Z * X_other, sp.ZeroMatrix(m, N)),
            witness={"Z": [["0"]], "X": [["1"]], "X_1": [["1"]], "P": [["1"]], "Q": [["1"]]},
            checks=[Counter(values={"Z": [["0", "1"]], "X": unit_1, "X_1": unit_2, "P": swap, "Q": swap})],
            note=text(
                "the row space is the right word for the other convention, X W = Y: there Z must lie in the null space "
                "of X. The theorem on the rates, further on, speaks of the column space, as the formulas want it",
                "行空间对应另一种写法 X W = Y：那里 Z 的列须属于 X 的零空间。"
                "其后关于速率的定理说的却是列空间，与公式相符",
            ),
        ),
        Part(
            id="solution-space-repaired",
            role=main,
            expected=proved,
            reading=text(
                "it is determined by the column space of X: two data matrices with the same column space (each is the "
                "other times a matrix from the right) are annihilated by the same Z, even with different numbers of "
                "samples",
                "它由 X 的列空间决定：列空间相同（互为对方右乘某矩阵）的两个数据矩阵被同样的 Z 零化，样本数不同亦然",
            ),
            given=[
                *declare(Z, X, X_columns, P_columns, Q_columns),
                assume("the columns of X_1 are combinations of those of X", eq(X_columns, X * P_columns)),
                assume("the columns of X are combinations of those of X_1", eq(X, X_columns * Q_columns)),
                assume("Z may be added to a solution", eq(Z * X, sp.ZeroMatrix(m, N))),
            ],
            says=eq(Z * X_columns, sp.ZeroMatrix(m, k)),
            witness={"Z": [["0", "1"]], "X": unit_1, "X_1": unit_1, "P": [["1"]], "Q": [["1"]]},
            checks=[
                proof(
                    step("annihilated", Hypothesis(), eq(Z * X, sp.ZeroMatrix(m, N))),
                    step("combined", Hypothesis(), eq(X_columns, X * P_columns)),
                    step(
                        "other",
                        MatrixAlgebra(using=("annihilated", "combined"), from_hypotheses=False),
                        eq(Z * X_columns, sp.ZeroMatrix(m, k)),
                    ),
                )
            ],
        ),
        Part(
            id="row-space-and-existence",
            role=caveat,
            expected=proved,
            reading=text(
                "what the row space of X decides is whether W X = Y can be solved at all: if it can, Y vanishes "
                "wherever X does, so the rows of Y lie in the row space of X",
                "X 的行空间所决定的是 W X = Y 能否有解：若有解，则凡 X z = 0 必有 Y z = 0，即 Y 的行属于 X 的行空间",
            ),
            given=[
                *declare(W, X, Y, z),
                assume("W solves", eq(Y, W * X)),
                assume("z is annihilated by X", eq(X * z, sp.ZeroMatrix(n, 1))),
            ],
            says=eq(Y * z, sp.ZeroMatrix(m, 1)),
            witness={"W": [["1"]], "X": [["1", "0"]], "Y": [["1", "0"]], "z": unit_2},
            checks=[proof(step("vanishes", algebra(), eq(Y * z, sp.ZeroMatrix(m, 1))))],
        ),
        Part(
            id="minimisers-differ",
            role=caveat,
            expected=proved,
            reading=text(
                "any two minimisers differ by a matrix that annihilates X, also where W X = Y has no solution: they "
                "agree on the column space of X",
                "任意两个极小点之差零化 X，即使 W X = Y 无解：它们在 X 的列空间上一致",
            ),
            given=[
                *declare(W, V, X, Y),
                assume("W is stationary", eq(W * X * X.T, Y * X.T)),
                assume("V is stationary", eq(V * X * X.T, Y * X.T)),
            ],
            says=eq((W - V) * X, sp.ZeroMatrix(m, N)),
            witness={"W": [["3", "0"]], "V": [["3", "1"]], "X": [["2"], ["0"]], "Y": [["6"]]},
            checks=[
                proof(
                    step("square", TraceAlgebra(), eq(norm_sq((W - V) * X), 0)),
                    step("norm", arithmetic("square"), eq(FrobeniusNorm((W - V) * X), 0)),
                    step("zero", apply("frobenius-definite", W=(W - V) * X), eq((W - V) * X, sp.ZeroMatrix(m, N))),
                )
            ],
        ),
    ],
)

CLAIMS = (gd_update,)
