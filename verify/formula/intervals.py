"""Working precision, and small facts about balls that flint leaves to its user."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any

from flint import arb, arb_mat, ctx

GUARD = 24
"""Bits carried beyond those asked for."""

_lock = RLock()


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Arb's working precision, which is global to the process: one thread at a time, and restored whatever happens."""
    with _lock:
        before = ctx.prec
        ctx.prec = bits
        try:
            yield
        finally:
            ctx.prec = before


def interval(low: Any, high: Any) -> arb:
    """A ball that contains both ends."""
    return arb(low).union(arb(high))


def nonnegative(x: arb) -> arb:
    """The part of an enclosure of a number that is known to be nonnegative."""
    return x if x >= 0 else interval(0, x.upper())


def root(x: arb) -> arb:
    """Square root of a number known to be nonnegative, whose enclosure may reach below 0."""
    if x > 0 or x.is_zero():
        return x.sqrt()
    return interval(0, x.upper().sqrt())


def square(x: arb) -> arb:
    """The square, enclosed by numbers that are not negative except for rounding outwards."""
    return x * x if x.is_exact() or not x.contains(0) else interval(0, x.abs_upper() ** 2)


def frobenius(m: arb_mat) -> arb:
    """An enclosure of the Frobenius norm."""
    return root(sum((square(x) for x in m.entries()), arb(0)))


def bound(m: arb_mat) -> arb:
    """An upper bound of the Frobenius norm, hence of the spectral norm, as an exact number."""
    return sum((x.abs_upper() ** 2 for x in m.entries()), arb(0)).upper().sqrt().upper()


def diagonal(xs: Sequence[arb]) -> arb_mat:
    return arb_mat(len(xs), len(xs), [x if i == j else 0 for i, x in enumerate(xs) for j in range(len(xs))])


def identity(n: int) -> arb_mat:
    return arb_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])


def columns(m: arb_mat, which: Sequence[int]) -> arb_mat:
    return arb_mat(m.nrows(), len(which), [m[i, j] for i in range(m.nrows()) for j in which])


__all__ = [
    "GUARD",
    "bound",
    "columns",
    "diagonal",
    "frobenius",
    "identity",
    "interval",
    "nonnegative",
    "precision",
    "root",
    "square",
]
