"""The stationary variance of an iteration that is run, beside the two formulas for it (section 11.2.3)."""

from __future__ import annotations

from random import Random

from verify.model.evidence import Curves, Line

PRODUCTS = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8)
"""Step size times curvature."""
STEPS, FORGOTTEN = 20_000, 200


def simulated_variance(product: float) -> float:
    """h Var(w) / (eta c) over one long run of w <- (1 - eta h) w - eta xi, with h = c = 1 and a fair sign for xi."""
    signs, w, total = Random(0), 0.0, 0.0  # noqa: S311  nothing is kept secret with them
    for count in range(STEPS + FORGOTTEN):
        w += -product * w - product * (2 * signs.getrandbits(1) - 1)
        if count >= FORGOTTEN:
            total += w * w
    return float(f"{total / STEPS / product:.3g}")


variance_over_steps = (
    Curves(
        title="Stationary variance of the iteration and of the diffusion",
        x="step size times curvature",
        y="variance, of eta c / h",
        log_y=True,
        lines=(
            Line(name="iteration, run", of="measured", x=PRODUCTS, y=tuple(map(simulated_variance, PRODUCTS))),
            Line(
                name="iteration, by formula",
                of="model",
                x=PRODUCTS,
                y=tuple(float(f"{1 / (2 - product):.4g}") for product in PRODUCTS),
            ),
            Line(name="diffusion", of="null", x=PRODUCTS, y=(0.5,) * len(PRODUCTS)),
        ),
    ),
)
