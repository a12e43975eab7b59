"""A cache of their own for these tests, so that nothing trained or fetched elsewhere is seen or changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from verify.networks import pretrained, training


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("VERIFY_CACHE", str(tmp_path / "cache"))
    forget()
    yield tmp_path / "cache"
    forget()


def forget() -> None:
    training.train.cache_clear()
    pretrained.weights.cache_clear()
    pretrained.matrices.cache_clear()
