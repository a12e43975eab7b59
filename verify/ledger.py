"""The ledger: one SQLite file that keeps evidence by the fingerprint of all that could change it.

Three tables: ``evidence`` (what one check of one part found), ``runs`` (profile, seed, device, versions, time) and
``parts`` (the latest evidence of each part, with the statement it speaks about). Everything is committed as soon as it
is known, in WAL mode with full synchronisation, so that a killed run loses only the check that it was in.

A file that is damaged, or not a ledger, or of another version is refused before anything could write to it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import TypeAdapter, ValidationError

from verify.errors import VerifyError
from verify.ledger_path import default_path as default_path
from verify.model.evidence import Evidence, Frozen

APPLICATION = 0x56524659
"""``VRFY``, in the header of every ledger."""
VERSION = 1
BUSY_SECONDS = 30.0

_MAGIC = b"SQLite format 3\x00"
_EVIDENCE: TypeAdapter[list[Evidence]] = TypeAdapter(list[Evidence])

_SCHEMA = """
CREATE TABLE evidence (
    fingerprint TEXT PRIMARY KEY, part TEXT NOT NULL, checked_by TEXT NOT NULL,
    items TEXT NOT NULL, hash TEXT NOT NULL, made TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, seconds REAL,
    profile TEXT NOT NULL, seed INTEGER NOT NULL, device TEXT NOT NULL, versions TEXT NOT NULL);
CREATE TABLE parts (
    collection TEXT NOT NULL, claim TEXT NOT NULL, part TEXT NOT NULL, statement TEXT NOT NULL,
    items TEXT NOT NULL, hash TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs(id),
    PRIMARY KEY (collection, claim, part)) WITHOUT ROWID;
