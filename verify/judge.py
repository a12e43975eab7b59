"""Evidence to verdict: one table, pure and total.

The judge sees the scope of a part, its evidence and the verdicts on what it leans on, nothing else: not what the author
expected, not what the part says, not the order in which the evidence came. A failure, a NaN or a timeout is never
evidence for anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from verify.model.evidence import (
    Attribution,
    Counterexample,
    Evidence,
    Exact,
    Failure,
    Illustration,
    Measurement,
    Mutants,
    Proof,
    Stress,
    Typing,
    Witness,
)
from verify.model.words import Outcome, Reason, Role, Scope, Verdict


class Judgement(NamedTuple):
    """``conflict`` marks a proof beside a certified counterexample or a typing error, or one that stands on something
    refuted, or a formula that its source does not state: an error of the encoding."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    conflict: bool = False


@dataclass(frozen=True)
class Facts:
    """What the evidence amounts to, as independent yes/no answers. The table below reads these and nothing else."""

    scope: Scope
    refuted: bool
    uncertified: bool
    ill_typed: bool
    proved: bool
    witnessed: bool
    tried: bool
    covered: bool
    decided: bool
    mutant_survives: bool
    mutant_killed: bool
    failed: bool
    measured: bool
    measured_holds: bool
    measured_fails: bool
    any_evidence: bool
    misattributed: bool
    grounded: bool
    undermined: bool
    shaky: bool


FALLEN = (Verdict.REFUTED, Verdict.ILL_POSED, Verdict.CONTRADICTED)


def gather(scope: Scope, evidence: Iterable[Evidence], leans_on: Iterable[Verdict] = ()) -> Facts:
    items, under = list(evidence), list(leans_on)

    def of(kind: type) -> list[Evidence]:
        return [e for e in items if isinstance(e, kind)]

    stress = [e for e in items if isinstance(e, Stress)]
    mutants = [e for e in items if isinstance(e, Mutants)]
    measurements = [e for e in items if isinstance(e, Measurement)]
    counterexamples = [e for e in items if isinstance(e, Counterexample)]
    witnesses = [e for e in items if isinstance(e, Witness)]
    held = [m.of > 0 and m.interval[0] > m.threshold for m in measurements]
    failed_to_hold = [m.of > 0 and m.interval[1] < m.threshold for m in measurements]
    return Facts(
        scope=scope,
        refuted=any(c.certified for c in counterexamples),
        uncertified=any(not c.certified for c in counterexamples),
        ill_typed=bool(of(Typing)),
        proved=bool(of(Proof)),
        witnessed=bool(witnesses) and all(w.holds for w in witnesses),
        tried=any(s.matrices > 0 for s in stress) or bool(of(Exact)),
        covered=all(count > 0 for s in stress for count in s.classes.values()),
        decided=all(s.undecided == 0 and s.not_finite == 0 for s in stress),
        mutant_survives=any(m.count(Outcome.SURVIVING) for m in mutants),
        mutant_killed=any(m.count(Outcome.KILLED) for m in mutants),
        failed=bool(of(Failure)),
        measured=bool(measurements),
        measured_holds=bool(held) and all(held),
        measured_fails=any(failed_to_hold),
        any_evidence=any(not isinstance(e, (Attribution, Illustration)) for e in items),
        misattributed=any(isinstance(e, Attribution) and not e.agrees for e in items),
        grounded=all(v is Verdict.PROVED for v in under),
        undermined=any(v in FALLEN for v in under),
        shaky=any(v not in (Verdict.PROVED, Verdict.SUPPORTED, *FALLEN) for v in under),
    )


class Row(NamedTuple):
    """First match wins. ``when`` reads facts; ``gives`` is the verdict, ``reasons`` names what stands in the way."""

    name: str
    when: Callable[[Facts], bool]
    gives: Verdict
    reasons: tuple[Reason, ...] = ()


def universal(f: Facts) -> bool:
    return f.scope is Scope.UNIVERSAL


def _proved(f: Facts) -> bool:
    return universal(f) and f.proved


INCONCLUSIVE = Verdict.INCONCLUSIVE

