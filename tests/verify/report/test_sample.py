"""The committed sample is that of the installed collections: `make sample` writes it anew."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape

from verify.collection import installed
from verify.report.html import capital

SAMPLE = Path(__file__).parents[3] / "reports" / "sample"
MEND = "run `make sample`"


def cards(name: str) -> dict[str, tuple[str, str]]:
    """State and reading of every part on a page."""
    text = (SAMPLE / f"{name}.html").read_text("utf-8")
    pattern = r'<section class="part is-([a-z-]+)" id="?([^">]+)"?>.*?<p class="?reading"?>(.*?)(?=<)'
    return {part: (state, reading) for state, part, reading in re.findall(pattern, text, re.DOTALL)}


@pytest.mark.parametrize("page", ["low_rank", "low_rank.zh", "foundations"])
def test_the_sample_shows_the_parts_as_they_are_now(page: str) -> None:
    name, _, lang = page.partition(".")
    shown = cards(page)
    parts = {f"{claim.label}/{part.id}": part for claim in installed()[name].claims for part in claim.parts}
    readings = {n: getattr(part.reading, lang or "en") for n, part in parts.items()}
    assert set(shown) == set(parts), MEND
    stale = [n for n, reading in readings.items() if shown[n][1] != str(escape(capital(reading)))]
    assert not stale, f"{MEND}: {stale}"
    differs = [n for n, part in parts.items() if shown[n][0] != str(part.expected)]
    assert not differs, f"verdicts other than expected; {MEND}: {differs}"


class Anchors(HTMLParser):
    """Where a page links to, and what can be linked to on it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.feed((SAMPLE / page).read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids.add(found.get("id") or "")
        self.links.add(found.get("href") or "" if tag == "a" else "")


@pytest.mark.parametrize("page", ["low_rank.html", "low_rank.zh.html"])
def test_what_it_leans_on_stands_on_the_page_beside_it(page: str) -> None:
    links = {link.partition("#")[2] for link in Anchors(page).links if link.startswith("foundations.html#")}
    assert len(links) > 30
    assert links - Anchors("foundations.html").ids == set()


def test_the_sample_is_small_and_names_no_text() -> None:
    assert [path.name for path in SAMPLE.glob("*.html") if path.stat().st_size > 1_500_000] == []
    quote = re.compile('<figure class="?quote')
    assert not any(quote.search(path.read_text("utf-8")) for path in SAMPLE.glob("*.html"))


def test_the_sample_has_the_errata_in_both_languages() -> None:
    for name, title in (("errata.md", "# Errata"), ("errata.zh.md", "# 勘误")):
        assert (SAMPLE / name).read_text("utf-8").startswith(title)
