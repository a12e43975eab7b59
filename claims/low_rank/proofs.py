"""Steps that several proofs of the section share."""

from __future__ import annotations

from typing import Any

from verify.authoring import (
    FrobeniusNorm,
    Line,
    Nonnegative,
    Orthonormal,
    Rank,
    Sigma,
    Split,
    Sum,
    Truncated,
    apply,
    arithmetic,
    gt,
    indices,
    step,
)
from verify.proof.sums import First

i = indices("i")


def squares(w: Any, low: Any, high: Any) -> Any:
    """The sum of the squared singular values from ``low`` to ``high``."""
    return Sum(Sigma(w, i) ** 2, (i, low, high))


def residual(w: Any, k: Any, name: str = "residual") -> Line:
    return step(name, Orthonormal(of=FrobeniusNorm(w - Truncated(w, k)), base=w))


def total_positive(w: Any) -> tuple[Line, ...]:
    """The sum of all squared singular values is positive where the rank is at least one."""
    total = squares(w, 1, Rank(w))
    return (
        step("first-positive", apply("positive", W=w, i=1)),
        step("first-apart", First(total=total)),
        step("others", Nonnegative(total=squares(w, 2, Rank(w)))),
        step("total-positive", arithmetic("first-positive", "first-apart", "others"), gt(total, 0)),
    )


def split_total(w: Any, k: Any, name: str = "split") -> tuple[Line, ...]:
    """The total as head and tail at k, both nonnegative."""
    return (
        step(name, Split(total=squares(w, 1, Rank(w)), at=k)),
        step(f"{name}-head", Nonnegative(total=squares(w, 1, k))),
        step(f"{name}-tail", Nonnegative(total=squares(w, k + 1, Rank(w)))),
    )


def energy(w: Any, k: Any, name: str = "energy") -> Line:
    return step(name, apply("energy", W=w, k=k))