"""


class LedgerError(VerifyError):
    """A file that is not a usable ledger. Nothing has been written to it."""


class RunRecord(Frozen):
    """One run: what its evidence depended on, and when. ``seconds`` is None while it goes on, and if it was cut off."""

    id: int
    started: str
    finished: str | None = None
    seconds: float | None = None
    profile: str
    seed: int
    device: str
    versions: dict[str, str]


class PartRecord(Frozen):
    """The latest evidence of one part, and the fingerprint of the statement that was on trial then."""

    collection: str
    claim: str
    part: str
    statement: str
    evidence: list[Evidence]
    run: int


class Ledger:
    """An open ledger; a context manager. Creates the file, and its directory, unless ``must_exist``.

    Raises LedgerError for a file that is missing, damaged, not a ledger, or of another version.
    """

    def __init__(self, path: Path | None = None, *, must_exist: bool = False) -> None:
        self.path = path or default_path()
        _refuse_foreign(self.path, must_exist=must_exist)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise LedgerError(f"ledger {self.path} cannot be opened: {error}") from error
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        with self._clear_errors():
            if self._is_empty():
                with self._transaction():
                    if self._is_empty():  # another process may have made it while this one waited
                        self._create()
            self._write_ahead()
            self._db.execute("PRAGMA synchronous = FULL")

    def _is_empty(self) -> bool:
        return not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    def _write_ahead(self) -> None:
        """Switches to WAL mode. SQLite does not wait for other processes here by itself, as it does elsewhere."""
        end = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(0.01)
            else:
                return

    def _create(self) -> None:
        for statement in filter(str.strip, _SCHEMA.split(";")):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA application_id = {APPLICATION}")
        self._db.execute(f"PRAGMA user_version = {VERSION}")

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    # --- evidence by fingerprint ------------------------------------------------------------------------------

    def evidence(self, fingerprint: str) -> list[Evidence] | None:
        """What is stored under the fingerprint, or None."""
        rows = self._query("SELECT items, hash FROM evidence WHERE fingerprint = ?", fingerprint)
        return self._read(*rows[0]) if rows else None

    def put(self, fingerprint: str, part: str, check: str, evidence: Sequence[Evidence]) -> None:
        """Stores the evidence of one check, at once and for good; replaces what was there."""
        self._write(
            "INSERT OR REPLACE INTO evidence VALUES (?, ?, ?, ?, ?, ?)",
            fingerprint,
            part,
            check,
            *_packed(evidence),
            _now(),
        )

    # --- runs ---------------------------------------------------------------------------------------------------

    def start_run(self, profile: str, seed: int, device: str, versions: dict[str, str]) -> int:
        with self._clear_errors():
            cursor = self._db.execute(
                "INSERT INTO runs (started, profile, seed, device, versions) VALUES (?, ?, ?, ?, ?)",
                (_now(), profile, seed, device, json.dumps(versions, sort_keys=True)),
            )
        if cursor.lastrowid is None:
            raise LedgerError(f"ledger {self.path} did not number a new run")
        return cursor.lastrowid

    def finish_run(self, run: int, seconds: float) -> None:
        self._write("UPDATE runs SET finished = ?, seconds = ? WHERE id = ?", _now(), seconds, run)

    def runs(self) -> list[RunRecord]:
        """All runs, oldest first."""
        columns = ("id", "started", "finished", "seconds", "profile", "seed", "device", "versions")
        rows = self._query("SELECT id, started, finished, seconds, profile, seed, device, versions FROM runs")
        try:
            return [
                RunRecord(**dict(zip(columns, (*row[:-1], json.loads(row[-1])), strict=True))) for row in sorted(rows)
            ]
        except (ValidationError, ValueError) as error:
            raise self._damaged("a run does not read back") from error

    # --- latest evidence by part -----------------------------------------------------------------------------

    def record(
        self, run: int, collection: str, claim: str, part: str, statement: str, evidence: Sequence[Evidence]
    ) -> None:
        """Notes the evidence on which the latest verdict of a part rests."""
        self._write(
            "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?)",
            collection,
            claim,
            part,
            statement,
            *_packed(evidence),
            run,
        )

    def parts(self) -> dict[tuple[str, str, str], PartRecord]:
        """The latest evidence of every part ever tried, by (collection, claim, part)."""
        rows = self._query("SELECT collection, claim, part, statement, items, hash, run FROM parts")
        return {
            (collection, claim, part): PartRecord(
                collection=collection,
                claim=claim,
                part=part,
                statement=statement,
                evidence=self._read(items, digest),
                run=run,
            )
            for collection, claim, part, statement, items, digest, run in rows
        }

    # --- plumbing -----------------------------------------------------------------------------------------------

    def _read(self, items: str, digest: str) -> list[Evidence]:
        if _hash(items) != digest:
            raise self._damaged("a record does not match its hash")
        try:
            return _EVIDENCE.validate_json(items)
        except ValidationError as error:
            raise self._damaged(
                "a record does not read back as evidence: damage, or another version wrote it"
            ) from error

    def _query(self, sql: str, *values: Any) -> list[Any]:
        with self._clear_errors():
            return self._db.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: Any) -> None:
        with self._clear_errors():
            self._db.execute(sql, values)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            # Busy, full disk, read-only: the file is whole, the operation was not possible.
            raise LedgerError(f"ledger {self.path}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, why: str) -> LedgerError:
        return LedgerError(_DAMAGED.format(path=self.path, why=why))


_DAMAGED = "ledger {path} is damaged ({why}); move it away, or name another with --ledger"


def _refuse_foreign(path: Path, *, must_exist: bool) -> None:
    """Reads the header and checks the pages without being able to write. An empty file counts as no file."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        header = b""
    except OSError as error:
        raise LedgerError(f"ledger {path} cannot be read: {error.strerror}") from error
    if not header:
        if must_exist:
            raise LedgerError(f"ledger {path} does not exist or is empty; `verify run` makes it")
        return
    if len(header) < 100 or not header.startswith(_MAGIC):
        raise LedgerError(f"{path} is not a ledger; it was left as it is, name another with --ledger")
    version, application = (int.from_bytes(header[at : at + 4], "big") for at in (60, 68))
    if application != APPLICATION:
        raise LedgerError(f"{path} is a database of another program; it was left as it is, name another with --ledger")
    if version != VERSION:
        raise LedgerError(
            f"ledger {path} is of version {version}, this program reads version {VERSION}; "
            "it was left as it is, name another with --ledger"
        )
    if problem := _page_problem(path):
        raise LedgerError(_DAMAGED.format(path=path, why=problem))


def _page_problem(path: Path) -> str | None:
    """What SQLite's own check finds wrong, read without any chance to write, or None.

    Without a write-ahead log beside it the file is opened as immutable, so that not even a lock file is made. If
    another process opened the ledger meanwhile, the check may have read half a write: it is then done once more.
    """
    log = Path(f"{path}-wal")
    before = path.stat()
    problem = _quick_check(path, "mode=ro" if log.exists() else "immutable=1")
    after = path.stat()
    if problem and (log.exists() or (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size)):
        return _quick_check(path, "mode=ro")
    return problem


def _quick_check(path: Path, how: str) -> str | None:
    db = None
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=BUSY_SECONDS)
        answer = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        raise LedgerError(f"ledger {path} cannot be read: {error}") from error
    except sqlite3.DatabaseError as error:
        return " ".join(str(error).split())
    finally:
        if db is not None:
            db.close()
    return None if answer == "ok" else " ".join(answer.split())


def _packed(evidence: Sequence[Evidence]) -> tuple[str, str]:
    items = _EVIDENCE.dump_json(list(evidence)).decode()
    return items, _hash(items)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