TABLE: tuple[Row, ...] = (
    Row("certified counterexample", lambda f: universal(f) and f.refuted, Verdict.REFUTED),
    Row("does not type-check", lambda f: f.ill_typed, Verdict.ILL_POSED),
    Row("no evidence at all", lambda f: not f.any_evidence, INCONCLUSIVE, (Reason.NO_CHECK,)),
    # universal
    Row("no valid witness", lambda f: universal(f) and not f.witnessed, INCONCLUSIVE, (Reason.NO_WITNESS,)),
    Row("uncertified counterexample", lambda f: universal(f) and f.uncertified, INCONCLUSIVE, (Reason.UNCERTIFIED,)),
    Row("proof on fallen ground", lambda f: _proved(f) and f.undermined, INCONCLUSIVE, (Reason.FOUNDATION_FALLEN,)),
    Row("proof on open ground", lambda f: _proved(f) and f.shaky, INCONCLUSIVE, (Reason.FOUNDATION_OPEN,)),
    Row("proof on ground not proved", lambda f: _proved(f) and not f.grounded, Verdict.SUPPORTED, (Reason.FOUNDATION,)),
    Row("proof for all sizes", lambda f: _proved(f), Verdict.PROVED),
    Row("a check failed", lambda f: universal(f) and f.failed, INCONCLUSIVE, (Reason.FAILED,)),
    Row("nothing tried", lambda f: universal(f) and not f.tried, INCONCLUSIVE, (Reason.NO_CHECK,)),
    Row("class not visited", lambda f: universal(f) and not f.covered, INCONCLUSIVE, (Reason.NOT_COVERED,)),
    Row("undecided suspects", lambda f: universal(f) and not f.decided, INCONCLUSIVE, (Reason.PRECISION,)),
    Row("mutant survives", lambda f: universal(f) and f.mutant_survives, INCONCLUSIVE, (Reason.MUTANT_SURVIVES,)),
    Row("no mutant killed", lambda f: universal(f) and not f.mutant_killed, INCONCLUSIVE, (Reason.NO_MUTANT_KILLED,)),
    Row("survived the search", universal, Verdict.SUPPORTED),
    # typical
    Row("measured, did not hold", lambda f: f.measured_fails, Verdict.CONTRADICTED),
    Row("a measurement failed", lambda f: f.failed, INCONCLUSIVE, (Reason.FAILED,)),
    Row("not measured", lambda f: not f.measured, INCONCLUSIVE, (Reason.WRONG_SCOPE,)),
    Row("measured, held", lambda f: f.measured_holds, Verdict.EMPIRICAL),
    Row("interval includes threshold", lambda f: True, INCONCLUSIVE, (Reason.NOT_DECISIVE,)),
)


def judge(scope: Scope, evidence: Iterable[Evidence], leans_on: Iterable[Verdict] = ()) -> Judgement:
    """The verdict on one part; ``leans_on`` are those on what its proof stands on. Total: the last row matches all."""
    facts = gather(scope, evidence, leans_on)
    row = next(row for row in TABLE if row.when(facts))
    conflict = facts.misattributed or (facts.proved and (facts.refuted or facts.ill_typed or facts.undermined))
    return Judgement(row.gives, row.reasons, conflict)


class PartVerdict(NamedTuple):
    role: Role
    scope: Scope
    verdict: Verdict


def headline(parts: Sequence[PartVerdict]) -> Verdict:
    """The worst verdict among the main parts; inconclusive where there is none."""
    main = [p.verdict for p in parts if p.role is Role.MAIN]
    return min(main, key=lambda v: v.badness, default=Verdict.INCONCLUSIVE)


def only_empirical(parts: Sequence[PartVerdict]) -> bool:
    """Whether every universal main part is refuted or ill-posed, or there is none, and an empirical part remains."""
    universal_main = [p.verdict for p in parts if p.role is Role.MAIN and p.scope is Scope.UNIVERSAL]
    fallen = all(v in (Verdict.REFUTED, Verdict.ILL_POSED) for v in universal_main)
    return fallen and any(p.verdict is Verdict.EMPIRICAL for p in parts)
