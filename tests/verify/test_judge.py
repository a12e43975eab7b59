"""The judge: its table row by row, and the properties that no table of examples shows."""

from __future__ import annotations

import inspect
import itertools
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from verify import judge as judging
from verify.judge import TABLE, PartVerdict, gather, headline, judge, only_empirical
from verify.model.claim import Part, Text
from verify.model.evidence import (
    Attribution,
    Certificate,
    Counterexample,
    Curves,
    Evidence,
    Exact,
    Failure,
    Illustration,
    Line,
    Measurement,
    Mutant,
    Mutants,
    Proof,
    Step,
    Stress,
    Typing,
    Witness,
)  # fmt: skip
from verify.model.words import Outcome, Reason, Role, Scope, Verdict
from verify.statistics import wilson

CERTIFICATE = Certificate(statement="0" * 16, values={"W": [["1"]]}, left="2", right="1", engine="exact")
PROOF = Proof(engine="proof checker", steps=[Step(name="a", tex="a", by="b")])
EXACT = Exact(engine="exact", sizes=["m = n = 2"])
WITNESS = Witness(engine="exact", holds=True)
BAD_WITNESS = Witness(engine="exact", holds=False, message="rank is FALSE")
TYPING = Typing(engine="typing", message="m is not n")
FAILURE = Failure(engine="torch", check="Search", cause="timeout", message="ran out of time")
REFUTING = Counterexample(engine="exact", certified=True, certificate=CERTIFICATE, found_by="given")
ATTRIBUTED = Attribution(
    engine="record", record="a", source="b", year=2007, authors=("C",), where="(1)", formula="x", provenance="seen",
    verified=True, agrees=True,
)  # fmt: skip
MISATTRIBUTED = ATTRIBUTED.model_copy(update={"agrees": False, "message": "y"})
SHOWN = Illustration(
    engine="formulas",
    curves=(Curves(title="t", x="x", y="y", lines=(Line(name="a", of="model", x=(0.0,), y=(1.0,)),)),),
)
SUSPECTED = REFUTING.model_copy(update={"certified": False})


def stress(matrices: int = 100, *, undecided: int = 0, not_finite: int = 0, **classes: int) -> Stress:
    return Stress(
        engine="float64",
        matrices=matrices,
        classes=classes or {"tied": 5},
        worst_margin=0.1,
        undecided=undecided,
        not_finite=not_finite,
    )


def mutants(*outcomes: Outcome) -> Mutants:
    made = [
        Mutant(name=f"{i}", tex="x", outcome=o, reason="r", certificate=CERTIFICATE if o is Outcome.KILLED else None)
        for i, o in enumerate(outcomes)
    ]
    return Mutants(engine="mutation", outcomes=made)


def measured(held: int, of: int, threshold: float = 0.5) -> Measurement:
    return Measurement(engine="torch", quantity="q", held=held, of=of, interval=wilson(held, of), threshold=threshold)


STRESS, KILLED = stress(), mutants(Outcome.KILLED, Outcome.IMPLIED)
UNIVERSAL, TYPICAL = Scope.UNIVERSAL, Scope.TYPICAL

