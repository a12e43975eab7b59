"""A part of this collection: a classical theorem with its proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verify.authoring import Line, Part, Search, Text, main, proof, proved
from verify.model.statement import Declared
from verify.model.words import Role


def theorem(
    name: str,
    reading: Text,
    given: Sequence[Declared],
    says: Any,
    witness: dict[str, Any],
    *lines: Line,
    role: Role = main,
    search: bool = True,
    note: Text | None = None,
) -> Part:
    """A universal part that is proved; it is searched too, unless its hypotheses are equations no search can meet."""
    return Part(
        id=name,
        role=role,
        expected=proved,
        reading=reading,
        given=tuple(given),
        says=says,
        witness=witness,
        checks=(proof(*lines), *([Search()] if search else [])),
        note=note,
    )
