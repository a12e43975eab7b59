"""Attempts at proofs: one that must be accepted, one that must be refused."""

from __future__ import annotations

import pytest

from verify.model.statement import Statement
from verify.proof.errors import ProofError
from verify.proof.lines import Derivation, check


def _attempt(given, says, *lines):
    statement = Statement(given=tuple(given), says=tuple(says) if isinstance(says, (list, tuple)) else (says,))
    return check(Derivation(lines=lines), statement)


@pytest.fixture
def attempt():
    """``attempt(given, says, *lines)``: the steps and theorems of the proof. Raises ProofError."""
    return _attempt


@pytest.fixture
def refused():
    """``refused(message, given, says, *lines)``: the attempt fails with a message that matches."""

    def refuse(message, given, says, *lines):
        with pytest.raises(ProofError, match=message):
            _attempt(given, says, *lines)

    return refuse
