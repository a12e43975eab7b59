"""Verdicts: what a document cites, leans on or states, against what became of it on trial.

Messages and the sentences to use instead are in the language of the document, to be pasted into it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from verify.labels import KINDS, label
from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document, Span
from verify.text.knowledge import BAD, GOOD, Knowledge, KnownClaim, KnownPart
from verify.text.resolving import chinese, displays, meant

WORDS_ZH = {
    "refuted": "已否证",
    "ill-posed": "不适定",
    "contradicted": "与实测相反",
    "inconclusive": "未定",
    "empirical": "仅有经验支持",
    "supported": "有支持（未证明）",
    "proved": "已证明",
}
OWNS_UP = re.compile(
    r"refut|counterexample|ill-posed|repaired|corrected|disprove|erratum|contrary to"
    r"|否证|反例|更正|修正|勘误|不适定|不可引用",
    re.IGNORECASE,
)
"""Words by which a sentence says that what it mentions does not hold as stated, or cites the corrected form."""
NEGATIVE = "false|wrong|incorrect|untrue|flawed|invalid|unsound"
DENIED = re.compile(
    r"(?:\s{0,3},\s{0,3}which\b(?:[^,;:，；：]{0,60},(?= (?:is|are|was|were|do|fail)))?"
    r"|\s{0,3}，(?:但|然而)?(?:它|该\w{1,4}|此\w{1,4}|这))?"
    r"(?:(?!that\b|show|impl|prove|give|yield|conclude|know)[^,;:，；：。？知得可则故说示明]){0,60}?"
    rf"(?:(?:is|are|was|were|be) (?:\w+ly )?(?:{NEGATIVE}|not (?:true|correct|valid|used|needed|assumed|cited))"
    rf"|(?:[-–—]|[(（]) ?(?:\w+ly )?(?:{NEGATIVE})\b"
    r"|(?:does|do|did|need|can) ?not (?:hold|be (?:true|right|correct))|fails?\b(?! to (?!hold))|contradict"
    r"|不成立|有误|错|不正确|相反|矛盾|推翻|证伪|有问题|存在问题|是假|[不未没]有?被?(?:使用|用到|采用|引用))",
    re.IGNORECASE,
)
"""What a sentence says of the item itself, behind a reference: "by Lemma 1.2, the bound is false" leans on it."""
LEANING = re.compile(r"(?:\b(?:by|using|from|via|due to|thanks to|applying)|[由据依用从])\s{0,3}$", re.IGNORECASE)
UNUSED = re.compile(
    r"(?:(?:\bnot|n[’']t|\bnever|\bwithout|\bno longer)\s(?:\w+ly\s)?(?:us(?:e|ing)|need(?:ing)?|invok(?:e|ing)"
    r"|apply(?:ing)?|assum(?:e|ing)|cit(?:e|ing)|rely(?:ing)?\s(?:up)?on|depend(?:ing)?\s(?:up)?on|appeal(?:ing)?\sto)"
    r"|(?<!cannot )\bavoid(?:s|ed|ing)?(?:\susing)?|\b(?:instead of|rather than|in place of|unlike))\s"
    r"(?:the (?:claim|statement|bound|result)s? of\s)?$"
    r"|(?:(?:不再?|未|没有?|无需|不必|并未|并不|避免)(?:使用|用到|用|依赖|引用|采用|假设)了?|而非|而不是|不同于)\s{0,3}$",
    re.IGNORECASE,
)
"""What stands before a reference that says of the item that the text does without it."""
HEDGED = re.compile(
    r"empiric|observ|in practice|heuristic|measured|tends? to|typically|经验|观察|实证|实测|测量|实践中|往往|通常|倾向",
    re.IGNORECASE,
)
END = re.compile(r"[.!?](?=\s|$)|[。！？；]|\n[ \t]*\n")
REACH = 400
"""Characters of a sentence that are looked at on each side of a reference."""
SHOWN = 2


@rule("V101", "cites-refuted", Severity.ERROR, "A reference leans on an item that is refuted or ill-posed as stated.")
def cites_refuted(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """A certified counterexample exists, or the item has no definite meaning. A sentence that says so itself, or that
    names the corrected form, is left alone.

    Wrong: "by Lemma 1.3, the rank is at most k", where Lemma 1.3 is refuted
    Right: "by the corrected form of Lemma 1.3 ..."
    """
    yield from _cites(document, knowledge, ("refuted", "ill-posed"))


@rule("V102", "cites-contradicted", Severity.WARNING, "A reference leans on an item that measurements contradict.")
def cites_contradicted(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """The item says what usually happens in trained networks, and it did not hold in those that were measured.

    Wrong: "as trained layers have low rank (Lemma 1.4)", where the measurement contradicts Lemma 1.4
    Right: what was measured, or no such claim
    """
    yield from _cites(document, knowledge, ("contradicted",))


@rule(
    "V103", "cites-observation", Severity.WARNING, "An item that is an observation only is cited as if it were proved."
)
def cites_observation(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """It held in the networks that were measured, and nothing more is claimed. A sentence that says "empirically", "in
    practice", "observed" or the like is left alone.

    Wrong: "by Theorem 1.5, training lowers the rank", where Theorem 1.5 is only empirical
    Right: "as is observed in practice (Theorem 1.5), training lowers the rank"
    """
    yield from _cites(document, knowledge, ("empirical",))


@rule("V104", "cites-undecided", Severity.NOTE, "A reference leans on an item of which the evidence decides nothing.")
def cites_undecided(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Neither a proof nor a counterexample is known, or a check failed to run.

    Wrong: "by Lemma 1.6", which is inconclusive
    Right: a proof of one's own, or a source
    """
    yield from _cites(document, knowledge, ("inconclusive",))


