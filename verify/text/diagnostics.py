"""What rules say: findings at offsets of the source, turned into diagnostics at lines and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verify.model.words import Word

if TYPE_CHECKING:
    from verify.text.document import Document
    from verify.text.knowledge import Knowledge


class Severity(Word):
    ERROR = "error", "Wrong as it stands: a reader would be misled."
    WARNING = "warning", "Most likely a slip; worth a look before printing."
    NOTE = "note", "Worth knowing; nothing has to be changed."


@dataclass(frozen=True, slots=True)
class Finding:
    """``start`` and ``end`` are offsets of the source; ``help`` says how to mend it."""

    start: int
    end: int
    message: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding at its place; lines and columns count from 1, the end column is the first one behind it."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    severity: Severity
    message: str
    help: str = ""


Check = Callable[["Document", "Knowledge"], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """``sentence`` says in one line what the rule finds; ``doc`` is its page, with a wrong and a right example."""

    code: str
    name: str
    severity: Severity
    sentence: str
    check: Check
    doc: str


FAMILIES = {
    "N": "Numbering",
    "R": "References",
    "F": "Formulas",
    "S": "Symbols",
    "D": "Dimensions",
    "A": "Arithmetic",
    "C": "Coverage and drift",
    "B": "Bibliography and sources",
    "V": "Verdicts",
    "P": "Parsing and suppression",
}
"""The first letter of a code."""


def rule(code: str, name: str, severity: Severity, sentence: str) -> Callable[[Check], Rule]:
    """Makes a function a rule; its docstring becomes the rule's page. Raises ValueError for a code out of order."""

    def made(check: Check) -> Rule:
        if code[:1] not in FAMILIES or not (len(code) == 4 and code[1:].isdigit()):
            raise ValueError(f"rule code {code!r}: one letter of {''.join(FAMILIES)} and three digits")
        if not check.__doc__ or "Wrong:" not in check.__doc__ or "Right:" not in check.__doc__:
            raise ValueError(f"rule {code}: its docstring needs an example after `Wrong:` and one after `Right:`")
        return Rule(code, name, severity, sentence, check, check.__doc__)

    return made
