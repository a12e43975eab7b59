from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from verify.text.files import FileError, read, texts


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in (
        "b.md",
        "a.tex",
        "sub/c.markdown",
        ".hidden/d.md",
        "node_modules/e.md",
        "sub/notes.txt",
        "drafts/f.md",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    return tmp_path


def names(*arguments: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [text.name for text in texts(arguments, exclude)]


def test_folders_globs_and_files_once_each(folder: Path) -> None:
    assert names(".") == ["a.tex", "b.md", "drafts/f.md", "sub/c.markdown"]
    assert names("b.md", "*.md", "sub") == ["b.md", "sub/c.markdown"]
    assert names("**/*.md") == ["b.md", "drafts/f.md", "node_modules/e.md"]
    assert names(".", exclude=("drafts", "*.tex")) == ["b.md", "sub/c.markdown"]
    assert names("sub/notes.txt") == ["sub/notes.txt"]


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("gone.md", "there is no such file"),
        ("empty", "no text in this folder"),
        ("x*.md", "no text is called like this"),
    ],
)
def test_a_name_that_stands_for_nothing(folder: Path, argument: str, message: str) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(FileError, match=message):
        names(argument)


def test_line_ends_and_marks_do_not_move_places(folder: Path) -> None:
    (folder / "b.md").write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\n")
    assert read("b.md").source == "one\ntwo\nthree\n"


def test_what_is_not_utf8(folder: Path) -> None:
    (folder / "b.md").write_bytes(b"one\ntw\xf6\n")
    with pytest.raises(FileError, match=r"b.md: not UTF-8 \(byte 6, in line 2\)"):
        read("b.md")
    (folder / "b.md").write_bytes("text".encode("utf-16"))
    with pytest.raises(FileError, match="UTF-16"):
        read("b.md")


def test_utf16_without_its_mark_is_not_passed_over(folder: Path) -> None:
    (folder / "b.md").write_bytes("By Lemma 7.1".encode("utf-16-le"))
    with pytest.raises(FileError, match=r"b\.md: a zero byte at 1: UTF-16"):
        read("b.md")


def test_a_pipe_is_read(folder: Path) -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, b"# Piped")
        os.close(writing)
        assert [text.source for text in texts([f"/dev/fd/{reading}"])] == ["# Piped"]
    finally:
        os.close(reading)


def test_a_name_that_cannot_be_looked_up(folder: Path) -> None:
    with pytest.raises(FileError, match="File name too long"):
        names("x" * 300 + ".md")


def test_a_folder_that_may_not_be_read_is_not_passed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("drafts"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(FileError, match="drafts: Permission denied"):
        names(".")


@pytest.mark.parametrize(("source", "latex"), [("# A text", False), ("\\documentclass{article}", True)])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, source: str, latex: bool) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(source.encode())))
    (text,) = texts(["-"])
    assert (text.name, text.source, text.latex, text.folder) == ("<stdin>", source, latex, None)


def test_latex_is_known_by_its_ending(folder: Path) -> None:
    assert [text.latex for text in texts(["a.tex", "b.md"])] == [True, False]
