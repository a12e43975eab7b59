"""Matrix equations and subspaces: Moore and Penrose, Wedin, Lyapunov."""

from __future__ import annotations

from typing import Any

from claims.foundations.parts import theorem
from claims.foundations.proofs import *
from verify.authoring import *

m, n, p, k, h = sizes("m n p k h")
A, W, W_t = matrix("A", m, n), matrix("W", m, n), matrix("W_t", m, n)

# --- Moore and Penrose --------------------------------------------------------------------------------------

P, R = matrix("P", n, m), matrix("R", n, m)


def penrose(x: Any, tag: str) -> list[Assume]:
    """The four conditions on a pseudoinverse x of A."""
    conditions = (eq(A * x * A, A), eq(x * A * x, x), eq((A * x).T, A * x), eq((x * A).T, x * A))
    return [assume(f"{tag}{number}", c) for number, c in enumerate(conditions, 1)]


on_rows, on_columns = (A * P * A * R).T, (R * A * P * A).T
unique = (
    *named(*penrose(P, "p"), *penrose(R, "r")),
    algebraic("row-short", eq(on_rows, (A * R).T), "p1"),
    algebraic("row-turned", eq(A * R * A * P, on_rows), "p3", "r3"),
    algebraic("row-other", eq(A * R * A * P, A * P), "r1"),
    step("row-1", Rewrite(target="row-turned", equation="row-other"), eq(A * P, on_rows)),
    step("row-2", Rewrite(target="row-1", equation="row-short"), eq(A * P, (A * R).T)),
    step("rows", Rewrite(target="row-2", equation="r3"), eq(A * P, A * R)),
    algebraic("column-short", eq(on_columns, (R * A).T), "p1"),
    algebraic("column-turned", eq(P * A * R * A, on_columns), "p4", "r4"),
    algebraic("column-other", eq(P * A * R * A, P * A), "r1"),
    step("column-1", Rewrite(target="column-turned", equation="column-other"), eq(P * A, on_columns)),
    step("column-2", Rewrite(target="column-1", equation="column-short"), eq(P * A, (R * A).T)),
    step("columns", Rewrite(target="column-2", equation="r4"), eq(P * A, R * A)),
    algebraic("middle", eq(P * A * P, P * A * R), "rows"),
    algebraic("last", eq(P * A * R, R * A * R), "columns"),
    step("first", Rewrite(target="middle", equation="p2"), eq(P, P * A * R)),
    step("second", Rewrite(target="first", equation="last"), eq(P, R * A * R)),
    step("goal", Rewrite(target="second", equation="r2"), eq(P, R)),
)

U, V, S, T = matrix("U", m, p), matrix("V", n, p), matrix("S", p, p), matrix("T", p, p)
decomposed, pseudo = U * S * V.T, V * T * U.T
exists = [
    eq(decomposed * pseudo * decomposed, decomposed),
    eq(pseudo * decomposed * pseudo, pseudo),
    eq((decomposed * pseudo).T, decomposed * pseudo),
    eq((pseudo * decomposed).T, pseudo * decomposed),
]

moore_penrose = Claim(
    label="theorem-moore-penrose",
    title=text("The Moore-Penrose conditions", "Moore-Penrose 条件"),
    statement_tex=[r"A P A = A, \quad P A P = P, \quad (A P)' = A P, \quad (P A)' = P A"],
    sources=["penrose1955"],
    parts=[
        theorem(
            "unique",
            text("at most one matrix satisfies the four conditions", "满足四个条件的矩阵至多一个"),
            [*declare(A, P, R), *penrose(P, "p"), *penrose(R, "r")],
            eq(P, R),
            {"A": [["2"]], "P": [["1/2"]], "R": [["1/2"]]},
            *unique,
            search=False,
        ),
        theorem(
            "exists",
            text(
                "with orthonormal U and V and S invertible, the inverse of the middle factor gives one for U S V'; by "
                "the singular value decomposition every matrix but zero is of this form",
                "当 U、V 列标准正交且 S 可逆时，中间因子的逆给出 U S V' 的伪逆；由奇异值分解，任何非零矩阵都是这种形式",
            ),
            [
                *declare(U, V, S, T),
                assume("U orthonormal", eq(U.T * U, Identity(p))),
                assume("V orthonormal", eq(V.T * V, Identity(p))),
                assume("right inverse", eq(S * T, Identity(p))),
                assume("left inverse", eq(T * S, Identity(p))),
            ],
            exists,
            {"U": [["3/5"], ["4/5"]], "V": [["1"]], "S": [["2"]], "T": [["1/2"]]},
            *(step(f"condition-{number}", algebra(), says) for number, says in enumerate(exists, 1)),
            search=False,
        ),
    ],
)

# --- Wedin --------------------------------------------------------------------------------------------------

