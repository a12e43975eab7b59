"""What says nothing is shown to say nothing; what says something is not."""

from __future__ import annotations

from typing import Any

from verify.authoring import (
    Derivation,
    Hypothesis,
    Part,
    Unfalsifiable,
    arithmetic,
    assume,
    ge,
    ill_posed,
    le,
    lt,
    main,
    real,
    scalars,
    sp,
    step,
    text,
)
from verify.context import Context, Profile
from verify.judge import judge
from verify.model.evidence import Failure, Typing
from verify.plan import checks_of

QUICK = Context(profile=Profile.QUICK, workers=1)
before, after, gained, lost = scalars("a b g l")
holds = le(after, before + gained - lost)


def part(values: dict[Any, Any], *lines: Any, given: tuple[Any, ...] = (), says: Any = holds) -> Part:
    return Part(
        id="trade-off",
        role=main,
        expected=ill_posed,
        reading=text("a trade-off of two terms that nothing defines", "两个未定义的项之间的权衡"),
        given=[real(before, 0), real(after, 0), real(gained, 0), real(lost, 0), *given],
        says=says,
        witness={"a": "1", "b": "1", "g": "1", "l": "1"},
        checks=[Unfalsifiable(values=values, derivation=Derivation(lines=lines))],
    )


VALUES = {gained: after, lost: before}
PROOF = (
    step("gain", Hypothesis(), ge(after, 0)),
    step("loss", Hypothesis(), ge(before, 0)),
    step("holds", arithmetic(), le(after, before + after - before)),
)


def run(tried: Part) -> Any:
    (found,) = tried.checks[0].run(tried, QUICK)
    return found


def test_free_terms_that_always_fit_make_a_part_ill_posed():
    tried = part(VALUES, *PROOF)
    found = run(tried)
    assert isinstance(found, Typing)
    assert "no observation" in found.message
    evidence = [e for one in checks_of(tried) if type(one).__name__ != "MutantsCheck" for e in one.run(tried, QUICK)]
    assert judge(tried.scope, evidence).verdict is ill_posed


def test_what_is_assumed_of_the_terms_must_hold_of_their_values():
    found = run(part({gained: after - before, lost: sp.Integer(0)}, step("holds", arithmetic(), le(after, after))))
    assert isinstance(found, Failure)
    bounded = part(VALUES, *PROOF, given=(assume("the gain is small", le(gained, before)),))
    assert isinstance(run(bounded), Failure)


def test_a_statement_that_the_values_do_not_save_is_not_unfalsifiable():
    found = run(part(VALUES, *PROOF, says=lt(after, before + gained - lost)))
    assert isinstance(found, Failure)


def test_a_value_must_not_be_made_of_a_term():
    found = run(part({gained: after + lost, lost: before}, *PROOF))
    assert isinstance(found, Failure)
    assert "mentions an undefined term" in found.message


def test_only_declared_reals_can_be_undefined():
    other = scalars("o")
    assert "declared as a real number" in run(part({other: after}, *PROOF)).message
    assert "declared as a real number" in run(part({}, *PROOF)).message
