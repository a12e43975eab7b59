"""Accumulation of approximation errors over layers (section 11.2.5)."""

from __future__ import annotations

from claims.low_rank.error.chains import (
    D,
    F,
    L,
    V,
    accumulation,
    bound,
    d,
    delta,
    errors,
    gap,
    growth,
    j,
    l,
    norms,
    rest_above,
    sum_below,
    telescoping,
    w,
    widened,
)
from claims.low_rank.spared import ANY_NORM, SMALLER_SIDE
from verify.authoring import *

m, n = sizes("m n")
A, B, x = matrix("A", m, n), matrix("B", m, n), vector("x", n)
y = vector("x", d)

before, exact, replaced = vector("y", n), vector("p", m), vector("q", m)
low, high = scalars("a b")
handed_on = le(SpectralNorm(exact), SpectralNorm(A) * low)
error_handed_on = le(
    SpectralNorm(replaced - exact), (SpectralNorm(A) + SpectralNorm(B - A)) * high - SpectralNorm(A) * low
)

two_layers = {
    "W": [[["3", "0"], ["0", "1"]], [["1", "0"], ["0", "3"]]],
    "V": [[["3", "0"], ["0", "0"]], [["0", "0"], ["0", "3"]]],
}
same_layers = {"W": [[["1"]], [["2"]]], "V": [[["1"]], [["2"]]]}
diagonal_2_1 = [["2", "0"], ["0", "1"]]
nonzero = [assume("no layer is zero", gt(norms(L), 0)), assume("output is not zero", gt(SpectralNorm(Chain(F, L)), 0))]
relative = sigma_sum(delta(l) / w(l) * product(1 + delta(j) / w(j), j, l + 1, L), l, 1, L)
absolute = sigma_sum(delta(l) * product(1 + delta(j), j, l + 1, L), l, 1, L)

grows = text(
    "also true: the difference of the two products grows with every norm in it",
    "同样成立：两个乘积之差随其中每个范数递增",
)

