"""Small networks as pure functions of their parameters, several seeds at once.

Every parameter carries a leading axis of seeds: S networks of one shape are trained side by side, as one batch of
matrix products. They share nothing: each has its own start, its own data order, and (losses being summed) its own
gradient. Weights are stored as (seeds, inputs, outputs). The same code runs on a GPU.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from verify.networks.data import SYMBOLS

if TYPE_CHECKING:
    from torch import Generator, Tensor

Kind = Literal["embedding", "position", "attention", "ffn", "convolution", "dense", "readout"]
"""What sort of layer a weight belongs to."""
LONGEST_WAVE = 1000.0
"""Over 2 pi, in positions."""
Parameters = dict[str, "Tensor"]


class Model(Protocol):
    """``kinds`` names the weight matrices; ``unfold`` makes a matrix of a weight; ``start`` draws one network."""

    @property
    def kinds(self) -> Mapping[str, Kind]: ...
    def start(self, make: Generator, scale: float) -> Parameters: ...
    def forward(self, w: Mapping[str, Tensor], x: Tensor) -> Tensor: ...


def gaussian(make: Generator, inputs: int, outputs: int, scale: float) -> Tensor:
    """Independent entries of variance scale^2 / inputs (the usual scaling by fan-in)."""
    import torch

    return torch.randn(inputs, outputs, generator=make) * (scale / math.sqrt(inputs))


@dataclass(frozen=True)
class Dense:
    """A perceptron: rectified hidden layers, or none rectified (``linear``). ``rank`` factors the hidden weights."""

    widths: tuple[int, ...]
    linear: bool = False
    rank: int | None = None

    @property
    def kinds(self) -> dict[str, Kind]:
        last = len(self.widths) - 2
        return {f"dense-{i}": "readout" if i == last and not self.linear else "dense" for i in range(last + 1)}

    def start(self, make: Generator, scale: float) -> Parameters:
        out: Parameters = {}
        gain = 1.0 if self.linear else math.sqrt(2)
        for (name, kind), inputs, outputs in zip(self.kinds.items(), self.widths, self.widths[1:], strict=False):
            if self.rank is not None and kind == "dense":
                # The product has the variance that a full weight would have.
                out[f"{name}.down"] = gaussian(make, inputs, self.rank, scale * gain)
                out[f"{name}.up"] = gaussian(make, self.rank, outputs, 1.0)
            else:
                out[name] = gaussian(make, inputs, outputs, scale * gain)
        return out

    def forward(self, w: Mapping[str, Tensor], x: Tensor) -> Tensor:
        """(seeds, batch, inputs) to (seeds, batch, outputs)."""
        names = list(self.kinds)
        for name in names:
            x = (x @ w[f"{name}.down"]) @ w[f"{name}.up"] if f"{name}.down" in w else x @ w[name]
            if not self.linear and name != names[-1]:
                x = x.relu()
        return x


@dataclass(frozen=True)
class Convolution:
    """Three 3 x 3 convolutions with padding on 8 x 8 images, halving once, and a linear readout."""

    channels: int = 12
    side: int = 8
    classes: int = 10

    @property
    def kinds(self) -> dict[str, Kind]:
        return {"conv-0": "convolution", "conv-1": "convolution", "conv-2": "convolution", "readout": "readout"}

    def start(self, make: Generator, scale: float) -> Parameters:
        c = self.channels
        fan = {"conv-0": (9, c), "conv-1": (9 * c, 2 * c), "conv-2": (18 * c, 2 * c)}
        out = {name: gaussian(make, i, o, scale * math.sqrt(2)) for name, (i, o) in fan.items()}
        return out | {"readout": gaussian(make, 2 * c * (self.side // 2) ** 2, self.classes, scale)}

    def forward(self, w: Mapping[str, Tensor], x: Tensor) -> Tensor:
        """(seeds, batch, pixels) to (seeds, batch, classes)."""
        import torch

        seeds, batch = x.shape[:2]
        x = x.reshape(seeds * batch, 1, self.side, self.side)
        for i in range(3):
            side = x.shape[-1]
            patches = torch.nn.functional.unfold(x, 3, padding=1).mT.reshape(seeds, batch * side * side, -1)
            x = (patches @ w[f"conv-{i}"]).relu().reshape(seeds * batch, side, side, -1).permute(0, 3, 1, 2)
            x = torch.nn.functional.max_pool2d(x, 2) if i == 1 else x
        return x.reshape(seeds, batch, -1) @ w["readout"]

    def kernels(self, w: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The kernels of the layers with several input channels as (seeds, inputs, 9 places, outputs)."""
        return {name: w[name].reshape(len(w[name]), -1, 9, w[name].shape[-1]) for name in ("conv-1", "conv-2")}


