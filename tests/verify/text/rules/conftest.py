"""A shorthand: what one family of rules says of a text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from verify.text import latex, markdown
from verify.text.check import check
from verify.text.knowledge import Knowledge
from verify.text.rules import rules

Codes = Callable[..., list[tuple[str, int, int]]]


@pytest.fixture
def codes() -> Codes:
    """``codes(text, "F")``: code, line and column of what the family finds, in the order of the text."""

    def found(text: str, family: str, tex: bool = False) -> list[tuple[str, int, int]]:
        document = (latex if tex else markdown).parse(text, "t")
        chosen = [rule for rule in rules() if rule.code.startswith(family)]
        return [(d.code, d.line, d.column) for d in check(document, Knowledge.empty(), chosen)]

    return found
