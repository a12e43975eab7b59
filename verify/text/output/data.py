"""JSON: the contract with other programs."""

from __future__ import annotations

import json

from verify.text.output import Outcome

FIELDS = ("file", "line", "column", "code", "severity", "message", "help")


def render(outcome: Outcome) -> str:
    diagnostics = [{name: getattr(one, name) for name in FIELDS} for one in outcome.diagnostics]
    return json.dumps({"schema": 1, "diagnostics": diagnostics}, ensure_ascii=False, indent=2) + "\n"
