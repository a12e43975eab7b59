"""The two commands, in this process, against the small collection of ``known_text``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from known_text import SAMPLE, TEXT, collection

from verify.cli import cli, status
from verify.text import gathering
from verify.text.safe import entry, may_be_written

PAPER = "# Ours\n\nHence, by Lemma 7.1, the order is bounded.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(gathering, "gather", lambda ledger: {"sample": SAMPLE})
    (tmp_path / "paper.md").write_text(PAPER)
    (tmp_path / "clean.md").write_text("# Ours\n\nBy Lemma 7.2, done.\n")
    (tmp_path / "verify.toml").write_text("[cite-check]\n")
    return tmp_path


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = status(arguments)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("name", ["cite-check", "cite"])
def test_help_has_an_example(name: str) -> None:
    assert f"Example: verify {name}" in CliRunner().invoke(cli, [name, "--help"]).output


def test_a_finding_is_exit_1_and_none_is_0(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "cite-check", "paper.md")
    assert (code, err) == (1, "")
    assert out.startswith("paper.md:3:11 V101 error: Lemma 7.1 (Bound) is refuted")
    assert call(capsys, "cite-check", "clean.md") == (0, "nothing found in 1 text\n", "")


def test_notes_alone_are_exit_0(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "text.md").write_text(TEXT)
    code, out, _ = call(capsys, "cite-check", "text.md", "--select", "V108")
    assert (code, "V108 note" in out) == (0, True)


def test_codes_families_and_their_configuration(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert call(capsys, "cite-check", "paper.md", "--ignore", "V1")[0] == 0
    assert call(capsys, "cite-check", "paper.md", "--select", "n,r b")[0] == 0
    assert call(capsys, "cite-check", "paper.md", "--select", "V")[0] == 1
    (folder / "verify.toml").write_text("[cite-check]\nignore = ['V']\n")
    assert call(capsys, "cite-check", "paper.md")[0] == 0
    assert call(capsys, "cite-check", "paper.md", "--select", "V101")[0] == 1


def test_no_collection_is_loaded_where_no_rule_asks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(ledger: Path | None) -> object:
        raise AssertionError("a collection was loaded")

    monkeypatch.setattr(gathering, "gather", unreachable)
    assert call(capsys, "cite-check", "paper.md", "--ignore", "B,C,V")[0] == 0


def test_suppressions_and_idle_ones(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "paper.md").write_text(PAPER.replace("Hence", "<!-- verify: ignore V101 -->\nHence"))
    assert call(capsys, "cite-check", "paper.md", "--select", "V") == (0, "nothing found in 1 text\n", "")
    (folder / "clean.md").write_text("Text. <!-- verify: ignore V101 -->\n")
    assert "P101 note" in call(capsys, "cite-check", "clean.md", "--select", "V,P")[1]
    assert "P101" not in call(capsys, "cite-check", "clean.md", "--ignore", "P101")[1]
    assert "P101" not in call(capsys, "cite-check", "clean.md", "--select", "V101")[1]
    assert '"id": "P101"' in call(capsys, "cite-check", "clean.md", "--format", "sarif")[1]


@pytest.mark.parametrize("form", ["json", "github", "junit", "sarif"])
def test_forms(capsys: pytest.CaptureFixture[str], form: str) -> None:
    code, out, err = call(capsys, "cite-check", "paper.md", "--format", form)
    assert (code, err) == (1, "")
    assert "V101" in out
    assert "\x1b" not in out


def test_json_beside_the_text(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert "V101 error" in call(capsys, "cite-check", "paper.md", "--json", "out.json")[1]
    assert json.loads((folder / "out.json").read_text())["diagnostics"][0]["line"] == 3
    assert json.loads(call(capsys, "cite-check", "paper.md", "--json", "-")[1])["schema"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.md"], "gone.md: there is no such file"),
        (["empty"], "no text in this folder"),
        (["latin.md"], "latin.md: not UTF-8"),
        (["paper.md", "--select", "V999"], "no rule has the code 'V999'; there are V101, V102"),
        (["paper.md", "--select", "V101", "--ignore", "V"], "no rule is left to check"),
        (["paper.md", "--ignore", "Q"], "no rule has the code 'Q'; families: A"),
        (["paper.md", "--against", "other"], "no collection is called 'other'; there are: sample"),
        (["paper.md", "--format", "xml"], "is not one of"),
        ([], "Missing argument"),
    ],
)
def test_bad_input_is_exit_2_and_one_line(
    capsys: pytest.CaptureFixture[str], folder: Path, arguments: list[str], message: str
) -> None:
    (folder / "empty").mkdir()
    (folder / "latin.md").write_bytes(b"Gr\xfc\xdfe")
    code, out, err = call(capsys, "cite-check", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_bad_configuration_is_exit_2(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "verify.toml").write_text("[cite-check]\nignore = 3\n")
    code, _, err = call(capsys, "cite-check", "paper.md")
    assert code == 2
    assert "verify.toml:2: ignore must be a list of strings" in err


@pytest.mark.parametrize("label", ["lemma-7.1", "Lemma 7.1", "引理 7.1", "Lem. 7.1", "lem 7.1", "lemma-7.1/bound"])
def test_cite_in_both_languages(capsys: pytest.CaptureFixture[str], label: str) -> None:
    code, out, err = call(capsys, "cite", label)
    assert (code, err) == (0, "")
    assert "Cite lemma-7.1 so." in out
    assert "如此引用 lemma-7.1。" in out
    assert "It is proved, for every size and value in scope (bound-repaired): bound-repaired reads." in out
    assert "Cite" not in call(capsys, "cite", label, "--lang", "zh")[1].replace("BibTeX: verify cite", "")


def test_cite_in_bibtex_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    out = call(capsys, "cite", "lemma-7.1", "--bibtex")[1]
    assert out.startswith("@misc{verify-sample-lemma-7.1,\n  author       = {{verify}},\n")
    data = json.loads(call(capsys, "cite", "Lemma", "7.1", "--json", "-")[1])
    assert (data["id"], data["verdict"], data["tried"]) == ("lemma-7.1", "refuted", True)
    assert data["how_to_cite"]["en"] == "Cite lemma-7.1 so."


def test_the_entry_reads_back() -> None:
    from verify.text.bibliography import of_bibtex

    one = collection("a_b", run="2026-03-01")
    found = of_bibtex(entry(one, one.claims["lemma-7.1"]))
    assert found.broken == ()
    assert found.works["verify-a-b-lemma-7.1"].year == "2026"
    assert "year" not in entry(SAMPLE, SAMPLE.claims["lemma-7.1"])


def test_what_fell_without_repair_leaves_nothing_to_write() -> None:
    assert may_be_written(SAMPLE.claims["corollary-7.4"], "en") == ["Nothing of it may be relied on."]
    assert may_be_written(SAMPLE.claims["theorem-7.3"], "en") == [
        "It was observed in the networks measured (bound): bound reads."
    ]


@pytest.mark.parametrize(("label", "message"), [("lemma-7.8", "nearest: lemma-7"), ("x", "`verify list` shows")])
def test_cite_of_what_is_not_there(capsys: pytest.CaptureFixture[str], label: str, message: str) -> None:
    code, _, err = call(capsys, "cite", label)
    assert code == 2
    assert message in err


def test_cite_of_what_several_have(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    both = {"sample": SAMPLE, "other": collection("other")}
    monkeypatch.setattr(gathering, "gather", lambda ledger: both)
    code, _, err = call(capsys, "cite", "lemma-7.1")
    assert code == 2
    assert "several collections (sample, other); name one with --against" in err
    assert call(capsys, "cite", "lemma-7.1", "--against", "other")[0] == 0
