"""The variants of LoRA, each beside the paper that introduced it (table 11.2.3)."""

from __future__ import annotations

from typing import Any

from sympy.matrices.expressions import HadamardProduct

from claims.low_rank.lora.quantisation import QLORA, rank_of_product
from claims.low_rank.lora.scaling import scales_are_values
from claims.low_rank.measured import measured
from claims.low_rank.records import RECORDS
from verify.authoring import *

m, n, r = sizes("m n r")
i = indices("i")
W0, B, A = matrix("W_0", m, n), matrix("B", m, r), matrix("A", r, n)
S = matrix("S", r, r)
N, M = matrix("N", n, n), matrix("M", n, n)
s = Sigma
ones = {"B": [["1"]], "A": [["1"]]}

# --- a penalty that keeps the outer factors orthonormal ------------------------------------------------------

penalty = norm_sq(B.T * B - Identity(r)) + norm_sq(A * A.T - Identity(r))


def nearly_orthonormal(name: str, rows: Any) -> tuple[Line, ...]:
    """|rows|_2^2 <= 1 + sqrt(penalty), for a factor whose rows the penalty keeps orthonormal."""
    gram, excess = rows * rows.T, rows * rows.T - Identity(r)
    return (
        step(f"{name}-one", apply("values-gram", W=Identity(r), i=1)),
        step(f"{name}-one-norm", apply("spectral-norm", W=Identity(r))),
        step(f"{name}-split", apply("triangle", A=Identity(r), B=excess)),
        step(f"{name}-excess", apply("spectral-frobenius", W=excess)),
        step(f"{name}-root", arithmetic(), le(FrobeniusNorm(excess), sqrt(penalty))),
        step(f"{name}-gram", apply("values-gram", W=rows.T, i=1)),
        step(f"{name}-gram-norm", apply("spectral-norm", W=gram)),
        step(f"{name}-turned-norm", apply("spectral-norm", W=rows.T)),
        step(f"{name}-turned", apply("norm-transpose", W=rows)),
        step(name, arithmetic(*(f"{name}-{line}" for line in NEEDED)), le(SpectralNorm(rows) ** 2, 1 + sqrt(penalty))),
    )


NEEDED = ("one", "one-norm", "split", "excess", "root", "gram", "gram-norm", "turned-norm", "turned")

# --- magnitude and direction --------------------------------------------------------------------------------

merged = (W0 + B * A) * Inverse(N) * M
"""Columns of W0 + BA divided by their lengths (N) and multiplied by the learned magnitudes (M)."""
lengths = [
    *declare(W0, B, A, N, M, N="diagonal", M="diagonal"),
    assume("N holds the column lengths", eq(HadamardProduct((W0 + B * A).T * (W0 + B * A), Identity(n)), N * N)),
    assume("no column is zero", eq(Rank(N), n)),
]
rescaled = [*declare(W0, B, A, N, M), assume("no column is zero", eq(Rank(N), n))]

