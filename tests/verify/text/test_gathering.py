from __future__ import annotations

from pathlib import Path

import pytest

from verify import collection
from verify.context import Context, Profile
from verify.ledger import Ledger
from verify.select import everything
from verify.text import gathering
from verify.text.gathering import gather
from verify.trial import trial


@pytest.fixture(autouse=True)
def _sample_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(collection, "entry_points", lambda group: [])
    monkeypatch.setattr(gathering, "_entry_points", list)
    monkeypatch.setenv("VERIFY_COLLECTIONS", "sample_collection:collection")
    monkeypatch.setenv("VERIFY_CACHE", str(tmp_path / "cache"))


def test_without_a_ledger_verdicts_are_the_expected_ones(tmp_path: Path) -> None:
    known = gather(tmp_path / "none.sqlite")["sample"]
    assert known.run == ""
    for claim in known.claims.values():
        assert not any(part.tried for part in claim.parts)
        assert claim.cite_en.endswith(gathering.EXPECTED_EN)
        assert claim.cite_zh.endswith(gathering.EXPECTED_ZH)


def test_with_a_ledger_they_are_those_of_the_judge(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    before = gather(path)
    context = Context(profile=Profile.QUICK, workers=1)
    with Ledger(path) as ledger:
        trial(everything(collection.installed()), context, ledger)
    after = gather(path)["sample"]
    assert after != before["sample"]
    assert all(part.tried for claim in after.claims.values() for part in claim.parts)
    assert all(gathering.EXPECTED_EN not in claim.cite_en for claim in after.claims.values())
    assert len(after.run) == len("2026-01-01")


def test_what_is_kept_is_what_was_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = gather(tmp_path / "none.sqlite")
    assert len(list((tmp_path / "cache").iterdir())) == 1

    def unreachable(ledger: Path) -> object:
        raise AssertionError("gathered anew")

    monkeypatch.setattr(gathering, "_gathered", unreachable)
    assert gather(tmp_path / "none.sqlite") == first


def test_a_spoiled_or_unwritable_cache_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = gather(tmp_path / "none.sqlite")
    (file,) = (tmp_path / "cache").iterdir()
    for spoiled in ("{", "[]", '{"sample": {"name": 1}}'):
        file.write_text(spoiled)
        assert gather(tmp_path / "none.sqlite") == first
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("VERIFY_CACHE", str(tmp_path / "file"))
    assert gather(tmp_path / "none.sqlite") == first


def test_a_change_of_the_sources_or_of_the_ledger_changes_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "own_claims.py"
    module.write_text("collection = 1")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("VERIFY_COLLECTIONS", "own_claims:collection")
    ledger = tmp_path / "ledger.sqlite"
    keys = [gathering._key(ledger)]
    module.write_text("collection = 2")
    keys.append(gathering._key(ledger))
    ledger.write_text("x")
    keys.append(gathering._key(ledger))
    assert len(set(keys)) == 3
    assert gathering._key(ledger) == keys[-1]


def test_old_states_leave_the_cache(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    for n in range(20):
        (tmp_path / "cache" / f"knowledge-{n}.json").write_text("{}")
    gather(tmp_path / "none.sqlite")
    assert len(list((tmp_path / "cache").iterdir())) == gathering.KEPT
