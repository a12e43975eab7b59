"""LoRA: the parametrisation, its rank, its scaling and its start (section 11.2.4)."""

from __future__ import annotations

from typing import Any

from sympy.matrices.expressions import ZeroMatrix

from claims.low_rank.records import RECORDS
from verify.authoring import *

m, n, r = sizes("m n r")
c, alpha = scalars("c alpha", positive=True)
eta = scalars("eta")
B, A, G = matrix("B", m, r), matrix("A", r, n), matrix("G", m, n)  # G: gradient of the loss at the present weights
W0, x = matrix("W_0", m, n), vector("x", n)
V = matrix("V", m, n)  # the weights that fine-tuning wants
B_left = matrix("B_left", r, m)

factors = declare(B, A)
full_rank = [assume("B has full column rank", eq(Rank(B), r)), assume("A has full row rank", eq(Rank(A), r))]
ones = {"B": [["1"]], "A": [["1"]]}
source_forward = W0 * x + (alpha / r) * B * A * x


def descent(b: Any, a: Any, size: Any) -> Any:
    """BA after one step of the given size on both factors, where G is the gradient by the matrix BA."""
    return (b - size * G * a.T) * (a - size * b.T * G)


def scaled_descent(s: Any) -> Any:
    """s BA after one step on the factors of W0 + s BA: each factor gradient carries the factor s once."""
    return s * descent(B, A, s * eta)


same_as_even = eq(scaled_descent(c**2), descent(c * B, c * A, c**2 * eta))

full_factors_full_product = (
    step("left", OneSidedInverse(of=B, called=B_left, side="left")),
    step("undone", algebra("left"), eq(B_left * B * A, A)),
    step("same-rank", Congruence(equation="undone"), eq(Rank(B_left * B * A), Rank(A))),
    step("not-larger", apply("rank-product-right", A=B_left, C=B * A)),
    step("at-most", apply("rank-product-right", A=B, C=A)),
    step("rank", arithmetic("same-rank", "not-larger", "at-most"), eq(Rank(B * A), r)),
)

