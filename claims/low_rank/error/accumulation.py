"""Accumulation of approximation errors over layers (section 11.2.5)."""

from __future__ import annotations

from verify.authoring import *

L, d = sizes("L d")
j, k, l, p = indices("j k l p")
F, V, D = layers("W", L, d), layers("V", L, d), layers("E", L, d)

# --- Lemma 11.30: accumulation over layers ------------------------------------------------------------------


def e(index: object) -> object:
    """The relative error of one layer: any nonnegative number, written as the norm of a matrix."""
    return SpectralNorm(D[index])


def bound(top: object) -> object:
    return sigma_sum(e(l) * product(1 + e(j), j, l + 1, top), l, 1, top)


def growth(top: object) -> object:
    return product(1 + e(l), l, 1, top)


def errors(top: object) -> object:
    return sigma_sum(e(l), l, 1, top)


def inner_products(index: object) -> object:
    return product(1 + e(j), j, index + 1, p + 1)


telescoping = Induction(
    index=p,
    start=1,
    formula=eq(bound(p), growth(p) - 1),
    base=(
        step("one", Last(total=bound(1))),
        step("none", Empty(total=sigma_sum(e(l) * product(1 + e(j), j, l + 1, 1), l, 1, 0))),
        step("tail", Empty(total=product(1 + e(j), j, 2, 1))),
        step("growth-one", Last(total=growth(1))),
        step("growth-none", Empty(total=product(1 + e(l), l, 1, 0))),
        step("base-case", arithmetic("one", "none", "tail", "growth-one", "growth-none"), eq(bound(1), growth(1) - 1)),
    ),
    step=(
        step("last", Last(total=bound(p + 1))),
        step("tail", Empty(total=product(1 + e(j), j, p + 2, p + 1))),
        step(
            "each",
            for_each(
                k,
                1,
                p,
                step("unfold", Last(total=inner_products(k))),
                step(
                    "term",
                    arithmetic("unfold"),
                    eq(e(k) * inner_products(k), e(k) * product(1 + e(j), j, k + 1, p) * (1 + e(p + 1))),
                ),
            ),
        ),
        step("sum", Termwise(line="each")),
        step("factor", Factor(total=bound(p), out=1 + e(p + 1))),
        step("growth", Last(total=growth(p + 1))),
        step(
            "next",
            arithmetic("hypothesis", "last", "tail", "sum", "factor", "growth"),
            eq(bound(p + 1), growth(p + 1) - 1),
        ),
    ),
)


def gap(top: object) -> object:
    return SpectralNorm(Chain(V, top) - Chain(F, top))


def w(index: object) -> object:
    return SpectralNorm(F[index])


def delta(index: object) -> object:
    return SpectralNorm(V[index] - F[index])


def norms(top: object) -> object:
    return product(w(l), l, 1, top)


def widened(top: object) -> object:
    return product(w(l) + delta(l), l, 1, top)


product_norm = Induction(
    index=p,
    start=1,
    stop=L,
    formula=le(SpectralNorm(Chain(F, p)), norms(p)),
    base=(
        step("start", apply("chain-start", V=F)),
        step("unfold", apply("chain-step", V=F, l=0)),
        step("first", algebra("start", "unfold"), eq(Chain(F, 1), F[1])),
        step("norms-one", Last(total=norms(1))),
        step("norms-none", Empty(total=product(w(l), l, 1, 0))),
        step("same", arithmetic("norms-one", "norms-none"), le(w(1), norms(1))),
        step(
            "base-case",
            Rewrite(target="same", equation="first"),
            le(SpectralNorm(Chain(F, 1)), product(SpectralNorm(F[l]), l, 1, 1)),
        ),
    ),
    step=(
        step("unfold", apply("chain-step", V=F, l=p)),
        step("product", apply("submultiplicative", A=F[p + 1], C=Chain(F, p))),
        step(
            "chain",
            Rewrite(target="product", equation="unfold"),
            le(SpectralNorm(Chain(F, p + 1)), w(p + 1) * SpectralNorm(Chain(F, p))),
        ),
        step("norms", Last(total=norms(p + 1))),
        step("next", arithmetic("hypothesis", "chain", "norms"), le(SpectralNorm(Chain(F, p + 1)), norms(p + 1))),
    ),
)

