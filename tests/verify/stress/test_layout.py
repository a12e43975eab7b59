"""What a statement asks to be drawn."""

from __future__ import annotations

import sympy as sp

from verify.formula.vocabulary import (
    FrobeniusNorm,
    Identity,
    Rank,
    Sigma,
    SpectralNorm,
    Truncated,
    eq,
    ge,
    indices,
    le,
    lt,
    matrix,
    scalars,
    sizes,
)
from verify.model.statement import Assume, Index, Let, Matrix, Real, Size, Statement
from verify.stress.layout import Layout

m, n, r = sizes("m n r")
k, j = indices("k j")
t, c = scalars("t c")
W, E = matrix("W", m, n), matrix("E", m, n)
p = sp.Min(m, n)


def layout(*given: object, says: object = None) -> Layout:
    return Layout(Statement(given=given, says=(le(0, 1) if says is None else says,)))  # type: ignore[arg-type]


def test_sizes_satisfy_the_hypotheses_on_sizes() -> None:
    pool = layout(Size(symbol=m, low=2), Size(symbol=n), Assume(name="wide", formula=lt(m, n))).sizes
    assert pool.small
    assert all(a >= 2 and a < b for a, b in pool.all())


def test_an_equation_between_sizes_is_met() -> None:
    found = layout(Size(symbol=m), Size(symbol=n), Size(symbol=r), Assume(name="sum", formula=eq(r, m + n))).sizes
    assert len(found.all()) > 20
    assert all(a + b == c for a, b, c in found.all())


def test_impossible_sizes_leave_nothing_to_draw() -> None:
    assert layout(Size(symbol=m), Assume(name="never", formula=lt(m, 1))).sizes.all() == ()


def test_an_index_in_a_shape_is_fixed_for_the_batch() -> None:
    given = (Size(symbol=m), Index(symbol=k, low=1, high=m), Matrix(symbol=matrix("B", m, k)))
    found = layout(*given)
    assert found.structural == (m, k)
    assert all(b <= a for a, b in found.sizes.all())
    assert found.axes == ()


def test_only_indices_on_which_nothing_drawn_depends_are_enumerated() -> None:
    base = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Index(symbol=k, low=1, high=p))
    assert [line.symbol for line in layout(*base).axes] == [k]
    bound = layout(*base, Real(symbol=t, low=0, high=Sigma(W, k)))
    assert bound.axes == ()
    ranked = layout(*base, Assume(name="rank", formula=eq(Rank(W), k)))
    assert ranked.axes == ()
    assert ranked.rank_rules[W].equal


def test_a_truncation_makes_its_index_costly_and_a_singular_value_does_not() -> None:
    base = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Index(symbol=k, low=0, high=p))
    assert layout(*base, says=le(0, SpectralNorm(Truncated(W, k)))).matrix_axes
    assert not layout(*base, says=le(0, Sigma(W, k + 1))).matrix_axes


def test_hypotheses_that_are_constructed_are_recognised() -> None:
    A, Q, Y = matrix("A", n, n), matrix("Q", n, n), matrix("Y", n, n)
    found = layout(
        Size(symbol=n),
        Matrix(symbol=A),
        Matrix(symbol=Q),
        Matrix(symbol=Y),
        Assume(name="symmetric", formula=eq(A, A.T)),
        Assume(name="orthogonal", formula=eq(Q.T * Q, Identity(n))),
        Assume(name="data", formula=eq(Y, Q * A)),
        Assume(name="rank", formula=ge(2, Rank(A))),
    )
    assert found.symmetric == {A}
    assert found.orthonormal == {Q}
    assert found.defined == {"data": (Y, Q * A)}
    assert not found.rank_rules[A].equal


def test_abbreviations_are_expanded() -> None:
    given = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Let(symbol=c, value=FrobeniusNorm(W)))
    assert layout(*given, says=le(c, 1)).conclusions == (le(FrobeniusNorm(W), 1),)
