"""Coverage and drift: a text on trial and the claims that encode it must keep step."""

from __future__ import annotations

from collections.abc import Iterator

from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document, Item, Span
from verify.text.fingerprints import changed, fingerprint
from verify.text.knowledge import Knowledge, KnownClaim, KnownCollection
from verify.text.resolving import HALF, displays, meant
from verify.text.rules.references import named


@rule(
    "C101", "item-without-claim", Severity.WARNING, "An item of the text has no claim, so nobody has put it on trial."
)
def item_without_claim(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Only in a text whose other items have claims: those of a paper that cites the text are not looked at.

    Wrong: a new `**Lemma 1.9** ...` in a text whose collection ends with Lemma 1.8
    Right: a claim `lemma-1.9` in the collection, with parts and checks
    """
    home = knowledge.home
    if home is None:
        return
    for item in document.items:
        if item.identifier not in home.claims:
            message = f"{named(item.kind, item.number)} has no claim in the collection {home.name}"
            yield Finding(item.start, item.body, message, "encode it, or correct its label")


@rule("C102", "claim-without-item", Severity.WARNING, "A claim encodes an item that the text does not contain.")
def claim_without_item(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Reported at the item before the place where it should stand. In a piece of the text, only what lies between its
    first item and its last is looked for.

    Wrong: Lemma 1.4 was dropped from the text, and the collection still has a claim `lemma-1.4`
    Right: the claim is dropped too, or the item restored
    """
    home = knowledge.home
    if home is None:
        return
    there: dict[str, Span] = {name: items[0] for name, items in document.by_identifier.items()}
    numbered = [claim for claim in home.claims.values() if claim.numbered]
    present = [n for n, claim in enumerate(numbered) if claim.label in there]
    if not present:
        return
    whole = len(present) > HALF * len(numbered)
    for n, claim in enumerate(numbered):
        if claim.label not in there and (whole or present[0] < n < present[-1]):
            at = _before(document, there, numbered, n)
            message = (
                f"{named(*claim.label.split('-', 1))} is missing, and the collection {home.name} has a claim on it"
            )
            yield Finding(at.start, at.end, message, "restore the item, or drop the claim")


def _before(document: Document, there: dict[str, Span], claims: list[KnownClaim], n: int) -> Span:
    """The head of the item that stands before the n-th claim's place; the first item's where there is none."""
    labels = [claim.label for claim in reversed(claims[:n]) if claim.label in there]
    span = there[labels[0]] if labels else document.items[0]
    return Span(span.start, span.body if isinstance(span, Item) else span.end)


@rule("C103", "formula-changed", Severity.WARNING, "A formula of an item has changed since its claim was encoded.")
def formula_changed(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """The verdict speaks of the item as it was. Spaces, bold letters and other typography do not count as a change.

    Wrong: the text now says `$a \\le b$` where the claim was encoded from `$a < b$`
    Right: the claim is encoded anew, and its fingerprint with it
    """
    home = knowledge.home
    if home is None:
        return
    for item, how in _changes(document, home):
        if how != "words":
            words = ", and so have its words" if how == "both" else ""
            message = f"the formulas of {named(item.kind, item.number)} have changed since it was encoded{words}"
            help_ = f"compare with claim {item.identifier}: its verdict may no longer be about this item"
            yield Finding(item.start, item.body, message, help_)
    yield from _lost(document, home)


def _lost(document: Document, home: KnownCollection) -> Iterator[Finding]:
    """Statements without a number, whose displayed formula is gone or changed: reported where they should follow."""
    found = displays(document, home)
    claims = list(home.claims.values())
    for n, claim in enumerate(claims):
        if not claim.fingerprint.startswith("-") or claim.label in found:
            continue
        before = [c.label for c in claims[:n] if c.label in document.by_identifier]
        after = [c.label for c in claims[n + 1 :] if c.label in document.by_identifier]
        if before and after:  # else the document is a piece of the text that may not contain it
            item = document.by_identifier[before[-1]][0]
            message = f"the displayed formula that claim {claim.label} encodes is not there as it was"
            yield Finding(item.start, item.body, message, "it should follow this item; compare it with the claim")


@rule("C104", "words-changed", Severity.NOTE, "The words of an item have changed since its claim was encoded.")
def words_changed(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Its formulas are the same, but a hypothesis may have come or gone in words. Marks, spaces and bold do not count.

    Wrong: "for a matrix" became "for every nonzero matrix", and the claim was left alone
    Right: the claim was looked at again, and its fingerprint renewed
    """
    home = knowledge.home
    if home is None:
        return
    for item, how in _changes(document, home):
        if how == "words":
            message = (
                f"the words of {named(item.kind, item.number)} have changed since it was encoded, not its formulas"
            )
            yield Finding(item.start, item.body, message, f"see whether claim {item.identifier} still says the same")


def _changes(document: Document, home: KnownCollection) -> Iterator[tuple[Item, str]]:
    for name, items in document.by_identifier.items():
        known = home.claims[name].fingerprint if name in home.claims else ""
        if known and not known.startswith("-") and (how := changed(known, fingerprint(document, items[0]))):
            yield items[0], how


@rule("C105", "several-texts", Severity.NOTE, "A reference may mean items of several installed collections.")
def several_texts(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Nothing is said of such a reference. Reported once, at the first.

    Wrong: "by Lemma 1.2", where two installed collections have a Lemma 1.2
    Right: the same with `--against NAME`, or `against = "NAME"` in the configuration
    """
    for one in meant(document, knowledge):
        if len(one.claims) > 1:
            names = ", ".join(collection.name for collection, _ in one.claims)
            message = f"{named(one.reference.kind, one.reference.number)} is an item of several collections: {names}"
            yield Finding(one.reference.start, one.reference.end, message, "say which is meant with --against")
            return
