from __future__ import annotations

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
    assert [r.identifier for r in parse(r"See \ref{gone}.").references] == ["label-gone"]


def test_sections_have_numbers() -> None:
    assert [(s.number, s.title) for s in parse(PAPER).sections] == [("1", "First"), ("", "Thanks"), ("2", "Second")]
