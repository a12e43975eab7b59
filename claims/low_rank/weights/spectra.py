"""Low-rank character of weights: energy ratio, and the ranks of attention (section 11.2.1)."""

from __future__ import annotations

from claims.low_rank.proofs import energy, split_total, squares, total_positive
from verify.authoring import *
from verify.networks.attention import effective_rank_at_most_d, effective_rank_follows_d

m, n, d = sizes("m n d")
i, j, k = indices("i j k")
W, Q, K = matrix("W", m, n), matrix("Q", n, d), matrix("K", n, d)
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

# --- Lemma 11.19: the ranks of attention --------------------------------------------------------------------

logits = Q * K.T / sqrt(d)
A = Softmax(logits)
masked = CausalSoftmax(logits)
normaliser = LogSumExp(logits) * OneMatrix(1, n)
attention = declare(Q, K)
one_dimension = {"Q": [["1"], ["0"]], "K": [["1"], ["0"]]}

full_rank_when_causal = (
    step(
        "zero-above",
        for_each(
            i, 1, n - 1, step("row", for_each(j, i + 1, n, step("entry", apply("causal-zero", S=logits, i=i, j=j))))
        ),
    ),
    step("positive-diagonal", for_each(i, 1, n, step("entry", apply("causal-diagonal", S=logits, i=i)))),
    step("full-rank", TriangularRank(of=masked, zero="zero-above", diagonal="positive-diagonal")),
)

