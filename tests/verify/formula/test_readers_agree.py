"""The float, ball and exact readers share no code for what they compute; on random formulas they must agree."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
import torch
from flint import arb, arb_mat, ctx
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from verify.formula import balls, exact, floats_plan
from verify.formula.arithmetic import NotExact, Undetermined
from verify.formula.assignment import Assignment
from verify.formula.floats import Batch, evaluate
from verify.formula.vocabulary import (
    CausalSoftmax,
    Chain,
    CountAbove,
    EffectiveRank,
    EffectiveRankL1,
    Energy,
    Entry,
    Exp,
    FrobeniusNorm,
    Gradient,
    HadamardProduct,
    HStack,
    Identity,
    KroneckerProduct,
    Log,
    LogSumExp,
    NuclearNorm,
    Rank,
    Sigma,
    Softmax,
    SpectralNorm,
    Thresholded,
    ThresholdRank,
    Truncated,
    indices,
    inner,
    layers,
    matrix,
    norm_sq,
    product,
    scalars,
    sigma_sum,
    sizes,
)
from verify.model.statement import Index, Layers, Matrix, Real, Size, Statement

m, n, L = sizes("m n L")
i, k = indices("i k")
t = scalars("t")
A, B, P, S = matrix("A", m, n), matrix("B", m, n), matrix("P", m, n), matrix("S", n, n)
F = layers("F", L, n)
DECLARED = [Size(symbol=m), Size(symbol=n), Size(symbol=L), Index(symbol=k, low=0, high=n), Real(symbol=t)]
MATRICES = [Matrix(symbol=symbol) for symbol in (A, B, P, S)]
STATEMENT = Statement(given=(*DECLARED, *MATRICES, Layers(symbol=F)), says=(sp.Le(t, t + 1, evaluate=False),))
TOLERANCE = 1e-9
"""Of values computed from a handful of entries of size at most 3; ample for rounding, far below any misreading."""


# --- a small grammar ---------------------------------------------------------------------------------------

WIDE = [
    A,
    B,
    A - B,
    2 * A + B / 3,
    A * S,
    t * A * A.T * B,
    HadamardProduct(A, B),
    Softmax(A * B.T) * B,
    Exp(A / 4),
    Log(P),
    A * F[2] * F[1],
    A * Chain(F, 2) - B,
    A * (Identity(n) + S) ** 2,
    Truncated(A, k),
    A - Truncated(A, 1),
    Thresholded(B, t + sp.Rational(1, 17)),  # never equal to a singular value: there, rounding decides
    Gradient(norm_sq(A * S - B) / 2, A),
    Gradient(inner(B, A * S) * norm_sq(A), A),
]
OTHER = [HStack(A, B), KroneckerProduct(S, A), CausalSoftmax(S), LogSumExp(A), A.T * B, Gradient(inner(B, A * S), S)]
wide = st.sampled_from(WIDE)
anything = st.sampled_from(WIDE + OTHER)
index = st.sampled_from([sp.Integer(1), sp.Integer(2), k + 1, m + n])


def one_argument() -> st.SearchStrategy[Any]:
    functions = [FrobeniusNorm, SpectralNorm, NuclearNorm, Rank, EffectiveRank, EffectiveRankL1]
    return st.sampled_from(functions).flatmap(lambda function: st.builds(function, anything))


numbers = st.one_of(
    one_argument(),
    st.builds(Sigma, anything, index),
    st.builds(Energy, wide, st.sampled_from([sp.Integer(0), sp.Integer(1), k])),
    st.builds(lambda w: ThresholdRank(w, sp.Rational(5, 7)), anything),
    st.builds(lambda w: CountAbove(w, sp.Rational(5, 7)), anything),
    st.builds(lambda w: Entry(w, 1, 1), anything),
    st.builds(inner, wide, wide),
    st.builds(lambda w: sigma_sum(Sigma(w, i) ** 2, i, k + 1, sp.Min(m, n)), wide),
    st.builds(lambda w: product(1 + Sigma(w, i), i, 1, k), wide),
    st.sampled_from(
        [sp.Trace(S**3), sp.log(1 + k), sp.exp(t / 4), t**2 / 3, sp.Min(k, t), sp.Max(m, n) / 2, sp.sqrt(n)]
    ),
)
formulas = st.one_of(
    numbers,
    st.builds(lambda x, y: x + y, numbers, numbers),
    st.builds(lambda x, y: x * y, numbers, numbers),
    st.builds(lambda x, y: x - 2 * y, numbers, numbers),
    st.builds(lambda x, y: x / (1 + y**2), numbers, numbers),
)


# --- the same values for all three -------------------------------------------------------------------------


def texts(array: Any) -> Any:
    return (
        [texts(item) for item in array] if isinstance(array, np.ndarray) and array.ndim else str(Fraction(float(array)))
    )


def instance(seed: int) -> tuple[Assignment, Batch]:
    """Small dyadic matrices, often of low rank or with a tie."""
    rng = np.random.default_rng(seed)
    rows, cols = (int(size) for size in rng.integers(1, 4, 2))
    draw = lambda *shape: rng.integers(-2, 3, shape) / rng.choice([1, 2])  # noqa: E731
    values: dict[Any, Any] = {
        m: rows,
        n: cols,
        L: 2,
        A: draw(rows, cols) if seed % 3 else np.outer(draw(rows), draw(cols)),
        B: draw(rows, cols) if seed % 4 else np.eye(rows, cols),
        P: rng.integers(1, 5, (rows, cols)) / 2,
        S: draw(cols, cols),
        F: draw(2, cols, cols),
        k: int(rng.integers(0, cols + 1)),
        t: float(rng.integers(1, 9)) / 4,
    }
    exact_values = {symbol.name: texts(np.asarray(value)) for symbol, value in values.items()}
    arrays = {s: torch.as_tensor(np.asarray(v, dtype=float))[None] for s, v in values.items() if s not in (m, n, L)}
    return Assignment.of(STATEMENT, exact_values), Batch({m: rows, n: cols, L: 2}, arrays)


def parts(value: Any) -> list[Any]:
    if isinstance(value, arb_mat):
        return list(value.entries())
    return list(value) if isinstance(value, sp.MatrixBase) else [value]


def decimal(number: Any) -> arb:
    """Sixty digits of a number; roots of a cubic may carry an imaginary part that rounds to nothing."""
    real, imaginary = sp.N(number, 60).as_real_imag()
    assert abs(imaginary) < sp.Float(10) ** -40, number
    return arb(str(real)) if real else arb(0)


def compare(expr: Any, seed: int) -> set[str]:
    """Which readers gave a value. Raises AssertionError where two of them disagree."""
    assignment, batch = instance(seed)
    try:
        enclosures = parts(balls.evaluate(expr, assignment, 128))
    except Undetermined:
        return set()
    given_values = {"ball"}
    for enclosure, value in zip(enclosures, evaluate(expr, batch)[0].reshape(-1).tolist(), strict=True):
        middle, radius = float(enclosure.mid()), float(enclosure.rad())
        if value == value:  # NaN: the float reader sees no value, for example the energy of what rounds to nothing
            assert abs(value - middle) <= radius + TOLERANCE * (1 + abs(middle)), (expr, seed, value, enclosure)
            given_values.add("float")
    try:
        numbers_ = parts(exact.evaluate(expr, assignment))
    except (NotExact, Undetermined):
        return given_values
    before, ctx.prec = ctx.prec, 256
    try:
        for enclosure, number in zip(enclosures, numbers_, strict=True):
            assert enclosure.overlaps(decimal(number)), (expr, seed, number, enclosure)
    finally:
        ctx.prec = before
    return given_values | {"exact"}


@settings(derandomize=True, deadline=None, database=None, max_examples=150, phases=[Phase.generate])
@given(formulas, st.integers(0, 60))
def agree(seen: Counter[str], expr: Any, seed: int) -> None:
    seen.update(compare(expr, seed) or {"none"})


@pytest.mark.slow
def test_random_formulas() -> None:
    seen: Counter[str] = Counter()
    agree(seen)
    assert seen["ball"] > 100, seen
    assert seen["float"] > 0.95 * seen["ball"], seen
    assert seen["exact"] > 50, seen


@pytest.mark.parametrize("expr", WIDE + OTHER, ids=str)
def test_matrices(expr: Any) -> None:
    seen: Counter[str] = Counter()
    for seed in range(6):
        seen.update(compare(expr, seed))
    assert min(seen["ball"], seen["float"]) >= 2, seen


# --- each comparison can fail ------------------------------------------------------------------------------


def test_a_wrong_float_reader_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = floats_plan.RULES[Sigma]
    assert compare(Sigma(A, 1), 1) >= {"float", "ball"}
    monkeypatch.setitem(floats_plan.RULES, Sigma, lambda expr: right(Sigma(expr.args[0], expr.args[1] + 1)))
    floats_plan.plan.cache_clear()
    try:
        with pytest.raises(AssertionError):
            compare(Sigma(A, 1), 1)
    finally:
        floats_plan.plan.cache_clear()


def test_a_wrong_exact_reader_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = exact.evaluate
    monkeypatch.setattr(exact, "evaluate", lambda expr, assignment: right(expr, assignment) + sp.Rational(1, 10**30))
    with pytest.raises(AssertionError):
        compare(sp.Trace(S**3) / 3 + sp.sqrt(2), 1)
