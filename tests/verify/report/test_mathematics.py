"""MathML: what converts, what is refused, how exact values are written."""

from __future__ import annotations

import re

import pytest

from verify.formula.vocabulary import FrobeniusNorm, Rank, ScalarNode, le, matrix, sizes
from verify.report.mathematics import (
    ReportError,
    assignment,
    formula,
    from_tex,
    from_tex_or_none,
    in_text,
    inert,
    is_long,
    is_wide,
    quantity,
    short,
)

m, n = sizes("m n")
W = matrix("W", m, n)


def test_formula_keeps_its_tex() -> None:
    text = formula(le(Rank(W), n), display=True)
    assert '<annotation encoding="application/x-tex">' in text and r"\operatorname{rank}" in text
    assert 'display="block"' in text
    assert "<mi>rank</mi>" in text, "a named function is set as one, not as an operator with space around it"


def test_parentheses_grow_only_around_what_is_tall() -> None:
    def grows(tex: str) -> list[bool]:
        return [sign == "mo" for sign in re.findall(r"<(m[oi])>\(", from_tex(tex))]

    assert grows(r"\left(x\right)") == [False]
    assert grows(r"\left(\frac{x}{y}\right) \le (n)") == [True, False]


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\text{<b>bold</b>}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\href{javascript:alert(1)}{x}",
        r"\undefinedcommand x",
        r"\frac{a}{",
        r"\begin{aligned} a & b \end{aligned}",
    ],
)
def test_what_is_no_plain_mathematics_is_refused(tex: str) -> None:
    with pytest.raises(ReportError):
        from_tex(tex)
    assert from_tex_or_none(tex) is None


@pytest.mark.parametrize(
    "mathml",
    [
        "<math><mi>x</mi><script>1</script></math>",
        '<math><mi onclick="f()">x</mi></math>',
        '<math><mi href="javascript:f()">x</mi></math>',
        '<math><mi style="position:fixed">x</mi></math>',
        "<math><mi>x</math>",
        "<div><math/></div>",
        "<mi>x</mi>",
    ],
)
def test_guard_refuses_whatever_the_converter_made(mathml: str) -> None:
    with pytest.raises(ReportError):
        inert(mathml, "x")


def test_guard_passes_mathematics_and_escapes_text() -> None:
    text = inert("<math><mtext>a &lt;script&gt; b</mtext></math>", "x")
    assert text == "<math><mtext>a &lt;script&gt; b</mtext></math>"


def test_quantity_shows_a_decimal_only_where_it_helps() -> None:
    assert quantity("3") == "3"
    assert "≈" not in str(quantity("5/2"))
    assert "<mo>≈</mo><mn>1.41421</mn>" in str(quantity("sqrt(2)"))
    assert "<mn>3.33333</mn><mo>·</mo><msup><mn>10</mn>" in str(quantity("1/30000000"))


def test_what_is_too_long_for_a_line_can_break() -> None:
    assert quantity(f"{10**99}/{3**99}") == f"{10**99}/{3**99} ≈ 5.82098 · 10⁵¹"
    assert not is_long(le(Rank(W), m))
    assert is_long(le(sum((Rank(W) ** i for i in range(20)), m), n))


def test_an_enclosure_is_no_exact_number() -> None:
    assert quantity("[1.4142 +/- 1e-5]") is None


def test_values_are_written_out() -> None:
    [text] = assignment("W", [["1", "-1/2"], ["sqrt(2)", "0"]])
    assert "<mi>W</mi><mo>=</mo>" in text and text.count("<mtr>") == 2 and text.count("<mtd>") == 4
    assert "<mfrac><mn>1</mn><mn>2</mn></mfrac>" in text and "<msqrt><mn>2</mn></msqrt>" in text
    members = assignment("W", [[["1"]], [["2"]]])
    assert len(members) == 2 and "<msub><mi>W</mi><mn>2</mn></msub>" in members[1]
    [scalar] = assignment("c", "2")
    assert "display=" not in scalar


def test_a_matrix_entry_cannot_smuggle_tex_or_markup() -> None:
    [text] = assignment("W", [[r"</annotation><script>\href{x}{y}"]])
    assert "<script" not in text and "href" not in str(text).split("<annotation")[0].replace("?href", "")


def test_wide_matrices_are_folded() -> None:
    assert not is_wide("3") and not is_wide([["0"] * 12] * 12)
    assert is_wide([["0"] * 13]) and is_wide([[["0"]], [["0"]] * 13])


def test_a_node_outside_the_vocabulary_is_named() -> None:
    class Unheard(ScalarNode):
        pass

    with pytest.raises(ReportError, match="Unheard"):
        formula(le(Unheard(W), FrobeniusNorm(W)))


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        ("W_{k}^{2}", "Wₖ²"),
        (r"\operatorname{softmax}_{causal}(Q)", "softmax<sub>causal</sub>(Q)"),
        (r"\log_{\odot}(A) < 1", "log<sub>⊙</sub>(A) &lt; 1"),
        (r"e^{- \lambda_{bad} t}", "e<sup>-λ<sub>bad</sub> t</sup>"),
    ],
)
def test_scripts_without_letters_of_their_own_are_elements_and_the_rest_is_escaped(tex: str, text: str) -> None:
    assert in_text(tex) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2.00000000000000", "2.000…"), ("-1.5000000000", "-1.5000…"), ("1.000", "1.000"), ("[2.5 +/- 3e-9]",) * 2],
)
def test_a_row_of_zeros_is_cut(text: str, shown: str) -> None:
    assert short(text) == shown


def test_rows_that_group_nothing_are_left_out() -> None:
    assert from_tex(r"x + {a - b}") == "<math><mi>x</mi><mo>+</mo><mi>a</mi><mo>−</mo><mi>b</mi></math>"
    assert "<mrow><mo>−</mo><mi>b</mi></mrow>" in from_tex(r"x = {- b}"), "the sign of a number, not a difference"
    assert from_tex(r"\mathrm{rank} W") == "<math><mi>rank</mi><mi>W</mi></math>"
