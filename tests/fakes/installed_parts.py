"""The parts of the collections that this project brings, sorted for the tests by what is expected of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from claims.foundations import collection as foundations
from claims.low_rank import collection as low_rank
from verify.checks import Counter, Prove
from verify.context import Context, Profile
from verify.model.claim import Part
from verify.model.words import Scope, Verdict
from verify.select import Chosen, everything

COLLECTIONS = {collection.name: collection for collection in (low_rank, foundations)}
QUICK = Context(profile=Profile.QUICK, workers=1)
CHOSEN = {chosen.id: chosen for chosen in everything(COLLECTIONS)}
PARTS = {name: chosen.part for name, chosen in CHOSEN.items()}
UNIVERSAL = {name: part for name, part in PARTS.items() if part.scope is Scope.UNIVERSAL}
TYPICAL = {name: part for name, part in PARTS.items() if part.scope is Scope.TYPICAL}


def having(check: type) -> dict[str, Part]:
    return {name: part for name, part in UNIVERSAL.items() if any(isinstance(c, check) for c in part.checks)}


def expected(*verdicts: Verdict) -> dict[str, Part]:
    return {name: part for name, part in UNIVERSAL.items() if part.expected in verdicts}


PROVED, REFUTED = having(Prove), having(Counter)
ILL_POSED = expected(Verdict.ILL_POSED)


def of(parts: dict[str, Part]) -> Any:
    return pytest.mark.parametrize("part", parts.values(), ids=parts)


def of_chosen(names: Any) -> Any:
    names = list(names)
    return pytest.mark.parametrize("chosen", [CHOSEN[name] for name in names], ids=names)


def derivations(part: Part) -> Iterator[Any]:
    return (c.derivation for c in part.checks if isinstance(c, Prove))


def home_of(part: Part) -> Chosen:
    return next(chosen for chosen in CHOSEN.values() if chosen.part is part)
