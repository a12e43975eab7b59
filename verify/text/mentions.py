"""Labels in running text: heads of items, references to them, and mentions of sources, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from verify.text.document import Citation, Reference, Span

KINDS: dict[str, tuple[str, ...]] = {
    "definition": ("definitions", "definition", "defs.", "def.", "defs", "def", "定义"),
    "lemma": ("lemmas", "lemmata", "lemma", "lems.", "lem.", "lems", "lem", "引理"),
    "theorem": ("theorems", "theorem", "thms.", "thm.", "thms", "thm", "定理"),
    "corollary": ("corollaries", "corollary", "cors.", "cor.", "cors", "cor", "推论"),
    "proposition": ("propositions", "proposition", "props.", "prop.", "props", "prop", "命题"),
    "table": ("tables", "table", "tabs.", "tab.", "tab", "表"),
    "equation": ("equations", "equation", "eqns.", "eqs.", "eqn.", "eq.", "eqs", "eqn", "eq", "公式", "式"),
}
"""Each kind as texts print it, longest first where one begins another."""

WORDS = {word: kind for kind, words in KINDS.items() for word in words}
_WORD = "|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True))
NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,6})*(?![0-9])"
_RANGE = r"\s{0,3}(?:[–—~～]|-{1,3}|至|到|to|through)\s{0,3}"
_COMMA = r"\s{0,3}(?:,\s{0,3}(?:and|or)\s|[,，、]|和|与|及|以及|或|and\s|or\s|&)\s{0,3}"
_BEFORE = r"(?<![A-Za-z0-9])(?<![代列发图外填手报仪](?=表))(?<![模方形样格正款版制](?=式))"
"""What stands before no label: letters, and what makes another word of the character, as in 代表, 列表, 模式, 形式."""
LABEL = re.compile(rf"(?P<kind>{_WORD})[\s~\u3000]{{0,3}}[(（]?(?P<number>{NUMBER})[)）]?", re.IGNORECASE)
MENTION = re.compile(rf"{_BEFORE}(?P<kind>{_WORD})[\s~\u3000]{{0,3}}[(（]?(?P<number>{NUMBER})[)）]?", re.IGNORECASE)
MORE = re.compile(
    rf"(?:(?P<range>{_RANGE})|(?P<comma>{_COMMA}))(?:(?P<kind>{_WORD})[\s~\u3000]{{0,3}})?[(（]?(?P<number>{NUMBER})[)）]?"
    r"(?![0-9A-Za-z%％])",
    re.IGNORECASE,
)
LONGEST_RANGE = 200
"""Items in a range beyond which it is taken for two ends only: a slip of the pen, not a reference to thousands."""


def kind_of(word: str) -> str:
    return WORDS[word.lower()]


def references(words: str, heads: Sequence[Span]) -> Iterator[Reference]:
    """Every mention of an item outside the heads, which are given in order; ranges and lists item by item."""
    heads_left = iter([*heads, Span(len(words) + 1, len(words) + 1)])
    head = next(heads_left)
    at = 0
    while (match := MENTION.search(words, at)) is not None:
        while head.end <= match.start():
            head = next(heads_left)
        if head.start <= match.start() < head.end:
            at = head.end
            continue
        at = match.end()
        kind, number = kind_of(match["kind"]), match["number"]
        yield Reference(match.start(), match.end(), kind, number)
        while (more := MORE.match(words, at)) is not None and _continues(number, more["number"]):
            kind = kind_of(more["kind"]) if more["kind"] else kind
            if more["range"]:
                yield from _between(kind, number, more)
            number, at = more["number"], more.end()
            yield Reference(more.start("number"), more.end("number"), kind, number)


def _continues(first: str, second: str) -> bool:
    """Whether the second number is one of an item like the first: "Lemma 11.17 and 18 layers" is no list."""
    return first.count(".") == second.count(".")


def _between(kind: str, first: str, last: re.Match[str]) -> Iterator[Reference]:
    stem, _, low = first.rpartition(".")
    other, _, high = last["number"].rpartition(".")
    if stem != other or not 0 < int(high) - int(low) <= LONGEST_RANGE:
        return
    for n in range(int(low) + 1, int(high)):
        yield Reference(last.start("number"), last.end("number"), kind, f"{stem}.{n}" if stem else str(n))


_NAME = r"[A-Z][A-Za-zÀ-ÿ'’-]{1,30}"
_AUTHORS = rf"(?P<names>{_NAME}(?:(?:\s+and\s+|\s*&\s*|,\s+|\s*[和与、]\s*){_NAME}){{0,4}}(?:\s*et\s+al\.?|\s*等人?)?)"
AUTHOR_YEAR = re.compile(rf"{_AUTHORS}\s{{0,2}}(?:[,，于]\s?|[(（]\s?)(?P<year>(?:19|20)[0-9]{{2}})(?![0-9])")
KEY = re.compile(r"@(?P<key>[A-Za-z][A-Za-z0-9_:.+-]*[A-Za-z0-9])")
CITE = re.compile(r"\\[Cc]ite[a-zA-Z]*\*?(?:\[[^\]\n]{0,80}\]){0,2}\{(?P<keys>[^}\n]{1,400})\}")


def citations(words: str) -> Iterator[Citation]:
    """Mentions of sources, in the order of the text: keys, and names beside a year."""
    found: list[Citation] = []
    for match in CITE.finditer(words):
        at = match.start("keys")
        for key in match["keys"].split(","):
            found.append(Citation(at, at + len(key), key.strip()))
            at += len(key) + 1
    found += [
        Citation(match.start(), match.end(), match["key"])
        for match in KEY.finditer(words)
        if words[max(0, match.start() - 1) : match.start()] in ("", "[", " ", ";", "\n", "-")
    ]
    for match in AUTHOR_YEAR.finditer(words):
        names = tuple(name for name in re.findall(_NAME, match["names"]) if name not in ("and", "et"))
        found.append(Citation(match.start(), match.end(), "", names, match["year"]))
    yield from sorted(found, key=lambda citation: citation.start)
