"""Reading the frozen records of a collection from a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from verify.collection import CollectionError, one_line
from verify.model.record import Record


def read_records(path: Path) -> dict[str, Record]:
    """The records of a file, by key, each a table ``[[record]]``.

    Raises CollectionError naming the file for one that is missing or malformed, and for a key that is used twice.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("record", [])
        records = [Record.model_validate(table) for table in tables]
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise CollectionError(f"{path}: {one_line(error)}") from error
    keys = [record.key for record in records]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise CollectionError(f"{path}: two records are called {twice[0]!r}; rename one")
    return {record.key: record for record in records}
