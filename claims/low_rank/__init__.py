"""Section 11.2: the mathematics of low-rank approximation in large models."""

from __future__ import annotations

from pathlib import Path

from claims.low_rank import decay, error, gradient_flow, lora, weights
from claims.low_rank.chinese import CHINESE
from verify.collection import Collection, read_fingerprints
from verify.model.claim import Text

collection = Collection(
    name="low_rank",
    title=Text(
        en="Mathematics of low-rank approximation in large models (section 11.2)",
        zh="大模型中低秩近似的数学依据（11.2 节）",
    ),
    sections=(
        Text(en="11.2.1 Low-rank character of weights", zh="11.2.1 权重的低秩特性"),
        Text(en="11.2.2 Decay of singular values", zh="11.2.2 奇异值的衰减"),
        Text(en="11.2.3 Gradient flow", zh="11.2.3 梯度流"),
        Text(en="11.2.4 LoRA", zh="11.2.4 LoRA"),
        Text(en="11.2.5 Error and generalisation", zh="11.2.5 误差与泛化"),
    ),
    claims=(*weights.CLAIMS, *decay.CLAIMS, *gradient_flow.CLAIMS, *lora.CLAIMS, *error.CLAIMS),
    bibliography=Path(__file__).parent / "references.bib",
    fingerprints=read_fingerprints(Path(__file__).parent / "fingerprints.json"),
    chinese=CHINESE,
)
