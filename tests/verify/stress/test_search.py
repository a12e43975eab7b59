"""The search as a whole: its evidence repeats itself, and its record is honest."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from verify.certify import recheck
from verify.context import Context, Profile
from verify.formula.vocabulary import (
    Energy,
    FormulaError,
    FrobeniusNorm,
    Sigma,
    SpectralNorm,
    eq,
    indices,
    le,
    lt,
    matrix,
    scalars,
    sizes,
)
from verify.model.statement import Assume, Index, Matrix, Real, Size, Statement
from verify.stress.search import Found, search

m, n = sizes("m n")
k = indices("k")
x, y = scalars("x y")
W, A, B = matrix("W", m, n), matrix("A", n, n), matrix("B", n, n)
GIVEN = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W))
NORMS = Statement(given=GIVEN, says=(le(SpectralNorm(W), FrobeniusNorm(W)),))
SWAPPED = Statement(given=GIVEN, says=(le(FrobeniusNorm(W), SpectralNorm(W)),))


def quick(statement: Statement, seed: int = 0, workers: int = 2, **more: Any) -> Found:
    return search(statement, context=Context(profile=Profile.QUICK, seed=seed, workers=workers), **more)


def untimed(found: Found) -> Any:
    stress = found.stress.model_copy(update={"seconds": 0.0})
    example = found.counterexample and found.counterexample.model_copy(update={"seconds": 0.0})
    return stress, example


def test_a_true_statement_is_searched_and_not_refuted() -> None:
    found = quick(NORMS)
    assert found.counterexample is None
    assert found.stress.matrices > 5000
    assert found.stress.recipes > 50
    assert all(found.stress.classes.values())
    assert found.stress.undecided == found.stress.not_finite == 0
    assert found.stress.worst_margin is not None
    assert -1e-14 < found.stress.worst_margin <= 0


def test_a_false_one_ends_with_a_small_certificate_and_the_worst_violation() -> None:
    found = quick(SWAPPED)
    assert found.counterexample is not None
    assert recheck(SWAPPED, found.counterexample.certificate) is None
    assert found.counterexample.certificate.values["n"] == "2"
    assert found.counterexample.worst is not None
    assert found.counterexample.worst.relative > 1 - 2**-0.5  # what the printed example shows


@pytest.mark.parametrize("statement", [NORMS, SWAPPED])
def test_seed_decides_the_evidence_and_workers_do_not(statement: Statement) -> None:
    first = untimed(quick(statement, seed=3))
    assert untimed(quick(statement, seed=3)) == first
    assert untimed(quick(statement, seed=3, workers=1)) == first


def test_another_seed_draws_other_matrices() -> None:
    statement = Statement(given=GIVEN, says=(le(-Sigma(W, 1) / (1 + FrobeniusNorm(W)), 1),))
    assert untimed(quick(statement, seed=1)) != untimed(quick(statement, seed=2))


def test_numbers_without_matrices() -> None:
    found = quick(Statement(given=(Real(symbol=x), Real(symbol=y)), says=(eq(x * y, x),)))
    assert found.counterexample is not None
    assert set(found.counterexample.certificate.values) == {"x", "y"}
    assert quick(Statement(given=(Size(symbol=m),), says=(le(m, 40),))).counterexample is not None
    assert quick(Statement(given=(Size(symbol=m),), says=(le(m, m**2),))).counterexample is None


def test_hypotheses_that_nothing_satisfies_leave_nothing_tried() -> None:
    never = Assume(name="never", formula=lt(FrobeniusNorm(W), 0))
    found = quick(Statement(given=(*GIVEN, never), says=(le(FrobeniusNorm(W), -1),)))
    assert found.stress.matrices == 0
    assert found.stress.worst_margin is None
    assert found.counterexample is None
    assert found.stress.classes["m = n"] == 0


def test_a_formula_without_value_somewhere_is_reported() -> None:
    given = (*GIVEN, Index(symbol=k, low=0, high=sp.Min(m, n)))
    found = quick(Statement(given=given, says=(le(Energy(W, k), 1),)), gradient=False)
    assert found.stress.not_finite > 0


def test_classes_are_asked_for_by_name() -> None:
    assert "m = n" not in quick(SWAPPED, excludes=["m = n"]).stress.classes
    with pytest.raises(ValueError, match="no coverage class"):
        quick(NORMS, classes=["nonsense"])


def test_an_unknown_node_is_an_error_not_an_answer() -> None:
    odd = Statement(given=(Real(symbol=x),), says=(le(sp.besselj(0, x), 2),))
    with pytest.raises(FormulaError, match="besselj"):
        quick(odd)


def test_the_gradient_finds_what_chance_does_not() -> None:
    """A matrix within a tenth of an odd multiple of the identity: no family aims there, the gradient does."""
    centre = sp.Rational(3217, 1000)
    away = le(sp.Rational(1, 10), FrobeniusNorm(A - centre * sp.Identity(n)))
    statement = Statement(given=(Size(symbol=n, low=3), Matrix(symbol=A)), says=(away,))
    assert quick(statement, gradient=False).counterexample is None
    assert quick(statement).counterexample is not None


def test_polishing_is_optional() -> None:
    found = quick(SWAPPED, polished=False)
    assert found.counterexample is not None
    assert recheck(SWAPPED, found.counterexample.certificate) is None
