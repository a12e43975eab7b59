"""LoRA: what a step on the factors does to the matrix, beside the tangent space (section 11.2.4)."""

from __future__ import annotations

from typing import Any

from sympy.matrices.expressions import ZeroMatrix

from verify.authoring import *

m, n, r = sizes("m n r")
eta = scalars("eta")
B, A, G = matrix("B", m, r), matrix("A", r, n), matrix("G", m, n)  # G: gradient of the loss at W0 + B A
X, Y = matrix("X", r, n), matrix("Y", m, r)
B_left, A_right = matrix("B_left", r, m), matrix("A_right", n, r)

in_b, in_a = B * Inverse(B.T * B) * B.T, A.T * Inverse(A * A.T) * A
"""The orthogonal projections onto the column space of B and the row space of A."""
outside_b, outside_a = Identity(m) - in_b, Identity(n) - in_a
invertible = [assume("B' B invertible", eq(Rank(B.T * B), r)), assume("A A' invertible", eq(Rank(A * A.T), r))]
orthonormal = [assume("columns of B", eq(B.T * B, Identity(r))), assume("rows of A", eq(A * A.T, Identity(r)))]
first_order = G * A.T * A + B * B.T * G
ones = {"B": [["1"]], "A": [["1"]], "G": [["1"]]}
corner = {"B": [["1"], ["0"]], "A": [["1", "0"]], "eta": "1"}


def projected(g: Any) -> Any:
    """The part of g in the tangent space {B X + Y A}: all of it but what lies outside both spaces."""
    return in_b * g + g * in_a - in_b * g * in_a


def moved() -> Any:
    """BA after one step of gradient descent on both factors."""
    return (B - eta * G * A.T) * (A - eta * B.T * G)


balanced_b = (Identity(m) - in_b / 2) * G * A.T * Inverse(A * A.T)
balanced_a = Inverse(B.T * B) * B.T * G * (Identity(n) - in_a / 2)

lies_in_tangent = eq(projected(first_order), first_order)
splits = eq(
    G, B * (Inverse(B.T * B) * B.T * G) + (outside_b * G * A.T * Inverse(A * A.T)) * A + outside_b * G * outside_a
)
curvature = eq(outside_b * (moved() - B * A) * outside_a, eta**2 * outside_b * G * A.T * B.T * G * outside_a)
unseen = [assume("outside B", eq(B.T * G, ZeroMatrix(r, n))), assume("outside A", eq(G * A.T, ZeroMatrix(m, r)))]

idempotent = eq(projected(projected(G)), projected(G))
fixes_tangent = eq(projected(B * X + Y * A), B * X + Y * A)
same_through_b = eq(B.T * projected(G), B.T * G)
same_through_a = eq(projected(G) * A.T, G * A.T)
doubled = eq(first_order, projected(G) + in_b * G * in_a)
as_tangent_step = eq(balanced_b * A + B * balanced_a, projected(G))
at_itself = eq(B * A * A.T * A, B * A - B * B.T * B * A)