variants = Claim(
    label="table-11.2.3",
    section="11.2.4 LoRA",
    title=text("Variants of LoRA", "LoRA变体的数学对比"),
    sources=["hu2022lora", "zhang2023adalora", "dettmers2023qlora", "liu2024dora"],
    statement_tex=[
        r"\text{LoRA: } \Delta W = B A",
        r"\text{AdaLoRA: } \Delta W = B S A",
        r"\text{QLoRA: } W_0 \text{ in 4 bits}",
        r"\text{DoRA: } \Delta W = B A \text{, directions normalised}",
    ],
    parts=[
        Part(
            id="lora",
            role=main,
            expected=proved,
            reading=text(
                "the row states the formula of the source, before its scaling, and the increment W - W0 has rank at "
                "most r",
                "该行给出的是来源论文中（未乘缩放系数）的公式，且增量 W - W0 的秩不超过 r",
            ),
            given=declare(W0, B, A),
            says=[le(Rank(B * A), r), eq((W0 + B * A) - W0, B * A)],
            witness={"W_0": [["1"]]} | ones,
            checks=[
                Attributed(record="hu2022-increment", formula=B * A, records=RECORDS),
                proof(*rank_of_product, step("increment", algebra(), eq((W0 + B * A) - W0, B * A))),
            ],
            sources=["hu2022lora"],
        ),
        Part(
            id="adalora",
            role=main,
            expected=refuted,
            repair="adalora-repaired",
            reading=text(
                "with the form B S A and nothing more the diagonal of S plays the part that it plays in the source: "
                "the sizes of its entries are the singular values of the increment",
                "仅凭形式 BSA，S 的对角元就能起到它在来源论文中的作用：其绝对值就是增量的奇异值",
            ),
            given=[*declare(B, S, A, S="diagonal"), between(i, 1, r)],
            says=eq(s(B * S * A, i), s(S, i)),
            witness={"S": [["1"]], "i": "1"} | ones,
            checks=[
                Attributed(record="zhang2023-increment", formula=B * S * A, records=RECORDS),
                Counter(values={"B": [["2"]], "S": [["1"]], "A": [["1"]], "i": "1"}),
                Search(),
            ],
            sources=["zhang2023adalora"],
            note=text(
                "the row leaves out what makes the source's form a singular value decomposition: a penalty that keeps "
                "the columns of B and the rows of A orthonormal",
                "该行略去了使来源论文的形式成为奇异值分解的关键：令 B 的列与 A 的行保持标准正交的惩罚项",
            ),
        ),
        Part(
            id="adalora-repaired",
            role=main,
            expected=proved,
            reading=text(
                "with orthonormal columns of B and rows of A, where the penalty of the source is zero, the singular "
                "values of the increment are those of S",
                "当 B 的列与 A 的行标准正交（即来源论文的惩罚项为零）时，增量的奇异值就是 S 的奇异值",
            ),
            given=[
                *declare(B, S, A),
                assume("columns of B", eq(B.T * B, Identity(r))),
                assume("rows of A", eq(A * A.T, Identity(r))),
                between(i, 1, r),
            ],
            says=eq(s(B * S * A, i), s(S, i)),
            witness={"S": [["2"]], "i": "1"} | ones,
            checks=[
                Attributed(record="zhang2023-increment", formula=B * S * A, records=RECORDS),
                proof(*scales_are_values(B, S, A, i)),
            ],
            sources=["zhang2023adalora"],
        ),
        Part(
            id="adalora-penalised",
            role=caveat,
            expected=proved,
            reading=text(
                "where the penalty of the source is not zero but rho, the singular values of the increment exceed "
                "those of S by at most the factor 1 + sqrt(rho)",
                "当来源论文的惩罚项不为零而为 rho 时，增量的奇异值至多是 S 的奇异值的 1 + sqrt(rho) 倍",
            ),
            given=[*declare(B, S, A), between(i, 1, r)],
            says=le(s(B * S * A, i), (1 + sqrt(penalty)) * s(S, i)),
            witness={"S": [["2"]], "i": "1"} | ones,
            checks=[
                Attributed(record="zhang2023-penalty", formula=penalty, records=RECORDS),
                proof(
                    *nearly_orthonormal("b", B.T),
                    *nearly_orthonormal("a", A),
                    step("turned", apply("norm-transpose", W=B)),
                    step("outer", apply("values-product", A=B, C=S * A, i=i)),
                    step("inner", apply("values-product-right", A=S, C=A, i=i)),
                    step("b-square", arithmetic("b", "turned"), le(SpectralNorm(B) ** 2, 1 + sqrt(penalty))),
                    step("mean", arithmetic("a", "b-square"), le(SpectralNorm(B) * SpectralNorm(A), 1 + sqrt(penalty))),
                    step(
                        "through",
                        arithmetic("outer", "inner"),
                        le(s(B * S * A, i), SpectralNorm(B) * SpectralNorm(A) * s(S, i)),
                    ),
                    step("bound", arithmetic("through", "mean"), le(s(B * S * A, i), (1 + sqrt(penalty)) * s(S, i))),
                ),
            ],
            sources=["zhang2023adalora"],
        ),
        *QLORA,
        Part(
            id="dora",
            role=main,
            expected=refuted,
            repair="dora-repaired",
            reading=text(
                "the change of the weights is BA with normalised directions, and like BA of rank at most r. N holds "
                "the lengths of the columns of W0 + BA, M the learned magnitudes; signs of N are absorbed by M",
                "权重的变化是 BA 再作方向归一化，其秩仍与 BA 一样不超过 r。N 为 W0 + BA 的列长度，M 为学到的幅值；"
                "N 的符号可并入 M",
            ),
            given=lengths,
            says=le(Rank(merged - W0), r),
            witness={"W_0": [["1"]], "B": [["0"]], "A": [["0"]], "N": [["1"]], "M": [["1"]]},
            checks=[
                Attributed(record="liu2024-merged", formula=merged, records=RECORDS),
                Counter(
                    values={
                        "W_0": [["1", "0"], ["0", "1"]],
                        "B": [["0"], ["0"]],
                        "A": [["0", "0"]],
                        "N": [["1", "0"], ["0", "1"]],
                        "M": [["2", "0"], ["0", "2"]],
                    }
                ),
                Counter(
                    values={
                        "W_0": [["1", "0"], ["0", "1"]],
                        "B": [["3"], ["3"]],
                        "A": [["1", "1"]],
                        "N": [["5", "0"], ["0", "5"]],
                        "M": [["1", "0"], ["0", "1"]],
                    }
                ),
            ],
            sources=["liu2024dora"],
            note=text(
                "new magnitudes alone change every column, so the change has full rank in general, and the "
                "normalisation does so too with the magnitudes as they were: none of the section's statements on "
                "low-rank increments applies to it",
                "仅改变幅值就会改变每一列，变化一般是满秩的；幅值不变时归一化也会如此：本节关于低秩增量的结论都不适用于它",
            ),
        ),
        Part(
            id="dora-repaired",
            role=main,
            expected=proved,
            reading=text(
                "what has rank at most r is the change beside the columns of W0 rescaled by the same factors",
                "秩不超过 r 的，是相对于按同样系数缩放各列后的 W0 的变化",
            ),
            given=rescaled,
            says=le(Rank(merged - W0 * Inverse(N) * M), r),
            witness={"W_0": [["1"]], "B": [["0"]], "A": [["0"]], "N": [["1"]], "M": [["1"]]},
            checks=[
                Attributed(record="liu2024-merged", formula=merged, records=RECORDS),
                proof(
                    step("rest", algebra(), eq(merged - W0 * Inverse(N) * M, B * A * Inverse(N) * M)),
                    step("by-factor", apply("rank-product-left", A=B, C=A * Inverse(N) * M)),
                    step("columns", apply("rank-columns", W=B)),
                    step("low", arithmetic("by-factor", "columns"), le(Rank(B * A * Inverse(N) * M), r)),
                    step("goal", Rewrite(target="low", equation="rest"), le(Rank(merged - W0 * Inverse(N) * M), r)),
                ),
            ],
            sources=["liu2024dora"],
        ),
        *measured("table-11.2.3"),
    ],
)
