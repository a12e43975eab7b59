"""Typing: what is not provable from the declarations is an error that names the node, the sizes and the mend."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from verify.formula import vocabulary as v
from verify.formula.typing import check
from verify.model.statement import Assume, Index, Layers, Let, Matrix, Real, Size, Statement

m, n, d, L = v.sizes("m n d L")
k, l, i, j, r = v.indices("k l i j r")
t = v.scalars("t")
W, X, Y, A = v.matrix("W", m, n), v.matrix("X", n, d), v.matrix("Y", m, d), v.matrix("A", d, n)
V = v.layers("V", L, d)
GIVEN = (
    *(Size(symbol=s) for s in (m, n, d, L)),
    *(Matrix(symbol=s) for s in (W, X, Y, A)),
    Layers(symbol=V),
    Real(symbol=t),
    Let(symbol=r, value=v.Rank(W)),
    Index(symbol=k, low=0, high=r),
)


def errors(*says: Any, given: tuple[Any, ...] = ()) -> list[str]:
    return check(Statement(given=GIVEN + given, says=says))


def total(f: Any, low: Any, high: Any) -> Any:
    return v.sigma_sum(f, i, low, high)


WELL_TYPED = [
    v.le(v.norm_sq(W - v.Truncated(W, k)), (r - k) * v.Sigma(W, k + 1) ** 2),
    v.eq(v.norm_sq(W), total(v.Sigma(W, i) ** 2, 1, r)),
    v.eq(W * X - Y, sp.ZeroMatrix(m, d)),
    v.eq(v.Gradient(v.inner(Y, W * X), W), Y * X.T),
    v.eq(v.KroneckerProduct(W, A), v.KroneckerProduct(A, W)),  # m d = d m
    v.le(v.product(v.SpectralNorm(V[l]), l, 1, L), 1),
    v.le(total(v.FrobeniusNorm(v.Chain(V, i - 1)), 1, L + 1), 1),
    v.le(v.Entry(W, m, n), v.Entry(v.CausalSoftmax(W * W.T), 1, m)),
    v.eq(v.Truncated(W, v.CountAbove(W, t)), v.Thresholded(W, t)),
    v.le(v.Sigma(W, sp.floor((m + n) / 2)), v.Sigma(W, sp.Min(m, n))),
    v.eq(v.LogSumExp(v.HStack(W, Y)), v.LogSumExp(v.HStack(Y, W))),
    v.le(v.SpectralNorm(v.LeftSingular(W, 1)), v.SpectralNorm(v.RightSingular(W, 1))),
    v.le(sp.Sum(v.Entry(W, i, j), (j, 1, n), (i, 1, m)), t),
    v.eq(v.HadamardProduct(W, v.Exp(W)) * sp.Identity(n), v.HadamardProduct(W, v.Log(W))),
]


@pytest.mark.parametrize("formula", WELL_TYPED, ids=str)
def test_well_typed(formula: Any) -> None:
    assert errors(formula) == []


def raw_product(*factors: Any) -> Any:
    """A product that sympy is not asked about."""
    return sp.Basic.__new__(sp.MatMul, *factors)


ILL_TYPED = [
    (v.eq(W * A, Y), "W A: W is m x n and A is d x n; the product needs n = d"),
    (v.eq(raw_product(X, W), X), "the product needs d = m"),
    (v.eq(W - A, W), "W - A: -A is d x n and W is m x n; it needs d = m"),
    (v.eq(v.KroneckerProduct(W, A), v.KroneckerProduct(A, X)), "it needs d*m = d*n and n**2 = d*n"),
    (v.eq(W, A), "it needs m = d"),
    (v.eq(W, 0), "write ZeroMatrix"),
    (v.eq(W, t), "compares a matrix with a number"),
    (v.lt(W, W), "orders two matrices"),
    (v.le(sp.Basic.__new__(sp.Trace, W), t), "needs m = n"),
    (v.eq(v.CausalSoftmax(W), W), "needs m = n"),
    (v.eq(sp.Basic.__new__(sp.Inverse, W), W), "needs m = n"),
    (v.eq(v.HStack(W, X), v.HStack(W, X)), "m rows beside n"),
    (v.eq(v.Sigma(W, k), 0), "σ_k(W) needs k ≥ 1, but k = 0 is not excluded"),
    (v.eq(v.Sigma(W, t), 0), "must be an integer"),
    (v.eq(v.Sigma(W, k / 2), 0), "must be an integer"),
    (v.eq(v.Sigma(W, r), 0), "rank(W) = 0 is not excluded"),
    (v.eq(v.Truncated(W, k - 1), W), "needs k - 1 ≥ 0, but k = 0 is not excluded"),
    (v.eq(v.Energy(W, k - 1), t), "needs k - 1 ≥ 0"),
    (v.le(v.Entry(W, k, 1), 0), "W_{k, 1} needs k ≥ 1"),
    (v.le(v.Entry(W, 1, n + 1), 0), "needs n + 1 ≤ n"),
    (v.le(v.Entry(W, 1, d), 0), "needs d ≤ n, but d = 2, n = 1 is not excluded"),
    (v.le(v.product(v.SpectralNorm(V[l]), l, 0, L), 1), "V_l needs l ≥ 1"),
    (v.le(v.product(v.SpectralNorm(V[l]), l, 1, L + 1), 1), "V_l needs l ≤ L"),
    (v.le(v.FrobeniusNorm(v.Chain(V, k)), 1), "needs k ≤ L"),
    (v.le(v.SpectralNorm(v.LeftSingular(W, k + 1)), 1), "needs k + 1 ≤"),
    (v.le(total(v.Sigma(W, i), 1, t), 1), "a limit of"),
    (v.le(sp.Sum(v.Sigma(W, k), (k, 1, n)), 1), "both a declared symbol and the running index"),
    (v.le(W[0, 0], t), "counts from 0"),
    (v.le(sp.sin(t), t), "does not know the node sin"),
    (v.le(sp.Float("0.5"), t), "write it exactly"),
    (v.eq(V, t), "V is a family of matrices"),
    (v.eq(v.Gradient(v.FrobeniusNorm(W), W.T), W.T), "not a matrix symbol"),
]


@pytest.mark.parametrize("formula, message", ILL_TYPED, ids=[row[1] for row in ILL_TYPED])
def test_ill_typed(formula: Any, message: str) -> None:
    found = errors(formula)
    assert len(found) == 1
    assert message in found[0]


def test_sizes_agree_by_hypothesis_never_by_numbers() -> None:
    square = Assume(name="square", formula=v.eq(m, d))
    assert errors(v.eq(W, A), given=(square,)) == []
    assert errors(v.eq(v.KroneckerProduct(W, W), v.KroneckerProduct(A, W)), given=(square,)) == []
    assert errors(v.eq(W, A), given=(Assume(name="not enough", formula=v.le(m, d)),)) != []
    both = (Assume(name="one way", formula=v.le(m, d)), Assume(name="the other", formula=v.ge(m, d)))
    assert errors(v.eq(W, A), given=both) == []


def test_bounds_follow_from_hypotheses_and_structures() -> None:
    formula = v.le(v.Sigma(W, r), t)
    assert errors(formula) != []
    assert errors(formula, given=(Assume(name="not zero", formula=v.ge(v.Rank(W), 1)),)) == []
    nonzero = tuple(Matrix(symbol=W, structure="nonzero") if g.introduces == W else g for g in GIVEN)
    assert check(Statement(given=nonzero, says=(formula,))) == []
    assert errors(v.le(v.Sigma(W, k), t), given=(Assume(name="k", formula=v.gt(k, 0)),)) == []


def test_every_bad_line_is_reported() -> None:
    assert len(errors(v.eq(W, A), v.eq(v.Sigma(W, k), 0), v.eq(W, 0))) == 3


def test_hypotheses_are_typed_too() -> None:
    assert errors(v.le(0, t), given=(Assume(name="bad", formula=v.gt(v.Sigma(W, k), 0)),)) != []
    assert errors(v.le(0, t), given=(Let(symbol=v.matrix("P", n, n), value=W),)) != []
    assert errors(v.le(0, t), given=(Let(symbol=v.matrix("P", n, n), value=W.T * W),)) == []
    assert errors(v.le(0, t), given=(Let(symbol=v.indices("q"), value=v.Sigma(W, 1)),)) != []
    assert errors(v.le(0, t), given=(Index(symbol=v.scalars("x"), low=1, high=2),)) != []


def test_a_real_is_no_index() -> None:
    x = v.scalars("x")
    assert "must be an integer" in errors(v.eq(v.Sigma(W, x), 0), given=(Real(symbol=x),))[0]


def test_hidden_assumptions_of_symbols_must_follow() -> None:
    q = v.sizes("q")  # sympy takes it for positive
    assert "rank(W) = 0 is not excluded" in errors(v.le(0, t), given=(Let(symbol=q, value=v.Rank(W)),))[0]
    assert errors(v.le(0, t), given=(Let(symbol=q, value=v.Rank(W) + 1),)) == []
    assert errors(v.le(0, t), given=(Index(symbol=q, low=0, high=3),)) != []
    assert errors(v.le(0, t), given=(Index(symbol=q, low=1, high=3),)) == []


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (Real(symbol=v.indices("x")), "no declaration says"),  # it would be proved for integers alone
        (Real(symbol=sp.Symbol("x", real=True, nonzero=True)), "no declaration says"),
        (Real(symbol=sp.Symbol("x", real=True, rational=True)), "no declaration says"),
        (Index(symbol=sp.Symbol("x", integer=True, even=True), low=1, high=3), "no declaration says"),
        (Size(symbol=sp.Symbol("x", integer=True, positive=True, prime=True)), "no declaration says"),
        (Real(symbol=v.scalars("x", positive=True)), "its range does not say"),
        (Real(symbol=v.scalars("x", positive=True), low=0), "its range does not say"),
        (Real(symbol=v.scalars("x", positive=True), low=-1, open=True), "its range does not say"),
        (Real(symbol=v.scalars("x", nonnegative=True), low=-1), "its range does not say"),
        (Real(symbol=v.scalars("x", positive=True), low=0, open=True), None),
        (Real(symbol=v.scalars("x", positive=True), low=1), None),
        (Real(symbol=v.scalars("x", nonnegative=True), low=0), None),
        (Real(symbol=v.scalars("x"), low=-1), None),
    ],
)
def test_a_declaration_says_all_that_its_symbol_assumes(declared: Real | Index | Size, message: str | None) -> None:
    found = errors(v.le(0, t), given=(declared,))
    assert (message in found[0]) if message else found == []


def test_a_statement_about_nothing_is_reported() -> None:
    assert "speaks of nothing" in errors(v.le(0, t), given=(Index(symbol=l, low=3, high=2),))[0]
    wide = (Assume(name="wide", formula=v.lt(m, n)), Assume(name="tall", formula=v.gt(m, n)))
    assert "speaks of nothing" in errors(v.le(0, t), given=wide)[0]


def test_symbols_that_print_alike_are_reported() -> None:
    pair = (Matrix(symbol=v.matrix("W0", m, n)), Matrix(symbol=v.matrix("W_0", m, n)))
    assert "rename" in errors(v.le(0, t), given=pair)[0]
    clash = Matrix(symbol=v.matrix("W_k", m, n))
    assert "rename" in errors(v.eq(v.Truncated(W, k), W), given=(clash,))[0]
    assert errors(v.eq(W, W), given=(clash,)) == []


def test_differentiating_by_an_abbreviation_is_refused() -> None:
    p = v.matrix("P", n, n)
    line = Let(symbol=p, value=W.T * W)
    assert "abbreviation" in errors(v.eq(v.Gradient(v.FrobeniusNorm(p), p), p), given=(line,))[0]


@pytest.mark.parametrize(
    ("assumed", "low"),
    [({"even": True}, 1), ({"zero": True}, 1), ({"nonpositive": True}, 1), ({"positive": True}, 0)],
    ids=str,
)
def test_of_a_running_index_only_what_its_range_says_is_assumed(assumed: dict[str, bool], low: int) -> None:
    name = sp.Symbol("q", integer=True, **assumed)
    message = errors(v.ge(sp.Sum(name * t, (name, low, k)), 0))
    assert message and "assum" in message[0]


def test_a_running_index_may_be_positive_where_its_range_is() -> None:
    name = sp.Symbol("q", integer=True, positive=True)
    assert errors(v.ge(sp.Sum(name * t, (name, 1, k)), 0)) == []


@pytest.mark.parametrize(
    ("assumed", "value"),
    [({"nonpositive": True, "real": True}, t**2), ({"odd": True}, k), ({"nonzero": True, "real": True}, t)],
    ids=str,
)
def test_of_an_abbreviation_only_what_it_stands_for_is_assumed(assumed: dict[str, bool], value: Any) -> None:
    name = sp.Symbol("q", **assumed)
    message = errors(v.ge(sp.Abs(name), 0), given=(Let(symbol=name, value=value),))
    assert message and "carries assumptions" in message[0]
