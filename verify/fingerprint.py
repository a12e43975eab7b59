"""Fingerprints of code: what evidence depends on beside its parameters."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def source_of(function: Callable[..., Any]) -> str:
    """Name of a function and a hash of the whole module that defines it, so that its helpers count too."""
    module = inspect.getmodule(function)
    if module is None or module.__file__ is None:
        raise ValueError(f"{function!r} has no source file; a check's function must live in a module")
    return f"{module.__name__}.{function.__qualname__}@{digest(Path(module.__file__).read_text('utf-8'))}"


ENGINE_FOLDERS = ("formula", "model", "proof", "stress", "networks")


ENGINE_FILES = (
    "certify.py", "checks.py", "context.py", "fingerprint.py", "mutants.py", "statistics.py", "unfalsifiable.py",
)  # fmt: skip


@cache
def engine_fingerprint() -> str:
    """A hash of every source file of the engine that can change evidence."""
    root = Path(__file__).parent
    files = sorted(p for p in root.rglob("*.py") if p.relative_to(root).parts[0] in ENGINE_FOLDERS)
    files += [path for path in map(root.joinpath, ENGINE_FILES) if path.exists()]
    return digest("".join(f"{p.relative_to(root)}:{digest(p.read_text('utf-8'))}\n" for p in files))
