"""All parts with their verdicts as one Markdown table a collection: short lines that a diff can follow.

No time, date or machine enters it, so that it changes only where a part, a verdict or its evidence does. Verdicts are
the judge's; one that its author did not expect says so.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from verify.checks import Measure
from verify.collection import Collection
from verify.ledger import Ledger
from verify.model.claim import Part
from verify.model.evidence import Proof
from verify.model.words import Verdict
from verify.report.html import replace_whole
from verify.report.markdown import escaped
from verify.results import PartResult, known
from verify.select import Chosen, everything

NAME = "verdicts.md"
HEADER = ("Part", "Role", "Verdict", "What is asserted", "What decides it", "Instead", "Sources", "Statement")
INTRODUCTION = """# Verdicts

Every part of the installed collections, written by `verify report` from the evidence of the last run. *Instead* names
the part that corrects a part that does not hold, or what remains of it. *Statement* is a fingerprint of what was put
on trial: it changes with the formula. `verify show CLAIM` shows the formulas, `verify run CLAIM/PART` repeats a trial.
"""
LONG_VALUE = 80


def write(ledger: Ledger, collections: Iterable[Collection], out: Path) -> Path:
    """Writes ``out/verdicts.md`` and returns its path. Raises ReportError where it cannot be written."""
    path = out / NAME
    replace_whole(path, markdown(list(collections), ledger))
    return path


def markdown(collections: Sequence[Collection], ledger: Ledger) -> str:
    """The document. What the ledger does not know is shown as not run."""
    sections = [_section(collection, ledger) for collection in collections]
    return "\n".join([INTRODUCTION, *sections])


def _section(collection: Collection, ledger: Ledger) -> str:
    chosen = everything({collection.name: collection})
    results = [result for claim in known(ledger, chosen) for result in claim.parts]
    rows = [row(c, result) for c, result in zip(chosen, results, strict=True)]
    counts = Counter(_verdict(result) for result in results)
    words = [*Verdict, *sorted(set(counts) - set(Verdict))]
    tally = ", ".join(f"{counts[word]} {word}" for word in words if counts[word])
    return "\n".join(
        [
            f"## {escaped(collection.name)}: {escaped(collection.title.en)}",
            "",
            f"{len(results)} parts: {tally}.",
            "",
            _line(HEADER),
            _line(["---"] * len(HEADER)),
            *map(_line, rows),
            "",
        ]
    )


def row(chosen: Chosen, result: PartResult) -> list[str]:
    """The cells of one part, escaped."""
    part = chosen.part
    expected = "" if result.state != "tried" or result.as_expected else f" (expected: {part.expected})"
    return [
        f"`{chosen.id}`",
        str(part.role),
        _verdict(result) + expected,
        escaped(part.reading.en),
        escaped(reason(result)),
        instead(part),
        sources(chosen),
        f"`{fingerprint(part)}`",
    ]


def instead(part: Part) -> str:
    """The repair of a part, or what survives of it."""
    return ", ".join(f"`{name}`" for name in (part.repair, part.survives_as) if name)


def sources(chosen: Chosen) -> str:
    """The keys of the sources of a part and its claim."""
    return ", ".join(f"`{key}`" for key in dict.fromkeys((*chosen.part.sources, *chosen.claim.sources)))


def fingerprint(part: Part) -> str:
    """Of the statement; of a part that is measured, of its quantities and thresholds as well."""
    declared = [f"{c.quantity} {c.threshold}" for c in part.checks if isinstance(c, Measure)]
    return hashlib.sha256("\n".join([part.statement.text, *declared]).encode()).hexdigest()[:12]


def reason(result: PartResult) -> str:
    """One line: the counterexample with its numbers, the proof with its theorems, or what else the verdict rests on."""
    found = result.counterexample
    if result.verdict is Verdict.REFUTED and found is not None and not result.conflict:
        return f"at {assigned(found.certificate.values)}: {result.why}"
    proofs = [e for e in result.evidence if isinstance(e, Proof)]
    if result.verdict is Verdict.PROVED and proofs and not result.conflict:
        return "; ".join(map(_proved, proofs))
    return result.why


def _proved(found: Proof) -> str:
    """The names of the theorems that the proof rests on; `verify show` gives their sources."""
    steps = f"{len(found.steps)} step{'s' if len(found.steps) != 1 else ''}, {found.covers}"
    names = dict.fromkeys(theorem.split(" (", 1)[0] for theorem in found.theorems)
    return f"{steps}, using {', '.join(names)}" if names else steps


def assigned(values: Mapping[str, Any]) -> str:
    """Exact values on one line; of a matrix that is too large for that, the size."""
    return ", ".join(f"{name} = {_value(value)}" for name, value in sorted(values.items()))


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value
    written = _nested(value)
    if len(written) <= LONG_VALUE:
        return written
    return "a matrix of {} x {}".format(*_size(value)) if isinstance(value[0][0], str) else f"{len(value)} matrices"


def _nested(value: Any) -> str:
    return value if isinstance(value, str) else f"[{', '.join(map(_nested, value))}]"


def _size(value: Sequence[Sequence[Any]]) -> tuple[int, int]:
    return len(value), len(value[0])


def _verdict(result: PartResult) -> str:
    return str(result.verdict) if result.state == "tried" else "not run"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
