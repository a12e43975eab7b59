"""The exact sign of a sympy number: a decision, never a heuristic.

Balls show that a number is not 0; a separation bound, or an identity of rational functions, shows that it is.
"""

from __future__ import annotations

import math
from typing import Any

import sympy as sp
from flint import fmpq

from verify.formula.arithmetic import NotExact, Undetermined
from verify.formula.assignment import Assignment
from verify.formula.balls import Balls
from verify.formula.intervals import precision
from verify.formula.separation import MOST_BITS, separation_bits

MOST_OPERATIONS, MOST_DEGREE, MOST_LOGARITHMS = 200, 48, 6
"""Expressions with more operations, powers of e or logarithms are not given to sympy's rational simplification, which
would not end in reasonable time."""


def sign(number: Any) -> int:
    """-1, 0 or 1: the sign of a sympy number, decided. Raises NotExact where neither balls nor algebra decide it."""
    if number.is_Rational:
        return int(number.p > 0) - int(number.p < 0)
    first = _sign_at(number, 64)
    if first:
        return first
    needed = separation_bits(number)
    if needed is None:
        return _sign_at(number, 256) or _transcendental_zero(number)
    if needed > MOST_BITS:
        raise NotExact("the sign of", number, "would take too many bits")
    for bits in (256, needed + 64, 2 * needed + 512):
        found = _sign_at(number, bits)
        if found:
            return found
        if _below(number, bits, needed):
            return 0
    raise NotExact(number, "is not enclosed closely enough")


def _ball(number: Any, bits: int) -> Any:
    return Balls(Assignment({}), bits).enclosure(number)


def _sign_at(number: Any, bits: int) -> int:
    try:
        ball = _ball(number, bits)
    except Undetermined:
        return 0
    return int(bool(ball > 0)) - int(bool(ball < 0))


def _below(number: Any, bits: int, needed: int) -> bool:
    """Whether |number| < 2^-needed for certain: then it is 0."""
    try:
        with precision(bits):
            return bool(_ball(number, bits).abs_upper() * fmpq(2) ** needed < 1)
    except Undetermined:
        return False


def _transcendental_zero(number: Any) -> int:
    """0 where algebra shows that the number vanishes.

    Powers of e with rational exponents become powers of t = e^(1/q), which is transcendental (Hermite 1873),
    logarithms of rationals those of primes: an identity in these generators is an identity of numbers. That none is
    found shows nothing.
    """
    if sp.count_ops(number) <= MOST_OPERATIONS:
        powers = {e for e in number.atoms(sp.exp) if e.exp.is_Rational}
        q = math.lcm(*(int(e.exp.q) for e in powers))
        if any(abs(e.exp * q) > MOST_DEGREE for e in powers) or len(number.atoms(sp.log)) > MOST_LOGARITHMS:
            raise NotExact("the sign of", number, "would take too long")
        t = sp.Dummy("t", positive=True)
        generic = number.xreplace({e: t ** (e.exp * q) for e in powers} | {sp.E: t**q})
        if sp.cancel(sp.expand_log(generic)) == 0:
            return 0
    raise NotExact("the sign of", number, "is not decided")


__all__ = ["sign"]