@dataclass(frozen=True)
class Transformer:
    """Layers of attention and a feed-forward network, normalised before each, on characters; learned positions.

    ``head_width`` is the width d of a head; if None, the heads share the width of the layer. Positions start at random,
    or at waves (Vaswani et al. 2017, section 3.5; here of base 1000), from which neighbours are learned much sooner
    where there are many positions.
    """

    causal: bool
    width: int = 64
    inner: int = 256
    heads: int = 4
    depth: int = 2
    length: int = 32
    symbols: int = SYMBOLS
    head_width: int | None = None
    waves: bool = False

    @property
    def d(self) -> int:
        return self.head_width or self.width // self.heads

    @property
    def kinds(self) -> dict[str, Kind]:
        layers = {
            f"layer-{i}.{name}": kind
            for i in range(self.depth)
            for name, kind in (("query", "attention"), ("key", "attention"), ("value", "attention"),
                               ("mix", "attention"), ("inner", "ffn"), ("outer", "ffn"))
        }  # fmt: skip
        return {"embedding": "embedding", **layers, "readout": "readout"}  # type: ignore[dict-item]

    def start(self, make: Generator, scale: float) -> Parameters:
        import torch

        d, inner, across = self.width, self.inner, self.heads * self.d
        out = {
            # Small, as is usual: what the layers add must not drown in what is embedded.
            "embedding": torch.randn(self.symbols, d, generator=make) * (scale / math.sqrt(d)),
            "position": waves(self.length, d) * scale
            if self.waves
            else torch.randn(self.length, d, generator=make) * (scale / math.sqrt(d)),
        }
        for i in range(self.depth):
            for name in ("query", "key", "value"):
                out[f"layer-{i}.{name}"] = gaussian(make, d, across, scale)
            out[f"layer-{i}.mix"] = gaussian(make, across, d, scale)
            out[f"layer-{i}.inner"] = gaussian(make, d, inner, scale)
            out[f"layer-{i}.outer"] = gaussian(make, inner, d, scale)
        return out | {"readout": gaussian(make, d, self.symbols, scale)}

    def forward(self, w: Mapping[str, Tensor], x: Tensor) -> Tensor:
        """Characters (seeds, batch, n) to scores (seeds, batch, n, symbols)."""
        import torch

        y = embed(w, x)
        for i in range(self.depth):
            q, k, v = (self.heads_of(w, i, name, y) for name in ("query", "key", "value"))
            mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
            y = self.finish(w, i, y, mixed)
        return (normed(y).flatten(1, 2) @ apply(w, "readout")).reshape(*x.shape, -1)

    def heads_of(self, w: Mapping[str, Tensor], layer: int, name: str, y: Tensor) -> Tensor:
        """Queries, keys or values: (seeds, batch, n, width) to (seeds x batch, heads, n, d)."""
        seeds, batch, n, _ = y.shape
        out = normed(y).flatten(1, 2) @ apply(w, f"layer-{layer}.{name}")
        return out.reshape(seeds * batch, n, self.heads, self.d).transpose(1, 2)

    def finish(self, w: Mapping[str, Tensor], layer: int, y: Tensor, mixed: Tensor) -> Tensor:
        """The rest of a layer, from the averaged values (seeds x batch, heads, n, d)."""
        import torch

        seeds, batch, n, width = y.shape
        together = mixed.transpose(1, 2).reshape(seeds, batch * n, self.heads * self.d)
        y = y + (together @ apply(w, f"layer-{layer}.mix")).reshape(seeds, batch, n, width)
        hidden = torch.nn.functional.gelu(normed(y).flatten(1, 2) @ apply(w, f"layer-{layer}.inner"))
        return y + (hidden @ apply(w, f"layer-{layer}.outer")).reshape(seeds, batch, n, width)

    def attend(self, w: Mapping[str, Tensor], x: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Logits Q K' / sqrt(d), unmasked, and maps A of every layer: each (seeds x batch, heads, n, n)."""
        import torch

        y, logits, maps = embed(w, x), [], []
        future = torch.ones(x.shape[-1], x.shape[-1], dtype=torch.bool, device=x.device).triu(1)
        for i in range(self.depth):
            q, k, v = (self.heads_of(w, i, name, y) for name in ("query", "key", "value"))
            scores = q @ k.mT / math.sqrt(self.d)
            logits.append(scores)
            maps.append(torch.softmax(scores.masked_fill(future, -math.inf) if self.causal else scores, dim=-1))
            y = self.finish(w, i, y, maps[-1] @ v)
        return logits, maps


def waves(length: int, width: int) -> Tensor:
    """Rows (length, width) of sines, then cosines, of falling frequency, of unit length like the rows embedded."""
    import torch

    frequencies = LONGEST_WAVE ** (-torch.arange(0, width, 2) / width)
    angles = torch.arange(length)[:, None] * frequencies
    return torch.cat([angles.sin(), angles.cos()], 1)[:, :width] / math.sqrt(width / 2)


def embed(w: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """Rows of the table and of the positions: (seeds, batch, n, d)."""
    import torch

    seeds, _, n = x.shape
    table = w["embedding"]
    rows = torch.arange(seeds, device=x.device)[:, None, None] * table.shape[1] + x
    return torch.nn.functional.embedding(rows, table.flatten(0, 1)) + w["position"][:, None, :n]


def normed(y: Tensor) -> Tensor:
    import torch

    return torch.nn.functional.layer_norm(y, y.shape[-1:])


def apply(w: Mapping[str, Tensor], name: str) -> Tensor:
    """The weight, with the increment B A beside it where there is one (LoRA, Hu et al. 2021)."""
    if f"{name}.A" not in w:
        return w[name]
    return w[name] + w[f"{name}.B"] @ w[f"{name}.A"]