def _cites(document: Document, knowledge: Knowledge, verdicts: Sequence[str]) -> Iterator[Finding]:
    zh = chinese(document)
    headings = [section.start for section in document.sections]
    for one in meant(document, knowledge):
        claim = one.one
        if claim is None or claim.verdict not in verdicts or _at_home(document, knowledge, one.reference, claim):
            continue
        sentence = _sentence(document, one.reference)
        own = OWNS_UP.search(sentence) or _denied(document, one.reference)
        if own or any(part.id in sentence for part in claim.instead()):
            continue
        if _spoken_of(document, one.reference) or _within(document, one.reference, headings):
            continue
        if claim.verdict == "empirical" and HEDGED.search(sentence):
            continue
        yield Finding(one.reference.start, one.reference.end, verdict_of(claim, zh), safe(claim, zh))


def _denied(document: Document, reference: Span) -> bool:
    """Whether the words around say of the item itself that it does not hold, or that it is not used."""
    before = " ".join(document.words[max(0, reference.start - 48) : reference.start].split("\n"))
    if UNUSED.search(before) is not None:
        return True
    high = min(len(document.words), reference.end + REACH)
    end = END.search(document.words, reference.end, high)
    behind = document.words[reference.end : end.start() if end else high]
    return LEANING.search(before) is None and DENIED.match(behind) is not None


def _spoken_of(document: Document, reference: Span) -> bool:
    """Whether the label alone stands in quotation marks, or in a question: it is asked about, and not leant on."""
    words, end = document.words, END.search(document.words, reference.end, reference.end + REACH)
    quoted = words[max(0, reference.start - 1) : reference.start], words[reference.end : reference.end + 1]
    return quoted in QUOTES or (end is not None and end[0] in ("?", "？"))


QUOTES = (('"', '"'), ("“", "”"), ("「", "」"), ("‘", "’"), ("'", "'"))


def _within(document: Document, reference: Span, headings: Sequence[int]) -> bool:
    """Whether the reference stands in a heading, which says of what the section speaks."""
    at = bisect_right(headings, reference.start) - 1
    return at >= 0 and reference.start < document.sections[at].end


def _at_home(document: Document, knowledge: Knowledge, reference: Span, claim: KnownClaim) -> bool:
    """Whether an item speaks of itself."""
    item = document.item_at(reference.start)
    return bool(knowledge.text_of) and item is not None and item.identifier == claim.label


def _sentence(document: Document, reference: Span) -> str:
    """The sentence around a reference, formulas blanked out."""
    low, high = max(0, reference.start - REACH), min(len(document.words), reference.end + REACH)
    before = [match.end() for match in END.finditer(document.words, low, reference.start)]
    after = END.search(document.words, reference.end, high)
    return document.words[before[-1] if before else low : after.start() if after else high]


