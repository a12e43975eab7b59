"""The check of a typical part, and the pieces that its measurements share.

What is measured depends on more than code: on which pretrained networks were fetched, and on whether the digits are
there. Both enter the fingerprint of the evidence, so that fetching a network makes its measurements run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from verify.checks import Measure
from verify.context import Context
from verify.model.evidence import Curves
from verify.networks import data, pretrained
from verify.networks.spectra import Matrix, median
from verify.networks.training import Network, Recipe
from verify.networks.zoo import networks
from verify.statistics import Counts


class OnNetworks(Measure):
    """A measurement on networks trained here and on those pretrained ones that were fetched."""

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"pretrained": pretrained.present(), "digits": data.has_digits()}


class Unit(NamedTuple):
    """One network, however many matrices it has: the unit that is counted."""

    name: str
    family: str
    matrices: tuple[Matrix, ...]


class Units(NamedTuple):
    """``note`` names what could not be measured, and why."""

    here: list[Unit]
    note: str


def matrices_of(net: Network) -> tuple[Matrix, ...]:
    """The weights of a network trained here, with their singular values at the end and at the start."""
    out = []
    for name, kind in net.kinds.items():
        factors = (net.weights[f"{name}.down"], net.weights[f"{name}.up"]) if name not in net.weights else None
        rows, columns = net.weights[name].shape if factors is None else (len(factors[0]), factors[1].shape[1])
        found = net.spectra[name]
        out.append(Matrix(name, kind, rows, columns, found[-1], found[0]))
    return tuple(out)


def pretrained_name(name: str) -> str:
    """Of a pretrained network as a unit."""
    return f"pretrained: {name}"


def units(context: Context, recipes: Iterable[Recipe], names: Sequence[str]) -> Units:
    """The networks of the recipes, and the pretrained ones of those names that are here."""
    trained = networks(context, recipes)
    here = [Unit(net.name, net.family, matrices_of(net)) for net in trained]
    fetched = {name: pretrained.matrices(name) for name in names}
    here += [Unit(pretrained_name(name), name, found) for name, found in fetched.items() if found]
    missing = [name for name, found in fetched.items() if not found]
    notes = [trained.note] if trained.note else []
    if missing:
        notes.append(f"pretrained networks missing, and to be had by `verify fetch`: {', '.join(missing)}")
    return Units(here, "; ".join(notes))


def most(flags: Iterable[bool]) -> bool:
    """Whether more than half hold; nothing holds of nothing."""
    kept = list(flags)
    return 2 * sum(kept) > len(kept)


Quantity = Callable[[Matrix], float]


def by_kind(unit: Unit) -> dict[str, list[Matrix]]:
    out: dict[str, list[Matrix]] = {}
    for matrix in unit.matrices:
        out.setdefault(matrix.kind, []).append(matrix)
    return out


def medians(many: Sequence[Unit], what: str, quantity: Quantity) -> dict[str, float]:
    """For each family and kind of layer, the median over all matrices of that kind in all networks of the family."""
    groups: dict[str, list[float]] = {}
    for unit in many:
        for kind, found in by_kind(unit).items():
            groups.setdefault(f"{unit.family}, {kind}: {what}", []).extend(quantity(m) for m in found)
    return {name: median(numbers) for name, numbers in groups.items()}


def per_network(many: Sequence[Unit], what: str, quantity: Quantity) -> dict[str, float]:
    """For each network, the median over its matrices."""
    return {f"{unit.name}: {what}": median([quantity(m) for m in unit.matrices]) for unit in many if unit.matrices}


def nulls(many: Sequence[Unit], what: str, of_values: Callable[[Matrix, Any], float]) -> dict[str, float]:
    """The same quantity on a Gaussian matrix of each shape, and on the network before it was trained."""
    gaussian = medians(many, f"{what}, Gaussian of the same shape", lambda m: of_values(m, m.null))
    with_start = [u for u in many if all(m.start is not None for m in u.matrices)]
    return gaussian | medians(with_start, f"{what}, at the start", lambda m: of_values(m, m.start))


def counts(
    found: Units,
    holds: Callable[[Unit], bool],
    *,
    null: Mapping[str, float],
    figures: Mapping[str, float],
    also: str = "",
    curves: Sequence[Curves] = (),
) -> Counts:
    """k of n networks, with their names. ``curves`` are drawn, and enter nothing else."""
    return Counts(
        held=sum(holds(unit) for unit in found.here),
        of=len(found.here),
        networks=[unit.name for unit in found.here],
        null=dict(null),
        figures=dict(figures),
        note="; ".join(part for part in (found.note, also) if part),
        curves=curves,
    )
