"""Finding an item in a Markdown text."""

from __future__ import annotations

from pathlib import Path

import pytest

from verify.report.mathematics import ReportError
from verify.report.quoting import differing, matched, quotes
from verify.text.fingerprints import of_display, of_document
from verify.text.markdown import parse

TEXT = """# Title

Some words on **Lemma 9.9** inside a line.
**Lemma 1.2 (a title).** For $x$:
$$
x
= y
$$
and so on.

not the lemma
**定理 1.3（名）** 有 **重点**。
**推论 1.4** 直接。
## Next
**Table 1.1 Rows**

|a|b|
|---|---|
|1|2|

after
**Lemma 1.2** again
"""


def found(folder: Path, text: str = TEXT) -> dict[str, tuple[int, str]]:
    path = folder / "text.md"
    path.write_text(text, "utf-8")
    return {k: (q.line, "".join(f"<{p.mode}>{p.source}" for p in q.pieces)) for k, q in quotes(path).items()}


def test_items_end_where_they_end(tmp_path: Path) -> None:
    items = found(tmp_path)
    assert list(items) == ["lemma-1.2", "theorem-1.3", "corollary-1.4", "table-1.1"]
    assert items["lemma-1.2"] == (
        4,
        "<text>Lemma 1.2 (a title). For <inline>x<text>:\n<display>x\n= y<text>\nand so on.",
    )
    assert items["theorem-1.3"] == (12, "<text>定理 1.3（名） 有 重点。")
    assert items["corollary-1.4"] == (13, "<text>推论 1.4 直接。")


def test_a_table_follows_its_label(tmp_path: Path) -> None:
    text = TEXT.replace("**Table 1.1 Rows**", "**Table 1.1** Rows")
    assert found(tmp_path, text)["table-1.1"] == (15, "<text>Table 1.1 Rows\n\n|a|b|\n|---|---|\n|1|2|")


def test_a_text_that_changed_since_it_was_encoded_is_said(tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    path.write_text(TEXT, "utf-8")
    document = parse(TEXT)
    encoded = of_document(document) | {"equation-free": of_display(document.formulas[1])}
    same = quotes(path, encoded)
    assert not any(quote.differs for quote in same.values())
    path.write_text(TEXT.replace("重点", "要点"), "utf-8")
    assert differing(quotes(path, encoded), same) == ["theorem-1.3"]


def test_a_statement_without_a_number_is_found_by_its_formula(tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    path.write_text("words\n\n$$x = y$$\n", "utf-8")
    [formula] = parse("$$x = y$$").formulas
    found = quotes(path, {"equation-free": of_display(formula)})
    assert found["equation-free"].line == 3 and found["equation-free"].pieces[0].mode == "display"


def test_what_turns_the_reading_direction_is_shown_by_its_number(tmp_path: Path) -> None:
    text = TEXT.replace("For $x$:", "For \u202e$x\u2066$:")
    assert "For [U+202E]<inline>x[U+2066]<text>:" in found(tmp_path, text)["lemma-1.2"][1]


def test_matched_counts_claims(tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    path.write_text(TEXT, "utf-8")
    assert matched(quotes(path), ["lemma-1.2", "lemma-7.7"]) == 1


def test_unreadable_text_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="cannot be read"):
        quotes(tmp_path / "missing.md")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReportError, match="not UTF-8"):
        quotes(tmp_path / "binary")
