"""The page as a document: complete, valid, self-contained, inert; and the errors of writing it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
import report_sample as sample

from verify.collection import Collection
from verify.ledger import Ledger
from verify.model.claim import Claim
from verify.model.evidence import Counterexample, Evidence
from verify.model.words import Verdict
from verify.report import ReportError, write
from verify.report.html import capital, figure
from verify.report.view import NotRun

VOID = {"meta", "link", "br", "img", "input", "hr", "col"}
PHRASING_ONLY = {"span", "b", "a", "h1", "h2", "h3", "h4", "h5", "code", "strong", "dt"}
BLOCKS = {
    "div", "p", "pre", "ul", "ol", "dl", "table", "section", "article", "figure", "figcaption", "details", "header",
    "h2", "h3", "h4",
}  # fmt: skip
CELL = {"td", "th", "tr", "tbody"}
IMPLIED = {
    "p": BLOCKS | CELL | {"li"}, "li": {"li"}, "td": CELL, "th": CELL, "tr": {"tr", "tbody"}, "thead": {"tbody"},
    "tbody": set(),
}  # fmt: skip
"""Elements whose end may be left out, and what then ends them beside the end of their parent."""


class Document(HTMLParser):
    """Elements, text and structural faults of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        twice = [name for name, count in Counter(name for name, _ in attrs).items() if count > 1]
        self.faults += [f"<{tag}> has {name} twice" for name in twice]
        while self.open and tag in IMPLIED.get(self.open[-1], ()):
            self.open.pop()
        if tag in BLOCKS and self.open and self.open[-1] in PHRASING_ONLY:
            self.faults.append(f"<{tag}> inside <{self.open[-1]}>")
        if tag == "li" and self.open[-1] not in ("ul", "ol"):
            self.faults.append(f"<li> inside <{self.open[-1]}>")
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] in IMPLIED and self.open[-1] != tag:
            self.open.pop()
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
        else:
            self.open.pop()

    def all(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.elements if attribute in attrs]


def page(folder: Path, lang: str = "en", **options: object) -> str:
    with Ledger(sample.fill(folder / "ledger.sqlite")) as ledger:
        path, _ = write(ledger, [sample.COLLECTION], folder / "out", lang, **options)  # type: ignore[arg-type]
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page(tmp_path_factory.mktemp("en"))


def test_the_structure_check_sees_faults() -> None:
    assert Document("<div><p>x</div></p>").faults
    assert Document("<p><div></div></p>").faults
    assert Document("<span><p>x</span>").faults
    assert Document("<a id=x id=y></a>").faults
    assert not Document("<div><p>x</p><br></div>").faults
    assert not Document("<div><p>x<p>y</div><table><thead><tr><th>x<tbody><tr><td>y</table>").faults


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_is_well_formed_and_links_lead_somewhere(tmp_path: Path, lang: str) -> None:
    document = Document(page(tmp_path, lang))
    assert document.faults == []
    ids = Counter(document.all("id"))
    assert max(ids.values()) == 1
    internal = {href.removeprefix("#") for href in document.all("href") if href.startswith("#")}
    assert internal <= set(ids)
    assert {"lemma-11.19", "lemma-11.19/softmax-rank", "table-11.2.1/untried"} <= set(ids) & internal


def test_every_claim_and_part_has_its_id(english: str) -> None:
    ids = set(Document(english).all("id"))
    for claim in sample.COLLECTION.claims:
        assert {claim.label} | {f"{claim.label}/{part.id}" for part in claim.parts} <= ids


def test_nothing_comes_from_elsewhere(english: str) -> None:
    document = Document(english)
    loads = document.all("href") + document.all("src") + document.all("action")
    assert [link for link in loads if not link.startswith("#")] == ["data:,"]
    assert not [tag for tag, _ in document.elements if tag in ("iframe", "object", "embed", "img", "base", "form")]
    assert "url(" not in english and "@import" not in english


def test_hostile_text_is_escaped_wherever_it_comes_from(english: str) -> None:
    assert english.count("<script") == 1 and "<img" not in english
    # reading in the card and on the other lists, typing message, note of a measurement, failure, mutant's name
    assert english.count("&lt;script&gt;document.title") >= 5
    assert not [name for _, attrs in Document(english).elements for name in attrs if name.startswith("on")]


def test_shows_every_verdict_with_its_sentence(english: str) -> None:
    for verdict in Verdict:
        assert f">{verdict}</b>" in english
        assert verdict.sentence in english
    assert NotRun.NOT_RUN.sentence in english


def between(text: str, start: str, end: str) -> str:
    return text.split(start, 1)[1].split(end, 1)[0]


def test_what_is_wrong_comes_first_in_the_order_of_the_text(english: str) -> None:
    findings = between(english, "id=not-green", "</section>")
    places = [findings.index(f"href=#{name}>") for name in ("lemma-11.19/softmax-rank", "equation-gd-update/shapes")]
    assert places == sorted(places)
    assert findings.index("What to correct first (2)") < places[0]
    assert "<span class=weight>moderate</span>" in findings and "<span class=weight>serious</span>" in findings
    assert places[1] < findings.index("Holds only empirically") < findings.index("theorem-11.12/thin-search")
    assert "theorem-11.11" not in findings
    assert english.index("id=not-green") < english.index("<article class=claim")


