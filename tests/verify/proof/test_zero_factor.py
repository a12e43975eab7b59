"""A product that is zero has a factor that is: what may be concluded from it, and what may not."""

from __future__ import annotations

from typing import Any

import pytest
from attempts import attempted

from verify.authoring import (
    Entry,
    Line,
    ZeroFactor,
    apply,
    arithmetic,
    assume,
    between,
    declare,
    eq,
    for_each,
    indices,
    le,
    product,
    scalars,
    sizes,
    step,
    vector,
)
from verify.proof.errors import ProofError

r = sizes("r")
i, j, k, q = indices("i j k q")
x = vector("x", r)
all_of_them = product(Entry(x, i, 1), i, 1, r)
zero_product = assume("the product is zero", eq(all_of_them, 0))
known = step("known", arithmetic(), eq(all_of_them, 0))
chosen = step("chosen", ZeroFactor(line="known", called=q))


usual = (*declare(x), zero_product)


def prove(says: Any, *lines: Line, given: Any = usual) -> None:
    attempted(given, says, *lines)


def test_a_bound_on_all_factors_holds_of_the_one_that_is_zero() -> None:
    """With x_q = 0, and so (x_q + 1)^2 = 1, whatever q is; the name itself does not leave the proof."""
    prove(eq(all_of_them, 0), known, chosen, step("place", arithmetic("chosen"), le(1, q)))
    prove(
        eq(all_of_them, 0),
        known,
        chosen,
        step("one", arithmetic("chosen"), eq((Entry(x, q, 1) + 1) ** 2, 1)),
        step("end", arithmetic("chosen"), le(q, r)),
    )


def test_a_factor_that_is_zero_is_not_every_factor() -> None:
    with pytest.raises(ProofError):
        prove(eq(Entry(x, 1, 1), 0), known, chosen, step("first", arithmetic(), eq(Entry(x, 1, 1), 0)))
    with pytest.raises(ProofError):
        prove(
            eq(Entry(x, k, 1), 0),
            known,
            chosen,
            step("named", arithmetic(), eq(Entry(x, k, 1), 0)),
            given=(*declare(x), zero_product, between(k, 1, r)),
        )


@pytest.mark.parametrize("name", [k, i])
def test_the_place_has_a_name_of_its_own(name: Any) -> None:
    given = (*declare(x), between(k, 1, r), between(i, 1, r), assume("zero", eq(product(Entry(x, j, 1), j, 1, r), 0)))
    again = step("known", arithmetic(), eq(product(Entry(x, j, 1), j, 1, r), 0))
    with pytest.raises(ProofError, match="in use already"):
        prove(eq(1, 1), again, step("chosen", ZeroFactor(line="known", called=name)), given=given)


def test_the_place_is_a_mere_index() -> None:
    for name in (sizes("t"), scalars("t"), q + 1):
        with pytest.raises(ProofError, match="not a mere integer symbol"):
            prove(eq(1, 1), known, step("chosen", ZeroFactor(line="known", called=name)))


def test_what_is_chosen_for_one_case_does_not_leave_it() -> None:
    inside = for_each(
        k,
        1,
        r,
        step("chosen", ZeroFactor(line="known", called=q)),
        step("zero", arithmetic("chosen"), eq(Entry(x, q, 1), 0)),
    )
    with pytest.raises(ProofError, match="chosen for one case"):
        prove(eq(1, 1), known, step("each", inside))


@pytest.mark.parametrize(
    "says", [eq(all_of_them, all_of_them), eq(1, 1), le(all_of_them, 0)], ids=["not zero", "no product", "inequality"]
)
def test_only_a_product_that_is_zero_has_such_a_factor(says: Any) -> None:
    with pytest.raises(ProofError, match="does not say that a product is zero"):
        prove(eq(1, 1), step("known", arithmetic(), says), step("chosen", ZeroFactor(line="known", called=q)))


def test_an_empty_product_has_no_factor() -> None:
    """Where the range may be empty by more than one, the product means nothing definite."""
    ends = product(Entry(x, i, 1), i, k, r)
    given = (*declare(x), between(k, 1, 2 * r + 1), assume("zero", eq(ends, 0)))
    with pytest.raises(ProofError):
        prove(eq(1, 1), step("known", arithmetic(), eq(ends, 0)), chosen, given=given)


def test_it_names_no_theorem() -> None:
    assert chosen.by.theorems() == []
    assert apply("order", W=x, i=1, j=1).theorems() != []
