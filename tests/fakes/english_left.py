"""English that is left on a Chinese page: phrases in its running text, names and formulas set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

PHRASE = re.compile(r"\b[A-Za-z][a-z]+(?:'s)? [a-z]{2,}\b")
SILENT = ("math", "code", "style", "script", "pre", "cite", "title")
VOID = ("meta", "link", "br", "input", "img", "hr")


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.inside: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.inside.append((tag, tag in SILENT or ("lang", "en") in attrs))

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(silent for _, silent in self.inside):
            self.found.append(" ".join(data.split()))


def english_left(page: str, names: Iterable[str] = ()) -> list[str]:
    """The texts with an English phrase in them, two words or more, but for ``names``: identifiers, labels of lines."""
    texts = _Texts()
    texts.feed(page)
    phrases = sorted((name for name in names if " " in name), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, [*phrases, "\0"])))
    return [text for text in texts.found if PHRASE.search(known.sub("~", text))]