attention_rank = Claim(
    label="lemma-11.19",
    section="11.2.1 Low-rank character of weights",
    title=text("Rank of attention", "注意力矩阵的秩"),
    sources=["vaswani2017"],
    statement_tex=[r"A = \mathrm{softmax}\left(Q K^{\top} / \sqrt{d}\right)", r"\mathrm{rank}(A) \le \min(n, d)"],
    parts=[
        Part(
            id="logits-rank",
            role=caveat,
            expected=proved,
            reading=text("before the softmax the rank is at most min(n, d)", "softmax 之前的秩不超过 min(n, d)"),
            given=attention,
            says=le(Rank(Q * K.T), Min(n, d)),
            witness=one_dimension,
            checks=[
                proof(
                    step("left", apply("rank-product-left", A=Q, C=K.T)),
                    step("rows", apply("rank-rows", W=Q)),
                    step("columns", apply("rank-columns", W=Q)),
                    step("bound", arithmetic("left", "rows", "columns"), le(Rank(Q * K.T), Min(n, d))),
                ),
                Search(),
            ],
        ),
        Part(
            id="softmax-rank",
            role=main,
            expected=refuted,
            repair="what-survives",
            survives_as="effective-rank",
            reading=text(
                "the attention matrix itself has rank at most min(n, d)", "注意力矩阵本身的秩不超过 min(n, d)"
            ),
            given=attention,
            says=le(Rank(A), Min(n, d)),
            witness=one_dimension | {"K": [["0"], ["0"]]},
            checks=[Counter(values=one_dimension), Search()],
            note=text(
                "the bound of the logits does not pass through the entrywise exponential; what passes is a bound "
                "on the "
                "logarithm of A, see what-survives",
                "对数几率的界不能穿过逐元素的指数函数；能保留下来的是 A 的对数的秩的界，见 what-survives",
            ),
        ),
        Part(
            id="softmax-lowers-rank",
            role=caveat,
            expected=refuted,
            repair="what-survives",
            reading=text(
                "it is the softmax that makes the matrix low-rank: it does not raise the rank of the logits",
                "是 softmax 使矩阵低秩：它不会提高对数几率矩阵的秩",
            ),
            given=attention,
            says=le(Rank(A), Rank(logits)),
            witness=one_dimension | {"Q": [["1"]], "K": [["1"]]},
            checks=[Counter(values={"Q": [["0"]], "K": [["0"]]}), Search()],
        ),
        Part(
            id="causal",
            role=caveat,
            expected=proved,
            reading=text(
                "with a causal mask, as in every decoder, the rank is exactly n, whatever Q, K and d",
                "加上因果掩码（如所有解码器）后，秩恰为 n，与 Q、K、d 无关",
            ),
            given=attention,
            says=eq(Rank(masked), n),
            witness=one_dimension,
            checks=[proof(*full_rank_when_causal), Search()],
        ),
        Part(
            id="causal-bound",
            role=caveat,
            expected=refuted,
            repair="causal",
            reading=text("the bound min(n, d) with a causal mask", "因果掩码下的界 min(n, d)"),
            given=attention,
            says=le(Rank(masked), Min(n, d)),
            witness={"Q": [["1"]], "K": [["1"]]},
            checks=[Counter(values={"Q": [["0"], ["0"]], "K": [["0"], ["0"]]}), Search()],
        ),
        Part(
            id="what-survives",
            role=caveat,
            expected=proved,
            reading=text(
                "the entrywise logarithm of A has rank at most min(n, d + 1): the logits, less one column per row",
                "A 的逐元素对数的秩不超过 min(n, d + 1)：对数几率再减去一个只依赖行的项",
            ),
            given=attention,
            says=le(Rank(Log(A)), Min(n, d + 1)),
            witness=one_dimension,
            checks=[
                proof(
                    step("log", apply("log-softmax", W=logits)),
                    step("sum", apply("rank-sum", A=logits, B=-normaliser)),
                    step("logits", apply("rank-product-left", A=Q / sqrt(d), C=K.T)),
                    step("factor", apply("rank-columns", W=Q / sqrt(d))),
                    step("normaliser", apply("rank-product-left", A=-LogSumExp(logits), C=OneMatrix(1, n))),
                    step("one-column", apply("rank-columns", W=-LogSumExp(logits))),
                    step(
                        "of-log",
                        Rewrite(target="sum", equation="log"),
                        le(Rank(Log(A)), Rank(logits) + Rank(-normaliser)),
                    ),
                    step("rows", apply("rank-rows", W=Log(A))),
                    step(
                        "bound",
                        arithmetic("logits", "factor", "normaliser", "one-column", "of-log", "rows"),
                        le(Rank(Log(A)), Min(n, d + 1)),
                    ),
                ),
                Search(),
            ],
        ),
        Part(
            id="log-rank",
            role=caveat,
            expected=refuted,
            repair="what-survives",
            reading=text(
                "the logarithm of A keeps the rank bound min(n, d) of the logits",
                "A 的对数保持对数几率的秩的界 min(n, d)",
            ),
            given=attention,
            says=le(Rank(Log(A)), Min(n, d)),
            witness=one_dimension | {"Q": [["1"]], "K": [["1"]]},
            checks=[Counter(values=one_dimension), Search()],
        ),
        Part(
            id="effective-rank",
            role=main,
            scope=typical,
            expected=contradicted,
            reading=text(
                "in trained attention the effective rank of A is governed by d: doubling d changes it more than "
                "doubling the number n of tokens, n being at least 4 d",
                "训练后的注意力中，A 的有效秩由 d 决定：d 加倍带来的变化大于序列长度 n 加倍（n 不小于 4d）",
            ),
            checks=[
                Measure(
                    function=effective_rank_follows_d,
                    quantity="families and seeds of small attention layers in which doubling d changes the logarithm "
                    "of the median effective rank of A more than doubling n",
                    threshold=0.5,
                )
            ],
            note=text(
                "for the small layers trained here: heads that learn to attend sharply have an effective rank that "
                "grows with n; for random queries and keys it grows with the scale of the logits. Pretrained networks "
                "are not measured yet",
                "仅就此处训练的小型注意力层而言：学会集中注意力的头，其有效秩随 n 增长；"
                "随机的 Q、K 则随对数几率的尺度增长。尚未测量预训练网络",
            ),
        ),
        Part(
            id="effective-rank-at-most-d",
            role=caveat,
            scope=typical,
            expected=contradicted,
            reading=text(
                "in trained attention the effective rank of A is at most d", "训练后的注意力中，A 的有效秩不超过 d"
            ),
            checks=[
                Measure(
                    function=effective_rank_at_most_d,
                    quantity="small attention layers whose median effective rank of A is at most d",
                    threshold=0.5,
                )
            ],
        ),
    ],
)
