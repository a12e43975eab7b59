"""Low-rank character of weights (section 11.2.1)."""

from __future__ import annotations

from claims.low_rank.weights.attention import attention_rank
from claims.low_rank.weights.descent import descent
from claims.low_rank.weights.effective_rank import effective_rank
from claims.low_rank.weights.energy import energy_ratio
from claims.low_rank.weights.fast_decay import fast_decay
from claims.low_rank.weights.layers import layers_table
from claims.low_rank.weights.manifold import manifold

CLAIMS = (energy_ratio, fast_decay, effective_rank, manifold, descent, layers_table, attention_rank)
"""In the order of the text."""
