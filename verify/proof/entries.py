"""Equalities between entries of matrices: an entry is linear in its matrix, and transposing exchanges its indices."""

from __future__ import annotations

from typing import Any

import sympy as sp

from verify.formula.vocabulary import Entry
from verify.proof.arithmetic import is_scalar_relation
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Formula
from verify.proof.identities import Rules, canonical, to_expression, to_poly, transposed
from verify.proof.lines import Justification
from verify.proof.numbers import expanded


class EntryAlgebra(Justification):
    """An equality of numbers by the linearity of entries; the equalities named (and the hypotheses) are rules.

    (a A + b B)_ij = a A_ij + b B_ij, (A')_ij = A_ji, and a diagonal entry of the identity is 1.
    """

    using: tuple[str, ...] = ()

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        if not isinstance(goal, sp.Eq) or not is_scalar_relation(goal):
            raise ProofError(f"not an equality of numbers: {goal}")
        equalities = [facts[name] for name in self.using]
        equalities += [f for f in facts.given if isinstance(f, sp.Eq) and not is_scalar_relation(f)]
        facts.require_values(goal, *equalities)
        rules = Rules(equalities)
        difference = expanded(_number(goal.lhs, rules) - _number(goal.rhs, rules))
        if difference != 0:
            raise ProofError(f"the two sides differ by {difference}")
        return goal

    def describe(self) -> str:
        return "entries are linear" + (f", with {', '.join(self.using)}" if self.using else "")


def _number(e: Any, rules: Rules) -> Any:
    match e:
        case Entry():
            m, i, j = e.args
            return _entry(m, i, j, rules)
        case sp.Add() | sp.Mul():
            return expanded(e.func(*(_number(a, rules) for a in e.args)))
        case sp.Pow() if e.exp.is_Integer and e.exp.is_positive:
            return expanded(_number(e.base, rules) ** e.exp)
    return canonical(e)


def _entry(m: Any, i: Any, j: Any, rules: Rules) -> Any:
    total = sp.S.Zero
    diagonal = expanded(i - j) == 0
    for word, coefficient in rules.reduce(to_poly(m)).items():
        if not word:
            entry: Any = sp.S.One if diagonal else Entry(sp.Identity(m.shape[0]), i, j)
        else:
            (turned,) = transposed({word: sp.S.One})
            (first, a, b), *_ = sorted(((word, i, j), (turned, j, i)), key=lambda t: [str(x) for x in (*t[0], t[1])])
            shape = (first[0].shape[0], first[-1].shape[1])
            entry = Entry(to_expression({first: sp.S.One}, shape), a, b)
        total += _number(coefficient, rules) * entry
    return expanded(total)


__all__ = ["EntryAlgebra"]
