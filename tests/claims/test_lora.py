"""The claims on LoRA against plain numerical linear algebra, which shares no code with the checks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from claims.low_rank.lora import CLAIMS
from claims.low_rank.lora.quantisation import NF4, half_widest_gap, to_nearest_level
from claims.low_rank.records import RECORDS
from verify.checks import Attributed, Counter
from verify.context import Context, Profile
from verify.model.claim import Part
from verify.model.evidence import Attribution, Failure
from verify.model.words import Role, Verdict

QUICK = Context(profile=Profile.QUICK, workers=1)
CLAIM = {claim.label: claim for claim in CLAIMS}
REQUIRED = {
    "definition-11.19": "forward* rank*",
    "lemma-11.26": "count* approximation* example*",
    "definition-11.20": "dimension* manifold*",
    "theorem-11.16": "chain-rule* equivalent-to-manifold-descent*",
    "lemma-11.27": "tangent only-within-both-spaces projection* second-order",
    "theorem-11.17": "represents*",
    "corollary-11.6": "optimal-error*",
    "lemma-11.28": "singular-values-from-ab* eigenvalues",
    "table-11.2.3": "lora* adalora* qlora* dora*",
    "definition-11.21": "form* scale-is-importance*",
    "lemma-11.29": "l1-gives-zeros l1-on-scale-alone* is-adalora",
}


def part(name: str) -> Part:
    label, _, part_id = name.partition("/")
    return CLAIM[label].part(part_id)


def factors(seed: int, m: int = 5, n: int = 4, r: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, r)), rng.normal(size=(r, n)), rng.normal(size=(m, n))


def values(matrix: np.ndarray) -> np.ndarray:
    return np.linalg.svd(matrix, compute_uv=False)


# --- completeness -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", REQUIRED)
def test_every_part_asked_for_is_there_with_its_role(label: str) -> None:
    roles = {p.id: p.role for p in CLAIM[label].parts}
    for name in REQUIRED[label].split():
        assert roles[name.rstrip("*")] is (Role.MAIN if name.endswith("*") else Role.CAVEAT)


def test_the_claims_stand_in_the_order_of_the_text() -> None:
    assert list(CLAIM) == [
        "definition-11.19", "lemma-11.26", "definition-11.20", "theorem-11.16", "lemma-11.27", "theorem-11.17",
        "corollary-11.6", "lemma-11.28", "table-11.2.3", "definition-11.21", "lemma-11.29",
    ]  # fmt: skip


# --- geometry -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("m", "n", "r"), [(1, 1, 1), (3, 2, 1), (4, 4, 2), (2, 5, 2), (3, 3, 3)])
def test_the_derivative_of_the_product_has_the_rank_of_the_repair(m: int, n: int, r: int) -> None:
    b, a, _ = factors(m + 10 * n + 100 * r, m, n, r)
    columns = [np.outer(e, a[k]).ravel() for e in np.eye(m) for k in range(r)]
    columns += [np.outer(b[:, k], e).ravel() for e in np.eye(n) for k in range(r)]
    assert np.linalg.matrix_rank(np.array(columns)) == r * (m + n - r)


def projected(b: np.ndarray, a: np.ndarray, g: np.ndarray) -> np.ndarray:
    """The closest point of {B X + Y A}, by least squares over all its generators."""
    m, n = g.shape
    columns = [np.outer(b[:, k], e).ravel() for k in range(b.shape[1]) for e in np.eye(n)]
    columns += [np.outer(e, a[k]).ravel() for k in range(a.shape[0]) for e in np.eye(m)]
    basis = np.array(columns).T
    return (basis @ np.linalg.lstsq(basis, g.ravel(), rcond=None)[0]).reshape(m, n)


@pytest.mark.parametrize("seed", range(5))
def test_the_formula_of_the_projection_is_that_of_least_squares(seed: int) -> None:
    b, a, g = factors(seed)
    in_b, in_a = b @ np.linalg.pinv(b), np.linalg.pinv(a) @ a
    formula = in_b @ g + g @ in_a - in_b @ g @ in_a
    assert np.allclose(formula, projected(b, a, g))
    assert not np.allclose(g @ a.T @ a + b @ b.T @ g, formula)


@pytest.mark.parametrize("seed", range(5))
def test_orthonormal_factors_count_the_common_part_twice(seed: int) -> None:
    b, a, g = factors(seed)
    b, a = np.linalg.qr(b)[0], np.linalg.qr(a.T)[0].T
    step = g @ a.T @ a + b @ b.T @ g
    assert np.allclose(step, projected(b, a, g) + b @ b.T @ g @ a.T @ a)


def test_enough_steps_leave_the_first_spaces() -> None:
    """Plain descent towards a target of rank one in neither of the first spaces gets there."""
    target = np.zeros((3, 3))
    target[2, 2] = 1.0
    b, a = np.array([[1.0], [0.0], [1e-3]]), np.array([[1.0, 0.0, 1e-3]])
    for _ in range(2000):
        g = b @ a - target
        b, a = b - 0.05 * g @ a.T, a - 0.05 * b.T @ g
    assert np.linalg.norm(b @ a - target) < 1e-3


# --- representation and spectra -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_descent_on_the_factors_never_beats_the_truncation(seed: int) -> None:
    b, a, w = factors(seed)
    least = np.sqrt(np.sum(values(w)[2:] ** 2))
    for _ in range(3000):
        g = b @ a - w
        b, a = b - 0.02 * g @ a.T, a - 0.02 * b.T @ g
    assert least - 1e-12 <= np.linalg.norm(w - b @ a) <= 1.01 * least


def test_redundant_weights_say_nothing_of_the_increment() -> None:
    """Pretrained weights of rank one; the increment to random weights has all the rank that is left to it."""
    b, a, wanted = factors(0, r=1)
    increment = wanted - b @ a
    assert np.linalg.matrix_rank(b @ a) == 1
    assert 3 <= np.linalg.matrix_rank(increment) <= 5


@pytest.mark.parametrize(("tasks", "saves"), [(2, False), (3, True)])
def test_a_quarter_of_the_side_pays_from_the_third_task_on(tasks: int, saves: bool) -> None:
    m = n = 8
    assert (m * n + tasks * 2 * (m + n) < tasks * m * n) is saves


def test_equal_products_one_way_round_do_not_fix_singular_values() -> None:
    (counter,) = (c for c in part("lemma-11.28/singular-values-from-ab").checks if isinstance(c, Counter))
    b, c, b2, c2 = (np.array(counter.values[k], float) for k in ("B", "C", "B_2", "C_2"))
    assert np.array_equal(c @ b, c2 @ b2)
    assert not np.allclose(values(b @ c), values(b2 @ c2))


@pytest.mark.parametrize("seed", range(3))
def test_the_gram_matrices_fix_the_singular_values(seed: int) -> None:
    b, a, _ = factors(seed)
    found = np.sqrt(np.sort(np.linalg.eigvals(b.T @ b @ a @ a.T).real)[::-1])
    assert np.allclose(found, values(b @ a)[:2])


# --- variants -----------------------------------------------------------------------------------------------


def test_the_levels_are_sixteen_in_order_with_zero_and_both_ends() -> None:
    assert len(NF4) == 16
    assert sorted(set(NF4)) == NF4
    assert NF4[0] == -1 and NF4[-1] == 1 and 0 in NF4


def test_half_the_widest_gap_is_attained_and_no_more() -> None:
    (w,) = to_nearest_level.free_symbols
    assert max(b - a for a, b in pairwise(NF4)) == 2 * half_widest_gap
    assert to_nearest_level.subs(w, (NF4[0] + NF4[1]) / 2) == half_widest_gap


@pytest.mark.parametrize("seed", range(3))
def test_normalised_columns_make_the_increment_of_full_rank(seed: int) -> None:
    b, a, w = factors(seed)
    merged = (w + b @ a) / np.linalg.norm(w + b @ a, axis=0) * np.linalg.norm(w, axis=0)
    assert np.linalg.matrix_rank(merged - w) == 4
    lengths = np.linalg.norm(w, axis=0) / np.linalg.norm(w + b @ a, axis=0)
    assert np.linalg.matrix_rank(merged - w * lengths) == 2


@pytest.mark.parametrize("seed", range(3))
def test_singular_values_stay_below_the_bound_by_the_penalty(seed: int) -> None:
    b, a, _ = factors(seed)
    b, a = np.linalg.qr(b)[0] + 0.1 * b, np.linalg.qr(a.T)[0].T + 0.1 * a
    scales = np.diag([2.0, 1.0])
    penalty = np.sum((b.T @ b - np.eye(2)) ** 2) + np.sum((a @ a.T - np.eye(2)) ** 2)
    assert np.all(values(b @ scales @ a)[:2] <= (1 + np.sqrt(penalty)) * np.diag(scales))


# --- records ------------------------------------------------------------------------------------------------

ATTRIBUTED = {
    f"{claim.label}/{p.id}": (p, check)
    for claim in CLAIMS
    for p in claim.parts
    for check in p.checks
    if isinstance(check, Attributed)
}


@pytest.mark.parametrize("name", ATTRIBUTED)
def test_the_formula_on_trial_is_that_of_the_record(name: str) -> None:
    tried, check = ATTRIBUTED[name]
    (found,) = check.run(tried, QUICK)
    assert isinstance(found, Attribution) and found.agrees, found


@pytest.mark.parametrize("name", ATTRIBUTED)
def test_another_formula_is_not(name: str) -> None:
    tried, check = ATTRIBUTED[name]
    (found,) = check.model_copy(update={"formula": 2 * check.formula}).run(tried, QUICK)
    assert isinstance(found, Attribution) and not found.agrees
    (lost,) = check.model_copy(update={"record": "no-such-record"}).run(tried, QUICK)
    assert isinstance(lost, Failure)


def test_every_record_names_a_source_that_a_claim_cites() -> None:
    cited = {source for claim in CLAIMS for source in claim.sources}
    used = {check.record for _, check in ATTRIBUTED.values()}
    assert {RECORDS[key].source for key in used} <= cited


def test_what_falls_names_what_stands() -> None:
    for claim in CLAIMS:
        for p in claim.parts:
            if p.repair:
                assert claim.part(p.repair).expected in (Verdict.PROVED, Verdict.SUPPORTED)
