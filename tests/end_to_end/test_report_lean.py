"""A page without what a parser puts back, read by a real parser: the same document as the page in full."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import report_sample as sample
from report_browser import NEEDS_CHROMIUM

from verify.ledger import Ledger
from verify.report import html, write

pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]

# Elements, attributes and words of the body in order; spaces between blocks draw nothing.
TREE = """
() => {
  const out = [];
  const walk = node => {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim()) out.push(node.data.trim().replace(/\\s+/g, ' '));
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      out.push('<' + node.localName + [...node.attributes].map(a => ' ' + a.name + '=' + a.value).join('') + '>');
      node.childNodes.forEach(walk);
      out.push('</' + node.localName + '>');
    }
  };
  walk(document.body);
  return out;
}
"""


def tree(browser: Any, path: Path) -> list[str]:
    page = browser.new_page()
    page.goto(path.as_uri())
    found: list[str] = page.evaluate(TREE)
    page.close()
    return found


def test_the_lean_page_is_the_same_document(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(sample.fill(tmp_path / "ledger.sqlite")) as ledger:
        short, _ = write(ledger, [sample.COLLECTION], tmp_path / "lean")
        monkeypatch.setattr(html, "lean", lambda page: page)
        full, _ = write(ledger, [sample.COLLECTION], tmp_path / "full")
    assert short.stat().st_size < 0.97 * full.stat().st_size
    ours, theirs = tree(browser, short), tree(browser, full)
    assert len(ours) > 1000
    differ = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
    assert differ[:3] == [] and len(ours) == len(theirs)
