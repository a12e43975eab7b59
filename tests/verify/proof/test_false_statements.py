"""Attempts to prove what is false. Each of them used to succeed, or is one step from a proof that is right."""

from __future__ import annotations

import re

import pytest
from sympy.matrices.expressions import MatPow

from verify.authoring import *
from verify.model.statement import Statement
from verify.proof.errors import ProofError
from verify.proof.identities import prove_identity
from verify.proof.lines import Facts, Justification, check, hypotheses, same
from verify.proof.theorems import LIBRARY, instantiate

m, n, r, q = sizes("m n r q")
L, d = sizes("L d")
i, j, k, l, i_1 = indices("i j k l i_1")
x, y, z, t = scalars("x y z t")
A, B, W, X, C = (matrix(name, m, n) for name in "ABWXC")
M, N, P = (matrix(name, n, n) for name in "MNP")
V = layers("V", L, d)


def attempt(given, says, *lines):
    statement = Statement(given=tuple(given), says=tuple(says) if isinstance(says, (list, tuple)) else (says,))
    return check(Derivation(lines=lines), statement)


def refused(message, given, says, *lines):
    with pytest.raises(ProofError, match=message):
        attempt(given, says, *lines)


def integer(symbol):
    return between(symbol, 0, 9)


# --- bound names ---------------------------------------------------------------------------------------------


def test_a_value_is_not_captured_by_the_canonical_name_of_a_sum():
    total = Sum(k, (j, 1, 3))
    refused(
        "no line says",
        [integer(i_1)],
        eq(Sum(j, (j, 1, 3)), 3 * i_1),  # 6 = 3 i_1
        step("general", for_each(k, 0, 9, step("each", Constant(total=total)))),
        step("at", Instance(of="general", at=i_1)),
    )


def test_nested_sums_keep_their_names_apart():
    """18 and 28: a canonical name given to the outer sum must not be caught by the inner one."""
    crossed = Sum(j * Sum(j * i_1, (i_1, 1, 3)), (j, 1, 2))
    captured = Sum(j * Sum(j * j, (j, 1, 3)), (k, 1, 2))
    assert not same(eq(crossed, 0), eq(captured, 0))
    assert same(eq(crossed, 0), eq(Sum(k * Sum(k * j, (j, 1, 3)), (k, 1, 2)), 0))
    assert not same(eq(crossed, 0), eq(Sum(k * Sum(k * k, (j, 1, 3)), (k, 1, 2)), 0))


def test_sums_with_several_limits_are_refused():
    goal = eq(Sum(Sum(j * k, (k, 1, 3)), (j, 1, 2)), 18)
    refused("several limits", [], goal, step("line", arithmetic(), goal))


def test_a_split_point_is_not_captured():
    """In the sum from 1 to i_1 the end is not the running index."""
    total = Sum(Sigma(W, j), (j, 1, 9))
    line = Split(total=total, at=i_1)
    parts = Sum(Sigma(W, j), (j, 1, i_1)) + Sum(Sigma(W, j), (j, i_1 + 1, 9))
    attempt([*declare(W), integer(i_1)], eq(total, parts), step("split", line))
    term = Sum(Sigma(W, i_1) * 1, (j, 1, 3))
    lines = (step("split", line), step("equal", Constant(total=term)))
    refused(
        "no line says", [*declare(W), between(i_1, 1, 3)], eq(Sum(Sigma(W, j), (j, 1, 3)), 3 * Sigma(W, i_1)), *lines
    )


def test_the_frame_of_a_norm_does_not_capture_the_index_of_a_layer():
    facts = Facts(hypotheses(Statement(given=(*declare(V), between(i, 1, L)), says=(le(i, L),))))
    concluded = Orthonormal(of=FrobeniusNorm(V[i]), base=V[i]).conclude(facts, None)
    assert same(concluded, eq(norm_sq(V[i]), Sum(Sigma(V[i], j) ** 2, (j, 1, Rank(V[i])))))
    assert not same(concluded, eq(norm_sq(V[i]), Sum(Sigma(V[j], j) ** 2, (j, 1, Rank(V[i])))))


@pytest.mark.parametrize("name", [i, i_1])
def test_a_theorem_does_not_capture_its_arguments(name):
    _, concluded = instantiate(LIBRARY["energy"], {"W": W, "k": name})
    head, total = (Sum(Sigma(W, j) ** 2, (j, 1, high)) for high in (name, Rank(W)))
    assert same(concluded, eq(Energy(W, name), head / total))


