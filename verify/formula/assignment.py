"""Exact values for the declared symbols of a statement: parsed once, immutable, ready for every exact reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_mat
from sympy.matrices.expressions import MatrixSymbol

from verify.formula.vocabulary import FormulaError, LayerFamily
from verify.model.evidence import Value
from verify.model.statement import Index, Layers, Matrix, Real, Size, Statement

MOST_DIGITS = 2000
MOST_EXPONENT = 2000
MOST_BITS = 8000
PLAIN = re.compile(r"\s*([+-]?\d+)(?:/(\d+))?\s*")


# --- numbers -----------------------------------------------------------------------------------------------


def number(text: str) -> Any:
    """An exact real number from its text: ``3/2``, ``-2**5``, ``sqrt(2)``, ``log(2)``, ``exp(1)``, ``pi``.

    Raises FormulaError, quoting the text, for anything else: a decimal point (write a fraction), a name, a value that
    is not a finite real number.
    """
    value = parsed(text)
    return to_sympy(value) if isinstance(value, fmpq) else value


def parsed(text: Any) -> Any:
    """As :func:`number`, but a rational comes as an fmpq."""
    if not isinstance(text, str):
        raise FormulaError(f"{text!r} is not the text of an exact number; write it as a string such as '3/2'")
    if len(text) > MOST_DIGITS:
        raise FormulaError(f"{text[:40]!r}... has more than {MOST_DIGITS} characters; use a shorter number")
    plain = PLAIN.fullmatch(text)
    if plain and plain[2] is None:
        return fmpq(int(plain[1]))
    if plain and int(plain[2]) != 0:
        return fmpq(int(plain[1]), int(plain[2]))
    try:
        value = _read(ast.parse(text.strip(), mode="eval").body, text)
    except (SyntaxError, ValueError, RecursionError) as error:
        if isinstance(error, FormulaError):
            raise
        message = f"{text!r} is not an exact number; write for example '3/2', 'sqrt(2)' or 'log(2)'"
        raise FormulaError(message) from error
    if value.is_real is not True or value.is_finite is not True:
        raise FormulaError(f"{text!r} is not a finite real number")
    return to_fmpq(value) if value.is_Rational else value


FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {"sqrt": sp.sqrt, "log": sp.log, "exp": sp.exp}


def _read(node: ast.expr, text: str) -> Any:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return sp.Integer(value)
        case ast.Name(id="pi"):
            return sp.pi
        case ast.Name(id="E"):  # as sympy prints exp(1)
            return sp.E
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_read(inner, text)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _read(inner, text)
        case ast.BinOp(left=left, op=op, right=right):
            return _combine(op, _read(left, text), _read(right, text), text)
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](_read(inner, text))
        case _:
            raise FormulaError(
                f"{ast.unparse(node)!r} in {text!r} is no part of an exact number; "
                "known are integers, + - * / **, pi, sqrt, log, exp (a decimal is written as a fraction)"
            )


def _combine(op: ast.operator, left: Any, right: Any, text: str) -> Any:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            if right.is_zero:
                raise FormulaError(f"{text!r} divides by zero")
            return left / right
        case ast.Pow():
            return _power(left, right, text)
        case _:
            raise FormulaError(f"{text!r} uses an operation other than + - * / **")


def _power(base: Any, exponent: Any, text: str) -> Any:
    if not exponent.is_Rational or max(abs(exponent.p), exponent.q) > MOST_EXPONENT:
        raise FormulaError(f"{text!r}: an exponent is a rational number of size at most {MOST_EXPONENT}")
    size = max(int(base.p).bit_length(), int(base.q).bit_length()) if base.is_Rational else 1
    if size * abs(exponent.p) > MOST_BITS:
        raise FormulaError(f"{text!r} is a number of more than {MOST_BITS} bits; use a smaller one")
    if base.is_zero and exponent < 0:
        raise FormulaError(f"{text!r} divides by zero")
    return base**exponent


def to_fmpq(value: Any) -> fmpq:
    return fmpq(int(value.p), int(value.q))


def to_sympy(value: fmpq) -> Any:
    return sp.Rational(int(value.p), int(value.q))


def to_text(value: Any) -> str:
    """The text that :func:`number` reads back."""
    return str(value)


def to_matrix(value: Any) -> Any:
    """A matrix of the assignment as a sympy matrix."""
    if isinstance(value, fmpq_mat):
        return sp.ImmutableMatrix(value.nrows(), value.ncols(), [to_sympy(x) for x in value.entries()])
    return value


def _matrix(name: str, rows: Any) -> Any:
    """A matrix from its rows of texts: rational where every entry is."""
    if not isinstance(rows, (list, tuple)) or not rows or not all(isinstance(r, (list, tuple)) and r for r in rows):
        raise FormulaError(f"{name} is a matrix: give a list of rows, each a list of numbers as text")
    if len({len(r) for r in rows}) != 1:
        raise FormulaError(f"the rows of {name} have different lengths {[len(r) for r in rows]}")
    entries = [[parsed(x) for x in r] for r in rows]
    if all(isinstance(x, fmpq) for r in entries for x in r):
        return fmpq_mat(len(rows), len(rows[0]), [x for r in entries for x in r])
    return sp.ImmutableMatrix([[to_sympy(x) if isinstance(x, fmpq) else x for x in r] for r in entries])


def _shape(value: Any) -> tuple[int, int]:
    return (value.nrows(), value.ncols()) if isinstance(value, fmpq_mat) else value.shape


# --- assignments -------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Assignment:
    """Exact values for symbols. ``memo`` belongs to the readers: what they computed under this assignment."""

    known: Mapping[Any, Any]
    lets: Mapping[Any, Any] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, statement: Statement, values: Mapping[str, Value]) -> Assignment:
        """Exact values by name for every declared symbol. Sizes left out are inferred from the shapes.

        Raises FormulaError for a missing, unknown or malformed value, and for shapes that contradict each other.
        """
        kinds = (Size, Matrix, Layers, Index, Real)
        declared = {str(line.symbol): line for line in statement.given if isinstance(line, kinds)}
        abbreviations = {str(symbol) for symbol in statement.lets}
        for name in values:
            if name in abbreviations:
                raise FormulaError(f"{name} is an abbreviation; it is computed, so leave it out")
            if name not in declared:
                raise FormulaError(f"no symbol {name} is declared; declared are {', '.join(declared)}")
        known = {declared[name].symbol: _value(declared[name], name, value) for name, value in values.items()}
        _infer_sizes(known)
        missing = [name for name, line in declared.items() if line.symbol not in known]
        if missing:
            raise FormulaError(f"no value for {', '.join(missing)}")
        for symbol in statement.lets.keys() & known.keys():
            del known[symbol]  # what a shape says of an abbreviation is no definition of it
        return cls(MappingProxyType(known), MappingProxyType(statement.lets))

    def raw(self, symbol: Any) -> Any:
        """The value as stored: an fmpq or sympy number, an fmpq_mat or sympy matrix, a tuple of matrices."""
        try:
            return self.known[symbol]
        except KeyError:
            raise FormulaError(f"{symbol} has no value; known are {', '.join(sorted(map(str, self.known)))}") from None

    def meaning(self, symbol: Any) -> Any:
        """The expression that an abbreviation stands for; None for a symbol with a value of its own."""
        return None if symbol in self.known else self.lets.get(symbol)

    def values(self, symbol: Any) -> Any:
        """The value as sympy has it: a number, an immutable matrix, or a tuple of them."""
        value = self.raw(symbol)
        if isinstance(value, tuple):
            return tuple(to_matrix(v) for v in value)
        return to_sympy(value) if isinstance(value, fmpq) else to_matrix(value)

    def subs_sizes(self, expr: Any) -> Any:
        """``expr`` with every whole number among the scalars (sizes and indices) in place of its symbol."""
        whole = {s: to_sympy(v) for s, v in self.known.items() if s.is_integer and isinstance(v, fmpq) and v.q == 1}
        return sp.sympify(expr).subs(whole)

    def to_values(self) -> dict[str, Value]:
        """Texts that :meth:`of` reads back."""
        return {str(symbol): _texts(value) for symbol, value in self.known.items()}

    def bind(self, symbol: Any, value: Any) -> Assignment:
        """Another assignment that also gives ``symbol`` a number; for bound indices."""
        exact = sp.sympify(value)
        stored = to_fmpq(exact) if exact.is_Rational else exact
        return Assignment(MappingProxyType({**self.known, symbol: stored}), self.lets)


def _value(line: Any, name: str, value: Any) -> Any:
    if isinstance(line, Matrix):
        return _matrix(name, value)
    if isinstance(line, Layers):
        if not isinstance(value, (list, tuple)):
            raise FormulaError(f"{name} is a family: give a list of matrices")
        return tuple(_matrix(f"{name}[{k}]", m) for k, m in enumerate(value, 1))
    scalar = parsed(value)
    if isinstance(line, Size | Index) and not (isinstance(scalar, fmpq) and scalar.q == 1):
        raise FormulaError(f"{name} = {value} is not a whole number")
    return scalar


def _texts(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_texts(v) for v in value]
    if isinstance(value, (fmpq_mat, sp.MatrixBase)):
        return [[to_text(x) for x in row] for row in value.tolist()]
    return to_text(value)


def _infer_sizes(known: dict[Any, Any]) -> None:
    """Sizes that are plain symbols first, then the equations that remain; a contradiction is an error."""
    facts: list[tuple[str, Any, int]] = []
    for symbol, value in known.items():
        if isinstance(symbol, LayerFamily):
            facts.append((f"the number of matrices in {symbol}", symbol.length, len(value)))
            for m in value:
                rows, columns = _shape(m)
                facts += [
                    (f"the rows of {symbol}", symbol.width, rows),
                    (f"the columns of {symbol}", symbol.width, columns),
                ]
        elif isinstance(symbol, MatrixSymbol):
            facts += zip(
                (f"the rows of {symbol}", f"the columns of {symbol}"), symbol.shape, _shape(value), strict=True
            )
    facts.sort(key=lambda fact: not fact[1].is_Symbol)
    for where, size, count in facts:
        _learn(known, where, size, count)


def _learn(known: dict[Any, Any], where: str, size: Any, count: int) -> None:
    unknown = [s for s in size.free_symbols if s not in known]
    if size.is_Symbol and unknown:
        known[size] = fmpq(count)
        return
    sizes = {s: to_sympy(v) for s, v in known.items() if s in size.free_symbols and isinstance(v, fmpq)}
    equation = size.subs(sizes) - count
    if len(unknown) == 1:
        solutions = [s for s in sp.solve(equation, unknown[0]) if s.is_Integer]
        if len(solutions) == 1:
            known[unknown[0]] = to_fmpq(solutions[0])
            return
    if unknown:
        raise FormulaError(f"{where}, {size}, do not determine {', '.join(map(str, unknown))}; give a value")
    if equation != 0:
        raise FormulaError(f"{where} are {count}, but {size} = {equation + count}")


__all__ = ["Assignment", "number"]
