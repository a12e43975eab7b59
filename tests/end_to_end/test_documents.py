"""What the documents say is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from verify.cli import cli
from verify.collection import load
from verify.model.words import Verdict

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("verdict", Verdict)
def test_the_readme_shows_the_sentence_of_every_verdict(verdict: Verdict) -> None:
    assert f"| `{verdict}` | {verdict.sentence} |" in README


def test_the_readme_names_commands_that_exist() -> None:
    named = set(re.findall(r"^verify ([a-z-]+)", README, re.MULTILINE))
    assert named
    assert named <= set(cli.commands)


def test_the_readme_and_the_changelog_count_what_there_is() -> None:
    section, classical = (tuple(load(name).claims) for name in ("low_rank", "foundations"))
    parts = [sum(len(claim.parts) for claim in claims) for claims in (section, classical)]
    words = " ".join(README.split())
    assert f"{len(section)} claims in {parts[0]} parts, with {parts[1]} parts on the classical theorems" in words
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"every item of section 11.2, in {parts[0]} parts" in changes
    assert f"{len(classical)} classical theorems and lemmas" in changes


def test_modules_in_the_architecture_exist() -> None:
    rows = re.findall(r"^\| (`verify\..*?) \|", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.MULTILINE)
    modules = [name for row in rows for name in re.findall(r"`(verify\.[a-z_.]+)`", row)]
    assert len(modules) > 15
    missing = [
        m for m in modules if not any((ROOT / (m.replace(".", "/") + end)).exists() for end in (".py", "/__init__.py"))
    ]
    assert missing == []


def test_no_word_of_the_project_names_the_machine_it_was_written_on() -> None:
    folders = ("verify", "claims", "docs", "tests")
    files = [p for folder in folders for p in (ROOT / folder).rglob("*") if p.suffix in (".py", ".md", ".j2", ".css")]
    machine = "/wo" + "rk/"
    assert [str(p) for p in files if machine in p.read_text("utf-8")] == []


@pytest.mark.slow
def test_the_example_for_authors_runs(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "authoring.md").read_text("utf-8")
    example, *_ = re.findall(r"```python\n(.*?)```", text, re.DOTALL)  # the first is whole, others are fragments
    (tmp_path / "norms.py").write_text(example, "utf-8")
    environment = os.environ | {"VERIFY_COLLECTIONS": "norms:collection", "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "verify", "run", "norms", "--profile", "quick"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all as expected" in done.stdout
