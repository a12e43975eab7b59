"""Singular values of products, transposes, multiples and compressions."""

from __future__ import annotations

from typing import Any

from claims.foundations.parts import theorem
from claims.foundations.proofs import *
from verify.authoring import *

m, n, p = sizes("m n p")
i, k, h = indices("i k h")
c = scalars("c")
A, B, W = (matrix(name, m, n) for name in "ABW")
C, S = matrix("C", n, p), matrix("S", n, n)
TWO = [["2", "0"], ["0", "1"]]
ONES = [["1", "1"], ["0", "1"]]
END, SMALLER = Max(m, n) + 1, Min(m, n)

# --- products, transposes, multiples ------------------------------------------------------------------------


def by_approximant(name: str, w: Any, x: Any, i: Any) -> Line:
    """sigma_i(w) <= |w - x| by Eckart and Young, where rank(x) <= i - 1 is known."""
    return step(name, apply("eckart-young-spectral", W=w, X=x, k=i - 1))


T_C, T_A, T_W, T_cW = Truncated(C, i - 1), Truncated(A, i - 1), Truncated(W, i - 1), Truncated(c * W, i - 1)
left = le(s(A * C, i), SpectralNorm(A) * s(C, i))
right = le(s(A * C, i), s(A, i) * SpectralNorm(C))


def transposing(w: Any, name: str) -> tuple[Line, ...]:
    x = Truncated(w, i - 1)
    return (
        step(f"{name}-rank", apply("rank-truncated", W=w, k=i - 1)),
        step(f"{name}-turned", apply("rank-transpose", W=x)),
        by_approximant(f"{name}-best", w.T, x.T, i),
        step(f"{name}-norm", apply("norm-transpose", W=w - x)),
        step(f"{name}-rest", apply("residual-spectral", W=w, k=i - 1)),
        calculation(name, le(s(w.T, i), s(w, i)), f"{name}-best", f"{name}-norm", f"{name}-rest"),
    )


multiple = eq(s(c * W, i), Abs(c) * s(W, i))
upper, lower = le(s(c * W, i), Abs(c) * s(W, i)), le(Abs(c) * s(W, i), s(c * W, i))
back = W - (1 / c) * T_cW
multiple_proof = (
    step("rank", apply("rank-truncated", W=W, k=i - 1)),
    step("rank-c", apply("rank-product-left", A=T_W, C=c * Identity(n)), le(Rank(c * T_W), Rank(T_W))),
    by_approximant("best", c * W, c * T_W, i),
    step("norm", apply("homogeneous", W=W - T_W, c=c)),
    step("rest", apply("residual-spectral", W=W, k=i - 1)),
    calculation("scaled", eq(Abs(c) * SpectralNorm(W - T_W), Abs(c) * s(W, i)), "rest"),
    calculation("upper", upper, "best", "norm", "scaled"),
    cases(
        "lower",
        eq(c, 0),
        [calculation("goal", lower)],
        [
            step("rank-2", apply("rank-truncated", W=c * W, k=i - 1)),
            step(
                "rank-2c",
                apply("rank-product-left", A=T_cW, C=(1 / c) * Identity(n)),
                le(Rank((1 / c) * T_cW), Rank(T_cW)),
            ),
            by_approximant("best-2", W, (1 / c) * T_cW, i),
            step("norm-2", apply("homogeneous", W=back, c=c)),
            step("rest-2", apply("residual-spectral", W=c * W, k=i - 1)),
            calculation("times", le(Abs(c) * s(W, i), Abs(c) * SpectralNorm(back)), "best-2"),
            calculation("goal", lower, "times", "norm-2", "rest-2"),
        ],
        lower,
    ),
    calculation("goal", multiple, "upper", "lower"),
)

# --- the Gram matrix ----------------------------------------------------------------------------------------------
# For the truncation T = U D V' of order i - 1, W'W - T'T = (W - T)'(W - T). And where X has a rank below i, X V sends
# some z to zero for the first i right singular vectors V, while W'W V z = V D D z.

