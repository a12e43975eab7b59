"""Lines of a proof, and the checker: it believes nothing but the justifications."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import sympy as sp
import z3
from pydantic import BaseModel, ConfigDict, field_validator
from sympy.core.relational import Relational

from verify.formula.printing import tex
from verify.formula.typing import check as ill_typed
from verify.formula.vocabulary import Rank
from verify.model.evidence import Step
from verify.model.statement import Assume, Index, Real, Size, Statement, symbols_of
from verify.proof.arithmetic import entails, is_scalar_relation, no_value, require_consistent
from verify.proof.binding import integer_name, is_plain_index, readable, replaced
from verify.proof.errors import ProofError
from verify.proof.existence import no_value_at, require_sizes, require_written
from verify.proof.identities import canonical, inverted, prove_identity, require_square, same_size
from verify.proof.numbers import expanded

MALFORMED = (ArithmeticError, AttributeError, LookupError, NotImplementedError, RecursionError, TypeError, ValueError)
"""What sympy, z3 and the vocabulary raise on expressions that make no sense: the proof's fault, not the reader's."""
RELATIONS = (sp.Eq, sp.Ne, sp.Le, sp.Lt, sp.Ge, sp.Gt)


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
        value = sp.sympify(value)
        if not value.is_integer:
            raise ProofError(f"{value} is not known to be an integer, as {self.index} is")
        return substitute(self.formula, {self.index: value})


Formula = Any
"""A sympy relation, or a :class:`Forall`."""


def substitute(formula: Any, mapping: Mapping[Any, Any]) -> Any:
    """Simultaneous replacement that leaves a relation a relation, unevaluated, and captures no bound name."""
    mapping = {k: sp.sympify(v) for k, v in mapping.items()}
    if isinstance(formula, Forall):
        if formula.index in set().union(*(symbols_of(e) for pair in mapping.items() for e in pair)):
            raise ProofError(f"{formula.index} is bound in {formula}; use another name")
        return formula.model_copy(
            update={k: substitute(getattr(formula, k), mapping) for k in ("low", "high", "formula")}
        )
    return replaced(sp.sympify(formula), mapping)


def free_symbols(formula: Formula) -> set[Any]:
    if isinstance(formula, Forall):
        ends = symbols_of(formula.low) | symbols_of(formula.high)
        return ends | (free_symbols(formula.formula) - {formula.index})
    return symbols_of(formula)


def same(a: Formula, b: Formula, depth: int = 0) -> bool:
    """Whether two formulas say the same up to ring axioms and bound names; >= is <= turned round."""
    if isinstance(a, Forall) and isinstance(b, Forall):
        fresh = integer_name("forall", depth)
        ends = all(x == y or expanded(x - y) == 0 for x, y in ((a.low, b.low), (a.high, b.high)))
        return ends and same(a.at(fresh), b.at(fresh), depth + 1)
    if isinstance(a, Forall) or isinstance(b, Forall):
        return False
    return _normal(a) == _normal(b)


def _normal(relation: Any) -> tuple[str, Any, Any]:
    relation = canonical(relation)
    if not isinstance(relation, Relational):
        raise ProofError(f"not a relation: {relation}")
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
    """What a line may use: the hypotheses of the statement, and the lines before it by name.

    ``names`` are the symbols that stand for something already, ``chosen`` those among them that a line of the proof
    introduced for an object that exists. Such an object may depend on all that is fixed in its scope, so no formula
    that speaks of it leaves the scope.
    """

    def __init__(
        self,
        given: Sequence[Formula],
        named: Mapping[str, Formula] | None = None,
        invertible: Set[Any] = frozenset(),
        names: Set[Any] = frozenset(),
        chosen: Set[Any] = frozenset(),
        meanings: Mapping[Any, Any] | None = None,
    ) -> None:
        self.given = list(given)
        self.named = dict(named or {})
        self.invertible = set(invertible)
        self.names = set(names)
        self.chosen = set(chosen)
        self.meanings = dict(meanings or {})
        """What a chosen symbol stands for, beyond what formulas say of it: see :mod:`verify.proof.frames`."""

    def __getitem__(self, name: str) -> Formula:
        if name not in self.named:
            raise ProofError(f"no earlier line is called {name!r}; there are {', '.join(self.named) or 'none'}")
        return self.named[name]

    def all(self) -> list[Formula]:
        return [*self.given, *self.named.values()]

    def with_local(self, *formulas: Formula) -> Facts:
        return Facts([*self.given, *formulas], self.named, self.invertible, self.names, self.chosen, self.meanings)

    def choose(self, symbol: Any) -> None:
        """Introduces a symbol for an object that exists. Raises ProofError where the symbol means something already."""
        taken = self.names.union(*(free_symbols(f) for f in self.all()))
        if symbol in taken or any(str(symbol) == str(s) for s in taken):
            raise ProofError(f"{symbol} is in use already; choose another name")
        self.names.add(symbol)
        self.chosen.add(symbol)

    def require_arbitrary(self, index: Any) -> None:
        """Raises ProofError unless the symbol may be any integer: nothing assumed of it, nothing known."""
        if not is_plain_index(index) or isinstance(index, sp.Dummy):
            raise ProofError(f"{index} is not a mere integer symbol; make it with indices({str(index)!r})")
        for fact in self.all():
            if index in free_symbols(fact):
                raise ProofError(f"{index} is not arbitrary here: it occurs in {fact}; use a fresh index")
        if any(str(index) == str(s) for s in self.names):
            raise ProofError(f"{index} is not arbitrary here: a symbol of that name is declared; use a fresh index")

    def leaving(self, local: Facts, formula: Formula) -> Formula:
        """``formula``, shown in the scope ``local``, as a fact here. Raises ProofError where it names one chosen."""
        escaped = (local.chosen - self.chosen) & free_symbols(formula)
        if escaped:
            raise ProofError(f"{', '.join(map(str, escaped))} was chosen for one case and may differ in another")
        return formula

    def add(self, name: str, formula: Formula) -> None:
        if name in self.named:
            raise ProofError(f"two lines are called {name!r}")
        self.named[name] = formula

    def require_invertible(self, matrix: Any) -> None:
        """Raises ProofError unless an inverse was exhibited for the matrix, or its rank is known to be full."""
        if canonical(matrix) not in self.invertible:
            require_square(matrix)
            rows = matrix.shape[0]
            self.require(sp.Eq(Rank(matrix), rows, evaluate=False), f"{matrix} must be invertible")

    def prove_identity(self, goal: Any, equalities: list[Any]) -> None:
        """Matrix algebra, after seeing to it that every inverse that occurs is one of an invertible matrix."""
        self.require_values(goal, *equalities)
        prove_identity(goal, equalities)

    def require_values(self, *formulas: Any) -> None:
        """Raises ProofError for an inverse, division, root or logarithm in an equality that may have no value."""
        for matrix in inverted(*formulas, nonnegative=self.knows_nonnegative):
            self.require_invertible(matrix)
        for formula in formulas:
            valueless = no_value(self.all(), formula)
            if valueless:
                raise ProofError(valueless)

    def knows_nonnegative(self, number: Any) -> bool:
        """Whether the facts between numbers say that ``number`` is not negative."""
        return entails(self.all(), sp.Ge(number, 0, evaluate=False))

    def knows(self, relation: Any) -> bool:
        """Whether a relation between numbers follows; False where the facts contradict each other."""
        try:
            return entails(self.all(), relation)
        except ProofError:
            return False

    def require_matrices(self, *expressions: Any) -> None:
        """Raises ProofError for a matrix in an expression whose sizes are not known to be those of a matrix."""
        for expression in expressions:
            require_sizes(expression, self.names, self.knows)

    def require(self, premise: Formula, why: str) -> None:
        """Raises ProofError unless the premise is among the facts or follows from them by real arithmetic."""
        if any(same(premise, fact) for fact in self.all() if type(fact) is type(premise) or not _is_forall(fact)):
            return
        if is_scalar_relation(premise) and entails(self.all(), premise):
            return
        if not _is_forall(premise) and isinstance(premise, sp.Eq) and not is_scalar_relation(premise):
            self.prove_identity(premise, [f for f in self.all() if isinstance(f, sp.Eq) and not is_scalar_relation(f)])
            return
        raise ProofError(f"{why}: {premise} is not known and does not follow by arithmetic")


def _is_forall(formula: Formula) -> bool:
    return isinstance(formula, Forall)


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
    facts.require_matrices(*written, *([] if _is_forall(concluded) else [concluded]))
    if line.says is not None and not same(concluded, line.says):
        raise ProofError(f"justified is {render(concluded)}, stated is {render(line.says)}")
    return concluded if line.says is None else line.says


def _sides(formula: Formula) -> list[Any]:
    """The expressions of which a stated formula is made, but for what it says of each index of a range."""
    return [formula.low, formula.high] if isinstance(formula, Forall) else [formula]


def require_well_formed(formula: Any) -> None:
    """Raises ProofError unless the formula relates numbers, or equates matrices of one shape, for all indices or once.

    What the vocabulary does not know (infinity, a truth value, a complex number) the printer refuses.
    """
    if isinstance(formula, Forall):
        if not is_plain_index(formula.index) or formula.index in symbols_of(formula.low) | symbols_of(formula.high):
            raise ProofError(f"{formula.index} must be an integer symbol that the ends of its range do not mention")
        require_well_formed(formula.formula)
    elif not isinstance(formula, RELATIONS):
        raise ProofError(f"not a relation: {formula}")
    elif any(getattr(side, "is_Matrix", False) for side in formula.args):
        _require_matrices(formula)


def _require_matrices(formula: Any) -> None:
    if not isinstance(formula, (sp.Eq, sp.Ne)) or not all(getattr(side, "is_Matrix", False) for side in formula.args):
        raise ProofError(f"a matrix can only be equal to a matrix: {formula}")
    left, right = (side.shape for side in formula.args)
    if not (same_size(left[0], right[0]) and same_size(left[1], right[1])):
        raise ProofError(f"{formula} equates a {left[0]} x {left[1]} and a {right[0]} x {right[1]} matrix")


def render(formula: Formula) -> str:
    """TeX. Raises FormulaError for a node outside the vocabulary."""
    if isinstance(formula, Forall):
        end = "" if formula.high == sp.oo else rf" \le {tex(formula.high)}"
        return rf"{render(formula.formula)} \quad \text{{for all }} {tex(formula.low)} \le {tex(formula.index)}{end}"
    return tex(readable(formula))


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
    known = [f for f in facts.all() if not _is_forall(f)]
    for conclusion in map(statement.expand, statement.says):
        if not any(same(conclusion, f) for f in known) or valueless(facts, conclusion):
            return conclusion
    return None


def valueless(facts: Facts, conclusion: Formula) -> str | None:
    """What in a conclusion may have no value, for all that is known; None where nothing."""
    try:
        facts.require_matrices(conclusion)
        facts.require_values(conclusion)
    except ProofError as error:
        return str(error)
    return no_value_at(conclusion, facts.knows)


def check(derivation: Derivation, statement: Statement) -> tuple[list[Step], list[str]]:
    """The steps and the theorems used, if the derivation proves every conclusion of the statement.

    Raises ProofError naming the line that fails, or the conclusion that no line reaches.
    """
    steps, facts = derive(derivation, statement)
    unproved = missing(facts, statement)
    if unproved is not None:
        raise ProofError(valueless(facts, unproved) or f"no line says {render(unproved)}")
    used = sorted({t for line in _every(derivation.lines) for t in line.by.theorems()})
    return steps, used


def _every(lines: Sequence[Line]) -> list[Line]:
    return [inner for line in lines for inner in (line, *_every(line.by.inner()))]