def test_rewriting_does_not_enter_a_universal_line():
    """The index of the universal line is the local one of the case at hand: 2 j = 4 holds for j = 2 alone."""
    refused(
        "universal line",
        [],
        le(4, 2),
        step(
            "squares",
            for_each(
                j, 1, 3, step("square", Arithmetic(), ge((j - 1) ** 2, 0)), step("s", arithmetic(), le(2 * j, j**2 + 1))
            ),
        ),
        step(
            "case",
            for_each(
                j,
                2,
                2,
                step("two", Arithmetic(), eq(2 * j, 4)),
                step("wrong", Rewrite(target="squares", equation="two")),
            ),
        ),
    )


def test_the_ends_of_a_range_do_not_mention_its_index():
    refused(
        "depends on its index",
        [],
        le(3, 0),
        step("low", for_each(k, 2 * k, 3, step("nonpositive", arithmetic(), le(k, 0)))),
    )


# --- arbitrary symbols ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [sizes("k"), sp.Symbol("k", integer=True, even=True), scalars("k")])
def test_an_index_with_other_assumptions_is_not_every_integer(index):
    refused(
        "mere integer symbol",
        [],
        le(1, -5),
        step("sign", ForEach(index=index, low=-5, high=5, lines=(step("one", arithmetic(), le(index, index)),))),
        step("at", Instance(of="sign", at=-5)),
    )


def test_a_declared_index_of_the_same_name_is_not_arbitrary():
    refused(
        "declared",
        [real(sp.Symbol("k", integer=True, real=True))],
        le(0, 1),
        step("each", for_each(k, 0, 1, step("one", arithmetic(), le(k, k)))),
    )


def test_an_index_known_to_the_facts_is_not_arbitrary():
    refused(
        "not arbitrary",
        [between(k, 2, 3)],
        le(2, 0),
        step("each", for_each(k, 0, 9, step("two", arithmetic(), le(2, k)))),
    )


def test_an_index_bound_elsewhere_in_a_fact_is_not_arbitrary():
    """k = 1 + 2, with k bound in the sum and free beside it."""
    a = sp.Symbol("a", integer=True)
    refused(
        "not arbitrary",
        [integer(a), assume("k", eq(a, Sum(k, (k, 1, 2))))],
        eq(5, 3),
        step("each", for_each(a, 0, 9, step("three", Hypothesis(), eq(a, Sum(k, (k, 1, 2)))))),
    )


def test_an_instance_is_an_integer():
    product_of_neighbours = ge(k * (k - 1), 0)
    refused(
        "integer",
        [],
        ge(-Rational(1, 4), 0),
        step(
            "integers",
            Induction(
                index=k,
                start=0,
                formula=product_of_neighbours,
                base=(step("zero", arithmetic(), ge(0, 0)),),
                step=(step("next", arithmetic(), ge((k + 1) * k, 0)),),
            ),
        ),
        step("half", Instance(of="integers", at=Rational(1, 2))),
    )


