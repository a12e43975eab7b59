"""Curvature of the loss beside the singular values of the weights (section 11.2.3)."""

from __future__ import annotations

from typing import Any

from claims.low_rank.gradient_flow.sharpness import sharpness
from claims.low_rank.gradient_flow.simplicity import simplicity
from claims.low_rank.measured import measured
from verify.authoring import *

m, n, r, N = sizes("m n r N")
i, j = indices("i j")
t, c, a, b, p, q = scalars("t c a b p q")
W, D, X, Y = matrix("W", m, n), matrix("D", m, n), matrix("X", n, N), matrix("Y", m, N)
B, P, A, Q, S = matrix("B", m, r), matrix("P", m, r), matrix("A", r, n), matrix("Q", r, n), matrix("S", r, r)
B1, A1, B2, A2 = matrix("B_1", m, r), matrix("A_1", r, n), matrix("B_2", m, r), matrix("A_2", r, n)

s = Sigma
pair = [between(j, 1, Rank(W)), between(i, 1, j), assume("different values", gt(s(W, i), s(W, j)))]
two = {"W": [["2", "0"], ["0", "1"]], "i": "1", "j": "2"}


def along(index: Any) -> Any:
    """Curvature (its root) of half the squared residual of W X along the unit matrix u_i v_i' of W."""
    return FrobeniusNorm(X.T * RightSingular(W, index))


def along_data(index: Any) -> tuple[Line, ...]:
    name = f"{index}"
    v = RightSingular(W, index)
    return (
        step(f"moment {name}", TraceAlgebra(), eq(norm_sq(X.T * v), c**2 * norm_sq(W * v))),
        step(f"value {name}", apply("right-vector", W=W, i=index)),
        step(
            f"length {name}",
            arithmetic(f"moment {name}", f"value {name}"),
            eq(norm_sq(X.T * v), c**2 * s(W, index) ** 2),
        ),
    )


def component(index: Any) -> Any:
    """How far the first factor moves along its own singular pair."""
    return sp.Trace(LeftSingular(B, index).T * P * RightSingular(B, index)) ** 2


def sharpest(left: Any, right: Any) -> Any:
    return s(left, 1) ** 2 + s(right, 1) ** 2


curvature_of_loss = eq(
    norm_sq((W + t * D) * X - Y) / 2, norm_sq(W * X - Y) / 2 + t * inner(W * X - Y, D * X) + t**2 / 2 * norm_sq(D * X)
)
gauge = eq(norm_sq((B + t * B * S) * (A - t * S * A) - B * A), t**4 * norm_sq(B * S * S * A))

