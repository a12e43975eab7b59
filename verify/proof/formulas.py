"""What a line of a proof says: a relation between numbers or matrices, once or for every integer of a range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from pydantic import BaseModel, ConfigDict, field_validator
from sympy.core.relational import Relational

from verify.formula.printing import tex
from verify.model.statement import symbols_of
from verify.proof.binding import integer_name, is_plain_index, readable, replaced
from verify.proof.errors import ProofError
from verify.proof.identities import canonical, same_size
from verify.proof.numbers import expanded

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
