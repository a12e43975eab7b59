"""Attempts to prove what is false by way of objects that exist, case distinctions, traces and entries."""

from __future__ import annotations

import pytest
import sympy as sp
from attempts import NOTHING, S, W, i, j, k, m, n, x

from verify.authoring import *
from verify.model.statement import Statement
from verify.proof.cases import Cases
from verify.proof.entries import EntryAlgebra
from verify.proof.frames import (
    Diagonal,
    FactorRank,
    FirstColumns,
    KernelBasis,
    KernelVector,
    LeadingTrace,
    RankFactors,
    Rows,
    RowSquare,
    SingularFrame,
)
from verify.proof.sums import Linear, Shift
from verify.proof.traces import TraceAlgebra

p, q, c = sizes("p"), indices("q"), scalars("c")
A, B = matrix("A", m, n), matrix("B", m, n)
z, y = vector("z", n), vector("y", n)
DEFICIENT = assume("deficient", le(Rank(W), n - 1))
DEFICIENT_A = assume("deficient too", le(Rank(A), n - 1))


def kernel(of, called, name="kernel"):
    return step(name, KernelVector(of=of, called=called))


def frame(count, w=W, name="frame", letters="UVD"):
    u, v, d = letters
    rows, cols = w.shape
    left, right, values = matrix(u, rows, count), matrix(v, cols, count), matrix(d, count, count)
    return step(name, SingularFrame(of=w, count=count, left=left, right=right, values=values)), left, right, values


# --- kernels ---------------------------------------------------------------------------------------------------------


def test_a_kernel_needs_a_deficient_rank(attempt, refused):
    goal = eq(norm_sq(Identity(n)), n)
    refused("has a kernel", declare(W), goal, kernel(W, z))
    refused("has a kernel", [*declare(W), assume("rank", le(Rank(W), n))], goal, kernel(W, z))
    refused("has a kernel", [*declare(W), assume("rows", le(Rank(W), m - 1))], goal, kernel(W, z))
    attempt([*declare(W), DEFICIENT], goal, kernel(W, z), step("goal", TraceAlgebra(), goal))


def test_one_name_does_not_serve_two_kernels(refused):
    """A direction in both kernels need not exist."""
    given = [*declare(W, A), DEFICIENT, DEFICIENT_A]
    refused("in use already", given, le(1, 2), kernel(W, z), kernel(A, z, "again"))


def test_a_declared_vector_does_not_become_a_kernel_vector(refused):
    given = [*declare(W, z), DEFICIENT]
    refused("in use already", given, eq(W * z, sp.ZeroMatrix(m, 1)), kernel(W, z))


def test_the_name_of_an_index_or_a_part_of_the_matrix_is_not_fresh(refused):
    named_n = vector("n", n)
    refused("in use already", [*declare(W), DEFICIENT], le(1, 2), kernel(W, named_n))
    square = [*declare(S), assume("deficient", le(Rank(S * S), n - 1))]
    refused("in use already", square, le(1, 2), kernel(S * S, vector("S", n)))


def test_the_vector_chosen_for_each_index_does_not_leave(refused):
    lines = for_each(i, 1, 3, kernel(W, z), step("length", TraceAlgebra(using=("kernel.unit",)), eq(norm_sq(z), 1)))
    refused("was chosen for one case", [*declare(W), DEFICIENT], NOTHING, step("all", lines))


def test_a_conclusion_cannot_name_the_vector_of_a_case(refused):
    cases = Cases(on=le(x, 0), yes=(kernel(W, z),), no=(kernel(W, z),))
    given = [*declare(W), real(x), DEFICIENT]
    refused("was chosen for one case", given, NOTHING, step("z", cases, eq(W * z, sp.ZeroMatrix(m, 1))))
    with pytest.raises(ValueError, match="which no earlier line"):
        Statement(given=tuple(given), says=(eq(W * z, sp.ZeroMatrix(m, 1)),))


