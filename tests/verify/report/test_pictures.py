"""Pictures and the graph: what is drawn is what the ledger holds."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import report_sample as sample

from verify.ledger import Ledger
from verify.model.evidence import Measurement
from verify.model.words import Verdict
from verify.report import plots
from verify.report.graph import Strength, graph, weak_parts
from verify.report.source import Records, read
from verify.report.view import Page, page


def measured(figures: dict[str, float], null: dict[str, float]) -> Measurement:
    return Measurement(
        engine="torch", quantity="q", held=1, of=1, interval=(0.2, 1.0), threshold=0.5, figures=figures, null=null
    )


def drawn(svg: str, kind: str) -> int:
    root = ElementTree.fromstring(svg)
    return sum(e.get("d", "").count("M") for e in root.iter("path") if e.get("class") == kind)


def test_every_figure_is_drawn_and_listed() -> None:
    [plot] = plots.of_measurement(
        measured({"decoder, seed 1: E": 0.2, "decoder, seed 2: E": 0.3}, {"decoder, seed 1, at the start: E": 0.1})
    )
    assert drawn(plot.svg, "seen-dots") == 2 and drawn(plot.svg, "null-ticks") == 1
    assert plot.columns == ("E", "E, at the start")
    assert dict(plot.rows) == {"decoder, seed 1": (0.2, 0.1), "decoder, seed 2": (0.3, None)}


def test_attention_is_drawn_against_its_shape() -> None:
    figures = {f"hidden, n = {n}, d = 4, seed 1: effective rank (3.5 at the start)": 4.0 for n in (32, 64)}
    against, _ = plots.of_measurement(measured(figures, {}))
    assert dict(against.rows)["hidden, n = 64, d = 4, seed 1: effective rank"] == (16, 1.0)


def test_nothing_measured_draws_nothing() -> None:
    assert plots.of_measurement(measured({}, {})) == []


@pytest.mark.parametrize("hostile", ["<script>x</script>: E", 'a" onload="x: E'])
def test_names_are_escaped(hostile: str) -> None:
    [plot] = plots.of_measurement(measured({hostile: 1.0}, {}))
    assert "<script" not in plot.svg and 'onload="' not in plot.svg
    ElementTree.fromstring(plot.svg)


def test_margins_fall_into_their_bins() -> None:
    rows = dict(plots.of_margins([-1.0, 0.0, 1e-12, 0.005, 3.0, 4.0]).rows)
    assert {name: count for name, (count,) in rows.items() if count} == {
        "below 0": 1, "0": 1, "to 1e-9": 1, "to 0.01": 1, "above 1": 2,
    }  # fmt: skip


def test_matrices_of_a_size_worth_looking_at_become_heat_maps() -> None:
    matrix = [["1", "0", "-1"], ["2", "0", "0"], ["0", "0", "1/2"]]
    [svg] = plots.of_matrices({"W": matrix, "k": "1", "small": [["1", "0"]]})
    assert svg.count('class="pos"') == 3 and svg.count('class="neg"') == 1 and "W" in svg
    assert plots.of_matrices({"W": [["1"] * 3] * 3}) == []


def view(path: Path, leans_on: dict[str, dict[str, Verdict]]) -> Page:
    with Ledger(sample.fill(path)) as ledger:
        records = read(ledger, sample.COLLECTION)
    assert records is not None
    return page(sample.COLLECTION, Records(records.runs, records.parts, records.outdated, leans_on))


def test_weakness_is_transitive(tmp_path: Path) -> None:
    leans: dict[str, dict[str, Verdict]] = {
        "theorem-11.12/thin-search": {"sample:theorem-11.11/residual-identity": Verdict.PROVED},
        "theorem-11.11/residual-identity": {"foundations:theorem-weyl/sums": Verdict.SUPPORTED},
        "theorem-11.11/tail-bound": {"foundations:theorem-norms/order": Verdict.PROVED},
    }
    shown = view(tmp_path / "l.sqlite", leans)
    assert weak_parts(shown) == {"theorem-11.12/thin-search", "theorem-11.11/residual-identity"}
    nodes = graph(shown, "en", written=["foundations"]).by_name
    assert {name for name, node in nodes.items() if node.weak} == {"sample:theorem-11.11", "sample:theorem-11.12"}
    assert nodes["foundations:theorem-weyl"].href == "foundations.html#theorem-weyl"
    assert nodes["sample:theorem-11.12"].under == ("sample:theorem-11.11",)


def test_the_two_channels_of_a_box(tmp_path: Path) -> None:
    nodes = graph(view(tmp_path / "l.sqlite", {}), "zh").by_name
    lemma = nodes["sample:lemma-11.19"]
    assert lemma.state is Verdict.REFUTED and lemma.label == "引理 11.19"
    assert lemma.strengths == {Strength.CERTIFICATE: 1, Strength.PROOF: 1, Strength.MEASUREMENT: 1}
    assert [node.column for node in nodes.values()] == [0, 0, 1, 1, 1]
