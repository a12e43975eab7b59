"""Section 11.2.5: the formulas mean what their readings say, by brute force on small examples."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from claims.low_rank.error import CLAIMS
from claims.low_rank.error.task_rank import shortfall
from verify.checks import Counter
from verify.formula.assignment import Assignment
from verify.formula.decide import Truth, decide
from verify.formula.vocabulary import eq
from verify.model.claim import Part
from verify.model.words import Verdict

PARTS = {f"{claim.label}/{part.id}": part for claim in CLAIMS for part in claim.parts}


def column(*entries: int) -> list[list[str]]:
    return [[str(entry)] for entry in entries]


def truncation_error(w: np.ndarray, k: int) -> np.ndarray:
    u, s, v = np.linalg.svd(w)
    s = np.where(np.arange(len(s)) < k, 0.0, s)
    return u[:, : len(s)] * s @ v[: len(s)]


def counter(name: str, number: int = 0) -> dict[str, object]:
    return dict([c for c in PARTS[name].checks if isinstance(c, Counter)][number].values)


def exact(matrix: object) -> np.ndarray:
    return np.array([[float(Fraction(entry)) for entry in row] for row in matrix])  # type: ignore[attr-defined]


# --- order --------------------------------------------------------------------------------------------------


def test_the_claims_stand_in_the_order_of_the_text() -> None:
    order = (
        "definition-11.22 theorem-11.18 lemma-11.30 theorem-11.19 corollary-11.7 lemma-11.31 "
        "definition-11.23 lemma-11.32 theorem-11.20"
    )
    assert [claim.label for claim in CLAIMS] == order.split()


# --- definition 11.23 ---------------------------------------------------------------------------------------

exists = PARTS["definition-11.23/exists"].statement


@pytest.mark.parametrize("values", list(itertools.product((-1, 0, 2), repeat=3)))
def test_a_rank_has_no_shortfall_exactly_where_it_is_best(values: tuple[int, ...]) -> None:
    at = Assignment.of(exists, {"F": column(*values)})
    best = [i for i, value in enumerate(values, 1) if value == max(values)]
    for i in (1, 2, 3):
        assert (decide(eq(shortfall(i, 3), 0), at).truth is Truth.TRUE) == (i in best)
    assert decide(exists.says[0], at).truth is Truth.TRUE


# --- definition 11.22 ---------------------------------------------------------------------------------------


def test_the_relative_errors_are_not_ordered_either_way() -> None:
    """The refuted part has its counterexample; the other order fails too, as its note says."""
    long_tail = np.diag([10.0, *[1.0] * 200])
    error = truncation_error(long_tail, 1)
    assert np.linalg.norm(error) / np.linalg.norm(long_tail) > np.linalg.norm(error, 2) / np.linalg.norm(long_tail, 2)
    flat = exact(counter("definition-11.22/spectral-at-most-frobenius")["W"])
    error = truncation_error(flat, 1)
    assert np.linalg.norm(error) / np.linalg.norm(flat) < np.linalg.norm(error, 2) / np.linalg.norm(flat, 2)


# --- lemma 11.32 --------------------------------------------------------------------------------------------


def test_squared_errors_have_decreasing_gains_and_their_roots_have_not() -> None:
    w = exact(counter("lemma-11.32/relative-error-metric")["W"])
    errors = [np.linalg.norm(truncation_error(w, k)) for k in range(3)]
    squares = [error**2 for error in errors]
    assert squares[1] - squares[2] < squares[0] - squares[1]
    assert errors[1] - errors[2] > errors[0] - errors[1]


# --- theorem 11.20 ------------------------------------------------------------------------------------------


def chosen_by_energy(w: np.ndarray, tau: float) -> int:
    s = np.linalg.svd(w, compute_uv=False) ** 2
    return int(np.argmax(np.cumsum(s) / s.sum() >= tau)) + 1


@pytest.mark.parametrize("number", [0, 1])
def test_the_counterexamples_to_optimality_are_of_the_rule_itself(number: int) -> None:
    """k is what the rule chooses, j is the best rank for the task, and they differ; once either way."""
    at = counter("theorem-11.20/optimal", number)
    d, x = exact(at["D"]), exact(at["x"])
    tau, price = (float(Fraction(str(at[name]))) for name in ("tau", "lambda"))
    value = {k: -(np.linalg.norm(truncation_error(d, k) @ x) ** 2) - price * k for k in (1, 2)}
    best = max(value, key=lambda k: value[k])
    assert chosen_by_energy(d, tau) == int(str(at["k"]))
    assert best == int(str(at["j"])) != int(str(at["k"]))


def test_the_rule_keeps_the_least_rank_and_never_fails_to_choose() -> None:
    rng = np.random.default_rng(0)
    for tau in (0.05, 0.5, 0.95, 0.9999):
        for _ in range(20):
            w = rng.normal(size=(4, 3))
            k = chosen_by_energy(w, tau)
            relative = np.linalg.norm(truncation_error(w, k)) / np.linalg.norm(w)
            assert 1 <= k <= 3
            assert relative <= np.sqrt(1 - tau) + 1e-12
            assert np.linalg.norm(truncation_error(w, k - 1)) > np.sqrt(1 - tau) * np.linalg.norm(w)


def test_a_threshold_of_95_percent_may_leave_an_error_of_22_percent() -> None:
    part = PARTS["theorem-11.20/five-percent"]
    at = Assignment.of(part.statement, counter("theorem-11.20/five-percent"))
    assert decide(part.says[0], at).truth is Truth.FALSE
    nearly = np.diag([1.0, np.sqrt(0.05 / 0.95) * (1 - 1e-9)])
    assert chosen_by_energy(nearly, 0.95) == 1
    assert np.linalg.norm(truncation_error(nearly, 1)) / np.linalg.norm(nearly) > 0.22


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_the_rule_never_asks_the_learned_increment_for_more_than_its_rank(rank: int) -> None:
    wanted = np.random.default_rng(rank).normal(size=(6, 6))
    learned = wanted - truncation_error(wanted, rank)
    for tau in (0.5, 0.95, 0.9999):
        k = chosen_by_energy(learned, tau)
        assert k <= rank
        error = np.linalg.norm(wanted - (learned - truncation_error(learned, k)))
        bound = np.linalg.norm(wanted - learned) + np.sqrt(1 - tau) * np.linalg.norm(learned)
        assert error <= bound + 1e-9
    assert chosen_by_energy(wanted, 0.9999) > rank


# --- links --------------------------------------------------------------------------------------------------


def fallen() -> list[str]:
    return [name for name, part in PARTS.items() if part.expected is Verdict.REFUTED]


@pytest.mark.parametrize("name", fallen())
def test_every_refuted_part_says_what_holds_instead(name: str) -> None:
    part: Part = PARTS[name]
    assert part.repair or part.survives_as


def test_the_bound_of_the_chain_passes_through_activations() -> None:
    rng = np.random.default_rng(6)
    for activation in (np.tanh, lambda z: np.maximum(z, 0)):
        x = rng.standard_normal(5)
        exact, replaced, least, most = x, x, np.linalg.norm(x), np.linalg.norm(x)
        for _ in range(4):
            a = rng.standard_normal((5, 5))
            b = a + 0.1 * rng.standard_normal((5, 5))
            exact, replaced = activation(a @ exact), activation(b @ replaced)
            norm, error = np.linalg.norm(a, 2), np.linalg.norm(b - a, 2)
            least, most = norm * least, (norm + error) * most
            assert np.linalg.norm(exact) <= least
            assert np.linalg.norm(replaced - exact) <= most - least
