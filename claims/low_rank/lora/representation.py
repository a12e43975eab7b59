"""LoRA: which increments the factors reach, and how far they miss the others (section 11.2.4)."""

from __future__ import annotations

from sympy import Trace

from claims.low_rank.proofs import residual, squares
from verify.authoring import *

m, n, r, p = sizes("m n r p")
i = indices("i")
W, B, A, X = matrix("W", m, n), matrix("B", m, r), matrix("A", r, n), matrix("X", n, p)
B2, A2 = matrix("B_2", m, r), matrix("A_2", r, n)
s = Sigma
best = Truncated(W, r)

# --- Theorem 11.17: what can be represented -----------------------------------------------------------------

small_rank = assume("rank at most r", le(Rank(W), r))
link = A * A2.T * Inverse(A2 * A2.T)
B_left = matrix("B_left", r, m)
U, V, D = matrix("U", m, Rank(B * A)), matrix("V", n, Rank(B * A)), matrix("D", Rank(B * A), Rank(B * A))
mixed = norm_sq(B.T * U) - 2 * inner(B.T * U, A * V) + norm_sq(A * V)
same_product = [
    *declare(B, A, B2, A2),
    assume("the same increment", eq(B * A, B2 * A2)),
    assume("B has full column rank", eq(Rank(B), r)),
    assume("A2 A2' invertible", eq(Rank(A2 * A2.T), r)),
]
no_residue = (
    step("next-value", apply("residual-spectral", W=W, k=r)),
    step("next-is-zero", apply("beyond-rank", W=W, i=r + 1)),
    step("by-rank", apply("frobenius-rank", W=W - best)),
    step("spectral", arithmetic("next-value", "next-is-zero"), eq(SpectralNorm(W - best) ** 2, 0)),
    step("product", arithmetic("spectral"), eq(Rank(W - best) * SpectralNorm(W - best) ** 2, 0)),
    step("distance", arithmetic("by-rank", "product"), eq(FrobeniusNorm(W - best), 0)),
)

