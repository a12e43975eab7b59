"""Powers with a symbolic exponent, of a number or of a square matrix: one factor taken out."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions import MatMul, MatPow

from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Formula
from verify.proof.identities import require_square
from verify.proof.lines import Justification
from verify.proof.numbers import expanded


class PowerStep(Justification):
    """``base^(exponent + 1) = base^exponent base``, for an integer exponent that is known not to be negative.

    Without that the right side may have no value: zero and a singular matrix have no inverse. For a number the right
    side is multiplied out, since sympy would join the two factors again.
    """

    base: Any
    exponent: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        exponent = sp.sympify(self.exponent)
        if not exponent.is_integer:
            raise ProofError(f"the exponent {exponent} is not known to be an integer")
        facts.require(sp.Ge(exponent, 0, evaluate=False), f"exponent {exponent}")
        if getattr(self.base, "is_Matrix", False):
            require_square(self.base)
            apart = MatMul(MatPow(self.base, exponent), self.base)  # not *, which joins the two again
            return sp.Eq(MatPow(self.base, exponent + 1), apart, evaluate=False)
        power = sp.Dummy("power", real=True)
        apart = expanded(power * expanded(self.base)).xreplace({power: self.base**exponent})
        return sp.Eq(self.base ** (exponent + 1), apart, evaluate=False)

    def describe(self) -> str:
        return "one factor of the power apart"


__all__ = ["PowerStep"]
