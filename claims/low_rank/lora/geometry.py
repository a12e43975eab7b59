"""LoRA: parameter count, geometry, gradients (section 11.2.4)."""

from __future__ import annotations

from verify.authoring import *

m, n, r, N = sizes("m n r N")
c, eta = scalars("c", positive=True), scalars("eta")
B, A, G = matrix("B", m, r), matrix("A", r, n), matrix("G", m, n)  # G: gradient of the loss at W0 + B A
B2, A2 = matrix("B_2", m, r), matrix("A_2", r, n)
R = matrix("R", r, r)

# --- Lemma 11.26: the parameter count -----------------------------------------------------------------------

shape = [*declare(m, n, r)]
ratio = m * n / (r * (m + n))
approximate = Min(m, n) / r
text_example = {"m": "4096", "n": "4096", "r": "32"}
example = [*shape, assume("m", eq(m, 4096)), assume("n", eq(n, 4096)), assume("r", eq(r, 32))]

parameter_count = Claim(
    label="lemma-11.26",
    section="11.2.4 LoRA",
    title=text("Parameters saved", "参数量节省"),
    sources=["hu2022lora"],
    statement_tex=[r"\frac{m n}{r (m + n)} \approx \frac{\min(m, n)}{r}", r"m = n = 4096, \; r = 32: \; 64"],
    parts=[
        Part(
            id="count",
            role=main,
            expected=proved,
            reading=text(
                "the two factors have m r and r n entries, together r (m + n)", "两个因子共有 mr + rn = r(m + n) 个元素"
            ),
            given=declare(B, A),
            says=eq(B.rows * B.cols + A.rows * A.cols, r * (m + n)),
            witness={"B": [["1"]], "A": [["1"]]},
            checks=[proof(step("count", arithmetic(), eq(m * r + r * n, r * (m + n))))],
        ),
        Part(
            id="saves",
            role=caveat,
            expected=refuted,
            repair="saves-repaired",
            reading=text(
                "the factors have fewer parameters than the matrix, for every r up to min(m, n)",
                "对不超过 min(m, n) 的任何 r，两个因子的参数都少于矩阵本身",
            ),
            given=[*shape, assume("r fits", le(r, Min(m, n)))],
            says=lt(r * (m + n), m * n),
            witness={"m": "3", "n": "3", "r": "1"},
            checks=[Counter(values={"m": "1", "n": "1", "r": "1"})],
        ),
        Part(
            id="saves-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "they have fewer where r is below half of min(m, n); exactly, where r < mn/(m + n)",
                "当 r 小于 min(m, n) 的一半时更少；确切条件为 r < mn/(m + n)",
            ),
            given=[*shape, assume("r below half", lt(2 * r, Min(m, n)))],
            says=lt(r * (m + n), m * n),
            witness={"m": "3", "n": "3", "r": "1"},
            checks=[
                proof(
                    step("rows", arithmetic(), lt(2 * r * m, n * m)),
                    step("columns", arithmetic(), lt(2 * r * n, m * n)),
                    step("fewer", arithmetic("rows", "columns"), lt(r * (m + n), m * n)),
                )
            ],
        ),
        Part(
            id="approximation",
            role=main,
            expected=refuted,
            repair="approximation-repaired",
            reading=text(
                "for r far below min(m, n), here a thousandth, min(m, n)/r is an approximation of the ratio: wrong by "
                "less than a factor of two",
                "当 r 远小于 min(m, n)（此处取千分之一）时，min(m, n)/r 近似于压缩比：相差不到两倍",
            ),
            given=[*shape, assume("r far below", le(1000 * r, Min(m, n)))],
            says=lt(approximate, 2 * ratio),
            witness={"m": "1000", "n": "2000", "r": "1"},
            checks=[Counter(values={"m": "1000", "n": "1000", "r": "1"})],
            note=text(
                "for square matrices the approximation is twice the ratio, however small r is: the error does not "
                "depend on r",
                "对方阵，该近似恰为压缩比的两倍，无论 r 多小：误差与 r 无关",
            ),
        ),
        Part(
            id="approximation-repaired",
            role=main,
            expected=proved,
            reading=text(
                "the ratio is min(m, n)/r times max(m, n)/(m + n): at least half of min(m, n)/r, always less than it, "
                "and close to it only where one side far exceeds the other",
                "压缩比等于 min(m, n)/r 乘以 max(m, n)/(m + n)：不小于 min(m, n)/r 的一半，恒小于它，"
                "仅当一边远大于另一边时接近",
            ),
            given=shape,
            says=[eq(ratio, approximate * Max(m, n) / (m + n)), ge(ratio, approximate / 2), lt(ratio, approximate)],
            witness={"m": "2", "n": "3", "r": "1"},
            checks=[
                proof(
                    step("product", arithmetic(), eq(Min(m, n) * Max(m, n), m * n)),
                    step("sum", arithmetic(), eq(Min(m, n) + Max(m, n), m + n)),
                    step("factor", arithmetic("product"), eq(ratio, approximate * Max(m, n) / (m + n))),
                    step("share", arithmetic("sum"), ge(Max(m, n) / (m + n), Rational(1, 2))),
                    step("share-below", arithmetic("sum"), lt(Max(m, n) / (m + n), 1)),
                    step("positive", arithmetic(), gt(approximate, 0)),
                    step("half", arithmetic("factor", "share", "positive"), ge(ratio, approximate / 2)),
                    step("less", arithmetic("factor", "share-below", "positive"), lt(ratio, approximate)),
                )
            ],
        ),
        Part(
            id="example",
            role=main,
            expected=proved,
            reading=text(
                "for m = n = 4096 and r = 32 the ratio itself, mn/(r(m + n)), is 64",
                "m = n = 4096、r = 32 时，压缩比 mn/(r(m + n)) 等于 64",
            ),
            given=example,
            says=eq(ratio, 64),
            witness=text_example,
            checks=[proof(step("value", arithmetic(), eq(ratio, 64)))],
        ),
        Part(
            id="example-by-approximation",
            role=caveat,
            expected=refuted,
            repair="example",
            reading=text(
                "the approximation min(m, n)/r also gives the 64 of the example", "近似式 min(m, n)/r 也给出例中的 64"
            ),
            given=example,
            says=eq(approximate, 64),
            witness=text_example,
            checks=[Counter(values=text_example)],
            note=text(
                "it gives 128: the text's own example contradicts the approximation beside it",
                "它给出 128：原文的例子与旁边的近似式自相矛盾",
            ),
        ),
    ],
)

# --- Definition 11.20: the set of matrices W0 + BA ----------------------------------------------------------

factors = declare(B, A)
full_rank = [assume("B has full column rank", eq(Rank(B), r)), assume("A has full row rank", eq(Rank(A), r))]
derivative = HStack(KroneckerProduct(A.T, Identity(m)), KroneckerProduct(Identity(n), B))
fixed_shape = {"m < r": "B has rank r", "r > n": "A has rank r"}
dB, dA, Z = matrix("dB", m, r), matrix("dA", r, n), matrix("Z", r, r)
B_left, A_right = matrix("B_left", r, m), matrix("A_right", n, r)
P, S, M = matrix("P", r, m), matrix("S", n, r), matrix("M", m, n)


def retraction(x: object) -> object:
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
                "point for every invertible R",
                "m = n = r = 1 时该集合是实直线，维数为 1 而不是 2：对任何可逆的 R，(BR, R^-1 A) 是同一个点",
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


def plain_step(b: object, a: object) -> object:
    """BA after one step of gradient descent on both factors; G depends on BA alone."""
    return (b - eta * G * a.T) * (a - eta * b.T * G)


def scaled_step(b: object, a: object) -> object:
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
