"""Ranks: of transposes, products and sums; the inequalities of Sylvester and Frobenius."""

from __future__ import annotations

from typing import Any

from claims.foundations.parts import theorem
from claims.foundations.proofs import *
from verify.authoring import *

m, n, p = sizes("m n p")
A, B, W, C = matrix("A", m, n), matrix("B", m, n), matrix("W", m, n), matrix("C", n, p)
TWO = [["2", "0"], ["0", "1"]]
ONES = [["1", "1"], ["0", "1"]]


def factors(w: Any, name: str, tag: str = "") -> tuple[Line, Any, Any]:
    """W = F G with rank(W) columns in F, and the names of the factors."""
    left, right = matrix(f"F{tag}", w.shape[0], Rank(w)), matrix(f"G{tag}", Rank(w), w.shape[1])
    return step(name, RankFactors(of=w, left=left, right=right)), left, right


of_a, F, G = factors(A, "a", "_a")
of_b, F_b, G_b = factors(B, "b", "_b")
of_c, F_c, G_c = factors(C, "c", "_c")
of_w, F_w, G_w = factors(W, "w", "_w")
turned, F_t, G_t = factors(W.T, "turned", "_t")

# --- Sylvester: the columns of C Z lie in the kernel of A, where Z spans the kernel of A C -------------------------

product = A * C
Z, R, L = matrix("Z", p, p - Rank(product)), matrix("R", p, Rank(product)), matrix("L", Rank(product), m)
Y, Q, K = matrix("Y", n, n - Rank(A)), matrix("Q", n, Rank(A)), matrix("K", Rank(A), m)
in_parts = Y * Y.T * C * Z * Z.T + C * R * R.T
sylvester = le(Rank(A) + Rank(C), n + Rank(product))
sylvester_proof = (
    step("inner", KernelBasis(of=product, kernel=Z, rest=R, rows=L)),
    step("outer", KernelBasis(of=A, kernel=Y, rest=Q, rows=K)),
    step("none", algebra("outer.rows", "inner"), eq(Q.T * C * Z, sp.ZeroMatrix(Rank(A), p - Rank(product)))),
    step("through", algebra("outer.cover", "none"), eq(Y * Y.T * C * Z, C * Z)),
    step("split", algebra("through", "inner.cover"), eq(in_parts, C)),
    step("rank", FactorRank(of=in_parts, factors=((Y, Y.T * C * Z * Z.T), (C * R, R.T)))),
    equal("same", "split", Rank, in_parts, C),
    calculation("goal", sylvester, "rank", "same"),
)

M, N = matrix("B", n, p), matrix("C", p, m)
of_m, F_m, G_m = factors(M, "factors", "_m")
frobenius = le(Rank(A * M) + Rank(M * N), Rank(M) + Rank(A * M * N))
frobenius_proof = (
    step("first", apply("rank-product-right", A=A, C=M)),
    step("second", apply("rank-product-left", A=M, C=N)),
    cases(
        "goal",
        le(Rank(M), 0),
        [calculation("goal", frobenius, "first", "second")],
        [
            of_m,
            step("sylvester", apply("rank-sylvester", A=A * F_m, C=G_m * N)),
            step("left-same", algebra("factors"), eq(A * F_m * G_m, A * M)),
            step("right-same", algebra("factors"), eq(F_m * G_m * N, M * N)),
            step("both-same", algebra("factors"), eq(A * F_m * G_m * N, A * M * N)),
            equal("left-rank", "left-same", Rank, A * F_m * G_m, A * M),
            equal("right-rank", "right-same", Rank, F_m * G_m * N, M * N),
            equal("both-rank", "both-same", Rank, A * F_m * G_m * N, A * M * N),
            step("left", apply("rank-product-left", A=A * F_m, C=G_m)),
            step("right", apply("rank-product-right", A=F_m, C=G_m * N)),
            calculation("goal", frobenius, "sylvester", "left-rank", "right-rank", "both-rank", "left", "right"),
        ],
        frobenius,
    ),
)

# --- blocks side by side ------------------------------------------------------------------------------------------

D = matrix("D", m, p)
of_d, F_d, G_d = factors(D, "d", "_d")
first, second = HStack(Identity(n), sp.ZeroMatrix(n, p)), HStack(sp.ZeroMatrix(p, n), Identity(p))
stacked = HStack(A, D)

