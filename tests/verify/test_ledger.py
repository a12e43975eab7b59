from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ledger_writer import EVIDENCE as WRITTEN
from ledger_writer import write_many

from verify.ledger import APPLICATION, VERSION, Ledger, LedgerError, default_path
from verify.model.evidence import (
    Certificate,
    Counterexample,
    Evidence,
    Measurement,
    Mutant,
    Mutants,
    Proof,
    Step,
    Stress,
)
from verify.model.words import Outcome

CERTIFICATE = Certificate(
    statement="0123", values={"W": [["1", "1/2"], ["0", "1"]], "k": "1"}, left="3/2", right="1", engine="exact"
)
EVIDENCE: list[Evidence] = [
    Counterexample(engine="exact", certified=True, certificate=CERTIFICATE, found_by="search", seconds=0.25),
    Stress(engine="torch", matrices=10, classes={"k = r": 3}, worst_margin=-1e-300),
    Mutants(engine="mutation", outcomes=[Mutant(name="a", tex="b", outcome=Outcome.IMPLIED, reason="引理")]),
    Proof(engine="p", steps=[Step(name="s", tex="t", by="u")]),
    Measurement(engine="torch", quantity="q", held=1, of=2, interval=(0.1, 0.9), threshold=0.5),
]


def fill(path: Path) -> None:
    with Ledger(path) as ledger:
        run = ledger.start_run("quick", 3, "cpu", {"python": "3"})
        ledger.put("f1", "lemma-1/p", "Search", EVIDENCE)
        ledger.record(run, "c", "lemma-1", "p", "0123", EVIDENCE)
        ledger.finish_run(run, 1.5)


def test_everything_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "ledger.sqlite"
    fill(path)
    with Ledger(path, must_exist=True) as ledger:
        assert ledger.evidence("f1") == EVIDENCE
        assert ledger.evidence("f2") is None
        (run,) = ledger.runs()
        assert (run.profile, run.seed, run.device, run.versions, run.seconds) == (
            "quick",
            3,
            "cpu",
            {"python": "3"},
            1.5,
        )
        record = ledger.parts()["c", "lemma-1", "p"]
        assert (record.statement, record.evidence, record.run) == ("0123", EVIDENCE, run.id)


def test_later_evidence_replaces_earlier(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l") as ledger:
        ledger.put("f", "p", "c", EVIDENCE)
        ledger.put("f", "p", "c", EVIDENCE[:1])
        assert ledger.evidence("f") == EVIDENCE[:1]
        ledger.put("f", "p", "c", [])
        assert ledger.evidence("f") == []


def test_a_run_that_was_cut_off_has_no_end(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l") as ledger:
        ledger.start_run("quick", 0, "cpu", {})
        assert [run.finished for run in ledger.runs()] == [None]


def test_the_header_names_the_program(tmp_path: Path) -> None:
    fill(tmp_path / "l")
    header = (tmp_path / "l").read_bytes()[:100]
    assert header[68:72] == b"VRFY" == APPLICATION.to_bytes(4, "big")
    assert int.from_bytes(header[60:64], "big") == VERSION


def foreign_text(path: Path) -> None:
    path.write_text("these are my notes\n" * 100)


def short_text(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00")


def foreign_database(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE precious (x)")
        db.execute("INSERT INTO precious VALUES (1)")
    db.close()


def other_version(path: Path) -> None:
    fill(path)
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def torn_page(path: Path) -> None:
    fill(path)
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 64] = os.urandom(64)
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    fill(path)
    path.write_bytes(path.read_bytes()[: 4096 * 2 + 100])


@pytest.mark.parametrize("spoil", [foreign_text, short_text, foreign_database, other_version, torn_page, cut_short])
@pytest.mark.parametrize("must_exist", [False, True])
def test_a_file_that_is_no_whole_ledger_is_refused_and_left_alone(
    tmp_path: Path, spoil: object, must_exist: bool
) -> None:
    path = tmp_path / "file"
    assert callable(spoil)
    spoil(path)
    before, files = path.read_bytes(), sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(LedgerError) as caught:
        Ledger(path, must_exist=must_exist)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == files


def test_a_record_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "l"
    fill(path)
    db = sqlite3.connect(path)
    for table in ("evidence", "parts"):
        db.execute(f"UPDATE {table} SET items = replace(items, '3/2', '5/2')")
    db.commit()
    db.close()
    with Ledger(path) as ledger:
        with pytest.raises(LedgerError, match="does not match its hash"):
            ledger.evidence("f1")
        with pytest.raises(LedgerError, match="does not match its hash"):
            ledger.parts()


def test_no_ledger_is_made_where_one_must_exist(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="verify run"):
        Ledger(tmp_path / "l", must_exist=True)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_becomes_a_ledger(tmp_path: Path) -> None:
    (tmp_path / "l").touch()
    fill(tmp_path / "l")


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be read"):
        Ledger(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError):
        Ledger(tmp_path / "file" / "ledger.sqlite")


def test_the_environment_names_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VERIFY_LEDGER", str(tmp_path / "here"))
    assert default_path() == tmp_path / "here"
    monkeypatch.delenv("VERIFY_LEDGER")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_path().name == "ledger.sqlite"
    assert default_path().parent.name == "verify-claims"


def test_processes_share_one_ledger(tmp_path: Path) -> None:
    path, spawn, count = tmp_path / "l", multiprocessing.get_context("spawn"), 20
    workers = [spawn.Process(target=write_many, args=(path, name, count)) for name in "ab"]
    for worker in workers:
        worker.start()
    write_many(path, "c", count)
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    with Ledger(path, must_exist=True) as ledger:
        assert all(ledger.evidence(f"{name}{i}") == WRITTEN for name in "abc" for i in range(count))
        assert len(ledger.parts()) == 3 * count
        assert len(ledger.runs()) == 3


def test_many_may_make_the_ledger_at_once(tmp_path: Path) -> None:
    def put(path: Path, name: str) -> None:
        together.wait()
        with Ledger(path) as ledger:
            ledger.put(name, "p", "c", EVIDENCE)

    for attempt in range(20):
        path, together = tmp_path / str(attempt), threading.Barrier(6)
        with ThreadPoolExecutor(6) as pool:
            for done in [pool.submit(put, path, str(number)) for number in range(6)]:
                done.result()
        with Ledger(path, must_exist=True) as ledger:
            assert all(ledger.evidence(str(number)) == EVIDENCE for number in range(6))
