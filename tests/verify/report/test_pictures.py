"""Pictures and the graph: what is drawn is what the ledger holds."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import report_sample as sample

from verify.ledger import Ledger
from verify.model.claim import Text
from verify.model.evidence import Curves, Illustration, Line, Measurement
from verify.model.words import Verdict
from verify.report import plots
from verify.report.drawing import stamped
from verify.report.graph import Strength, graph, weak_parts
from verify.report.html import environment, render
from verify.report.plots.curves import of_curves, path
from verify.report.plots.families import grouped
from verify.report.plots.points import DOT, STROKE
from verify.report.plots.scales import Scale
from verify.report.source import Records, read
from verify.report.view import Page, page


def measured(figures: dict[str, float], null: dict[str, float]) -> Measurement:
    return Measurement(
        engine="torch", quantity="q", held=1, of=1, interval=(0.2, 1.0), threshold=0.5, figures=figures, null=null
    )


STAMPS = {"seen-dots": "h0", "null-ticks": "v10"}


def drawn(svg: str, kind: str) -> int:
    root = ElementTree.fromstring(svg)
    return sum(e.get("d", "").count(STAMPS[kind]) for e in root.iter("path") if e.get("class") == kind)


def test_every_figure_is_drawn_and_listed() -> None:
    seeds = {"decoder, seed 1: E": 0.2, "decoder, seed 2: E": 0.3, "other: E": 0.5}
    [plot] = plots.of_evidence(measured(seeds, {"decoder, seed 1, at the start: E": 0.1}))
    assert drawn(plot.svg, "seen-dots") == 3 and drawn(plot.svg, "null-ticks") == 1
    assert plot.columns == ("networks", "E", "E, at the start")
    assert dict(plot.rows) == {"decoder (seeds 1 to 2)": ("0.2 0.3", "0.1 –"), "other": (0.5, None)}


def test_what_is_asked_is_drawn_though_other_figures_are_more() -> None:
    asked = {f"net {i}: growth": 1.5 for i in range(3)}
    beside = {f"net {i}, layer {j}: rank": 2.0 for i in range(3) for j in range(30)}
    [plot] = plots.of_evidence(measured(asked | beside, {f"net {i}: growth, random": 1.2 for i in range(3)}))
    assert "growth" in plot.svg and "rank" not in plot.svg
    assert (drawn(plot.svg, "seen-dots"), drawn(plot.svg, "null-ticks")) == (3, 3)
    assert len(plot.rows) == 93, "all are listed"


def test_networks_that_differ_by_their_seed_are_named_together() -> None:
    names = [
        "a, seed 3, rank 2",
        "a, seed 4, rank 2",
        "a, seed 6, rank 2",
        "a, seed 3, rank 8",
        "b",
        "a, seed 6, rank 2",
    ]
    assert grouped(names) == ["a, rank 2 (seeds 3 to 4, 6)", "a, seed 3, rank 8", "b"]


X = (1.0, 10.0, 100.0)
SPECTRA = Curves(
    title="Spectra", x="i", y="sigma", log_x=True, log_y=True, marks=(10.0,), levels=(0.5,),
    lines=(
        Line(name="trained", of="measured", x=X, y=(1.0, 0.1, 0.01)),
        Line(name="Gaussian", of="null", x=X, y=(1.0, 0.9, 0.0)),
        Line(name="law", of="model", x=X[:2], y=(1.0, 0.2)),
    ),
)  # fmt: skip


def course(svg: str, kind: str) -> list[tuple[float, float]]:
    """The points of the first line of that kind, from the steps between them."""
    drawings = (
        e for e in ElementTree.fromstring(svg).iter("path") if (e.get("class") or "").startswith(f"curve {kind}")
    )
    start, _, rest = next(drawings).get("d", "").partition("l")
    numbers = [float(x) for x in re.findall(r"-?\d*\.?\d+", rest)]
    at = [float(x) for x in start.removeprefix("M").split()]
    points = [(at[0], at[1])]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        points.append((points[-1][0] + dx, points[-1][1] + dy))
    return points


def test_steps_along_a_line_add_up_to_its_points() -> None:
    points = [(0.04, 9.96), (10.0, 5.5), (9.5, 5.5), (9.5, 105.25), (0.0, -3.0)]
    svg = f'<svg><path class="curve x" d="{path(points)}"/></svg>'
    assert all(
        abs(a - x) < 0.051 and abs(b - y) < 0.051 for (a, b), (x, y) in zip(course(svg, "x"), points, strict=True)
    )


def test_points_that_are_not_joined_are_marked_each() -> None:
    apart = SPECTRA.model_copy(update={"joined": False})
    marked = [e for e in ElementTree.fromstring(of_curves(apart).svg).iter("path") if "marker" in e.get("class", "")]
    assert sorted(e.get("d", "").count("h0") for e in marked) == [1, 1, 1, 2, 2, 3], "the points, and one in the key"
    assert "curve" not in of_curves(apart).svg


def test_curves_lie_where_their_scales_put_them() -> None:
    plot = of_curves(SPECTRA)
    (x1, y1), (x2, y2), (x3, y3) = course(plot.svg, "measured")
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.11) and y2 - y1 == pytest.approx(y3 - y2, abs=0.11)
    assert x1 < x2 and y1 < y2, "x runs to the right, and a smaller y lies lower on the paper"
    assert course(plot.svg, "model")[0] == course(plot.svg, "null")[0] == (x1, y1)
    even = of_curves(SPECTRA.model_copy(update={"log_x": False, "log_y": False}))
    (x1, _), (x2, _), (x3, _) = course(even.svg, "measured")
    assert (x3 - x2) / (x2 - x1) == pytest.approx(10, rel=0.02)


def test_curves_bring_every_number_and_say_what_was_not_drawn() -> None:
    plot = of_curves(SPECTRA)
    assert plot.columns == ("i", "trained", "Gaussian", "law")
    assert plot.rows == (("1", (1.0, 1.0, 1.0)), ("10", (0.1, 0.9, 0.2)), ("100", (0.01, 0.0, None)))
    assert len(course(plot.svg, "null")) == 2 and "axis: 1 are left out" in plot.description
    assert "left out" not in of_curves(SPECTRA.model_copy(update={"log_y": False})).description


def test_strokes_tell_what_was_measured_and_markers_lines_of_a_kind() -> None:
    svg = of_curves(SPECTRA).svg
    kinds = [e.get("class") for e in ElementTree.fromstring(svg).iter("path")]
    assert all(kinds.count(f"curve {kind}") == 2 for kind in ("measured", "null", "model")), "the line and its key"
    assert not any("marker" in (kind or "") for kind in kinds)
    both = SPECTRA.model_copy(update={"lines": (SPECTRA.lines[0], SPECTRA.lines[0].model_copy(update={"name": "b"}))})
    marked = [
        e.get("d", "")
        for e in ElementTree.fromstring(of_curves(both).svg).iter("path")
        if "marker" in (e.get("class") or "")
    ]
    assert len(marked) == 4 and any("h0" in d for d in marked) and any("h6v6h-6z" in d for d in marked)


def test_marks_and_levels_are_ruled_and_numbered() -> None:
    root = ElementTree.fromstring(of_curves(SPECTRA).svg)
    [ruled] = [e.get("d", "") for e in root.iter("path") if e.get("class") == "ruled"]
    middle = course(of_curves(SPECTRA).svg, "measured")[1][0]
    assert ruled.startswith(f"M{middle:.1f} ") and ruled.count("M") == 2
    assert {"10", "0.5"} <= {e.text for e in root.iter("text")}
    assert "Dotted straight lines: i = 10, sigma = 0.5" in of_curves(SPECTRA).description
    counted = of_curves(SPECTRA.model_copy(update={"joined": False, "marks": (10.5,)}))
    assert "10.5" not in written(counted.svg), "between two things counted"
    assert "lines: between one layer and the next, sigma = 0.5" in counted.description


def places(path: str) -> list[tuple[int, int]]:
    """Where the pen comes down."""
    found, at = [], (0, 0)
    for sign, x, y, steps in re.findall(r"([Mm])(-?\d+) ?(-?\d+)([^Mm]*)", path):
        at = (int(x), int(y)) if sign == "M" else (at[0] + int(x), at[1] + int(y))
        found.append(at)
        at = (at[0], at[1] + 10) if steps == "v10" else at
    return found


def test_stamps_lie_where_they_should() -> None:
    at = [(10.0, 20.4), (7.6, 20.0), (30.0, 5.0)]
    assert places(stamped(DOT, at)) == [(10, 20), (8, 20), (30, 5)]
    assert places(stamped(STROKE, at)) == [(10, 15), (8, 15), (30, 0)], "from its upper end"


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    "y", [(0.0, 0.0), (-3.0, -3.0), (5.0, 5.0), (0.0, 1e-300), (-1e9, 1e9), (1e-12, 1e12), (0.3, 0.31)]
)
def test_any_finite_values_can_be_drawn(y: tuple[float, float], log: bool) -> None:
    one = Curves(title="t", x="x", y="y", log_y=log, lines=(Line(name="a", of="measured", x=(0.0, 1.0), y=y),))
    svg = of_curves(one).svg
    assert "nan" not in svg and "inf" not in svg
    assert all(0 <= v <= 320 for point in course(svg, "measured") for v in point)


def test_ticks_are_round_and_few() -> None:
    assert [name for _, name in Scale(1, 5000, 0, 1, log=True).ticks] == ["1", "10", "10²", "10³"]
    assert [name for _, name in Scale(18, 4400, 0, 1, log=True, most=6).ticks] == ["30", "100", "300", "1000", "3000"]
    assert [name for _, name in Scale(0, 1450, 0, 1, most=6).ticks] == ["0", "500", "1000"]
    assert len(Scale(1e-9, 1e9, 0, 1, log=True).ticks) <= 10


def test_an_illustration_is_drawn_from_its_curves_alone() -> None:
    [plot] = plots.of_evidence(Illustration(engine="formulas", curves=(SPECTRA,)))
    assert plot == of_curves(SPECTRA)
    first, figures = plots.of_evidence(measured({"a: E": 0.5}, {}).model_copy(update={"curves": (SPECTRA,)}))
    assert first == plot and figures.columns == ("networks", "E")


def test_names_of_curves_are_escaped() -> None:
    hostile = "<script>x</script>"
    line = Line(name=hostile, of="null", x=(1.0,), y=(1.0,))
    svg = of_curves(Curves(title=hostile, x=hostile, y=hostile, lines=(line,))).svg
    assert "<script" not in svg
    ElementTree.fromstring(svg)


def test_figures_of_one_kind_stand_in_a_table_of_their_own() -> None:
    figures = {"a: E": 0.2, "b: E": 0.3, "b: F": 3.0, "c: E": 0.4}
    [plot] = plots.of_evidence(measured(figures, {}))
    assert plot.blocks == [
        (("networks", "E"), [("a", (0.2,)), ("c", (0.4,))]),
        (("networks", "E", "F"), [("b", (0.3, 3.0))]),
    ]
    assert of_curves(SPECTRA).blocks == [(of_curves(SPECTRA).columns, list(of_curves(SPECTRA).rows))], "in order"


def test_attention_is_drawn_against_its_shape() -> None:
    figures = {f"hidden, n = {n}, d = 4, seed 1: effective rank (3.5 at the start)": 4.0 for n in (32, 64)}
    against, _ = plots.of_evidence(measured(figures, {}))
    assert against.columns[1:] == ("n/d", "effective rank, over d", "effective rank, at the start, over d")
    assert dict(against.rows)["hidden, n = 64, d = 4, seed 1"] == (16, 1.0, 0.875)


def test_nothing_measured_draws_nothing() -> None:
    assert plots.of_evidence(measured({}, {})) == []


@pytest.mark.parametrize("hostile", ["<script>x</script>: E", 'a" onload="x: E'])
def test_names_are_escaped(hostile: str) -> None:
    [plot] = plots.of_evidence(measured({hostile: 1.0}, {}))
    assert "<script" not in plot.svg and 'onload="' not in plot.svg
    ElementTree.fromstring(plot.svg)


def test_margins_fall_into_their_bins() -> None:
    rows = dict(plots.of_margins([-1.0, 0.0, 1e-12, 0.005, 3.0, 4.0]).rows)
    assert {name: count for name, (count,) in rows.items() if count} == {
        "below 0": 1, "0": 1, "to 1e-9": 1, "to 0.01": 1, "above 1": 2,
    }  # fmt: skip


def test_matrices_of_a_size_worth_looking_at_become_heat_maps() -> None:
    matrix = [["1", "0", "-1", "0"], ["2", "0", "0", "0"], ["0", "0", "1/2", "0"], ["0", "0", "0", "-4"]]
    [svg] = plots.of_matrices({"W": matrix, "k": "1", "small": [["1", "0", "1"]] * 3})
    squares = {
        (e.get("class"), e.get("fill-opacity")): e.get("d", "").count("M")
        for e in ElementTree.fromstring(svg).iter("path")
    }
    assert squares == {
        ("pos", "0.25"): 1,
        ("neg", "0.25"): 1,
        ("pos", "0.50"): 1,
        ("pos", "0.12"): 1,
        ("neg", "1.00"): 1,
    }
    assert "W" in {e.text for e in ElementTree.fromstring(svg).iter("text")}
    assert plots.of_matrices({"W": [["1"] * 4] * 4, "wide": [["0", "1"] * 13] * 4}) == []


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
    assert nodes["sample:theorem-11.11"].shaky == {"foundations:theorem-weyl"}
    assert not nodes["sample:theorem-11.12"].shaky, "what it leans on in another claim is proved"
    assert nodes["foundations:theorem-weyl"].href == "foundations.html#theorem-weyl"
    assert nodes["sample:theorem-11.12"].under == ("sample:theorem-11.11",)
    assert {"Theorem (weyl)", "The update", "Lemma 11.19"} <= written(graph(shown, "en").svg)
    titles = {"foundations:theorem-weyl": Text(en="Weyl's inequality for singular values", zh="奇异值的 Weyl 不等式")}
    called = graph(shown, "en", titles=titles)
    assert "Weyl's inequality for si…" in written(called.svg) and "for singular values: supported</title>" in called.svg
    assert {"奇异值的 Weyl 不等式", "引理 11.19"} <= written(graph(shown, "zh", titles=titles).svg)


def written(svg: str) -> set[str | None]:
    return {e.text for e in ElementTree.fromstring(svg).iter("text")}


def test_the_list_leads_where_the_boxes_lead(tmp_path: Path) -> None:
    leans: dict[str, dict[str, Verdict]] = {
        "theorem-11.12/thin-search": {"foundations:theorem-weyl/sums": Verdict.PROVED}
    }
    text = render(view(tmp_path / "l.sqlite", leans), written=["foundations"])
    listed = text[text.index("The same as a list") :].partition("</details>")[0]
    assert "href=#theorem-11.12>" in listed and "##" not in text


def test_the_two_channels_of_a_box(tmp_path: Path) -> None:
    nodes = graph(view(tmp_path / "l.sqlite", {}), "zh").by_name
    lemma = nodes["sample:lemma-11.19"]
    assert lemma.state is Verdict.REFUTED and lemma.label == "引理 11.19"
    assert lemma.strengths == {Strength.CERTIFICATE: 1, Strength.PROOF: 1, Strength.MEASUREMENT: 1}
    assert [node.column for node in nodes.values()] == [0, 0, 1, 1, 1]


def test_what_a_claim_drew_already_is_pointed_at() -> None:
    env = environment("en")
    module = env.get_template("macros.html.j2").make_module({"lang": "en"})
    claim, one, two = SimpleNamespace(id="lemma-1"), *(SimpleNamespace(part=SimpleNamespace(id=i)) for i in "ab")
    drawn: dict[str, str] = {}
    pictures = plots.of_evidence(measured({"hidden, n = 32, d = 4, seed 1: effective rank": 4.0}, {}))
    assert pictures
    first, again = (str(module.plots(pictures, drawn, claim, part)) for part in (one, two))  # type: ignore[attr-defined]
    assert "<svg" in first and "<svg" not in again
    assert 'href="#lemma-1/a"' in again
    assert "<svg" in str(module.plots(pictures, {}, claim, two))  # type: ignore[attr-defined]
