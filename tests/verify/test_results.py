from __future__ import annotations

from pathlib import Path

import pytest
import sample_collection
from sample_collection import Told, claim, typical

from verify.collection import Collection
from verify.junit import junit
from verify.ledger import Ledger
from verify.model.claim import Text
from verify.model.evidence import (
    Certificate,
    Counterexample,
    Evidence,
    Failure,
    Measurement,
    Mutant,
    Mutants,
    Proof,
    Step,
    Stress,
    Typing,
    Witness,
)
from verify.model.words import Outcome, Role, Scope, Verdict
from verify.results import (
    ClaimResult,
    PartResult,
    RunInfo,
    RunResult,
    claim_results,
    known,
    last_run,
    part_result,
    run_result,
)
from verify.select import Chosen, everything, select

SAMPLE = everything({"sample": sample_collection.collection})
CERTIFICATE = Certificate(statement="s", values={"W": [["1"]]}, left="2", right="1", engine="exact")
STRESS = Stress(engine="torch", matrices=40, classes={"a": 1}, worst_margin=0.5)
MUTANTS = Mutants(
    engine="mutation",
    outcomes=[
        Mutant(name="k", tex="", outcome=Outcome.KILLED, reason="r", certificate=CERTIFICATE),
        Mutant(name="i", tex="", outcome=Outcome.IMPLIED, reason="r"),
    ],
)


def told(share: float) -> Measurement:
    interval = (share - 0.1, share + 0.1)
    return Measurement(engine="t", quantity="q", held=int(10 * share), of=10, interval=interval, threshold=0.5)


def result(verdict: Verdict, *evidence: Evidence, **more: object) -> PartResult:
    fields = {"id": "p", "role": Role.MAIN, "scope": Scope.UNIVERSAL, "expected": verdict, "evidence": list(evidence)}
    return PartResult.model_validate({**fields, "verdict": verdict, **more})


def run_of(chosen: list[Chosen], evidence: list[Evidence]) -> RunResult:
    info = RunInfo(profile="quick", seed=0, device="cpu", seconds=1.0, matrices=0, versions={})
    return run_result(info, claim_results(chosen, lambda c: part_result(c, evidence)))


def test_json_has_the_fields_of_the_contract() -> None:
    data = run_of(SAMPLE, [told(0.9)]).model_dump(mode="json", by_alias=True)
    assert data["schema"] == 1
    assert set(data["run"]) == {"profile", "seed", "device", "seconds", "matrices", "versions"}
    first = data["claims"][0]
    assert {"id", "collection", "label", "verdict", "only_empirical", "parts"} <= set(first)
    assert first["label"] == {"en": "Definition 1.1", "zh": "定义 1.1"}
    part = first["parts"][0]
    wanted = {"id", "role", "scope", "verdict", "expected", "repair", "survives_as", "mutants", "evidence"}
    assert wanted <= set(part)
    assert {"kind", "engine", "seconds"} <= set(part["evidence"][0])
    assert RunResult.model_validate_json(run_of(SAMPLE, [told(0.9)]).to_json()) == run_of(SAMPLE, [told(0.9)])


def test_matrices_and_mutants_are_counted() -> None:
    done = run_of(SAMPLE[:2], [STRESS, STRESS, MUTANTS])
    assert done.run.matrices == 160
    count = done.parts[0][1].mutants
    assert (count.killed, count.implied, count.surviving, count.all) == (1, 1, 0, 2)


def test_a_claim_run_in_part_is_not_given_the_verdict_of_the_whole() -> None:
    held, failed = (typical(n, Told(held=9), expected=Verdict.EMPIRICAL) for n in ("held", "left-out"))
    collection = Collection(name="c", title=Text(en="", zh=""), claims=(claim("lemma-1.1", held, failed),))
    whole = everything({"c": collection})
    (complete,) = claim_results(whole, lambda c: part_result(c, [told(0.9)]))
    assert (complete.verdict, complete.complete, complete.only_empirical) == ("empirical", True, True)
    (half,) = claim_results(whole[:1], lambda c: part_result(c, [told(0.9)]))
    assert (half.verdict, half.complete, half.only_empirical) == ("inconclusive", False, False)
    (bad,) = claim_results(whole[:1], lambda c: part_result(c, [told(0.1)]))
    assert bad.verdict == "contradicted"


