"""Annotations of a workflow on GitHub: one command a line (GitHub, "Workflow commands for GitHub Actions")."""

from __future__ import annotations

from verify.text.diagnostics import Diagnostic, Severity
from verify.text.output import Outcome

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(outcome: Outcome) -> str:
    return "".join(f"{_command(one)}\n" for one in outcome.diagnostics)


def _command(one: Diagnostic) -> str:
    places = {"file": one.file, "line": one.line, "endLine": one.end_line}
    if one.line == one.end_line:  # columns are read within one line only
        places |= {"col": one.column, "endColumn": one.end_column}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in (*places.items(), ("title", one.code)))
    text = f"{one.message}\n{one.help}" if one.help else one.message
    return f"::{COMMANDS[one.severity]} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
