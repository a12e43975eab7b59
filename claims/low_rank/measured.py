"""The parts that only a measurement on trained networks can decide, by claim; their claims place them in the text."""

from __future__ import annotations

from verify.model.claim import Part

PARTS: dict[str, tuple[Part, ...]] = {}


def measured(label: str) -> tuple[Part, ...]:
    """The typical parts of one claim, in the order in which they are to be shown."""
    return PARTS.get(label, ())