def test_an_induction_starts_at_an_integer():
    refused(
        "integers",
        [],
        ge(0, 1),
        step(
            "halves",
            Induction(
                index=k,
                start=Rational(1, 2),
                formula=ge(k, Rational(1, 2)),
                base=(step("half", arithmetic(), ge(Rational(1, 2), Rational(1, 2))),),
                step=(step("next", arithmetic(), ge(k + 1, Rational(1, 2))),),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("base", "following"),
    [
        ((step("zero", arithmetic(), le(0, 0)),), (step("next", arithmetic(), le(k + 1, 1)),)),
        ((step("zero", arithmetic(), le(0, 1)),), (step("next", arithmetic(), le(k + 1, 0)),)),
        ((), (step("next", arithmetic(), le(k + 1, k + 1)),)),
        ((step("zero", arithmetic(), le(0, 0)),), ()),
    ],
)
def test_an_induction_needs_its_own_base_and_step(base, following):
    with pytest.raises(ProofError):
        attempt([], le(5, 0), step("all", Induction(index=k, start=0, formula=le(k, 0), base=base, step=following)))


def test_an_induction_stays_within_its_end():
    """Up to 3 only: the instance at 4 is not there."""
    line = Induction(
        index=k,
        start=0,
        stop=3,
        formula=le(k, 3),
        base=(step("zero", arithmetic(), le(0, 3)),),
        step=(step("next", arithmetic(), le(k + 1, 3)),),
    )
    refused("all at 4|al", [], le(4, 3), step("all", line), step("four", Instance(of="all", at=4)))
    attempt([], le(2, 3), step("all", line), step("two", Instance(of="all", at=2)))


# --- objects that exist --------------------------------------------------------------------------------------

tall = [*declare(matrix("B", m, r)), assume("full", eq(Rank(matrix("B", m, r)), r))]
tall_B, left, right_sided = matrix("B", m, r), matrix("Z", r, m), matrix("Z", r, m)


def test_the_name_of_an_inverse_is_new_even_if_no_fact_mentions_it():
    refused(
        "in use",
        [*tall, *declare(left)[2:]],
        eq(left * tall_B, Identity(r)),
        step("inverse", OneSidedInverse(of=tall_B, called=left, side="left")),
    )


def test_the_name_of_an_inverse_is_new_whatever_its_shape():
    refused(
        "in use",
        [*tall, *declare(matrix("Z", n, q))],
        eq(Rank(tall_B), r),
        step("inverse", OneSidedInverse(of=tall_B, called=left, side="left")),
    )


class Axiom(Justification):
    """The rank of the identity, for the test below."""

    def conclude(self, facts, goal):
        return eq(Rank(Identity(d)), d)

    def describe(self):
        return "axiom"


def test_an_inverse_chosen_for_one_index_does_not_serve_another():
    """That Z V_k = I for every k, with one Z, would make all layers equal."""
    Z = matrix("Z", d, d)
    refused(
        "chosen for one case",
        [*declare(V), assume("two", ge(L, 2))],
        eq(V[1], V[2]),
        step(
            "each",
            for_each(
                k,
                1,
                L,
                step("full", Axiom(), eq(Rank(Identity(d)), d)),
                step("inverse", OneSidedInverse(of=Identity(d), called=Z, side="left")),
            ),
        ),
    )


def test_an_induction_does_not_speak_of_an_object_chosen_in_its_base():
    refused(
        "chosen for one case",
        [*tall],
        eq(Rank(tall_B), r),
        step(
            "all",
            Induction(
                index=k,
                start=0,
                formula=eq(left * tall_B, Identity(r)),
                base=(step("inverse", OneSidedInverse(of=tall_B, called=left, side="left")),),
                step=(step("same", algebra("hypothesis"), eq(left * tall_B, Identity(r))),),
            ),
        ),
    )


# --- contradictions ------------------------------------------------------------------------------------------


def test_contradictory_hypotheses_prove_nothing():
    given = [real(x), real(y), assume("below", lt(x, 0)), assume("above", gt(x, 0))]
    refused("contradict", given, eq(y, 3), step("line", arithmetic(), eq(y, 3)))
    refused("contradict", [*given, *declare(W)], le(Rank(W), m), step("line", apply("rank-rows", W=W)))


def test_a_line_follows_from_what_holds():
    refused("does not follow", [real(x)], ge(x, 0), step("line", arithmetic(), ge(x, 0)))
    refused("not a hypothesis", [real(x, 0, 1)], le(x, 0), step("line", Hypothesis(), le(x, 0)))


def test_a_conclusion_is_not_reached_by_something_weaker():
    weaker = step("line", arithmetic(), le(0, x))
    refused("no line says", [real(x, 0, 1)], lt(0, x + 1), weaker)
    refused("no line says", [real(x, 0, 1)], [le(0, x), le(x, Rational(1, 2))], weaker)
    refused("no line says", [*declare(W)], lt(Rank(W), m), step("line", apply("rank-rows", W=W)))
    refused("no line says", [*declare(W)], le(m, Rank(W)), step("line", apply("rank-rows", W=W)))


def test_a_universal_line_is_no_conclusion():
    refused(
        "no line says",
        [*declare(W)],
        le(Sigma(W, 2), Sigma(W, 1) - 1),
        step("o", for_each(k, 1, 2, step("a", apply("order", W=W, j=k, i=k)))),
    )


# --- divisions, roots, powers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (eq((x**2 + x) / x, x + 1), "nonzero"),
        (eq((x + y) / (x + y + z - z + t), 1), "nonzero"),
        (le(0, 1 / (x**2 + y)), "nonzero"),
        (ge(sqrt(x), 0), "nonnegative"),
        (ge(log(x) ** 2, 0), "positive"),
        (ge((1 + x ** Rational(1, 3)) ** 2, 0), "not known to be a real"),
        (eq(x**y - x**y + sqrt(y), sqrt(y)), "nonnegative|trivially"),
        (ge((2 + x**y) ** 2, 0), "not known to be a real"),
    ],
)
def test_a_meaningless_number_is_not_compared(goal, message):
    given = [real(s) for s in (x, y, z, t)]
    if goal.lhs == goal.rhs:
        pytest.skip("sympy made it an identity when it was written")
    refused(message, given, goal, step("line", arithmetic(), goal))


