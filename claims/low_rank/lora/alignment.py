"""LoRA: what the products BA and AB share (section 11.2.4)."""

from __future__ import annotations

from typing import Any

from sympy import Trace

from claims.low_rank.measured import measured
from verify.authoring import *

m, n, r, p, q = sizes("m n r p q")
i = indices("i")
lam = scalars("lambda")
W, B, A = matrix("W", m, n), matrix("B", m, r), matrix("A", r, n)
B2, A2 = matrix("B_2", m, r), matrix("A_2", r, n)
s = Sigma
tall = {"W": [["2", "0"], ["0", "1"]], "B": [["1"], ["0"]], "A": [["1", "0"]]}

Bn, Cn = matrix("B", n, r), matrix("C", r, n)
Bn2, Cn2 = matrix("B_2", n, r), matrix("C_2", r, n)
E, F = matrix("E", r, p), matrix("F", n, q)
Q, x = matrix("Q", m, m), vector("x", n)
all_ones = {"B": [["1"]], "A": [["1"]], "B_2": [["1"]], "A_2": [["1"]]}
grams = [assume("Gram of B", eq(B.T * B, B2.T * B2)), assume("Gram of A", eq(A * A.T, A2 * A2.T))]


def equal_grams(name: str, left: Any, right: Any, using: tuple[str, ...] = ()) -> tuple[Line, ...]:
    """Equal singular values i from equal Gram matrices left' left = right' right."""
    return (
        step(f"{name}-gram", algebra(*using), eq(left.T * left, right.T * right)),
        step(f"{name}-value", Congruence(equation=f"{name}-gram"), eq(s(left.T * left, i), s(right.T * right, i))),
        step(f"{name}-left", apply("values-gram", W=left, i=i)),
        step(f"{name}-right", apply("values-gram", W=right, i=i)),
        step(
            f"{name}-squares",
            arithmetic(f"{name}-value", f"{name}-left", f"{name}-right"),
            eq(s(left, i) ** 2, s(right, i) ** 2),
        ),
        step(name, arithmetic(f"{name}-squares"), eq(s(left, i), s(right, i))),
    )


def kept_rank(name: str, first: Any, second: Any, vectors: Any) -> tuple[Line, ...]:
    """The columns of ``vectors`` are eigenvectors of second * first: ``first`` keeps their rank."""
    side = vectors.shape[0]
    return (
        step(f"{name}-known", Hypothesis(), eq(second * first * vectors, lam * vectors)),
        step(
            f"{name}-same",
            Congruence(equation=f"{name}-known"),
            eq(Rank(second * first * vectors), Rank(lam * vectors)),
        ),
        step(f"{name}-through", apply("rank-product-right", A=second, C=first * vectors)),
        step(f"{name}-unscaled", apply("rank-product-right", A=Identity(side) / lam, C=lam * vectors)),
        step(f"{name}-at-most", apply("rank-product-right", A=first, C=vectors)),
        step(
            name,
            arithmetic(f"{name}-same", f"{name}-through", f"{name}-unscaled", f"{name}-at-most"),
            eq(Rank(first * vectors), Rank(vectors)),
        ),
    )


