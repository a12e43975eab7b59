"""The attention of the user's own encoder: ranks of every head, on real text (``verify measure --attention``).

The weights alone do not say how many heads they are; ``config.json`` does, and ``vocab.txt`` how text is cut. Both are
looked for beside the weights, where checkpoints keep them, or in the file itself, where ``verify fetch`` puts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rich.table import Table

from verify.measure.checkpoints import FLOATS, CheckpointError, Entry, entries
from verify.networks import encoder, heads
from verify.networks.encoder import Shape
from verify.networks.heads import Head
from verify.networks.pretrained import FILE
from verify.networks.random_attention import NEARER_TO_STAYING, effective_rank_of, growth_of
from verify.terminal import columns

if TYPE_CHECKING:
    from torch import Tensor

LENGTH = 128
"""Word pieces in a stretch of text, or fewer where the network has fewer positions."""
MASKS = {False: "none", True: "causal"}
Read = TypeVar("Read")


class Arrays(Mapping[str, "Tensor"]):
    """Tensors by the names of a bare encoder, read from the files one at a time as they are asked for."""

    def __init__(self, found: Mapping[str, Entry], prefix: str) -> None:
        self.found = {name.removeprefix(prefix): entry for name, entry in found.items() if name.startswith(prefix)}

    def __getitem__(self, name: str) -> Tensor:
        entry = self.found.get(name)
        if entry is None:
            raise CheckpointError(f"--attention: the checkpoint has no tensor {name}")
        if entry.type not in FLOATS:
            raise CheckpointError(f"--attention: the entries of {name} are of type {entry.type}")
        return entry.whole()

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


@dataclass(frozen=True)
class Plan:
    """What a forward pass needs: headers and small files are read, weights are not."""

    arrays: Arrays
    shape: Shape
    known: Mapping[str, int]

    @property
    def length(self) -> int:
        return min(LENGTH, self.shape.positions)


@dataclass(frozen=True)
class Attention:
    """Every head, without a mask and with a causal one: medians over ``windows`` stretches of ``length`` pieces."""

    length: int
    width: int
    windows: int
    heads: list[Head]
    growth: Mapping[bool, float]
    """By mask, from half a stretch to the whole: the median factor of the effective rank of A, over all heads."""

    def below(self, *, causal: bool) -> tuple[int, int]:
        """Heads whose effective rank of A is at most d, and how many heads there are."""
        group = [one for one in self.heads if one.causal is causal]
        return sum(one.effective_rank <= self.width for one in group), len(group)


def plan(files: Sequence[Path]) -> Plan:
    """Raises CheckpointError where the files do not hold one encoder like BERT with its two files beside it."""
    found = {entry.name: entry for entry in entries(files)}
    first = encoder.QUERY.format(0)
    name = next((name for name in found if name == first or name.endswith(f".{first}")), None)
    if name is None:
        raise CheckpointError(f"--attention knows encoders named like BERT: no tensor is called {first}")
    folder = found[name].file.parent
    made = _read("config.json", found, folder, encoder.shape)
    known = _read("vocab.txt", found, folder, encoder.vocabulary)
    width = found[name].shape[0] if found[name].shape else 0
    if len(found[name].shape) != 2 or width % made.heads:
        shape = " x ".join(map(str, found[name].shape))
        raise CheckpointError(f"--attention: {name} is {shape}, which {made.heads} heads do not share evenly")
    return Plan(Arrays(found, name.removesuffix(first)), made, known)


def _read(file: str, found: Mapping[str, Entry], folder: Path, parse: Callable[[str], Read]) -> Read:
    inside = found.get(FILE + file)
    try:
        return parse(inside.text() if inside else (folder / file).read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(f"--attention needs {folder / file}: {error.strerror}") from error
    except ValueError as error:
        raise CheckpointError(f"{folder / file} cannot be used: {error}") from error


def attention(planned: Plan) -> Attention:
    """Runs the network with and without a mask. Raises CheckpointError where the weights do not fit together."""
    import torch

    every: list[Head] = []
    growth = {}
    try:
        x = encoder.windows(planned.length, planned.known)
        width = len(planned.arrays[encoder.QUERY.format(0)]) // planned.shape.heads
        with torch.no_grad():
            for causal in MASKS:
                layers = [heads.ranks_of(*pair) for pair in _layers(planned, x, causal)]
                every += heads.heads_of(layers, causal=causal)
                half = [effective_rank_of(maps) for _, maps in _layers(planned, encoder.halved(x), causal)]
                growth[causal] = growth_of(torch.stack([layer.effective_rank for layer in layers]), torch.stack(half))
    except (RuntimeError, IndexError, ValueError) as error:
        raise CheckpointError(f"--attention: the weights make no forward pass: {str(error).splitlines()[0]}") from error
    return Attention(planned.length, width, len(x), every, growth)


def _layers(planned: Plan, x: Tensor, causal: bool) -> Iterator[tuple[Tensor, Tensor]]:
    return encoder.attention_of(planned.arrays, planned.shape, x, causal)


def heads_table(found: Attention) -> Table:
    """One line a head and mask."""
    table = columns(
        "layer", "head", "mask", "rank of logits", "eff. rank of logits", "rank of A", "eff. rank of A", "of at most d"
    )
    for one in found.heads:
        ranks = (one.logits_rank, one.logits_effective_rank, one.rank, one.effective_rank)
        within = "yes" if one.effective_rank <= found.width else "no"
        table.add_row(str(one.layer), str(one.head), MASKS[one.causal], *(f"{rank:.3g}" for rank in ranks), within)
    return table


def notes(found: Attention) -> Iterator[str]:
    """How many heads stay within d, and on what."""
    n, d = found.length, found.width
    yield f"attention on {found.windows} stretches of {n} word pieces of English text, d = {d}; medians over them"
    for causal, mask in ((False, "without a mask"), (True, "with a causal mask")):
        held, of = found.below(causal=causal)
        yield f"for these weights, {mask}: the effective rank of A is at most d in {held} of {of} heads"
        yield f"for these weights, {mask}: from {n // 2} pieces to {n} it grows by {_factor(found.growth[causal])}"


def _factor(growth: float) -> str:
    nearer = "staying" if growth < NEARER_TO_STAYING else "doubling"
    return f"a factor of {growth:.3g}, nearer to {nearer}"


def as_json(found: Attention) -> dict[str, Any]:
    """The table, and what it was measured on."""
    rows = [one._asdict() | {"effective_rank_at_most_d": one.effective_rank <= found.width} for one in found.heads]
    growth = {MASKS[causal]: factor for causal, factor in found.growth.items()}
    return {"length": found.length, "width": found.width, "windows": found.windows, "growth": growth, "heads": rows}
