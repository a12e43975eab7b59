"""Decay of singular values (section 11.2.2)."""

from __future__ import annotations

from claims.low_rank.decay.noise import staircase
from claims.low_rank.decay.power_law import fit
from claims.low_rank.decay.separation import separation
from claims.low_rank.decay.table import table
from claims.low_rank.decay.tail import energy_bound, energy_floor
from claims.low_rank.decay.threshold import effective_rank
from claims.low_rank.decay.training import dynamics

CLAIMS = (fit, dynamics, energy_bound, energy_floor, effective_rank, staircase, separation, table)
"""In the order of the text."""