error_accumulation = Claim(
    label="lemma-11.30",
    section="11.2.5 Error and generalisation",
    title=text("Accumulation of layer errors", "误差累积分析"),
    statement_tex=[
        r"\epsilon \le \sum_{l=1}^{L} \epsilon_l \prod_{j=l+1}^{L} (1 + \epsilon_j)",
        r"\epsilon \approx \sum_{l=1}^{L} \epsilon_l",
    ],
    parts=[
        Part(
            id="telescoping",
            role=caveat,
            expected=proved,
            reading=text(
                "the right side telescopes to the product of all (1 + e_l), less one",
                "右端可缩并为所有 (1 + e_l) 的乘积减一",
            ),
            given=declare(D),
            says=eq(bound(L), growth(L) - 1),
            witness={"E": [[["1"]], [["2"]]]},
            checks=[
                proof(step("induction", telescoping), step("all-layers", Instance(of="induction", at=L))),
                Search(),
            ],
        ),
        Part(
            id="bound-relative-to-norms",
            role=caveat,
            expected=proved,
            reading=text(
                "for a chain of linear layers the error of the product is at most prod(w_l + delta_l) - prod(w_l), "
                "with w_l the "
                "layer's spectral norm and delta_l that of its error; divided by prod(w_l) this is the bound of "
                "the text, "
                "for the error relative to the product of the norms",
                "线性层的链中，乘积的误差不超过 prod(w_l + delta_l) - prod(w_l)，其中 w_l 为层的谱范数、delta_l "
                "为其误差的谱范数；"
                "除以 prod(w_l) 即为原文的界，此时误差是相对于各层范数之积而言",
            ),
            given=declare(F, V),
            says=le(gap(L), widened(L) - norms(L)),
            witness=two_layers,
            checks=[proof(*accumulation), Search()],
            spared={
                "Frobenius norm for spectral norm in conclusion 1, at ‖W_l‖_2": grows,
                "Frobenius norm for spectral norm in conclusion 1, at ‖V_l - W_l‖_2": grows,
            },
        ),
        Part(
            id="bound-relative-to-output",
            role=main,
            expected=refuted,
            repair="bound-relative-to-output-repaired",
            reading=text(
                "the error relative to the real output, the product of the layers, obeys the bound",
                "相对于真实输出（各层之积）的误差满足该界",
            ),
            given=[*declare(F, V), *nonzero],
            says=le(gap(L), SpectralNorm(Chain(F, L)) * relative),
            witness=same_layers,
            checks=[Counter(values=two_layers), Search()],
            note=text(
                "in the example every layer is replaced by its best approximation of rank one; the product of the "
                "norms "
                "exceeds the norm of the product, and the bound misses that factor",
                "例中每一层都换成其最佳秩一近似；各层范数之积大于乘积的范数，原文的界缺少这一因子",
            ),
        ),
        Part(
            id="bound-relative-to-output-repaired",
            role=main,
            expected=proved,
            reading=text(
                "relative to the output, the bound gains the factor prod(w_l) / norm of the product",
                "相对于输出，该界需乘以因子 prod(w_l) / 乘积的范数",
            ),
            given=[*declare(F, V), *nonzero],
            says=le(gap(L) / SpectralNorm(Chain(F, L)), (widened(L) - norms(L)) / SpectralNorm(Chain(F, L))),
            witness=two_layers,
            checks=[
                proof(
                    *accumulation,
                    step(
                        "divided",
                        arithmetic("all-layers"),
                        le(gap(L) / SpectralNorm(Chain(F, L)), (widened(L) - norms(L)) / SpectralNorm(Chain(F, L))),
                    ),
                ),
                Search(),
            ],
            spared={
                "Frobenius norm for spectral norm in conclusion 1, at ‖W_l‖_2": grows,
                "Frobenius norm for spectral norm in conclusion 1, at ‖V_l - W_l‖_2": grows,
                "drop hypothesis output is not zero": text(
                    "only a zero output is admitted in addition, and a relative error has no value there",
                    "新增的只有输出为零的情形，此时相对误差没有值",
                ),
            },
        ),
        Part(
            id="bound-absolute",
            role=caveat,
            expected=refuted,
            repair="bound-absolute-repaired",
            reading=text("read with absolute errors throughout", "全部按绝对误差理解"),
            given=declare(F, V),
            says=le(gap(L), absolute),
            witness=same_layers,
            checks=[Counter(values={"W": [[["2"]], [["2"]]], "V": [[["3"]], [["3"]]]}), Search()],
        ),
        Part(
            id="bound-absolute-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "absolute errors need the norms of the other layers: prod(w_l + delta_l) - prod(w_l)",
                "绝对误差的界需要其余各层的范数：prod(w_l + delta_l) - prod(w_l)",
            ),
            given=declare(F, V),
            says=le(gap(L), widened(L) - norms(L)),
            witness={"W": [[["2"]], [["2"]]], "V": [[["3"]], [["3"]]]},
            checks=[proof(*accumulation)],
        ),
        Part(
            id="first-order",
            role=main,
            expected=proved,
            reading=text(
                "the sum of the e_l is the first-order term of the bound: the rest R is nonnegative and "
                "R (1 - sum) <= sum^2 / 2, that is R <= sum^2 / (2 - 2 sum) while the sum is below one",
                "e_l 之和是该界的一阶项：余项 R 非负，且 R(1 - 和) <= 和^2/2，即和小于一时 R <= 和^2/(2 - 2 和)",
            ),
            given=declare(D),
            says=[le(errors(L), growth(L) - 1), le((growth(L) - 1 - errors(L)) * (1 - errors(L)), errors(L) ** 2 / 2)],
            witness={"E": [[["1/100"]], [["1/100"]], [["1/100"]]]},
            checks=[
                proof(
                    step("below", sum_below),
                    step("above", rest_above),
                    step("below-all", Instance(of="below", at=L)),
                    step("above-all", Instance(of="above", at=L)),
                    step("first", arithmetic("below-all"), le(errors(L), growth(L) - 1)),
                    step(
                        "rest",
                        arithmetic("above-all"),
                        le((growth(L) - 1 - errors(L)) * (1 - errors(L)), errors(L) ** 2 / 2),
                    ),
                ),
                Search(),
            ],
            spared={
                "sum of conclusion 1 starts one later": SMALLER_SIDE,
                "sum of conclusion 1 ends one earlier": SMALLER_SIDE,
                "Frobenius norm for spectral norm in conclusion 1": ANY_NORM,
                "sharpen conclusion 2 by 0.99": text(
                    "false, but only chains of more than a hundred layers tell it: 200 layers of one "
                    "entry 1/100000 break it; the constant one half is reached in the limit of many small "
                    "errors",
                    "不成立，但只有超过一百层的链才能分辨：200 层、每层只有一个元素 1/1000"
                    "00 即为反例；许多小误差的极限达到常数二分之一",
                ),
                "Frobenius norm for spectral norm in conclusion 2": ANY_NORM,
            },
        ),
        Part(
            id="first-order-of-total",
            role=caveat,
            expected=refuted,
            repair="bound-relative-to-norms",
            reading=text(
                "the total error itself, not only its bound, is about the sum of the layer errors: at least half "
                "of it, "
                "when the sum is at most a tenth",
                "总误差本身（而不只是它的界）约等于各层误差之和：当和不超过十分之一时，至少是其一半",
            ),
            given=[
                *declare(F, V),
                *nonzero,
                assume("small errors", le(sigma_sum(delta(l) / w(l), l, 1, L), sp.Rational(1, 10))),
            ],
            says=ge(2 * gap(L), SpectralNorm(Chain(F, L)) * sigma_sum(delta(l) / w(l), l, 1, L)),
            witness=same_layers,
            checks=[Counter(values={"W": [[["20"]], [["21"]]], "V": [[["21"]], [["20"]]]})],
            note=text("layer errors can cancel", "各层误差可以相互抵消"),
        ),
        Part(
            id="bound-on-one-input",
            role=caveat,
            expected=refuted,
            repair="bound-on-one-input-repaired",
            reading=text(
                "the relative error of what the network puts out on an input x obeys the bound, for a single linear "
                "layer; the output of a network is a vector, and that is the error a user sees",
                "网络在输入 x 上输出的相对误差满足该界（仅一个线性层）；网络的输出是向量，用户看到的正是这个误差",
            ),
            given=[*declare(A, B), *declare(x)[1:]],
            says=le(FrobeniusNorm((B - A) * x) * SpectralNorm(A), FrobeniusNorm(A * x) * SpectralNorm(B - A)),
            witness={"A": diagonal_2_1, "B": diagonal_2_1, "x": [["1"], ["1"]]},
            checks=[Counter(values={"A": diagonal_2_1, "B": [["2", "0"], ["0", "0"]], "x": [["0"], ["1"]]}), Search()],
            note=text(
                "the text does not say of what the error is, nor in which norm; this is the reading closest to its "
                "words, and the first layer alone breaks it",
                "原文没有说明误差是谁的误差、取什么范数；这是最贴近字面的理解，而一层就足以推翻它",
            ),
        ),
        Part(
            id="bound-on-one-input-repaired",
            role=caveat,
            expected=proved,
            depends_on=("lemma-11.30/bound-relative-to-norms",),
            reading=text(
                "on any input the error of the output is at most (prod(w_l + delta_l) - prod(w_l)) times the norm of "
                "the input: relative to the largest output that the norms allow, not to the output itself",
                "对任何输入，输出误差不超过 (prod(w_l + delta_l) - prod(w_l)) 乘以输入的范数：这是相对于各层范数"
                "所允许的最大输出，而非相对于实际输出",
            ),
            given=[*declare(F, V), *declare(y)[1:]],
            says=le(SpectralNorm((Chain(V, L) - Chain(F, L)) * y), (widened(L) - norms(L)) * SpectralNorm(y)),
            witness={**two_layers, "x": [["1"], ["0"]]},
            checks=[
                proof(
                    *accumulation,
                    step("through", apply("submultiplicative", A=Chain(V, L) - Chain(F, L), C=y)),
                    step(
                        "output",
                        arithmetic("all-layers", "through"),
                        le(SpectralNorm((Chain(V, L) - Chain(F, L)) * y), (widened(L) - norms(L)) * SpectralNorm(y)),
                    ),
                )
            ],
        ),
        Part(
            id="nonlinear",
            role=caveat,
            expected=refuted,
            repair="nonlinear-repaired",
            reading=text(
                "the bound holds through an activation function, as in every deep network; here one layer followed by "
                "the entrywise exponential, error relative to the output",
                "如同任何深度网络那样经过激活函数后，该界仍成立；此处取一层之后接逐元素指数，误差相对于输出",
            ),
            given=[*declare(A, B), *declare(x)[1:]],
            says=le(
                FrobeniusNorm(Exp(B * x) - Exp(A * x)) * SpectralNorm(A),
                FrobeniusNorm(Exp(A * x)) * SpectralNorm(B - A),
            ),
            witness={"A": [["1"]], "B": [["1"]], "x": [["1"]]},
            checks=[Counter(values={"A": [["1"]], "B": [["2"]], "x": [["1"]]}), Search()],
            note=text(
                "the bound has no room for the slope of the activation; an activation that expands needs its "
                "Lipschitz constant as a factor of each layer",
                "该界没有计入激活函数的斜率；会放大的激活须在每层乘以其Lipschitz常数",
            ),
        ),
        Part(
            id="nonlinear-repaired",
            role=caveat,
            expected=proved,
            reading=text(
                "with an activation that stretches no difference and keeps zero (ReLU, tanh), each layer hands the "
                "bound of the linear chain on: p and q are the outputs of the exact layer A on x and of the replaced "
                "layer B on y. If |x| is at most a and |y - x| at most b - a, the same holds of p and q with w a and "
                "(w + delta) b, where w is the norm of A and delta that of B - A",
                "若激活函数不放大差、且保持零（ReLU、tanh），则每一层都把线性链的界传递下去：p 是原层 A 对 x 的输出，"
                "q 是替换层 B 对 y 的输出。若 |x| 不超过 a、|y - x| 不超过 b - a，则 p、q 以 w a 与 (w + delta) b "
                "满足同样的界，其中 w 为 A 的范数，delta 为 B - A 的范数",
            ),
            given=[
                *declare(A, B, x, before),
                *declare(exact, replaced)[1:],
                real(low),
                real(high),
                assume("the input is bounded", le(SpectralNorm(x), low)),
                assume("the error so far is bounded", le(SpectralNorm(before - x), high - low)),
                assume("the activation keeps zero", le(SpectralNorm(exact), SpectralNorm(A * x))),
                assume(
                    "the activation stretches no difference",
                    le(SpectralNorm(replaced - exact), SpectralNorm(B * before - A * x)),
                ),
            ],
            says=[handed_on, error_handed_on],
            witness={"A": [["1"]], "B": [["2"]], "x": [["1"]], "y": [["1"]], "p": [["1"]], "q": [["2"]]}
            | {"a": "1", "b": "1"},
            checks=[
                proof(
                    step("stretched", apply("submultiplicative", A=A, C=x)),
                    step("sized", arithmetic(), le(SpectralNorm(A) * SpectralNorm(x), SpectralNorm(A) * low)),
                    step("size", arithmetic("stretched", "sized"), handed_on),
                    step("outer", apply("triangle", A=A * (before - x), B=(B - A) * before)),
                    step("same", algebra(), eq(A * (before - x) + (B - A) * before, B * before - A * x)),
                    step(
                        "split",
                        Rewrite(target="outer", equation="same"),
                        le(
                            SpectralNorm(B * before - A * x),
                            SpectralNorm(A * (before - x)) + SpectralNorm((B - A) * before),
                        ),
                    ),
                    step("carried", apply("submultiplicative", A=A, C=before - x)),
                    step("added", apply("submultiplicative", A=B - A, C=before)),
                    step(
                        "input",
                        apply("triangle", A=before - x, B=x),
                        le(SpectralNorm(before), SpectralNorm(before - x) + SpectralNorm(x)),
                    ),
                    step("inflated", arithmetic("input"), le(SpectralNorm(before), high)),
                    step(
                        "old",
                        arithmetic(),
                        le(SpectralNorm(A) * SpectralNorm(before - x), SpectralNorm(A) * (high - low)),
                    ),
                    step(
                        "new",
                        arithmetic("inflated"),
                        le(SpectralNorm(B - A) * SpectralNorm(before), SpectralNorm(B - A) * high),
                    ),
                    step("error", arithmetic("split", "carried", "added", "old", "new"), error_handed_on),
                ),
                Search(),
            ],
            note=text(
                "from a = b = |input| on, L layers give (prod(w_l + delta_l) - prod(w_l)) |input|; the formula "
                "is one layer. A Lipschitz constant c multiplies w and delta of its layer by c; an activation that "
                "does not keep zero, as the exponential, has no bound by the input alone",
                "从 a = b = |输入| 起逐层重复，L 层给出 (prod(w_l + delta_l) - prod(w_l)) |输入|；公式只写一层。"
                "Lipschitz 常数为 c 的激活使该层的 w 与 delta 都乘以 c；不保持零的激活（如指数）没有仅由输入给出的界",
            ),
        ),
    ],
)
