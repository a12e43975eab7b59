"""LoRA: the set of matrices W0 + BA, and descent on its factors (section 11.2.4)."""

from __future__ import annotations

from typing import Any

from sympy.matrices.expressions import ZeroMatrix

from verify.authoring import *

m, n, r = sizes("m n r")
c, eta = scalars("c", positive=True), scalars("eta")
B, A, G = matrix("B", m, r), matrix("A", r, n), matrix("G", m, n)  # G: gradient of the loss at W0 + B A
B2, A2 = matrix("B_2", m, r), matrix("A_2", r, n)
R = matrix("R", r, r)

# --- Definition 11.20: the set of matrices W0 + BA ----------------------------------------------------------

factors = declare(B, A)
full_rank = [assume("B has full column rank", eq(Rank(B), r)), assume("A has full row rank", eq(Rank(A), r))]
derivative = HStack(KroneckerProduct(A.T, Identity(m)), KroneckerProduct(Identity(n), B))
fixed_shape = {"m < r": "B has rank r", "r > n": "A has rank r"}
dB, dA, Z = matrix("dB", m, r), matrix("dA", r, n), matrix("Z", r, r)
B_left, A_right = matrix("B_left", r, m), matrix("A_right", n, r)
P, S, M = matrix("P", r, m), matrix("S", n, r), matrix("M", m, n)


def retraction(x: Any) -> Any:
    return x * S * Inverse(P * x * S) * P * x


kernel_is_gauge = (
    step("b-right", algebra("right"), eq(dB * A * A_right, dB)),
    step("b-kernel", algebra("kernel"), eq(dB * A * A_right, -B * dA * A_right)),
    step("b", Rewrite(target="b-kernel", equation="b-right"), eq(dB, -B * dA * A_right)),
    step("a-through-b", algebra("b"), eq(dB * A, -B * dA * A_right * A)),
    step("a-kernel", Rewrite(target="a-through-b", equation="kernel"), eq(-B * dA * A_right * A, -B * dA)),
    step("a-left", algebra("left"), eq(dA, B_left * B * dA)),
    step("a-left-too", algebra("left"), eq(dA * A_right * A, B_left * B * dA * A_right * A)),
    step("a-both", algebra("a-kernel"), eq(B_left * B * dA, B_left * B * dA * A_right * A)),
    step("a-half", Rewrite(target="a-both", equation="a-left"), eq(dA, B_left * B * dA * A_right * A)),
    step("a", Rewrite(target="a-half", equation="a-left-too"), eq(dA, dA * A_right * A)),
)

