"""Every message of the evidence has a Chinese one, and a page in Chinese has no English phrase."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

import pytest
import report_sample as sample
from english_left import english_left
from installed_parts import CHOSEN, COLLECTIONS, ILL_POSED, PARTS, QUICK

import verify
from claims.foundations import chinese as foundations
from claims.low_rank import chinese as low_rank
from verify.checks import Attributed, Illustrate, Measure, Prove, ill_typed
from verify.ledger import Ledger, PartRecord, RunRecord
from verify.model.claim import Part
from verify.model.evidence import Evidence, Measurement, Proof, Step, Typing
from verify.model.statement import Assume
from verify.proof.library import LIBRARY
from verify.proof.lines import Line
from verify.report.html import render
from verify.report.source import Records, read
from verify.report.view import page
from verify.report.wording import IN_TEX, STORED, Wording, pattern

ROOT = Path(verify.__file__).parent
OWN = {english: chinese for c in COLLECTIONS.values() for english, chinese in c.chinese.items()}
WORDS = Wording("zh", OWN)
MEASURED = ("measured_*", "attention*", "curves", "heads", "chance", "zoo", "lora", "measure")
COMMANDS = {"pip install 'verify-claims[data]'"}
GREEK = ("eta lambda", "eta kappa", "lambda tau", "eta h", "eta c", "omega omega'")
"""As readings write them."""
RUN = RunRecord(id=1, started="2026-01-31T12:00:00+00:00", profile="quick", seed=1, device="cpu", versions={})


def untranslated(messages: set[str], words: Wording = WORDS) -> list[str]:
    return sorted(message for message in messages if words.translated(message) is None)


# --- what is said, by who says it ----------------------------------------------------------------------------


def lines(of: Part) -> Iterator[Line]:
    return (line for check in of.checks if isinstance(check, Prove) for line in check.derivation.lines)


def names_of(some: Iterable[Line]) -> Iterator[str]:
    for line in some:
        yield line.name
        yield from names_of(line.by.inner())


def written(path: Path) -> set[str]:
    """Messages in the source of a module, 1 where something is put in: not its documentation, errors and seeds."""

    def of(node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Raise() | ast.Call(func=ast.Name(id="generators")) | ast.keyword(arg="stream"):
                return
            case ast.Expr(value=ast.Constant()):
                return
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=pieces):
                yield "".join(str(p.value) if isinstance(p, ast.Constant) else "1" for p in pieces)
                for piece in pieces:
                    yield from of(piece.value) if isinstance(piece, ast.FormattedValue) else ()
            case _:
                for child in ast.iter_child_nodes(node):
                    yield from of(child)

    return {text for text in of(ast.parse(path.read_text("utf-8"))) if " " in text.strip()} - COMMANDS


def objections() -> set[str]:
    """Messages of the strict reader of sizes, whole: what an error is raised with."""
    trees = [ast.parse((ROOT / "formula" / file).read_text("utf-8")) for file in ("typing.py", "shapes.py")]
    calls = [
        n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func).endswith("rror")
    ]
    texts = [call.args[0] for call in calls if call.args and isinstance(call.args[0], ast.Constant | ast.JoinedStr)]
    return {re.sub(r"\{.*?\}(?=[^'}]|$)", "1", ast.literal_eval(ast.unparse(text).lstrip("f"))) for text in texts}


def test_every_reason_and_theorem_of_the_proofs() -> None:
    said = {line.by.describe() for part in PARTS.values() for line in lines(part)}
    said |= {theorem for part in PARTS.values() for line in lines(part) for theorem in line.by.theorems()}
    said |= {f"{theorem.name} ({theorem.source})" for theorem in LIBRARY.values()}
    assert len(said) > 500
    assert untranslated(said) == []


def test_every_hypothesis_quantity_picture_and_source_of_the_collections() -> None:
    said = {line.name for part in PARTS.values() for line in part.given if isinstance(line, Assume)}
    for part in PARTS.values():
        for check in part.checks:
            match check:
                case Measure():
                    said.add(check.quantity)
                case Illustrate():
                    said |= {text for c in check.curves for text in (c.title, c.x, c.y, *(one.name for one in c.lines))}
                case Attributed():
                    said.add(check.records[check.record].where)
    assert len(said) > 250
    assert untranslated(said) == []


def test_every_word_within_the_formulas_of_the_text() -> None:
    formulas = [tex for c in COLLECTIONS.values() for claim in c.claims for tex in claim.statement_tex]
    said = {match[2] for tex in formulas for match in IN_TEX.finditer(tex)}
    assert len(said) > 5
    assert said - set(OWN) == {"LoRA:", "AdaLoRA:", "QLoRA:", "DoRA:"}


def test_a_collection_translates_nothing_that_it_does_not_say() -> None:
    names = {line.name for part in PARTS.values() for line in part.given if isinstance(line, Assume)}
    for message in {**foundations.CHINESE, **low_rank.HYPOTHESES}:
        assert any(pattern(message).fullmatch(name) for name in names), message


@pytest.mark.parametrize("module", MEASURED)
def test_every_name_that_a_measurement_writes(module: str) -> None:
    said = {text for path in (ROOT / "networks").glob(f"{module}.py") for text in written(path)}
    assert said
    assert untranslated(said) == []


def test_every_objection_to_the_sizes() -> None:
    found = {message for part in ILL_POSED.values() for message in ill_typed(part)}
    assert found and untranslated(found) == []
    assert len(objections()) > 20
    assert untranslated(objections()) == []


def test_what_the_committed_report_shows_in_pictures() -> None:
    said: set[str] = set()
    for path in (ROOT.parent / "reports" / "sample" / f"{name}.html" for name in COLLECTIONS):
        for figure in re.findall(r'<figure class="?plot.*?</figure>', path.read_text("utf-8"), re.DOTALL):
            said |= set(map(unescape, re.findall(r"<(?:th|text|b)\b[^>]*>([^<]+)", figure)))
    said = {text for text in said if not text.endswith("…")}
    assert len(said) > 300
    assert untranslated(said) == []


# --- pages ---------------------------------------------------------------------------------------------------


def test_the_sample_page_has_no_english(tmp_path: Path) -> None:
    with Ledger(sample.fill(tmp_path / "ledger.sqlite")) as ledger:
        records = read(ledger, sample.COLLECTION)
    assert records is not None
    shown = render(page(sample.COLLECTION, records), "zh")
    assert english_left(shown, [sample.HOSTILE, *line_names()]) == []
    plain = sample.COLLECTION.model_copy(update={"chinese": {}})
    assert "effective rank below half of n" in english_left(render(page(plain, records), "zh"), line_names())


def line_names() -> set[str]:
    proofs = [e for items in sample.EVIDENCE.values() for e in items if isinstance(e, Proof)]
    return {step.name for found in proofs for step in found.steps}


def evidence(part: Part) -> list[Evidence]:
    """What the checks would store, as far as it is words; nothing is proved or measured."""
    found: list[Evidence] = [Typing(engine="typing", message=message) for message in ill_typed(part)[:1]]
    steps = [Step(name=line.name, tex="1", by=line.by.describe()) for line in lines(part)]
    if steps:
        theorems = sorted({theorem for line in lines(part) for theorem in line.by.theorems()})
        found.append(Proof(engine="proof checker", steps=steps, theorems=theorems))
    for check in part.checks:
        if isinstance(check, Measure):
            said = {"quantity": check.quantity, "threshold": check.threshold, "networks": ["decoder, Adam, seed 1000"]}
            found.append(Measurement(engine="torch", held=1, of=1, interval=(0.2, 1), figures={"a: E": 0.5}, **said))
        elif isinstance(check, Illustrate | Attributed):
            found += check.run(part, QUICK)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_page_of_a_collection_has_no_english(name: str) -> None:
    collection = COLLECTIONS[name]
    parts = {
        f"{c.claim.label}/{c.part.id}": PartRecord(
            collection=name, claim=c.claim.label, part=c.part.id, statement="", evidence=evidence(c.part), run=1
        )
        for c in CHOSEN.values()
        if c.collection.name == name
    }
    shown = render(page(collection, Records((RUN,), parts)), "zh")
    kept = {name for part in PARTS.values() for name in names_of(lines(part))} | {*GREEK, "von Neumann"}
    for claim in (claim for c in COLLECTIONS.values() for claim in c.claims):
        label = claim.label.partition("-")[2].replace("-", " ")
        kept |= {label, f"{label[:18]}…"}  # the graph cuts what a box does not hold
    assert english_left(shown, kept) == []


# --- what the tests above can see ------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["empty range", "term by term from {x}", "perceptron", "decoder of code"])
def test_a_message_that_is_taken_away_is_missed(message: str) -> None:
    words = Wording("zh", OWN)
    del words.whole[message]
    words.patterns = [m for m in words.patterns if m != message]
    said = {line.by.describe() for part in PARTS.values() for line in lines(part)} | written(ROOT / "networks/zoo.py")
    assert untranslated(said, words) != []


def test_what_stands_in_a_message_survives_translation() -> None:
    for message, chinese in {**STORED, **OWN, **sample.COLLECTION.chinese}.items():
        assert sorted(re.findall(r"\{\w+\}", message)) == sorted(re.findall(r"\{\w+\}", chinese)), message


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("decoder, Adam (seeds 1000 to 1003)", "解码器，Adam（种子 1000 至 1003）"),
        ("for each index: hypothesis; real arithmetic from a, b", "对每个下标：假设；由 a, b 作实数运算"),
        (
            r"by cases (c \leq 0: by cases (c = 0: at once. otherwise: computed). otherwise: hypothesis)",
            "分情形（c ≤ 0：分情形（c = 0：显然。否则：直接计算）。否则：假设）",
        ),
        ("rank of a sum (Horn and Johnson 2013, section 0.4)", "和的秩（Horn 与 Johnson 2013，第 0.4 节）"),
        ("search (diagonal and integer entries)", "搜索（对角矩阵与整数元素）"),
        ("float64 on cpu", "cpu 上的 float64"),
        ("m < n", "m < n"),
        ("nothing that anyone says", "nothing that anyone says"),
        ("hypothesis; nothing that anyone says", "hypothesis; nothing that anyone says"),
        ("an opening ( that nothing closes", "an opening ( that nothing closes"),
    ],
)
def test_messages_are_put_together(stored: str, shown: str) -> None:
    assert WORDS(stored) == shown
    assert Wording("en", OWN)(stored) == stored


def test_words_within_formulas_but_not_symbols() -> None:
    assert WORDS.in_tex(r"a \quad \text{for all } 1 \le i") == r"a \quad \text{对一切 } 1 \le i"
    assert WORDS.in_tex(r"E_{\text{small}} \text{ small}") == r"E_{\text{small}} \text{ 较小}"
    assert Wording("en").in_tex(r"\text{for all }") == r"\text{for all }"
