from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from verify import collection
from verify.cli import PROFILES, cli, status
from verify.context import Profile

COMMANDS = ("list", "run", "show", "report", "replay", "mutate", "bench", "fetch", "measure", "cite-check", "cite")


@pytest.fixture(autouse=True)
def _sample_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "entry_points", lambda group: [])
    monkeypatch.setenv("VERIFY_COLLECTIONS", "sample_collection:collection,sample_collection:surprising")


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = status(arguments)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    done = CliRunner().invoke(cli, [name, "--help"])
    assert done.exit_code == 0
    assert f"Example: verify {name}" in done.output


def test_help_lists_every_command() -> None:
    done = CliRunner().invoke(cli, ["--help"])
    assert all(name in done.output for name in COMMANDS)
    assert "Exit status" in done.output


def test_profiles_are_those_of_the_engine() -> None:
    assert tuple(Profile) == PROFILES


def test_run_prints_a_table_and_says_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "run", "sample", "--profile", "quick")
    assert (code, err) == (0, "")
    assert "lemma-1.2/failed" in out
    assert "all as expected" in out
    assert "5 of 5 checks computed" in out
    assert all(line == line.rstrip() for line in out.splitlines())
    code, out, err = call(capsys, "run", "--profile", "quick")
    assert (code, err) == (1, "")
    assert "no: empirical" in out
    assert "3 not as expected: corollary-2.1/raises" in out


def test_run_writes_json_and_junit(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    junit, file = tmp_path / "junit.xml", tmp_path / "run.json"
    code, out, _ = call(capsys, "run", "lemma", "--json", str(file), "--junit", str(junit))
    assert code == 0
    assert "lemma-1.2/failed" in out
    assert json.loads(file.read_text("utf-8"))["claims"][0]["label"]["zh"] == "引理 1.2"
    assert ET.parse(junit).getroot().get("tests") == "1"
    code, out, _ = call(capsys, "run", "lemma", "--json", "-")
    assert json.loads(out)["claims"][0]["id"] == "lemma-1.2"


def test_list_and_show_know_what_was_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert "not run" in call(capsys, "list", "lemma")[1]
    call(capsys, "run", "sample")
    code, out, _ = call(capsys, "list", "lemma")
    assert code == 0
    assert "contradicted" in out
    assert "not run" not in out
    for label in (["lemma-1.2"], ["Lemma", "1.2"], ["引理 1.2"], ["lemma-1.2/failed"]):
        code, out, _ = call(capsys, "show", *label)
        assert code == 0
        assert "held in 10 of 100" in out
        assert "How to cite: Not to be cited" in out
    assert "failed所述" in call(capsys, "show", "lemma-1.2", "--lang", "zh")[1]
    (claim,) = json.loads(call(capsys, "show", "lemma-1.2", "--json", "-")[1])["claims"]
    assert claim["verdict"] == "contradicted"
    assert len(json.loads(call(capsys, "list", "--json", "-")[1])["claims"]) == 4


def test_asking_makes_no_ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for command in (["list"], ["show", "lemma-1.2"]):
        assert call(capsys, *command, "--ledger", str(tmp_path / "l"))[0] == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["run", "lema-1.2"], "nearest: lemma-1.2"),
        (["show", "lemma-1.3"], "nearest: lemma-1.2"),
        (["show", "sample"], "names 3 claims"),
        (["run", "--profile", "slow"], "'slow' is not one of"),
        (["run", "--seed", "-1"], "--seed"),
        (["run", "sample", "--engine", "ray"], "no engine is called 'ray'"),
        (["run", "--json", "/no/such/folder/x.json"], "no folder"),
        (["run", "--json", "-", "--junit", "-"], "cannot both"),
        (["walk"], "No such command 'walk'"),
        (["replay"], "does not exist"),
        (["report"], "does not exist"),
        (["report", "--textbook", "/no/such/text.md"], "does not exist"),
    ],
)
def test_what_cannot_run_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("verify: ")
    assert err.count("\n") == 1
    assert words in err


@pytest.mark.parametrize("command", [["list"], ["run", "sample"], ["show", "lemma-1.2"], ["replay"], ["report"]])
def test_a_foreign_ledger_is_refused_by_every_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str]
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("not a ledger\n" * 50)
    code, out, err = call(capsys, *command, "--ledger", str(notes))
    assert (code, out) == (2, "")
    assert "is not a ledger" in err
    assert notes.read_text() == "not a ledger\n" * 50


def test_a_broken_collection_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_COLLECTIONS", "no_such_module:x")
    code, _, err = call(capsys, "list")
    assert code == 2
    assert err.startswith("verify: VERIFY_COLLECTIONS=no_such_module:x: ModuleNotFoundError")
    assert err.count("\n") == 1


def test_a_fault_of_the_program_is_named_as_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError("out of\norder")

    monkeypatch.setattr("verify.collection.installed", fault)
    code, _, err = call(capsys, "list")
    assert code == 2
    assert "internal error: RuntimeError: out of order" in err
    assert err.count("\n") == 1
    monkeypatch.setenv("VERIFY_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        status(["list"])


def test_ctrl_c_is_one_line_and_130(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("verify.collection.installed", stop)
    code, _, err = call(capsys, "list")
    assert code == 130
    assert err.strip().splitlines() == ["verify: interrupted; what was found is stored, run again to go on"]
