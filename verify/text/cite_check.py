"""``verify cite-check`` and ``verify cite``, without their options: files in, an exit status out."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from verify.errors import VerifyError
from verify.text.check import check
from verify.text.configuration import Configuration, find
from verify.text.diagnostics import Rule
from verify.text.document import Document
from verify.text.files import Text, texts
from verify.text.knowledge import Knowledge, KnownCollection
from verify.text.output import Checked, Outcome, render
from verify.text.rules import rules

ASKING = "CBV"
"""Families of rules that ask what the collections know. Without one of them selected, none is loaded."""

Write = Callable[[str, str], None]


class CodeError(VerifyError):
    """A code that no rule has."""


def cite_check(
    files: Sequence[str],
    form: str | None,
    select: Sequence[str],
    ignore: Sequence[str],
    against: Sequence[str],
    ledger: Path | None,
    json_file: str | None,
    write: Write,
) -> int:
    """Checks texts and writes what was found to stdout, and as JSON where asked. Options come before the configuration.

    Raises VerifyError for what cannot be read: a file, a setting, a code, a collection, the ledger.
    """
    settings = find(Path.cwd())
    chosen = choose(rules(), select, ignore, settings)
    known: dict[str, KnownCollection] = {}
    asking = [rule for rule in chosen if rule.code[0] in ASKING]
    if asking:
        from verify.text.gathering import gather

        known = gather(ledger)
    checked = tuple(
        one_text(text, chosen, known if asking else None, tuple(against) or settings.against, settings)
        for text in texts(files, settings.exclude)
    )
    outcome = Outcome(checked, chosen)
    if json_file is not None:
        write(json_file, render(outcome, "json"))
    if json_file != "-":
        write("-", render(outcome, form or settings.format, colour=_colours()))
    return outcome.status


def one_text(
    text: Text,
    chosen: Sequence[Rule],
    known: Mapping[str, KnownCollection] | None,
    against: Sequence[str],
    settings: Configuration,
) -> Checked:
    """What the rules find in one text; ``known`` is None where no rule asks."""
    document = parse(text)
    knowledge = Knowledge.empty()
    if known is not None:
        from verify.text.bibliography import of_document
        from verify.text.resolving import knowledge_of

        own = of_document(document, text.folder, settings.bibliography)
        knowledge = knowledge_of(document, known, against, own, settings.cited_as)
    found = check(document, knowledge, chosen)
    return Checked(document, tuple(found))


def parse(text: Text) -> Document:
    if text.latex:
        from verify.text import latex

        return latex.parse(text.source, text.name)
    from verify.text import markdown

    return markdown.parse(text.source, text.name)


# --- codes ----------------------------------------------------------------------------------------------------------


def choose(
    known: Sequence[Rule], select: Iterable[str], ignore: Iterable[str], settings: Configuration
) -> tuple[Rule, ...]:
    """The rules whose codes begin with one that is selected and with none that is ignored. ``V`` is a whole family.

    What is selected on the command line is not ignored because of the configuration. Raises CodeError for a code that
    begins none, and where no rule is left: a check of nothing would pass every text.
    """
    selected, ignored = _codes(select), _codes(ignore)
    codes = {rule.code for rule in known}
    places = [("--select", selected), ("--ignore", ignored)]
    places += [(f"{settings.file}: select", settings.select), (f"{settings.file}: ignore", settings.ignore)]
    for place, names in places:
        for name in names:
            if not any(code.startswith(name) for code in codes):
                near = sorted(code for code in codes if code[0] == name[0])
                hint = (
                    f"there are {', '.join(near)}" if near else f"families: {', '.join(sorted({c[0] for c in codes}))}"
                )
                raise CodeError(f"{place}: no rule has the code {name!r}; {hint}")
    chosen = tuple(rule for rule in known if _is_wanted(rule.code, selected, ignored, settings))
    if not chosen:
        raise CodeError("no rule is left to check: all that are selected are ignored")
    return chosen


def _codes(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.upper() for text in given for name in re.split(r"[,\s]+", text) if name)


def _is_wanted(code: str, selected: tuple[str, ...], ignored: tuple[str, ...], settings: Configuration) -> bool:
    only, never = selected or settings.select, ignored if selected else (*ignored, *settings.ignore)
    return (not only or code.startswith(only)) and not code.startswith(never)


def _colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


# --- cite -----------------------------------------------------------------------------------------------------------


def cite(
    text: str,
    languages: Sequence[str],
    bibtex: bool,
    against: Sequence[str],
    ledger: Path | None,
    json_file: str | None,
    write: Write,
) -> int:
    """What may safely be written of one claim. Raises VerifyError for a label that names none, or several."""
    from verify.text.gathering import gather
    from verify.text.safe import as_data, entry, find_claim, lines

    collection, claim = find_claim(gather(ledger), text, against)
    if json_file is not None:
        import json

        data: Any = {"schema": 1, **as_data(collection, claim)}
        write(json_file, json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    if json_file != "-":
        shown = [entry(collection, claim)] if bibtex else list(lines(collection, claim, languages))
        write("-", "\n".join([*shown, ""]))
    return 0
