"""The report on the section itself: the committed sample, and pages rendered from what evidence there is."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from verify.collection import Collection, installed
from verify.ledger import Ledger
from verify.report.html import Quoted, read_text, render
from verify.report.messages import Language
from verify.report.source import Records, read
from verify.report.view import Page, page

REPORTS = Path(__file__).parents[2] / "reports"
SAMPLES: dict[Language, Path] = {
    "en": REPORTS / "sample" / "low_rank.html",
    "zh": REPORTS / "sample" / "low_rank.zh.html",
}
TEXTBOOK = os.environ.get("VERIFY_TEXTBOOK", "")

RUN = "window.owned=1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f'<img src=x onerror="{RUN}">',
    f'"><body onload="{RUN}">',
    f'<b onmouseover="{RUN}" style="position:fixed;inset:0">over</b>',
    f'[a link](javascript:{RUN}) <a href="javascript:{RUN}">a link</a>',
    f"</script><script>{RUN}</script>",
    f"</style><style>body{{display:none}}</style><script>{RUN}</script>",
    f'<svg onload="{RUN}"><script>{RUN}</script><foreignObject><iframe src="https://example.org/x"></iframe></svg>',
    f'<math><maction actiontype="statusline" xlink:href="javascript:{RUN}">x</maction></math>',
    f'<iframe src="data:text/html,<script>parent.owned=1</script>"></iframe><object data="data:,x {RUN}"></object>',
    f"<!--><script>{RUN}</script>-->",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"&lt;script&gt;{RUN}&lt;/script&gt; &#60;img src=x onerror={RUN}&#62; &quot;&#x3c;",
    f"</blockquote></figure></article></main><form action=https://example.org><button>{RUN}",
    f"\u202e<script>{RUN}</script>\u202c \u2066\u200b\u200d\ufeff{RUN}\u2069",
    f"{{{{ 7 * 7 }}}} {{% raw %}} <link rel=stylesheet href=https://example.org/{RUN}>",
)
FORMULAS = (
    rf"\href{{javascript:{RUN}}}{{x}} ",
    rf"\text{{<script>{RUN}</script>}} ",
    rf"\style{{onload: {RUN}}}{{x}} \class{{\" onload=\"{RUN}}}{{y}} ",
    r"\unicode{x3c}\mathrm{</math><img src=x onerror=window.owned=1>} ",
)  # fmt: skip


def hostile(text: str) -> str:
    """The text with something that would run put into every item: its title, its words, its formulas, lists, tables."""
    words, formulas = cycle(PAYLOADS), cycle(FORMULAS)
    lines = []
    for line in text.split("\n"):
        if re.match(r"\*\*.*[0-9].*\*\*", line):
            line = re.sub(r"（(.*?)）\*\*", lambda m: f"（{m[1]} {next(words)}）**", line, count=1) + f" {next(words)}"
            line = re.sub(r"(?<!\$)\$(?=[^$]+\$)", lambda _: f"${next(formulas)}", line, count=1)
        elif re.match(r"\s*([-*]|[0-9]+\.) ", line):
            line += f" {next(words)}"
        elif line.startswith("|") and "---" not in line:
            line = f"|{next(words).replace('|', '')} {line[1:]}"
        lines.append(line)
    return "\n".join(lines)


@cache
def collection() -> Collection:
    return installed()["low_rank"]


@cache
def view() -> Page:
    """The claims with the evidence of the last `make report`; without any where there was none."""
    kept = REPORTS / "ledger.sqlite"
    if not kept.exists():
        return page(collection(), Records((), {}))
    with TemporaryDirectory() as folder:
        copy = shutil.copy(kept, folder)
        with Ledger(Path(copy)) as ledger:
            return page(collection(), read(ledger, collection()) or Records((), {}))


def rendered(folder: Path, lang: Language, text: str | None = None) -> str:
    """The address of the page, with ``text`` quoted beside the verdicts."""
    quoted: Quoted | None = None
    if text is not None:
        (folder / "text.md").write_text(text, "utf-8")
        quoted = read_text(folder / "text.md", [view()])
    (folder / "low_rank.html").write_text(render(view(), lang, quoted), "utf-8")
    return (folder / "low_rank.html").as_uri()


def textbook() -> str:
    """The text of the section. Skips where it is not there: it is no part of the project."""
    if not TEXTBOOK:
        pytest.skip("VERIFY_TEXTBOOK names no file: the textbook is not part of the project")
    return Path(TEXTBOOK).read_text("utf-8")
