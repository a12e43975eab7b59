"""A page of the report in Chromium: where it is, how it is started, and what goes wrong while a page is opened."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
NEEDS_CHROMIUM = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on the path (Debian, Ubuntu: apt-get install chromium)"
)
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
UNFOLD = "document.querySelectorAll('details').forEach(d => d.open = true)"

# Ratio of two colours by WCAG 2.1; the background is that of the nearest ancestor that has one. What lets its
# background through, by its colour or as a whole, counts with the colour that is seen. Anchors wait for the pointer.
CONTRAST = """
() => {
  const channels = c => c.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const known = new Map([[null, {behind: [255, 255, 255], through: 1}]]);
  const look = e => {
    if (known.has(e)) return known.get(e);
    const above = look(e.parentElement), style = getComputedStyle(e), own = channels(style.backgroundColor);
    const box = e.matches(".node") && e.querySelector("rect");
    const behind = box ? channels(getComputedStyle(box).fill) : own.length < 4 || own[3] > 0 ? own : above.behind;
    known.set(e, {behind, through: above.through * style.opacity, style});
    return known.get(e);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement, words = texts.currentNode.data.trim();
    if (!words || e.closest("annotation, .anchor, .skip, title, desc, option, script, style")) continue;
    if (!e.checkVisibility()) continue;
    const {behind, through, style} = look(e);
    const [r, g, b, alpha = 1] = channels(style[e.closest("svg") ? "fill" : "color"]);
    const seen = [r, g, b].map((v, i) => behind[i] + (v - behind[i]) * alpha * through);
    const [light, dark] = [luminance(seen), luminance(behind)].sort((x, y) => y - x);
    found.push([(light + 0.05) / (dark + 0.05), e.className, words.slice(0, 40)]);
  }
  return found.sort((x, y) => x[0] - y[0]);
}
"""


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
