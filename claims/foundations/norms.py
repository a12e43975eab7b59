"""Inner products and norms: Cauchy-Schwarz, what a matrix does to a direction, the laws of the spectral norm."""

from __future__ import annotations

from typing import Any

from claims.foundations.parts import theorem
from claims.foundations.proofs import *
from verify.authoring import *

m, n, p = sizes("m n p")
c = scalars("c")
A, B, W, C, Z = matrix("A", m, n), matrix("B", m, n), matrix("W", m, n), matrix("C", n, p), matrix("Z", n, p)
TWO = [["2", "0"], ["0", "1"]]
ONES = [["1", "1"], ["0", "1"]]

# --- Cauchy and Schwarz -------------------------------------------------------------------------------------

mixed, a, b = inner(A, B), norm_sq(A), norm_sq(B)
schwarz = le(mixed**2, a * b)
frobenius_triangle = le(FrobeniusNorm(A + B), FrobeniusNorm(A) + FrobeniusNorm(B))

cauchy_schwarz = Claim(
    label="theorem-cauchy-schwarz",
    title=text("Cauchy-Schwarz inequality", "Cauchy-Schwarz 不等式"),
    statement_tex=[r"\langle A, B \rangle^2 \le \|A\|_F^2 \, \|B\|_F^2"],
    sources=["hornjohnson2013"],
    parts=[
        theorem(
            "matrices",
            text(
                "the squared inner product of two matrices is at most the product of their squared Frobenius norms",
                "两个矩阵内积的平方不超过其 Frobenius 范数平方之积",
            ),
            declare(A, B),
            schwarz,
            {"A": TWO, "B": ONES},
            cases(
                "schwarz",
                eq(FrobeniusNorm(A), 0),
                [
                    step("zero", apply("frobenius-definite", W=A)),
                    traces("none", eq(mixed, 0), "zero"),
                    calculation("goal", schwarz, "none"),
                ],
                [
                    traces("square", eq(norm_sq(mixed * A - a * B), a * (a * b - mixed**2))),
                    calculation("goal", schwarz, "square"),
                ],
                schwarz,
            ),
        ),
        theorem(
            "triangle",
            text("the Frobenius norm obeys the triangle inequality", "Frobenius 范数满足三角不等式"),
            declare(A, B),
            frobenius_triangle,
            {"A": TWO, "B": ONES},
            traces("expanded", eq(norm_sq(A + B), a + 2 * mixed + b)),
            step("schwarz", apply("cauchy-schwarz", A=A, B=B)),
            calculation("root", le(mixed, FrobeniusNorm(A) * FrobeniusNorm(B)), "schwarz"),
            calculation("goal", frobenius_triangle, "expanded", "root"),
            role=caveat,
        ),
    ],
)

# --- Courant and Fischer ------------------------------------------------------------------------------------

whole, _, V, D = frame(W, Rank(W))
shadow = V.T * Z
stretch = le(norm_sq(W * Z), s(W, 1) ** 2 * norm_sq(Z))
Q, k = matrix("Q", n, p), indices("k")
WQ, off = W * Q, W * (Identity(n) - Q * Q.T)
ORTHONORMAL = assume("orthonormal columns", eq(Q.T * Q, Identity(p)))
every_subspace, its_own = le(s(W, n - p + 1), SpectralNorm(WQ)), le(SpectralNorm(WQ), s(W, k + 1))

