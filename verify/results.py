"""The result of a run, and what the ledger knows, as immutable models; their JSON is a contract with other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

from pydantic import ConfigDict, Field

from verify.dependencies import Judging
from verify.judge import PartVerdict, headline, judge, only_empirical
from verify.labels import label
from verify.ledger import Ledger, PartRecord, RunRecord
from verify.model.evidence import Certificate, Counterexample, Evidence, Failure, Frozen, Mutant, Mutants, Stress
from verify.model.words import Outcome, Reason, Role, Scope, Verdict
from verify.select import Chosen

SCHEMA = 1

State = Literal["tried", "not run", "changed"]
"""``changed``: evidence is stored, but on an earlier statement of the part; it is not shown."""


class MutantCount(Frozen):
    killed: int = 0
    implied: int = 0
    surviving: int = 0
    all: int = 0


class PartResult(Frozen):
    id: str
    role: Role
    scope: Scope
    verdict: Verdict
    expected: Verdict
    reasons: list[Reason] = []
    conflict: bool = False
    state: State = "tried"
    repair: str | None = None
    survives_as: str | None = None
    leans_on: dict[str, Verdict] = {}
    mutants: MutantCount = MutantCount()
    evidence: list[Evidence] = []

    @property
    def as_expected(self) -> bool:
        return self.verdict is self.expected and not self.conflict

    @property
    def counterexample(self) -> Counterexample | None:
        """The certified counterexample that the verdict rests on, or None."""
        return next((e for e in self.evidence if isinstance(e, Counterexample) and e.certified), None)

    @property
    def certificates(self) -> list[tuple[str | None, Certificate]]:
        """Every certificate, with the name of the mutant that it kills; None where it breaks the part itself."""
        own = [(None, e.certificate) for e in self.evidence if isinstance(e, Counterexample) and e.certified]
        mutants = [m for e in self.evidence if isinstance(e, Mutants) for m in e.outcomes]
        return [*own, *((m.name, m.certificate) for m in mutants if m.certificate is not None)]

    @property
    def why(self) -> str:
        """One line: what the verdict rests on, or what stands in its way."""
        return summary(self)


class MutantsResult(Frozen):
    """What became of the mutants of one part; ``failure`` says why they could not be tried."""

    id: str
    collection: str
    mutants: MutantCount
    outcomes: list[Mutant]
    explained: dict[str, str] = {}
    failure: str | None = None

    @property
    def unexplained(self) -> list[Mutant]:
        """Surviving mutants of which the part's author does not say why nothing kills them."""
        return [m for m in self.outcomes if m.outcome is Outcome.SURVIVING and m.name not in self.explained]


class ClaimResult(Frozen):
    """``complete`` is false where not every part was selected; a main part left out counts as inconclusive."""

    id: str
    collection: str
    label: dict[str, str]
    verdict: Verdict
    only_empirical: bool
    complete: bool
    parts: list[PartResult]


class RunInfo(Frozen):
    profile: str
    seed: int
    device: str
    seconds: float | None
    matrices: int
    versions: dict[str, str]


class RunResult(Frozen):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: int = Field(SCHEMA, alias="schema")
    run: RunInfo
    claims: list[ClaimResult]

    @property
    def parts(self) -> list[tuple[ClaimResult, PartResult]]:
        return [(claim, part) for claim in self.claims for part in claim.parts]

    @property
    def unexpected(self) -> list[tuple[ClaimResult, PartResult]]:
        return [(claim, part) for claim, part in self.parts if not part.as_expected]

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def part_result(
    chosen: Chosen, evidence: Sequence[Evidence], state: State = "tried", leans_on: Mapping[str, Verdict] | None = None
) -> PartResult:
    """The judge's word on one part, beside what its author expected (which the judge does not see).

    ``leans_on``: the verdicts on what the part leans on, by name (see :class:`verify.dependencies.Judging`).
    """
    part = chosen.part
    judgement = judge(part.scope, evidence, (leans_on or {}).values())
    return PartResult(
        id=part.id,
        role=part.role,
        scope=part.scope,
        verdict=judgement.verdict,
        expected=part.expected,
        reasons=list(judgement.reasons),
        conflict=judgement.conflict,
        state=state,
        repair=part.repair,
        survives_as=part.survives_as,
        leans_on=dict(leans_on or {}),
        mutants=count_mutants(evidence),
        evidence=list(evidence),
    )


def count_mutants(evidence: Sequence[Evidence]) -> MutantCount:
    mutants = [e for e in evidence if isinstance(e, Mutants)]
    counts = {outcome.value: sum(m.count(outcome) for m in mutants) for outcome in Outcome}
    return MutantCount(**counts, all=sum(counts.values()))


def mutants_result(chosen: Chosen, evidence: Sequence[Evidence]) -> MutantsResult:
    failures = [_found(e) for e in evidence if isinstance(e, Failure)]
    outcomes = [mutant for e in evidence if isinstance(e, Mutants) for mutant in e.outcomes]
    spared = chosen.part.spared
    return MutantsResult(
        id=chosen.id,
        collection=chosen.collection.name,
        mutants=count_mutants(evidence),
        outcomes=outcomes,
        explained={m.name: spared[m.name].en for m in outcomes if m.name in spared},
        failure=failures[0] if failures else None,
    )


