"""The mutation reader: a statement changed a little, so that it should be false.

A search that cannot tell a statement from its mutants has shown nothing about it (DeMillo, Lipton and Sayward 1978).
Every mutant type-checks and differs from the original and from every other one after sympy's normal form; some may
follow from the original all the same (a bound enlarged, a hypothesis that was not needed), and those conclusions that
are known or suspected to are marked ``weaker_candidate``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import sympy as sp

from verify.formula import vocabulary as v
from verify.formula.integers import Integers, NotLinearError, expand_scalars
from verify.formula.printing import plain
from verify.formula.typing import check
from verify.formula.vocabulary import FormulaError
from verify.model.statement import Assume, Declared, Index, Matrix, Size, Statement, show

FLIPPED = {sp.Le: sp.Ge, sp.Lt: sp.Gt, sp.Ge: sp.Le, sp.Gt: sp.Lt, sp.Ne: sp.Eq}
STRICT = {sp.Le: sp.Lt, sp.Ge: sp.Gt}
BIGGER_RIGHT = (sp.Le, sp.Lt)
ALMOST = sp.Rational(99, 100)

INDEXED: dict[type, int] = {
    v.Sigma: -1,
    v.Energy: 1,
    v.Truncated: 0,
    v.LeftSingular: 0,
    v.RightSingular: 0,
    v.Member: 0,
    v.Chain: 0,
}
"""Nodes with an index as second argument, and the direction in which the value goes with it; 0: none is known."""

NORMS: tuple[tuple[Any, Any, str, int], ...] = (
    (v.FrobeniusNorm, v.SpectralNorm, "spectral norm for Frobenius norm", -1),
    (v.FrobeniusNorm, v.NuclearNorm, "nuclear norm for Frobenius norm", 1),
    (v.SpectralNorm, v.FrobeniusNorm, "Frobenius norm for spectral norm", 1),
    (v.NuclearNorm, v.FrobeniusNorm, "Frobenius norm for nuclear norm", -1),
)
NO_VALUE_AT_ZERO = (v.Energy, v.EffectiveRank, v.EffectiveRankL1, v.ThresholdRank, v.Log)


@dataclass(frozen=True)
class Mutation:
    """``weaker_candidate``: the mutant may follow from the original, so that nothing could kill it."""

    name: str
    statement: Statement
    changed: Literal["conclusion", "hypothesis"]
    weaker_candidate: bool


class Change(NamedTuple):
    """A relation in the place of a conclusion, which the name calls ``{}``; ``detail`` makes the name unique."""

    name: str
    relation: Any
    weaker: bool = False
    detail: str = ""


def mutations(statement: Statement) -> list[Mutation]:
    """The mutants, in a fixed order and with distinct names; none where the statement itself does not type-check."""
    if check(statement):
        return []
    seen = {_key(statement)}
    kept = []
    for mutation in (*_of_conclusions(statement), *_of_hypotheses(statement)):
        key = _key(mutation.statement)
        if key not in seen and not check(mutation.statement):
            seen.add(key)
            kept.append(mutation)
    names = [m.name for m in kept]
    again = {name for name in names if names.count(name) > 1}
    return [
        replace(m, name=f"{m.name}, {names[:i].count(m.name) + 1}") if m.name in again else m
        for i, m in enumerate(kept)
    ]


# --- hypotheses --------------------------------------------------------------------------------------------


def _of_hypotheses(statement: Statement) -> Iterator[Mutation]:
    for position, line in enumerate(statement.given):
        if line.introduces is not None and not _used(line.introduces, statement):
            continue  # nothing speaks of it, so nothing changes with it
        for name, replacement in _relaxed(line, statement):
            given = (*statement.given[:position], *replacement, *statement.given[position + 1 :])
            yield Mutation(name, Statement(given=given, says=statement.says), "hypothesis", weaker_candidate=False)


def _relaxed(line: Declared, statement: Statement) -> Iterator[tuple[str, tuple[Declared, ...]]]:
    match line:
        case Assume(name=name):
            yield f"drop hypothesis {name}", ()
        case Index(symbol=s, low=low, high=high):
            yield f"raise upper end of {s} by one", (Index(symbol=s, low=low, high=high + 1),)
            yield f"lower the lower end of {s} by one", (Index(symbol=s, low=low - 1, high=high),)
        case Size(symbol=s, low=least) if least > 1:
            yield f"lower the lower end of {s} by one", (Size(symbol=s, low=least - 1),)
        case Matrix(symbol=s, structure=structure) if structure != "general" and not _guards(line, statement):
            yield f"drop hypothesis {s} {structure}", (Matrix(symbol=s),)


def _used(symbol: Any, statement: Statement) -> bool:
    formulas = [*statement.says, *(a.formula for a in statement.assumptions)]
    return any(statement.expand(side).has(symbol) for f in formulas for side in f.args)


def _guards(line: Matrix, statement: Statement) -> bool:
    """Whether a structure keeps some node defined: without it that node has no value, which refutes nothing."""
    if line.structure == "diagonal":
        return False
    for side in (statement.expand(side) for f in statement.says for side in f.args):
        for node in sp.preorder_traversal(side):
            partial = isinstance(node, (*NO_VALUE_AT_ZERO, sp.log)) or (node.is_Pow and not node.exp.is_nonnegative)
            if partial and node.has(line.symbol):
                return True
    return False


# --- conclusions -------------------------------------------------------------------------------------------


def _of_conclusions(statement: Statement) -> Iterator[Mutation]:
    integers = Integers(statement)
    for position, formula in enumerate(statement.says):
        changes = [*_relation_changes(formula, integers), *_node_changes(formula, integers)]
        names = [c.name for c in changes]
        for change in changes:
            name = change.name.format(f"conclusion {position + 1}")
            if names.count(change.name) > 1 and change.detail:
                name += f", at {change.detail}"
            says = (*statement.says[:position], change.relation, *statement.says[position + 1 :])
            yield Mutation(name, Statement(given=statement.given, says=says), "conclusion", change.weaker)


def _relation_changes(formula: Any, integers: Integers) -> Iterator[Change]:
    """The relation turned, made strict, or its larger side made smaller."""
    kind, left, right = type(formula), formula.lhs, formula.rhs
    if kind is sp.Eq:
        yield from _of_equation(left, right)
        return
    yield Change("flip {}", _build(FLIPPED[kind], left, right))
    # A share of zero is zero: 0 <= b says the same as 0 <= 0.99 b.
    if kind is not sp.Ne and not (_is_zero(left) or _is_zero(right)):
        yield from _sharper(formula, integers)
    if kind in STRICT:
        yield Change("strict {}", _build(STRICT[kind], left, right))


def _of_equation(left: Any, right: Any) -> Iterator[Change]:
    if _is_zero(right) or _is_zero(left):
        side = left if _is_zero(right) else right
        if isinstance(side, (sp.Add, sp.MatAdd)):
            *others, last = side.args
            changed = side.func(*others, ALMOST * last)
            sides = (changed, right) if side is left else (left, changed)
            yield Change("scale a term of {} by 0.99", _build(sp.Eq, *sides))
        else:
            yield Change("flip {}", _build(sp.Ne, left, right))
    elif left.is_integer and right.is_integer:
        yield Change("add one to the right side of {}", _build(sp.Eq, left, right + 1))
        yield Change("subtract one from the right side of {}", _build(sp.Eq, left, right - 1))
    else:
        yield Change("scale the right side of {} by 0.99", _build(sp.Eq, left, ALMOST * right))
        yield Change("halve the right side of {}", _build(sp.Eq, left, right / 2))


def _sharper(formula: Any, integers: Integers) -> Iterator[Change]:
    """The larger side of an inequality made smaller, whatever its sign."""
    kind, left, right = type(formula), formula.lhs, formula.rhs
    large = right if kind in BIGGER_RIGHT else left

    def with_large(value: Any) -> Any:
        return _build(kind, left, value) if kind in BIGGER_RIGHT else _build(kind, value, right)

    if left.is_integer and right.is_integer:
        yield Change("sharpen {} by one", with_large(large - 1))
        return
    small = left if kind in BIGGER_RIGHT else right
    # Where the smaller side is nonnegative, so is the larger one wherever the mutant holds: the share is a loss.
    known = _nonnegative(large, integers) or _nonnegative(small, integers)
    for name, share in (("sharpen {} by 0.99", 1 - ALMOST), ("halve the bound of {}", sp.S.Half)):
        yield Change(name, with_large((1 - share) * large if known else large - share * _magnitude(large)))


def _magnitude(e: Any) -> Any:
    """The absolute value; 1 where sympy 1.14 cannot build it, since it turns matrix sums within ``e`` into numbers."""
    try:
        return sp.Abs(e)
    except (FormulaError, RecursionError):
        return sp.S.One


def _node_changes(formula: Any, integers: Integers) -> Iterator[Change]:
    """One index, one end of a sum, or one norm exchanged."""
    nodes: list[Any] = list(dict.fromkeys(sp.preorder_traversal(formula)))
    running = {s for n in nodes if isinstance(n, (sp.Sum, sp.Product)) for s in n.bound_symbols}

    def change(name: str, node: Any, by: Any, direction: int) -> Change:
        relation = _build(type(formula), *(side.xreplace({node: by}) for side in formula.args))
        return Change(name, relation, _may_follow(formula, node, direction, integers), plain(node))

    for node in nodes:
        if type(node) in INDEXED and not node.args[1].free_symbols & running:
            index = node.args[1]
            for step in (-1, 1):
                name = f"shift index {plain(index)} to {plain(index + step)} in {{}}"
                yield change(name, node, node.func(node.args[0], index + step), step * INDEXED[type(node)])
    for node in nodes:
        if isinstance(node, (sp.Sum, sp.Product)) and len(node.limits) == 1:
            word = "sum" if isinstance(node, sp.Sum) else "product"
            i, low, high = node.limits[0]
            grows = 1 if word == "sum" and _nonnegative(node, integers) else 0
            for end, limits, direction in (
                ("starts one later", (low + 1, high), -grows),
                ("starts one earlier", (low - 1, high), grows),
                ("ends one earlier", (low, high - 1), -grows),
            ):
                yield change(f"{word} of {{}} {end}", node, node.func(node.function, (i, *limits)), direction)
    for node in nodes:
        for old, new, name, direction in NORMS:
            # On one row or column the norms agree: the mutant would say the same.
            if isinstance(node, old) and 1 not in node.args[0].shape:
                yield change(f"{name} in {{}}", node, new(node.args[0]), direction)


# --- signs and directions ----------------------------------------------------------------------------------


def _build(kind: Any, left: Any, right: Any) -> Any:
    return kind(left, right, evaluate=False)


def _is_zero(e: Any) -> bool:
    return isinstance(e, sp.ZeroMatrix) or bool(e == 0)


def _nonnegative(e: Any, integers: Integers) -> bool:
    """Whether ``e`` is provably nonnegative: by sympy's signs, by the declared ranges, or by its parts."""
    if e.is_nonnegative:
        return True
    if e.is_integer:
        try:
            if integers.proves(sp.Ge, e, sp.S.Zero):
                return True
        except NotLinearError:
            pass  # no answer from the ranges; the parts may still tell
    match e:
        case sp.Add() | sp.Mul() | sp.Min():
            return all(_nonnegative(a, integers) for a in e.args)
        case sp.Max():
            return any(_nonnegative(a, integers) for a in e.args)
        case sp.Pow(base=base, exp=exponent):
            return bool(exponent.is_even and base.is_extended_real) or _nonnegative(base, integers)
        case sp.Sum() | sp.Product() if len(e.limits) == 1:
            with integers.ranging(*e.limits[0]):
                return _nonnegative(e.function, integers)
    return False