alignment = Claim(
    label="lemma-11.28",
    section="11.2.4 LoRA",
    title=text("Alignment of singular values", "奇异值对齐"),
    statement_tex=[r"\sigma_i(B A) \text{ from } \lambda_j(A B)"],
    parts=[
        Part(
            id="singular-values-from-ab",
            role=main,
            expected=refuted,
            repair="singular-values-from-ab-repaired",
            reading=text(
                "the eigenvalues of AB determine the singular values of BA: with equal matrices AB, hence with equal "
                "eigenvalues, the singular values of BA are equal",
                "AB 的特征值决定 BA 的奇异值：若两个 AB 相等（特征值自然相等），则 BA 的奇异值也相等",
            ),
            given=[*declare(Bn, Cn, Bn2, Cn2), assume("the same matrix AB", eq(Cn * Bn, Cn2 * Bn2)), between(i, 1, n)],
            says=eq(s(Bn * Cn, i), s(Bn2 * Cn2, i)),
            witness={"B": [["1"]], "C": [["1"]], "B_2": [["1"]], "C_2": [["1"]], "i": "1"},
            checks=[
                Counter(
                    values={
                        "B": [["1"], ["0"]],
                        "C": [["0", "1"]],
                        "B_2": [["0"], ["0"]],
                        "C_2": [["0", "0"]],
                        "i": "1",
                    }
                )
            ],
            note=text(
                "here AB = 0 for both, yet one BA is zero and the other is not: eigenvalues are blind to nilpotent "
                "parts",
                "此例两个 AB 都为零，而 BA 一个为零、另一个不为零：特征值看不见幂零部分",
            ),
        ),
        Part(
            id="ab-defined",
            role=caveat,
            expected=ill_posed,
            repair="eigenvalues",
            reading=text(
                "AB is a square matrix with eigenvalues for the shapes of the definition, B of size m x r and A of "
                "size r x n: the traces of AB and BA agree",
                "在定义给出的形状（B 为 m x r，A 为 r x n）下，AB 是有特征值的方阵：AB 与 BA 的迹相等",
            ),
            given=declare(B, A),
            says=eq(Trace(A * B), Trace(B * A)),
            witness={"B": [["1"]], "A": [["1"]]},
            note=text(
                "neither product has eigenvalues where m and n differ, as in most layers that are not square",
                "m 与 n 不同时 AB 无定义，BA 也没有特征值，而非方形的层大多如此",
            ),
        ),
        Part(
            id="singular-values-from-ab-repaired",
            role=main,
            expected=proved,
            reading=text(
                "the r x r Gram matrices B'B and AA' determine them, for every shape: equal Gram matrices give equal "
                "singular values of BA",
                "r x r 的 Gram 矩阵 B'B 与 AA' 决定它们，且对任何形状成立：Gram 矩阵相等则 BA 的奇异值相等",
            ),
            given=[*declare(B, A, B2, A2), *grams, between(i, 1, Min(m, n))],
            says=eq(s(B * A, i), s(B2 * A2, i)),
            witness=all_ones | {"i": "1"},
            checks=[
                proof(
                    *equal_grams("left", B * A, B2 * A),
                    *equal_grams("right", A.T * B2.T, A2.T * B2.T),
                    step("turned", apply("values-transpose", W=B2 * A, i=i)),
                    step("turned-too", apply("values-transpose", W=B2 * A2, i=i)),
                    step("all", arithmetic("left", "right", "turned", "turned-too"), eq(s(B * A, i), s(B2 * A2, i))),
                )
            ],
        ),
        Part(
            id="eigenvalues",
            role=caveat,
            expected=proved,
            reading=text(
                "for m = n, BA and AB share each eigenvalue but zero, with its geometric multiplicity: B sends "
                "eigenvectors of AB to eigenvectors of BA and keeps their rank, A sends them back; and they share the "
                "trace",
                "当 m = n 时，BA 与 AB 有相同的非零特征值及几何重数：B 把 AB 的特征向量映为 BA 的特征向量并保持其秩，"
                "A 反之；两者的迹也相同",
            ),
            given=[
                *declare(Bn, Cn, E, F),
                real(lam),
                assume("not zero", ne(lam, 0)),
                assume("columns of E are eigenvectors of AB", eq(Cn * Bn * E, lam * E)),
                assume("columns of F are eigenvectors of BA", eq(Bn * Cn * F, lam * F)),
            ],
            says=[
                eq(Bn * Cn * (Bn * E), lam * (Bn * E)),
                eq(Rank(Bn * E), Rank(E)),
                eq(Cn * Bn * (Cn * F), lam * (Cn * F)),
                eq(Rank(Cn * F), Rank(F)),
                eq(Trace(Bn * Cn), Trace(Cn * Bn)),
            ],
            witness={"B": [["1"]], "C": [["1"]], "E": [["1"]], "F": [["1"]], "lambda": "1"},
            checks=[
                proof(
                    step("sent", algebra(), eq(Bn * Cn * (Bn * E), lam * (Bn * E))),
                    *kept_rank("kept", Bn, Cn, E),
                    step("back", algebra(), eq(Cn * Bn * (Cn * F), lam * (Cn * F))),
                    *kept_rank("kept-back", Cn, Bn, F),
                    step("trace", TraceAlgebra(), eq(Trace(Bn * Cn), Trace(Cn * Bn))),
                )
            ],
        ),
        Part(
            id="eigenvalues-bound",
            role=caveat,
            expected=proved,
            reading=text(
                "what the eigenvalues do say of the singular values, for m = n: no real eigenvalue of BA exceeds the "
                "largest singular value of BA in size",
                "当 m = n 时特征值对奇异值所能说明的是：BA 的实特征值的绝对值不超过 BA 的最大奇异值",
            ),
            given=[
                *declare(Bn, Cn, x),
                real(lam),
                assume("eigenvector", eq(Bn * Cn * x, lam * x)),
                assume("not zero", gt(SpectralNorm(x), 0)),
            ],
            says=le(Abs(lam), s(Bn * Cn, 1)),
            witness={"B": [["1"]], "C": [["1"]], "x": [["1"]], "lambda": "1"},
            checks=[
                proof(
                    step("known", Hypothesis(), eq(Bn * Cn * x, lam * x)),
                    step("same", Congruence(equation="known"), eq(SpectralNorm(Bn * Cn * x), SpectralNorm(lam * x))),
                    step("length", apply("homogeneous", W=x, c=lam)),
                    step("stretch", apply("submultiplicative", A=Bn * Cn, C=x)),
                    step("largest", apply("spectral-norm", W=Bn * Cn)),
                    step("bound", arithmetic("same", "length", "stretch", "largest"), le(Abs(lam), s(Bn * Cn, 1))),
                )
            ],
        ),
        Part(
            id="values-suffice",
            role=caveat,
            expected=refuted,
            repair="alignment-necessary",
            reading=text(
                "once the singular values agree, the increment is learned. An orthogonal matrix Q changes no singular "
                "value, so Q W and W have the same ones: then they would be equal",
                "奇异值一旦一致，增量就学到了。正交矩阵 Q 不改变奇异值，QW 与 W 的奇异值相同，于是两者应相等",
            ),
            given=[*declare(W, Q), assume("Q orthogonal", eq(Q.T * Q, Identity(m)))],
            says=eq(Q * W, W),
            witness={"W": [["1"]], "Q": [["1"]]},
            checks=[Counter(values={"W": [["1"]], "Q": [["-1"]]})],
            note=text("alignment of singular values is silent on directions and signs", "奇异值的对齐不涉及方向与符号"),
        ),
        Part(
            id="alignment-necessary",
            role=caveat,
            expected=proved,
            reading=text(
                "conversely, an increment close to W has singular values close to its own: in the sum of squares they "
                "differ by no more than the matrices do",
                "反过来，与 W 接近的增量其奇异值也接近：就平方和而言，奇异值之差不超过矩阵之差",
            ),
            given=declare(W, B, A),
            says=le(Sum((s(B * A, i) - s(W, i)) ** 2, (i, 1, Min(m, n))), norm_sq(B * A - W)),
            witness=tall,
            checks=[proof(step("mirsky", apply("mirsky", A=B * A, B=W)))],
            sources=["mirsky1960"],
        ),
        *measured("lemma-11.28"),
    ],
)
