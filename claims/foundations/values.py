"""Singular values of products and compressions, and the inequalities that compare two spectra."""

from __future__ import annotations

from claims.foundations.parts import theorem
from claims.foundations.proofs import *
from verify.authoring import *
from verify.proof.entries import EntryAlgebra
from verify.proof.frames import FactorRank, FirstColumns, KernelBasis, LeadingTrace, RowSquare

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

products = Claim(
    label="theorem-values-of-products",
    title=text("Singular values of products, transposes and multiples", "乘积、转置与数乘的奇异值"),
    statement_tex=[
        r"\sigma_i(A C) \le \|A\|_2 \, \sigma_i(C), \quad \sigma_i(A C) \le \sigma_i(A) \, \|C\|_2",
        r"\sigma_i(W') = \sigma_i(W), \quad \sigma_i(c W) = |c| \, \sigma_i(W)",
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
r_i, r_q = Rank(Identity(p)), Rank(Q.T)
Z, R, L = matrix("Z", n, n - r_q), matrix("R", n, r_q), matrix("L", r_q, p)
Z_i, R_i, L_i = matrix("Z_i", p, p - r_i), matrix("R_i", p, r_i), matrix("L_i", r_i, p)
from_below = le(s(W, i + n - p), s(WQ, i))
interlacing_lower = (
    step("unit", KernelBasis(of=Identity(p), kernel=Z_i, rest=R_i, rows=L_i)),
    traces("unit-size", eq(norm_sq(Z_i), p - r_i), "unit.kernel"),
    traces("unit-none", eq(norm_sq(Z_i), 0), "unit"),
    step("gram", algebra(), eq(Identity(p), Q.T * Q)),
    equal("gram-rank", "gram", Rank, Identity(p), Q.T * Q),
    step("gram-small", apply("rank-product-left", A=Q.T, C=Q)),
    step("kernel", KernelBasis(of=Q.T, kernel=Z, rest=R, rows=L)),
    step("rest", algebra("kernel.rows"), eq(R.T * outside, sp.ZeroMatrix(r_q, n))),
    step("cover", algebra("kernel.cover", "rest"), eq(Z * Z.T * outside, outside)),
    step("projection", FactorRank(of=Z * Z.T * outside, factors=((Z, Z.T * outside),))),
    equal("same", "cover", Rank, Z * Z.T * outside, outside),
    step("second", apply("rank-product-right", A=W, C=outside)),
    step("first", apply("rank-truncated", W=WQ, k=i - 1)),
    step("first-q", apply("rank-product-left", A=T_WQ, C=Q.T)),
    step("sum", apply("rank-sum", A=T_WQ * Q.T, B=W * outside)),
    calculation(
        "rank",
        le(Rank(approximant), i - 1 + n - p),
        *("unit-size", "unit-none", "gram-rank", "gram-small", "projection", "same", "second", "first", "first-q"),
        "sum",
    ),
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
        ),
    ],
)

# --- von Neumann --------------------------------------------------------------------------------------------

whole, U, V, D = frame(S, Rank(S))
G, difference = V.T * U, U.T - V.T
trace_bound = le(sp.Trace(S), Sum(s(S, q), (q, 1, n)))
trace_proof = (
    whole,
    traces("inside", eq(sp.Trace(S), sp.Trace(D * G)), "frame.whole"),
    step("entries", Diagonal(values=D, kind="trace", times=G)),
    step(
        "each",
        for_each(
            q,
            1,
            Rank(S),
            step("square", RowSquare(of=difference, at=q)),
            step(
                "expanded",
                EntryAlgebra(using=("frame.left", "frame.right")),
                eq(row_square(difference, q), 2 - 2 * Entry(G, q, q)),
            ),
            calculation("one", le(Entry(G, q, q), 1), "square", "expanded"),
            calculation("term", le(s(S, q) * Entry(G, q, q), s(S, q)), "one"),
        ),
    ),
    step("sum", Termwise(line="each")),
    step("rows", apply("rank-rows", W=S)),
    step("split", Split(total=Sum(s(S, q), (q, 1, n)), at=Rank(S))),
    step("tail", Nonnegative(total=Sum(s(S, q), (q, Rank(S) + 1, n)))),
    calculation("goal", trace_bound, "inside", "entries", "sum", "split", "tail"),
)

r = Rank(A)
of_a, U, V, D = frame(A, r)
G, E = U.T * B * V, matrix("E", r, k)
P, R_k = U * E, V * E
H = P.T * B * R_k
a, b, g = s(A, q), s(B, q), Entry(G, q, q)


def partial_sums(end: Any) -> tuple[Any, Any, Any, Any]:
    """Up to ``end``: of a b, of a g, of b, of g."""
    return tuple(Sum(f, (q, 1, end)) for f in (a * b, a * g, b, g))  # type: ignore[return-value]