gram = W.T * W
before, _, _, _ = frame(W, i - 1, "_b", "before")
gap = W - T_W
gram_upper, gram_lower = le(s(gram, i), s(W, i) ** 2), ge(s(gram, i), s(W, i) ** 2)
gram_above = (
    before,
    step("rank", apply("rank-truncated", W=W, k=i - 1)),
    step("rank-turned", apply("rank-product-right", A=T_W.T, C=T_W)),
    step("rest-is", algebra("before.truncated", "before.left", "before.adjoint", "before.symmetric", "before.right"),
         eq(gram - T_W.T * T_W, gap.T * gap)),
    by_approximant("best", gram, T_W.T * T_W, i),
    equal("same", "rest-is", SpectralNorm, gram - T_W.T * T_W, gap.T * gap),
    step("apart", apply("submultiplicative", A=gap.T, C=gap)),
    step("turned", apply("norm-transpose", W=gap)),
    step("rest", apply("residual-spectral", W=W, k=i - 1)),
    calculation("product", eq(SpectralNorm(gap.T) * SpectralNorm(gap), s(W, i) ** 2), "turned", "rest"),
    calculation("goal", gram_upper, "best", "same", "apart", "product"),
)  # fmt: skip
upto, _, V_i, D_i = frame(W, i, "_i", "upto")
X = Truncated(gram, i - 1)
E = gram - X
z = vector("z", i)
gram_below = (
    upto,
    step("rank-x", apply("rank-truncated", W=gram, k=i - 1)),
    step("thin", apply("rank-product-left", A=X, C=V_i)),
    step("kernel", KernelVector(of=X * V_i, called=z)),
    traces("length", eq(norm_sq(V_i * z), 1), "upto.right", "kernel.unit"),
    traces("unit", eq(norm_sq(z), 1), "kernel.unit"),
    step("through", algebra("upto", "upto.adjoint"), eq(gram * V_i, V_i * D_i * D_i)),
    traces("image", eq(norm_sq(E * V_i * z), norm_sq(D_i * D_i * z)),
           "through", "upto.right", "upto.symmetric", "kernel"),
    *at_least_last(W, D_i, z, "once"),
    *at_least_last(W, D_i, D_i * z, "twice"),
    step("above", apply("stretch", W=E, Z=V_i * z)),
    step("norm", apply("spectral-norm", W=E)),
    step("rest-x", apply("residual-spectral", W=gram, k=i - 1)),
    step("sign", apply("order", W=W, i=i, j=i)),
    calculation("fourth", le(s(W, i) ** 4, s(gram, i) ** 2),
                "length", "unit", "image", "once", "twice", "above", "norm", "rest-x"),
    calculation("goal", gram_lower, "fourth"),
)  # fmt: skip
of_gram = eq(s(gram, i), s(W, i) ** 2)
gram_proof = (
    cases(
        "goal",
        le(i, Rank(W)),
        [
            cases("upper", le(i, Rank(W)), gram_above, [], gram_upper),
            cases("lower", le(i, Rank(W)), gram_below, [], gram_lower),
            calculation("goal", of_gram, "upper", "lower"),
        ],
        [
            step("beyond", apply("beyond-rank", W=W, i=i)),
            step("rank", apply("rank-product-right", A=W.T, C=W)),
            step("beyond-gram", apply("beyond-rank", W=gram, i=i)),
            calculation("goal", of_gram, "beyond", "beyond-gram"),
        ],
        of_gram,
    ),
)

products = Claim(
    label="theorem-values-of-products",
    title=text(
        "Singular values of products, transposes, multiples and Gram matrices", "乘积、转置、数乘与 Gram 矩阵的奇异值"
    ),
    statement_tex=[
        r"\sigma_i(A C) \le \|A\|_2 \, \sigma_i(C), \quad \sigma_i(A C) \le \sigma_i(A) \, \|C\|_2",
        r"\sigma_i(W') = \sigma_i(W), \quad \sigma_i(c W) = |c| \, \sigma_i(W), \quad \sigma_i(W'W) = \sigma_i(W)^2",
    ],
    sources=["hornjohnson1991"],
    parts=[
        theorem(
            "left",
            text("a left factor changes each singular value by at most its norm", "左因子使每个奇异值至多乘以其范数"),
            [*declare(A, C), between(i, 1, Max(m, n, p) + 1)],
            left,
            {"A": TWO, "C": ONES, "i": "1"},
            step("rank", apply("rank-truncated", W=C, k=i - 1)),
            step("rank-a", apply("rank-product-right", A=A, C=T_C)),
            by_approximant("best", A * C, A * T_C, i),
            step("apart", apply("submultiplicative", A=A, C=C - T_C)),
            step("rest", apply("residual-spectral", W=C, k=i - 1)),
            calculation("equal", eq(SpectralNorm(A) * SpectralNorm(C - T_C), SpectralNorm(A) * s(C, i)), "rest"),
            calculation("goal", left, "best", "apart", "equal"),
        ),
        theorem(
            "right",
            text("a right factor changes each singular value by at most its norm", "右因子使每个奇异值至多乘以其范数"),
            [*declare(A, C), between(i, 1, Max(m, n, p) + 1)],
            right,
            {"A": TWO, "C": ONES, "i": "1"},
            step("rank", apply("rank-truncated", W=A, k=i - 1)),
            step("rank-c", apply("rank-product-left", A=T_A, C=C)),
            by_approximant("best", A * C, T_A * C, i),
            step("apart", apply("submultiplicative", A=A - T_A, C=C)),
            step("rest", apply("residual-spectral", W=A, k=i - 1)),
            calculation("equal", eq(SpectralNorm(A - T_A) * SpectralNorm(C), s(A, i) * SpectralNorm(C)), "rest"),
            calculation("goal", right, "best", "apart", "equal"),
        ),
        theorem(
            "transpose",
            text("a matrix and its transpose have the same singular values", "矩阵与其转置的奇异值相同"),
            [*declare(W), between(i, 1, END)],
            eq(s(W.T, i), s(W, i)),
            {"W": ONES, "i": "1"},
            *transposing(W, "one"),
            *transposing(W.T, "other"),
            calculation("goal", eq(s(W.T, i), s(W, i)), "one", "other"),
        ),
        theorem(
            "multiple",
            text("singular values of a multiple", "数乘后的奇异值"),
            [*declare(W), real(c), between(i, 1, END)],
            multiple,
            {"W": TWO, "c": "-2", "i": "2"},
            *multiple_proof,
        ),
        theorem(
            "gram",
            text("the singular values of the Gram matrix are the squares", "Gram 矩阵的奇异值是原奇异值的平方"),
            [*declare(W), between(i, 1, END)],
            of_gram,
            {"W": ONES, "i": "2"},
            *gram_proof,
        ),
        theorem(
            "sign",
            text("singular values ignore the sign of the matrix", "奇异值与矩阵的符号无关"),
            [*declare(W), between(i, 1, END)],
            eq(s(-W, i), s(W, i)),
            {"W": TWO, "i": "2"},
            step("scaled", apply("values-scaled", W=W, c=-1, i=i)),
            calculation("goal", eq(s(-W, i), s(W, i)), "scaled"),
            role=caveat,
        ),
    ],
)

