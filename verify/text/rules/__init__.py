"""The rules, one module a family. ``RULES`` is filled from the modules; nothing heavy is imported here."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from verify.text.diagnostics import Rule


def rules() -> tuple[Rule, ...]:
    """All rules by code. Raises ValueError where two have one code."""
    found: dict[str, Rule] = {}
    for module in iter_modules(__path__):
        if module.name.startswith("_"):
            continue
        for value in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, Rule) and found.setdefault(value.code, value) is not value:
                raise ValueError(f"two rules have the code {value.code}; give one another number")
    return tuple(found[code] for code in sorted(found))