def test_no_line_divides_by_zero():
    refused(
        "makes no sense|does not know|not known",
        [],
        eq(Sum(1, (j, 1, 2)), 2),
        step("general", for_each(k, 0, 5, step("each", Constant(total=Sum(1 / k, (j, 1, 2)))))),
        step("at", Instance(of="general", at=0)),
    )


@pytest.mark.parametrize("nowhere", [sp.oo, -sp.oo, sp.nan, sp.zoo, sp.I, sp.Float(0.5)])
def test_what_is_no_exact_real_number_is_refused(nowhere):
    with pytest.raises(ProofError):
        attempt([real(x)], eq(x, x), step("line", arithmetic(), eq(nowhere * x, nowhere * x)))


def test_strict_inequalities_are_tightened_between_integers_only():
    refused("does not follow", [integer(k)], ge(k / 2, 1), step("positive", arithmetic(), ge(k / 2, 1)))
    given = [*declare(W), assume("some", gt(Rank(W), 0))]
    refused("does not follow", given, ge(Rank(W) / 2, 1), step("half", arithmetic(), ge(Rank(W) / 2, 1)))
    refused("does not follow", [real(x), assume("x", gt(x, 0))], ge(x, 1), step("one", arithmetic(), ge(x, 1)))
    attempt(given, ge(Rank(W), 1), step("one", arithmetic(), ge(Rank(W), 1)))


# --- inverses and matrix algebra -----------------------------------------------------------------------------


def test_a_singular_matrix_has_no_inverse():
    given = [*declare(M, N), assume("zero", eq(N * M, sp.ZeroMatrix(n, n)))]
    goal = eq(N, sp.ZeroMatrix(n, n))
    refused("differ", given, goal, step("line", algebra(), goal))
    disguised = step("inverse", InverseIs(), eq(Inverse(M), MatPow(M, -1)))
    through = step("through", algebra(), eq(sp.MatMul(N, M, Inverse(M)), N))
    refused("invertible", given, goal, disguised, through)
    refused("invertible", given, goal, step("inverse", InverseIs(), eq(Inverse(M), Inverse(M))), through)
    refused("invertible", given, goal, through)
    refused("invertible", given, goal, step("line", algebra(), eq(sp.MatMul(M, Inverse(M)), Identity(n))))


def test_an_inverse_needs_both_products():
    given = [
        *declare(matrix("F", m, n), matrix("G", n, m)),
        assume("one", eq(matrix("F", m, n) * matrix("G", n, m), Identity(m))),
    ]
    F, G = matrix("F", m, n), matrix("G", n, m)
    refused(
        "square|equates", given, eq(G * F, Identity(n)), step("i", InverseIs(), sp.Eq(Inverse(F), G, evaluate=False))
    )
    square = [*declare(M, N), assume("idempotent", eq(M * M, M))]
    refused("differ", square, eq(Inverse(M), M), step("i", InverseIs(), eq(Inverse(M), M)))


def test_a_matrix_of_full_row_rank_has_no_inverse():
    inverse = Inverse(W)  # sympy does not refuse it: m and n might be equal
    given = [*declare(W), assume("full", eq(Rank(W), m))]
    refused("square", given, eq(inverse, inverse), step("i", algebra(), eq(inverse, inverse)))
    with pytest.raises(ProofError, match="square"):
        prove_identity(eq(sp.MatMul(inverse, X.T), sp.MatMul(inverse, X.T)), [])


@pytest.mark.parametrize(
    "goal",
    [
        eq(M * N, N * M),
        eq((M * N).T, M.T * N.T),
        eq((M + N) * (M - N), M * M - N * N),
        eq(M.T, M),
        eq(sp.OneMatrix(n, n), Identity(n)),
        eq(sp.OneMatrix(n, n) * sp.OneMatrix(n, n), sp.OneMatrix(n, n)),
        eq(Softmax(M).T, Softmax(M.T)),
        eq(Truncated(M, 1) + Truncated(N, 1), Truncated(M + N, 1)),
        eq(Exp(M + N), Exp(M) + Exp(N)),
        eq(Chain(layers("V", 2, n), 2), Member(layers("V", 2, n), 1) * Member(layers("V", 2, n), 2)),
    ],
)
def test_false_matrix_identities_are_refused(goal):
    given = [*declare(M, N), *declare(layers("V", 2, n))[1:]]
    refused("differ", given, goal, step("line", algebra(), goal))


