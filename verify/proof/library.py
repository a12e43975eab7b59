"""The library of named theorems that proofs may cite: each a statement with its source, stress-tested by the tests.

Two kinds: definitions and elementary properties of the functions of the vocabulary, and classical theorems, which name
the part of the collection ``foundations`` that puts them on trial. A claim must never be proved by a "theorem" that
merely restates it. The theorems themselves are in :mod:`verify.proof.theorems`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from pydantic import BaseModel, ConfigDict
from sympy.matrices.expressions import MatrixSymbol

from verify.formula.vocabulary import LayerFamily, sizes
from verify.model.statement import Assume, Declared, Index, Layers, Matrix, Size, Statement
from verify.proof.errors import ProofError
from verify.proof.formulas import Formula, substitute
from verify.proof.identities import same_size
from verify.proof.lines import hypotheses


class NamedTheorem(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    name: str
    source: str
    statement: Statement
    foundation: str = ""
    """``claim/part`` of the collection ``foundations``; empty for a definition or what follows from one at sight."""


LIBRARY: dict[str, NamedTheorem] = {}


def state(key: str, name: str, source: str, given: list[Declared], says: Any, foundation: str = "") -> None:
    """Adds a theorem to the library. Raises ValueError for a key that is taken."""
    if key in LIBRARY:
        raise ValueError(f"two named theorems are called {key!r}; rename one")
    statement = Statement(given=tuple(given), says=(says,))
    LIBRARY[key] = NamedTheorem(name=name, source=source, statement=statement, foundation=foundation)


def at_least(name: str, formula: Any) -> Assume:
    return Assume(name=name, formula=formula)


m, n = sizes("m n")
BEYOND = sp.Max(m, n) + 1


def any_index(symbol: sp.Symbol, low: Any) -> list[Declared]:
    """An index bounded below only. The end is for the search alone, which must stop somewhere; it is no premise."""
    return [Index(symbol=symbol, low=low, high=BEYOND)]


def instantiate(theorem: NamedTheorem, to: Mapping[str, Any]) -> tuple[list[Formula], Formula]:
    """Premises and conclusion of the theorem with its symbols, called by name, replaced; sizes follow from the shapes.

    Raises ProofError for a symbol left open or unknown, and for shapes that cannot be matched.
    """
    mapping: dict[Any, Any] = {}
    symbols = {str(line.introduces): line for line in theorem.statement.given if line.introduces is not None}
    for name, value in to.items():
        if name not in symbols or isinstance(symbols[name], Size):
            choices = ", ".join(n for n, line in symbols.items() if not isinstance(line, Size))
            raise ProofError(f"{theorem.name} has no symbol {name} to choose; it has {choices}")
        value = sp.sympify(value)
        _match(symbols[name], value, mapping, theorem.name)
        mapping[symbols[name].introduces] = value
    open_symbols = [n for n, line in symbols.items() if line.introduces not in mapping]
    if open_symbols:
        raise ProofError(f"{theorem.name}: {', '.join(open_symbols)} is left open")
    (conclusion,) = theorem.statement.says
    return [substitute(p, mapping) for p in _premises(theorem.statement)], substitute(conclusion, mapping)


def _premises(statement: Statement) -> list[Formula]:
    """The hypotheses, without the upper ends that are there for the search alone (:func:`any_index`)."""
    out = []
    for line in statement.given:
        ends = hypotheses(Statement.model_construct(given=(line,), says=()))
        out += ends[:1] if isinstance(line, Index) and line.high == BEYOND else ends
    return out


def _match(line: Declared, value: Any, mapping: dict[Any, Any], name: str) -> None:
    """Sizes that follow from the value. Raises ProofError for a value of another kind than the symbol's."""
    symbol: Any = line.introduces
    if isinstance(line, (Matrix, Layers)):
        _match_sizes(symbol, value, mapping, name)
    elif not isinstance(value, sp.Expr) or getattr(value, "is_Matrix", False):
        raise ProofError(f"{name}: {symbol} stands for a number, not for {value}")
    elif isinstance(line, Index) and not value.is_integer:
        raise ProofError(f"{name}: {symbol} is an integer, and {value} is not known to be one")


def _match_sizes(symbol: Any, value: Any, mapping: dict[Any, Any], name: str) -> None:
    if isinstance(symbol, MatrixSymbol):
        if not getattr(value, "is_Matrix", False):
            raise ProofError(f"{name}: {value} is not a matrix")
        pairs = list(zip(symbol.shape, value.shape, strict=True))
    elif isinstance(symbol, LayerFamily):
        if not isinstance(value, LayerFamily):
            raise ProofError(f"{name}: {value} is not a family of matrices")
        pairs = [(symbol.length, value.length), (symbol.width, value.width)]
    else:
        return
    for formal, actual in pairs:
        if formal.is_Symbol:
            if not same_size(mapping.setdefault(formal, actual), actual):
                raise ProofError(f"{name}: {formal} would be both {mapping[formal]} and {actual}")
        elif not same_size(formal, actual):
            raise ProofError(f"{name}: {value} should have a side of {formal}, not {actual}")
