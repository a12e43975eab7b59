"""The table of all verdicts: complete, safe to render, stable; and the committed one is that of the collections."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import report_sample as sample
from click.testing import CliRunner

from verify.checks import Measure
from verify.cli import cli
from verify.collection import Collection, installed
from verify.ledger import Ledger
from verify.model.claim import Part, Text
from verify.model.words import Role, Scope, Verdict
from verify.report.verdicts import HEADER, assigned, escaped, fingerprint, instead, markdown, sources
from verify.select import Chosen, everything

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "docs" / "verdicts.md"
PART, ROLE, VERDICT, ASSERTED, DECIDES, INSTEAD, SOURCES, STATEMENT = range(len(HEADER))

Table = dict[str, list[str]]


def tables(text: str) -> dict[str, Table]:
    """The rows of each collection by part, in order."""
    found: dict[str, Table] = {}
    for block in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        rows = [line for line in block.splitlines() if line.startswith("| `")]
        cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
        assert all(len(row) == len(HEADER) for row in cells)
        assert len({row[PART] for row in cells}) == len(cells)
        found[block.split(":", 1)[0].replace("\\", "")] = {row[PART].strip("`"): row for row in cells}
    return found


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    with Ledger(sample.fill(tmp_path_factory.mktemp("verdicts") / "l.sqlite")) as ledger:
        return tables(markdown([sample.COLLECTION], ledger))[sample.COLLECTION.name]


def parts(collection: Collection) -> dict[str, Chosen]:
    return {chosen.id: chosen for chosen in everything({collection.name: collection})}


# --- what the table says ------------------------------------------------------------------------------------


def test_every_part_has_a_row_in_the_order_of_the_text(table: Table) -> None:
    assert list(table) == list(parts(sample.COLLECTION))


def test_each_verdict_occurs_and_what_was_not_run_says_so(table: Table) -> None:
    words = {row[VERDICT].split(" (")[0] for row in table.values()}
    assert words == {*map(str, Verdict), "not run"}


def test_an_unexpected_verdict_is_marked_and_an_expected_one_is_not(table: Table) -> None:
    for name, chosen in parts(sample.COLLECTION).items():
        word, _, expected = table[name][VERDICT].partition(" (expected: ")
        assert bool(expected) == (word not in ("not run", str(chosen.part.expected)))


def test_a_refuted_part_shows_its_numbers(table: Table) -> None:
    refuted = [row for row in table.values() if row[VERDICT].startswith("refuted")]
    assert refuted
    assert all(re.match(r"at \S+ = .*: left .*, right ", row[DECIDES]) for row in refuted)


def test_two_ledgers_with_the_same_evidence_give_the_same_text(tmp_path: Path) -> None:
    texts = set()
    for name in ("a", "b"):
        with Ledger(sample.fill(tmp_path / name)) as ledger:
            texts.add(markdown([sample.COLLECTION], ledger))
    assert len(texts) == 1
    assert not re.search(r"20\d\d-\d\d|\d+\.\d+ s\b", texts.pop())


def test_the_report_command_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_COLLECTIONS", "report_sample:COLLECTION")
    ledger = sample.fill(tmp_path / "l.sqlite")
    done = CliRunner().invoke(cli, ["report", "--ledger", str(ledger), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert str(tmp_path / "out" / "verdicts.md") in done.output.splitlines()
    written = tables((tmp_path / "out" / "verdicts.md").read_text("utf-8"))
    assert list(written[sample.COLLECTION.name]) == list(parts(sample.COLLECTION))


# --- Markdown -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    ["a | b", "<script>x</script>", "**bold** _it_ `code`", "[a](b)", "$x$ ~y~", "a\n| b |\n", "back\\|slash"],
)
def test_text_stays_text(hostile: str) -> None:
    shown = escaped(hostile)
    assert "\n" not in shown
    assert len(re.split(r"(?<!\\)\|", f"| {shown} |")) == 3
    assert re.sub(r"\\(.)", r"\1", shown) == " ".join(hostile.split())
    assert not re.search(r"(?<!\\)[<>`*_$\[\]~]", shown.replace("\\\\", ""))


def test_values_stay_on_one_line_and_large_ones_give_their_size() -> None:
    row = ["1"] * 40
    assert assigned({"k": "1", "W": [["1", "0"], ["0", "1/2"]]}) == "W = [[1, 0], [0, 1/2]], k = 1"
    assert assigned({"W": [row, row]}) == "W = a matrix of 2 x 40"
    assert assigned({"V": [[row, row], [row, row]]}) == "V = 2 matrices"


def test_the_fingerprint_follows_the_statement_and_what_is_measured() -> None:
    given = {"id": "p", "role": Role.MAIN, "scope": Scope.TYPICAL, "expected": Verdict.EMPIRICAL}
    reading = Text(en="as said", zh="如上")

    def measuring(threshold: float) -> Part:
        return Part(**given, reading=reading, checks=(Measure(function=len, quantity="q", threshold=threshold),))

    assert fingerprint(measuring(0.5)) == fingerprint(measuring(0.5))
    assert fingerprint(measuring(0.5)) != fingerprint(measuring(0.6))
    universal = {fingerprint(chosen.part) for chosen in parts(sample.COLLECTION).values() if chosen.part.says}
    assert len(universal) > 1


# --- the committed table ------------------------------------------------------------------------------------


def committed() -> dict[str, Table]:
    return tables(COMMITTED.read_text("utf-8"))


def test_the_committed_table_lists_the_parts_of_the_installed_collections() -> None:
    """Made anew by ``verify run`` and ``verify report``; this test needs no run."""
    listed = {name: list(rows) for name, rows in committed().items()}
    assert listed == {name: list(parts(collection)) for name, collection in installed().items()}


def test_the_committed_table_says_what_a_run_confirms() -> None:
    """A run exits with 1 where a verdict differs from the expected one, so the two agree wherever it passed."""
    wrong = []
    for name, collection in installed().items():
        rows = committed()[name]
        for part_id, chosen in parts(collection).items():
            part = chosen.part
            now = {
                VERDICT: str(part.expected),
                ROLE: str(part.role),
                ASSERTED: escaped(part.reading.en),
                INSTEAD: instead(part),
                SOURCES: sources(chosen),
                STATEMENT: f"`{fingerprint(part)}`",
            }
            differs = [HEADER[column] for column, cell in now.items() if rows[part_id][column] != cell]
            wrong += [f"{name}:{part_id}: {', '.join(differs)}"] if differs else []
            if not rows[part_id][DECIDES]:
                wrong.append(f"{name}:{part_id}: nothing decides it")
    assert not wrong, wrong
