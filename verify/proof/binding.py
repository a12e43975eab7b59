"""Bound names and replacement that captures nothing.

The name bound by a sum or product is replaced by one that no author can write: the name number h of those that bind
over bodies with h - 1 sums inside one another. So two formulas that differ in bound names alone become equal, and
nothing that is put into a formula is caught by a name that it binds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.matrices.expressions import MatrixSymbol

from verify.formula.vocabulary import Gradient, LayerFamily
from verify.model.statement import symbols_of
from verify.proof.errors import ProofError

READABLE = ("i", "j", "k", "l", "p", "q", *(f"i_{h}" for h in range(1, 100)))


def integer_name(text: str, number: int) -> Any:
    """An integer symbol that equals no symbol of an author, and itself wherever it is made again."""
    return sp.Dummy(text, dummy_index=number, integer=True)


def is_plain_index(symbol: Any) -> bool:
    """Whether nothing is assumed of the symbol but that it is an integer: only then it stands for every integer."""
    plain = type(symbol) in (sp.Symbol, sp.Dummy)
    return plain and symbol.assumptions0 == sp.Symbol("i", integer=True).assumptions0


def height(expression: Any) -> int:
    """How many sums and products stand inside one another."""
    own = isinstance(expression, (sp.Sum, sp.Product))
    return own + max((height(a) for a in getattr(expression, "args", ())), default=0)


def limits(total: Any) -> tuple[Any, Any, Any]:
    """(name, low, high) of a sum or product over one range. Raises ProofError for any other."""
    if len(total.limits) != 1 or len(total.limits[0]) != 3:
        raise ProofError(f"nest one sum or product in another instead of giving it several limits: {total}")
    name, low, high = total.limits[0]
    if not is_plain_index(name):  # sympy would simplify the terms by what it assumes of the name
        raise ProofError(f"{name} is not a mere integer symbol, as the running index of {total} must be")
    require_range(low, high, total)
    _require_factors(total)
    if any(name in symbols_of(s) - {s} for s in sized_symbols(total.function)):
        raise ProofError(f"the size of a matrix depends on {name}, which is bound in {total}")
    return name, low, high


def require_range(low: Any, high: Any, where: Any) -> None:
    """Raises ProofError for numbers of which the last is smaller than the first by two or more.

    The readers see the empty sum there, and sympy, where it compares the sum with a number, another (Karr 1981).
    """
    if (high - low).is_number and (high - low + 1).is_negative:
        raise ProofError(f"a range that ends at {high}, before it begins at {low}: {where}")


def _require_factors(total: Any) -> None:
    """Raises ProofError for a product of zeros: sympy takes it for zero, and over no range it is one."""
    if isinstance(total, sp.Product) and total.function.is_zero:
        raise ProofError(f"a product of zeros, which over no range is one: {total}")


def sized_symbols(expression: Any) -> set[Any]:
    return {s for s in sp.preorder_traversal(expression) if isinstance(s, (MatrixSymbol, LayerFamily))}


def replaced(expression: Any, mapping: Mapping[Any, Any]) -> Any:
    """Simultaneous replacement of free occurrences; a relation stays a relation. Raises ProofError for a family whose
    sizes would change.
    """
    return _Replacement(mapping, by_equation=False).of(expression)


def rewritten(expression: Any, old: Any, new: Any) -> Any:
    """``old`` replaced by ``new``, which equals it at the values that the facts speak of.

    The sizes of declared matrices stay, since they are part of their names. Raises ProofError within a gradient: f = g
    at one point does not make their derivatives equal there.
    """
    return _Replacement({old: new}, by_equation=True).of(expression)


class _Replacement:
    def __init__(self, mapping: Mapping[Any, Any], *, by_equation: bool) -> None:
        self.mapping = {k: v for k, v in mapping.items() if k != v}
        self.by_equation = by_equation
        self.incoming: set[Any] = set().union(*(symbols_of(v) for v in self.mapping.values()))

    def of(self, e: Any) -> Any:
        if not isinstance(e, sp.Basic):
            return e
        if e in self.mapping:
            return self.mapping[e]
        if isinstance(e, (MatrixSymbol, LayerFamily)):
            return self._symbol(e)
        if isinstance(e, (sp.Sum, sp.Product)):
            return self._sum(e)
        if not e.args:
            return e
        parts = [self.of(a) for a in e.args]
        if all(a is b for a, b in zip(parts, e.args, strict=True)):
            return e
        if self.by_equation and isinstance(e, Gradient):
            raise ProofError(f"an equality at one point says nothing of the gradient {e}")
        return e.func(*parts, evaluate=False) if isinstance(e, Relational) else e.func(*parts)

    def _symbol(self, e: Any) -> Any:
        if self.by_equation or not self.mapping.keys() & (symbols_of(e) - {e}):
            return e
        if isinstance(e, LayerFamily):
            raise ProofError(f"the sizes of the family {e} would change")
        return MatrixSymbol(e.name, *(self.of(s) for s in e.shape))

    def _sum(self, e: Any) -> Any:
        name, low, high = limits(e)
        low, high, body = self.of(low), self.of(high), e.function
        require_range(low, high, e)
        within = {k: v for k, v in self.mapping.items() if name not in symbols_of(k)}
        if name in self.incoming:
            fresh = sp.Dummy(name.name, **name.assumptions0)
            body, name = replaced(body, {name: fresh}), fresh
        made = e.func(_Replacement(within, by_equation=self.by_equation).of(body), (name, low, high))
        _require_factors(made)  # before sympy simplifies what is around it
        return made


def readable(formula: Any) -> Any:
    """The formula with names for the reader where a sum or product binds one of this module's."""
    bound = {s for s in sp.preorder_traversal(formula) if isinstance(s, sp.Dummy)}
    taken = {s.name for s in sp.preorder_traversal(formula) if isinstance(s, (sp.Symbol, MatrixSymbol))}
    free = (sp.Symbol(name, integer=True) for name in READABLE if name not in taken)
    naming = dict(zip(sorted(bound, key=lambda s: (-s.dummy_index, s.name)), free, strict=False))
    if isinstance(formula, Relational):
        return formula.func(formula.lhs.xreplace(naming), formula.rhs.xreplace(naming), evaluate=False)
    return formula.xreplace(naming)
