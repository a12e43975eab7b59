"""Section 11.2: the mathematics of low-rank approximation in large models."""

from __future__ import annotations

from pathlib import Path

from claims.low_rank import decay, error, gradient_flow, lora, weights
from verify.collection import Collection, read_fingerprints
from verify.model.claim import Text

collection = Collection(
    name="low_rank",
    title=Text(
        en="Mathematics of low-rank approximation in large models (section 11.2)",
        zh="大模型中低秩近似的数学依据（11.2 节）",
    ),
    claims=(*weights.CLAIMS, *decay.CLAIMS, *gradient_flow.CLAIMS, *lora.CLAIMS, *error.CLAIMS),
    bibliography=Path(__file__).parent / "references.bib",
    fingerprints=read_fingerprints(Path(__file__).parent / "fingerprints.json"),
)
