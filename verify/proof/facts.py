"""What is known at a line of a proof, and what follows from it without a rule of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import sympy as sp

from verify.formula.vocabulary import Rank
from verify.proof.arithmetic import entails, is_scalar_relation, no_value
from verify.proof.binding import is_plain_index
from verify.proof.errors import ProofError
from verify.proof.existence import no_value_at, require_sizes
from verify.proof.formulas import Formula, free_symbols, same
from verify.proof.identities import canonical, inverted, prove_identity, require_square


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
            reason = no_value(self.all(), formula)
            if reason:
                raise ProofError(reason)

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

    def valueless(self, conclusion: Formula) -> str | None:
        """What in a conclusion may have no value, for all that is known; None where nothing."""
        try:
            self.require_matrices(conclusion)
            self.require_values(conclusion)
        except ProofError as error:
            return str(error)
        return no_value_at(conclusion, self.knows)

    def require(self, premise: Formula, why: str) -> None:
        """Raises ProofError unless the premise is among the facts or follows from them by real arithmetic."""
        if any(same(premise, fact) for fact in self.all()):
            return
        if is_scalar_relation(premise) and entails(self.all(), premise):
            return
        if isinstance(premise, sp.Eq) and not is_scalar_relation(premise):
            self.prove_identity(premise, [f for f in self.all() if isinstance(f, sp.Eq) and not is_scalar_relation(f)])
            return
        raise ProofError(f"{why}: {premise} is not known and does not follow by arithmetic")