lora_manifold = Claim(
    label="definition-11.20",
    section="11.2.4 LoRA",
    title=text("The set of matrices W0 + BA", "LoRA流形"),
    sources=["hu2022lora"],
    statement_tex=[
        r"\mathcal{M} = \left\{W_0 + B A \mid B \in \mathbb{R}^{m \times r}, \; A \in \mathbb{R}^{r \times n}\right\}",
        r"\dim \mathcal{M} = r (m + n)",
    ],
    parts=[
        Part(
            id="dimension",
            role=main,
            expected=refuted,
            repair="dimension-repaired",
            reading=text(
                "the dimension is r (m + n): the derivative of (B, A) -> BA has that rank where B and A have rank r",
                "维数为 r(m + n)：在 B、A 的秩为 r 处，映射 (B, A) -> BA 的导数的秩等于它",
            ),
            given=[*factors, *full_rank],
            says=eq(Rank(derivative), r * (m + n)),
            witness={"B": [["1"]], "A": [["1"]]},
            checks=[Counter(values={"B": [["1"]], "A": [["1"]]}), Search(excludes=fixed_shape)],
            note=text(
                "for m = n = r = 1 the set is the line of real numbers, of dimension 1, not 2: (BR, R^-1 A) is the "
                "same "
                "point for every invertible R. However far r is below m and n, the excess is r^2",
                "m = n = r = 1 时该集合是实直线，维数为 1 而不是 2：对任何可逆的 R，(BR, R^-1 A) 是同一个点。"
                "无论 r 比 m、n 小多少，多计的都是 r^2",
            ),
        ),
        Part(
            id="dimension-repaired",
            role=main,
            expected=proved,
            reading=text(
                "the derivative has rank r (m + n - r) where B and A have rank r: that is the dimension there",
                "在 B、A 的秩为 r 处，导数的秩为 r(m + n - r)，这就是该处的维数",
            ),
            given=[*factors, *full_rank],
            says=eq(Rank(derivative), r * (m + n - r)),
            witness={"B": [["1"]], "A": [["1"]]},
            checks=[
                proof(
                    step("left", OneSidedInverse(of=B, called=B_left, side="left")),
                    step("right", OneSidedInverse(of=A, called=A_right, side="right")),
                    step(
                        "rank",
                        KernelCount(
                            map=dB * A + B * dA,
                            unknowns=(dB, dA),
                            kernel=eq(dB * A, -B * dA),
                            parameter=Z,
                            embed={dB: -B * Z, dA: Z * A},
                            recover=dA * A_right,
                            lines=kernel_is_gauge,
                        ),
                    ),
                    step("dimension", arithmetic("rank"), eq(Rank(derivative), r * (m + n - r))),
                ),
                Search(excludes=fixed_shape),
            ],
            sources=["lee2013"],
        ),
        Part(
            id="dimension-fits",
            role=caveat,
            expected=refuted,
            repair="dimension-fits-repaired",
            reading=text(
                "a set of dimension r (m + n) has room in the space of m x n matrices, for every r up to min(m, n)",
                "对不超过 min(m, n) 的任何 r，维数为 r(m + n) 的集合都放得进 m x n 矩阵的空间",
            ),
            given=[*declare(m, n, r), assume("r fits", le(r, Min(m, n)))],
            says=le(r * (m + n), m * n),
            witness={"m": "2", "n": "2", "r": "1"},
            checks=[Counter(values={"m": "1", "n": "1", "r": "1"}), Search()],
        ),
        Part(
            id="dimension-fits-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "r (m + n - r) does fit, with (m - r)(n - r) dimensions to spare",
                "r(m + n - r) 放得进，还余下 (m - r)(n - r) 维",
            ),
            given=[*declare(m, n, r), assume("r fits", le(r, Min(m, n)))],
            says=[eq(r * (m + n - r) + (m - r) * (n - r), m * n), le(r * (m + n - r), m * n)],
            witness={"m": "1", "n": "1", "r": "1"},
            checks=[
                proof(
                    step("spare", arithmetic(), eq(r * (m + n - r) + (m - r) * (n - r), m * n)),
                    step("some", arithmetic(), ge((m - r) * (n - r), 0)),
                    step("fits", arithmetic("spare", "some"), le(r * (m + n - r), m * n)),
                )
            ],
        ),
        Part(
            id="dimension-everywhere",
            role=caveat,
            expected=refuted,
            repair="dimension-repaired",
            reading=text(
                "the corrected number r (m + n - r) is the rank of the derivative at every pair of factors",
                "在任何一对因子处，导数的秩都等于修正后的 r(m + n - r)",
            ),
            given=factors,
            says=eq(Rank(derivative), r * (m + n - r)),
            witness={"B": [["1"]], "A": [["1"]]},
            checks=[Counter(values={"B": [["0"]], "A": [["1", "0"]]}), Search()],
            note=text(
                "it falls where a factor loses rank, and training starts at such a point: the source sets B to zero",
                "因子降秩处该秩会下降，而训练恰从这样的点出发：原论文令初始的 B 为零",
            ),
        ),
        Part(
            id="manifold",
            role=main,
            expected=refuted,
            repair="manifold-repaired",
            reading=text(
                "the set is an embedded manifold at each of its points. At W0 it is a cone, and a cone that is a "
                "differentiable submanifold at its apex is a linear space (it equals its tangent space there); so "
                "sums of "
                "two increments would again have rank at most r",
                "该集合在每一点都是嵌入流形。它在 W0 处是锥，而在顶点处为可微子流形的锥必是线性空间（等于其切空间），"
                "于是两个增量之和的秩也应不超过 r",
            ),
            given=[*declare(B, A, B2, A2), assume("r below both sides", lt(r, Min(m, n)))],
            says=le(Rank(B * A + B2 * A2), r),
            witness={"B": [["1"], ["0"]], "A": [["1", "0"]], "B_2": [["1"], ["0"]], "A_2": [["1", "0"]]},
            checks=[
                Counter(values={"B": [["1"], ["0"]], "A": [["1", "0"]], "B_2": [["0"], ["1"]], "A_2": [["0", "1"]]}),
                Search(),
            ],
            sources=["lee2013"],
        ),
        Part(
            id="manifold-repaired",
            role=main,
            expected=proved,
            reading=text(
                "near a point of rank exactly r it is: with P, S such that P M S is invertible, the map M -> M S "
                "(P M S)^-1 P M is "
                "smooth, has values of rank at most r, and fixes every BA; so it is a retraction onto the set, and "
                "the image of a "
                "smooth retraction is an embedded manifold",
                "在秩恰为 r 的点附近成立：取 P、S 使 PMS 可逆，映射 M -> MS(PMS)^-1 PM 光滑、像的秩不超过 r、"
                "并固定每个 BA，"
                "故为到该集合的收缩；光滑收缩的像是嵌入流形",
            ),
            given=[
                *declare(B, A, P, S, M),
                assume("P B A S invertible", eq(Rank(P * B * A * S), r)),
                assume("P M S invertible", eq(Rank(P * M * S), r)),
            ],
            says=[eq(retraction(B * A), B * A), le(Rank(retraction(M)), r)],
            witness={"B": [["1"]], "A": [["1"]], "P": [["1"]], "S": [["1"]], "M": [["2"]]},
            checks=[
                proof(
                    step("left-rank", apply("rank-product-left", A=P * B, C=A * S)),
                    step("right-rank", apply("rank-product-right", A=P * B, C=A * S)),
                    step("left-size", apply("rank-rows", W=P * B)),
                    step("right-size", apply("rank-rows", W=A * S)),
                    step("left-full", arithmetic("left-rank", "left-size"), eq(Rank(P * B), r)),
                    step("right-full", arithmetic("right-rank", "right-size"), eq(Rank(A * S), r)),
                    step("inverse", InverseIs(), eq(Inverse(P * B * A * S), Inverse(A * S) * Inverse(P * B))),
                    step("fixed", algebra("inverse"), eq(retraction(B * A), B * A)),
                    step("by-factor", apply("rank-product-left", A=M * S, C=Inverse(P * M * S) * P * M)),
                    step("columns", apply("rank-columns", W=M * S)),
                    step("low-rank", arithmetic("by-factor", "columns"), le(Rank(retraction(M)), r)),
                )
            ],
            sources=["lee2013", "michor2008"],
        ),
    ],
)

