"""What parts lean on: found, in order, without circles; and how it weighs on verdicts."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from verify.checks import Prove
from verify.collection import Collection, CollectionError
from verify.dependencies import Judging, cited, closure, full_name, leans_on, resolve
from verify.formula.vocabulary import FrobeniusNorm, SpectralNorm, indices, le, matrix, sizes
from verify.model.claim import Claim, Part, Text
from verify.model.evidence import Evidence, Proof, Step, Stress, Witness
from verify.model.statement import Matrix, Size
from verify.model.words import Reason, Role, Verdict
from verify.proof.library import LIBRARY
from verify.proof.lines import Derivation, Line
from verify.proof.steps import Apply, Arithmetic, ForEach
from verify.select import Chosen

m, n = sizes("m n")
k = indices("k")
W = matrix("W", m, n)
SAID = Text(en="said", zh="所述")
BELOW = le(SpectralNorm(W), FrobeniusNorm(W))
PROOF = Proof(engine="proof checker", steps=[Step(name="a", tex="a", by="b")])
WITNESS = Witness(engine="exact", holds=True)


def part(name: str, *depends_on: str, **more: Any) -> Part:
    fields: dict[str, Any] = {
        "id": name, "role": Role.MAIN, "reading": SAID, "given": (Size(symbol=m), Size(symbol=n), Matrix(symbol=W)),
        "says": BELOW, "witness": {"W": [["1"]]}, "expected": Verdict.PROVED, "depends_on": depends_on,
    }  # fmt: skip
    return Part(**fields | more)


def chosen(*parts: Part) -> dict[str, Chosen]:
    claim = Claim(label="lemma-1", title=SAID, parts=parts)
    home = Collection(name="home", title=SAID, claims=(claim,))
    return {p.id: Chosen(home, claim, p) for p in parts}


def names(found: list[Chosen]) -> list[str]:
    return [full_name(c) for c in found]


def test_what_is_leant_on_comes_first_and_once() -> None:
    parts = chosen(part("a", "lemma-1/b", "lemma-1/c"), part("b", "home:lemma-1/c"), part("c"))
    assert leans_on(parts["a"]) == ("home:lemma-1/b", "home:lemma-1/c")
    assert names(closure([parts["a"], parts["c"]])) == ["home:lemma-1/c", "home:lemma-1/b", "home:lemma-1/a"]
    assert names(closure([parts["c"]])) == ["home:lemma-1/c"]


@pytest.mark.parametrize("links", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "b"}])
def test_a_circle_is_refused(links: dict[str, str]) -> None:
    parts = chosen(*(part(x, *([f"lemma-1/{links[x]}"] if x in links else [])) for x in "abc"))
    with pytest.raises(CollectionError, match=r"in a circle: .*lemma-1/. -> .*drop one"):
        closure([parts["a"]])


def test_a_dependency_that_does_not_exist_is_named() -> None:
    parts = chosen(part("a", "lemma-1/nowhere"))
    with pytest.raises(CollectionError, match="home:lemma-1/nowhere: a part leans on it"):
        closure([parts["a"]])
    with pytest.raises(CollectionError, match="no collection is called 'nowhere'"):
        resolve("nowhere:lemma-1/a")


@pytest.mark.parametrize("name", ["lemma-1", "lemma-1/", "a:b:lemma-1/a", "lemma-1/a/b", "Lemma 1/a", ""])
def test_a_malformed_dependency_is_refused_when_the_part_is_built(name: str) -> None:
    with pytest.raises(ValidationError, match="write claim/part"):
        part("a", name)


def test_theorems_are_found_at_any_depth() -> None:
    inside = Line(name="x", by=Apply(theorem="order", to={"W": W}))
    nested = Line(name="each", by=ForEach(index=k, low=1, high=2, lines=(inside,)))
    outside = Line(name="y", by=Apply(theorem="triangle", to={}))
    derivation = Derivation(lines=(nested, outside, Line(name="z", by=Arithmetic(), says=BELOW)))
    assert sorted(cited(derivation)) == ["order", "triangle"]


def test_a_proof_leans_on_the_foundations_of_the_theorems_it_cites(monkeypatch: pytest.MonkeyPatch) -> None:
    theorem = LIBRARY["spectral-frobenius"]
    derivation = Derivation(lines=(Line(name="b", by=Apply(theorem="spectral-frobenius", to={"W": W})),))
    parts = chosen(part("a", checks=(Prove(derivation=derivation),)))
    monkeypatch.setitem(LIBRARY, "spectral-frobenius", theorem.model_copy(update={"foundation": ""}))
    assert leans_on(parts["a"]) == ()
    monkeypatch.setitem(LIBRARY, "spectral-frobenius", theorem.model_copy(update={"foundation": "lemma-2/norms"}))
    assert leans_on(parts["a"]) == ("foundations:lemma-2/norms",)


def test_a_verdict_is_weighed_down_by_all_that_lies_under_it() -> None:
    parts = chosen(part("a", "lemma-1/b"), part("b", "lemma-1/c"), part("c"))
    proof: list[Evidence] = [WITNESS, PROOF]
    evidence: dict[str, list[Evidence]] = {"a": proof, "b": proof, "c": proof}
    assert Judging(lambda c: evidence[c.part.id]).of(parts["a"]).verdict is Verdict.PROVED
    evidence["c"] = [WITNESS, Stress(engine="s", matrices=0, classes={}, worst_margin=None)]
    judging = Judging(lambda c: evidence[c.part.id])
    assert judging.of(parts["a"]) == (Verdict.INCONCLUSIVE, (Reason.FOUNDATION_OPEN,), False)
    assert judging.under(parts["a"]) == {"home:lemma-1/b": Verdict.INCONCLUSIVE}
    assert judging.under(parts["c"]) == {}


def test_every_installed_part_leans_on_parts_that_exist() -> None:
    from verify.collection import installed
    from verify.select import everything

    parts = everything(installed())
    assert {full_name(c) for c in parts} <= set(names(closure(parts)))


def test_every_foundation_that_a_theorem_names_exists() -> None:
    import verify.proof.theorems  # noqa: F401  # fills the library

    named = {theorem.foundation for theorem in LIBRARY.values()} - {""}
    for name in named:
        resolve(f"foundations:{name}")
