"""Objects that exist: singular vectors, rank factorisations, kernels, coordinate vectors. Each is introduced by a fresh
name, and nothing that speaks of it leaves the scope in which it was chosen.

This is the base on which the classical theorems are proved: the existence of the singular value decomposition and the
uniqueness of its values (Horn and Johnson 2013, Theorem 2.6.3), rank-nullity (section 0.2.3), and the rank as the least
inner size of a factorisation (section 0.4.6 (e)).

A matrix with no rows or no columns (a frame of 0 vectors) obeys the same laws: its products are zero, its identity has
trace zero. Named theorems ask for sizes of at least one, so none is applied to it unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import sympy as sp
from sympy.matrices.expressions import Identity, MatMul, MatrixSymbol, Transpose

from verify.formula.vocabulary import Entry, Rank, Sigma, Truncated, norm_sq
from verify.model.statement import symbols_of
from verify.proof.arithmetic import is_scalar_relation
from verify.proof.binding import integer_name
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Formula
from verify.proof.identities import canonical, require_shape, same_size
from verify.proof.lines import Justification

SVD = "singular value decomposition (Horn and Johnson 2013, Theorem 2.6.3)"
NULLITY = "rank-nullity theorem (Horn and Johnson 2013, section 0.2.3)"
FACTORS = "rank as the least inner size of a factorisation (Horn and Johnson 2013, section 0.4.6 (e))"
ROW = integer_name("i", 0)


class SingularValues(NamedTuple):
    """The meaning of a symbol: the diagonal matrix of the first singular values of ``of``."""

    of: Any


class FirstCoordinates(NamedTuple):
    """The meaning of a symbol: the first columns of the identity matrix."""


def _le(a: Any, b: Any) -> Any:
    return sp.Le(a, b, evaluate=False)


def _eq(a: Any, b: Any) -> Any:
    return sp.Eq(a, b, evaluate=False)


def row_square(y: Any, i: Any) -> Any:
    """The squared length of row i of Y, as the entry (i, i) of Y Y'."""
    return Entry(MatMul(y, Transpose(y)), i, i)


def _require_fresh(facts: Facts, sizes: Mapping[Any, tuple[Any, Any]], *mentioned: Any) -> None:
    """Introduces the symbols. Raises ProofError for one that is no matrix symbol of its size, is in use or comes twice.

    ``mentioned`` are expressions of the line itself, which must not speak of what it introduces.
    """
    for symbol, (rows, cols) in sizes.items():
        if not isinstance(symbol, MatrixSymbol):
            raise ProofError(f"{symbol} must be a matrix symbol of size {rows} x {cols}")
        if not (same_size(symbol.shape[0], rows) and same_size(symbol.shape[1], cols)):
            raise ProofError(f"{symbol} must be of size {rows} x {cols}, not {symbol.shape[0]} x {symbol.shape[1]}")
        names = {str(s) for e in (*mentioned, rows, cols) for s in symbols_of(sp.sympify(e))}
        if str(symbol) in names:
            raise ProofError(f"{symbol} is in use already; choose another name")
        facts.choose(symbol)


def _require_matrix(m: Any) -> None:
    if not getattr(m, "is_Matrix", False):
        raise ProofError(f"{m} is not a matrix")


def _require_count(facts: Facts, count: Any, high: Any) -> None:
    if not sp.sympify(count).is_integer:
        raise ProofError(f"the number {count} is not known to be an integer")
    facts.require(_le(0, count), f"the number {count}")
    facts.require(_le(count, high), f"the number {count}")


class SingularFrame(Justification):
    """The first ``count`` singular triples of W, for 0 <= count <= rank(W): ``W V = U S``.

    Beside it: ``left`` U'U = I, ``right`` V'V = I, ``adjoint`` W'U = V S, ``symmetric`` S' = S, ``truncated`` (the
    truncation of that order is U S V'); where count is the rank, ``whole`` W = U S V'. S is the diagonal matrix of
    the singular values: :class:`Diagonal` knows more. ``stretch`` and ``back`` are W V = U S and W'U = V S turned
    round, for rewriting where W is a sum.
    """

    of: Any
    count: Any
    left: Any
    right: Any
    values: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        _require_matrix(self.of)
        rows, cols = self.of.shape
        count = sp.sympify(self.count)
        _require_count(facts, count, Rank(self.of))
        sizes = {self.left: (rows, count), self.right: (cols, count), self.values: (count, count)}
        if len(sizes) != 3:
            raise ProofError("the vectors and values need three names, all different")
        _require_fresh(facts, sizes, self.of)
        facts.meanings[self.values] = SingularValues(self.of)
        return _eq(MatMul(self.of, self.right), MatMul(self.left, self.values))

    def further(self) -> Mapping[str, Formula]:
        u, v, s, one = self.left, self.right, self.values, Identity(self.count)
        adjoint = _eq(MatMul(Transpose(self.of), u), MatMul(v, s))
        product = MatMul(u, s, Transpose(v))
        out = {
            "left": _eq(MatMul(Transpose(u), u), one),
            "right": _eq(MatMul(Transpose(v), v), one),
            "adjoint": adjoint,
            "symmetric": _eq(Transpose(s), s),
            "truncated": _eq(Truncated(self.of, self.count), product),
            "stretch": _eq(MatMul(u, s), MatMul(self.of, v)),
            "back": _eq(adjoint.rhs, adjoint.lhs),
        }
        if canonical(sp.sympify(self.count)) == canonical(Rank(self.of)):
            out["whole"] = _eq(self.of, product)
        return out

    def describe(self) -> str:
        return "leading singular vectors and values"

    def theorems(self) -> list[str]:
        return [SVD]


