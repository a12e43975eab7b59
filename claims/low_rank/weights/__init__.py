"""Low-rank character of weights (section 11.2.1)."""

from __future__ import annotations

from claims.low_rank.weights.spectra import attention_rank, energy_ratio

CLAIMS = (energy_ratio, attention_rank)
"""In the order of the text."""
