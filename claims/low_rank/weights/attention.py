"""The rank of the attention matrix, before and after the softmax (section 11.2.1)."""

from __future__ import annotations

from typing import Any

from claims.low_rank.measured import measured
from verify.authoring import *

n, d, model = sizes("n d D")
i, j = indices("i j")
Q, K = matrix("Q", n, d), matrix("K", n, d)
X, Y = matrix("X", n, model), matrix("Y", n, model)
W_Q, W_K = matrix("W_Q", model, d), matrix("W_K", model, d)

# --- Lemma 11.19: the ranks of attention --------------------------------------------------------------------

logits = Q * K.T / sqrt(d)
A = Softmax(logits)
masked = CausalSoftmax(logits)
normaliser = LogSumExp(logits) * OneMatrix(1, n)
attention = declare(Q, K)
b, z = scalars("b z")
logit = Entry(logits, i, j)


def attended(inputs: Any) -> Any:
    """The attention matrix of one head, with its two weights, on an input of n tokens."""
    return Softmax(inputs * W_Q * (inputs * W_K).T / sqrt(d))


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
                "logarithm of A, see what-survives. Of A itself there is a bound for small logits, see few-directions; "
                "what trained attention does is measured in effective-rank: there the effective rank grows with n",
                "对数几率的界不能穿过逐元素的指数函数；能保留下来的是 A 的对数的秩的界，见 what-survives。"
                "A 本身在对数几率较小时有界，见 few-directions；"
                "训练得到的注意力的测量见 effective-rank：有效秩随 n 增长",
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
                "with a causal mask, as in decoders, the rank is exactly n, whatever Q, K and d",
                "加上因果掩码（如解码器中）后，秩恰为 n，与 Q、K、d 无关",
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
            id="few-directions",
            role=caveat,
            expected=proved,
            reading=text(
                "what does hold of A itself, entry by entry and whatever n: a logit s within [-b, b], in a row whose "
                "exp(s - b) add up to z of at least n exp(-2b), has its entry exp(s - b)/z of A within 2 b^2 exp(2b)/n "
                "above (1 + s - b)/z; and the matrix of the numerators 1 + s - b has rank at most d + 1",
                "对 A 本身、对任意 n 逐元素成立的是：若对数几率 s 在 [-b, b] 内，且该行的 exp(s - b) 之和 z "
                "不小于 n exp(-2b)，则 A 的元素 exp(s - b)/z 不小于 (1 + s - b)/z，且至多大出 2 b^2 exp(2b)/n；"
                "而分子 1 + s - b 构成的矩阵的秩不超过 d + 1",
            ),
            given=[
                *attention,
                between(i, 1, n),
                between(j, 1, n),
                real(b, 0),
                real(z, 0, None, open=True),
                assume("the logit is at least -b", ge(logit, -b)),
                assume("the logit is at most b", le(logit, b)),
                assume("the row has a sum of at least that", ge(z * exp(2 * b), n)),
            ],
            says=[
                le(Rank(logits + (1 - b) * OneMatrix(n, 1) * OneMatrix(1, n)), d + 1),
                ge(exp(logit - b) / z, (1 + logit - b) / z),
                le(exp(logit - b) / z - (1 + logit - b) / z, 2 * b**2 * exp(2 * b) / n),
            ],
            witness={"Q": [["1"]], "K": [["-1/100"]], "i": "1", "j": "1", "b": "1/100", "z": "981/1000"},
            checks=[
                proof(
                    step("sum", apply("rank-sum", A=logits, B=(1 - b) * OneMatrix(n, 1) * OneMatrix(1, n))),
                    step("logits", apply("rank-product-left", A=Q / sqrt(d), C=K.T)),
                    step("factor", apply("rank-columns", W=Q / sqrt(d))),
                    step("constant", apply("rank-product-left", A=(1 - b) * OneMatrix(n, 1), C=OneMatrix(1, n))),
                    step("one-column", apply("rank-columns", W=(1 - b) * OneMatrix(n, 1))),
                    step(
                        "rank",
                        arithmetic("sum", "logits", "factor", "constant", "one-column"),
                        le(Rank(logits + (1 - b) * OneMatrix(n, 1) * OneMatrix(1, n)), d + 1),
                    ),
                    step("above", apply("exp-tangent", x=b - logit)),
                    step("below", apply("exp-second", x=b - logit)),
                    step("square", arithmetic(), le((b - logit) ** 2 / 2, 2 * b**2)),
                    step("numerator", arithmetic("below", "square"), le(exp(logit - b) - (1 + logit - b), 2 * b**2)),
                    step("entry-above", arithmetic("above"), ge(exp(logit - b) / z, (1 + logit - b) / z)),
                    step("over-sum", arithmetic("numerator"), le((exp(logit - b) - (1 + logit - b)) / z, 2 * b**2 / z)),
                    step("scaled", arithmetic(), ge(2 * b**2 * (z * exp(2 * b)), 2 * b**2 * n)),
                    step("sum-large", arithmetic("scaled"), le(2 * b**2 / z, 2 * b**2 * exp(2 * b) / n)),
                    step(
                        "entry",
                        arithmetic("over-sum", "sum-large"),
                        le(exp(logit - b) / z - (1 + logit - b) / z, 2 * b**2 * exp(2 * b) / n),
                    ),
                ),
                Search(),
            ],
            sources=["vaswani2017", "alman2023"],
            note=text(
                "softmax ignores a constant, so that A is exp(S - b) over its row sums, and sums of n such numbers are "
                "that large. What follows, and is not in the formula: rows divided keep the rank, and n^2 entries add "
                "up, so that A is within 2 b^2 exp(2b) of rank d + 1 in the Frobenius norm; d, and not n, governs A "
                "where the logits are small. A Taylor polynomial of degree p needs rank binomial(d + p, p) and covers "
                "larger b. The bound is below one for b up to 0.45 only; trained heads are measured in effective-rank",
                "softmax 不受常数影响，故 A 是 exp(S - b) 除以行和，而 n 个这样的数之和确有这么大。"
                "由此可推（不在公式之内）：各行相除不改变秩，n^2 个元素累加，故 A 与秩 d + 1 的某矩阵的 "
                "Frobenius 距离不超过 2 b^2 exp(2b)；对数几率较小时由 d 而非 n 决定 A。"
                "换成 p 次 Taylor 多项式需要秩 binomial(d + p, p)，可容许更大的 b。"
                "此界仅当 b 不超过 0.45 时小于一；训练得到的头见 effective-rank 的测量",
            ),
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
            id="effective-rank-bounded",
            role=caveat,
            expected=refuted,
            repair="few-directions",
            reading=text(
                "if not the rank, then the effective rank of A is at most min(n, d), for all queries and keys",
                "即使秩不然，A 的有效秩对任意查询与键也不超过 min(n, d)",
            ),
            given=attention,
            says=le(EffectiveRank(A), Min(n, d)),
            witness=one_dimension | {"K": [["0"], ["0"]]},
            checks=[Counter(values=one_dimension), Search()],
        ),
        Part(
            id="short-sequences",
            role=caveat,
            expected=proved,
            reading=text(
                "the bound on A is true where there are no more tokens than dimensions, n at most d, and there it says "
                "nothing: it is the bound n that every n x n matrix obeys",
                "当序列长度 n 不超过维数 d 时，A 的这一界成立，但毫无内容：它就是任何 n x n 矩阵都满足的界 n",
            ),
            given=[*attention, assume("no more tokens than dimensions", le(n, d))],
            says=le(Rank(A), Min(n, d)),
            witness={"Q": [["1"]], "K": [["1"]]},
            checks=[
                proof(step("rows", apply("rank-rows", W=A)), step("bound", arithmetic("rows"), le(Rank(A), Min(n, d)))),
                Search(),
            ],
            note=text(
                "the lemma calls d the hidden size and takes n to be much larger; if d is the width of the model, "
                "many inputs are shorter than that, and the lemma is empty for them; if d is the width of one "
                "head, n is larger and the bound fails",
                "引理称 d 为隐藏维度，并认为 n 远大于 d。若 d 是模型宽度，则许多输入比它短，引理没有内容；"
                "若 d 是单个头的宽度，则 n 更大而该界不成立",
            ),
        ),
        Part(
            id="is-a-weight",
            role=caveat,
            expected=refuted,
            reading=text(
                "the attention matrix is a weight of the network, as the lemma's title and its use for compression "
                "have it: with the weights fixed it is the same for all inputs X and Y",
                "注意力矩阵是网络的权重，如引理标题及其压缩用途所示：权重固定后，它对所有输入 X、Y 都相同",
            ),
            given=declare(X, Y, W_Q, W_K),
            says=eq(attended(X), attended(Y)),
            witness={"X": [["1"]], "Y": [["2"]], "W_Q": [["1"]], "W_K": [["1"]]},
            checks=[
                Counter(values={"X": [["0"], ["0"]], "Y": [["1"], ["0"]], "W_Q": [["1"]], "W_K": [["1"]]}),
                Search(),
            ],
            note=text(
                "it is computed anew for each input; what is stored, and could be compressed, is the form W_Q W_K', "
                "whose rank is at most d: table-11.2.1/head-product. A low rank of A would say nothing about weights",
                "它对每个输入重新计算；被存储、可以压缩的是双线性型 W_Q W_K'，其秩不超过 d："
                "见 table-11.2.1/head-product。即使 A 低秩，也不能说明权重低秩",
            ),
        ),
        *measured("lemma-11.19"),
    ],
)
