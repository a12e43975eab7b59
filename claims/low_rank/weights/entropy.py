"""Proof steps on the entropy of the shares of the singular values, squared as in the text or not as in its source.

With p_i = s_i^a / T and T = sum_j s_j^a, the logarithm of the effective rank is the entropy -sum p_i log p_i. All
bounds rest on one inequality, log x <= x - 1, term by term (Gibbs' inequality; Cover and Thomas 2006, Theorem 2.6.3).
"""

from __future__ import annotations

from typing import Any

from verify.authoring import *

i, j = indices("i j")
NODES = {1: ("effective-rank-l1", EffectiveRankL1), 2: ("effective-rank", EffectiveRank)}


def from_logs(name: str, x: Any, y: Any, *using: str, strict: bool = False) -> tuple[Line, ...]:
    """``name``: x <= y, or x < y, from log x <= log y, or <, among the lines named; both numbers are positive."""
    order, beyond = (lt, gt) if strict else (le, ge)
    return (
        step(f"{name}-positive", Arithmetic(using=using), gt(x, 0)),
        step(f"{name}-quotient", Arithmetic(using=using), gt(y / x, 0)),
        step(f"{name}-split", apply("log-product", x=y / x, y=x)),
        step(f"{name}-tangent", apply("log-tangent", x=y / x)),
        step(f"{name}-ratio", arithmetic(*using, f"{name}-split", f"{name}-tangent"), beyond(y / x, 1)),
        step(name, arithmetic(*using, f"{name}-ratio"), order(x, y)),
    )


def power_sum(w: Any, a: int, low: Any = 1, high: Any = None) -> Any:
    """The sum of the singular values to the power ``a``."""
    return Sum(Sigma(w, j) ** a, (j, low, Rank(w) if high is None else high))


def share(w: Any, a: int, index: Any = i) -> Any:
    return Sigma(w, index) ** a / power_sum(w, a)


def entropy(w: Any, a: int) -> Any:
    """The sum of p log p, without the sign."""
    return Sum(share(w, a) * log(share(w, a)), (i, 1, Rank(w)))


def definition(w: Any, a: int) -> Line:
    return step(f"definition-{a}", apply(NODES[a][0], W=w))


def positive_sum(w: Any, a: int) -> tuple[Line, ...]:
    """The line ``sum-a``: the sum of the powers is positive, where the rank is at least one."""
    total = power_sum(w, a)
    return (
        step(f"first-{a}", apply("positive", W=w, i=1)),
        step(f"first-power-{a}", arithmetic(f"first-{a}"), gt(Sigma(w, 1) ** a, 0)),
        step(f"apart-{a}", First(total=total)),
        step(f"others-{a}", Nonnegative(total=power_sum(w, a, 2))),
        step(f"sum-{a}", arithmetic(f"first-power-{a}", f"apart-{a}", f"others-{a}"), gt(total, 0)),
    )


def positive_share(w: Any, a: int) -> tuple[Line, ...]:
    """Inside a universal line: ``share-a``, the share at i is positive."""
    return (
        step(f"value-{a}", apply("positive", W=w, i=i)),
        step(f"share-{a}", arithmetic(f"value-{a}", f"sum-{a}"), gt(share(w, a), 0)),
    )


def gibbs(name: str, w: Any, a: int, level: Any, low: Any, high: Any, *known: str) -> tuple[Line, ...]:
    """``name``: p log p >= p log(level) - level + p for each share p from ``low`` to ``high``; ``level`` > 0."""
    p = share(w, a)
    here = (f"value-{a}", f"share-{a}", f"sum-{a}", *known)
    return (
        step(
            name,
            for_each(
                i,
                low,
                high,
                *positive_share(w, a),
                step("ratio", arithmetic(*here), gt(level / p, 0)),
                step("tangent", apply("log-tangent", x=level / p)),
                step("split", apply("log-product", x=level / p, y=p)),
                step("above", arithmetic(*here, "tangent", "split"), ge(log(p), log(level) - level / p + 1)),
                step("term", arithmetic(*here, "above"), le(p * log(level) - level + p, p * log(p))),
            ),
        ),
        step(f"{name}-summed", Termwise(line=name)),
        step(f"{name}-left", Linear(total=Sum(p * log(level) - level + p, (i, low, high)))),
    )


