"""The collection on section 11.2: complete, well linked, each proof, counterexample and witness doing what it says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from claims.low_rank import collection
from verify.certify import Refusal, certify, recheck
from verify.checks import Counter, Prove, WitnessCheck
from verify.context import Context, Profile
from verify.formula.printing import mathml, tex_given
from verify.judge import Judgement, judge
from verify.model.claim import Claim, Part, Text
from verify.model.evidence import Counterexample, Evidence, Proof, Typing, Witness
from verify.model.statement import Statement
from verify.model.words import Reason, Role, Scope, Verdict
from verify.plan import checks_of
from verify.proof.errors import ProofError
from verify.proof.lines import check

ROOT = Path(__file__).parents[2]
QUICK = Context(profile=Profile.QUICK, workers=1)

# A star marks a main part, as in the list of what must be put on trial.
REQUIRED = {
    "definition-11.16": "ratio-identity* range-monotone* well-defined",
    "lemma-11.19": "logits-rank softmax-rank* softmax-lowers-rank causal what-survives effective-rank*",
    "theorem-11.11": "residual-identity* tail-bound* edge",
    "corollary-11.4": "lower-bound* small-next-value-suffices",
    "theorem-11.12": "any-threshold* some-threshold recovers-matrix*",
    "theorem-11.13": "mode-rate* converges small-is-slow* slow-means-small-weight",
    "lemma-11.26": "count* approximation* example*",
    "definition-11.20": "dimension* manifold*",
    "theorem-11.16": "chain-rule* equivalent-to-manifold-descent*",
    "theorem-11.18": "frobenius* spectral*",
    "lemma-11.30": "telescoping bound-relative-to-norms bound-relative-to-output* bound-absolute first-order*",
    "lemma-11.32": "energy-metric any-performance*",
}
PARTS = {f"{claim.label}/{part.id}": (claim, part) for claim in collection.claims for part in claim.parts}
UNIVERSAL = {name: part for name, (_, part) in PARTS.items() if part.scope is Scope.UNIVERSAL}
PROVED = {name: part for name, part in UNIVERSAL.items() if any(isinstance(c, Prove) for c in part.checks)}
REFUTED = {name: part for name, part in UNIVERSAL.items() if any(isinstance(c, Counter) for c in part.checks)}
ILL_POSED = {name: part for name, part in UNIVERSAL.items() if part.expected is Verdict.ILL_POSED}


def of(parts: dict[str, Part]) -> Any:
    return pytest.mark.parametrize("part", parts.values(), ids=parts)


# --- completeness and links ---------------------------------------------------------------------------------


@pytest.mark.parametrize("label", REQUIRED)
def test_every_required_part_is_there_with_its_role(label: str) -> None:
    claim = collection.claim(label)
    roles = {part.id: part.role for part in claim.parts}
    for name in REQUIRED[label].split():
        role = Role.MAIN if name.endswith("*") else Role.CAVEAT
        assert roles[name.rstrip("*")] is role, f"{label}/{name}"


def test_main_parts_that_are_not_required_are_repairs() -> None:
    for claim in collection.claims:
        required = {name.rstrip("*") for name in REQUIRED.get(claim.label, "").split()}
        repairs = {part.repair for part in claim.parts}
        if claim.label in REQUIRED:
            assert {p.id for p in claim.parts if p.role is Role.MAIN} <= required | repairs


@pytest.mark.parametrize("name", PARTS)
def test_a_main_part_that_falls_names_what_stands(name: str) -> None:
    claim, part = PARTS[name]
    if part.role is Role.MAIN and part.expected in (Verdict.REFUTED, Verdict.ILL_POSED):
        assert part.repair or part.survives_as
    if part.repair:
        assert claim.part(part.repair).expected in (Verdict.PROVED, Verdict.SUPPORTED)
    if part.survives_as:
        assert claim.part(part.survives_as).scope is Scope.TYPICAL


def test_every_universal_part_has_a_way_to_be_decided() -> None:
    assert set(UNIVERSAL) == set(PROVED) | set(REFUTED) | set(ILL_POSED)
    assert not set(PROVED) & set(REFUTED)
    assert {name for name, part in UNIVERSAL.items() if part.expected is Verdict.PROVED} == set(PROVED)
    assert {name for name, part in UNIVERSAL.items() if part.expected is Verdict.REFUTED} == set(REFUTED)


def test_no_two_parts_of_a_claim_say_the_same_for_the_same_reason() -> None:
    """A repair repeats nothing: it differs from what it repairs."""
    for claim, part in PARTS.values():
        if part.repair and part.scope is Scope.UNIVERSAL:
            assert claim.part(part.repair).statement.fingerprint != part.statement.fingerprint


# --- proofs -------------------------------------------------------------------------------------------------


def derivations(part: Part) -> Iterator[Any]:
    return (c.derivation for c in part.checks if isinstance(c, Prove))


@of(PROVED)
def test_each_proof_proves_its_part(part: Part) -> None:
    for derivation in derivations(part):
        steps, _ = check(derivation, part.statement)
        assert steps


def spoiled(conclusion: Any) -> Iterator[Any]:
    """Relations that a proof of the conclusion must not prove: its negation, it turned round, an end moved."""
    left, right = conclusion.args
    if isinstance(conclusion, sp.Eq):
        yield sp.Ne(left, right, evaluate=False)
        yield sp.Eq(left, right + 1, evaluate=False) if not left.is_Matrix else sp.Eq(left, 2 * right, evaluate=False)
        return
    negated = {sp.Le: sp.Gt, sp.Lt: sp.Ge, sp.Ge: sp.Lt, sp.Gt: sp.Le}[type(conclusion)]
    yield negated(left, right, evaluate=False)
    yield type(conclusion)(right, left, evaluate=False)


@of(PROVED)
def test_no_proof_proves_a_spoiled_conclusion(part: Part) -> None:
    for conclusion in part.says:
        for wrong in spoiled(conclusion):
            statement = Statement(given=part.given, says=(wrong,))
            for derivation in derivations(part):
                with pytest.raises(ProofError):
                    check(derivation, statement)


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
    (claim,) = (claim for claim, p in PARTS.values() if p is part)
    repair = claim.part(str(part.repair)).statement
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
def test_what_is_ill_posed_does_not_type_check(part: Part) -> None:
    found = WitnessCheck().run(part, QUICK)
    assert found
    assert all(isinstance(e, Typing) for e in found)


# --- what a reader sees -------------------------------------------------------------------------------------


@of(UNIVERSAL)
def test_every_formula_and_declaration_converts_to_mathml(part: Part) -> None:
    shown = [*(mathml(f, display=True) for f in part.says), *(mathml(tex_given(line)) for line in part.given)]
    assert all("<mi" in markup for markup in shown)


@pytest.mark.parametrize("claim", collection.claims, ids=lambda c: c.label)
def test_the_formulas_of_the_item_convert_too(claim: Claim) -> None:
    for source in claim.statement_tex:
        assert "<math" in mathml(source, display=True)


CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts() -> Iterator[tuple[str, Text]]:
    yield collection.name, collection.title
    for claim in collection.claims:
        yield f"{claim.label}: title", claim.title
    for name, (_, part) in PARTS.items():
        yield f"{name}: reading", part.reading
        if part.note:
            yield f"{name}: note", part.note


@pytest.mark.parametrize("text", [t for _, t in texts()], ids=[n for n, _ in texts()])
def test_every_text_is_there_in_both_languages(text: Text) -> None:
    assert text.en.strip() == text.en
    assert re.search("[a-z]{2}", text.en)
    assert not CHINESE.search(text.en)
    assert text.zh.strip() == text.zh
    assert CHINESE.search(text.zh)


def test_no_two_readings_of_a_claim_are_alike() -> None:
    for claim in collection.claims:
        for language in ("en", "zh"):
            readings = [getattr(part.reading, language) for part in claim.parts]
            assert len(set(readings)) == len(readings), claim.label


# --- sources ------------------------------------------------------------------------------------------------


def entries() -> dict[str, str]:
    assert collection.bibliography is not None
    source = collection.bibliography.read_text("utf-8")
    blocks = re.split(r"^@\w+\{", source, flags=re.MULTILINE)[1:]
    return {block.split(",", 1)[0].strip(): block for block in blocks}


def test_every_cited_source_has_an_entry() -> None:
    cited = {key for claim in collection.claims for key in claim.sources}
    cited |= {key for _, part in PARTS.values() for key in part.sources}
    assert cited <= set(entries()), cited - set(entries())


@pytest.mark.parametrize("key", entries())
def test_an_entry_is_complete_and_can_be_found(key: str) -> None:
    block = entries()[key]
    for field in ("author", "title", "year"):
        assert re.search(rf"^\s*{field}\s*=\s*\{{.+\}},$", block, flags=re.MULTILINE), field
    assert re.search(r"^\s*(journal|booktitle|publisher)\s*=", block, flags=re.MULTILINE)
    assert re.search(r"^\s*(doi|eprint|isbn|url)\s*=", block, flags=re.MULTILINE)
    assert block.count("{") + 1 == block.count("}")
    year = re.search(r"year\s*=\s*\{(\d{4})\}", block)
    assert (year is not None and year.group(1) in key) or not re.search(r"\d{4}", key)


# --- the textbook's own words -------------------------------------------------------------------------------

RUN = 12


def runs(text: str) -> set[str]:
    """Every run of twelve Chinese characters with nothing between them."""
    found = set()
    for stretch in re.findall(r"[\u4e00-\u9fff]+", text):
        found |= {stretch[i : i + RUN] for i in range(len(stretch) - RUN + 1)}
    return found


def test_a_copied_sentence_would_be_seen() -> None:
    assert runs("这是一个由十四个汉字组成的句子") & runs("甲，是一个由十四个汉字组成的句子。")
    assert not runs("这是一个，由十四个汉字，组成的句子")


def test_no_sentence_of_the_textbook_is_copied() -> None:
    path = os.environ.get("VERIFY_TEXTBOOK")
    if not path:
        pytest.skip("VERIFY_TEXTBOOK names no file: the textbook is not part of the project")
    lines = Path(path).read_text("utf-8").splitlines()
    headings = [line for line in lines if line.startswith("#")]  # the name of a section may be said anywhere
    book = runs("\n".join(lines)) - runs("\n".join(headings))
    assert book, f"{path} has no Chinese text"
    ours = [
        p for folder in ("claims", "docs") for p in (ROOT / folder).rglob("*") if p.suffix in (".py", ".md", ".bib")
    ]
    assert len(ours) > 5
    copied = {f"{p.relative_to(ROOT)}: {run}" for p in ours for run in runs(p.read_text("utf-8")) & book}
    assert not copied, sorted(copied)


# --- verdicts -----------------------------------------------------------------------------------------------


def tried(part: Part) -> Judgement:
    """The verdict of a quick run of one part."""
    evidence: list[Evidence] = []
    for one in checks_of(part):
        reads: Any = one
        more = {"evidence": evidence} if type(one).__name__ == "MutantsCheck" else {}
        evidence += reads.run(part, QUICK, **more)
    return judge(part.scope, evidence)


FAST = [
    "definition-11.16/truncation-unique", "theorem-11.18/edge", "lemma-11.26/count", "lemma-11.26/saves",
    "lemma-11.26/example-by-approximation", "lemma-11.30/bound-absolute-repaired", "theorem-11.13/mode-rate",
]  # fmt: skip


@pytest.mark.parametrize("name", FAST)
def test_the_verdict_on_a_fast_part_is_the_expected_one(name: str) -> None:
    part = PARTS[name][1]
    assert tried(part) == Judgement(part.expected, (), conflict=False)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in UNIVERSAL if name not in FAST])
def test_the_verdict_on_every_universal_part_is_the_expected_one(name: str) -> None:
    part = PARTS[name][1]
    assert tried(part) == Judgement(part.expected, (), conflict=False)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PARTS if name not in UNIVERSAL])
def test_a_quick_measurement_does_not_say_the_opposite(name: str) -> None:
    """Two seeds may be too few to decide; they must not decide against what is expected."""
    part = PARTS[name][1]
    verdict, reasons, _ = tried(part)
    assert verdict is part.expected or reasons == (Reason.NOT_DECISIVE,)


def test_a_proof_is_evidence_for_its_own_part_only() -> None:
    """The proof of the repaired threshold does not prove what it repairs."""
    broken, mended = (PARTS[f"theorem-11.12/any-threshold{end}"][1] for end in ("", "-repaired"))
    (prove,) = (c for c in mended.checks if isinstance(c, Prove))
    assert isinstance(prove.run(mended, QUICK)[0], Proof)
    assert not any(isinstance(e, Proof) for e in prove.run(broken, QUICK))