def test_a_rewriting_rule_keeps_shapes():
    """m = n does not make a matrix of m x n a matrix of n x n of the same name."""
    given = [*declare(W, matrix("U", n, n)), assume("square", eq(m, n)), assume("big", le(5, FrobeniusNorm(W)))]
    refused(
        "does not give|no line says",
        given,
        le(5, FrobeniusNorm(matrix("U", n, n))),
        step("norm", Hypothesis(), le(5, FrobeniusNorm(W))),
        step("size", Hypothesis(), eq(m, n)),
        step("other", Rewrite(target="norm", equation="size"), le(5, FrobeniusNorm(matrix("W", n, n)))),
    )


def test_two_declared_matrices_of_one_name_are_refused():
    refused(
        "does not type-check",
        [*declare(W), *declare(matrix("W", n, n))[1:]],
        le(Rank(W), m),
        step("line", apply("rank-rows", W=W)),
    )


@pytest.mark.parametrize("explode", [eq(M, M * M), eq(M, M * N * M), eq(M, N + M)])
def test_rewriting_that_does_not_end_is_refused(explode):
    refused(
        "does not end", [*declare(M, N), assume("rule", explode)], eq(M * M, N), step("line", algebra(), eq(M * M, N))
    )


def test_huge_powers_are_refused_at_once():
    with pytest.raises(ProofError):
        attempt([*declare(M)], eq(M ** (10**6), M), step("line", algebra(), eq(M ** (10**6), M)))
    with pytest.raises(ProofError):
        attempt([real(x)], eq((x + 1) ** (10**6), x), step("line", arithmetic(), eq((x + 1) ** (10**6), x)))


# --- gradients -----------------------------------------------------------------------------------------------


def test_an_equality_at_one_point_does_not_pass_into_a_gradient():
    """C = X here: the gradient of <C, X> is C, that of <X, X> is 2 X."""
    given = [*declare(C, X), assume("equal", eq(C, X))]
    lines = (step("equal", Hypothesis(), eq(C, X)), step("gradient", Calculus(), eq(Gradient(inner(C, X), X), C)))
    wrong = eq(Gradient(inner(X, X), X), X)
    refused(
        "one point|does not give",
        given,
        wrong,
        *lines,
        step("wrong", Rewrite(target="gradient", equation="equal"), wrong),
    )
    moved = eq(Gradient(inner(C, X), X), Gradient(inner(X, X), X))
    refused("one point|does not give", given, moved, *lines, step("wrong", Congruence(equation="equal"), moved))


@pytest.mark.parametrize("f", [Exp(X), Softmax(X), Truncated(X, 1), Log(Exp(X)), 2 * Exp(X) + X - X])
def test_functions_of_the_variable_have_no_zero_gradient(f):
    goal = eq(Gradient(inner(C, f), X), sp.ZeroMatrix(m, n))
    refused("not differentiated", declare(C, X), goal, step("line", Calculus(), goal))


@pytest.mark.parametrize(
    "f",
    [
        inner(C, X) ** 2,
        inner(C, X) * inner(X, X),
        SpectralNorm(X),
        FrobeniusNorm(X),
        Sigma(X, 1),
        log(inner(X, X)),
        x * SpectralNorm(X) * inner(C, X),
    ],
)
def test_what_is_no_trace_of_a_polynomial_is_not_differentiated(f):
    goal = eq(Gradient(f, X), sp.ZeroMatrix(m, n))
    with pytest.raises(ProofError):
        attempt([*declare(C, X), real(x)], goal, step("line", Calculus(), goal))


@pytest.mark.parametrize(
    "goal",
    [
        eq(Gradient(inner(C, X), X), sp.ZeroMatrix(m, n)),
        eq(Gradient(inner(C, X), X), 2 * C),
        eq(Gradient(inner(X, X), X), X),
        eq(Gradient(norm_sq(X - C), X), 2 * X + 2 * C),
        eq(Gradient(inner(C, X), C), C),
    ],
)
def test_wrong_gradients_are_refused(goal):
    refused("differ", declare(C, X), goal, step("line", Calculus(), goal))


