"""Printing: in the notation of the field, total on the vocabulary, faithful, and MathML without a leftover."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.formula import vocabulary as v
from verify.formula.printing import mathml, plain, plain_given, tex, tex_given
from verify.formula.vocabulary import FormulaError
from verify.model.statement import Assume, Index, Layers, Let, Matrix, Real, Size

m, n, L = v.sizes("m n L")
k, l, i = v.indices("k l i")
t, eta = v.scalars("t eta")
A, B, W = v.matrix("A", n, n), v.matrix("B", n, n), v.matrix("W", m, n)
V = v.layers("V", L, n)

NOTATION = [
    (v.Sigma(W, k + 1), r"\sigma_{k + 1}(W)", "σ_{k + 1}(W)"),
    (v.FrobeniusNorm(W - v.Truncated(W, k)), r"\left\|W - W_{k}\right\|_{F}", "‖W - W_k‖_F"),
    (v.SpectralNorm(W), r"\left\|W\right\|_{2}", "‖W‖_2"),
    (v.NuclearNorm(W), r"\left\|W\right\|_{*}", "‖W‖_*"),
    (v.norm_sq(W), r"\left\|W\right\|_{F}^{2}", "‖W‖_F²"),
    (v.Rank(A * B), r"\operatorname{rank}\left(A B\right)", "rank(A B)"),
    (v.EffectiveRank(W), r"\operatorname{erank}(W)", "erank(W)"),
    (v.Energy(W, k), "E_{k}(W)", "E_k(W)"),
    (v.ThresholdRank(W, t), r"\operatorname{rank}_{t}(W)", "rank_t(W)"),
    (v.CountAbove(W, t), r"\#\left\{i : \sigma_{i}(W) > t\right\}", "#{i : σ_i(W) > t}"),
    (v.Entry(W, 1, k), "W_{1, k}", "W_{1, k}"),
    (v.Truncated(A * B, k), r"\left(A B\right)_{k}", "(A B)_k"),
    (v.Truncated(v.matrix("W_0", m, n), k), r"\left(W_{0}\right)_{k}", "(W_0)_k"),
    (v.Thresholded(W, t), "W_{> t}", "W_{> t}"),
    (W.T, r"W^{\top}", "Wᵀ"),
    ((A * B).T, r"B^{\top} A^{\top}", "Bᵀ Aᵀ"),
    (v.HadamardProduct(A, A + B), r"A \odot \left(A + B\right)", "A ⊙ (A + B)"),
    (v.KroneckerProduct(A, B), r"A \otimes B", "A ⊗ B"),
    (v.Gradient(v.FrobeniusNorm(W), W), r"\nabla_{W} \left\|W\right\|_{F}", "∇_W ‖W‖_F"),
    (v.inner(A, B), r"\operatorname{tr}\left(A^{\top} B\right)", "tr(Aᵀ B)"),
    (v.Chain(V, L), r"V_{L} \cdots V_{1}", "V_L ⋯ V_1"),
    (v.Chain(V, L).T, r"\left(V_{L} \cdots V_{1}\right)^{\top}", "(V_L ⋯ V_1)ᵀ"),
    (v.product(v.SpectralNorm(V[l]), l, 1, L), r"\prod_{l=1}^{L} \left\|V_{l}\right\|_{2}", "∏_{l=1}^L ‖V_l‖_2"),
    (v.sigma_sum(v.Sigma(W, i) ** 2, i, k + 1, n), r"\sum_{i=k + 1}^{n} \sigma_{i}(W)^{2}", "∑_{i=k + 1}^n σ_i(W)²"),
    (v.sigma_sum(t + i, i, 1, n), r"\sum_{i=1}^{n} \left(i + t\right)", "∑_{i=1}^n (i + t)"),
    (v.HStack(A, B), r"\left[A \mid B\right]", "[A | B]"),
    (v.Exp(W), r"\exp_{\odot}(W)", "exp_⊙(W)"),
    (sp.Identity(n) - 2 * A, "I_{n} - 2 A", "I_n - 2 A"),
    (sp.ZeroMatrix(m, n), r"0_{m \times n}", "0_{m × n}"),
    (v.Rank(W) - k, r"\operatorname{rank}(W) - k", "rank(W) - k"),
    (v.Sigma(W, 1) / v.FrobeniusNorm(W), r"\frac{\sigma_{1}(W)}{\left\|W\right\|_{F}}", "σ_1(W)/‖W‖_F"),
    (sp.exp(-t), r"\mathrm{e}^{- t}", "e^{-t}"),
    (sp.Symbol("d_int"), r"d_{\mathrm{int}}", "d_{int}"),
    (v.matrix("W_*", m, n).T, r"W_{\ast}^{\top}", "W_*ᵀ"),
    (sp.Symbol("mn"), r"\mathrm{mn}", "mn"),  # not the product of m and n
    (v.ge(t, 0), r"t \geq 0", "t ≥ 0"),
    (v.le(0, t), r"0 \leq t", "0 ≤ t"),
    (v.ne(t, k), r"t \neq k", "t ≠ k"),
]


@pytest.mark.parametrize("expression, as_tex, as_text", NOTATION, ids=[row[2] for row in NOTATION])
def test_notation(expression: Any, as_tex: str, as_text: str) -> None:
    assert tex(expression) == as_tex
    assert plain(expression) == as_text
    assert "annotation" in mathml(expression)


@pytest.mark.parametrize(
    "line, as_tex, as_text",
    [
        (Size(symbol=m, low=2), r"m \in \mathbb{N}_{\geq 2}", "m ∈ ℕ_{≥ 2}"),
        (Matrix(symbol=W), r"W \in \mathbb{R}^{m \times n}", "W ∈ ℝ^{m × n}"),
        (
            Matrix(symbol=W, structure="nonzero"),
            r"W \in \mathbb{R}^{m \times n} \setminus \left\{0\right\}",
            "W ∈ ℝ^{m × n} ∖ {0}",
        ),
        (Matrix(symbol=W, structure="positive"), r"W \in \mathbb{R}_{> 0}^{m \times n}", "W ∈ ℝ_{> 0}^{m × n}"),
        (Layers(symbol=V), r"V_{1}, \ldots, V_{L} \in \mathbb{R}^{n \times n}", "V_1, …, V_L ∈ ℝ^{n × n}"),
        (
            Index(symbol=k, low=1, high=v.Rank(W) - 1),
            r"1 \leq k \leq \operatorname{rank}(W) - 1",
            "1 ≤ k ≤ rank(W) - 1",
        ),
        (Real(symbol=t), r"t \in \mathbb{R}", "t ∈ ℝ"),
        (Real(symbol=t, low=0, high=1, open=True), r"t \in (0, 1)", "t ∈ (0, 1)"),
        (Real(symbol=t, low=0), r"t \in [0, \infty)", "t ∈ [0, ∞)"),
        (Let(symbol=t, value=v.Sigma(W, 1)), r"t := \sigma_{1}(W)", "t := σ_1(W)"),
        (Assume(name="gap", formula=v.gt(t, 0)), "t > 0", "t > 0"),
    ],
)
def test_declarations(line: Any, as_tex: str, as_text: str) -> None:
    assert tex_given(line) == as_tex
    assert plain_given(line) == as_text
    mathml(tex_given(line))


def test_hidden_assumption_is_printed() -> None:
    c = v.scalars("c", positive=True)
    assert tex_given(Real(symbol=c)) == r"c \in \mathbb{R}, \; c > 0"


def test_structures_print_differently() -> None:
    printed = {tex_given(Matrix(symbol=W, structure=s)) for s in ("general", "nonzero", "positive", "diagonal")}
    assert len(printed) == 4


@pytest.mark.parametrize(
    "expression, node",
    [(sp.sin(t), "sin"), (W[0, 0], "MatrixElement"), (sp.Float("0.5"), "Float"), (sp.oo, "Infinity")],
)
def test_unknown_node_is_named(expression: Any, node: str) -> None:
    with pytest.raises(FormulaError, match=node):
        tex(expression)


@pytest.mark.parametrize("name", ["W 1", "W_", r"\\alpha", "W{1}", "", "$x"])
def test_names_that_do_not_print_are_refused(name: str) -> None:
    with pytest.raises(FormulaError, match="does not print"):
        tex(sp.Symbol(name))


def test_unknown_node_of_ours_is_named() -> None:
    class Novel(v.ScalarNode):
        pass

    with pytest.raises(FormulaError, match="Novel"):
        tex(1 + Novel(W))


BROKEN = [
    r"\nosuch x", r"\arg\max x", r"\frac{a}{", r"\frac{a}", "a}", "{a", "", r"\left( a", "a & b", "a_b_c", "a^",
    r"\text{<script>}", r"\text{<b>x</b>}", r"\href{javascript:alert(1)}{x}",
    r"\begin{aligned}a&=b\end{aligned}", r"\operatorname*{argmax} x", "x % y", "$x$", "x # y", "\\", "\x00",
]  # fmt: skip


@pytest.mark.parametrize("source", BROKEN)
def test_tex_that_does_not_convert_is_refused(source: str) -> None:
    with pytest.raises(FormulaError, match=r"MathML|balance"):
        mathml(source)


def test_mathml_keeps_its_source_and_escapes_it() -> None:
    root = ET.fromstring(mathml(r"a < b \text{ and } c > 0", display=True))
    space = "{http://www.w3.org/1998/Math/MathML}"
    annotation = root.find(f"{space}semantics/{space}annotation")
    assert root.get("display") == "block"
    assert annotation is not None
    assert annotation.get("encoding") == "application/x-tex"
    assert annotation.text == r"a < b \text{ and } c > 0"


def test_two_limits_print_outermost_first() -> None:
    double = sp.Sum(t, (i, 1, k), (k, 1, n))
    assert tex(double) == r"\sum_{k=1}^{n} \sum_{i=1}^{k} t"


# --- random formulas: total, balanced, faithful ---

SCALAR_OF_MATRIX = (v.Rank, v.FrobeniusNorm, v.SpectralNorm, v.NuclearNorm, v.EffectiveRank, v.EffectiveRankL1)
WITH_INDEX = (v.Sigma, v.Energy, v.ThresholdRank, v.CountAbove)
MATRIX_OF_MATRIX = (v.Softmax, v.CausalSoftmax, v.Exp, v.Log, sp.Transpose)
MATRIX_WITH_INDEX = (v.Truncated, v.Thresholded)
INDICES = st.sampled_from([k, l, k + 1, l - 1, sp.Integer(1), sp.Integer(2), n - k])


def matrices(depth: int) -> st.SearchStrategy[Any]:
    leaves = st.sampled_from([A, B, sp.Identity(n), sp.OneMatrix(n, n), v.Member(V, 1), v.Chain(V, L)])
    if depth == 0:
        return leaves
    inner = matrices(depth - 1)
    return st.one_of(
        leaves,
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a - 2 * b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda f, a: f(a), st.sampled_from(MATRIX_OF_MATRIX), inner),
        st.builds(lambda f, a, j: f(a, j), st.sampled_from(MATRIX_WITH_INDEX), inner, INDICES),
        st.builds(v.HadamardProduct, inner, inner),
        st.builds(lambda s, a: s * a, scalars(depth - 1), inner),
        st.builds(lambda s: v.Gradient(s, A), scalars(depth - 1)),
    )


def scalars(depth: int) -> st.SearchStrategy[Any]:
    leaves = st.sampled_from([t, eta, sp.Integer(3), sp.Rational(-1, 2), sp.pi, v.Sigma(A, k)])
    if depth == 0:
        return leaves
    inner, of = scalars(depth - 1), matrices(depth - 1)
    return st.one_of(
        leaves,
        st.builds(lambda f, a: f(a), st.sampled_from(SCALAR_OF_MATRIX), of),
        st.builds(lambda f, a, j: f(a, j), st.sampled_from(WITH_INDEX), of, INDICES),
        st.builds(lambda a, j: v.Entry(a, j, 1), of, INDICES),
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a - b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a, p: a**p, inner, st.sampled_from([2, sp.Rational(1, 2)])),
        st.builds(lambda a: a / v.FrobeniusNorm(B), inner),
        st.builds(lambda f, a: f(a), st.sampled_from([sp.Abs, sp.exp, sp.floor]), inner),
        st.builds(lambda f, a: f(a, (i, 1, n)), st.sampled_from([sp.Sum, sp.Product]), inner.map(lambda e: e * i + t)),
        st.builds(sp.Trace, of),
    )


relations = st.builds(
    lambda r, a, b: r(a, b), st.sampled_from([v.eq, v.le, v.lt, v.ge, v.gt, v.ne]), scalars(2), scalars(2)
)


def sane(e: Any) -> bool:
    return not e.has(sp.nan, sp.zoo, sp.oo, sp.I)


@settings(max_examples=150)
@given(relations.filter(sane))
def test_total_balanced_and_clean(formula: Any) -> None:
    source = tex(formula)
    assert source.count("{") - source.count(r"\{") == source.count("}") - source.count(r"\}")
    assert source.count(r"\left") == source.count(r"\right")
    root = ET.fromstring(mathml(formula))
    shown = "".join(text for node in root.iter() if not node.tag.endswith("annotation") for text in [node.text or ""])
    assert not re.search(r"\\[a-zA-Z]+", shown)
    assert "\\" not in plain(formula)
    assert "\n" not in plain(formula)


def exchanges(e: Any) -> list[Any]:
    """Every formula that differs from ``e`` in one node: another function, index, letter, number, limit, factor."""
    groups = (SCALAR_OF_MATRIX, WITH_INDEX, (v.Softmax, v.CausalSoftmax, v.Exp, v.Log), MATRIX_WITH_INDEX)
    found = []
    for node in set(sp.preorder_traversal(e)):
        for group in groups:
            if type(node) in group:
                found += [(node, other(*node.args)) for other in group if other is not type(node)]
        if isinstance(node, (*WITH_INDEX, *MATRIX_WITH_INDEX)):
            found.append((node, node.func(node.args[0], node.args[1] + 1)))
        if isinstance(node, (sp.Sum, sp.Product)):
            found.append((node, node.func(node.function, (i, 2, n))))
            found.append((node, ({sp.Sum: sp.Product, sp.Product: sp.Sum}[type(node)])(*node.args)))
        if isinstance(node, sp.Transpose):
            found.append((node, node.arg))
        if isinstance(node, sp.Rational):
            found.append((node, node + 5))
    found += [(A, B), (t, eta), (k, l)]
    return [e.xreplace({old: new}) for old, new in found]


@settings(max_examples=60)
@given(scalars(2).filter(sane))
def test_one_node_apart_prints_apart(e: Any) -> None:
    for other in exchanges(e):
        if other != e and sane(other):
            assert tex(other) != tex(e)
            assert plain(other) != plain(e)


@settings(max_examples=60)
@given(scalars(2).filter(sane), scalars(2).filter(sane))
def test_relations_print_as_written(a: Any, b: Any) -> None:
    printed = {plain(r(a, b)) for r in (v.eq, v.le, v.lt, v.ge, v.gt, v.ne)}
    assert len(printed) == 6
    assert plain(v.ge(a, b)) == f"{plain(a)} ≥ {plain(b)}"
