"""Partial sums of powers, and the steps that several proofs on them share.

With sigma_i = c i^(-alpha) the energy ratio is a ratio of partial sums of i^(-2 alpha), whatever the factor c.
"""

from __future__ import annotations

from typing import Any

from verify.authoring import *

i = indices("i")


def power_sum(exponent: Any, low: Any, high: Any) -> Any:
    """The sum of i^(-exponent) from ``low`` to ``high``."""
    return Sum(i ** (-exponent), (i, low, high))


def share(alpha: Any, k: Any, n: Any) -> Any:
    """E(k) for sigma_i = c i^(-alpha), i = 1, ..., n."""
    return power_sum(2 * alpha, 1, k) / power_sum(2 * alpha, 1, n)


def not_negative(name: str, exponent: Any, low: Any, high: Any) -> tuple[Line, ...]:
    """A partial sum is not negative, for 1 <= low <= high + 1."""
    return (
        step(
            f"{name}-each",
            for_each(
                i,
                low,
                high,
                step("positive", apply("power-positive", x=i, a=-exponent)),
                step("term", arithmetic("positive"), le(0, i ** (-exponent))),
            ),
        ),
        step(f"{name}-sum", Termwise(line=f"{name}-each")),
        step(f"{name}-zero", Constant(total=Sum(0, (i, low, high)))),
        step(f"{name}", arithmetic(f"{name}-sum", f"{name}-zero"), ge(power_sum(exponent, low, high), 0)),
    )


def head_and_tail(name: str, exponent: Any, k: Any, n: Any) -> tuple[Line, ...]:
    """The sum to n is the sum to k, which is at least its first term 1, and a rest that is not negative."""
    return (
        step(f"{name}-split", Split(total=power_sum(exponent, 1, n), at=k)),
        step(f"{name}-first", First(total=power_sum(exponent, 1, k))),
        *not_negative(f"{name}-others", exponent, 2, k),
        *not_negative(f"{name}-tail", exponent, k + 1, n),
        step(f"{name}-head", arithmetic(f"{name}-first", f"{name}-others"), ge(power_sum(exponent, 1, k), 1)),
        step(
            f"{name}-total",
            arithmetic(f"{name}-split", f"{name}-head", f"{name}-tail"),
            ge(power_sum(exponent, 1, n), 1),
        ),
    )


def heavier_head(a: Any, b: Any, k: Any, n: Any) -> tuple[Line, ...]:
    """For a <= b: the head of i^(-b) outweighs its tail by more than that of i^(-a)."""
    at_a, at_b = k ** (-a), k ** (-b)
    head_a, tail_a = power_sum(a, 1, k), power_sum(a, k + 1, n)
    head_b, tail_b = power_sum(b, 1, k), power_sum(b, k + 1, n)
    return (
        step(
            "up-to-k",
            for_each(
                i,
                1,
                k,
                step("cross", apply("power-cross", x=i, y=k, a=a, b=b)),
                step("term", arithmetic("cross"), le(at_b * i ** (-a), at_a * i ** (-b))),
            ),
        ),
        step(
            "from-k",
            for_each(
                i,
                k + 1,
                n,
                step("cross", apply("power-cross", x=k, y=i, a=a, b=b)),
                step("term", arithmetic("cross"), le(at_a * i ** (-b), at_b * i ** (-a))),
            ),
        ),
        step("heads", Termwise(line="up-to-k")),
        step("tails", Termwise(line="from-k")),
        step("head-a", Factor(total=head_a, out=at_b)),
        step("head-b", Factor(total=head_b, out=at_a)),
        step("tail-b", Factor(total=tail_b, out=at_a)),
        step("tail-a", Factor(total=tail_a, out=at_b)),
        step("weight-a", apply("power-positive", x=k, a=-a)),
        step("weight-b", apply("power-positive", x=k, a=-b)),
        step("heads-weighed", arithmetic("heads", "head-a", "head-b"), le(at_b * head_a, at_a * head_b)),
        step("tails-weighed", arithmetic("tails", "tail-a", "tail-b"), le(at_a * tail_b, at_b * tail_a)),
        *not_negative("tail-of-b", b, k + 1, n),
        *not_negative("head-of-b", b, 1, k),
        step("by-tail", arithmetic("heads-weighed", "tail-of-b"), le(at_b * head_a * tail_b, at_a * head_b * tail_b)),
        step("by-head", arithmetic("tails-weighed", "head-of-b"), le(at_a * head_b * tail_b, at_b * head_b * tail_a)),
        step("chained", arithmetic("by-tail", "by-head"), le(at_b * head_a * tail_b, at_b * head_b * tail_a)),
        step("outweighs", arithmetic("chained", "weight-b"), le(head_a * tail_b, head_b * tail_a)),
    )


def squares_beyond(k: Any, n: Any, index: Any) -> tuple[Line, ...]:
    """The sum of 1 / i^2 beyond k is at most 1 / (k + 1/2) - 1 / (n + 1/2): each term is below that of a telescope."""
    total = power_sum(2, k + 1, index)
    bound = 2 / (2 * k + 1) - 2 / (2 * index + 1)
    return (
        step(
            "telescope",
            Induction(
                index=index,
                start=k,
                formula=le(total, bound),
                base=(
                    step("empty", Empty(total=power_sum(2, k + 1, k))),
                    step("start", arithmetic("empty"), le(power_sum(2, k + 1, k), 2 / (2 * k + 1) - 2 / (2 * k + 1))),
                ),
                step=(
                    step("last", Last(total=power_sum(2, k + 1, index + 1))),
                    step("term", arithmetic(), le((index + 1) ** -2, 2 / (2 * index + 1) - 2 / (2 * index + 3))),
                    step(
                        "next",
                        arithmetic("last", "hypothesis", "term"),
                        le(power_sum(2, k + 1, index + 1), bound.subs(index, index + 1)),
                    ),
                ),
            ),
        ),
        step("beyond", Instance(of="telescope", at=n)),
    )


def fourth_powers(n: Any, index: Any) -> tuple[Line, ...]:
    """The sum of 1 / i^4 to n is at most 1 + 8/81 - 8 / (3 (2 n + 1)^3), hence below 10/9."""

    def bound(j: Any) -> Any:
        return Rational(89, 81) - 8 / (3 * (2 * j + 1) ** 3)

    return (
        step(
            "fourth",
            Induction(
                index=index,
                start=1,
                formula=le(power_sum(4, 1, index), bound(index)),
                base=(
                    step("one", First(total=power_sum(4, 1, 1))),
                    step("none", Empty(total=power_sum(4, 2, 1))),
                    step("start", arithmetic("one", "none"), le(power_sum(4, 1, 1), bound(sp.Integer(1)))),
                ),
                step=(
                    step("last", Last(total=power_sum(4, 1, index + 1))),
                    step("term", arithmetic(), le((index + 1) ** -4, bound(index + 1) - bound(index))),
                    step(
                        "next",
                        arithmetic("last", "hypothesis", "term"),
                        le(power_sum(4, 1, index + 1), bound(index + 1)),
                    ),
                ),
            ),
        ),
        step("to-n", Instance(of="fourth", at=n)),
        step("fourth-bound", arithmetic("to-n"), le(power_sum(4, 1, n), Rational(89, 81))),
    )
