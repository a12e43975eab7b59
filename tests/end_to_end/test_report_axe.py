"""The report under axe-core (Deque Systems), the audit that readers of WCAG use: nothing serious, nothing critical.

It is fetched once from the package registry that npm is set to use, checked against its hash, and kept in the user's
cache.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import subprocess
import tarfile
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import platformdirs
import pytest
import section_page as section
from report_browser import NEEDS_CHROMIUM, UNFOLD, opened

pytestmark = [pytest.mark.slow, NEEDS_CHROMIUM]

VERSION = "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
RUN = """
async rules => (await axe.run(document, {resultTypes: ['violations'], rules})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 120), v.nodes[0].failureSummary])
"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The script. Skips where it is neither in the cache nor to be had; a changed package is a failure."""
    cached = platformdirs.user_cache_path("verify-claims") / f"axe-core-{VERSION}.tgz"
    try:
        packed = cached.read_bytes() if cached.exists() else _fetched()
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"axe-core cannot be fetched: {error}")
    found = base64.b64encode(hashlib.sha512(packed).digest()).decode()
    assert found == SHA512, f"{cached}, or the registry, has another axe-core {VERSION}"
    _keep(cached, packed)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode("utf-8")


def _fetched() -> bytes:
    """The package. Raises OSError where npm names no registry, or the registry does not answer."""
    asked = subprocess.run(["npm", "config", "get", "registry"], capture_output=True, text=True, timeout=60)
    registry = asked.stdout.strip().rstrip("/")
    if not registry.startswith("http"):
        raise OSError(f"npm names no registry: {asked.stderr.strip() or registry or 'no answer'}")
    with urlopen(f"{registry}/axe-core/-/axe-core-{VERSION}.tgz", timeout=60) as answer:
        return bytes(answer.read())


def _keep(cached: Path, packed: bytes) -> None:
    if not cached.exists():
        cached.parent.mkdir(parents=True, exist_ok=True)
        partial = cached.with_suffix(f".{os.getpid()}")
        partial.write_bytes(packed)
        partial.replace(cached)


def found(page: Any, axe: str, rules: dict[str, Any] | None = None) -> list[Any]:
    page.evaluate(axe)
    return list(page.evaluate(RUN, rules or {}))


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["light", "dark", "phone"],
)
def test_nothing_serious(browser: Any, url: str, axe: str, options: dict[str, Any]) -> None:
    page, _ = opened(browser, url, bypass_csp=True, **options)
    assert found(page, axe) == [], "first screen"
    page.evaluate(UNFOLD)
    assert found(page, axe) == [], "everything open"
    page.context.close()


def test_nothing_serious_on_the_page_of_the_section(browser: Any, axe: str, tmp_path: Path) -> None:
    """In Chinese, everything open. Its contrast has a test of its own, which is faster on a page of this size."""
    page, _ = opened(browser, section.rendered(tmp_path, "zh"), bypass_csp=True)
    page.evaluate(UNFOLD)
    assert found(page, axe, {"color-contrast": {"enabled": False}}) == []
    page.context.close()


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
        ("document.querySelectorAll('select').forEach(e => e.closest('label').replaceWith(e))", "select-name"),
        ("document.body.style.setProperty('--ink', '#ccc'), document.body.style.color = '#ccc'", "color-contrast"),
    ],
)
def test_the_audit_can_fail(browser: Any, url: str, axe: str, damage: str, rule: str) -> None:
    page, _ = opened(browser, url, bypass_csp=True)
    page.evaluate(f"() => {{ {damage} }}")
    assert rule in [violation[0] for violation in found(page, axe)]
    page.context.close()
