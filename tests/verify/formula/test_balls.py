"""Enclosures against exact values and against mpmath; the two readers must agree wherever both speak."""

import mpmath
import pytest
import sympy as sp
from flint import arb, arb_mat, ctx, fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.formula import exact
from verify.formula import vocabulary as v
from verify.formula.arithmetic import NotExact, Undetermined
from verify.formula.assignment import Assignment
from verify.formula.balls import entropy_term, evaluate, whole_between
from verify.formula.intervals import precision, square
from verify.formula.rational import Rationals
from verify.formula.vocabulary import FormulaError, matrix
from verify.model.statement import Matrix, Real, Statement

W = matrix("W", 2, 3)
S = matrix("S", 3, 3)
t = v.scalars("t")
i, k = v.indices("i k")
CUBE = [["1", "2", "0"], ["3", "4", "1"], ["0", "1", "1/2"]]


def under(w=None, s=None, tau="1/2"):
    statement = Statement(given=(Matrix(symbol=W), Matrix(symbol=S), Real(symbol=t)), says=(v.le(0, 1),))
    return Assignment.of(statement, {"W": w or [["1", "2", "3"], ["4", "5", "7"]], "S": s or CUBE, "t": tau})


FORMULAS = [
    v.Sigma(W, 1),
    v.Sigma(W, 2) ** 2,
    v.Sigma(W, 3),
    v.FrobeniusNorm(W * S),
    v.SpectralNorm(W),
    v.NuclearNorm(W),
    v.Energy(W, 1),
    v.EffectiveRank(W),
    v.EffectiveRankL1(W),
    v.norm_sq(W - v.Truncated(W, 1)),
    v.Energy(W, 1) ** t,
    sp.Trace(v.Truncated(W.T * W, 1)),
    v.Entry(v.Softmax(W), 1, 2),
    sp.Trace(v.Exp(S)),
    sp.Max(v.Sigma(W, 2), 1) - sp.Min(3, t),
    sp.Sum(v.Sigma(W, i) ** 2 / (i + 1), (i, 1, 2)),
    sp.Product(v.Sigma(W, i), (i, 1, 2)),
    sp.Determinant(S) / sp.sqrt(3),
    v.Entry(v.LogSumExp(W), 2, 1) - sp.log(2),
    v.Entry(v.CausalSoftmax(S), 3, 2),
    sp.Abs(t - v.Sigma(W, 1)),
    sp.floor(v.Sigma(W, 1)) + sp.ceiling(v.Sigma(W, 1)),
    v.SpectralNorm(W - v.Truncated(W, 1)),
    sp.exp(-t) * sp.pi,
    v.Entry(v.Log(sp.OneMatrix(2, 2) * 3), 1, 1),
    v.Entry(v.Thresholded(W, 1), 1, 1),
    v.FrobeniusNorm(W) ** 3,
    v.Entry(sp.KroneckerProduct(W, v.Softmax(S)), 1, 1),
    v.Entry(S.inv() * v.Exp(S), 1, 3),
    v.Entry(v.Gradient(v.norm_sq(W * S) / 2, W), 2, 2),
]


@pytest.mark.parametrize("bits", [64, 300])
@pytest.mark.parametrize("formula", FORMULAS, ids=str)
def test_encloses_the_exact_value_tightly(formula, bits):
    a = under()
    ball = evaluate(formula, a, bits)
    with mpmath.workdps(200):
        value = sp.N(exact.evaluate(formula, a), 150)
        with precision(450):
            true = arb(str(value))
            assert abs(ball - true) < arb(10) ** -(bits // 5)
            assert ball.overlaps(true)


@settings(derandomize=True, deadline=None, database=None, max_examples=80)
@given(
    st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=2, max_size=2),
    st.sampled_from(range(len(FORMULAS))),
    st.fractions(min_value=-2, max_value=2, max_denominator=3),
)
def test_exact_and_ball_agree(rows, which, tau):
    """Also on degenerate matrices: where one finds no value, the other must not invent one."""
    a = under([[str(x) for x in row] for row in rows], tau=str(tau))
    try:
        value = exact.evaluate(FORMULAS[which], a)
    except NotExact:
        return
    except Undetermined:
        with pytest.raises(Undetermined):
            evaluate(FORMULAS[which], a, 128)
        return
    try:
        ball = evaluate(FORMULAS[which], a, 128)
    except Undetermined:
        return
    with precision(300):
        assert ball.overlaps(arb(str(sp.N(value, 80))))


