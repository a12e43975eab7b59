"""LaTeX to a document: theorem environments with the numbers that LaTeX would give them, labels and references.

One pass over the source, so that time is linear. What a package or an included file would change is not known: numbers
are those of ``\\newtheorem`` declarations in this source, or of the common names of environments. Definitions of
commands, addresses, verbatim pieces and ``\\iffalse`` are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from verify.text.commands import names
from verify.text.document import Document, Formula, Item, Reference, Section, Span
from verify.text.markdown import blanked
from verify.text.mentions import WORDS, citations, references

MATH = frozenset(
    ["equation", "align", "gather", "multline", "eqnarray", "displaymath", "math", "alignat", "flalign", "dmath"]
)  # their starred forms, too
VERBATIM = frozenset(["verbatim", "lstlisting", "minted", "comment", "Verbatim"])
LEVELS = {"chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4}
TOKEN = re.compile(
    r"\\(?P<command>begin|end|label|chapter|section|subsection|subsubsection|ref|cref|Cref|autoref|eqref)(?P<star>\*?)"
    r"\s{0,3}(?:\[[^\]\n]{0,200}\]\s{0,3})?\{(?P<argument>[^{}\n]{0,300})\}"
    r"|(?P<theorem>\\newtheorem\*?)\s{0,3}\{(?P<environment>[A-Za-z*]{1,40})\}\s{0,3}(?:\[(?P<shared>[A-Za-z*]{1,40})\])?"
    r"\s{0,3}\{(?P<printed>[^{}\n]{1,60})\}\s{0,3}(?:\[(?P<within>[a-z]{1,20})\])?"
    r"|(?P<raw>\\(?:verb\*?|lstinline(?:\[[^\]\n]{0,200}\])?)(?P<quote>[^A-Za-z0-9\s*{\[\\])[^\n]{0,500}?(?P=quote)"
    r"|\\(?:url|path|nolinkurl|href|lstinline)\s{0,3}(?:\[[^\]\n]{0,200}\])?\{(?:[^{}\n\\]|\\.){0,500}\})"
    r"|(?P<comment>%[^\n]*)|(?P<escaped>\\[^A-Za-z()\[\]])|(?P<open>\\[(\[])|(?P<close>\\[)\]])|(?P<dollars>\$\$?)"
    r"|(?P<break>\n[ \t]*\n)|(?P<other>\\[A-Za-z]+)"
)
DEFINITIONS = {
    r"\newcommand": 2, r"\renewcommand": 2, r"\providecommand": 2, r"\DeclareRobustCommand": 2, r"\newcommandx": 2,
    r"\DeclareMathOperator": 2, r"\DeclarePairedDelimiter": 3, r"\NewDocumentCommand": 3, r"\newenvironment": 3,
    r"\renewenvironment": 3, r"\def": 2, r"\gdef": 2, r"\edef": 2, r"\let": 1,
}  # fmt: skip
"""Commands that define others, with the number of their groups where the name stands in one."""
NAME = re.compile(r"\*?\s{0,3}(?P<bare>\\(?:[A-Za-z@]+|.))?(?:\s{0,3}#[0-9])*")
OPTIONS = re.compile(r"(?:\s{0,3}\[[^\]\n]{0,200}\])*\s{0,3}")
WORDY = frozenset(
    rf"\{name}" for name in names("text textrm textnormal textit textbf textsf texttt mbox hbox fbox intertext")
)  # fmt: skip
"""Commands within a formula whose argument is text, and may hold formulas."""
BRACE = re.compile(r"\\.|[{}]|\n[ \t]*\n", re.DOTALL)
LONGEST_GROUP = 1000
ELSEWHERE = frozenset(rf"\{name}" for name in names("input include subfile import subimport externaldocument"))
"""Commands by which a source is put together of several files."""
TITLE = re.compile(r"\s{0,3}\[(?P<title>[^\]\n]{0,200})\]")
BEFORE_REF = re.compile(r"(?P<word>[A-Za-z]{2,12}\.?|[\u4e00-\u9fff]{1,2})[\s~]{0,3}\(?$")
USUAL = {
    "theorem": "theorem", "thm": "theorem", "lemma": "lemma", "lem": "lemma", "definition": "definition",
    "defn": "definition", "dfn": "definition", "corollary": "corollary", "cor": "corollary", "coro": "corollary",
    "proposition": "proposition", "prop": "proposition",
}  # fmt: skip


@dataclass
class _Theorems:
    """Environments: kind and counter of each, and within which section a counter begins anew."""

    kinds: dict[str, str] = field(default_factory=lambda: dict(USUAL))
    counters: dict[str, str] = field(default_factory=dict)
    within: dict[str, str] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)

    def declare(self, match: re.Match[str]) -> None:
        name, printed = match["environment"], match["printed"].strip().lower()
        self.kinds[name] = WORDS.get(printed, USUAL.get(printed, ""))
        if match["theorem"].endswith("*"):
            self.plain.add(name)
        self.counters[name] = self.counter(match["shared"]) if match["shared"] else name
        if match["within"]:
            self.within[name] = match["within"]

    def counter(self, name: str) -> str:
        return self.counters.get(name, name)


@dataclass
class _Reader:
    source: str
    theorems: _Theorems = field(default_factory=_Theorems)
    formulas: list[Formula] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    comments: list[Span] = field(default_factory=list)
    blanks: list[Span] = field(default_factory=list)
    labels: dict[str, Item | None] = field(default_factory=dict)
    refs: list[re.Match[str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    places: list[int] = field(default_factory=lambda: [0] * (len(LEVELS) + 1))
    opened: list[tuple[str, Item | None]] = field(default_factory=list)
    begins: bool = False
    parts: bool = False
    until: int = 0
    """Where what is being passed over ends."""

    @property
    def whole(self) -> bool:
        """Whether all labels of the paper are set in this source: it is no chapter of a paper, and includes none."""
        return self.begins and not self.parts

    def read(self) -> None:
        math: tuple[str, int, int] | None = None  # what closes the formula, its start, its inner start
        skipping = ""
        for match in TOKEN.finditer(self.source):
            if match["comment"] is not None:
                if not skipping:
                    self.comments.append(Span(match.start(), match.end()))
                continue
            if match.start() < self.until:
                continue
            if skipping:
                if skipping == (match["argument"] if match["command"] == "end" else match["other"]):
                    self.blanks.append(Span(self.blanks.pop().start, match.end()))
                    skipping = ""
                continue
            if math is not None:
                math = self._in_formula(match, math)
                continue
            math = self._opening(match)
            if math is None and (skipping := self._skipping(match)):
                self.blanks.append(Span(match.start(), len(self.source)))
            elif math is None:
                self._in_text(match)

    def _skipping(self, match: re.Match[str]) -> str:
        """What ends the stretch that begins here and is no text; empty where none does."""
        if match["other"] == r"\iffalse":
            return r"\fi"
        return match["argument"] if match["command"] == "begin" and match["argument"] in VERBATIM else ""

    def _group(self, at: int) -> int:
        """Where the group that opens there ends; the place itself where none opens, or none ends."""
        depth = 0
        for brace in BRACE.finditer(self.source, at, at + LONGEST_GROUP) if self.source.startswith("{", at) else ():
            depth += (brace[0] == "{") - (brace[0] == "}")
            if depth == 0:
                return brace.end()
        return at

    def _definition(self, match: re.Match[str]) -> int:
        """Where the definition of a command ends."""
        name = NAME.match(self.source, match.end())
        at = name.end() if name else match.end()
        if match["other"] == r"\let":
            return at
        for _ in range(DEFINITIONS[match["other"]] - bool(name and name["bare"])):
            options = OPTIONS.match(self.source, at)
            start = options.end() if options else at
            end = self._group(start)
            if end == start:
                break
            at = end
        return at

    def _opening(self, match: re.Match[str]) -> tuple[str, int, int] | None:
        if match["dollars"]:
            return match["dollars"], match.start(), match.end()
        if match["open"]:
            return {"\\(": "\\)", "\\[": "\\]"}[match["open"]], match.start(), match.end()
        if match["command"] == "begin" and match["argument"].rstrip("*") in MATH:
            return match["argument"], match.start(), match.start()
        return None

    def _in_formula(self, match: re.Match[str], math: tuple[str, int, int]) -> tuple[str, int, int] | None:
        closer, start, inside = math
        token = match["dollars"] or match["close"]
        if token is None and match["command"] == "end":
            token = match["argument"]
        if match["command"] == "label":
            self.labels.setdefault(match["argument"].strip(), None)
        if match["other"] in WORDY:
            self.until = self._group(match.end())
            return math
        if token == "$$" and closer == "$":  # noqa: S105  # a formula in single dollars ends, the next begins
            self._formula(start, match.start() + 1, inside, match.start())
            return "$", match.start() + 1, match.end()
        if token == closer:
            end = match.end() if inside == start else match.start()
            self._formula(start, match.end(), inside, end)
            return None
        # TeX allows no empty line in a formula: whatever was opened is left as text
        return None if match["break"] is not None else math

    def _formula(self, start: int, end: int, inside: int, inner_end: int) -> None:
        display = not self.source.startswith(("$", "\\("), start) or self.source.startswith("$$", start)
        self.formulas.append(Formula(start, end, self.source[inside:inner_end].strip(), display, inside))

    def _in_text(self, match: re.Match[str]) -> None:
        command, argument = match["command"], (match["argument"] or "").strip()
        if match["other"]:
            self._command(match)
        elif match["raw"]:
            self.blanks.append(Span(match.start(), match.end()))
        elif match["theorem"]:
            self.theorems.declare(match)
        elif command in LEVELS:
            self._section(match, command, argument)
        elif command == "begin":
            self._begin(match, argument)
        elif command == "end":
            self._end(match, argument)
        elif command == "label":
            self.blanks.append(Span(match.start(), match.end()))
            self.labels.setdefault(argument, next((item for _, item in reversed(self.opened) if item), None))
        elif command is not None:
            self.refs.append(match)

    def _command(self, match: re.Match[str]) -> None:
        name = match["other"]
        self.begins = self.begins or name == r"\documentclass"
        self.parts = self.parts or name in ELSEWHERE
        if name in DEFINITIONS:
            self.until = self._definition(match)
            self.blanks.append(Span(match.start(), self.until))
        elif name == r"\ensuremath":
            end = self._group(match.end())
            if end > match.end():
                self._formula(match.start(), end, match.start(), end)
                self.until = end

    def _section(self, match: re.Match[str], command: str, title: str) -> None:
        level, number = LEVELS[command], ""
        if not match["star"]:
            self.places[level] += 1
            self.places[level + 1 :] = [0] * (len(self.places) - level - 1)
            number = self._stem(level)
            for counter, within in self.theorems.within.items():
                if LEVELS.get(within, 9) >= level:
                    self.counts[counter] = 0
        self.sections.append(Section(match.start(), match.end(), level, number, title))

    def _stem(self, level: int) -> str:
        first = 1 if self.places[1] else 2
        return ".".join(str(n) for n in self.places[first : level + 1])

    def _begin(self, match: re.Match[str], name: str) -> None:
        kind = self.theorems.kinds.get(name, "")
        if not kind or name in self.theorems.plain:
            self.opened.append((name, None))
            return
        counter = self.theorems.counter(name)
        self.counts[counter] = self.counts.get(counter, 0) + 1
        number = str(self.counts[counter])
        within = self.theorems.within.get(counter, "")
        if within in LEVELS:
            number = f"{self._stem(LEVELS[within]) or '0'}.{number}"
        title = TITLE.match(self.source, match.end())
        body = title.end() if title else match.end()
        item = Item(match.start(), body, kind, number, title["title"] if title else "", body)
        self.opened.append((name, item))

    def _end(self, match: re.Match[str], name: str) -> None:
        while self.opened and len(self.opened) > 1 and self.opened[-1][0] != name:
            self.opened.pop()
        if self.opened and self.opened[-1][0] == name:
            item = self.opened.pop()[1]
            if item is not None:
                self.items.append(Item(item.start, match.end(), item.kind, item.number, item.title, item.body))

    # --- references ---

    def resolved(self) -> Iterator[Reference]:
        """References by label: to items, and to labels that are nowhere. Others are to figures, sections, formulas."""
        for match in self.refs:
            at = match.start("argument")
            for key in match["argument"].split(","):
                label = key.strip()
                start = at + len(key) - len(key.lstrip())
                at += len(key) + 1
                if label not in self.labels:
                    if self.whole:
                        yield Reference(start, start + len(label), "label", label)
                elif (item := self.labels[label]) is not None:
                    word = BEFORE_REF.search(self.source, max(0, match.start() - 20), match.start())
                    kind = (
                        WORDS.get(word["word"].lower(), item.kind) if word and match["command"] == "ref" else item.kind
                    )
                    yield Reference(match.start(), match.end(), kind, item.number)


def parse(source: str, name: str = "-") -> Document:
    """The document that a LaTeX source is. Never raises: what is no proper LaTeX is text."""
    reader = _Reader(source)
    reader.read()
    items = sorted(reader.items, key=lambda item: item.start)
    refs = list(reader.resolved())
    places = [Span(m.start(), m.end()) for m in reader.refs]
    words = blanked(source, [*reader.formulas, *reader.comments, *reader.blanks, *places])
    found = sorted([*references(words, []), *refs], key=lambda reference: reference.start)
    return Document(
        name=name, source=source, words=words, formulas=tuple(reader.formulas), items=tuple(items),
        sections=tuple(reader.sections), references=tuple(found), citations=tuple(citations(words)),
        comments=tuple(reader.comments), tex=True,
    )  # fmt: skip
