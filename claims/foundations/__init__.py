"""The classical theorems that the other collections lean on, each proved from a small base.

The base: the functions of the vocabulary by their definitions, the existence of the singular value decomposition,
rank-nullity, the rank as the least inner size of a factorisation, and algebra. Every other named theorem that a proof
may cite has a part here; what a part cites is proved before it.
"""

from __future__ import annotations

from pathlib import Path

from claims.foundations import approximation, comparison, elementary, equations, norms, ranks, scalars, spectra, values
from claims.foundations.chinese import CHINESE
from verify.collection import Collection
from verify.model.claim import Text

collection = Collection(
    name="foundations",
    title=Text(en="Foundations: classical theorems of matrix analysis", zh="基础：矩阵分析的经典定理"),
    claims=(
        *norms.CLAIMS,
        *ranks.CLAIMS,
        *approximation.CLAIMS,
        *values.CLAIMS,
        *comparison.CLAIMS,
        *spectra.CLAIMS,
        *equations.CLAIMS,
        *scalars.CLAIMS,
        *elementary.CLAIMS,
    ),
    bibliography=Path(__file__).parent / "references.bib",
    chinese=CHINESE,
)
