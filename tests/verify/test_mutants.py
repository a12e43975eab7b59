"""Mutants: killed with certificates that stand alone, implied for a reason, or surviving: then nothing is supported."""

from __future__ import annotations

from typing import Any

import pytest

from verify import mutants as module
from verify.certify import certify, recheck
from verify.checks import Counter, MutantsCheck, Prove, Search, WitnessCheck
from verify.context import Context, Profile
from verify.formula.mutation import mutations
from verify.formula.vocabulary import (
    Energy,
    FrobeniusNorm,
    NuclearNorm,
    Rank,
    Sigma,
    SpectralNorm,
    ge,
    indices,
    le,
    matrix,
    sizes,
)  # fmt: skip
from verify.judge import judge
from verify.model.claim import Check, Part, Text
from verify.model.evidence import Certificate, Mutants, Stress
from verify.model.statement import Index, Matrix, Size
from verify.model.words import Outcome, Reason, Role, Scope, Verdict
from verify.mutants import established, implied, try_mutants
from verify.proof.lines import Derivation, Line
from verify.proof.steps import Apply
from verify.stress.search import Found

m, n = sizes("m n")
i, k = indices("i k")
W = matrix("W", m, n)
SHAPE = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W))
TEXT = Text(en="said", zh="所述")
QUICK = Context(profile=Profile.QUICK, workers=1)
NORMS = le(SpectralNorm(W), FrobeniusNorm(W))
PROOF = Prove(derivation=Derivation(lines=(Line(name="b", by=Apply(theorem="spectral-frobenius", to={"W": W})),)))
ORDERED = (*SHAPE, Index(symbol=k, low=1, high=Rank(W) - 1))


def part(says: Any, *checks: Check, given: Any = SHAPE, witness: Any = None) -> Part:
    return Part(
        id="a", role=Role.MAIN, reading=TEXT, given=given, says=says, checks=checks,
        witness=witness or {"W": [["1"]]}, expected=Verdict.SUPPORTED,
    )  # fmt: skip


@pytest.fixture(scope="module")
def tried() -> tuple[Part, Mutants]:
    of = part(NORMS, Search(gradient=False))
    (found,) = MutantsCheck().run(of, QUICK)
    assert isinstance(found, Mutants)
    return of, found


def test_every_mutant_has_an_outcome_in_the_order_of_the_mutations(tried: tuple[Part, Mutants]) -> None:
    of, found = tried
    assert [mutant.name for mutant in found.outcomes] == [mutation.name for mutation in mutations(of.statement)]
    assert all(mutant.reason and mutant.tex for mutant in found.outcomes)


def test_a_killed_mutant_has_a_certificate_that_stands_alone(tried: tuple[Part, Mutants]) -> None:
    of, found = tried
    assert found.count(Outcome.KILLED) >= 2
    for mutation, mutant in zip(mutations(of.statement), found.outcomes, strict=True):
        assert (mutant.certificate is not None) == (mutant.outcome is Outcome.KILLED)
        if mutant.certificate is not None:
            assert recheck(mutation.statement, mutant.certificate) is None
            assert recheck(of.statement, mutant.certificate) is not None
            assert not isinstance(certify(of.statement, mutant.certificate.values), Certificate)


def test_the_turned_relation_is_killed_and_the_larger_norm_is_implied(tried: tuple[Part, Mutants]) -> None:
    outcomes = {mutant.name: mutant.outcome for mutant in tried[1].outcomes}
    assert outcomes["flip conclusion 1"] is Outcome.KILLED
    assert outcomes["nuclear norm for Frobenius norm in conclusion 1"] is Outcome.IMPLIED
    assert Outcome.SURVIVING not in outcomes.values()


def test_with_them_a_part_is_supported(tried: tuple[Part, Mutants]) -> None:
    of, found = tried
    evidence = [*WitnessCheck().run(of, QUICK), *of.checks[0].run(of, QUICK), found]
    assert judge(Scope.UNIVERSAL, evidence).verdict is Verdict.SUPPORTED


# --- implied ------------------------------------------------------------------------------------------------


def why(of: Part, mutation: Any) -> str | None:
    return implied(of, mutation, established(of))


def mutation_of(of: Part, name: str) -> Any:
    return next(mutation for mutation in mutations(of.statement) if mutation.name == name)


def test_what_the_parts_own_proof_proves_is_implied_by_it() -> None:
    given = (*SHAPE, Index(symbol=k, low=1, high=n))  # the range of k is not needed
    of = part([NORMS, ge(Sigma(W, k), 0)], PROOF, given=given, witness={"W": [["1"]], "k": "1"})
    proved = part(NORMS, PROOF)
    assert all(why(of, mutation) is None for mutation in mutations(of.statement) if mutation.changed == "hypothesis")
    dropped = type(mutations(of.statement)[0])("no hypotheses", proved.statement, "hypothesis", False)
    assert why(proved, dropped) == "the part's own proof proves it"


def test_what_follows_by_the_order_of_norms_is_implied() -> None:
    reason = why(part(NORMS), mutation_of(part(NORMS), "nuclear norm for Frobenius norm in conclusion 1"))
    assert reason is not None and "order" in reason


def test_what_follows_by_the_order_of_singular_values_is_implied() -> None:
    of = part(le(Sigma(W, k + 1), FrobeniusNorm(W)), given=ORDERED)
    shifted = next(mm for mm in mutations(of.statement) if Sigma(W, k + 2) in mm.statement.says[0].atoms(Sigma))
    assert why(of, shifted) is not None
    raised = next(mm for mm in mutations(of.statement) if Sigma(W, k) in mm.statement.says[0].atoms(Sigma))
    assert why(of, raised) is None


