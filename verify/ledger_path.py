"""Where the ledger lies. Apart from the ledger itself, so that asking for its place imports nothing heavy."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "VERIFY_LEDGER"


def default_path() -> Path:
    """``$VERIFY_LEDGER``, else ``ledger.sqlite`` in the user's state directory."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("verify-claims") / "ledger.sqlite"
