"""What MN and NM share: eigenvalues, traces, the nullity of I + MN, its inverse."""

from __future__ import annotations

from typing import Any

from claims.foundations.parts import theorem
from claims.foundations.proofs import *
from verify.authoring import *

m, n, p = sizes("m n p")
c = scalars("c")
M, N, E, X = matrix("M", m, n), matrix("N", n, m), matrix("E", m, p), matrix("X", m, m)
ROW, COLUMN = [["1", "0"]], [["1"], ["0"]]

# --- the shared spectrum ------------------------------------------------------------------------------------

eigenvectors = assume("columns are eigenvectors", eq(M * N * E, c * E))
not_zero = assume("the eigenvalue is not zero", ne(c, 0))
back = (1 / c) * M * (N * E)
carried = eq(N * M * (N * E), c * (N * E))
same_trace = eq(sp.Trace(M * N), sp.Trace(N * M))
same_second = eq(sp.Trace((M * N) ** 2), sp.Trace((N * M) ** 2))

shared_spectrum = Claim(
    label="theorem-shared-spectrum",
    title=text("The shared spectrum of MN and NM", "MN 与 NM 的公共谱"),
    statement_tex=[
        r"M N E = c E, \; c \ne 0 \;\Rightarrow\; N M (N E) = c (N E)",
        r"\operatorname{rank}(N E) = \operatorname{rank}(E)",
    ],
    sources=["hornjohnson2013"],
    parts=[
        theorem(
            "eigenvectors",
            text("N carries eigenvectors of MN to eigenvectors of NM", "N 把 MN 的特征向量变为 NM 的特征向量"),
            [*declare(M, N, E), real(c), eigenvectors],
            carried,
            {"M": ROW, "N": COLUMN, "E": [["1"]], "c": "1"},
            step("goal", algebra(), carried),
            search=False,
        ),
        theorem(
            "multiplicity",
            text(
                "and, for an eigenvalue that is not zero, loses none: the geometric multiplicity is the same for both",
                "当特征值非零时不丢失任何方向，因此两者的几何重数相同",
            ),
            [*declare(M, N, E), real(c), eigenvectors, not_zero],
            eq(Rank(N * E), Rank(E)),
            {"M": ROW, "N": COLUMN, "E": [["1"]], "c": "1"},
            step("one", apply("rank-product-right", A=N, C=E)),
            step("back", algebra(), eq(back, E)),
            step("other", apply("rank-product-right", A=(1 / c) * M, C=N * E)),
            equal("same", "back", Rank, back, E),
            calculation("goal", eq(Rank(N * E), Rank(E)), "one", "other", "same"),
            search=False,
            note=text(
                "eigenvalue zero is different: its multiplicities differ by the difference of the sizes",
                "零特征值不同：其重数之差等于阶数之差",
            ),
        ),
        theorem(
            "trace",
            text("MN and NM have the same trace, and so have their squares", "MN 与 NM 的迹相同，其平方的迹也相同"),
            declare(M, N),
            [same_trace, same_second],
            {"M": ROW, "N": COLUMN},
            traces("first", same_trace),
            traces("second", same_second),
            role=caveat,
        ),
    ],
)

# --- Sylvester's determinant identity: where I + MN is singular ---------------------------------------------------


def identity_rank(size: Any, name: str, tag: str) -> tuple[Line, ...]:
    """rank(I) = size: a basis Z of the kernel of I has |Z|^2 = size - rank columns, and is zero."""
    one = Identity(size)
    r = Rank(one)
    z, rest, rows = matrix(f"Z{tag}", size, size - r), matrix(f"R{tag}", size, r), matrix(f"L{tag}", r, size)
    return (
        step(f"{name}-basis", KernelBasis(of=one, kernel=z, rest=rest, rows=rows)),
        traces(f"{name}-size", eq(norm_sq(z), size - r), f"{name}-basis.kernel"),
        traces(f"{name}-none", eq(norm_sq(z), 0), f"{name}-basis"),
        calculation(name, eq(r, size), f"{name}-size", f"{name}-none"),
    )


def independent(z: Any, gram: str, name: str, tag: str) -> tuple[Line, ...]:
    """rank(Z) is at least its number of columns, by the line ``gram``, Z'Z = I."""
    size = z.shape[1]
    left, right = matrix(f"F{tag}", z.shape[0], Rank(z)), matrix(f"G{tag}", Rank(z), size)
    return (
        *identity_rank(size, f"{name}-one", tag),
        equal(f"{name}-same", gram, Rank, z.T * z, Identity(size)),
        step(f"{name}-factors", RankFactors(of=z, left=left, right=right)),
        step(f"{name}-product", FactorRank(of=z.T * z, factors=((z.T * left, right),), using=(f"{name}-factors",))),
        calculation(name, ge(Rank(z), size), f"{name}-one", f"{name}-same", f"{name}-product"),
    )


