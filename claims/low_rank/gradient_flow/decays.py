"""How much of each mode has developed after some steps from zero (section 11.2.3): the decay 1 - f of its error."""

from __future__ import annotations

from typing import Any

from verify.authoring import *

n, N = sizes("n N")
i, j, t, s = indices("i j t s")
eta = scalars("eta")
X = matrix("X", n, N)


def decay(index: Any, power: Any) -> Any:
    """What is left of the error of a mode after some steps."""
    return (1 - eta * Sigma(X, index) ** 2) ** power


def decay_rules(index: Any, tag: str) -> tuple[Line, ...]:
    """0 <= (1 - eta lambda)^s for all s >= 0, and < 1 for s >= 1, where 0 < eta lambda <= 1."""
    lam_i = Sigma(X, index) ** 2

    def next_power(name: str) -> Line:
        return step(name, PowerStep(base=decay(index, 1), exponent=s))

    return (
        step(f"{tag}-positive", apply("positive", W=X, i=index)),
        step(f"{tag}-order", apply("order", W=X, i=index, j=1)),
        step(f"{tag}-first", apply("positive", W=X, i=1)),
        step(f"{tag}-squares", arithmetic(f"{tag}-order", f"{tag}-positive"), le(lam_i, Sigma(X, 1) ** 2)),
        step(f"{tag}-square", arithmetic(f"{tag}-positive"), gt(lam_i, 0)),
        step(f"{tag}-step", arithmetic(f"{tag}-first"), le(eta * Sigma(X, 1) ** 2, 1)),
        step(f"{tag}-scaled", arithmetic(f"{tag}-squares"), le(eta * lam_i, eta * Sigma(X, 1) ** 2)),
        step(f"{tag}-some", arithmetic(f"{tag}-square"), gt(eta * lam_i, 0)),
        step(f"{tag}-rest", arithmetic(f"{tag}-step", f"{tag}-scaled"), ge(1 - eta * lam_i, 0)),
        step(
            f"{tag}-nonnegative",
            Induction(
                index=s,
                start=0,
                formula=ge(decay(index, s), 0),
                base=(step("start", arithmetic(), ge(decay(index, 0), 0)),),
                step=(
                    next_power("power"),
                    step("next", arithmetic("hypothesis", "power", f"{tag}-rest"), ge(decay(index, s + 1), 0)),
                ),
            ),
        ),
        step(
            f"{tag}-below-one",
            Induction(
                index=s,
                start=1,
                formula=lt(decay(index, s), 1),
                base=(step("start", arithmetic(f"{tag}-some"), lt(decay(index, 1), 1)),),
                step=(
                    next_power("power"),
                    step("now", Instance(of=f"{tag}-nonnegative", at=s)),
                    step("loss", arithmetic("now", f"{tag}-some"), ge(eta * lam_i * decay(index, s), 0)),
                    step("next", arithmetic("hypothesis", "power", "loss"), lt(decay(index, s + 1), 1)),
                ),
            ),
        ),
        step(f"{tag}-develops", Instance(of=f"{tag}-below-one", at=t)),
    )


decays_in_order = step(
    "in-order",
    Induction(
        index=s,
        start=0,
        formula=le(decay(i, s), decay(j, s)),
        base=(step("start", arithmetic(), le(decay(i, 0), decay(j, 0))),),
        step=(
            step("power-i", PowerStep(base=decay(i, 1), exponent=s)),
            step("power-j", PowerStep(base=decay(j, 1), exponent=s)),
            step("now", Instance(of="i-nonnegative", at=s)),
            step(
                "slower",
                arithmetic("now", "scaled"),
                le(
                    decay(i, s) - eta * Sigma(X, i) ** 2 * decay(i, s),
                    decay(i, s) - eta * Sigma(X, j) ** 2 * decay(i, s),
                ),
            ),
            step(
                "more",
                arithmetic("hypothesis", "j-rest"),
                le(
                    decay(i, s) - eta * Sigma(X, j) ** 2 * decay(i, s),
                    decay(j, s) - eta * Sigma(X, j) ** 2 * decay(j, s),
                ),
            ),
            step("next", arithmetic("power-i", "power-j", "slower", "more"), le(decay(i, s + 1), decay(j, s + 1))),
        ),
    ),
)
