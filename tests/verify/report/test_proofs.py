"""Proofs as a page tells them: nothing told twice in a claim, and nothing lost."""

from __future__ import annotations

import report_sample as sample

from verify.formula import printing
from verify.model.claim import Claim, Part
from verify.model.evidence import Proof, Step
from verify.report.proofs import told
from verify.report.view import ClaimView, PartView

SHARED = [Step(name=f"s{i}", tex=f"x_{i} = 1", by="algebra") for i in range(1, 5)]
OWN = [Step(name=f"o{i}", tex=f"y_{i} = 1", by="algebra") for i in range(1, 4)]


def claim(*proofs: list[Step]) -> ClaimView:
    parts = [sample.residual.model_copy(update={"id": f"p{place}"}) for place, _ in enumerate(proofs)]
    own = Claim(label="lemma-1.1", title=sample.both("a", "b"), parts=tuple(parts))
    views = zip(parts, proofs, strict=True)
    return ClaimView(own, tuple(part_view(own, part, Proof(engine="e", steps=steps)) for part, steps in views))


def part_view(own: Claim, part: Part, proof: Proof) -> PartView:
    return PartView(own, part, (proof,), None, False)


def lines(view: ClaimView, place: int) -> list[tuple[tuple[str, ...], str]]:
    part = view.parts[place]
    proof = part.evidence[0]
    assert isinstance(proof, Proof)
    return [(line.names, line.part) for line in told(view, part, proof)]


def test_lines_told_before_are_left_to_the_proof_that_tells_them() -> None:
    view = claim([*SHARED, OWN[0]], [OWN[1], *SHARED, OWN[2]])
    assert lines(view, 0) == [(("s1",), ""), (("s2",), ""), (("s3",), ""), (("s4",), ""), (("o1",), "")]
    assert lines(view, 1) == [(("o2",), ""), (("s1", "s2", "s3", "s4"), "p0"), (("o3",), "")]


def test_a_third_proof_refers_to_the_first_and_not_to_a_reference() -> None:
    view = claim(SHARED, [OWN[0], *SHARED], [*SHARED, OWN[0]])
    assert lines(view, 2)[0] == (("s1", "s2", "s3", "s4"), "p0")


def test_two_lines_alike_or_lines_that_differ_in_anything_are_told() -> None:
    changed = [step.model_copy(update={"by": "arithmetic"}) for step in SHARED]
    view = claim(SHARED, SHARED[:2], changed)
    assert all(part == "" for place in (1, 2) for _, part in lines(view, place))


def test_the_line_that_is_the_statement_is_known_as_it() -> None:
    steps = [OWN[0], Step(name="end", tex=printing.tex(sample.residual.says[0]), by="sum")]
    view = claim(steps)
    proof = view.parts[0].evidence[0]
    assert isinstance(proof, Proof)
    assert [line.states for line in told(view, view.parts[0], proof)] == [0, 1]
