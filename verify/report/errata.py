"""The errata: what an author may paste into a message. For every finding the place, what it says, what is wrong, the
exact counterexample, what to say instead, how much it matters, how to see it again. Markdown; nothing is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from verify.model.evidence import Counterexample, Value
from verify.model.words import Role, Verdict, Word
from verify.report import mathematics
from verify.report.markdown import escaped
from verify.report.messages import Language, capital, gettext, ngettext
from verify.report.quoting import Quote
from verify.report.view import ClaimView, Page, PartView
from verify.report.wording import Wording

TITLE = "Errata"
INTRODUCTION = (
    "Every finding below carries exact numbers or a measurement, and a command that repeats the trial. "
    "Written by verify from its ledger; nothing was recomputed."
)
NONE = "Nothing to correct: no part was found false, without meaning, or contrary to measurement."
LINE = "line %(line)s of %(file)s"
FINDING, FINDINGS = "%(num)s finding", "%(num)s findings"
SAYS, WRONG, COUNTEREXAMPLE, INSTEAD = "It says", "What is wrong", "Counterexample", "Proposed replacement"
REMAINS, SEVERITY, VERIFY = "What remains", "Severity", "To verify"
NO_REPLACEMENT = "none is known"
SIDES = "left side %(left)s, right side %(right)s"
BREAKS = "breaks formula %(number)s"
WHERE = "where"
SHORT, IN_FULL = "In short, by severity", "In full, in the order of the text"
MESSAGES = (
    TITLE, INTRODUCTION, NONE, LINE, FINDING, SAYS, WRONG, COUNTEREXAMPLE, INSTEAD, REMAINS, SEVERITY, VERIFY,
    NO_REPLACEMENT, SIDES, BREAKS, WHERE,
    SHORT, IN_FULL,
)  # fmt: skip


class Severity(Word):
    """How much is lost by whoever relies on the part as it stands."""

    SERIOUS = "serious", "A main assertion fails, and no corrected form of it is proved."
    MODERATE = "moderate", "A main assertion fails as stated; a corrected form of it is proved."
    MINOR = "minor", "An edge case, a reading or a consequence fails; the main assertion does not rest on it."


class Text(Protocol):
    """The user's own text, by item."""

    @property
    def file(self) -> str: ...
    @property
    def items(self) -> Mapping[str, Quote]: ...


def name(lang: Language) -> str:
    return "errata.md" if lang == "en" else "errata.zh.md"


def severity(part: PartView, claim: ClaimView) -> Severity:
    """Read off the verdicts on the part and on its repair."""
    if part.part.role is Role.CAVEAT:
        return Severity.MINOR
    repair = claim.part(part.part.repair) if part.part.repair else None
    return Severity.MODERATE if repair is not None and repair.state is Verdict.PROVED else Severity.SERIOUS


def findings(page: Page) -> list[tuple[ClaimView, PartView]]:
    """What is false, without meaning or contrary to measurement, in the order of the text.

    A corrected form that did not stand either is no finding in the text.
    """
    wrong = (Verdict.REFUTED, Verdict.ILL_POSED, Verdict.CONTRADICTED)
    return [(claim, part) for claim in page.claims for part in claim.parts if part.state in wrong and not part.repairs]


def markdown(pages: Sequence[Page], lang: Language, text: Text | None = None) -> str:
    """The errata of all collections. The words come from the message catalogue, the formulas from the claims."""
    say = partial(gettext, lang)
    blocks = [f"# {say(TITLE)}", say(INTRODUCTION)]
    for page in pages:
        found, words = findings(page), Wording(lang, page.collection.chinese)
        title = page.collection.title.zh if lang == "zh" else page.collection.title.en
        blocks.append(f"## {escaped(title)}")
        tally = ngettext(lang, FINDING, FINDINGS, len(found)) % {"num": len(found)}
        blocks.append(f"{tally}." if found else say(NONE))
        blocks += _short(found, lang, text)
        for number, (claim, part) in enumerate(found, 1):
            blocks += _finding(number, claim, part, lang, text, words)
    return "\n\n".join(blocks) + "\n"


def _short(found: Sequence[tuple[ClaimView, PartView]], lang: Language, text: Text | None) -> Iterator[str]:
    """What to read first: a line for each finding on a main assertion, worst first; of the others, the numbers."""
    say = partial(gettext, lang)
    if found:
        yield f"### {say(SHORT)}"
    for weight in Severity:
        of = [(n, claim, part) for n, (claim, part) in enumerate(found, 1) if severity(part, claim) is weight]
        if not of:
            continue
        yield f"**{capital(say(weight.value))}: {len(of)}.** {say(weight.sentence)}"
        if weight is Severity.MINOR:
            numbers: dict[str, list[str]] = {}
            for n, claim, _ in of:
                numbers.setdefault(claim.label[lang], []).append(str(n))
            yield "; ".join(f"{where}: {', '.join(which)}" for where, which in numbers.items()) + "."
        else:
            yield "\n".join(
                f"- {n}, {_place(claim, lang, text)}: {escaped(_reading(part, lang))}" for n, claim, part in of
            )
    if found:
        yield f"### {say(IN_FULL)}"


