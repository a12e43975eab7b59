"""A diagonal factor between B and A, and what its entries mean (section 11.2.4)."""

from __future__ import annotations

from typing import Any

from sympy.matrices.expressions import HadamardProduct

from verify.authoring import *

m, n, r = sizes("m n r")
i, j, k = indices("i j k")
s1, s2 = scalars("s_1 s_2")
B, S, A = matrix("B", m, r), matrix("S", r, r), matrix("A", r, n)
u1, u2, v1, v2 = vector("u_1", m), vector("u_2", m), vector("v_1", n), vector("v_2", n)
B_left, A_right = matrix("B_left", r, m), matrix("A_right", n, r)
ones = {"B": [["1"]], "S": [["1"]], "A": [["1"]]}
full_rank = [assume("B has full column rank", eq(Rank(B), r)), assume("A has full row rank", eq(Rank(A), r))]


def scales_are_values(b: Any, scale: Any, a: Any, at: Any) -> tuple[Line, ...]:
    """sigma_at(b scale a) = sigma_at(scale), from b'b = I and a a' = I: both Gram matrices shed the outer factor."""
    whole, half = b * scale * a, scale * a
    return (
        step("gram", algebra(), eq(whole.T * whole, half.T * half)),
        step("gram-value", Congruence(equation="gram"), eq(Sigma(whole.T * whole, at), Sigma(half.T * half, at))),
        step("whole", apply("values-gram", W=whole, i=at)),
        step("half", apply("values-gram", W=half, i=at)),
        step("turned", apply("values-transpose", W=half, i=at)),
        step("gram-turned", algebra(), eq(half * half.T, scale * scale.T)),
        step(
            "turned-value", Congruence(equation="gram-turned"), eq(Sigma(half * half.T, at), Sigma(scale * scale.T, at))
        ),
        step("half-turned", apply("values-gram", W=half.T, i=at)),
        step("scale-turned", apply("values-gram", W=scale.T, i=at)),
        step("scale", apply("values-transpose", W=scale, i=at)),
        step(
            "squares",
            arithmetic("gram-value", "whole", "half", "turned", "turned-value", "half-turned", "scale-turned", "scale"),
            eq(Sigma(whole, at) ** 2, Sigma(scale, at) ** 2),
        ),
        step("values", arithmetic("squares"), eq(Sigma(whole, at), Sigma(scale, at))),
    )


def same_rank(b: Any, scale: Any, a: Any) -> tuple[Line, ...]:
    """Rank(b scale a) = Rank(scale), from full ranks of b and a."""
    return (
        step("left", OneSidedInverse(of=b, called=B_left, side="left")),
        step("right", OneSidedInverse(of=a, called=A_right, side="right")),
        step("undone", algebra("left", "right"), eq(B_left * b * scale * a * A_right, scale)),
        step("undone-rank", Congruence(equation="undone"), eq(Rank(B_left * b * scale * a * A_right), Rank(scale))),
        step("undone-left", apply("rank-product-right", A=B_left, C=b * scale * a * A_right)),
        step("undone-right", apply("rank-product-left", A=b * scale * a, C=A_right)),
        step("without-b", apply("rank-product-right", A=b, C=scale * a)),
        step("without-a", apply("rank-product-left", A=scale, C=a)),
        step(
            "rank",
            arithmetic("undone-rank", "undone-left", "undone-right", "without-b", "without-a"),
            eq(Rank(b * scale * a), Rank(scale)),
        ),
    )


# --- Definition 11.21: a diagonal factor --------------------------------------------------------------------

diagonal = assume("S is diagonal", eq(HadamardProduct(S, Identity(r)), S))
rank_one_sum = Sum(Entry(B, i, k) * Entry(S, k, k) * Entry(A, k, j), (k, 1, r))
first, second = s1 * u1 * v1.T, s2 * u2 * v2.T
directions = [*declare(u1, u2, v1, v2), real(s1), real(s2)]
unit = [assume(f"{v} is a unit vector", eq(v.T * v, Identity(1))) for v in (u1, u2, v1, v2)]
unit_ones = {"u_1": [["1"]], "u_2": [["1"]], "v_1": [["1"]], "v_2": [["1"]]}

