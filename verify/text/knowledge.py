"""What is known of the collections, for the rules that ask: plain data, so that asking imports nothing heavy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class KnownPart:
    """``verdict`` is that of the ledger where ``tried``, else the one its author expects."""

    id: str
    role: str
    scope: str
    verdict: str
    tried: bool
    reading_en: str
    reading_zh: str
    repair: str = ""
    survives_as: str = ""


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


@dataclass(frozen=True)
class KnownWork:
    """An entry of a bibliography: family names in order, year, title."""

    key: str
    authors: tuple[str, ...]
    year: str
    title: str


@dataclass(frozen=True)
class KnownCollection:
    name: str
    title_en: str
    title_zh: str
    claims: Mapping[str, KnownClaim]
    works: Mapping[str, KnownWork] = field(default_factory=dict)
    records: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Knowledge:
    """``text_of`` names the collection that encodes the document itself; ``cites`` those that it may cite."""

    collections: Mapping[str, KnownCollection] = field(default_factory=dict)
    text_of: str = ""
    cites: tuple[str, ...] = ()

    @classmethod
    def empty(cls) -> Knowledge:
        return cls()
