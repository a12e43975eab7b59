"""The checks, each on a statement so small that the right evidence is known, and beside it a wrong one."""

from __future__ import annotations

from typing import Any

import pytest

from verify.certify import recheck
from verify.checks import Counter, Illustrate, Measure, MutantsCheck, Prove, Search, WitnessCheck, ill_typed
from verify.context import Context, Profile
from verify.formula.vocabulary import (
    FrobeniusNorm,
    Rank,
    Sigma,
    SpectralNorm,
    eq,
    ge,
    indices,
    le,
    lt,
    matrix,
    norm_sq,
    sigma_sum,
    sizes,
)  # fmt: skip
from verify.judge import judge
from verify.model.claim import Check, Part, Text
from verify.model.evidence import (
    Counterexample,
    Curves,
    Evidence,
    Failure,
    Illustration,
    Measurement,
    Proof,
    Stress,
    Typing,
    Witness,
)
from verify.model.statement import Assume, Matrix, Size
from verify.model.words import Reason, Role, Scope, Verdict
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.lines import Derivation, Line
from verify.proof.steps import Apply, Arithmetic, ForEach
from verify.statistics import Counts, wilson

m, n = sizes("m n")
k = indices("k")
W = matrix("W", m, n)
SHAPE = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W))
TEXT = Text(en="said", zh="所述")
QUICK = Context(profile=Profile.QUICK, workers=1)
BELOW = le(SpectralNorm(W), FrobeniusNorm(W))
PROVES_BELOW = Prove(
    derivation=Derivation(lines=(Line(name="b", by=Apply(theorem="spectral-frobenius", to={"W": W})),))
)


def part(says: Any, *checks: Check, given: Any = SHAPE, witness: Any = None, **more: Any) -> Part:
    fields: dict[str, Any] = {
        "id": "a", "role": Role.MAIN, "reading": TEXT, "given": given, "says": says, "checks": checks,
        "witness": witness or {"W": [["1"]]}, "expected": Verdict.PROVED,
    }  # fmt: skip
    return Part(**fields | more)


def typical(check: Check) -> Part:
    return Part(id="t", role=Role.MAIN, scope=Scope.TYPICAL, reading=TEXT, checks=(check,), expected=Verdict.EMPIRICAL)


def only(evidence: list[Evidence], kind: type) -> Any:
    (found,) = evidence
    assert isinstance(found, kind)
    return found


# --- witnesses ----------------------------------------------------------------------------------------------

RANK_TWO = (*SHAPE, Assume(name="rank two", formula=ge(Rank(W), 2)))


def test_a_witness_that_satisfies_the_hypotheses_holds() -> None:
    of = part(BELOW, given=RANK_TWO, witness={"W": [["1", "0"], ["0", "1"]]})
    assert only(WitnessCheck().run(of, QUICK), Witness).holds


@pytest.mark.parametrize(
    "witness, message",
    [
        ({"W": [["1", "1"], ["1", "1"]]}, "rank two"),
        ({"W": [["1", "0"], ["0", "one"]]}, "one"),
        ({"V": [["1"]]}, "V"),
        ({"W": [["1"]], "m": "2"}, "m"),
        ({}, "W"),
    ],
)
def test_a_false_witness_is_reported_and_decides_nothing(witness: Any, message: str) -> None:
    of = part(BELOW, given=RANK_TWO).model_copy(update={"witness": witness})
    found = only(WitnessCheck().run(of, QUICK), Witness)
    assert not found.holds
    assert message in found.message
    assert judge(Scope.UNIVERSAL, [found]).reasons == (Reason.NO_WITNESS,)


def test_a_witness_that_breaks_the_conclusion_is_a_counterexample() -> None:
    of = part(lt(SpectralNorm(W), FrobeniusNorm(W)))
    witness, broken = WitnessCheck().run(of, QUICK)
    assert isinstance(witness, Witness) and witness.holds
    assert isinstance(broken, Counterexample) and broken.certified
    assert recheck(of.statement, broken.certificate) is None
    assert judge(Scope.UNIVERSAL, [witness, broken]).verdict is Verdict.REFUTED


