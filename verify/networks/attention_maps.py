"""Attention maps of two language models: the pretrained MiniLM, and the decoder trained here.

The maps are those of a forward pass on real text, in double precision for MiniLM, with and without a causal mask.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from verify.context import Context
from verify.networks import encoder, heads, pretrained, zoo
from verify.networks.heads import Head, Ranks
from verify.networks.models import Transformer
from verify.networks.random_attention import effective_rank_of, first_half, growth_of, random_maps, spread_of
from verify.networks.tasks import Text
from verify.networks.training import generators
from verify.networks.zoo import FIRST_SEED

if TYPE_CHECKING:
    from torch import Tensor

NETWORK = "minilm"
LENGTHS = (32, 64, 128, 256)
WINDOWS = 16
"""Stretches of text for the language model trained here."""


GROWTH_WINDOWS, RANDOM_MAPS = 2, 16
"""Of the longest text, whose maps are large."""


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


class Growth(NamedTuple):
    """Median factor over heads and windows of the effective rank from a text of length/2 to one of length, no mask.

    ``random_growth`` is that of random queries and keys with the same spread of logits.
    """

    network: str
    length: int
    width: int
    growth: float
    random_growth: float


class Network(NamedTuple):
    """All heads of one network at one length, with and without a mask; ``width`` is the d of a head."""

    name: str
    length: int
    width: int
    heads: tuple[Head, ...]

    @property
    def title(self) -> str:
        return f"{self.name}, n = {self.length}"

    def seen(self, causal: bool) -> Network:
        """With the mask alone, or without it alone."""
        return self._replace(heads=tuple(one for one in self.heads if one.causal is causal))

    def figures(self) -> dict[str, float]:
        """The share of heads that the lemma is right about, by mask."""
        out = {}
        for causal, mask in ((False, "no mask"), (True, "causal mask")):
            group = [one for one in self.heads if one.causal is causal]
            if not group:
                continue
            below = sum(one.effective_rank <= self.width for one in group)
            what = f"share of the {len(group)} heads whose effective rank of A is at most d"
            out[f"{self.title}, d = {self.width}, {mask}: {what}"] = below / len(group)
        return out


class Pretrained(NamedTuple):
    """By layer at every length, and by head at the greatest."""

    maps: list[Maps]
    heads: Network


@cache
def pretrained_attention() -> Pretrained | None:
    """Every layer at every length, with and without a mask; None where the network was not fetched."""
    import torch

    arrays = pretrained.weights(NETWORK)
    if arrays is None:
        return None
    made = encoder.shape(pretrained.text_file(NETWORK, "config.json"))
    known = encoder.vocabulary(pretrained.text_file(NETWORK, "vocab.txt"))
    width = arrays[encoder.QUERY.format(0)].shape[0] // made.heads
    out: list[Maps] = []
    with torch.no_grad():
        for length in LENGTHS:
            x, every = encoder.windows(length, known), []
            for causal in (False, True):
                layers = [heads.ranks_of(*pair) for pair in encoder.attention_of(arrays, made, x, causal)]
                every += heads.heads_of(layers, causal=causal)
                out += [Maps(NETWORK, i, length, width, causal, *_medians(one)) for i, one in enumerate(layers)]
    return Pretrained(out, Network(NETWORK, LENGTHS[-1], width, tuple(every)))


@cache
def pretrained_growth() -> Growth | None:
    """At the longest text that the network takes; None where it was not fetched."""
    import torch

    arrays = pretrained.weights(NETWORK)
    if arrays is None:
        return None
    made = encoder.shape(pretrained.text_file(NETWORK, "config.json"))
    known = encoder.vocabulary(pretrained.text_file(NETWORK, "vocab.txt"))
    with torch.no_grad():
        x = encoder.windows(made.positions, known)[:GROWTH_WINDOWS]
        long, short = (list(encoder.attention_of(arrays, made, y, causal=False)) for y in (x, encoder.halved(x)))
        spread = spread_of(torch.cat([logits for logits, _ in long]))
        d = arrays[encoder.QUERY.format(0)].shape[0] // made.heads
        (make,) = generators([FIRST_SEED], f"{NETWORK}, random queries and keys")
        twins = random_maps(make, RANDOM_MAPS, made.positions, d, spread, causal=False)
        whole, part = (effective_rank_of(torch.cat([maps for _, maps in layers])) for layers in (long, short))
        random = growth_of(effective_rank_of(twins), effective_rank_of(first_half(twins)))
    return Growth(NETWORK, made.positions, d, growth_of(whole, part), random)


def pretrained_maps() -> list[Maps]:
    """By layer; nothing where the network was not fetched."""
    found = pretrained_attention()
    return found.maps if found else []


def _medians(one: Ranks) -> tuple[float, float, float]:
    return tuple(float(matrix.median()) for matrix in (one.effective_rank, one.rank, one.logits_rank))  # type: ignore[return-value]


def language_model(context: Context) -> Network | None:
    """The heads of the first decoder trained here that learned, on text that it did not see; None where none did."""
    (recipe,) = zoo.TRANSFORMERS[:1]
    nets = zoo.networks(context, [recipe])
    if not nets:
        return None
    net, model, task = nets[0], recipe.model, recipe.task
    assert isinstance(model, Transformer)
    assert isinstance(task, Text)
    x = task.feed(generators([net.seed], f"{net.family}, maps"), 1, 1).test().x[:, :WINDOWS]
    weights = {name: t[None].double() for name, t in net.weights.items()}
    every = [one for causal in (False, True) for one in _heads(replace(model, causal=causal), weights, x)]
    return Network(net.name, model.length, model.d, tuple(every))


def _heads(model: Transformer, weights: dict[str, Tensor], x: Tensor) -> Iterator[Head]:
    import torch

    with torch.no_grad():
        pairs = zip(*model.attend(weights, x), strict=True)
        yield from heads.heads_of([heads.ranks_of(*pair) for pair in pairs], causal=model.causal)
