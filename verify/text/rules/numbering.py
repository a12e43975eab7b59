"""Numbers of items: one counter a kind, or one for several kinds, must run without repeat, gap or jump back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from verify.labels import KINDS
from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document, Item
from verify.text.knowledge import Knowledge

APART = ("table", "equation")
"""Kinds that always count by themselves."""

Counter = tuple[str, str]
"""What an item's number counts in: the kind, and the number without its last place."""


def printed(item: Item) -> str:
    """The label in English, for messages."""
    word = KINDS[item.kind][0] if item.kind in KINDS else item.kind.capitalize()
    return f"{word} {item.number}"


def last_place(item: Item) -> int:
    return int(item.number.rpartition(".")[2])


def counter_of(item: Item) -> Counter:
    return item.kind, item.number.rpartition(".")[0]


def by_counter(items: Sequence[Item]) -> dict[Counter, list[Item]]:
    found: dict[Counter, list[Item]] = {}
    for item in items:
        found.setdefault(counter_of(item), []).append(item)
    return found


@rule("N101", "duplicate-number", Severity.ERROR, "Two items of one kind carry the same number.")
def duplicate(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """A reference to the number could mean either item.

    Wrong: `**Lemma 1.2 (Order)** ...` and later `**Lemma 1.2 (Rank)** ...`
    Right: `**Lemma 1.2 (Order)** ...` and later `**Lemma 1.3 (Rank)** ...`
    """
    for items in document.by_identifier.values():
        for item in items[1:]:
            line = document.place(items[0].start).line
            message = f"{printed(item)} is already the label of the item in line {line}"
            yield Finding(item.start, item.body, message, "give one of the two the next free number")


@rule("N102", "gap", Severity.WARNING, "A number is left out in the count of a kind.")
def gap(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """An item was dropped or renumbered; references to what followed may now point beside it.

    Wrong: `**Lemma 1.2** ...` followed by `**Lemma 1.4** ...`
    Right: `**Lemma 1.2** ...` followed by `**Lemma 1.3** ...`
    """
    for items in _counted_apart(document):
        present = {last_place(item) for item in items}
        for before, item in pairwise(items):
            low, high = last_place(before), last_place(item)
            missing = [str(n) for n in range(low + 1, min(high, low + 50)) if n not in present]
            if missing:
                message = f"{printed(item)} follows {printed(before)}: {', '.join(missing)} left out"
                yield Finding(item.start, item.body, message, "renumber, or restore the item that is missing")


@rule("N103", "out-of-order", Severity.WARNING, "An item's number is smaller than that of an earlier item of its kind.")
def out_of_order(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """A reader who looks for an item by its number looks in the wrong direction.

    Wrong: `**Theorem 1.3** ...` followed by `**Theorem 1.2** ...`
    Right: `**Theorem 1.2** ...` followed by `**Theorem 1.3** ...`
    """
    for items in by_counter(document.items).values():
        for before, item in pairwise(items):
            if last_place(item) < last_place(before):
                message = f"{printed(item)} comes after {printed(before)}"
                yield Finding(item.start, item.body, message, "put the items in the order of their numbers")


@rule("N104", "one-number-for-several-kinds", Severity.NOTE, "One number is carried by items of different kinds.")
def several_kinds(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Each kind counts by itself, so a number alone names no item; references must always say the kind. Said once, at
    the first such number.

    Wrong: a text with `**Definition 1.2** ...` and `**Lemma 1.2** ...` that refers to "1.2"
    Right: one counter for all kinds, or references that always name the kind
    """
    kinds: dict[str, dict[str, Item]] = {}
    for item in document.items:
        if item.kind not in APART:
            kinds.setdefault(item.number, {}).setdefault(item.kind, item)
    shared = {number: items for number, items in kinds.items() if len(items) > 1}
    if shared:
        first = min((list(items.values())[1] for items in shared.values()), key=lambda item: item.start)
        others = ", ".join(printed(item) for item in shared[first.number].values() if item is not first)
        count = f"; so for {len(shared)} numbers in all" if len(shared) > 1 else ""
        message = f"{printed(first)} shares its number with {others}{count}"
        yield Finding(first.start, first.body, message, "name the kind in every reference")


@rule("N105", "foreign-section", Severity.WARNING, "An item's number belongs to another chapter or section.")
def foreign_section(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """The number's first places should be those of the section it stands in, or of a section above it.

    Wrong: `**Lemma 3.1** ...` under the heading `## 2.4 Rank`
    Right: `**Lemma 2.1** ...` under the heading `## 2.4 Rank`
    """
    headings = [section for section in document.sections if section.number]
    at, current = 0, ""
    for item in document.items:
        while at < len(headings) and headings[at].start < item.start:
            current, at = headings[at].number, at + 1
        stem = item.number.rpartition(".")[0]
        if stem and current and not f"{current}.".startswith(f"{stem}."):
            message = f"{printed(item)} stands in section {current}"
            yield Finding(item.start, item.body, message, f"number it in {current}, or move it")


@rule("N106", "section-number", Severity.WARNING, "The number of a heading repeats, skips or goes back.")
def section_numbers(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Headings with a number of two places or more, in a text that numbers its statements.

    Wrong: `### 1.2.3 Rank` followed by `### 1.2.3 Decay`, or by `### 1.2.5 Decay`
    Right: `### 1.2.3 Rank` followed by `### 1.2.4 Decay`
    """
    if not document.items:
        return
    last: dict[str, int] = {}
    for section in document.sections:
        stem, dot, place = section.number.rpartition(".")
        if not dot or not place.isdigit():
            continue
        here = int(place)
        if stem in last and here != last[stem] + 1:
            message = f"section {section.number} follows section {stem}.{last[stem]}"
            yield Finding(section.start, section.end, message, "renumber, or restore the section that is missing")
        last[stem] = here


def _counted_apart(document: Document) -> Iterator[list[Item]]:
    """The items of each counter: of each kind by itself, or of all kinds where they share one count."""
    stems: dict[str, list[Item]] = {}
    for item in document.items:
        stems.setdefault(item.number.rpartition(".")[0], []).append(item)
    for items in stems.values():
        together = [item for item in items if item.kind not in APART]
        places = [last_place(item) for item in together]
        if len({item.kind for item in together}) > 1 and len(set(places)) == len(places) and places == sorted(places):
            yield together
            items = [item for item in items if item.kind in APART]
        yield from by_counter(items).values()
