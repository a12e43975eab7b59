"""The search must refute what is false and spare what is true, in the quick profile, for several seeds."""

from __future__ import annotations

import pytest

from tests.quality.planted import FALSE, TRUE
from verify.certify import recheck
from verify.context import Context, Profile
from verify.stress.search import search

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_is_refuted_with_a_certificate_that_stands(name: str, seed: int) -> None:
    found = search(FALSE[name], context=Context(profile=Profile.QUICK, seed=seed))
    assert found.counterexample is not None
    assert found.counterexample.certified
    assert recheck(FALSE[name], found.counterexample.certificate) is None


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_is_not_refuted_and_stays_decided(name: str, seed: int) -> None:
    stress = search(TRUE[name], context=Context(profile=Profile.QUICK, seed=seed))
    assert stress.counterexample is None
    assert stress.stress.matrices > 0
    assert stress.stress.undecided == 0
    assert stress.stress.not_finite == 0
    assert [name for name, visits in stress.stress.classes.items() if visits == 0] == []