def test_readers_also_agree_where_rationals_are_switched_off(monkeypatch):
    """The ball route proper, on matrices that the rational shortcut would otherwise take."""
    shortcut = {f: evaluate(f, under(), 128) for f in FORMULAS}
    given_number = Rationals.given

    def no_matrices(self, value):
        if isinstance(value, fmpq_mat):
            raise NotExact("switched off")
        return given_number(self, value)

    monkeypatch.setattr(Rationals, "given", no_matrices)
    for f, expected in shortcut.items():
        with precision(128):
            assert evaluate(f, under(), 128).overlaps(expected), f


def test_rank_is_bounded_below_by_certain_singular_values():
    full = evaluate(v.Rank(v.Softmax(S)), under(s=[["0", "1", "2"], ["0", "2", "3"], ["0", "0", "5"]]), 64)
    assert full == 3
    deficient = evaluate(v.Rank(v.Softmax(S)), under(s=[["0", "1", "2"], ["1", "2", "3"], ["0", "0", "5"]]), 64)
    assert deficient.contains(2)
    assert deficient.contains(3)
    assert deficient > 1


def test_a_threshold_that_is_met_exactly_leaves_both_ranks_possible():
    reached = evaluate(v.ThresholdRank(v.Exp(S), v.Energy(v.Exp(S), 1)), under(), 64)
    assert reached.contains(1)
    assert reached.contains(2)
    assert reached < 3


def test_rational_matrices_have_exact_rank_zeros_and_ties():
    a = under([["1", "2", "3"], ["2", "4", "6"]])
    assert evaluate(v.Rank(W), a, 64) == 1
    assert evaluate(v.Sigma(W, 2), a, 64).is_zero()
    assert evaluate(v.Energy(W, 1), a, 64) == 1
    assert evaluate(v.Truncated(W, 1), a, 64) == arb_mat([[1, 2, 3], [2, 4, 6]])


def test_truncation_at_an_index_that_is_itself_computed():
    a = under()
    kept = evaluate(v.Truncated(W, v.CountAbove(W, 1)), a, 64)
    assert kept.overlaps(evaluate(v.Truncated(W, 1), a, 64))


def test_pair_of_singular_vectors_is_consistent():
    a = under()
    total = sp.Add(*[v.Sigma(W, j) * v.Entry(v.LeftSingular(W, j) * v.RightSingular(W, j).T, 2, 3) for j in (1, 2)])
    assert abs(evaluate(total, a, 128) - 7) < arb(10) ** -30


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (1 / (v.Sigma(v.Exp(S), 2) - v.Sigma(v.Exp(S), 3)), "told from 0"),
        (sp.log(v.Sigma(v.Exp(S), 2) - v.Sigma(v.Exp(S), 3)), "certainly positive"),
        (sp.sqrt(v.Entry(v.Softmax(S), 1, 1) - v.Entry(v.Softmax(S), 2, 2)), "negative"),
        (v.Truncated(v.Exp(S), 2), "not unique"),
        (v.LeftSingular(v.Exp(S), 2), "simple"),
        (v.Energy(v.Softmax(S) - v.Softmax(S.T), 1), "zero matrix"),
        ((v.Softmax(S) - v.Softmax(S.T)).inv(), "regular"),
        (v.Thresholded(v.Exp(S), sp.E - 1), "told from the threshold"),
    ],
)
def test_what_cannot_be_enclosed_says_why(formula, reason):
    identity = [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]]
    with pytest.raises(Undetermined, match=reason):
        evaluate(formula, under(s=identity), 64)
    assert ctx.prec == 53


def test_unknown_node_is_named():
    class Novel(v.MatrixNode):
        pass

    with pytest.raises(FormulaError, match="Novel"):
        evaluate(v.Rank(Novel(W)), under(), 64)


@settings(derandomize=True, deadline=None, database=None, max_examples=200)
@given(st.fractions(0, 1), st.fractions(0, 1), st.fractions(0, 1))
def test_entropy_term_encloses_every_point(x, y, between):
    low, high = min(x, y), max(x, y)
    point = low + (high - low) * between
    with precision(64):
        ends = [arb(f.numerator) / f.denominator for f in (low, high)]
        ball = entropy_term(ends[0].union(ends[1]))
        with mpmath.workdps(50):
            p = mpmath.mpf(point.numerator) / point.denominator
            true = -p * mpmath.log(p) if p else mpmath.mpf(0)
        assert ball.overlaps(arb(mpmath.nstr(true, 40)))
        assert ball.upper() < 0.3679
        assert ball.lower() > -1e-6


def test_small_helpers():
    assert whole_between(2, 2) == 2
    assert whole_between(1, 3).contains(1)
    assert not whole_between(1, 3).contains(4)
    assert square(arb(0, 2)).contains(4)
    assert square(arb(0, 2)) > -0.001
