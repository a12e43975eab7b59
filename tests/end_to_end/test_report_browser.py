"""The report in a real browser: Chromium without scripts and without network, as a reader's first look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import report_sample as sample

from verify.ledger import Ledger
from verify.report import write

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path (Debian, Ubuntu: apt-get install chromium)"),
]

# Ratio of two colours by WCAG 2.1; the background is that of the nearest ancestor that has one.
CONTRAST = """
() => {
  const channels = c => c.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => { for (; e; e = e.parentElement) {
    const c = channels(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }
    return [255, 255, 255]; };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !e.checkVisibility()) continue;
    if (e.closest('annotation, svg, .anchor, .skip')) continue;
    const [a, b] = [luminance(channels(getComputedStyle(e).color)), luminance(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    found.push([ratio, e.className, texts.currentNode.data.trim().slice(0, 40)]);
  }
  return found.sort((x, y) => x[0] - y[0]);
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra: test)")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module", params=["en", "zh"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp(request.param)
    textbook = folder / "text.md"
    hostile = (
        f"{sample.HOSTILE} $\\href{{javascript:document.title='owned'}}{{x}}$ <svg onload=\"document.title='owned'\">"
    )
    textbook.write_text(f"**Lemma 11.19** $Q K^{{\\top}}$ {hostile}\n", "utf-8")
    with Ledger(sample.fill(folder / "ledger.sqlite")) as ledger:
        [path] = write(ledger, [sample.COLLECTION], folder, request.param, textbook)
    return path.as_uri()


def opened(browser: Any, url: str, **options: Any) -> tuple[Any, list[str]]:
    """A page, and what went wrong while it was opened: console messages, errors, requests other than for the file."""
    context = browser.new_context(**options)
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
    page.on("request", lambda r: None if r.url.startswith((url.split("#")[0], "data:")) else trouble.append(r.url))
    page.goto(url)
    return page, trouble


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
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    boxes = page.eval_on_selector_all("math", "all => all.map(m => [m.getBoundingClientRect().height, m.textContent])")
    assert len(boxes) > 30
    assert [text for height, text in boxes if height < 5] == []
    stacked = page.eval_on_selector(
        "mtable", "t => [t.getBoundingClientRect().height, t.querySelectorAll('mtr').length]"
    )
    assert stacked[0] > 15 * stacked[1], "the rows of a matrix lie on top of each other"
    page.context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_sideways_scroll(browser: Any, url: str, width: int) -> None:
    page, _ = opened(browser, url, viewport={"width": width, "height": 844})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(browser: Any, url: str, scheme: str) -> None:
    page, _ = opened(browser, url, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    ratios = page.evaluate(CONTRAST)
    assert len(ratios) > 200
    assert [r for r in ratios if r[0] < 4.5] == []
    backdrop = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(v) for v in backdrop.strip("rgb()").split(",")) < 150) == (scheme == "dark")
    page.context.close()


def test_the_contrast_test_can_fail(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    page.add_style_tag(content=".verdict { color: #999 !important }")
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
    steps = page.eval_on_selector(".steps math", "m => m.getBoundingClientRect().height")
    assert steps > 5, "a folded proof is missing on paper"
    assert not page.locator("nav.contents").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.context.close()


def test_keyboard_reaches_the_folded_evidence(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    summary = page.locator(".rung summary").first
    summary.focus()
    before = page.evaluate("document.activeElement.parentElement.open")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is not before
    page.context.close()


def test_page_is_small(url: str) -> None:
    size = Path(url.removeprefix("file://")).stat().st_size
    assert size < 150_000, "five claims; a section of sixty has to stay below 1.5 MB"
