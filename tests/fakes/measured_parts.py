"""A collection of one part that speaks of weights, for tests of ``verify measure``."""

from __future__ import annotations

from verify.checks import Measure
from verify.collection import Collection
from verify.model.claim import Claim, Part, Text
from verify.model.words import Role, Scope, Verdict
from verify.networks.measured_spectra import tenth_keeps_95

collection = Collection(
    name="measured_parts",
    title=Text(en="Weights", zh="权重"),
    claims=(
        Claim(
            label="lemma-1.1",
            title=Text(en="Weights", zh="权重"),
            statement_tex=(),
            parts=(
                Part(
                    id="tenth",
                    role=Role.MAIN,
                    scope=Scope.TYPICAL,
                    expected=Verdict.CONTRADICTED,
                    reading=Text(en="a tenth of the rank keeps most of the energy", zh="十分之一的秩保留大部分能量"),
                    checks=(Measure(function=tenth_keeps_95, quantity="E(rank/10)", threshold=0.5),),
                ),
            ),
        ),
    ),
)
