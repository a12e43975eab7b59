"""Steps of the proofs on the table of decay patterns (section 11.2.2)."""

from __future__ import annotations

from typing import Any

from claims.low_rank.decay.power_sums import (
    fourth_powers,
    head_and_tail,
    heavier_head,
    i,
    not_negative,
    power_sum,
    share,
    squares_beyond,
)
from claims.low_rank.proofs import energy, split_total, total_positive
from verify.authoring import *

m, n = sizes("m n")
j, k = indices("j k")
alpha, beta, t, q = scalars("alpha beta t q")
W = matrix("W", m, n)
s, rank = Sigma, Rank(W)

fast_row, medium_row = real(alpha, 2, None, open=True), real(alpha, 1, 2)
above_one = assume("above one", gt(alpha, 1))
some_kept = [*declare(n), between(k, 1, n)]
five_percent = assume("at least 5% are kept", ge(20 * k, n))
twenty_percent = assume("at least 20% are kept", ge(5 * k, n))
width = 4096
five_of_width, twenty_of_width = 205, 820
tenths = {"90": Rational(9, 10), "80": Rational(4, 5), "95": Rational(19, 20)}


def rounded_down(parts: int) -> list[Any]:
    """k is n / parts, rounded down."""
    return [assume("k is not more", le(parts * k, n)), assume("k is the largest such", lt(n, parts * (k + 1)))]


def at_width(exponent: Any, kept: int) -> Any:
    return share(exponent, sp.Integer(kept), sp.Integer(width))


crossings = (
    lt(at_width(Rational(65, 100), five_of_width), tenths["90"]),
    gt(at_width(Rational(66, 100), five_of_width), tenths["90"]),
    lt(at_width(Rational(48, 100), twenty_of_width), tenths["80"]),
    gt(at_width(Rational(49, 100), twenty_of_width), tenths["80"]),
)


def evaluated(relations: tuple[Any, ...]) -> tuple[Line, ...]:
    """Each relation computed, and before it that the sum below the line is not zero."""
    totals = dict.fromkeys(one.lhs.as_numer_denom()[1] for one in relations)
    return (
        *(step(f"total-{number}", Evaluation(), gt(total, 0)) for number, total in enumerate(totals, 1)),
        *(step(f"share-{number}", Evaluation(), one) for number, one in enumerate(relations, 1)),
    )


def total_four() -> tuple[Line, ...]:
    """For an exponent of at least two the whole sum is below 10/9, of which the first term is 1."""
    return (
        *head_and_tail("sum", 2 * alpha, k, n),
        *fourth_powers(n, j),
        step("each", for_each(i, 1, n, step("term", apply("power-exponent", x=i, a=-2 * alpha, b=-4)))),
        step("below", Termwise(line="each")),
        step(
            "enough", arithmetic("below", "fourth-bound", "sum-head", "sum-total"), ge(share(alpha, k, n), tenths["90"])
        ),
    )


def squares_share(least: int, wanted: Any) -> tuple[Line, ...]:
    """At alpha = 1 a head of at least ``least`` values, and not too small a part of all, holds the share ``wanted``."""
    head, front = power_sum(2, 1, k), _front(least)
    return (
        *head_and_tail("one", 2, k, n),
        *squares_beyond(k, n, j),
        step("front", Split(total=head, at=least)),
        *not_negative("rest", sp.Integer(2), least + 1, k),
        step("value", Evaluation(), ge(power_sum(2, 1, least), front)),
        step("head", arithmetic("front", "rest", "value"), ge(head, front)),
        step("tail-small", arithmetic("beyond"), le(power_sum(2, k + 1, n), 2 / (2 * k + 1) - 2 / (2 * n + 1))),
        step("ends", arithmetic(), le(2 / (2 * k + 1) - 2 / (2 * n + 1), front * (1 / wanted - 1))),
        step(
            "share-at-one",
            arithmetic("one-split", "one-total", "head", "tail-small", "ends"),
            ge(share(sp.S.One, k, n), wanted),
        ),
    )


def _front(least: int) -> Any:
    """The sum of the first 1 / i^2, rounded down to thousandths."""
    exact = sp.Add(*(Rational(1, a * a) for a in range(1, least + 1)))
    return Rational(sp.floor(1000 * exact), 1000)


def grows(a: Any, b: Any) -> tuple[Line, ...]:
    """The share of the first k values does not fall from exponent a to exponent b >= a."""
    return (
        *heavier_head(2 * a, 2 * b, k, n),
        *head_and_tail("at-a", 2 * a, k, n),
        *head_and_tail("at-b", 2 * b, k, n),
        step(
            "grown",
            arithmetic("outweighs", "at-a-split", "at-a-total", "at-b-split", "at-b-total"),
            le(share(a, k, n), share(b, k, n)),
        ),
    )