def part(text: str, name: str) -> str:
    return between(text, f"id={name}>", "<pre>")


def test_counterexample_is_written_out(english: str) -> None:
    card = part(english, "lemma-11.19/softmax-rank")
    matrix = between(card, "<mi>K</mi><mo>=</mo>", "</math>")
    assert matrix.count("<mtr>") == 3 and matrix.index("<mn>2</mn>") < matrix.index("<mn>3</mn>")
    assert "left side 3, right side 1: <b>left ≤ right fails</b>" in between(card, "<p class=broken>", "<p")
    assert "Worst violation seen: 15 relative" in card and "certified in exact arithmetic" in card
    assert "verify run lemma-11.19/softmax-rank --profile quick --seed 7 --fresh" in english
    assert "verify replay lemma-11.19" in english
    assert "verify replay theorem-11.11" not in english


def test_repair_and_survivor_stand_beside_the_original(english: str) -> None:
    card = part(english, "lemma-11.19/softmax-rank")
    should = between(card, "<div class=v-proved>", '<div class="survivor v-empirical">')
    assert "href=#lemma-11.19/softmax-rank-repaired>" in should and "short heads" in should
    assert "<mi>rank</mi>" in should, "both sides of a main part are set as formulas"
    own = part(english, "lemma-11.19/softmax-rank-repaired")
    assert "<mi>rank</mi>" not in own and "<p>rank(Q Kᵀ)" in own, "it is set as a formula once"
    assert "short heads" not in between(card, "<div class=v-refuted>", "<div class=v-proved>")
    assert "href=#lemma-11.19/effective-rank>" in between(card, '<div class="survivor v-empirical">', "</div>")


def test_a_survivor_that_did_not_hold_is_not_praised(english: str) -> None:
    card = part(english, "equation-gd-update/shapes")
    assert "was thought to survive" in card and "what survives in practice" not in card


def test_a_repair_without_verdict_is_only_proposed(tmp_path: Path) -> None:
    path = sample.fill(
        tmp_path / "l.sqlite", {"lemma-11.19/softmax-rank": [sample.counterexample(sample.softmax_rank)]}
    )
    with Ledger(path) as ledger:
        file, _ = write(ledger, [sample.COLLECTION], tmp_path)
    card = part(file.read_text("utf-8"), "lemma-11.19/softmax-rank")
    assert "proposed instead" in card and "should say" not in card


def test_a_certificate_of_another_statement_is_not_read_out(tmp_path: Path) -> None:
    foreign = sample.counterexample(sample.softmax_rank, statement="0" * 16)
    beyond = sample.counterexample(sample.softmax_rank, relation=1)
    for number, evidence in enumerate((foreign, beyond)):
        path = sample.fill(tmp_path / f"{number}.sqlite", {"lemma-11.19/softmax-rank": [sample.WITNESSED, evidence]})
        with Ledger(path) as ledger:
            file, _ = write(ledger, [sample.COLLECTION], tmp_path)
        text = file.read_text("utf-8")
        assert "<p class=broken>" not in text
        assert "This certificate belongs to another statement" in text


def test_a_conflict_is_loud(tmp_path: Path, english: str) -> None:
    both: list[object] = [sample.PROOF, sample.counterexample(sample.softmax_rank), sample.WITNESSED]
    path = sample.fill(tmp_path / "l.sqlite", {"lemma-11.19/softmax-rank": both})  # type: ignore[dict-item]
    with Ledger(path) as ledger:
        file, _ = write(ledger, [sample.COLLECTION], tmp_path)
    assert "<h3>Conflicts</h3>" in file.read_text("utf-8")
    assert "<h3>Conflicts</h3>" not in english


def test_an_uncertified_counterexample_is_no_counterexample(tmp_path: Path) -> None:
    proposed = sample.counterexample(sample.softmax_rank).model_copy(update={"certified": False})
    assert isinstance(proposed, Counterexample)
    path = sample.fill(tmp_path / "l.sqlite", {"lemma-11.19/softmax-rank": [sample.WITNESSED, proposed]})
    with Ledger(path) as ledger:
        file, _ = write(ledger, [sample.COLLECTION], tmp_path)
    card = part(file.read_text("utf-8"), "lemma-11.19/softmax-rank")
    assert "not certified" in card and "<figure class=counterexample>" not in card
    assert "<b class=v-inconclusive>" in card


def test_evidence_on_an_earlier_statement_is_left_out(tmp_path: Path) -> None:
    with Ledger(sample.fill(tmp_path / "l.sqlite")) as ledger:
        ledger.record(1, "sample", "theorem-11.11", "residual-identity", "an older statement", [sample.PROOF])
        file, _ = write(ledger, [sample.COLLECTION], tmp_path)
    card = part(file.read_text("utf-8"), "theorem-11.11/residual-identity")
    assert "<b class=v-not-run>" in card and "Proof for all sizes" not in card
    assert "This part changed after it was tried" in card


