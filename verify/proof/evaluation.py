"""Relations between numbers without a symbol, decided by computing both sides: exactly, or in balls."""

from __future__ import annotations

from typing import Any

from verify.formula.assignment import Assignment
from verify.formula.decide import Truth, decide
from verify.formula.vocabulary import FormulaError
from verify.model.statement import symbols_of
from verify.proof.arithmetic import is_scalar_relation
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Formula
from verify.proof.lines import Justification

MOST_BITS = 256


class Evaluation(Justification):
    """The line relates two numbers in which nothing is left open, such as ``log(2) > 0`` or a sum of given length.

    Both sides are enclosed at rising precision, or computed exactly; there is no tolerance, and two sides that are
    not told apart prove nothing.
    """

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        if not is_scalar_relation(goal):
            raise ProofError(f"not a relation between numbers: {goal}")
        open_symbols = symbols_of(goal)
        if open_symbols:
            names = ", ".join(sorted(map(str, open_symbols)))
            raise ProofError(f"{goal} leaves {names} open; only numbers can be computed")
        decision = _decided(goal)
        if decision.truth is not Truth.TRUE:
            why = f" ({decision.reason})" if decision.reason else ""
            raise ProofError(f"{goal} is {decision.truth.value}{why}")
        return goal

    def describe(self) -> str:
        return "computed"


def _decided(goal: Any) -> Any:
    try:
        return decide(goal, Assignment({}), max_bits=MOST_BITS)
    except FormulaError as error:
        raise ProofError(f"{goal} cannot be computed: {error}") from error


__all__ = ["Evaluation"]