rank_inequalities = Claim(
    label="theorem-rank-inequalities",
    title=text("Rank inequalities", "秩不等式"),
    statement_tex=[
        r"\operatorname{rank}(W') = \operatorname{rank}(W)",
        r"\operatorname{rank}(A C) \le \min(\operatorname{rank} A, \operatorname{rank} C)",
        r"\operatorname{rank}(A + B) \le \operatorname{rank} A + \operatorname{rank} B",
        r"\operatorname{rank} A \le \operatorname{rank} \, [A \; D] \le \operatorname{rank} A + \operatorname{rank} D",
        r"\operatorname{rank} A + \operatorname{rank} C \le n + \operatorname{rank}(A C)",
        r"\operatorname{rank}(A B) + \operatorname{rank}(B C) \le \operatorname{rank} B + \operatorname{rank}(A B C)",
    ],
    sources=["hornjohnson2013"],
    parts=[
        theorem(
            "rows",
            text("the rank is at most the number of rows", "秩不超过行数"),
            declare(W),
            le(Rank(W), m),
            {"W": TWO},
            step("goal", FactorRank(of=W, factors=((Identity(m), W),))),
            role=caveat,
        ),
        theorem(
            "columns",
            text("the rank is at most the number of columns", "秩不超过列数"),
            declare(W),
            le(Rank(W), n),
            {"W": TWO},
            step("goal", FactorRank(of=W, factors=((W, Identity(n)),))),
            role=caveat,
        ),
        theorem(
            "transpose",
            text("a matrix and its transpose have the same rank", "矩阵与其转置的秩相同"),
            declare(W),
            eq(Rank(W.T), Rank(W)),
            {"W": TWO},
            of_w,
            turned,
            step("one", FactorRank(of=W.T, factors=((G_w.T, F_w.T),), using=("w",))),
            step("other", FactorRank(of=W, factors=((G_t.T, F_t.T),), using=("turned",))),
            calculation("goal", eq(Rank(W.T), Rank(W)), "one", "other"),
        ),
        theorem(
            "product-left",
            text("the rank of a product is at most that of its left factor", "乘积的秩不超过左因子的秩"),
            declare(A, C),
            le(Rank(product), Rank(A)),
            {"A": TWO, "C": ONES},
            of_a,
            step("goal", FactorRank(of=product, factors=((F, G * C),), using=("a",))),
        ),
        theorem(
            "product-right",
            text("the rank of a product is at most that of its right factor", "乘积的秩不超过右因子的秩"),
            declare(A, C),
            le(Rank(product), Rank(C)),
            {"A": TWO, "C": ONES},
            of_c,
            step("goal", FactorRank(of=product, factors=((A * F_c, G_c),), using=("c",))),
        ),
        theorem(
            "sum",
            text("the rank of a sum is at most the sum of the ranks", "和的秩不超过秩的和"),
            declare(A, B),
            le(Rank(A + B), Rank(A) + Rank(B)),
            {"A": TWO, "B": ONES},
            of_a,
            of_b,
            step("goal", FactorRank(of=A + B, factors=((F, G), (F_b, G_b)), using=("a", "b"))),
        ),
        theorem(
            "stacked",
            text(
                "the rank of two matrices side by side is at most the sum of the ranks", "并排两矩阵的秩不超过两秩之和"
            ),
            declare(A, D),
            le(Rank(stacked), Rank(A) + Rank(D)),
            {"A": TWO, "D": ONES},
            of_a,
            of_d,
            step("split", apply("stack-split", A=A, B=D)),
            step(
                "goal",
                FactorRank(
                    of=stacked, factors=((F, G * first), (F_d, G_d * second)), using=("split", "a.back", "d.back")
                ),
            ),
        ),
        theorem(
            "block",
            text("a block has at most the rank of the whole", "子块的秩不超过整个矩阵的秩"),
            declare(A, D),
            le(Rank(A), Rank(stacked)),
            {"A": TWO, "D": ONES},
            step("selected", apply("stack-left", A=A, B=D)),
            equal("same", "selected", Rank, stacked * first.T, A),
            step("product", apply("rank-product-left", A=stacked, C=first.T)),
            calculation("goal", le(Rank(A), Rank(stacked)), "same", "product"),
            role=caveat,
        ),
        theorem(
            "sylvester",
            text(
                "Sylvester: the rank of a product falls short of the sum of the ranks by at most the inner size",
                "Sylvester 不等式：乘积的秩至多比两秩之和小内维数",
            ),
            declare(A, C),
            sylvester,
            {"A": TWO, "C": ONES},
            *sylvester_proof,
        ),
        theorem(
            "frobenius",
            text(
                "Frobenius: the ranks of AB and BC sum to at most those of B and ABC; Sylvester's is the case B = I",
                "Frobenius 不等式：AB 与 BC 的秩之和不超过 B 与 ABC 的秩之和；B = I 时即 Sylvester 不等式",
            ),
            declare(A, M, N),
            frobenius,
            {"A": TWO, "B": ONES, "C": TWO},
            *frobenius_proof,
        ),
    ],
)

CLAIMS = (rank_inequalities,)