def nullity_at_most(a: Any, b: Any, name: str, tag: str) -> tuple[Line, ...]:
    """The nullity of I + AB is at most that of I + BA: B carries the kernel of the one into that of the other."""
    rows, cols = a.shape
    here, there = Identity(rows) + a * b, Identity(cols) + b * a
    r, t = Rank(here), Rank(there)
    z, rest, l = matrix(f"Z{tag}", rows, rows - r), matrix(f"R{tag}", rows, r), matrix(f"L{tag}", r, rows)
    y, others, k = matrix(f"Y{tag}", cols, cols - t), matrix(f"Q{tag}", cols, t), matrix(f"K{tag}", t, cols)
    goal, image = le(rows - r, cols - t), b * z
    return (
        step(f"{name}-kernel", KernelBasis(of=here, kernel=z, rest=rest, rows=l)),
        step(f"{name}-target", KernelBasis(of=there, kernel=y, rest=others, rows=k)),
        *independent(z, f"{name}-kernel.kernel", f"{name}-full", f"_{tag}"),
        step(f"{name}-eigen", algebra(f"{name}-kernel"), eq(a * b * z, -1 * z)),
        step(
            f"{name}-none",
            algebra(f"{name}-target.rows", f"{name}-kernel"),
            eq(others.T * image, sp.ZeroMatrix(t, rows - r)),
        ),
        step(f"{name}-inside", algebra(f"{name}-target.cover", f"{name}-none"), eq(y * y.T * image, image)),
        step(f"{name}-small", FactorRank(of=y * y.T * image, factors=((y, y.T * image),))),
        equal(f"{name}-same", f"{name}-inside", Rank, y * y.T * image, image),
        cases(
            name,
            le(rows - r, 0),
            [step("flat", apply("rank-rows", W=there)), calculation("goal", goal, "flat")],
            [
                step("carried", apply("shared-spectrum", M=a, N=b, E=z, c=-1)),
                calculation("goal", goal, f"{name}-full", f"{name}-small", f"{name}-same", "carried"),
            ],
            goal,
        ),
    )


nullities = eq(m - Rank(Identity(m) + M * N), n - Rank(Identity(n) + N * M))
inverse = [
    eq((Identity(n) + N * M) * (Identity(n) - N * X * M), Identity(n)),
    eq((Identity(n) - N * X * M) * (Identity(n) + N * M), Identity(n)),
]

sylvester_determinant = Claim(
    label="theorem-sylvester-determinant",
    title=text("Sylvester's determinant identity", "Sylvester 行列式恒等式"),
    statement_tex=[r"m - \operatorname{rank}(I_m + M N) = n - \operatorname{rank}(I_n + N M)"],
    sources=["hornjohnson2013"],
    parts=[
        theorem(
            "nullity",
            text(
                "I + MN and I + NM have the same nullity; so the one determinant is zero exactly where the other is. "
                "The language of formulas has no determinant; scaled by 1/t, this says that both characteristic "
                "polynomials have the same roots but zero, each with the same geometric multiplicity",
                "I + MN 与 I + NM 的零度相同，因此两个行列式同时为零。公式语言中没有行列式；按 1/t 缩放后，"
                "这说明两个特征多项式的非零根相同，几何重数也相同",
            ),
            declare(M, N),
            nullities,
            {"M": ROW, "N": [["-1"], ["0"]]},
            *nullity_at_most(M, N, "one", "a"),
            *nullity_at_most(N, M, "other", "b"),
            calculation("goal", nullities, "one", "other"),
            note=text(
                "less than the identity promises: that the two determinants are equal, so that the algebraic "
                "multiplicities agree as well, is not proved here, and no part of the section needs it",
                "弱于行列式恒等式：此处没有证明两个行列式相等（因而代数重数也相等），本节也没有命题需要它",
            ),
        ),
        theorem(
            "inverse",
            text("an inverse of I + MN gives one of I + NM", "由 I + MN 的逆可得 I + NM 的逆"),
            [
                *declare(M, N, X),
                assume("right inverse", eq((Identity(m) + M * N) * X, Identity(m))),
                assume("left inverse", eq(X * (Identity(m) + M * N), Identity(m))),
            ],
            inverse,
            {"M": ROW, "N": COLUMN, "X": [["1/2"]]},
            step("right", algebra(), inverse[0]),
            step("left", algebra(), inverse[1]),
            search=False,
        ),
    ],
)

CLAIMS = (shared_spectrum, sylvester_determinant)