def test_a_witness_outside_the_hypotheses_refutes_nothing() -> None:
    of = part(lt(SpectralNorm(W), FrobeniusNorm(W)), given=RANK_TWO)  # [[1]] breaks it, but has rank one
    assert not only(WitnessCheck().run(of, QUICK), Witness).holds


# --- counterexamples ----------------------------------------------------------------------------------------

TURNED = ge(SpectralNorm(W), FrobeniusNorm(W))
TWO = {"W": [["1", "0"], ["0", "1"]]}


def test_a_given_counterexample_is_certified() -> None:
    of = part(TURNED)
    found = only(Counter(values=TWO, origin="the erratum").run(of, QUICK), Counterexample)
    assert found.certified and found.found_by == "the erratum"
    assert found.certificate.statement == of.statement.fingerprint
    assert recheck(of.statement, found.certificate) is None


def test_a_certificate_of_one_statement_fits_no_other() -> None:
    found = only(Counter(values=TWO).run(part(TURNED), QUICK), Counterexample)
    assert recheck(part(BELOW).statement, found.certificate) is not None


@pytest.mark.parametrize(
    "values, message",
    [
        ({"W": [["1"]]}, "every conclusion holds"),
        ({"W": [["1", "2"]], "m": "2"}, "m"),
        ({"W": [["x"]]}, "x"),
        ({}, "W"),
        (TWO | {"V": [["1"]]}, "V"),
    ],
)
def test_a_wrong_counterexample_is_a_failure_that_says_why(values: Any, message: str) -> None:
    found = only(Counter(values=values).run(part(TURNED), QUICK), Failure)
    assert found.check == "Counter"
    assert "refused" in found.message and message in found.message


def test_a_counterexample_outside_the_hypotheses_is_a_failure_that_names_the_hypothesis() -> None:
    of = part(BELOW, given=RANK_TWO)
    assert "rank two" in only(Counter(values={"W": [["1"]]}).run(of, QUICK), Failure).message


# --- types --------------------------------------------------------------------------------------------------

ILL_TYPED = part(
    le(FrobeniusNorm(W * W), 1), PROVES_BELOW, Search(), given=SHAPE,
)  # fmt: skip


def test_only_the_first_check_speaks_of_what_does_not_type_check() -> None:
    typing = WitnessCheck().run(ILL_TYPED, QUICK)
    assert typing and all(isinstance(e, Typing) for e in typing)
    assert [e.message for e in typing if isinstance(e, Typing)] == ill_typed(ILL_TYPED)
    for check in (*ILL_TYPED.checks, MutantsCheck()):
        assert check.run(ILL_TYPED, QUICK) == []
    assert judge(Scope.UNIVERSAL, typing).verdict is Verdict.ILL_POSED


# --- proofs -------------------------------------------------------------------------------------------------


def test_a_proof_is_evidence_of_what_it_proves() -> None:
    found = only(PROVES_BELOW.run(part(BELOW), QUICK), Proof)
    assert [step.name for step in found.steps] == ["b"]
    assert found.theorems


@pytest.mark.parametrize(
    "says, by, message",
    [
        (TURNED, PROVES_BELOW, "no line says"),
        (lt(SpectralNorm(W), FrobeniusNorm(W)), PROVES_BELOW, "no line says"),
        ([BELOW, TURNED], PROVES_BELOW, "no line says"),
        (TURNED, Prove(derivation=Derivation(lines=(Line(name="guess", by=Arithmetic(), says=TURNED),))), "guess"),
        (TURNED, Prove(derivation=Derivation(lines=())), "no line says"),
    ],
)
def test_a_proof_of_something_else_is_a_failure(says: Any, by: Prove, message: str) -> None:
    found = only(by.run(part(says), QUICK), Failure)
    assert found.check == "Prove"
    assert message in found.message


def test_an_index_that_a_fact_binds_and_also_speaks_of_is_not_arbitrary() -> None:
    assumed = le(k + sigma_sum(k, k, 1, 1), 2)
    every = ForEach(index=k, low=1, high=n, lines=(Line(name="k", by=Arithmetic(), says=assumed),))
    with pytest.raises(ProofError, match="k is not arbitrary here"):
        every.conclude(Facts([assumed]), None)


# --- measurements -------------------------------------------------------------------------------------------


