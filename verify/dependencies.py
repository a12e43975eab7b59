"""What a part leans on: other parts of its text, and the foundations of the theorems that its proofs cite.

A verdict is read off the evidence on a part and the verdicts on what it leans on, so a proof never counts for more
than the weakest thing it stands on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from verify.collection import Collection, CollectionError, load
from verify.judge import Judgement, judge
from verify.model.claim import Part
from verify.model.evidence import Evidence
from verify.model.words import Verdict
from verify.select import Chosen

FOUNDATIONS = "foundations"
"""The collection in which named theorems are put on trial."""


def leans_on(chosen: Chosen) -> tuple[str, ...]:
    """``collection:claim/part`` of everything that the part leans on directly, in order, once each."""
    own = chosen.collection.name
    named = [name if ":" in name else f"{own}:{name}" for name in chosen.part.depends_on]
    theorems = [f"{FOUNDATIONS}:{name}" for name in _foundations(chosen.part)]
    return tuple(dict.fromkeys((*named, *theorems)))


def _foundations(part: Part) -> Iterator[str]:
    from verify.checks import Prove
    from verify.proof.theorems import LIBRARY

    for check in part.checks:
        if isinstance(check, Prove):
            for key in sorted(set(cited(check.derivation))):
                if key in LIBRARY and LIBRARY[key].foundation:
                    yield LIBRARY[key].foundation


def cited(value: Any) -> Iterator[str]:
    """The keys of the named theorems that a derivation cites, at any depth."""
    from verify.proof.steps import Apply

    if isinstance(value, Apply):
        yield value.theorem
    elif isinstance(value, BaseModel):
        for _, inside in value:
            yield from cited(inside)
    elif isinstance(value, (list, tuple)):
        for inside in value:
            yield from cited(inside)


def resolve(name: str, collections: Mapping[str, Collection] | None = None) -> Chosen:
    """The part called ``collection:claim/part``. Raises CollectionError where there is none."""
    collection_name, _, rest = name.partition(":")
    label, _, part_id = rest.partition("/")
    collection = (collections or {}).get(collection_name) or load(collection_name)
    for claim in collection.claims:
        for part in claim.parts:
            if (claim.label, part.id) == (label, part_id):
                return Chosen(collection, claim, part)
    raise CollectionError(f"{name}: a part leans on it, but there is no such part; correct the name in depends_on")


def closure(chosen: Iterable[Chosen]) -> list[Chosen]:
    """The parts and all that they lean on, what is leant on first. Raises CollectionError for a circle."""
    done: dict[str, Chosen] = {}
    for one in chosen:
        _visit(one, done, [])
    return list(done.values())


def full_name(chosen: Chosen) -> str:
    return f"{chosen.collection.name}:{chosen.id}"


def _visit(chosen: Chosen, done: dict[str, Chosen], path: Sequence[str]) -> None:
    name = full_name(chosen)
    if name in path:
        circle = " -> ".join([*path[path.index(name) :], name])
        raise CollectionError(f"parts lean on each other in a circle: {circle}; drop one of the dependencies")
    if name in done:
        return
    home = {chosen.collection.name: chosen.collection}
    for other in leans_on(chosen):
        _visit(resolve(other, home), done, [*path, name])
    done[name] = chosen


class Judging:
    """Verdicts on parts, each with the verdicts on what it leans on; every part is judged once."""

    def __init__(self, evidence_of: Callable[[Chosen], Sequence[Evidence]]) -> None:
        self._evidence_of = evidence_of
        self._judged: dict[str, Judgement] = {}

    def of(self, chosen: Chosen) -> Judgement:
        name = full_name(chosen)
        if name not in self._judged:
            for one in closure([chosen]):
                if full_name(one) not in self._judged:
                    self._judged[full_name(one)] = self._judge(one)
        return self._judged[name]

    def under(self, chosen: Chosen) -> dict[str, Verdict]:
        """The verdict on each part that this one leans on, by name."""
        self.of(chosen)
        return {name: self._judged[name].verdict for name in leans_on(chosen)}

    def _judge(self, chosen: Chosen) -> Judgement:
        under = [self._judged[name].verdict for name in leans_on(chosen)]
        return judge(chosen.part.scope, self._evidence_of(chosen), under)
