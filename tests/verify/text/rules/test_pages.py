"""The pages of the rules: each has one, with a wrong and a right example, and none is stale."""

from __future__ import annotations

from pathlib import Path

from verify.text.diagnostics import FAMILIES
from verify.text.rules import rules
from verify.text.rules.__main__ import main, pages

FOLDER = Path(__file__).parents[4] / "docs" / "rules"


def test_pages_are_not_stale() -> None:
    """Mend with `python -m verify.text.rules --write docs/rules`."""
    written = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.md")}
    assert written == pages()


def test_codes_are_of_known_families_and_in_order() -> None:
    codes = [rule.code for rule in rules()]
    assert codes == sorted(set(codes))
    assert {code[0] for code in codes} <= set(FAMILIES)


def test_every_page_has_both_examples() -> None:
    for name, text in pages().items():
        if name != "index.md":
            assert "**Wrong:**" in text and "**Right:**" in text, name


def test_wrong_use_is_refused(tmp_path: Path) -> None:
    assert main([]) == 2
    assert main(["--write", str(tmp_path / "new")]) == 0
    assert (tmp_path / "new" / "index.md").is_file()
