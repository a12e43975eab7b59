"""Plain text within Markdown."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&#])")


def escaped(text: str) -> str:
    """Plain text as one line of Markdown that shows it as it is, within a table or without."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
