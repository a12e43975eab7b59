"""Inequalities that compare two spectra: von Neumann, Hoffman and Wielandt, duality of norms."""

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
    return tuple(Sum(f, (q, 1, end)) for f in (a * b, a * g, b, g))


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
            note=text(
                "Mirsky's form, for singular values of any two matrices. Hoffman and Wielandt's own theorem, on the "
                "eigenvalues of normal matrices, is not proved here",
                "这是 Mirsky 的形式，适用于任意两个矩阵的奇异值。Hoffman 与 Wielandt "
                "关于正规矩阵特征值的原定理此处没有证明",
            ),
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

CLAIMS = (von_neumann, hoffman_wielandt, schatten)
