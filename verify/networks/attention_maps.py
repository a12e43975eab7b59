"""Attention maps of the pretrained MiniLM on real text: its forward pass in double precision, layer by layer.

The network is BERT-shaped (Devlin et al. 2019): embeddings of words and positions, six layers of attention and a
feed-forward network, each followed by a normalisation. Text is the reference manual that ships with CPython, cut into
word pieces with the vocabulary that the package ships. The causal mask is not how the network was trained; it shows
what a mask does to the rank of the same logits.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from verify.networks import data, pretrained
from verify.networks.spectra import effective_rank, numerical_rank

if TYPE_CHECKING:
    from torch import Tensor

NETWORK = "minilm"
HEADS, LAYERS, EPSILON = 12, 6, 1e-12
LENGTHS = (32, 64, 128)
WINDOWS = 4
DOUBLE = 2.0**-52


class Maps(NamedTuple):
    """Medians over heads and windows of one layer."""

    network: str
    layer: int
    length: int
    width: int
    causal: bool
    effective_rank: float
    rank: float
    logits_rank: float


def words(text: str) -> Iterator[str]:
    """Lower case without accents, split at spaces; each sign of punctuation is a word."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    word = ""
    for c in plain + " ":
        if c.isalnum():
            word += c
            continue
        if word:
            yield word
        word = ""
        if not c.isspace() and c.isprintable():
            yield c


def pieces(word: str, vocabulary: Mapping[str, int]) -> list[str]:
    """The longest piece that fits, again and again (WordPiece; Wu et al. 2016); ``[UNK]`` where none does."""
    out: list[str] = []
    start = 0
    while start < len(word):
        mark = "##" if start else ""
        ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in vocabulary)
        end = next(ends, None)
        if end is None:
            return ["[UNK]"]
        out.append(mark + word[start:end])
        start = end
    return out


def tokens(text: str, vocabulary: Mapping[str, int]) -> list[int]:
    return [vocabulary[piece] for word in words(text) for piece in pieces(word, vocabulary)]


def windows(length: int, vocabulary: Mapping[str, int]) -> Tensor:
    """Stretches of the manual at even distances, each between the marks of its beginning and end."""
    import torch

    # As many characters as surely give enough pieces.
    text = data.raw("manual")
    hop = len(text) // WINDOWS
    stretches = [tokens(text[i * hop : i * hop + 12 * length], vocabulary)[: length - 2] for i in range(WINDOWS)]
    first, last = vocabulary["[CLS]"], vocabulary["[SEP]"]
    return torch.tensor([[first, *stretch, last] for stretch in stretches])


def attention_of(w: Mapping[str, Tensor], x: Tensor, causal: bool) -> Iterator[tuple[Tensor, Tensor]]:
    """Logits and maps (batch, heads, n, n) of every layer in turn."""
    import torch

    def linear(name: str, y: Tensor) -> Tensor:
        return y @ w[f"{name}.weight"].double().mT + w[f"{name}.bias"].double()

    def norm(name: str, y: Tensor) -> Tensor:
        scale, shift = w[f"{name}.LayerNorm.weight"].double(), w[f"{name}.LayerNorm.bias"].double()
        return torch.nn.functional.layer_norm(y, y.shape[-1:], scale, shift, EPSILON)

    batch, n = x.shape
    table = "embeddings.{}_embeddings.weight"
    y = w[table.format("word")][x] + w[table.format("position")][:n] + w[table.format("token_type")][0]
    y = norm("embeddings", y.double())
    future = torch.ones(n, n, dtype=torch.bool).triu(1)
    for i in range(LAYERS):
        at = f"encoder.layer.{i}"
        q, k, v = (
            linear(f"{at}.attention.self.{name}", y).reshape(batch, n, HEADS, -1).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        logits = q @ k.mT / math.sqrt(q.shape[-1])
        maps = torch.softmax(logits.masked_fill(future, -math.inf) if causal else logits, dim=-1)
        yield logits, maps
        mixed = (maps @ v).transpose(1, 2).reshape(batch, n, -1)
        y = norm(f"{at}.attention.output", linear(f"{at}.attention.output.dense", mixed) + y)
        inner = torch.nn.functional.gelu(linear(f"{at}.intermediate.dense", y))
        y = norm(f"{at}.output", linear(f"{at}.output.dense", inner) + y)


def ranks_of(matrices: Tensor) -> Tensor:
    """Numerical rank of each (..., n, n)."""
    import torch

    flat = torch.linalg.svdvals(matrices).flatten(0, -2)
    n = matrices.shape[-1]
    return torch.tensor([numerical_rank(s, n, n, DOUBLE) for s in flat]).double()


@cache
def pretrained_maps() -> list[Maps]:
    """Every layer at every length, with and without a mask; nothing where the network was not fetched."""
    import torch

    arrays = pretrained.weights(NETWORK)
    if arrays is None:
        return []
    width = arrays["encoder.layer.0.attention.self.query.weight"].shape[0] // HEADS
    lines = pretrained.text_file(NETWORK, "vocab.txt").splitlines()
    vocabulary = {piece: i for i, piece in enumerate(lines)}
    out = []
    with torch.no_grad():
        for length in LENGTHS:
            x = windows(length, vocabulary)
            for causal in (False, True):
                for layer, (logits, maps) in enumerate(attention_of(arrays, x, causal)):
                    effective = float(effective_rank(torch.linalg.svdvals(maps)).median())
                    found = effective, float(ranks_of(maps).median()), float(ranks_of(logits).median())
                    out.append(Maps(NETWORK, layer, length, width, causal, *found))
    return out
