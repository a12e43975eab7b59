"""SELECT: which claims and parts a command means."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from verify.collection import Collection
from verify.errors import VerifyError
from verify.labels import identifier_of, kind_of
from verify.model.claim import Claim, Part


class SelectionError(VerifyError):
    """A selector that matches nothing; the message suggests the nearest names."""


class Chosen(NamedTuple):
    """One selected part, with the claim and the collection it stands in."""

    collection: Collection
    claim: Claim
    part: Part

    @property
    def id(self) -> str:
        return f"{self.claim.label}/{self.part.id}"


def everything(collections: Mapping[str, Collection]) -> list[Chosen]:
    return [Chosen(col, claim, part) for col in collections.values() for claim in col.claims for part in claim.parts]


def select(collections: Mapping[str, Collection], selectors: Sequence[str]) -> list[Chosen]:
    """The parts that any of the selectors names, once each, in the order of the texts; all of them for no selector.

    A selector is an identifier (``lemma-11.19``, ``lemma-11.19/softmax-rank``), a printed label in either language
    ("Lemma 11.19", "引理 11.19"), a kind (``theorem``), a collection (``low_rank``), or a glob over identifiers.
    Raises SelectionError for a selector that names nothing.
    """
    parts = everything(collections)
    if not selectors:
        return parts
    wanted: set[tuple[str, str]] = set()
    for selector in selectors:
        matched = {(c.collection.name, c.id) for c in parts if _names(selector, c)}
        if not matched:
            raise SelectionError(_nothing(selector, parts))
        wanted |= matched
    return [c for c in parts if (c.collection.name, c.id) in wanted]


def select_claim(collections: Mapping[str, Collection], selector: str) -> tuple[Collection, Claim]:
    """The one claim that ``selector`` names (a part names its claim). Raises SelectionError for none or several."""
    chosen = select(collections, [selector])
    claims = {(c.collection.name, c.claim.label): (c.collection, c.claim) for c in chosen}
    if len(claims) > 1:
        some = ", ".join(label for _, label in list(claims)[:4])
        raise SelectionError(f"{selector!r} names {len(claims)} claims ({some}, ...); name one")
    return next(iter(claims.values()))


def _names(selector: str, chosen: Chosen) -> bool:
    text = selector.strip()
    head, slash, tail = text.partition("/")
    text = f"{identifier_of(head) or head.lower()}{slash}{tail.lower()}"
    if any(mark in text for mark in "*?["):
        return fnmatchcase(chosen.claim.label, text) or fnmatchcase(chosen.id, text)
    if text in (chosen.id, chosen.claim.label, chosen.collection.name):
        return True
    return kind_of(text) == chosen.claim.kind


def _nothing(selector: str, parts: Iterable[Chosen]) -> str:
    names: dict[str, None] = {}
    for c in parts:
        names |= dict.fromkeys((c.collection.name, str(c.claim.kind), c.claim.label, c.id))
    if not names:
        return f"nothing is called {selector!r}: no collection is installed"
    head, slash, tail = selector.strip().lower().partition("/")
    text = f"{identifier_of(head) or head}{slash}{tail}"
    near = difflib.get_close_matches(text, names, n=3, cutoff=0.5)
    return f"nothing is called {selector!r}; " + (
        f"nearest: {', '.join(near)}" if near else "`verify list` shows what there is"
    )
