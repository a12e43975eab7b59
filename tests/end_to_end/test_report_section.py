"""The page of the section in Chromium, all 45 claims of it: what the tests on the small sample show, on the real thing.

The pages are the committed samples of both languages, so that every machine sees the same evidence on them. With the
text quoted they are rendered from the evidence of the last `make report`, if there was one, and from none if not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import section_page as section
from report_browser import CONTRAST, NEEDS_CHROMIUM, UNFOLD, opened

pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
RESET = "document.querySelectorAll('article details').forEach(d => d.open = false)"


@pytest.fixture(scope="module", params=["en", "zh"])
def address(request: pytest.FixtureRequest) -> str:
    return section.SAMPLES[request.param].as_uri()


@pytest.fixture(scope="module")
def loaded(browser: Any, address: str) -> Iterator[tuple[Any, list[str]]]:
    """One page for all tests, since it is large; none may lean on how another left it."""
    page, trouble = opened(browser, address, viewport=DESK)
    yield page, trouble
    page.context.close()


@pytest.fixture
def page(loaded: tuple[Any, list[str]]) -> Any:
    """The page as it is found: on a desk, by light, nothing filtered, everything folded."""
    page, _ = loaded
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    page.evaluate(RESET)
    page.evaluate(FILTER, [[""] * 4])
    return page


# --- filters ------------------------------------------------------------------------------------------------------

FILTER = """
all => all.map(wanted => {
  ["by-state", "by-kind", "by-section", "by-text"].forEach((id, n) => document.getElementById(id).value = wanted[n]);
  document.getElementById("by-text").dispatchEvent(new Event("input"));
  const ids = selector => [...document.querySelectorAll(selector)].filter(e => !e.closest("[hidden]")).map(e => e.id);
  return [ids("article.claim"), ids("section.part"), document.getElementById("shown").textContent.match(/\\d+/g),
          [...document.querySelectorAll("h2.group:not([hidden])")].map(h => h.dataset.section)];
})
"""
CHOICES = "id => [...document.getElementById(id).options].map(o => o.value)"
WORDS = """
() => [...document.querySelectorAll("article.claim")].map(a => [
  a.id + " " + [...a.children].filter(e => !e.matches(".part")).map(e => e.textContent).join(" "),
  [...a.querySelectorAll(".part")].map(p => p.id + " " + p.textContent)])
