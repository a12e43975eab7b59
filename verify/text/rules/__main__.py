"""The pages of the rules, from their docstrings: ``python -m verify.text.rules --write docs/rules``."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

from verify.text.diagnostics import FAMILIES, Rule
from verify.text.rules import rules


def pages() -> dict[str, str]:
    """File names and their texts."""
    known = list(rules())
    return {f"{rule.code}.md": page(rule) for rule in known} | {"index.md": index(known)}


def page(rule: Rule) -> str:
    """A page of one rule. Examples stand in lines of their own behind ``Wrong:`` and ``Right:``."""
    body = re.sub(r"\n(?=Right:)", "\n\n", inspect.cleandoc(rule.doc))
    body = re.sub(r"(?m)^(Wrong|Right):", r"**\1:**", body)
    return f"# {rule.code} {rule.name}\n\n{rule.sentence} ({rule.severity.value}: {rule.severity.sentence})\n\n{body}\n"


def index(known: list[Rule]) -> str:
    """All rules by family."""
    lines = ["# Rules of the text checker", "", "Generated: `python -m verify.text.rules --write docs/rules`.", ""]
    for letter, family in FAMILIES.items():
        of_family = sorted((rule for rule in known if rule.code[0] == letter), key=lambda rule: rule.code)
        if of_family:
            lines += [f"## {letter}: {family}", "", "| code | name | severity | finds |", "|---|---|---|---|"]
            lines += [
                f"| [{r.code}]({r.code}.md) | {r.name} | {r.severity.value} | {_cell(r.sentence)} |" for r in of_family
            ]
            lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] != "--write":
        sys.stderr.write("usage: python -m verify.text.rules --write FOLDER\n")
        return 2
    folder = Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
