"""A statement: declared symbols and hypotheses, in order, and the relations that follow from them.

Declarations are objects, not prose: the search draws from them, the proof may use them, and the mutation reader
drops them one at a time to ask whether they are needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar, Literal

import sympy as sp
from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from sympy.matrices.expressions import MatrixSymbol

from verify.formula.vocabulary import LayerFamily


class Declared(BaseModel):
    """One line of the hypotheses."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")
    optional: ClassVar[bool] = False

    def expressions(self) -> Iterator[sp.Basic]:
        """The expressions this line refers to (not the symbol that it introduces)."""
        yield from ()

    @property
    def introduces(self) -> sp.Basic | None:
        return getattr(self, "symbol", None)

    def __hash__(self) -> int:
        return hash((type(self), tuple(str(v) for v in self.__dict__.values())))


class Size(Declared):
    """A number of rows, columns or layers: an integer at least ``low``."""

    symbol: sp.Symbol
    low: int = 1


class Matrix(Declared):
    """A real matrix. ``structure`` restricts it; the search draws accordingly and re-checks the restriction exactly."""

    symbol: MatrixSymbol
    structure: Literal["general", "nonzero", "positive", "diagonal"] = "general"

    def expressions(self) -> Iterator[sp.Basic]:
        yield from self.symbol.shape


class Layers(Declared):
    """A family of ``symbol.length`` real square matrices."""

    symbol: LayerFamily

    def expressions(self) -> Iterator[sp.Basic]:
        yield from (self.symbol.length, self.symbol.width)


class Index(Declared):
    """An integer with low <= symbol <= high."""

    symbol: sp.Symbol
    low: Any
    high: Any

    _sympify = field_validator("low", "high", mode="before")(lambda v: sp.sympify(v))

    def expressions(self) -> Iterator[sp.Basic]:
        yield from (self.low, self.high)


class Real(Declared):
    """A real number, between ``low`` and ``high`` where given; ``open`` leaves the ends out."""

    symbol: sp.Symbol
    low: Any = None
    high: Any = None
    open: bool = False

    _sympify = field_validator("low", "high", mode="before")(lambda v: None if v is None else sp.sympify(v))

    def expressions(self) -> Iterator[sp.Basic]:
        yield from (e for e in (self.low, self.high) if e is not None)


class Let(Declared):
    """An abbreviation: ``symbol`` stands for ``value``. Readers substitute it."""

    symbol: Any
    value: Any

    def expressions(self) -> Iterator[sp.Basic]:
        yield self.value


class Assume(Declared):
    """A hypothesis with a name; the mutation reader asks what happens without it."""

    optional: ClassVar[bool] = True
    name: str
    formula: Any

    @field_validator("formula")
    @classmethod
    def _is_relation(cls, formula: Any) -> Any:
        if not isinstance(formula, sp.core.relational.Relational):
            raise ValueError(f"a hypothesis is a relation such as le(a, b), not {formula!r}")  # noqa: TRY004  # pydantic's
        return formula

    def expressions(self) -> Iterator[sp.Basic]:
        yield self.formula


def symbols_of(expression: Any) -> set[sp.Basic]:
    """Free symbols of an expression, the sizes inside matrix symbols and families included.

    A symbol bound by one sum or product is free where it also stands outside of it.
    """
    if isinstance(expression, (sp.Sum, sp.Product)):
        found = symbols_of(expression.function)
        for symbol, *ends in expression.limits:
            found = (found - {symbol}).union(*map(symbols_of, ends))
        return found
    if isinstance(expression, (LayerFamily, MatrixSymbol)):
        layered = isinstance(expression, LayerFamily)
        sizes = (expression.length, expression.width) if layered else expression.shape
        return {expression}.union(*map(symbols_of, sizes))
    if isinstance(expression, sp.Symbol):
        return {expression}
    return set().union(*map(symbols_of, getattr(expression, "args", ())))


class Statement(BaseModel):
    """``given`` implies every relation in ``says``.

    Raises a validation error for a symbol that is used and not declared, declared twice, or declared after its use.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")

    given: tuple[Declared, ...]
    says: tuple[Any, ...]

    @model_validator(mode="after")
    def _closed(self) -> Statement:
        known: set[sp.Basic] = set()
        for line in self.given:
            for expression in line.expressions():
                self._require(symbols_of(expression), known, f"the hypothesis {line!r}")
            new = line.introduces
            if new is not None:
                if new in known:
                    raise ValueError(f"{new} is declared twice; rename one of them")
                known.add(new)
        for formula in self.says:
            if not isinstance(formula, sp.core.relational.Relational):
                raise ValueError(f"{formula!r} is not a relation; write eq, le, lt, ge, gt or ne")  # noqa: TRY004
            self._require(symbols_of(formula), known, f"the conclusion {formula}")
        return self

    @staticmethod
    def _require(used: set[sp.Basic], known: set[sp.Basic], where: str) -> None:
        missing = sorted(str(s) for s in used - known)
        if missing:
            raise ValueError(f"{where} uses {', '.join(missing)}, which no earlier line of `given` declares")

    @property
    def assumptions(self) -> tuple[Assume, ...]:
        return tuple(line for line in self.given if isinstance(line, Assume))

    @cached_property
    def lets(self) -> dict[sp.Basic, sp.Basic]:
        return {line.symbol: line.value for line in self.given if isinstance(line, Let)}

    def expand(self, expression: Any) -> Any:
        """The expression with every abbreviation replaced by what it stands for, innermost last.

        A relation stays one: sympy would evaluate it where both sides become comparable.
        """
        if isinstance(expression, sp.core.relational.Relational):
            return expression.func(self.expand(expression.lhs), self.expand(expression.rhs), evaluate=False)
        for symbol, value in reversed(self.lets.items()):
            expression = expression.xreplace({symbol: value})
        return expression

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all that the statement says; a certificate or a proof of one statement fits no other."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @cached_property
    def text(self) -> str:
        """A canonical text of the statement, equal across processes."""
        given = [f"{type(line).__name__}({', '.join(f'{k}={show(v)}' for k, v in line)})" for line in self.given]
        return "\n".join([*given, "=>", *(show(formula) for formula in self.says)])


def show(value: Any) -> str:
    """srepr of a formula, repr of anything else; families with the sizes that srepr leaves out."""
    if not isinstance(value, sp.Basic):
        return repr(value)
    families = {n for n in sp.preorder_traversal(value) if isinstance(n, LayerFamily)}
    sizes = "".join(f"[{f.name}: {f.length} of {f.width}]" for f in sorted(families, key=str))
    return str(sp.srepr(value)) + sizes
