"""The collection on section 11.2: every required part, the links between parts, what may be cited, nothing copied."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from installed_parts import CHOSEN, ILL_POSED, PARTS, PROVED, REFUTED, UNIVERSAL, expected

from claims.low_rank import collection
from verify.checks import Search
from verify.formula.mutation import mutations
from verify.model.words import Role, Scope, Verdict
from verify.text.fingerprints import changed, of_display, of_document
from verify.text.markdown import parse

ROOT = Path(__file__).parents[2]

# A star marks a main part, as in the list of what must be put on trial.
REQUIRED = {
    "definition-11.16": "ratio-identity* range-monotone* well-defined",
    "lemma-11.17": "tenth-keeps-95* full-rank-small-effective-rank universal-reading",
    "definition-effective-rank": "bounds* invariance agrees-with-source",
    "theorem-11.9": "subspace-exists* rank-bound*",
    "lemma-11.18": "gradient-formula greatest-error-direction singular-value-ode* steady-state-compresses*",
    "table-11.2.1": "embedding* attention* ffn* convolution*",
    "lemma-11.19": "logits-rank softmax-rank* softmax-lowers-rank causal what-survives effective-rank*",
    "lemma-11.20": "log-linear* regression-recovers* alpha-range* same-exponent",
    "theorem-11.10": "early-uniform* energy-concentrates*",
    "theorem-11.11": "residual-identity* tail-bound* edge",
    "corollary-11.4": "lower-bound* small-next-value-suffices",
    "definition-11.17": "exists* ten-to-thirty-percent*",
    "lemma-11.21": "top-close* tail-small* tail-is-noise staircase*",
    "theorem-11.12": "any-threshold* some-threshold recovers-matrix*",
    "table-11.2.2": "fast* medium* slow* flat* exponent-of-row rows-agree",
    "equation-gd-update": "shapes* solution-space*",
    "lemma-11.22": "modes-decouple* rates-by-eigenvalue*",
    "theorem-11.13": "mode-rate* converges small-is-slow* slow-means-small-weight",
    "corollary-11.5": "finite-steps-lower-rank* aligned usually",
    "lemma-11.23": "unbiased covariance fisher-hessian* anisotropic",
    "theorem-11.14": "langevin* stationary-covariance accumulates-in-noisy-directions* rank-drifts-down",
    "lemma-11.24": "shapes* equivalent-regulariser* pushes-to-low-rank*",
    "definition-11.18": "hessian-psd* reparametrisation",
    "theorem-11.15": "flat-is-low-singular* correlation flat-minimum-is-low-rank",
    "lemma-11.25": "low-rank-generalises*",
    "definition-11.19": "forward* rank*",
    "lemma-11.26": "count* approximation* example*",
    "definition-11.20": "dimension* manifold*",
    "theorem-11.16": "chain-rule* equivalent-to-manifold-descent*",
    "lemma-11.27": "tangent only-within-both-spaces projection* second-order",
    "theorem-11.17": "represents*",
    "corollary-11.6": "optimal-error*",
    "lemma-11.28": "singular-values-from-ab* eigenvalues alignment*",
    "table-11.2.3": "lora* adalora* qlora* dora*",
    "definition-11.21": "form* scale-is-importance*",
    "lemma-11.29": "l1-gives-zeros l1-on-scale-alone* is-adalora",
    "definition-11.22": "range*",
    "theorem-11.18": "frobenius* spectral*",
    "lemma-11.30": "telescoping bound-relative-to-norms bound-relative-to-output* bound-absolute first-order*",
    "theorem-11.19": "finite* data-scale* linear-class",
    "corollary-11.7": "monotone* prevents-overfitting*",
    "lemma-11.31": "falsifiable* denoising",
    "definition-11.23": "exists* unique",
    "lemma-11.32": "energy-metric any-performance*",
    "theorem-11.20": "selects* guarantee optimal*",
}


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
    claim, part = CHOSEN[name].claim, PARTS[name]
    if part.role is Role.MAIN and part.expected in (Verdict.REFUTED, Verdict.ILL_POSED):
        assert part.repair or part.survives_as
    if part.repair:
        assert claim.part(part.repair).expected in (Verdict.PROVED, Verdict.SUPPORTED)
    if part.survives_as:
        assert claim.part(part.survives_as).scope is Scope.TYPICAL


def test_every_universal_part_has_a_way_to_be_decided() -> None:
    supported = expected(Verdict.SUPPORTED)
    assert set(UNIVERSAL) == set(PROVED) | set(REFUTED) | set(ILL_POSED) | set(supported)
    assert not set(PROVED) & set(REFUTED)
    assert set(expected(Verdict.PROVED)) <= set(PROVED)
    assert set(expected(Verdict.REFUTED)) == set(REFUTED)
    for name, part in supported.items():
        assert name in PROVED or any(isinstance(check, Search) for check in part.checks), name


def test_a_repair_differs_from_what_it_repairs() -> None:
    for name, part in PARTS.items():
        if part.repair and part.scope is Scope.UNIVERSAL:
            assert CHOSEN[name].claim.part(part.repair).statement.fingerprint != part.statement.fingerprint


@pytest.mark.parametrize("name", [name for name, part in PARTS.items() if part.spared])
def test_only_mutants_that_there_are_are_explained(name: str) -> None:
    made = {mutation.name for mutation in mutations(PARTS[name].statement)}
    assert set(PARTS[name].spared) <= made


def test_the_claims_are_in_the_order_of_the_text() -> None:
    labels = [claim.label for claim in collection.claims]
    assert labels == [label for label in collection.fingerprints if label in labels]
    assert set(collection.fingerprints) == set(labels)


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
        p
        for folder in ("claims", "docs")
        for p in (ROOT / folder).rglob("*")
        if p.suffix in (".py", ".md", ".bib", ".toml", ".json")
    ]
    assert len(ours) > 5
    copied = {f"{p.relative_to(ROOT)}: {run}" for p in ours for run in runs(p.read_text("utf-8")) & book}
    assert not copied, sorted(copied)


def test_the_fingerprints_are_those_of_the_textbook() -> None:
    path = os.environ.get("VERIFY_TEXTBOOK")
    if not path:
        pytest.skip("VERIFY_TEXTBOOK names no file: the textbook is not part of the project")
    document = parse(Path(path).read_text("utf-8"), path)
    found = of_document(document)
    displayed = {of_display(formula) for formula in document.free_formulas() if formula.display}
    for label, kept in collection.fingerprints.items():
        if kept.startswith("-"):
            assert kept in displayed, label
        else:
            assert changed(kept, found[label]) == "", label
    assert set(found) <= set(collection.fingerprints)
