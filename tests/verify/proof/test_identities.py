"""Normal forms keep values: random expressions, evaluated exactly on random rational matrices."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.formula.vocabulary import FrobeniusNorm, Sigma, eq, indices, matrix, product, scalars, sizes
from verify.proof.binding import readable, replaced, rewritten
from verify.proof.errors import ProofError
from verify.proof.identities import canonical, prove_identity

n = sizes("n")
c = scalars("c")
h, i, j, k = indices("h i j k")
A, B, C = (matrix(name, n, n) for name in "ABC")
MAT = (A, B, C, sp.Identity(n), sp.ZeroMatrix(n, n), sp.OneMatrix(n, n))


def grown(inner):
    """Sums, products, multiples, transposes and squares of matrices."""
    return st.one_of(
        st.tuples(inner, inner).map(lambda p: sp.MatAdd(*p)),
        st.tuples(inner, inner).map(lambda p: sp.MatMul(*p)),
        st.tuples(st.sampled_from([-1, 2, c, c + 1, sp.Rational(1, 3)]), inner).map(lambda p: sp.MatMul(*p)),
        inner.map(sp.Transpose),
        inner.map(lambda m: sp.MatPow(m, 2)),
    )


matrices = st.recursive(st.sampled_from(MAT), grown, max_leaves=5)
entries = st.lists(st.integers(-3, 3), min_size=12, max_size=12)


def value(expression, numbers):
    """The exact value at 2 x 2 matrices, computed by sympy's explicit matrices, not by the kernel."""
    values = {m: sp.Matrix(2, 2, numbers[4 * p : 4 * p + 4]) for p, m in enumerate((A, B, C))}

    def of(e):
        match e:
            case sp.MatrixSymbol():
                return values[e]
            case sp.Identity():
                return sp.eye(2)
            case sp.ZeroMatrix():
                return sp.zeros(2, 2)
            case sp.OneMatrix():
                return sp.ones(*(1 if side == 1 else 2 for side in e.shape))
            case sp.Transpose():
                return of(e.arg).T
            case sp.MatPow():
                return of(e.base) ** e.exp
            case sp.MatAdd():
                return sum((of(a) for a in e.args), sp.zeros(2, 2))
            case sp.MatMul():
                out = sp.eye(2)
                for a in e.args:
                    out = out * (of(a) if a.is_Matrix else a)
                return out
        raise AssertionError(e)

    return of(expression).subs({c: sp.Rational(2, 7), n: 2})


@given(matrices, entries)
@settings(max_examples=150)
def test_the_canonical_form_has_the_same_value(expression, numbers):
    form = canonical(expression)
    assert value(form, numbers) == value(expression, numbers)
    assert canonical(form) == form


@given(matrices, matrices, entries)
@settings(max_examples=80)
def test_proved_identities_hold(left, right, numbers):
    """Random sides seldom agree, so the right side is also tried as the left side rewritten."""
    for other in (right, canonical(left), sp.MatAdd(left, right), sp.Transpose(sp.Transpose(left))):
        try:
            prove_identity(eq(left, other), [])
        except ProofError:
            continue
        assert value(left, numbers) == value(other, numbers)


@given(matrices, matrices, matrices)
@settings(max_examples=60)
def test_the_ring_axioms_are_proved(x, y, z):
    laws = [
        eq(sp.MatMul(x, sp.MatAdd(y, z)), sp.MatAdd(sp.MatMul(x, y), sp.MatMul(x, z))),
        eq(sp.MatMul(sp.MatMul(x, y), z), sp.MatMul(x, sp.MatMul(y, z))),
        eq(sp.Transpose(sp.MatMul(x, y)), sp.MatMul(sp.Transpose(y), sp.Transpose(x))),
        eq(sp.MatAdd(x, y), sp.MatAdd(y, x)),
    ]
    for law in laws:
        prove_identity(law, [])


