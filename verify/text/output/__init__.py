"""What was found, as text, JSON, GitHub annotations, JUnit XML or SARIF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verify.text.diagnostics import Diagnostic, Rule, Severity
from verify.text.document import Document


@dataclass(frozen=True)
class Checked:
    """One document and what was found in it, in the order of the text."""

    document: Document
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Outcome:
    """Everything that one call found; ``rules`` are those that were tried."""

    checked: tuple[Checked, ...]
    rules: tuple[Rule, ...] = ()

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        return [diagnostic for one in self.checked for diagnostic in one.diagnostics]

    @property
    def status(self) -> int:
        """1 where an error or a warning was found; notes alone change nothing."""
        return int(any(diagnostic.severity is not Severity.NOTE for diagnostic in self.diagnostics))


def render(outcome: Outcome, form: str, *, colour: bool = False) -> str:
    """The outcome in one of the forms of ``verify.text.configuration.FORMATS``; only the text can have colours."""
    from verify.text.output import data, github, junit, sarif, text

    if form == "text":
        return text.render(outcome, colour=colour)
    forms = {"json": data.render, "github": github.render, "junit": junit.render, "sarif": sarif.render}
    return forms[form](outcome)


def legal(text: str) -> str:
    """Without the control characters that XML 1.0 cannot write, and without lone surrogates."""
    return "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )
