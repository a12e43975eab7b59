import pytest
import sympy as sp

from verify.formula import vocabulary as v
from verify.formula.arithmetic import NotExact, Undetermined
from verify.formula.assignment import Assignment
from verify.formula.exact import evaluate
from verify.formula.vocabulary import FormulaError, matrix
from verify.model.statement import Index, Let, Matrix, Statement

W = matrix("W", 2, 2)
V = matrix("V", 2, 3)
X = matrix("X", 3, 3)
i, k = v.indices("i k")
half = sp.Rational(1, 2)


def under(**matrices):
    symbols = {"W": W, "V": V, "X": X}
    statement = Statement(given=_given(symbols[name] for name in matrices), says=(v.le(0, 1),))
    return Assignment.of(statement, {name: [[str(x) for x in row] for row in rows] for name, rows in matrices.items()})


def _given(symbols):
    return tuple(Matrix(symbol=symbol) for symbol in symbols)


GENERIC = [[1, 2], [3, 4]]
WIDE = [[1, 0, 2], [0, 1, 0]]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (W[0, 1] + v.Entry(W, 2, 1), 5),
        (sp.Trace(W.T * W) / 2, 15),
        (v.FrobeniusNorm(W), sp.sqrt(30)),
        (v.norm_sq(W), 30),
        (v.Sigma(W, 1), sp.sqrt(15 + sp.sqrt(221))),
        (v.Sigma(W, 2) ** 2, 15 - sp.sqrt(221)),
        (v.Sigma(W, 3), 0),
        (v.Rank(W), 2),
        (v.Rank(V.T * V), 2),
        (sp.Determinant(W), -2),
        (v.SpectralNorm(V), sp.sqrt(5)),
        (v.NuclearNorm(V), 1 + sp.sqrt(5)),
        (v.Energy(V, 1), sp.Rational(5, 6)),
        (v.Energy(V, 2), 1),
        (v.Energy(V, 0), 0),
        (v.ThresholdRank(V, half), 1),
        (v.ThresholdRank(V, sp.Rational(5, 6)), 1),
        (v.ThresholdRank(V, sp.Rational(9, 10)), 2),
        (v.CountAbove(V, 1), 1),
        (v.CountAbove(V, sp.Rational(99, 100)), 2),
        (v.CountAbove(V, sp.sqrt(5)), 0),
        (v.norm_sq(V - v.Truncated(V, 1)), 1),
        (v.EffectiveRank(v.Truncated(V, 1)), 1),
        (sp.Sum(v.Sigma(V, i) ** 2, (i, 1, 2)), 6),
        (sp.Sum(i, (i, 3, 1)), 0),
        (sp.Product(i, (i, 3, 1)), 1),
        (sp.Product(i, (i, 1, 4)), 24),
        (sp.Sum(i * k, (i, 1, k), (k, 1, 3)), 25),
        (sp.Max(1, v.Sigma(V, 1), 2), sp.sqrt(5)),
        (sp.floor(v.Sigma(V, 1)), 2),
        (sp.ceiling(v.Sigma(V, 1)), 3),
        (sp.Abs(1 - v.Sigma(V, 1)), sp.sqrt(5) - 1),
        (sp.log(v.Entry(W, 1, 1)) + sp.exp(v.Entry(V, 1, 2)), 1),
    ],
)
def test_known_numbers(formula, value):
    found = evaluate(formula, under(W=GENERIC, V=WIDE))
    assert sp.simplify(found - value) == 0


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (W * V, [[1, 2, 2], [3, 4, 6]]),
        (2 * W - W.T, [[1, 1], [4, 4]]),
        (sp.HadamardProduct(W, W), [[1, 4], [9, 16]]),
        (sp.KroneckerProduct(W, sp.Identity(2)), [[1, 0, 2, 0], [0, 1, 0, 2], [3, 0, 4, 0], [0, 3, 0, 4]]),
        (W**2, [[7, 10], [15, 22]]),
        (W.inv(), [[-2, 1], [3 * half, -half]]),
        (v.HStack(W, V), [[1, 2, 1, 0, 2], [3, 4, 0, 1, 0]]),
        (v.Truncated(V, 1), [[1, 0, 2], [0, 0, 0]]),
        (v.Thresholded(V, 1), [[1, 0, 2], [0, 0, 0]]),
        (v.Truncated(V, 2), WIDE),
        (v.Truncated(V, 0), [[0, 0, 0], [0, 0, 0]]),
        (v.Softmax(sp.OneMatrix(2, 2)), [[half, half], [half, half]]),
        (v.CausalSoftmax(sp.ZeroMatrix(2, 2)), [[1, 0], [half, half]]),
        (v.Exp(sp.ZeroMatrix(1, 2)), [[1, 1]]),
        (v.Log(sp.OneMatrix(1, 2)), [[0, 0]]),
        (v.LogSumExp(V), [[sp.log(sp.E + 1 + sp.exp(2))], [sp.log(2 + sp.E)]]),
        (v.Gradient(v.norm_sq(W) / 2, W), GENERIC),
        (v.Gradient(sp.Trace(V.T * W * V), W), [[5, 0], [0, 1]]),
    ],
)
def test_known_matrices(formula, value):
    found = evaluate(formula, under(W=GENERIC, V=WIDE))
    assert sp.simplify(found - sp.Matrix(value)) == sp.zeros(*found.shape)


