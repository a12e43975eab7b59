"""What the sources state that the section attributes something to: see ``records.toml``."""

from __future__ import annotations

from pathlib import Path

from verify.records import read_records

RECORDS = read_records(Path(__file__).with_name("records.toml"))
