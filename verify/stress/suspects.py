"""From a float suspect to a certificate, or to a reason why there is none.

Doubles are dyadic rationals, so an instance has exact values; what certifies them shares no code with this search.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verify.certify import Refusal, certify
from verify.formula.vocabulary import LeftSingular, RightSingular, Truncated
from verify.model.evidence import Certificate, Value
from verify.model.statement import Statement
from verify.stress.coverage import has_tie
from verify.stress.trials import Instance, Suspect, Tried

CHEAP = 32
"""A suspect within rounding is certified only if it has no more numbers: such cases need the highest precision."""


def exact_number(value: float) -> str:
    """The double as an exact fraction: ``3``, ``-3/8``. Raises ValueError for what is not finite."""
    return str(Fraction(value))


def exact_values(instance: Instance, statement: Statement) -> dict[str, Value]:
    """The declared symbols of an instance by name, in the order of declaration, as exact values."""
    known: dict[Any, Value] = {symbol: str(size) for symbol, size in instance.sizes.items()}
    known |= {symbol: _exact(value.tolist()) for symbol, value in instance.values.items()}
    declared = (line.introduces for line in statement.given)
    return {str(symbol): known[symbol] for symbol in declared if symbol in known}


def _exact(data: Any) -> Any:
    return [_exact(item) for item in data] if isinstance(data, list) else exact_number(data)


@dataclass
class Budget:
    """How many suspects a search certifies: gross ones, ones within rounding, ones whose margin is not finite."""

    gross: int
    rounding: int
    undefined: int


@dataclass(frozen=True)
class Certified:
    """A suspect that was certified, with its float margin."""

    suspect: Suspect
    values: dict[str, Value]
    certificate: Certificate

    @property
    def relative(self) -> float:
        return -self.suspect.margin if self.suspect.margin is not None else math.inf


@dataclass
class Tally:
    """What became of the suspects."""

    suspects: int = 0
    artefacts: int = 0
    ties: int = 0
    undecided: int = 0
    unexamined: int = 0
    not_finite: int = 0
    not_instances: int = 0
    malformed: list[str] = field(default_factory=list)


class Examiner:
    """Certifies suspects within a budget and keeps the tally.

    A suspect beyond rounding is never left unexamined: one that the budget does not reach counts as undecided.
    """

    def __init__(self, statement: Statement, budget: Budget) -> None:
        self.statement, self.budget = statement, budget
        self.tally = Tally()
        self.certified: list[Certified] = []
        self._rounding: list[Suspect] = []

    def look(self, tried: list[Tried]) -> None:
        """Certifies the gross suspects of one recipe; keeps the most suspicious of those within rounding for later."""
        suspects = [s for chunk in tried for s in chunk.suspects]
        self.tally.suspects += sum(chunk.gross + chunk.rounding for chunk in tried)
        examined = self._examine_gross(
            sorted((s for s in suspects if s.margin is not None and not s.rounding), key=_rank)
        )
        if self.certified:
            return
        self.tally.undecided += sum(chunk.gross for chunk in tried) - examined
        self.tally.unexamined += sum(chunk.rounding for chunk in tried)
        kept = [s for s in suspects if s.rounding and s.instance.numbers <= CHEAP and self._determined(s)]
        self._rounding = sorted(self._rounding + kept, key=_rank)[: self.budget.rounding]
        undefined = sum(chunk.not_finite for chunk in tried)
        cleared = sum(self._clears(s) for s in suspects if s.margin is None)
        self.tally.not_finite += max(undefined - cleared, 0)

    def _determined(self, suspect: Suspect) -> bool:
        """Whether a truncation in the conclusion is unique: with tied singular values nothing could decide it."""
        if not self.statement.expand(self.statement.says[suspect.relation]).has(Truncated, LeftSingular, RightSingular):
            return True
        return not any(has_tie(value[None]) for value in suspect.instance.values.values() if value.ndim >= 2)

    def look_at_rounding(self, share: float) -> None:
        """Certifies the most suspicious of the suspects within rounding, up to a share of their budget."""
        for suspect in self._rounding[: math.ceil(share * self.budget.rounding)]:
            if self.certified:
                return
            self.tally.unexamined -= 1
            self.examine(suspect)
        self._rounding = []

    def _examine_gross(self, gross: list[Suspect]) -> int:
        examined = 0
        for suspect in gross:
            if self.budget.gross <= 0:
                break
            self.budget.gross -= 1
            examined += 1
            if self.examine(suspect):
                break
        return examined

    def _clears(self, suspect: Suspect) -> bool:
        """Whether exact arithmetic decides an instance whose float margin is not finite."""
        if self.budget.undefined <= 0:
            return False
        self.budget.undefined -= 1
        before = (self.tally.artefacts, self.tally.not_instances)
        return self.examine(suspect, count_undecided=False) or before != (
            self.tally.artefacts,
            self.tally.not_instances,
        )

    def examine(self, suspect: Suspect, *, count_undecided: bool = True) -> bool:
        """Whether this suspect was certified. Refusals are counted by kind."""
        values = exact_values(suspect.instance, self.statement)
        outcome = certify(self.statement, values, suspect.relation)
        if not isinstance(outcome, Refusal):
            self.certified.append(Certified(suspect, values, outcome))
            return True
        match outcome.kind:
            case "holds":
                self.tally.artefacts += 1
            case "tied":
                self.tally.ties += 1
            case "hypothesis":
                self.tally.not_instances += 1
            case "undecided":
                self.tally.undecided += count_undecided
            case _:
                self.tally.malformed.append(outcome.reason)
                self.tally.undecided += 1
        return False


def _rank(suspect: Suspect) -> float:
    return suspect.rank
