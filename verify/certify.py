"""Certificates: exact numbers that satisfy every hypothesis of a statement and break one of its conclusions.

Shares no code with the search that proposes the numbers, and needs no torch. A certificate is re-checked from its
values alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import sympy as sp
from flint import fmpq
from sympy.matrices.expressions import MatrixSymbol

from verify.formula.assignment import Assignment
from verify.formula.decide import Decision, Truth, decide, quickly
from verify.formula.vocabulary import FormulaError
from verify.model.evidence import Certificate, Value
from verify.model.statement import Assume, Declared, Index, Layers, Matrix, Real, Size, Statement, symbols_of

RefusalKind = Literal["hypothesis", "holds", "undecided", "tied", "malformed"]


@dataclass(frozen=True)
class Refusal:
    """Why no certificate is given. ``undecided`` may concern a hypothesis or a conclusion; ``reason`` says which."""

    reason: str
    kind: RefusalKind


# --- hypotheses --------------------------------------------------------------------------------------------


def hypotheses_hold(statement: Statement, assignment: Assignment) -> Decision:
    """Whether every declared range, structure and assumption certainly holds; else the first that does not, in
    ``reason``.
    """
    bits: int | None = None
    for line in statement.given:
        for what, relation in _demands(line, assignment):
            try:
                decision = decide(relation, assignment)
            except FormulaError as error:
                return Decision(Truth.UNDECIDED, reason=f"{what}: {error}")
            if decision.truth is not Truth.TRUE:
                why = f" ({decision.reason})" if decision.reason else ""
                return replace(decision, reason=f"{what} is {decision.truth.value}{why}")
            bits = max(bits or 0, decision.bits) if decision.bits else bits
    return Decision(Truth.TRUE, engine="ball" if bits else "exact", bits=bits)


Demands = Iterator[tuple[str, Any]]


def _demands(line: Declared, assignment: Assignment) -> Demands:
    """What one line of the hypotheses demands, as named relations."""
    match line:
        case Size():
            yield f"{line.symbol} >= {line.low}", sp.Ge(line.symbol, line.low, evaluate=False)
            yield from _assumed(line.symbol, assignment)
        case Index():
            yield f"{line.low} <= {line.symbol}", sp.Le(line.low, line.symbol, evaluate=False)
            yield f"{line.symbol} <= {line.high}", sp.Le(line.symbol, line.high, evaluate=False)
            yield from _assumed(line.symbol, assignment)
        case Real():
            below = sp.Lt if line.open else sp.Le
            if line.low is not None:
                yield f"{line.low} below {line.symbol}", below(line.low, line.symbol, evaluate=False)
            if line.high is not None:
                yield f"{line.symbol} below {line.high}", below(line.symbol, line.high, evaluate=False)
            yield from _assumed(line.symbol, assignment)
        case Matrix(symbol=symbol):
            yield from _fitting(symbol, symbol.shape, [assignment.values(symbol).shape], assignment)
            yield from _structured(line, assignment)
        case Layers(symbol=symbol):
            members = assignment.values(symbol)
            yield from _fitting(symbol, (symbol.width,) * 2, [w.shape for w in members], assignment)
            yield from _fitting(symbol, (symbol.length,), [(len(members),)], assignment)
        case Assume():
            yield f"the hypothesis {line.name!r}", line.formula
        case _:
            return


SIGNS = {
    "positive": sp.Gt,
    "negative": sp.Lt,
    "nonnegative": sp.Ge,
    "nonpositive": sp.Le,
    "nonzero": sp.Ne,
    "zero": sp.Eq,
}


def _assumed(symbol: Any, assignment: Assignment) -> Demands:
    """sympy's assumptions on a symbol are hypotheses: a formula may have been simplified by them."""
    for name, relation in SIGNS.items():
        if getattr(symbol, f"is_{name}") is True:
            yield f"{symbol} is {name}", relation(symbol, 0, evaluate=False)
    value = assignment.raw(symbol)
    whole = isinstance(value, fmpq) and value.q == 1
    for name, holds in (("integer", whole), ("even", whole and value.p % 2 == 0), ("odd", whole and value.p % 2 == 1)):
        if getattr(symbol, f"is_{name}") is True and not holds:
            yield f"{symbol} is {name}", sp.Ne(0, 0, evaluate=False)


