"""Declared sizes against products and sums: ``X \\in \\mathbb{R}^{n \\times d}`` and then ``X Y``."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document, Formula
from verify.text.knowledge import Knowledge
from verify.text.rules._reading import inner, tree
from verify.text.sizes import Misfit, Reader, Scope, declarations, depth_of, equalities

LONGEST, DEEPEST = 20_000, 30
"""Characters, and parentheses in parentheses, beyond which a formula is not read."""


def _misfits(document: Document) -> Iterator[tuple[Formula, Misfit]]:
    """A declaration holds from its place to the next heading of a section, or to the next one of the same name."""
    walls = [section.start for section in document.sections if section.level <= 3]
    scope, section = Scope(), -1
    waiting: list[Formula] = []
    for formula in document.formulas:
        here = bisect_left(walls, formula.start)
        if here != section:
            yield from _read(document, waiting, scope)
            scope, section, waiting = Scope(), here, []
        nodes = tree(document, formula).nodes
        found = list(declarations(nodes)) if any(n.text == r"\in" for n in nodes) else []
        again = [(name, shape) for name, shape, _ in found if scope.shapes.get(name, shape) != shape]
        if again:
            yield from _read(document, waiting, scope)
            waiting = []
        for name, shape, node in found:
            scope.shapes[name] = shape
            scope.bold = scope.bold and (bool(node.style) or shape.scalar or node.text.isupper())
        equalities(nodes, scope)
        waiting.append(formula)
    yield from _read(document, waiting, scope)


def _read(document: Document, formulas: Sequence[Formula], scope: Scope) -> Iterator[tuple[Formula, Misfit]]:
    """Formulas of one stretch in which the declarations do not change; they may stand before or behind."""
    if not scope.shapes:
        return
    for formula in formulas:
        reader = Reader(scope, inner(document, formula))
        if len(reader.text) > LONGEST or depth_of(tree(document, formula).walk()) > DEEPEST:
            continue
        reader.row(tree(document, formula).nodes)
        yield from ((formula, misfit) for misfit in dict.fromkeys(reader.misfits))


@lru_cache(maxsize=1)
def _all_misfits(document: Document) -> Sequence[tuple[Formula, Misfit]]:
    """Found once for the three rules."""
    return tuple(_misfits(document))


def _of(document: Document, code: str) -> Iterator[Finding]:
    for formula, misfit in _all_misfits(document):
        if misfit.code == code:
            at = formula.inside + misfit.start, formula.inside + misfit.end
            yield Finding(*at, misfit.message, "correct the formula, or the declared sizes")


@rule("D101", "product-does-not-fit", Severity.ERROR, "Declared sizes do not admit a product.")
def product(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Sizes are read from declarations in the same section; letters that the text does not set equal are taken to
    differ, and what is not declared fits everything.

    Wrong: `$X \in \mathbb{R}^{n \times d}$, $Y \in \mathbb{R}^{n \times m}$ ... $X Y$`
    Right: `$X \in \mathbb{R}^{n \times d}$, $Y \in \mathbb{R}^{n \times m}$ ... $X^{\top} Y$`
    """
    yield from _of(document, "D101")


@rule("D102", "sum-does-not-fit", Severity.ERROR, "Terms of a sum, or sides of an equation, have different sizes.")
def sum_(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""As for products: only what is declared is compared.

    Wrong: `$X \in \mathbb{R}^{n \times d}$, $Y \in \mathbb{R}^{d \times n}$ ... $X + Y$`
    Right: `$X \in \mathbb{R}^{n \times d}$, $Y \in \mathbb{R}^{d \times n}$ ... $X + Y^{\top}$`
    """
    yield from _of(document, "D102")


@rule("D103", "power-of-a-rectangle", Severity.ERROR, "A matrix that is not square is squared or inverted.")
def power(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Only square matrices have powers and inverses.

    Wrong: `$X \in \mathbb{R}^{n \times d}$ ... $X^{-1}$`
    Right: `$X \in \mathbb{R}^{n \times d}$ ... $X^{+}$`
    """
    yield from _of(document, "D103")