diagonal_factor = Claim(
    label="definition-11.21",
    section="11.2.4 LoRA",
    title=text("A diagonal factor between B and A", "AdaLoRA的数学形式"),
    sources=["zhang2023adalora"],
    statement_tex=[
        r"\Delta W = B S A = \sum_{k=1}^{r} s_k b_k a_k^{\top}, \quad S = \operatorname{diag}(s_1, \dots, s_r)"
    ],
    parts=[
        Part(
            id="form",
            role=main,
            expected=proved,
            reading=text(
                "for a diagonal S the increment has rank at most r and is the sum of r matrices of rank one: entry by "
                "entry, the sum of s_k times the k-th column of B times the k-th row of A",
                "S 为对角阵时，增量的秩不超过 r，且为 r 个秩一矩阵之和：逐元素看，即 s_k 乘以 B 的第 k 列再乘以 A 的"
                "第 k 行之和",
            ),
            given=[*declare(B, S, A), diagonal, between(i, 1, m), between(j, 1, n)],
            says=[le(Rank(B * S * A), r), eq(Entry(B * S * A, i, j), rank_one_sum)],
            witness=ones | {"i": "1", "j": "1"},
            checks=[
                proof(
                    step("by-factor", apply("rank-product-left", A=B, C=S * A)),
                    step("columns", apply("rank-columns", W=B)),
                    step("rank", arithmetic("by-factor", "columns"), le(Rank(B * S * A), r)),
                    step("product", apply("entry-product", A=B * S, C=A, i=i, j=j)),
                    step(
                        "each",
                        for_each(
                            k,
                            1,
                            r,
                            step("scaled", apply("entry-diagonal", A=B, D=S, i=i, j=k)),
                            step(
                                "term",
                                arithmetic("scaled"),
                                eq(
                                    Entry(B * S, i, k) * Entry(A, k, j),
                                    Entry(B, i, k) * Entry(S, k, k) * Entry(A, k, j),
                                ),
                            ),
                        ),
                    ),
                    step("sums", Termwise(line="each")),
                    step("entry", arithmetic("product", "sums"), eq(Entry(B * S * A, i, j), rank_one_sum)),
                )
            ],
        ),
        Part(
            id="rank-is-support",
            role=caveat,
            expected=refuted,
            repair="rank-is-support-repaired",
            reading=text(
                "the rank allocated is the number of scales that are not zero, which is the rank of S",
                "所分配的秩就是非零 s_k 的个数，即 S 的秩",
            ),
            given=declare(B, S, A, S="diagonal"),
            says=eq(Rank(B * S * A), Rank(S)),
            witness=ones,
            checks=[Counter(values=ones | {"B": [["0"]]}), Search()],
        ),
        Part(
            id="rank-is-support-repaired",
            role=caveat,
            expected=proved,
            reading=text("it is where B has full column rank and A full row rank", "当 B 列满秩且 A 行满秩时如此"),
            given=[*declare(B, S, A), *full_rank],
            says=eq(Rank(B * S * A), Rank(S)),
            witness=ones,
            checks=[proof(*same_rank(B, S, A))],
        ),
        Part(
            id="scale-is-importance",
            role=main,
            expected=refuted,
            repair="scale-is-importance-repaired",
            reading=text(
                "of two directions, that with the larger scale contributes more to the increment: s_1 > s_2 > 0 makes "
                "s_1 u_1 v_1' at least as long as s_2 u_2 v_2'. Nothing in the definition bounds the vectors",
                "两个方向中，缩放系数较大者对增量的贡献较大：s_1 > s_2 > 0 时，s_1 u_1 v_1' 的长度不小于 s_2 u_2 v_2'。"
                "定义没有限制这些向量的长度",
            ),
            given=[*directions, assume("order", gt(s1, s2)), assume("positive", gt(s2, 0))],
            says=ge(FrobeniusNorm(first), FrobeniusNorm(second)),
            witness=unit_ones | {"s_1": "2", "s_2": "1"},
            checks=[Counter(values=unit_ones | {"u_2": [["3"]], "s_1": "2", "s_2": "1"}), Search()],
            note=text(
                "a scale can be moved into the vectors at will: (s/c)(c u) v' is the same direction, scaled otherwise. "
                "Nor does the source of the method take the size of a scale for its importance: see is-adalora in the "
                "lemma after this definition",
                "缩放系数可以任意移入向量：(s/c)(cu)v' 是同一方向，系数却不同。该方法的来源论文也不以系数的大小"
                "为重要性：见其后引理的 is-adalora",
            ),
        ),
        Part(
            id="scale-is-importance-repaired",
            role=main,
            expected=proved,
            reading=text(
                "with unit vectors the length of a contribution is |s|, so the larger |s| contributes at least as much",
                "向量为单位向量时，贡献的长度等于 |s|，故 |s| 较大者贡献不小",
            ),
            given=[*directions, *unit, assume("order", ge(Abs(s1), Abs(s2)))],
            says=[eq(norm_sq(first), s1**2), ge(FrobeniusNorm(first), FrobeniusNorm(second))],
            witness=unit_ones | {"s_1": "2", "s_2": "1"},
            checks=[
                proof(
                    step("length", TraceAlgebra(), eq(norm_sq(first), s1**2)),
                    step("length-2", TraceAlgebra(), eq(norm_sq(second), s2**2)),
                    step("order", arithmetic("length", "length-2"), ge(FrobeniusNorm(first), FrobeniusNorm(second))),
                )
            ],
        ),
        Part(
            id="sign",
            role=caveat,
            expected=refuted,
            repair="scale-is-importance-repaired",
            reading=text(
                "with unit vectors, the larger scale itself, not its size, decides",
                "向量为单位向量时，起决定作用的是系数本身而非其绝对值",
            ),
            given=[*directions, *unit, assume("order", gt(s1, s2))],
            says=ge(FrobeniusNorm(first), FrobeniusNorm(second)),
            witness=unit_ones | {"s_1": "2", "s_2": "1"},
            checks=[Counter(values=unit_ones | {"s_1": "0", "s_2": "-1"})],
            note=text("learned scales may be negative, unlike singular values", "学到的系数可以为负，奇异值则不会"),
        ),
    ],
)
