"""Curves behind the figures of a measurement, of a few matrices: for looking at, read by no verdict.

Matrices are chosen by a rule and not by eye: the middle one by effective rank of each kind of layer, in the first
network trained here that has the kind, and in the first pretrained Transformer where one was fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp
from typing import TYPE_CHECKING, Literal, NamedTuple

from verify.model.evidence import Curves, Line
from verify.networks import fits, pretrained
from verify.networks.fits import Fit
from verify.networks.measure import Unit, by_kind, pretrained_name
from verify.networks.spectra import Matrix, effective_rank, numerical_rank, tenth
from verify.networks.training import CHECKPOINTS, Network, Recipe

if TYPE_CHECKING:
    from torch import Tensor

POINTS = 32
DIGITS = 4
FIRST = 5
"""How many singular values are followed along training."""
KINDS = ("embedding", "attention", "ffn", "convolution", "dense")


def line(name: str, of: Literal["measured", "null", "model"], x: Iterable[float], y: Iterable[float]) -> Line:
    """Numbers are rounded to four significant digits: enough to draw, and short to store."""
    return Line(name=name, of=of, x=tuple(map(rounded, x)), y=tuple(map(rounded, y)))


def rounded(x: float) -> float:
    return float(f"{x:.{DIGITS}g}")


def spaced(count: int, *also: int, power: float | None = None) -> list[int]:
    """Indices 1..count, both included, evenly spaced in their logarithm (or in their root of that power)."""
    steps = [j / (POINTS - 1) for j in range(POINTS)]
    found = {round(count**t) if power is None else max(1, round(count * t**power)) for t in steps}
    return sorted(found | set(also))


class Shown(NamedTuple):
    """A matrix that is drawn, and the network that it belongs to."""

    network: str
    matrix: Matrix

    @property
    def title(self) -> str:
        m = self.matrix
        return f"{self.network}: {m.name}, {m.rows} x {m.columns}"


def middle(matrices: Sequence[Matrix]) -> Matrix:
    return sorted(matrices, key=lambda m: m.relative)[len(matrices) // 2]


def shown(units: Sequence[Unit]) -> list[Shown]:
    """At most one of each kind trained here, then those of the first pretrained Transformer."""
    transformers = {pretrained_name(name) for name in pretrained.TRANSFORMERS}
    anywhere = {pretrained_name(name) for name in pretrained.NAMES}
    here = [unit for unit in units if unit.name not in anywhere]
    fetched = [unit for unit in units if unit.name in transformers][:1]
    out: list[Shown] = []
    for group in (here, fetched):
        for kind in KINDS:
            first = next((unit for unit in group if kind in by_kind(unit)), None)
            out += [Shown(first.name, middle(by_kind(first)[kind]))] if first else []
    return out


def spectra(units: Sequence[Unit]) -> tuple[Curves, ...]:
    """Singular values over the largest, beside the fitted power law and a Gaussian matrix of the same shape."""
    return tuple(spectrum(one) for one in shown(units))


def spectrum(one: Shown) -> Curves:
    m = one.matrix
    rank = numerical_rank(m.values, m.rows, m.columns)
    found = fits.fit(m.values[:rank].tolist(), fits.head(rank))
    law = isinstance(found, Fit)
    at = spaced(rank, *((fits.head(rank).last,) if law else ()))
    own, null = ([float(s[i - 1] / s[0]) for i in at] for s in (m.values, m.null))
    lines = [line("measured", "measured", at, own), line("Gaussian of the same shape", "null", at, null)]
    if isinstance(found, Fit):
        ends, top = (found.window.first, found.window.last), float(m.values[0])
        fitted = [exp(found.log_c) * i**-found.alpha / top for i in ends]
        lines.append(line(f"power law, exponent {found.alpha:.3g}", "model", ends, fitted))
    return Curves(title=one.title, x="i", y="sigma_i / sigma_1", log_x=True, log_y=True, lines=tuple(lines))


def energies(units: Sequence[Unit]) -> tuple[Curves, ...]:
    """E(k) against k over the rank, a network a picture: each kind of layer beside its Gaussian matrix."""
    networks: dict[str, list[Line]] = {}
    for network, m in shown(units):
        for name, of, s in ((m.kind, "measured", m.values), (f"{m.kind}, Gaussian", "null", m.null)):
            x, y = energy_curve(s, numerical_rank(s, m.rows, m.columns))
            networks.setdefault(network, []).append(line(name, of, x, y))  # type: ignore[arg-type]
    return tuple(
        Curves(title=network, x="k / rank", y="E(k)", marks=(0.1,), levels=(0.95,), lines=tuple(lines))
        for network, lines in networks.items()
    )


def energy_curve(s: Tensor, rank: int) -> tuple[list[float], list[float]]:
    """(k / rank, E(k)) from k = 0 to the rank, closer together where E rises fast; k = rank / 10 is among them."""
    import torch

    shares = torch.cumsum(s**2, 0) / (s**2).sum()
    at = spaced(rank, tenth(rank), power=1.5)
    return [0.0, *(k / rank for k in at)], [0.0, *(float(shares[k - 1]) for k in at)]


def firsts(nets: Sequence[Network], families: Iterable[str]) -> list[Network]:
    """The first network of each of those families that is here."""
    return [next(net for net in nets if net.family == name) for name in families if name in {n.family for n in nets}]


def steps(recipe: Recipe) -> list[int]:
    """Those after which spectra are taken."""
    return [round(share * recipe.steps) for share in CHECKPOINTS]


def followed(net: Network) -> str:
    """The weight that is followed along training: the first that is neither read from a table nor read out."""
    return next(name for name, kind in net.kinds.items() if kind not in ("embedding", "position", "readout"))


def trajectory(net: Network, recipe: Recipe) -> Curves:
    """The first singular values of one weight at the checkpoints of its training."""
    name, at = followed(net), steps(recipe)
    path = net.spectra[name]
    lines = [line(f"i = {i + 1}", "measured", at, path[:, i].tolist()) for i in range(min(FIRST, path.shape[1]))]
    return Curves(title=f"{net.name}: {name}", x="step", y="sigma_i", lines=tuple(lines))


def increment_ranks(nets: Sequence[Network], recipes: dict[str, Recipe]) -> Curves | None:
    """Effective rank of W(t) - W(0) over that at the end of training, a network a line; None of none."""
    lines = []
    for net in nets:
        ranks = effective_rank(net.increments[followed(net)][1:])  # the first one is zero
        at = [step / recipes[net.family].steps for step in steps(recipes[net.family])[1:]]
        lines.append(line(f"{net.name}: {followed(net)}", "measured", at, (ranks / ranks[-1]).tolist()))
    if not lines:
        return None
    y = "effective rank of W(t) - W(0) / that at the end"
    return Curves(title="Along training", x="share of the steps", y=y, log_x=True, levels=(1.0,), lines=tuple(lines))
