"""Comments that silence rules: which lines, which codes, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from verify.text.check import check
from verify.text.knowledge import Knowledge
from verify.text.markdown import parse
from verify.text.rules import rules

Codes = Callable[..., list[tuple[str, int, int]]]
BAD = "$\\sgima$"


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- verify: ignore F104 -->\n{BAD}",
        f"{BAD} <!-- verify: ignore F104 -->",
        f"<!-- verify: ignore f104, V101 because -->\n{BAD}",
        f"<!--\nverify: ignore F104\nfor a reason\n-->\n{BAD}",
        f"{BAD}\n\n<!-- verify: ignore-file F104 -->",
    ],
)
def test_silenced(text: str, codes: Codes) -> None:
    assert codes(text, "F") == []


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- verify: ignore F104 -->\n\n{BAD}",
        f"`<!-- verify: ignore F104 -->` {BAD}",
        f"```\n<!-- verify: ignore-file F104 -->\n```\n{BAD}",
        f"<!-- verify: ignore F101 -->\n{BAD}",
        f"<!-- verify: ignore F -->\n{BAD}",
    ],
)
def test_not_silenced(text: str, codes: Codes) -> None:
    assert [code for code, _, _ in codes(text, "F")] == ["F104"]


@pytest.mark.parametrize("codes_", ["", "V", "all", "V1011"])
def test_a_suppression_without_a_code(codes_: str, codes: Codes) -> None:
    assert codes(f"<!-- verify: ignore {codes_} -->", "P102") == [("P102", 1, 6)]


def test_a_suppression_of_a_code_that_no_rule_has(codes: Codes) -> None:
    assert codes("<!-- verify: ignore F104, V999 -->", "P102") == [("P102", 1, 6)]
    assert codes("<!-- verify: ignore F104 --> <!-- verify: ignored for now -->", "P102") == []


def test_idle_ones_are_found_where_that_rule_is_asked() -> None:
    document = parse("<!-- verify: ignore F104 -->\nText.", "t")
    known = {rule.code: rule for rule in rules()}
    assert [d.code for d in check(document, Knowledge.empty(), rules())] == ["P101"]
    assert check(document, Knowledge.empty(), [known["F104"]]) == []
    assert check(document, Knowledge.empty(), [known["P101"]]) == []  # F104 did not run: nothing is known


def test_an_idle_one_can_be_silenced_itself(codes: Codes) -> None:
    document = parse("<!-- verify: ignore F104, P101 -->\nText.", "t")
    assert check(document, Knowledge.empty(), rules()) == []


def test_what_stands_behind_a_comment_is_read(codes: Codes) -> None:
    """Blanks in its place would make the rest of the line a block of code."""
    assert codes(f"<!-- a comment --> {BAD}", "F") == [("F104", 1, 21)]
    assert codes(f"- <!-- a comment --> {BAD}", "F") == [("F104", 1, 23)]
    assert codes(f"<!-- a\ncomment --> {BAD}", "F") == [("F104", 2, 14)]
    assert codes(f"    {BAD}", "F") == []