class Diagonal(Justification):
    """What a diagonal matrix S of singular values s_1, ..., s_c does, entry by entry.

    ``squares``: |S|^2 = sum s_i^2. ``norm``: |S Y|^2 = sum s_i^2 (Y Y')_ii. ``trace``: tr(S Y) = sum s_i Y_ii.
    """

    values: Any
    kind: Literal["squares", "norm", "trace"]
    times: Any = None

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        meaning = facts.meanings.get(self.values)
        if not isinstance(meaning, SingularValues):
            raise ProofError(f"{self.values} was not introduced as a matrix of singular values")
        count = self.values.shape[0]
        sigma, y = Sigma(meaning.of, ROW), self.times
        if self.kind == "squares":
            return _eq(norm_sq(self.values), sp.Sum(sigma**2, (ROW, 1, count)))
        _require_matrix(y)
        if not same_size(y.shape[0], count):
            raise ProofError(f"{y} has {y.shape[0]} rows and must have {count}")
        product = MatMul(self.values, y)
        if self.kind == "norm":
            return _eq(norm_sq(product), sp.Sum(sigma**2 * row_square(y, ROW), (ROW, 1, count)))
        if not same_size(y.shape[1], count):
            raise ProofError(f"{y} is not square, so that {product} has no trace")
        return _eq(sp.Trace(product), sp.Sum(sigma * Entry(y, ROW, ROW), (ROW, 1, count)))

    def describe(self) -> str:
        return "product with a diagonal matrix, by entries"


class Rows(Justification):
    """The squared Frobenius norm by rows: |Y|^2 = sum_i (Y Y')_ii."""

    of: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        _require_matrix(self.of)
        return _eq(norm_sq(self.of), sp.Sum(row_square(self.of, ROW), (ROW, 1, self.of.shape[0])))

    def describe(self) -> str:
        return "definition of the Frobenius norm, row by row"


class RowSquare(Justification):
    """(Y Y')_ii is the sum of the squares of row i, hence not negative."""

    of: Any
    at: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        _require_matrix(self.of)
        if not sp.sympify(self.at).is_integer:
            raise ProofError(f"the number {self.at} is not known to be an integer")
        facts.require(_le(1, self.at), f"row {self.at}")
        facts.require(_le(self.at, self.of.shape[0]), f"row {self.at}")
        return sp.Ge(row_square(self.of, self.at), 0, evaluate=False)

    def describe(self) -> str:
        return "a sum of squares"


class FirstColumns(Justification):
    """The first ``count`` columns E of the identity of order ``size``: E'E = I."""

    size: Any
    count: Any
    called: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        count = sp.sympify(self.count)
        _require_count(facts, count, self.size)
        _require_fresh(facts, {self.called: (self.size, count)})
        facts.meanings[self.called] = FirstCoordinates()
        return _eq(MatMul(Transpose(self.called), self.called), Identity(count))

    def describe(self) -> str:
        return "first columns of the identity matrix"


class LeadingTrace(Justification):
    """tr(E' G E) = G_11 + ... + G_kk for the first k columns E of the identity."""

    columns: Any
    of: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        if not isinstance(facts.meanings.get(self.columns), FirstCoordinates):
            raise ProofError(f"{self.columns} was not introduced as the first columns of an identity matrix")
        size, count = self.columns.shape
        _require_matrix(self.of)
        if not (same_size(self.of.shape[0], size) and same_size(self.of.shape[1], size)):
            raise ProofError(f"{self.of} must be of size {size} x {size}")
        trace = sp.Trace(MatMul(Transpose(self.columns), self.of, self.columns))
        return _eq(trace, sp.Sum(Entry(self.of, ROW, ROW), (ROW, 1, count)))

    def describe(self) -> str:
        return "trace of a leading block"


