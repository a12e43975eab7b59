"""SARIF 2.1.0 (OASIS standard, 2020): one run, its rules, and a result for each finding."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from verify import __version__
from verify.text.diagnostics import Diagnostic, Rule
from verify.text.output import Outcome, legal

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(outcome: Outcome) -> str:
    index = {rule.code: number for number, rule in enumerate(outcome.rules)}
    driver = {"name": "verify", "semanticVersion": __version__, "rules": [_rule(rule) for rule in outcome.rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, index) for one in outcome.diagnostics],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.sentence},
        "fullDescription": {"text": " ".join(rule.doc.split())},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _result(one: Diagnostic, index: dict[str, int]) -> dict[str, Any]:
    region = {
        "startLine": one.line,
        "startColumn": one.column,
        "endLine": one.end_line,
        "endColumn": max(one.end_column, one.column) if one.end_line == one.line else one.end_column,
    }
    text = f"{one.message}\n{one.help}" if one.help else one.message
    result: dict[str, Any] = {
        "ruleId": one.code,
        "level": str(one.severity),
        "message": {"text": legal(text)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(one.file)}, "region": region}}],
        "partialFingerprints": {"finding/v1": _hash(one)},
    }
    if one.code in index:
        result["ruleIndex"] = index[one.code]
    return result


def _uri(name: str) -> str:
    if name == "<stdin>":
        return "stdin"
    path = Path(name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _hash(one: Diagnostic) -> str:
    """The same finding keeps it while lines come and go above."""
    return hashlib.sha256(f"{one.file}\n{one.code}\n{one.message}".encode("utf-8", "replace")).hexdigest()[:16]
