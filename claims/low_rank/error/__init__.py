"""Approximation error and generalisation (section 11.2.5)."""

from __future__ import annotations

from claims.low_rank.error import generalisation
from claims.low_rank.error.accumulation import error_accumulation
from claims.low_rank.error.adaptive import adaptive_rank
from claims.low_rank.error.marginal import marginal_gain
from claims.low_rank.error.relative import relative_errors
from claims.low_rank.error.task_rank import task_rank
from claims.low_rank.error.truncation import error_norms

CLAIMS = (
    relative_errors,
    error_norms,
    error_accumulation,
    *generalisation.CLAIMS,
    task_rank,
    marginal_gain,
    adaptive_rank,
)
"""In the order of the text."""
