"""Evidence: through JSON and back, nothing extra, nothing changed afterwards."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from verify.model import evidence as module
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
    Violation,
    Witness,
)  # fmt: skip
from verify.model.words import Outcome

ADAPTER: TypeAdapter[Any] = TypeAdapter(Evidence)
CERTIFICATE = Certificate(
    statement="0123456789abcdef", values={"W": [["1/2"]], "F": [[["1"]]], "k": "3"}, relation=1, left="2", right="1",
    engine="ball", precision=128,
)  # fmt: skip
EACH: list[Any] = [
    Proof(engine="p", seconds=1.5, steps=[Step(name="a", tex="x", by="b", uses=["Weyl"])], theorems=["Weyl"]),
    Exact(engine="e", sizes=["m = 2"]),
    Stress(engine="s", matrices=3, recipes=1, classes={"tied": 2}, worst_margin=-0.5, sharpest_killed="0.99", ties=1),
    Counterexample(
        engine="c", certified=True, certificate=CERTIFICATE, found_by="search", worst=Violation(relative=0.5, where="m")
    ),
    Measurement(
        engine="t", quantity="q", held=1, of=2, interval=(0.1, 0.9), threshold=0.5, null={"Gaussian": 1.0},
        networks=["a"], figures={"x": 2.0}, note="注意",
    ),
    Illustration(
        engine="formulas",
        curves=(Curves(title="t", x="x", y="y", lines=(Line(name="a", of="model", x=(1.0,), y=(2.0,)),)),),
    ),
    Typing(engine="t", message="m is not n"),
    Witness(engine="exact", holds=False, message="为零"),
    Mutants(
        engine="m",
        outcomes=[Mutant(name="a", tex="x", outcome=Outcome.KILLED, reason="r", certificate=CERTIFICATE),
                  Mutant(name="b", tex="y", outcome=Outcome.SURVIVING, reason="r")],
    ),
    Attribution(
        engine="record", record="a-2007", source="a", year=2007, authors=("A", "B"), where="(3)", formula="x",
        provenance="seen", verified=False, agrees=False, message="differs",
    ),
    Failure(engine="f", check="Search", cause="timeout", message="late"),
]  # fmt: skip
kinds = pytest.mark.parametrize("evidence", EACH, ids=lambda e: e.kind)


def test_every_kind_is_tried_here() -> None:
    union = get_args(get_args(Evidence)[0])
    assert {type(e) for e in EACH} == set(union)
    assert len({e.kind for e in EACH}) == len(union)


@kinds
def test_json_and_back(evidence: Any) -> None:
    again = ADAPTER.validate_json(ADAPTER.dump_json(evidence))
    assert again == evidence
    assert type(again) is type(evidence)
    assert ADAPTER.validate_python(evidence.model_dump(mode="json")) == evidence


@kinds
def test_nothing_extra_is_let_in(evidence: Any) -> None:
    data = evidence.model_dump(mode="json")
    with pytest.raises(ValidationError, match="verdict"):
        ADAPTER.validate_python(data | {"verdict": "proved"})


@kinds
def test_it_cannot_be_changed_afterwards(evidence: Any) -> None:
    for name in type(evidence).model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(evidence, name, getattr(evidence, name))


@kinds
def test_the_kind_decides_and_must_be_known(evidence: Any) -> None:
    data = evidence.model_dump(mode="json")
    with pytest.raises(ValidationError):
        ADAPTER.validate_python({k: v for k, v in data.items() if k != "kind"})
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(data | {"kind": "opinion"})


@pytest.mark.parametrize("change", [{"covers": "most sizes"}, {"steps": []}])
def test_a_proof_covers_all_sizes_by_at_least_one_step(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Proof.model_validate(EACH[0].model_dump() | change)


@pytest.mark.parametrize("name", ["matrices", "recipes", "suspects", "ties", "undecided", "unexamined", "not_finite"])
def test_counts_are_not_negative(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        Stress.model_validate(EACH[2].model_dump() | {name: -1})


def test_more_cannot_hold_than_were_measured() -> None:
    with pytest.raises(ValidationError, match="3 of 2"):
        Measurement.model_validate(EACH[4].model_dump() | {"held": 3})


def test_an_exact_proof_names_its_sizes() -> None:
    with pytest.raises(ValidationError, match="sizes"):
        Exact(engine="e", sizes=[])


def test_all_models_of_the_module_are_frozen() -> None:
    models = [m for m in vars(module).values() if isinstance(m, type) and issubclass(m, module.Frozen)]
    assert all(m.model_config.get("frozen") and m.model_config.get("extra") == "forbid" for m in models)
