"""The complexity of the maps of bounded rank and norm: bounds that hold, and one attained (section 11.2.5)."""

from __future__ import annotations

from typing import Any

from claims.low_rank.error.complexity_pictures import complexity_and_bounds
from verify.authoring import *

m, n, r, N, d, count = sizes("m n r N d K")
j = indices("j")
s, t, R = scalars("s t R")
W, M, P = matrix("W", m, n), matrix("M", m, n), matrix("P", m, r)
D, E, nu, ones = matrix("D", d, N), matrix("E", N, count), vector("nu", count), OneMatrix(count, 1)
mean_length = inner(ones, nu) / count

low_rank = assume("W is in the class", le(Rank(W), r))
bounded = assume("the norm is bounded", le(Sigma(W, 1), s))
scale = real(s, 0)
smaller = Min(m, n)
ONE = {"W": [["1"]], "M": [["1"]], "N": "1", "r": "1", "s": "1"}


def top_values(rank: Any) -> Any:
    """The sum of the first singular values of M, so many."""
    return Sum(Sigma(M, j), (j, 1, rank))


LINEAR_CLASS = (
    Part(
        id="linear-class",
        role=caveat,
        expected=proved,
        reading=text(
            "the sharper bound on the bounded class: s / N times the sum of the r largest singular values of M",
            "有界类上更精确的界：s/N 乘以 M 的前 r 个奇异值之和",
        ),
        given=[*declare(W, M, r, N), scale, low_rank, bounded, assume("small rank", le(r, smaller))],
        says=le(inner(W, M) / N, s * top_values(r) / N),
        witness=ONE,
        checks=[
            proof(
                step("trace", apply("von-neumann", A=W, B=M)),
                step("cut", Split(total=Sum(Sigma(W, j) * Sigma(M, j), (j, 1, smaller)), at=r)),
                step(
                    "each",
                    for_each(
                        j,
                        1,
                        r,
                        step("order", apply("order", W=W, i=j, j=1)),
                        step("small", arithmetic("order"), le(Sigma(W, j), s)),
                        step("term", arithmetic("small"), le(Sigma(W, j) * Sigma(M, j), s * Sigma(M, j))),
                    ),
                ),
                step("head", Termwise(line="each")),
                step("out", Factor(total=top_values(r), out=s)),
                step(
                    "beyond",
                    for_each(
                        j,
                        r + 1,
                        smaller,
                        step("zero", apply("beyond-rank", W=W, i=j)),
                        step("term", arithmetic("zero"), eq(Sigma(W, j) * Sigma(M, j), 0)),
                    ),
                ),
                step("tail", Termwise(line="beyond")),
                step("nothing", Constant(total=Sum(0 * j, (j, r + 1, smaller)))),
                step("value", arithmetic(), le(inner(W, M), s * top_values(r))),
                step("mean", arithmetic("value"), le(inner(W, M) / N, s * top_values(r) / N)),
            )
        ],
    ),
    Part(
        id="linear-class-mean",
        role=caveat,
        expected=proved,
        reading=text(
            "the mean over the signs, for every number N of samples. Column i of D holds the entries of y_i x_i', "
            "column k of E the k-th of K sign patterns, so column k of D E is the k-th M and nu_k its length. "
            "Independent signs have E E' = K I. Then the mean of |M|^2 is |D|^2, that of |M| at most |D|, and for "
            "data of size R (|D|^2 at most N R^2) the bound s sqrt(r) |M| / N has mean at most s R sqrt(r / N): "
            "no factor min(m, n).",
            "对符号取均值，适用于任意样本数 N。D 的第 i 列是 y_i x_i' 的元素，E 的第 k 列是 K 个符号组合中的第 k "
            "个，因此 DE 的第 k 列是第 k 个 M，nu_k 是其长度。独立符号满足 E E' = K I。于是 |M|^2 的均值为 |D|^2，"
            "|M| 的均值不超过 |D|；对大小为 R 的数据（|D|^2 不超过 N R^2），界 s sqrt(r) |M|/N 的均值不超过 s R "
            "sqrt(r/N)，不含因子 min(m, n)。",
        ),
        given=[
            *declare(D, E, nu, r),
            scale,
            real(R, 0),
            assume("independent signs", eq(E * E.T, count * Identity(N))),
            assume("lengths", eq(norm_sq(nu), norm_sq(D * E))),
            assume("size of the data", le(norm_sq(D), N * R**2)),
        ],
        says=[
            eq(norm_sq(D * E) / count, norm_sq(D)),
            le(mean_length, FrobeniusNorm(D)),
            le(s * sqrt(r) / N * mean_length, s * R * sqrt(r) / sqrt(N)),
        ],
        witness={"D": [["1", "2"]], "E": [["1", "1"], ["1", "-1"]], "nu": [["3"], ["1"]], "r": "1", "s": "1", "R": "2"},
        checks=[
            proof(
                step("squares", TraceAlgebra(), eq(norm_sq(D * E), count * norm_sq(D))),
                step("mean square", arithmetic("squares"), eq(norm_sq(D * E) / count, norm_sq(D))),
                step("cauchy", apply("cauchy-schwarz", A=ones, B=nu)),
                step("count", TraceAlgebra(), eq(norm_sq(ones), count)),
                step(
                    "square", arithmetic("cauchy", "count", "squares"), le(inner(ones, nu) ** 2, count**2 * norm_sq(D))
                ),
                step("total", arithmetic("square"), le(inner(ones, nu), count * FrobeniusNorm(D))),
                step("mean", arithmetic("total"), le(mean_length, FrobeniusNorm(D))),
                step("data", arithmetic(), le(FrobeniusNorm(D), R * sqrt(N))),
                step("within", arithmetic("mean", "data"), le(mean_length, R * sqrt(N))),
                step("scaled", arithmetic("within"), le(s * sqrt(r) * mean_length, s * sqrt(r) * R * sqrt(N))),
                step("rate", arithmetic("scaled"), le(s * sqrt(r) / N * mean_length, s * R * sqrt(r) / sqrt(N))),
            ),
            Illustrate(curves=complexity_and_bounds),
        ],
        depends_on=["theorem-11.19/finite-repaired"],
    ),
    Part(
        id="linear-class-attained",
        role=caveat,
        expected=proved,
        reading=text(
            "the bound s sqrt(r) |M| is attained: at M = t P and W = s P, where P has r orthonormal columns and "
            "so all its singular values equal to one",
            "界 s sqrt(r) |M| 可以达到：取 M = tP、W = sP，其中 P 有 r 个标准正交列，因而奇异值都等于一",
        ),
        given=[*declare(P), scale, real(t, 0), assume("orthonormal", eq(P.T * P, Identity(r)))],
        says=[le(Rank(s * P), r), eq(inner(s * P, t * P), s * sqrt(r) * FrobeniusNorm(t * P))],
        witness={"P": [["1"]], "s": "1", "t": "1"},
        checks=[
            proof(
                step("rank", apply("rank-columns", W=s * P)),
                step("value", TraceAlgebra(), eq(inner(s * P, t * P), s * t * r)),
                step("square", TraceAlgebra(), eq(norm_sq(t * P), t**2 * r)),
                step("norm", arithmetic("square"), eq(FrobeniusNorm(t * P), t * sqrt(r))),
                step(
                    "attained", arithmetic("value", "norm"), eq(inner(s * P, t * P), s * sqrt(r) * FrobeniusNorm(t * P))
                ),
            )
        ],
    ),
)
