"""Sources: what a text says of other works, against bibliographies and the frozen records of the collections.

Each mention is confirmed, and nothing is said; or a mismatch, and the finding says with what; or not checkable, and at
most a note says why. No mention is called invented: a bibliography that lacks a work proves nothing about the work.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from verify.text.bibliography import folded, same_works
from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Citation, Document, Span
from verify.text.knowledge import GOOD, Knowledge, KnownPart, KnownWork
from verify.text.resolving import chinese, displays
from verify.text.rules.references import named

OTHERS = re.compile(r"et\s+al|等")
NO_AUTHOR = frozenset(
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December", "Spring", "Summer", "Autumn", "Fall", "Winter", "Since", "In", "The", "Until", "Before", "After",
     "From", "To", "And", "Chapter", "Section", "Figure", "Table", "Part", "Version", "Copyright"]
)  # fmt: skip
SURNAME = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]+(?:['’-][A-ZÀ-Þ]?[a-zà-ÿ]+)*")
MANY = 3


def own_works(knowledge: Knowledge) -> Mapping[str, KnownWork] | None:
    """The document's own bibliography; of a text on trial, that of its collection too. None where there is none."""
    if knowledge.home is not None:
        return {**knowledge.home.works, **(knowledge.works or {})}
    return knowledge.works


def records(knowledge: Knowledge) -> dict[str, KnownWork]:
    """The works of every collection, by key."""
    return {key: work for collection in knowledge.collections.values() for key, work in collection.works.items()}


def shown(work: KnownWork) -> str:
    """ "Hu et al. 2022 (preprint 2021)"."""
    who = {0: work.key, 1: work.authors[0] if work.authors else "", 2: " and ".join(work.authors)}
    name = who.get(len(work.authors), f"{work.authors[0]} et al." if work.authors else work.key)
    earlier = [year for year in work.years if year != work.year]
    return " ".join(filter(None, (name, work.year, f"(preprint {earlier[0]})" if earlier else "")))


