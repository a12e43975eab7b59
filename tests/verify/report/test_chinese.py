"""The catalogue: everything the report says is in it, nothing else, and with the same placeholders."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from verify.model.words import Outcome, Reason, Role, Scope, Verdict, Word
from verify.report import citing, errata, graph, plots
from verify.report.chinese import CHINESE
from verify.report.html import environment
from verify.report.messages import gettext, ngettext
from verify.report.view import NotRun
from verify.report.wording import Wording
from verify.stress.coverage import EXTREME, RANK_DEFICIENT, TIED, ZERO
from verify.stress.ensembles import Ensemble

CAUSES = {"error", "timeout", "not a number", "precision"}  # of evidence.Failure
WORDS: tuple[type[Word], ...] = (
    Verdict, NotRun, Role, Scope, Reason, Outcome, errata.Severity, graph.Strength,
)  # fmt: skip


def messages() -> set[str]:
    env = environment("en")
    found: set[str] = set()
    for template in files("verify.report").joinpath("templates").iterdir():
        if template.name.endswith(".j2"):
            for _, _, message in env.extract_translations(template.read_text("utf-8")):  # type: ignore[attr-defined]
                # None stands for `_(expression)`: those are words of the closed vocabularies, added below
                found |= {message if isinstance(message, str) else message[0]} if message else set()
    found |= {text for words in WORDS for member in words for text in (member.value, member.sentence)}
    found |= {*citing.AS_STATED.values(), citing.INSTEAD_PROVED, citing.INSTEAD_SUPPORTED, citing.INSTEAD_EMPIRICAL}
    found |= {*errata.MESSAGES, *graph.MESSAGES, *plots.MESSAGES}
    return found | {citing.MIND, citing.NOT_RUN} | CAUSES


def test_catalogue_is_complete_and_has_nothing_left_over() -> None:
    assert len(messages()) > 100
    assert messages() - set(CHINESE) == set()
    assert set(CHINESE) - messages() == set()


@pytest.mark.parametrize("message", CHINESE)
def test_placeholders_survive_translation(message: str) -> None:
    pattern = r"%\(\w+\)s|%%"
    assert sorted(re.findall(pattern, message)) == sorted(re.findall(pattern, CHINESE[message]))
    assert re.search(r"[\u4e00-\u9fff]", CHINESE[message])


def test_a_missing_message_is_an_error_and_not_english() -> None:
    with pytest.raises(KeyError):
        gettext("zh", "never said")
    assert gettext("en", "never said") == "never said"
    assert ngettext("en", "one", "many", 1) == "one" and ngettext("en", "one", "many", 0) == "many"


def test_every_family_finder_and_class_of_the_search_has_chinese_words() -> None:
    families = [*Ensemble, "scalars", "tiny integers", "extreme scale", "gradient ascent", "generic"]
    stored = [*(f"search ({family})" for family in families), "the author", "the witness", "exact", "ball"]
    stored += [RANK_DEFICIENT, TIED, EXTREME, ZERO, "k at its lower end", "k at its upper end", "proof checker"]
    for text in stored:
        assert not re.search("[a-z]{2}", Wording("zh")(text)), text
