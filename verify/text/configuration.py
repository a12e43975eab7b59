"""Settings of the citation checker: ``[tool.verify.cite-check]`` in ``pyproject.toml``, ``[cite-check]`` in
``verify.toml``; the nearest such file from a folder upward counts, and no other."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify.errors import VerifyError
from verify.text.diagnostics import FAMILIES

FORMATS = ("text", "json", "github", "junit", "sarif")
PLACES = {"verify.toml": ("cite-check",), "pyproject.toml": ("tool", "verify", "cite-check")}
"""Each file with the table that is read from it; of two in one folder, the first."""
LISTS = ("select", "ignore", "exclude", "bibliography", "cited-as", "against")
"""Settings that hold strings, one or a list of them."""


class ConfigurationError(VerifyError):
    """A setting that cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Configuration:
    """``exclude`` are globs over paths below a folder that is searched; ``bibliography`` are BibTeX files, beside the
    configuration; ``cited_as`` are the keys under which a paper cites the text."""

    file: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    bibliography: tuple[Path, ...] = ()
    cited_as: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    format: str = "text"


def find(folder: Path) -> Configuration:
    """The settings for a folder. Raises ConfigurationError for a file that is malformed."""
    for parent in (folder.absolute(), *folder.absolute().parents):
        for name, table in PLACES.items():
            if (parent / name).is_file():
                found = read(parent / name, table)
                if found is not None:
                    return found
    return Configuration()


def read(path: Path, table: tuple[str, ...]) -> Configuration | None:
    """The settings in a table of a file; None where the file has no such table."""
    try:
        source = path.read_text(encoding="utf-8")
        data: Any = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line = place[1] if place else str(source.count("\n") + 1)
        raise ConfigurationError(f"{path}:{line}: {re.sub(r' [(]at .*', '', str(error))}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    for name in table:
        data = data.get(name) if isinstance(data, dict) else None
        if data is None:
            return None
    if not isinstance(data, dict):
        raise ConfigurationError(f"{path}:{_line(source, table, table[-1])}: {table[-1]} must be a table")
    return _configuration(path, source, table, data)


def _configuration(path: Path, source: str, table: tuple[str, ...], data: dict[str, Any]) -> Configuration:
    def wrong(key: str, why: str) -> ConfigurationError:
        return ConfigurationError(f"{path}:{_line(source, table, key)}: {why}")

    lists: dict[str, tuple[str, ...]] = {}
    for key, value in data.items():
        if key == "format":
            if value not in FORMATS:
                raise wrong(key, f"format is {value!r}; it may be {', '.join(FORMATS)}")
        elif key not in LISTS:
            near = difflib.get_close_matches(key, [*LISTS, "format"], n=1)
            meant = f"; did you mean {near[0]}?" if near else f"; there are {', '.join((*LISTS, 'format'))}"
            raise wrong(key, f"there is no setting {key!r}{meant}")
        else:
            values = [value] if isinstance(value, str) else value
            if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
                raise wrong(key, f"{key} must be a list of strings")
            lists[key] = tuple(values)
    for key in ("select", "ignore"):
        for code in lists.get(key, ()):
            if not re.fullmatch(rf"[{''.join(FAMILIES)}][0-9]{{0,3}}", code):
                raise wrong(key, f"{key} names {code!r}, which is no code such as V101, and no family such as V")
    return Configuration(
        file=path,
        select=lists.get("select", ()),
        ignore=lists.get("ignore", ()),
        exclude=lists.get("exclude", ()),
        bibliography=tuple(path.parent / name for name in lists.get("bibliography", ())),
        cited_as=lists.get("cited-as", ()),
        against=lists.get("against", ()),
        format=data.get("format", "text"),
    )


def _line(source: str, table: Iterable[str], key: str) -> int:
    """The line of a setting, counted from 1; that of its table where it is written in another way."""
    header = re.compile(r"\s*\[\s*" + r"\s*\.\s*".join(rf"[\"']?{re.escape(name)}[\"']?" for name in table) + r"\s*\]")
    setting = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]")
    inside, at = False, 1
    for number, line in enumerate(source.splitlines(), 1):
        if header.match(line):
            inside, at = True, number
        elif line.lstrip().startswith("["):
            inside = False
        elif inside and setting.match(line):
            return number
    return at
