"""References between items: to something that exists, of the right kind, and not in a circle."""

from __future__ import annotations

import re
from collections.abc import Iterator

from verify.labels import KINDS
from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document, Reference
from verify.text.knowledge import Knowledge
from verify.text.resolving import of_sources

ANOTHER = re.compile(
    r"(?:'s|’s)?\s{0,3}(?:,\s{0,3})?(?:of|in|from)\s{1,3}(?:\[[0-9A-Za-z+,\s]{1,20}\]|(?!(?:The|This|Our|Section|Chapter|Appendix|Part)\b)[A-Z])"
    r"|\s{0,3},?\s{0,3}\[[0-9A-Z][0-9A-Za-z+,\s]{0,20}\](?!\()"
)
WITHIN = re.compile(r"\[[0-9A-Z][0-9A-Za-z+]{0,19}(?:,\s{0,3}|\](?:,\s{0,3}|\s{0,3}[的中]{0,2}))$")
"""What follows a reference to another work, and what comes before one: "of [4]", "in Author", "[4, ", "[4]中的"."""


def named(kind: str, number: str) -> str:
    return f"{KINDS[kind][0] if kind in KINDS else kind.capitalize()} {number}"


def stem_of(number: str) -> str:
    return number.rpartition(".")[0]


def _own(document: Document) -> Iterator[Reference]:
    """References but for those that say themselves that they mean an item of another work."""
    others = {reference.start for reference, _ in of_sources(document)}
    for reference in document.references:
        behind = ANOTHER.match(document.source, reference.end)
        inside = WITHIN.search(document.source, max(0, reference.start - 24), reference.start)
        if reference.kind == "label" or (reference.start not in others and behind is None and inside is None):
            yield reference


@rule("R101", "missing-item", Severity.ERROR, "A reference names an item that the text does not contain.")
def missing_item(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Only numbers that this text itself counts are looked at: a paper that cites Lemma 11.19 of a book is left alone,
    and so is a reference that stands with a citation, "Lemma 1.7 of [4]". Tables where the text labels any. In LaTeX
    sources, labels that are set nowhere, too, unless the source is a piece of a paper or is put together of pieces.

    Wrong: "by Lemma 1.7", where the last lemma is Lemma 1.4
    Right: "by Lemma 1.4"
    """
    numbers = {item.number for item in document.items}
    stems = {stem_of(number) for number in numbers}
    tables = any(item.kind == "table" for item in document.items)
    for reference in _own(document):
        if reference.kind == "table" and not tables:
            continue
        if reference.kind == "label":
            message = f"there is no label `{reference.number}` in this text"
            yield Finding(reference.start, reference.end, message, "correct the label, or set it")
        elif stem_of(reference.number) in stems and reference.number not in numbers and reference.kind != "equation":
            message = f"there is no {named(reference.kind, reference.number)} in this text"
            yield Finding(reference.start, reference.end, message, "correct the number, or add the item")


@rule("R102", "wrong-kind", Severity.ERROR, "A reference gives an item the name of another kind.")
def wrong_kind(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """The number exists, but not with that name.

    Wrong: "by Theorem 1.4", where 1.4 is a lemma
    Right: "by Lemma 1.4"
    """
    kinds: dict[str, list[str]] = {}
    for item in document.items:
        kinds.setdefault(item.number, []).append(item.kind)
    tables = any("table" in there for there in kinds.values())
    for reference in _own(document):
        if reference.kind == "table" and not tables:
            continue
        there = kinds.get(reference.number)
        if there and reference.kind not in there and reference.kind not in ("equation", "label"):
            meant = " or ".join(named(kind, reference.number) for kind in dict.fromkeys(there))
            message = f"there is no {named(reference.kind, reference.number)}; there is {meant}"
            yield Finding(reference.start, reference.end, message, f"write {meant}")


@rule("R103", "forward-in-definition", Severity.WARNING, "A definition refers to an item that comes after it.")
def forward_in_definition(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """A definition that leans on what is not yet there cannot be read in order, and may define itself.

    Wrong: `**Definition 1.1** ... as in Lemma 1.2 ...`
    Right: the notion is introduced before it is used
    """
    first = {name: items[0].start for name, items in document.by_identifier.items()}
    for reference in document.references:
        item = document.item_at(reference.start)
        if item is not None and item.kind == "definition" and first.get(reference.identifier, -1) > item.start:
            message = f"the definition leans on {named(reference.kind, reference.number)}, which comes later"
            yield Finding(reference.start, reference.end, message, "introduce it before")


@rule("R104", "circular", Severity.WARNING, "Items refer to each other in a circle.")
def circular(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Each item of the circle leans on the next one, and the last on the first.

    Wrong: `**Lemma 1.1** ... by Lemma 1.2 ...` and `**Lemma 1.2** ... by Lemma 1.1 ...`
    Right: one of the two is shown without the other
    """
    leans: dict[str, dict[str, Reference]] = {}
    for reference in document.references:
        item = document.item_at(reference.start)
        if (
            item is not None
            and reference.identifier in document.by_identifier
            and reference.identifier != item.identifier
        ):
            leans.setdefault(item.identifier, {}).setdefault(reference.identifier, reference)
    done: set[str] = set()
    for start in leans:
        yield from _circles(leans, start, done)


def _circles(leans: dict[str, dict[str, Reference]], start: str, done: set[str]) -> Iterator[Finding]:
    """Depth first without recursion: a text may chain thousands of items."""
    path: list[str] = []
    on_path: dict[str, int] = {}
    stack = [(start, iter(leans.get(start, {})))] if start not in done else []
    if stack:
        path.append(start)
        on_path[start] = 0
    while stack:
        name, others = stack[-1]
        other = next(others, None)
        if other is None:
            stack.pop()
            path.pop()
            del on_path[name]
            done.add(name)
        elif other in on_path:
            reference = leans[name][other]
            at = on_path[other]
            circle = [*path[at : at + 8], other]
            shown = " -> ".join(named(*item.split("-", 1)) for item in circle[:9])
            yield Finding(reference.start, reference.end, f"circular: {shown}", "show one of them without the others")
        elif other not in done:
            on_path[other] = len(path)
            path.append(other)
            stack.append((other, iter(leans.get(other, {}))))
