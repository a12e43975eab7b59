"""LoRA: how many parameters the factors have (section 11.2.4)."""

from __future__ import annotations

from verify.authoring import *

m, n, r, K = sizes("m n r K")
B, A = matrix("B", m, r), matrix("A", r, n)

# --- Lemma 11.26: the parameter count -----------------------------------------------------------------------

shape = [*declare(m, n, r)]
ratio = m * n / (r * (m + n))
approximate = Min(m, n) / r
text_example = {"m": "4096", "n": "4096", "r": "32"}
example = [*shape, assume("m", eq(m, 4096)), assume("n", eq(n, 4096)), assume("r", eq(r, 32))]

parameter_count = Claim(
    label="lemma-11.26",
    section="11.2.4 LoRA",
    title=text("Parameters saved", "参数量节省"),
    sources=["hu2022lora"],
    statement_tex=[r"\frac{m n}{r (m + n)} \approx \frac{\min(m, n)}{r}", r"m = n = 4096, \; r = 32: \; 64"],
    parts=[
        Part(
            id="count",
            role=main,
            expected=proved,
            reading=text(
                "the two factors have m r and r n entries, together r (m + n)", "两个因子共有 mr + rn = r(m + n) 个元素"
            ),
            given=declare(B, A),
            says=eq(B.rows * B.cols + A.rows * A.cols, r * (m + n)),
            witness={"B": [["1"]], "A": [["1"]]},
            checks=[proof(step("count", arithmetic(), eq(m * r + r * n, r * (m + n))))],
        ),
        Part(
            id="saves",
            role=caveat,
            expected=refuted,
            repair="saves-repaired",
            reading=text(
                "the factors have fewer parameters than the matrix, for every r up to min(m, n)",
                "对不超过 min(m, n) 的任何 r，两个因子的参数都少于矩阵本身",
            ),
            given=[*shape, assume("r fits", le(r, Min(m, n)))],
            says=lt(r * (m + n), m * n),
            witness={"m": "3", "n": "3", "r": "1"},
            checks=[Counter(values={"m": "1", "n": "1", "r": "1"})],
        ),
        Part(
            id="saves-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "they have fewer where r is below half of min(m, n); exactly, where r < mn/(m + n)",
                "当 r 小于 min(m, n) 的一半时更少；确切条件为 r < mn/(m + n)",
            ),
            given=[*shape, assume("r below half", lt(2 * r, Min(m, n)))],
            says=lt(r * (m + n), m * n),
            witness={"m": "3", "n": "3", "r": "1"},
            checks=[
                proof(
                    step("rows", arithmetic(), lt(2 * r * m, n * m)),
                    step("columns", arithmetic(), lt(2 * r * n, m * n)),
                    step("fewer", arithmetic("rows", "columns"), lt(r * (m + n), m * n)),
                )
            ],
        ),
        Part(
            id="break-even",
            role=caveat,
            expected=refuted,
            repair="saves-repaired",
            reading=text(
                "a rank of exactly half of min(m, n) still saves parameters", "秩恰为 min(m, n) 的一半时仍能节省参数"
            ),
            given=[*shape, assume("r at most half", le(2 * r, Min(m, n)))],
            says=lt(r * (m + n), m * n),
            witness={"m": "3", "n": "3", "r": "1"},
            checks=[Counter(values={"m": "2", "n": "2", "r": "1"}), Search()],
            note=text(
                "for square matrices half the side is the break-even point: the strict inequality of the repair is "
                "sharp",
                "对方阵，边长的一半正是盈亏平衡点：修正条件中的严格不等号不能放宽",
            ),
        ),
        Part(
            id="costs-more",
            role=caveat,
            expected=proved,
            reading=text(
                "from r = min(m, n) on the factors have more parameters than the matrix, although the product then "
                "reaches every matrix: full training is the cheaper parametrisation there",
                "当 r 不小于 min(m, n) 时，因子的参数多于矩阵本身（此时乘积可取到任何矩阵）：直接训练全部参数更省",
            ),
            given=[*shape, assume("r not below a side", ge(r, Min(m, n)))],
            says=gt(r * (m + n), m * n),
            witness={"m": "1", "n": "1", "r": "1"},
            checks=[proof(step("more", arithmetic(), gt(r * (m + n), m * n))), Search()],
        ),
        Part(
            id="approximation",
            role=main,
            expected=refuted,
            repair="approximation-repaired",
            reading=text(
                "for r far below min(m, n), here a thousandth, min(m, n)/r is an approximation of the ratio: wrong by "
                "less than a factor of two",
                "当 r 远小于 min(m, n)（此处取千分之一）时，min(m, n)/r 近似于压缩比：相差不到两倍",
            ),
            given=[*shape, assume("r far below", le(1000 * r, Min(m, n)))],
            says=lt(approximate, 2 * ratio),
            witness={"m": "1000", "n": "2000", "r": "1"},
            checks=[Counter(values={"m": "1000", "n": "1000", "r": "1"})],
            note=text(
                "for square matrices the approximation is twice the ratio, however small r is: the error does not "
                "depend on r",
                "对方阵，该近似恰为压缩比的两倍，无论 r 多小：误差与 r 无关",
            ),
        ),
        Part(
            id="approximation-repaired",
            role=main,
            expected=proved,
            reading=text(
                "the ratio is min(m, n)/r times max(m, n)/(m + n): at least half of min(m, n)/r, always less than it, "
                "and close to it only where one side far exceeds the other",
                "压缩比等于 min(m, n)/r 乘以 max(m, n)/(m + n)：不小于 min(m, n)/r 的一半，恒小于它，"
                "仅当一边远大于另一边时接近",
            ),
            given=shape,
            says=[eq(ratio, approximate * Max(m, n) / (m + n)), ge(ratio, approximate / 2), lt(ratio, approximate)],
            witness={"m": "2", "n": "3", "r": "1"},
            checks=[
                proof(
                    step("product", arithmetic(), eq(Min(m, n) * Max(m, n), m * n)),
                    step("sum", arithmetic(), eq(Min(m, n) + Max(m, n), m + n)),
                    step("factor", arithmetic("product"), eq(ratio, approximate * Max(m, n) / (m + n))),
                    step("share", arithmetic("sum"), ge(Max(m, n) / (m + n), Rational(1, 2))),
                    step("share-below", arithmetic("sum"), lt(Max(m, n) / (m + n), 1)),
                    step("positive", arithmetic(), gt(approximate, 0)),
                    step("half", arithmetic("factor", "share", "positive"), ge(ratio, approximate / 2)),
                    step("less", arithmetic("factor", "share-below", "positive"), lt(ratio, approximate)),
                )
            ],
        ),
        Part(
            id="example",
            role=main,
            expected=proved,
            reading=text(
                "for m = n = 4096 and r = 32 the ratio itself, mn/(r(m + n)), is 64",
                "m = n = 4096、r = 32 时，压缩比 mn/(r(m + n)) 等于 64",
            ),
            given=example,
            says=eq(ratio, 64),
            witness=text_example,
            checks=[proof(step("value", arithmetic(), eq(ratio, 64)))],
        ),
        Part(
            id="example-by-approximation",
            role=caveat,
            expected=refuted,
            repair="example",
            reading=text(
                "the approximation min(m, n)/r also gives the 64 of the example", "近似式 min(m, n)/r 也给出例中的 64"
            ),
            given=example,
            says=eq(approximate, 64),
            witness=text_example,
            checks=[Counter(values=text_example)],
            note=text(
                "it gives 128: the text's own example contradicts the approximation beside it",
                "它给出 128：原文的例子与旁边的近似式自相矛盾",
            ),
        ),
        Part(
            id="stored-model",
            role=caveat,
            expected=refuted,
            repair="stored-model-repaired",
            reading=text(
                "the ratio is one of compression: the fine-tuned model, that is W0 and the factors, takes fewer "
                "numbers than the matrix alone",
                "该比值是压缩比：微调后的模型（W0 与两个因子）所占的参数少于矩阵本身",
            ),
            given=shape,
            says=lt(m * n + r * (m + n), m * n),
            witness={"m": "1", "n": "1", "r": "1"},
            checks=[Counter(values={"m": "1", "n": "1", "r": "1"})],
            note=text(
                "the ratio counts what is trained and what is stored beside W0; no choice of r makes the model smaller",
                "该比值统计的是训练的参数，即 W0 之外另存的参数；无论 r 取何值，模型都不会变小",
            ),
        ),
        Part(
            id="stored-model-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "what is saved is stored once for K tasks: with r at most a quarter of min(m, n), three or more tasks "
                "that share W0 take fewer numbers than a matrix for each",
                "节省体现在 K 个任务共用一个 W0：若 r 不超过 min(m, n) 的四分之一，则三个或更多任务共用 W0 时，"
                "所占参数少于每个任务各存一个矩阵",
            ),
            given=[*shape, *declare(K), assume("r small", le(4 * r, Min(m, n))), assume("three tasks", ge(K, 3))],
            says=lt(m * n + K * r * (m + n), K * m * n),
            note=text(
                "the source counts in this way: one copy of the model, and a small file for each task",
                "来源论文正是这样计数的：模型只存一份，每个任务另存一个小文件",
            ),
            witness={"m": "4", "n": "4", "r": "1", "K": "3"},
            checks=[
                proof(
                    step("rows", arithmetic(), le(4 * r * m, n * m)),
                    step("columns", arithmetic(), le(4 * r * n, m * n)),
                    step("factors", arithmetic("rows", "columns"), le(2 * r * (m + n), m * n)),
                    step("tasks", arithmetic("factors"), le(K * (2 * r * (m + n)), K * (m * n))),
                    step("shared", arithmetic(), le(3 * (m * n), K * (m * n))),
                    step("fewer", arithmetic("tasks", "shared"), lt(m * n + K * r * (m + n), K * m * n)),
                ),
                Search(),
            ],
        ),
    ],
)