representation = Claim(
    label="theorem-11.17",
    section="11.2.4 LoRA",
    title=text("Which increments the factors represent", "秩的选择与表示能力"),
    statement_tex=[r"\operatorname{rank}(W) \le r \;\Rightarrow\; \exists \, B, A: \; B A = W"],
    parts=[
        Part(
            id="represents",
            role=main,
            expected=proved,
            reading=text(
                "every matrix of rank at most r is a product BA. The truncated singular value decomposition of order r "
                "is such a product by its definition, with sigma_i u_i as the columns of B and v_i' as the rows of A "
                "(zero where the matrix has fewer than r singular values); so it suffices that its distance from W "
                "is zero",
                "秩不超过 r 的任何矩阵都可写成 BA。按定义，r 阶截断奇异值分解就是这样的乘积：B 的列为 "
                "sigma_i u_i，A 的行为 v_i'（奇异值不足 r 个时补零）；故只需它与 W 的距离为零",
            ),
            given=[*declare(W, r), small_rank],
            says=[eq(FrobeniusNorm(W - best), 0), le(Rank(best), r)],
            witness={"W": [["1"]], "r": "1"},
            checks=[proof(*no_residue, step("rank", apply("rank-truncated", W=W, k=r)))],
            note=text(
                "representable is not the same as found: nothing here says that gradient descent reaches it",
                "可表示不等于可学到：这里没有说明梯度下降会到达它",
            ),
        ),
        Part(
            id="unique",
            role=caveat,
            expected=refuted,
            repair="unique-repaired",
            reading=text("the increment determines its factors", "增量唯一决定两个因子"),
            given=same_product,
            says=eq(B2, B),
            witness={"B": [["1"]], "A": [["1"]], "B_2": [["1"]], "A_2": [["1"]]},
            checks=[Counter(values={"B": [["1"]], "A": [["2"]], "B_2": [["2"]], "A_2": [["1"]]})],
        ),
        Part(
            id="unique-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "up to one r x r matrix R: with R = A A2'(A2 A2')^-1, B2 = B R and R A2 = A",
                "至多相差一个 r x r 矩阵 R：令 R = AA2'(A2A2')^-1，则 B2 = BR，R A2 = A",
            ),
            given=same_product,
            says=[eq(B2, B * link), eq(link * A2, A)],
            witness={"B": [["1"]], "A": [["2"]], "B_2": [["2"]], "A_2": [["1"]]},
            checks=[
                proof(
                    step("columns", algebra(), eq(B2, B * link)),
                    step("left", OneSidedInverse(of=B, called=B_left, side="left")),
                    step("undone", algebra("left"), eq(B_left * B * A, A)),
                    step("other", algebra(), eq(B_left * B * A, B_left * B2 * A2)),
                    step("as-other", Rewrite(target="other", equation="undone"), eq(A, B_left * B2 * A2)),
                    step("rows", algebra("as-other"), eq(link * A2, A)),
                )
            ],
        ),
        Part(
            id="smallest-factors",
            role=caveat,
            expected=proved,
            reading=text(
                "all factors of an increment have a sum of squares of at least twice its nuclear norm: weight decay on "
                "the factors costs at least as much as a penalty on that norm",
                "一个增量的任何一对因子，其平方和都不小于增量核范数的两倍：对因子作权重衰减的代价不低于惩罚核范数",
            ),
            given=declare(B, A),
            says=ge(norm_sq(B) + norm_sq(A), 2 * NuclearNorm(B * A)),
            witness={"B": [["1"]], "A": [["2"]]},
            checks=[
                proof(
                    step("frame", SingularFrame(of=B * A, count=Rank(B * A), left=U, right=V, values=D)),
                    step("diagonal", Diagonal(values=D, kind="trace", times=Identity(Rank(B * A)))),
                    step(
                        "each",
                        for_each(
                            i,
                            1,
                            Rank(B * A),
                            step("one", EntryAlgebra(), eq(Entry(Identity(Rank(B * A)), i, i), 1)),
                            step(
                                "value",
                                arithmetic("one"),
                                eq(s(B * A, i) * Entry(Identity(Rank(B * A)), i, i), s(B * A, i)),
                            ),
                        ),
                    ),
                    step("sums", Termwise(line="each")),
                    step("nuclear", apply("nuclear-norm", W=B * A)),
                    step("inner", TraceAlgebra(using=("frame", "frame.left")), eq(Trace(D), inner(B.T * U, A * V))),
                    step("apart", TraceAlgebra(), eq(norm_sq(B.T * U - A * V), mixed)),
                    step(
                        "b",
                        TraceAlgebra(using=("frame.left",)),
                        eq(norm_sq(B - U * U.T * B), norm_sq(B) - norm_sq(B.T * U)),
                    ),
                    step(
                        "a",
                        TraceAlgebra(using=("frame.right",)),
                        eq(norm_sq(A - A * V * V.T), norm_sq(A) - norm_sq(A * V)),
                    ),
                    step(
                        "bound",
                        arithmetic("diagonal", "sums", "nuclear", "inner", "apart", "b", "a"),
                        ge(norm_sq(B) + norm_sq(A), 2 * NuclearNorm(B * A)),
                    ),
                )
            ],
            note=text(
                "a penalty on both factors bounds the increment from one side; one on a diagonal factor alone, as in "
                "lemma 11.29, bounds nothing",
                "对两个因子的惩罚能约束增量；像引理 11.29 那样只惩罚对角因子则什么也约束不了",
            ),
            sources=["srebro2005"],
        ),
    ],
)

# --- Corollary 11.6: the increments that cannot be represented ----------------------------------------------

tail = squares(W, r + 1, Rank(W))
beyond_reach = [*declare(W, B, A), assume("rank above r", gt(Rank(W), r))]
factors_have_rank = (
    step("by-factor", apply("rank-product-left", A=B, C=A)),
    step("columns", apply("rank-columns", W=B)),
    step("rank", arithmetic("by-factor", "columns"), le(Rank(B * A), r)),
)
tall = {"W": [["2", "0"], ["0", "1"]], "B": [["1"], ["0"]], "A": [["1", "0"]]}