def test_energy_goes_the_other_way() -> None:
    of = part(ge(Energy(W, k), Energy(W, k - 1)), given=ORDERED, witness={"W": [["2", "0"], ["0", "1"]], "k": "1"})
    more = [mm for mm in mutations(of.statement) if mm.statement.says[0].lhs == Energy(W, k + 1)]
    less = [mm for mm in mutations(of.statement) if mm.statement.says[0].lhs == Energy(W, k - 1)]
    assert more and all(why(of, mm) is not None for mm in more)
    assert all(why(of, mm) is None for mm in less if mm.statement.says[0].rhs != Energy(W, k - 1))


@pytest.mark.parametrize("name", ["flip conclusion 1", "sharpen conclusion 1 by 0.99", "strict conclusion 1"])
def test_what_is_false_is_not_implied(name: str) -> None:
    of = part(NORMS, PROOF, Search())
    names = [mutation.name for mutation in mutations(of.statement)]
    assert name in names, names
    assert why(of, mutation_of(of, name)) is None


def test_a_proof_that_fails_establishes_nothing() -> None:
    turned = part(ge(SpectralNorm(W), FrobeniusNorm(W)), PROOF)
    assert established(turned) == []
    assert len(established(part(NORMS, PROOF))) == 1


def test_a_hypothesis_of_the_original_is_not_used_for_a_mutant_without_it() -> None:
    of = part(le(NuclearNorm(W), 1), given=(*SHAPE, *assumed()), witness={"W": [["1"]]})
    dropped = mutation_of(of, "drop hypothesis small")
    assert why(of, dropped) is None


def assumed() -> tuple[Any, ...]:
    from verify.model.statement import Assume

    return (Assume(name="small", formula=le(NuclearNorm(W), 1)),)


@pytest.mark.parametrize("seed", range(4))
def test_what_a_brief_search_misses_a_longer_one_is_asked(monkeypatch: Any, seed: int) -> None:
    """Two proved parts once had a hypothesis too many: whether a brief search shows that it is needed is luck."""
    from claims.low_rank import collection

    claim = next(one for one in collection.claims if one.label == "theorem-11.12")
    name = "drop hypothesis rank of the low-rank part"
    monkeypatch.setattr(module, "mutations", lambda statement: [m for m in mutations(statement) if m.name == name])
    for of in (claim.part("any-threshold-repaired"), claim.part("recovers-matrix-repaired")):
        (mutant,) = try_mutants(of, Context(seed=seed))
        assert mutant.outcome is Outcome.KILLED
        assert recheck(mutation_of(of, name).statement, mutant.certificate) is None


# --- a search that is too weak ------------------------------------------------------------------------------


def nothing(*_: Any, **__: Any) -> Found:
    return Found(Stress(engine="crippled", matrices=1000, classes={"tied values": 9}, worst_margin=0.0))


def test_a_search_that_tries_nothing_leaves_mutants_alive_and_nothing_is_supported(monkeypatch: Any) -> None:
    monkeypatch.setattr("verify.stress.search.search", nothing)
    of = part(NORMS, Search())
    (found,) = MutantsCheck().run(of, QUICK)
    assert isinstance(found, Mutants)
    assert found.count(Outcome.SURVIVING) >= 2 and not found.count(Outcome.KILLED)
    evidence = [*WitnessCheck().run(of, QUICK), *of.checks[0].run(of, QUICK), found]
    assert judge(Scope.UNIVERSAL, evidence) == (Verdict.INCONCLUSIVE, (Reason.MUTANT_SURVIVES,), False)


def test_a_search_that_sees_only_the_zero_matrix_supports_nothing(monkeypatch: Any) -> None:
    """Every norm of it is zero, so that a turned inequality passes too."""
    monkeypatch.setattr(module, "mutations", lambda s: [mm for mm in mutations(s) if mm.changed == "conclusion"])
    monkeypatch.setattr("verify.stress.search.search", nothing)
    outcomes = try_mutants(part(NORMS, Search()), QUICK)
    assert {mutant.outcome for mutant in outcomes} == {Outcome.SURVIVING, Outcome.IMPLIED}


def test_beside_a_proof_the_witness_may_kill(monkeypatch: Any) -> None:
    """On one entry both norms are equal, which a strict inequality denies."""
    monkeypatch.setattr("verify.stress.search.search", nothing)
    of = part(NORMS, PROOF, Search(), witness={"W": [["2"]]})
    (strict,) = [mutant for mutant in try_mutants(of, QUICK) if mutant.name == "strict conclusion 1"]
    assert strict.outcome is Outcome.KILLED and "witness" in strict.reason
    assert strict.certificate is not None
    assert recheck(mutation_of(of, "strict conclusion 1").statement, strict.certificate) is None


def test_without_a_proof_only_the_search_kills(monkeypatch: Any) -> None:
    monkeypatch.setattr("verify.stress.search.search", nothing)
    of = part(NORMS, Search(), witness={"W": [["2"]]})
    outcomes = {mutant.name: mutant.outcome for mutant in try_mutants(of, QUICK)}
    assert outcomes["strict conclusion 1"] is Outcome.SURVIVING


def test_mutants_are_tried_only_where_a_search_is_and_nothing_is_refuted() -> None:
    assert MutantsCheck().run(part(NORMS, PROOF), QUICK) == []
    turned = part(ge(SpectralNorm(W), FrobeniusNorm(W)), Search())
    refuted = Counter(values={"W": [["1", "0"], ["0", "1"]]}).run(turned, QUICK)
    assert MutantsCheck().run(turned, QUICK, evidence=refuted) == []