a, delta = scalars("a delta")
U, V, S, S_i = matrix("U", m, k), matrix("V", n, k), matrix("S", k, k), matrix("S_i", k, k)
X, Y, T = matrix("X", m, h), matrix("Y", n, h), matrix("T", h, h)
E = W_t - W
triples = [
    assume("new right", eq(W_t * V, U * S)),
    assume("new left", eq(W_t.T * U, V * S)),
    assume("old right", eq(W * Y, X * T)),
    assume("old left", eq(W.T * X, Y * T.T)),
    assume("inverse", eq(S * S_i, Identity(k))),
]
orthonormal = [assume(f"{x} orthonormal", eq(x.T * x, Identity(x.shape[1]))) for x in (U, V, X, Y)]
separated = [
    assume("old values small", le(SpectralNorm(T), a)),
    assume("new values large", le(SpectralNorm(S_i) * (a + delta), 1)),
]
left, right = X.T * U, Y.T * V
sin_theta = [le(SpectralNorm(x) * delta, SpectralNorm(E)) for x in (left, right)]


def product_norm(name: str, first: Any, second: Any) -> Line:
    return step(name, apply("submultiplicative", A=first, C=second))


def one_side(
    name: str, lead: Any, other: Any, t: Any, e: Any, x: Any, v: Any, using: tuple[str, ...], norm_of_t: tuple[str, ...]
) -> tuple[Line, ...]:
    """|lead| (a + delta) <= a |other| + |e|, from lead S = t other + x' e v."""
    noise = x.T * e * v
    total = t * other + noise
    scale = a * SpectralNorm(other) + SpectralNorm(e)
    return (
        algebraic(f"{name}-equation", eq(total * S_i, lead), *using, "inverse"),
        equal(f"{name}-same", f"{name}-equation", SpectralNorm, total * S_i, lead),
        product_norm(f"{name}-outer", total, S_i),
        step(f"{name}-sum", apply("triangle", A=t * other, B=noise)),
        product_norm(f"{name}-t", t, other),
        product_norm(f"{name}-e", x.T, e * v),
        product_norm(f"{name}-ev", e, v),
        step(f"{name}-x", apply("orthonormal-norm", W=x)),
        step(f"{name}-turned", apply("norm-transpose", W=x)),
        step(f"{name}-v", apply("orthonormal-norm", W=v)),
        calculation(f"{name}-ev-1", le(SpectralNorm(e * v), SpectralNorm(e)), f"{name}-ev", f"{name}-v"),
        calculation(
            f"{name}-e-1",
            le(SpectralNorm(noise), SpectralNorm(e)),
            *(f"{name}-{line}" for line in ("ev-1", "e", "x", "turned")),
        ),
        calculation(f"{name}-t-1", le(SpectralNorm(t * other), a * SpectralNorm(other)), f"{name}-t", *norm_of_t),
        calculation(f"{name}-total", le(SpectralNorm(total), scale), *(f"{name}-{x}" for x in ("sum", "t-1", "e-1"))),
        calculation(
            f"{name}-scaled", le(SpectralNorm(total) * SpectralNorm(S_i), scale * SpectralNorm(S_i)), f"{name}-total"
        ),
        calculation(
            f"{name}-ready",
            le(SpectralNorm(lead), scale * SpectralNorm(S_i)),
            *(f"{name}-{line}" for line in ("scaled", "outer", "same")),
        ),
        calculation(name, le(SpectralNorm(lead) * (a + delta), scale), f"{name}-ready"),
    )


wedin = Claim(
    label="theorem-wedin",
    title=text("Wedin's bound on singular subspaces", "Wedin 奇异子空间扰动界"),
    statement_tex=[r"\|X' U\|_2 \, \delta \le \|\tilde W - W\|_2, \quad \|Y' V\|_2 \, \delta \le \|\tilde W - W\|_2"],
    sources=["wedin1972"],
    parts=[
        theorem(
            "sin-theta",
            text(
                "singular subspaces (U, V) of the perturbed matrix with values of at least a + delta, and (X, Y) of "
                "the original with values of at most a, are nearly orthogonal: the sines of their angles are at most "
                "the perturbation over the gap",
                "扰动后矩阵中奇异值不小于 a + delta 的奇异子空间 (U, V)，与原矩阵中奇异值不超过 a 的奇异子空间 (X, Y) "
                "近乎正交：夹角正弦不超过扰动除以间隙",
            ),
            [*declare(W, W_t, U, V, S, S_i, X, Y, T), real(a, 0), real(delta, 0), *triples, *orthonormal, *separated],
            sin_theta,
            {
                "W": [["2", "0"], ["0", "1"]], "W_t": [["2", "0"], ["0", "1"]],
                "U": [["1"], ["0"]], "V": [["1"], ["0"]], "S": [["2"]], "S_i": [["1/2"]],
                "X": [["0"], ["1"]], "Y": [["0"], ["1"]], "T": [["1"]], "a": "1", "delta": "1",
            },
            *named(*triples),
            *one_side("one", left, right, T, E, X, V, ("new right", "old left"), ()),
            step("t-norm", apply("norm-transpose", W=T)),
            *one_side("two", right, left, T.T, E.T, Y, U, ("new left", "old right"), ("t-norm",)),
            step("e-norm", apply("norm-transpose", W=E)),
            calculation("left", sin_theta[0], "one", "two", "e-norm"),
            calculation("right", sin_theta[1], "one", "two", "e-norm"),
            search=False,
            note=text(
                "the gap is between the new values and the old ones of the other group; a gap within the old spectrum "
                "alone gives it only after Weyl's inequality is spent on it",
                "间隙是新奇异值与另一组旧奇异值之间的间隙；若只知道旧谱内部的间隙，须先用 Weyl 不等式扣除扰动",
            ),
        ),
    ],
)  # fmt: skip