def abel(end: Any) -> Any:
    """Summation by parts, as an inequality: sum a (b - g) >= a_next times the sum of b - g."""
    ab, ag, sum_b, sum_g = partial_sums(end)
    return ge(ab - ag, s(A, end + 1) * (sum_b - sum_g))


bound = le(partial_sums(k)[3], partial_sums(k)[2])
ab, ag, sum_b, sum_g = partial_sums(h)
ab_1, ag_1, sum_b1, sum_g1 = partial_sums(h + 1)
gain = sum_b1 - sum_g1
leading_blocks = for_each(
    k,
    1,
    r,
    step("block", FirstColumns(size=r, count=k, called=E)),
    step("trace", LeadingTrace(columns=E, of=G)),
    step("left", algebra("block", "frame.left"), eq(P.T * P, Identity(k))),
    step("right", algebra("block", "frame.right"), eq(R_k.T * R_k, Identity(k))),
    step("left-norm", apply("orthonormal-norm", W=P)),
    step("right-norm", apply("orthonormal-norm", W=R_k)),
    step("turned", apply("norm-transpose", W=P)),
    step("values", apply("trace-values", S=H)),
    step(
        "each",
        for_each(
            q,
            1,
            k,
            step("outer", apply("values-product", A=P.T, C=B * R_k, i=q)),
            step("inner", apply("values-product-right", A=B, C=R_k, i=q)),
            calculation("middle", le(s(B * R_k, q), s(B, q)), "inner", "right-norm"),
            calculation("one", le(s(H, q), s(B, q)), "outer", "middle", "left-norm", "turned"),
        ),
    ),
    step("sum", Termwise(line="each")),
    calculation("bound", bound, "trace", "values", "sum"),
)
by_parts = Induction(
    index=h,
    start=0,
    stop=r,
    formula=abel(h),
    base=(
        *(step(f"empty-{x}", Empty(total=total)) for x, total in enumerate(partial_sums(0))),
        calculation("start", abel(0), *(f"empty-{x}" for x in range(4))),
    ),
    step=(
        *(step(f"last-{x}", Last(total=total)) for x, total in enumerate(partial_sums(h + 1))),
        step("here", Instance(of="blocks", at=h + 1)),
        step("order", apply("order", W=A, i=h + 2, j=h + 1)),
        calculation(
            "gain",
            eq(ab_1 - ag_1, (ab - ag) + s(A, h + 1) * (gain - (sum_b - sum_g))),
            *(f"last-{x}" for x in range(4)),
        ),
        calculation("next", ge(ab_1 - ag_1, s(A, h + 1) * gain), "gain", "hypothesis"),
        calculation("lower", ge(s(A, h + 1) * gain, s(A, h + 2) * gain), "here", "order"),
        calculation("step", ge(ab_1 - ag_1, s(A, h + 2) * gain), "next", "lower"),
    ),
)
trace_inequality = le(inner(A, B), Sum(a * b, (q, 1, SMALLER)))
von_neumann_proof = (
    of_a,
    traces("inside", eq(inner(A, B), sp.Trace(D * G)), "frame.whole", "frame.symmetric"),
    step("entries", Diagonal(values=D, kind="trace", times=G)),
    step("blocks", leading_blocks),
    step("by-parts", by_parts),
    step("end", Instance(of="by-parts", at=r)),
    step("beyond", apply("beyond-rank", W=A, i=r + 1)),
    calculation("ordered", le(partial_sums(r)[1], partial_sums(r)[0]), "end", "beyond"),
    step("rows", apply("rank-rows", W=A)),
    step("columns", apply("rank-columns", W=A)),
    step("split", Split(total=Sum(a * b, (q, 1, SMALLER)), at=r)),
    step("tail", Nonnegative(total=Sum(a * b, (q, r + 1, SMALLER)))),
    calculation("goal", trace_inequality, "inside", "entries", "ordered", "split", "tail"),
)

von_neumann = Claim(
    label="theorem-von-neumann",
    title=text("Von Neumann's trace inequality", "von Neumann 迹不等式"),
    statement_tex=[r"\operatorname{tr}(A'B) \le \sum_{i} \sigma_i(A) \, \sigma_i(B)"],
    sources=["hornjohnson2013"],
    parts=[
        theorem(
            "trace-inequality",
            text(
                "the inner product of two matrices is at most that of their singular values, both in decreasing order",
                "两个矩阵的内积不超过其奇异值（均按降序排列）的内积",
            ),
            declare(A, B),
            trace_inequality,
            {"A": TWO, "B": ONES},
            *von_neumann_proof,
        ),
        theorem(
            "trace-by-values",
            text("the trace is at most the sum of the singular values", "迹不超过奇异值之和"),
            declare(S),
            trace_bound,
            {"S": ONES},
            *trace_proof,
            role=caveat,
        ),
    ],
)

