"""Decay of singular values (section 11.2.2)."""

from __future__ import annotations

from claims.low_rank.decay.separation import separation
from claims.low_rank.decay.tail import energy_bound, energy_floor

CLAIMS = (energy_bound, energy_floor, separation)
"""In the order of the text."""
