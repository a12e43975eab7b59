"""Best approximation by a matrix of lower rank: Schmidt, Eckart and Young, Mirsky; Weyl's inequality follows."""

from __future__ import annotations

from typing import Any

from claims.foundations.parts import theorem
from claims.foundations.proofs import *
from verify.authoring import *

m, n = sizes("m n")
i, j, k = indices("i j k")
A, B, W, X = (matrix(name, m, n) for name in "ABWX")
TWO = [["2", "0"], ["0", "1"]]
ONES = [["1", "1"], ["0", "1"]]
END = Max(m, n) + 1
best = Truncated(W, k)
rank = Rank(W)

# --- the truncated decomposition ----------------------------------------------------------------------------

leading, U, V, D = frame(W, k)
order_bound = le(Rank(best), k)
residual = eq(SpectralNorm(W - best), s(W, k + 1))
zero = sp.ZeroMatrix(m, n)
total = Sum(s(W, q) ** 2, (q, 1, Min(m, n)))
by_values = eq(norm_sq(W), total)

truncation = Claim(
    label="theorem-truncated-svd",
    title=text("The truncated singular value decomposition", "截断奇异值分解"),
    statement_tex=[r"\operatorname{rank}(W_k) \le k, \quad \|W - W_k\|_2 = \sigma_{k+1}(W)"],
    sources=["hornjohnson2013"],
    parts=[
        theorem(
            "rank",
            text("a truncation has rank at most its order", "截断矩阵的秩不超过其阶数"),
            [*declare(W), between(k, 0, END)],
            order_bound,
            {"W": TWO, "k": "1"},
            cases(
                "goal",
                le(k, rank),
                [leading, step("goal", FactorRank(of=best, factors=((U * D, V.T),), using=("frame.truncated",)))],
                [
                    step("whole", apply("truncated-whole", W=W, k=k)),
                    equal("same", "whole", Rank, best, W),
                    calculation("goal", order_bound, "same"),
                ],
                order_bound,
            ),
        ),
        theorem(
            "residual",
            text("what is left over has the next singular value as its spectral norm", "余项的谱范数等于下一个奇异值"),
            [*declare(W), between(k, 0, END)],
            residual,
            {"W": TWO, "k": "1"},
            cases(
                "goal",
                le(k, rank - 1),
                [step("goal", Orthonormal(of=SpectralNorm(W - best), base=W))],
                [
                    step("whole", apply("truncated-whole", W=W, k=k)),
                    step("beyond", apply("beyond-rank", W=W, i=k + 1)),
                    step("none", algebra("whole"), eq(W - best, zero)),
                    equal("same", "none", SpectralNorm, W - best, zero),
                    step("small", apply("spectral-frobenius", W=zero)),
                    traces("nothing", eq(norm_sq(zero), 0)),
                    calculation("goal", residual, "same", "beyond", "small", "nothing"),
                ],
                residual,
            ),
        ),
        theorem(
            "frobenius-values",
            text(
                "the squared Frobenius norm is the sum of all squared singular values, zeros included",
                "Frobenius 范数的平方等于全部奇异值（含零）的平方和",
            ),
            declare(W),
            by_values,
            {"W": TWO},
            step("norm", Orthonormal(of=FrobeniusNorm(W), base=W)),
            step("rows", apply("rank-rows", W=W)),
            step("columns", apply("rank-columns", W=W)),
            step("split", Split(total=total, at=rank)),
            step(
                "each",
                for_each(
                    q,
                    rank + 1,
                    Min(m, n),
                    step("beyond", apply("beyond-rank", W=W, i=q)),
                    calculation("square", eq(s(W, q) ** 2, sp.S.Zero), "beyond"),
                ),
            ),
            step("tail", Termwise(line="each")),
            step("zeros", Constant(total=Sum(sp.S.Zero, (q, rank + 1, Min(m, n))))),
            calculation("goal", by_values, "norm", "split", "tail", "zeros"),
            role=caveat,
        ),
        theorem(
            "needs-rank",
            text("a positive singular value has its index within the rank", "正奇异值的序号不超过秩"),
            [*declare(W), between(i, 1, END), assume("positive", gt(s(W, i), 0))],
            ge(rank, i),
            {"W": TWO, "i": "2"},
            cases("goal", ge(rank, i), [], [step("beyond", apply("beyond-rank", W=W, i=i))], ge(rank, i)),
            role=caveat,
        ),
    ],
)

