"""A collection with real statements, small enough to be tried in a moment: one refuted, with its certificate."""

from __future__ import annotations

from verify.checks import Counter
from verify.collection import Collection
from verify.formula.vocabulary import FrobeniusNorm, SpectralNorm, le, matrix, sizes
from verify.model.claim import Claim, Part, Text
from verify.model.statement import Matrix, Size
from verify.model.words import Role, Verdict

m, n = sizes("m n")
W = matrix("W", m, n)

norms_swapped = Part(
    id="norms-swapped",
    role=Role.CAVEAT,
    reading=Text(en="The Frobenius norm is at most the spectral norm.", zh="Frobenius范数不超过谱范数。"),
    given=(Size(symbol=m), Size(symbol=n), Matrix(symbol=W)),
    says=le(FrobeniusNorm(W), SpectralNorm(W)),
    witness={"W": [["1"]]},
    checks=(Counter(values={"W": [["1", "0"], ["0", "1"]]}),),
    expected=Verdict.REFUTED,
)
untried = norms_swapped.model_copy(
    update={"id": "untried", "role": Role.MAIN, "checks": (), "expected": Verdict.INCONCLUSIVE}
)

collection = Collection(
    name="mathematics",
    title=Text(en="Two norms", zh="两种范数"),
    claims=(Claim(label="lemma-4.1", title=Text(en="Norms", zh="范数"), parts=(untried, norms_swapped)),),
)