ROWS: list[tuple[str, Scope, list[Any], Verdict, tuple[Reason, ...]]] = [
    ("certified counterexample", UNIVERSAL, [REFUTING], Verdict.REFUTED, ()),
    ("does not type-check", UNIVERSAL, [TYPING], Verdict.ILL_POSED, ()),
    ("no evidence at all", UNIVERSAL, [], Verdict.INCONCLUSIVE, (Reason.NO_CHECK,)),
    ("no valid witness", UNIVERSAL, [PROOF, STRESS, KILLED], Verdict.INCONCLUSIVE, (Reason.NO_WITNESS,)),
    ("uncertified counterexample", UNIVERSAL, [WITNESS, SUSPECTED], Verdict.INCONCLUSIVE, (Reason.UNCERTIFIED,)),
    ("proof on fallen ground", UNIVERSAL, [WITNESS, PROOF], Verdict.INCONCLUSIVE, (Reason.FOUNDATION_FALLEN,)),
    ("proof on open ground", UNIVERSAL, [WITNESS, PROOF], Verdict.INCONCLUSIVE, (Reason.FOUNDATION_OPEN,)),
    ("proof on ground not proved", UNIVERSAL, [WITNESS, PROOF], Verdict.SUPPORTED, (Reason.FOUNDATION,)),
    ("proof for all sizes", UNIVERSAL, [WITNESS, PROOF], Verdict.PROVED, ()),
    ("a check failed", UNIVERSAL, [WITNESS, STRESS, KILLED, FAILURE], Verdict.INCONCLUSIVE, (Reason.FAILED,)),
    ("nothing tried", UNIVERSAL, [WITNESS, KILLED], Verdict.INCONCLUSIVE, (Reason.NO_CHECK,)),
    (
        "class not visited", UNIVERSAL, [WITNESS, stress(tied=5, zero=0), KILLED], Verdict.INCONCLUSIVE,
        (Reason.NOT_COVERED,),
    ),
    (
        "undecided suspects", UNIVERSAL, [WITNESS, stress(undecided=1), KILLED], Verdict.INCONCLUSIVE,
        (Reason.PRECISION,),
    ),
    (
        "mutant survives", UNIVERSAL, [WITNESS, STRESS, mutants(Outcome.KILLED, Outcome.SURVIVING)],
        Verdict.INCONCLUSIVE, (Reason.MUTANT_SURVIVES,),
    ),
    (
        "no mutant killed", UNIVERSAL, [WITNESS, STRESS, mutants(Outcome.IMPLIED)], Verdict.INCONCLUSIVE,
        (Reason.NO_MUTANT_KILLED,),
    ),
    ("survived the search", UNIVERSAL, [WITNESS, STRESS, KILLED], Verdict.SUPPORTED, ()),
    ("measured, did not hold", TYPICAL, [measured(0, 20)], Verdict.CONTRADICTED, ()),
    ("a measurement failed", TYPICAL, [measured(20, 20), FAILURE], Verdict.INCONCLUSIVE, (Reason.FAILED,)),
    ("not measured", TYPICAL, [STRESS], Verdict.INCONCLUSIVE, (Reason.WRONG_SCOPE,)),
    ("measured, held", TYPICAL, [measured(20, 20)], Verdict.EMPIRICAL, ()),
    ("interval includes threshold", TYPICAL, [measured(10, 20)], Verdict.INCONCLUSIVE, (Reason.NOT_DECISIVE,)),
]  # fmt: skip
UNDER = {
    "proof on fallen ground": [Verdict.PROVED, Verdict.REFUTED],
    "proof on open ground": [Verdict.SUPPORTED, Verdict.INCONCLUSIVE],
    "proof on ground not proved": [Verdict.PROVED, Verdict.SUPPORTED],
    "proof for all sizes": [Verdict.PROVED],
}
"""Verdicts on what the proof of a row's example stands on; the other rows do not ask."""


@pytest.mark.parametrize("name, scope, evidence, verdict, reasons", ROWS, ids=[row[0] for row in ROWS])
def test_each_row_is_reached(
    name: str, scope: Scope, evidence: list[Evidence], verdict: Verdict, reasons: tuple[Reason, ...]
) -> None:
    under = UNDER.get(name, ())
    first = next(row for row in TABLE if row.when(gather(scope, evidence, under)))
    assert first.name == name
    assert judge(scope, evidence, under)[:2] == (verdict, reasons)


def test_the_examples_are_the_whole_table_in_its_order() -> None:
    assert [row[0] for row in ROWS] == [row.name for row in TABLE]


def test_a_row_names_its_reason_exactly_where_something_stands_in_the_way() -> None:
    for row in TABLE:
        assert bool(row.reasons) == (row.gives is Verdict.INCONCLUSIVE or row.reasons == (Reason.FOUNDATION,)), row.name


