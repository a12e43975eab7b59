from __future__ import annotations

import pytest

from verify.text.latex import parse

PAPER = r"""
\documentclass{article} % \begin{lem} in a comment
\newtheorem{thm}{Theorem}[section]
\newtheorem{lem}[thm]{Lemma}
\newtheorem*{rem}{Remark}
\begin{document}
\section{First}
\begin{thm}[Main]\label{thm:main}
  $a \le b$ and \[ c = d \] \end{thm}
\begin{lem}\label{lem:one} \begin{equation}\label{eq:x} x^2 \end{equation} \end{lem}
\begin{rem} No number. \end{rem}
\section*{Thanks}
\section{Second}
\begin{lem} By Lemma~\ref{lem:one}, \eqref{eq:x} and \cref{thm:main}. Lemma 11.19 of \cite{a, b} says so. \end{lem}
\begin{verbatim} $x$ \begin{thm} \end{verbatim}
\begin{align*} u &= v \\ w &= z \end{align*}
Price \$5, \(p\), $$q$$, $u$$v$.
"""


def test_items_are_numbered_as_latex_does() -> None:
    document = parse(PAPER)
    assert [(i.identifier, i.title, document.place(i.start).line) for i in document.items] == [
        ("theorem-1.1", "Main", 8), ("lemma-1.2", "", 10), ("lemma-2.1", "", 14),
    ]  # fmt: skip


def test_formulas_and_their_places() -> None:
    document = parse(PAPER)
    assert [(f.tex[:14], f.display) for f in document.formulas] == [
        (r"a \le b", False), ("c = d", True), (r"\begin{equatio", True), (r"\begin{align*}", True), ("p", False),
        ("q", True), ("u", False), ("v", False),
    ]  # fmt: skip
    for formula in document.formulas:
        assert document.source[formula.inside :].lstrip().startswith(formula.tex[:5])


def test_references_by_label_and_in_words() -> None:
    document = parse(PAPER)
    assert [r.identifier for r in document.references] == ["lemma-1.2", "theorem-1.1", "lemma-11.19"]
    assert [c.key for c in document.citations] == ["a", "b"]


def test_an_open_dollar_ends_with_its_paragraph() -> None:
    assert [f.tex for f in parse("a $x y\n\nb $z$").formulas] == ["z"]


def test_a_label_that_is_nowhere() -> None:
    assert [r.identifier for r in parse(r"\documentclass{a} See \ref{gone}.").references] == ["label-gone"]


@pytest.mark.parametrize("source", [r"See \ref{gone}.", r"\documentclass{a} \input{b} See \ref{gone}."])
def test_a_piece_of_a_paper_may_refer_to_another_piece(source: str) -> None:
    assert parse(source).references == ()


@pytest.mark.parametrize(
    "piece",
    [
        r"\verb|Lemma 1.2 $x$|",
        r"\verb*+Lemma 1.2 \frac{+",
        r"\lstinline!Lemma 1.2 $!",
        r"\lstinline[language=C]{Lemma 1.2 $}",
        r"\url{http://example.org/Lemma 1.2/$a_b}",
        r"\href{http://example.org/%20Lemma 1.2}{here}",
        r"\iffalse Lemma 1.2 $ \begin{lemma} \fi",
        r"\newcommand{\half}[1][x]{Lemma 1.2 $\frac{#1}{2}$}",
        r"\def\R{\mathbb{R} Lemma 1.2}",
        r"\DeclareMathOperator*{\rank}{Lemma 1.2}",
        r"\newenvironment{proof*}{Lemma 1.2 \[}{\]}",
        r"\let\a\alpha",
    ],
)
def test_what_is_no_text(piece: str) -> None:
    document = parse(f"before {piece} by Lemma 3.4 and $y$")
    assert [r.identifier for r in document.references] == ["lemma-3.4"]
    assert [f.tex for f in document.formulas] == ["y"]
    assert "frac" not in document.words and "mathbb" not in document.words


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (r"$a \text{ if $b$ holds} c$ d $e$", [r"a \text{ if $b$ holds} c", "e"]),
        (r"\(x \mbox{for \(y\)}\) z", [r"x \mbox{for \(y\)}"]),
        (r"$a \text{b$ c", [r"a \text{b"]),
        (r"so \ensuremath{\alpha} is", [r"\ensuremath{\alpha}"]),
        (r"\newcommand{\a}{b $c$", ["c"]),
    ],
)
def test_text_within_formulas(source: str, found: list[str]) -> None:
    assert [formula.tex for formula in parse(source).formulas] == found


def test_sections_have_numbers() -> None:
    assert [(s.number, s.title) for s in parse(PAPER).sections] == [("1", "First"), ("", "Thanks"), ("2", "Second")]