"""


def expected(states: dict[str, str], words: list[Any], wanted: tuple[str, str, str, str]) -> list[Any]:
    """What the filter must leave, by the claims themselves: cards that have a part that fits, or fit as a whole."""
    state, kind, number, text = wanted
    sections = list(dict.fromkeys(claim.section for claim in section.collection().claims))
    cards, parts, shown = [], [], []
    for claim, (head, bodies) in zip(section.collection().claims, words, strict=True):
        if (kind and claim.kind != kind) or (number and sections.index(claim.section) + 1 != int(number)):
            continue
        whole = text in head.lower()
        fit = [
            f"{claim.label}/{part.id}"
            for part, body in zip(claim.parts, bodies, strict=True)
            if (not state or states[f"{claim.label}/{part.id}"] == state) and (whole or text in body.lower())
        ]
        parts += fit
        if fit or (whole and not state):
            cards.append(claim.label)
            shown.append(str(sections.index(claim.section) + 1))
    return [cards, parts, [str(len(cards)), str(len(parts))], list(dict.fromkeys(shown))]


def test_every_combination_of_filters_leaves_what_the_data_say(page: Any) -> None:
    # As a test of the sample demands; another verdict is a failure there.
    states = {f"{c.label}/{p.id}": str(p.expected) for c in section.collection().claims for p in c.parts}
    words = page.evaluate(WORDS)
    choices = [page.evaluate(CHOICES, name) for name in ("by-state", "by-kind", "by-section")]
    assert [len(c) for c in choices[1:]] == [7, 6]
    combined = [(s, k, n, "") for s in choices[0] for k in choices[1] for n in choices[2]]
    texts = ["softmax", "11.19", "lemma-11.19/causal", "rank", "秩", "no such words", "min(n, d)"]
    combined += [(s, k, "", text) for s in choices[0] for k in choices[1][:3] for text in texts]
    shown = zip(combined, page.evaluate(FILTER, combined), strict=True)
    wrong = [wanted for wanted, found in shown if found != expected(states, words, wanted)]
    assert wrong == []
    assert set(choices[0]) >= {state.replace(" ", "-") for state in states.values()}


def test_a_reading_is_found_by_its_words(page: Any) -> None:
    lang = page.evaluate("document.documentElement.lang")[:2]
    last = {f"{claim.label}/{claim.parts[-1].id}": claim.parts[-1].reading for claim in section.collection().claims}
    found = page.evaluate(FILTER, [["", "", "", getattr(reading, lang)] for reading in last.values()])
    assert [name for name, (_, parts, *_) in zip(last, found, strict=True) if name not in parts] == []


# --- links --------------------------------------------------------------------------------------------------------

FOLLOW = """
async ([ids, words]) => {
  const lost = [], text = document.getElementById("by-text");
  for (const id of ids) {
    if (words) { text.value = words; text.dispatchEvent(new Event("input")); }
    const moved = new Promise(done => addEventListener("hashchange", () => setTimeout(done), {once: true}));
    location.hash = "#" + encodeURIComponent(id);
    await moved;
    const target = document.getElementById(id), box = target.getBoundingClientRect();
    if (!target.checkVisibility() || box.bottom < 0 || box.top > innerHeight || !box.height) lost.push([id, box.top]);
  }
  return lost;
}
"""
IDS = "() => [...document.querySelectorAll('main [id]')].filter(e => !e.closest('.filter')).map(e => e.id)"


def test_every_link_leads_somewhere(page: Any) -> None:
    dead = page.evaluate(
        "() => [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"
        ".filter(h => h.startsWith('#') && !document.getElementById(decodeURIComponent(h.slice(1))))"
    )
    assert dead == []


def test_a_deep_link_leads_to_its_place_and_opens_it(page: Any) -> None:
    places = page.evaluate(IDS)
    parts = {f"{claim.label}/{part.id}" for claim in section.collection().claims for part in claim.parts}
    assert parts < set(places)
    assert page.evaluate(FOLLOW, [places[::8], ""]) == []


def test_a_deep_link_undoes_the_filter_that_hides_its_place(page: Any) -> None:
    places = ["lemma-11.19/softmax-rank", *page.evaluate(IDS)[5::300]]
    assert page.evaluate(FOLLOW, [places, "no such words"]) == []


# --- keyboard -----------------------------------------------------------------------------------------------------

FOCUSED = """
() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const name = e.id || e.getAttribute("href") || e.textContent.trim().slice(0, 30);
  return [name, seen, box.bottom > 0 && box.top < innerHeight];
}
"""


def test_the_keyboard_goes_everywhere_in_order_and_is_seen(page: Any) -> None:
    assert page.evaluate("document.querySelector('a, button, summary, input, select').className") == "skip"
    page.focus(".skip")
    steps = [page.evaluate(FOCUSED)]
    for _ in range(25):
        page.keyboard.press("Tab")
        steps.append(page.evaluate(FOCUSED))
    page.focus("#by-state")
    for _ in range(25):
        page.keyboard.press("Tab")
        steps.append(page.evaluate(FOCUSED))
    names = [name for name, _, _ in steps]
    assert names[26:31] == ["by-kind", "by-section", "by-text", "expand", "collapse"]
    assert names[31] == f"#{section.collection().claims[0].label}"
    assert [step for step in steps if not (step[1] and step[2])] == []


def test_enter_and_space_unfold_and_fold(page: Any) -> None:
    for key in ("Enter", "Space"):
        page.focus(".part details summary")
        for wanted in (True, False):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.parentElement.open") is wanted
    for button, key, wanted in (("#expand", "Enter", True), ("#collapse", "Space", False)):
        page.focus(button)
        page.keyboard.press(key)
        assert set(page.eval_on_selector_all("article details", "all => all.map(d => d.open)")) <= {wanted}


# --- formulas, widths, colours ------------------------------------------------------------------------------------

FLAT = """
() => [...document.querySelectorAll("math")].map(m => [m, m.getBoundingClientRect()])
  .filter(([m, box]) => box.width < 2 || box.height < 5).map(([m]) => m.textContent)