geometric_effect = Claim(
    label="lemma-11.27",
    section="11.2.4 LoRA",
    title=text("What the rank constraint does to the gradient", "低秩约束的几何效应"),
    sources=["hu2022lora"],
    statement_tex=[
        r"\Delta (B A) = -\eta \left(G A^{\top} A + B B^{\top} G\right) + O(\eta^2)",
        r"T = \left\{B X + Y A \mid X \in \mathbb{R}^{r \times n}, \; Y \in \mathbb{R}^{m \times r}\right\}",
    ],
    parts=[
        Part(
            id="tangent",
            role=caveat,
            expected=proved,
            reading=text(
                "to first order the change of W0 + BA lies in the tangent space, the set of all B X + Y A. Every "
                "matrix is one of these plus a part outside both the columns of B and the rows of A, and that part of "
                "the change is zero",
                "按一阶，W0 + BA 的变化落在切空间（所有 BX + YA 的集合）中。"
                "任何矩阵都是这样一个矩阵加上同时在 B 的列空间与 A 的行空间之外的部分，而变化的这一部分为零",
            ),
            given=[*declare(B, A, G), *invertible],
            says=[lies_in_tangent, splits],
            witness=ones,
            checks=[proof(step("change", algebra(), lies_in_tangent), step("split", algebra(), splits))],
            sources=["vandereycken2013"],
        ),
        Part(
            id="only-within-both-spaces",
            role=caveat,
            expected=refuted,
            repair="only-within-both-spaces-repaired",
            reading=text(
                "only changes with columns in the column space of B and rows in the row space of A are made",
                "只会产生列落在 B 的列空间、且行落在 A 的行空间中的变化",
            ),
            given=[*declare(B, A, G), real(eta), *invertible],
            says=eq(in_b * (moved() - B * A) * in_a, moved() - B * A),
            witness=ones | {"eta": "1"},
            checks=[Counter(values=corner | {"G": [["0", "1"], ["1", "0"]]}), Search()],
            note=text(
                "one of the two suffices: a new column direction is learned with the old rows, and a new row "
                "direction with the old columns",
                "满足其一即可：新的列方向借旧的行学到，新的行方向借旧的列学到",
            ),
        ),
        Part(
            id="only-within-both-spaces-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "what a step cannot see is a gradient that lies outside both spaces: then nothing moves at all",
                "一步更新看不到的，是同时位于两个空间之外的梯度：此时一切都不动",
            ),
            given=[*declare(B, A, G), real(eta), *unseen],
            says=eq(moved(), B * A),
            witness={"B": [["1"], ["0"]], "A": [["1", "0"]], "G": [["0", "0"], ["0", "1"]], "eta": "1"},
            checks=[proof(step("nothing", algebra(), eq(moved(), B * A)))],
        ),
        Part(
            id="many-steps",
            role=caveat,
            expected=refuted,
            repair="many-steps-repaired",
            reading=text(
                "the column space of B stays what it is, so that many steps together remain where one step is",
                "B 的列空间保持不变，因此多步合起来仍停留在一步所及之处",
            ),
            given=[*declare(B, A, G), real(eta), *invertible],
            says=eq(in_b * (B - eta * G * A.T), B - eta * G * A.T),
            witness=ones | {"eta": "1"},
            checks=[Counter(values={"B": [["1"], ["0"]], "A": [["1"]], "G": [["0"], ["1"]], "eta": "1"}), Search()],
            note=text(
                "the spaces may turn with every step; over many steps no direction is ruled out beforehand",
                "两个空间每一步都可能转动；经过多步，没有哪个方向可以事先排除",
            ),
        ),
        Part(
            id="many-steps-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "one step keeps the column space of B where the columns of the gradient lie in it",
                "当梯度的列都落在 B 的列空间中时，一步更新保持该列空间",
            ),
            given=[*declare(B, A, G), real(eta), *invertible, assume("columns of G within", eq(in_b * G, G))],
            says=eq(in_b * (B - eta * G * A.T), B - eta * G * A.T),
            witness=ones | {"eta": "1"},
            checks=[proof(step("kept", algebra(), eq(in_b * (B - eta * G * A.T), B - eta * G * A.T)))],
        ),
        Part(
            id="projection",
            role=main,
            expected=refuted,
            repair="projection-repaired",
            reading=text(
                "to first order a step changes the matrix by -eta times the orthogonal projection of the gradient "
                "onto the tangent space",
                "按一阶，一步更新对矩阵的改变等于 -eta 乘以梯度在切空间上的正交投影",
            ),
            given=[*declare(B, A, G), *invertible],
            says=eq(first_order, projected(G)),
            witness={"B": [["1"], ["0"]], "A": [["1", "0"]], "G": [["0", "0"], ["0", "1"]]},
            checks=[Counter(values=ones), Search()],
            note=text(
                "the map applied to the gradient, G -> G A'A + B B'G, depends on the size of the factors; a projection "
                "does not",
                "作用于梯度的映射 G -> GA'A + BB'G 依赖因子的大小，而投影不依赖",
            ),
        ),
        Part(
            id="projection-repaired",
            role=main,
            expected=proved,
            reading=text(
                "the orthogonal projection is P_B G + G P_A - P_B G P_A: it leaves tangent matrices alone, doing it "
                "twice changes nothing, and what is left over is orthogonal to every B X + Y A, because B' times it "
                "and it times A' vanish: B' and A' cannot tell the projection from the gradient",
                "正交投影是 P_B G + G P_A - P_B G P_A：它不改变切空间中的矩阵，作用两次与一次相同，"
                "余下部分左乘 B'、右乘 A' 均为零（B'、A' 分不出投影与梯度），"
                "故与每个 BX + YA 正交",
            ),
            given=[*declare(B, A, G, X, Y), *invertible],
            says=[fixes_tangent, idempotent, same_through_b, same_through_a],
            witness=ones | {"X": [["1"]], "Y": [["1"]]},
            checks=[
                proof(
                    step("fixes", algebra(), fixes_tangent),
                    step("twice", algebra(), idempotent),
                    step("no-b", algebra(), same_through_b),
                    step("no-a", algebra(), same_through_a),
                )
            ],
            sources=["vandereycken2013"],
        ),
        Part(
            id="projection-orthonormal",
            role=caveat,
            expected=refuted,
            repair="projection-orthonormal-repaired",
            reading=text(
                "with orthonormal columns of B and rows of A, at least, the step is the projection",
                "至少当 B 的列与 A 的行都标准正交时，更新就是投影",
            ),
            given=[*declare(B, A, G), *orthonormal, *invertible],
            says=eq(first_order, projected(G)),
            witness={"B": [["1"], ["0"]], "A": [["1", "0"]], "G": [["0", "0"], ["0", "1"]]},
            checks=[Counter(values=ones)],
        ),
        Part(
            id="projection-orthonormal-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "with orthonormal factors the step is the projection plus the part inside both spaces once more: "
                "that part is learned twice as fast",
                "因子标准正交时，更新等于投影再加一次两空间之内的分量：该分量的学习速度是两倍",
            ),
            given=[*declare(B, A, G), *orthonormal, *invertible],
            says=doubled,
            witness=ones,
            checks=[
                proof(
                    step("gram-b", InverseIs(), eq(Inverse(B.T * B), Identity(r))),
                    step("gram-a", InverseIs(), eq(Inverse(A * A.T), Identity(r))),
                    step("doubled", algebra("gram-b", "gram-a"), doubled),
                )
            ],
        ),
        Part(
            id="projection-condition",
            role=caveat,
            expected=proved,
            reading=text(
                "if the step is the projection at the one gradient G = BA, which is its own projection, then "
                "B'B + AA' = I: so never with both factors orthonormal",
                "若在梯度 G = BA（其投影为自身）处更新等于投影，则必有 B'B + AA' = I，故两个因子不可能都标准正交",
            ),
            given=[
                *declare(B, A),
                assume("B has full column rank", eq(Rank(B), r)),
                assume("A has full row rank", eq(Rank(A), r)),
                assume("the projection at BA", at_itself),
            ],
            says=eq(A * A.T, Identity(r) - B.T * B),
            witness={"B": [["sqrt(2)/2"]], "A": [["sqrt(2)/2"]]},
            checks=[
                proof(
                    step("left", OneSidedInverse(of=B, called=B_left, side="left")),
                    step("right", OneSidedInverse(of=A, called=A_right, side="right")),
                    step(
                        "between",
                        algebra(),
                        eq(
                            B_left * B * A * A.T * A * A_right,
                            B_left * B * A * A_right - B_left * B * B.T * B * A * A_right,
                        ),
                    ),
                    step("gram-a", algebra("left", "right"), eq(B_left * B * A * A.T * A * A_right, A * A.T)),
                    step(
                        "gram-b",
                        algebra("left", "right"),
                        eq(B_left * B * A * A_right - B_left * B * B.T * B * A * A_right, Identity(r) - B.T * B),
                    ),
                    step("half", Rewrite(target="between", equation="gram-a")),
                    step("whole", Rewrite(target="half", equation="gram-b"), eq(A * A.T, Identity(r) - B.T * B)),
                )
            ],
        ),
        Part(
            id="projection-by-other-step",
            role=caveat,
            expected=proved,
            reading=text(
                "changes of the factors that do give the projection: each is preconditioned by the other factor's Gram "
                "matrix, and each takes half of the part inside both spaces",
                "确能给出投影的因子变化：各以另一因子的 Gram 矩阵预条件，并各承担两空间之内分量的一半",
            ),
            given=[*declare(B, A, G), *invertible],
            says=as_tangent_step,
            witness=ones,
            checks=[proof(step("projection", algebra(), as_tangent_step))],
            sources=["wang2024lorapro"],
        ),
        Part(
            id="second-order",
            role=caveat,
            expected=refuted,
            repair="second-order-repaired",
            reading=text(
                "the whole step, with its term in eta squared, stays in the tangent space",
                "包含 eta 平方项在内的整个一步仍在切空间中",
            ),
            given=[*declare(B, A, G), real(eta), *invertible],
            says=eq(outside_b * (moved() - B * A) * outside_a, ZeroMatrix(m, n)),
            witness=ones | {"eta": "1"},
            checks=[Counter(values=corner | {"G": [["1", "1"], ["1", "0"]]}), Search()],
        ),
        Part(
            id="second-order-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "what leaves the tangent space is exactly eta squared times G A'B'G, outside both spaces; the set "
                "itself is not left, since the new increment is again a product of two such factors",
                "离开切空间的恰为 eta 平方乘以 GA'B'G 在两空间之外的部分；集合本身并未离开，"
                "因为新的增量仍是两个这样的因子之积",
            ),
            given=[*declare(B, A, G), real(eta), *invertible],
            says=[curvature, le(Rank(moved()), r)],
            witness=ones | {"eta": "1"},
            checks=[
                proof(
                    step("curvature", algebra(), curvature),
                    step("by-factor", apply("rank-product-left", A=B - eta * G * A.T, C=A - eta * B.T * G)),
                    step("columns", apply("rank-columns", W=B - eta * G * A.T)),
                    step("rank", arithmetic("by-factor", "columns"), le(Rank(moved()), r)),
                )
            ],
        ),
    ],
)
