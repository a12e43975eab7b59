"""The checks that claims name: search, given counterexample, proof, measurement; and those that every part gets.

A check returns evidence or nothing; it never returns a verdict. Heavy imports happen inside ``run``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from pydantic import Field

from verify.context import Context
from verify.model.claim import Check, Part, plain
from verify.model.evidence import (
    Attribution,
    Counterexample,
    Curves,
    Evidence,
    Failure,
    Illustration,
    Measurement,
    Mutants,
    Proof,
    Typing,
    Value,
    Witness,
)
from verify.model.record import Record
from verify.model.words import Scope


def ill_typed(part: Part) -> list[str]:
    """What the strict reader of sizes says against the statement; other checks do not run on such a part."""
    from verify.formula import typing

    return typing.check(part.statement)


class Search(Check):
    """Looks for a counterexample: structured families, recipes drawn by hypothesis, gradient ascent.

    ``excludes`` names coverage classes that cannot occur here, each with the reason; ``classes`` of the part adds some.
    """

    needs_torch: ClassVar[bool] = True
    excludes: Mapping[str, str] = Field(default_factory=dict)
    gradient: bool = True

    def run(self, part: Part, context: Context) -> list[Evidence]:
        from verify.stress.search import BESIDE_A_PROOF, EFFORT, search

        if ill_typed(part):
            return []
        # A proof that fails leaves the part undecided, so the lighter search never carries a verdict by itself.
        efforts = BESIDE_A_PROOF if any(isinstance(check, Prove) for check in part.checks) else EFFORT
        found = search(
            part.statement,
            context=context,
            classes=part.classes,
            excludes=tuple(self.excludes),
            gradient=self.gradient,
            effort=efforts[context.profile],
        )
        return [found.stress, *([found.counterexample] if found.counterexample else [])]


class Counter(Check):
    """A counterexample given by the author; believed only if it can be certified."""

    values: Mapping[str, Value]
    origin: str = "the author"

    def run(self, part: Part, context: Context) -> list[Evidence]:
        from verify.certify import Refusal, certify

        start = time.perf_counter()
        result = certify(part.statement, self.values)
        if isinstance(result, Refusal):
            message = f"the given counterexample was refused: {result.reason}"
            return [Failure(engine="certify", check="Counter", cause="error", message=message)]
        seconds = time.perf_counter() - start
        return [
            Counterexample(
                engine=result.engine, seconds=seconds, certified=True, certificate=result, found_by=self.origin
            )
        ]


class Prove(Check):
    """A proof with symbolic sizes, checked line by line against the statement."""

    derivation: Any

    def run(self, part: Part, context: Context) -> list[Evidence]:
        from verify.proof.errors import ProofError
        from verify.proof.lines import check

        if ill_typed(part):
            return []
        start = time.perf_counter()
        try:
            steps, theorems = check(self.derivation, part.statement)
        except ProofError as error:
            return [Failure(engine="proof", check="Prove", cause="error", message=str(error))]
        seconds = time.perf_counter() - start
        return [Proof(engine="proof checker", seconds=seconds, steps=steps, theorems=theorems)]


class Measure(Check):
    """A measurement on trained networks. The quantity and the threshold are declared here, before anything is measured.

    ``function(context)`` returns the counts; the interval and the comparison are not its business.
    """

    needs_torch: ClassVar[bool] = True
    shares_work: ClassVar[bool] = True
    # The first run on a machine trains the networks; one old core takes longer than the 15 minutes of other checks.
    patience: ClassVar[int] = 4
    function: Callable[[Context], Any]
    quantity: str
    threshold: float = Field(ge=0, le=1)

    def run(self, part: Part, context: Context) -> list[Evidence]:
        from verify.statistics import wilson

        start = time.perf_counter()
        counts = self.function(context)
        interval = wilson(counts.held, counts.of)
        return [
            Measurement(
                engine="torch",
                seconds=time.perf_counter() - start,
                quantity=self.quantity,
                held=counts.held,
                of=counts.of,
                interval=interval,
                threshold=self.threshold,
                null=counts.null,
                networks=counts.networks,
                figures=counts.figures,
                note=counts.note,
                curves=tuple(counts.curves),
            )
        ]


class Illustrate(Check):
    """Curves to look at beside a part, from formulas. They are given whole, so that nothing can fail in a run."""

    can_decide: ClassVar[bool] = False
    curves: tuple[Curves, ...] = Field(min_length=1)

    def run(self, part: Part, context: Context) -> list[Evidence]:
        return [Illustration(engine="formulas", curves=self.curves)]


class Attributed(Check):
    """Is ``formula`` what the source states? Compared with the frozen record, as printed.

    Stands beside a statement that relates the text's formula to the source's: the statement is judged as any other,
    and this check keeps it from being judged against a formula that the source does not contain: a difference is
    a conflict.
    """

    record: str
    formula: Any
    records: Mapping[str, Record] = Field(repr=False)

    def describe(self) -> dict[str, Any]:
        return {"record": plain(self.records.get(self.record)), "formula": plain(self.formula)}

    def run(self, part: Part, context: Context) -> list[Evidence]:
        from verify.formula.printing import tex

        record = self.records.get(self.record)
        if record is None:
            message = f"there is no record {self.record!r}; add it or correct the name"
            return [Failure(engine="record", check="Attributed", cause="error", message=message)]
        printed = tex(self.formula)
        message = ""
        if printed != record.formula:
            message = f"record {record.key} states {record.formula}, and the formula is {printed}"
        elif not any(self._occurs(formula) for formula in part.says):
            message = f"the formula of record {record.key} does not occur in what the part says"
        return [
            Attribution(
                engine="record",
                record=record.key,
                **record.model_dump(exclude={"key", "states_en", "states_zh"}),
                agrees=not message,
                message=message,
            )
        ]

    def _occurs(self, said: Any) -> bool:
        return bool(said == self.formula or said.has(self.formula))


class WitnessCheck(Check):
    """Every universal part: is it well-typed, and does its witness satisfy every hypothesis?

    A witness at which the conclusion certainly fails is a counterexample like any other.
    """

    def run(self, part: Part, context: Context) -> list[Evidence]:
        from verify.certify import certify, hypotheses_hold
        from verify.formula.assignment import Assignment
        from verify.formula.decide import Truth
        from verify.formula.vocabulary import FormulaError
        from verify.model.evidence import Certificate

        if part.scope is not Scope.UNIVERSAL or part.witness is None:
            return []
        start = time.perf_counter()
        messages = ill_typed(part)
        if messages:
            return [Typing(engine="typing", message=message) for message in messages]
        try:
            assignment = Assignment.of(part.statement, part.witness)
        except FormulaError as error:
            return [Witness(engine="exact", holds=False, message=str(error))]
        decision = hypotheses_hold(part.statement, assignment)
        holds = decision.truth is Truth.TRUE
        seconds = time.perf_counter() - start
        out: list[Evidence] = [
            Witness(engine=decision.engine, seconds=seconds, holds=holds, message="" if holds else decision.reason)
        ]
        broken = certify(part.statement, part.witness) if holds else None
        if isinstance(broken, Certificate):
            out.append(Counterexample(engine=broken.engine, certified=True, certificate=broken, found_by="the witness"))
        return out


class MutantsCheck(Check):
    """False variants of a part, to see whether its search can tell them from it. See :mod:`verify.mutants`."""

    needs_torch: ClassVar[bool] = True

    def run(self, part: Part, context: Context, evidence: Sequence[Evidence] = ()) -> list[Evidence]:
        from verify.mutants import try_mutants

        searches = [check for check in part.checks if isinstance(check, Search)]
        refuted = any(isinstance(e, Counterexample) and e.certified for e in evidence)
        if part.scope is not Scope.UNIVERSAL or not searches or refuted or ill_typed(part):
            return []
        start = time.perf_counter()
        outcomes = try_mutants(part, context)
        return [Mutants(engine="mutation", seconds=time.perf_counter() - start, outcomes=outcomes)]
