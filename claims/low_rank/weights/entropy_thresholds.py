"""Longer proofs on the effective rank: against the energy that the first k values hold, and against its source."""

from __future__ import annotations

from typing import Any

from claims.low_rank.weights.entropy import (
    definition,
    entropy,
    from_logs,
    gibbs,
    i,
    j,
    positive_share,
    positive_sum,
    power_sum,
    share,
)
from claims.low_rank.weights.entropy_norms import below_norms
from verify.authoring import *


def ratio_grows(w: Any) -> tuple[Line, ...]:
    """Both effective ranks where the first of the r values is r and the others are 1: at most 4, at least sqrt(r)/2."""
    r, s, source = Rank(w), Sigma, EffectiveRankL1(w)
    count = 2 * r - 1
    q = share(w, 1)
    return (
        step("count-reciprocal", apply("log-product", x=count, y=1 / count)),
        step("count-tangent", apply("log-tangent", x=count)),
        step("product", apply("log-product", x=4 * source, y=source)),
        step("factor", apply("log-product", x=sp.Integer(4), y=source)),
        *below_norms(w),
        definition(w, 1),
        step(
            "others",
            for_each(
                j,
                2,
                r,
                step("at-most", apply("order", W=w, i=j, j=2)),
                step("at-least", apply("order", W=w, i=r, j=j)),
                step("one", arithmetic("at-most", "at-least"), eq(s(w, j), 1)),
            ),
        ),
        step(
            "other-squares",
            for_each(
                j,
                2,
                r,
                step("value", Instance(of="others", at=j)),
                step("square", arithmetic("value"), eq(s(w, j) ** 2, 1)),
            ),
        ),
        step("others-sum", Termwise(line="others")),
        step("squares-sum", Termwise(line="other-squares")),
        step("ones", Constant(total=Sum(sp.S.One, (j, 2, r)))),
        step("total", arithmetic("apart-1", "others-sum", "ones"), eq(power_sum(w, 1), count)),
        step("total-2", arithmetic("apart-2", "squares-sum", "ones"), eq(power_sum(w, 2), r**2 + r - 1)),
        step("at-most-four", arithmetic("squared", "total", "total-2"), le(EffectiveRank(w), 4)),
        step("entropy-apart", First(total=entropy(w, 1))),
        step("first-share", arithmetic("first-1", "sum-1"), gt(share(w, 1, 1), 0)),
        step("first-tangent", apply("log-tangent", x=share(w, 1, 1))),
        step("first-at-most-one", arithmetic("total"), le(share(w, 1, 1), 1)),
        step(
            "first-term",
            arithmetic("first-share", "first-tangent", "first-at-most-one", "sum-1"),
            le(share(w, 1, 1) * log(share(w, 1, 1)), 0),
        ),
        step(
            "terms",
            for_each(
                i,
                2,
                r,
                step("value", Instance(of="others", at=i)),
                step("share", arithmetic("value", "total"), eq(q, 1 / count)),
                step("log", Congruence(equation="share"), eq(log(q), log(1 / count))),
                step("term", arithmetic("share", "log", "total"), eq(q * log(q), log(1 / count) / count)),
            ),
        ),
        step("terms-sum", Termwise(line="terms")),
        step("terms-right", Constant(total=Sum(log(1 / count) / count, (i, 2, r)))),
        step(
            "entropy",
            arithmetic(
                "entropy-apart", "first-term", "terms-sum", "terms-right", "count-reciprocal", "definition-1", "sum-1"
            ),
            ge(log(source) * count, (r - 1) * log(count)),
        ),
        step("half", arithmetic("entropy", "count-tangent"), ge(2 * log(source), log(count) - 1)),
        step("four", Evaluation(), gt(log(4), 1)),
        step("logs", arithmetic("half", "four", "product", "factor"), le(log(count), log(4 * source**2))),
        *from_logs("values", count, 4 * source**2, "logs"),
        step("at-least-root", arithmetic("values"), ge(4 * source**2, r)),
    )


def energy_split(w: Any, k: Any) -> tuple[Line, ...]:
    """``energy`` by its definition, ``tail``: the share of the rest, ``entropy-split``: the entropy cut at k."""
    return (
        step("energy", apply("energy", W=w, k=k)),
        step("squares-split", Split(total=power_sum(w, 2), at=k)),
        step("entropy-split", Split(total=entropy(w, 2), at=k)),
        step(
            "tail",
            arithmetic("energy", "squares-split", "sum-2"),
            eq(power_sum(w, 2, k + 1) / power_sum(w, 2), 1 - Energy(w, k)),
        ),
    )