parametrisation = Claim(
    label="definition-11.19",
    section="11.2.4 LoRA",
    title=text("The parametrisation of LoRA", "LoRA的参数化"),
    sources=["hu2022lora"],
    statement_tex=[
        r"\Delta W = B A, \quad B \in \mathbb{R}^{m \times r}, \; A \in \mathbb{R}^{r \times n}",
        r"h = W_0 x + B A x = (W_0 + B A) x",
    ],
    parts=[
        Part(
            id="forward",
            role=main,
            expected=proved,
            reading=text(
                "the path through the frozen weights plus the path through the factors equals one product with the sum",
                "经冻结权重的通路与经两个因子的通路之和，等于与两者之和作一次乘法",
            ),
            given=declare(W0, B, A, x),
            says=eq(W0 * x + B * A * x, (W0 + B * A) * x),
            witness={"W_0": [["1"]], "x": [["1"]]} | ones,
            checks=[proof(step("distribute", algebra(), eq(W0 * x + B * A * x, (W0 + B * A) * x))), Search()],
        ),
        Part(
            id="rank",
            role=main,
            expected=proved,
            reading=text("the increment has rank at most r", "增量的秩不超过 r"),
            given=factors,
            says=le(Rank(B * A), r),
            witness=ones,
            checks=[
                proof(
                    step("by-factor", apply("rank-product-left", A=B, C=A)),
                    step("columns", apply("rank-columns", W=B)),
                    step("rank", arithmetic("by-factor", "columns"), le(Rank(B * A), r)),
                ),
                Search(),
            ],
        ),
        Part(
            id="rank-exactly",
            role=caveat,
            expected=refuted,
            repair="rank-exactly-repaired",
            reading=text("the increment has rank exactly r, as its name suggests", "增量的秩恰为 r，如其名称所示"),
            given=[*factors, assume("r fits", le(r, Min(m, n)))],
            says=eq(Rank(B * A), r),
            witness=ones,
            checks=[Counter(values={"B": [["0"]], "A": [["1"]]}), Search()],
            note=text("r is a ceiling; training begins at rank zero", "r 只是上限；训练从秩为零处开始"),
        ),
        Part(
            id="rank-exactly-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "it has rank exactly r where both factors have full rank", "当两个因子都满秩时，增量的秩恰为 r"
            ),
            given=[*factors, *full_rank],
            says=eq(Rank(B * A), r),
            witness=ones,
            checks=[proof(*full_factors_full_product)],
        ),
        Part(
            id="full-rank-needed",
            role=caveat,
            expected=proved,
            reading=text(
                "and only there: an increment of rank r has two factors of rank r",
                "也仅在此时：秩为 r 的增量，其两个因子的秩都为 r",
            ),
            given=[*factors, assume("the increment has rank r", eq(Rank(B * A), r))],
            says=[eq(Rank(B), r), eq(Rank(A), r)],
            witness=ones,
            checks=[
                proof(
                    step("by-b", apply("rank-product-left", A=B, C=A)),
                    step("by-a", apply("rank-product-right", A=B, C=A)),
                    step("columns", apply("rank-columns", W=B)),
                    step("rows", apply("rank-rows", W=A)),
                    step("b", arithmetic("by-b", "columns"), eq(Rank(B), r)),
                    step("a", arithmetic("by-a", "rows"), eq(Rank(A), r)),
                )
            ],
        ),
        Part(
            id="scaling",
            role=caveat,
            expected=refuted,
            repair="scaling-repaired",
            reading=text(
                "the forward pass given is that of the paper that introduced the method; there the increment is "
                "multiplied by alpha/r, with a constant alpha",
                "此处的前向传播就是提出该方法的论文中的形式；而论文中增量乘有系数 alpha/r，其中 alpha 为常数",
            ),
            given=[*declare(W0, B, A, x), real(alpha, 0, open=True)],
            says=eq((W0 + B * A) * x, source_forward),
            witness={"W_0": [["1"]], "x": [["1"]], "alpha": "1"} | ones,
            checks=[
                Attributed(record="hu2022-scaled-forward", formula=source_forward, records=RECORDS),
                Counter(values={"W_0": [["0"]], "x": [["1"]], "alpha": "2"} | ones),
                Search(),
            ],
            sources=["hu2022lora"],
        ),
        Part(
            id="scaling-repaired",
            role=caveat,
            expected=proved,
            reading=text("the two forms agree where alpha = r", "当 alpha = r 时两种形式一致"),
            given=[*declare(W0, B, A, x), real(alpha, 0, open=True), assume("no scaling", eq(alpha, r))],
            says=eq((W0 + B * A) * x, source_forward),
            witness={"W_0": [["1"]], "x": [["1"]], "alpha": "1"} | ones,
            checks=[
                Attributed(record="hu2022-scaled-forward", formula=source_forward, records=RECORDS),
                proof(
                    step("one", arithmetic(), eq(alpha / r, 1)),
                    step("same", Congruence(equation="one"), eq(source_forward, (W0 + B * A) * x)),
                ),
            ],
            sources=["hu2022lora"],
        ),
        Part(
            id="scaling-absorbed",
            role=caveat,
            expected=refuted,
            repair="scaling-absorbed-repaired",
            reading=text(
                "the omitted scaling s is immaterial: taking it into B, which represents the same matrices, leaves "
                "the training step as it was",
                "省略的缩放系数 s 无关紧要：把它并入 B（表示的矩阵不变）后，训练的一步也不变",
            ),
            given=[*declare(B, A, G), real(eta), real(c, 0, open=True)],
            says=eq(scaled_descent(c), descent(c * B, A, eta)),
            witness={"G": [["1"]], "eta": "1", "c": "1"} | ones,
            checks=[Counter(values={"B": [["0"]], "A": [["1"]], "G": [["1"]], "eta": "1", "c": "2"}), Search()],
            note=text(
                "the scaling multiplies the first step from B = 0 by s squared: it is a learning rate in disguise",
                "从 B = 0 出发的第一步被放大 s 的平方倍：该系数是变相的学习率",
            ),
        ),
        Part(
            id="scaling-absorbed-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "scaling by s = c^2 is the same as no scaling with c taken into each factor and the step size "
                "multiplied by s",
                "以 s = c^2 缩放，等同于不缩放、把 c 分别并入两个因子、并把步长乘以 s",
            ),
            given=[*declare(B, A, G), real(eta), real(c, 0, open=True)],
            says=same_as_even,
            witness={"G": [["1"]], "eta": "1", "c": "1"} | ones,
            checks=[proof(step("same", algebra(), same_as_even)), Search()],
        ),
        Part(
            id="zero-start",
            role=caveat,
            expected=proved,
            reading=text(
                "at the start of the source, B = 0, the model is the pretrained one and A has no gradient: the first "
                "step moves B alone, and changes the matrix by -eta G A'A",
                "在原论文的起点 B = 0 处，模型即预训练模型，A 没有梯度：第一步只移动 B，矩阵的变化为 -eta G A'A",
            ),
            given=[*declare(B, A, G, W0), real(eta), assume("zero start", eq(B, ZeroMatrix(m, r)))],
            says=[eq(W0 + B * A, W0), eq(A - eta * B.T * G, A), eq(descent(B, A, eta), -eta * G * A.T * A)],
            witness={"B": [["0"]], "A": [["1"]], "G": [["1"]], "W_0": [["1"]], "eta": "1"},
            checks=[
                proof(
                    step("pretrained", algebra(), eq(W0 + B * A, W0)),
                    step("no-gradient", algebra(), eq(A - eta * B.T * G, A)),
                    step("first-step", algebra(), eq(descent(B, A, eta), -eta * G * A.T * A)),
                )
            ],
            note=text(
                "the definition names no start; with both factors zero nothing would ever be learned",
                "定义没有给出初始化；若两个因子都取零，则永远学不到任何东西",
            ),
            sources=["hu2022lora"],
        ),
        Part(
            id="redundant-weights",
            role=caveat,
            expected=refuted,
            repair="redundant-weights-repaired",
            reading=text(
                "because the pretrained weights are redundant an increment of low rank is enough: where W0 has rank at "
                "most r, the increment that leads to the weights V that are wanted has so too",
                "因预训练权重冗余，低秩增量便已足够：若 W0 的秩不超过 r，则通向所需权重 V 的增量的秩也不超过 r",
            ),
            given=[*declare(W0, V, r), assume("the pretrained weights are redundant", le(Rank(W0), r))],
            says=le(Rank(V - W0), r),
            witness={"W_0": [["1"]], "V": [["2"]], "r": "1"},
            checks=[
                Counter(values={"W_0": [["1", "0"], ["0", "0"]], "V": [["2", "0"], ["0", "1"]], "r": "1"}),
                Search(),
            ],
            sources=["hu2022lora"],
            note=text(
                "what the weights are says nothing of how they must change. The source (section 4.1) does not argue so "
                "either: it takes the pretrained weights to be of full rank as a rule, and assumes of the change "
                "itself that it has a low intrinsic rank",
                "权重本身如何，说明不了它须如何改变。来源论文（4.1 节）也不这样论证：它认为预训练权重通常满秩，"
                "所假设的是变化量本身的内在秩较低",
            ),
        ),
        Part(
            id="redundant-weights-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "the ranks before and after bound the rank of the change from both sides: it is at most their sum, and "
                "at least their difference, so that redundant weights W0 need a large increment to become weights of "
                "full rank",
                "前后两个权重的秩从两侧限制变化量的秩：不超过二者之和，不小于二者之差；因此冗余的 W0 要变为满秩的"
                "权重，反而需要高秩的增量",
            ),
            given=declare(W0, V),
            says=[le(Rank(V - W0), Rank(V) + Rank(W0)), le(Rank(V) - Rank(W0), Rank(V - W0))],
            witness={"W_0": [["1", "0"], ["0", "0"]], "V": [["2", "0"], ["0", "1"]]},
            checks=[
                proof(
                    step("sign", apply("rank-product-left", A=W0, C=-Identity(n)), le(Rank(-W0), Rank(W0))),
                    step("sum", apply("rank-sum", A=V, B=-W0)),
                    step("back", apply("rank-sum", A=V - W0, B=W0)),
                    step("most", arithmetic("sign", "sum"), le(Rank(V - W0), Rank(V) + Rank(W0))),
                    step("least", arithmetic("back"), le(Rank(V) - Rank(W0), Rank(V - W0))),
                ),
                Search(),
            ],
        ),
    ],
)
