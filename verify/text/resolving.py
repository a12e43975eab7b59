"""Which collection a document is the text of, which it cites, and what each reference of it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from verify.errors import VerifyError
from verify.text.bibliography import Bibliography, same_works
from verify.text.document import Citation, Document, Item, Reference, Span
from verify.text.fingerprints import fingerprint, of_display
from verify.text.knowledge import Knowledge, KnownClaim, KnownCollection

HALF = 0.5
NEAR = 200
"""Characters between a reference and the citation that it belongs to."""
BEHIND = re.compile(r"[)\]}]?\s{0,3}(?:,|of|in|from|by|\s|\\cite[a-zA-Z]*\*?|\[[^\]\n]{0,80}\]|[\[{@(~]|见|的){0,6}")
INSIDE = re.compile(r"[^\[\]\n]{0,80}\](?:\[[^\]\n]{0,80}\])?\{[^}\n]{0,200}")
BEFORE = re.compile(r"[\]})]?\s{0,3}[,，;；]?\s{0,3}")


class AgainstError(VerifyError):
    """``--against`` names no collection."""


def knowledge_of(
    document: Document,
    collections: Mapping[str, KnownCollection],
    against: Sequence[str] = (),
    own: Bibliography | None = None,
    cited_as: Sequence[str] = (),
) -> Knowledge:
    """What the rules may know of a document. ``against`` names the only collections that are meant.

    Raises AgainstError for a name that no collection has.
    """
    for name in against:
        if name not in collections:
            there = ", ".join(sorted(collections)) or "none is installed"
            raise AgainstError(f"no collection is called {name!r}; there are: {there}")
    meant = {name: collections[name] for name in against or collections}
    home = home_of(document, meant.values())
    cites = (
        (home,) if home else tuple(name for name, one in meant.items() if any(c.numbered for c in one.claims.values()))
    )
    works = None if own is None else own.works
    return Knowledge(collections, home, cites, works, own.broken if own else (), tuple(cited_as))


def home_of(document: Document, collections: Iterable[KnownCollection]) -> str:
    """The collection of which the document is the text, or a piece of it; empty where it is of none.

    Of most of the document's items the collection has a claim of that number, and one of them at least is the same
    by its words, its formulas or its title: a paper that happens to count as the text does is not taken for it.
    """
    best = (0, "")
    for collection in collections:
        shared = [item for item in document.items if item.identifier in collection.claims]
        if len(shared) < HALF * len(document.items) or len(shared) <= best[0]:
            continue
        if any(_same(document, item, collection.claims[item.identifier]) for item in shared):
            best = (len(shared), collection.name)
    return best[1]


def _same(document: Document, item: Item, claim: KnownClaim) -> bool:
    if item.title and _plain(item.title) in (_plain(claim.title_en), _plain(claim.title_zh)):
        return True
    if not claim.fingerprint:
        return False
    before, now = claim.fingerprint.split("-"), fingerprint(document, item).split("-")
    return before[0] == now[0] or (before[1] == now[1] and bool(document.formulas_in(item)))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


@dataclass(frozen=True)
class Meant:
    """A reference, and the claims of different collections that it may mean."""

    reference: Reference
    claims: tuple[tuple[KnownCollection, KnownClaim], ...]

    @property
    def one(self) -> KnownClaim | None:
        return self.claims[0][1] if len(self.claims) == 1 else None


def meant(document: Document, knowledge: Knowledge) -> Iterator[Meant]:
    """Each reference that means an item of a collection.

    A paper's own Lemma 1.2 comes before that of a text that it cites, and so does a lemma of another source: one that
    stands with a citation, as in "[12, Lemma 1.2]", unless that is how the document cites the text.
    """
    if not knowledge.cites:
        return
    own = set() if knowledge.text_of else {item.identifier for item in document.items}
    elsewhere = set() if knowledge.text_of else set(_elsewhere(document, knowledge))
    for reference in document.references:
        if reference.identifier in own or reference.start in elsewhere:
            continue
        claims = [(c, c.claims[reference.identifier]) for c in knowledge.cited if reference.identifier in c.claims]
        if claims:
            yield Meant(reference, tuple(claims))


def _elsewhere(document: Document, knowledge: Knowledge) -> Iterator[int]:
    """Where the references begin that belong to a citation of another source than the text."""
    for reference, citation in of_sources(document):
        if not _is_text(citation, knowledge):
            yield reference.start


def of_sources(document: Document) -> Iterator[tuple[Reference, Citation]]:
    """References that belong to a citation: "[12, Lemma 1.2]", "Lemma 1.2 of Author (1976)"."""
    citations, at = document.citations, 0
    for reference in document.references:
        while at < len(citations) and citations[at].end < reference.start - NEAR:
            at += 1
        for citation in citations[at : at + 8]:
            if citation.start > reference.end + NEAR:
                break
            if _belongs(document.source, reference, citation):
                yield reference, citation


def _belongs(source: str, reference: Span, citation: Span) -> bool:
    if citation.start >= reference.end:
        between = source[reference.end : citation.start]
        return bool(BEHIND.fullmatch(between) or INSIDE.fullmatch(between))
    between = source[citation.end : reference.start]
    return citation.end <= reference.start and bool(BEFORE.fullmatch(between)) and between.strip(" ~") != ""


def _is_text(citation: Citation, knowledge: Knowledge) -> bool:
    """Whether a citation may be one of the text: by the keys that are given for it, else if it is no known work, by its
    key or by what the document's own bibliography says of it."""
    if knowledge.cited_as:
        return citation.key in knowledge.cited_as
    entry = (knowledge.works or {}).get(citation.key)
    return bool(citation.key) and not any(
        citation.key in collection.works or (entry is not None and same_works(entry, collection.works.values()))
        for collection in knowledge.cited
    )


def displays(document: Document, collection: KnownCollection) -> dict[str, Span]:
    """Where the statements without a number stand: the displayed formulas that carry their fingerprints."""
    wanted = {c.fingerprint: c.label for c in collection.claims.values() if c.fingerprint.startswith("-")}
    if not wanted:
        return {}
    found: dict[str, Span] = {}
    for formula in document.formulas:
        if formula.display and (label := wanted.get(of_display(formula))) is not None:
            found.setdefault(label, formula)
    return found


SAMPLE = 20_000
HAN = re.compile(r"[\u4e00-\u9fff]")
LETTER = re.compile(r"[^\W\d_]")


def chinese(document: Document) -> bool:
    """Whether a document is in Chinese: a tenth of its letters, formulas aside, are."""
    return _chinese(document.words[:SAMPLE])


@lru_cache(maxsize=8)
def _chinese(sample: str) -> bool:
    return len(HAN.findall(sample)) * 10 > len(LETTER.findall(sample)) > 0
