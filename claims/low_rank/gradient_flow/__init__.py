"""Gradient flow and implicit regularisation (section 11.2.3)."""

from __future__ import annotations

from claims.low_rank.gradient_flow.convergence import convergence

CLAIMS = (convergence,)
"""In the order of the text."""