# --- sums ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [Rational(3, 2), n / 2, x, sp.oo])
def test_a_sum_is_split_at_an_integer(at):
    """(i - 1)^2 (i - 2)^2 vanishes at 1 and 2, not at 3/2."""
    total = Sum(16 * (i - 1) ** 2 * (i - 2) ** 2, (i, 1, 2))
    refused("integer", [*declare(n), real(x)], ge(total, 1), step("split", Split(total=total, at=at)))


@pytest.mark.parametrize("law", [Constant, Nonnegative, First, Last])
def test_a_law_of_sums_needs_integer_ends(law):
    total = Sum(Sigma(W, 1), (i, 1, n / 2))
    refused("integer", declare(W), ge(total, 0), step("line", law(total=total)))


@pytest.mark.parametrize(
    ("law", "message"),
    [(Constant, "range"), (Nonnegative, "range"), (First, "not empty"), (Last, "not empty"), (Empty, "range empty")],
)
def test_a_law_of_sums_needs_its_range(law, message):
    """The range 1..k with k down to -9: the formula for k terms is wrong there."""
    total = Sum(Sigma(W, 1), (i, 1, k))
    refused(message, [*declare(W), between(k, -9, 9)], eq(total, k * Sigma(W, 1)), step("line", law(total=total)))


def test_terms_that_depend_on_the_index_are_not_constant():
    total = Sum(Sigma(W, i), (i, 1, n))
    refused("not all equal", declare(W), eq(total, n * Sigma(W, 1)), step("line", Constant(total=total)))
    inside = Factor(total=total, out=W)
    refused("cannot be taken out", declare(W), eq(total, 0), step("line", inside))


def test_terms_of_either_sign_are_not_nonnegative():
    total = Sum(Sigma(W, i) - Sigma(W, i + 1), (i, 1, n))
    refused("not nonnegative", declare(W), ge(total, 0), step("line", Nonnegative(total=total)))


def test_a_product_of_terms_compares_only_if_they_are_not_negative():
    """-2 <= 1, and (-2)(-2) = 4 > 1."""
    each = step("each", for_each(k, 1, 2, step("a", arithmetic(), le(0 * k - 2, 1))))
    refused("nonnegative", [], le(4, 1), each, step("product", Termwise(line="each", product=True)))
    refused(
        "does not say", [], le(4, 1), each, step("product", Termwise(line="each", product=True, nonnegative="each"))
    )


# --- singular values -----------------------------------------------------------------------------------------


def test_the_order_of_truncation_lies_within_the_rank():
    tail = Sum(Sigma(W, i) ** 2, (i, k + 1, Rank(W)))
    goal = eq(norm_sq(W - Truncated(W, k)), tail)
    line = step("norm", Orthonormal(of=FrobeniusNorm(W - Truncated(W, k)), base=W))
    refused("order of truncation", [*declare(W), between(k, 0, 9)], goal, line)
    refused("k .*not excluded", [*declare(W), between(k, -1, Rank(W))], goal, line)
    attempt([*declare(W), between(k, 0, Rank(W))], goal, line)


def test_the_spectral_norm_of_a_residual_needs_a_value_left_over():
    goal = eq(SpectralNorm(W - Truncated(W, k)), Sigma(W, k + 1))
    line = step("norm", Orthonormal(of=SpectralNorm(W - Truncated(W, k)), base=W))
    refused("no singular value is left", [*declare(W), between(k, 0, Rank(W))], goal, line)


@pytest.mark.parametrize(
    "of",
    [
        W - Truncated(W, 1) - Truncated(W, 2),
        W - Truncated(Truncated(W, 2), 1),
        W - Truncated(A, 1),
        W + A,
        W - Truncated(W, Rational(1, 2)),
        W - Thresholded(W, t),
    ],
)
def test_other_combinations_are_not_expanded(of):
    with pytest.raises(ProofError):
        attempt(
            [*declare(W, A), real(t), assume("r", ge(Rank(W), 3))],
            ge(norm_sq(of), 0),
            step("n", Orthonormal(of=FrobeniusNorm(of), base=W)),
        )


# --- ranks ---------------------------------------------------------------------------------------------------

U, D, Y = matrix("U", n, n), matrix("D", n, n), matrix("Y", n, n)


def kernel(**changes):
    """The kernel of (U, D) -> U + D is {(Y, -Y)}; the rank is n^2."""
    fields = {
        "map": U + D,
        "unknowns": (U, D),
        "kernel": eq(U, -D),
        "parameter": Y,
        "embed": {U: -Y, D: Y},
        "recover": D,
        "lines": (step("u", algebra("kernel"), eq(U, -D)), step("d", algebra(), eq(D, D))),
    }
    return step("rank", KernelCount(**{**fields, **changes}))


