"""Every part of the collections: its proof proves it and nothing spoiled, its counterexample is certified, its witness
satisfies the hypotheses, and its verdict is the expected one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sympy as sp
from installed_parts import (
    ILL_POSED,
    PARTS,
    PROVED,
    QUICK,
    REFUTED,
    TYPICAL,
    UNIVERSAL,
    derivations,
    home_of,
    of,
    of_chosen,
)  # fmt: skip

from verify.certify import Refusal, certify, recheck
from verify.checks import Counter, Prove, Search, WitnessCheck
from verify.dependencies import leans_on, resolve
from verify.formula.vocabulary import OneMatrix
from verify.judge import Judgement, judge
from verify.model.claim import Part
from verify.model.evidence import Counterexample, Evidence, Failure, Proof, Stress, Typing, Witness
from verify.model.statement import Statement
from verify.model.words import Reason, Verdict
from verify.plan import checks_of
from verify.proof.errors import ProofError
from verify.proof.lines import check
from verify.select import Chosen

# --- proofs -------------------------------------------------------------------------------------------------


LONG = {
    f"definition-effective-rank/{name}"
    for name in (
        "difference-unbounded", "agrees-with-source-repaired", "bounds", "effective-below-threshold-repaired",
        "equals-one", "equals-rank", "equals-rank-only-if", "stable-rank", "threshold-below-effective-repaired",
    )
} | {
    "corollary-11.5/aligned-entropy", "table-11.2.2/medium-repaired", "table-11.2.2/share-grows",
    "table-11.2.2/exponent-of-row", "lemma-11.20/regression-recovers", "lemma-11.17/universal-reading-repaired",
}  # fmt: skip
"""Proofs that take a second or more each."""


def proves(part: Part) -> bool:
    return all(check(derivation, part.statement)[0] for derivation in derivations(part))


@of({name: part for name, part in PROVED.items() if name not in LONG})
def test_each_proof_proves_its_part(part: Part) -> None:
    assert proves(part)


@pytest.mark.slow
@of({name: PROVED[name] for name in sorted(LONG)})
def test_each_long_proof_proves_its_part(part: Part) -> None:
    assert proves(part)


def spoiled(conclusion: Any) -> Iterator[Any]:
    """Relations that a proof of the conclusion must not prove: its negation, it turned round, an end moved."""
    left, right = conclusion.args
    if isinstance(conclusion, sp.Eq):
        yield sp.Ne(left, right, evaluate=False)
        more = right + OneMatrix(*left.shape) if left.is_Matrix else right + 1
        yield sp.Eq(left, more, evaluate=False)
        return
    if isinstance(conclusion, sp.Ne):
        yield sp.Eq(left, right, evaluate=False)
        return
    negated = {sp.Le: sp.Gt, sp.Lt: sp.Ge, sp.Ge: sp.Lt, sp.Gt: sp.Le}[type(conclusion)]
    yield negated(left, right, evaluate=False)
    yield type(conclusion)(right, left, evaluate=False)


@pytest.mark.slow
@of(PROVED)
def test_no_proof_proves_a_spoiled_conclusion(part: Part) -> None:
    for conclusion in part.says:
        for wrong in spoiled(conclusion):
            statement = Statement(given=part.given, says=(wrong,))
            for derivation in derivations(part):
                with pytest.raises(ProofError):
                    check(derivation, statement)


@pytest.mark.slow
@of(PROVED)
def test_a_proof_of_all_conclusions_is_no_proof_of_one_more(part: Part) -> None:
    more = Statement(given=part.given, says=(*part.says, sp.Le(1, 0, evaluate=False)))
    for derivation in derivations(part):
        with pytest.raises(ProofError, match="no line says"):
            check(derivation, more)


# --- counterexamples and witnesses --------------------------------------------------------------------------


@of(REFUTED)
def test_each_counterexample_is_certified(part: Part) -> None:
    for counter in (c for c in part.checks if isinstance(c, Counter)):
        (found,) = counter.run(part, QUICK)
        assert isinstance(found, Counterexample), found
        assert found.certified
        assert recheck(part.statement, found.certificate) is None


@of({name: part for name, part in REFUTED.items() if part.repair})
def test_the_repair_withstands_the_counterexample(part: Part) -> None:
    """Its hypotheses exclude the numbers, or its conclusion holds of them; other symbols make them malformed."""
    repair = home_of(part).claim.part(str(part.repair)).statement
    for counter in (c for c in part.checks if isinstance(c, Counter)):
        answer = certify(repair, counter.values)
        assert isinstance(answer, Refusal)
        assert answer.kind in ("hypothesis", "holds", "malformed"), answer.reason


@of({name: part for name, part in UNIVERSAL.items() if name not in ILL_POSED})
def test_each_witness_satisfies_the_hypotheses_and_breaks_nothing_that_stands(part: Part) -> None:
    found, *broken = WitnessCheck().run(part, QUICK)
    assert isinstance(found, Witness) and found.holds, found.message
    assert not broken or part.expected is Verdict.REFUTED


@of(ILL_POSED)
def test_what_is_ill_posed_has_a_message_that_says_why(part: Part) -> None:
    """It does not type-check, or one of its checks shows by machine that it has no definite meaning."""
    found = [e for check in (WitnessCheck(), *part.checks) for e in check.run(part, QUICK)]
    assert any(isinstance(e, Typing) and e.message for e in found)
    assert not any(isinstance(e, Failure) for e in found)


# --- verdicts -----------------------------------------------------------------------------------------------


def tried(chosen: Chosen) -> Judgement:
    """The verdict of a quick run of one part, what it leans on being as expected."""
    part = chosen.part
    evidence: list[Evidence] = []
    for one in checks_of(part):
        reads: Any = one
        more = {"evidence": evidence} if type(one).__name__ == "MutantsCheck" else {}
        evidence += reads.run(part, QUICK, **more)
    return judge(part.scope, evidence, [resolve(name).part.expected for name in leans_on(chosen)])


FAST = [
    "definition-11.16/truncation-unique", "theorem-11.18/edge", "lemma-11.26/count", "lemma-11.26/saves",
    "lemma-11.26/example-by-approximation", "lemma-11.30/bound-absolute-repaired", "theorem-11.13/mode-rate",
]  # fmt: skip


def as_expected(chosen: Chosen) -> bool:
    """A proof that is held down by what it stands on says so in its reasons."""
    verdict, reasons, conflict = tried(chosen)
    return verdict is chosen.part.expected and reasons in ((), (Reason.FOUNDATION,)) and not conflict


@of_chosen(FAST)
def test_the_verdict_on_a_fast_part_is_the_expected_one(chosen: Chosen) -> None:
    assert as_expected(chosen)


@pytest.mark.slow
@of({name: part for name, part in PROVED.items() if part.expected is not Verdict.REFUTED})
def test_no_search_finds_a_counterexample_to_what_is_proved(part: Part) -> None:
    """The proofs are checked above; a search beside them looks for an error of a tool."""
    searches = [check for check in part.checks if isinstance(check, Search)]
    found = [e for check in searches for e in check.run(part, QUICK)]
    assert not any(isinstance(e, Counterexample) for e in found)
    assert all(e.matrices for e in found if isinstance(e, Stress))


@pytest.mark.slow
@of_chosen(name for name in UNIVERSAL if name not in FAST and name not in PROVED)
def test_the_verdict_on_every_other_universal_part_is_the_expected_one(chosen: Chosen) -> None:
    assert as_expected(chosen)


@pytest.mark.slow
@pytest.mark.timeout(900)  # what a check may take: the first one trains the networks, and others wait for them
@of_chosen(TYPICAL)
def test_a_quick_measurement_does_not_say_the_opposite(chosen: Chosen) -> None:
    """Two seeds may be too few to decide; they must not decide against what is expected."""
    verdict, reasons, _ = tried(chosen)
    assert verdict is chosen.part.expected or reasons == (Reason.NOT_DECISIVE,)


def test_a_proof_is_evidence_for_its_own_part_only() -> None:
    """The proof of the repaired threshold does not prove what it repairs."""
    broken, mended = (PARTS[f"theorem-11.12/any-threshold{end}"] for end in ("", "-repaired"))
    (prove,) = (c for c in mended.checks if isinstance(c, Prove))
    assert isinstance(prove.run(mended, QUICK)[0], Proof)
    assert not any(isinstance(e, Proof) for e in prove.run(broken, QUICK))
