"""Characters that change the direction of what follows them, shown instead of obeyed.

A text that holds them can read otherwise than it is (Boucher and Anderson 2021, Trojan Source).
"""

from __future__ import annotations

import re

DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ANY = re.compile(f"[{DIRECTION}]")


def named(text: str) -> str:
    """Each of them by its number: ``[U+202E]``."""
    return _ANY.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