# --- Hoffman and Wielandt, Mirsky; duality ------------------------------------------------------------------

moved = le(Sum((a - b) ** 2, (q, 1, SMALLER)), norm_sq(A - B))
hoffman_wielandt = Claim(
    label="theorem-hoffman-wielandt",
    title=text("Movement of the whole spectrum", "整个奇异谱的扰动"),
    statement_tex=[r"\sum_i (\sigma_i(A) - \sigma_i(B))^2 \le \|A - B\|_F^2"],
    sources=["hoffman1953", "mirsky1960"],
    parts=[
        theorem(
            "singular-values",
            text(
                "the singular values move, in the Euclidean norm, by at most the Frobenius norm of the perturbation",
                "奇异值向量在欧氏范数下的变化不超过扰动的 Frobenius 范数",
            ),
            declare(A, B),
            moved,
            {"A": TWO, "B": ONES},
            step("von-neumann", apply("von-neumann", A=A, B=B)),
            traces("expanded", eq(norm_sq(A - B), norm_sq(A) + norm_sq(B) - 2 * inner(A, B))),
            step("of-a", apply("frobenius-values", W=A)),
            step("of-b", apply("frobenius-values", W=B)),
            step("linear", Linear(total=Sum((a - b) ** 2, (q, 1, SMALLER)))),
            calculation("goal", moved, "von-neumann", "expanded", "of-a", "of-b", "linear"),
        )
    ],
)

dual = le(inner(A, B), SpectralNorm(A) * NuclearNorm(B))
dual_proof = (
    *norm_is_first(A),
    step("nuclear", apply("nuclear-norm", W=B)),
    step("von-neumann", apply("von-neumann", A=A, B=B)),
    step("rows", apply("rank-rows", W=B)),
    step("columns", apply("rank-columns", W=B)),
    step("split", Split(total=Sum(a * b, (q, 1, SMALLER)), at=Rank(B))),
    step(
        "none",
        for_each(
            q,
            Rank(B) + 1,
            SMALLER,
            step("beyond", apply("beyond-rank", W=B, i=q)),
            calculation("term", eq(a * b, sp.S.Zero), "beyond"),
        ),
    ),
    step("tail", Termwise(line="none")),
    step("zeros", Constant(total=Sum(sp.S.Zero, (q, Rank(B) + 1, SMALLER)))),
    step(
        "each",
        for_each(
            q,
            1,
            Rank(B),
            step("order", apply("order", W=A, i=q, j=1)),
            calculation("term", le(a * b, s(A, 1) * b), "order"),
        ),
    ),
    step("head", Termwise(line="each")),
    step("factor", Factor(total=Sum(b, (q, 1, Rank(B))), out=s(A, 1))),
    calculation("goal", dual, *("norm-0", "nuclear", "von-neumann", "split", "tail", "zeros", "head", "factor")),
)
schatten = Claim(
    label="theorem-schatten-duality",
    title=text("Duality of Schatten norms", "Schatten 范数的对偶"),
    statement_tex=[r"\operatorname{tr}(A'B) \le \|A\|_{S_p} \, \|B\|_{S_q}, \quad 1/p + 1/q = 1"],
    sources=["hornjohnson2013"],
    parts=[
        theorem(
            "spectral-nuclear",
            text(
                "p infinite, q = 1: the inner product is at most the spectral norm times the nuclear norm",
                "p 为无穷、q = 1：内积不超过谱范数与核范数之积",
            ),
            declare(A, B),
            dual,
            {"A": TWO, "B": ONES},
            *dual_proof,
        ),
        theorem(
            "self-dual",
            text(
                "p = q = 2: the inner product is at most the product of the Frobenius norms",
                "p = q = 2：内积不超过 Frobenius 范数之积",
            ),
            declare(A, B),
            le(inner(A, B), FrobeniusNorm(A) * FrobeniusNorm(B)),
            {"A": TWO, "B": ONES},
            step("schwarz", apply("cauchy-schwarz", A=A, B=B)),
            calculation("goal", le(inner(A, B), FrobeniusNorm(A) * FrobeniusNorm(B)), "schwarz"),
            note=text(
                "other exponents follow from von Neumann's inequality and Hoelder's for sums; the powers of singular "
                "values with a real exponent are not carried through here",
                "其他指数可由 von Neumann 不等式与求和的 Hölder 不等式得到；实指数幂的情形此处未展开",
            ),
        ),
    ],
)

CLAIMS = (products, interlacing, von_neumann, hoffman_wielandt, schatten)
