"""How near to 0 an algebraic number other than 0 can be: the bound that turns a small enclosure into a zero.

Each number E is written U/L with algebraic integers U and L, and u, l bound the absolute values of all their
conjugates:

    integer n: u = |n|, l = 1              A + B: u = u_A l_B + l_A u_B, l = l_A l_B
    A B: u = u_A u_B, l = l_A l_B           A / B: u = u_A l_B, l = l_A u_B
    A^(1/k): u = (u_A l_A^(k-1))^(1/k), l = l_A
    a root of a_d x^d + ...: u = a_d (Cauchy's bound of the roots), l = a_d, since a_d x is an algebraic integer

U lies in a field of degree at most D, the product of the degrees of the distinct radicals and roots (of j distinct
roots of one polynomial of degree d: d (d-1) ... (d-j+1)). If U is not 0, its norm is an integer other than 0, so |U|
>= u^(1-D), and |E| = |U|/|L| >= u^(1-D) / l. (Burnikel, Fleischer, Mehlhorn and Schirra 2000, Algorithmica 27, and
2001 for A^(1/k).)
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

MOST_BITS = 20_000


def separation_bits(number: Any) -> int | None:
    """b with |number| >= 2^-b unless number = 0; None if the number is not built from integers by + - * / and roots."""
    seen: dict[Any, tuple[float, float]] = {}
    degrees: dict[Any, int] = {}
    try:
        u, l = _bounds(number, seen, degrees)
    except _NotAlgebraicError:
        return None
    degree = math.prod(degrees.values())
    for polynomial, times in Counter(r.poly for r in seen if type(r).__name__ == "ComplexRootOf").items():
        d = polynomial.degree()
        degree *= math.prod(range(d - times + 1, d + 1))
    return math.ceil((degree - 1) * max(u, 0.0) + l) + 2


class _NotAlgebraicError(Exception):
    pass


Logs = tuple[float, float]
"""Base-2 logarithms of u and l, rounded up by ``_UP`` at every step."""
_UP = 1e-6


def _bounds(e: Any, seen: dict[Any, Logs], degrees: dict[Any, int]) -> Logs:
    if e not in seen:
        u, l = _fresh(e, seen, degrees)
        seen[e] = max(u, 0.0) + _UP, max(l, 0.0) + _UP
    return seen[e]


def _fresh(e: Any, seen: dict[Any, Logs], degrees: dict[Any, int]) -> Logs:
    if e.is_Rational:
        return _log2(abs(int(e.p))), _log2(int(e.q))
    if e.is_Add:
        parts = [_bounds(a, seen, degrees) for a in e.args]
        l = sum(p[1] for p in parts)
        return _log_of_sum([p[0] + l - p[1] for p in parts]), l
    if e.is_Mul:
        parts = [_bounds(a, seen, degrees) for a in e.args]
        return sum(p[0] for p in parts), sum(p[1] for p in parts)
    if e.is_Pow and e.exp.is_Rational:
        return _power(e, seen, degrees)
    if type(e).__name__ == "ComplexRootOf":
        coefficients = [abs(int(c)) for c in e.poly.all_coeffs()]
        lead = _log2(coefficients[0])
        return _log2(coefficients[0] + max(coefficients[1:])), lead
    raise _NotAlgebraicError


def _power(e: Any, seen: dict[Any, Logs], degrees: dict[Any, int]) -> Logs:
    """A^(p/q) as the p-th power of the radical A^(1/q); a negative exponent turns the fraction over."""
    u, l = _bounds(e.base, seen, degrees)
    q, p = int(e.exp.q), int(e.exp.p)
    if q > 1:
        degrees[(e.base, q)] = q
        u, l = (u + (q - 1) * l) / q, l
    u, l = u * abs(p), l * abs(p)
    return (u, l) if p > 0 else (l, u)


def _log2(n: int) -> float:
    return math.log2(n) if n > 1 else 0.0


def _log_of_sum(logs: list[float]) -> float:
    most = max(logs)
    return most + math.log2(sum(2.0 ** (x - most) for x in logs))


__all__ = ["MOST_BITS", "separation_bits"]
