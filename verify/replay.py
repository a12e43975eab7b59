"""Re-checks certificates alone, in exact or ball arithmetic: no search, no torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.certify import recheck
from verify.formula.mutation import mutations
from verify.ledger import Ledger
from verify.model.evidence import Certificate
from verify.model.statement import Statement
from verify.model.words import Verdict
from verify.results import PartResult, known_part, part_result
from verify.select import Chosen


@dataclass(frozen=True)
class Replayed:
    """One certificate, checked again: ``mutant`` is None where it breaks the part itself, ``problem`` if it holds."""

    part: str
    mutant: str | None
    problem: str | None


@dataclass(frozen=True)
class Replay:
    checked: tuple[Replayed, ...]
    outdated: tuple[str, ...]
    """Parts whose statement has changed since they were tried; their certificates speak of something else."""

    @property
    def failed(self) -> tuple[Replayed, ...]:
        return tuple(c for c in self.checked if c.problem is not None)


def replay(ledger: Ledger, chosen: Sequence[Chosen]) -> Replay:
    """Every certificate that the ledger keeps on the selected parts, those that killed mutants included.

    A refuted part without a certificate counts as a failed check.
    """
    records = ledger.parts()
    checked: list[Replayed] = []
    outdated: list[str] = []
    for c in chosen:
        state, record = known_part(records, c)
        if state == "changed":
            outdated.append(c.id)
        if record is not None:
            checked += _part(c, part_result(c, record.evidence))
    return Replay(tuple(checked), tuple(outdated))


def _part(c: Chosen, result: PartResult) -> Iterator[Replayed]:
    certificates = result.certificates
    if result.verdict is Verdict.REFUTED and not any(mutant is None for mutant, _ in certificates):
        yield Replayed(c.id, None, "refuted without a certificate")
    if not certificates:
        return
    mutants = {m.name: m.statement for m in mutations(c.part.statement)} if any(m for m, _ in certificates) else {}
    for mutant, certificate in certificates:
        statement = c.part.statement if mutant is None else mutants.get(mutant)
        yield Replayed(c.id, mutant, _problem(statement, certificate))


def _problem(statement: Statement | None, certificate: Certificate) -> str | None:
    if statement is None:
        return "no mutant of that name is generated from the statement"
    refusal = recheck(statement, certificate)
    return None if refusal is None else refusal.reason
