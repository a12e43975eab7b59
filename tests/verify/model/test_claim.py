"""Claims and parts: everything malformed is refused when built, with a message that names the mend."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from verify.checks import Counter, Measure, Search
from verify.formula.vocabulary import FrobeniusNorm, SpectralNorm, ge, le, matrix, sizes
from verify.model.claim import Claim, Part, Text
from verify.model.statement import Matrix, Size
from verify.model.words import Kind, Role, Scope, Verdict

m, n = sizes("m n")
W, V = matrix("W", m, n), matrix("V", m, n)
GIVEN = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W))
TEXT = Text(en="said", zh="所述")


def part(**changes: Any) -> Part:
    fields: dict[str, Any] = {
        "id": "a",
        "role": Role.MAIN,
        "reading": TEXT,
        "given": GIVEN,
        "says": le(SpectralNorm(W), FrobeniusNorm(W)),
        "witness": {"W": [["1"]]},
        "expected": Verdict.PROVED,
    }
    return Part(**fields | changes)


def typical(**changes: Any) -> Part:
    fields: dict[str, Any] = {"scope": Scope.TYPICAL, "given": (), "says": (), "witness": None, "id": "seen"}
    return part(**fields | {"expected": Verdict.EMPIRICAL} | changes)


def claim(*parts: Part, label: str = "lemma-11.19") -> Claim:
    return Claim(label=label, title=TEXT, parts=parts)


def refuted(**changes: Any) -> Part:
    return part(**{"expected": Verdict.REFUTED} | changes)


# --- parts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"witness": None}, "universal part 'a' has no witness: give exact values"),
        ({"says": ()}, "universal part 'a' says nothing; give `says` a relation"),
        ({"says": ge(FrobeniusNorm(V), 0)}, "uses V, which no earlier line of `given` declares"),
        ({"given": (*GIVEN, Matrix(symbol=W))}, "W is declared twice; rename one of them"),
        ({"given": (GIVEN[2], *GIVEN[:2])}, "uses m, which no earlier line of `given` declares"),
        ({"says": FrobeniusNorm(W)}, "is not a relation; write eq, le"),
        ({"scope": Scope.TYPICAL}, "typical part 'a' has a witness; witnesses belong to universal parts"),
        ({"id": "Tail bound"}, "use lower-case words joined by hyphens, such as tail-bound"),
        ({"id": "a/b"}, "use lower-case words"),
        ({"id": ""}, "use lower-case words"),
        ({"expected": "likely"}, "expected"),
        ({"role": "chief"}, "role"),
        ({"remark": "x"}, "remark"),
    ],
)
def test_a_malformed_part_is_refused(changes: dict[str, Any], message: str) -> None:
    part()
    with pytest.raises(ValidationError, match=message):
        part(**changes)


def test_both_languages_are_required() -> None:
    with pytest.raises(ValidationError, match="zh"):
        Text(en="only one")  # type: ignore[call-arg]


def test_one_relation_may_stand_for_a_list_of_one() -> None:
    assert part().says == part(says=[le(SpectralNorm(W), FrobeniusNorm(W))]).says


# --- claims -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parts, message",
    [
        ([part(), part()], "two parts are called 'a'; rename one"),
        ([part(role=Role.CAVEAT)], "no main part carries the headline; give one part role=Role.MAIN"),
        ([refuted(repair="b")], "repair names 'b', which is no part of this claim; add it or drop it"),
        ([refuted(survives_as="b")], "survives_as names 'b', which is no part of this claim"),
        ([refuted(repair="a")], "repair names the part itself; name the corrected part"),
        ([typical(id="a", survives_as="a")], "survives_as names the part itself"),
        ([refuted(survives_as="b"), part(id="b")], "survives_as must name a typical part; use repair for a universal"),
        ([refuted()], "a main part expected refuted names a repair or what survives; give one"),
        ([part(expected=Verdict.ILL_POSED)], "a main part expected ill-posed names a repair or what survives"),
        ([], "at least 1 item"),
    ],
)
def test_a_malformed_claim_is_refused(parts: list[Part], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        claim(*parts)


def test_what_is_well_formed_is_accepted() -> None:
    made = (
        claim(refuted(repair="b"), part(id="b")),
        claim(refuted(survives_as="seen"), typical()),
        claim(part(), refuted(id="b", role=Role.CAVEAT)),
    )
    assert all(len(one.parts) == 2 for one in made)


@pytest.mark.parametrize(
    "label", ["11.19", "lemma", "Lemma-11.19", "conjecture-1", "lemma-", "lemma 11.19", "lemma-é", ""]
)
def test_a_bad_label_is_refused(label: str) -> None:
    with pytest.raises(ValidationError, match=r"write kind-number, such as lemma-11\.19"):
        claim(part(), label=label)


@pytest.mark.parametrize("label", ["lemma-11.19", "equation-gd-update", "table-11.2.1", "definition-effective-rank"])
def test_a_label_has_a_kind_and_a_number(label: str) -> None:
    made = claim(part(), label=label)
    assert made.kind is Kind(label.split("-")[0])
    assert made.kind + "-" + made.number == label


def test_nothing_can_be_changed_afterwards() -> None:
    made = claim(part())
    for thing, name, value in (
        (made, "label", "lemma-1"), (made.parts[0], "expected", Verdict.REFUTED), (TEXT, "en", "x"),
        (Counter(values={}), "origin", "x"), (Search(), "gradient", False),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match="frozen"):
            setattr(thing, name, value)


# --- what a fingerprint reads of a check --------------------------------------------------------------------


def test_a_check_describes_all_that_its_evidence_depends_on() -> None:
    from verify.networks.attention import effective_rank_at_most_d, effective_rank_stays

    checks = [
        Search(), Search(gradient=False), Search(excludes={"zero matrix": "r"}), Counter(values={"W": [["1"]]}),
        Counter(values={"W": [["2"]]}), Measure(function=effective_rank_at_most_d, quantity="q", threshold=0.5),
        Measure(function=effective_rank_stays, quantity="q", threshold=0.5),
        Measure(function=effective_rank_at_most_d, quantity="q", threshold=0.6),
    ]  # fmt: skip
    described = [repr(check.describe()) for check in checks]
    assert len(set(described)) == len(described)
    assert described == [repr(check.describe()) for check in checks]


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_is_a_share(threshold: float) -> None:
    with pytest.raises(ValidationError, match="threshold"):
        Measure(function=max, quantity="q", threshold=threshold)
