from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from verify.measure.checkpoints import entries
from verify.measure.kinds import Layer, Unfolding, is_vector, layer_of, matrices

NAMES = {
    "embeddings.word_embeddings.weight": Layer.EMBEDDING,
    "model.embed_tokens.weight": Layer.EMBEDDING,
    "transformer.wte.weight": Layer.EMBEDDING,
    "shared.weight": Layer.EMBEDDING,
    "transformer.wpe.weight": Layer.OTHER,
    "embeddings.position_embeddings.weight": Layer.OTHER,
    "lm_head.weight": Layer.OTHER,
    "encoder.layer.0.attention.self.query.weight": Layer.QUERY,
    "model.layers.3.self_attn.q_proj.weight": Layer.QUERY,
    "encoder.block.0.layer.0.SelfAttention.q.weight": Layer.QUERY,
    "model.layers.3.self_attn.k_proj.weight": Layer.KEY,
    "encoder.layer.0.attention.self.value.weight": Layer.VALUE,
    "layers.0.attention.wv.weight": Layer.VALUE,
    "encoder.layer.0.attention.output.dense.weight": Layer.OUTPUT,
    "model.layers.3.self_attn.o_proj.weight": Layer.OUTPUT,
    "encoder.block.0.layer.0.SelfAttention.o.weight": Layer.OUTPUT,
    "h.0.attn.c_proj.weight": Layer.OUTPUT,
    "gpt_neox.layers.0.attention.dense.weight": Layer.OUTPUT,
    "h.0.attn.c_attn.weight": Layer.FUSED,
    "gpt_neox.layers.0.attention.query_key_value.weight": Layer.FUSED,
    "layers.0.self_attn.in_proj_weight": Layer.FUSED,
    "blocks.0.attn.qkv.weight": Layer.FUSED,
    "encoder.layer.0.intermediate.dense.weight": Layer.FEED_FORWARD,
    "encoder.layer.0.output.dense.weight": Layer.FEED_FORWARD,
    "h.0.mlp.c_proj.weight": Layer.FEED_FORWARD,
    "model.layers.3.mlp.gate_proj.weight": Layer.FEED_FORWARD,
    "encoder.block.0.layer.1.DenseReluDense.wi.weight": Layer.FEED_FORWARD,
    "layers.0.linear1.weight": Layer.FEED_FORWARD,
    "layers.0.feed_forward.w2.weight": Layer.FEED_FORWARD,
    "fc.weight": Layer.OTHER,
    "lstm.weight_hh_l0": Layer.OTHER,
}


@pytest.mark.parametrize("name", NAMES)
def test_layers_by_the_names_of_the_common_families(name: str) -> None:
    assert layer_of(name, (8, 8)) is NAMES[name]


def test_a_kernel_is_unfolded_three_ways(tmp_path: Path) -> None:
    kernel = torch.arange(4 * 3 * 2 * 5, dtype=torch.float32).reshape(4, 3, 2, 5)
    save_file({"conv": kernel}, tmp_path / "w.safetensors")
    found = matrices(entries([tmp_path / "w.safetensors"])[0])
    assert not isinstance(found, str)
    assert [(one.unfolding, one.rows, one.columns) for one in found] == [
        (Unfolding.OUTPUTS, 4, 30),
        (Unfolding.INPUTS, 3, 40),
        (Unfolding.PLACES, 10, 12),
    ]
    for one in found:
        whole = torch.cat(list(one.row_blocks()))
        assert whole.shape == (one.rows, one.columns)
        assert torch.equal(whole, torch.cat(list(one.column_blocks()), dim=1))
    places = torch.cat(list(found[2].row_blocks()))
    assert sorted(places[7].tolist()) == sorted(kernel[:, :, 1, 2].flatten().tolist())
    assert sorted(torch.cat(list(found[1].row_blocks()))[1].tolist()) == sorted(kernel[:, 1].flatten().tolist())


@pytest.mark.parametrize(
    "shape, dtype, expected",
    [
        ((8, 4, 1, 1), torch.float32, 1),
        ((8, 4, 64), torch.float32, "neither a matrix nor a kernel"),
        ((8, 4), torch.int8, "type I8, which are no numbers by themselves"),
        ((0, 4), torch.float32, "no entries"),
    ],
)
def test_what_is_a_matrix(tmp_path: Path, shape: tuple[int, ...], dtype: torch.dtype, expected: int | str) -> None:
    save_file({"w": torch.ones(shape, dtype=dtype)}, tmp_path / "w.safetensors")
    found = matrices(entries([tmp_path / "w.safetensors"])[0])
    if isinstance(expected, int):
        assert len(found) == expected
    else:
        assert isinstance(found, str)
        assert expected in found


@pytest.mark.parametrize(
    "shape, vector", [((5,), True), ((), True), ((1, 5), True), ((2, 5), False), ((1, 1, 7), True)]
)
def test_vectors(tmp_path: Path, shape: tuple[int, ...], vector: bool) -> None:
    save_file({"w": torch.ones(shape)}, tmp_path / "w.safetensors")
    assert is_vector(entries([tmp_path / "w.safetensors"])[0]) is vector
