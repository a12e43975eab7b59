"""The foundations: each proof holds, nothing leans on itself, and what has no proof is named with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import sympy as sp

from claims.foundations import collection
from verify.checks import Prove, WitnessCheck
from verify.context import Context, Profile
from verify.dependencies import closure, full_name, leans_on, resolve
from verify.model.claim import Part
from verify.model.evidence import Witness
from verify.model.statement import Assume, Index, Real, Statement
from verify.model.words import Verdict
from verify.proof.errors import ProofError
from verify.proof.library import LIBRARY
from verify.proof.lines import check
from verify.select import Chosen

QUICK = Context(profile=Profile.QUICK, workers=1)
CHOSEN = {
    f"{claim.label}/{part.id}": Chosen(collection, claim, part) for claim in collection.claims for part in claim.parts
}
PARTS = {name: chosen.part for name, chosen in CHOSEN.items()}

BASE = {
    "order": "singular values are ordered by definition",
    "positive": "existence of the singular value decomposition",
    "beyond-rank": "existence of the singular value decomposition",
    "spectral-norm": "definition of the spectral norm",
    "energy": "definition",
    "nonzero-rank": "existence of the singular value decomposition",
    "left-vector": "definition of a left singular vector",
    "truncated-whole": "definition of the truncation",
    "nuclear-norm": "definition",
    "frobenius-definite": "a sum of squares of real numbers",
    "count": "definition",
    "thresholded": "definition",
    "log-softmax": "definition",
    "causal-zero": "definition",
    "causal-diagonal": "definition",
    "chain-start": "definition",
    "chain-step": "definition",
    "effective-rank": "definition",
    "effective-rank-l1": "definition",
    "right-vector": "definition of a right singular vector",
    "entry-product": "definition of the product",
    "entry-diagonal": "definition of the product",
    "stack-split": "definition of a block matrix",
    "stack-left": "definition of a block matrix",
    "threshold-reached": "definition",
    "threshold-beyond": "definition: the least number that reaches the threshold, and squares are not negative",
    "threshold-least": "definition",
    "log-product": "law of the logarithm",
    "log-power": "law of the logarithm: the definition of a real power",
    "log-order": "the logarithm is increasing",
    "log-tangent": "the logarithm is concave",
    "log-tangent-strict": "the logarithm is strictly concave",
    "power-positive": "a real power is an exponential",
}
"""The named theorems that have no part here, and why: definitions, the existence of the singular value decomposition,
the laws of the logarithm."""


def of(parts: dict[str, Part]) -> Any:
    return pytest.mark.parametrize("part", parts.values(), ids=parts)


def derivations(part: Part) -> Iterator[Any]:
    return (c.derivation for c in part.checks if isinstance(c, Prove))


@of(PARTS)
def test_each_part_is_proved(part: Part) -> None:
    assert part.expected is Verdict.PROVED
    for derivation in derivations(part):
        steps, _ = check(derivation, part.statement)
        assert steps


def spoiled(conclusion: Any) -> Iterator[Any]:
    left, right = conclusion.args
    if isinstance(conclusion, sp.Eq):
        yield sp.Ne(left, right, evaluate=False)
        yield sp.Eq(left, right + 1, evaluate=False) if not left.is_Matrix else sp.Eq(left, 2 * right, evaluate=False)
        return
    negated = {sp.Le: sp.Gt, sp.Lt: sp.Ge, sp.Ge: sp.Lt, sp.Gt: sp.Le}[type(conclusion)]
    yield negated(left, right, evaluate=False)
    yield type(conclusion)(right, left, evaluate=False)


@of(PARTS)
def test_no_proof_proves_a_spoiled_conclusion(part: Part) -> None:
    for conclusion in part.says:
        for wrong in spoiled(conclusion):
            for derivation in derivations(part):
                with pytest.raises(ProofError):
                    check(derivation, Statement(given=part.given, says=(wrong,)))


@of({name: part for name, part in PARTS.items() if part.statement.assumptions})
def test_some_hypothesis_is_needed(part: Part) -> None:
    """Without all of its hypotheses no proof goes through."""
    bare = Statement(given=tuple(g for g in part.given if not isinstance(g, Assume)), says=part.says)
    for derivation in derivations(part):
        with pytest.raises(ProofError):
            check(derivation, bare)


@of(PARTS)
def test_each_witness_satisfies_the_hypotheses(part: Part) -> None:
    found, *broken = WitnessCheck().run(part, QUICK)
    assert isinstance(found, Witness) and found.holds, found.message
    assert not broken


# --- what stands on what ------------------------------------------------------------------------------------


def test_nothing_leans_on_itself() -> None:
    """``closure`` refuses a circle."""
    assert {full_name(c) for c in closure(CHOSEN.values())} == {f"foundations:{name}" for name in CHOSEN}


def alike(a: Any, b: Any, names: dict[Any, Any]) -> Iterator[dict[Any, Any]]:
    """Every way to rename the symbols of ``a``, beyond ``names``, so that it becomes ``b``; terms in any order."""
    if isinstance(a, (sp.Symbol, sp.MatrixSymbol)) and isinstance(b, (sp.Symbol, sp.MatrixSymbol)):
        if names.get(a, b) != b or (a not in names and b in names.values()) or a.is_Matrix != b.is_Matrix:
            return
        sides = list(zip(a.shape, b.shape, strict=True)) if a.is_Matrix else []
        yield from all_alike(sides, {**names, a: b})
    elif type(a) is type(b) and len(a.args) == len(b.args):
        if not a.args:
            yield from (names,) if a == b else ()
            return
        loose = isinstance(a, (sp.Add, sp.Mul, sp.Min, sp.Max, sp.MatAdd))
        for order in permutations(b.args) if loose else (b.args,):
            yield from all_alike(list(zip(a.args, order, strict=True)), names)


def all_alike(pairs: list[Any], names: dict[Any, Any]) -> Iterator[dict[Any, Any]]:
    if not pairs:
        yield names
        return
    (a, b), *rest = pairs
    for found in alike(a, b, names):
        yield from all_alike(rest, found)


def lows(statement: Statement) -> list[Any]:
    """Lower ends of the ranges; the upper ends of some are there for the search alone."""
    return [x.low for x in statement.given if isinstance(x, (Index, Real)) and x.low is not None]


@pytest.mark.parametrize("key", sorted(k for k, t in LIBRARY.items() if t.foundation))
def test_a_foundation_says_what_the_theorem_says(key: str) -> None:
    """The same conclusion from the same assumptions, up to names."""
    theorem = LIBRARY[key].statement
    part = resolve(f"foundations:{LIBRARY[key].foundation}", {"foundations": collection}).part.statement
    pairs = [(a.formula, b.formula) for a, b in zip(part.assumptions, theorem.assumptions, strict=True)]
    pairs += list(zip(lows(part), lows(theorem), strict=True))
    assert any(True for said in part.says for _ in all_alike([(said, theorem.says[0]), *pairs], {}))


def test_other_theorems_are_not_taken_for_alike() -> None:
    weyl, product = LIBRARY["weyl"].statement.says[0], LIBRARY["values-product"].statement.says[0]
    assert not list(alike(weyl, product, {}))
    assert list(alike(weyl, weyl, {}))
    assert not list(alike(weyl, sp.Le(weyl.lhs, 2 * weyl.rhs, evaluate=False), {}))


def test_each_theorem_without_a_foundation_is_named_with_the_reason() -> None:
    assert {key for key, theorem in LIBRARY.items() if not theorem.foundation} == set(BASE)


def test_no_part_rests_on_the_theorem_that_it_founds() -> None:
    for name, chosen in CHOSEN.items():
        assert f"foundations:{name}" not in leans_on(chosen)


# --- computed again, by means that share nothing with the proofs ----------------------------------------------


@pytest.mark.parametrize("shape", [(5, 4), (3, 6)])
def test_courant_and_fischer_on_random_subspaces(shape: tuple[int, int]) -> None:
    """No subspace of dimension p has a smaller largest stretch than the last p right singular directions."""
    rng = np.random.default_rng(0)
    w = rng.standard_normal(shape)
    n = shape[1]
    values, directions = np.linalg.svd(w)[1:]
    values = np.append(values, np.zeros(n))
    for p in range(1, n + 1):
        assert np.isclose(np.linalg.norm(w @ directions[n - p :].T, 2), values[n - p])
        for _ in range(20):
            q, _ = np.linalg.qr(rng.standard_normal((n, p)))
            assert np.linalg.norm(w @ q, 2) >= values[n - p] - 1e-12