def test_an_unexpected_verdict_is_said(english: str) -> None:
    assert "expected: supported" in part(english, "theorem-11.12/thin-search")
    assert "expected:" not in part(english, "theorem-11.11/residual-identity")


def test_equal_ledgers_give_equal_pages(english: str, tmp_path: Path) -> None:
    again = page(tmp_path)
    first, second = (re.subn(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "", text) for text in (english, again))
    assert first == second and first[1] == 1


def test_chinese_page_speaks_chinese(tmp_path: Path) -> None:
    text = page(tmp_path, "zh")
    assert '<html lang="zh-Hans">' in text and "首先应当更正" in text
    for english_only in ("What to correct first", "How to cite", "Counterexample<", ">should say"):
        assert english_only not in text


def test_quotes_the_users_text(tmp_path: Path) -> None:
    textbook = tmp_path / "text.md"
    textbook.write_text(
        f"# T\n\n**Lemma 11.19 (rank)** For $Q$ {sample.HOSTILE} $\\text{{<b>x</b>}}$\n\nmore\n", "utf-8"
    )
    text = page(tmp_path, textbook=textbook)
    card = between(text, "id=lemma-11.19 ", "id=lemma-11.19/softmax-rank>")
    assert "Quoted from text.md, line 3" in card and "<mi>Q</mi>" in card and "more" not in card
    assert text.count("<script") == 1 and "<b>x" not in text
    assert "1 of 5 items found" in text


def test_a_text_without_any_item_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("**Lemma 1.1** of another text\n", "utf-8")
    with pytest.raises(ReportError, match="none of the items on trial") as caught:
        page(tmp_path, textbook=tmp_path / "other.md")
    assert "\n" not in str(caught.value) and not (tmp_path / "out").exists()


def repeated(times: int) -> tuple[Collection, dict[str, Sequence[Evidence]]]:
    """The sample so many times over under other labels, and the evidence on all of it."""
    claims, evidence = [], {}
    for n in range(times):
        for claim in sample.COLLECTION.claims:
            label = claim.label if n == 0 else f"{claim.label}.{n}"
            claims.append(claim.model_copy(update={"label": label}))
            for part in claim.parts:
                if found := sample.EVIDENCE.get(f"{claim.label}/{part.id}"):
                    evidence[f"{label}/{part.id}"] = found
    return sample.COLLECTION.model_copy(update={"claims": tuple(claims)}), evidence


def test_size_grows_linearly(tmp_path: Path) -> None:
    sizes = {}
    for times in (1, 5, 10):
        collection, evidence = repeated(times)
        with Ledger(sample.fill(tmp_path / f"{times}.sqlite", {})) as ledger:
            for claim in collection.claims:
                for part in claim.parts:
                    found = evidence.get(f"{claim.label}/{part.id}")
                    if found:
                        ledger.record(1, "sample", claim.label, part.id, part.statement.fingerprint, found)
            path, _ = write(ledger, [collection], tmp_path)
        sizes[times] = path.stat().st_size
    a_sample, later = (sizes[5] - sizes[1]) / 4, (sizes[10] - sizes[5]) / 5
    assert a_sample > 5_000, "the repeated claims are not on the page"
    assert abs(later - a_sample) < 0.05 * a_sample, sizes


def test_a_formula_that_does_not_convert_stops_the_report(tmp_path: Path) -> None:
    first, *rest = sample.COLLECTION.claims
    broken = Claim.model_validate({**dict(first), "statement_tex": (r"\undefinedcommand x",)})
    collection = sample.COLLECTION.model_copy(update={"claims": (broken, *rest)})
    with Ledger(sample.fill(tmp_path / "l.sqlite")) as ledger, pytest.raises(ReportError, match="undefinedcommand"):
        write(ledger, [collection], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_empty_ledger_is_one_clear_line(tmp_path: Path) -> None:
    with Ledger(tmp_path / "empty.sqlite") as ledger, pytest.raises(ReportError, match="`verify run sample`") as caught:
        write(ledger, [sample.COLLECTION], tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_unwritable_directory_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with Ledger(sample.fill(tmp_path / "l.sqlite")) as ledger, pytest.raises(ReportError, match="cannot be written"):
        write(ledger, [sample.COLLECTION], tmp_path / "file")
    (tmp_path / "sample.html").mkdir()
    with Ledger(tmp_path / "l.sqlite") as ledger, pytest.raises(ReportError, match="cannot be written"):
        write(ledger, [sample.COLLECTION], tmp_path)
    assert not list(tmp_path.glob(".sample*")), "half a page was left behind"


def test_small_spellings() -> None:
    assert [capital(t) for t in ("the sum", "a sum", "k grows", "sigma_1(W) grows", "")] == [
        "The sum", "A sum", "k grows", "sigma_1(W) grows", "",
    ]  # fmt: skip
    assert [figure(x) for x in (0.00125, 3.0, 120000.0, 1e-12, 2 / 3)] == ["0.00125", "3", "120,000", "1e-12", "0.667"]
