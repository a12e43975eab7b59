"""Both norms of what a truncation leaves (section 11.2.5)."""

from __future__ import annotations

from typing import Any

from claims.low_rank.proofs import residual, squares, total_positive
from claims.low_rank.spared import BOTH_ZERO
from verify.authoring import *

m, n, r = sizes("m n r")
k = indices("k")
W, V, sigma = matrix("W", m, n), matrix("V", m, n), vector("sigma", r)
u, v = vector("u", m), vector("v", n)

rank, s = Rank(W), Sigma
nonzero = assume("W is not zero", ge(rank, 1))
left_over = W - Truncated(W, k)
without_pair = W - s(W, 1) * u * v.T


def relative(of: Any) -> Any:
    """The relative Frobenius error of the truncation at k."""
    return norm_sq(of - Truncated(of, k)) / norm_sq(of)


diagonal_2_1, diagonal_3_1 = [["2", "0"], ["0", "1"]], [["3", "0"], ["0", "1"]]
top_pair = [
    assume("u, v are a singular pair", eq(W * v, s(W, 1) * u)),
    assume("u is a unit vector", eq(u.T * u, Identity(1))),
    assume("v is a unit vector", eq(v.T * v, Identity(1))),
]

error_norms = Claim(
    label="theorem-11.18",
    section="11.2.5 Error and generalisation",
    title=text("Error of the truncation in two norms", "误差界的分解"),
    statement_tex=[r"\|W - W_k\|_F^2 = \sum_{i=k+1}^{r} \sigma_i^2, \quad \|W - W_k\|_2 = \sigma_{k+1}"],
    parts=[
        Part(
            id="frobenius",
            role=main,
            expected=proved,
            reading=text(
                "the squared Frobenius error is the sum of the discarded squares",
                "Frobenius 误差的平方等于被舍去奇异值的平方和",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=eq(norm_sq(left_over), squares(W, k + 1, rank)),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[proof(residual(W, k)), Search()],
            sources=["schmidt1907", "eckart1936"],
            spared={"raise upper end of k by one": BOTH_ZERO},
        ),
        Part(
            id="spectral",
            role=main,
            expected=proved,
            reading=text(
                "the spectral error is the first discarded singular value, for k < r",
                "k < r 时，谱误差等于第一个被舍去的奇异值",
            ),
            given=[*declare(W), between(k, 1, rank - 1)],
            says=eq(SpectralNorm(left_over), s(W, k + 1)),
            witness={"W": [["2", "0"], ["0", "1"]], "k": "1"},
            checks=[proof(step("largest-left", Orthonormal(of=SpectralNorm(left_over), base=W))), Search()],
            sources=["mirsky1960"],
            spared={"raise upper end of k by one": BOTH_ZERO},
        ),
        Part(
            id="edge",
            role=caveat,
            expected=ill_posed,
            repair="edge-repaired",
            reading=text(
                "the spectral identity for every k up to r, with only the values of index 1 to r introduced",
                "谱误差等式写到 k = r，而只引入了下标 1 到 r 的奇异值",
            ),
            given=[*declare(W, r), assume("r is the rank", eq(rank, r)), *declare(sigma)[1:], between(k, 1, r)],
            says=eq(SpectralNorm(left_over), Entry(sigma, k + 1, 1)),
            witness={"W": [["1"]], "r": "1", "sigma": [["1"]], "k": "1"},
        ),
        Part(
            id="edge-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "at k = r the truncation is the matrix itself: the error is zero, as is every value beyond the rank",
                "k = r 时截断就是矩阵本身：误差为零，秩以后的奇异值也为零",
            ),
            given=[*declare(W), between(k, rank, rank)],
            says=[eq(SpectralNorm(left_over), 0), eq(s(W, k + 1), 0)],
            witness={"W": [["1"]], "k": "1"},
            checks=[
                proof(
                    residual(W, k),
                    step("none-left", Empty(total=squares(W, k + 1, rank))),
                    step("smaller", apply("spectral-frobenius", W=left_over)),
                    step("zero", arithmetic("residual", "none-left", "smaller"), eq(SpectralNorm(left_over), 0)),
                    step("beyond", apply("beyond-rank", W=W, i=k + 1)),
                )
            ],
        ),
        Part(
            id="ties",
            role=caveat,
            expected=proved,
            reading=text(
                "for k = 1, where the largest singular value may be tied and the truncation is a choice: every choice "
                "of a unit singular pair leaves the same squared Frobenius error, the sum of the other squares",
                "取 k = 1：最大奇异值可能重复，截断因而取决于选择；任取一对单位奇异向量，"
                "余下的 Frobenius 误差平方都等于其余平方之和",
            ),
            given=[*declare(W, u, v), nonzero, *top_pair],
            says=eq(norm_sq(without_pair), squares(W, 2, rank)),
            witness={"W": [["1", "0"], ["0", "1"]], "u": [["0"], ["1"]], "v": [["0"], ["1"]]},
            checks=[
                proof(
                    step("whole", Orthonormal(of=FrobeniusNorm(W), base=W)),
                    step("apart", First(total=squares(W, 1, rank))),
                    step("expanded", TraceAlgebra(), eq(norm_sq(without_pair), norm_sq(W) - s(W, 1) ** 2)),
                    step(
                        "rest", arithmetic("whole", "apart", "expanded"), eq(norm_sq(without_pair), squares(W, 2, rank))
                    ),
                )
            ],
        ),
        Part(
            id="determines-relative",
            role=caveat,
            expected=refuted,
            repair="determines-relative-repaired",
            reading=text(
                "the relative error too is determined by the discarded singular values: two matrices that discard the "
                "same ones have the same",
                "相对误差同样由舍去的奇异值决定：舍去部分相同的两个矩阵，相对误差也相同",
            ),
            given=[
                *declare(W, V),
                between(k, 1, rank - 1),
                assume("equal ranks", eq(rank, Rank(V))),
                assume("one value is discarded", eq(rank, k + 1)),
                assume("and it is the same", eq(s(W, k + 1), s(V, k + 1))),
            ],
            says=eq(relative(W), relative(V)),
            witness={"W": diagonal_2_1, "V": diagonal_2_1, "k": "1"},
            checks=[Counter(values={"W": diagonal_2_1, "V": diagonal_3_1, "k": "1"}), Search()],
            note=text(
                "the identities speak of absolute errors; the relative errors of the definition depend on the values "
                "that are kept as well",
                "这些等式说的是绝对误差；定义中的相对误差还取决于保留的奇异值",
            ),
        ),
        Part(
            id="determines-relative-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the relative error is the discarded share of all squares, so all the singular values determine it",
                "相对误差是被舍去的平方占全部平方的份额，因此由全部奇异值决定",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=eq(relative(W), squares(W, k + 1, rank) / squares(W, 1, rank)),
            witness={"W": diagonal_2_1, "k": "1"},
            checks=[
                proof(
                    *total_positive(W),
                    residual(W, k),
                    step("whole", Orthonormal(of=FrobeniusNorm(W), base=W)),
                    step(
                        "share",
                        arithmetic("residual", "whole", "total-positive"),
                        eq(relative(W), squares(W, k + 1, rank) / squares(W, 1, rank)),
                    ),
                )
            ],
        ),
    ],
)
