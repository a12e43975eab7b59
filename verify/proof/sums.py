"""Laws of finite sums and products with symbolic ends. A sum over an empty range is 0, a product 1.

The conventions of the readers hold for high >= low - 1 only (Karr 1981 extends them otherwise), so every law asks for
that, but for ``Factor``, which holds under each.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from verify.model.statement import symbols_of
from verify.proof.binding import is_plain_index, limits, replaced
from verify.proof.errors import ProofError
from verify.proof.facts import Facts
from verify.proof.formulas import Forall, Formula, same
from verify.proof.identities import canonical
from verify.proof.lines import Justification
from verify.proof.numbers import expanded


def _parts(total: Any) -> tuple[Any, sp.Symbol, Any, Any]:
    if not isinstance(total, (sp.Sum, sp.Product)):
        raise ProofError(f"not a sum or product: {total}")
    total = canonical(total)
    index, low, high = limits(total)
    if not isinstance(total.function, sp.Expr) or getattr(total.function, "is_Matrix", False):
        raise ProofError(f"the terms of {total} are not numbers")
    _require_integers(low, high)
    return total.function, index, low, high


def _require_integers(*ends: Any) -> None:
    for end in ends:
        if not sp.sympify(end).is_integer:
            raise ProofError(f"{end} is not known to be an integer, as an end of a range must be")


def _at(f: Any, index: sp.Symbol, value: Any) -> Any:
    return replaced(f, {index: value})


def _le(a: Any, b: Any) -> Any:
    return sp.Le(a, b, evaluate=False)


class _Law(Justification):
    total: Any

    def equation(self, right: Any) -> Formula:
        return sp.Eq(self.total, right, evaluate=False)

    def join(self, a: Any, b: Any) -> Any:
        return a + b if isinstance(self.total, sp.Sum) else a * b

    def describe(self) -> str:
        return {
            "Split": "range split in two",
            "Last": "last term apart",
            "First": "first term apart",
            "Empty": "empty range",
            "Constant": "equal terms",
            "Factor": "common factor",
            "Linear": "term by term, constant factors outside",
            "Shift": "range shifted",
            "Nonnegative": "terms that are not negative",
        }[type(self).__name__]


class Split(_Law):
    """total over low..high = part over low..at joined with part over at+1..high, for low - 1 <= at <= high."""

    at: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        f, i, low, high = _parts(self.total)
        _require_integers(self.at)
        facts.require(_le(low - 1, self.at), "split point")
        facts.require(_le(self.at, high), "split point")
        make = self.total.func
        return self.equation(self.join(make(f, (i, low, self.at)), make(f, (i, self.at + 1, high))))


class Last(_Law):
    """total over low..high = part over low..high-1 joined with the term at high, for low <= high."""

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        f, i, low, high = _parts(self.total)
        facts.require(_le(low, high), "range not empty")
        return self.equation(self.join(self.total.func(f, (i, low, high - 1)), _at(f, i, high)))


class First(_Law):
    """total over low..high = the term at low joined with the part over low+1..high, for low <= high."""

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        f, i, low, high = _parts(self.total)
        facts.require(_le(low, high), "range not empty")
        return self.equation(self.join(_at(f, i, low), self.total.func(f, (i, low + 1, high))))


class Empty(_Law):
    """A sum over low..low-1 is 0, a product 1."""

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        _, _, low, high = _parts(self.total)
        facts.require(sp.Eq(high, low - 1, evaluate=False), "range empty")
        return self.equation(sp.S.Zero if isinstance(self.total, sp.Sum) else sp.S.One)


class Constant(_Law):
    """The sum of equal terms is their number times one of them, for high >= low - 1."""

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        f, i, low, high = _parts(self.total)
        if not isinstance(self.total, sp.Sum) or i in symbols_of(f):
            raise ProofError(f"the terms of {self.total} are not all equal")
        facts.require(_le(low - 1, high), "range")
        return self.equation((high - low + 1) * f)


class Factor(_Law):
    """The sum of ``out`` times each term of ``total`` is ``out`` times ``total``, for ``out`` without the index."""

    out: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        f, i, low, high = _parts(self.total)
        number = isinstance(self.out, (sp.Expr, int)) and not getattr(self.out, "is_Matrix", False)
        if not isinstance(self.total, sp.Sum) or not number or i in symbols_of(self.out):
            raise ProofError(f"{self.out} cannot be taken out of {self.total}")
        return sp.Eq(sp.Sum(self.out * f, (i, low, high)), self.out * self.total, evaluate=False)


class Shift(_Law):
    """total of f(i) over low..high = total of f(i - by) over low + by..high + by."""

    by: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        f, i, low, high = _parts(self.total)
        _require_integers(self.by)
        if i in symbols_of(self.by):
            raise ProofError(f"the shift {self.by} depends on the running index")
        return self.equation(self.total.func(_at(f, i, i - self.by), (i, low + self.by, high + self.by)))


class Linear(_Law):
    """A sum of sums term by term, factors without the index taken out, for high >= low - 1.

    A term without the index counts high - low + 1 times.
    """

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        f, i, low, high = _parts(self.total)
        if not isinstance(self.total, sp.Sum):
            raise ProofError(f"{self.total} is not a sum")
        facts.require(_le(low - 1, high), "range")
        return self.equation(sp.Add(*(self._term(t, i, low, high) for t in sp.Add.make_args(expanded(f)))))

    @staticmethod
    def _term(term: Any, index: sp.Symbol, low: Any, high: Any) -> Any:
        factors = sp.Mul.make_args(term)
        outside = sp.Mul(*(f for f in factors if index not in symbols_of(f)))
        inside = sp.Mul(*(f for f in factors if index in symbols_of(f)))
        return outside * ((high - low + 1) if inside == 1 else sp.Sum(inside, (index, low, high)))


class Nonnegative(_Law):
    """A sum of terms that are nonnegative by their form (squares, norms) is nonnegative."""

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        f, _, low, high = _parts(self.total)
        if not f.is_nonnegative:
            raise ProofError(f"the terms {f} are not nonnegative by their form")
        facts.require(_le(low - 1, high), "range")
        return sp.Ge(self.total, 0, evaluate=False)


class Termwise(Justification):
    """From ``Forall i in low..high: f(i) <= g(i)``: the sum of f is at most that of g. Equality likewise.

    For products f(i) >= 0 is asked for beside, as a universal line of its own (``nonnegative``).
    """

    line: str
    product: bool = False
    nonnegative: str | None = None

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        general = self._range(facts, self.line)
        f, g = general.formula.lhs, general.formula.rhs
        relation = general.formula.func
        _require_integers(general.low, general.high)
        if relation not in (sp.Le, sp.Eq) or getattr(f, "is_Matrix", False):
            raise ProofError(f"{self.line} is not of the form f <= g or f = g; write it so")
        facts.require(_le(general.low - 1, general.high), "range")
        if self.product and relation is sp.Le:
            self._check_nonnegative(facts, general)
        make = sp.Product if self.product else sp.Sum
        ends = (general.index, general.low, general.high)
        return relation(make(f, ends), make(g, ends), evaluate=False)

    def _range(self, facts: Facts, name: str) -> Forall:
        general = facts[name]
        if not isinstance(general, Forall) or isinstance(general.formula, Forall) or general.high == sp.oo:
            raise ProofError(f"{name} is not a universal line over one finite range")
        return general

    def _check_nonnegative(self, facts: Facts, general: Forall) -> None:
        if self.nonnegative is None:
            raise ProofError("a product needs nonnegative terms; name the universal line that says so")
        wanted = general.model_copy(update={"formula": sp.Ge(general.formula.lhs, 0, evaluate=False)})
        if not same(self._range(facts, self.nonnegative), wanted):
            raise ProofError(f"{self.nonnegative} does not say that the terms are nonnegative")

    def describe(self) -> str:
        return f"term by term from {self.line}"


class ZeroFactor(Justification):
    """From a line that says that a product is zero: some factor is, since numbers have no divisors of zero.

    ``called`` names the place of one. It must be a new name; that it lies in the range is known from then on.
    """

    line: str
    called: Any

    def conclude(self, facts: Facts, goal: Formula | None) -> Formula:
        equation = facts[self.line]
        if not (isinstance(equation, sp.Eq) and isinstance(equation.lhs, sp.Product) and equation.rhs == 0):
            raise ProofError(f"{self.line} does not say that a product is zero")
        f, i, low, high = _parts(equation.lhs)
        if not is_plain_index(self.called):
            raise ProofError(f"{self.called} is not a mere integer symbol; make it with indices(...)")
        facts.require(_le(low - 1, high), "range")  # the product over no range is one
        facts.choose(self.called)
        facts.given += [_le(low, self.called), _le(self.called, high)]
        return sp.Eq(_at(f, i, self.called), 0, evaluate=False)

    def describe(self) -> str:
        return f"a product is zero only where a factor is; its place is called {self.called}"
