"""What evidence says in its own words, in the language of the page.

Evidence is stored in English, and most of it is put together: a reason names other lines, a figure names a network and
a quantity. So the catalogues have the Chinese by message with placeholders, and what stands at one is translated in
turn; what has no Chinese is shown as it is stored, and a test lists it. Nothing is recomputed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from verify.formula.oneline import one_line
from verify.report.chinese import CHINESE
from verify.report.messages import Language
from verify.report.wording.networks import NETWORKS
from verify.report.wording.reasons import REASONS
from verify.report.wording.shapes import SHAPES
from verify.report.wording.theorems import THEOREMS
from verify.report.wording.trials import TRIALS

STORED = TRIALS | REASONS | THEOREMS | NETWORKS | SHAPES
"""What the engine writes into evidence. What is about one text's claims, their collection translates."""

ENGLISH = re.compile(r"[A-Za-z]{2,}")
NAME = re.compile(r"(?=\S*[.\d])[\w.-]+")
"""Of a file or a layer, ``layer-0.query``: it has no spaces, and a digit or a dot."""
LISTS = (("; ", "；"), (": ", "："), (", ", "，"), (" / ", " / "), (" and ", "与"))
IN_TEX = re.compile(r"(?<!_\{)\\text\{( *)([^{}]*?)( *)\}")
DEEPEST = 6
"""Of parentheses within parentheses."""


def _balanced() -> str:
    """Text in which every parenthesis is closed, so that what stands at a placeholder ends where it should."""
    inside = "[^()]"
    for _ in range(DEEPEST):
        inside = rf"(?:[^()]|\({inside}*\))"
    return inside + "+?"


PERSON = r"(?:von )?[A-Z][a-z]+"
PLACES = {
    "n": r"[-+]?\d+(?:\.\d+)*(?:e[-+]?\d+)?",
    "p": rf"{PERSON}(?:(?:, | and ){PERSON})* \d{{4}}",
    "i": r"\S+",
    "e": r"\w+(?:\([\w, ]+\))?(?: [-+] \w+)*",
    "t": _balanced(),
    "x": _balanced(),
    "w": _balanced(),
}
"""By the first letter of a placeholder: a number, people and a year, a name, an expression, TeX, anything; or what
``w`` stands for, which alone is translated in turn."""


@cache
def pattern(message: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", message)
    return re.compile(
        "".join(f"(?P<{p}>{PLACES[p[0]]})" if place % 2 else re.escape(p) for place, p in enumerate(pieces))
    )


class Wording:
    """Called with what evidence says, gives it in the language of the page. ``own`` is a collection's catalogue."""

    def __init__(self, lang: Language, own: Mapping[str, str] | None = None) -> None:
        self.lang = lang
        self.whole = {**CHINESE, **STORED, **(own or {})}
        # What begins with a placeholder fits much, and is asked last.
        self.patterns = sorted((m for m in self.whole if "{" in m), key=lambda message: message.startswith("{"))
        self.known: dict[str, str | None] = {}

    def __call__(self, text: str) -> str:
        return text if self.lang == "en" else self.translated(text) or text

    def in_tex(self, tex: str) -> str:
        r"""The words that a formula has in ``\text{}``; what is no message there, or is a subscript, is a symbol."""
        if self.lang == "en":
            return tex
        return IN_TEX.sub(lambda m: rf"\text{{{m[1]}{self.whole.get(m[2], m[2])}{m[3]}}}", tex)

    def translated(self, text: str) -> str | None:
        """The Chinese; of what holds no word, the text itself; None where a word of it has no Chinese."""
        if text not in self.known:
            self.known[text] = self._translated(text)
        return self.known[text]

    def _translated(self, text: str) -> str | None:
        if text in self.whole or not ENGLISH.search(text):
            return self.whole.get(text, text)
        return next((found for found in self._readings(text) if found is not None), None)

    def _readings(self, text: str) -> Iterator[str | None]:
        yield self._list(text, *LISTS[0])
        yield from (self._filled(message, text) for message in self.patterns)
        yield from (self._list(text, mark, chinese) for mark, chinese in LISTS[1:])
        yield text if NAME.fullmatch(text) else None

    def _filled(self, message: str, text: str) -> str | None:
        match = pattern(message).fullmatch(text)
        if match is None:
            return None
        found = {name: self._at(name, said) for name, said in match.groupdict().items()}
        chinese: str = self.whole[message]
        return None if None in found.values() else chinese.format_map(found)

    def _at(self, place: str, said: str) -> str | None:
        match place[0]:
            case "p":
                return said.replace(" and ", " 与 ").replace(", ", "、")
            case "t":
                return one_line(said)
            case "w":
                return self.translated(said)
        return said

    def _list(self, text: str, mark: str, chinese: str) -> str | None:
        said = parts(text, mark)
        found = [one for one in map(self.translated, said) if one is not None] if len(said) > 1 else []
        return chinese.join(found) if len(found) == len(said) else None


def parts(text: str, mark: str) -> list[str]:
    """The text cut at every mark that stands in no parentheses."""
    found = [""]
    for piece in re.split(f"({re.escape(mark)})", text):
        if piece == mark and found[-1].count("(") == found[-1].count(")"):
            found.append("")
        else:
            found[-1] += piece
    return found
