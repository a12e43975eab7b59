"""Attacks on the rule that a function with a derivative of one sign keeps its order, and on shifted powers."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from attempts import attempted

from verify.authoring import arithmetic, ge, le, real, scalars, step
from verify.proof.errors import ProofError
from verify.proof.monotone import Monotone

x, y, t, a = scalars("x y t a")
HALF = sp.Rational(1, 2)


def slope(says: Any) -> Any:
    return step("slope", arithmetic(), says)


def grows(f: Any, *lines: Any, variable: Any = t, low: Any = 0, at: Any = x) -> Any:
    return step("goal", Monotone(f=f, variable=variable, low=low, at=at, lines=lines))


def test_a_cube_grows():
    assert attempted([real(x, 0)], ge(x**3 + x, 0), grows(t**3 + t, slope(ge(3 * t**2 + 1, 0))))


def test_from_another_start():
    assert attempted([real(x, 2)], ge(x**2 - x, 2), grows(t**2 - t, slope(ge(2 * t - 1, 0)), low=2))


@pytest.mark.parametrize(
    ("given", "says", "line"),
    [
        pytest.param([real(x)], ge(x**3, 0), grows(t**3, slope(ge(3 * t**2, 0))), id="before the start"),
        pytest.param([real(x, 0)], ge(x, 1), grows(t, slope(ge(sp.S.One, 0))), id="more than at the start"),
        pytest.param([real(x, 0)], ge(-x, 0), grows(-t, slope(ge(sp.S.One, 0))), id="another slope"),
        pytest.param([real(x, 0)], ge(-(x**2), 0), grows(-(t**2)), id="no slope"),
        pytest.param([real(x, 0)], ge(x**2 - x, 0), grows(t**2 - t, slope(ge(2 * t - 1, 0))), id="slope below zero"),
        pytest.param([real(x, 0)], ge(sp.floor(x) - x, 0), grows(sp.floor(t) - t, slope(ge(sp.S.One, 0))), id="jumps"),
        pytest.param([real(x, 0)], ge(-1 / (x - 1), 1), grows(-1 / (t - 1), slope(ge(sp.S.One, 0))), id="a pole"),
        pytest.param([real(x, 0)], ge(sp.Abs(x), 0), grows(sp.Abs(t), slope(ge(sp.S.One, 0))), id="a kink"),
        pytest.param([real(x, 0)], ge(x**HALF, 0), grows(t**HALF, slope(ge(sp.S.One, 0))), id="a root"),
        pytest.param([real(x, 0), real(y)], ge(y * x, 0), grows(y * t, slope(ge(y, 0))), id="another symbol"),
        pytest.param(
            [real(x, 0), real(t, 1)], ge(x**2 - x, 0), grows(t**2 - t, slope(ge(2 * t - 1, 0))), id="not arbitrary"
        ),
        pytest.param([real(x, 0)], ge(x**2 - x, 0), grows(t**2 - t, slope(ge(2 * t - 1, 0)), at=t), id="at itself"),
        pytest.param(
            [real(x, 0), real(y, 0)], ge(x, y), grows(t, slope(ge(sp.S.One, 0)), low=y), id="a start that is no number"
        ),
    ],
)
def test_false_or_unfounded(given, says, line):
    with pytest.raises(ProofError):
        attempted(given, says, line)


@pytest.mark.parametrize("assumed", [{"positive": True}, {"integer": True}, {"nonnegative": True}])
def test_a_variable_that_is_not_any_real_number(assumed):
    """Shown for positive or whole numbers only, the slope says nothing elsewhere."""
    s = sp.Symbol("s", real=True, **assumed)
    with pytest.raises(ProofError):
        attempted([real(x, -1)], ge(x**2, 1), grows(s**2, slope(ge(2 * s, 0)), variable=s, low=-1))


# --- x^(a + c) = x^a x^c for positive x ------------------------------------------------------------------------


def calculated(given: list[Any], says: Any) -> Any:
    return attempted(given, says, step("goal", arithmetic(), says))


def test_a_shifted_power_is_a_multiple():
    positive = [real(x, 0, open=True), real(a)]
    assert calculated(positive, sp.Eq(x ** (a - 1) * (x + 1), x**a + x ** (a - 1), evaluate=False))


@pytest.mark.parametrize(
    "says",
    [
        sp.Eq(x ** (a - 1), x ** (a - 2), evaluate=False),
        sp.Eq(x ** (a + 1) + x**a, 2 * x ** (a + 1), evaluate=False),
        le(x**a, x ** (a + 1)),
        ge(x**a, x ** (a + 1)),
    ],
)
def test_a_shifted_power_is_no_other(says):
    with pytest.raises(ProofError):
        calculated([real(x, 0, open=True), real(a)], says)


@pytest.mark.parametrize("given", [[real(x), real(a)], [real(x, 0), real(a)], [real(x, 0), real(a, 0)]])
def test_a_shifted_power_of_zero_has_no_such_law(given):
    """At x = 0, a = 1 the left side is 0^0 = 1 times 0 and x^(a - 1) is 1; at a = 1/2 it has no value."""
    with pytest.raises(ProofError):
        calculated(given, sp.Eq(x ** (a - 1) * (x + 1), x**a + x ** (a - 1), evaluate=False))
