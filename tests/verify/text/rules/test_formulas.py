from __future__ import annotations

from collections.abc import Callable

import pytest

Codes = Callable[..., list[tuple[str, int, int]]]

WRONG = [
    (r"a $x + \frac{a}{b$ c", ("F101", 1, 16)),
    (r"$a}$", ("F101", 1, 3)),
    (r"$r (m + n$", ("F102", 1, 4)),
    (r"$\|W - W_k$", ("F102", 1, 2)),
    (r"$a = [0, 1) + (b$", ("F102", 1, 15)),
    (r"$\left( \frac{a}{b} )$", ("F103", 1, 2)),
    (r"$\sgima_1$", ("F104", 1, 2)),
    (r"x $B$$and$$A$ y", ("F105", 1, 5)),
    ("$m = 4，n = 2$", ("F106", 1, 7)),
    ("where $a + b and so it follows from c$", ("F106", 1, 14)),
    ("the rank $r of", ("F107", 1, 10)),
    (r"$\sigma$ and $σ + 1$", ("F108", 1, 15)),
    (r"$x + max(m, n)$", ("F109", 1, 6)),
    (r"the value \sigma_1 is", ("F110", 1, 11)),
    (r"$a \geq b \geq \dots c$", ("F111", 1, 16)),
    (r"$x_1 + x_2 + \dots x_n$", ("F111", 1, 14)),
    (r"$a \leq \leq b$", ("F112", 1, 4)),
    (r"$\frac{1}$", ("F113", 1, 2)),
    (r"$x_1_2$", ("F113", 1, 5)),
    (r"$a & b$", ("F113", 1, 4)),
    (r"$10^12$", ("F114", 1, 4)),
    (r"$a_1 \geq a_2 \leq \dots \leq a_n$", ("F116", 1, 15)),
    (r"$a < b < \dots > c$", ("F116", 1, 16)),
    (r"$\mathbf{\xi}_t + \mathbf\xi$", ("F115", 1, 2)),
]
RIGHT = [
    "[a page](http://example.org/$x) here",
    "see https://example.org/a_$b there",
    r"$\frac12 + \frac1{2}$",
    r"$x \in [0, 1)$ and $y \in (a + f(b), c]$",
    r"the sign $($ opens",
    r"$D(p \| q) = \|x\|_2$ and $P(A | B)$",
    r"$\left\{ x \middle| y \right.$",
    r"\$5 and $x$ for $6",
    r"$\begin{aligned} a &= (b \\ &+ c) \end{aligned}$",
    r"$\langle \psi | \phi \rangle$ and $| \psi \rangle$",
    r"$a_1 a_2 \dots a_n$, $n! = 1 \cdot 2 \cdots n$, $1, 2, \dots$",
    r"$x := 1$, $a \neq b$, $a \not= b$",
    r"$\text{若 } x > 0$ and $\operatorname{rank}(W)$ and $W_{max}$",
    r"$x^{10}$, $x'^2$, $x''$, ${}_2F_1$",
    r"$\argmax_x f$ and $\xrightarrow[n]{d}$ and $\sqrt[3]{x}$",
    r"\newcommand{\own}{x} $\own + 1$",
    "code `$\\frac{a$` and\n\n    $\\frac{b$\n",
    r"$a \leq b \geq c$, $a_1 \geq \dots \geq a_n, b_1 \leq \dots \leq b_n$, $f(a < b, \dots) > 0$",
    r"$\boldsymbol{\xi}$, $\bm\xi$, $\mathbf{\Sigma}$, $\mathbf{x}$, $\xi$",
    r"the code `\sigma` and \emph{x}",
]


@pytest.mark.parametrize("text, place", WRONG)
def test_found_at_its_place(text: str, place: tuple[str, int, int], codes: Codes) -> None:
    assert codes(text, "F") == [place]


@pytest.mark.parametrize("text", RIGHT)
def test_silent(text: str, codes: Codes) -> None:
    assert codes(text, "F") == []


def test_offsets_in_a_block_quotation(codes: Codes) -> None:
    assert codes("> $$\n> a = \\frac{b}\n> $$\n", "F") == [("F113", 2, 7)]


def test_a_command_far_from_any_is_left_alone_in_latex(codes: Codes) -> None:
    assert codes(r"$\mypackagething$ and $\sgima$", "F", tex=True) == [("F104", 1, 24)]


def test_a_formula_far_behind_in_its_line_is_found(codes: Codes) -> None:
    assert codes("word " * 1000 + r"$\alpha$ and $\sgima$", "F") == [("F104", 1, 5015)]


def test_bars_are_escaped_in_tables(codes: Codes) -> None:
    table = "| a | b |\n|---|---|\n| $\\|W\\|_F$ | $\\sgima \\| x$ |\n"
    assert codes(table, "F") == [("F104", 3, 16)]


def test_only_slips_of_the_pen_are_reported_in_latex(codes: Codes) -> None:
    assert codes(r"$\sgima + \sigm + \sigmma + \sigmo$", "F104", tex=True) == [
        ("F104", 1, 2), ("F104", 1, 11), ("F104", 1, 19), ("F104", 1, 29),
    ]  # fmt: skip
    assert codes(r"$\vect{x} + \mathds{1} + \xspace + \ours + \softplus$", "F104", tex=True) == []
    assert codes(r"$\sigmax + \sigmax$ and $\sigmax$", "F104", tex=True) == []  # a macro of another file
    assert codes(r"$\newthing$", "F104") == [("F104", 1, 2)]


def test_formulas_may_touch_in_latex(codes: Codes) -> None:
    assert codes("$b$$c$", "F105", tex=True) == []
    assert codes("$b$$和$$c$", "F105", tex=True) == [("F105", 1, 3)]
