"""The law of sums that takes a sum apart term by term."""

from __future__ import annotations

import pytest

from verify.authoring import (
    Derivation,
    Linear,
    Rank,
    Sigma,
    Sum,
    arithmetic,
    between,
    declare,
    eq,
    indices,
    matrix,
    real,
    scalars,
    sizes,
    sp,
    step,
)
from verify.model.statement import Statement
from verify.proof.errors import ProofError
from verify.proof.lines import check

m, n = sizes("m n")
k, i, j = indices("k i j")
c = scalars("c")
W = matrix("W", m, n)
squares = Sum(Sigma(W, i) ** 2, (i, 1, k))
total = Sum(c * Sigma(W, i) ** 2 - 3, (i, 1, k))


def statement(says: object, low: int = 0) -> Statement:
    return Statement(given=(*declare(W), between(k, low, Rank(W)), real(c)), says=(says,))


def proof_of(says: object, of: object = total) -> Derivation:
    return Derivation(lines=(step("linear", Linear(total=of)), step("end", arithmetic("linear"), says)))


def test_constants_come_out_and_count_their_range() -> None:
    says = eq(total, c * squares - 3 * k)
    assert check(proof_of(says), statement(says))


@pytest.mark.parametrize("wrong", [c * squares - 3, squares - 3 * k, c * squares + 3 * k, c * squares - 3 * (k - 1)])
def test_nothing_else_follows(wrong: object) -> None:
    says = eq(total, wrong)
    with pytest.raises(ProofError):
        check(proof_of(says), statement(says))


def test_a_factor_with_the_index_stays_inside() -> None:
    inside = Sum(i * Sigma(W, i), (i, 1, k))
    says = eq(inside, i * Sum(Sigma(W, j), (j, 1, k)))
    with pytest.raises((ProofError, ValueError)):
        check(proof_of(says, inside), statement(says))


def test_a_product_is_no_sum() -> None:
    of = sp.Product(Sigma(W, i) + 1, (i, 1, k))
    with pytest.raises(ProofError, match="not a sum"):
        check(proof_of(eq(of, of), of), statement(eq(of, of)))


def test_the_range_must_not_run_backwards() -> None:
    says = eq(total, c * squares - 3 * k)
    with pytest.raises(ProofError, match="range"):
        check(proof_of(says), statement(says, low=-5))