courant_fischer = Claim(
    label="theorem-courant-fischer",
    title=text("Singular values as stretches: Courant and Fischer", "奇异值作为伸长：Courant-Fischer 定理"),
    statement_tex=[r"\|W Z\|_F \le \sigma_1(W) \, \|Z\|_F", r"\sigma_{n-p+1}(W) = \min_{Q'Q = I_p} \|W Q\|_2"],
    sources=["hornjohnson2013"],
    parts=[
        theorem(
            "largest-stretch",
            text(
                "no column, and no matrix of columns, is stretched by more than the largest singular value",
                "任何列向量（或由列组成的矩阵）的伸长都不超过最大奇异值",
            ),
            declare(W, Z),
            stretch,
            {"W": TWO, "Z": [["1"], ["1"]]},
            whole,
            traces("inside", eq(norm_sq(W * Z), norm_sq(D * shadow)), "frame.whole", "frame.left"),
            traces("shrink", eq(norm_sq(Z - V * V.T * Z), norm_sq(Z) - norm_sq(shadow)), "frame.right"),
            *at_most_first(W, D, shadow, "bound"),
            calculation("squares", le(s(W, 1) ** 2 * norm_sq(shadow), s(W, 1) ** 2 * norm_sq(Z)), "shrink"),
            calculation("goal", stretch, "inside", "bound", "squares"),
            note=text(
                "the first singular value as the largest stretch. The others, as the least of the largest stretches "
                "over all subspaces of a dimension: min-max and attained. As the greatest of the least stretches: "
                "theorem-cauchy-interlacing/upper, at the last value of W Q",
                "这是第一个奇异值，即最大伸长。其余奇异值是给定维数的所有子空间上最大伸长的最小值："
                "见 min-max 与 attained；作为最小伸长的最大值："
                "见 theorem-cauchy-interlacing/upper 中 W Q 的最后一个奇异值",
            ),
        ),
        theorem(
            "min-max",
            text(
                "in every subspace of dimension p, with an orthonormal basis Q, some direction is stretched by at "
                "least the singular value of index n - p + 1",
                "在任意 p 维子空间（标准正交基为 Q）中，总有方向的伸长不小于第 n - p + 1 个奇异值",
            ),
            [*declare(W, Q), ORTHONORMAL, assume("no more columns than rows", le(p, n))],
            every_subspace,
            {"W": TWO, "Q": [["3/5"], ["4/5"]]},
            *outside_rank(Q),
            step("off", apply("rank-product-right", A=W, C=Identity(n) - Q * Q.T)),
            step("best", apply("eckart-young-spectral", W=W, X=off, k=n - p)),
            step("left", algebra(), eq(W - off, WQ * Q.T)),
            equal("left-norm", "left", SpectralNorm, W - off, WQ * Q.T),
            step("apart", apply("submultiplicative", A=WQ, C=Q.T)),
            step("turned", apply("norm-transpose", W=Q)),
            step("one", apply("orthonormal-norm", W=Q)),
            calculation("shrunk", le(SpectralNorm(WQ * Q.T), SpectralNorm(WQ)), "apart", "turned", "one"),
            calculation("goal", every_subspace, "best", "left-norm", "shrunk"),
            search=False,
        ),
        theorem(
            "attained",
            text(
                "and a subspace that the truncation of order k sends to zero has no direction stretched by more than "
                "the next singular value; with n - k dimensions it attains min-max",
                "而被 k 阶截断映为零的子空间中，任何方向的伸长都不超过下一个奇异值；其维数为 n - k 时达到 min-max",
            ),
            [
                *declare(W, Q),
                ORTHONORMAL,
                between(k, 0, n),
                assume("sent to zero", eq(Truncated(W, k) * Q, sp.ZeroMatrix(m, p))),
            ],
            its_own,
            {"W": TWO, "Q": [["0"], ["1"]], "k": "1"},
            step("hidden", Hypothesis(), eq(Truncated(W, k) * Q, sp.ZeroMatrix(m, p))),
            step("same", algebra("hidden"), eq((W - Truncated(W, k)) * Q, WQ)),
            equal("same-norm", "same", SpectralNorm, (W - Truncated(W, k)) * Q, WQ),
            step("apart", apply("submultiplicative", A=W - Truncated(W, k), C=Q)),
            step("one", apply("orthonormal-norm", W=Q)),
            step("rest", apply("residual-spectral", W=W, k=k)),
            calculation("product", le(SpectralNorm(W - Truncated(W, k)) * SpectralNorm(Q), s(W, k + 1)), "one", "rest"),
            calculation("goal", its_own, "same-norm", "apart", "product"),
            search=False,
        ),
    ],
)

# --- the spectral norm --------------------------------------------------------------------------------------

triangle = le(SpectralNorm(A + B), SpectralNorm(A) + SpectralNorm(B))
direction, _, v = top(A + B)
triangle_proof = (
    *norm_is_first(A + B, A, B),
    cases(
        "goal",
        le(Rank(A + B), 0),
        [vanishes(A + B), calculation("goal", triangle, "norm-0", "zero")],
        [
            *direction,
            step("by-a", apply("stretch", W=A, Z=v)),
            step("by-b", apply("stretch", W=B, Z=v)),
            step("sum", apply("triangle-frobenius", A=A * v, B=B * v)),
            calculation("a", le(FrobeniusNorm(A * v), s(A, 1)), "by-a", "top-length"),
            calculation("b", le(FrobeniusNorm(B * v), s(B, 1)), "by-b", "top-length"),
            calculation("length", eq(FrobeniusNorm(A * v + B * v), s(A + B, 1)), "top-image"),
            calculation("goal", triangle, "sum", "a", "b", "length", "norm-0", "norm-1", "norm-2"),
        ],
        triangle,
    ),
)

