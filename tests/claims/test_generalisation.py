"""Generalisation, flatness and regularisation: the formulas of the claims beside independent computations."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
import sympy as sp

from claims.low_rank.error.complexity import complexity
from claims.low_rank.error.generalisation import CLAIMS as ERROR
from claims.low_rank.error.tradeoff import risk, tradeoff
from claims.low_rank.gradient_flow.flatness import CLAIMS as FLATNESS
from claims.low_rank.gradient_flow.regularisation import CLAIMS as REGULARISATION
from claims.low_rank.gradient_flow.regularisation import regulariser
from claims.low_rank.gradient_flow.sharpness import sharpness
from verify.authoring import Unfalsifiable
from verify.checks import Attributed, Counter, Prove
from verify.context import Context, Profile
from verify.formula.assignment import Assignment
from verify.formula.exact import evaluate
from verify.judge import judge
from verify.model.claim import Part
from verify.model.evidence import Attribution, Failure, Typing
from verify.model.statement import Assume, Index, Statement
from verify.model.words import Scope, Verdict
from verify.plan import checks_of
from verify.proof.lines import check

WHOLE = sp.Ge(risk(0), 0, evaluate=False)
QUICK = Context(profile=Profile.QUICK, workers=1)
CLAIMS = (*REGULARISATION, *FLATNESS, *ERROR)
PARTS: list[Any] = [
    pytest.param(p, id=f"{c.label}/{p.id}") for c in CLAIMS for p in c.parts if p.scope is Scope.UNIVERSAL
]


@pytest.mark.parametrize("part", PARTS)
def test_the_proof_or_counterexample_of_each_part_stands(part: Part) -> None:
    for one in part.checks:
        if isinstance(one, Prove):
            assert check(one.derivation, part.statement)
        elif isinstance(one, Counter):
            assert not any(isinstance(e, Failure) for e in one.run(part, QUICK))


def test_a_free_term_makes_the_trade_off_ill_posed_and_defining_it_does_not() -> None:
    part = tradeoff.part("falsifiable")
    evidence = [e for one in checks_of(part) if type(one).__name__ != "MutantsCheck" for e in one.run(part, QUICK)]
    assert judge(part.scope, evidence).verdict is Verdict.ILL_POSED
    (free,) = part.checks
    assert isinstance(free, Unfalsifiable)
    bias, variance = free.values
    fixed = free.model_copy(update={"values": {bias: sp.Integer(0), variance: sp.Integer(0)}})
    (found,) = fixed.run(part, QUICK)
    assert isinstance(found, Failure)
    assert not isinstance(found, Typing)


@pytest.mark.parametrize(
    "part", [p for p in regulariser.parts if any(isinstance(c, Attributed) for c in p.checks)], ids=lambda p: p.id
)
def test_what_is_attributed_is_in_the_record_and_in_the_statement(part: Part) -> None:
    (one,) = (c for c in part.checks if isinstance(c, Attributed))
    (found,) = one.run(part, QUICK)
    assert isinstance(found, Attribution)
    assert found.agrees, found.message


# --- the complexity, by enumerating all signs ----------------------------------------------------------------


def exact_complexity(x: np.ndarray, y: np.ndarray, rank: int, norm: float) -> float:
    """Mean over all sign patterns of the supremum over the class: norm times the sum of the top singular values / N."""
    count = x.shape[1]
    suprema = [
        norm * np.linalg.svd((y * signs) @ x.T, compute_uv=False)[:rank].sum() / count
        for signs in itertools.product((-1.0, 1.0), repeat=count)
    ]
    return float(np.mean(suprema))


def drawn(rows: int, count: int, seed: int) -> np.ndarray:
    data = np.random.default_rng(seed).standard_normal((rows, count))
    return data / np.linalg.norm(data, axis=0)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("count", [1, 4, 8])
def test_the_repaired_bound_holds_with_data_and_the_stated_one_does_not(rank: int, count: int) -> None:
    m, n, norm, size = 4, 3, 2.0, 10.0
    x, y = size * drawn(n, count, 1), drawn(m, count, 2)
    value = exact_complexity(x, y, rank, norm)
    assert value <= norm * size * math.sqrt(rank / count) * (1 + 1e-12)
    assert value > norm / math.sqrt(count) * math.sqrt(rank * min(m, n))


def test_at_one_sample_the_complexity_is_the_product_of_the_lengths() -> None:
    x, y = 3 * drawn(3, 1, 3), 2 * drawn(4, 1, 4)
    assert exact_complexity(x, y, rank=1, norm=5.0) == pytest.approx(30.0)
    assert exact_complexity(x, y, rank=3, norm=5.0) == pytest.approx(30.0)


def test_all_sign_patterns_have_the_second_moment_that_the_claim_assumes() -> None:
    signs = np.array(list(itertools.product((-1, 1), repeat=4))).T
    assert (signs @ signs.T == signs.shape[1] * np.eye(4)).all()
    assert any("independent signs" in str(line) for line in complexity.part("linear-class-mean").given)


# --- the order of the modified loss --------------------------------------------------------------------------


def order(rate: Any) -> float:
    """The power of the step with which the flow misses one step of descent on a quadratic of curvature one."""
    missed = [abs(math.exp(-rate(eta)) - (1 - eta)) for eta in (0.02, 0.01)]
    return math.log2(missed[0] / missed[1])


def test_the_published_loss_is_third_order_and_the_stated_one_second() -> None:
    assert order(lambda eta: eta + eta**2 / 2) == pytest.approx(3, abs=0.05)
    assert order(lambda eta: eta + eta**2) == pytest.approx(2, abs=0.05)


# --- curvature -----------------------------------------------------------------------------------------------


def test_the_hessian_of_two_layers_has_the_eigenvalue_that_the_claim_names() -> None:
    a, b = sp.symbols("a b", positive=True)
    u, v = sp.symbols("u v")
    hessian = sp.hessian((u * v - a * b) ** 2 / 2, (u, v)).subs({u: a, v: b})
    assert sp.simplify(hessian.det()) == 0
    assert sp.expand(hessian.trace() - (a**2 + b**2)) == 0
    (wrong,) = sharpness.part("reparametrisation").says
    symbols = sorted(wrong.free_symbols, key=str)
    values = dict(zip(symbols, (1, 1, 2), strict=True))
    assert wrong.lhs.subs(values) != wrong.rhs.subs(values)


def test_the_sharpest_direction_of_two_layers_attains_the_bound() -> None:
    generator = np.random.default_rng(5)
    left, right = generator.standard_normal((3, 2)), generator.standard_normal((2, 4))
    jacobian = np.hstack([np.kron(right.T, np.eye(3)), np.kron(np.eye(4), left)])
    top = np.linalg.norm(jacobian, 2) ** 2
    assert top == pytest.approx(np.linalg.norm(left, 2) ** 2 + np.linalg.norm(right, 2) ** 2)


# --- denoising -----------------------------------------------------------------------------------------------


def test_the_risk_is_least_where_the_claim_says() -> None:
    given = tradeoff.part("best-rank").given
    statement = Statement(given=tuple(line for line in given if not isinstance(line, (Assume, Index))), says=(WHOLE,))
    values = {"W": [["3", "0", "0"], ["0", "2", "0"], ["0", "0", "1"]], "v": "3"}
    assignment = Assignment.of(statement, values)
    assert [evaluate(risk(k), assignment) for k in range(4)] == [14, 8, 7, 9]


def test_the_mean_error_of_a_projection_is_bias_plus_variance() -> None:
    generator = np.random.default_rng(6)
    truth = np.diag([3.0, 2.0, 1.0])
    kept = np.eye(3)[:, :2]
    errors = [
        np.linalg.norm(kept @ kept.T @ (truth + generator.standard_normal((3, 3))) - truth) ** 2 for _ in range(4000)
    ]
    assert np.mean(errors) == pytest.approx(1 + 2 * 3, rel=0.05)
