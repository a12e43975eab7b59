"""Proof steps: both effective ranks against the squared ratio of the nuclear to the Frobenius norm."""

from __future__ import annotations

from typing import Any

from claims.low_rank.weights.entropy import definition, from_logs, i, positive_share, positive_sum, power_sum, share
from verify.authoring import *


def below_norms(w: Any) -> tuple[Line, ...]:
    """``squared``: the effective rank of the text is at most (sum s)^2 / sum s^2. Needs rank >= 1.

    With y = sum s^2 / (s_i sum s) the shares satisfy p y = q and q y = 1/R, R being the bound; the tangent of the
    logarithm at y does the rest.
    """
    p, q, y, level, inverse = _norms(w)
    known = ("value-1", "share-1", "share-2", "sum-1", "sum-2", "ratio")
    return (
        *positive_sum(w, 1),
        *positive_sum(w, 2),
        definition(w, 2),
        step(
            "setting-2",
            for_each(
                i,
                1,
                Rank(w),
                *_positive_setting(w),
                step("first-log", apply("log-product", x=p, y=y)),
                step("second-log", apply("log-product", x=q, y=y)),
                step("tangent", apply("log-tangent", x=y)),
                step(
                    "above",
                    arithmetic(*known, "first-log", "second-log", "tangent"),
                    ge(log(p), log(inverse) - 2 * y + 2),
                ),
                step("term", arithmetic(*known, "above"), le(p * log(inverse) - 2 * q + 2 * p, p * log(p))),
            ),
        ),
        step("summed-2", Termwise(line="setting-2")),
        step("left-2", Linear(total=Sum(p * log(inverse) - 2 * q + 2 * p, (i, 1, Rank(w))))),
        *_level(w),
        step(
            "entropy-2",
            arithmetic("sum-1", "sum-2", "summed-2", "left-2", "definition-2", "level-log"),
            le(log(EffectiveRank(w)), log(level)),
        ),
        *from_logs("squared", EffectiveRank(w), level, "entropy-2", "sum-1", "sum-2", "level"),
    )


def above_norms(w: Any) -> tuple[Line, ...]:
    """``plain``: the effective rank of the source is at least (sum s)^2 / sum s^2; the tangent is taken at 1/y."""
    p, q, y, level, inverse = _norms(w)
    known = ("value-1", "share-1", "share-2", "sum-1", "sum-2", "ratio")
    return (
        *positive_sum(w, 1),
        *positive_sum(w, 2),
        definition(w, 1),
        step(
            "setting-1",
            for_each(
                i,
                1,
                Rank(w),
                *_positive_setting(w),
                step("second-log", apply("log-product", x=q, y=y)),
                step("inverse-log", apply("log-product", x=y, y=1 / y)),
                step("tangent", apply("log-tangent", x=1 / y)),
                step(
                    "below",
                    arithmetic(*known, "second-log", "inverse-log", "tangent"),
                    le(log(q), log(inverse) + 1 / y - 1),
                ),
                step("term", arithmetic(*known, "below"), le(q * log(q), q * log(inverse) + p - q)),
            ),
        ),
        step("summed-1", Termwise(line="setting-1")),
        step("right-1", Linear(total=Sum(q * log(inverse) + p - q, (i, 1, Rank(w))))),
        *_level(w),
        step(
            "entropy-1",
            arithmetic("sum-1", "sum-2", "summed-1", "right-1", "definition-1", "level-log"),
            le(log(level), log(EffectiveRankL1(w))),
        ),
        *from_logs("plain", level, EffectiveRankL1(w), "entropy-1", "sum-1", "sum-2", "level"),
    )


def _norms(w: Any) -> tuple[Any, Any, Any, Any, Any]:
    one, two = power_sum(w, 1), power_sum(w, 2)
    return share(w, 2), share(w, 1), two / (one * Sigma(w, i)), one**2 / two, two / one**2


def _positive_setting(w: Any) -> tuple[Line, ...]:
    p, _, y, _, _ = _norms(w)
    return (
        *positive_share(w, 1),
        step("share-2", arithmetic("value-1", "sum-2"), gt(p, 0)),
        step("ratio", arithmetic("value-1", "sum-1", "sum-2"), gt(y, 0)),
    )


def _level(w: Any) -> tuple[Line, ...]:
    *_, level, inverse = _norms(w)
    return (
        step("level", arithmetic("sum-1", "sum-2"), gt(level, 0)),
        step("inverse", arithmetic("sum-1", "sum-2"), gt(inverse, 0)),
        step("level-log", apply("log-product", x=level, y=inverse)),
    )
