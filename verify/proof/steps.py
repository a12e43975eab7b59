"""The justifications: matrix algebra, real arithmetic, theorems, quantifiers, induction, sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from sympy.matrices.expressions import Inverse, MatMul

from verify.model.statement import symbols_of
from verify.proof.arithmetic import entails, is_scalar_relation
from verify.proof.binding import rewritten
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Forall, Formula, same
from verify.proof.identities import canonical, prove_identity, require_square
from verify.proof.lines import Justification, Line, run_lines
from verify.proof.theorems import LIBRARY, NamedTheorem, instantiate


class MatrixAlgebra(Justification):
    """An equality of matrices by the ring axioms, with the equalities named (and the hypotheses) as rewriting rules."""

    using: tuple[str, ...] = ()
    from_hypotheses: bool = True

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        rules = [facts[name] for name in self.using]
        if self.from_hypotheses:
            rules += [f for f in facts.given if isinstance(f, sp.Eq) and not is_scalar_relation(f)]
        facts.prove_identity(goal, rules)
        return goal

    def describe(self) -> str:
        return "matrix algebra" + (f" with {', '.join(self.using)}" if self.using else "")


class InverseIs(Justification):
    """``Inverse(M) = N`` because M N = I and N M = I by matrix algebra."""

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        if not (isinstance(goal, sp.Eq) and isinstance(goal.lhs, Inverse)):
            raise ProofError(f"not of the form Inverse(M) = N: {goal}")
        m, n = goal.lhs.arg, goal.rhs
        require_square(m)
        rules = [f for f in facts.given if isinstance(f, sp.Eq) and not is_scalar_relation(f)]
        one = sp.Identity(m.shape[0])
        facts.require_values(*rules, sp.Eq(n, n, evaluate=False), sp.Eq(m, m, evaluate=False))
        for product in (MatMul(m, n), MatMul(n, m)):  # not m * n, which sympy simplifies by inverses that may not exist
            prove_identity(sp.Eq(product, one, evaluate=False), rules)
        facts.invertible.add(canonical(m))
        return goal

    def describe(self) -> str:
        return "both products are the identity"


class Arithmetic(Justification):
    """Real arithmetic from the hypotheses and the lines named (all lines so far, where none is named)."""

    using: tuple[str, ...] | None = None

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        known = facts.all() if self.using is None else [*facts.given, *(facts[name] for name in self.using)]
        if not entails(known, goal):
            raise ProofError(f"{goal} does not follow by real arithmetic")
        return goal

    def describe(self) -> str:
        return "real arithmetic" + (f" from {', '.join(self.using)}" if self.using else "")


class Hypothesis(Justification):
    """The line is one of the hypotheses, or follows from them by real arithmetic."""

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        Facts(facts.given).require(goal, "not a hypothesis")
        return goal

    def describe(self) -> str:
        return "hypothesis"


class Apply(Justification):
    """An instance of a named theorem; its premises must be known or follow by arithmetic."""

    theorem: str
    to: Mapping[str, Any]

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        theorem = self._theorem()
        premises, conclusion = instantiate(theorem, self.to)
        for premise in premises:
            facts.require(premise, f"premise of {theorem.name}")
        return conclusion

    def _theorem(self) -> NamedTheorem:
        if self.theorem not in LIBRARY:
            raise ProofError(f"no theorem is called {self.theorem!r}; known: {', '.join(sorted(LIBRARY))}")
        return LIBRARY[self.theorem]

    def describe(self) -> str:
        return self._theorem().name

    def put_in(self) -> Sequence[Any]:
        return [sp.sympify(value) for value in self.to.values()]

    def theorems(self) -> list[str]:
        theorem = self._theorem()
        return [f"{theorem.name} ({theorem.source})"]


class Rewrite(Justification):
    """The line ``target`` with one side of the equality ``equation`` replaced by the other."""

    target: str
    equation: str

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        equation, target = canonical(facts[self.equation]), canonical(facts[self.target])
        if not isinstance(equation, sp.Eq) or isinstance(target, Forall):
            raise ProofError(f"{self.equation} must be an equality, and {self.target} no universal line")
        left, right = equation.lhs, equation.rhs
        if goal is None:
            return rewritten(target, left, right)
        for old, new in ((left, right), (right, left)):
            if same(rewritten(target, old, new), goal):
                return goal
        raise ProofError(f"replacing in {self.target} by {self.equation} does not give {goal}")

    def describe(self) -> str:
        return f"{self.target}, rewritten by {self.equation}"


class Congruence(Justification):
    """``f(X) = f(Y)`` from the line ``equation`` that says X = Y."""

    equation: str

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        equation = canonical(facts[self.equation])
        if not (isinstance(equation, sp.Eq) and isinstance(goal, sp.Eq)):
            raise ProofError(f"{self.equation} and {goal} must be equalities")
        facts.require_values(goal)
        left, right = canonical(goal.lhs), canonical(goal.rhs)
        for a, b in ((equation.lhs, equation.rhs), (equation.rhs, equation.lhs)):
            if canonical(rewritten(left, a, b)) == right:
                return goal
        raise ProofError(f"replacing by {self.equation} in {goal.lhs} does not give {goal.rhs}")

    def describe(self) -> str:
        return f"equal arguments, by {self.equation}"


class ForEach(Justification):
    """``Forall`` by a proof for an arbitrary index: the index must not occur in what is known already."""

    index: sp.Symbol
    low: Any
    high: Any
    lines: tuple[Line, ...]

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        facts.require_arbitrary(self.index)
        _require_ends(self.index, self.low, self.high)
        if not self.lines:
            raise ProofError("there is no line to prove anything for each index")
        ends = [sp.Le(self.low, self.index, evaluate=False)]
        if self.high != sp.oo:
            ends.append(sp.Le(self.index, self.high, evaluate=False))
        local = facts.with_local(*ends)
        run_lines(self.lines, local)
        shown = facts.leaving(local, local[self.lines[-1].name])
        return Forall(index=self.index, low=self.low, high=self.high, formula=shown)

    def describe(self) -> str:
        return "for each index: " + "; ".join(line.by.describe() for line in self.lines)

    def inner(self) -> Sequence[Line]:
        return self.lines


class Instance(Justification):
    """A universal line at one value, which must lie in its range."""

    of: str
    at: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        general = facts[self.of]
        if not isinstance(general, Forall):
            raise ProofError(f"{self.of} is not a universal line")
        facts.require(sp.Le(general.low, self.at, evaluate=False), f"{self.of} at {self.at}")
        if general.high != sp.oo:
            facts.require(sp.Le(self.at, general.high, evaluate=False), f"{self.of} at {self.at}")
        return general.at(self.at)

    def put_in(self) -> Sequence[Any]:
        return [sp.sympify(self.at)]

    def describe(self) -> str:
        return f"{self.of} at {self.at}"


class Induction(Justification):
    """Induction on an integer from ``start`` (to ``stop``): the base lines reach the case ``start``, the step lines the
    case index + 1.

    In the step the case ``index`` is the fact called ``hypothesis``. Nothing is assumed of signs: every line of the
    step is justified like any other.
    """

    index: sp.Symbol
    start: Any
    formula: Any
    base: tuple[Line, ...]
    step: tuple[Line, ...]
    stop: Any = sp.oo

    def put_in(self) -> Sequence[Any]:
        return (sp.sympify(self.start), sp.sympify(self.stop))  # the formula speaks of an index in a range

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        facts.require_arbitrary(self.index)
        _require_ends(self.index, self.start, self.stop)
        general = Forall(index=self.index, low=self.start, high=self.stop, formula=self.formula)
        base = facts.with_local()
        run_lines(self.base, base, "base: ")
        facts.leaving(base, self._reached(base, general.at(self.start), "base"))
        ends = [sp.Le(self.start, self.index, evaluate=False)]
        if self.stop != sp.oo:
            ends.append(sp.Le(self.index + 1, self.stop, evaluate=False))
        step = facts.with_local(*ends)
        step.add("hypothesis", self.formula)
        run_lines(self.step, step, "step: ")
        facts.leaving(step, self._reached(step, general.at(self.index + 1), "step"))
        return general

    @staticmethod
    def _reached(facts: Facts, wanted: Formula, where: str) -> Formula:
        if not any(same(wanted, f) for f in facts.all() if not isinstance(f, Forall)):
            raise ProofError(f"the {where} of the induction does not reach {wanted}")
        return wanted

    def describe(self) -> str:
        parts = [*(f"base: {x.by.describe()}" for x in self.base), *(f"step: {x.by.describe()}" for x in self.step)]
        return f"induction on {self.index} from {self.start} ({'; '.join(parts)})"

    def inner(self) -> Sequence[Line]:
        return (*self.base, *self.step)


def _require_ends(index: sp.Symbol, low: Any, high: Any) -> None:
    """Raises ProofError unless the ends are numbers that do not depend on the index.

    The lower end must be an integer: an induction that starts at 1/2 never meets one.
    """
    if index in symbols_of(low) | symbols_of(high):
        raise ProofError(f"the range {low} to {high} depends on its index {index}")
    if not sp.sympify(low).is_integer or (high != sp.oo and not sp.sympify(high).is_integer):
        raise ProofError(f"the ends of the range {low} to {high} must be integers")


__all__ = [
    "Apply",
    "Arithmetic",
    "Congruence",
    "ForEach",
    "Forall",
    "Hypothesis",
    "Induction",
    "Instance",
    "InverseIs",
    "Line",
    "MatrixAlgebra",
    "Rewrite",
]