def test_a_kernel_is_counted():
    steps, theorems = attempt(declare(n), eq(n**2 + 0, n**2), kernel(), step("same", arithmetic(), eq(n**2, n**2)))
    assert len(steps) == 2 and any("rank-nullity" in name for name in theorems)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"unknowns": (U, D, D)}, "all different"),
        ({"unknowns": (U,)}, "nothing else"),
        ({"unknowns": (U, U), "embed": {U: Y}}, "all different"),
        ({"embed": {U: -Y}}, "nothing else"),
        ({"embed": {U: Y, D: Y}}, "differ"),
        ({"embed": {U: sp.ZeroMatrix(n, n), D: sp.ZeroMatrix(n, n)}}, "differ"),
        ({"embed": {U: -Y * Y, D: Y * Y}}, "not linear"),
        ({"embed": {U: -Y + D, D: Y}}, "must not depend"),
        ({"recover": D * D}, "not linear"),
        ({"recover": -D}, "differ"),
        ({"recover": Y}, "must not depend"),
        ({"map": sp.Trace(U) * U + D}, "not linear"),
        ({"map": U * U + D}, "not linear"),
        ({"map": U + D.T}, "not linear"),
        ({"map": U + D + Exp(U)}, "not linear"),
        ({"map": U}, "does not depend"),
        ({"kernel": eq(U, D)}, "differ"),
        ({"kernel": le(x, 0)}, "equality of matrices"),
        ({"lines": (step("u", algebra("kernel"), eq(U, -D)),)}, "do not reach"),
        ({"lines": ()}, "do not reach"),
        ({"parameter": U}, "all different"),
        ({"parameter": matrix("Y", n, m)}, "."),
    ],
)
def test_a_kernel_that_is_not_parametrised_is_not_counted(changes, message):
    refused(message, declare(n), le(n, 0), kernel(**changes))


def test_the_unknowns_of_a_kernel_are_new():
    refused("must be new", [*declare(U), assume("zero", eq(U, sp.ZeroMatrix(n, n)))], le(n, 0), kernel())


def test_a_triangle_needs_its_whole_diagonal():
    S = CausalSoftmax(M)
    zero = step(
        "zero",
        for_each(i, 1, n - 1, step("row", for_each(j, i + 1, n, step("e", apply("causal-zero", S=M, i=i, j=j))))),
    )
    diagonal = step("diagonal", for_each(i, 1, n, step("e", apply("causal-diagonal", S=M, i=i))))
    short = step("diagonal", for_each(i, 1, n - 1, step("e", apply("causal-diagonal", S=M, i=i))))
    full = eq(Rank(S), n)
    attempt(declare(M), full, zero, diagonal, step("rank", TriangularRank(of=S, zero="zero", diagonal="diagonal")))
    refused(
        "does not say",
        declare(M),
        full,
        zero,
        short,
        step("rank", TriangularRank(of=S, zero="zero", diagonal="diagonal")),
    )
    refused(
        "does not say",
        declare(M),
        full,
        zero,
        diagonal,
        step("rank", TriangularRank(of=S, zero="diagonal", diagonal="zero")),
    )
    refused(
        "does not say",
        declare(M),
        full,
        zero,
        diagonal,
        step("rank", TriangularRank(of=M, zero="zero", diagonal="diagonal")),
    )


