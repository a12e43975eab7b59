"""The shape of an expression under declarations: what each node needs of its parts, for all sizes that are admitted."""

from __future__ import annotations

from typing import Any

import sympy as sp

from verify.formula import vocabulary as v
from verify.formula.integers import Integers, NotLinearError
from verify.formula.printing import plain, tex
from verify.formula.vocabulary import FormulaError
from verify.model.statement import Declared, Let, Statement

Shape = tuple[Any, Any] | None
"""Rows and columns of a matrix; None for a scalar."""

OF_ONE_MATRIX = (v.Rank, v.FrobeniusNorm, v.SpectralNorm, v.NuclearNorm, v.EffectiveRank, v.EffectiveRankL1)
ENTRYWISE = (v.Softmax, v.CausalSoftmax, v.Exp, v.Log, v.LogSumExp)
SCALAR_FUNCTIONS = (sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log, sp.Abs, sp.Min, sp.Max, sp.floor, sp.ceiling)


class IllTypedError(FormulaError):
    """A node that has no type; the message names it and the mend."""


class Shapes:
    """Reads expressions under the declarations made so far. Raises IllTypedError for a node that has no type."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.integers = Integers(statement)
        self.declared: dict[Any, Declared] = {}
        self.bound: list[Any] = []

    # --- relations ---

    def _relation(self, formula: Any) -> None:
        left, right = self._type(formula.lhs), self._type(formula.rhs)
        if left is None and right is None:
            return
        if left is None or right is None:
            mend = "for zero write ZeroMatrix(rows, cols)"
            raise IllTypedError(f"{plain(formula)} compares a matrix with a number; {mend}")
        if not isinstance(formula, (sp.Eq, sp.Ne)):
            raise IllTypedError(f"{plain(formula)} orders two matrices; compare norms or entries instead")
        self._same_shape(left, right, formula)

    # --- expressions ---

    def _type(self, e: Any) -> Shape:
        """The shape of ``e``, None for a scalar. Raises IllTypedError."""
        if isinstance(e, v.LayerFamily):
            raise IllTypedError(f"{e} is a family of matrices; write {e}[l] for one of them")
        if e.is_Matrix:
            return self._matrix(e)
        self._scalar(e)
        return None

    def _scalar(self, e: Any) -> None:
        if e.is_Matrix or isinstance(e, v.LayerFamily):
            raise IllTypedError(f"{plain(e)} is a matrix where a number is needed")
        if isinstance(e, sp.Symbol):
            self._in_scope(e)
        elif isinstance(e, sp.Rational) or e in (sp.pi, sp.E):
            pass
        elif isinstance(e, sp.Float):
            raise IllTypedError(f"{e} is a rounded number; write it exactly, as Rational({str(e)!r})")
        elif isinstance(e, (sp.Sum, sp.Product)):
            self._repeated(e, list(e.limits))
        elif isinstance(e, SCALAR_FUNCTIONS):
            for a in e.args:
                self._scalar(a)
        elif isinstance(e, sp.Trace):
            self._square(e, e.args[0])
        else:
            self._scalar_node(e)

    def _scalar_node(self, e: Any) -> None:
        if isinstance(e, OF_ONE_MATRIX):
            self._matrix(e.args[0])
        elif isinstance(e, v.Sigma):
            self._matrix(e.args[0])
            self._bounded(e, e.args[1], low=1)
        elif isinstance(e, v.Energy):
            self._matrix(e.args[0])
            self._bounded(e, e.args[1], low=0)
        elif isinstance(e, (v.ThresholdRank, v.CountAbove)):
            self._matrix(e.args[0])
            self._scalar(e.args[1])
        elif isinstance(e, v.Entry):
            rows, cols = self._matrix(e.args[0])
            self._bounded(e, e.args[1], low=1, high=rows)
            self._bounded(e, e.args[2], low=1, high=cols)
        elif isinstance(e, sp.matrices.expressions.matexpr.MatrixElement):
            raise IllTypedError(f"{e} counts from 0; write Entry(M, i, j), which counts from 1")
        else:
            raise IllTypedError(f"the typing reader does not know the node {type(e).__name__} in {e}")

    def _repeated(self, e: Any, limits: list[Any]) -> None:
        """A sum or a product; the last limit is the outermost."""
        if not limits:
            self._scalar(e.function)
            return
        *inner, limit = limits
        if len(limit) != 3:
            raise IllTypedError(f"{e} needs a lower and an upper limit: (i, low, high)")
        i, low, high = limit
        if tex(i) in {tex(s) for s in (*self.declared, *self.bound)}:
            raise IllTypedError(
                f"{plain(e)}: {i} is both a declared symbol and the running index; rename the running index"
            )
        for end in (low, high):
            self._integer(end, "a limit of", e)
        if not i.is_integer:
            raise IllTypedError(
                f"{plain(e)}: the running index {i} is not an integer; make it with indices({str(i)!r})"
            )
        self.bound.append(i)
        try:
            with self.integers.ranging(i, low, high):
                self._assumed(i, i)
                self._nothing_else_assumed(i, integer=True)
                self._repeated(e, inner)
        finally:
            self.bound.pop()

    def _matrix(self, e: Any) -> tuple[Any, Any]:
        """The shape of a matrix expression, its parts checked. Raises IllTypedError."""
        if not getattr(e, "is_Matrix", False):
            raise IllTypedError(f"{plain(e)} is a number where a matrix is needed")
        if isinstance(e, sp.MatrixSymbol):
            self._in_scope(e)
        elif isinstance(e, (sp.Identity, sp.ZeroMatrix, sp.OneMatrix)):
            self._sizes(e)
        elif isinstance(e, sp.MatMul):
            self._product(e)
        elif isinstance(e, (sp.MatAdd, sp.HadamardProduct)):
            self._alike(e)
        elif isinstance(e, sp.KroneckerProduct):
            for a in e.args:
                self._matrix(a)
        elif isinstance(e, sp.Transpose):
            self._matrix(e.arg)
        elif isinstance(e, (sp.Inverse, sp.MatPow)):
            self._square(e, e.args[0])
            self._integer(e.args[1], "the exponent in", e)
        else:
            self._matrix_node(e)
        rows, cols = e.shape
        return rows, cols

    def _matrix_node(self, e: Any) -> None:
        if isinstance(e, v.CausalSoftmax):
            self._square(e, e.args[0])
        elif isinstance(e, ENTRYWISE):
            self._matrix(e.args[0])
        elif isinstance(e, v.Truncated):
            self._matrix(e.args[0])
            self._bounded(e, e.args[1], low=0)
        elif isinstance(e, v.Thresholded):
            self._matrix(e.args[0])
            self._scalar(e.args[1])
        elif isinstance(e, (v.LeftSingular, v.RightSingular)):
            rows, cols = self._matrix(e.args[0])
            self._bounded(e, e.args[1], low=1, high=sp.Min(rows, cols))
        elif isinstance(e, v.HStack):
            (rows, _), (others, _) = self._matrix(e.args[0]), self._matrix(e.args[1])
            if not self.integers.same(rows, others):
                raise IllTypedError(f"{plain(e)}: {rows} rows beside {others}; they must be equally many")
        elif isinstance(e, (v.Member, v.Chain)):
            self._of_family(e)
        elif isinstance(e, v.Gradient):
            f, x = e.args
            self._scalar(f)
            if not isinstance(x, sp.MatrixSymbol):
                raise IllTypedError(f"{plain(e)} differentiates by {plain(x)}, which is not a matrix symbol")
            if isinstance(self.declared.get(x), Let):
                raise IllTypedError(
                    f"{plain(e)} differentiates by the abbreviation {x}; differentiate by a declared matrix"
                )
            self._matrix(x)
        else:
            raise IllTypedError(f"the typing reader does not know the node {type(e).__name__} in {e}")

    def _of_family(self, e: Any) -> None:
        family, index = e.args
        if not isinstance(family, v.LayerFamily):
            raise IllTypedError(f"{e}: {family} is not a family of matrices; declare it with layers(...)")
        self._in_scope(family)
        self._bounded(e, index, low=1 if isinstance(e, v.Member) else 0, high=family.length)

    def _product(self, e: Any) -> None:
        factors = [a for a in e.args if a.is_Matrix]
        for a in e.args:
            if not a.is_Matrix:
                self._scalar(a)
        shapes = [self._matrix(a) for a in factors]
        for (a, left), (b, right) in zip(
            zip(factors, shapes, strict=True), list(zip(factors, shapes, strict=True))[1:], strict=False
        ):
            if not self.integers.same(left[1], right[0]):
                raise IllTypedError(
                    f"{plain(e)}: {plain(a)} is {_size(left)} and {plain(b)} is {_size(right)}; "
                    f"the product needs {left[1]} = {right[0]}"
                )

    def _alike(self, e: Any) -> None:
        first, *others = e.args
        shape = self._matrix(first)
        for other in others:
            self._same_shape(shape, self._matrix(other), e, first, other)

    def _square(self, e: Any, m: Any) -> None:
        rows, cols = self._matrix(m)
        if not self.integers.same(rows, cols):
            raise IllTypedError(
                f"{plain(e)}: {plain(m)} is {rows} x {cols} and must be square; it needs {rows} = {cols}"
            )

    def _same_shape(self, a: Any, b: Any, where: Any, left: Any = None, right: Any = None) -> None:
        needed = list(dict.fromkeys(f"{x} = {y}" for x, y in zip(a, b, strict=True) if not self.integers.same(x, y)))
        if needed:
            names = ("the left side", "the right") if left is None else (plain(left), plain(right))
            sizes = f"{names[0]} is {_size(a)} and {names[1]} is {_size(b)}"
            raise IllTypedError(f"{plain(where)}: {sizes}; it needs {' and '.join(needed)}")

    # --- symbols and integers ---

    def _in_scope(self, s: Any) -> None:
        if s in self.declared or s in self.bound:
            return
        if s in {line.introduces for line in self.statement.given}:
            raise IllTypedError(f"{s} is used before its declaration")
        raise IllTypedError(f"{s} is used outside the sum or product that binds it; declare it or move it inside")

    def _sizes(self, e: Any) -> None:
        for size in e.shape:
            self._integer(size, "a size of", e)

    def _is_integer(self, e: Any) -> bool:
        return bool(self.statement.expand(e).is_integer)

    def _integer(self, e: Any, what: str, of: Any) -> None:
        self._scalar(e)
        if not self._is_integer(e):
            where = f"{what} {of if isinstance(of, v.LayerFamily) else plain(of)}"
            raise IllTypedError(f"{where} must be an integer, and {plain(e)} need not be one; use indices(...)")

    def _bounded(self, node: Any, index: Any, low: int, high: Any = None) -> None:
        """An index that is provably an integer and within its bounds."""
        self._integer(index, "the index in", node)
        for relation, end, sign in ((sp.Ge, sp.Integer(low), "≥"), (sp.Le, high, "≤")):
            if end is None:
                continue
            try:
                values = self.integers.counterexample(relation, index, end)
            except NotLinearError as error:
                where = f"{plain(node)} needs {plain(index)} {sign} {plain(end)}"
                raise IllTypedError(f"{where}, which cannot be proved: {error}") from error
            if values is not None:
                raise IllTypedError(
                    f"{plain(node)} needs {plain(index)} {sign} {plain(end)}, but {_show(values)} is not excluded; "
                    "narrow the declared range"
                )

    # --- what symbols assume ---

    def _assumed(self, s: Any, value: Any) -> None:
        """What sympy assumes of an integer or an abbreviation must follow: it would be a hypothesis nobody reads."""
        low = 1 if s.is_positive else 0 if s.is_nonnegative else None
        if low is None:
            return
        integer = self._is_integer(value)
        if not integer and (value.is_positive if low else value.is_nonnegative):
            return
        if integer:
            values = self.integers.counterexample(sp.Ge, value, sp.Integer(low))
            if values is None:
                return
            raise IllTypedError(
                f"the symbol {s} is assumed to be at least {low}, but {_show(values)} is not excluded; "
                f"make it with indices({str(s)!r}) or raise its range"
            )
        raise IllTypedError(
            f"the symbol {s} is assumed to be {'positive' if low else 'nonnegative'}, which does not follow"
        )

    @staticmethod
    def _nothing_else_assumed(s: Any, **kind: bool) -> None:
        signs: tuple[dict[str, bool], ...] = ({}, {"nonnegative": True}, {"positive": True})
        if not any(s.assumptions0 == sp.Symbol(s.name, **kind, **sign).assumptions0 for sign in signs):
            maker = "indices" if "integer" in kind else "scalars"
            raise IllTypedError(
                f"the symbol {s} carries assumptions that no declaration says; make it with {maker}({str(s)!r})"
            )


def _size(shape: tuple[Any, Any]) -> str:
    return f"{shape[0]} x {shape[1]}"


def _show(values: dict[Any, int]) -> str:
    return ", ".join(f"{plain(a)} = {value}" for a, value in sorted(values.items(), key=lambda v: str(v[0])))
