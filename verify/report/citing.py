"""How to cite a claim safely, in one sentence: read off the judge's verdicts, never off what the author expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from verify.judge import Judgement
from verify.model.claim import Claim, Part
from verify.model.words import Role, Scope, Verdict

Gettext = Callable[[str], str]

AS_STATED: dict[Verdict, str] = {
    Verdict.PROVED: "May be cited as stated: every main part is proved for all sizes in scope.",
    Verdict.SUPPORTED: "May be cited as a statement without known counterexample; it has been searched, not proved.",
    Verdict.EMPIRICAL: "May be cited as an observation on the networks measured here, not as a theorem.",
    Verdict.INCONCLUSIVE: "Not to be relied on yet: the evidence does not decide every main part.",
    Verdict.CONTRADICTED: "Not to be cited: it was measured on trained networks and did not hold.",
    Verdict.ILL_POSED: "Not to be cited before it is given a definite meaning.",
    Verdict.REFUTED: "Not to be cited as stated: a certified counterexample exists.",
}
INSTEAD_PROVED = "Cite the corrected form %(parts)s instead, which is proved."
INSTEAD_SUPPORTED = "The corrected form %(parts)s has no known counterexample."
INSTEAD_EMPIRICAL = "What remains is an observation on the networks measured: %(parts)s."
MIND = "Mind the caveat %(parts)s, which does not hold as stated."
NOT_RUN = "Nothing can be said: this claim has not been put on trial."

BAD = (Verdict.REFUTED, Verdict.ILL_POSED, Verdict.CONTRADICTED)


def how_to_cite(claim: Claim, headline: Verdict | None, judged: Mapping[str, Judgement], gettext: Gettext = str) -> str:
    """One or two sentences on what may be cited. ``judged`` maps part ids to judgements; ``headline`` None: not run."""
    if headline is None:
        return gettext(NOT_RUN)
    sentences = [gettext(AS_STATED[headline])]
    fallen = [p for p in claim.parts if p.role is Role.MAIN and _bad(p, judged)]  # caveats have a sentence of their own
    repaired = [claim.part(p.repair) for p in fallen if p.repair]
    survivors = [claim.part(p.survives_as) for p in fallen if p.survives_as]
    for template, parts in (
        (INSTEAD_PROVED, _with(repaired, judged, Verdict.PROVED)),
        (INSTEAD_SUPPORTED, _with(repaired, judged, Verdict.SUPPORTED)),
        (INSTEAD_EMPIRICAL, [p for p in _with(survivors, judged, Verdict.EMPIRICAL) if p.scope is Scope.TYPICAL]),
    ):
        if parts:
            sentences.append(gettext(template) % {"parts": _names(parts)})
    caveats = [p for p in claim.parts if p.role is Role.CAVEAT and _bad(p, judged)]
    if headline.is_good and caveats:
        sentences.append(gettext(MIND) % {"parts": _names(caveats)})
    return "".join(f"{sentence} " if sentence[-1].isascii() else sentence for sentence in sentences).strip()


def _bad(part: Part, judged: Mapping[str, Judgement]) -> bool:
    return part.id in judged and judged[part.id].verdict in BAD


def _with(parts: list[Part], judged: Mapping[str, Judgement], verdict: Verdict) -> list[Part]:
    return [p for p in parts if p.id in judged and judged[p.id].verdict is verdict]


def _names(parts: list[Part]) -> str:
    return ", ".join(dict.fromkeys(p.id for p in parts))