split_gap = V[p + 1] * (Chain(V, p) - Chain(F, p)) + (V[p + 1] - F[p + 1]) * Chain(F, p)

accumulated = Induction(
    index=p,
    start=1,
    stop=L,
    formula=le(gap(p), widened(p) - norms(p)),
    base=(
        step("start-v", apply("chain-start", V=V)),
        step("unfold-v", apply("chain-step", V=V, l=0)),
        step("start-w", apply("chain-start", V=F)),
        step("unfold-w", apply("chain-step", V=F, l=0)),
        step(
            "difference",
            algebra("start-v", "unfold-v", "start-w", "unfold-w"),
            eq(Chain(V, 1) - Chain(F, 1), V[1] - F[1]),
        ),
        step("norms-one", Last(total=norms(1))),
        step("norms-none", Empty(total=product(w(l), l, 1, 0))),
        step("widened-one", Last(total=widened(1))),
        step("widened-none", Empty(total=product(w(l) + delta(l), l, 1, 0))),
        step(
            "one-layer",
            arithmetic("norms-one", "norms-none", "widened-one", "widened-none"),
            le(delta(1), widened(1) - norms(1)),
        ),
        step("base-norm", Congruence(equation="difference"), eq(gap(1), delta(1))),
        step("base-case", arithmetic("base-norm", "one-layer"), le(gap(1), widened(1) - norms(1))),
    ),
    step=(
        step("unfold-v", apply("chain-step", V=V, l=p)),
        step("unfold-w", apply("chain-step", V=F, l=p)),
        step("difference", algebra("unfold-v", "unfold-w"), eq(Chain(V, p + 1) - Chain(F, p + 1), split_gap)),
        step(
            "triangle",
            apply("triangle", A=V[p + 1] * (Chain(V, p) - Chain(F, p)), B=(V[p + 1] - F[p + 1]) * Chain(F, p)),
        ),
        step("carried", apply("submultiplicative", A=V[p + 1], C=Chain(V, p) - Chain(F, p))),
        step("new", apply("submultiplicative", A=V[p + 1] - F[p + 1], C=Chain(F, p))),
        step(
            "layer",
            apply("triangle", A=F[p + 1], B=V[p + 1] - F[p + 1]),
            le(SpectralNorm(V[p + 1]), w(p + 1) + delta(p + 1)),
        ),
        step("whole", Instance(of="product-norm", at=p)),
        step(
            "sum",
            Rewrite(target="triangle", equation="difference"),
            le(
                gap(p + 1),
                SpectralNorm(V[p + 1] * (Chain(V, p) - Chain(F, p)))
                + SpectralNorm((V[p + 1] - F[p + 1]) * Chain(F, p)),
            ),
        ),
        step("widened", Last(total=widened(p + 1))),
        step("norms", Last(total=norms(p + 1))),
        step(
            "carried-bound",
            arithmetic("hypothesis", "carried", "layer"),
            le(
                SpectralNorm(V[p + 1] * (Chain(V, p) - Chain(F, p))),
                (w(p + 1) + delta(p + 1)) * (widened(p) - norms(p)),
            ),
        ),
        step(
            "new-bound",
            arithmetic("new", "whole"),
            le(SpectralNorm((V[p + 1] - F[p + 1]) * Chain(F, p)), delta(p + 1) * norms(p)),
        ),
        step(
            "next",
            arithmetic("sum", "carried-bound", "new-bound", "widened", "norms"),
            le(gap(p + 1), widened(p + 1) - norms(p + 1)),
        ),
    ),
)
accumulation = (
    step("product-norm", product_norm),
    step("accumulated", accumulated),
    step("all-layers", Instance(of="accumulated", at=L)),
)