# --- Theorem 11.16: gradients of the factors ----------------------------------------------------------------


def plain_step(b: Any, a: Any) -> Any:
    """BA after one step of gradient descent on both factors; G depends on BA alone."""
    return (b - eta * G * a.T) * (a - eta * b.T * G)


def scaled_step(b: Any, a: Any) -> Any:
    """The same with each gradient preconditioned by the other factor's Gram matrix."""
    return (b - eta * G * a.T * Inverse(a * a.T)) * (a - eta * Inverse(b.T * b) * b.T * G)


by_a = eq(Gradient(inner(G, B * A), A), B.T * G)
by_b = eq(Gradient(inner(G, B * A), B), G * A.T)
other_b, other_a = B * R, Inverse(R) * A
ones = {"B": [["1"]], "A": [["1"]], "G": [["1"]]}
invertible = [
    assume("R invertible", eq(Rank(R), r)),
    assume("A A' invertible", eq(Rank(A * A.T), r)),
    assume("B' B invertible", eq(Rank(B.T * B), r)),
]
gram_a, gram_b = other_a * other_a.T, other_b.T * other_b

factor_gradients = Claim(
    label="theorem-11.16",
    section="11.2.4 LoRA",
    title=text("Gradient descent on the factors", "LoRA的梯度等价性"),
    sources=["hu2022lora"],
    statement_tex=[r"\nabla_A L = B^{\top} \nabla_W L, \quad \nabla_B L = \nabla_W L \, A^{\top}"],
    parts=[
        Part(
            id="chain-rule",
            role=main,
            expected=proved,
            reading=text(
                "the gradients by A and B are B'G and GA', for every differentiable loss: G is its gradient at W0 "
                "+ BA, and "
                "the loss enters only through its differential tr(G' d(BA))",
                "对任何可微损失，对 A、B 的梯度为 B'G 与 GA'：G 是损失在 W0 + BA 处的梯度，损失仅通过微分 tr(G' "
                "d(BA)) 起作用",
            ),
            given=declare(B, A, G),
            says=[by_a, by_b],
            witness=ones,
            checks=[proof(step("by-a", Calculus(), by_a), step("by-b", Calculus(), by_b)), Search()],
        ),
        Part(
            id="equivalent-to-manifold-descent",
            role=main,
            expected=refuted,
            repair="equivalent-to-manifold-descent-repaired",
            reading=text(
                "descent on the factors is descent on the matrix BA: the step must not depend on which factors "
                "represent it",
                "对因子的下降等价于对矩阵 BA 的下降：更新不应依赖于用哪一对因子来表示它",
            ),
            given=[*declare(B, A, G), real(eta), real(c, 0, None, open=True)],
            says=eq(plain_step(B, A), plain_step(c * B, A / c)),
            witness=ones | {"eta": "1", "c": "1"},
            checks=[Counter(values=ones | {"eta": "1", "c": "2"}), Search()],
        ),
        Part(
            id="equivalent-to-manifold-descent-repaired",
            role=main,
            expected=proved,
            reading=text(
                "preconditioned by (A A')^-1 and (B'B)^-1 the step depends on BA alone: it is the same for (B R, "
                "R^-1 A)",
                "用 (AA')^-1 与 (B'B)^-1 预条件后，更新只依赖 BA：换成 (BR, R^-1 A) 结果相同",
            ),
            given=[*declare(B, A, G, R), real(eta), *invertible],
            says=eq(scaled_step(other_b, other_a), scaled_step(B, A)),
            witness=ones | {"R": [["2"]], "eta": "1"},
            checks=[
                proof(
                    step("transposed", apply("rank-transpose", W=R)),
                    step("gram-a", InverseIs(), eq(Inverse(gram_a), R.T * Inverse(A * A.T) * R)),
                    step("gram-b", InverseIs(), eq(Inverse(gram_b), Inverse(R) * Inverse(B.T * B) * Inverse(R.T))),
                    step("same", algebra("gram-a", "gram-b"), eq(scaled_step(other_b, other_a), scaled_step(B, A))),
                )
            ],
            sources=["tong2021", "zhang2024riemannian"],
        ),
        Part(
            id="stationary-points",
            role=caveat,
            expected=refuted,
            repair="stationary-points-repaired",
            reading=text(
                "where both factor gradients vanish, no straight line of the set through the point has a slope: "
                "tr(G' B2 A2) = 0 for every B2 A2, since at BA = 0 the lines are W0 + t B2 A2",
                "两个因子梯度都为零处，集合中过该点的直线斜率均为零：对任何 B2 A2 有 tr(G' B2 A2) = 0，"
                "因为 BA = 0 时集合含有所有 W0 + t B2 A2",
            ),
            given=[
                *declare(B, A, G, B2, A2),
                assume("no gradient by A", eq(B.T * G, ZeroMatrix(r, n))),
                assume("no gradient by B", eq(G * A.T, ZeroMatrix(m, r))),
                assume("at W0", eq(B * A, ZeroMatrix(m, n))),
            ],
            says=eq(inner(G, B2 * A2), 0),
            witness={"B": [["0"]], "A": [["0"]], "G": [["0"]], "B_2": [["1"]], "A_2": [["1"]]},
            checks=[Counter(values={"B": [["0"]], "A": [["0"]], "G": [["1"]], "B_2": [["1"]], "A_2": [["1"]]})],
            note=text(
                "with both factors zero gradient descent never moves, whatever the loss; descent on the set itself "
                "would",
                "两个因子都为零时，无论损失为何，梯度下降都不会移动；在集合本身上下降则会移动",
            ),
        ),
        Part(
            id="stationary-points-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "what the vanishing of both factor gradients does give: the loss has no slope along any change of the "
                "factors, tr(G'(dB A + B dA)) = 0",
                "两个因子梯度为零所能给出的是：沿因子的任何变化损失都无斜率，tr(G'(dB A + B dA)) = 0",
            ),
            given=[
                *declare(B, A, G, dB, dA),
                assume("no gradient by A", eq(B.T * G, ZeroMatrix(r, n))),
                assume("no gradient by B", eq(G * A.T, ZeroMatrix(m, r))),
            ],
            says=eq(inner(G, dB * A + B * dA), 0),
            witness={"B": [["1"], ["0"]], "A": [["1"]], "G": [["0"], ["0"]], "dB": [["1"], ["0"]], "dA": [["1"]]},
            checks=[proof(step("slope", TraceAlgebra(), eq(inner(G, dB * A + B * dA), 0)))],
        ),
        Part(
            id="step-expanded",
            role=caveat,
            expected=proved,
            reading=text(
                "to first order in eta the step changes BA by -eta (G A'A + B B'G), and the rest is eta^2 G A'B'G",
                "按 eta 的一阶，BA 的变化为 -eta(GA'A + BB'G)，其余为 eta^2 GA'B'G",
            ),
            given=[*declare(B, A, G), real(eta)],
            says=eq(plain_step(B, A), B * A - eta * (G * A.T * A + B * B.T * G) + eta**2 * G * A.T * B.T * G),
            witness=ones | {"eta": "1"},
            checks=[
                proof(
                    step(
                        "expand",
                        algebra(),
                        eq(plain_step(B, A), B * A - eta * (G * A.T * A + B * B.T * G) + eta**2 * G * A.T * B.T * G),
                    )
                ),
                Search(),
            ],
        ),
    ],
)