def above_and_below(index: Any, name: str) -> tuple[Line, ...]:
    """(j + 1)^t - 1 <= t (1 + 2^(t-1) + ... + j^(t-1)) <= j^t for every j >= 1: each term lies between two steps of
    the power t, by its tangent.
    """

    def bounds(at: Any) -> tuple[Any, Any]:
        total = power_sum(1 - t, 1, at)
        return le((at + 1) ** t - 1, t * total), le(t * total, at**t)

    lower, upper = bounds(index)
    next_lower, next_upper = bounds(index + 1)
    one = power_sum(1 - t, 1, 1)
    base = (step("one", First(total=one)), step("none", Empty(total=power_sum(1 - t, 2, 1))))
    return (
        step(
            f"{name}-lower",
            Induction(
                index=index,
                start=1,
                formula=lower,
                base=(
                    *base,
                    step("tangent", apply("power-below-tangent", x=1, y=2, a=t)),
                    step("start", arithmetic("one", "none", "tangent"), bounds(sp.S.One)[0]),
                ),
                step=(
                    step("last", Last(total=power_sum(1 - t, 1, index + 1))),
                    step("tangent", apply("power-below-tangent", x=index + 1, y=index + 2, a=t)),
                    step("next", arithmetic("hypothesis", "last", "tangent"), next_lower),
                ),
            ),
        ),
        step(
            f"{name}-upper",
            Induction(
                index=index,
                start=1,
                formula=upper,
                base=(*base, step("start", arithmetic("one", "none"), bounds(sp.S.One)[1])),
                step=(
                    step("last", Last(total=power_sum(1 - t, 1, index + 1))),
                    step("tangent", apply("power-below-tangent", x=index + 1, y=index, a=t)),
                    step("next", arithmetic("hypothesis", "last", "tangent"), next_upper),
                ),
            ),
        ),
    )


def integral_bounds() -> tuple[Line, ...]:
    head, total = power_sum(1 - t, 1, k), power_sum(1 - t, 1, n)
    return (
        *above_and_below(j, "sum"),
        *(step(f"{which}-{at}", Instance(of=f"sum-{which}", at=at)) for which in ("lower", "upper") for at in (k, n)),
        *head_and_tail("sum", 1 - t, k, n),
        step("power-k", apply("power-positive", x=k, a=t)),
        step("power-n", apply("power-positive", x=n, a=t)),
        step("a", arithmetic("lower-n", "sum-head"), le(((n + 1) ** t - 1) * head, t * total * head)),
        step("b", arithmetic("upper-k", "sum-total"), le(t * head * total, k**t * total)),
        step("c", arithmetic("upper-n", "sum-head"), le(t * total * head, n**t * head)),
        step("d", arithmetic("lower-k", "sum-total"), le(((k + 1) ** t - 1) * total, t * head * total)),
        step("most", arithmetic("a", "b"), le(((n + 1) ** t - 1) * head, k**t * total)),
        step("least", arithmetic("c", "d"), ge(n**t * head, ((k + 1) ** t - 1) * total)),
    )


def tail_of_convergent() -> tuple[Line, ...]:
    def bound(at: Any) -> Any:
        return le(q * power_sum(q + 1, k + 1, at), k ** (-q) - at ** (-q))

    tail = power_sum(q + 1, k + 1, n)
    return (
        step(
            "telescope",
            Induction(
                index=j,
                start=k,
                formula=bound(j),
                base=(
                    step("empty", Empty(total=power_sum(q + 1, k + 1, k))),
                    step("start", arithmetic("empty"), bound(k)),
                ),
                step=(
                    step("last", Last(total=power_sum(q + 1, k + 1, j + 1))),
                    step("tangent", apply("power-above-tangent", x=j + 1, y=j, a=q)),
                    step("next", arithmetic("hypothesis", "last", "tangent"), bound(j + 1)),
                ),
            ),
        ),
        step("to-n", Instance(of="telescope", at=n)),
        step("end", apply("power-positive", x=n, a=-q)),
        step("start", apply("power-positive", x=k, a=-q)),
        step("missed", arithmetic("to-n", "end"), le(q * tail, k ** (-q))),
        *head_and_tail("sum", q + 1, k, n),
        step("less", arithmetic("missed"), le(tail, k ** (-q) / q)),
        step("part", arithmetic("less", "sum-total", "start"), le(tail, k ** (-q) / q * power_sum(q + 1, 1, n))),
        step(
            "share",
            arithmetic("part", "sum-split", "sum-total"),
            ge(power_sum(q + 1, 1, k) / power_sum(q + 1, 1, n), 1 - k ** (-q) / q),
        ),
    )


def flat_within(low: Any, high: Any) -> tuple[Line, ...]:
    """The energy of k values where each squared value lies between ``low`` and ``high``."""
    return (
        energy(W, k),
        *total_positive(W),
        *split_total(W, k),
        step("last", apply("positive", W=W, i=rank)),
        step(
            "kept-each",
            for_each(
                j,
                1,
                k,
                step("above", apply("order", W=W, i=j, j=1)),
                step("squares", arithmetic("above"), le(s(W, j) ** 2, high)),
            ),
        ),
        step("kept", Termwise(line="kept-each")),
        step("kept-most", Constant(total=Sum(high, (j, 1, k)))),
        step(
            "left-each",
            for_each(
                j,
                k + 1,
                rank,
                step("below", apply("order", W=W, i=rank, j=j)),
                step("squares", arithmetic("below", "last"), le(low, s(W, j) ** 2)),
            ),
        ),
        step("left", Termwise(line="left-each")),
        step("left-least", Constant(total=Sum(low, (j, k + 1, rank)))),
    )
