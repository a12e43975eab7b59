"""A low-rank matrix with noise: what the noise does to the singular values (section 11.2.2)."""

from __future__ import annotations

from verify.authoring import *

m, n, r0 = sizes("m n r_0")
i, j = indices("i j")
W0, E = matrix("W_0", m, n), matrix("E", m, n)
s = Sigma
W = W0 + E
noise = s(E, 1)

low_rank_plus_noise = [*declare(W0, E, r0), assume("rank of the low-rank part", eq(Rank(W0), r0))]
in_head, in_tail = between(i, 1, r0), between(i, r0 + 1, Min(m, n))
identity_3 = [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]]
diagonal_2_0 = [["2", "0"], ["0", "0"]]
diagonal_minus_1_1 = [["-1", "0"], ["0", "1"]]

above = (
    step("down", apply("weyl", A=W, B=-E, i=i, j=1), le(s(W0, i), s(W, i) + s(-E, 1))),
    step("sign", apply("negation", W=E, i=1)),
    step("not-below", arithmetic("down", "sign"), le(s(W0, i) - noise, s(W, i))),
)
below = (
    step("up", apply("weyl", A=W0, B=E, i=i, j=1)),
    step("not-above", arithmetic("up"), le(s(W, i), s(W0, i) + noise)),
)
tail_from_above = (
    step("of-noise", apply("weyl", A=W0, B=E, i=r0 + 1, j=j)),
    step("no-more", apply("beyond-rank", W=W0, i=r0 + 1)),
    step("at-most", arithmetic("of-noise", "no-more"), le(s(W, r0 + j), s(E, j))),
)
tail_from_below = (
    step("same-rank", apply("rank-product-left", A=W0, C=-Identity(n)), le(Rank(-W0), Rank(W0))),
    step("no-more-there", apply("beyond-rank", W=-W0, i=r0 + 1)),
    step("back", apply("weyl", A=W, B=-W0, i=r0 + j, j=r0 + 1), le(s(E, 2 * r0 + j), s(W, r0 + j) + s(-W0, r0 + 1))),
    step("at-least", arithmetic("back", "no-more-there"), le(s(E, 2 * r0 + j), s(W, r0 + j))),
)
above_at_rank = (
    step("down", apply("weyl", A=W, B=-E, i=r0, j=1), le(s(W0, r0), s(W, r0) + s(-E, 1))),
    step("sign", apply("negation", W=E, i=1)),
)
step_at_rank = (
    *above_at_rank,
    step("up", apply("weyl", A=W0, B=E, i=r0 + 1, j=1)),
    step("no-more", apply("beyond-rank", W=W0, i=r0 + 1)),
    step("height", arithmetic("down", "sign", "up", "no-more"), ge(s(W, r0) - s(W, r0 + 1), s(W0, r0) - 2 * noise)),
)

