"""The languages of the report: the message catalogue, how it is asked, and how a sentence begins."""

from __future__ import annotations

from typing import Literal

from verify.report.chinese import CHINESE

Language = Literal["en", "zh"]


def gettext(lang: Language, message: str) -> str:
    """The message in the language; one that the catalogue lacks is an error that a test finds before a reader does."""
    return message if lang == "en" or not message else CHINESE[message]


def ngettext(lang: Language, one: str, many: str, n: int) -> str:
    return (one if n == 1 else many) if lang == "en" else CHINESE[one]


def capital(text: str) -> str:
    """The text with a capital, where it begins with a word and not with a formula."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.isalpha() and (len(first) > 1 or first == "a") else text