def _may_follow(formula: Any, node: Any, direction: int, integers: Integers) -> bool:
    """Whether moving ``node`` in ``direction`` may weaken an inequality; unknown counts as may, an equation as not."""
    if isinstance(formula, (sp.Eq, sp.Ne)):
        return False
    small, large = formula.args if type(formula) in BIGGER_RIGHT else reversed(formula.args)
    rises, falls = _slope(large, node, integers), _slope(small, node, integers)
    if direction == 0 or rises is None or falls is None:
        return True
    return max(rises * direction, -falls * direction) > 0


def _slope(e: Any, node: Any, integers: Integers) -> int | None:
    """1, -1 or 0: how ``e`` goes with ``node``, weakly; None where the parts do not tell."""
    if e == node:
        return 1
    if not e.has(node):
        return 0
    match e:
        case sp.Add() | sp.Min() | sp.Max():
            return _agree(_slope(a, node, integers) for a in e.args)
        case sp.Mul():
            coefficient, rest = e.as_coeff_Mul()
            factors = sp.Mul.make_args(rest)
            if not coefficient.is_Rational or not all(_nonnegative(f, integers) for f in factors):
                return None
            slope = _agree(_slope(f, node, integers) for f in factors)
            return None if slope is None else int(sp.sign(coefficient)) * slope
        case sp.Pow(base=base, exp=exponent) if exponent.is_number and _nonnegative(base, integers):
            inner = _slope(base, node, integers)
            return None if inner is None else inner * (1 if exponent > 0 else -1)
        case sp.Sum() if not any(limit.has(node) for limit in e.limits):
            return _slope(e.function, node, integers)
        case sp.log() | sp.exp():
            return _slope(e.args[0], node, integers)
    return None


