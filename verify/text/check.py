"""Runs rules over a document. What the document suppresses is left out; suppressions of nothing are reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from verify.text.diagnostics import Diagnostic, Finding, Rule, Severity, rule
from verify.text.document import Document
from verify.text.knowledge import Knowledge

CODES = r"[A-Z][0-9]{3}(?:[\s,]+[A-Z][0-9]{3})*"
DIRECTIVE = re.compile(rf"verify:\s*(?P<verb>ignore-file|ignore)\s+(?P<codes>{CODES})")


@dataclass(frozen=True)
class Suppression:
    """``first`` to ``last`` are the lines of which the codes are not reported."""

    start: int
    end: int
    codes: frozenset[str]
    first: int
    last: int


@rule("P101", "idle-suppression", Severity.NOTE, "A suppression names a code that is not found there.")
def IDLE_RULE(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Found by `check`, which knows what the other rules say; a code whose rule does not run is left alone. A
    suppression holds for its own line and the next one, `ignore-file` for the whole text.

    Wrong: `<!-- verify: ignore F104 -->` above a line that has no such finding
    Right: no suppression
    """
    yield from ()


IDLE = IDLE_RULE.code


def check(document: Document, knowledge: Knowledge, rules: Iterable[Rule]) -> list[Diagnostic]:
    """The diagnostics of the rules, in the order of the text."""
    rules = list(rules)
    suppressions = list(_suppressions(document))
    found = [(one, finding) for one in rules for finding in one.check(document, knowledge)]
    used: set[tuple[int, str]] = set()
    kept = []
    for source, finding in found:
        line = document.place(finding.start).line
        by = [s for s in suppressions if source.code in s.codes and s.first <= line <= s.last]
        used |= {(s.start, source.code) for s in by}
        if not by:
            kept.append(_diagnostic(document, source.code, source.severity, finding))
    active = {one.code for one in rules}
    kept += [_diagnostic(document, IDLE, Severity.NOTE, finding) for finding in _idle(suppressions, used, active)]
    return sorted(set(kept), key=lambda d: (d.line, d.column, d.code, d.message))


def _suppressions(document: Document) -> Iterator[Suppression]:
    spans: Sequence[tuple[int, int]] = [(c.start, c.end) for c in document.comments]
    last = len(document.starts)
    for start, end in spans:
        for match in DIRECTIVE.finditer(document.source, start, end):
            codes = frozenset(re.findall(r"[A-Z][0-9]{3}", match["codes"]))
            line = document.place(match.start()).line
            whole = match["verb"] == "ignore-file"
            yield Suppression(match.start(), match.end(), codes, 1 if whole else line, last if whole else line + 1)


def _idle(suppressions: Iterable[Suppression], used: set[tuple[int, str]], active: set[str]) -> Iterator[Finding]:
    for one in suppressions:
        for code in sorted(one.codes & active):
            if (one.start, code) not in used:
                yield Finding(one.start, one.end, f"nothing is suppressed here: no {code} was found", "drop the code")


def _diagnostic(document: Document, code: str, severity: Severity, finding: Finding) -> Diagnostic:
    line, column = document.place(finding.start)
    end_line, end_column = document.place(max(finding.start, finding.end))
    return Diagnostic(document.name, line, column, end_line, end_column, code, severity, finding.message, finding.help)
