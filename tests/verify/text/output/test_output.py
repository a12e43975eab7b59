from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from verify.text.diagnostics import Diagnostic, Severity
from verify.text.markdown import parse
from verify.text.output import Checked, Outcome, render
from verify.text.output.text import excerpt, width
from verify.text.rules import rules

SOURCE = "# 标题\n\n由引理 7.1 可知，阶是有界的。\n\n\tBy Lemma 7.1, % done.\n"
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))


def diagnostic(line: int, column: int, end: int, code: str = "V101", **fields: object) -> Diagnostic:
    given = {"severity": Severity.ERROR, "message": "refuted: a, b", "help": "cite 50% of it\nonly", **fields}
    return Diagnostic("dir a/text.md", line, column, line, end, code, **given)  # type: ignore[arg-type]


NOTE = diagnostic(5, 5, 14, "B106", severity=Severity.NOTE, help="", message="a note \x1b[31m <&>")
FOUND = Outcome((Checked(parse(SOURCE, "dir a/text.md"), (diagnostic(3, 2, 8), NOTE)),), rules())
CLEAN = Outcome((Checked(parse("text", "clean.md"), ()),), rules())


def test_the_status_is_that_of_errors_and_warnings() -> None:
    notes = Outcome((Checked(parse(SOURCE), (NOTE,)),))
    assert [FOUND.status, CLEAN.status, notes.status] == [1, 0, 0]


def test_text_shows_the_line_and_a_caret_below_wide_characters() -> None:
    shown = render(FOUND, "text").splitlines()
    assert shown[0] == "dir a/text.md:3:2 V101 error: refuted: a, b"
    assert shown[1] == "    由引理 7.1 可知，阶是有界的。"
    assert shown[2] == "    " + "  " + "^" * 8
    assert shown[3] == "    = cite 50% of it\ufffdonly"
    assert shown[5] == "        By Lemma 7.1, % done."
    assert shown[6] == " " * 11 + "^" * 9
    assert shown[-1] == "1 error, 1 note in 1 text"
    assert render(CLEAN, "text") == "nothing found in 1 text\n"


def test_no_control_character_of_a_text_reaches_the_terminal() -> None:
    assert "\x1b" not in render(FOUND, "text")
    assert "\x1b[1m" in render(FOUND, "text", colour=True)


@pytest.mark.parametrize("turn", ["\u202e", "\u2067", "\u200f", "\u061c"])
def test_nor_does_one_that_turns_the_reading_direction(turn: str) -> None:
    document = parse(f"By Lemma 7.1 {turn}the rank")
    line, under = excerpt(document, diagnostic(1, 4, 13))
    assert line == "By Lemma 7.1 \ufffdthe rank"
    assert under == "   " + "^" * 9


@pytest.mark.parametrize("column", [1, 40, 500, 990])
def test_a_paragraph_of_one_line_is_cut_around_the_place(column: int) -> None:
    document = parse("汉字与 letters" * 110)
    line, under = excerpt(document, diagnostic(1, column, column + 3))
    assert width(line) <= 140
    at = len(under) - 1
    assert under.strip("^ ") == ""
    assert width(line) > at
    assert document.source[column - 1] in line


def test_width_of_wide_and_combining_characters() -> None:
    assert [width(text) for text in ("ab", "引理", "e\u0301", "，")] == [2, 4, 1, 2]


def test_json_is_the_contract() -> None:
    data = json.loads(render(FOUND, "json"))
    assert data["schema"] == 1
    assert data["diagnostics"][0] == {
        "file": "dir a/text.md", "line": 3, "column": 2, "code": "V101", "severity": "error",
        "message": "refuted: a, b", "help": "cite 50% of it\nonly",
    }  # fmt: skip
    assert json.loads(render(CLEAN, "json"))["diagnostics"] == []


def test_github_annotations_are_escaped() -> None:
    first, second = render(FOUND, "github").splitlines()
    assert first == (
        "::error file=dir a/text.md,line=3,endLine=3,col=2,endColumn=8,title=V101::"
        "refuted: a, b%0Acite 50%25 of it%0Aonly"
    )
    assert second.startswith("::notice ")


def test_junit_counts_notes_as_passed() -> None:
    suites = ET.fromstring(render(FOUND, "junit"))
    assert (suites.get("tests"), suites.get("failures")) == ("2", "1")
    (failure,) = suites.iter("failure")
    assert failure.get("type") == "error"
    assert "dir a/text.md:3:2 V101" in str(failure.text)
    assert ET.fromstring(render(CLEAN, "junit")).get("tests") == "1"


@pytest.mark.parametrize("outcome", [FOUND, CLEAN], ids=["found", "clean"])
def test_sarif_is_valid(outcome: Outcome) -> None:
    jsonschema.Draft4Validator(SCHEMA).validate(json.loads(render(outcome, "sarif")))


def test_sarif_says_what_was_found() -> None:
    (run,) = json.loads(render(FOUND, "sarif"))["runs"]
    result = run["results"][0]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "V101"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "dir%20a/text.md"
    assert place["region"] == {"startLine": 3, "startColumn": 2, "endLine": 3, "endColumn": 8}


def test_a_spoiled_log_is_refused_by_the_schema() -> None:
    log = json.loads(render(FOUND, "sarif"))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not jsonschema.Draft4Validator(SCHEMA).is_valid(log)
