"""Evidence: what a check found. Immutable, serialisable, enough to show and to re-check.

Numbers that reach a verdict are finite by type: a NaN cannot be stored, let alone judged.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, NonNegativeInt, model_validator

from verify.model.words import Outcome

Value = str | list[list[str]] | list[list[list[str]]]
"""An exact number (``3/2``, ``log(2)``), a matrix of them by rows, or a family of matrices."""


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Certificate(Frozen):
    """Exact numbers and the relation they break; re-checked without the search that found them.

    ``statement`` is the fingerprint of the statement that the numbers break: a certificate says
    nothing about any other. ``relation`` counts the conclusions of the statement from 0.
    """

    statement: str
    values: dict[str, Value]
    relation: NonNegativeInt = 0
    left: str = Field(description="enclosure or exact value of the left side, for reading")
    right: str
    engine: Literal["exact", "ball"]
    precision: int | None = Field(None, description="bits at which the sign was decided; None if exact")


class Step(Frozen):
    """One step of a proof, as a reader follows it."""

    name: str
    tex: str
    by: str
    uses: list[str] = []


class Found(Frozen):
    engine: str
    seconds: FiniteFloat = 0.0


class Proof(Found):
    kind: Literal["proof"] = "proof"
    covers: Literal["all sizes"] = "all sizes"
    steps: list[Step] = Field(min_length=1)
    theorems: list[str] = Field(default=[], description="named theorems that the proof rests on, with source")


class Exact(Found):
    """An exact proof at the listed sizes, and at no others."""

    kind: Literal["exact"] = "exact"
    sizes: list[str] = Field(min_length=1)


class Stress(Found):
    kind: Literal["stress"] = "stress"
    matrices: NonNegativeInt = Field(description="instances on which every conclusion was evaluated")
    recipes: NonNegativeInt = 0
    classes: dict[str, NonNegativeInt] = Field(description="visits by coverage class; 0 for a required one not visited")
    worst_margin: FiniteFloat | None = Field(description="smallest scaled right minus left")
    sharpest_killed: str | None = None
    suspects: NonNegativeInt = 0
    artefacts: NonNegativeInt = Field(0, description="float suspects that ball arithmetic cleared")
    ties: NonNegativeInt = Field(0, description="suspects whose two sides agree to the precision limit")
    undecided: NonNegativeInt = 0
    unexamined: NonNegativeInt = Field(0, description="suspects within float rounding, beyond the re-check budget")
    not_finite: NonNegativeInt = Field(
        0, description="instances whose margin was NaN or infinite: not counted as trials"
    )


class Violation(Frozen):
    """The worst relative violation seen, beside the smallest example."""

    relative: FiniteFloat
    where: str


class Counterexample(Found):
    kind: Literal["counterexample"] = "counterexample"
    certified: bool
    certificate: Certificate
    found_by: str
    worst: Violation | None = None


class Line(Frozen):
    """Points joined in order. ``of`` tells what was measured from what it is held against: null model, or formula."""

    name: str
    of: Literal["measured", "null", "model"]
    x: tuple[FiniteFloat, ...] = Field(min_length=1)
    y: tuple[FiniteFloat, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _paired(self) -> Line:
        if len(self.x) != len(self.y):
            raise ValueError(f"line {self.name!r}: {len(self.x)} abscissas for {len(self.y)} ordinates")
        return self


class Curves(Frozen):
    """What a measurement saw in between, or what formulas give, for looking at: no verdict reads it."""

    title: str
    x: str = Field(description="what the abscissa is, with its unit")
    y: str
    log_x: bool = False
    log_y: bool = False
    joined: bool = Field(True, description="whether there is anything between one point and the next")
    levels: tuple[FiniteFloat, ...] = Field(default=(), description="ordinates to rule a line at")
    marks: tuple[FiniteFloat, ...] = Field(default=(), description="abscissas to rule a line at")
    lines: tuple[Line, ...] = Field(min_length=1)


class Measurement(Found):
    """k of n on trained networks, with the threshold that was declared before measuring."""

    kind: Literal["measurement"] = "measurement"
    quantity: str
    held: NonNegativeInt
    of: NonNegativeInt
    interval: tuple[FiniteFloat, FiniteFloat] = Field(description="95% Wilson interval of held/of")
    threshold: FiniteFloat = Field(ge=0, le=1)
    null: dict[str, FiniteFloat] = {}
    networks: list[str] = []
    figures: dict[str, FiniteFloat] = {}
    curves: tuple[Curves, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _counts(self) -> Measurement:
        if self.held > self.of:
            raise ValueError(f"held {self.held} of {self.of}: more than were measured")
        low, high = self.interval
        share = self.held / self.of if self.of else 0.5
        if not 0 <= low <= share <= high <= 1:
            raise ValueError(f"the interval ({low}, {high}) does not lie in [0, 1] around {self.held} of {self.of}")
        return self


class Illustration(Found):
    """A picture beside a part, for looking at. Never evidence for anything."""

    kind: Literal["illustration"] = "illustration"
    curves: tuple[Curves, ...] = Field(min_length=1)


class Typing(Found):
    kind: Literal["typing"] = "typing"
    message: str


class Witness(Found):
    """Whether the part's own witness satisfies every hypothesis, decided exactly or in balls."""

    kind: Literal["witness"] = "witness"
    holds: bool
    message: str = ""


class Mutant(Frozen):
    name: str
    tex: str
    outcome: Outcome
    reason: str
    certificate: Certificate | None = None

    @model_validator(mode="after")
    def _killed_by_something(self) -> Mutant:
        if (self.outcome is Outcome.KILLED) != (self.certificate is not None):
            raise ValueError(f"mutant {self.name!r}: {self.outcome}, so give it a certificate exactly if it is killed")
        return self


class Mutants(Found):
    kind: Literal["mutants"] = "mutants"
    outcomes: list[Mutant]

    def count(self, outcome: Outcome) -> int:
        return sum(mutant.outcome is outcome for mutant in self.outcomes)


class Attribution(Found):
    """Whether the formula on trial is the one that the frozen record of a source states. Says nothing on its truth."""

    kind: Literal["attribution"] = "attribution"
    record: str
    source: str
    year: int
    authors: tuple[str, ...]
    where: str
    formula: str
    provenance: str
    verified: bool
    agrees: bool
    message: str = ""


class Failure(Found):
    """A check that did not return evidence. Never evidence for anything."""

    kind: Literal["failure"] = "failure"
    check: str
    cause: Literal["error", "timeout", "not a number", "precision"]
    message: str


Evidence = Annotated[
    Proof
    | Exact
    | Stress
    | Counterexample
    | Measurement
    | Illustration
    | Typing
    | Witness
    | Mutants
    | Attribution
    | Failure,
    Field(discriminator="kind"),
]
