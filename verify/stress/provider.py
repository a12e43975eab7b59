"""The draws of hypothesis, made independent of what else the process has loaded.

Hypothesis sometimes draws a number that stands in the source of a module of the user's. Which modules those are depends
on how the package is installed and on what ran before in the process, and with them the evidence would change at the
same seed. There is no setting against it; for the recipes of a search such numbers mean nothing anyway.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any
from unittest.mock import patch

from hypothesis.internal.conjecture.providers import HypothesisProvider

DRAWS_THEM = "_maybe_draw_constant"
"""Versions without it draw none. That no other name has taken its place is tested."""


def no_constants() -> AbstractContextManager[Any]:
    """Within, hypothesis draws no constants."""
    if not hasattr(HypothesisProvider, DRAWS_THEM):
        return nullcontext()
    return patch.object(HypothesisProvider, DRAWS_THEM, lambda *args, **more: None)