# --- random evidence ----------------------------------------------------------------------------------------

counts = st.integers(0, 3)
outcomes = st.lists(st.sampled_from(list(Outcome)), max_size=4).map(lambda some: mutants(*some))
stresses = st.builds(
    lambda matrices, undecided, not_finite, classes: stress(matrices).model_copy(
        update={"undecided": undecided, "not_finite": not_finite, "classes": classes}
    ),
    counts, st.integers(0, 1), st.integers(0, 1), st.dictionaries(st.sampled_from(["tied", "zero"]), counts),
)  # fmt: skip
measurements = st.builds(
    lambda held, more, threshold: measured(held, held + more, threshold),
    st.integers(0, 30), st.integers(0, 30), st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]),
)  # fmt: skip
plain = st.sampled_from([PROOF, EXACT, WITNESS, BAD_WITNESS, TYPING, FAILURE, REFUTING, SUSPECTED])
evidences = st.lists(st.one_of(plain, stresses, outcomes, measurements), max_size=8)
scopes = st.sampled_from(list(Scope))


def rank(verdict: Verdict) -> int:
    """How much a verdict promises: what is bad news may never raise it."""
    return verdict.badness


@given(scopes, evidences)
def test_the_judge_is_total(scope: Scope, evidence: list[Evidence]) -> None:
    judgement = judge(scope, evidence)
    assert isinstance(judgement.verdict, Verdict)
    assert bool(judgement.reasons) == (judgement.verdict is Verdict.INCONCLUSIVE)


@given(scopes, evidences, st.lists(st.sampled_from(list(Verdict)), max_size=2))
@example(UNIVERSAL, [], [])
@example(TYPICAL, [], [])
def test_an_illustration_changes_no_verdict(scope: Scope, evidence: list[Evidence], under: list[Verdict]) -> None:
    assert judge(scope, [*evidence, SHOWN], under) == judge(scope, evidence, under)


@given(evidences)
def test_a_certified_counterexample_refutes_whatever_else_there_is(evidence: list[Evidence]) -> None:
    judgement = judge(UNIVERSAL, [*evidence, REFUTING])
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.conflict == (PROOF in evidence)


BAD_NEWS = [
    FAILURE, BAD_WITNESS, SUSPECTED, REFUTING, stress(undecided=1), stress(not_finite=1), stress(tied=0), stress(0),
    mutants(Outcome.SURVIVING), mutants(Outcome.KILLED, Outcome.SURVIVING), measured(0, 0), TYPING,
]  # fmt: skip


@given(scopes, evidences, st.sampled_from(BAD_NEWS))
@example(UNIVERSAL, [WITNESS, KILLED, EXACT], stress(0))
@example(UNIVERSAL, [WITNESS, KILLED], stress(not_finite=1))
@example(TYPICAL, [measured(0, 20)], FAILURE)
def test_bad_news_never_improves_a_verdict(scope: Scope, evidence: list[Evidence], bad: Evidence) -> None:
    assert rank(judge(scope, [*evidence, bad]).verdict) <= rank(judge(scope, evidence).verdict)


@pytest.mark.parametrize("bad", [FAILURE, BAD_WITNESS, SUSPECTED, *BAD_NEWS[4:10]], ids=lambda e: e.kind)
def test_bad_news_keeps_a_part_from_being_supported(bad: Evidence) -> None:
    assert judge(UNIVERSAL, [WITNESS, STRESS, KILLED]).verdict is Verdict.SUPPORTED
    spoiled = judge(UNIVERSAL, [WITNESS, STRESS, KILLED, bad])
    expected = Verdict.SUPPORTED if bad == stress(0) else Verdict.INCONCLUSIVE  # a search of nothing says nothing
    assert spoiled.verdict is expected


@given(scopes, evidences, st.randoms(use_true_random=False))
def test_order_does_not_matter(scope: Scope, evidence: list[Evidence], random: Any) -> None:
    shuffled = random.sample(evidence, len(evidence))
    assert judge(scope, shuffled) == judge(scope, evidence)


