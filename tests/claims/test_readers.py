"""What a reader sees of the collections: formulas that convert, texts in both languages, sources that can be found."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from installed_parts import CHOSEN, COLLECTIONS, PARTS, UNIVERSAL, of

from verify.collection import Collection
from verify.formula.printing import mathml, tex_given
from verify.model.claim import Claim, Part, Text

CLAIMS = {claim.label: claim for collection in COLLECTIONS.values() for claim in collection.claims}


@of(UNIVERSAL)
def test_every_formula_and_declaration_converts_to_mathml(part: Part) -> None:
    shown = [*(mathml(f, display=True) for f in part.says), *(mathml(tex_given(line)) for line in part.given)]
    assert all("<mi" in markup for markup in shown)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_the_formulas_of_the_item_convert_too(claim: Claim) -> None:
    for source in claim.statement_tex:
        assert "<math" in mathml(source, display=True)


CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts() -> Iterator[tuple[str, Text]]:
    for collection in COLLECTIONS.values():
        yield collection.name, collection.title
    for claim in CLAIMS.values():
        yield f"{claim.label}: title", claim.title
    for name, part in PARTS.items():
        yield f"{name}: reading", part.reading
        if part.note:
            yield f"{name}: note", part.note
        for mutant, why in part.spared.items():
            yield f"{name}: mutant {mutant}", why


@pytest.mark.parametrize("text", [t for _, t in texts()], ids=[n for n, _ in texts()])
def test_every_text_is_there_in_both_languages(text: Text) -> None:
    assert text.en.strip() == text.en
    assert re.search("[a-z]{2}", text.en)
    assert not CHINESE.search(text.en)
    assert text.zh.strip() == text.zh
    assert CHINESE.search(text.zh)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_no_two_readings_of_a_claim_are_alike(claim: Claim) -> None:
    for language in ("en", "zh"):
        readings = [getattr(part.reading, language) for part in claim.parts]
        assert len(set(readings)) == len(readings)


# --- sources ------------------------------------------------------------------------------------------------


def entries(collection: Collection) -> dict[str, str]:
    assert collection.bibliography is not None
    source = collection.bibliography.read_text("utf-8")
    blocks = re.split(r"^@\w+\{", source, flags=re.MULTILINE)[1:]
    keys = [block.split(",", 1)[0].strip() for block in blocks]
    assert len(set(keys)) == len(keys), "a key is used twice"
    return dict(zip(keys, blocks, strict=True))


ENTRIES = {f"{name}: {key}": block for name, one in COLLECTIONS.items() for key, block in entries(one).items()}


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=COLLECTIONS)
def test_every_cited_source_has_an_entry(collection: Collection) -> None:
    cited = {key for claim in collection.claims for key in claim.sources}
    cited |= {key for chosen in CHOSEN.values() if chosen.collection is collection for key in chosen.part.sources}
    assert cited <= set(entries(collection)), cited - set(entries(collection))


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_is_complete_and_can_be_found(key: str) -> None:
    block = ENTRIES[key]
    for field in ("author", "title", "year"):
        assert re.search(rf"^\s*{field}\s*=\s*\{{.+\}},$", block, flags=re.MULTILINE), field
    assert re.search(r"^\s*(journal|booktitle|publisher)\s*=", block, flags=re.MULTILINE)
    assert re.search(r"^\s*(doi|eprint|isbn|url)\s*=", block, flags=re.MULTILINE)
    assert block.count("{") + 1 == block.count("}")
    year = re.search(r"year\s*=\s*\{(\d{4})\}", block)
    assert (year is not None and year.group(1) in key) or not re.search(r"\d{4}", key)