# --- theorems ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "to", "message"),
    [
        ("positive", {"W": W, "i": n}, "premise"),
        ("positive", {"W": W, "i": 0}, "premise"),
        ("beyond-rank", {"W": W, "i": Rank(W)}, "premise"),
        ("order", {"W": W, "i": 1, "j": 2}, "premise"),
        ("order", {"W": W, "i": 1, "j": 0}, "premise"),
        ("energy", {"W": W, "k": 0}, "premise"),
        ("nonzero-rank", {"W": W}, "premise"),
        ("count", {"W": W, "k": 1, "t": 0}, "premise"),
        ("thresholded", {"W": W, "k": 1, "t": 0}, "premise"),
        ("weyl", {"A": A, "B": B, "i": 0, "j": 1}, "premise"),
        ("weyl", {"A": A, "B": B, "i": Rational(3, 2), "j": 1}, "integer"),
        ("rank-truncated", {"W": W, "k": Rational(1, 2)}, "integer"),
        ("rank-truncated", {"W": W, "k": x}, "integer"),
        ("rank-truncated", {"W": W, "k": -1}, "premise"),
        ("rank-rows", {"W": matrix("E", n - 1, n)}, "premise"),
        ("rank-sum", {"A": A, "B": M}, "both"),
        ("rank-product-left", {"A": A, "C": A}, "both"),
        ("causal-diagonal", {"S": W, "i": 1}, "both"),
        ("causal-diagonal", {"S": M, "i": n + 1}, "premise"),
        ("causal-zero", {"S": M, "i": 2, "j": 1}, "premise"),
        ("homogeneous", {"W": W, "c": W}, "number"),
        ("rank-rows", {"W": x}, "not a matrix"),
        ("rank-rows", {"W": W, "m": n}, "no symbol"),
        ("rank-rows", {"V": W}, "no symbol"),
        ("rank-rows", {}, "left open"),
        ("chain-step", {"V": V, "l": L}, "premise"),
        ("chain-step", {"V": V, "l": -1}, "premise"),
        ("chain-start", {"V": W}, "family"),
        ("no-such", {"W": W}, "no theorem"),
    ],
)
def test_a_theorem_needs_its_premises(name, to, message):
    given = [*declare(A, B, W, M, V), real(x)]
    refused(message, given, le(m, 0), step("line", Apply(theorem=name, to=to)))


# --- malformed proofs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        step("line", arithmetic()),
        step("line", arithmetic("nowhere"), le(x, 0)),
        step("line", arithmetic(), sp.true),
        step("line", arithmetic(), x),
        step("line", arithmetic(), 3),
        step("line", arithmetic(), sp.And(x > 0, y > 0)),
        step("line", arithmetic(), eq(M, N)),
        step("line", arithmetic(), sp.Eq(M, x, evaluate=False)),
        step("line", algebra()),
        step("line", algebra(), le(x, 0)),
        step("line", algebra("nowhere"), eq(M, N)),
        step("line", InverseIs()),
        step("line", InverseIs(), eq(M, N)),
        step("line", Hypothesis()),
        step("line", Rewrite(target="a", equation="b")),
        step("line", Congruence(equation="a"), eq(x, y)),
        step("line", Instance(of="a", at=1)),
        step("line", for_each(k, 1, 2)),
        step("line", ForEach(index=k, low=None, high=2, lines=(step("a", arithmetic(), le(k, k)),))),
        step("line", Termwise(line="a")),
        step("line", Split(total=x, at=1)),
        step("line", Split(total=Sum(i * j, (i, 1, 2), (j, 1, 2)), at=1)),
        step("line", Split(total=Sum(i, (i, 1, 2)), at=None)),
        step("line", Constant(total=None)),
        step("line", Factor(total=Sum(x, (i, 1, 2)), out=W)),
        step("line", Calculus()),
        step("line", Calculus(), eq(Gradient(x, M), x)),
        step("line", Calculus(), eq(Gradient(x, V[1]), V[1])),
        step("line", Orthonormal(of=x, base=W)),
        step("line", Orthonormal(of=FrobeniusNorm(W), base=x)),
        step("line", OneSidedInverse(of=x, called=M, side="left")),
        step("line", OneSidedInverse(of=M, called=x, side="left")),
        step("line", TriangularRank(of=W, zero="a", diagonal="b")),
        step("line", TriangularRank(of=x, zero="a", diagonal="b")),
        step("line", Apply(theorem="rank-rows", to={"W": None})),
        step("line", Apply(theorem="order", to={"W": W, "i": "k +", "j": 1})),
        step("line", arithmetic(), eq(sp.Integral(x, x), 0)),
        step("line", arithmetic(), eq(sp.Function("f")(x), 0)),
        step("line", arithmetic(), eq(sp.Piecewise((0, x > 0), (0, True)) * y, 0)),
    ],
)
def test_a_malformed_line_is_an_error_of_the_proof(line):
    with pytest.raises(ProofError, match=re.escape("line")):
        attempt([*declare(W, M, N), real(x), real(y)], eq(x, y), line)


def test_two_lines_of_one_name_are_refused():
    one = step("line", arithmetic(), le(0, 1))
    refused("two lines", [], le(0, 1), one, one)


def test_the_line_that_fails_is_named():
    inner_line = step("inner-line", arithmetic(), le(k, 0))
    refused("outer-line: inner-line", [], le(0, 1), step("outer-line", for_each(k, 0, 1, inner_line)))