staircase = Claim(
    label="lemma-11.21",
    section="11.2.2 Decay of singular values",
    title=text("Singular values of a low-rank matrix with noise", "低秩矩阵加噪声的奇异值"),
    statement_tex=[
        r"W = W_0 + E, \quad \operatorname{rank}(W_0) = r_0",
        r"\sigma_i(W) \approx \sigma_i(W_0), \quad 1 \le i \le r_0",
    ],
    parts=[
        Part(
            id="top-close",
            role=main,
            expected=proved,
            reading=text(
                "each of the first r0 singular values of the sum is within the largest singular value of the noise "
                "of that of the low-rank part",
                "和矩阵的前 r0 个奇异值与低秩部分的对应奇异值之差都不超过噪声的最大奇异值",
            ),
            given=[*low_rank_plus_noise, in_head],
            says=[le(s(W0, i) - noise, s(W, i)), le(s(W, i), s(W0, i) + noise)],
            witness={"W_0": diagonal_2_0, "E": diagonal_minus_1_1, "r_0": "1", "i": "1"},
            checks=[proof(*above, *below), Search()],
            sources=["weyl1912"],
            note=text(
                "the bound is absolute: a signal value that is small against the noise is not kept in proportion. "
                "The lemma is named after matrix completion, but no entry is missing in it: it is about denoising, "
                "and nothing here speaks of unseen entries",
                "这是绝对误差的界：相对噪声很小的信号奇异值并不能按比例保持。引理以“矩阵补全”为名，"
                "但并没有缺失的元素：它讲的是去噪，与未观测到的元素无关",
            ),
        ),
        Part(
            id="top-larger-than-noise",
            role=caveat,
            expected=refuted,
            repair="top-larger-than-noise-repaired",
            reading=text(
                "the first r0 singular values of the sum stand out: each is above the largest singular value of "
                "the noise",
                "和矩阵的前 r0 个奇异值十分突出：每一个都大于噪声的最大奇异值",
            ),
            given=[*low_rank_plus_noise, in_head],
            says=gt(s(W, i), noise),
            witness={"W_0": [["3"]], "E": [["1"]], "r_0": "1", "i": "1"},
            checks=[Counter(values={"W_0": [["1"]], "E": [["-1"]], "r_0": "1", "i": "1"}), Search()],
            note=text(
                "noise can wipe out a signal value of its own size altogether",
                "噪声可以把与它同样大小的信号奇异值完全抹去",
            ),
        ),
        Part(
            id="top-larger-than-noise-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "they stand out where the smallest signal value exceeds twice the noise",
                "若最小的信号奇异值大于噪声的两倍，则它们都大于噪声",
            ),
            given=[*low_rank_plus_noise, assume("gap", gt(s(W0, r0), 2 * noise)), in_head],
            says=gt(s(W, i), noise),
            witness={"W_0": [["3"]], "E": [["1"]], "r_0": "1", "i": "1"},
            checks=[
                proof(
                    *above_at_rank,
                    step("order", apply("order", W=W, i=r0, j=i)),
                    step("out", arithmetic("down", "sign", "order"), gt(s(W, i), noise)),
                ),
                Search(),
            ],
            sources=["weyl1912"],
        ),
        Part(
            id="tail-small",
            role=main,
            expected=proved,
            reading=text(
                "every singular value of the sum after the first r0 is at most the largest singular value of the noise",
                "和矩阵第 r0 个以后的奇异值都不超过噪声的最大奇异值",
            ),
            given=[*low_rank_plus_noise, in_tail],
            says=le(s(W, i), noise),
            witness={"W_0": diagonal_2_0, "E": diagonal_minus_1_1, "r_0": "1", "i": "2"},
            checks=[
                proof(
                    step("up", apply("weyl", A=W0, B=E, i=i, j=1)),
                    step("no-more", apply("beyond-rank", W=W0, i=i)),
                    step("at-most", arithmetic("up", "no-more"), le(s(W, i), noise)),
                ),
                Search(),
            ],
            sources=["weyl1912"],
        ),
        Part(
            id="tail-is-noise",
            role=caveat,
            expected=refuted,
            repair="tail-is-noise-repaired",
            reading=text(
                "the singular values after the first r0 are those of the noise, in order",
                "第 r0 个以后的奇异值依次就是噪声的奇异值",
            ),
            given=[*low_rank_plus_noise, between(j, 1, Min(m, n) - r0)],
            says=eq(s(W, r0 + j), s(E, j)),
            witness={"W_0": diagonal_2_0, "E": [["0", "0"], ["0", "1"]], "r_0": "1", "j": "1"},
            checks=[
                Counter(values={"W_0": [["1", "0"], ["0", "0"]], "E": [["1", "0"], ["0", "0"]], "r_0": "1", "j": "1"}),
                Search(),
            ],
            note=text(
                "the part of the noise that lies in the directions of the signal moves the signal and leaves the tail",
                "落在信号方向上的那部分噪声只移动信号，不进入尾部",
            ),
        ),
        Part(
            id="tail-is-noise-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the tail lies between singular values of the noise: value r0 + j is at most value j of the noise, and "
                "at least its value 2 r0 + j",
                "尾部夹在噪声的奇异值之间：第 r0 + j 个不超过噪声的第 j 个，且不小于噪声的第 2 r0 + j 个",
            ),
            given=[*low_rank_plus_noise, between(j, 1, Min(m, n))],
            says=[le(s(W, r0 + j), s(E, j)), ge(s(W, r0 + j), s(E, 2 * r0 + j))],
            witness={"W_0": [["1", "0", "0"], *[["0", "0", "0"]] * 2], "E": identity_3, "r_0": "1", "j": "1"},
            checks=[
                proof(
                    *tail_from_above,
                    *tail_from_below,
                    step("turned", arithmetic("at-least"), ge(s(W, r0 + j), s(E, 2 * r0 + j))),
                ),
                Search(),
            ],
            sources=["weyl1912"],
        ),
        Part(
            id="staircase",
            role=main,
            expected=refuted,
            repair="staircase-repaired",
            reading=text(
                "there is a step after the r0-th singular value, whatever the sizes of signal and noise. The formula "
                "asks for the least that a step can mean: the next value is smaller",
                "无论信号与噪声大小如何，第 r0 个奇异值之后都有一个台阶。公式只要求台阶最起码的含义：下一个奇异值更小",
            ),
            given=[*low_rank_plus_noise, assume("a next value", lt(r0, Min(m, n)))],
            says=gt(s(W, r0), s(W, r0 + 1)),
            witness={"W_0": diagonal_2_0, "E": [["0", "0"], ["0", "1"]], "r_0": "1"},
            checks=[Counter(values={"W_0": diagonal_2_0, "E": diagonal_minus_1_1, "r_0": "1"}), Search()],
            note=text(
                "noise can fill the step exactly: here the sum of both matrices is the identity",
                "噪声可以恰好填平台阶：此例中两矩阵之和是单位矩阵",
            ),
        ),
        Part(
            id="staircase-repaired",
            role=main,
            expected=proved,
            reading=text(
                "if the smallest signal value exceeds twice the noise, there is a step, and it is at least the "
                "difference of the two",
                "若最小的信号奇异值大于噪声的两倍，则存在台阶，其高度不小于两者之差",
            ),
            given=[*low_rank_plus_noise, assume("gap", gt(s(W0, r0), 2 * noise))],
            says=[ge(s(W, r0) - s(W, r0 + 1), s(W0, r0) - 2 * noise), gt(s(W, r0), s(W, r0 + 1))],
            witness={"W_0": [["201", "0"], ["0", "0"]], "E": [["-100", "0"], ["0", "100"]], "r_0": "1"},
            checks=[proof(*step_at_rank, step("positive", arithmetic("height"), gt(s(W, r0), s(W, r0 + 1)))), Search()],
            sources=["weyl1912"],
        ),
        Part(
            id="gap-of-two-is-sharp",
            role=caveat,
            expected=refuted,
            repair="staircase-repaired",
            reading=text(
                "a smallest signal value of exactly twice the noise already makes a step",
                "最小的信号奇异值恰为噪声的两倍时就已出现台阶",
            ),
            given=[
                *low_rank_plus_noise,
                assume("a next value", lt(r0, Min(m, n))),
                assume("gap", ge(s(W0, r0), 2 * noise)),
            ],
            says=gt(s(W, r0), s(W, r0 + 1)),
            witness={"W_0": diagonal_2_0, "E": [["0", "0"], ["0", "1"]], "r_0": "1"},
            checks=[Counter(values={"W_0": diagonal_2_0, "E": diagonal_minus_1_1, "r_0": "1"}), Search()],
            note=text(
                "no constant below two could replace it in the repaired statement", "因此修正命题中的常数二不能再减小"
            ),
        ),
        Part(
            id="widest-step",
            role=caveat,
            expected=refuted,
            repair="staircase-repaired",
            reading=text(
                "with a gap, the widest step of the sum is the one after the r0-th value, so that looking for it finds "
                "the rank of the low-rank part",
                "有间隙时，和矩阵最大的台阶就在第 r0 个值之后，因此找出最大台阶就找到了低秩部分的秩",
            ),
            given=[
                *low_rank_plus_noise,
                assume("gap", gt(s(W0, r0), 2 * noise)),
                between(i, 1, r0),
                assume("a next value", lt(r0, Min(m, n))),
            ],
            says=ge(s(W, r0) - s(W, r0 + 1), s(W, i) - s(W, i + 1)),
            witness={"W_0": diagonal_2_0, "E": [["0", "0"], ["0", "1/2"]], "r_0": "1", "i": "1"},
            checks=[
                Counter(
                    values={
                        "W_0": [["3", "0", "0"], ["0", "1", "0"], ["0", "0", "0"]],
                        "E": [["0", "0", "0"], ["0", "0", "0"], ["0", "0", "0"]],
                        "r_0": "2",
                        "i": "1",
                    }
                ),
                Search(),
            ],
            note=text(
                "a signal whose own values decay has wider steps inside; even without noise the widest one misleads",
                "若信号自身的奇异值衰减，内部可能有更大的台阶；即使没有噪声，最大的台阶也会误导",
            ),
        ),
    ],
)
