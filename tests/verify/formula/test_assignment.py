import pytest
import sympy as sp

from verify.formula.assignment import Assignment, number
from verify.formula.exact import evaluate
from verify.formula.vocabulary import FormulaError, Rank, indices, layers, matrix, scalars, sizes
from verify.model.statement import Index, Layers, Let, Matrix, Real, Size, Statement

m, n, L, d = sizes("m n L d")
k = indices("k")
t = scalars("t")
W, B = matrix("W", m, n), matrix("B", n, 2 * m)
F = layers("F", L, d)
G = matrix("G", m, m)

statement = Statement(
    given=(
        Size(symbol=m),
        Size(symbol=n),
        Matrix(symbol=W),
        Matrix(symbol=B),
        Index(symbol=k, low=1, high=n),
        Real(symbol=t),
        Let(symbol=G, value=W * W.T),
    ),
    says=(sp.Le(Rank(G), t),),
)
values = {"W": [["1", "2/3"]], "B": [["0", "1"], ["sqrt(2)", "-1"]], "k": "2", "t": "log(2)"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3/2", sp.Rational(3, 2)),
        ("-7", -7),
        (" 4/6 ", sp.Rational(2, 3)),
        ("2**5", 32),
        ("2**-2", sp.Rational(1, 4)),
        ("sqrt(8)/2", sp.sqrt(2)),
        ("log(2) + pi", sp.log(2) + sp.pi),
        ("exp(1)", sp.E),
        ("-(1 - 3)*2", 4),
        ("+5", 5),
        ("4**(1/2)", 2),
        ("E/2", sp.E / 2),
    ],
)
def test_number_reads_exact_numbers(text, value):
    assert number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "0.5",
        "1e3",
        "x",
        "nan",
        "inf",
        "1/0",
        "0**-1",
        "sqrt(-1)",
        "log(0)",
        "log(-1)",
        "__import__('os')",
        "(1).real",
        "True",
        "1 if 1 else 2",
        "[1]",
        "",
        "2**10**10",
        "(2**2000)**2000",
        "9" * 5000,
        "sqrt(1, 2)",
        "7 // 2",
        "'a'",
        "1;2",
        "(" * 300 + "1" + ")" * 300,
    ],
)
def test_number_refuses_everything_else(text):
    with pytest.raises(FormulaError) as caught:
        number(text)
    assert text[:10] in str(caught.value)


@pytest.mark.parametrize("value", [0.5, 1, None, ["1"], True])
def test_number_refuses_what_is_not_text(value):
    with pytest.raises(FormulaError, match="string"):
        number(value)


def test_sizes_are_inferred_and_values_come_back():
    a = Assignment.of(statement, values)
    assert [a.values(s) for s in (m, n, k)] == [1, 2, 2]
    assert a.values(W) == sp.ImmutableMatrix([[1, sp.Rational(2, 3)]])
    assert a.values(B)[1, 0] == sp.sqrt(2)
    again = Assignment.of(statement, a.to_values())
    assert again.to_values() == a.to_values()
    assert a.to_values()["m"] == "1"
    assert a.subs_sizes(m + n * k) == 5


def test_abbreviations_are_computed():
    assert evaluate(G, Assignment.of(statement, values)) == sp.ImmutableMatrix([[sp.Rational(13, 9)]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"W": [["1"]]}, "rows of B"),
        ({"m": "2"}, "rows of W"),
        ({"G": [["1"]]}, "abbreviation"),
        ({"Q": "1"}, "no symbol Q"),
        ({"k": None}, "string"),
        ({"k": "1/2"}, "whole"),
        ({"W": "3"}, "list of rows"),
        ({"W": []}, "list of rows"),
        ({"W": [[]]}, "list of rows"),
        ({"W": [["1", "2"], ["3"]]}, "different lengths"),
        ({"W": [["1", "0.1"]]}, "0.1"),
        ({"B": [["0", "1", "2"], ["0", "1", "2"]]}, "columns of B"),
    ],
)
def test_malformed_values_are_refused(change, message):
    with pytest.raises(FormulaError, match=message):
        Assignment.of(statement, {**values, **change})


def test_missing_value_is_named():
    with pytest.raises(FormulaError, match="no value for t"):
        Assignment.of(statement, {name: v for name, v in values.items() if name != "t"})


def test_size_inferred_from_an_expression():
    s = Statement(given=(Size(symbol=m), Size(symbol=n), Matrix(symbol=B)), says=(sp.Le(Rank(B), n),))
    assert Assignment.of(s, {"B": [["1", "2", "3", "4"]]}).values(m) == 2
    with pytest.raises(FormulaError, match="m"):
        Assignment.of(s, {"B": [["1", "2", "3"]]})


def test_families():
    s = Statement(given=(Size(symbol=L), Size(symbol=d), Layers(symbol=F)), says=(sp.Le(L, d),))
    a = Assignment.of(s, {"F": [[["1", "2"], ["3", "4"]]] * 3})
    assert (a.values(L), a.values(d)) == (3, 2)
    assert Assignment.of(s, a.to_values()).to_values() == a.to_values()
    with pytest.raises(FormulaError, match="columns of F"):
        Assignment.of(s, {"F": [[["1", "2"]]]})
    with pytest.raises(FormulaError, match="family"):
        Assignment.of(s, {"F": "1"})


def test_bind_leaves_the_original_alone():
    a = Assignment.of(statement, values)
    i = indices("i")
    assert a.bind(i, 3).values(i) == 3
    with pytest.raises(FormulaError, match="no value"):
        a.values(i)
    assert a.bind(k, 1).values(k) == 1
    assert a.values(k) == 2


@pytest.mark.parametrize(
    "text", ["exp(1)", "exp(-1/2)", "2**(1/3)", "sqrt(2)/3 - pi", "log(2)**2", "sqrt(1 + sqrt(2))", "E**2"]
)
def test_irrational_values_come_back(text):
    assert number(str(number(text))) == number(text)