def _agree(slopes: Iterator[int | None]) -> int | None:
    found = {s for s in slopes if s != 0}
    return 0 if not found else found.pop() if len(found) == 1 else None


# --- sameness ----------------------------------------------------------------------------------------------


def _key(statement: Statement) -> tuple[Any, ...]:
    """Equal for statements that differ in writing only: sides exchanged, terms moved, integers compared strictly."""
    given = tuple(f"{type(d).__name__}{[(k, show(value)) for k, value in d]}" for d in statement.given)
    says = (_relation_key(type(f), statement.expand(f.lhs), statement.expand(f.rhs)) for f in statement.says)
    return (given, *says)


def _relation_key(kind: Any, left: Any, right: Any) -> tuple[str, ...]:
    if kind in (sp.Ge, sp.Gt):
        kind, left, right = FLIPPED[kind], right, left
    if left.is_Matrix or right.is_Matrix:
        return (kind.__name__, *sorted((show(left.doit(deep=False)), show(right.doit(deep=False)))))
    slack = expand_scalars(right - left)
    if kind is sp.Lt and left.is_integer and right.is_integer:
        kind, slack = sp.Le, slack - 1
    if kind in (sp.Eq, sp.Ne) and slack.could_extract_minus_sign():
        slack = -slack
    return (kind.__name__, show(slack))
