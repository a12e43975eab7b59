"""The languages of the report: the message catalogue and how it is asked."""

from __future__ import annotations

from typing import Literal

from verify.report.chinese import CHINESE

Language = Literal["en", "zh"]


def gettext(lang: Language, message: str) -> str:
    """The message in the language; one that the catalogue lacks is an error that a test finds before a reader does."""
    return message if lang == "en" or not message else CHINESE[message]


def ngettext(lang: Language, one: str, many: str, n: int) -> str:
    return (one if n == 1 else many) if lang == "en" else CHINESE[one]
