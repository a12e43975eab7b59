"""The cumulative energy ratio (section 11.2.1)."""

from __future__ import annotations

from claims.low_rank.proofs import energy, split_total, squares, total_positive
from claims.low_rank.spared import BEYOND_RANK, NOTHING_KEPT
from verify.authoring import *

m, n = sizes("m n")
i, j, k = indices("i j k")
W = matrix("W", m, n)
u, v, x, y = vector("u", m), vector("v", n), vector("x", m), vector("y", n)

rank, s = Rank(W), Sigma
identity_2 = [["1", "0"], ["0", "1"]]
diagonal_2_1 = [["2", "0"], ["0", "1"]]

# --- Definition 11.16: the energy ratio ---------------------------------------------------------------------

head, total = squares(W, 1, k), squares(W, 1, rank)
nonzero = assume("W is not zero", ge(rank, 1))

energy_ratio = Claim(
    label="definition-11.16",
    section="11.2.1 Low-rank character of weights",
    title=text("Cumulative energy ratio", "累积能量比"),
    statement_tex=[
        r"E(k) = \frac{\sum_{i=1}^{k} \sigma_i^2}{\sum_{i=1}^{r} \sigma_i^2} = \frac{\|W_k\|_F^2}{\|W\|_F^2}"
    ],
    parts=[
        Part(
            id="ratio-identity",
            role=main,
            expected=proved,
            reading=text(
                "the two expressions of E(k) agree: sums of squares, and squared Frobenius norms",
                "E(k) 的两个表达式相等：平方和之比与 Frobenius 范数平方之比",
            ),
            given=[*declare(W), between(k, 1, rank)],
            says=eq(head / total, norm_sq(Truncated(W, k)) / norm_sq(W)),
            witness={"W": diagonal_2_1, "k": "1"},
            checks=[
                proof(
                    step("kept", Orthonormal(of=FrobeniusNorm(Truncated(W, k)), base=W)),
                    step("all", Orthonormal(of=FrobeniusNorm(W), base=W)),
                    *total_positive(W),
                    step(
                        "ratio",
                        arithmetic("kept", "all", "total-positive"),
                        eq(head / total, norm_sq(Truncated(W, k)) / norm_sq(W)),
                    ),
                ),
                Search(),
            ],
            spared={"raise upper end of k by one": BEYOND_RANK, "lower the lower end of k by one": NOTHING_KEPT},
        ),
        Part(
            id="range-monotone",
            role=main,
            expected=proved,
            reading=text(
                "E lies between 0 and 1, does not decrease, and is 1 at k = r",
                "E 介于 0 与 1 之间，单调不减，且在 k = r 处为 1",
            ),
            given=[*declare(W), between(k, 1, rank), between(j, 1, k)],
            says=[ge(Energy(W, k), 0), le(Energy(W, k), 1), le(Energy(W, j), Energy(W, k)), eq(Energy(W, rank), 1)],
            witness={"W": diagonal_2_1, "k": "2", "j": "1"},
            checks=[
                proof(
                    energy(W, k, "at-k"),
                    energy(W, j, "at-j"),
                    energy(W, rank, "at-rank"),
                    *total_positive(W),
                    *split_total(W, k),
                    step("inner", Split(total=head, at=j)),
                    step("between", Nonnegative(total=squares(W, j + 1, k))),
                    step("not-negative", arithmetic("at-k", "total-positive", "split-head"), ge(Energy(W, k), 0)),
                    step(
                        "at-most-one", arithmetic("at-k", "total-positive", "split", "split-tail"), le(Energy(W, k), 1)
                    ),
                    step(
                        "grows",
                        arithmetic("at-k", "at-j", "total-positive", "inner", "between"),
                        le(Energy(W, j), Energy(W, k)),
                    ),
                    step("all", arithmetic("at-rank", "total-positive"), eq(Energy(W, rank), 1)),
                ),
                Search(),
            ],
            spared={
                "strict conclusion 1": text(
                    "also true: for k at least 1 the share is positive, since the largest value is",
                    "同样成立：k 不小于 1 时能量比为正，因为最大奇异值为正",
                ),
                "shift index k to k + 1 in conclusion 2": text(
                    "also true: no share exceeds one, whatever the index", "同样成立：无论指标为何，能量比都不超过一"
                ),
                "shift index rank(W) to rank(W) + 1 in conclusion 4": BEYOND_RANK,
                "raise upper end of k by one": BEYOND_RANK,
            },
        ),
        Part(
            id="well-defined",
            role=caveat,
            expected=refuted,
            repair="well-defined-repaired",
            reading=text(
                "the ratio has a value for every matrix: its denominator is not zero",
                "该比值对任何矩阵都有定义：分母不为零",
            ),
            given=declare(W),
            says=gt(norm_sq(W), 0),
            witness={"W": [["1"]]},
            checks=[Counter(values={"W": [["0"]]}), Search()],
        ),
        Part(
            id="well-defined-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "both denominators are positive for every nonzero matrix, tied singular values included",
                "对任何非零矩阵，两个分母都为正，奇异值有重复时亦然",
            ),
            given=[*declare(W), nonzero],
            says=[gt(total, 0), gt(norm_sq(W), 0)],
            witness={"W": identity_2},
            checks=[
                proof(
                    *total_positive(W),
                    step("all", Orthonormal(of=FrobeniusNorm(W), base=W)),
                    step("norm", arithmetic("all", "total-positive"), gt(norm_sq(W), 0)),
                ),
                Search(),
            ],
            spared={
                "spectral norm for Frobenius norm in conclusion 2": text(
                    "also true: every norm of a nonzero matrix is positive", "同样成立：非零矩阵的任何范数都为正"
                )
            },
        ),
        Part(
            id="upper-end",
            role=caveat,
            expected=proved,
            reading=text(
                "r, the index of the last positive value, is the rank; where the text calls a weight full-rank it "
                "stands for min(m, n) as well. Nothing depends on it here: the sums of squares agree, since the "
                "further values are zero",
                "r 是最后一个正奇异值的序号，即秩；文中称权重满秩时，它又代表 min(m, n)。此处二者无差别："
                "两种平方和相等，因为多出的奇异值为零",
            ),
            given=declare(W),
            says=eq(squares(W, 1, Min(m, n)), total),
            witness={"W": [["1", "0"], ["0", "0"]]},
            checks=[
                proof(
                    step("rows", apply("rank-rows", W=W)),
                    step("columns", apply("rank-columns", W=W)),
                    step("split", Split(total=squares(W, 1, Min(m, n)), at=rank)),
                    step(
                        "each",
                        for_each(
                            j,
                            rank + 1,
                            Min(m, n),
                            step("zero", apply("beyond-rank", W=W, i=j)),
                            step("square", arithmetic("zero"), eq(s(W, j) ** 2, 0)),
                        ),
                    ),
                    step("zeros", Termwise(line="each")),
                    step("none", Constant(total=Sum(sp.S.Zero, (j, rank + 1, Min(m, n))))),
                    step("same", arithmetic("split", "zeros", "none"), eq(squares(W, 1, Min(m, n)), total)),
                ),
                Search(),
            ],
        ),
        Part(
            id="truncation-unique",
            role=caveat,
            expected=refuted,
            repair="ratio-identity",
            reading=text(
                "the truncation is determined by W: two unit singular pairs of the largest value give one matrix",
                "截断由 W 唯一确定：最大奇异值的任意两组单位奇异向量给出同一个矩阵",
            ),
            given=[
                *declare(W, u, v, x, y),
                assume("u, v are a singular pair", eq(W * v, s(W, 1) * u)),
                assume("v, u are a singular pair", eq(W.T * u, s(W, 1) * v)),
                assume("x, y are a singular pair", eq(W * y, s(W, 1) * x)),
                assume("y, x are a singular pair", eq(W.T * x, s(W, 1) * y)),
                assume("u is a unit vector", eq(norm_sq(u), 1)),
                assume("v is a unit vector", eq(norm_sq(v), 1)),
                assume("x is a unit vector", eq(norm_sq(x), 1)),
                assume("y is a unit vector", eq(norm_sq(y), 1)),
            ],
            says=eq(u * v.T, x * y.T),
            witness={"W": [["1"]], "u": [["1"]], "v": [["1"]], "x": [["-1"]], "y": [["-1"]]},
            checks=[
                Counter(
                    values={
                        "W": identity_2,
                        "u": [["1"], ["0"]],
                        "v": [["1"], ["0"]],
                        "x": [["0"], ["1"]],
                        "y": [["0"], ["1"]],
                    }
                )
            ],
            note=text(
                "where values are tied the truncation is a choice; E(k) depends on the values alone and is not "
                "affected",
                "奇异值相等时截断取决于选择；E(k) 只依赖奇异值，不受影响",
            ),
        ),
    ],
)
