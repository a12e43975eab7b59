"""An encoder like BERT, of two layers and two heads of width 4, with weights at random."""

from __future__ import annotations

import torch

CONFIG = {
    "model_type": "bert", "hidden_act": "gelu", "layer_norm_eps": 1e-12,
    "num_attention_heads": 2, "num_hidden_layers": 2, "max_position_embeddings": 20,
}  # fmt: skip
PIECES = ["[CLS]", "[SEP]", "[UNK]", *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz")]
WIDTH, INNER = 8, 12


def weights(prefix: str = "") -> dict[str, torch.Tensor]:
    make = torch.Generator().manual_seed(0)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(PIECES), WIDTH),
        "embeddings.position_embeddings.weight": (20, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for i in range(2):
        for name, rows, columns in (
            ("attention.self.query", WIDTH, WIDTH), ("attention.self.key", WIDTH, WIDTH),
            ("attention.self.value", WIDTH, WIDTH), ("attention.output.dense", WIDTH, WIDTH),
            ("intermediate.dense", INNER, WIDTH), ("output.dense", WIDTH, INNER),
        ):  # fmt: skip
            shapes[f"encoder.layer.{i}.{name}.weight"] = (rows, columns)
            shapes[f"encoder.layer.{i}.{name}.bias"] = (rows,)
        for name in ("attention.output", "output"):
            shapes[f"encoder.layer.{i}.{name}.LayerNorm.weight"] = (WIDTH,)
            shapes[f"encoder.layer.{i}.{name}.LayerNorm.bias"] = (WIDTH,)
    return {prefix + name: torch.randn(*shape, generator=make) for name, shape in shapes.items()}
