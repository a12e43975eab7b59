"""Attempts to prove what is false of matrices: inverses, gradients, norms, ranks, instances of theorems."""

from __future__ import annotations

import pytest
import sympy as sp
from attempts import L, M, N, V, W, i, j, k, m, n, x
from sympy.matrices.expressions import MatPow

from verify.authoring import *
from verify.proof.errors import ProofError
from verify.proof.identities import prove_identity

r, t = sizes("r"), scalars("t")
A, B, X, C = (matrix(name, m, n) for name in "ABXC")


# --- inverses and matrix algebra -------------------------------------------------------------------------------------


def test_a_singular_matrix_has_no_inverse(refused):
    given = [*declare(M, N), assume("zero", eq(N * M, sp.ZeroMatrix(n, n)))]
    goal = eq(N, sp.ZeroMatrix(n, n))
    refused("differ", given, goal, step("line", algebra(), goal))
    disguised = step("inverse", InverseIs(), eq(Inverse(M), MatPow(M, -1)))
    through = step("through", algebra(), eq(sp.MatMul(N, M, Inverse(M)), N))
    refused("invertible", given, goal, disguised, through)
    refused("invertible", given, goal, step("inverse", InverseIs(), eq(Inverse(M), Inverse(M))), through)
    refused("invertible", given, goal, through)
    refused("invertible", given, goal, step("line", algebra(), eq(sp.MatMul(M, Inverse(M)), Identity(n))))


def test_an_inverse_needs_both_products(refused):
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


def test_a_matrix_of_full_row_rank_has_no_inverse(refused):
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
def test_false_matrix_identities_are_refused(refused, goal):
    given = [*declare(M, N), *declare(layers("V", 2, n))[1:]]
    refused("differ", given, goal, step("line", algebra(), goal))


def test_a_rewriting_rule_keeps_shapes(refused):
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


def test_two_declared_matrices_of_one_name_are_refused(refused):
    refused(
        "does not type-check",
        [*declare(W), *declare(matrix("W", n, n))[1:]],
        le(Rank(W), m),
        step("line", apply("rank-rows", W=W)),
    )


@pytest.mark.parametrize("explode", [eq(M, M * M), eq(M, M * N * M), eq(M, N + M)])
def test_rewriting_that_does_not_end_is_refused(refused, explode):
    refused(
        "does not end", [*declare(M, N), assume("rule", explode)], eq(M * M, N), step("line", algebra(), eq(M * M, N))
    )


def test_huge_powers_are_refused_at_once(attempt):
    with pytest.raises(ProofError):
        attempt([*declare(M)], eq(M ** (10**6), M), step("line", algebra(), eq(M ** (10**6), M)))
    with pytest.raises(ProofError):
        attempt([real(x)], eq((x + 1) ** (10**6), x), step("line", arithmetic(), eq((x + 1) ** (10**6), x)))


# --- gradients -------------------------------------------------------------------------------------------------------


def test_an_equality_at_one_point_does_not_pass_into_a_gradient(refused):
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
def test_functions_of_the_variable_have_no_zero_gradient(refused, f):
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
def test_what_is_no_trace_of_a_polynomial_is_not_differentiated(attempt, f):
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
def test_wrong_gradients_are_refused(refused, goal):
    refused("differ", declare(C, X), goal, step("line", Calculus(), goal))


# --- singular values -------------------------------------------------------------------------------------------------


def test_the_order_of_truncation_lies_within_the_rank(attempt, refused):
    tail = Sum(Sigma(W, i) ** 2, (i, k + 1, Rank(W)))
    goal = eq(norm_sq(W - Truncated(W, k)), tail)
    line = step("norm", Orthonormal(of=FrobeniusNorm(W - Truncated(W, k)), base=W))
    refused("order of truncation", [*declare(W), between(k, 0, 9)], goal, line)
    refused("k .*not excluded", [*declare(W), between(k, -1, Rank(W))], goal, line)
    attempt([*declare(W), between(k, 0, Rank(W))], goal, line)


def test_the_spectral_norm_of_a_residual_needs_a_value_left_over(refused):
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
def test_other_combinations_are_not_expanded(attempt, of):
    with pytest.raises(ProofError):
        attempt(
            [*declare(W, A), real(t), assume("r", ge(Rank(W), 3))],
            ge(norm_sq(of), 0),
            step("n", Orthonormal(of=FrobeniusNorm(of), base=W)),
        )


# --- ranks -----------------------------------------------------------------------------------------------------------

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


def test_a_kernel_is_counted(attempt):
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
def test_a_kernel_that_is_not_parametrised_is_not_counted(refused, changes, message):
    refused(message, declare(n), le(n, 0), kernel(**changes))


def test_the_unknowns_of_a_kernel_are_new(refused):
    refused("must be new", [*declare(U), assume("zero", eq(U, sp.ZeroMatrix(n, n)))], le(n, 0), kernel())


def test_a_triangle_needs_its_whole_diagonal(attempt, refused):
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


# --- theorems --------------------------------------------------------------------------------------------------------


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
def test_a_theorem_needs_its_premises(refused, name, to, message):
    given = [*declare(A, B, W, M, V), real(x)]
    refused(message, given, le(m, 0), step("line", Apply(theorem=name, to=to)))