# --- Cauchy: interlacing ------------------------------------------------------------------------------------

Q = matrix("Q", n, p)
orthonormal = assume("orthonormal columns", eq(Q.T * Q, Identity(p)))
narrow = assume("no more columns than rows", le(p, n))
WQ, outside = W * Q, Identity(n) - Q * Q.T
T_WQ = Truncated(WQ, i - 1)
approximant = T_WQ * Q.T + W * outside
from_below = le(s(W, i + n - p), s(WQ, i))
interlacing_lower = (
    *outside_rank(Q),
    step("second", apply("rank-product-right", A=W, C=outside)),
    step("first", apply("rank-truncated", W=WQ, k=i - 1)),
    step("first-q", apply("rank-product-left", A=T_WQ, C=Q.T)),
    step("sum", apply("rank-sum", A=T_WQ * Q.T, B=W * outside)),
    calculation("rank", le(Rank(approximant), i - 1 + n - p), *("outside-rank", "second", "first", "first-q", "sum")),
    step("best", apply("eckart-young-spectral", W=W, X=approximant, k=i - 1 + n - p)),
    step("apart", apply("submultiplicative", A=WQ - T_WQ, C=Q.T)),
    step("turned", apply("norm-transpose", W=Q)),
    step("one", apply("orthonormal-norm", W=Q)),
    step("residual", apply("residual-spectral", W=WQ, k=i - 1)),
    calculation("shrunk", le(SpectralNorm((WQ - T_WQ) * Q.T), s(WQ, i)), "apart", "turned", "one", "residual"),
    calculation("goal", from_below, "best", "shrunk"),
)

interlacing = Claim(
    label="theorem-cauchy-interlacing",
    title=text("Interlacing of singular values", "奇异值的交错定理"),
    statement_tex=[r"Q'Q = I_p \;\Rightarrow\; \sigma_{i+n-p}(W) \le \sigma_i(W Q) \le \sigma_i(W)"],
    sources=["hornjohnson2013"],
    parts=[
        theorem(
            "upper",
            text(
                "restricted to a subspace, and so with columns deleted, no singular value grows",
                "限制到子空间（例如删去若干列）后，任何奇异值都不增大",
            ),
            [*declare(W, Q), orthonormal, between(i, 1, Max(m, n, p) + 1)],
            le(s(WQ, i), s(W, i)),
            {"W": TWO, "Q": [["3/5"], ["4/5"]], "i": "1"},
            step("values", apply("values-product-right", A=W, C=Q, i=i)),
            step("one", apply("orthonormal-norm", W=Q)),
            calculation("goal", le(s(WQ, i), s(W, i)), "values", "one"),
            search=False,
        ),
        theorem(
            "lower",
            text(
                "and none falls below the value that many places further on, as there are dimensions lost",
                "并且不小于向后移动若干位（移动位数等于减少的维数）的奇异值",
            ),
            [*declare(W, Q), narrow, orthonormal, between(i, 1, Max(m, n, p) + 1)],
            from_below,
            {"W": TWO, "Q": [["3/5"], ["4/5"]], "i": "1"},
            *interlacing_lower,
            search=False,
            note=text(
                "the form for singular values. As the eigenvalues of W'W are the squares, it is Cauchy's theorem for "
                "positive semidefinite matrices; the eigenvalues of other symmetric matrices are not put into a "
                "formula here",
                "这是奇异值的形式。由于 W'W 的特征值是其平方，它就是半正定矩阵的 Cauchy 定理；"
                "其他对称矩阵的特征值此处不写成公式",
            ),
        ),
    ],
)


CLAIMS = (products, interlacing)
