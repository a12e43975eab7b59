"""Ranks of heads, an encoder's forward pass, and what it must be told."""

from __future__ import annotations

import json
import math

import pytest
import torch

from verify.networks import encoder
from verify.networks.encoder import Shape, attention_of, pieces, shape, tokens, vocabulary, words
from verify.networks.heads import curves, heads_of, ranks_of
from verify.networks.training import generators

CONFIG = {
    "model_type": "bert", "hidden_act": "gelu", "layer_norm_eps": 1e-6,
    "num_attention_heads": 2, "num_hidden_layers": 2, "max_position_embeddings": 12,
}  # fmt: skip


def test_ranks_of_known_matrices() -> None:
    """A constant logit gives the uniform map, of rank one; a large diagonal gives nearly the identity."""
    n = 6
    logits = torch.stack([torch.ones(n, n), 50 * torch.eye(n)]).double()[None]
    found = ranks_of(logits, torch.softmax(logits, -1))
    (flat, sharp) = heads_of([found], causal=False)
    assert (flat.head, flat.logits_rank, flat.rank) == (0, 1, 1)
    assert flat.effective_rank == pytest.approx(1) and flat.logits_effective_rank == pytest.approx(1)
    assert (sharp.head, sharp.logits_rank, sharp.rank) == (1, n, n)
    assert sharp.effective_rank == pytest.approx(n)
    with pytest.raises(ValueError, match="NaN or infinite"):
        ranks_of(torch.full((1, 1, 2, 2), math.nan), torch.ones(1, 1, 2, 2))


def test_a_head_is_the_median_over_windows_and_layers_are_counted() -> None:
    logits = torch.stack([torch.diag(torch.tensor([1.0] * k + [0.0] * (5 - k))) for k in (1, 3, 4)])[:, None].double()
    found = heads_of([ranks_of(logits, logits)] * 2, causal=True)
    assert [(one.layer, one.head, one.causal, one.rank) for one in found] == [(0, 0, True, 3), (1, 0, True, 3)]
    (picture,) = curves("n", found, 3)
    assert picture.marks == (1.5,) and {line.name for line in picture.lines} >= {"rank of the logits", "rank of A"}


def made(make: torch.Generator, width: int = 6, inner: int = 8, known: int = 9) -> dict[str, torch.Tensor]:
    w: dict[str, torch.Tensor] = {}

    def add(name: str, *sides: int) -> None:
        w[name] = torch.randn(*sides, generator=make)

    for table, rows in (("word", known), ("position", 12), ("token_type", 2)):
        add(f"embeddings.{table}_embeddings.weight", rows, width)
    add("embeddings.LayerNorm.weight", width)
    add("embeddings.LayerNorm.bias", width)
    for i in range(2):
        at = f"encoder.layer.{i}"
        shapes = {f"attention.self.{x}": (width, width) for x in ("query", "key", "value")}
        shapes |= {"attention.output.dense": (width, width), "intermediate.dense": (inner, width)}
        shapes |= {"output.dense": (width, inner), "attention.output.LayerNorm": (width,), "output.LayerNorm": (width,)}
        for name, sides in shapes.items():
            add(f"{at}.{name}.weight", *sides)
            add(f"{at}.{name}.bias", sides[0])
    return w


def test_the_first_layer_is_attention_as_torch_computes_it() -> None:
    make = generators([4], "encoder")[0]
    w, x = made(make), torch.randint(9, (3, 7), generator=make)
    y = w["embeddings.word_embeddings.weight"][x] + w["embeddings.position_embeddings.weight"][:7]
    y = y + w["embeddings.token_type_embeddings.weight"][0]
    scale, shift = w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"]
    y = torch.nn.functional.layer_norm(y.double(), (6,), scale.double(), shift.double(), 1e-6)
    own = torch.nn.MultiheadAttention(6, 2, batch_first=True).double()
    names = [f"encoder.layer.0.attention.self.{name}" for name in ("query", "key", "value")]
    with torch.no_grad():
        own.in_proj_weight.copy_(torch.cat([w[f"{name}.weight"] for name in names]))
        own.in_proj_bias.copy_(torch.cat([w[f"{name}.bias"] for name in names]))
    future = torch.ones(7, 7, dtype=torch.bool).triu(1)
    for causal, mask in ((False, None), (True, future)):
        _, expected = own(y, y, y, attn_mask=mask, average_attn_weights=False)
        _, found = next(attention_of(w, Shape(2, 2, 1e-6, 12), x, causal))
        assert torch.allclose(found, expected, atol=1e-10)


def test_a_mask_keeps_the_future_out_of_every_layer() -> None:
    make = generators([5], "encoder")[0]
    w, x = made(make), torch.randint(9, (1, 7), generator=make)
    other = x.clone()
    other[:, -1] = (other[:, -1] + 1) % 9
    for causal in (False, True):
        pairs = (attention_of(w, Shape(2, 2, 1e-6, 12), one, causal) for one in (x, other))
        last, changed = (list(one)[-1][1] for one in pairs)
        assert torch.allclose(last[..., 0, :], changed[..., 0, :], atol=1e-12) is causal


def test_the_shape_is_read_and_other_networks_are_refused() -> None:
    assert shape(json.dumps(CONFIG)) == Shape(2, 2, 1e-6, 12)
    for change, said in (
        ({"model_type": "gpt2"}, "only bert"),
        ({"hidden_act": "relu"}, "only bert"),
        ({"position_embedding_type": "relative_key"}, "only bert"),
        ({"num_attention_heads": 0}, "no heads"),
        ({"num_attention_heads": "many"}, "invalid literal"),
        ({"layer_norm_eps": None}, "does not describe"),
    ):
        with pytest.raises(ValueError, match=said):
            shape(json.dumps(CONFIG | change))
    for text in ("{", "[]", "{}"):
        with pytest.raises(ValueError, match="does not describe"):
            shape(text)


def test_words_and_their_pieces() -> None:
    assert list(words("Élan, vital(2)!")) == ["elan", ",", "vital", "(", "2", ")", "!"]
    known = {piece: i for i, piece in enumerate(["un", "##aff", "##able", "a", "##b", "[UNK]"])}
    assert pieces("unaffable", known) == ["un", "##aff", "##able"]
    assert pieces("ab", known) == ["a", "##b"]
    assert pieces("xyz", known) == ["[UNK]"]
    assert tokens("ab xyz", known) == [3, 4, 5]
    with pytest.raises(ValueError, match=r"no piece \[CLS\]"):
        vocabulary("a\nb")


def test_windows_have_one_length_and_their_marks() -> None:
    known = {piece: i for i, piece in enumerate(["[CLS]", "[SEP]", "[UNK]", *"abcdefghijklmnopqrstuvwxyz"])}
    found = encoder.windows(10, known)
    assert found.shape == (encoder.WINDOWS, 10)
    assert (found[:, 0] == 0).all() and (found[:, -1] == 1).all()