def nine_of_ten(context: Context) -> Counts:
    return Counts(held=9, of=10, networks=["a"], null={"Gaussian": 0.5}, figures={"x": 1.0}, note=f"{context.seed}")


def not_a_number(context: Context) -> Counts:
    return Counts(held=9, of=10, networks=[], figures={"x": float("nan")})


def too_many(context: Context) -> Counts:
    return Counts(held=11, of=10, networks=[])


def test_a_measurement_reports_counts_and_their_interval() -> None:
    check = Measure(function=nine_of_ten, quantity="layers", threshold=0.5)
    found = only(check.run(typical(check), Context(seed=7)), Measurement)
    assert (found.held, found.of, found.threshold, found.note) == (9, 10, 0.5, "7")
    assert found.interval == wilson(9, 10)
    assert judge(Scope.TYPICAL, [found]).verdict is Verdict.EMPIRICAL
    higher = Measure(function=nine_of_ten, quantity="layers", threshold=0.99)
    assert judge(Scope.TYPICAL, higher.run(typical(higher), QUICK)).verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize("function", [not_a_number, too_many])
def test_a_measurement_that_is_none_raises(function: Any) -> None:
    check = Measure(function=function, quantity="layers", threshold=0.5)
    with pytest.raises(ValueError):
        check.run(typical(check), QUICK)


SHARES = {"name": "a", "of": "model", "x": (1, 2), "y": (0.5, 1)}
CURVES = (Curves.model_validate({"title": "t", "x": "k", "y": "E(k)", "lines": [SHARES]}),)


def test_an_illustration_returns_its_curves_and_cannot_stand_alone() -> None:
    shown = Illustrate(curves=CURVES)
    beside = part(BELOW, PROVES_BELOW, shown)
    assert shown.run(beside, QUICK) == [Illustration(engine="formulas", curves=CURVES)]
    with pytest.raises(ValueError, match="no check that could decide it, only Illustrate"):
        part(BELOW, shown)
    with pytest.raises(ValueError, match="no check that could decide it"):
        typical(shown)


def test_an_illustration_is_part_of_what_evidence_depends_on() -> None:
    other = (CURVES[0].model_copy(update={"levels": (0.9,)}),)
    assert Illustrate(curves=CURVES).describe() != Illustrate(curves=other).describe()


def test_a_typical_part_gets_neither_witness_nor_mutants() -> None:
    of = typical(Measure(function=nine_of_ten, quantity="layers", threshold=0.5))
    assert WitnessCheck().run(of, QUICK) == []
    assert MutantsCheck().run(of, QUICK) == []


# --- searches -----------------------------------------------------------------------------------------------


def test_a_search_finds_what_is_false_and_certifies_it() -> None:
    of = part(TURNED, Search(gradient=False))
    stress, found = of.checks[0].run(of, QUICK)
    assert isinstance(stress, Stress) and stress.suspects > 0
    assert isinstance(found, Counterexample) and found.certified
    assert recheck(of.statement, found.certificate) is None


def test_a_search_finds_nothing_against_what_is_true() -> None:
    of = part(BELOW, Search(gradient=False))
    found = only(of.checks[0].run(of, QUICK), Stress)
    assert found.matrices > 100
    assert all(found.classes.values())
    assert found.undecided == found.not_finite == 0
    assert found.worst_margin is not None and found.worst_margin > -1e-9


def test_a_search_leaves_out_what_it_is_told_to_and_refuses_an_unknown_class() -> None:
    of = part(BELOW, Search(gradient=False, excludes={"zero matrix": "a reason"}))
    assert "zero matrix" not in only(of.checks[0].run(of, QUICK), Stress).classes
    with pytest.raises(ValueError, match="no coverage class is called 'nowhere'"):
        Search().run(part(BELOW, classes=("nowhere",)), QUICK)


def test_an_identity_that_is_false_from_rank_three_on_is_found() -> None:
    of = part(eq(norm_sq(W), Sigma(W, 1) ** 2 + Sigma(W, 2) ** 2), Search(gradient=False))  # true up to rank two
    assert any(isinstance(e, Counterexample) and e.certified for e in of.checks[0].run(of, QUICK))
