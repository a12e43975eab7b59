"""The citation checker as its users meet it: a process of its own, from a folder of texts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.text.gathering import cache_folder

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PAPER = "由引理 11.19 可知，注意力矩阵的秩不超过 $d$。\n\n由定理 11.11，能量有界。\n"
LATEX = "\\documentclass{article}\n\\begin{document}\nBy Lemma~11.19, the rank is small.\n\\end{document}\n"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the module: gathering from the real collections takes seconds."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def verify(tmp_path: Path, cache: Path) -> Run:
    environment = os.environ | {"VERIFY_CACHE": str(cache), "VERIFY_LEDGER": str(tmp_path / "ledger.sqlite")}
    (tmp_path / "paper.md").write_text(PAPER, encoding="utf-8")
    (tmp_path / "verify.toml").write_text("[cite-check]\n")

    def call(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "verify", *arguments], env=environment | more, cwd=tmp_path, input=stdin,
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    return call


@pytest.mark.slow
def test_a_paper_that_leans_on_a_refuted_lemma(verify: Run) -> None:
    done = verify("cite-check", "paper.md")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("paper.md:1:2 V101 error: 引理 11.19")
    assert "此处尚未检验" in done.stdout
    assert "定理 11.11" not in done.stdout
    assert "\x1b" not in done.stdout
    assert verify("cite-check", "paper.md", "--against", "foundations").returncode == 0


@pytest.mark.slow
def test_standard_input_in_both_forms(verify: Run) -> None:
    done = verify("cite-check", "-", stdin=PAPER)
    assert (done.returncode, done.stdout[:12]) == (1, "<stdin>:1:2 ")
    done = verify("cite-check", "-", "--format", "json", stdin=LATEX)
    assert [one["line"] for one in json.loads(done.stdout)["diagnostics"]] == [3]


@pytest.mark.slow
def test_cite(verify: Run) -> None:
    done = verify("cite", "引理", "11.19", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Lemma 11.19" in done.stdout
    assert "引理 11.19" in done.stdout
    assert verify("cite", "lemma-11.19", "--bibtex").stdout.startswith("@misc{verify-low-rank-lemma-11.19,")


@pytest.mark.slow
def test_warm_it_needs_neither_sympy_nor_torch_nor_pydantic(verify: Run, tmp_path: Path, cache: Path) -> None:
    verify("cite-check", "paper.md")
    code = (
        "import sys; from verify.cli import status; status(['cite-check', 'paper.md']);"
        "print(sorted({'sympy', 'torch', 'pydantic', 'numpy'} & set(sys.modules)), file=sys.stderr)"
    )
    environment = os.environ | {"VERIFY_CACHE": str(cache), "VERIFY_LEDGER": str(tmp_path / "ledger.sqlite")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == "[]\n"


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("VERIFY_TEXTBOOK"), reason="VERIFY_TEXTBOOK names no text")
def test_the_text_itself_is_covered_and_as_it_was_encoded(verify: Run) -> None:
    done = verify("cite-check", os.environ["VERIFY_TEXTBOOK"], "--select", "C", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["diagnostics"]) == (0, [])


def test_bad_input_is_one_line(verify: Run) -> None:
    done = verify("cite-check", "gone.md", "--ignore", "B,C,V")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "verify: gone.md: there is no such file\n")


def test_the_cache_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VERIFY_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path


def test_the_hook_calls_a_command_that_exists() -> None:
    hook = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text()
    assert "entry: verify cite-check" in hook
    assert "id: cite-check" in hook
