"""What sort of layer a tensor belongs to, by its name and shape, and which matrices are made of it.

Names as the common families give them: BERT, GPT-2, GPT-NeoX, LLaMA, T5, ViT, ``torch.nn``. A name that fits no
pattern is ``other``: it is measured, and counted in no row of a table of layer types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import TYPE_CHECKING

from verify.measure.checkpoints import BUFFER, FLOATS, Entry

if TYPE_CHECKING:
    from torch import Tensor


class Layer(StrEnum):
    EMBEDDING = "embedding"
    QUERY = "attention, query"
    KEY = "attention, key"
    VALUE = "attention, value"
    OUTPUT = "attention, output"
    FUSED = "attention, fused"
    FEED_FORWARD = "feed-forward"
    CONVOLUTION = "convolution"
    OTHER = "other"

    @property
    def attention(self) -> bool:
        return self.startswith("attention")


_IN_ATTENTION = r"att[a-z]*(_[a-z]+)?\.(.*\.)?"
PATTERNS: tuple[tuple[str, Layer], ...] = (
    (r"position|wpe|token_type|segment|relative_attention_bias|lm_head|embed_out|pooler|classifier", Layer.OTHER),
    (
        r"(^|\.)(wte|embed_tokens|embed_in|word_embeddings?|tok_embeddings|token_embeddings?|shared)(\.|$)",
        Layer.EMBEDDING,
    ),
    (r"(^|\.)(embedding|embeddings|embed)(\.weight)?$", Layer.EMBEDDING),
    (r"(^|[._])(qkv(_proj)?|query_key_value|c_attn|wqkv)(\.|$)|in_proj_weight$", Layer.FUSED),
    (r"(^|[._])(q|q_proj|query|wq|to_q|q_lin|q_proj_weight)(\.weight)?$", Layer.QUERY),
    (r"(^|[._])(k|k_proj|key|wk|to_k|k_lin|k_proj_weight)(\.weight)?$", Layer.KEY),
    (r"(^|[._])(v|v_proj|value|wv|to_v|v_lin|v_proj_weight)(\.weight)?$", Layer.VALUE),
    (_IN_ATTENTION + r"(output\.)?(dense|o|out|c_proj|proj|wo|out_lin)(\.weight)?$", Layer.OUTPUT),
    (r"(^|\.)(o_proj|out_proj|wo|to_out(\.0)?|out_lin)(\.weight)?$", Layer.OUTPUT),
    (
        r"(^|\.)(mlp|ffn|feed_forward|feedforward|ff|dense(relu|gatedact|act)dense|experts|shared_expert)\.",
        Layer.FEED_FORWARD,
    ),
    (
        r"(^|\.)(fc1|fc2|linear1|linear2|ffn(_output|_\d)?|c_fc|(gate|up|down)_proj|w[123])(\.weight)?$",
        Layer.FEED_FORWARD,
    ),
    (r"(^|\.)(intermediate|output)\.dense(\.weight)?$", Layer.FEED_FORWARD),
)
"""The first that is found in the lower-case name decides."""
KERNEL_MOST = 31
"""The largest side of a kernel; a longer last axis is that of a stack of matrices."""


def layer_of(name: str, shape: tuple[int, ...]) -> Layer:
    if len(shape) > 2:
        return Layer.CONVOLUTION
    lower = name.lower()
    return next((layer for pattern, layer in PATTERNS if re.search(pattern, lower)), Layer.OTHER)


class Unfolding(StrEnum):
    """The ways in which a kernel (outputs, inputs, places...) is a matrix."""

    OUTPUTS = "outputs x rest"
    INPUTS = "inputs x rest"
    PLACES = "places x rest"


@dataclass(frozen=True)
class Unfolded:
    """One matrix of a tensor: rows x columns, read in blocks."""

    entry: Entry
    layer: Layer
    unfolding: Unfolding | None = None

    @property
    def rows(self) -> int:
        match self.unfolding:
            case Unfolding.INPUTS:
                return self.entry.shape[1]
            case Unfolding.PLACES:
                return prod(self.entry.shape[2:])
            case _:
                return self.entry.shape[0]

    @property
    def columns(self) -> int:
        return self.entry.count // self.rows

    @property
    def type(self) -> str:
        return self.layer if self.unfolding is None else f"{self.layer}, {self.unfolding}"

    def row_blocks(self) -> Iterator[Tensor]:
        """Blocks of rows in double precision; a kernel, being small, is one block."""
        if self.unfolding is None or self.unfolding is Unfolding.OUTPUTS:
            yield from self.entry.rows()
        else:
            yield self._whole().double()

    def column_blocks(self) -> Iterator[Tensor]:
        """Blocks of columns in double precision. The file is stored by rows: the tensor is held in its own type."""
        whole, step = self._whole(), max(1, BUFFER // (8 * self.rows))
        for first in range(0, self.columns, step):
            yield whole[:, first : first + step].double()

    def _whole(self) -> Tensor:
        kernel = self.entry.whole()
        match self.unfolding:
            case Unfolding.INPUTS:
                return kernel.transpose(0, 1).flatten(1)
            case Unfolding.PLACES:
                return kernel.flatten(2).permute(2, 0, 1).flatten(1)
            case _:
                return kernel.flatten(1)


def matrices(entry: Entry) -> list[Unfolded] | str:
    """The matrices of a tensor, or why there is none. A kernel with one place is an ordinary matrix."""
    if entry.type not in FLOATS:
        return f"its entries are of type {entry.type}, which are no numbers by themselves"
    if not entry.count:
        return "it has no entries"
    if len(entry.shape) > 2 and max(entry.shape[2:]) > KERNEL_MOST:
        return f"of shape {' x '.join(map(str, entry.shape))} it is neither a matrix nor a kernel"
    layer = layer_of(entry.name, entry.shape)
    if len(entry.shape) == 2:
        return [Unfolded(entry, layer)]
    one_place = prod(entry.shape[2:]) == 1
    ways = [Unfolding.OUTPUTS] if one_place else list(Unfolding)
    found = [Unfolded(entry, layer, way) for way in ways]
    return [one for one in found if min(one.rows, one.columns) > 1] or "every unfolding has one row or one column"


def is_vector(entry: Entry) -> bool:
    """At most one axis longer than one: no matrix, and nothing to say of its singular values."""
    return sum(side > 1 for side in entry.shape) <= 1