# --- Lyapunov -----------------------------------------------------------------------------------------------

A, X, Y, Q, C, D = (matrix(name, n, n) for name in ("A", "X", "Y", "Q", "C", "D"))
shrinking = assume("contracting", lt(SpectralNorm(A), 1))


def stationary(x: Any) -> Assume:
    return assume(f"{x} stationary", eq(A * x * A.T + Q, x))


def conjugated(x: Any, target: Any, using: tuple[str, ...]) -> tuple[Line, ...]:
    """|target| <= |A|^2 |x| where A x A' = target."""
    return (
        algebraic("difference", eq(A * x * A.T, target), *using),
        equal("same", "difference", SpectralNorm, A * x * A.T, target),
        product_norm("outer", A, x * A.T),
        product_norm("inner", x, A.T),
        step("turned", apply("norm-transpose", W=A)),
        calculation(
            "twice",
            le(SpectralNorm(A) * SpectralNorm(x * A.T), SpectralNorm(A) ** 2 * SpectralNorm(x)),
            "inner",
            "turned",
        ),
        calculation(
            "shrinks", le(SpectralNorm(target), SpectralNorm(A) ** 2 * SpectralNorm(x)), "same", "outer", "twice"
        ),
    )


following = assume("next covariance", eq(A * C * A.T + Q, D))
v, b, x = scalars("v b x")

lyapunov = Claim(
    label="theorem-lyapunov",
    title=text("Lyapunov's equation of a linear stochastic recursion", "线性随机递推的 Lyapunov 方程"),
    statement_tex=[r"C_{t+1} = A C_t A' + Q, \quad X = A X A' + Q"],
    sources=["hornjohnson1991"],
    parts=[
        theorem(
            "unique",
            text(
                "with a contracting A there is at most one stationary covariance", "当 A 为压缩时，平稳协方差至多一个"
            ),
            [*declare(A, X, Y, Q), stationary(X), stationary(Y), shrinking],
            eq(X, Y),
            {"A": [["1/2"]], "X": [["4"]], "Y": [["4"]], "Q": [["3"]]},
            *named(stationary(X), stationary(Y)),
            *conjugated(X - Y, X - Y, ("X stationary", "Y stationary")),
            calculation("zero", eq(SpectralNorm(X - Y), 0), "shrinks"),
            step("bound", apply("frobenius-rank", W=X - Y)),
            calculation("flat", eq(FrobeniusNorm(X - Y), 0), "bound", "zero"),
            step("none", apply("frobenius-definite", W=X - Y)),
            algebraic("goal", eq(X, Y), "none"),
            search=False,
            note=text(
                "that there is one, the sum of A^k Q A'^k, is not proved here: an infinite sum is not in the language "
                "of formulas. A contraction in the spectral norm is asked for; an A whose "
                "eigenvalues lie within the unit circle but whose norm is above one is not covered",
                "此处没有证明存在性（解为 A^k Q A'^k 之和）：无穷和不在公式语言之内。"
                "这里要求谱范数意义下的压缩；特征值都在单位圆内而范数大于一的 A 不在其列",
            ),
        ),
        theorem(
            "contraction",
            text(
                "each step of the recursion brings the covariance closer to the stationary one, by the square of |A|",
                "递推的每一步都使协方差与平稳协方差的距离至多乘以 A 的范数的平方",
            ),
            [*declare(A, X, Q, C, D), stationary(X), following],
            le(SpectralNorm(D - X), SpectralNorm(A) ** 2 * SpectralNorm(C - X)),
            {"A": [["1/2"]], "X": [["4"]], "Q": [["3"]], "C": [["0"]], "D": [["3"]]},
            *named(stationary(X), following),
            *conjugated(C - X, D - X, ("X stationary", "next covariance")),
            search=False,
        ),
        theorem(
            "scalar",
            text("in one dimension the stationary variance is q / (1 - b^2)", "一维时平稳方差为 q / (1 - b^2)"),
            [real(b), real(v), real(x), assume("contracting", lt(b**2, 1)), assume("stationary", eq(b**2 * x + v, x))],
            eq(x, v / (1 - b**2)),
            {"b": "1/2", "v": "3", "x": "4"},
            calculation("gap", gt(1 - b**2, 0)),
            calculation("goal", eq(x, v / (1 - b**2)), "gap"),
            role=caveat,
            search=False,
        ),
    ],
)

CLAIMS = (moore_penrose, wedin, lyapunov)
