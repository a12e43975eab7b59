"""What the report knows: the latest evidence of each part of a collection, and the runs it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verify.collection import Collection
from verify.dependencies import Judging
from verify.ledger import Ledger, PartRecord, RunRecord
from verify.model.evidence import Stress
from verify.model.words import Verdict
from verify.results import known_part
from verify.select import Chosen


@dataclass(frozen=True)
class Records:
    """Evidence by ``CLAIM/PART``. ``outdated`` names parts that changed after they were tried; theirs is left out."""

    runs: tuple[RunRecord, ...]
    parts: Mapping[str, PartRecord]
    outdated: frozenset[str] = field(default=frozenset())
    leans_on: Mapping[str, Mapping[str, Verdict]] = field(default_factory=dict)
    """By ``CLAIM/PART``: the verdict on each part that it leans on, in this collection or another."""

    @property
    def matrices(self) -> int:
        return sum(e.matrices for record in self.parts.values() for e in record.evidence if isinstance(e, Stress))

    def run_of(self, record: PartRecord) -> RunRecord | None:
        return next((run for run in self.runs if run.id == record.run), None)


def read(ledger: Ledger, collection: Collection) -> Records | None:
    """The records of one collection, or None where the ledger knows no part of it.

    Evidence is kept only where it speaks about the statement as it stands now.
    """
    stored = ledger.parts()
    current: dict[str, PartRecord] = {}
    outdated: set[str] = set()
    judging = Judging(lambda c: record.evidence if (record := known_part(stored, c)[1]) else [])
    under: dict[str, Mapping[str, Verdict]] = {}
    for claim in collection.claims:
        for part in claim.parts:
            chosen = Chosen(collection, claim, part)
            state, record = known_part(stored, chosen)
            under[chosen.id] = judging.under(chosen)
            if record is not None:
                current[f"{claim.label}/{part.id}"] = record
            elif state == "changed":
                outdated.add(f"{claim.label}/{part.id}")
    if not current and not outdated:
        return None
    used = {record.run for record in current.values()}
    return Records(tuple(run for run in ledger.runs() if run.id in used), current, frozenset(outdated), under)
