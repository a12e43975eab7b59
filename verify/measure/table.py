"""What a measurement prints, and its JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from verify.measure.figures import Figures, Power, Range
from verify.measure.kinds import Layer
from verify.measure.measured import Measured, Measurement, by_type
from verify.measure.parts import Finding
from verify.measure.spectra import Route
from verify.networks.spectra import median
from verify.terminal import columns

SCHEMA = 1
SURE = 1e-6


def tensors_table(found: Sequence[Measured]) -> Table:
    """One line a matrix. Shares are of min(m, n)."""
    table = columns(
        "tensor",
        "type",
        "shape",
        "rank",
        "E(rank/10)",
        "r95",
        "r99",
        "eff. rank",
        "Roy-Vetterli",
        "stable",
        "alpha (fit)",
    )
    for one in found:
        f = one.figures
        table.add_row(
            one.name,
            one.matrix.type,
            f"{one.matrix.rows} x {one.matrix.columns}",
            *map(str, (f.rank, f.energy_tenth, f.energy_rank(0.95), f.energy_rank(0.99))),
            *map(str, (f.effective_rank, f.roy_vetterli if f.spectrum.complete else "-", f.stable_rank)),
            exponent(f),
        )
    return table


def exponent(f: Figures) -> str:
    power = f.power
    if not isinstance(power, Power):
        return str(power.value)
    fit = power.fit
    # Against the law that says otherwise: the power law, or its closest rival.
    rival = fit.best if fit.best != "power" else min(fit.against, key=lambda law: fit.against[law].z)
    other = "power" if fit.best != "power" else rival
    line = f"R2 {fit.r_squared:.3f}, KS {power.distance:.2f} ({chance(power.p)})"
    return f"{fit.alpha:.2f} ({line}, best: {fit.best} ({chance(fit.against[rival].p)} against {other}))"


def chance(p: float) -> str:
    """Of a test; smaller ones than a millionth are not what its assumptions can carry."""
    return f"p {p:.2g}" if p >= SURE else f"p < {SURE:g}"


RELATIVE: dict[str, Callable[[Figures], float | None]] = {
    "E(rank/10)": lambda f: f.energy_tenth.middle,
    "r95 / min": lambda f: f.energy_rank(0.95).middle / f.size,
    "r99 / min": lambda f: f.energy_rank(0.99).middle / f.size,
    "eff. rank / min": lambda f: f.relative.middle,
    "Roy-Vetterli / min": lambda f: f.roy_vetterli.middle / f.size if f.spectrum.complete else None,
    "stable rank / min": lambda f: f.stable_rank.middle / f.size,
    "alpha": lambda f: f.alpha,
}
"""Figures that are compared between shapes; an interval counts by its middle."""


def medians(figures: Iterable[Figures]) -> dict[str, float | None]:
    """Of each relative figure; None where no matrix has it."""
    many = list(figures)
    out: dict[str, float | None] = {}
    for name, of in RELATIVE.items():
        values = [value for f in many if (value := of(f)) is not None]
        out[name] = median(values) if values else None
    return out


def types_table(found: Sequence[Measured]) -> Table:
    """Medians by layer type, each beside that of Gaussian matrices of the same shapes."""
    table = columns("layer type", "matrices", *(f"{name} (null)" for name in RELATIVE))
    for kind, group in by_type(found).items():
        here, null = medians(m.figures for m in group), medians(m.null for m in group)
        table.add_row(kind, str(len(group)), *(f"{_number(here[k])} ({_number(null[k])})" for k in RELATIVE))
    return table


def _number(x: float | None) -> str:
    return "-" if x is None else f"{x:.3f}"


def increments_table(found: Sequence[Measured]) -> Table:
    """What changed since the baseline, and the rank of factors that keep 95% and 99% of its energy."""
    table = columns(
        "increment", "shape", "|dW| / |W0|", "LoRA rank 95%", "99%", "of full parameters", "eff. rank / min"
    )
    for one in found:
        if one.increment is None:
            table.add_row(one.name, f"{one.matrix.rows} x {one.matrix.columns}", one.no_increment or "")
            continue
        f, kept = one.increment, one.increment.energy_rank(0.95)
        table.add_row(
            one.name,
            f"{one.matrix.rows} x {one.matrix.columns}",
            _number(relative_size(one)),
            *map(str, (kept, f.energy_rank(0.99))),
            f"{parameters(one, kept):.0%}",
            str(f.relative),
        )
    return table


def relative_size(one: Measured) -> float | None:
    """|W - W0|_F / |W0|_F; None where W0 is zero."""
    if one.increment is None or one.before is None:
        return None
    return one.increment.spectrum.norm / one.before.spectrum.norm


def parameters(one: Measured, rank: Range) -> float:
    """Entries of two factors of that rank (its upper end), over those of the matrix."""
    m, n = one.matrix.rows, one.matrix.columns
    return rank.high * (m + n) / (m * n)


def findings_table(found: Sequence[Finding]) -> Table:
    table = columns("part", "property", "for these weights")
    for finding in found:
        table.add_row(finding.part, finding.says, finding.sentence)
        if len(finding.types) > 1:
            for kind, count in finding.types.items():
                rest = f", {count.undecided} undecided" if count.undecided else ""
                table.add_row("", f"  {kind}", f"{count.held} of {count.of}{rest}")
    return table


def notes(result: Measurement) -> Iterator[str]:
    """What was left out, and how sure the figures are."""
    for one in result.skipped:
        yield f"skipped {one.name}: {one.reason}"
    if result.left:
        yield f"{result.left} more tensors left out by --max-tensors"
    sketched = [m for m in result.measured if m.figures.spectrum.route is Route.SKETCH]
    if sketched:
        yield f"{len(sketched)} matrices too large for all singular values: intervals hold the true figures"
    others = [m.figures.spectrum.error for m in result.measured if m.figures.spectrum.complete]
    worst = f"; squared singular values within {max(others):.0e} of |W|_F^2" if others else ""
    yield f"{len(result.measured)} matrices measured, {result.vectors} vectors not{worst}"
    if any(m.matrix.layer is Layer.OTHER for m in result.measured):
        yield "matrices of type other fit no pattern of names; no row of a table of layer types counts them"


# --- JSON -----------------------------------------------------------------------------------------------------


def as_json(result: Measurement, findings: Sequence[Finding], files: Mapping[str, Any]) -> dict[str, Any]:
    """Every figure is a pair, low and high, that are equal where it is known."""
    return {
        "schema": SCHEMA,
        **files,
        "tensors": [tensor_json(one) for one in result.measured],
        "types": [
            {
                "type": kind,
                "matrices": len(group),
                "medians": medians(m.figures for m in group),
                "null": medians(m.null for m in group),
            }
            for kind, group in by_type(result.measured).items()
        ],
        "parts": [
            asdict(f) | {"held": f.held, "of": f.of, "undecided": f.undecided, "sentence": f.sentence} for f in findings
        ],
        "skipped": [asdict(one) for one in result.skipped],
        "vectors": result.vectors,
        "left_out": result.left,
    }


def tensor_json(one: Measured) -> dict[str, Any]:
    out = {
        "name": one.name,
        "file": one.matrix.entry.file.name,
        "dtype": one.matrix.entry.type,
        "type": one.matrix.layer.value,
        "unfolding": one.matrix.unfolding,
        "rows": one.matrix.rows,
        "columns": one.matrix.columns,
        "figures": figures_json(one.figures),
        "null": figures_json(one.null),
    }
    if one.before is not None or one.no_increment is not None:
        out["baseline"] = {
            "figures": None if one.before is None else figures_json(one.before),
            "increment": None if one.increment is None else figures_json(one.increment),
            "relative_size": relative_size(one),
            "status": one.no_increment or "measured",
        }
    return out


def figures_json(f: Figures) -> dict[str, Any]:
    s = f.spectrum
    return {
        "route": s.route.value,
        "error": s.error,
        "frobenius_norm": s.norm,
        "rank": f.rank,
        "energy_at_tenth_of_rank": f.energy_tenth,
        "r_eff_95": f.energy_rank(0.95),
        "r_eff_99": f.energy_rank(0.99),
        "effective_rank": f.effective_rank,
        "effective_rank_roy_vetterli": f.roy_vetterli,
        "stable_rank": f.stable_rank,
        "power_law": power_json(f),
    }


def power_json(f: Figures) -> dict[str, Any]:
    power = f.power
    if not isinstance(power, Power):
        return {"status": power.value}
    fit = power.fit
    return {
        "status": "fitted",
        "alpha": fit.alpha,
        "window": [fit.window.first, fit.window.last],
        "r_squared": fit.r_squared,
        "bent": fit.bent,
        "kolmogorov_smirnov": power.distance,
        "kolmogorov_smirnov_p": power.p,
        "aic": fit.aic,
        "best": fit.best,
        "against": {law: found._asdict() for law, found in fit.against.items()},
    }