@rule("B101", "unknown-key", Severity.WARNING, "A citation's key is in no entry of the document's bibliography.")
def unknown_key(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Looked at where the document declares a bibliography (`\\bibliography{...}`, `\\addbibresource{...}`,
    `bibliography:` at the head of a Markdown file, `\\bibitem`, or the configuration), and all of it could be read.

    Wrong: `\\cite{hu2020}`, where the bibliography has `hu2022`
    Right: `\\cite{hu2022}`
    """
    works = own_works(knowledge)
    if works is None or knowledge.broken:
        return
    for citation in document.citations:
        before = document.source[max(0, citation.start - 1) : citation.start]
        in_running_text = not document.tex and before in (" ", "\n", "") and knowledge.works is None
        if citation.key and citation.key != "*" and citation.key not in works and not in_running_text:
            near = [key for key in works if folded(key)[:4] == folded(citation.key)[:4]][:MANY]
            help_ = f"nearest: {', '.join(near)}" if near else "add the entry, or correct the key"
            message = f"mismatch: no entry of the bibliography is called {citation.key}"
            yield Finding(citation.start, citation.end, message, help_)


@rule("B102", "unlisted-work", Severity.WARNING, "A work is named by author and year, and no entry is by that author.")
def unlisted_work(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Looked at where there is a bibliography, and where the mention is certainly of authors ("et al.", "等人").

    Wrong: "Hu et al. (2021) propose ...", and the bibliography has nothing by Hu
    Right: an entry for the work, or another source
    """
    works = own_works(knowledge)
    if works is None or knowledge.broken:
        return
    for citation in _mentions(document):
        if OTHERS.search(document.source, citation.start, citation.end) and not _by(citation.names[0], works):
            message = f"mismatch: the bibliography has no work of which {citation.names[0]} is the first author"
            yield Finding(citation.start, citation.end, message, "add the entry, or correct the name")


@rule("B103", "record-mismatch", Severity.WARNING, "Author or year of a work disagrees with what is on record of it.")
def record_mismatch(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """A mention is compared with the bibliography: the year may be that of publication or of the preprint. The entry of
    a key is compared with that of the installed collections for the same work (same DOI, arXiv number or title).

    Wrong: "Hu et al. (2019)", where the only work by Hu in the bibliography is of 2021
    Right: "Hu et al. (2021)"
    """
    works = own_works(knowledge)
    for citation in _mentions(document) if works else ():
        known = _by(citation.names[0], works or {})
        if known and (trouble := _disagrees(citation, known)):
            yield Finding(citation.start, citation.end, f"mismatch: {trouble}", _candidates(known))
    if knowledge.works:
        known_works = records(knowledge)
        seen: set[str] = set()
        for citation in document.citations:
            entry = knowledge.works.get(citation.key)
            if entry is not None and entry.key not in seen:
                seen.add(entry.key)
                yield from _against_record(citation, entry, known_works)


def _mentions(document: Document) -> Iterator[Citation]:
    return (c for c in document.citations if not c.key and c.names and c.names[0] not in NO_AUTHOR)


def _by(name: str, works: Mapping[str, KnownWork]) -> list[KnownWork]:
    return [work for work in works.values() if work.authors and folded(work.authors[0]) == folded(name)]


def _disagrees(citation: Citation, known: Sequence[KnownWork]) -> str:
    """What no work by that first author agrees with; empty where one agrees in year and in every author named."""
    same_year = [work for work in known if citation.year in work.years]
    if not same_year:
        return f"no work by {citation.names[0]} on record is of {citation.year}"
    others = [
        {folded(name) for name in citation.names[1:]} - {folded(author) for author in work.authors}
        for work in same_year
    ]
    if all(others):
        strange = [name for name in citation.names[1:] if folded(name) in min(others, key=len)]
        return f"{', '.join(strange)} is no author of {shown(same_year[0])}"
    return ""


def _candidates(known: Sequence[KnownWork]) -> str:
    return "on record: " + "; ".join(f"{shown(work)} ({work.key})" for work in known[:MANY])


def _against_record(citation: Citation, entry: KnownWork, known: Mapping[str, KnownWork]) -> Iterator[Finding]:
    same = same_works(entry, known.values())
    if not same:
        return
    work = same[0]
    if entry.years and work.years and not set(entry.years) & set(work.years):
        message = f"mismatch: the entry {entry.key} gives the year {entry.year}"
        yield Finding(citation.start, citation.end, message, f"on record: {shown(work)}, {work.title}")
    if entry.authors and work.authors and folded(entry.authors[0]) != folded(work.authors[0]):
        message = f"mismatch: the entry {entry.key} gives {entry.authors[0]} as first author"
        yield Finding(citation.start, citation.end, message, f"on record: {shown(work)}, {work.title}")


@rule("B104", "not-checkable", Severity.NOTE, "A mention looks like a work, and there is no entry to compare it with.")
def not_checkable(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """A single name beside a year may be a person or a method. Noted where there is a bibliography that has nobody of
    that name, and the name occurs nowhere else in the text; reported once for each name.

    Wrong: "as Okafor (2016) shows", with nothing by Okafor in the bibliography
    Right: an entry for the work
    """
    works = own_works(knowledge)
    if works is None:
        return
    if knowledge.broken:
        start = document.citations[0] if document.citations else Span(0, 0)
        message = f"not checkable: part of the bibliography cannot be read ({knowledge.broken[0]})"
        yield Finding(start.start, start.end, message, "mend it; until then no work is called missing from it")
        return
    people = {folded(author) for work in works.values() for author in work.authors}
    candidates = [c for c in _mentions(document) if len(c.names) == 1 and SURNAME.fullmatch(c.names[0])]
    if not candidates:
        return
    often = Counter(SURNAME.findall(document.words))
    mentioned = Counter(citation.names[0] for citation in candidates)
    for citation in {c.names[0]: c for c in reversed(candidates)}.values():
        name = citation.names[0]
        if OTHERS.search(document.source, citation.start, citation.end) or folded(name) in people:
            continue
        if often[name] <= mentioned[name]:
            message = f"not checkable: the bibliography has nothing by {name}, if that is a person"
            yield Finding(citation.start, citation.end, message, "add the entry, if it is a work")


@rule("B105", "source-states-another", Severity.WARNING, "What an item ascribes to a source is not what it states.")
def source_states_another(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """The collection compares the item with the frozen record of the source, and found that it does not hold of it. The
    item, or the text, names the source: by an author, or by the name of the method. In a text on trial only. Where
    what the item itself says is what the source states, the rest that the source says is left out, and no mismatch.

    Wrong: a definition with squares under the name of a source that defines it without
    Right: the source's definition, or a word on the difference
    """
    for span, part, record, work, ascribed in _differing(document, knowledge):
        if ascribed:
            yield _differs(span, part, record, work, chinese(document))


@rule(
    "B108", "differs-from-literature", Severity.NOTE, "An item differs from the source of its notion, and names none."
)
def differs_from_literature(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """As B105, where the text does not say where the notion comes from: a reader who looks it up finds another.

    Wrong: "the effective rank is ...", with a formula other than that of the paper that introduced the name
    Right: the same with a word on the difference, and a reference
    """
    for span, part, record, work, ascribed in _differing(document, knowledge):
        if not ascribed:
            yield _differs(span, part, record, work, chinese(document))


Differing = tuple[Span, KnownPart, Mapping[str, str], KnownWork, bool]


def _differing(document: Document, knowledge: Knowledge) -> Iterator[Differing]:
    """Where an item differs from a record, and whether the text ascribes it to that source."""
    home = knowledge.home
    if home is None:
        return
    for label, span in _places(document, knowledge).items():
        item = document.item_at(span.start)
        text = document.source[item.start : item.end] if item else ""
        confirmed = {
            home.records[part.record]["source"]
            for part in home.claims[label].stated
            if part.record in home.records and part.verdict in GOOD
        }
        for part in home.claims[label].parts:
            record = home.records.get(part.record)
            work = home.works.get(record["source"]) if record else None
            if record and work and record["source"] not in confirmed and part.verdict in ("refuted", "ill-posed"):
                author = work.authors[0] if work.authors else ""
                method, colon, _ = work.title.partition(":")
                here = _word(method, text) if item and colon and " " not in method else None
                if item and here:
                    yield Span(item.start + here.start(), item.start + here.end()), part, record, work, True
                    continue
                yield span, part, record, work, bool(author and _word(author, document.words))


def _word(word: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", text)


def _differs(span: Span, part: KnownPart, record: Mapping[str, str], work: KnownWork, zh: bool) -> Finding:
    source = f"{shown(work)}, {record['where']}"
    if zh:
        note = "" if part.tried else "（预期结论，此处尚未检验）"
        unverified = "" if record["verified"] else "（此记录未与原文核对）"
        message = f"与 {source} 不符（{part.id}）{note}：不成立的是：{part.reading_zh}"
        return Finding(span.start, span.end, message, f"来源所述{unverified}：{record['states_zh']}")
    note = "" if part.tried else ", expected verdict, not run here"
    unverified = "" if record["verified"] else " (record not compared with the source itself)"
    message = f"mismatch with {source} ({part.id}{note}): it does not hold that: {part.reading_en}"
    return Finding(span.start, span.end, message, f"the source states{unverified}: {record['states_en']}")


def _places(document: Document, knowledge: Knowledge) -> dict[str, Span]:
    """Where each claim of the document's own collection stands."""
    home = knowledge.home
    if home is None:
        return {}
    items = {
        label: Span(items[0].start, items[0].body)
        for label, items in document.by_identifier.items()
        if label in home.claims
    }
    return {**displays(document, home), **items}


@rule("B106", "unnamed-theorem", Severity.NOTE, "An item rests on a classical theorem that the text does not name.")
def unnamed_theorem(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """The proof of the item's claim cites the theorem by the name of its finders, and the text mentions none of them.

    Wrong: "the best approximation of rank k is the truncation", without a name
    Right: "(Eckart and Young 1936)"
    """
    home = knowledge.home
    if home is None:
        return
    for label, span in _places(document, knowledge).items():
        claim = home.claims[label]
        keys = [key for part in claim.stated for key in part.theorems if part.verdict == "proved"]
        persons = dict.fromkeys(home.theorems[key].persons for key in keys if key in home.theorems)
        missing = [names for names in persons if not any(name in document.words for name in names)]
        if missing:
            theorems = "; ".join("-".join(names) for names in missing)
            who = named(*label.split("-", 1)) if claim.numbered else f"claim {label}"
            message = f"the proof of {who} rests on {theorems}, which the text does not name"
            yield Finding(span.start, span.end, message, "name the theorem and its source")


@rule("B107", "broken-entry", Severity.WARNING, "An entry of a bibliography cannot be read.")
def broken_entry(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """The other entries are used; this one is as if it were not there.

    Wrong: `@article{hu2022, title = {LoRA, year = 2022}` (a brace is left open), or two entries of one key
    Right: `@article{hu2022, title = {LoRA}, year = 2022}`
    """
    home = knowledge.home
    for entry in (*knowledge.broken, *(home.broken if home else ())):
        yield Finding(0, 0, f"bibliography: {entry} cannot be read", "mend the entry")
