"""Whether a relation holds at exact values: certainly true, certainly false, or undecided with the reason.

There is no tolerance. Rationals decide at once; otherwise balls at rising precision, with exact algebra in between.
An equality is true only exactly; it is false as soon as the two sides certainly differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Any, Literal, NoReturn

import sympy as sp
from flint import arb, arb_mat, fmpq_mat

from verify.formula import exact
from verify.formula.arithmetic import NotExact, Undetermined
from verify.formula.assignment import Assignment
from verify.formula.balls import Balls
from verify.formula.intervals import GUARD, precision
from verify.formula.rational import Rationals
from verify.formula.signs import sign
from verify.formula.vocabulary import FormulaError

FIRST_BITS = 64
EXACT_FROM = 128
"""Balls at lower precision are cheaper than exact algebra, and decide whatever is not nearly equal."""
SHOWN_DIGITS = 15
MOST_NODES_SHOWN = 20
MOST_BITS_SHOWN = 1024


class Truth(StrEnum):
    """Three values, so never a bool by accident."""

    TRUE = "true"
    FALSE = "false"
    UNDECIDED = "undecided"

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth has three values; compare it with `is Truth.TRUE`")


@dataclass(frozen=True)
class Decision:
    """What was decided, on which values, by which engine. ``tied``: undecided, and the sides certainly nearly agree."""

    truth: Truth
    left: str = ""
    right: str = ""
    engine: Literal["exact", "ball"] = "exact"
    bits: int | None = None
    tied: bool = False
    reason: str = ""

    def __bool__(self) -> NoReturn:
        raise TypeError("a Decision has three truths; compare its `truth`")


Pairs = list[tuple[Any, Any]]


def decide(relation: Any, assignment: Assignment, max_bits: int = 1024) -> Decision:
    """Decides a relation between numbers, or an (in)equality of matrices entry by entry.

    Raises FormulaError for what is not a relation, for sides of different shape, and for a node that no reader knows.
    Values that do not exist (a division by 0) leave the relation undecided.
    """
    if type(relation) not in CLAUSES:
        raise FormulaError(f"{relation} is not a relation; write eq, ne, le, lt, ge or gt")
    with precision(FIRST_BITS):  # one thread at a time: readers of one assignment share what they compute
        return _decide(relation, CLAUSES[type(relation)], assignment, max_bits)


def quickly(relation: Any, assignment: Assignment) -> Decision:
    """As :func:`decide` without exact algebra and at the lowest precision: for finding what is plainly false."""
    return decide(relation, assignment, max_bits=0)


def _decide(relation: Any, clause: Clause, assignment: Assignment, max_bits: int) -> Decision:
    try:
        return _rationally(relation, clause, assignment)
    except NotExact:
        last = _in_balls(relation, clause, assignment, FIRST_BITS)
    except Undetermined as error:
        return Decision(Truth.UNDECIDED, reason=str(error))
    for bits in _precisions(max_bits):
        if last.truth is not Truth.UNDECIDED:
            return last
        if bits is None:
            found = _algebraically(relation, clause, assignment)
            last = last if found is None else found
        else:
            last = _in_balls(relation, clause, assignment, bits)
    return last


def _precisions(most: int) -> Iterator[int | None]:
    """After 64 bits: 128, 256, ..., and None where exact algebra is due."""
    if most <= 0:
        return
    bits = FIRST_BITS
    while bits < most:
        bits = min(2 * bits, most)
        yield bits
        if bits == min(EXACT_FROM, most):
            yield None
    if most <= FIRST_BITS:
        yield None


# --- clauses: what a relation asks of one pair of numbers ---------------------------------------------------


def _not(truth: Truth) -> Truth:
    return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE, Truth.UNDECIDED: Truth.UNDECIDED}[truth]


def _truth(certain: bool, impossible: bool) -> Truth:
    return Truth.TRUE if certain else Truth.FALSE if impossible else Truth.UNDECIDED


def _equal(a: Any, b: Any) -> Truth:
    """For balls ``==`` holds only where both are single numbers, and ``!=`` only where they are disjoint."""
    return _truth(bool(a == b), bool(a != b))


Clause = Callable[[Any, Any], Truth]

CLAUSES: dict[type, Clause] = {
    sp.Le: lambda a, b: _truth(bool(a <= b), bool(a > b)),
    sp.Lt: lambda a, b: _truth(bool(a < b), bool(a >= b)),
    sp.Ge: lambda a, b: _truth(bool(a >= b), bool(a < b)),
    sp.Gt: lambda a, b: _truth(bool(a > b), bool(a <= b)),
    sp.Eq: _equal,
    sp.Ne: lambda a, b: _not(_equal(a, b)),
}


def _judge(relation: Any, clause: Clause, pairs: Pairs) -> tuple[Truth, int]:
    """All entries for an equality; some entry for Ne. Also the entry that decides, else the first undecided one."""
    some = isinstance(relation, sp.Ne)
    decisive, default = (Truth.TRUE, Truth.FALSE) if some else (Truth.FALSE, Truth.TRUE)
    truths = [clause(a, b) for a, b in pairs]
    for wanted in (decisive, Truth.UNDECIDED):
        if wanted in truths:
            return wanted, truths.index(wanted)
    return default, 0


def _wholly(clause: Clause, relation: Any, a: arb, b: arb) -> Truth:
    """As ``clause``, for two integers: their difference is one of those in its enclosure, however the ball was
    rounded.
    """
    if not (relation.lhs.is_integer and relation.rhs.is_integer):
        return clause(a, b)
    difference = a - b
    low, high = difference.lower().ceil(), difference.upper().floor()
    possible = {clause(end, arb(0)) for end in (low, high)}
    if low <= 0 <= high:
        possible.add(clause(arb(0), arb(0)))
    return possible.pop() if len(possible) == 1 else Truth.UNDECIDED


def _pairs(relation: Any, left: Any, right: Any) -> Pairs:
    matrices = [isinstance(side, (fmpq_mat, arb_mat, sp.MatrixBase)) for side in (left, right)]
    if not any(matrices):
        return [(left, right)]
    if not all(matrices):
        raise FormulaError(f"{relation} compares a matrix with a number")
    if not isinstance(relation, sp.Eq | sp.Ne):
        raise FormulaError(f"{relation} orders matrices; only eq and ne compare them")
    shapes = [s.shape if isinstance(s, sp.MatrixBase) else (s.nrows(), s.ncols()) for s in (left, right)]
    if shapes[0] != shapes[1]:
        raise FormulaError(f"{relation} compares a {shapes[0]} with a {shapes[1]} matrix")
    return list(zip(*(s.flat() if isinstance(s, sp.MatrixBase) else s.entries() for s in (left, right)), strict=True))


# --- engines -----------------------------------------------------------------------------------------------


def _rationally(relation: Any, clause: Clause, assignment: Assignment) -> Decision:
    reader = Rationals.under(assignment)
    reader._bound = {}
    pairs = _pairs(relation, reader.value(relation.lhs), reader.value(relation.rhs))
    truth, at = _judge(relation, clause, pairs)
    left, right = map(str, pairs[at])
    return Decision(truth, left, right)


def _in_balls(relation: Any, clause: Clause, assignment: Assignment, bits: int) -> Decision:
    reader = Balls.under(assignment, bits)
    try:
        pairs = _pairs(relation, reader.enclosure(relation.lhs), reader.enclosure(relation.rhs))
    except Undetermined as error:
        return Decision(Truth.UNDECIDED, engine="ball", bits=bits, reason=str(error))
    truth, at = _judge(relation, lambda a, b: _wholly(clause, relation, a, b), pairs)
    left, right = pairs[at]
    decision = Decision(truth, _shown(left), _shown(right), "ball", bits)
    if truth is not Truth.UNDECIDED:
        return decision
    with precision(bits + GUARD):
        tied = _close(pairs, bits)
    return replace(decision, tied=tied, reason=f"the sides are not told apart at {bits} bits")


def _shown(x: arb) -> str:
    with precision(FIRST_BITS):
        return str(x.str(SHOWN_DIGITS))


def _close(pairs: Pairs, bits: int) -> bool:
    """|a - b| <= 2^(-bits/2) of the largest entry; of 1 where no entry is told from 0."""
    scale = max((x.abs_lower() for pair in pairs for x in pair), default=arb(0))
    most = arb(2) ** (-bits // 2) * (scale if scale > 0 else arb(1))
    return all(bool((a - b).abs_upper() <= most) for a, b in pairs)


def _algebraically(relation: Any, clause: Clause, assignment: Assignment) -> Decision | None:
    """By exact algebra; None where it does not reach."""
    try:
        pairs = _pairs(relation, *(exact.evaluate(side, assignment) for side in (relation.lhs, relation.rhs)))
        signs = [(sign(a - b), 0) for a, b in pairs]
    except NotExact:
        return None
    except Undetermined as error:
        return Decision(Truth.UNDECIDED, reason=str(error))
    truth, at = _judge(relation, clause, signs)
    left, right = (_exactly_shown(x, assignment) for x in pairs[at])
    return Decision(truth, left, right)


def _exactly_shown(x: Any, assignment: Assignment) -> str:
    """The number itself where that is short, else an enclosure of it."""
    nodes = list(islice(sp.preorder_traversal(x), MOST_NODES_SHOWN + 1))
    short = len(nodes) <= MOST_NODES_SHOWN and all(
        max(abs(q.p), q.q).bit_length() <= MOST_BITS_SHOWN for q in nodes if isinstance(q, sp.Rational)
    )
    return str(x) if short else _shown(Balls(assignment, FIRST_BITS).enclosure(x))


__all__ = ["Decision", "Truth", "decide", "quickly"]
