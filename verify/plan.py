"""What a run is to do: one task for each check of each selected part, with the fingerprint of all that its evidence
depends on."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from verify.collection import load
from verify.context import Context
from verify.fingerprint import engine_fingerprint, source_of
from verify.model.claim import Check, Part, plain
from verify.model.evidence import Counterexample, Evidence, Proof
from verify.model.words import Scope
from verify.select import Chosen
from verify.versions import versions

PartId = tuple[str, str, str]
"""Collection, claim, part."""


class TaskId(NamedTuple):
    """Enough to find a task again in another process: names, and the place in the part's list of checks."""

    collection: str
    claim: str
    part: str
    place: int


class Described:
    """A part with the hash of its description, which all of its tasks share."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen

    @cached_property
    def digest(self) -> str:
        return _digest(describe(self.chosen))


class Task:
    """One check of one part, at its place among the part's checks."""

    def __init__(self, part: Described, place: int, check: Check, context: Context) -> None:
        self.part, self.chosen = part, part.chosen
        self.place, self.check, self.context = place, check, context

    @property
    def id(self) -> TaskId:
        return TaskId(*self.part_id, self.place)

    @property
    def part_id(self) -> PartId:
        return self.chosen.collection.name, self.chosen.claim.label, self.chosen.part.id

    @property
    def check_name(self) -> str:
        return type(self.check).__name__

    @cached_property
    def reads_evidence(self) -> bool:
        """Whether the check asks for the evidence on its part, as the mutants do: they leave a refuted part alone."""
        return "evidence" in inspect.signature(type(self.check).run).parameters

    def run(self, known: Sequence[Evidence]) -> list[Evidence]:
        if not self.reads_evidence:
            return self.check.run(self.chosen.part, self.context)
        check: Any = self.check
        found: list[Evidence] = check.run(self.chosen.part, self.context, evidence=list(known))
        return found

    def fingerprint(self, known: Sequence[Evidence] = ()) -> str:
        """A hash of all that the evidence of this task depends on.

        That is the part with all of its checks and their parameters, which of them this is, the engine, versions,
        seed, profile, device, and the evidence that the check is given to read. The number of workers may change the
        time, never the evidence.
        """
        return _digest(
            {
                "part": self.part.digest,
                "check": [self.place, source_of(type(self.check))],
                "engine": engine_fingerprint(),
                "versions": versions(),
                "context": self.context.model_dump(mode="json", exclude={"workers"}),
                "known": [e.model_dump(mode="json", exclude={"seconds"}) for e in known],
            }
        )


def decisive(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The evidence that a check may read of the others: proofs and certified counterexamples."""
    return [e for e in evidence if isinstance(e, Proof) or (isinstance(e, Counterexample) and e.certified)]


def describe(chosen: Chosen) -> dict[str, Any]:
    """All of a part that a check may read: the built-in checks read the other checks too."""
    part = chosen.part
    return {
        "id": chosen.id if part.scope is Scope.TYPICAL else None,
        "scope": part.scope,
        "statement": part.statement.fingerprint,
        "witness": plain(part.witness),
        "classes": part.classes,
        "checks": [_check(check) for check in part.checks],
    }


def checks_of(part: Part) -> tuple[Check, ...]:
    """The part's checks in their order; a universal part's witness is tried first, its mutants last."""
    if part.scope is not Scope.UNIVERSAL:
        return part.checks
    from verify.checks import MutantsCheck, WitnessCheck

    return (WitnessCheck(), *part.checks, MutantsCheck())


def plan(chosen: Iterable[Chosen], context: Context) -> list[Task]:
    """The tasks of the selected parts, in the order of the text."""
    parts = [Described(c) for c in chosen]
    return [Task(p, place, check, context) for p in parts for place, check in enumerate(checks_of(p.chosen.part))]


def find(task: TaskId, context: Context) -> Task:
    """The task of that id, from the collection as this process loads it."""
    collection = load(task.collection)
    claim = collection.claim(task.claim)
    part = claim.part(task.part)
    return Task(Described(Chosen(collection, claim, part)), task.place, checks_of(part)[task.place], context)


def _check(check: Check) -> dict[str, Any]:
    return {"type": source_of(type(check)), "parameters": check.describe()}


def _digest(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
