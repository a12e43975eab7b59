"""Statements: what is refused when built, and the fingerprint that ties a certificate to one statement."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
import sympy as sp
from pydantic import ValidationError

from verify.formula.vocabulary import (
    Chain,
    FrobeniusNorm,
    Sigma,
    SpectralNorm,
    ge,
    indices,
    layers,
    le,
    matrix,
    scalars,
    sigma_sum,
    sizes,
)  # fmt: skip
from verify.model.statement import Assume, Index, Layers, Let, Matrix, Real, Size, Statement, symbols_of

m, n, L, d = sizes("m n L d")
i, k = indices("i k")
t, c = scalars("t"), scalars("c")
W, V = matrix("W", m, n), matrix("V", m, n)
F = layers("F", L, d)
SHAPE = [Size(symbol=m), Size(symbol=n)]
GIVEN = [
    *SHAPE,
    Matrix(symbol=W),
    Index(symbol=k, low=1, high=n),
    Real(symbol=t, low=0),
    Assume(name="t", formula=le(t, 1)),
]
SAYS = [le(t * Sigma(W, k), FrobeniusNorm(W))]


def statement(given: Any = GIVEN, says: Any = SAYS) -> Statement:
    return Statement(given=tuple(given), says=tuple(says))


# --- malformed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given, says, message",
    [
        (GIVEN, [le(Sigma(V, k), 1)], "uses V, which no earlier line of `given` declares"),
        ([*GIVEN, Matrix(symbol=W)], SAYS, "W is declared twice; rename one"),
        ([Matrix(symbol=W), *SHAPE], [ge(FrobeniusNorm(W), 0)], "uses m, which no earlier line"),
        ([Size(symbol=m), Matrix(symbol=W)], [ge(FrobeniusNorm(W), 0)], "uses n, which no earlier line"),
        ([*SHAPE, Assume(name="a", formula=le(t, 1)), Real(symbol=t)], [le(t, 1)], "uses t, which no earlier line"),
        ([*SHAPE, Index(symbol=k, low=1, high=k)], [le(k, n)], "uses k, which no earlier line"),
        ([*SHAPE, Let(symbol=c, value=c + 1)], [le(c, n)], "uses c, which no earlier line"),
        ([Size(symbol=L), Layers(symbol=F)], [ge(SpectralNorm(F[1]), 0)], "uses d, which no earlier line"),
        (GIVEN, [Sigma(W, k)], "is not a relation; write eq, le, lt"),
        (GIVEN, [True], "is not a relation; write eq, le, lt"),
    ],
)
def test_a_malformed_statement_is_refused(given: Any, says: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        statement(given, says)


def test_a_hypothesis_is_a_relation() -> None:
    with pytest.raises(ValidationError, match="a hypothesis is a relation such as le"):
        Assume(name="a", formula=Sigma(W, k))


@pytest.mark.parametrize("structure", ["symmetric", ""])
def test_an_unknown_structure_is_refused(structure: str) -> None:
    with pytest.raises(ValidationError):
        Matrix(symbol=W, structure=structure)  # type: ignore[arg-type]


def test_a_family_of_other_sizes_is_another_symbol() -> None:
    with pytest.raises(ValidationError, match="uses F"):
        statement(
            [*SHAPE, Size(symbol=L), Size(symbol=d), Layers(symbol=F)], [ge(SpectralNorm(layers("F", L, n)[1]), 0)]
        )


# --- free symbols -------------------------------------------------------------------------------------------


def test_bound_symbols_are_not_free() -> None:
    assert symbols_of(sigma_sum(Sigma(W, i), i, 1, n)) == {W, m, n}


@pytest.mark.parametrize("outside", [i, i**2, Sigma(W, i)])
def test_a_symbol_bound_in_one_place_is_free_in_another(outside: Any) -> None:
    assert i in symbols_of(sigma_sum(Sigma(W, i), i, 1, n) + outside)
    with pytest.raises(ValidationError, match="uses i, which"):
        statement(says=[le(sigma_sum(Sigma(W, i), i, 1, n), outside)])


def test_the_ends_of_a_sum_are_free() -> None:
    assert symbols_of(sigma_sum(k, i, k, i)) == {i, k}
    assert symbols_of(sp.Sum(i * k, (i, 1, k), (k, 1, n))) == {n}


def test_families_and_matrices_bring_their_sizes() -> None:
    assert symbols_of(Chain(F, k)) == {F, L, d, k}
    assert symbols_of(W) == {W, m, n}


# --- abbreviations ------------------------------------------------------------------------------------------


def test_abbreviations_of_abbreviations_are_expanded() -> None:
    a, b = scalars("a b")
    said = statement([*GIVEN, Let(symbol=a, value=t + 1), Let(symbol=b, value=a**2)], [le(b, 4)])
    assert said.expand(b) == (t + 1) ** 2


# --- fingerprints -------------------------------------------------------------------------------------------

positive = scalars("t", positive=True)
OTHER: dict[str, Statement] = {
    "conclusion turned": statement(says=[ge(t * Sigma(W, k), FrobeniusNorm(W))]),
    "norm": statement(says=[le(t * Sigma(W, k), SpectralNorm(W))]),
    "index": statement(says=[le(t * Sigma(W, k + 1), FrobeniusNorm(W))]),
    "one more conclusion": statement(says=[*SAYS, ge(t, 0)]),
    "hypothesis dropped": statement(GIVEN[:-1]),
    "hypothesis sharpened": statement([*GIVEN[:-1], Assume(name="t", formula=le(t, 2))]),
    "range": statement([*GIVEN[:3], Index(symbol=k, low=0, high=n), *GIVEN[4:]]),
    "open": statement([*GIVEN[:4], Real(symbol=t, low=0, open=True), GIVEN[5]]),
    "no lower end": statement([*GIVEN[:4], Real(symbol=t), GIVEN[5]]),
    "structure": statement([*SHAPE, Matrix(symbol=W, structure="nonzero"), *GIVEN[3:]]),
    "size from two": statement([Size(symbol=m, low=2), *GIVEN[1:]]),
    "order of hypotheses": statement([GIVEN[1], GIVEN[0], *GIVEN[2:]]),
    "assumption of a symbol": statement(
        [*GIVEN[:4], Real(symbol=positive, low=0), Assume(name="t", formula=le(positive, 1))],
        [le(positive * Sigma(W, k), FrobeniusNorm(W))],
    ),
}


@pytest.mark.parametrize("name", OTHER)
def test_the_fingerprint_changes_with_whatever_is_said(name: str) -> None:
    assert OTHER[name].fingerprint != statement().fingerprint


def test_no_two_of_them_are_alike() -> None:
    assert len({s.fingerprint for s in OTHER.values()}) == len(OTHER)


def test_equal_statements_have_equal_fingerprints() -> None:
    assert statement().fingerprint == statement().fingerprint
    assert statement() == statement()


def of_layers(length: Any, width: Any) -> Statement:
    family = layers("F", length, width)
    return statement(
        [Size(symbol=L), Size(symbol=d), Size(symbol=n), Layers(symbol=family)], [ge(SpectralNorm(family[1]), 0)]
    )


def test_the_sizes_of_a_family_are_part_of_it() -> None:
    prints = {of_layers(*s).fingerprint for s in ((L, d), (L, n), (n, d), (d, L), (L + 1, d))}
    assert len(prints) == 5


PRINT = """
from tests.verify.model.test_statement import OTHER, of_layers, L, d
print([s.fingerprint for s in OTHER.values()], of_layers(L, d).fingerprint)
"""


@pytest.mark.parametrize("hash_seed", ["1", "77"])
def test_the_fingerprint_is_the_same_in_every_process(hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRINT], env=os.environ | {"PYTHONHASHSEED": hash_seed}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.strip() == f"{[s.fingerprint for s in OTHER.values()]} {of_layers(L, d).fingerprint}"


def test_a_statement_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        statement().says = ()  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        Size(symbol=m).low = 2  # type: ignore[misc]