def test_the_wrong_size_is_refused(refused):
    refused("must be of size", [*declare(W), DEFICIENT], le(1, 2), kernel(W, vector("z", m)))
    refused("must be a matrix symbol", [*declare(W), DEFICIENT], le(1, 2), kernel(W, x))


def test_one_direction_of_the_kernel_does_not_make_the_matrix_zero(refused):
    goal = eq(W, 0 * W)
    refused("differ", [*declare(W), DEFICIENT], goal, kernel(W, z), step("goal", algebra("kernel"), goal))


def test_a_basis_of_the_kernel_spans_it_and_no_more(refused):
    r = Rank(W)
    basis = KernelBasis(of=W, kernel=matrix("Z", n, n - r), rest=matrix("R", n, r), rows=matrix("L", r, m))
    Z = basis.kernel
    line = step("basis", basis)
    full, whole = eq(norm_sq(Z), n), eq(Z * Z.T, Identity(n))
    refused("differ", declare(W), NOTHING, line, step("g", TraceAlgebra(using=("basis.kernel",)), full))
    refused("differ", declare(W), NOTHING, line, step("g", algebra("basis.cover", "basis.rows"), whole))
    twice = basis.model_copy(update={"rest": matrix("Z", n, r)})
    refused("in use already", declare(W), NOTHING, step("basis", twice))


# --- singular frames -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [m, n, k, Rank(W) + 1, sp.Integer(1), k - 1])
def test_a_frame_of_more_vectors_than_the_rank_is_refused(refused, count):
    line, *_ = frame(count)
    refused("the number", [*declare(W), between(k, 0, 9)], le(1, 2), line)


def test_a_leading_frame_is_not_the_whole_matrix(attempt, refused):
    line, _, _, D = frame(k)
    given = [*declare(W), between(k, 0, Rank(W))]
    whole = eq(norm_sq(W), norm_sq(D))
    part = TraceAlgebra(using=("frame", "frame.left", "frame.right"))
    refused("no earlier line", given, NOTHING, line, step("g", TraceAlgebra(using=("frame.whole",)), whole))
    refused("differ", given, NOTHING, line, step("g", part, whole))
    line, _, _, D = frame(Rank(W))
    whole = eq(norm_sq(W), norm_sq(D))
    by_all = TraceAlgebra(using=("frame.whole", "frame.left", "frame.right"))
    attempt(declare(W), NOTHING, line, step("g", by_all, whole), step("n", arithmetic(), NOTHING))


def test_orthonormal_columns_have_no_orthonormal_rows(refused):
    line, U, _, _ = frame(k)
    goal = eq(norm_sq(U.T * A), norm_sq(A))
    given = [*declare(W, A), between(k, 0, Rank(W))]
    refused("differ", given, NOTHING, line, step("g", TraceAlgebra(using=("frame.left",)), goal))


def test_two_frames_have_different_vectors(refused):
    first, U, *_ = frame(k)
    second, U2, *_ = frame(k, A, "second", "XYT")
    given = [*declare(W, A), between(k, 0, Rank(W)), assume("rank", le(k, Rank(A)))]
    refused("differ", given, NOTHING, first, second, step("g", algebra("frame", "second"), eq(U, U2)))
    again, *_ = frame(k, A, "second")
    refused("in use already", given, NOTHING, first, again)
    m_by_k = matrix("U", m, k)
    same_name = SingularFrame(of=W, count=k, left=m_by_k, right=matrix("U", n, k), values=matrix("D", k, k))
    refused("in use already", given, NOTHING, step("frame", same_name))


def test_only_a_matrix_of_singular_values_is_diagonal(refused):
    goal = eq(sp.Trace(S * S), Sum(Entry(S, q, q) ** 2, (q, 1, n)))
    refused("was not introduced", declare(S), goal, step("g", Diagonal(values=S, kind="trace", times=S), goal))
    line, _U, _V, D = frame(k)
    given = [*declare(W, S), between(k, 0, Rank(W))]
    refused("must have", given, goal, line, step("g", Diagonal(values=D, kind="norm", times=S)))
    refused("no trace", given, goal, line, step("g", Diagonal(values=D, kind="trace", times=matrix("Y", k, 2))))