def _fitting(symbol: Any, sizes: Sequence[Any], shapes: Sequence[Sequence[int]], assignment: Assignment) -> Demands:
    """A size that is an abbreviation, or speaks of one, is what that stands for, not what the shape would have it."""
    for shape in shapes:
        for size, count in zip(sizes, shape, strict=True):
            if symbols_of(size) & assignment.lets.keys():
                yield f"{symbol} has a side of {size}", sp.Eq(size, sp.Integer(count), evaluate=False)


def _structured(line: Matrix, assignment: Assignment) -> Demands:
    symbol: MatrixSymbol = line.symbol
    if line.structure == "general":
        return
    value = assignment.values(symbol)
    rows, cols = value.shape
    if line.structure == "nonzero":
        zero = sp.ZeroMatrix(rows, cols)
        yield f"{symbol} is not zero", sp.Ne(symbol, zero, evaluate=False)
        return
    for i in range(rows):
        for j in range(cols):
            if line.structure == "positive":
                yield f"the entries of {symbol} are positive", sp.Gt(value[i, j], 0, evaluate=False)
            elif i != j:
                yield f"{symbol} is diagonal", sp.Eq(value[i, j], 0, evaluate=False)


# --- certificates ------------------------------------------------------------------------------------------


def certify(statement: Statement, values: Mapping[str, Value], relation: int | None = None) -> Certificate | Refusal:
    """A certificate that ``values`` satisfy every hypothesis and break a conclusion, or why not.

    With ``relation`` None each conclusion is tried, and the first that is certainly false is named.
    """
    try:
        assignment = Assignment.of(statement, values)
    except FormulaError as error:
        return Refusal(str(error), "malformed")
    if relation is not None and not 0 <= relation < len(statement.says):
        return Refusal(f"the statement has no conclusion {relation}, only 0 to {len(statement.says) - 1}", "malformed")
    hypotheses = hypotheses_hold(statement, assignment)
    if hypotheses.truth is not Truth.TRUE:
        return Refusal(hypotheses.reason, "hypothesis" if hypotheses.truth is Truth.FALSE else "undecided")
    numbers = range(len(statement.says)) if relation is None else (relation,)
    try:
        for number in numbers:
            plain = quickly(statement.says[number], assignment)
            if plain.truth is Truth.FALSE:
                return _certificate(statement, assignment, number, plain)
        return _thoroughly(statement, assignment, numbers)
    except FormulaError as error:
        return Refusal(str(error), "malformed")


def _thoroughly(statement: Statement, assignment: Assignment, numbers: Sequence[int]) -> Certificate | Refusal:
    """Every effort for every conclusion: what is not plainly false may still be false."""
    refusal = Refusal("every conclusion holds", "holds")
    for number in numbers:
        decision = decide(statement.says[number], assignment)
        if decision.truth is Truth.FALSE:
            return _certificate(statement, assignment, number, decision)
        if decision.truth is Truth.UNDECIDED and refusal.kind != "undecided":
            refusal = Refusal(f"conclusion {number}: {decision.reason}", "tied" if decision.tied else "undecided")
    return refusal


def _certificate(statement: Statement, assignment: Assignment, number: int, decision: Decision) -> Certificate:
    return Certificate(
        statement=statement.fingerprint,
        values=assignment.to_values(),
        relation=number,
        left=decision.left,
        right=decision.right,
        engine=decision.engine,
        precision=decision.bits,
    )


def recheck(statement: Statement, certificate: Certificate) -> Refusal | None:
    """None where the certificate stands: made anew from its values alone, it says the same in every field."""
    if certificate.statement != statement.fingerprint:
        return Refusal(f"made for the statement {certificate.statement}, not for {statement.fingerprint}", "malformed")
    fresh = certify(statement, certificate.values, certificate.relation)
    if isinstance(fresh, Refusal):
        return fresh
    for name in type(certificate).model_fields:
        said, found = getattr(certificate, name), getattr(fresh, name)
        if said != found:
            return Refusal(f"the certificate says {name} = {said!r}, but it is {found!r}", "malformed")
    return None


__all__ = ["Refusal", "certify", "hypotheses_hold", "recheck"]
