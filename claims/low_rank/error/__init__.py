"""Approximation error and generalisation (section 11.2.5)."""

from __future__ import annotations

from claims.low_rank.error.accumulation import error_accumulation
from claims.low_rank.error.truncation import error_norms, marginal_gain

CLAIMS = (error_norms, error_accumulation, marginal_gain)
"""In the order of the text."""