# --- ranks -----------------------------------------------------------------------------------------------------------


def test_a_factorisation_must_hold_and_count_every_product(refused):
    goal = le(Rank(W), 1)
    u, v = vector("u", m), vector("v", n)
    given = declare(W, u, v)
    refused("differ", given, goal, step("g", FactorRank(of=W, factors=((u, v.T),)), goal))
    two = FactorRank(of=u * v.T + u * v.T, factors=((u, v.T), (u, v.T)))
    refused("justified is", given, le(Rank(u * v.T + u * v.T), 1), step("g", two, le(Rank(2 * u * v.T), 1)))
    refused("do not multiply", given, goal, step("g", FactorRank(of=W, factors=((u, v),))))
    refused("no product", given, goal, step("g", FactorRank(of=W, factors=())))


def test_a_rank_factor_is_not_square(refused):
    F, G = matrix("F", m, Rank(W)), matrix("G", Rank(W), n)
    line = step("factors", RankFactors(of=W, left=F, right=G))
    square = eq(F.T * F, Identity(Rank(W)))
    refused("differ", declare(W), NOTHING, line, step("g", algebra("factors"), square))
    narrow = RankFactors(of=W, left=matrix("F", m, 1), right=matrix("G", 1, n))
    refused("must be of size", declare(W), NOTHING, step("factors", narrow))


# --- coordinates and entries -----------------------------------------------------------------------------------------


def test_leading_columns_are_at_most_the_size(refused):
    wide = FirstColumns(size=n, count=n + 1, called=matrix("E", n, n + 1))
    refused("the number", declare(W), NOTHING, step("e", wide))
    E = matrix("E", n, k)
    given = [*declare(W, S), between(k, 0, n)]
    refused("was not introduced", given, NOTHING, step("t", LeadingTrace(columns=S, of=S)))
    goal, line = eq(E * E.T, Identity(n)), step("e", FirstColumns(size=n, count=k, called=E))
    refused("differ", given, NOTHING, line, step("g", algebra("e"), goal))


def test_rows_that_do_not_exist_have_no_square(refused):
    refused("row", [*declare(W), between(k, 0, m)], NOTHING, step("r", RowSquare(of=W, at=k)))
    refused("row", declare(W), NOTHING, step("r", RowSquare(of=W, at=m + 1)))
    goal = eq(norm_sq(S), Sum(Entry(S * S, q, q), (q, 1, n)))
    refused("justified is", declare(S), goal, step("r", Rows(of=S), goal))


@pytest.mark.parametrize(
    "goal",
    [
        eq(Entry(S, i, j), Entry(S, j, i)),
        eq(Entry(Identity(n), i, j), 1),
        eq(Entry(S * S, i, j), Entry(S, i, j) ** 2),
        eq(Entry(2 * S, i, i), Entry(S, i, i)),
        eq(Entry(S + Identity(n), i, j), Entry(S, i, j)),
    ],
    ids=str,
)
def test_false_entries(refused, goal):
    given = [*declare(S), between(i, 1, n), between(j, 1, n)]
    refused("differ", given, goal, step("g", EntryAlgebra(), goal))


def test_true_entries(attempt):
    given = [*declare(S), between(i, 1, n), between(j, 1, n)]
    for goal in (eq(Entry(S.T, i, j), Entry(S, j, i)), eq(Entry(S - 2 * Identity(n), i, i), Entry(S, i, i) - 2)):
        attempt(given, goal, step("g", EntryAlgebra(), goal))


# --- cases -----------------------------------------------------------------------------------------------------------


def test_both_cases_must_reach_the_goal(attempt, refused):
    goal = ge(x**2, x)
    yes, no = (step("a", arithmetic(), goal),), (step("b", arithmetic(), goal),)
    refused("does not follow", [real(x)], goal, step("g", Cases(on=ge(x, 1), yes=yes, no=no), goal))
    refused("does not reach", [real(x)], goal, step("g", Cases(on=ge(x, 1), yes=yes, no=()), goal))
    attempt([real(x, None, 0)], goal, step("g", Cases(on=ge(x, 1), yes=(), no=no), goal))
    refused("does not reach", [real(x, None, 1)], goal, step("g", Cases(on=ge(x, 1), yes=(), no=()), goal))


