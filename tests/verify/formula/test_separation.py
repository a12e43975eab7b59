"""The bound must never exceed a number that is not 0; sums of radicals that nearly cancel are the hard cases."""

from functools import reduce

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.formula.arithmetic import NotExact
from verify.formula.separation import separation_bits
from verify.formula.signs import sign

r = sp.sqrt
NEAR_MISSES = [
    r(10) + r(11) - r(5) - r(18),
    r(2) + r(3) - sp.Rational(314626436994197, 10**14),
    (3 - 2 * r(2)) ** 30,
    1 / (r(101) - r(100)) - r(101) - 10 + sp.Rational(1, 10**50),
    r(r(2) + 1) - r(r(2) + 1 + sp.Rational(1, 10**60)),
    sp.cbrt(2) - sp.Rational(12599210498948731647672, 10**22),
    sp.CRootOf(sp.Symbol("x") ** 3 - 3 * sp.Symbol("x") + 1, 0) + sp.Rational(187938524157181676810821, 10**23),
]
ZEROS = [
    r(5 + 2 * r(6), evaluate=False) - r(2) - r(3),
    r(r(2) - 1) * r(r(2) + 1) - 1,
    1 / (r(3) - r(2)) - r(3) - r(2),
    sp.Add(*[sp.CRootOf(sp.Symbol("x") ** 3 - 3 * sp.Symbol("x") + 1, i) for i in range(3)]),
    sp.Mul(*[sp.CRootOf(sp.Symbol("x") ** 3 - 3 * sp.Symbol("x") + 1, i) for i in range(3)]) + 1,
    sp.cbrt(7 + 5 * r(2)) - 1 - r(2),
]


@pytest.mark.parametrize("number", NEAR_MISSES)
def test_near_misses_are_told_from_zero(number):
    with mpmath.workdps(400):
        value = mpmath.mpf(sp.re(number.evalf(300)))
        assert value != 0
        assert abs(value) >= mpmath.mpf(2) ** -separation_bits(number)
    assert sign(number) == (1 if value > 0 else -1)


@pytest.mark.parametrize("number", ZEROS)
def test_zeros_are_found(number):
    assert separation_bits(number) is not None
    assert sign(number) == 0


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(1, 12), st.integers(1, 4)), min_size=1, max_size=4))
def test_bound_holds_for_random_sums_of_roots(terms):
    number = sp.Add(*[sp.Rational(a, c) * r(b) for a, b, c in terms])
    expanded = sp.expand(number)
    assert (sign(number) == 0) == (expanded == 0)
    if expanded != 0:
        with mpmath.workdps(60):
            assert abs(mpmath.mpf(expanded.evalf(50))) >= mpmath.mpf(2) ** -separation_bits(number)


def convergents(value, count):
    """Best rational approximations p/q, nearer than 1/q^2: what a bound that forgets the degree would call zero."""
    terms = []
    for _ in range(count):
        terms.append(int(mpmath.floor(value)))
        value = 1 / (value - terms[-1])
    return reduce(lambda rest, term: term + 1 / rest, reversed(terms[:-1]), sp.Integer(terms[-1]))


@pytest.mark.parametrize(
    "number",
    [r(2), sp.cbrt(5), r(1 + r(3)), *[sp.CRootOf(sp.Symbol("x") ** 3 - 3 * sp.Symbol("x") + 1, i) for i in range(3)]],
)
def test_best_rational_approximations_are_told_from_their_limits(number):
    with mpmath.workdps(200):
        near = number - convergents(mpmath.mpf(number.evalf(180)), 70)
        distance = abs(mpmath.mpf(near.evalf(60)))
        assert 0 < distance < mpmath.mpf(10) ** -30
        assert distance >= mpmath.mpf(2) ** -separation_bits(near)
    assert sign(near) in (-1, 1)


def test_the_bound_of_a_root_of_a_fraction_by_hand():
    """u = (2 * 3)^(1/2), l = 3, D = 2: log2 of u l is 2.88, and 2 bits are to spare."""
    assert separation_bits(sp.Pow(sp.Rational(2, 3), sp.Rational(1, 2), evaluate=False)) == 3 + 2


def test_the_bound_of_a_sum_by_hand():
    """u = 5 sqrt(2) + 3 sqrt(3), l = 15, D = 4: log2 of u^3 l is 14.76, and 2 bits are to spare."""
    assert separation_bits(r(2) / 3 + r(3) / 5) == 15 + 2


def test_transcendental_numbers_have_no_bound():
    for number in (sp.log(2), sp.pi - 3, sp.exp(1) + 1, sp.sqrt(sp.pi)):
        assert separation_bits(number) is None


def test_exponentials_of_rationals_are_decided_exactly():
    e = sp.exp
    assert sign(e(2) / (e(1) + e(2)) + e(1) / (e(1) + e(2)) - 1) == 0
    assert sign(e(sp.Rational(1, 2)) ** 2 - e(1)) == 0
    assert sign(e(1) - sp.Rational(271828182845904523536, 10**20)) == 1


def test_a_difference_that_neither_balls_nor_algebra_settle_is_refused():
    with mpmath.workdps(400):
        digits = sp.Rational(int(mpmath.floor(mpmath.pi * 10**300)), 10**300)
    with pytest.raises(NotExact):
        sign(sp.pi - digits)
