"""Frozen records of sources: read strictly, and compared with the formula on trial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from verify.checks import Attributed
from verify.collection import CollectionError
from verify.context import Context, Profile
from verify.formula.printing import tex
from verify.formula.vocabulary import EffectiveRank, EffectiveRankL1, eq, matrix, sizes
from verify.model.claim import Part, Text
from verify.model.evidence import Attribution, Failure
from verify.model.record import Record
from verify.model.statement import Matrix, Size
from verify.model.words import Role, Verdict
from verify.records import read_records

m, n = sizes("m n")
W = matrix("W", m, n)
QUICK = Context(profile=Profile.QUICK, workers=1)
FIELDS: dict[str, Any] = {
    "key": "roy2007-effective-rank", "source": "roy2007effective", "year": 2007, "authors": ["Roy", "Vetterli"],
    "where": "Definition 1", "formula": tex(EffectiveRankL1(W)), "states_en": "what", "states_zh": "所述",
    "provenance": "made for a test", "verified": False,
}  # fmt: skip
RECORD = Record(**FIELDS)


def part(check: Attributed) -> Part:
    return Part(
        id="a", role=Role.MAIN, reading=Text(en="said", zh="所述"), expected=Verdict.REFUTED, checks=(check,),
        given=(Size(symbol=m), Size(symbol=n), Matrix(symbol=W)), witness={"W": [["1"]]},
        says=eq(EffectiveRank(W), EffectiveRankL1(W)),
    )  # fmt: skip


def outcome(formula: Any, record: Record = RECORD, name: str = "roy2007-effective-rank") -> Any:
    check = Attributed(record=name, formula=formula, records={record.key: record})
    (found,) = check.run(part(check), QUICK)
    return found


def test_the_formula_of_the_source_agrees() -> None:
    found = outcome(EffectiveRankL1(W))
    assert isinstance(found, Attribution)
    assert found.agrees and not found.message
    assert (found.source, found.year, found.where, found.verified) == ("roy2007effective", 2007, "Definition 1", False)


def test_another_formula_does_not() -> None:
    found = outcome(EffectiveRank(W))
    assert not found.agrees and "the formula is" in found.message


def test_a_record_that_was_changed_does_not() -> None:
    changed = RECORD.model_copy(update={"formula": RECORD.formula + "^2"})
    assert not outcome(EffectiveRankL1(W), changed).agrees


def test_a_formula_that_the_part_does_not_speak_of_does_not() -> None:
    V = matrix("V", m, n)
    record = RECORD.model_copy(update={"formula": tex(EffectiveRankL1(V))})
    found = outcome(EffectiveRankL1(V), record)
    assert not found.agrees and "does not occur" in found.message


def test_a_record_that_is_not_there_is_a_failure() -> None:
    found = outcome(EffectiveRankL1(W), name="nobody-1999")
    assert isinstance(found, Failure) and "nobody-1999" in found.message


def test_the_record_enters_the_fingerprint() -> None:
    one = Attributed(record=RECORD.key, formula=EffectiveRankL1(W), records={RECORD.key: RECORD})
    other = RECORD.model_copy(update={"where": "page 1"})
    assert one.describe() != Attributed(record=RECORD.key, formula=one.formula, records={RECORD.key: other}).describe()


def written(folder: Path, *records: dict[str, Any]) -> Path:
    lines = []
    for record in records:
        lines.append("[[record]]")
        for key, value in record.items():
            shown = str(value).lower() if isinstance(value, bool) else f"'{value}'" if isinstance(value, str) else value
            lines.append(f"{key} = {shown}")
    path = folder / "records.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_records_are_read(tmp_path: Path) -> None:
    assert read_records(written(tmp_path, FIELDS)) == {RECORD.key: RECORD}
    assert read_records(written(tmp_path)) == {}


@pytest.mark.parametrize(
    "records, message",
    [
        ([FIELDS, FIELDS], "two records are called 'roy2007-effective-rank'"),
        ([FIELDS | {"year": "MMVII"}], "year"),
        ([{k: v for k, v in FIELDS.items() if k != "provenance"}], "provenance"),
        ([FIELDS | {"surplus": 1}], "surplus"),
        ([FIELDS | {"authors": []}], "authors"),
    ],
)
def test_bad_records_are_refused_with_the_file_named(tmp_path: Path, records: Any, message: str) -> None:
    with pytest.raises(CollectionError, match=message) as caught:
        read_records(written(tmp_path, *records))
    assert "records.toml" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["[[record", None])
def test_a_file_that_is_missing_or_no_toml_is_one_clear_line(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "records.toml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CollectionError, match=r"records\.toml") as caught:
        read_records(path)
    assert "\n" not in str(caught.value)
