"""Real arithmetic over opaque atoms, decided by z3.

De Moura and Bjorner 2008; nonlinear real arithmetic: Jovanovic and de Moura 2012.

Norms, singular values, ranks, sums and the like are atoms: the solver knows of them only the sign that their node type
guarantees and what the facts say; each must have a value, term by term for a sum. Integers are treated as reals, with
strict inequalities between integers tightened by one; what holds for all reals holds for integers. A division is read
only where its denominator is proved nonzero first.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

import sympy as sp
import z3

from verify.formula.vocabulary import Rank, ScalarNode, Sigma
from verify.proof.binding import integer_name, limits, replaced
from verify.proof.errors import ProofError
from verify.proof.identities import POWER_LIMIT, canonical

EFFORT = 20_000_000
"""The solver's own count of work, so that an answer does not depend on the speed of the machine."""
ATOMS = (sp.Symbol, sp.NumberSymbol, ScalarNode, sp.Sum, sp.Product, sp.Trace)
"""Real numbers of which the solver knows the sign at most."""
SOLVER = threading.RLock()  # z3's default context is not safe for use from two threads


class Universal(Protocol):
    """A line that holds for each integer from ``low`` to ``high``: ``lines.Forall``."""

    low: Any
    high: Any

    def at(self, value: Any) -> Any: ...


