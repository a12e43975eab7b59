"""The report on paper: what belongs together stands on one page."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import section_page as section
from report_browser import CONTRAST, NEEDS_CHROMIUM, UNFOLD, opened

pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed (extra: test)")
pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]

WIDTH, HEIGHT = 700, 1000  # of a page without margins, in CSS pixels
MARK = """
() => [...document.querySelectorAll(
    '.counterexample, .instead > div, .formula, .statement, .survivor, .findings li, .part > ol > li, .plot'
  )].filter(e => e.offsetHeight > 0).map((block, number) => {
    for (const [place, end] of [['afterbegin', 'S'], ['beforeend', 'E']]) {
      const token = document.createElement('code');
      token.textContent = `Q${number}${end}Q`;
      token.style.cssText = 'display: block; font: 8px monospace';
      block.insertAdjacentElement(place, token);
    }
    return block.offsetHeight;
  })
"""


def torn(browser: Any, url: str, style: str = "") -> tuple[list[int], int]:
    """The marked blocks that begin on one page and end on another though they would fit on one; how many would fit."""
    page, _ = opened(browser, url, bypass_csp=True, viewport={"width": WIDTH, "height": HEIGHT})
    page.emulate_media(media="print")
    page.evaluate(UNFOLD)
    heights = page.evaluate(MARK)
    if style:
        page.add_style_tag(content=style)
    printed = page.pdf(width=f"{WIDTH}px", height=f"{HEIGHT}px", margin={})
    page.context.close()
    where: dict[tuple[int, str], int] = {}
    for number, sheet in enumerate(pypdf.PdfReader(BytesIO(printed)).pages):
        where |= {(int(n), end): number for n, end in re.findall(r"Q(\d+)([SE])Q", sheet.extract_text())}
    assert set(where) == {(n, end) for n in range(len(heights)) for end in "SE"}, "every mark is printed"
    fitting = [n for n, height in enumerate(heights) if height < 0.9 * HEIGHT]
    return [n for n in fitting if where[n, "S"] != where[n, "E"]], len(fitting)


def test_what_fits_on_a_page_is_not_torn(browser: Any, url: str) -> None:
    found, fitting = torn(browser, url)
    assert fitting >= 20
    assert found == []


def test_without_the_rule_something_is_torn(browser: Any, url: str) -> None:
    """Lest the marks be blind: with breaks allowed everywhere, they see some."""
    found, _ = torn(browser, url, "* { break-inside: auto !important; break-after: auto !important }")
    assert found


def test_the_numbers_behind_a_picture_stay_on_the_screen(browser: Any, url: str) -> None:
    page, _ = opened(browser, url)
    page.emulate_media(media="print")
    assert page.locator(".plot svg").first.is_visible()
    assert not page.locator(".plot .figures").first.is_visible()
    assert page.locator(".part ol ol").first.is_visible(), "what is folded otherwise is on paper"
    page.context.close()


def test_paper_is_white_where_the_screen_is_dark(browser: Any, url: str) -> None:
    page, _ = opened(browser, url, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate(CONTRAST)[0][0] >= 4.5
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert sum(map(int, re.findall(r"[0-9]+", ink))) < 150
    page.context.close()


WIDER = """
width => [...document.querySelectorAll("main :is(math, svg, table, pre, p, li)")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > width + 1).map(e => e.textContent.slice(0, 60))
"""


def test_nothing_of_the_section_is_cut_at_the_edge_of_the_paper(browser: Any, tmp_path: Path) -> None:
    """A4 with margins of 15 mm; on paper nothing scrolls."""
    page, _ = opened(browser, section.rendered(tmp_path, "zh"), viewport={"width": 680, "height": HEIGHT})
    page.emulate_media(media="print")
    page.evaluate(UNFOLD)
    assert page.evaluate(WIDER, 680) == []
    assert page.evaluate(WIDER, 300), "it would be seen"
    page.context.close()