@given(scopes, evidences, st.data())
def test_duplicates_do_not_matter(scope: Scope, evidence: list[Evidence], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(evidence), max_size=4)) if evidence else []
    assert judge(scope, [*evidence, *again]) == judge(scope, evidence)


@given(evidences)
def test_only_a_proof_proves_and_only_a_search_or_a_listing_supports(evidence: list[Evidence]) -> None:
    verdict = judge(UNIVERSAL, evidence).verdict
    if verdict in (Verdict.PROVED, Verdict.SUPPORTED):
        assert WITNESS in evidence
        assert BAD_WITNESS not in evidence
    if verdict is Verdict.PROVED:
        assert PROOF in evidence
    if verdict is Verdict.SUPPORTED:
        assert EXACT in evidence or any(isinstance(e, Stress) and e.matrices for e in evidence)
        assert any(isinstance(e, Mutants) and e.count(Outcome.KILLED) for e in evidence)
        assert not any(isinstance(e, Mutants) and e.count(Outcome.SURVIVING) for e in evidence)
        assert FAILURE not in evidence


@given(evidences)
def test_evidence_for_all_sizes_does_not_decide_a_typical_part(evidence: list[Evidence]) -> None:
    without = [e for e in evidence if not isinstance(e, (Measurement, Typing))]
    assert judge(TYPICAL, without).verdict is Verdict.INCONCLUSIVE
    assert judge(TYPICAL, evidence).verdict not in (Verdict.PROVED, Verdict.SUPPORTED, Verdict.REFUTED)


@given(evidences, measurements)
def test_a_measurement_does_not_decide_a_universal_part(evidence: list[Evidence], found: Measurement) -> None:
    assert rank(judge(UNIVERSAL, [*evidence, found]).verdict) == rank(judge(UNIVERSAL, evidence).verdict)


def test_an_exact_proof_at_listed_sizes_is_no_proof() -> None:
    assert judge(UNIVERSAL, [WITNESS, EXACT]).verdict is Verdict.INCONCLUSIVE
    assert judge(UNIVERSAL, [WITNESS, EXACT, KILLED]).verdict is Verdict.SUPPORTED


def test_one_good_search_does_not_hide_another_that_is_not() -> None:
    for bad in (stress(undecided=1), stress(not_finite=3), stress(zero=0)):
        for pair in ([STRESS, bad], [bad, STRESS]):
            assert judge(UNIVERSAL, [WITNESS, KILLED, *pair]).verdict is Verdict.INCONCLUSIVE


# --- conflicts ----------------------------------------------------------------------------------------------


def test_a_proof_beside_a_certified_counterexample_is_a_conflict_and_refuted() -> None:
    assert judge(UNIVERSAL, [WITNESS, PROOF, REFUTING]) == (Verdict.REFUTED, (), True)
    assert not judge(UNIVERSAL, [WITNESS, STRESS, KILLED, REFUTING]).conflict
    assert not judge(UNIVERSAL, [WITNESS, PROOF, SUSPECTED]).conflict


def test_a_proof_of_what_does_not_type_check_is_a_conflict() -> None:
    assert judge(UNIVERSAL, [PROOF, TYPING]) == (Verdict.ILL_POSED, (), True)
    assert not judge(UNIVERSAL, [TYPING]).conflict


# --- typical parts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "threshold, verdict",
    [
        (0.0, Verdict.EMPIRICAL),
        (0.29, Verdict.EMPIRICAL),
        (wilson(10, 20)[0], Verdict.INCONCLUSIVE),
        (0.5, Verdict.INCONCLUSIVE),
        (wilson(10, 20)[1], Verdict.INCONCLUSIVE),
        (0.71, Verdict.CONTRADICTED),
    ],
)
def test_the_interval_against_the_threshold(threshold: float, verdict: Verdict) -> None:
    """10 of 20: the 95% score interval is (0.299, 0.701); its ends decide nothing."""
    assert judge(TYPICAL, [measured(10, 20, threshold)]).verdict is verdict


