from __future__ import annotations

from collections.abc import Callable

import pytest

Codes = Callable[..., list[tuple[str, int, int]]]
GIVEN = r"Let $X \in \mathbb{R}^{n \times d}$, $Y \in \mathbb{R}^{n \times m}$, $Q \in \mathbb{R}^{d \times d}$." + "\n"

WRONG = [
    ("$X Y$", "D101"),
    (r"$\eta (X Q - Y X^{\top})$", "D101"),
    (r"$\frac{1}{2} \|W X - Y\|_F^2$", "D102"),
    (r"$X_t + Y$", "D102"),
    (r"$A = X = Y$", "D102"),
    (r"$X^{-1}$", "D103"),
    (r"$\left( X^{\top} Y \right)^2$", "D103"),
    (r"$\operatorname{tr}(X Y)$", "D101"),
    (r"$\operatorname{tr}\left(X Y\right)$", "D101"),
    (r"$\{ X Y \mid Y \}$", "D101"),
    (r"$\begin{aligned} a &= X Y \\ b &= c \end{aligned}$", "D101"),
]
RIGHT = [
    r"$X^{\top} Y$, $X Q^{-1} X^{\top}$, $Y^{\top} X$",
    r"$X W Y$, $X_{ij} Y_{kl}$, $X x + Y y$",
    r"$f(X) Y$, $X \odot X$, $X \otimes Y$",
    r"$X + 1$, $2 X - \eta X$, $\|X\| Y$",
    r"$\operatorname{tr}(Q) Y$, $X / \sqrt{d} + X$",
    r"$X^{\top} X = X^{\top} Y$ holds where $d = m$.",
    r"$\operatorname{tr}\left(X^{\top} X\right) = \operatorname{tr}\left(Y Y^{\top}\right)$, $f\left(X\right) Y$",
    r"$X = [a, b]$ and $\begin{pmatrix} X & Y \end{pmatrix}$",
]


@pytest.mark.parametrize("text, code", WRONG)
def test_misfit(text: str, code: str, codes: Codes) -> None:
    assert [(c, line) for c, line, _ in codes(GIVEN + text, "D")] == [(code, 2)]


@pytest.mark.parametrize("text", RIGHT)
def test_fits(text: str, codes: Codes) -> None:
    assert codes(GIVEN + text, "D") == []


def test_a_declaration_ends_with_its_section(codes: Codes) -> None:
    assert codes(GIVEN + "\n## Another\n\n$X Y$", "D") == []


def test_a_later_declaration_replaces_an_earlier_one(codes: Codes) -> None:
    assert codes(GIVEN + "$X^{\\top} Y$\n\nNow $X \\in \\mathbb{R}^{m \\times d}$ and $Y X$, but $X Y$.", "D") == [
        ("D101", 4, 53)
    ]


def test_sizes_in_an_example_are_no_equality(codes: Codes) -> None:
    assert len(codes(GIVEN + "For $m = d = 4$ the sum $X + Y$", "D")) == 1


def test_deep_and_long_formulas_are_left_alone(codes: Codes) -> None:
    assert codes(GIVEN + "$" + "(" * 3000 + "X Y" + ")" * 3000 + "$", "D") == []
