"""What hypothesis draws does not depend on what else the process has loaded."""

from __future__ import annotations

import importlib
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from verify.stress.provider import no_constants

NUMBERS = [2**31 + 7919 * i for i in range(400)]


def drawn(within: AbstractContextManager[None]) -> list[int]:
    out: list[int] = []

    @seed(1)
    @settings(
        max_examples=400,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32 - 1))
    def look(number: int) -> None:
        out.append(number)

    with within:
        look()
    return out


def test_numbers_in_the_source_of_other_modules_are_not_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the context they are, which is why it is there: a module that is loaded later changes the draws."""
    before, open_before = drawn(no_constants()), drawn(nullcontext())
    (tmp_path / "full_of_numbers.py").write_text(f"NUMBERS = {NUMBERS}")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("full_of_numbers")
    assert drawn(no_constants()) == before
    assert not set(before) & set(NUMBERS)
    assert drawn(nullcontext()) != open_before


def test_the_provider_is_that_of_hypothesis_again_afterwards() -> None:
    first = drawn(nullcontext())
    drawn(no_constants())
    assert drawn(nullcontext()) == first
