"""LoRA and its variants (section 11.2.4)."""

from __future__ import annotations

from claims.low_rank.lora.alignment import alignment
from claims.low_rank.lora.counts import parameter_count
from claims.low_rank.lora.geometry import factor_gradients, lora_manifold
from claims.low_rank.lora.parametrisation import parametrisation
from claims.low_rank.lora.representation import approximation, representation
from claims.low_rank.lora.scaling import diagonal_factor
from claims.low_rank.lora.sparsity import sparsity
from claims.low_rank.lora.tangent import geometric_effect
from claims.low_rank.lora.variants import variants

CLAIMS = (
    parametrisation,
    parameter_count,
    lora_manifold,
    factor_gradients,
    geometric_effect,
    representation,
    approximation,
    alignment,
    variants,
    diagonal_factor,
    sparsity,
)
"""In the order of the text."""
