"""The named theorems. Importing this package fills the library."""

from __future__ import annotations

from verify.proof.library import BEYOND, LIBRARY, NamedTheorem, instantiate
from verify.proof.theorems import basic, classical, decay, dynamics, flow, lora, weights

__all__ = [
    "BEYOND",
    "LIBRARY",
    "NamedTheorem",
    "basic",
    "classical",
    "decay",
    "dynamics",
    "flow",
    "instantiate",
    "lora",
    "weights",
]