def joined(*groups: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines of several proofs, each of those that they share once."""
    kept: list[Line] = []
    for line in (line for group in groups for line in group):
        if line not in kept:
            kept.append(line)
    return tuple(kept)


def at_most_rank(w: Any, a: int) -> tuple[Line, ...]:
    """``upper``: the effective rank is at most the rank. Needs rank >= 1."""
    r, node = Rank(w), NODES[a][1]
    return (
        step("reciprocal", apply("log-product", x=r, y=1 / r)),
        *positive_sum(w, a),
        definition(w, a),
        *gibbs("terms", w, a, 1 / r, 1, r),
        step(
            "entropy",
            arithmetic(f"sum-{a}", "terms-summed", "terms-left", f"definition-{a}", "reciprocal"),
            le(log(node(w)), log(r)),
        ),
        *from_logs("upper", node(w), r, "entropy"),
    )


def below_rank(w: Any, a: int) -> tuple[Line, ...]:
    """``strictly``: the effective rank is less than the rank where the first value exceeds the last."""
    r, node = Rank(w), NODES[a][1]
    first, s = share(w, a, 1), Sigma
    return (
        step("reciprocal", apply("log-product", x=r, y=1 / r)),
        *positive_sum(w, a),
        definition(w, a),
        step("last", apply("positive", W=w, i=r)),
        step("last-apart", Last(total=power_sum(w, a))),
        step(
            "each",
            for_each(
                j,
                1,
                r - 1,
                step("earlier", apply("order", W=w, i=j, j=1)),
                step("earlier-power", arithmetic("earlier", f"first-{a}"), le(s(w, j) ** a, s(w, 1) ** a)),
            ),
        ),
        step("all", Termwise(line="each")),
        step("equal", Constant(total=Sum(s(w, 1) ** a, (j, 1, r - 1)))),
        step("smaller", arithmetic("last", f"first-{a}"), lt(s(w, r) ** a, s(w, 1) ** a)),
        step("excess", arithmetic("last-apart", "all", "equal", "smaller"), lt(power_sum(w, a), r * s(w, 1) ** a)),
        step("more", arithmetic("excess", f"sum-{a}", f"first-power-{a}", f"first-{a}"), lt(1 / (r * first), 1)),
        step("first-ratio", arithmetic(f"sum-{a}", f"first-power-{a}", f"first-{a}"), gt(1 / (r * first), 0)),
        step("first-share", arithmetic(f"sum-{a}", f"first-power-{a}"), gt(first, 0)),
        step("first-tangent", apply("log-tangent-strict", y=1 / (r * first))),
        step("first-split", apply("log-product", x=1 / (r * first), y=first)),
        step(
            "first-above",
            arithmetic(f"first-{a}", f"sum-{a}", "first-share", "first-tangent", "first-split"),
            gt(log(first), log(1 / r) - 1 / (r * first) + 1),
        ),
        step(
            "gain",
            arithmetic(f"first-{a}", f"sum-{a}", "first-share", "first-above"),
            gt(first * log(first), first * log(1 / r) - 1 / r + first),
        ),
        *gibbs("terms", w, a, 1 / r, 2, r),
        step("entropy-apart", First(total=entropy(w, a))),
        step(
            "head-and-rest", arithmetic(f"sum-{a}", f"apart-{a}"), eq(first + power_sum(w, a, 2) / power_sum(w, a), 1)
        ),
        step(
            "entropy",
            arithmetic(
                f"sum-{a}",
                "gain",
                "terms-summed",
                "terms-left",
                "entropy-apart",
                "head-and-rest",
                f"definition-{a}",
                "reciprocal",
            ),
            lt(log(node(w)), log(r)),
        ),
        *from_logs("strictly", node(w), r, "entropy", strict=True),
    )


def spread(w: Any, a: int) -> tuple[Line, ...]:
    """``spread``: the logarithm of the effective rank is at least one less the first share. Needs rank >= 1."""
    p, first = share(w, a), share(w, a, 1)
    known = (f"value-{a}", f"share-{a}", f"sum-{a}")
    return (
        *positive_sum(w, a),
        definition(w, a),
        step(
            "spread-terms",
            for_each(
                i,
                1,
                Rank(w),
                *positive_share(w, a),
                step("order", apply("order", W=w, i=i, j=1)),
                step("powers", arithmetic("order", f"value-{a}"), le(Sigma(w, i) ** a, Sigma(w, 1) ** a)),
                step("shares", arithmetic("powers", f"sum-{a}"), le(p, first)),
                step("tangent", apply("log-tangent", x=p)),
                step("term", arithmetic(*known, "shares", "tangent"), le(p * log(p), p * (first - 1))),
            ),
        ),
        step("spread-summed", Termwise(line="spread-terms")),
        step("spread-right", Linear(total=Sum(p * (first - 1), (i, 1, Rank(w))))),
        step(
            "spread",
            arithmetic(f"sum-{a}", "spread-summed", "spread-right", f"definition-{a}"),
            ge(log(NODES[a][1](w)), 1 - first),
        ),
    )


def at_least_one(w: Any, a: int) -> tuple[Line, ...]:
    """``lower``: the effective rank is at least one. Needs rank >= 1."""
    node = NODES[a][1]
    return (
        *spread(w, a),
        step("one-tangent", apply("log-tangent", x=node(w))),
        step("first-share", arithmetic(f"sum-{a}", f"apart-{a}", f"others-{a}"), le(share(w, a, 1), 1)),
        step("lower", arithmetic("spread", "one-tangent", "first-share", f"sum-{a}"), ge(node(w), 1)),
    )


def flat(w: Any, a: int) -> tuple[Line, ...]:
    """``flat``: the effective rank is the rank where the first value equals the last (a hypothesis)."""
    p, r, node, s = share(w, a), Rank(w), NODES[a][1], Sigma
    return (
        step("reciprocal", apply("log-product", x=r, y=1 / r)),
        *positive_sum(w, a),
        definition(w, a),
        step(
            "each",
            for_each(
                j,
                1,
                r,
                step("at-most", apply("order", W=w, i=j, j=1)),
                step("at-least", apply("order", W=w, i=r, j=j)),
                step("same", arithmetic("at-most", "at-least"), eq(s(w, j) ** a, s(w, 1) ** a)),
            ),
        ),
        step("all", Termwise(line="each")),
        step("equal", Constant(total=Sum(s(w, 1) ** a, (j, 1, r)))),
        step(
            "terms",
            for_each(
                i,
                1,
                r,
                step("here", Instance(of="each", at=i)),
                step("share", arithmetic("here", "all", "equal", f"sum-{a}", f"first-power-{a}"), eq(p, 1 / r)),
                step("log", Congruence(equation="share"), eq(log(p), log(1 / r))),
                step("term", arithmetic("share", "log", f"sum-{a}"), eq(p * log(p), log(1 / r) / r)),
            ),
        ),
        step("summed", Termwise(line="terms")),
        step("right", Constant(total=Sum(log(1 / r) / r, (i, 1, r)))),
        step(
            "entropy",
            arithmetic("summed", "right", "reciprocal", f"definition-{a}", f"sum-{a}"),
            eq(log(node(w)), log(r)),
        ),
        *from_logs("at-most-rank", node(w), r, "entropy"),
        *from_logs("at-least-rank", r, node(w), "entropy"),
        step("flat", arithmetic("at-most-rank", "at-least-rank"), eq(node(w), r)),
    )


def above_stable_rank(w: Any) -> tuple[Line, ...]:
    """``stable``: sum s^2 is at most s_1^2 times the effective rank. Needs rank >= 1."""
    p, first = share(w, 2), share(w, 2, 1)
    return (
        *positive_sum(w, 2),
        definition(w, 2),
        step("first-share", arithmetic("sum-2", "first-power-2"), gt(first, 0)),
        step(
            "terms",
            for_each(
                i,
                1,
                Rank(w),
                *positive_share(w, 2),
                step("order", apply("order", W=w, i=i, j=1)),
                step("powers", arithmetic("order", "value-2"), le(Sigma(w, i) ** 2, Sigma(w, 1) ** 2)),
                step("shares", arithmetic("powers", "sum-2"), le(p, first)),
                step("logs", apply("log-order", x=p, y=first)),
                step(
                    "term",
                    arithmetic("value-2", "share-2", "sum-2", "first-share", "logs"),
                    le(p * log(p), p * log(first)),
                ),
            ),
        ),
        step("summed", Termwise(line="terms")),
        step("right", Linear(total=Sum(p * log(first), (i, 1, Rank(w))))),
        step("inverse", apply("log-product", x=first, y=1 / first)),
        step(
            "entropy",
            arithmetic("sum-2", "summed", "right", "definition-2", "inverse", "first-2", "first-share"),
            le(log(1 / first), log(EffectiveRank(w))),
        ),
        *from_logs("levels", 1 / first, EffectiveRank(w), "entropy", "sum-2", "first-2", "first-share"),
        step(
            "stable",
            arithmetic("levels", "sum-2", "first-2", "first-power-2"),
            le(power_sum(w, 2), Sigma(w, 1) ** 2 * EffectiveRank(w)),
        ),
    )