def test_a_claim_without_its_caveat_keeps_its_verdict() -> None:
    chosen = select({"sample": sample_collection.collection}, ["definition-1.1/held"])
    (one,) = claim_results(chosen, lambda c: part_result(c, [told(0.9)]))
    assert (one.verdict, one.complete) == ("empirical", False)


@pytest.mark.parametrize(
    "verdict, evidence, words",
    [
        (Verdict.PROVED, [Proof(engine="p", steps=[Step(name="s", tex="", by="")], theorems=["Weyl"])], "using Weyl"),
        (Verdict.SUPPORTED, [STRESS, MUTANTS], "40 matrices, worst margin 0.5; 1 of 2 mutants killed, 1 implied"),
        (Verdict.EMPIRICAL, [told(0.9)], "held in 9 of 10"),
        (Verdict.ILL_POSED, [Typing(engine="t", message="m and n differ")], "m and n differ"),
        (
            Verdict.REFUTED,
            [Counterexample(engine="exact", certified=True, certificate=CERTIFICATE, found_by="search"), STRESS],
            "left 2, right 1 (exact; found by search)",
        ),
    ],
)
def test_one_line_says_what_the_verdict_rests_on(verdict: Verdict, evidence: list[Evidence], words: str) -> None:
    assert words in result(verdict, *evidence).why


def test_one_line_says_what_stands_in_the_way() -> None:
    failure = Failure(engine="run", check="Search", cause="timeout", message="took long")
    assert result(Verdict.INCONCLUSIVE, failure, reasons=["a check failed"]).why == "Search: timeout: took long"
    assert result(Verdict.PROVED, conflict=True).why.startswith("CONFLICT")
    assert not result(Verdict.PROVED, conflict=True).as_expected


def test_certificates_of_the_part_and_of_its_mutants() -> None:
    found = Counterexample(engine="exact", certified=True, certificate=CERTIFICATE, found_by="search")
    unsure = found.model_copy(update={"certified": False})
    assert result(Verdict.REFUTED, found, unsure, MUTANTS).certificates == [(None, CERTIFICATE), ("k", CERTIFICATE)]
    assert result(Verdict.REFUTED, unsure, found).counterexample is found


# --- the ledger's knowledge ----------------------------------------------------------------------------------------


def test_what_the_ledger_knows(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l") as ledger:
        run = ledger.start_run("quick", 0, "cpu", {})
        assert last_run(ledger) is None
        c = SAMPLE[0]
        ledger.record(run, "sample", c.claim.label, c.part.id, c.part.statement.fingerprint, [told(0.9)])
        changed = SAMPLE[1]
        ledger.record(run, "sample", changed.claim.label, changed.part.id, "an earlier statement", [told(0.9)])
        ledger.finish_run(run, 1.0)
        parts = [part for claim in known(ledger, SAMPLE) for part in claim.parts]
        assert [part.state for part in parts] == ["tried", "changed", "not run", "not run"]
        assert [part.verdict for part in parts] == ["empirical", "inconclusive", "inconclusive", "inconclusive"]
        assert parts[1].evidence == []
        assert "run it again" in parts[1].why
        latest = last_run(ledger)
        assert latest is not None
        assert latest.id == run


# --- JUnit ---------------------------------------------------------------------------------------------------------


def test_junit_counts_and_escapes() -> None:
    from xml.etree import ElementTree as ET

    bad = result(Verdict.REFUTED, expected=Verdict.PROVED, reasons=[])
    failure = Failure(engine="run", check="<b>&", cause="error", message="\x00\x1b[31m]]>")
    broken = result(Verdict.INCONCLUSIVE, failure, expected=Verdict.PROVED, reasons=["a check failed"])
    clash = result(Verdict.PROVED, conflict=True)
    one = ClaimResult(
        id="lemma-1",
        collection="c",
        label={"en": "", "zh": ""},
        verdict=Verdict.REFUTED,
        only_empirical=False,
        complete=True,
        parts=[bad, broken, clash, result(Verdict.PROVED)],
    )
    info = RunInfo(profile="quick", seed=0, device="cpu", seconds=1.0, matrices=0, versions={})
    (suite,) = ET.fromstring(junit(RunResult(run=info, claims=[one])))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "2", "1")
    assert "<b>&: error" in "".join(suite.itertext())


def test_witness_evidence_alone_is_nothing() -> None:
    assert result(Verdict.INCONCLUSIVE, Witness(engine="e", holds=True), reasons=["no check"]).why.startswith(
        "No check"
    )
