"""Products of layers under errors: the inductions behind lemma 11.30 (section 11.2.5)."""

from __future__ import annotations

from typing import Any

from verify.authoring import *

L, d = sizes("L d")
j, k, l, p = indices("j k l p")
F, V, D = layers("W", L, d), layers("V", L, d), layers("E", L, d)


def e(index: Any) -> Any:
    """The relative error of one layer: any nonnegative number, written as the norm of a matrix."""
    return SpectralNorm(D[index])


def bound(top: Any) -> Any:
    return sigma_sum(e(l) * product(1 + e(j), j, l + 1, top), l, 1, top)


def growth(top: Any) -> Any:
    return product(1 + e(l), l, 1, top)


def errors(top: Any) -> Any:
    return sigma_sum(e(l), l, 1, top)


def inner_products(index: Any) -> Any:
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


def gap(top: Any) -> Any:
    return SpectralNorm(Chain(V, top) - Chain(F, top))


def w(index: Any) -> Any:
    return SpectralNorm(F[index])


def delta(index: Any) -> Any:
    return SpectralNorm(V[index] - F[index])


def norms(top: Any) -> Any:
    return product(w(l), l, 1, top)


def widened(top: Any) -> Any:
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

sum_below = Induction(
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
        step("next", arithmetic("hypothesis", "sum", "positive", "growth"), le(1 + errors(p + 1), growth(p + 1))),
    ),
)

rest_above = Induction(
    index=p,
    start=1,
    formula=le(growth(p) * (1 - errors(p)), 1 - errors(p) ** 2 / 2),
    base=(
        step("sum-one", Last(total=errors(1))),
        step("sum-none", Empty(total=sigma_sum(e(l), l, 1, 0))),
        step("growth-one", Last(total=growth(1))),
        step("growth-none", Empty(total=product(1 + e(l), l, 1, 0))),
        step("base-case", arithmetic(), le(growth(1) * (1 - errors(1)), 1 - errors(1) ** 2 / 2)),
    ),
    step=(
        step("sum", Last(total=errors(p + 1))),
        step("positive", Nonnegative(total=errors(p))),
        step("grown", Instance(of="below", at=p)),
        step("growth", Last(total=growth(p + 1))),
        step("at-least-one", arithmetic("positive", "grown"), ge(growth(p), 1)),
        step("more", arithmetic("positive"), ge(e(p + 1) * (errors(p) + e(p + 1)), 0)),
        step(
            "loss",
            arithmetic("at-least-one", "more"),
            ge(growth(p) * (e(p + 1) * (errors(p) + e(p + 1))), e(p + 1) * (errors(p) + e(p + 1))),
        ),
        step(
            "next",
            arithmetic("hypothesis", "sum", "loss", "growth"),
            le(growth(p + 1) * (1 - errors(p + 1)), 1 - errors(p + 1) ** 2 / 2),
        ),
    ),
)
