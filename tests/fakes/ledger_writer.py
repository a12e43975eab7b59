"""Writes many records to a ledger; a module of its own so that a spawned process can import it."""

from __future__ import annotations

from pathlib import Path

from verify.ledger import Ledger
from verify.model.evidence import Evidence, Proof, Step

EVIDENCE: list[Evidence] = [Proof(engine="p", steps=[Step(name="s", tex="t", by="u")])]


def write_many(path: Path, name: str, count: int) -> None:
    with Ledger(path) as ledger:
        run = ledger.start_run("quick", 0, "cpu", {})
        for number in range(count):
            ledger.put(f"{name}{number}", "p", "c", EVIDENCE)
            ledger.record(run, "c", name, str(number), "s", EVIDENCE)
        ledger.finish_run(run, 0.0)