def test_what_holds_in_a_case_is_not_known_outside(refused):
    inside = (step("fact", arithmetic(), ge(x, 1)), step("goal", arithmetic("fact"), ge(x**2, 0)))
    outside = (step("goal", arithmetic(), ge(x**2, 0)),)
    line = step("g", Cases(on=ge(x, 1), yes=inside, no=outside), ge(x**2, 0))
    refused("no earlier line", [real(x)], ge(x, 1), line, step("out", arithmetic("fact"), ge(x, 1)))
    refused("does not follow", [real(x)], ge(x, 1), line, step("out", arithmetic(), ge(x, 1)))


def test_a_case_must_have_a_value_and_be_a_relation_between_numbers(refused):
    goal = ge(x**2, 0)
    done = (step("a", arithmetic(), goal),)
    refused("not known to be nonzero", [real(x)], goal, step("g", Cases(on=ge(1 / x, 1), yes=done, no=done), goal))
    on_matrices = eq(W, W)
    refused(
        "relation between numbers",
        [*declare(W), real(x)],
        goal,
        step("g", Cases(on=on_matrices, yes=done, no=done), goal),
    )
    refused("must say", [real(x)], goal, step("g", Cases(on=ge(x, 0), yes=done, no=done)))


# --- sums, rules, sizes ----------------------------------------------------------------------------------------------


def test_a_shift_moves_the_terms_with_the_range(refused):
    total = Sum(Sigma(W, q), (q, 1, 3))
    goal = eq(total, Sum(Sigma(W, q), (q, 2, 4)))
    refused("justified is", declare(W), goal, step("g", Shift(total=total, by=1), goal))
    refused("not known to be an integer", [*declare(W), real(c)], NOTHING, step("g", Shift(total=total, by=c)))


def test_a_sum_over_no_range_is_not_split(refused):
    total = Sum(c * Sigma(W, q) + 1, (q, 1, k))
    refused("range", [*declare(W), real(c), between(k, -5, 5)], le(1, 2), step("g", Linear(total=total)))


def test_a_rule_with_several_products_is_an_equality_still(attempt, refused):
    given = [*declare(A, B, W), assume("sum", eq(A + B, W))]
    attempt(given, eq(A, W - B), step("g", MatrixAlgebra(), eq(A, W - B)))
    refused("differ", given, eq(A, W + B), step("g", MatrixAlgebra(), eq(A, W + B)))
    symmetric = [*declare(S), assume("symmetric", eq(S.T, S))]
    attempt(symmetric, eq(S.T * S, S * S), step("g", MatrixAlgebra(), eq(S.T * S, S * S)))
    refused("differ", symmetric, eq(S * S, S), step("g", MatrixAlgebra(), eq(S * S, S)))


def test_theorems_are_not_applied_to_matrices_of_no_size(refused):
    """The rank may be zero; then the frame has no columns, and no theorem speaks of it."""
    line, U, *_ = frame(Rank(W))
    refused("premise", declare(W), NOTHING, line, step("u", apply("orthonormal-norm", W=U)))


def test_the_inner_product_is_not_the_product_of_norms(refused):
    goal = eq(inner(A, B), FrobeniusNorm(A) * FrobeniusNorm(B))
    refused("differ", declare(A, B), goal, step("g", TraceAlgebra(), goal))
    schwarz = step("s", apply("cauchy-schwarz", A=A, B=B))
    strict = lt(inner(A, B), FrobeniusNorm(A) * FrobeniusNorm(B))
    refused("does not follow", declare(A, B), strict, schwarz, step("g", arithmetic("s"), strict))
    positive = gt(inner(A, B) ** 2, 0)
    refused("does not follow", declare(A, B), positive, schwarz, step("g", arithmetic("s"), positive))
