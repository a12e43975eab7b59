"""Proofs as a page tells them: what an earlier proof of the claim has told, and the statement itself, not twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from verify.model.evidence import Proof, Step
from verify.report.mathematics import formula_in_text, in_text
from verify.report.view import ClaimView, PartView
from verify.report.wording import Wording

ENGLISH = Wording("en")
FEWEST = 3
"""So many lines in a row at least are left to the proof that tells them already."""


@dataclass(frozen=True)
class Told:
    """Lines of a proof. One line with its reason and formula, or, where ``part`` is named, the lines of its proof.

    ``states`` numbers, from 1, the formula of the statement that the line is; 0 where it is none of them.
    """

    names: tuple[str, ...]
    by: str = ""
    formula: str = ""
    states: int = 0
    part: str = ""


def told(claim: ClaimView, part: PartView, proof: Proof, words: Wording = ENGLISH) -> list[Told]:
    """The lines of a proof in order, in the language of the page.

    Raises nothing: a line that is told nowhere else is told here.
    """
    known = dict(_earlier(claim, part))
    says = {str(formula_in_text(formula)): place for place, formula in enumerate(part.part.says, 1)}
    out: list[Told] = []
    for where, run in groupby(proof.steps, lambda step: known.get(_key(step), "")):
        steps = list(run)
        if where and len(steps) >= FEWEST:
            out.append(Told(tuple(step.name for step in steps), part=where))
        else:
            out += [_told(step, says, words) for step in steps]
    return out


def _told(step: Step, says: dict[str, int], words: Wording) -> Told:
    place = says.get(in_text(step.tex), 0)
    return Told((step.name,), words(step.by), in_text(words.in_tex(step.tex)), place)


def _earlier(claim: ClaimView, part: PartView) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Every line told before, with the id of the first part whose proof tells it."""
    before = claim.parts[: claim.parts.index(part)]
    for other in reversed(before):
        for evidence in other.evidence:
            if isinstance(evidence, Proof):
                yield from ((_key(step), other.part.id) for step in evidence.steps)


def _key(step: Step) -> tuple[str, str, str]:
    return step.name, step.by, step.tex
