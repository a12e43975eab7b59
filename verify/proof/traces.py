"""Equalities between numbers made of traces and squared Frobenius norms, with symbolic sizes.

A trace is linear, does not change when its product is rotated or transposed, and the trace of the identity is its
order; |M|^2 = tr(M'M). Every trace becomes a combination of traces of words, each in one fixed rotation; matrix
equalities that are known rewrite the words, in every rotation. A word with inner sizes of one is a product of numbers:
the trace of u v'A u v' is that of v'A u times that of v'u.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions import MatMul, MatrixExpr, Transpose

from verify.formula.vocabulary import FrobeniusNorm
from verify.proof.arithmetic import is_scalar_relation
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Formula
from verify.proof.identities import Poly, Rules, Word, canonical, require_square, to_expression, to_poly, transposed
from verify.proof.lines import Justification
from verify.proof.numbers import expanded

TURNS = 200
"""Rewritings of one trace before it is given up: a rule that lengthens its product may go on for ever."""


def rotations(word: Word) -> list[Word]:
    return [word[k:] + word[:k] for k in range(len(word))]


def representative(word: Word) -> Word:
    """The same of all words whose traces are equal by rotation and transposition."""
    (turned,) = transposed({word: sp.S.One})
    return min((*rotations(word), *rotations(turned)), key=lambda w: [str(a) for a in w])


def pieces(word: Word) -> list[Word]:
    """The factors of the trace of a cyclic word: cut where the inner size is one, each piece is a number."""
    cuts = [k for k, atom in enumerate(word) if atom.shape[0] == 1]
    if not cuts:
        return [word]
    turned = word[cuts[0] :] + word[: cuts[0]]
    starts = [k for k, atom in enumerate(turned) if atom.shape[0] == 1]
    return [turned[a:b] for a, b in zip(starts, [*starts[1:], len(turned)], strict=True)]


class TraceForm:
    """Normal forms of traces under the rules."""

    def __init__(self, equalities: list[Any]) -> None:
        self.rules = Rules(equalities)

    def trace(self, m: MatrixExpr) -> sp.Expr:
        require_square(m)
        total = sp.S.Zero
        todo = [(w, c, m.shape[0]) for w, c in self.rules.reduce(to_poly(m)).items()]
        for _ in range(TURNS):
            if not todo:
                return expanded(total)
            word, coefficient, order = todo.pop()
            if not word:
                total += self.of(coefficient) * canonical(order)
                continue
            turned = self._turned(word)
            if turned is None:
                total += self.of(coefficient) * sp.Mul(*map(self._atom, pieces(word)))
            else:
                poly, rows = turned
                todo += [(w, coefficient * c, rows) for w, c in poly.items()]
        raise ProofError("rewriting traces does not end with these rules; orient them otherwise")

    @staticmethod
    def _atom(word: Word) -> sp.Expr:
        word = representative(word)
        return sp.Trace(to_expression({word: sp.S.One}, (word[0].shape[0], word[-1].shape[1])))

    def _turned(self, word: Word) -> tuple[Poly, Any] | None:
        """The first rotation to which a rule applies, rewritten, with its order; None where there is none."""
        for turned in rotations(word):
            reduced = self.rules.reduce({turned: sp.S.One})
            if reduced != {turned: sp.S.One}:
                return reduced, turned[0].shape[0]
        return None

    def of(self, e: Any) -> Any:
        """A scalar expression with every trace and every squared Frobenius norm in normal form."""
        e = sp.sympify(e)
        match e:
            case sp.Trace():
                return self.trace(e.arg)
            case sp.Pow(base=FrobeniusNorm()) if e.exp.is_Integer and e.exp.is_even and e.exp.is_positive:
                m = e.base.args[0]
                return expanded(self.trace(MatMul(Transpose(m), m)) ** (e.exp / 2))
            case sp.Add() | sp.Mul():
                return expanded(e.func(*map(self.of, e.args)))
            case sp.Pow() if e.exp.is_Integer and e.exp.is_positive:
                return expanded(self.of(e.base) ** e.exp)
        return canonical(e)


class TraceAlgebra(Justification):
    """An equality of numbers by the laws of traces, with the matrix equalities named (and the hypotheses) as rules."""

    using: tuple[str, ...] = ()

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        if not isinstance(goal, sp.Eq) or not is_scalar_relation(goal):
            raise ProofError(f"not an equality of numbers: {goal}")
        rules = [facts[name] for name in self.using]
        rules += [f for f in facts.given if isinstance(f, sp.Eq) and not is_scalar_relation(f)]
        facts.require_values(goal, *rules)
        form = TraceForm(rules)
        difference = expanded(form.of(goal.lhs) - form.of(goal.rhs))
        if difference != 0:
            raise ProofError(f"the two sides differ by {difference}")
        return goal

    def describe(self) -> str:
        return "laws of the trace" + (f" with {', '.join(self.using)}" if self.using else "")


__all__ = ["TraceAlgebra", "TraceForm"]