@given(st.sampled_from([0.0, 0.5, 1.0]))
def test_a_measurement_of_no_units_decides_nothing(threshold: float) -> None:
    assert judge(TYPICAL, [measured(0, 0, threshold)]).verdict is Verdict.INCONCLUSIVE
    assert judge(TYPICAL, [measured(0, 0, threshold), measured(20, 20, 0.5)]).verdict is Verdict.INCONCLUSIVE


def test_every_measurement_must_hold() -> None:
    assert judge(TYPICAL, [measured(20, 20), measured(0, 20)]).verdict is Verdict.CONTRADICTED
    assert judge(TYPICAL, [measured(20, 20), measured(10, 20)]).verdict is Verdict.INCONCLUSIVE


# --- what a proof stands on ---------------------------------------------------------------------------------

grounds = st.lists(st.sampled_from(list(Verdict)), max_size=4)


@given(scopes, evidences, grounds, st.sampled_from(list(Verdict)))
def test_more_to_stand_on_never_raises_a_verdict(
    scope: Scope, evidence: list[Evidence], under: list[Verdict], more: Verdict
) -> None:
    assert rank(judge(scope, evidence, [*under, more]).verdict) <= rank(judge(scope, evidence, under).verdict)


@given(scopes, evidences, grounds)
def test_what_is_proved_stands_on_what_is_proved(scope: Scope, evidence: list[Evidence], under: list[Verdict]) -> None:
    judgement = judge(scope, evidence, under)
    if judgement.verdict is Verdict.PROVED:
        assert set(under) <= {Verdict.PROVED}
    if PROOF not in evidence or scope is TYPICAL:  # only a proof leans on anything
        assert judgement.verdict is judge(scope, evidence).verdict


@given(evidences, st.sampled_from([Verdict.REFUTED, Verdict.ILL_POSED, Verdict.CONTRADICTED]))
def test_a_proof_on_fallen_ground_is_a_conflict(evidence: list[Evidence], fallen: Verdict) -> None:
    assert judge(UNIVERSAL, [*evidence, PROOF], [fallen]).conflict


@given(scopes, evidences)
def test_an_attribution_decides_nothing_and_a_wrong_one_is_a_conflict(scope: Scope, evidence: list[Evidence]) -> None:
    without = judge(scope, evidence)
    assert judge(scope, [*evidence, ATTRIBUTED]) == without
    assert judge(scope, [*evidence, MISATTRIBUTED]) == without._replace(conflict=True)