submultiplicative = le(SpectralNorm(A * C), SpectralNorm(A) * SpectralNorm(C))
direction, _, v = top(A * C)
submultiplicative_proof = (
    *norm_is_first(A * C, A, C),
    cases(
        "goal",
        le(Rank(A * C), 0),
        [vanishes(A * C), calculation("goal", submultiplicative, "norm-0", "zero")],
        [
            *direction,
            step("outer", apply("stretch", W=A, Z=C * v)),
            step("inner", apply("stretch", W=C, Z=v)),
            calculation("once", le(norm_sq(C * v), s(C, 1) ** 2), "inner", "top-length"),
            calculation("twice", le(s(A, 1) ** 2 * norm_sq(C * v), s(A, 1) ** 2 * s(C, 1) ** 2), "once"),
            calculation("square", le(s(A * C, 1) ** 2, (s(A, 1) * s(C, 1)) ** 2), "outer", "twice", "top-image"),
            calculation("root", le(s(A * C, 1), s(A, 1) * s(C, 1)), "square"),
            calculation("goal", submultiplicative, "root", "norm-0", "norm-1", "norm-2"),
        ],
        submultiplicative,
    ),
)

cW = c * W
homogeneous = eq(SpectralNorm(cW), Abs(c) * SpectralNorm(W))
at_most, at_least = le(s(cW, 1) ** 2, c**2 * s(W, 1) ** 2), ge(s(cW, 1) ** 2, c**2 * s(W, 1) ** 2)
upward, _, v = top(cW)
downward, _, w = top(W)
homogeneous_proof = (
    *norm_is_first(cW, W),
    cases(
        "upper",
        le(Rank(cW), 0),
        [vanishes(cW), calculation("goal", at_most, "zero")],
        [
            *upward,
            traces("multiple", eq(norm_sq(cW * v), c**2 * norm_sq(W * v))),
            step("bound", apply("stretch", W=W, Z=v)),
            calculation("once", le(norm_sq(W * v), s(W, 1) ** 2), "bound", "top-length"),
            calculation("goal", at_most, "multiple", "once", "top-image"),
        ],
        at_most,
    ),
    cases(
        "lower",
        le(Rank(W), 0),
        [vanishes(W), calculation("goal", at_least, "zero")],
        [
            *downward,
            traces("multiple", eq(norm_sq(cW * w), c**2 * norm_sq(W * w))),
            step("bound", apply("stretch", W=cW, Z=w)),
            calculation("goal", at_least, "multiple", "bound", "top-length", "top-image"),
        ],
        at_least,
    ),
    calculation("goal", homogeneous, "upper", "lower", "norm-0", "norm-1"),
)


def transposing(w: Any, name: str) -> Line:
    """sigma_1(W') <= sigma_1(W): at the top direction v of W', |W'v|^2 = <v, W W'v> <= |W W'v|."""
    goal = le(s(w.T, 1), s(w, 1))
    lines, _, v = top(w.T)
    return cases(
        name,
        le(Rank(w.T), 0),
        [vanishes(w.T), calculation("goal", goal, "zero")],
        [
            *lines,
            step("schwarz", apply("cauchy-schwarz", A=v, B=w * w.T * v)),
            traces("same", eq(inner(v, w * w.T * v), norm_sq(w.T * v))),
            step("bound", apply("stretch", W=w, Z=w.T * v)),
            calculation(
                "fourth",
                le(s(w.T, 1) ** 4, s(w, 1) ** 2 * s(w.T, 1) ** 2),
                "schwarz",
                "same",
                "bound",
                "top-length",
                "top-image",
            ),
            calculation("goal", goal, "fourth"),
        ],
        goal,
    )


transpose = eq(SpectralNorm(W.T), SpectralNorm(W))
squares = Sum(s(W, q) ** 2, (q, 1, Rank(W)))
below = le(SpectralNorm(W), FrobeniusNorm(W))
by_rank = le(norm_sq(W), Rank(W) * SpectralNorm(W) ** 2)
orthonormal = assume("orthonormal columns", eq(W.T * W, Identity(n)))
isometry = le(SpectralNorm(W), 1)