# --- Eckart, Young and Mirsky -------------------------------------------------------------------------------

small = assume("rank of the approximant", le(Rank(X), k))
E = W - X
spectral = le(s(W, k + 1), SpectralNorm(E))
one_more, _, V, D = frame(W, k + 1)
z = vector("z", k + 1)
spectral_proof = (
    *norm_is_first(E),
    cases(
        "goal",
        le(rank, k),
        [step("beyond", apply("beyond-rank", W=W, i=k + 1)), calculation("goal", spectral, "beyond")],
        [
            one_more,
            step("thin", apply("rank-product-left", A=X, C=V)),
            step("kernel", KernelVector(of=X * V, called=z)),
            traces("length", eq(norm_sq(V * z), 1), "frame.right", "kernel.unit"),
            traces("unit", eq(norm_sq(z), 1), "kernel.unit"),
            traces("image", eq(norm_sq(E * V * z), norm_sq(D * z)), "frame", "frame.left", "kernel"),
            *at_least_last(W, D, z, "below"),
            step("above", apply("stretch", W=E, Z=V * z)),
            calculation("square", le(s(W, k + 1) ** 2, s(E, 1) ** 2), "length", "unit", "image", "below", "above"),
            calculation("goal", spectral, "square", "norm-0"),
        ],
        spectral,
    ),
)


def value_by_value(index: Any, low: Any, high: Any, power: int) -> tuple[Line, ...]:
    """sigma_q(W)^a <= sigma_(q-k)(W - X)^a for each q, by Weyl's inequality: sigma_(k+1)(X) = 0."""
    return (
        step("beyond", apply("beyond-rank", W=X, i=k + 1)),
        step(
            "each",
            for_each(
                q,
                low,
                high,
                step(
                    "weyl",
                    apply("weyl", A=E, B=X, i=index - k, j=k + 1),
                    le(s(W, index), s(E, index - k) + s(X, k + 1)),
                ),
                calculation("power", le(s(W, index) ** power, s(E, index - k) ** power), "weyl", "beyond"),
            ),
        ),
        step("sum", Termwise(line="each")),
    )


frobenius = le(Sum(s(W, q) ** 2, (q, k + 1, rank)), norm_sq(E))
frobenius_proof = (
    step("rank", apply("rank-sum", A=E, B=X), le(rank, Rank(E) + Rank(X))),
    *value_by_value(q, k + 1, rank, 2),
    step("shift", Shift(total=Sum(s(E, q - k) ** 2, (q, k + 1, rank)), by=-k)),
    step("norm", Orthonormal(of=FrobeniusNorm(E), base=E)),
    step("split", Split(total=Sum(s(E, q) ** 2, (q, 1, Rank(E))), at=rank - k)),
    step("tail", Nonnegative(total=Sum(s(E, q) ** 2, (q, rank - k + 1, Rank(E))))),
    calculation("goal", frobenius, "sum", "shift", "norm", "split", "tail"),
)
attained = eq(norm_sq(W - best), Sum(s(W, q) ** 2, (q, k + 1, rank)))

