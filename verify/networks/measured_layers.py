"""Measurements of structure inside layers: heads that share directions, kernels that are low-rank in space."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from verify.context import Context
from verify.networks import pretrained, zoo
from verify.networks.measured_spectra import LOW, layers
from verify.networks.models import Convolution
from verify.networks.spectra import effective_rank, gaussian_values, median
from verify.networks.training import values
from verify.statistics import Counts

if TYPE_CHECKING:
    from torch import Tensor

HEADS = {"minilm": 12, "rxnmapper": 8}


def overlap(weight: Tensor, heads: int) -> float:
    """Effective rank of all heads together over the sum of their own: 1 where no head shares a direction with another.

    ``weight`` is (inputs, heads x d): the columns of a head are its directions in the input.
    """
    own = sum(float(effective_rank(values(part))) for part in weight.chunk(heads, dim=1))
    return float(effective_rank(values(weight))) / own


def random_overlap(inputs: int, outputs: int, heads: int) -> float:
    """The same for Gaussian weights of that shape."""
    together = float(effective_rank(gaussian_values(inputs, outputs)))
    return together / (heads * float(effective_rank(gaussian_values(inputs, outputs // heads))))


class Overlaps(NamedTuple):
    """Of query and key weights, by network: the median found, and that of Gaussian weights."""

    found: dict[str, float]
    random: dict[str, float]


def overlaps(context: Context) -> Overlaps:
    """For every Transformer that is here."""
    groups = {
        net.name: [(net.weights[name], zoo.DECODER.heads) for name in net.kinds if name.endswith((".query", ".key"))]
        for net in zoo.networks(context, zoo.TRANSFORMERS)
    }
    for name, heads in HEADS.items():
        arrays = pretrained.weights(name) or {}
        # Stored as outputs x inputs there.
        kept = [(w.mT, heads) for key, w in sorted(arrays.items()) if key.endswith(("query.weight", "key.weight"))]
        groups |= {f"pretrained: {name}": kept} if kept else {}
    what = "effective rank of all heads / sum over heads"
    out = Overlaps({}, {})
    for name, weights in groups.items():
        out.found[f"{name}: {what}"] = median([overlap(w, heads) for w, heads in weights])
        out.random[f"{name}: {what}, Gaussian"] = median(
            [random_overlap(w.shape[0], w.shape[1], heads) for w, heads in weights]
        )
    return out


def attention_low(context: Context) -> Counts:
    """Transformers in most of whose attention weights the effective rank is low; how far heads overlap beside it."""
    found, shared = layers(context, "attention", 0, LOW), overlaps(context)
    return replace(found, figures={**found.figures, **shared.found}, null={**found.null, **shared.random})


def spatial(kernels: Tensor) -> float:
    """Relative effective rank of kernels (inputs, places, outputs) as a matrix of places and the rest."""
    places = kernels.shape[1]
    return float(effective_rank(values(kernels.transpose(0, 1).flatten(1)))) / places


def channel(kernels: Tensor) -> float:
    """The same as a matrix of outputs and the rest."""
    found = values(kernels.flatten(0, 1))
    return float(effective_rank(found)) / len(found)


def convolution_low(context: Context) -> Counts:
    """Convolutional networks in most of whose layers the kernels are low-rank in space: a third of 9, or less."""
    trained = zoo.networks(context, zoo.CONVOLUTIONS)
    held, figures, null = 0, {}, {}
    for net in trained:
        after, before = (Convolution().kernels({n: t[None] for n, t in w.items()}) for w in (net.weights, net.start))
        ranks = [spatial(k[0]) for k in after.values()]
        held += 2 * sum(rank <= LOW for rank in ranks) > len(ranks)
        figures[f"{net.name}: effective rank in space / 9"] = median(ranks)
        figures[f"{net.name}: effective rank of channels / most"] = median([channel(k[0]) for k in after.values()])
        null[f"{net.name}: effective rank in space / 9, at the start"] = median(
            [spatial(k[0]) for k in before.values()]
        )
    note = "no pretrained network with kernels of two dimensions is measured"
    return Counts(
        held,
        len(trained),
        [net.name for net in trained],
        null,
        figures,
        "; ".join(n for n in (trained.note, note) if n),
    )
