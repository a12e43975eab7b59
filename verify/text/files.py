"""Which files are checked, and their texts: files, folders, globs, and ``-`` for standard input."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import glob
from pathlib import Path

from verify.errors import VerifyError

MARKDOWN = (".md", ".markdown", ".mkd")
LATEX = (".tex", ".ltx", ".latex")
PASSED_OVER = frozenset(["node_modules", "__pycache__", "venv", "build", "dist", "site-packages"])
"""Folders into which a search does not go, beside those whose name begins with a dot."""
IS_LATEX = re.compile(r"\\(?:documentclass|begin\{document\}|section\{|chapter\{|usepackage)")
STANDARD_INPUT = "-"


class FileError(VerifyError):
    """A file that cannot be read, or a name that stands for none."""


@dataclass(frozen=True)
class Text:
    """``name`` is shown in diagnostics; ``folder`` is where files that the text names lie, None for standard input."""

    name: str
    source: str
    latex: bool
    folder: Path | None


def texts(arguments: Sequence[str], exclude: Iterable[str] = ()) -> Iterator[Text]:
    """The texts that the arguments name, once each, in their order; those of a folder or a glob in the order of names.

    Raises FileError for a name that stands for nothing, a folder without texts or that cannot be searched, and a file
    that is not UTF-8.
    """
    seen: set[str] = set()
    excluded = tuple(exclude)
    for argument in arguments:
        for name in _named(argument, excluded):
            key = name if name == STANDARD_INPUT else str(Path(name).resolve())
            if key not in seen:
                seen.add(key)
                yield read(name)


def read(name: str) -> Text:
    """One text. Line ends become ``\\n``, a byte order mark is left out: so places are those that an editor shows."""
    try:
        data = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    except OSError as error:
        raise FileError(f"{name}: {error.strerror}") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError(f"{name}: UTF-16; save it as UTF-8")
    if b"\0" in data:  # UTF-16 without its mark is UTF-8 with a zero beside each letter: nothing would be found in it
        raise FileError(f"{name}: a zero byte at {data.index(0)}: UTF-16, or no text at all; save it as UTF-8")
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(f"{name}: not UTF-8 (byte {error.start}, in line {line}); save it as UTF-8") from error
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if name == STANDARD_INPUT:
        return Text("<stdin>", source, IS_LATEX.search(source) is not None, None)
    path = Path(name)
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return Text(shown, source, path.suffix.lower() in LATEX, path.parent)


def _named(argument: str, exclude: Sequence[str]) -> Iterator[str]:
    path = Path(argument)
    try:
        there, folder = argument == STANDARD_INPUT or path.exists(), path.is_dir()
    except OSError as error:  # a folder above it that may not be entered, a name too long
        raise FileError(f"{argument}: {error.strerror}") from error
    if there and not folder:  # a pipe or a device, too: `verify cite-check <(git show :paper.md)`
        yield argument
    elif folder:
        found = sorted(_below(argument, exclude))
        if not found:
            kinds = ", ".join((*MARKDOWN, *LATEX))
            raise FileError(f"{argument}: no text in this folder ({kinds})")
        yield from found
    elif any(mark in argument for mark in "*?["):
        found = sorted(name for name in glob(argument, recursive=True) if _is_text(name) and Path(name).is_file())  # noqa: PTH207
        if not found:
            raise FileError(f"{argument}: no text is called like this")
        yield from (name for name in found if not _excluded(name, exclude))
    else:
        raise FileError(f"{argument}: there is no such file")


def _below(folder: str, exclude: Sequence[str]) -> Iterator[str]:
    def closed(error: OSError) -> None:
        raise FileError(f"{error.filename}: {error.strerror}") from error

    for top, folders, names in os.walk(folder, onerror=closed):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in PASSED_OVER]
        for name in names:
            path = str(Path(top) / name)
            if _is_text(name) and not name.startswith(".") and not _excluded(path, exclude):
                yield path


def _is_text(name: str) -> bool:
    return name.lower().endswith((*MARKDOWN, *LATEX))


def _excluded(path: str, exclude: Sequence[str]) -> bool:
    """Whether a glob matches the path, one of its folders, or its last part."""
    parts = Path(path).parts
    heads = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
    return any(fnmatchcase(name, glob) for glob in exclude for name in (*heads, *parts))
