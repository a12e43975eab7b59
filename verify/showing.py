"""``verify show``: one claim in full, as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from verify.judge import judge
from verify.labels import label
from verify.model.claim import Claim, Part
from verify.model.evidence import Certificate, Counterexample, Evidence, Value
from verify.model.statement import Assume, Declared, Index, Layers, Let, Matrix, Real, Size
from verify.report.citing import how_to_cite
from verify.results import ClaimResult, PartResult


def show(claim: Claim, result: ClaimResult, lang: str = "en") -> Iterator[str]:
    """Statement, parts with verdict and evidence, counterexample, repair and survivor, and how to cite safely."""
    names = label(claim.label)
    yield f"{names['en']} · {names['zh']}: {getattr(claim.title, lang)}"
    tried = [part for part in result.parts if part.state == "tried"]
    if tried:
        yield f"{result.verdict}{', only empirical' if result.only_empirical else ''}: {result.verdict.sentence}"
    judged = {part.id: judge(part.scope, part.evidence, part.leans_on.values()) for part in tried}
    yield f"How to cite: {how_to_cite(claim, result.verdict if tried else None, judged)}"
    for formula in claim.statement_tex:
        yield f"    {formula}"
    for part, part_result in zip(claim.parts, result.parts, strict=True):
        yield ""
        yield from _part(claim, part, part_result, lang)
    if claim.sources:
        yield ""
        yield f"Sources: {', '.join(claim.sources)}"


def _part(claim: Claim, part: Part, result: PartResult, lang: str) -> Iterator[str]:
    verdict = result.verdict if result.state == "tried" else result.state
    yield f"{claim.label}/{part.id}: {verdict} ({part.role}, {part.scope})"
    yield f"  {getattr(part.reading, lang)}"
    if part.says:
        for line in part.given:
            yield f"    given  {given(line)}"
        for formula in part.says:
            yield f"    says   {formula}"
    yield f"  {'Verdict' if result.state == 'tried' else 'State'}: {result.why}"
    if result.state == "tried" and not result.as_expected:
        yield f"  Not as expected: {part.expected} was"
    for evidence in result.evidence:
        yield from _evidence(evidence)
    for role, target in (("Repaired by", part.repair), ("Survives as", part.survives_as)):
        if target is not None:
            yield f"  {role}: {claim.label}/{target}: {getattr(claim.part(target).reading, lang)}"
    if part.note is not None:
        yield f"  Note: {getattr(part.note, lang)}"
    if result.leans_on:
        yield f"  Leans on: {', '.join(f'{name} ({verdict})' for name, verdict in result.leans_on.items())}"
    if part.sources:
        yield f"  Sources: {', '.join(part.sources)}"


def given(line: Declared) -> str:
    """A declaration as a reader writes it."""
    match line:
        case Size():
            return f"{line.symbol} >= {line.low}, an integer"
        case Matrix():
            kind = "real" if line.structure == "general" else f"real, {line.structure}"
            return f"{line.symbol}: {line.symbol.shape[0]} x {line.symbol.shape[1]}, {kind}"
        case Layers():
            return f"{line.symbol.name}: {line.symbol.length} matrices, {line.symbol.width} x {line.symbol.width}"
        case Index():
            return f"{line.low} <= {line.symbol} <= {line.high}, an integer"
        case Real():
            sign = "<" if line.open else "<="
            low = "" if line.low is None else f"{line.low} {sign} "
            high = "" if line.high is None else f" {sign} {line.high}"
            return f"{low}{line.symbol}{high}, real"
        case Let():
            return f"{line.symbol} = {line.value}"
        case Assume():
            return f"{line.formula} ({line.name})"
    return repr(line)


def _evidence(evidence: Evidence) -> Iterator[str]:
    yield f"  - {evidence.kind} ({evidence.engine}): {_words(evidence)}"
    if isinstance(evidence, Counterexample):
        for line in certificate_lines(evidence.certificate):
            yield f"      {line}"


def _words(e: Any) -> str:
    match e.kind:
        case "proof":
            using = f"; uses {', '.join(e.theorems)}" if e.theorems else ""
            return f"{e.covers}: {'; '.join(step.name for step in e.steps)}{using}"
        case "exact":
            return f"at {', '.join(e.sizes)}"
        case "stress":
            margin = "" if e.worst_margin is None else f"; worst margin {e.worst_margin:.3g}"
            missed = [name for name, count in e.classes.items() if not count]
            classes = f"{len(e.classes) - len(missed)} of {len(e.classes)} classes visited"
            return f"{e.matrices} matrices; {classes}{' (not: ' + ', '.join(missed) + ')' if missed else ''}{margin}"
        case "counterexample":
            worst = f"; worst relative violation {e.worst.relative:.3g}, {e.worst.where}" if e.worst else ""
            return f"{'certified' if e.certified else 'NOT certified'}, found by {e.found_by}{worst}"
        case "measurement":
            return (
                f"{e.quantity}: held in {e.held} of {e.of}, 95% interval [{e.interval[0]:.3f}, {e.interval[1]:.3f}], "
                f"threshold {e.threshold:g}"
            )
        case "illustration":
            return "; ".join(one.title for one in e.curves)
        case "mutants":
            return ", ".join(f"{mutant.name} {mutant.outcome}" for mutant in e.outcomes) or "none"
        case "witness":
            words = "satisfies every hypothesis" if e.holds else "does NOT satisfy every hypothesis"
            return f"{words}: {e.message}" if e.message else words
        case "attribution":
            checked = "compared with the source" if e.verified else "not compared with the source itself"
            differs = "" if e.agrees else f"; DIFFERS: {e.message}"
            return f"{', '.join(e.authors)} {e.year}, {e.where}: {e.formula} ({checked}; {e.provenance}){differs}"
        case "failure":
            return f"{e.check}: {e.cause}: {e.message}"
    return str(e.message)


def certificate_lines(certificate: Certificate) -> Iterator[str]:
    """The exact numbers, a matrix by rows in aligned columns, and the two sides of the relation they break."""
    for name, value in certificate.values.items():
        yield from _value(name, value)
    bits = "exactly" if certificate.precision is None else f"in balls of {certificate.precision} bits"
    yield f"conclusion {certificate.relation + 1}, {bits}:"
    yield f"  left  = {certificate.left}"
    yield f"  right = {certificate.right}"


def _value(name: str, value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield f"{name} = {value}"
        return
    if value and value[0] and isinstance(value[0][0], list):
        for number, matrix in enumerate(value, 1):
            yield from _value(f"{name}[{number}]", matrix)
        return
    rows = cast("list[list[str]]", value)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield f"{name + ' = ' if number == 0 else ' ' * (len(name) + 3)}[{cells}]"
