"""Attempts at proofs, and the symbols in which most of them are written: sizes, indices, a number, matrices, layers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from verify.authoring import between, indices, layers, le, matrix, scalars, sizes
from verify.model.evidence import Step
from verify.model.statement import Declared, Statement
from verify.proof.lines import Derivation, Line, check

m, n, L, d = sizes("m n L d")
i, j, k = indices("i j k")
x = scalars("x")
W = matrix("W", m, n)
M, N, S = (matrix(name, n, n) for name in "MNS")
V = layers("V", L, d)
NOTHING = le(m, m + 1)
"""For attempts that fail before their conclusion."""


def integer(symbol: Any) -> Any:
    """Any of the first numbers."""
    return between(symbol, 0, 9)


def attempted(given: Iterable[Declared], says: Any, *lines: Line) -> tuple[list[Step], list[str]]:
    """The steps and theorems of the proof. Raises ProofError."""
    conclusions = tuple(says) if isinstance(says, (list, tuple)) else (says,)
    return check(Derivation(lines=lines), Statement(given=tuple(given), says=conclusions))