# --- what cannot be evidence --------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_cannot_be_stored(bad: float) -> None:
    good = {"engine": "torch", "quantity": "q", "held": 1, "of": 2, "interval": (0.1, 0.9), "threshold": 0.5}
    Measurement(**good)  # type: ignore[arg-type]
    for change in (
        {"interval": (bad, 0.9)}, {"interval": (0.1, bad)}, {"threshold": bad}, {"figures": {"x": bad}},
        {"null": {"x": bad}}, {"seconds": bad}, {"held": bad}, {"of": bad},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            Measurement(**(good | change))  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Stress(engine="torch", matrices=1, classes={}, worst_margin=bad)
    with pytest.raises(ValidationError):
        Proof(engine="p", seconds=bad, steps=PROOF.steps)


@pytest.mark.parametrize("interval", [(0.9, 0.1), (0.6, 0.9), (0.1, 0.4), (-0.1, 0.9), (0.1, 1.1)])
def test_an_interval_must_hold_the_share_it_is_of(interval: tuple[float, float]) -> None:
    with pytest.raises(ValidationError, match="around 1 of 2"):
        Measurement(engine="torch", quantity="q", held=1, of=2, interval=interval, threshold=0.5)


def test_what_the_author_expects_is_no_input() -> None:
    assert list(inspect.signature(judge).parameters) == ["scope", "evidence", "leans_on"]
    reads = {name for name, value in vars(judging).items() if inspect.isclass(value)}
    assert "Part" not in reads
    assert "Claim" not in reads


def test_the_verdict_on_a_part_does_not_follow_what_is_expected_of_it() -> None:
    from verify.collection import Collection
    from verify.model.claim import Claim
    from verify.results import part_result
    from verify.select import Chosen

    said = Text(en="x", zh="x")
    seen = set()
    for expected in Verdict:
        part = Part(id="a", role=Role.CAVEAT, scope=TYPICAL, reading=said, expected=expected)
        main = part.model_copy(update={"id": "b", "role": Role.MAIN, "expected": Verdict.EMPIRICAL})
        claim = Claim(label="lemma-1", title=said, parts=(part, main))
        chosen = Chosen(Collection(name="c", title=said, claims=(claim,)), claim, part)
        seen.add(part_result(chosen, [measured(20, 20)]).verdict)
    assert seen == {Verdict.EMPIRICAL}


# --- headlines ----------------------------------------------------------------------------------------------


def test_verdicts_are_listed_worst_first() -> None:
    assert [v.value for v in Verdict] == [
        "refuted", "ill-posed", "contradicted", "inconclusive", "empirical", "supported", "proved",
    ]  # fmt: skip


def test_the_headline_is_the_worst_main_part_in_every_combination() -> None:
    order = list(Verdict)
    for size in (1, 2, 3):
        for verdicts in itertools.product(order, repeat=size):
            parts = [PartVerdict(Role.MAIN, UNIVERSAL, v) for v in verdicts]
            caveats = [PartVerdict(Role.CAVEAT, UNIVERSAL, v) for v in order]
            assert headline([*caveats, *parts]) is order[min(order.index(v) for v in verdicts)]


def test_a_claim_without_main_parts_has_no_good_headline() -> None:
    assert headline([]) is Verdict.INCONCLUSIVE
    assert headline([PartVerdict(Role.CAVEAT, UNIVERSAL, Verdict.PROVED)]) is Verdict.INCONCLUSIVE


MAIN, CAVEAT = Role.MAIN, Role.CAVEAT


@pytest.mark.parametrize(
    "parts, only",
    [
        ([(MAIN, UNIVERSAL, Verdict.REFUTED), (MAIN, TYPICAL, Verdict.EMPIRICAL)], True),
        ([(MAIN, UNIVERSAL, Verdict.REFUTED), (CAVEAT, TYPICAL, Verdict.EMPIRICAL)], True),
        ([(MAIN, TYPICAL, Verdict.EMPIRICAL)], True),
        ([(MAIN, UNIVERSAL, Verdict.PROVED), (MAIN, TYPICAL, Verdict.EMPIRICAL)], False),
        ([(MAIN, UNIVERSAL, Verdict.SUPPORTED), (MAIN, TYPICAL, Verdict.EMPIRICAL)], False),
        ([(MAIN, UNIVERSAL, Verdict.REFUTED), (MAIN, TYPICAL, Verdict.CONTRADICTED)], False),
        ([(MAIN, UNIVERSAL, Verdict.REFUTED), (CAVEAT, UNIVERSAL, Verdict.PROVED)], False),
        ([(MAIN, UNIVERSAL, Verdict.INCONCLUSIVE), (MAIN, TYPICAL, Verdict.EMPIRICAL)], False),
        ([(MAIN, UNIVERSAL, Verdict.ILL_POSED), (MAIN, TYPICAL, Verdict.EMPIRICAL)], True),
        ([(CAVEAT, UNIVERSAL, Verdict.PROVED), (MAIN, TYPICAL, Verdict.EMPIRICAL)], True),
        ([], False),
    ],
)
def test_only_empirical(parts: list[tuple[Role, Scope, Verdict]], only: bool) -> None:
    assert only_empirical([PartVerdict(*part) for part in parts]) is only