"""
CUT = """
() => [...document.querySelectorAll("article math, article pre, article svg, article table, article p")].filter(e => {
  const card = e.closest("article").getBoundingClientRect();
  if (e.getBoundingClientRect().right <= card.right) return false;
  for (let up = e.parentElement; up; up = up.parentElement) if (getComputedStyle(up).overflowX === "auto") return false;
  return true;
}).map(e => e.textContent.slice(0, 60))
"""


def test_formulas_have_room_on_a_phone(page: Any) -> None:
    page.set_viewport_size(PHONE)
    page.evaluate(UNFOLD)
    assert page.locator("math").count() > 400
    assert page.evaluate(FLAT) == []
    assert page.evaluate(CUT) == [], "runs out of its card, where nothing scrolls"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(page: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(UNFOLD)
    ratios = page.evaluate(CONTRAST)
    assert len(ratios) > 3000
    assert [r for r in ratios if r[0] < 4.5] == []


# --- quiet, without scripts, hostile ------------------------------------------------------------------------------


def test_nothing_was_said_and_nothing_asked_for(page: Any, loaded: tuple[Any, list[str]]) -> None:
    """Of all that the tests above did with the page."""
    page.wait_for_timeout(100)
    assert loaded[1] == []


def test_without_scripts(browser: Any, address: str) -> None:
    place = "lemma-11.19/softmax-rank"
    page, trouble = opened(browser, f"{address}#{place}", viewport=DESK, java_script_enabled=False)
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelector(':target').id") == place
    assert 0 <= page.evaluate("document.querySelector(':target').getBoundingClientRect().top") < DESK["height"]
    assert not page.locator("#filter").is_visible()
    parts = sum(len(claim.parts) for claim in section.collection().claims)
    assert page.eval_on_selector_all(".part", "all => all.filter(p => p.checkVisibility()).length") == parts
    page.locator(".runs > summary").first.click()
    assert page.locator(".runs").first.get_attribute("open") is None
    assert trouble == []
    page.context.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_with_the_text_quoted_it_is_as_quiet(browser: Any, tmp_path: Any, lang: Any) -> None:
    page, trouble = opened(browser, section.rendered(tmp_path, lang, section.textbook()), viewport=DESK)
    page.evaluate(UNFOLD)
    page.wait_for_timeout(200)
    assert page.locator(".quote").count() == len(section.collection().claims)
    assert page.locator(".quote math").count() > 100
    assert trouble == []
    page.context.close()


NAMES = "() => [...new Set([...document.querySelectorAll('*')].map(e => e.localName))].sort()"
LIVE = """
() => [...document.querySelectorAll("*")].flatMap(e => [...e.attributes].map(a => [e.localName, a.name, a.value]))
  .filter(([tag, name, value]) => name.startsWith("on")
    || name === "style" && !/^(flex-grow: |((^|;)(min-|max-)width:))[\\d.]+/.test(value)
    || /^\\s*(javascript|data|https?):/i.test(value) && !(tag === "link" && value === "data:,")
       && !["xmlns", "xmlns:xlink"].includes(name))
"""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_hostile_text_is_only_text(browser: Any, tmp_path: Any, lang: Any) -> None:
    """Even where the page's policy does not stop it, nothing that is put into the items of the text runs."""
    address = section.rendered(tmp_path, lang, section.hostile(section.textbook()))
    page, trouble = opened(browser, address, viewport=DESK, bypass_csp=True)
    page.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
    page.evaluate(UNFOLD)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.mouse.move(200, 400)
    page.wait_for_timeout(200)
    assert trouble == []
    assert page.evaluate("window.owned") is None
    assert page.evaluate(LIVE) == []
    assert page.locator("script").count() == 1
    clean, _ = opened(browser, section.SAMPLES["en"].as_uri())
    assert set(page.evaluate(NAMES)) - set(clean.evaluate(NAMES)) <= {"blockquote"}
    assert page.locator(".quote").count() == len(section.collection().claims)
    assert page.evaluate("document.body.textContent.split('window.owned=1').length") > 150, "it is all there to read"
    assert page.evaluate(r"/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(document.body.textContent)") is False
    assert page.locator(".quote", has_text="[U+202E]").count() > 0
    differing = page.eval_on_selector_all(".quote figcaption strong", "all => all.length")
    assert differing == sum(not kept.startswith("-") for kept in section.collection().fingerprints.values())
    assert page.locator(".masthead .notice").count() == 1
    clean.context.close()
    page.context.close()
