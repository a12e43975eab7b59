"""Ranks with symbolic sizes: kernels that are parametrised, inverses of full-rank matrices, triangular matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import sympy as sp
from sympy.matrices.expressions import Identity as One
from sympy.matrices.expressions import KroneckerProduct, MatAdd, MatMul, MatrixSymbol

from verify.formula.vocabulary import Entry, HStack, Rank
from verify.model.statement import symbols_of
from verify.proof.binding import integer_name
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Forall, Formula, free_symbols, same, substitute
from verify.proof.identities import Word, require_shape, to_expression, to_poly
from verify.proof.lines import Justification, Line, run_lines
from verify.proof.numbers import expanded


class OneSidedInverse(Justification):
    """A matrix of full column rank has a left inverse, one of full row rank a right inverse; ``called`` names it.

    Horn and Johnson 2013, section 0.4.6. The name must be new.
    """

    of: Any
    called: Any
    side: Literal["left", "right"]

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        rows, cols = self.of.shape
        if not isinstance(self.called, MatrixSymbol) or tuple(self.called.shape) != (cols, rows):
            raise ProofError(f"the inverse must be a matrix symbol of size {cols} x {rows}")
        if self.called in symbols_of(self.of):
            raise ProofError(f"{self.called} is in use already; choose another name")
        side = cols if self.side == "left" else rows
        facts.require(sp.Eq(Rank(self.of), side, evaluate=False), f"{self.of} has full rank")
        facts.choose(self.called)
        product = MatMul(self.called, self.of) if self.side == "left" else MatMul(self.of, self.called)
        return sp.Eq(product, One(side), evaluate=False)

    def describe(self) -> str:
        return f"{self.of} has full rank, hence a {self.side} inverse"

    def theorems(self) -> list[str]:
        return ["one-sided inverses of full-rank matrices (Horn and Johnson 2013, section 0.4.6)"]


def linear_words(expression: Any, unknowns: Sequence[MatrixSymbol]) -> list[tuple[Word, int, sp.Expr]]:
    """The words of a linear map of the unknowns, each with the place of its unknown and its coefficient.

    Raises ProofError where a word does not contain exactly one unknown, once, or a coefficient depends on one.
    """
    out = []
    for word, coefficient in to_poly(expression).items():
        places = [i for i, atom in enumerate(word) if atom in unknowns]
        others = set().union(symbols_of(coefficient), *(symbols_of(a) for a in word if a not in unknowns))
        if len(places) != 1 or others & set(unknowns):
            raise ProofError(f"{expression} is not linear in {', '.join(map(str, unknowns))}")
        out.append((word, places[0], coefficient))
    return out


def vectorised(expression: Any, unknowns: Sequence[MatrixSymbol]) -> Any:
    """The matrix of a linear map of the unknowns: vec(P U Q) = (Q' kron P) vec(U) (Roth 1934), blocks side by side.

    Raises ProofError where the map is not linear, or does not depend on each unknown.
    """
    if expression.has(sp.Sum, sp.Product):  # sympy would evaluate it, by another convention on empty ranges
        raise ProofError(f"a sum in the linear map {expression}; give it a name")
    blocks: dict[Any, Any] = {}
    for word, place, coefficient in linear_words(expression, unknowns):
        unknown = word[place]
        left = to_expression({word[:place]: sp.S.One}, (expression.shape[0], unknown.shape[0]))
        right = to_expression({word[place + 1 :]: sp.S.One}, (unknown.shape[1], expression.shape[1]))
        block = coefficient * KroneckerProduct(right.T, left)
        blocks[unknown] = blocks[unknown] + block if unknown in blocks else block
    missing = [str(u) for u in unknowns if u not in blocks]
    if missing:
        raise ProofError(f"{expression} does not depend on {', '.join(missing)}")
    first, *rest = (blocks[u] for u in unknowns)
    for block in rest:
        first = HStack(first, block)
    return first


class KernelCount(Justification):
    """The rank of a linear map T of matrices, by counting its kernel (rank-nullity).

    ``embed`` sends a parameter Z linearly into the unknowns, with T(embed(Z)) = 0; ``recover`` is linear with
    recover(embed(Z)) = Z, so the embedding is injective; ``lines`` show from T(u) = 0 (the fact ``kernel``, in the form
    given) that each unknown u equals embed(recover(u)), so it is onto the kernel. Then the nullity is the number of
    entries of Z.
    """

    map: Any
    unknowns: tuple[Any, ...]
    kernel: Any
    parameter: Any
    embed: Mapping[Any, Any]
    recover: Any
    lines: tuple[Line, ...]

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        self._require_distinct()
        self._require_fresh(facts)
        matrix = vectorised(self.map, self.unknowns)
        for unknown in self.unknowns:
            linear_words(self.embed[unknown], [self.parameter])
        linear_words(self.recover, self.unknowns)
        known = [f for f in facts.all() if isinstance(f, sp.Eq) and getattr(f.lhs, "is_Matrix", False)]
        zero = sp.ZeroMatrix(*self.map.shape)
        facts.prove_identity(sp.Eq(self._embedded(self.map), zero, evaluate=False), known)
        facts.prove_identity(sp.Eq(self._embedded(self.recover), self.parameter, evaluate=False), known)
        self._check_onto(facts)
        entries = sum(u.shape[0] * u.shape[1] for u in self.unknowns)
        nullity = self.parameter.shape[0] * self.parameter.shape[1]
        return sp.Eq(Rank(matrix), expanded(entries - nullity), evaluate=False)

    def _embedded(self, expression: Any) -> Any:
        return substitute(expression, self.embed)

    def _require_distinct(self) -> None:
        """Unknowns that are counted once, and an embedding that gives each of them from the parameter alone."""
        new = (*self.unknowns, self.parameter)
        if not all(isinstance(s, MatrixSymbol) for s in new) or len(set(new)) != len(new) or len(new) < 2:
            raise ProofError("the unknowns and the parameter must be matrix symbols, all different")
        if set(self.embed) != set(self.unknowns):
            raise ProofError("the embedding must give each unknown, and nothing else")
        for unknown, image in self.embed.items():
            require_shape(unknown, image, "embed")
            if symbols_of(image) & set(self.unknowns):
                raise ProofError(f"the embedding of {unknown} must not depend on the unknowns")
        if self.parameter in symbols_of(self.map) | symbols_of(self.recover):
            raise ProofError(f"the map and its recovery must not depend on {self.parameter}")
        if not isinstance(self.kernel, sp.Eq):
            raise ProofError(f"the kernel must be an equality of matrices: {self.kernel}")

    def _require_fresh(self, facts: Facts) -> None:
        for fact in facts.all():
            if free_symbols(fact) & {*self.unknowns, self.parameter}:
                raise ProofError(f"the unknowns and the parameter must be new, but {fact} mentions one")

    def _check_onto(self, facts: Facts) -> None:
        require_shape(self.kernel.lhs, self.kernel.rhs, self.kernel)
        difference = MatAdd(self.kernel.lhs, MatMul(-1, self.kernel.rhs))
        facts.prove_identity(sp.Eq(difference, self.map, evaluate=False), [])
        local = facts.with_local()
        local.add("kernel", self.kernel)
        run_lines(self.lines, local, "kernel: ")
        for unknown in self.unknowns:
            image = substitute(self.embed[unknown], {self.parameter: self.recover})
            wanted = sp.Eq(unknown, image, evaluate=False)
            if not any(same(wanted, f) for f in local.all() if not isinstance(f, Forall)):
                raise ProofError(f"the lines do not reach {wanted}")
            facts.leaving(local, wanted)

    def describe(self) -> str:
        size = f"{self.parameter.shape[0]} x {self.parameter.shape[1]}"
        return f"rank-nullity: the kernel is parametrised by the {size} matrices"

    def inner(self) -> Sequence[Line]:
        return self.lines

    def theorems(self) -> list[str]:
        return [
            "vec of a product of three matrices (Roth 1934; Horn and Johnson 1991, Lemma 4.3.1)",
            "rank-nullity theorem (Horn and Johnson 2013, section 0.2.3)",
        ]


class TriangularRank(Justification):
    """A square matrix that is zero above the diagonal and nonzero on it has full rank: its determinant is the product
    of the diagonal (Horn and Johnson 2013, section 0.9.3). ``zero`` and ``diagonal`` name the two universal lines.
    """

    of: Any
    zero: str
    diagonal: str

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        n = self.of.shape[0]
        if n != self.of.shape[1]:
            raise ProofError(f"{self.of} is not square")
        i, j = integer_name("row", 0), integer_name("column", 0)
        above = Forall(index=j, low=i + 1, high=n, formula=sp.Eq(Entry(self.of, i, j), 0, evaluate=False))
        for name, low, high, wanted in (
            (self.zero, 1, n - 1, above),
            (self.diagonal, 1, n, sp.Gt(Entry(self.of, i, i), 0, evaluate=False)),
        ):
            if not same(facts[name], Forall(index=i, low=low, high=high, formula=wanted)):
                raise ProofError(f"{name} does not say {wanted} for {low} <= i <= {high}")
        return sp.Eq(Rank(self.of), n, evaluate=False)

    def describe(self) -> str:
        return "triangular with a nonzero diagonal, so the determinant is not zero"

    def theorems(self) -> list[str]:
        return ["determinant of a triangular matrix (Horn and Johnson 2013, section 0.9.3)"]
