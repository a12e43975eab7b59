"""A forward pass through encoders shaped like BERT (Devlin et al. 2019), in double precision, for their attention maps.

Embeddings of words and positions, then layers of attention and a feed-forward network, each followed by a
normalisation. Text is the reference manual that ships with CPython, in lower case, cut into word pieces with the
network's own vocabulary. A causal mask is not how such a network was trained; it shows what a mask does to the rank.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from verify.networks import data

if TYPE_CHECKING:
    from torch import Tensor

WINDOWS = 4
QUERY = "encoder.layer.{}.attention.self.query.weight"


class Shape(NamedTuple):
    """What the weights alone do not tell."""

    heads: int
    layers: int
    epsilon: float
    positions: int


def shape(config: str) -> Shape:
    """From the text of a ``config.json``. Raises ValueError for a network of another shape, or a malformed text."""
    try:
        found = json.loads(config)
        out = Shape(
            int(found["num_attention_heads"]),
            int(found["num_hidden_layers"]),
            float(found["layer_norm_eps"]),
            int(found["max_position_embeddings"]),
        )
        kind, activation = found["model_type"], found["hidden_act"]
        places = found.get("position_embedding_type", "absolute")
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"it does not describe a network like BERT ({type(error).__name__}: {error})") from error
    if (kind, activation, places) != ("bert", "gelu", "absolute"):
        raise ValueError(f"only bert with gelu and absolute positions is known, not {kind} with {activation}, {places}")
    if min(out.heads, out.layers) < 1 or out.positions < 3:
        raise ValueError("it has no heads, no layers or no positions")
    return out


def vocabulary(text: str) -> dict[str, int]:
    """Pieces by line. Raises ValueError where the marks of BERT are not among them."""
    out = {piece: i for i, piece in enumerate(text.splitlines())}
    lost = [mark for mark in ("[CLS]", "[SEP]", "[UNK]") if mark not in out]
    if lost:
        raise ValueError(f"it has no piece {lost[0]}")
    return out


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


def pieces(word: str, known: Mapping[str, int]) -> list[str]:
    """The longest piece that fits, again and again (WordPiece; Wu et al. 2016); ``[UNK]`` where none does."""
    out: list[str] = []
    start = 0
    while start < len(word):
        mark = "##" if start else ""
        ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in known)
        end = next(ends, None)
        if end is None:
            return ["[UNK]"]
        out.append(mark + word[start:end])
        start = end
    return out


def tokens(text: str, known: Mapping[str, int]) -> list[int]:
    return [known[piece] for word in words(text) for piece in pieces(word, known)]


def windows(length: int, known: Mapping[str, int]) -> Tensor:
    """Stretches of the manual at even distances, each between the marks of its beginning and end."""
    import torch

    # As many characters as surely give enough pieces.
    text = data.raw("manual")
    hop = len(text) // WINDOWS
    stretches = [tokens(text[i * hop : i * hop + 12 * length], known)[: length - 2] for i in range(WINDOWS)]
    first, last = known["[CLS]"], known["[SEP]"]
    return torch.tensor([[first, *stretch, last] for stretch in stretches])


def halved(x: Tensor) -> Tensor:
    """The first half of each stretch, between the same marks: pieces (windows, n) to (windows, n/2)."""
    import torch

    return torch.cat([x[:, : x.shape[1] // 2 - 1], x[:, -1:]], dim=1)


def attention_of(w: Mapping[str, Tensor], made: Shape, x: Tensor, causal: bool) -> Iterator[tuple[Tensor, Tensor]]:
    """Logits, unmasked, and maps (windows, heads, n, n) of every layer in turn, for pieces x (windows, n)."""
    import torch

    def linear(name: str, y: Tensor) -> Tensor:
        return y @ w[f"{name}.weight"].double().mT + w[f"{name}.bias"].double()

    def norm(name: str, y: Tensor) -> Tensor:
        scale, shift = w[f"{name}.LayerNorm.weight"].double(), w[f"{name}.LayerNorm.bias"].double()
        return torch.nn.functional.layer_norm(y, y.shape[-1:], scale, shift, made.epsilon)

    batch, n = x.shape
    table = "embeddings.{}_embeddings.weight"
    y = w[table.format("word")][x] + w[table.format("position")][:n] + w[table.format("token_type")][0]
    y = norm("embeddings", y.double())
    future = torch.ones(n, n, dtype=torch.bool).triu(1)
    for i in range(made.layers):
        at = f"encoder.layer.{i}"
        q, k, v = (
            linear(f"{at}.attention.self.{name}", y).reshape(batch, n, made.heads, -1).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        logits = q @ k.mT / math.sqrt(q.shape[-1])
        maps = torch.softmax(logits.masked_fill(future, -math.inf) if causal else logits, dim=-1)
        yield logits, maps
        mixed = (maps @ v).transpose(1, 2).reshape(batch, n, -1)
        y = norm(f"{at}.attention.output", linear(f"{at}.attention.output.dense", mixed) + y)
        inner = torch.nn.functional.gelu(linear(f"{at}.intermediate.dense", y))
        y = norm(f"{at}.output", linear(f"{at}.output.dense", inner) + y)