def test_irrational_truncation_of_a_generic_matrix():
    a = under(W=GENERIC)
    kept = evaluate(v.Truncated(W, 1), a)
    assert sp.simplify(kept.det()) == 0
    assert sp.simplify(((sp.Matrix(GENERIC) - kept) * kept.T).applyfunc(sp.simplify)) == sp.zeros(2)


def test_softmax_rank_is_exact_in_exponentials():
    assert evaluate(v.Rank(v.Softmax(X)), under(X=[[0, 1, 2], [1, 2, 3], [0, 0, 5]])) == 2
    assert evaluate(v.Rank(v.Softmax(X)), under(X=[[0, 1, 2], [1, 2, 3], [4, 5, 6]])) == 1
    assert evaluate(v.Rank(v.Softmax(X)), under(X=[[0, 1, 2], [0, 2, 3], [0, 0, 5]])) == 3


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (v.Energy(W, 1), "zero matrix"),
        (v.EffectiveRank(W), "zero matrix"),
        (1 / v.FrobeniusNorm(W), "division by zero"),
        (sp.log(v.Rank(W)), "logarithm"),
        (W.inv(), "singular"),
        (v.Truncated(V, 1), "not unique"),
        (v.Sigma(V, 0), "counted from 1"),
        (v.Entry(V, 3, 1), "no such entry"),
        (v.Truncated(V, -1), "cannot keep"),
        (v.ThresholdRank(V, 2), "no k reaches"),
        (sp.sqrt(v.Rank(V) - 3), "negative"),
    ],
)
def test_what_has_no_value_says_so(formula, reason):
    with pytest.raises(Undetermined, match=reason):
        evaluate(formula, under(W=[[0, 0], [0, 0]], V=[[1, 0, 0], [0, 0, 1]]))


def test_singular_vectors_are_left_to_balls():
    with pytest.raises(NotExact):
        evaluate(v.LeftSingular(W, 1), under(W=GENERIC))


def test_large_irrational_truncation_is_left_to_balls():
    five = matrix("A", 5, 5)
    rows = [[str((3 * i + j * j) % 7) for j in range(5)] for i in range(5)]
    statement = Statement(given=(Matrix(symbol=five),), says=(v.le(0, 1),))
    with pytest.raises(NotExact):
        evaluate(v.Truncated(five, 2), Assignment.of(statement, {"A": rows}))


def test_an_unknown_node_is_named():
    class Novel(v.ScalarNode):
        pass

    with pytest.raises(FormulaError, match="Novel"):
        evaluate(Novel(W), under(W=GENERIC))


