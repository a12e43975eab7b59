"""The parts that only a measurement on trained networks can decide, by claim; their claims place them in the text."""

from __future__ import annotations

from claims.low_rank.measured import decay, error, gradient_flow, lora, weights
from verify.model.claim import Part

PARTS: dict[str, tuple[Part, ...]] = {
    "lemma-11.17": weights.energy_decay,
    "table-11.2.1": weights.layer_types,
    "lemma-11.19": weights.attention_rank,
    "lemma-11.20": decay.power_law,
    "theorem-11.10": decay.dynamics,
    "definition-11.17": decay.threshold_rank,
    "corollary-11.5": gradient_flow.implicit_rank,
    "theorem-11.15": gradient_flow.flatness,
    "lemma-11.25": error.generalisation,
    "lemma-11.28": lora.lora_alignment,
    "table-11.2.3": lora.lora_variants,
    "corollary-11.7": error.rank_constraint,
}


def measured(label: str) -> tuple[Part, ...]:
    """The typical parts of one claim, in the order in which they are to be shown."""
    return PARTS.get(label, ())
