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