@rule("V105", "leans-on-fallen", Severity.WARNING, "An item leans on another that does not hold, or is only observed.")
def leans_on_fallen(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """The collection knows which parts each part leans on. In a text on trial only.

    Wrong: a corollary of a lemma that is refuted
    Right: a corollary of the corrected lemma
    """
    home = knowledge.home
    if home is None:
        return
    zh = chinese(document)
    for claim, span in _places(document, knowledge):
        for part in claim.stated:
            for name in part.leans_on:
                under = knowledge.part(name)
                if under is not None and under.verdict in (*BAD, "empirical", "inconclusive"):
                    message = (
                        f"{label(claim.label)['zh']} 的 {part.id} 依赖 {name}：{WORDS_ZH[under.verdict]}"
                        if zh
                        else f"{label(claim.label)['en']}, {part.id}, leans on {name}, which is {under.verdict}"
                    )
                    yield Finding(span.start, span.end, message, safe(claim, zh))


@rule("V106", "states-refuted", Severity.ERROR, "An item of the text is refuted or ill-posed as stated.")
def states_refuted(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """In a text on trial: what must be corrected before printing.

    Wrong: "the rank is at most k" with a counterexample on record
    Right: the corrected statement that the message names
    """
    yield from _states(document, knowledge, ("refuted", "ill-posed"))


@rule("V107", "states-contradicted", Severity.WARNING, "An item of the text is contradicted by measurements.")
def states_contradicted(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """In a text on trial: what is said of trained networks in general did not hold in those that were measured.

    Wrong: "one tenth of the singular values keep 95% of the energy", where the measured layers need more
    Right: the measured figures, with the networks named
    """
    yield from _states(document, knowledge, ("contradicted",))


@rule("V108", "states-undecided", Severity.NOTE, "An item of the text is only an observation, or not decided.")
def states_undecided(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """In a text on trial: it may stay, as an observation or as a conjecture, but not as a theorem.

    Wrong: a theorem that says what training usually does
    Right: an observation, with the networks named
    """
    yield from _states(document, knowledge, ("empirical", "inconclusive"))


def _states(document: Document, knowledge: Knowledge, verdicts: Sequence[str]) -> Iterator[Finding]:
    zh = chinese(document)
    for claim, span in _places(document, knowledge):
        if claim.verdict in verdicts:
            yield Finding(span.start, span.end, verdict_of(claim, zh), safe(claim, zh))


def _places(document: Document, knowledge: Knowledge) -> Iterator[tuple[KnownClaim, Span]]:
    home = knowledge.home
    if home is None:
        return
    found = displays(document, home)
    for claim in home.claims.values():
        if claim.label in document.by_identifier:
            item = document.by_identifier[claim.label][0]
            yield claim, Span(item.start, item.body)
        elif claim.label in found:
            yield claim, found[claim.label]


# --- sentences ------------------------------------------------------------------------------------------------------


def verdict_of(claim: KnownClaim, zh: bool) -> str:
    """What became of a claim, with the parts that fell and those that hold: "Lemma 1.3 is refuted: `bound` ..."."""
    name = (label(claim.label) if claim.numbered else _unnumbered(claim))["zh" if zh else "en"]
    fell = [part for part in claim.stated if part.verdict not in GOOD]
    hold = [part for part in claim.stated if part.verdict in GOOD]
    if zh:
        how = f"{name}（{claim.title_zh}）{WORDS_ZH[claim.verdict]}"
        parts = f"：{_named(fell, zh)}" if fell else ""
        rest = f"；成立的部分：{'、'.join(part.id for part in hold)}" if hold else ""
        return f"{how}{parts}{rest}"
    also = ", only an observation remains" if claim.only_empirical and claim.verdict != "empirical" else ""
    how = f"{name} ({claim.title_en}) is {_word(claim.verdict)}{also}"
    parts = f": {_named(fell, zh)}" if fell else ""
    rest = f"; what holds of it: {', '.join(part.id for part in hold)}" if hold else ""
    return f"{how}{parts}{rest}"


def _unnumbered(claim: KnownClaim) -> dict[str, str]:
    en, zh = KINDS[claim.label.partition("-")[0]]
    return {"en": en, "zh": zh}


def _word(verdict: str) -> str:
    return {"contradicted": "contradicted by measurements", "empirical": "only empirical"}.get(verdict, verdict)


def _named(parts: Sequence[KnownPart], zh: bool) -> str:
    if zh:
        return "、".join(f"{part.id}（{WORDS_ZH[part.verdict]}）" for part in parts)
    return ", ".join(f"{part.id} ({part.verdict})" for part in parts)


def safe(claim: KnownClaim, zh: bool) -> str:
    """How the claim may be cited, and what its corrected parts say."""
    sentences = [claim.cite_zh if zh else claim.cite_en]
    instead = list(claim.instead())
    end = "。" if zh else "."
    readings = [(part.id, part.reading_zh if zh else part.reading_en) for part in instead[:SHOWN]]
    sentences += [f"{name}: {reading.removesuffix(end)}{end}" for name, reading in readings]
    if len(instead) > SHOWN:
        more = len(instead) - SHOWN
        sentences.append(f"（另有 {more} 个更正）" if zh else f"({more} more: verify show {claim.label})")
    return " ".join(sentences)
