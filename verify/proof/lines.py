"""Lines of a proof, and the checker: it believes nothing but the justifications."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence, Set
from typing import Any

import sympy as sp
from pydantic import BaseModel, ConfigDict, field_validator

from verify.formula.vocabulary import Rank
from verify.model.evidence import Step
from verify.model.statement import Assume, Index, Real, Size, Statement, symbols_of
from verify.proof.arithmetic import entails, is_scalar_relation
from verify.proof.errors import ProofError
from verify.proof.identities import canonical, inverted, prove_identity


class Node(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")


class Forall(Node):
    """``formula`` for every integer ``index`` from ``low`` to ``high`` (``oo`` for no upper end)."""

    index: sp.Symbol
    low: Any
    high: Any
    formula: Any

    _sympify = field_validator("low", "high", mode="before")(lambda v: sp.sympify(v))

    def at(self, value: Any) -> Any:
        return substitute(self.formula, {self.index: sp.sympify(value)})


Formula = Any
"""A sympy relation, or a :class:`Forall`."""


def substitute(formula: Any, mapping: Mapping[Any, Any]) -> Any:
    """Simultaneous replacement that leaves a relation a relation, unevaluated, and captures no bound name."""
    if isinstance(formula, Forall):
        clash = {formula.index} & set().union(mapping, *(symbols_of(sp.sympify(v)) for v in mapping.values()))
        if clash:
            raise ProofError(f"{formula.index} is bound in {formula}; use another name")
        return formula.model_copy(
            update={k: substitute(getattr(formula, k), mapping) for k in ("low", "high", "formula")}
        )
    if isinstance(formula, sp.Basic) and formula.has(sp.Sum, sp.Product):
        formula = canonical(formula)
    if isinstance(formula, sp.core.relational.Relational):
        return formula.func(formula.lhs.xreplace(dict(mapping)), formula.rhs.xreplace(dict(mapping)), evaluate=False)
    return sp.sympify(formula).xreplace(dict(mapping))


def same(a: Formula, b: Formula, depth: int = 0) -> bool:
    """Whether two formulas say the same up to ring axioms and bound names; >= is <= turned round."""
    if isinstance(a, Forall) and isinstance(b, Forall):
        fresh = sp.Symbol(f"_forall{depth}", integer=True)
        ends = all(x == y or sp.expand(x - y) == 0 for x, y in ((a.low, b.low), (a.high, b.high)))
        return ends and same(a.at(fresh), b.at(fresh), depth + 1)
    if isinstance(a, Forall) or isinstance(b, Forall):
        return False
    return _normal(a) == _normal(b)


def _normal(relation: Any) -> tuple[str, Any, Any]:
    relation = canonical(relation)
    left, right = relation.lhs, relation.rhs
    match relation:
        case sp.Ge():
            return "<=", right, left
        case sp.Gt():
            return "<", right, left
        case sp.Le():
            return "<=", left, right
        case sp.Lt():
            return "<", left, right
        case sp.Eq() | sp.Ne():
            first, second = sorted((left, right), key=sp.srepr)
            return ("=" if isinstance(relation, sp.Eq) else "!="), first, second
    raise ProofError(f"not a relation: {relation}")


class Facts:
    """What a line may use: the hypotheses of the statement, and the lines before it by name."""

    def __init__(
        self, given: Sequence[Formula], named: Mapping[str, Formula] | None = None, invertible: Set[Any] = frozenset()
    ) -> None:
        self.given = list(given)
        self.named = dict(named or {})
        self.invertible = set(invertible)

    def __getitem__(self, name: str) -> Formula:
        if name not in self.named:
            raise ProofError(f"no earlier line is called {name!r}; there are {', '.join(self.named) or 'none'}")
        return self.named[name]

    def all(self) -> list[Formula]:
        return [*self.given, *self.named.values()]

    def with_local(self, *formulas: Formula) -> Facts:
        return Facts([*self.given, *formulas], self.named, self.invertible)

    def add(self, name: str, formula: Formula) -> None:
        if name in self.named:
            raise ProofError(f"two lines are called {name!r}")
        self.named[name] = formula

    def require_invertible(self, matrix: Any) -> None:
        """Raises ProofError unless an inverse was exhibited for the matrix, or its rank is known to be full."""
        if canonical(matrix) not in self.invertible:
            rows = matrix.shape[0]
            self.require(sp.Eq(Rank(matrix), rows, evaluate=False), f"{matrix} must be invertible")

    def prove_identity(self, goal: Any, equalities: list[Any]) -> None:
        """Matrix algebra, after seeing to it that every inverse that occurs is one of an invertible matrix."""
        for matrix in inverted(goal, *equalities):
            self.require_invertible(matrix)
        prove_identity(goal, equalities)

    def require(self, premise: Formula, why: str) -> None:
        """Raises ProofError unless the premise is among the facts or follows from them by real arithmetic."""
        if any(same(premise, fact) for fact in self.all() if type(fact) is type(premise) or not _is_forall(fact)):
            return
        if is_scalar_relation(premise) and entails([f for f in self.all() if not _is_forall(f)], premise):
            return
        if not _is_forall(premise) and isinstance(premise, sp.Eq) and not is_scalar_relation(premise):
            self.prove_identity(premise, [f for f in self.all() if isinstance(f, sp.Eq) and not is_scalar_relation(f)])
            return
        raise ProofError(f"{why}: {premise} is not known and does not follow by arithmetic")


def _is_forall(formula: Formula) -> bool:
    return isinstance(formula, Forall)


class Justification(Node):
    """Why a line holds. ``conclude`` returns the formula that is justified, or raises ProofError.

    ``goal`` is what the line states, where it states something; a justification that can compute its conclusion ignores it,
    and the checker compares.
    """

    @abstractmethod
    def conclude(self, facts: Facts, goal: Formula | None) -> Formula: ...

    @abstractmethod
    def describe(self) -> str:
        """A few words for the reader."""

    def theorems(self) -> list[str]:
        """Named theorems with source that the line rests on."""
        return []

    def inner(self) -> Sequence[Line]:
        return ()


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
            concluded = line.by.conclude(facts, line.says)
            if line.says is not None and not same(concluded, line.says):
                raise ProofError(f"justified is {render(concluded)}, stated is {render(line.says)}")
        except ProofError as error:
            raise error if where and str(error).startswith(where) else ProofError(f"{here}: {error}") from error
        formula = concluded if line.says is None else line.says
        facts.add(line.name, formula)
        steps.append(Step(name=here, tex=render(formula), by=line.by.describe(), uses=line.by.theorems()))
    return steps


def render(formula: Formula) -> str:
    from verify.formula.printing import tex

    if isinstance(formula, Forall):
        end = "" if formula.high == sp.oo else rf" \le {tex(formula.high)}"
        return rf"{render(formula.formula)} \quad \text{{for all }} {tex(formula.low)} \le {tex(formula.index)}{end}"
    return tex(formula)


def check(derivation: Derivation, statement: Statement) -> tuple[list[Step], list[str]]:
    """The steps and the theorems used, if the derivation proves every conclusion of the statement.

    Raises ProofError naming the line that fails, or the conclusion that no line reaches.
    """
    facts = Facts(hypotheses(statement))
    steps = run_lines(derivation.lines, facts)
    for conclusion in statement.says:
        wanted = statement.expand(conclusion)
        if not any(same(wanted, f) for f in facts.all() if not _is_forall(f)):
            raise ProofError(f"no line says {render(wanted)}")
    used = sorted({t for line in _every(derivation.lines) for t in line.by.theorems()})
    return steps, used


def _every(lines: Sequence[Line]) -> list[Line]:
    return [inner for line in lines for inner in (line, *_every(line.by.inner()))]
