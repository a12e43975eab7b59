"""What the declared ranges and hypotheses say of integers: sizes, indices, ranks. Decided by z3.

An expression is made linear over *atoms*: symbols, ranks, products of sizes. What is known of an atom (a rank lies
between 0 and either size) is a fact; so are the declared ranges and the hypotheses between integers. A consequence is
proved where its negation is unsatisfiable; where it is not, a model shows why. Linear integer arithmetic is decidable
(Presburger 1929), so no answer hangs on a time limit; what the abstraction to atoms forgets can lose a proof and never
invent one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sympy as sp
import z3

from verify.formula.vocabulary import CountAbove, FormulaError, Rank, ScalarNode, ThresholdRank
from verify.model.statement import Assume, Index, Let, Matrix, Size, Statement

SIGNS = {
    sp.Eq: lambda a, b: a == b, sp.Ne: lambda a, b: a != b, sp.Le: lambda a, b: a <= b, sp.Lt: lambda a, b: a < b,
    sp.Ge: lambda a, b: a >= b, sp.Gt: lambda a, b: a > b,
}  # fmt: skip

NONZERO = ("nonzero", "positive")


class NotLinearError(FormulaError):
    """An expression that is not linear with rational coefficients over integer atoms."""


class Integers:
    """The integer facts of a statement; ``ranging`` adds the range of a bound index for a while."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.context = z3.Context()
        self.atoms: dict[Any, Any] = {}
        self.facts: list[Any] = []
        self.ranges: list[Any] = []
        self.answers: dict[Any, dict[Any, int] | None] = {}
        self.equal: dict[Any, Any] = {}
        self.at_least_one = {d.symbol for d in statement.given if isinstance(d, Size) and d.low >= 1}
        nonzero = (d.symbol for d in statement.given if isinstance(d, Matrix) and d.structure in NONZERO)
        self.nonzero = {self._expanded(w) for w in nonzero}
        for line in statement.given:
            for relation, left, right in _integer_facts(line):
                try:
                    self.facts.append(self._relation(relation, left, right))
                except NotLinearError:
                    continue  # a hypothesis that this arithmetic cannot use; without it less is proved
                if relation is sp.Eq:
                    self._substitute(left, right)

    def contradictory(self) -> bool:
        """Whether no sizes and indices satisfy the declarations, so that the statement speaks of nothing."""
        return self._model() is None

    def proves(self, relation: type, left: Any, right: Any) -> bool:
        """Whether the relation follows. False says only that it was not proved. Raises NotLinearError."""
        return self.counterexample(relation, left, right) is None

    def counterexample(self, relation: type, left: Any, right: Any) -> dict[Any, int] | None:
        """None where the relation follows; otherwise values, as small as may be, that are not excluded and break it."""
        question = (relation, left, right, *self.ranges)
        if question not in self.answers:
            self.answers[question] = self._counterexample(relation, left, right)
        return self.answers[question]

    def _counterexample(self, relation: type, left: Any, right: Any) -> dict[Any, int] | None:
        negation = z3.Not(self._relation(relation, left, right))
        model = self._model(negation)
        if model is None:
            return None
        for bound in (1, 2, 4):
            small = self._model(negation, *(z3.And(-bound <= v, v <= bound) for v in self.atoms.values()))
            if small is not None:
                model = small
                break
        shown = {a for e in (left, right) for a in self._linear(e)[0]}
        shown |= {s for a in shown if not a.is_Symbol for s in a.free_symbols if s in self.atoms}
        return {a: model.eval(v, model_completion=True).as_long() for a, v in self.atoms.items() if a in shown}

    def same(self, left: Any, right: Any) -> bool:
        """Whether two sizes are provably equal, through abbreviations and hypotheses; never by trying numbers."""
        left, right = (self._expanded(e).xreplace(self.equal) for e in (left, right))
        if expand_scalars(left - right) == 0:
            return True
        try:
            return self.proves(sp.Eq, left, right)
        except NotLinearError:
            return False

    @contextmanager
    def ranging(self, symbol: Any, low: Any, high: Any) -> Iterator[None]:
        """Within: low <= symbol <= high, where these are linear."""
        kept = len(self.facts)
        atoms = dict(self.atoms)
        for relation, left, right in ((sp.Le, low, symbol), (sp.Le, symbol, high)):
            try:
                self.facts.append(self._relation(relation, left, right))
            except NotLinearError:
                continue  # an end that this arithmetic cannot use; without it less is proved
        self.ranges.append((symbol, low, high))
        try:
            yield
        finally:
            self.ranges.pop()
            # Atoms met within may speak of the bound symbol: they go with its range.
            del self.facts[kept:]
            self.atoms = atoms

    # --- from sympy to z3 ---

    def _model(self, *further: Any) -> Any:
        solver = z3.Solver(ctx=self.context)
        solver.add(*self.facts, *further)
        answer = solver.check()
        if answer == z3.unknown:
            raise FormulaError(f"z3 does not decide the integer facts: {solver.reason_unknown()}")
        return solver.model() if answer == z3.sat else None

    def _expanded(self, e: Any) -> Any:
        return self.statement.expand(sp.sympify(e))

    def _substitute(self, left: Any, right: Any) -> None:
        """Keeps an equality with a symbol on one side, since the solver takes m * n for an atom and cannot use it."""
        left, right = (self._expanded(e).xreplace(self.equal) for e in (left, right))
        for a, b in ((left, right), (right, left)):
            if a.is_Symbol and a not in b.free_symbols:
                self.equal = {k: v.xreplace({a: b}) for k, v in self.equal.items()} | {a: b}
                return

    def _relation(self, relation: type, left: Any, right: Any) -> Any:
        (a, p), (b, q) = self._linear(left), self._linear(right)
        coefficients = {k: a.get(k, sp.S.Zero) - b.get(k, sp.S.Zero) for k in {**a, **b}}
        scale = sp.ilcm(1, *(c.q for c in (*coefficients.values(), p - q)))
        terms = [int(c * scale) * self.atoms[k] for k, c in coefficients.items()]
        total = z3.Sum(terms) if terms else z3.IntVal(0, self.context)
        return SIGNS[relation](total, z3.IntVal(int((q - p) * scale), self.context))

    def _linear(self, e: Any) -> tuple[dict[Any, Any], Any]:
        """Coefficients by atom, and the constant."""
        coefficients: dict[Any, Any] = {}
        constant = sp.S.Zero
        for term in sp.Add.make_args(expand_scalars(self._expanded(e))):
            c, rest = term.as_coeff_Mul()
            if not c.is_Rational:
                raise NotLinearError(f"{e} is not linear over integers")
            if rest == 1:
                constant += c
            else:
                self._meet(rest)
                coefficients[rest] = coefficients.get(rest, sp.S.Zero) + c
        return coefficients, constant

    def _meet(self, atom: Any) -> None:
        """Gives an atom its variable, and asserts what is known of it."""
        if atom in self.atoms:
            return
        if not atom.is_integer:
            raise NotLinearError(f"{atom} is not an integer")
        self.atoms[atom] = z3.Int(f"a{len(self.atoms)}", self.context)
        for relation, left, right in self._known(atom):
            self.facts.append(self._relation(relation, left, right))
        if isinstance(atom, (sp.Min, sp.Max)):
            ends = [self._relation(sp.Eq, atom, a) for a in atom.args]
            self.facts.append(z3.Or(*ends))

    def _known(self, atom: Any) -> list[tuple[type, Any, Any]]:
        match atom:
            case Rank() | CountAbove() | ThresholdRank():
                m = atom.args[0]
                facts = [(sp.Ge, atom, sp.S.Zero), (sp.Le, atom, m.shape[0]), (sp.Le, atom, m.shape[1])]
                if isinstance(atom, Rank) and m in self.nonzero:
                    facts.append((sp.Ge, atom, sp.S.One))
                return facts
            case sp.Min():
                return [(sp.Le, atom, a) for a in atom.args]
            case sp.Max():
                return [(sp.Ge, atom, a) for a in atom.args]
            case sp.floor():
                return [(sp.Le, atom, atom.args[0]), (sp.Gt, atom, atom.args[0] - 1)]
            case sp.ceiling():
                return [(sp.Ge, atom, atom.args[0]), (sp.Lt, atom, atom.args[0] + 1)]
            case sp.Mul() if all(f in self.at_least_one for f in atom.args):
                return [(sp.Ge, atom, f) for f in atom.args]
        return []


def expand_scalars(e: Any) -> Any:
    """sympy's normal form of sums and products, with everything made of matrices left as it is.

    sympy 1.14 expands inside our nodes too, and makes a scalar product of -(A x - B x) there.
    """
    nodes = [a for a in e.atoms(ScalarNode, sp.Trace, sp.Abs) if not a.is_Matrix]
    stand_ins = {node: sp.Dummy() for node in nodes}
    originals = {dummy: node for node, dummy in stand_ins.items()}
    return sp.expand(e.xreplace(stand_ins)).xreplace(originals)


def _integer_facts(line: Any) -> list[tuple[type, Any, Any]]:
    match line:
        case Size(symbol=s, low=low):
            return [(sp.Ge, s, sp.Integer(low))]
        case Index(symbol=s, low=low, high=high):
            return [(sp.Le, low, s), (sp.Le, s, high)]
        case Let(symbol=s, value=value) if not s.is_Matrix and s.is_integer:
            return [(sp.Eq, s, value)]
        case Assume(formula=f) if not f.lhs.is_Matrix and not f.rhs.is_Matrix:
            return [(type(f), f.lhs, f.rhs)]
    return []
