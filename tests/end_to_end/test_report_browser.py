"""The report in a real browser: Chromium without scripts and without network, as a reader's first look at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import report_sample as sample
from report_browser import CONTRAST, NEEDS_CHROMIUM, UNFOLD, opened

pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]


def test_opens_quietly_with_and_without_scripts(browser: Any, url: str) -> None:
    for scripts in (True, False):
        page, trouble = opened(browser, url, java_script_enabled=scripts)
        page.wait_for_timeout(200)
        assert trouble == []
        assert page.locator("article.claim").count() == len(sample.COLLECTION.claims)
        assert page.get_by_text("lemma-11.19/softmax-rank --profile").first.is_visible()
        assert "owned" not in page.title()
        page.context.close()


def test_formulas_are_drawn(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    page.evaluate(UNFOLD)
    boxes = page.eval_on_selector_all("math", "all => all.map(m => [m.getBoundingClientRect().height, m.textContent])")
    assert len(boxes) >= 10
    assert [text for height, text in boxes if height < 5] == []
    stacked = page.eval_on_selector(
        "mtable", "t => [t.getBoundingClientRect().height, t.querySelectorAll('mtr').length]"
    )
    assert stacked[0] > 15 * stacked[1], "the rows of a matrix lie on top of each other"
    page.context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_sideways_scroll(browser: Any, url: str, width: int) -> None:
    page, _ = opened(browser, url, viewport={"width": width, "height": 844})
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(browser: Any, url: str, scheme: str) -> None:
    page, _ = opened(browser, url, color_scheme=scheme)
    page.evaluate(UNFOLD)
    ratios = page.evaluate(CONTRAST)
    assert len(ratios) > 200
    assert [r for r in ratios if r[0] < 4.5] == []
    backdrop = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(v) for v in backdrop.strip("rgb()").split(",")) < 150) == (scheme == "dark")
    page.context.close()


def test_the_contrast_test_can_fail(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    page.add_style_tag(content=".part > p { color: #999 !important }")
    assert page.evaluate(CONTRAST)[0][0] < 4.5
    page.context.close()


def test_deep_link_leads_to_the_part(browser: Any, url: str) -> None:
    page, _ = opened(browser, f"{url}#theorem-11.12/thin-search", viewport={"width": 1280, "height": 800})
    page.wait_for_timeout(200)
    top = page.evaluate("document.getElementById('theorem-11.12/thin-search').getBoundingClientRect().top")
    assert page.evaluate("scrollY") > 500
    assert -5 <= top < 700
    assert page.evaluate("document.querySelector(':target').id") == "theorem-11.12/thin-search"
    page.context.close()


def test_prints_with_everything_unfolded(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    page.emulate_media(media="print")
    steps = page.eval_on_selector(".part ol ol li", "m => m.getBoundingClientRect().height")
    assert steps > 5, "a folded proof is missing on paper"
    assert not page.locator("nav.contents").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_first_screen_is_the_summary_on_a_phone_and_has_the_contents_beside_it_on_a_desk(
    browser: Any, url: str, scripts: bool
) -> None:
    for width, beside in ((390, False), (1280, True)):
        page, _ = opened(browser, url, viewport={"width": width, "height": 844}, java_script_enabled=scripts)
        assert page.eval_on_selector(".bar", "e => e.getBoundingClientRect().bottom") < 844
        assert page.locator("nav.contents ol a").first.is_visible() is beside
        page.context.close()


def test_keyboard_reaches_the_folded_evidence(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    summary = page.locator(".part > ol summary").first
    summary.focus()
    before = page.evaluate("document.activeElement.parentElement.open")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is not before
    page.context.close()


def test_filters_leave_what_fits(browser: Any, url: str) -> None:
    page, trouble = opened(browser, url)
    page.select_option("#by-state", "refuted")
    assert page.eval_on_selector_all(".part:not([hidden])", "all => all.map(p => p.id)") == ["lemma-11.19/softmax-rank"]
    assert page.locator("article.claim:visible").count() == 1
    assert page.locator("#shown").inner_text().startswith(("1 ", "显示 1 "))
    page.select_option("#by-state", "")
    page.select_option("#by-kind", "theorem")
    assert page.locator("article.claim:visible").count() == 2
    page.select_option("#by-section", "1")
    assert page.locator("article.claim:visible").count() == 1
    page.fill("#by-text", "no such words")
    assert page.locator("article.claim:visible").count() == 0
    assert trouble == []
    page.context.close()


def test_a_deep_link_undoes_a_filter_that_hides_it(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    page.select_option("#by-kind", "table")
    page.evaluate("location.hash = '#theorem-11.11/tail-bound'")
    page.wait_for_timeout(200)
    assert page.locator("[id='theorem-11.11/tail-bound']").is_visible()
    page.context.close()


def test_expands_and_collapses_by_keyboard(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    for button, want in (("#expand", True), ("#collapse", False)):
        page.focus(button)
        page.keyboard.press("Enter")
        assert set(page.eval_on_selector_all("article.claim details", "all => all.map(d => d.open)")) == {want}
    page.context.close()


def test_without_scripts_no_filter_is_offered_and_all_is_there(browser: Any, url: str) -> None:
    page, _ = opened(browser, url, java_script_enabled=False)
    assert not page.locator("#filter").is_visible()
    assert page.locator(".part:visible").count() == sum(len(c.parts) for c in sample.COLLECTION.claims)
    page.context.close()


def test_the_policy_stops_a_script_that_got_in(browser: Any, url: str, tmp_path: Path) -> None:
    """If escaping ever failed: a handler and a script put into the page by hand do not run."""
    text = Path(url.removeprefix("file://")).read_text("utf-8")
    evil = "<script>document.title='owned'</script><svg onload=\"document.title='owned'\"></svg>"
    (tmp_path / "evil.html").write_text(text.replace("<main>", f"<main>{evil}"), "utf-8")
    page, _ = opened(browser, (tmp_path / "evil.html").as_uri())
    page.wait_for_timeout(200)
    assert "owned" not in page.title()
    page.context.close()


def test_a_box_of_the_graph_leads_to_its_card(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    page.eval_on_selector("#graph a.node", "a => a.dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    page.wait_for_timeout(200)
    assert page.evaluate("location.hash") == "#lemma-11.19"
    page.context.close()


# What an audit with axe-core finds serious, as far as this page could have it: names of controls and pictures, one
# main heading, headings that skip no level, regions that scroll and cannot be reached, ids used twice.
AUDIT = """
() => {
  const found = [];
  const bad = (rule, e) => found.push([rule, e.outerHTML.slice(0, 80)]);
  const ids = new Set();
  for (const e of document.querySelectorAll('[id]')) ids.has(e.id) ? bad('duplicate id', e) : ids.add(e.id);
  for (const e of document.querySelectorAll('svg[role=img]'))
    if (!(e.matches('[aria-label], [aria-labelledby]') || e.querySelector('title')?.textContent)) bad('no name', e);
  for (const e of document.querySelectorAll('a, button, summary'))
    if (!(e.textContent.trim() || e.getAttribute('aria-label'))) bad('control without a name', e);
  for (const e of document.querySelectorAll('select, input')) if (!e.labels.length) bad('field without a label', e);
  for (const e of document.querySelectorAll('[aria-labelledby]'))
    if (!document.getElementById(e.getAttribute('aria-labelledby'))) bad('label that is not there', e);
  let level = 0;
  for (const e of document.querySelectorAll('h1, h2, h3, h4, h5')) {
    const now = Number(e.tagName[1]);
    if (now > level + 1) bad('heading skips a level', e);
    level = now;
  }
  if (document.querySelectorAll('h1').length !== 1 || !document.querySelector('main')) bad('landmarks', document.body);
  for (const e of document.querySelectorAll('.scroll'))
    if (e.tabIndex !== 0 || e.getAttribute('role') !== 'group') bad('scrolls and cannot be reached', e);
  for (const e of document.querySelectorAll('th')) if (!e.textContent.trim()) bad('empty heading of a table', e);
  if (!document.documentElement.lang || !document.title) bad('document', document.body);
  return found;
}
"""


@pytest.mark.parametrize("name", ["low_rank", "foundations"])
def test_the_committed_sample_fits_a_phone(browser: Any, name: str) -> None:
    """The real thing: matrices, fractions of forty digits, long names of networks."""
    path = Path(__file__).parents[2] / "reports" / "sample" / f"{name}.html"
    page, trouble = opened(browser, path.as_uri(), viewport={"width": 390, "height": 844})
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(AUDIT) == []
    assert trouble == []
    page.context.close()


def test_accessibility(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    assert page.evaluate(AUDIT) == []
    page.evaluate(
        "document.querySelector('h2').outerHTML = '<h4>x</h4>'; document.querySelector('svg title')?.remove()"
    )
    assert page.evaluate(AUDIT), "the audit cannot fail"
    page.context.close()


def test_page_is_small(url: str) -> None:
    size = Path(url.removeprefix("file://")).stat().st_size
    assert size < 85_000, "five claims and every kind of evidence; the graph, style and script are the greater part"
