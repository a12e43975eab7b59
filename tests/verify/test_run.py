from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import ClassVar

import pytest
import sample_collection
from sample_collection import Told, claim, typical

from verify import plan as plan_module
from verify.collection import Collection
from verify.context import Context, Profile
from verify.engines import Engine, EngineError
from verify.ledger import Ledger
from verify.model.claim import Check, Claim, Part, Text
from verify.model.evidence import Certificate, Counterexample, Evidence, Failure, Measurement, Mutants, Proof, Step
from verify.model.words import Verdict
from verify.plan import Described, Task, plan
from verify.results import RunResult
from verify.run import RunError, attempt, execute
from verify.select import Chosen, everything
from verify.trial import trial

CONTEXT = Context(profile=Profile.QUICK)
SAMPLE = everything({"sample": sample_collection.collection})
SURPRISING = everything({"surprising": sample_collection.surprising})


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "log"
    path.touch()
    monkeypatch.setenv("SAMPLE_LOG", str(path))
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def ran(log: Path) -> list[str]:
    return log.read_text().split()


def of(*parts: Part) -> list[Chosen]:
    title = Text(en="t", zh="t")
    return everything({"c": Collection(name="c", title=title, claims=(claim("lemma-9.1", *parts),))})


def one(check: Check, context: Context = CONTEXT) -> Task:
    return Task(Described(of(typical("p", check, expected=Verdict.EMPIRICAL))[0]), 0, check, context)


# --- a run -------------------------------------------------------------------------------------------------------


def test_a_run_judges_every_part(ledger: Ledger, log: Path) -> None:
    result, outcome = trial(SAMPLE, CONTEXT, ledger)
    assert [part.verdict for _, part in result.parts] == ["empirical", "empirical", "contradicted", "inconclusive"]
    assert [claim.verdict for claim in result.claims] == ["empirical", "contradicted", "inconclusive"]
    assert result.unexpected == []
    assert outcome.computed == 5
    assert ran(log) == ["held", "also-held", "also-held", "failed", "undecided"]
    assert [e.held for e in result.parts[1][1].evidence if isinstance(e, Measurement)] == [80, 85]


def test_a_second_run_recomputes_nothing_and_says_the_same(ledger: Ledger, log: Path) -> None:
    first, _ = trial(SAMPLE, CONTEXT, ledger)
    second, outcome = trial(SAMPLE, CONTEXT, ledger)
    assert outcome.computed == 0
    assert len(ran(log)) == 5
    assert second.claims == first.claims


def test_fresh_recomputes_everything(ledger: Ledger, log: Path) -> None:
    trial(SAMPLE, CONTEXT, ledger)
    _, outcome = trial(SAMPLE, CONTEXT, ledger, fresh=True)
    assert outcome.computed == 5
    assert len(ran(log)) == 10


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"profile": Profile.DEEP}, {"device": "cuda"}, {"budget_seconds": 1.0}]
)
def test_what_evidence_depends_on_is_in_its_fingerprint(change: dict[str, object]) -> None:
    for task, other in zip(plan(SAMPLE, CONTEXT), plan(SAMPLE, CONTEXT.model_copy(update=change)), strict=True):
        assert task.fingerprint() != other.fingerprint()


def test_workers_are_not_in_the_fingerprint() -> None:
    assert one(Told(held=9)).fingerprint() == one(Told(held=9), Context(profile=Profile.QUICK, workers=7)).fingerprint()


