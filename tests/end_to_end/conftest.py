"""A browser, and the report on the sample claims in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import report_sample as sample
from report_browser import ARGUMENTS, CHROMIUM

from verify.ledger import Ledger
from verify.report import write


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
        path, _ = write(ledger, [sample.COLLECTION], folder, request.param, textbook)
    return path.as_uri()
