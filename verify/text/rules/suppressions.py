"""Comments that silence rules, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document
from verify.text.knowledge import Knowledge

CODES = r"[A-Z][0-9]{3}(?:[\s,]+[A-Z][0-9]{3})*"
MEANT = re.compile(r"verify:\s*ignore(?:-file)?(?![A-Za-z-])", re.IGNORECASE)
DIRECTIVE = re.compile(rf"verify:\s*(?P<verb>ignore-file|ignore)\s+(?P<codes>{CODES})(?![A-Za-z0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Suppression:
    """``lines`` are those of which the codes are not reported; None is every line."""

    start: int
    end: int
    codes: frozenset[str]
    lines: frozenset[int] | None


def suppressions(document: Document) -> Iterator[Suppression]:
    """Those of a document, in the order of the text."""
    for comment in document.comments:
        for match in DIRECTIVE.finditer(document.source, comment.start, comment.end):
            codes = frozenset(re.findall(r"[A-Z][0-9]{3}", match["codes"].upper()))
            own, last = document.place(match.start()).line, document.place(comment.end).line
            whole = match["verb"].lower() == "ignore-file"
            yield Suppression(match.start(), match.end(), codes, None if whole else frozenset([own, last, last + 1]))


def idle(found: Iterable[Suppression], used: set[tuple[int, str]], active: set[str]) -> Iterator[Finding]:
    """The codes that silenced nothing, of the rules that were active; ``used`` has start and code of the others."""
    for one in found:
        for code in sorted(one.codes & active - {idle_suppression.code}):
            if (one.start, code) not in used:
                yield Finding(one.start, one.end, f"nothing is suppressed here: no {code} was found", "drop the code")


@rule("P101", "idle-suppression", Severity.NOTE, "A suppression names a code that is not found there.")
def idle_suppression(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Found by `check`, which knows what the other rules say; a code whose rule does not run is left alone. A
    suppression holds for its own line and for the next one behind its comment, `ignore-file` for the whole text.

    Wrong: `<!-- verify: ignore F104 -->` above a line that has no such finding
    Right: no suppression
    """
    yield from ()


@rule("P102", "suppression-without-effect", Severity.NOTE, "A suppression names no code, or one that no rule has.")
def without_effect(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Nothing is silenced by it: codes are written out, a letter and three digits each; families cannot be named.

    Wrong: `<!-- verify: ignore V -->` or `<!-- verify: ignore V999 -->`
    Right: `<!-- verify: ignore V101, V102 -->`
    """
    from verify.text.rules import rules

    known = {one.code for one in rules()}
    for comment in document.comments:
        for match in MEANT.finditer(document.source, comment.start, comment.end):
            if DIRECTIVE.match(document.source, match.start(), comment.end) is None:
                message = "nothing is suppressed here: no code is named"
                yield Finding(match.start(), match.end(), message, "name each code: a letter and three digits")
    for one in suppressions(document):
        for code in sorted(one.codes - known):
            yield Finding(one.start, one.end, f"nothing is suppressed here: no rule has the code {code}", "correct it")