def test_parameters_versions_engine_and_source_are_in_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    base = one(Told(held=9)).fingerprint()
    assert one(Told(held=8)).fingerprint() != base
    for name, changed in (
        ("versions", lambda: {"python": "4"}),
        ("engine_fingerprint", lambda: "another engine"),
        ("source_of", lambda function: "another source"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(plan_module, name, changed)
            assert one(Told(held=9)).fingerprint() != base
    assert one(Told(held=9)).fingerprint() == base


def test_another_check_beside_it_is_in_the_fingerprint() -> None:
    alone, beside = Told(held=9), Told(held=8)
    assert (
        plan(of(typical("p", alone, expected=Verdict.EMPIRICAL)), CONTEXT)[0].fingerprint()
        != plan(of(typical("p", alone, beside, expected=Verdict.EMPIRICAL)), CONTEXT)[0].fingerprint()
    )


def test_what_the_author_expects_is_not_in_the_fingerprint() -> None:
    tasks = [
        plan(of(typical("p", Told(held=9), expected=v)), CONTEXT)[0]
        for v in (Verdict.EMPIRICAL, Verdict.REFUTED)
        if v is not Verdict.REFUTED
    ] + [plan(of(typical("p", Told(held=9), expected=Verdict.CONTRADICTED)), CONTEXT)[0]]
    assert tasks[0].fingerprint() == tasks[1].fingerprint()


# --- failures ------------------------------------------------------------------------------------------------------


def test_a_check_that_raises_is_a_failure_and_never_evidence(ledger: Ledger, log: Path) -> None:
    result, _ = trial(SURPRISING, CONTEXT, ledger)
    raises, nan, other = (part for _, part in result.parts)
    assert [(e.cause, e.check) for e in (*raises.evidence, *nan.evidence) if isinstance(e, Failure)] == [
        ("error", "Raises"),
        ("not a number", "NotANumber"),
    ]
    assert raises.verdict == nan.verdict == "inconclusive"
    assert "ArithmeticError: the sample raises" in raises.why
    assert other.verdict == "contradicted"
    assert {part.id for _, part in result.unexpected} == {"raises", "not-a-number", "other-verdict"}


def test_a_failure_is_tried_again(ledger: Ledger, log: Path) -> None:
    trial(SURPRISING, CONTEXT, ledger)
    _, outcome = trial(SURPRISING, CONTEXT, ledger)
    assert outcome.computed == 2
    assert ran(log) == ["raises", "not-a-number", "other-verdict", "raises", "not-a-number"]


def test_a_check_that_takes_too_long_is_ended(ledger: Ledger) -> None:
    start = time.monotonic()
    (failure,) = attempt(one(sample_collection.Sleeps(), CONTEXT.model_copy(update={"budget_seconds": 0.2})))
    assert time.monotonic() - start < 5
    assert isinstance(failure, Failure)
    assert failure.cause == "timeout"


class Patient(sample_collection.Sleeps):
    patience = 3


def test_a_patient_check_is_given_its_own_time(ledger: Ledger) -> None:
    """What fits into three times the limit is done; what does not is ended, and the time it had is named."""
    assert attempt(one(Patient(seconds=1.2), CONTEXT.model_copy(update={"budget_seconds": 1.0}))) == []
    (failure,) = attempt(one(Patient(), CONTEXT.model_copy(update={"budget_seconds": 0.2})))
    assert "took more than 0.6 s" in failure.model_dump_json()


class Answers(Check):
    kind: str

    def run(self, part: Part, context: Context) -> list[Evidence]:
        if self.kind == "timeout":
            raise TimeoutError
        answers = {"none": None, "text": "evidence", "items": ["evidence"], "nothing": []}
        return answers[self.kind]  # type: ignore[return-value]


@pytest.mark.parametrize(
    "kind, cause", [("none", "error"), ("items", "error"), ("text", "error"), ("timeout", "timeout")]
)
def test_an_answer_that_is_no_evidence_is_a_failure(kind: str, cause: str) -> None:
    (failure,) = attempt(one(Answers(kind=kind)))
    assert isinstance(failure, Failure)
    assert failure.cause == cause
    assert failure.message


def test_no_evidence_is_a_lawful_answer(ledger: Ledger) -> None:
    chosen = of(typical("p", Answers(kind="nothing"), expected=Verdict.INCONCLUSIVE))
    result, _ = trial(chosen, CONTEXT, ledger)
    assert result.parts[0][1].reasons == ["no check"]
    _, again = trial(chosen, CONTEXT, ledger)
    assert again.computed == 0


def test_an_interruption_loses_nothing_that_was_found(
    ledger: Ledger, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(task: Task) -> None:
        if task.chosen.part.id == "failed":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(plan(SAMPLE, CONTEXT), ledger, progress=stop)
    assert len(ran(log)) == 4
    _, outcome = trial(SAMPLE, CONTEXT, ledger)
    assert outcome.computed == 1
    assert len(ran(log)) == 5


# --- checks that read evidence ---------------------------------------------------------------------------------------

CERTIFICATE = Certificate(statement="s", values={}, left="1", right="0", engine="exact")


class Finds(Check):
    certified: bool
    proof: bool = False

    def run(self, part: Part, context: Context) -> list[Evidence]:
        proof = Proof(engine="p", steps=[Step(name="s", tex="t", by="u")])
        found = Counterexample(
            engine="exact",
            certified=self.certified,
            certificate=CERTIFICATE,
            found_by="f",
            seconds=time.perf_counter() % 1,
        )
        return [proof] if self.proof else [found]


class Reads(Check):
    """Says what it was given to read, by kind."""

    def run(self, part: Part, context: Context, evidence: list[Evidence] | None = None) -> list[Evidence]:
        sample_collection.noted("read")
        return [Mutants(engine="+".join(e.kind for e in evidence or []) or "nothing", outcomes=[])]


@pytest.mark.parametrize(
    "before, read",
    [
        (Finds(certified=True), "counterexample"),
        (Finds(certified=False), "nothing"),
        (Finds(certified=False, proof=True), "proof"),
        (Told(held=9), "nothing"),
    ],
)
def test_a_check_reads_the_decisive_evidence_of_those_before_and_behind_it(
    ledger: Ledger, before: Check, read: str, log: Path
) -> None:
    for checks in ((before, Reads()), (Reads(), before)):
        chosen = of(typical("p", *checks, expected=Verdict.EMPIRICAL))
        outcome = execute(plan(chosen, CONTEXT), ledger, fresh=True)
        assert [e.engine for e in outcome.of(chosen[0]) if isinstance(e, Mutants)] == [read]


def test_a_part_is_complete_and_recorded_before_the_next_is_begun(ledger: Ledger, log: Path) -> None:
    chosen = of(*(typical(name, Told(held=9), Reads(), expected=Verdict.EMPIRICAL) for name in ("one", "two")))
    recorded: list[int] = []
    run = ledger.start_run("quick", 0, "cpu", {})
    execute(plan(chosen, CONTEXT), ledger, run=run, progress=lambda task: recorded.append(len(ledger.parts())))
    assert ran(log) == ["one", "read", "two", "read"]
    assert recorded == [0, 1, 1, 2]


def test_what_was_read_is_in_the_fingerprint_but_for_its_time(ledger: Ledger, log: Path) -> None:
    refuted = of(typical("p", Finds(certified=True), Reads(), expected=Verdict.EMPIRICAL))
    execute(plan(refuted, CONTEXT), ledger)
    assert execute(plan(refuted, CONTEXT), ledger).computed == 0
    finds, reads = plan(refuted, CONTEXT)
    found = finds.run([])
    assert reads.fingerprint(found) == reads.fingerprint(finds.run([]))
    assert reads.fingerprint(found) != reads.fingerprint()
    assert ran(log).count("read") == 1


def test_a_reader_alone_on_its_part_is_run_with_what_was_known_before(ledger: Ledger) -> None:
    chosen = of(typical("p", Reads(), expected=Verdict.EMPIRICAL))
    assert [e.engine for e in execute(plan(chosen, CONTEXT), ledger).of(chosen[0])] == ["nothing"]
    prior = {("c", "lemma-9.1", "p"): attempt(one(Finds(certified=True)))}
    assert [e.engine for e in execute(plan(chosen, CONTEXT), ledger, prior=prior).of(chosen[0])] == ["counterexample"]


# --- engines -----------------------------------------------------------------------------------------------------


def without_times(result: RunResult) -> object:
    def strip(value: object) -> object:
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k != "seconds"}
        return [strip(v) for v in value] if isinstance(value, list) else value

    return strip(json.loads(result.to_json()))


def test_two_runs_with_one_seed_differ_in_times_only(tmp_path: Path) -> None:
    results = []
    for name in "ab":
        with Ledger(tmp_path / name) as ledger:
            results.append(trial(SAMPLE, CONTEXT, ledger)[0])
    assert without_times(results[0]) == without_times(results[1])
    assert results[0] != results[1]  # the times do differ, so the comparison above took something away


@pytest.mark.slow
def test_processes_find_what_one_process_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    monkeypatch.setenv("VERIFY_COLLECTIONS", "sample_collection:collection")
    results = []
    for engine in ("local", "processes"):
        with Ledger(tmp_path / engine) as ledger:
            result, outcome = trial(SAMPLE, CONTEXT, ledger, engine=engine)
            assert outcome.computed == 5
            results.append(without_times(result))
    assert results[0] == results[1]
    assert len(ran(log)) == 10


@pytest.mark.slow
def test_a_worker_that_dies_is_an_error_and_not_a_verdict(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_COLLECTIONS", "sample_collection:deadly")
    with pytest.raises(RunError, match="ended without an answer"):
        trial(everything({"deadly": sample_collection.deadly}), CONTEXT, ledger, engine="processes")
    assert ledger.parts() == {}


@pytest.mark.parametrize("name", ["dusk=tcp://x", "dask", "dask=", "threads", ""])
def test_an_unknown_engine_is_refused(ledger: Ledger, name: str) -> None:
    with pytest.raises(EngineError, match="local, processes or dask=ADDRESS"):
        trial(SAMPLE, CONTEXT, ledger, engine=name)


def test_dask_without_the_extra_says_which_to_install(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(EngineError, match=r"verify-claims\[distributed\]"):
        trial(SAMPLE, CONTEXT, ledger, engine="dask=tcp://127.0.0.1:1")


def test_a_claim_is_a_claim() -> None:
    assert isinstance(claim("lemma-9.1", typical("p", Told(held=1), expected=Verdict.EMPIRICAL)), Claim)


# --- checks that share work -----------------------------------------------------------------------------------

ALONE = threading.Lock()
TOGETHER = threading.Barrier(2)


class Shares(Check):
    """Fails where another of its kind is running."""

    shares_work: ClassVar[bool] = True

    def run(self, part: Part, context: Context) -> list[Evidence]:
        if not ALONE.acquire(blocking=False):
            raise RuntimeError("two at a time")
        try:
            if part.id == "first":
                TOGETHER.wait(timeout=30)  # another check runs meanwhile, or this one fails
        finally:
            ALONE.release()
        return Told(held=90).run(part, context)


class Meets(Told):
    def run(self, part: Part, context: Context) -> list[Evidence]:
        TOGETHER.wait(timeout=30)
        return super().run(part, context)


def test_checks_that_share_work_run_one_at_a_time_and_others_meanwhile(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"first": Shares(), "second": Shares(), "third": Shares(), "other": Meets(held=90)}
    parts = of(*(typical(name, check, expected=Verdict.EMPIRICAL) for name, check in names.items()))
    with ThreadPoolExecutor(2) as executor:
        two = Engine(executor, slots=2, remote=False)
        monkeypatch.setattr("verify.run.open_engine", lambda engine, workers: nullcontext(two))
        result, _ = trial(parts, CONTEXT, ledger)
    assert [part.verdict for _, part in result.parts] == [Verdict.EMPIRICAL] * 4
