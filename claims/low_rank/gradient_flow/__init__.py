"""Gradient flow and implicit regularisation (section 11.2.3)."""

from __future__ import annotations

from claims.low_rank.gradient_flow import early_stopping, flatness, langevin, modes, noise, regularisation, update
from claims.low_rank.gradient_flow.convergence import convergence

CLAIMS = (
    *update.CLAIMS,
    *modes.CLAIMS,
    convergence,
    *early_stopping.CLAIMS,
    *noise.CLAIMS,
    *langevin.CLAIMS,
    *regularisation.CLAIMS,
    *flatness.CLAIMS,
)
"""In the order of the text."""