def _place(claim: ClaimView, lang: Language, text: Text | None) -> str:
    """The item, and its line in the user's text."""
    quote = text.items.get(claim.id) if text else None
    line = {"line": quote.line, "file": escaped(text.file)} if quote and text else None
    return claim.label[lang] + (f", {gettext(lang, LINE) % line}" if line else "")


def _reading(part: PartView, lang: Language) -> str:
    return part.part.reading.zh if lang == "zh" else part.part.reading.en


def _finding(
    number: int, claim: ClaimView, part: PartView, lang: Language, text: Text | None, words: Wording
) -> Iterator[str]:
    say = partial(gettext, lang)
    title = claim.claim.title.zh if lang == "zh" else claim.claim.title.en
    yield f"#### {number}. {_place(claim, lang, text)}: {escaped(title)}"
    lines = [f"- **{say(SEVERITY)}**: {say(severity(part, claim).value)} ({say(part.state.value)}, `{part.id}`)"]
    lines.append(f"- **{say(SAYS)}**: {escaped(_reading(part, lang))}")
    lines += [f"  $${mathematics.tex(formula)}$$" for formula in part.part.says]
    lines.append(f"- **{say(WRONG)}**: {_wrong(part, lang, words)}")
    lines += _counterexample(part, say)
    lines += _instead(claim, part, lang, say)
    lines.append(f"- **{say(VERIFY)}**: {', '.join(f'`{command}`' for command in part.commands)}")
    yield "\n".join(lines)


def _wrong(part: PartView, lang: Language, words: Wording) -> str:
    sentence = gettext(lang, part.state.sentence)
    note = part.part.note
    colon, stop, space = ("：", "。", "") if lang == "zh" else (": ", ".", " ")
    typing = [words(e.message) for e in part.evidence if e.kind == "typing"]
    measured = [
        f"{words(e.quantity)}{colon}{gettext(lang, 'held in %(held)s of %(of)s') % {'held': e.held, 'of': e.of}}"
        for e in part.evidence
        if e.kind == "measurement"
    ]
    more = [note.zh if lang == "zh" else note.en] if note else []
    return escaped(space.join([sentence, *(f"{capital(said)}{stop}" for said in [*typing, *measured, *more])]))


def _counterexample(part: PartView, say: Any) -> Iterator[str]:
    for found in part.broken[:1]:
        certificate = found.certificate
        if certificate.statement != part.part.statement.fingerprint or certificate.relation >= len(part.part.says):
            continue
        sides = say(SIDES) % {"left": _tex(certificate.left), "right": _tex(certificate.right)}
        which = f", {say(BREAKS) % {'number': certificate.relation + 1}}" if len(part.part.says) > 1 else ""
        yield f"- **{say(COUNTEREXAMPLE)}**: {_values(found)}; {sides}{which}"


def _values(found: Counterexample) -> str:
    return ", ".join(_assignment(name, value) for name, value in found.certificate.values.items())


def _assignment(symbol: str, value: Value) -> str:
    if mathematics.is_wide(value):
        return f"`{mathematics.values_in_text({symbol: value})}`"
    if isinstance(value, str):
        return f"${mathematics.symbol_tex(symbol)} = {mathematics.entry_tex(value)}$"
    blocks = [value] if mathematics.is_matrix(value) else value
    shown = ", ".join(mathematics.matrix_tex(block) for block in blocks)  # type: ignore[arg-type]
    return f"${mathematics.symbol_tex(symbol)} = {shown}$"


def _tex(number: str) -> str:
    """A side of a relation: an exact number with its decimal, or an enclosure as it is."""
    value = mathematics.exact(number)
    return (
        f"`{mathematics.short(number)}`"
        if value is None
        else f"${mathematics.value_tex(value)}{mathematics.decimal(value)}$"
    )


def _instead(claim: ClaimView, part: PartView, lang: Language, say: Any) -> Iterator[str]:
    if part.part.repair:
        repair = claim.part(part.part.repair)
        yield f"- **{say(INSTEAD)}** ({say(repair.state.value)}, `{repair.id}`): {escaped(_reading(repair, lang))}"
        added = [line for line in repair.part.given if line not in part.part.given]
        where = "".join(f" ${mathematics.hypothesis_tex(line)}$;" for line in added).removesuffix(";")
        yield from [f"  $${mathematics.tex(formula)}$$" for formula in repair.part.says]
        if where:
            yield f"  {say(WHERE)}{where}"
    if part.part.survives_as:
        remains = claim.part(part.part.survives_as)
        yield f"- **{say(REMAINS)}** ({say(remains.state.value)}, `{remains.id}`): {escaped(_reading(remains, lang))}"
    if not part.part.repair and not part.part.survives_as:
        yield f"- **{say(INSTEAD)}**: {say(NO_REPLACEMENT)}"