correlation = Claim(
    label="theorem-11.15",
    section="11.2.3 Gradient flow",
    title=text("Flat directions and small singular values", "曲率与奇异值的关联"),
    statement_tex=[
        (
            r"H = \nabla^2 \mathcal{L}(W^*), \quad v^{\top} H v \text{ small along } v = u_i v_i^{\top}, \ "
            r"\sigma_i(W^*) \text{ small}"
        )
    ],
    parts=[
        Part(
            id="flat-is-low-singular",
            role=main,
            expected=refuted,
            repair="flat-is-low-singular-repaired",
            reading=text(
                "for half the squared residual of W X, at whichever W, the curvature along the singular pair of a "
                "smaller singular value is no larger: |X'v_j| is at most |X'v_i| where sigma_j < sigma_i",
                "对 WX 的残差平方之半，无论 W 为何，沿较小奇异值的奇异对，曲率不会更大：当 sigma_j < sigma_i 时 "
                "|X'v_j| 不超过 |X'v_i|",
            ),
            given=[*declare(W, X), *pair],
            says=le(along(j), along(i)),
            witness=two | {"X": [["2", "0"], ["0", "1"]]},
            checks=[Counter(values=two | {"X": [["1", "0"], ["0", "2"]]}), Search()],
            note=text(
                "the curvature of least squares is that of the data and does not see W; an association, if there is "
                "one, comes from how the weights were learned",
                "最小二乘的曲率来自数据而与 W 无关；若存在关联，也来自权重的学习过程",
            ),
        ),
        Part(
            id="flat-is-low-singular-repaired",
            role=main,
            expected=proved,
            reading=text(
                "it is where the second moment of the data is aligned with the weights, X X' = c^2 W'W",
                "当数据的二阶矩与权重对齐（XX' = c^2 W'W）时成立",
            ),
            given=[*declare(W, X), real(c), assume("aligned", eq(X * X.T, c**2 * W.T * W)), *pair],
            says=le(along(j), along(i)),
            witness=two | {"X": [["2", "0"], ["0", "1"]], "c": "1"},
            checks=[
                proof(
                    *along_data(i),
                    *along_data(j),
                    step("order", arithmetic(), le(s(W, j) ** 2, s(W, i) ** 2)),
                    step("scaled", arithmetic("order"), le(c**2 * s(W, j) ** 2, c**2 * s(W, i) ** 2)),
                    step("flatter", arithmetic(), le(along(j), along(i))),
                )
            ],
        ),
        Part(
            id="least-squares-curvature",
            role=caveat,
            expected=proved,
            reading=text(
                "the loss of linear least squares along any line is a parabola whose curvature |D X|^2 does not "
                "contain W",
                "线性最小二乘的损失沿任意直线是抛物线，其曲率 |DX|^2 不含 W",
            ),
            given=[*declare(W, D, X, Y), real(t)],
            says=curvature_of_loss,
            witness={"W": [["1"]], "D": [["1"]], "X": [["1"]], "Y": [["2"]], "t": "1"},
            checks=[proof(step("parabola", TraceAlgebra(), curvature_of_loss))],
        ),
        Part(
            id="two-layer-flat-is-low-singular",
            role=caveat,
            expected=refuted,
            repair="two-layer-flat-is-low-singular-repaired",
            reading=text(
                "for the two-layer linear network B A, a direction (P, Q) along which the product does not change to "
                "first order, P A + B Q = 0, and which is therefore flat at an exact solution, moves B less along its "
                "larger singular values than along the smaller",
                "对两层线性网络 BA，若方向 (P, Q) 使乘积的一阶变化为零，即 PA + BQ = 0，因而在精确解处是平坦的，则它使"
                " B 沿较大奇异值方向的移动不超过沿较小者",
            ),
            given=[
                *declare(B, A, P, Q),
                between(j, 1, Rank(B)),
                between(i, 1, j),
                assume("different values", gt(s(B, i), s(B, j))),
                assume("flat", eq(P * A, -B * Q)),
            ],
            says=le(component(i), component(j)),
            witness={
                "B": [["2", "0"], ["0", "1"]],
                "A": [["1", "0"], ["0", "1"]],
                "P": [["0", "0"], ["0", "1"]],
                "Q": [["0", "0"], ["0", "-1"]],
                "i": "1",
                "j": "2",
            },
            checks=[
                Counter(
                    values={
                        "B": [["2", "0"], ["0", "1"]],
                        "A": [["1", "0"], ["0", "1"]],
                        "P": [["2", "0"], ["0", "1"]],
                        "Q": [["-1", "0"], ["0", "-1"]],
                        "i": "1",
                        "j": "2",
                    }
                )
            ],
            note=text(
                "scaling one layer up and the other down is exactly flat, and moves the largest singular values most",
                "一层放大、另一层缩小的方向完全平坦，却使最大的奇异值移动最多",
            ),
        ),
        Part(
            id="two-layer-flat-is-low-singular-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the flat directions of a two-layer linear network are those that exchange scale between the layers: "
                "along (B S, -S A) the product changes in second order only, whatever S and the singular values",
                "两层线性网络的平坦方向是在层间交换尺度的方向：沿 (BS, -SA)，乘积只有二阶变化，与 S 及奇异值无关",
            ),
            given=[*declare(B, A, S), real(t)],
            says=gauge,
            witness={"B": [["1"]], "A": [["1"]], "S": [["1"]], "t": "1"},
            checks=[proof(step("second order", TraceAlgebra(), gauge))],
        ),
        Part(
            id="balanced-modes",
            role=caveat,
            expected=proved,
            reading=text(
                "where something of it remains: at a balanced solution, each singular mode of the product shared "
                "equally by the two layers (a^2 = b^2 and p^2 = q^2), the mode of larger singular value has the "
                "larger curvature a^2 + b^2, twice its singular value",
                "仍然成立的部分：在平衡解处，乘积的每个奇异模式由两层平分（a^2 = b^2，p^2 = q^2），奇异值较大的模式曲"
                "率 a^2 + b^2 较大，等于其奇异值的两倍",
            ),
            given=[
                *(real(x) for x in (a, b, p, q)),
                assume("first mode balanced", eq(a**2, b**2)),
                assume("second mode balanced", eq(p**2, q**2)),
                assume("order of the modes", le(Abs(p * q), Abs(a * b))),
            ],
            says=[eq(a**2 + b**2, 2 * Abs(a * b)), le(p**2 + q**2, a**2 + b**2)],
            witness={"a": "2", "b": "2", "p": "1", "q": "1"},
            sources=["mulayoff2020"],
            checks=[
                proof(
                    step("first", arithmetic(), eq(a**2 + b**2, 2 * Abs(a * b))),
                    step("second", arithmetic(), eq(p**2 + q**2, 2 * Abs(p * q))),
                    step("sharper", arithmetic("first", "second"), le(p**2 + q**2, a**2 + b**2)),
                )
            ],
        ),
        Part(
            id="flat-minimum-is-low-rank",
            role=caveat,
            expected=refuted,
            repair="flat-minimum-is-low-rank-repaired",
            reading=text(
                "of two exact solutions B_1 A_1 = B_2 A_2 of a two-layer linear network, the flatter one, by the "
                "largest eigenvalue sigma_1(B)^2 + sigma_1(A)^2 of the Hessian, has layers of no larger rank",
                "两层线性网络的两个精确解 B_1 A_1 = B_2 A_2 中，按 Hessian 的最大特征值 sigma_1(B)^2 + sigma_1(A)^2 较"
                "平坦者，各层的秩不会更大",
            ),
            given=[
                *declare(B1, A1, B2, A2),
                assume("same function", eq(B1 * A1, B2 * A2)),
                assume("the first is flatter", lt(sharpest(B1, A1), sharpest(B2, A2))),
            ],
            says=le(Rank(B1), Rank(B2)),
            witness={"B_1": [["1"]], "A_1": [["1"]], "B_2": [["2"]], "A_2": [["1/2"]]},
            checks=[
                Counter(
                    values={
                        "B_1": [["1", "0"], ["0", "1"]],
                        "A_1": [["1", "0"], ["0", "0"]],
                        "B_2": [["2", "0"], ["0", "0"]],
                        "A_2": [["1/2", "0"], ["0", "0"]],
                    }
                )
            ],
            note=text(
                "flatness measures norms of the layers and balance between them; in least squares all exact solutions "
                "are equally flat, whatever their rank",
                "平坦度衡量的是各层的范数及其平衡；在最小二乘中，所有精确解无论秩如何都同样平坦",
            ),
        ),
        Part(
            id="flat-minimum-is-low-rank-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "flatness bounds the size of what is represented, not its rank: |B|^2 + |A|^2 is at least twice |B A|",
                "平坦度限制的是所表示矩阵的大小而不是秩：|B|^2 + |A|^2 不小于 |BA| 的两倍",
            ),
            given=declare(B, A),
            says=ge(norm_sq(B) + norm_sq(A), 2 * FrobeniusNorm(B * A)),
            witness={"B": [["1"]], "A": [["1"]]},
            checks=[
                proof(
                    step("stretch", apply("stretch", W=B, Z=A)),
                    step("spectral", apply("spectral-norm", W=B)),
                    step("norms", apply("spectral-frobenius", W=B)),
                    step("largest", arithmetic("spectral", "norms"), le(s(B, 1) ** 2, norm_sq(B))),
                    step("times", arithmetic("largest"), le(s(B, 1) ** 2 * norm_sq(A), norm_sq(B) * norm_sq(A))),
                    step(
                        "product",
                        arithmetic("stretch", "times"),
                        le(FrobeniusNorm(B * A), FrobeniusNorm(B) * FrobeniusNorm(A)),
                    ),
                    step("size", arithmetic("product"), ge(norm_sq(B) + norm_sq(A), 2 * FrobeniusNorm(B * A))),
                )
            ],
        ),
        Part(
            id="sharpness-of-two-layers",
            role=caveat,
            expected=proved,
            reading=text(
                "no direction (P, Q) of a two-layer linear network is curved more than sigma_1(B)^2 + sigma_1(A)^2 at "
                "an exact solution, where the curvature is |P A + B Q|^2 over |P|^2 + |Q|^2",
                "在精确解处，两层线性网络任何方向 (P, Q) 的曲率 |PA + BQ|^2/(|P|^2 + |Q|^2) 都不超过 sigma_1(B)^2 + "
                "sigma_1(A)^2",
            ),
            given=declare(B, A, P, Q),
            says=le(norm_sq(P * A + B * Q), sharpest(B, A) * (norm_sq(P) + norm_sq(Q))),
            witness={"B": [["1"]], "A": [["1"]], "P": [["1"]], "Q": [["1"]]},
            sources=["mulayoff2020"],
            checks=[
                proof(
                    step("triangle", apply("triangle-frobenius", A=P * A, B=B * Q)),
                    step("second", apply("stretch", W=B, Z=Q)),
                    step("first", apply("stretch", W=A.T, Z=P.T)),
                    step("values", apply("values-transpose", W=A, i=1)),
                    step("turned", TraceAlgebra(), eq(norm_sq(A.T * P.T), norm_sq(P * A))),
                    step("turned too", TraceAlgebra(), eq(norm_sq(P.T), norm_sq(P))),
                    step(
                        "left",
                        arithmetic("first", "values", "turned", "turned too"),
                        le(FrobeniusNorm(P * A), s(A, 1) * FrobeniusNorm(P)),
                    ),
                    step("right", arithmetic("second"), le(FrobeniusNorm(B * Q), s(B, 1) * FrobeniusNorm(Q))),
                    step(
                        "sum",
                        arithmetic("triangle", "left", "right"),
                        le(FrobeniusNorm(P * A + B * Q), s(A, 1) * FrobeniusNorm(P) + s(B, 1) * FrobeniusNorm(Q)),
                    ),
                    step(
                        "square",
                        arithmetic("sum"),
                        le(norm_sq(P * A + B * Q), (s(A, 1) * FrobeniusNorm(P) + s(B, 1) * FrobeniusNorm(Q)) ** 2),
                    ),
                    step(
                        "cauchy",
                        arithmetic(),
                        le(
                            (s(A, 1) * FrobeniusNorm(P) + s(B, 1) * FrobeniusNorm(Q)) ** 2,
                            sharpest(B, A) * (norm_sq(P) + norm_sq(Q)),
                        ),
                    ),
                    step(
                        "bound",
                        arithmetic("square", "cauchy"),
                        le(norm_sq(P * A + B * Q), sharpest(B, A) * (norm_sq(P) + norm_sq(Q))),
                    ),
                )
            ],
        ),
        *measured("theorem-11.15"),
    ],
)

CLAIMS: tuple[Claim, ...] = (sharpness, correlation, simplicity)
"""In the order of the text."""