class Translator:
    """Sympy to z3; one real variable an atom. ``facts`` collects what is known of the atoms and of helper variables.

    ``universal`` are lines that hold for each index of a range: what is known of the terms of a sum.
    """

    def __init__(self, universal: Sequence[Universal] = ()) -> None:
        self.atoms: dict[sp.Basic, z3.ArithRef] = {}
        self.facts: list[z3.BoolRef] = []
        self.universal = universal
        self.depth = 0

    def atom(self, expression: sp.Expr) -> z3.ArithRef:
        if expression not in self.atoms:
            v = z3.Real(f"a{len(self.atoms)}")
            self.atoms[expression] = v
            if expression.is_integer and expression.is_positive:
                self.facts.append(v >= 1)
            elif expression.is_positive:
                self.facts.append(v > 0)
            elif expression.is_nonnegative:
                self.facts.append(v >= 0)
            if self.depth:
                self._positive_term(expression, v)
        return self.atoms[expression]

    def _positive_term(self, e: Any, v: z3.ArithRef) -> None:
        """Of the terms of a sum no line can be cited: singular values up to the rank, powers of positive numbers."""
        match e:
            case Sigma():
                w, i = e.args
                self.facts.append(z3.Implies(z3.And(self.term(i) >= 1, self.term(i) <= self.atom(Rank(w))), v > 0))
            case sp.Pow():
                self.facts.append(z3.Implies(self.term(e.base) > 0, v > 0))

    def term(self, e: Any) -> z3.ArithRef:
        if not isinstance(e, sp.Expr) or e.is_extended_real is False or (e.is_Symbol and not e.is_extended_real):
            raise ProofError(f"not a real number: {e}")
        match e:
            case sp.Rational():
                return z3.RealVal(f"{e.p}/{e.q}")
            case sp.Add():
                return z3.Sum([self.term(a) for a in e.args])
            case sp.Mul():
                out = z3.RealVal(1)
                for a in e.args:
                    out = out * self.term(a)
                return out
            case sp.Pow():
                return self._power(e)
            case sp.Abs():
                x = self.term(e.args[0])
                return z3.If(x >= 0, x, -x)
            case sp.Max() | sp.Min():
                out = self.term(e.args[0])
                for a in e.args[1:]:
                    t = self.term(a)
                    out = z3.If((out >= t) if isinstance(e, sp.Max) else (out <= t), out, t)
                return out
            case sp.log():
                self.require(self.term(e.args[0]) > 0, f"{e.args[0]} is not known to be positive")
                return self.atom(e)
            case sp.exp() | sp.floor() | sp.ceiling():
                self.term(e.args[0])
                return self.atom(e)
        if not isinstance(e, ATOMS):
            raise ProofError(f"real arithmetic does not know {type(e).__name__}: {e}")
        return self.atom(e)

    def _power(self, e: sp.Pow) -> z3.ArithRef:
        base, exponent = e.args
        x = self.term(base)
        if exponent.is_Integer and abs(exponent) <= POWER_LIMIT:
            return self._whole_power(x, base, int(exponent))
        if exponent.is_Rational and exponent.q == 2 and abs(exponent.p) <= POWER_LIMIT:
            self.require(x >= 0, f"the radicand {base} is not known to be nonnegative")
            root = self.atom(sp.sqrt(base))
            self.facts.extend([root >= 0, root * root == x])
            return self._whole_power(root, base, int(exponent.p))
        size = self.term(exponent)
        whole = exponent.is_integer is True
        meaningful = z3.Or(x > 0, z3.And(whole, x != 0), z3.And(x >= 0 if not whole else True, size >= 0))
        self.require(meaningful, f"{e} is not known to be a real number")
        shift, rest = exponent.as_coeff_Add()
        if shift.is_Integer and 0 < abs(shift) <= POWER_LIMIT and self.valid(x > 0):
            return self.term(base**rest) * self._whole_power(x, base, int(shift))  # x^(a - 1) = x^a / x
        return self.atom(e)

    def _whole_power(self, x: z3.ArithRef, base: Any, exponent: int) -> z3.ArithRef:
        power = z3.RealVal(1)
        for _ in range(abs(exponent)):
            power = power * x
        if exponent >= 0:
            return power
        self.require(x != 0, f"the denominator {base} is not known to be nonzero")
        quotient = z3.Real(f"q{len(self.atoms)}_{len(self.facts)}")
        self.facts.append(quotient * power == 1)
        return quotient

    def require(self, condition: z3.BoolRef, otherwise: str) -> None:
        if not self.valid(condition):
            raise ProofError(otherwise)

    def require_meaningful(self, e: Any) -> None:
        """Raises ProofError for a division, root or logarithm in ``e``, as it is written, that may have no value."""
        if isinstance(e, (sp.Pow, sp.log)):
            self.term(canonical(e))
        self.require_inside(e)

    def require_inside(self, e: Any) -> None:
        """The same for the arguments of ``e``; for the terms of a sum or product at every index of its range."""
        if not any(map(_partial, sp.preorder_traversal(e))):
            return
        if not isinstance(e, (sp.Sum, sp.Product)):
            for a in e.args:
                self.require_meaningful(a)
            return
        name, low, high = limits(e)
        for end in (low, high):
            self.require_meaningful(end)
        terms = self._at_any_index(low, high)
        terms.require_meaningful(replaced(e.function, {name: terms.index}))

    @property
    def index(self) -> Any:
        return integer_name("term", self.depth)

    def _at_any_index(self, low: Any, high: Any) -> Translator:
        """A translator that knows all this one does, and a new index of which only its range is known."""
        inner = Translator()
        inner.atoms, inner.facts, inner.depth = dict(self.atoms), list(self.facts), self.depth + 1
        index = inner.atom(inner.index)
        inner.facts += [inner.term(low) <= index, index <= inner.term(high)]
        for line in self.universal:
            inner.instantiate(line)
        inner.universal = self.universal  # not before: a line may speak of sums itself
        return inner

    def instantiate(self, line: Universal) -> None:
        """Adds what a universal line says of this translator's index, where the index lies in the line's range."""
        try:
            ends = [] if line.high == sp.oo else [self.term(self.index) <= self.term(line.high)]
            if all(map(self.valid, (*ends, self.term(line.low) <= self.term(self.index)))):
                self.facts.append(self.relation(canonical(line.at(self.index))))
        except ProofError:
            return  # a fact that has no meaning here is not used

    def valid(self, condition: z3.BoolRef) -> bool:
        solver = z3.Solver()
        solver.set("rlimit", EFFORT)
        solver.set("random_seed", 0)
        solver.add(*self.facts)
        solver.add(z3.Not(condition))
        return bool(solver.check() == z3.unsat)

    def consistent(self) -> bool:
        """Whether the facts are not known to contradict each other (z3 found no contradiction)."""
        solver = z3.Solver()
        solver.set("rlimit", EFFORT)
        solver.add(*self.facts)
        return bool(solver.check() != z3.unsat)

    def relation(self, r: Any) -> z3.BoolRef:
        left, right = self.term(r.lhs), self.term(r.rhs)
        tight = bool(r.lhs.is_integer and r.rhs.is_integer)
        match r:
            case sp.Eq():
                return left == right
            case sp.Ne():
                return left != right
            case sp.Le():
                return left <= right
            case sp.Ge():
                return left >= right
            case sp.Lt():
                return left + 1 <= right if tight else left < right
            case sp.Gt():
                return left >= right + 1 if tight else left > right
        raise ProofError(f"not a relation between numbers: {r}")