def claim_results(chosen: Iterable[Chosen], result_of: Callable[[Chosen], PartResult]) -> list[ClaimResult]:
    """The selected parts, grouped under their claims, each claim with its headline."""
    results = []
    for (collection, identifier), group in groupby(chosen, key=lambda c: (c.collection.name, c.claim.label)):
        members = list(group)
        claim = members[0].claim
        parts = [result_of(c) for c in members]
        by_id = {part.id: part.verdict for part in parts}
        verdicts = [PartVerdict(p.role, p.scope, by_id.get(p.id, Verdict.INCONCLUSIVE)) for p in claim.parts]
        complete = len(parts) == len(claim.parts)
        results.append(
            ClaimResult(
                id=identifier,
                collection=collection,
                label=label(identifier),
                verdict=headline(verdicts),
                only_empirical=complete and only_empirical(verdicts),
                complete=complete,
                parts=parts,
            )
        )
    return results


def run_result(info: RunInfo, claims: list[ClaimResult]) -> RunResult:
    """The result of a run; ``info.matrices`` is counted here, over all stress evidence."""
    return RunResult(run=info.model_copy(update={"matrices": count_matrices(claims)}), claims=claims)


def count_matrices(claims: Iterable[ClaimResult]) -> int:
    stress = (e for claim in claims for part in claim.parts for e in part.evidence if isinstance(e, Stress))
    return sum(e.matrices for e in stress)


# --- what the ledger knows ----------------------------------------------------------------------------------------


def known(ledger: Ledger, chosen: Sequence[Chosen]) -> list[ClaimResult]:
    """The last known result of every selected part, run or not."""
    records = ledger.parts()
    judging = Judging(lambda c: record.evidence if (record := known_part(records, c)[1]) else [])

    def result_of(c: Chosen) -> PartResult:
        state, record = known_part(records, c)
        return part_result(c, record.evidence if record else [], state, judging.under(c))

    return claim_results(chosen, result_of)


def known_part(records: dict[tuple[str, str, str], PartRecord], c: Chosen) -> tuple[State, PartRecord | None]:
    """The record of a part, if it speaks of the statement as it is now."""
    record = records.get((c.collection.name, c.claim.label, c.part.id))
    if record is None:
        return "not run", None
    return ("tried", record) if record.statement == c.part.statement.fingerprint else ("changed", None)


def last_run(ledger: Ledger) -> RunRecord | None:
    """The latest run that came to its end, or None."""
    return next((run for run in reversed(ledger.runs()) if run.finished is not None), None)


# --- one line -------------------------------------------------------------------------------------------------------


def summary(part: PartResult) -> str:
    if part.state != "tried":
        return (
            "not run yet" if part.state == "not run" else "the statement has changed since it was tried; run it again"
        )
    if part.conflict:
        return "CONFLICT: a proof beside something refuted, or a formula not of its source; the encoding is wrong"
    failures = [e for e in part.evidence if isinstance(e, Failure)]
    if part.reasons:
        reasons = [] if part.reasons == [Reason.FAILED] and failures else [reason.sentence for reason in part.reasons]
        return "; ".join([*reasons, *(_found(e) for e in failures[:1])])
    return "; ".join(filter(None, (_found(e) for e in _decisive(part)))) or part.verdict.sentence


def _decisive(part: PartResult) -> list[Evidence]:
    kinds = {
        Verdict.REFUTED: ("counterexample",),
        Verdict.ILL_POSED: ("typing",),
        Verdict.PROVED: ("proof",),
        Verdict.SUPPORTED: ("exact", "stress", "mutants"),
        Verdict.EMPIRICAL: ("measurement",),
        Verdict.CONTRADICTED: ("measurement",),
    }.get(part.verdict, ())
    found = [e for e in part.evidence if e.kind in kinds and (e.kind != "counterexample" or e.certified)]
    return found[:1] if part.verdict is Verdict.REFUTED else found


def _found(e: Any) -> str:
    match e.kind:
        case "counterexample":
            return f"left {e.certificate.left}, right {e.certificate.right} ({e.engine}; found by {e.found_by})"
        case "typing":
            return str(e.message)
        case "failure":
            return f"{e.check}: {e.cause}: {e.message}"
        case "proof":
            return f"{len(e.steps)} step{'s' if len(e.steps) != 1 else ''}, {e.covers}" + (
                f", using {', '.join(e.theorems)}" if e.theorems else ""
            )
        case "exact":
            return f"exact at {', '.join(e.sizes)}"
        case "stress":
            margin = "" if e.worst_margin is None else f", worst margin {e.worst_margin:.2g}"
            return f"{e.matrices} matrices{margin}"
        case "mutants":
            return f"{e.count(Outcome.KILLED)} of {len(e.outcomes)} mutants killed, {e.count(Outcome.IMPLIED)} implied"
        case "measurement":
            return f"held in {e.held} of {e.of} [{e.interval[0]:.2f}, {e.interval[1]:.2f}]"
    return ""
