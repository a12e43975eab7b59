"""What a page shows, as plain immutable data: claims, parts and verdicts joined with their evidence. No markup here.

Verdicts come from ``verify.judge`` alone; a part without evidence has none, and is shown as not run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from verify.collection import Collection
from verify.context import Context
from verify.judge import Judgement, PartVerdict, headline, judge, only_empirical
from verify.labels import label
from verify.ledger import RunRecord
from verify.model.claim import Claim, Part
from verify.model.evidence import Counterexample, Evidence, Proof, Stress
from verify.model.words import Kind, Role, Verdict, Word
from verify.report.source import Records


class NotRun(Word):
    """Stands where a verdict would: the judge has seen nothing."""

    NOT_RUN = "not run", "Not put on trial yet, or changed since it was."


State = Verdict | NotRun
STATES: tuple[State, ...] = (*Verdict, *NotRun)
WRONG = (Verdict.REFUTED, Verdict.ILL_POSED)
LADDER = (
    "proof",
    "exact",
    "stress",
    "mutants",
    "measurement",
    "illustration",
    "typing",
    "attribution",
    "witness",
    "failure",
)
"""Kinds of evidence from the strongest rung down; certified counterexamples stand above the ladder."""


@dataclass(frozen=True)
class PartView:
    claim: Claim
    part: Part
    evidence: tuple[Evidence, ...]
    run: RunRecord | None
    outdated: bool
    leans_on: Mapping[str, Verdict] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        return f"{self.claim.label}/{self.part.id}"

    @cached_property
    def judgement(self) -> Judgement | None:
        return self._judged if self.run is not None else None

    @cached_property
    def _judged(self) -> Judgement:
        return judge(self.part.scope, self.evidence, self.leans_on.values())

    @property
    def weighed(self) -> PartVerdict:
        """As a headline weighs it: a part that was not run as the judge weighs no evidence, inconclusive."""
        return PartVerdict(self.part.role, self.part.scope, self._judged.verdict)

    @property
    def state(self) -> State:
        return self.judgement.verdict if self.judgement else NotRun.NOT_RUN

    @property
    def is_wrong(self) -> bool:
        return self.state in WRONG

    @property
    def is_unexpected(self) -> bool:
        return self.judgement is not None and self.judgement.verdict is not self.part.expected

    @cached_property
    def broken(self) -> tuple[Counterexample, ...]:
        """Certified counterexamples; only one whose certificate names this very statement is read out on the page."""
        return tuple(e for e in self.evidence if isinstance(e, Counterexample) and e.certified)

    @cached_property
    def rungs(self) -> tuple[Evidence, ...]:
        """Evidence but the counterexamples; with one of those, which meets the hypotheses too, no witness is needed."""
        rest = [
            e for e in self.evidence if e not in self.broken and not (self.broken and e.kind == "witness" and e.holds)
        ]
        return tuple(sorted(rest, key=lambda e: LADDER.index(e.kind) if e.kind in LADDER else len(LADDER)))

    @property
    def rests_on_search(self) -> bool:
        """Whether searches and mutants are what a reader must weigh: nothing stronger decides the part."""
        return self.state not in (Verdict.PROVED, *WRONG)

    @property
    def stands_open(self) -> bool:
        """Whether its formulas are set out in full: main parts, but for what stands beside one that it corrects.

        Others stand on a line.
        """
        main = {p.id for p in self.claim.parts if p.role is Role.MAIN}
        return self.part.id in main and not main.intersection(self.repairs)

    @property
    def repairs(self) -> tuple[str, ...]:
        """Ids of the parts that this one corrects."""
        return tuple(p.id for p in self.claim.parts if p.repair == self.part.id)

    @property
    def remains_of(self) -> tuple[str, ...]:
        """Ids of the parts of which this one is what survives."""
        return tuple(p.id for p in self.claim.parts if p.survives_as == self.part.id)

    @property
    def commands(self) -> tuple[str, ...]:
        """What a reader types to see it again: the part tried afresh, and its certificates checked alone.

        Options that have their default values are left out.
        """
        if self.run is None:
            return (f"verify run {self.id}",)
        usual = Context()
        profile = "" if self.run.profile == usual.profile else f" --profile {self.run.profile}"
        seed = "" if self.run.seed == usual.seed else f" --seed {self.run.seed}"
        again = f"verify run {self.id}{profile}{seed} --fresh"
        return (again, f"verify replay {self.id}") if self.broken else (again,)


@dataclass(frozen=True)
class ClaimView:
    claim: Claim
    parts: tuple[PartView, ...]

    @property
    def id(self) -> str:
        return self.claim.label

    @cached_property
    def label(self) -> dict[str, str]:
        return label(self.claim.label, self.claim.title.zh)

    def part(self, part_id: str) -> PartView:
        return next(p for p in self.parts if p.part.id == part_id)

    @property
    def judged(self) -> dict[str, Judgement]:
        return {p.part.id: p.judgement for p in self.parts if p.judgement is not None}

    @cached_property
    def state(self) -> State:
        if not self.judged:
            return NotRun.NOT_RUN
        return headline(self._verdicts)

    @cached_property
    def only_empirical(self) -> bool:
        return only_empirical(self._verdicts)

    @property
    def bad_caveats(self) -> int:
        """Caveats that do not stand; a repair or a survivor that stands is none of them."""
        return sum(p.part.role is Role.CAVEAT and p.judgement is not None and not p.judgement.verdict.is_good
                   for p in self.parts)  # fmt: skip

    @property
    def _verdicts(self) -> list[PartVerdict]:
        return [p.weighed for p in self.parts]


class Leant(NamedTuple):
    """What a part leans on: its name, where it stands if a page has it, and the verdict on it."""

    name: str
    href: str
    verdict: Verdict


@dataclass(frozen=True)
class Group:
    """Claims of one subsection, in the order of the text."""

    section: str
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True)
class Page:
    collection: Collection
    records: Records
    claims: tuple[ClaimView, ...]

    @property
    def parts(self) -> Iterable[PartView]:
        return (p for c in self.claims for p in c.parts)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        sections = dict.fromkeys(c.claim.section for c in self.claims)
        return tuple(Group(s, tuple(c for c in self.claims if c.claim.section == s)) for s in sections)

    @cached_property
    def claim_counts(self) -> Counter[State]:
        return Counter(c.state for c in self.claims)

    @cached_property
    def part_counts(self) -> Counter[State]:
        return Counter(p.state for p in self.parts)

    @property
    def states(self) -> tuple[State, ...]:
        """All states, worst first; "not run" only where it occurs."""
        return tuple(s for s in STATES if s is not NotRun.NOT_RUN or self.part_counts[s])

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of claims that occur, in the order of the vocabulary."""
        return tuple(kind for kind in Kind if any(c.claim.kind is kind for c in self.claims))

    @cached_property
    def theorems(self) -> dict[str, int]:
        """The named theorems that proofs rest on, numbered from 1 in the order in which they are met."""
        proofs = (e for p in self.parts for e in p.evidence if isinstance(e, Proof))
        return {name: number for number, name in enumerate(dict.fromkeys(t for e in proofs for t in e.theorems), 1)}

    def numbers(self, proof: Proof) -> list[int]:
        """Those of the theorems that a proof rests on."""
        return sorted(self.theorems[name] for name in proof.theorems)

    @cached_property
    def margins(self) -> tuple[float, ...]:
        """The smallest margin of every search."""
        searches = (e for p in self.parts for e in p.evidence if isinstance(e, Stress))
        return tuple(e.worst_margin for e in searches if e.worst_margin is not None)

    def claim_of(self, part: PartView) -> ClaimView:
        return next(c for c in self.claims if c.id == part.claim.label)

    def leant(self, part: PartView, written: Iterable[str] = ()) -> list[Leant]:
        """What a part leans on, in the order of the proof; parts of one claim of another collection together.

        ``written`` are the collections whose pages stand beside this one.
        """
        together: dict[tuple[str, Verdict], list[str]] = {}
        for name, verdict in part.leans_on.items():
            claim, _, own = name.rpartition("/")
            here = self._place_of(name)
            together.setdefault((here or claim, verdict), []).extend([] if here else [own])
        out = []
        for (claim, verdict), parts in together.items():
            collection, _, place = claim.rpartition(":")
            page = "#" if not collection else f"{collection}.html#" if collection in written else ""
            target = "/".join([place, *parts]) if len(parts) == 1 else place
            out.append(Leant("/".join(filter(None, [claim, ", ".join(parts)])), page and page + target, verdict))
        return out

    def _place_of(self, name: str) -> str:
        """``CLAIM/PART`` where the part ``collection:claim/part`` is on this page, else nothing."""
        collection, _, place = name.partition(":")
        return place if collection == self.collection.name else ""

    # --- what is not green ------------------------------------------------------------------------------------

    @property
    def conflicts(self) -> list[PartView]:
        return [p for p in self.parts if p.judgement is not None and p.judgement.conflict]

    @property
    def to_correct(self) -> list[PartView]:
        return [p for p in self.parts if p.part.role is Role.MAIN and p.is_wrong]

    @property
    def only_observed(self) -> list[ClaimView]:
        return [c for c in self.claims if c.only_empirical]

    @property
    def also_open(self) -> list[PartView]:
        """Main parts that do not stand for another reason, then caveats that do not stand."""
        main = [p for p in self.parts if p.part.role is Role.MAIN and not p.is_wrong and not _stands(p)]
        return main + [p for p in self.parts if p.part.role is Role.CAVEAT and not _stands(p)]


def _stands(part: PartView) -> bool:
    return part.judgement is not None and part.judgement.verdict.is_good


def page(collection: Collection, records: Records) -> Page:
    return Page(collection, records, tuple(_claim(claim, records) for claim in collection.claims))


def _claim(claim: Claim, records: Records) -> ClaimView:
    return ClaimView(claim, tuple(_part(claim, part, records) for part in claim.parts))


def _part(claim: Claim, part: Part, records: Records) -> PartView:
    name = f"{claim.label}/{part.id}"
    record = records.parts.get(name)
    evidence = tuple(record.evidence) if record else ()
    return PartView(
        claim,
        part,
        evidence,
        records.run_of(record) if record else None,
        name in records.outdated,
        records.leans_on.get(name, {}),
    )


def slug(state: State) -> str:
    """The state as part of a class name."""
    return str(state).replace(" ", "-")
