"""Pictures of evidence: curves, figures beside their null models, margins of searches, matrices of counterexamples.

They show what the ledger holds and nothing that was computed for the page. Every picture of numbers brings them as a
table; the numbers behind a heat map are the exact matrix beside it.
"""

from __future__ import annotations

from verify.model.evidence import Curves, Illustration, Measurement
from verify.report.plots import attention, curves, margins, matrices, strips
from verify.report.plots.attention import of_attention
from verify.report.plots.curves import of_curves
from verify.report.plots.margins import of_margins
from verify.report.plots.matrices import of_matrices
from verify.report.plots.plot import Gettext, Plot
from verify.report.plots.strips import of_figures

__all__ = ["MESSAGES", "Plot", "of_evidence", "of_margins", "of_matrices"]

MESSAGES = (*attention.MESSAGES, *curves.MESSAGES, *margins.MESSAGES, *matrices.MESSAGES, *strips.MESSAGES)


def of_evidence(found: Measurement | Illustration, gettext: Gettext = str) -> list[Plot]:
    """Curves first; then, of a measurement, its figures, and for attention their course in n/d.

    ``gettext`` translates what the evidence says as well as what the pictures do.
    """
    lines = [of_curves(_worded(one, gettext), gettext) for one in found.curves]
    if isinstance(found, Illustration):
        return lines
    return [*lines, *of_attention(found, gettext), *of_figures(found, gettext)]


def _worded(curves: Curves, gettext: Gettext) -> Curves:
    names = {field: gettext(getattr(curves, field)) for field in ("title", "x", "y")}
    lines = tuple(one.model_copy(update={"name": gettext(one.name)}) for one in curves.lines)
    return curves.model_copy(update={**names, "lines": lines})