def test_an_abbreviation_does_not_see_an_index_bound_around_it():
    c = v.scalars("c")
    statement = Statement(
        given=(Index(symbol=k, low=1, high=9), Let(symbol=c, value=k + 1)), says=(v.le(sp.Sum(c * k, (k, 1, 2)), c),)
    )
    a = Assignment.of(statement, {"k": "4"})
    assert evaluate(statement.says[0].lhs, a) == 5 * 1 + 5 * 2
    assert evaluate(c, a) == 5


def test_a_tie_of_irrational_singular_values_is_seen():
    a = under(W=[["sqrt(2)", 0], [0, "sqrt(2)"]])
    with pytest.raises(Undetermined, match="not unique"):
        evaluate(v.Truncated(W, 1), a)
    assert evaluate(v.Truncated(W, 1), under(W=[["sqrt(2)", 0], [0, 1]])) == sp.Matrix([[sp.sqrt(2), 0], [0, 0]])


FLOAT = sp.Rational(8021127540998785, 2**53)
LARGER = sp.Rational(4183693075897851, 2**30)


@pytest.mark.parametrize(
    "power",
    [
        sp.Pow(v.Entry(W, 1, 1), LARGER, evaluate=False),
        sp.Pow(v.Entry(W, 1, 1), -LARGER, evaluate=False),
        sp.Pow(v.Entry(W, 1, 1), FLOAT, evaluate=False),
        sp.Pow(v.Sigma(V, 1), FLOAT, evaluate=False),
        sp.Pow(v.Entry(W, 1, 1), 10**12, evaluate=False),
        sp.Pow(v.Entry(W, 1, 1), -(10**12), evaluate=False),
        sp.Pow(1 + v.Sigma(V, 1), 10**12, evaluate=False),
        sp.Pow(v.Sigma(V, 1), 10**12, evaluate=False),
    ],
)
def test_powers_that_would_not_end_are_left_to_balls(power):
    """A search draws exponents such as 8021127540998785 / 2^53; sympy multiplies their numerators out."""
    with pytest.raises(NotExact):
        evaluate(power, under(W=[[FLOAT, 0], [0, 1]], V=WIDE))


def test_powers_of_one_and_short_powers_are_exact():
    assignment = under(W=[[-1, 0], [0, 2]])
    assert evaluate(sp.Pow(v.Entry(W, 1, 1), 10**12 + 1, evaluate=False), assignment) == -1
    assert evaluate(sp.Pow(v.Entry(W, 2, 2), -3000, evaluate=False), assignment) == sp.Rational(1, 2**3000)
    assert evaluate(sp.Pow(v.Entry(W, 2, 2), sp.Rational(5, 2), evaluate=False), assignment) == 4 * sp.sqrt(2)


def test_roots_of_long_polynomials_are_left_to_balls():
    entries = sp.Matrix(3, 3, lambda i, j: sp.Rational(10**200 + 7 * i + 11 * j * j + i * j, 3 + i + j))
    with pytest.raises(NotExact):
        evaluate(v.EffectiveRank(X), under(X=entries.tolist()))
    assert evaluate(v.NuclearNorm(X), under(X=[[1, 2, 0], [0, 1, 1], [1, 0, 3]])).has(sp.CRootOf)


@pytest.mark.parametrize("value", [0, 2, -2])
@pytest.mark.parametrize("f", ["norm", "root of a square"])
def test_a_kink_has_no_slope(f, value):
    """The norm of a 1 x 1 matrix is |x|, of which sympy says that the derivative at 0 is 0."""
    w = matrix("w", 1, 1)
    statement = Statement(given=(Matrix(symbol=w),), says=(v.le(0, 1),))
    function = v.FrobeniusNorm(w) if f == "norm" else sp.sqrt(sp.Trace(w) ** 2)
    assignment = Assignment.of(statement, {"w": [[str(value)]]})
    if value == 0:
        with pytest.raises(Undetermined):
            evaluate(v.Gradient(function, w), assignment)
    else:
        assert evaluate(v.Gradient(function, w), assignment) == sp.Matrix([[value // 2]])
