"""Polishing ends in a smaller certificate of the same statement, never in a worse one, within its questions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from verify.certify import Refusal, certify, recheck
from verify.formula.vocabulary import (
    Chain,
    FrobeniusNorm,
    Rank,
    Sigma,
    SpectralNorm,
    eq,
    gt,
    indices,
    layers,
    le,
    matrix,
    product,
    sizes,
)
from verify.model.evidence import Certificate
from verify.model.statement import Assume, Index, Layers, Matrix, Size, Statement
from verify.stress.layout import Layout
from verify.stress.polish import Oracle, measure, moves, polish, tiny_instances

m, n, L, d = sizes("m n L d")
k, l = indices("k l")
W, E = matrix("W", m, n), matrix("E", m, n)
GIVEN = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W))
NORMS = Statement(given=GIVEN, says=(le(FrobeniusNorm(W), Sigma(W, 1)),))
START: dict[str, Any] = {
    "m": "3", "n": "3", "W": [["1001/1000", "1/7", "0"], ["2/3", "-99/100", "1/9"], ["5", "1", "3/7"]],
}  # fmt: skip


def certificate(statement: Statement, values: Any) -> Certificate:
    made = certify(statement, values)
    assert not isinstance(made, Refusal)
    return made


def test_the_simplest_example_is_found() -> None:
    layout = Layout(NORMS)
    found = polish(layout, START, certificate(NORMS, START), 100)
    assert recheck(NORMS, found) is None
    assert (found.values["m"], found.values["n"]) == ("2", "2")
    entries = [abs(Fraction(x)) for row in found.values["W"] for x in row]
    assert sorted(entries) == [0, 0, 1, 1]


def test_descent_alone_drops_rows_and_rounds() -> None:
    """Without matrices of size 3 or less to enumerate: the hypothesis asks for four rows."""
    statement = Statement(given=(Size(symbol=m, low=4), *GIVEN[1:]), says=NORMS.says)
    start = START | {"m": "5", "W": [*START["W"], ["1/11", "0", "0"], ["0", "2/13", "1"]]}
    found = polish(Layout(statement), start, certificate(statement, start), 150)
    assert found.values["m"] == "4"
    assert measure(Layout(statement), found.values) < measure(Layout(statement), start)
    assert all(Fraction(x).denominator == 1 for row in found.values["W"] for x in row)


def test_hypotheses_survive() -> None:
    given = (*GIVEN, Index(symbol=k, low=2, high=sp.Min(m, n)), Assume(name="rank", formula=eq(Rank(W), k)))
    statement = Statement(given=given, says=(gt(Sigma(W, 1), Sigma(W, k)),))
    start = {"m": "3", "n": "3", "k": "3", "W": [["7/3", "0", "0"], ["0", "7/3", "0"], ["0", "0", "7/3"]]}
    found = polish(Layout(statement), start, certificate(statement, start), 150)
    assert found.values["m"] == found.values["n"] == found.values["k"] == "2"
    assert recheck(statement, found) is None


def test_layers_are_dropped() -> None:
    F = layers("F", L, d)
    statement = Statement(
        given=(Size(symbol=L, low=2), Size(symbol=d), Layers(symbol=F)),
        says=(le(product(SpectralNorm(F[l]), l, 1, L), SpectralNorm(Chain(F, L))),),
    )
    one, other = [["5/2", "0"], ["0", "0"]], [["0", "0"], ["0", "3/2"]]
    start: Any = {"L": "3", "d": "2", "F": [one, other, [["1/3", "0"], ["0", "4"]]]}
    found = polish(Layout(statement), start, certificate(statement, start), 150)
    assert found.values["L"] == "2"
    assert measure(Layout(statement), found.values)[:2] == (8, 2)


def test_the_oracle_stops_at_its_questions() -> None:
    oracle = Oracle(NORMS, 0, 2)
    assert [oracle(START) is None for _ in range(3)] == [False, False, True]
    start = certificate(NORMS, START)
    assert polish(Layout(NORMS), START, start, 0) == start


def test_tiny_instances_come_in_order_and_below_the_bound() -> None:
    layout = Layout(NORMS)
    bound = measure(layout, START)
    found = list(tiny_instances(layout, 0, bound))
    assert found
    assert all(measure(layout, values) < bound for values in found)
    assert not list(tiny_instances(layout, 0, (1, 0, 0, Fraction(0))))


@pytest.mark.parametrize("values", [START])
def test_every_move_is_an_assignment(values: Any) -> None:
    for candidate in moves(Layout(NORMS), values):
        made = certify(NORMS, candidate)
        assert not isinstance(made, Refusal) or made.kind != "malformed", candidate


def test_a_statement_on_singular_values_ends_with_a_diagonal_matrix() -> None:
    """Five rows are needed here, so that no tiny example exists."""
    statement = Statement(given=GIVEN, says=(le(FrobeniusNorm(W), 2 * Sigma(W, 1)),))
    start: Any = {
        "m": "6",
        "n": "6",
        "W": [[str(Fraction(2 * (i == j)) - Fraction(1, 3)) for j in range(6)] for i in range(6)],
    }
    found = polish(Layout(statement), start, certificate(statement, start), 120)
    assert (found.values["m"], found.values["n"]) == ("5", "5")
    assert [[x != "0" for x in row] for row in found.values["W"]] == [[i == j for j in range(5)] for i in range(5)]
