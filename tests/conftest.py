"""What every test relies on: one hypothesis profile, one torch thread, no ledger and no collection from outside."""

from __future__ import annotations

import os

# Before torch is imported by any test: two workers with two threads each would fight over two cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "project",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],  # the machine decides how slow, the test does not
)
settings.load_profile("project")


@pytest.fixture(autouse=True)
def _own_ledger(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own ledger, or sees collections named in the user's environment."""
    monkeypatch.setenv("VERIFY_LEDGER", str(tmp_path_factory.mktemp("ledger") / "ledger.sqlite"))
    monkeypatch.delenv("VERIFY_COLLECTIONS", raising=False)