spectral_norm = Claim(
    label="theorem-spectral-norm",
    title=text("Laws of the spectral norm", "谱范数的性质"),
    statement_tex=[
        r"\|A + B\|_2 \le \|A\|_2 + \|B\|_2, \quad \|A C\|_2 \le \|A\|_2 \|C\|_2, \quad \|c W\|_2 = |c| \, \|W\|_2",
        r"\|W\|_2 \le \|W\|_F \le \sqrt{\operatorname{rank}(W)} \, \|W\|_2",
    ],
    sources=["hornjohnson2013"],
    parts=[
        theorem(
            "triangle",
            text("triangle inequality", "三角不等式"),
            declare(A, B),
            triangle,
            {"A": TWO, "B": ONES},
            *triangle_proof,
        ),
        theorem(
            "submultiplicative",
            text("the norm of a product is at most the product of the norms", "乘积的范数不超过范数的乘积"),
            declare(A, C),
            submultiplicative,
            {"A": TWO, "C": ONES},
            *submultiplicative_proof,
        ),
        theorem(
            "homogeneous",
            text("a factor comes out of the norm as its absolute value", "数乘因子以绝对值提出"),
            [*declare(W), real(c)],
            homogeneous,
            {"W": TWO, "c": "-2"},
            *homogeneous_proof,
        ),
        theorem(
            "transpose",
            text("a matrix and its transpose have the same norm", "矩阵与其转置的范数相同"),
            declare(W),
            transpose,
            {"W": ONES},
            transposing(W, "one"),
            transposing(W.T, "other"),
            *norm_is_first(W.T, W),
            calculation("goal", transpose, "one", "other", "norm-0", "norm-1"),
        ),
        theorem(
            "below-frobenius",
            text("the spectral norm is at most the Frobenius norm", "谱范数不超过 Frobenius 范数"),
            declare(W),
            below,
            {"W": TWO},
            *norm_is_first(W),
            cases(
                "goal",
                le(Rank(W), 0),
                [vanishes(W), calculation("goal", below, "norm-0", "zero")],
                [
                    step("sum", Orthonormal(of=FrobeniusNorm(W), base=W)),
                    step("first", First(total=squares)),
                    step("rest", Nonnegative(total=Sum(s(W, q) ** 2, (q, 2, Rank(W))))),
                    calculation("square", le(s(W, 1) ** 2, norm_sq(W)), "sum", "first", "rest"),
                    calculation("goal", below, "square", "norm-0"),
                ],
                below,
            ),
        ),
        theorem(
            "frobenius-by-rank",
            text(
                "the squared Frobenius norm is at most the rank times the squared spectral norm",
                "Frobenius 范数的平方不超过秩乘以谱范数的平方",
            ),
            declare(W),
            by_rank,
            {"W": TWO},
            *norm_is_first(W),
            step("sum", Orthonormal(of=FrobeniusNorm(W), base=W)),
            step(
                "each",
                for_each(
                    q,
                    1,
                    Rank(W),
                    step("order", apply("order", W=W, i=q, j=1)),
                    calculation("square", le(s(W, q) ** 2, s(W, 1) ** 2), "order"),
                ),
            ),
            step("total", Termwise(line="each")),
            step("equal", Constant(total=Sum(s(W, 1) ** 2, (q, 1, Rank(W))))),
            calculation("goal", by_rank, "norm-0", "sum", "total", "equal"),
        ),
        theorem(
            "orthonormal-columns",
            text("a matrix with orthonormal columns has norm at most one", "列标准正交的矩阵范数不超过一"),
            [*declare(W), orthonormal],
            isometry,
            {"W": [["3/5"], ["4/5"]]},
            *norm_is_first(W),
            cases(
                "goal",
                le(Rank(W), 0),
                [vanishes(W), calculation("goal", isometry, "norm-0", "zero")],
                [
                    *downward,
                    traces("same", eq(norm_sq(W * w), norm_sq(w))),
                    calculation("goal", isometry, "norm-0", "same", "top-length", "top-image"),
                ],
                isometry,
            ),
            search=False,
        ),
    ],
)

CLAIMS = (cauchy_schwarz, courant_fischer, spectral_norm)