two_layers = {
    "W": [[["3", "0"], ["0", "1"]], [["1", "0"], ["0", "3"]]],
    "V": [[["3", "0"], ["0", "0"]], [["0", "0"], ["0", "3"]]],
}
same_layers = {"W": [[["1"]], [["2"]]], "V": [[["1"]], [["2"]]]}
nonzero = [assume("no layer is zero", gt(norms(L), 0)), assume("output is not zero", gt(SpectralNorm(Chain(F, L)), 0))]
relative = sigma_sum(delta(l) / w(l) * product(1 + delta(j) / w(j), j, l + 1, L), l, 1, L)
absolute = sigma_sum(delta(l) * product(1 + delta(j), j, l + 1, L), l, 1, L)

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
                "R (1 - sum) <= sum^2, that is R <= sum^2 / (1 - sum) while the sum is below one",
                "e_l 之和是该界的一阶项：余项 R 非负，且 R(1 - 和) <= 和^2，即和小于一时 R <= 和^2/(1 - 和)",
            ),
            given=declare(D),
            says=[le(errors(L), growth(L) - 1), le((growth(L) - 1 - errors(L)) * (1 - errors(L)), errors(L) ** 2)],
            witness={"E": [[["1/10"]], [["1/10"]]]},
            checks=[
                proof(
                    step(
                        "below",
                        Induction(
                            index=p,
                            start=1,
                            formula=le(1 + errors(p), growth(p)),
                            base=(
                                step("sum-one", Last(total=errors(1))),
                                step("sum-none", Empty(total=sigma_sum(e(l), l, 1, 0))),
                                step("growth-one", Last(total=growth(1))),
                                step("growth-none", Empty(total=product(1 + e(l), l, 1, 0))),
                                step("base-case", arithmetic(), le(1 + errors(1), growth(1))),
                            ),
                            step=(
                                step("sum", Last(total=errors(p + 1))),
                                step("positive", Nonnegative(total=errors(p))),
                                step("growth", Last(total=growth(p + 1))),
                                step(
                                    "next",
                                    arithmetic("hypothesis", "sum", "positive", "growth"),
                                    le(1 + errors(p + 1), growth(p + 1)),
                                ),
                            ),
                        ),
                    ),
                    step(
                        "above",
                        Induction(
                            index=p,
                            start=1,
                            formula=le(growth(p) * (1 - errors(p)), 1),
                            base=(
                                step("sum-one", Last(total=errors(1))),
                                step("sum-none", Empty(total=sigma_sum(e(l), l, 1, 0))),
                                step("growth-one", Last(total=growth(1))),
                                step("growth-none", Empty(total=product(1 + e(l), l, 1, 0))),
                                step("base-case", arithmetic(), le(growth(1) * (1 - errors(1)), 1)),
                            ),
                            step=(
                                step("sum", Last(total=errors(p + 1))),
                                step("positive", Nonnegative(total=errors(p))),
                                step("grown", Instance(of="below", at=p)),
                                step("growth", Last(total=growth(p + 1))),
                                step(
                                    "next",
                                    arithmetic("hypothesis", "sum", "positive", "grown", "growth"),
                                    le(growth(p + 1) * (1 - errors(p + 1)), 1),
                                ),
                            ),
                        ),
                    ),
                    step("below-all", Instance(of="below", at=L)),
                    step("above-all", Instance(of="above", at=L)),
                    step("first", arithmetic("below-all"), le(errors(L), growth(L) - 1)),
                    step(
                        "rest",
                        arithmetic("above-all"),
                        le((growth(L) - 1 - errors(L)) * (1 - errors(L)), errors(L) ** 2),
                    ),
                ),
                Search(),
            ],
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
    ],
)
