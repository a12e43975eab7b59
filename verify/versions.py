"""Versions of what evidence depends on, read from package metadata without importing anything."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("torch", "numpy", "sympy", "hypothesis", "python-flint", "z3-solver")


@cache
def versions() -> dict[str, str]:
    """Python and the packages that evidence depends on; "missing" for one that is not installed."""
    return {"python": platform.python_version()} | {package: _version(package) for package in PACKAGES}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