def is_scalar_relation(formula: Any) -> bool:
    return isinstance(formula, sp.core.relational.Relational) and not getattr(formula.lhs, "is_Matrix", False)


def entails(facts: list[Any], goal: Any) -> bool:
    """Whether the scalar relation ``goal`` follows from the scalar relations among ``facts`` by real arithmetic.

    Universal lines among the facts tell only of the terms of sums, whether these have values.

    False where it does not follow, or where the solver cannot tell. Raises ProofError for a division by something not
    known to be nonzero, for a goal that is not a scalar relation, and for facts that contradict each other: from
    those anything would follow.
    """
    if not is_scalar_relation(goal):
        raise ProofError(f"not a relation between numbers: {goal}")
    with SOLVER:
        return _entails(facts, goal)


def require_consistent(facts: list[Any]) -> None:
    """Raises ProofError where the scalar relations among the facts contradict each other, as far as z3 can tell."""
    with SOLVER:
        _require_consistent(_translated(facts))


def contradictory(facts: list[Any]) -> bool:
    """Whether the scalar relations among the facts certainly contradict each other; False where z3 cannot tell."""
    with SOLVER:
        return not _translated(facts).consistent()


def _require_consistent(translator: Translator) -> None:
    if not translator.consistent():
        raise ProofError("the facts contradict each other, so that anything would follow")


def _translated(facts: list[Any]) -> Translator:
    """Facts without a denominator first, so that they can justify the denominators of the others; those that have no
    meaning yet are tried again as long as others are added. One that never has is not used, which is always sound.
    """
    translator = Translator([f for f in facts if not isinstance(f, sp.Basic)])
    waiting = sorted((canonical(f) for f in facts if is_scalar_relation(f)), key=_has_denominator)
    while waiting:
        left = []
        for fact in waiting:
            try:
                translator.facts.append(translator.relation(fact))
            except ProofError:
                left.append(fact)
        if len(left) == len(waiting):
            break
        waiting = left
    return translator


def no_value(facts: list[Any], relation: Any) -> str | None:
    """What in a relation may have no value: a division, a root, a logarithm; None where nothing.

    The relation is read as it is written: x**2/x is not brought into a form that hides the division first.
    """
    if not isinstance(relation, sp.core.relational.Relational) or not any(
        map(_partial, sp.preorder_traversal(relation))
    ):
        return None
    with SOLVER:
        try:
            _translated(facts).require_meaningful(relation)
        except ProofError as error:
            return str(error)
    return None


def _partial(e: Any) -> bool:
    return isinstance(e, sp.log) or (isinstance(e, sp.Pow) and not (e.exp.is_Integer and e.exp.is_positive))


def _entails(facts: list[Any], goal: Any) -> bool:
    translator = _translated(facts)
    translator.require_meaningful(goal)
    claim = translator.relation(canonical(goal))
    _require_consistent(translator)
    return translator.valid(claim)


def _has_denominator(relation: Any) -> bool:
    return any(isinstance(p, sp.Pow) and p.exp.is_negative for p in sp.preorder_traversal(relation))
