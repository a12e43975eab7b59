"""Runs rules over a document. What the document suppresses is left out; suppressions of nothing are reported."""

from __future__ import annotations

from collections.abc import Iterable

from verify.text.diagnostics import Diagnostic, Finding, Rule
from verify.text.document import Document
from verify.text.knowledge import Knowledge
from verify.text.rules.suppressions import Suppression, idle, idle_suppression, suppressions


def check(document: Document, knowledge: Knowledge, rules: Iterable[Rule]) -> list[Diagnostic]:
    """The diagnostics of the rules, in the order of the text; of idle suppressions where that rule is among them."""
    rules = list(rules)
    silencing = list(suppressions(document))
    silent = _Silent(silencing)
    found = [(one, finding) for one in rules for finding in one.check(document, knowledge)]
    kept = [
        _diagnostic(document, one, finding)
        for one, finding in found
        if not silent.silences(one.code, document.place(finding.start).line)
    ]
    active = {one.code for one in rules}
    if idle_suppression.code in active:
        kept += [
            _diagnostic(document, idle_suppression, finding)
            for finding in list(idle(silencing, silent.used, active))
            if not silent.silences(idle_suppression.code, document.place(finding.start).line)
        ]
    return sorted(set(kept), key=lambda d: (d.line, d.column, d.code, d.message))


class _Silent:
    """Suppressions by code and line; ``used`` are those that silenced something."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        self.at: dict[tuple[str, int | None], list[Suppression]] = {}
        self.used: set[tuple[int, str]] = set()
        for one in suppressions:
            for code in one.codes:
                for line in [None] if one.lines is None else one.lines:
                    self.at.setdefault((code, line), []).append(one)

    def silences(self, code: str, line: int) -> bool:
        by = [*self.at.get((code, line), ()), *self.at.get((code, None), ())]
        self.used |= {(one.start, code) for one in by}
        return bool(by)


def _diagnostic(document: Document, source: Rule, finding: Finding) -> Diagnostic:
    line, column = document.place(finding.start)
    end_line, end_column = document.place(max(finding.start, finding.end))
    return Diagnostic(
        document.name, line, column, end_line, end_column, source.code, source.severity, finding.message, finding.help
    )