class RankFactors(Justification):
    """M = F G with as many columns of F as the rank says; beside it ``back``, F G = M."""

    of: Any
    left: Any
    right: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        _require_matrix(self.of)
        rows, cols = self.of.shape
        sizes = {self.left: (rows, Rank(self.of)), self.right: (Rank(self.of), cols)}
        if len(sizes) != 2:
            raise ProofError("the two factors need different names")
        _require_fresh(facts, sizes, self.of)
        return _eq(self.of, MatMul(self.left, self.right))

    def further(self) -> Mapping[str, Formula]:
        return {"back": _eq(MatMul(self.left, self.right), self.of)}

    def describe(self) -> str:
        return "rank factorisation"

    def theorems(self) -> list[str]:
        return [FACTORS]


class FactorRank(Justification):
    """rank(M) is at most the sum of the inner sizes where M = F1 G1 + F2 G2 + ...: side by side they are one product.

    The equality is shown by matrix algebra from the lines named.
    """

    of: Any
    factors: tuple[tuple[Any, Any], ...]
    using: tuple[str, ...] = ()

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        if not self.factors:
            raise ProofError("there is no product")
        _require_matrix(self.of)
        for left, right in self.factors:
            _require_matrix(left)
            _require_matrix(right)
            if not same_size(left.shape[1], right.shape[0]):
                raise ProofError(f"{left} and {right} do not multiply")
        products = [MatMul(left, right) for left, right in self.factors]
        for product in products:
            require_shape(self.of, product, "the factorisation")
        total = products[0] if len(products) == 1 else sp.MatAdd(*products)
        rules = [facts[name] for name in self.using]
        rules += [f for f in facts.given if isinstance(f, sp.Eq) and not is_scalar_relation(f)]
        facts.prove_identity(_eq(self.of, total), rules)
        return _le(Rank(self.of), sp.Add(*(left.shape[1] for left, _ in self.factors)))

    def describe(self) -> str:
        return "inner size of a factorisation" + (f", by {', '.join(self.using)}" if self.using else "")

    def theorems(self) -> list[str]:
        return [FACTORS]


class KernelVector(Justification):
    """A column z of length one with M z = 0, where rank(M) is less than the number of columns. Beside it: ``unit``."""

    of: Any
    called: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        _require_matrix(self.of)
        rows, cols = self.of.shape
        facts.require(_le(Rank(self.of), cols - 1), f"{self.of} has a kernel")
        _require_fresh(facts, {self.called: (cols, 1)}, self.of)
        return _eq(MatMul(self.of, self.called), sp.ZeroMatrix(rows, 1))

    def further(self) -> Mapping[str, Formula]:
        return {"unit": _eq(MatMul(Transpose(self.called), self.called), Identity(1))}

    def describe(self) -> str:
        return "more columns than the rank, so some direction is sent to zero"

    def theorems(self) -> list[str]:
        return [NULLITY]


class KernelBasis(Justification):
    """Orthonormal bases Z of the kernel of M and R of its row space, which together span everything: M Z = 0.

    Beside it: ``kernel`` Z'Z = I, ``rest`` R'R = I, ``cover`` Z Z' = I - R R', ``rows`` R' = L M.
    """

    of: Any
    kernel: Any
    rest: Any
    rows: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        _require_matrix(self.of)
        rows, cols = self.of.shape
        rank = Rank(self.of)
        sizes = {self.kernel: (cols, cols - rank), self.rest: (cols, rank), self.rows: (rank, rows)}
        if len(sizes) != 3:
            raise ProofError("the bases need three names, all different")
        _require_fresh(facts, sizes, self.of)
        return _eq(MatMul(self.of, self.kernel), sp.ZeroMatrix(rows, cols - rank))

    def further(self) -> Mapping[str, Formula]:
        z, r = self.kernel, self.rest
        cols, rank = self.of.shape[1], Rank(self.of)
        return {
            "kernel": _eq(MatMul(Transpose(z), z), Identity(cols - rank)),
            "rest": _eq(MatMul(Transpose(r), r), Identity(rank)),
            "cover": _eq(MatMul(z, Transpose(z)), Identity(cols) - MatMul(r, Transpose(r))),
            "rows": _eq(Transpose(r), MatMul(self.rows, self.of)),
        }

    def describe(self) -> str:
        return "orthonormal bases of the kernel and of the row space"

    def theorems(self) -> list[str]:
        return [NULLITY]


__all__ = [
    "Diagonal",
    "FactorRank",
    "FirstColumns",
    "KernelBasis",
    "KernelVector",
    "LeadingTrace",
    "RankFactors",
    "RowSquare",
    "Rows",
    "SingularFrame",
    "row_square",
]
