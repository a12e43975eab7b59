"""The typing reader: whether every product, sum and index of a statement makes sense for all sizes that it admits.

sympy is too lenient here: it multiplies matrices whose sizes only might agree. In this reader two sizes agree where
that is provable from the declarations, and an index is admitted where its bounds are; what cannot be proved is an
error, and the message gives values that are not excluded and for which it fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from verify.formula import vocabulary as v
from verify.formula.printing import plain, tex
from verify.formula.shapes import IllTypedError, Shapes
from verify.formula.vocabulary import FormulaError
from verify.model.statement import Assume, Declared, Index, Layers, Let, Matrix, Real, Size, Statement

SUBSCRIPTED = (v.Truncated, v.Member, v.Entry)


def check(statement: Statement) -> list[str]:
    """What is wrong with the types of a statement, one sentence each; empty where it is well-typed."""
    return Checker(statement).run()


class Checker(Shapes):
    """One pass over the declarations in order, then the conclusions; goes on after an error, line by line."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(statement)
        self.errors: list[str] = []

    def run(self) -> list[str]:
        for line in self.statement.given:
            self._attempt(lambda line=line: self._declare(line))  # type: ignore[misc]
        for formula in self.statement.says:
            self._attempt(lambda formula=formula: self._relation(formula))  # type: ignore[misc]
        self._names()
        if self.integers.contradictory():
            self._error("the declared sizes and indices contradict each other, so the statement speaks of nothing")
        return self.errors

    def _attempt(self, step: Callable[[], None]) -> None:
        try:
            step()
        except FormulaError as error:
            self._error(str(error))

    def _error(self, message: str) -> None:
        if message not in self.errors:
            self.errors.append(message)

    # --- declarations ---

    def _declare(self, line: Declared) -> None:
        match line:
            case Let(symbol=s, value=value):
                self._let(s, value)
            case Assume(formula=formula):
                self._relation(formula)
            case Size(symbol=s):
                if not s.is_integer:
                    raise IllTypedError(f"{s} is declared as a size; make its symbol with sizes({str(s)!r})")
                self._assumed(s, s)
                self._nothing_else_assumed(s, integer=True)
            case Matrix(symbol=s):
                self._sizes(s)
            case Layers(symbol=s):
                self._integer(s.length, "the length of", s)
                self._integer(s.width, "the width of", s)
            case Index(symbol=s):
                if not s.is_integer:
                    raise IllTypedError(f"{s} is declared as an index; make its symbol with indices({str(s)!r})")
                for end in line.expressions():
                    self._scalar(end)
                self._assumed(s, s)
                self._nothing_else_assumed(s, integer=True)
            case Real(symbol=s):
                if not s.is_extended_real:
                    raise IllTypedError(f"{s} is declared as a real number; make its symbol with scalars({str(s)!r})")
                for end in line.expressions():
                    self._scalar(end)
                self._assumed_of_real(line)
            case _:
                raise IllTypedError(f"the declaration {type(line).__name__} is unknown to the typing reader")
        if line.introduces is not None:
            self.declared[line.introduces] = line

    def _let(self, s: Any, value: Any) -> None:
        shape = self._type(value)
        if isinstance(s, sp.MatrixSymbol) != (shape is not None):
            raise IllTypedError(f"{s} := {plain(value)}: one side is a matrix and the other is a number")
        if shape is not None:
            self._same_shape(tuple(s.shape), shape, sp.Eq(s, value, evaluate=False))
            return
        if s.is_integer and not self._is_integer(value):
            raise IllTypedError(f"{s} is an integer, but {plain(value)} need not be one; make {s} with scalars(...)")
        self._assumed(s, value)
        self._nothing_else_assumed(s, **({"integer": True} if s.is_integer else {"real": True}))

    def _assumed_of_real(self, line: Real) -> None:
        """The same for a real number: what its symbol says beyond that must be said by its range."""
        s, low = line.symbol, line.low
        self._nothing_else_assumed(s, real=True)
        above = low is not None and (low.is_positive or (low.is_nonnegative and (line.open or not s.is_positive)))
        if s.is_nonnegative and not above:
            raise IllTypedError(
                f"the symbol {s} is assumed to be {'positive' if s.is_positive else 'nonnegative'}, "
                f"which its range does not say; make it with scalars({str(s)!r}) or raise its range"
            )

    def _names(self) -> None:
        """Two symbols with one name, or that print alike, cannot be told apart in the report."""
        seen: dict[str, Any] = {}
        for s in self.declared:
            name = tex(s)
            if name in seen:
                self._error(f"two symbols are printed as {plain(s)}: {seen[name]!r} and {s!r}; rename one of them")
            seen[name] = s
        formulas = (e for line in self.statement.given for e in line.expressions())
        for e in (*formulas, *self.statement.says):
            for node in sp.preorder_traversal(e):
                if isinstance(node, SUBSCRIPTED) and tex(node) in seen:
                    self._error(f"{seen[tex(node)]!r} and {node!r} both print as {plain(node)}; rename the symbol")