approximation = Claim(
    label="corollary-11.6",
    section="11.2.4 LoRA",
    title=text("Error when the rank does not suffice", "秩不足的近似"),
    statement_tex=[
        r"\min_{B, A} \|W - B A\|_F = \sqrt{\sum_{i=r+1}^{\rho} \sigma_i^2(W)}, \quad \rho = \operatorname{rank}(W)"
    ],
    sources=["eckart1936", "mirsky1960"],
    parts=[
        Part(
            id="optimal-error",
            role=main,
            expected=proved,
            reading=text(
                "no B and A come closer to W than the root of the sum of the squared singular values beyond r, and the "
                "truncated singular value decomposition, which is such a product, is that close",
                "任何 B、A 与 W 的距离都不小于 r 之后奇异值平方和的平方根，而截断奇异值分解（也是这样的乘积）恰达到它",
            ),
            given=beyond_reach,
            says=[ge(FrobeniusNorm(W - B * A), sqrt(tail)), eq(FrobeniusNorm(W - best), sqrt(tail))],
            witness=tall,
            checks=[
                proof(
                    *factors_have_rank,
                    step("closest", apply("eckart-young-frobenius", W=W, X=B * A, k=r)),
                    step("tail", Nonnegative(total=tail)),
                    step("bound", arithmetic("closest", "tail"), ge(FrobeniusNorm(W - B * A), sqrt(tail))),
                    residual(W, r),
                    step("attained", arithmetic("residual", "tail"), eq(FrobeniusNorm(W - best), sqrt(tail))),
                )
            ],
            depends_on=("theorem-11.17/represents",),
        ),
        Part(
            id="enough-rank",
            role=caveat,
            expected=proved,
            reading=text(
                "for r at or above the rank of W the sum is empty and the least error is zero",
                "当 r 不小于 W 的秩时，求和为空，最小误差为零",
            ),
            given=[*declare(W, r), small_rank],
            says=[eq(FrobeniusNorm(W - best), 0), le(0, FrobeniusNorm(W - best))],
            witness={"W": [["1"]], "r": "2"},
            checks=[proof(*no_residue, step("least", arithmetic("distance"), le(0, FrobeniusNorm(W - best))))],
        ),
        Part(
            id="optimal-error-spectral",
            role=caveat,
            expected=proved,
            reading=text(
                "in the spectral norm the least error is the first discarded singular value, and the same truncation "
                "attains it",
                "谱范数下的最小误差是第一个被舍弃的奇异值，由同一截断达到",
            ),
            given=declare(W, B, A),
            says=[ge(SpectralNorm(W - B * A), s(W, r + 1)), eq(SpectralNorm(W - best), s(W, r + 1))],
            witness=tall,
            checks=[
                proof(
                    *factors_have_rank,
                    step("bound", apply("eckart-young-spectral", W=W, X=B * A, k=r)),
                    step("attained", apply("residual-spectral", W=W, k=r)),
                )
            ],
        ),
        Part(
            id="minimiser-unique",
            role=caveat,
            expected=refuted,
            repair="optimal-error",
            reading=text(
                "the increment of least error is determined: two products at the least distance are equal",
                "误差最小的增量是唯一的：达到最小距离的两个乘积必相等",
            ),
            given=[
                *declare(W, B, A, B2, A2),
                assume("least", le(norm_sq(W - B * A), tail)),
                assume("least too", le(norm_sq(W - B2 * A2), tail)),
            ],
            says=eq(B * A, B2 * A2),
            witness={k: [["1"]] for k in ("W", "B", "A", "B_2", "A_2")},
            checks=[
                Counter(
                    values={
                        "W": [["1", "0"], ["0", "1"]],
                        "B": [["1"], ["0"]],
                        "A": [["1", "0"]],
                        "B_2": [["0"], ["1"]],
                        "A_2": [["0", "1"]],
                    }
                )
            ],
            note=text(
                "where sigma_r = sigma_{r+1} there are infinitely many best increments: an optimum to align with is "
                "not defined",
                "当 sigma_r = sigma_{r+1} 时最优增量有无穷多个，谈不上与哪一个对齐",
            ),
        ),
        Part(
            id="any-data",
            role=caveat,
            expected=refuted,
            repair="optimal-error",
            reading=text(
                "the truncation of the wanted increment is also the best of its rank for the training error on data X, "
                "which is what fine-tuning minimises",
                "对所求增量的截断，在数据 X 的训练误差（微调真正最小化的量）下也是同秩中最好的",
            ),
            given=[*declare(W, B, A, X), assume("values apart", gt(s(W, r), s(W, r + 1)))],
            says=le(FrobeniusNorm((W - best) * X), FrobeniusNorm((W - B * A) * X)),
            witness=tall | {"X": [["1", "0"], ["0", "1"]]},
            checks=[Counter(values=tall | {"B": [["0"], ["1"]], "A": [["0", "1"]], "X": [["0"], ["1"]]}), Search()],
            note=text(
                "the corollary is about the distance of matrices; on data, directions count by how often they occur, "
                "and the best increment is another one",
                "该推论谈的是矩阵之间的距离；在数据上，方向按其出现的多少计入，最优增量随之不同",
            ),
        ),
    ],
)
