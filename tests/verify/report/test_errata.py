"""The errata: every finding with what an author needs, in both languages, safe to paste."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import report_sample as sample

from verify.ledger import Ledger
from verify.report import errata, write
from verify.report.source import read
from verify.report.view import Page, page


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Page:
    with Ledger(sample.fill(tmp_path_factory.mktemp("errata") / "l.sqlite")) as ledger:
        records = read(ledger, sample.COLLECTION)
    assert records is not None
    return page(sample.COLLECTION, records)


def test_findings_are_what_does_not_hold_in_the_order_of_the_text(view: Page) -> None:
    assert [part.id for _, part in errata.findings(view)] == [
        "lemma-11.19/softmax-rank", "equation-gd-update/shapes", "equation-gd-update/usual",
    ]  # fmt: skip


def test_a_finding_has_all_that_an_author_needs(view: Page) -> None:
    text = errata.markdown([view], "en").split("#### ")[1]
    assert text.startswith("1. Lemma 11.19: Rank of attention")
    assert "**Severity**: moderate (refuted, `lemma-11.19/softmax-rank`)" in text
    assert r"\begin{pmatrix} 0 \\ \log" in text and "left side $3$, right side $1$" in text
    assert "**Proposed replacement** (proved, `lemma-11.19/softmax-rank-repaired`)" in text
    assert r"where $d \leq n$" in text
    assert "`verify replay lemma-11.19/softmax-rank`" in text


def test_the_worst_is_said_first_and_in_short(view: Page) -> None:
    short = errata.markdown([view], "en").split("### In short, by severity")[1].split("### In full")[0]
    serious, moderate, minor = (short.index(f"**{word}: 1.**") for word in ("Serious", "Moderate", "Minor"))
    assert serious < short.index("- 2, Equation (gd update): The two factors multiply.") < moderate
    assert moderate < short.index("- 1, Lemma 11.19: The rank of the attention matrix") < minor
    assert short.rstrip().endswith("Equation (gd update): 3.")
    assert "### In short" not in errata.markdown([Page(view.collection, view.records, ())], "en"), "nothing to sum up"


def test_severity_follows_the_verdicts(view: Page) -> None:
    found = {part.id: errata.severity(part, claim) for claim, part in errata.findings(view)}
    assert found["equation-gd-update/shapes"] is errata.Severity.SERIOUS
    assert found["equation-gd-update/usual"] is errata.Severity.MINOR


def test_chinese_errata_speak_chinese(view: Page) -> None:
    text = errata.markdown([view], "zh")
    assert text.startswith("# 勘误") and "严重程度" in text and "引理 11.19" in text
    assert not re.search(r"Severity|Counterexample|It says|To verify", text)


def test_hostile_text_stays_text(view: Page) -> None:
    for lang in ("en", "zh"):
        assert "<script" not in errata.markdown([view], lang).replace(r"\<script", "")  # type: ignore[arg-type]


def test_place_is_the_line_of_the_users_text(tmp_path: Path) -> None:
    textbook = tmp_path / "text.md"
    textbook.write_text("# T\n\n**Lemma 11.19** For $Q$\n", "utf-8")
    with Ledger(sample.fill(tmp_path / "l.sqlite")) as ledger:
        _, path = write(ledger, [sample.COLLECTION], tmp_path, "en", textbook)
    assert path.name == "errata.md" and "Lemma 11.19, line 3 of text.md: Rank" in path.read_text("utf-8")
