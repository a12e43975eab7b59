"""A function that does not fall, because its derivative is not negative."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from verify.model.statement import symbols_of
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Forall, Formula, free_symbols, same
from verify.proof.lines import Justification, Line, run_lines


class Monotone(Justification):
    """``f(at) >= f(low)`` for ``at >= low``, where the lines show ``f' >= 0`` at any number from ``low`` on.

    f is made of the variable, rational numbers, sums, products, whole powers and exponentials, so that it is
    differentiable everywhere and no part of it lacks a value. Rudin 1976, Theorem 5.11 (mean value theorem).
    """

    f: Any
    variable: Any
    low: Any
    at: Any
    lines: tuple[Line, ...]

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        f, t, low, at = sp.sympify(self.f), self.variable, sp.sympify(self.low), sp.sympify(self.at)
        self._require_arbitrary(facts)
        _require_smooth(f, t)
        if not low.is_Rational:
            raise ProofError(f"the function is followed from a rational number on, not from {low}")
        if getattr(at, "is_Matrix", False) or not at.is_extended_real or t in symbols_of(at):
            raise ProofError(f"{at} is not a real number chosen without {t}")
        facts.require(sp.Ge(at, low, evaluate=False), f"the place {at}")
        local = facts.with_local(sp.Ge(t, low, evaluate=False))
        run_lines(self.lines, local, "slope: ")
        slope = sp.Ge(sp.diff(f, t), 0, evaluate=False)
        if not any(same(slope, known) for known in local.all() if not isinstance(known, Forall)):
            raise ProofError(f"the lines do not reach {slope}")
        facts.leaving(local, slope)
        return sp.Ge(f.xreplace({t: at}), f.xreplace({t: low}), evaluate=False)

    def _require_arbitrary(self, facts: Facts) -> None:
        t = self.variable
        if not isinstance(t, sp.Symbol) or t != sp.Symbol(t.name, real=True):
            raise ProofError(f"{t} is not a mere real symbol; make it with scalars({str(t)!r})")
        for fact in facts.all():
            if t in free_symbols(fact):
                raise ProofError(f"{t} is not arbitrary here: it occurs in {fact}; use a fresh symbol")
        if any(str(t) == str(s) for s in facts.names):
            raise ProofError(f"{t} is not arbitrary here: a symbol of that name is declared; use a fresh symbol")

    def describe(self) -> str:
        return "the derivative is not negative (Rudin 1976, Theorem 5.11)"

    def inner(self) -> Sequence[Line]:
        return self.lines

    def theorems(self) -> list[str]:
        return ["a function whose derivative is not negative does not fall (Rudin 1976, Theorem 5.11)"]


def _require_smooth(f: Any, t: sp.Symbol) -> None:
    """Raises ProofError for anything that might not be differentiable, or might have no value, somewhere."""
    if f == t or f.is_Rational:
        return
    whole = f.is_Pow and f.exp.is_Integer and f.exp >= 0
    if not (isinstance(f, sp.Add | sp.Mul | sp.exp) or whole):
        raise ProofError(f"{f} is not known to be differentiable everywhere")
    for part in f.args[:1] if whole else f.args:
        _require_smooth(part, t)


__all__ = ["Monotone"]