eckart_young = Claim(
    label="theorem-eckart-young-mirsky",
    title=text("Best approximation of lower rank", "低秩最佳逼近"),
    statement_tex=[
        r"\operatorname{rank}(X) \le k \;\Rightarrow\; \|W - X\|_2 \ge \sigma_{k+1}(W)",
        r"\operatorname{rank}(X) \le k \;\Rightarrow\; \|W - X\|_F^2 \ge \sum_{i > k} \sigma_i(W)^2",
        r"\sum_{i=1}^{j} \sigma_i(W - X) \ge \sum_{i=1}^{j} \sigma_{k+i}(W)",
    ],
    sources=["schmidt1907", "eckart1936", "mirsky1960"],
    parts=[
        theorem(
            "spectral-lower-bound",
            text(
                "in the spectral norm, no matrix of rank k is closer than the next singular value",
                "在谱范数下，任何秩不超过 k 的矩阵与 W 的距离都不小于下一个奇异值",
            ),
            [*declare(W, X), between(k, 0, END), small],
            spectral,
            {"W": TWO, "X": [["2", "0"], ["0", "0"]], "k": "1"},
            *spectral_proof,
        ),
        theorem(
            "frobenius-lower-bound",
            text(
                "in the Frobenius norm, no matrix of rank k is closer than the discarded singular values",
                "在 Frobenius 范数下，任何秩不超过 k 的矩阵与 W 的距离都不小于被舍去的奇异值",
            ),
            [*declare(W, X), between(k, 0, rank), small],
            frobenius,
            {"W": TWO, "X": [["2", "0"], ["0", "0"]], "k": "1"},
            *frobenius_proof,
        ),
        theorem(
            "frobenius-attained",
            text("the truncation attains the bound", "截断矩阵达到该下界"),
            [*declare(W), between(k, 0, rank)],
            attained,
            {"W": TWO, "k": "1"},
            step("goal", Orthonormal(of=FrobeniusNorm(W - best), base=W)),
        ),
        theorem(
            "ky-fan-lower-bound",
            text(
                "in every Ky Fan norm (the sum of the j largest singular values) no matrix of rank k is closer "
                "than the truncation",
                "在每个 Ky Fan 范数（前 j 个奇异值之和）下，任何秩不超过 k 的矩阵都不比截断矩阵更近",
            ),
            [*declare(W, X), between(k, 0, Max(m, n)), between(j, 1, Max(m, n)), small],
            le(Sum(s(W, q + k), (q, 1, j)), Sum(s(E, q), (q, 1, j))),
            {"W": TWO, "X": [["2", "0"], ["0", "0"]], "k": "1", "j": "1"},
            *value_by_value(q + k, 1, j, 1),
            note=text(
                "by Ky Fan's dominance theorem this gives the same for every unitarily invariant norm; that last step "
                "quantifies over norms and is not put into a formula here",
                "由 Ky Fan 控制定理，这对一切酉不变范数都成立；最后这一步涉及对范数的量化，此处不写成公式",
            ),
        ),
    ],
)

# --- Weyl ---------------------------------------------------------------------------------------------------

T_A, T_B = Truncated(A, i - 1), Truncated(B, j - 1)
weyl_bound = le(s(A + B, i + j - 1), s(A, i) + s(B, j))
perturbed = le(Abs(s(A + B, i) - s(A, i)), s(B, 1))

weyl = Claim(
    label="theorem-weyl",
    title=text("Weyl's inequality for singular values", "奇异值的 Weyl 不等式"),
    statement_tex=[r"\sigma_{i+j-1}(A + B) \le \sigma_i(A) + \sigma_j(B)"],
    sources=["weyl1912"],
    parts=[
        theorem(
            "sum",
            text("Weyl's inequality for the singular values of a sum", "矩阵和的奇异值的 Weyl 不等式"),
            [*declare(A, B), between(i, 1, END), between(j, 1, END)],
            weyl_bound,
            {"A": TWO, "B": ONES, "i": "1", "j": "2"},
            step("rank-a", apply("rank-truncated", W=A, k=i - 1)),
            step("rank-b", apply("rank-truncated", W=B, k=j - 1)),
            step("rank", apply("rank-sum", A=T_A, B=T_B)),
            step("best", apply("eckart-young-spectral", W=A + B, X=T_A + T_B, k=i + j - 2)),
            step("apart", apply("triangle", A=A - T_A, B=B - T_B)),
            step("rest-a", apply("residual-spectral", W=A, k=i - 1)),
            step("rest-b", apply("residual-spectral", W=B, k=j - 1)),
            calculation("goal", weyl_bound, "best", "apart", "rest-a", "rest-b"),
        ),
        theorem(
            "perturbation",
            text(
                "no singular value moves by more than the spectral norm of the perturbation",
                "任何奇异值的变化都不超过扰动的谱范数",
            ),
            [*declare(A, B), between(i, 1, END)],
            perturbed,
            {"A": TWO, "B": ONES, "i": "1"},
            step("up", apply("weyl", A=A, B=B, i=i, j=1), le(s(A + B, i), s(A, i) + s(B, 1))),
            step("down", apply("weyl", A=A + B, B=-B, i=i, j=1), le(s(A, i), s(A + B, i) + s(-B, 1))),
            step("sign", apply("negation", W=B, i=1)),
            calculation("goal", perturbed, "up", "down", "sign"),
            role=caveat,
        ),
    ],
)

CLAIMS = (truncation, eckart_young, weyl)
