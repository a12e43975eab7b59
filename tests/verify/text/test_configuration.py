from __future__ import annotations

from pathlib import Path

import pytest

from verify.text.configuration import Configuration, ConfigurationError, find


def test_the_nearest_file_with_a_table_counts(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find(below) == Configuration()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.verify.cite-check]\nignore = ["S", "V103"]\nbibliography = "r.bib"\n'
    )
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    found = find(below)
    assert (found.file, found.ignore) == (tmp_path / "pyproject.toml", ("S", "V103"))
    assert found.bibliography == (tmp_path / "r.bib",)
    (tmp_path / "a" / "verify.toml").write_text('[cite-check]\nselect = "V"\nformat = "github"\ncited-as = ["book"]\n')
    assert find(below) == Configuration(
        file=tmp_path / "a" / "verify.toml", select=("V",), format="github", cited_as=("book",)
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[cite-check]\n\nselekt = ['V']\n", 3, "did you mean select?"),
        ("[cite-check]\nselect = 3\n", 2, "select must be a list of strings"),
        ("[cite-check]\nselect = ['V', 7]\n", 2, "select must be a list of strings"),
        ("[other]\nignore = 'x'\n[cite-check]\nignore = ['Q1']\n", 4, "'Q1', which is no code"),
        ("[cite-check]\nformat = 'xml'\n", 2, "it may be text, json"),
        ("a = 1\n[cite-check\n", 2, "Expected"),
        ("cite-check = 3\n", 1, "must be a table"),
    ],
)
def test_a_bad_setting_is_named_with_file_and_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    (tmp_path / "verify.toml").write_text(text)
    with pytest.raises(ConfigurationError) as error:
        find(tmp_path)
    assert str(error.value).startswith(f"{tmp_path / 'verify.toml'}:{line}: ")
    assert message in str(error.value)
