"""Lines of a proof, and the checker: it believes nothing but the justifications."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sympy as sp
import z3
from sympy.core.relational import Relational

from verify.formula.typing import check as ill_typed
from verify.model.evidence import Step
from verify.model.statement import Assume, Index, Real, Size, Statement
from verify.proof.arithmetic import require_consistent
from verify.proof.errors import ProofError
from verify.proof.existence import require_written
from verify.proof.facts import Facts
from verify.proof.formulas import Forall, Formula, Node, render, require_well_formed, same

MALFORMED = (ArithmeticError, AttributeError, LookupError, NotImplementedError, RecursionError, TypeError, ValueError)
"""What sympy, z3 and the vocabulary raise on expressions that make no sense: the proof's fault, not the reader's."""


class Justification(Node):
    """Why a line holds. ``conclude`` returns the formula that is justified, or raises ProofError.

    ``goal`` is what the line states, where it states something; a justification that can compute its conclusion ignores
    it, and the checker compares.
    """

    @abstractmethod
    def conclude(self, facts: Facts, goal: Formula | None) -> Formula: ...

    @abstractmethod
    def describe(self) -> str:
        """A few words for the reader."""

    def further(self) -> Mapping[str, Formula]:
        """What the line establishes beside its formula, by name: line ``x`` makes it known as ``x.name``."""
        return {}

    def put_in(self) -> Sequence[Any]:
        """Expressions that the author chose and the rule computes with: it holds where these have values."""
        return [e for _, field in self for e in _expressions(field)]

    def theorems(self) -> list[str]:
        """Named theorems with source that the line rests on."""
        return []

    def inner(self) -> Sequence[Line]:
        return ()


def _expressions(field: Any) -> Iterator[Any]:
    if isinstance(field, sp.Basic):
        yield field
    elif isinstance(field, (list, tuple, Mapping)):
        for inside in field.values() if isinstance(field, Mapping) else field:
            yield from _expressions(inside)


class Line(Node):
    name: str
    by: Justification
    says: Any = None


class Derivation(Node):
    """A proof of a statement: lines in order. What the statement concludes must be among the lines."""

    lines: tuple[Line, ...]


def hypotheses(statement: Statement) -> list[Formula]:
    """The facts that a statement's declarations give: ranges, sizes, assumptions. Abbreviations are expanded."""
    out: list[Formula] = []
    for line in statement.given:
        match line:
            case Size(symbol=s, low=low):
                out.append(sp.Ge(s, low, evaluate=False))
            case Index(symbol=s, low=low, high=high):
                out += [sp.Le(low, s, evaluate=False), sp.Le(s, high, evaluate=False)]
            case Real(symbol=s, low=low, high=high, open=strict):
                relation = sp.Lt if strict else sp.Le
                out += [relation(low, s, evaluate=False)] if low is not None else []
                out += [relation(s, high, evaluate=False)] if high is not None else []
            case Assume(formula=formula):
                out.append(formula)
    return [statement.expand(f) for f in out]


def run_lines(lines: Sequence[Line], facts: Facts, where: str = "") -> list[Step]:
    """Checks the lines in order, adding each to ``facts``. Raises ProofError naming the first that fails."""
    steps: list[Step] = []
    for line in lines:
        here = f"{where}{line.name}"
        try:
            formula = _justified(line, facts)
            further = dict(line.by.further())
            for beside in further.values():
                require_well_formed(beside)
            shown = r", \quad ".join(map(render, (formula, *further.values())))
        except ProofError as error:
            raise error if where and str(error).startswith(where) else ProofError(f"{here}: {error}") from error
        except (*MALFORMED, z3.Z3Exception) as error:
            raise ProofError(f"{here}: the line makes no sense: {type(error).__name__}: {error}") from error
        facts.add(line.name, formula)
        for name, beside in further.items():
            facts.add(f"{line.name}.{name}", beside)
        steps.append(Step(name=here, tex=shown, by=line.by.describe(), uses=line.by.theorems()))
    return steps


def _justified(line: Line, facts: Facts) -> Formula:
    if line.says is not None:
        require_well_formed(line.says)
    written = [*line.by.put_in(), *([] if line.says is None else _sides(line.says))]
    for expression in written:
        require_written(expression)
    for chosen in line.by.put_in():
        relation = isinstance(chosen, Relational)
        facts.require_values(chosen if relation else sp.Eq(chosen, chosen, evaluate=False))
    concluded = line.by.conclude(facts, line.says)
    require_well_formed(concluded)
    facts.require_matrices(*written, *([] if isinstance(concluded, Forall) else [concluded]))
    if line.says is not None and not same(concluded, line.says):
        raise ProofError(f"justified is {render(concluded)}, stated is {render(line.says)}")
    return concluded if line.says is None else line.says


def _sides(formula: Formula) -> list[Any]:
    """The expressions of which a stated formula is made, but for what it says of each index of a range."""
    return [formula.low, formula.high] if isinstance(formula, Forall) else [formula]


def derive(derivation: Derivation, statement: Statement) -> tuple[list[Step], Facts]:
    """The steps, and all that they establish under the statement's hypotheses.

    Raises ProofError naming the bad line; also where the statement does not type-check, or its hypotheses contradict
    each other.
    """
    wrong = ill_typed(statement)
    if wrong:
        raise ProofError(f"the statement does not type-check: {wrong[0]}")
    declared = {line.introduces for line in statement.given if line.introduces is not None}
    facts = Facts(hypotheses(statement), names=declared)
    require_consistent(facts.given)
    return run_lines(derivation.lines, facts), facts


def missing(facts: Facts, statement: Statement) -> Formula | None:
    """The first conclusion of the statement that is not among the facts; None where all are.

    One that has a value only where something holds that the facts do not say is not among them.
    """
    known = [f for f in facts.all() if not isinstance(f, Forall)]
    for conclusion in map(statement.expand, statement.says):
        if not any(same(conclusion, f) for f in known) or facts.valueless(conclusion):
            return conclusion
    return None


def check(derivation: Derivation, statement: Statement) -> tuple[list[Step], list[str]]:
    """The steps and the theorems used, if the derivation proves every conclusion of the statement.

    Raises ProofError naming the line that fails, or the conclusion that no line reaches.
    """
    steps, facts = derive(derivation, statement)
    unproved = missing(facts, statement)
    if unproved is not None:
        raise ProofError(facts.valueless(unproved) or f"no line says {render(unproved)}")
    used = sorted({t for line in _every(derivation.lines) for t in line.by.theorems()})
    return steps, used


def _every(lines: Sequence[Line]) -> list[Line]:
    return [inner for line in lines for inner in (line, *_every(line.by.inner()))]
