"""The shared part of the exact and ball readers: nodes whose meaning is plain arithmetic.

A subclass says what a number is (a rational, a ball, a sympy number) by a handful of operations; this module says what
a formula does with numbers. A node type that neither knows is an error that names it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache, reduce
from itertools import pairwise
from operator import add, mul
from typing import TYPE_CHECKING, Any, ClassVar

from verify.formula.vocabulary import FormulaError

if TYPE_CHECKING:
    from verify.formula.assignment import Assignment


class ReadError(FormulaError):
    """Its message is put together when it is read: printing a formula takes longer than most evaluations."""

    def __str__(self) -> str:
        return " ".join(map(str, self.args))


class NotExact(ReadError):  # noqa: N818 (a limit, no mistake)
    """Exact arithmetic does not reach this value; balls may."""


class Undetermined(ReadError):  # noqa: N818
    """The value does not exist, is not unique, or cannot be enclosed at this precision; the message says which."""


MOST_TERMS = 100_000
"""Sums and products with more terms are refused: no example that one can print needs them."""


@lru_cache(maxsize=1 << 14)
def free_symbols(expr: Any) -> frozenset[Any]:
    return frozenset(expr.free_symbols)


class Arithmetic(ABC):
    """Reads formulas under one assignment. Values are remembered, failures too: a formula repeats its subterms."""

    name: ClassVar[str]

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self._bound: dict[Any, int] = {}
        self._memo: dict[Any, Any] = {}

    # --- what a subclass says -----------------------------------------------------------------------------

    @abstractmethod
    def rational(self, value: Any) -> Any:
        """A sympy Rational or a Python integer as a number."""

    @abstractmethod
    def given(self, value: Any) -> Any:
        """A value of the assignment, scalar or matrix, as a number or matrix of numbers."""

    @abstractmethod
    def make(self, rows: list[list[Any]]) -> Any:
        """A matrix from its rows of numbers (at least one row and one column)."""

    @abstractmethod
    def shape(self, matrix: Any) -> tuple[int, int]: ...

    @abstractmethod
    def transpose(self, matrix: Any) -> Any: ...

    @abstractmethod
    def scale(self, number: Any, matrix: Any) -> Any: ...

    @abstractmethod
    def integer(self, expr: Any) -> int:
        """The value of an index or limit: certainly an integer, or an error."""

    @abstractmethod
    def divide(self, left: Any, right: Any) -> Any: ...

    @abstractmethod
    def power(self, base: Any, exponent: Any, node: Any) -> Any:
        """``base ** exponent`` for numbers; whole exponents are dealt with before."""

    @abstractmethod
    def inverse(self, matrix: Any) -> Any: ...

    @abstractmethod
    def determinant(self, matrix: Any) -> Any: ...

    # --- dispatch -----------------------------------------------------------------------------------------

    def value(self, expr: Any) -> Any:
        """The number or matrix that ``expr`` stands for. Raises FormulaError naming a node that it does not know."""
        key = self._key(expr)
        found = self._memo.get(key)
        if found is None:
            try:
                found = self._read(expr)
            except (NotExact, Undetermined) as error:
                found = type(error), error.args
            self._memo[key] = found
        if type(found) is tuple:
            raise found[0](*found[1])
        return found

    def _key(self, expr: Any) -> Any:
        if not self._bound:
            return expr
        free = free_symbols(expr)
        return (expr, *((s, v) for s, v in self._bound.items() if s in free))

    def _read(self, expr: Any) -> Any:
        return self._method(type(expr))(self, expr)

    @classmethod
    def _method(cls, node: type) -> Callable[[Any, Any], Any]:
        return _find(cls, node)

    @contextmanager
    def _binding(self, symbol: Any) -> Iterator[None]:
        before = self._bound.get(symbol)
        try:
            yield
        finally:
            if before is None:
                self._bound.pop(symbol, None)
            else:
                self._bound[symbol] = before

    def _dims(self, node: Any) -> tuple[int, int]:
        rows, cols = (self.integer(d) for d in node.shape)
        if rows < 1 or cols < 1:
            raise Undetermined(f"{node} has {rows} rows and {cols} columns; a matrix needs at least one of each")
        return rows, cols

    # --- scalars ------------------------------------------------------------------------------------------

    def read_Rational(self, node: Any) -> Any:
        return self.rational(node)

    def read_Symbol(self, node: Any) -> Any:
        if node in self._bound:
            return self.rational(self._bound[node])
        meaning = self.assignment.meaning(node)
        return self.given(self.assignment.raw(node)) if meaning is None else self._meant(meaning)

    def _meant(self, meaning: Any) -> Any:
        """An abbreviation is closed: an index bound around its use does not reach into it."""
        around, self._bound = self._bound, {}
        try:
            return self.value(meaning)
        finally:
            self._bound = around

    read_MatrixSymbol = read_Symbol

    def read_Add(self, node: Any) -> Any:
        return reduce(add, [self.value(a) for a in node.args])

    def read_Mul(self, node: Any) -> Any:
        """Divisions are collected and done last: a/b stays exact where a * (1/b) would round."""
        above, below = [], []
        for factor in node.args:
            if factor.is_Pow and factor.exp.is_Integer and factor.exp.is_negative:
                below.append(self.whole_power(factor.base, -int(factor.exp)))
            else:
                above.append(self.value(factor))
        top = reduce(mul, above) if above else self.rational(1)
        return self.divide(top, reduce(mul, below)) if below else top

    def read_Pow(self, node: Any) -> Any:
        base, exponent = node.args
        whole = self.whole(exponent)
        if whole is None:
            return self.power(self.value(base), self.value(exponent), node)
        if whole >= 0:
            return self.whole_power(base, whole)
        return self.divide(self.rational(1), self.whole_power(base, -whole))

    def whole(self, exponent: Any) -> int | None:
        """The exponent as an integer, or None where it is not known to be one."""
        if exponent.is_Integer:
            return int(exponent)
        return self.integer(exponent) if exponent.is_integer else None

    def whole_power(self, base: Any, exponent: int) -> Any:
        return self.value(base) ** exponent

    def _terms(self, node: Any, limits: tuple[Any, ...]) -> Iterator[Any]:
        if not limits:
            yield self.value(node.function)
            return
        if len(limits[-1]) != 3:
            raise FormulaError(f"{node}: the sum needs both limits")
        symbol, low, high = limits[-1]
        first, last = self.integer(low), self.integer(high)
        if last - first > MOST_TERMS:
            raise FormulaError(f"{node}: {last - first + 1} terms are too many")
        with self._binding(symbol):
            for k in range(first, last + 1):
                self._bound[symbol] = k
                yield from self._terms(node, limits[:-1])

    def read_Sum(self, node: Any) -> Any:
        """Empty where the upper limit is below the lower one (sympy's own rule for such limits is another)."""
        terms = list(self._terms(node, tuple(node.limits)))
        if terms:
            return reduce(add, terms)
        return self.zeros(*self._dims(node.function)) if node.function.is_Matrix else self.rational(0)

    def read_Product(self, node: Any) -> Any:
        terms = list(self._terms(node, tuple(node.limits)))
        return reduce(mul, terms, self.rational(1))

    def read_Trace(self, node: Any) -> Any:
        matrix = self.value(node.arg)
        rows, cols = self.shape(matrix)
        if rows != cols:
            raise FormulaError(f"{node}: the trace of a {rows} x {cols} matrix")
        return reduce(add, [matrix[i, i] for i in range(rows)])

    def read_Determinant(self, node: Any) -> Any:
        return self.determinant(self.value(node.arg))

    def read_Entry(self, node: Any) -> Any:
        matrix, i, j = node.args
        return self._entry(node, self.value(matrix), self.integer(i) - 1, self.integer(j) - 1)

    def read_MatrixElement(self, node: Any) -> Any:
        """sympy's own element counts from 0."""
        return self._entry(node, self.value(node.parent), self.integer(node.i), self.integer(node.j))

    def _entry(self, node: Any, matrix: Any, i: int, j: int) -> Any:
        rows, cols = self.shape(matrix)
        if not (0 <= i < rows and 0 <= j < cols):
            raise Undetermined(f"{node}: no such entry in a {rows} x {cols} matrix")
        return matrix[i, j]

    # --- matrices -----------------------------------------------------------------------------------------

    def zeros(self, rows: int, cols: int) -> Any:
        return self.make([[self.rational(0)] * cols for _ in range(rows)])

    def identity(self, size: int) -> Any:
        one, zero = self.rational(1), self.rational(0)
        return self.make([[one if i == j else zero for j in range(size)] for i in range(size)])

    def rows(self, matrix: Any) -> list[list[Any]]:
        rows, cols = self.shape(matrix)
        return [[matrix[i, j] for j in range(cols)] for i in range(rows)]

    def entries(self, matrix: Any) -> list[Any]:
        return [x for row in self.rows(matrix) for x in row]

    def _same_shape(self, node: Any, parts: list[Any]) -> None:
        shapes = {self.shape(p) for p in parts}
        if len(shapes) > 1:
            raise FormulaError(f"{node}: sizes {sorted(shapes)} do not fit")

    def read_MatAdd(self, node: Any) -> Any:
        parts = [self.value(a) for a in node.args]
        self._same_shape(node, parts)
        return reduce(add, parts)

    def read_MatMul(self, node: Any) -> Any:
        factors = [self.value(a) for a in node.args if a.is_Matrix]
        for left, right in pairwise(factors):
            if self.shape(left)[1] != self.shape(right)[0]:
                raise FormulaError(f"{node}: a {self.shape(left)} times a {self.shape(right)} matrix")
        product = reduce(mul, factors)
        scalars = [self.value(a) for a in node.args if not a.is_Matrix]
        return self.scale(reduce(mul, scalars), product) if scalars else product

    def read_Transpose(self, node: Any) -> Any:
        return self.transpose(self.value(node.arg))

    def read_HadamardProduct(self, node: Any) -> Any:
        parts = [self.value(a) for a in node.args]
        self._same_shape(node, parts)
        return reduce(self._hadamard, parts)

    def _hadamard(self, left: Any, right: Any) -> Any:
        pairs = zip(self.rows(left), self.rows(right), strict=True)
        return self.make([[x * y for x, y in zip(xs, ys, strict=True)] for xs, ys in pairs])

    def read_KroneckerProduct(self, node: Any) -> Any:
        return reduce(self._kronecker, [self.value(a) for a in node.args])

    def _kronecker(self, left: Any, right: Any) -> Any:
        return self.make([[x * y for x in xs for y in ys] for xs in self.rows(left) for ys in self.rows(right)])

    def read_Identity(self, node: Any) -> Any:
        return self.identity(self._dims(node)[0])

    def read_ZeroMatrix(self, node: Any) -> Any:
        return self.zeros(*self._dims(node))

    def read_OneMatrix(self, node: Any) -> Any:
        rows, cols = self._dims(node)
        return self.make([[self.rational(1)] * cols for _ in range(rows)])

    def read_MatPow(self, node: Any) -> Any:
        base, exponent = self.value(node.base), self.integer(node.exp)
        rows, cols = self.shape(base)
        if rows != cols:
            raise FormulaError(f"{node}: a power of a {rows} x {cols} matrix")
        if exponent < 0:
            base, exponent = self.inverse(base), -exponent
        return reduce(mul, [base] * exponent, self.identity(rows))

    def read_HStack(self, node: Any) -> Any:
        left, right = (self.rows(self.value(a)) for a in node.args)
        if len(left) != len(right):
            raise FormulaError(f"{node}: {len(left)} rows beside {len(right)}")
        return self.make([x + y for x, y in zip(left, right, strict=True)])

    def read_Member(self, node: Any) -> Any:
        family, index = node.args
        return self._member(node, family, self.integer(index))

    def _member(self, node: Any, family: Any, index: int) -> Any:
        members = self.assignment.raw(family)
        if not 1 <= index <= len(members):
            raise Undetermined(f"{node}: the family has no member {index}, only 1 to {len(members)}")
        return self.given(members[index - 1])

    def read_Chain(self, node: Any) -> Any:
        family, last = node.args
        factors = [self._member(node, family, k) for k in range(self.integer(last), 0, -1)]
        return reduce(mul, factors) if factors else self.identity(self._dims(node)[0])

    # --- gradients ----------------------------------------------------------------------------------------

    def read_Gradient(self, node: Any) -> Any:
        """Written out: the scalar as a function of the entries of X, differentiated entry by entry by sympy."""
        from verify.formula.gradients import derivative

        rows = derivative(node, self.assignment, dict(self._bound))
        return self.make([[self.value(d) for d in row] for row in rows])


@cache
def _find(reader: type[Arithmetic], node: type) -> Callable[[Any, Any], Any]:
    for cls in node.__mro__:
        method = getattr(reader, f"read_{cls.__name__}", None)
        if method is not None:
            return method  # type: ignore[no-any-return]
    known = sorted(n[5:] for n in dir(reader) if n.startswith("read_"))
    raise FormulaError(f"the {reader.name} reader does not know the node {node.__name__}; it knows {', '.join(known)}")


__all__ = ["MOST_TERMS", "Arithmetic", "NotExact", "Undetermined"]
