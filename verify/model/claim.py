"""Claims and parts: what is put on trial. Checks: what tries them. All immutable, all refused early if malformed."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any, ClassVar

import sympy as sp
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from verify.context import Context
from verify.model.evidence import Evidence, Value
from verify.model.statement import Declared, Statement, show
from verify.model.words import Kind, Role, Scope, Verdict

IDENTIFIER = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
DEPENDENCY = re.compile(rf"([a-z][a-z0-9_]*:)?{IDENTIFIER.pattern}/{IDENTIFIER.pattern}")


class Text(BaseModel):
    """A short text in both languages of the project, in the project's own words."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    en: str
    zh: str


class Check(BaseModel):
    """Knows how to produce evidence for one part.

    A check's fields are all that its evidence depends on beside the statement, the context and the code:
    they enter the fingerprint under which the ledger keeps the evidence.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")
    needs_torch: ClassVar[bool] = False
    shares_work: ClassVar[bool] = False
    """Whether such checks draw on the same trained networks: then one runs at a time, and the next finds them."""
    patience: ClassVar[int] = 1
    """How many times the usual time limit such a check may take."""
    can_decide: ClassVar[bool] = True
    """Whether what it finds can bear on the verdict. A part that has checks has one that can."""

    @abstractmethod
    def run(self, part: Part, context: Context) -> list[Evidence]:
        """Puts ``part`` to this test. Raises only where something is wrong with the check itself."""

    def describe(self) -> dict[str, Any]:
        """The parameters as plain data for the fingerprint; functions by their module and source hash."""
        return {name: plain(getattr(self, name)) for name in type(self).model_fields}


class Part(BaseModel):
    """One atomic assertion.

    A universal part carries ``given``/``says`` and a ``witness``: exact values for the declared symbols that satisfy
    every hypothesis. ``expected`` is what its author expects; the judge never sees it, a run reports a difference.
    ``reading`` says in plain words what is asserted and, where the formula is a consequence of the text's words
    rather than a transcription, why deciding the formula decides the part.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")

    id: str
    role: Role
    scope: Scope = Scope.UNIVERSAL
    reading: Text
    given: tuple[Declared, ...] = ()
    says: tuple[Any, ...] = ()
    witness: Mapping[str, Value] | None = None
    checks: tuple[Check, ...] = ()
    expected: Verdict
    repair: str | None = None
    survives_as: str | None = None
    classes: tuple[str, ...] = Field((), description="coverage classes that a search must visit, beside the usual ones")
    sources: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = Field(
        (), description="``claim/part``, or ``collection:claim/part``, of what the part leans on beside named theorems"
    )
    spared: Mapping[str, Text] = Field(
        {}, description="why a mutant, by name, is not false, or cannot be told from the part; no verdict reads it"
    )
    note: Text | None = Field(None, description="what a reader should learn from the verdict")

    @field_validator("says", mode="before")
    @classmethod
    def _one_or_many(cls, says: Any) -> Any:
        return (says,) if isinstance(says, sp.Basic) else tuple(says)

    @field_validator("id")
    @classmethod
    def _id(cls, value: str) -> str:
        if not IDENTIFIER.fullmatch(value):
            raise ValueError(f"part id {value!r}: use lower-case words joined by hyphens, such as tail-bound")
        return value

    @field_validator("depends_on")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not DEPENDENCY.fullmatch(name):
                raise ValueError(f"depends_on names {name!r}: write claim/part or collection:claim/part")
        return value

    @model_validator(mode="after")
    def _well_formed(self) -> Part:
        if self.scope is Scope.UNIVERSAL:
            if not self.says:
                raise ValueError(f"universal part {self.id!r} says nothing; give `says` a relation")
            if self.witness is None:
                raise ValueError(
                    f"universal part {self.id!r} has no witness: give exact values that satisfy its hypotheses, "
                    "so that it cannot pass because it speaks of nothing"
                )
            _ = self.statement
        elif self.witness is not None:
            raise ValueError(f"typical part {self.id!r} has a witness; witnesses belong to universal parts")
        if self.checks and not any(check.can_decide for check in self.checks):
            names = ", ".join(type(check).__name__ for check in self.checks)
            raise ValueError(f"part {self.id!r} has no check that could decide it, only {names}; add one")
        return self

    @cached_property
    def statement(self) -> Statement:
        return Statement(given=self.given, says=self.says)

    def __hash__(self) -> int:
        return hash((self.id, self.expected, str(self.says)))


class Claim(BaseModel):
    """One numbered item of a text, split into parts.

    ``label`` is the identifier (``lemma-11.19``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    title: Text
    parts: tuple[Part, ...] = Field(min_length=1)
    section: str = ""
    statement_tex: tuple[str, ...] = Field((), description="formulas of the item, in the project's own notation")
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _well_formed(self) -> Claim:
        kind, hyphen, _ = self.label.partition("-")
        if not IDENTIFIER.fullmatch(self.label) or not hyphen or kind not in set(Kind):
            raise ValueError(f"label {self.label!r}: write kind-number, such as lemma-11.19; kinds: {', '.join(Kind)}")
        ids = [part.id for part in self.parts]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"{self.label}: two parts are called {twice[0]!r}; rename one")
        if not any(part.role is Role.MAIN for part in self.parts):
            raise ValueError(f"{self.label}: no main part carries the headline; give one part role=Role.MAIN")
        for part in self.parts:
            self._check_links(part)
        return self

    def _check_links(self, part: Part) -> None:
        ids = {p.id: p for p in self.parts}
        here = f"{self.label}/{part.id}"
        for field, target in (("repair", part.repair), ("survives_as", part.survives_as)):
            if target is not None and target not in ids:
                raise ValueError(f"{here}: {field} names {target!r}, which is no part of this claim; add it or drop it")
            if target == part.id:
                raise ValueError(f"{here}: {field} names the part itself; name the corrected part")
        if part.survives_as is not None and ids[part.survives_as].scope is not Scope.TYPICAL:
            raise ValueError(f"{here}: survives_as must name a typical part; use repair for a universal one")
        beyond_repair = part.repair is None and part.survives_as is None
        if part.role is Role.MAIN and part.expected in (Verdict.REFUTED, Verdict.ILL_POSED) and beyond_repair:
            raise ValueError(f"{here}: a main part expected {part.expected} names a repair or what survives; give one")

    @property
    def kind(self) -> Kind:
        return Kind(self.label.split("-")[0])

    @property
    def number(self) -> str:
        return self.label.split("-", 1)[1]

    def part(self, part_id: str) -> Part:
        return next(part for part in self.parts if part.id == part_id)


@cache
def text_of(expression: sp.Basic) -> str:
    """:func:`verify.model.statement.show`, once for each expression: proofs repeat them, and it is slow."""
    return show(expression)


def plain(value: Any) -> Any:
    """A check's parameter as JSON data that changes whenever the parameter does."""
    from verify.fingerprint import source_of

    if isinstance(value, BaseModel):
        return {"type": type(value).__qualname__, **{k: plain(v) for k, v in value}}
    if isinstance(value, Mapping):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, sp.Basic):
        return text_of(value)
    if callable(value):
        return source_of(value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)