def effective_above_threshold(w: Any, k: Any, tau: Any) -> tuple[Line, ...]:
    """(1 - tau) log(k/tau) <= log erank where the first k values hold less than the share tau.

    Each later share is at most the k-th, hence at most tau/k.
    """
    p, s, first = share(w, 2), Sigma, share(w, 2, 1)
    head, kth = Sum(s(w, j) ** 2, (j, 1, k)), share(w, 2, k)
    return (
        *positive_sum(w, 2),
        definition(w, 2),
        *energy_split(w, k),
        step("first-at-most-one", arithmetic("apart-2", "others-2", "sum-2"), le(first, 1)),
        step(
            "early",
            for_each(
                i,
                1,
                k,
                *positive_share(w, 2),
                step("order", apply("order", W=w, i=i, j=1)),
                step("powers", arithmetic("order", "value-2"), le(s(w, i) ** 2, s(w, 1) ** 2)),
                step("shares", arithmetic("powers", "sum-2", "first-at-most-one"), le(p, 1)),
                step("tangent", apply("log-tangent", x=p)),
                step("term", arithmetic("value-2", "share-2", "sum-2", "shares", "tangent"), le(p * log(p), 0)),
            ),
        ),
        step("early-sum", Termwise(line="early")),
        step("zeros", Constant(total=Sum(sp.S.Zero, (i, 1, k)))),
        step(
            "large",
            for_each(
                j,
                1,
                k,
                step("order", apply("order", W=w, i=k, j=j)),
                step("powers", arithmetic("order"), le(s(w, k) ** 2, s(w, j) ** 2)),
            ),
        ),
        step("large-sum", Termwise(line="large")),
        step("kth", Constant(total=Sum(s(w, k) ** 2, (j, 1, k)))),
        step("kth-times-k", arithmetic("large-sum", "kth"), le(k * s(w, k) ** 2, head)),
        step("below-tau", arithmetic("energy", "sum-2"), lt(head / power_sum(w, 2), tau)),
        step("kth-share", arithmetic("kth-times-k", "below-tau", "sum-2"), le(kth, tau / k)),
        step("level", arithmetic("sum-2"), gt(tau / k, 0)),
        step(
            "late",
            for_each(
                i,
                k + 1,
                Rank(w),
                *positive_share(w, 2),
                step("order", apply("order", W=w, i=i, j=k)),
                step("powers", arithmetic("order", "value-2"), le(s(w, i) ** 2, s(w, k) ** 2)),
                step("shares", arithmetic("powers", "sum-2", "kth-share"), le(p, tau / k)),
                step("logs", apply("log-order", x=p, y=tau / k)),
                step(
                    "term", arithmetic("value-2", "share-2", "sum-2", "logs", "level"), le(p * log(p), p * log(tau / k))
                ),
            ),
        ),
        step("late-sum", Termwise(line="late")),
        step("late-right", Linear(total=Sum(p * log(tau / k), (i, k + 1, Rank(w))))),
        step("inverse", apply("log-product", x=tau / k, y=k / tau)),
        step("tangent", apply("log-tangent", x=tau / k)),
        step("high", arithmetic("inverse", "tangent"), ge(log(k / tau), 0)),
        step(
            "exactly",
            arithmetic(
                "entropy-split",
                "early-sum",
                "zeros",
                "late-sum",
                "late-right",
                "tail",
                "definition-2",
                "sum-2",
                "inverse",
            ),
            ge(log(EffectiveRank(w)), (1 - Energy(w, k)) * log(k / tau)),
        ),
        step("bound", arithmetic("exactly", "high"), le((1 - tau) * log(k / tau), log(EffectiveRank(w)))),
    )


def effective_below_threshold(w: Any, k: Any, tau: Any) -> tuple[Line, ...]:
    """log erank <= log(2 k) + (1 - tau) log r where the first k of the r values hold at least the share tau.

    Gibbs' inequality against 1/(2k) for the first k and 1/(2r) for each other.
    """
    r, e = Rank(w), Energy(w, k)
    two = sp.Integer(2)
    early, late = 1 / (2 * k), 1 / (2 * r)
    return (
        step("early-inverse", apply("log-product", x=2 * k, y=early)),
        step("late-inverse", apply("log-product", x=2 * r, y=late)),
        step("early-factor", apply("log-product", x=two, y=k)),
        step("late-factor", apply("log-product", x=two, y=r)),
        step("k-tangent", apply("log-tangent", x=1 / sp.sympify(k))),
        step("k-inverse", apply("log-product", x=k, y=1 / sp.sympify(k))),
        step("k-log", arithmetic("k-tangent", "k-inverse"), ge(log(k), 0)),
        step("r-tangent", apply("log-tangent", x=1 / r)),
        step("r-inverse", apply("log-product", x=r, y=1 / r)),
        step("r-log", arithmetic("r-tangent", "r-inverse"), ge(log(r), 0)),
        *positive_sum(w, 2),
        definition(w, 2),
        *energy_split(w, k),
        step("tail-sum", Nonnegative(total=power_sum(w, 2, k + 1))),
        step("at-most-one", arithmetic("tail", "tail-sum", "sum-2"), le(e, 1)),
        *gibbs("early", w, 2, early, 1, k),
        *gibbs("late", w, 2, late, k + 1, r),
        step(
            "exactly",
            arithmetic(
                "entropy-split",
                "early-summed",
                "early-left",
                "late-summed",
                "late-left",
                "tail",
                "energy",
                "squares-split",
                "definition-2",
                "sum-2",
                "early-inverse",
                "late-inverse",
            ),
            le(log(EffectiveRank(w)), e * log(2 * k) + (1 - e) * log(2 * r)),
        ),
        step("late-share", arithmetic("r-log"), le((1 - e) * log(r), (1 - tau) * log(r))),
        step("early-share", arithmetic("k-log", "at-most-one"), le(e * log(k), log(k))),
        step(
            "bound",
            arithmetic("exactly", "late-share", "early-share", "early-factor", "late-factor"),
            le(log(EffectiveRank(w)), log(2 * k) + (1 - tau) * log(r)),
        ),
    )
