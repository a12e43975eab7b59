"""Attempts at proofs: one that must be accepted, one that must be refused."""

from __future__ import annotations

import pytest
from attempts import attempted

from verify.proof.errors import ProofError


@pytest.fixture
def attempt():
    """``attempt(given, says, *lines)``: the steps and theorems of the proof. Raises ProofError."""
    return attempted


@pytest.fixture
def refused():
    """``refused(message, given, says, *lines)``: the attempt fails with a message that matches."""

    def refuse(message, given, says, *lines):
        with pytest.raises(ProofError, match=message):
            attempted(given, says, *lines)

    return refuse
