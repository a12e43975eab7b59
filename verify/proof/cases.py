"""Case distinction: one relation between numbers holds or its opposite does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from verify.proof.arithmetic import contradictory, is_scalar_relation, no_value
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Formula, render, same
from verify.proof.lines import Justification, Line, run_lines

OPPOSITE = {sp.Le: sp.Gt, sp.Lt: sp.Ge, sp.Ge: sp.Lt, sp.Gt: sp.Le, sp.Eq: sp.Ne, sp.Ne: sp.Eq}


class Cases(Justification):
    """The line holds where ``on`` does, by the lines ``yes``, and where it does not, by the lines ``no``.

    A case whose facts contradict each other does not occur. What is chosen in a case is not spoken of outside.
    """

    on: Any
    yes: tuple[Line, ...]
    no: tuple[Line, ...]

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        if goal is None:
            raise ProofError("a case distinction must say what it shows")
        if type(self.on) not in OPPOSITE or not is_scalar_relation(self.on):
            raise ProofError(f"cases are told by a relation between numbers, not by {self.on}")
        valueless = no_value(facts.all(), self.on)
        if valueless:
            raise ProofError(valueless)
        opposite = OPPOSITE[type(self.on)](self.on.lhs, self.on.rhs, evaluate=False)
        for case, lines in ((self.on, self.yes), (opposite, self.no)):
            self._check(case, lines, facts, goal)
        return goal

    @staticmethod
    def _check(case: Any, lines: Sequence[Line], facts: Facts, goal: Formula) -> None:
        local = facts.with_local(case)
        run_lines(lines, local, f"where {render(case)}: ")
        facts.leaving(local, goal)
        if not any(same(goal, f) for f in local.all()) and not contradictory(local.all()):
            raise ProofError(f"the case {render(case)} does not reach {render(goal)}")

    def describe(self) -> str:
        shown = [f"{render(self.on)}: {'; '.join(line.by.describe() for line in self.yes) or 'at once'}"]
        shown.append(f"otherwise: {'; '.join(line.by.describe() for line in self.no) or 'at once'}")
        return f"by cases ({'. '.join(shown)})"

    def inner(self) -> Sequence[Line]:
        return (*self.yes, *self.no)


__all__ = ["Cases"]
