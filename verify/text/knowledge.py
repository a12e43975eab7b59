"""What is known of the collections, for the rules that ask: plain data, so that asking imports nothing heavy.

:mod:`verify.text.gathering` makes it from the collections and the ledger, and keeps it in the user's cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

BAD = ("refuted", "ill-posed", "contradicted")
GOOD = ("proved", "supported")


@dataclass(frozen=True)
class KnownPart:
    """``verdict`` is that of the ledger where ``tried``, else the one its author expects.

    ``leans_on`` names parts as ``collection:claim/part``; ``theorems`` are keys of the collection's theorems that its
    proofs cite; ``record`` is the record of a source with which it compares the text.
    """

    id: str
    role: str
    scope: str
    verdict: str
    tried: bool
    reading_en: str
    reading_zh: str
    repair: str = ""
    survives_as: str = ""
    leans_on: tuple[str, ...] = ()
    theorems: tuple[str, ...] = ()
    record: str = ""


@dataclass(frozen=True)
class KnownClaim:
    """``cite_en`` and ``cite_zh`` are the sentences that may safely be written instead of a bare citation."""

    label: str
    title_en: str
    title_zh: str
    verdict: str
    only_empirical: bool
    cite_en: str
    cite_zh: str
    parts: tuple[KnownPart, ...]
    sources: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def tried(self) -> bool:
        """Whether the headline rests on verdicts of the ledger alone."""
        return all(part.tried for part in self.main)

    @property
    def numbered(self) -> bool:
        return self.label.partition("-")[2][:1].isdigit()

    @property
    def main(self) -> tuple[KnownPart, ...]:
        return tuple(part for part in self.parts if part.role == "main")

    @property
    def stated(self) -> tuple[KnownPart, ...]:
        """The main parts that the text itself states: those that repair another or remain of one are left out."""
        added = {name for part in self.main for name in (part.repair, part.survives_as)}
        own = tuple(part for part in self.main if part.id not in added)
        return own or self.main

    def instead(self) -> Iterator[KnownPart]:
        """The parts that may be cited in place of those that fell: corrected ones that hold, and what is observed."""
        by_id = {part.id: part for part in self.parts}
        names = [name for part in self.main if part.verdict in BAD for name in (part.repair, part.survives_as)]
        for part in (by_id[name] for name in dict.fromkeys(names) if name in by_id):
            if part.verdict in (*GOOD, "empirical"):
                yield part


@dataclass(frozen=True)
class KnownWork:
    """An entry of a bibliography: family names in order, title, and every year under which it is cited: that of
    publication first, then that of a preprint. ``numbers`` are its DOI and arXiv number, in lower case."""

    key: str
    authors: tuple[str, ...]
    year: str
    title: str
    years: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownTheorem:
    """A classical theorem: the name of the part that puts it on trial, and the persons it is called after."""

    title_en: str
    title_zh: str
    persons: tuple[str, ...]


@dataclass(frozen=True)
class KnownCollection:
    """``run`` is the day of the ledger's latest run that ended, empty where there is none; ``broken`` names entries of
    the bibliography that cannot be read."""

    name: str
    title_en: str
    title_zh: str
    claims: Mapping[str, KnownClaim]
    works: Mapping[str, KnownWork] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    theorems: Mapping[str, KnownTheorem] = field(default_factory=dict)
    broken: tuple[str, ...] = ()
    run: str = ""


@dataclass(frozen=True)
class Knowledge:
    """``text_of`` names the collection that encodes the document itself; ``cites`` those that it may cite.

    ``works`` is the document's own bibliography, None where it declares none that could be read; ``broken`` names what
    of it could not. ``cited_as`` are the keys under which the document cites the text, empty where nobody said.
    """

    collections: Mapping[str, KnownCollection] = field(default_factory=dict)
    text_of: str = ""
    cites: tuple[str, ...] = ()
    works: Mapping[str, KnownWork] | None = None
    broken: tuple[str, ...] = ()
    cited_as: tuple[str, ...] = ()

    @classmethod
    def empty(cls) -> Knowledge:
        return cls()

    @property
    def home(self) -> KnownCollection | None:
        """The collection of the document itself, where it is a text on trial."""
        return self.collections.get(self.text_of)

    @property
    def cited(self) -> Iterable[KnownCollection]:
        return tuple(self.collections[name] for name in self.cites)

    def part(self, name: str) -> KnownPart | None:
        """The part called ``collection:claim/part``."""
        collection, _, rest = name.partition(":")
        label, _, part_id = rest.partition("/")
        claim = self.collections[collection].claims.get(label) if collection in self.collections else None
        return next((part for part in claim.parts if part.id == part_id), None) if claim else None
