"""Every rule of the float reader against a plain numpy formula, one instance at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy as sp
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.formula import floats_matrix, floats_plan, floats_spectrum
from verify.formula.floats import Batch, compiled, evaluate, holds, margin
from verify.formula.vocabulary import (
    CausalSoftmax,
    Chain,
    CountAbove,
    EffectiveRank,
    EffectiveRankL1,
    Energy,
    Entry,
    Exp,
    FormulaError,
    FrobeniusNorm,
    Gradient,
    HadamardProduct,
    HStack,
    Identity,
    KroneckerProduct,
    LeftSingular,
    Log,
    LogSumExp,
    MatrixNode,
    NuclearNorm,
    OneMatrix,
    Rank,
    RightSingular,
    ScalarNode,
    Sigma,
    Softmax,
    SpectralNorm,
    Thresholded,
    ThresholdRank,
    Truncated,
    eq,
    ge,
    gt,
    indices,
    inner,
    layers,
    le,
    lt,
    matrix,
    ne,
    norm_sq,
    product,
    scalars,
    sigma_sum,
    sizes,
)  # fmt: skip

m, n, d, L = sizes("m n d L")
i, j, k, l = indices("i j k l")
a, t = scalars("a t")
W, X, V, S, P = matrix("W", m, n), matrix("X", n, d), matrix("V", m, n), matrix("S", d, d), matrix("P", m, n)
F = layers("F", L, d)
SIZES = {m: 5, n: 4, d: 3, L: 3}
COUNT = 6
Numbers = dict[str, Any]
DEVICES = [
    "cpu",
    pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")),
]


def drawn(seed: int = 0, count: int = COUNT) -> dict[sp.Basic, torch.Tensor]:
    """Random matrices; one W of low rank, one with tied singular values, one zero."""
    rng = np.random.default_rng(seed)
    w = rng.normal(size=(count, 5, 4))
    w[1] = np.outer(rng.integers(-3, 4, 5), [1, 2, 0, -1]) + np.outer([1, 0, 1, 0, 2], rng.integers(1, 4, 4))
    w[2] = 2 * np.eye(5, 4)
    values = {
        W: w,
        X: rng.normal(size=(count, 4, 3)),
        V: rng.normal(size=(count, 5, 4)),
        S: rng.normal(size=(count, 3, 3)),
        P: rng.uniform(0.5, 2.0, size=(count, 5, 4)),
        F: rng.normal(size=(count, 3, 3, 3)),
        k: rng.integers(0, 5, count),
        l: rng.integers(1, 4, count),
        a: rng.normal(size=count),
        t: rng.uniform(0.2, 3.0, count),
    }
    return {symbol: torch.as_tensor(value) for symbol, value in values.items()}


def one(values: dict[sp.Basic, torch.Tensor], at: int) -> Numbers:
    return {str(symbol): value[at].numpy() if value[at].ndim else value[at].item() for symbol, value in values.items()}


def sv(w: np.ndarray) -> np.ndarray:
    return np.linalg.svd(w, compute_uv=False)


def sig(w: np.ndarray, index: int) -> float:
    return float(sv(w)[index - 1]) if index <= min(w.shape) else 0.0


def trunc(w: np.ndarray, keep: Any) -> np.ndarray:
    u, s, vh = np.linalg.svd(w, full_matrices=False)
    return sum((s[q] * np.outer(u[:, q], vh[q]) for q in range(len(s)) if keep(q, s[q])), np.zeros_like(w))


def softmax(row: np.ndarray) -> np.ndarray:
    e = np.exp(row - row.max())
    return e / e.sum()


def causal(x: np.ndarray) -> np.ndarray:
    out = np.zeros_like(x)
    for row in range(len(x)):
        out[row, : row + 1] = softmax(x[row, : row + 1])
    return out


def spread(weights: np.ndarray) -> float:
    p = weights[weights > 0] / weights.sum()
    return float(np.exp(-(p * np.log(p)).sum()))


def energy(w: np.ndarray, k: int) -> float:
    s2 = sv(w) ** 2
    return float(s2[:k].sum() / s2.sum())


def chain(f: np.ndarray, upto: int) -> np.ndarray:
    out = np.eye(f.shape[-1])
    for q in range(upto):
        out = f[q] @ out
    return out


# fmt: off
SCALARS: list[tuple[Any, Callable[[Numbers], float]]] = [
    (Sigma(W, 1), lambda v: sig(v["W"], 1)),
    (Sigma(W, k + 1), lambda v: sig(v["W"], v["k"] + 1)),
    (Sigma(W * X, 3) * Sigma(W, n + 2), lambda v: 0.0),
    (Sigma(W * X, 2), lambda v: sig(v["W"] @ v["X"], 2)),
    (Rank(W), lambda v: np.linalg.matrix_rank(v["W"])),
    (FrobeniusNorm(W - V), lambda v: np.linalg.norm(v["W"] - v["V"])),
    (SpectralNorm(W), lambda v: np.linalg.norm(v["W"], 2)),
    (NuclearNorm(W), lambda v: np.linalg.norm(v["W"], "nuc")),
    (Energy(W, k), lambda v: energy(v["W"], v["k"])),
    (Energy(W, 1), lambda v: energy(v["W"], 1)),
    (EffectiveRank(W), lambda v: spread(sv(v["W"]) ** 2)),
    (EffectiveRankL1(W), lambda v: spread(sv(v["W"]))),
    (ThresholdRank(W, sp.Rational(7, 8)), lambda v: min(q for q in range(5) if energy(v["W"], q) >= 0.875)),
    (CountAbove(W, t), lambda v: (sv(v["W"]) > v["t"]).sum()),
    (Entry(W, 2, l), lambda v: v["W"][1, v["l"] - 1]),
    (W[0, 2], lambda v: v["W"][0, 2]),
    (sp.Trace(S), lambda v: np.trace(v["S"])),
    (inner(W, V), lambda v: (v["W"] * v["V"]).sum()),
    (sp.Determinant(S), lambda v: np.linalg.det(v["S"])),
    (a**2 - 3 * a + sp.Rational(1, 3), lambda v: v["a"] ** 2 - 3 * v["a"] + 1 / 3),
    (a / t, lambda v: v["a"] / v["t"]),
    (1 / (t * (1 + t)), lambda v: 1 / (v["t"] * (1 + v["t"]))),
    (sp.sqrt(t) + t**k, lambda v: math.sqrt(v["t"]) + v["t"] ** v["k"]),
    (2**k - m, lambda v: 2 ** v["k"] - 5),
    (-a - t, lambda v: -v["a"] - v["t"]),
    (sp.Min(m, n) - k, lambda v: 4 - v["k"]),
    (sp.Min(k, 2, n), lambda v: min(v["k"], 2)),
    (sp.Max(a, t, sp.Rational(1, 2)), lambda v: max(v["a"], v["t"], 0.5)),
    (sp.Abs(a) + sp.sign(a), lambda v: abs(v["a"]) + np.sign(v["a"])),
    (sp.log(t) + sp.exp(a) + sp.pi, lambda v: math.log(v["t"]) + math.exp(v["a"]) + math.pi),
    (sp.floor(a) + sp.ceiling(t), lambda v: math.floor(v["a"]) + math.ceil(v["t"])),
    (sp.floor(n * m / 3), lambda v: 6.0),
    (sigma_sum(Sigma(W, i) ** 2, i, k + 1, Rank(W)), lambda v: (sv(v["W"])[v["k"]:np.linalg.matrix_rank(v["W"])] ** 2).sum()),  # noqa: E501
    (sigma_sum(Sigma(W, i), i, 1, k), lambda v: sv(v["W"])[:v["k"]].sum()),
    (sigma_sum(a, i, 1, k), lambda v: v["a"] * v["k"]),
    (sigma_sum(1 / i**2, i, 1, n), lambda v: 1 + 1 / 4 + 1 / 9 + 1 / 16),
    (sigma_sum(i, i, 3, 2) + a, lambda v: v["a"]),
    (sigma_sum(sigma_sum(Entry(W, i, j) ** 2, j, 1, i), i, 1, n), lambda v: (np.tril(v["W"])[:4] ** 2).sum()),
    (sp.Sum(Entry(W, i, j), (j, 1, i), (i, 1, n)), lambda v: np.tril(v["W"])[:4].sum()),
    (product(Sigma(W, i), i, 1, k), lambda v: sv(v["W"])[:v["k"]].prod()),
    (product(1 + i * a, i, k, l), lambda v: np.prod([1 + q * v["a"] for q in range(v["k"], v["l"] + 1)])),
    (product(FrobeniusNorm(F[i]), i, 1, L), lambda v: np.prod([np.linalg.norm(f) for f in v["F"]])),
    (sigma_sum(FrobeniusNorm(Chain(F, i)), i, 0, l), lambda v: sum(np.linalg.norm(chain(v["F"], q)) for q in range(v["l"] + 1))),  # noqa: E501
]
MATRICES: list[tuple[Any, Callable[[Numbers], np.ndarray]]] = [
    (W * X, lambda v: v["W"] @ v["X"]),
    (2 * W - V, lambda v: 2 * v["W"] - v["V"]),
    (-W - V / 3, lambda v: -v["W"] - v["V"] / 3),
    (V - W * X * S * X.T, lambda v: v["V"] - v["W"] @ v["X"] @ v["S"] @ v["X"].T),
    (a * Sigma(W, 1) * W.T, lambda v: v["a"] * sig(v["W"], 1) * v["W"].T),
    (S**3, lambda v: v["S"] @ v["S"] @ v["S"]),
    (S**k, lambda v: np.linalg.matrix_power(v["S"], v["k"])),
    (S ** (-k), lambda v: np.linalg.matrix_power(v["S"], -v["k"])),
    (S.I, lambda v: np.linalg.inv(v["S"])),
    (Identity(d) - S, lambda v: np.eye(3) - v["S"]),
    (OneMatrix(m, n) + W, lambda v: 1 + v["W"]),
    (sp.ZeroMatrix(m, d) - W * X, lambda v: -v["W"] @ v["X"]),
    (HadamardProduct(W, V), lambda v: v["W"] * v["V"]),
    (KroneckerProduct(S, X), lambda v: np.kron(v["S"], v["X"])),
    (HStack(W, W * X), lambda v: np.hstack([v["W"], v["W"] @ v["X"]])),
    (Softmax(W), lambda v: np.array([softmax(row) for row in v["W"]])),
    (CausalSoftmax(S), lambda v: causal(v["S"])),
    (Exp(W), lambda v: np.exp(v["W"])),
    (Log(P), lambda v: np.log(v["P"])),
    (LogSumExp(W), lambda v: np.log(np.exp(v["W"]).sum(1, keepdims=True))),
    (Truncated(V, k), lambda v: trunc(v["V"], lambda q, s: q < v["k"])),
    (Truncated(V * X, 1), lambda v: trunc(v["V"] @ v["X"], lambda q, s: q < 1)),
    (Thresholded(V, t), lambda v: trunc(v["V"], lambda q, s: s > v["t"])),
    (F[l], lambda v: v["F"][v["l"] - 1]),
    (F[2] * F[1], lambda v: v["F"][1] @ v["F"][0]),
    (Chain(F, l), lambda v: chain(v["F"], v["l"])),
    (Chain(F, 0), lambda v: np.eye(3)),
    (sp.ImmutableMatrix([[1, t], [k, 0]]), lambda v: np.array([[1, v["t"]], [v["k"], 0]])),
    (LeftSingular(V, l) * RightSingular(V, l).T * Sigma(V, l), lambda v: trunc(v["V"], lambda q, s: q == v["l"] - 1)),
    (Gradient(inner(V, W * X * X.T), W), lambda v: v["V"] @ v["X"] @ v["X"].T),
    (Gradient(norm_sq(W * X - V * X) / 2, X), lambda v: (v["W"] - v["V"]).T @ (v["W"] - v["V"]) @ v["X"]),
    (Gradient(t * norm_sq(V), W), lambda v: np.zeros((5, 4))),
    (Gradient(inner(Gradient(norm_sq(W) ** 2 / 4, W), V), W),
     lambda v: 2 * v["W"] * (v["W"] * v["V"]).sum() + v["V"] * (v["W"] ** 2).sum()),
]
# fmt: on


def close(found: Any, wanted: Any) -> bool:
    return bool(np.allclose(found, wanted, rtol=1e-11, atol=1e-11))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("case", SCALARS + MATRICES, ids=lambda case: str(case[0]))
def test_agrees_with_numpy(case: tuple[Any, Callable[[Numbers], Any]], device: str) -> None:
    expr, plain = case
    values = drawn()
    found = evaluate(expr, Batch(SIZES, values, device)).cpu()
    assert len(found) == COUNT
    for at in range(COUNT):
        assert close(found[at], plain(one(values, at))), (at, found[at], plain(one(values, at)))


def test_every_node_of_the_vocabulary_is_tried() -> None:
    seen = {type(node) for expr, _ in SCALARS + MATRICES for node in sp.preorder_traversal(expr)}
    assert {*ScalarNode.__subclasses__(), *MatrixNode.__subclasses__()} <= seen


@pytest.mark.parametrize("case", SCALARS + MATRICES, ids=lambda case: str(case[0]))
def test_batch_equals_one_by_one(case: tuple[Any, Callable[[Numbers], Any]]) -> None:
    values = drawn(1)
    together = evaluate(case[0], Batch(SIZES, values))
    for at in range(COUNT):
        alone = evaluate(case[0], Batch(SIZES, {symbol: value[at : at + 1] for symbol, value in values.items()}))
        assert close(together[at], alone[0])


@pytest.mark.parametrize("case", SCALARS + MATRICES, ids=lambda case: str(case[0]))
def test_axis_equals_one_value_at_a_time(case: tuple[Any, Callable[[Numbers], Any]]) -> None:
    """k and then t enumerated on axes of their own, k by limits and t by values of each instance."""
    values = drawn(2)
    levels = torch.rand(COUNT, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) + 0.2
    rest = {symbol: value for symbol, value in values.items() if symbol not in (k, t)}
    wide = evaluate(case[0], Batch(SIZES, rest).over(k, 0, n).over(t, levels))
    assert wide.shape[:3] == (COUNT, 5, 3)
    for kk in range(5):
        for tt in range(3):
            bound = {**rest, k: torch.full((COUNT,), kk), t: levels[:, tt]}
            assert close(wide[:, kk, tt], evaluate(case[0], Batch(SIZES, bound)))


# --- conventions -------------------------------------------------------------------------------------------


def zeros(count: int = 2) -> Batch:
    return Batch(SIZES, {W: torch.zeros(count, 5, 4), k: torch.tensor([0, 7])})


@pytest.mark.parametrize(
    "expr",
    [
        Sigma(W, 0), Sigma(W, -1), Sigma(W, sp.Rational(3, 2)), Energy(W, 1), Energy(W, 0), EffectiveRank(W),
        EffectiveRankL1(W), ThresholdRank(W, sp.Rational(1, 2)), Entry(W, 0, 1), Entry(W, 1, 5), Entry(W, 6, 1),
        FrobeniusNorm(Truncated(W, -1)), FrobeniusNorm(LeftSingular(W, 5)), FrobeniusNorm(RightSingular(W, 0)),
        sigma_sum(i, i, 1, sp.Rational(5, 2)), sp.log(-1 - Rank(W)),
    ],
    ids=str,
)  # fmt: skip
def test_what_has_no_value_is_nan_up_to_the_margin(expr: Any) -> None:
    assert evaluate(expr, zeros()).isnan().all()
    for relation in (le(expr, 1), lt(expr, 1), ge(expr, -1), gt(expr, 0), eq(expr, expr + 1), ne(expr, 2)):
        assert margin(relation, zeros()).isnan().all()
        assert not holds(relation, zeros()).any()


def test_sigma_is_zero_beyond_the_last_and_for_the_zero_matrix() -> None:
    assert evaluate(Sigma(W, k + 1), zeros()).tolist() == [0.0, 0.0]
    assert evaluate(Rank(W), zeros()).tolist() == [0.0, 0.0]


def test_threshold_rank_without_such_k_is_nan() -> None:
    batch = Batch(SIZES, drawn())
    assert evaluate(ThresholdRank(W, 2), batch).isnan().all()
    assert (evaluate(ThresholdRank(W, 0), batch) == 0).all()


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    "expr",
    [
        Sigma(W, 1), Sigma(W, 9), Rank(W), CountAbove(W, 1), EffectiveRank(W), ThresholdRank(W, sp.Rational(1, 2)),
        FrobeniusNorm(Truncated(W, 2)), sigma_sum(Sigma(W, i), i, 1, Rank(W)), sigma_sum(1, i, 1, Rank(W)),
        FrobeniusNorm(LeftSingular(W, 1)), SpectralNorm(2 * W) - NuclearNorm(W), FrobeniusNorm(Thresholded(W, 1)),
    ],
    ids=str,
)  # fmt: skip
def test_an_instance_that_is_not_finite_spoils_only_itself(expr: Any, bad: float) -> None:
    values = drawn()
    clean = evaluate(expr, Batch(SIZES, values))
    spoilt = values[W].clone()
    spoilt[3, 1, 1] = bad
    found = evaluate(expr, Batch(SIZES, {**values, W: spoilt}))
    others = [at for at in range(COUNT) if at != 3]
    assert not found[3].isfinite().any()
    assert torch.equal(found[others], clean[others])


def test_non_convergence_spoils_only_its_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    def stubborn(matrices: torch.Tensor) -> torch.Tensor:
        if (matrices[..., 0, 0] == 7).any():
            raise floats_spectrum.LinAlgError("did not converge")
        return svdvals(matrices)

    svdvals = torch.linalg.svdvals
    monkeypatch.setattr(torch.linalg, "svdvals", stubborn)
    values = drawn()[W].clone()
    values[4, 0, 0] = 7
    found = evaluate(Sigma(W, 1), Batch(SIZES, {W: values}))
    assert found.isnan().tolist() == [False, False, False, False, True, False]


def test_extreme_scales() -> None:
    w = drawn()[V]
    for scale in (2.0**600, 2.0**-600):
        batch = Batch(SIZES, {W: w * scale})
        assert close(
            evaluate(FrobeniusNorm(W) / SpectralNorm(W), batch),
            w.flatten(1).norm(dim=1) / torch.linalg.svdvals(w)[:, 0],
        )
        assert close(evaluate(Energy(W, 2), batch), evaluate(Energy(W, 2), Batch(SIZES, {W: w})))
        assert close(evaluate(EffectiveRank(W), batch), evaluate(EffectiveRank(W), Batch(SIZES, {W: w})))
        assert evaluate(Rank(W), batch).tolist() == [4.0] * COUNT


# --- sums along axes ---------------------------------------------------------------------------------------

TAIL = le(sigma_sum(Sigma(W, i) ** 2, i, k + 1, Rank(W)), (Rank(W) - k) * Sigma(W, k + 1) ** 2)


def test_margins_for_all_k_at_once() -> None:
    values = drawn()
    batch = Batch(SIZES, {W: values[W]}).over(k, 0, Rank(W))
    assert batch.mask is not None
    found = margin(TAIL, batch)
    assert found.shape == batch.mask.shape == (COUNT, 5)
    for at in range(COUNT):
        s, rank = sv(values[W][at].numpy()), int(np.linalg.matrix_rank(values[W][at].numpy()))
        assert batch.mask[at].tolist() == [kk <= rank for kk in range(5)]
        for kk in range(rank):
            left, right = (s[kk:rank] ** 2).sum(), (rank - kk) * s[kk] ** 2
            assert close(found[at, kk], (right - left) / max(left, right))
        assert found[at, rank] == 0


def test_a_tail_does_not_cancel() -> None:
    """Summed from the end, a tail of 1e-12 beside a head of 1 keeps its digits; a difference of totals would not."""
    w = torch.zeros(1, 5, 4, dtype=torch.float64)
    w[0, range(4), range(4)] = torch.tensor([1e6, 1e3, 3e-8, 4e-8], dtype=torch.float64)
    tail = evaluate(sigma_sum(Sigma(W, i) ** 2, i, k + 1, n), Batch(SIZES, {W: w}).over(k, 0, n))
    assert tail[0, 2] == pytest.approx(25e-16, rel=1e-14)
    assert tail[0, 4] == 0


@pytest.mark.parametrize(
    "limits", [(k + 1, n), (1, k), (k, k + 2), (k - 1, l), (l, k), (2, 3), (3 - k, k), (k + 6, n)], ids=str
)
@pytest.mark.parametrize("kind", [sigma_sum, product])
@pytest.mark.parametrize("term", [1 + i * a, 1 + Sigma(W, i + 2), 2 + i * k], ids=str)
def test_running_totals_equal_dense_ones(kind: Any, term: Any, limits: tuple[Any, Any]) -> None:
    values = drawn(3)
    batch = Batch(SIZES, {symbol: value for symbol, value in values.items() if symbol != k})
    found = evaluate(kind(term, i, *limits), batch.over(k, 0, n))
    for kk in range(5):
        alone = Batch(SIZES, {**values, k: torch.full((COUNT,), kk)})
        assert close(found[:, kk], evaluate(kind(term, i, *limits), alone))


def test_limits_by_instance_and_empty_ranges() -> None:
    batch = Batch(SIZES, {W: drawn()[W][:3]})
    child = batch.over(k, torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 2.0, 2.0]))
    assert child.mask is not None
    assert evaluate(k, child)[0].tolist() == [1.0, 2.0]
    assert child.mask.tolist() == [[True, True], [False, True], [False, False]]


def test_an_axis_too_long_is_refused() -> None:
    with pytest.raises(FormulaError, match="runs from 1 to 1000000"):
        evaluate(sigma_sum(1, i, 1, 10**6), zeros())


def test_what_does_not_depend_on_the_axis_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    svdvals = torch.linalg.svdvals
    monkeypatch.setattr(torch.linalg, "svdvals", lambda w: calls.append(w.shape) or svdvals(w))
    batch = Batch(SIZES, {W: drawn()[W]})
    margin(TAIL, batch.over(k, 0, Rank(W)))
    evaluate(Sigma(W, 2), batch)
    assert calls == [torch.Size([COUNT, 5, 4])]


def test_one_full_svd_serves_values_and_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.linalg, "svdvals", lambda w: pytest.fail("singular values computed twice"))
    batch = Batch(SIZES, {W: drawn()[W]}).over(k, 0, n)
    residual = eq(norm_sq(W - Truncated(W, k)), sigma_sum(Sigma(W, i) ** 2, i, k + 1, n))
    found = margin(residual, batch)
    assert found[0, :4].abs().max() < 1e-12


# --- margins and hypotheses --------------------------------------------------------------------------------


def scalar_batch(*values: float) -> Batch:
    return Batch({}, {a: torch.tensor(values, dtype=torch.float64)})


def test_margin_sign_scale_and_strictness() -> None:
    batch = scalar_batch(1.0, 2.0, 4.0)
    assert margin(le(a, 2), batch).tolist() == [0.5, 0.0, -0.5]
    assert margin(ge(a, 2), batch).tolist() == [-0.5, 0.0, 0.5]
    tiny = torch.finfo(torch.float64).tiny
    assert margin(lt(a, 2), batch).tolist() == [0.5, -tiny, -0.5]
    assert margin(gt(a, 2), batch).tolist() == [-0.5, -tiny, 0.5]
    assert margin(eq(a, 2), batch).tolist() == [-0.5, 0.0, -0.5]
    assert margin(ne(a, 2), batch).tolist() == [0.5, -tiny, 0.5]
    assert margin(le(a, a), scalar_batch(0.0)).tolist() == [0.0]


def test_margin_of_matrices() -> None:
    values = drawn()
    batch = Batch(SIZES, values)
    assert (margin(eq(W, W), batch) == 0).all()
    gap = (values[W] - values[V]).flatten(1).norm(dim=1)
    scale = torch.maximum(values[W].flatten(1).norm(dim=1), values[V].flatten(1).norm(dim=1))
    assert close(margin(eq(W, V), batch), -gap / scale)
    assert (margin(ne(W, W), batch) < 0).all()
    with pytest.raises(FormulaError, match="one side"):
        margin(eq(sp.Dummy("x", real=True), W), batch)
    with pytest.raises(FormulaError, match="relation"):
        compiled(a + 1)


def test_holds_up_to_rounding_for_equalities_only() -> None:
    batch = Batch(SIZES, drawn())
    assert holds(eq(W * X * S, W * (X * S)), batch).all()
    assert holds(eq(norm_sq(V - Truncated(V, 4)), 0), batch).all()
    assert holds(eq(sp.Trace(W.T * V) - inner(V, W), 0), batch).all()
    assert holds(eq(Rank(W), sp.Min(Rank(W), n)), batch).all()
    assert not holds(eq(W * X, (1 + sp.Rational(1, 10**9)) * W * X), batch).any()
    assert holds(le(a, 2), scalar_batch(2.0, 2.0000000001)).tolist() == [True, False]
    assert holds(lt(a, 2), scalar_batch(2.0, 1.9999999999)).tolist() == [False, True]


# --- errors ------------------------------------------------------------------------------------------------


def test_an_unknown_node_is_named() -> None:
    class Mystery(ScalarNode):
        pass

    with pytest.raises(FormulaError, match="Mystery"):
        evaluate(1 + Mystery(W), zeros())
    with pytest.raises(FormulaError, match="F"):
        evaluate(F, zeros())


def test_a_symbol_without_a_value_is_named() -> None:
    with pytest.raises(FormulaError, match="V has no value"):
        evaluate(FrobeniusNorm(V), zeros())


@pytest.mark.parametrize("values", [{W: torch.zeros(2, 4, 5)}, {F: torch.zeros(2, 2, 3, 3)}, {a: torch.zeros(2, 1)}])
def test_a_value_of_the_wrong_shape_is_refused(values: dict[sp.Basic, torch.Tensor]) -> None:
    with pytest.raises(FormulaError, match="shape"):
        Batch(SIZES, values)


def test_different_numbers_of_instances_are_refused() -> None:
    with pytest.raises(FormulaError, match="numbers of instances"):
        Batch(SIZES, {W: torch.zeros(2, 5, 4), k: torch.zeros(3)})


def test_a_wrong_rule_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison with numpy is able to fail: a planted error in a rule fails it."""

    def truncated_by_one_more(expr: Any) -> floats_plan.Run:
        return real(Truncated(expr.args[0], expr.args[1] + 1))

    real = floats_plan.RULES[Truncated]
    monkeypatch.setitem(floats_plan.RULES, Truncated, truncated_by_one_more)
    floats_plan.plan.cache_clear()
    try:
        values = drawn()
        found = evaluate(Truncated(V, 1), Batch(SIZES, values))
        assert not close(found[0], trunc(values[V][0].numpy(), lambda q, s: q < 1))
    finally:
        floats_plan.plan.cache_clear()


