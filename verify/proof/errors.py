"""The one error of the proof checker."""

from __future__ import annotations


class ProofError(Exception):
    """A line of a proof that is not justified; the message names the line and what is missing."""
