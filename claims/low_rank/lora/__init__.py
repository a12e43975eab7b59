"""LoRA and its variants (section 11.2.4)."""

from __future__ import annotations

from claims.low_rank.lora.geometry import factor_gradients, lora_manifold, parameter_count

CLAIMS = (parameter_count, lora_manifold, factor_gradients)
"""In the order of the text."""