# --- gradients ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "relation",
    [
        TAIL, le(Energy(W, k), EffectiveRank(W)), eq(W * X * S, W * X), le(SpectralNorm(W), NuclearNorm(W * X)),
        le(FrobeniusNorm(V - Truncated(W, 2)), EffectiveRankL1(Softmax(W))), ge(product(Sigma(W, i), i, 1, k), 2),
        le(inner(Gradient(norm_sq(W * X), W), V), 3),
    ],
    ids=str,
)  # fmt: skip
def test_margin_is_differentiable(relation: Any) -> None:
    values = drawn(4)
    w = values[W][3:].clone()
    rest = {symbol: value[3:] for symbol, value in values.items() if symbol not in (W, k)}
    at_k = lambda x: margin(relation, Batch(SIZES, {**rest, W: x}).over(k, 1, 3))  # noqa: E731
    free = w.clone().requires_grad_()
    (slope,) = torch.autograd.grad(at_k(free).sum(), free)
    step = 1e-6 * torch.randn(w.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    change = (at_k(w + step) - at_k(w - step)).sum() / 2
    assert (slope * step).sum().item() == pytest.approx(change.item(), rel=1e-5, abs=1e-14)


def test_no_infinite_slope_at_a_zero_singular_value() -> None:
    w = torch.diag(torch.tensor([3.0, 2.0, 1.0, 0.0], dtype=torch.float64))[None].requires_grad_()
    (slope,) = torch.autograd.grad(evaluate(EffectiveRank(W), Batch({m: 4, n: 4}, {W: w})).sum(), w)
    assert slope.isfinite().all()


def test_gradient_by_something_that_is_no_symbol_is_refused() -> None:
    with pytest.raises(FormulaError, match="matrix symbol"):
        evaluate(Gradient(norm_sq(W), W.T), zeros())


# --- random formulas ---------------------------------------------------------------------------------------


def scalars_of(matrices: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    index = st.sampled_from([sp.Integer(1), sp.Integer(2), k, k + 1, l])
    leaf = st.one_of(
        st.builds(Sigma, matrices, index),
        st.builds(lambda w: sigma_sum(Sigma(w, i) ** 2, i, k + 1, n), matrices),
        st.sampled_from([FrobeniusNorm, SpectralNorm, NuclearNorm, Rank]).flatmap(lambda f: st.builds(f, matrices)),
        st.sampled_from([a, t, sp.Rational(1, 3), m, k]),
    )
    return st.recursive(
        leaf,
        lambda inside: st.one_of(
            st.builds(lambda x, y: x + y, inside, inside),
            st.builds(lambda x, y: x * y, inside, inside),
            st.builds(lambda x, y: x - 2 * y, inside, inside),
            st.builds(lambda x, y: sp.Max(x, y, evaluate=False), inside, inside),
            st.builds(lambda x: sp.sqrt(sp.Abs(x, evaluate=False), evaluate=False), inside),
        ),
        max_leaves=4,
    )


def formulas() -> st.SearchStrategy[Any]:
    square = st.sampled_from([W, V, P, W * X * X.T, 2 * W - V, Softmax(W), HadamardProduct(W, V)])
    return scalars_of(square)


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(formulas(), st.integers(0, 1000))
def test_random_formula_batched_equals_one_by_one(expr: Any, seed: int) -> None:
    values = drawn(seed, 3)
    together = evaluate(expr, Batch(SIZES, values))
    alone = [evaluate(expr, Batch(SIZES, {s: v[at : at + 1] for s, v in values.items()})) for at in range(3)]
    assert np.allclose(together, torch.cat(alone), rtol=1e-9, atol=1e-9, equal_nan=True)


def test_split_scalars_of_a_product() -> None:
    scalar, factors = floats_matrix.split_scalars((2 * W * V.T).args)
    assert scalar is not None
    assert [f.expr for f in factors] == [W, V.T]


def test_families_of_one_name_keep_their_own_sizes() -> None:
    """sympy caches symbols by name and assumptions; a family must not be given another's sizes."""
    small, large = layers("F", L, d), layers("F", L, n)
    assert small != large
    assert (small.width, large.width) == (d, n)
    assert small == F
