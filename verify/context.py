"""What a check may depend on beside the part it tries: profile, seed, device, workers."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Profile(StrEnum):
    """How many trials. The profile decides the effort, never whether a part is checked."""

    QUICK = "quick"
    STANDARD = "standard"
    DEEP = "deep"


class Context(BaseModel):
    """Passed to every check. ``workers`` may change the time, never the evidence."""

    model_config = ConfigDict(frozen=True)

    profile: Profile = Profile.STANDARD
    seed: int = 0
    device: str = "cpu"
    workers: int = 2
    budget_seconds: float = 900.0