@given(matrices, matrices, entries)
@settings(max_examples=100)
def test_identities_by_a_rule_hold_where_the_rule_does(left, right, numbers):
    """The rule A B = C, made true by the choice of C."""
    product_ab = sp.Matrix(2, 2, numbers[:4]) * sp.Matrix(2, 2, numbers[4:8])
    numbers = [*numbers[:8], *product_ab]
    rule = eq(A * B, C)
    for l, r in (
        (left, right),
        (sp.MatMul(left, A, B), sp.MatMul(left, C)),
        (sp.MatMul(B.T, A.T, left), sp.MatMul(C.T, left)),
    ):
        try:
            prove_identity(eq(l, r), [rule])
        except ProofError:
            assert r is right
            continue
        assert value(l, numbers) == value(r, numbers)


def test_bound_names_do_not_matter_and_free_ones_do():
    total = sp.Sum(Sigma(A, i) * j, (i, 1, k))
    assert canonical(total) == canonical(sp.Sum(Sigma(A, h) * j, (h, 1, k)))
    assert canonical(total) == canonical(replaced(total, {i: k}))
    assert canonical(total) != canonical(replaced(total, {j: k}))
    assert canonical(total) != canonical(replaced(total, {k: j}))


@given(st.lists(st.sampled_from([i, j, k]), min_size=4, max_size=4), st.integers(0, 4), st.integers(0, 4))
@settings(max_examples=40)
def test_canonical_and_replaced_sums_have_the_same_value(names, x, y):
    """Nested sums whose names may shadow each other or clash with what is put in."""
    outer, inner, first, second = names
    total = sp.Sum(outer * sp.Sum(inner * first + second, (inner, 0, 2)), (outer, 1, 3)) + first
    at = dict(zip((i, j, k), (sp.Integer(x), sp.Integer(y), sp.Integer(1)), strict=True))

    def explicit(e, scope):
        match e:
            case sp.Sum():
                ((name, low, high),) = e.limits
                ends = range(int(explicit(low, scope)), int(explicit(high, scope)) + 1)
                return sum(explicit(e.function, {**scope, name: sp.Integer(v)}) for v in ends)
            case sp.Add():
                return sum(explicit(a, scope) for a in e.args)
            case sp.Mul():
                return sp.prod([explicit(a, scope) for a in e.args])
            case sp.Pow():
                return explicit(e.base, scope) ** e.exp
            case sp.Symbol():
                return scope[e]
        return e

    expected = explicit(total, at)
    assert explicit(canonical(total), at) == expected
    assert explicit(readable(canonical(total)), at) == expected
    put_in = replaced(total, {i: j + 1, j: k})
    assert explicit(put_in, at) == explicit(total, {**at, i: at[j] + 1, j: at[k]})
    assert explicit(replaced(canonical(total), {i: j + 1, j: k}), at) == explicit(put_in, at)


def test_rewriting_leaves_the_sizes_of_declared_matrices_alone():
    W = matrix("W", n, 3)
    assert rewritten(FrobeniusNorm(W) + n, n, k) == FrobeniusNorm(W) + k
    assert replaced(FrobeniusNorm(W) + n, {n: k}) == FrobeniusNorm(matrix("W", k, 3)) + k


def test_a_matrix_sized_by_a_bound_name_is_refused():
    with pytest.raises(ProofError, match="size of a matrix depends"):
        canonical(sp.Sum(FrobeniusNorm(matrix("X", i, n)), (i, 1, 3)))


def test_products_are_brought_to_canonical_form_as_sums_are():
    assert canonical(product(1 + i, i, 1, k)) == canonical(product(1 + j, j, 1, k))
    assert canonical(product(1 + i, i, 1, k)) != canonical(sp.Sum(1 + j, (j, 1, k)))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (eq(sp.Identity(n), A), "needs a product"),
        (eq(c * A, B), "numerical coefficient"),
        (sp.Eq(A, matrix("D", n, 2), evaluate=False), "n x n"),
    ],
)
def test_what_is_no_rule_is_refused(rule, message):
    with pytest.raises(ProofError, match=message):
        prove_identity(eq(A, A), [rule])
