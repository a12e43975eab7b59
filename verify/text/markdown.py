"""Markdown to a document: blocks and formulas by markdown-it, the places of formulas recovered from the source.

A formula between two dollars may stand in a line of text, as in most Chinese manuscripts. An item begins at a line that
opens with its label in bold, ``**Lemma 11.19 (title)**``; it ends before the next item, heading or table label, or at a
blank line, unless what follows goes on with it: a displayed formula, a list, or anything after a colon.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from verify.text.document import Document, Formula, Item, Section, Span, Table
from verify.text.mentions import LABEL, citations, kind_of, references

MATH = {"math_inline": "$", "math_inline_double": "$$", "math_block": "$$", "math_block_label": "$$"}
CODE = ("fence", "code_block", "html_block")
HEAD = re.compile(rf"[ \t]*\*\*{LABEL.pattern}(?P<title>[^*\n]*)\*\*[ \t]*", re.IGNORECASE)
NUMBERED = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)*)[.、\s]*(?P<title>.*)")
ENDS = re.compile(r"\$\$\s*(?:\([^()$]*\)\s*)?$")
"""A line in which a display may end."""
NEAR = 2000
"""Characters within which a formula is looked for that is not found as it is written: no search is quadratic."""
LEADING = re.compile(r"[ \t>*+0-9.)-]*")
"""What may stand before a comment in its line and still leave what follows it the beginning of the line's text."""
FIRST = 100
"""Characters of a line within which a comment is looked at as its beginning."""
MARK = "\u200b"
QUOTED = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+")
WHITE, ROW = re.compile(r"[\s>]+"), re.compile("`+")
UNREAD = re.compile(r"[ \t]*<(?:script|style|pre|textarea)\b", re.IGNORECASE)
NO_WORDS = re.compile(r"<[^<>]{0,2000}>|\$[^$]*\$?|\\[A-Za-z]+")
"""What is no running text in a block of HTML."""


def parse(source: str, name: str = "-") -> Document:
    """The document that a Markdown source is. Never raises: what is no proper Markdown is text."""
    commented = tuple(_comments(source))
    shown = blanked(source, commented)
    tokens = _markdown().parse(_marked(shown, commented))
    lines = _line_starts(source)
    formulas = tuple(_formulas(tokens, shown, lines))
    code = sorted(_code(tokens, shown, lines), key=lambda span: span.start)
    quotes = [Span(*match.span()) for match in QUOTED.finditer(shown)] if ">" in shown else []
    words = blanked(shown, [*formulas, *code, *quotes])
    comments = tuple(_outside(commented, code))
    sections, tables = tuple(_sections(tokens, lines)), tuple(_tables(tokens, lines))
    items = tuple(_items(source, words, lines, formulas, [*sections, *tables]))
    heads = [Span(item.start, item.body) for item in items]
    return Document(
        name=name, source=source, words=words, formulas=formulas, items=items, tables=tables, sections=sections,
        references=tuple(references(words, heads)), citations=tuple(citations(words)), comments=comments,
    )  # fmt: skip


def _markdown() -> Any:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.dollarmath.index import math_block_dollar

    # links, emphasis and entities are not asked for; without them no line takes more than linear time
    known = ["table", "code", "fence", "blockquote", "hr", "list", "html_block", "heading", "lheading", "reference"]
    inline = ["newline", "escape", "backticks"]
    parser = MarkdownIt("zero", {"html": True}).enable([*known, *inline]).use(dollarmath_plugin, double_inline=True)
    displayed = math_block_dollar(allow_labels=True, label_normalizer=None, allow_blank_lines=True)

    def where_it_can_end(state: Any, line: int, last: int, silent: bool) -> bool:
        """The plugin looks for the end of a display through all that follows, for each display that has none."""
        if "ends" not in state.env:
            state.env["ends"] = [at for at, text in enumerate(state.src.split("\n")) if ENDS.search(text)]
        ends = state.env["ends"]
        at = bisect_right(ends, line - 1)
        if at < len(ends) and ends[at] == line and state.src[state.bMarks[line] : state.eMarks[line]].count("$$") < 2:
            at += 1
        return at < len(ends) and bool(displayed(state, line, last, silent))

    parser.block.ruler.at("math_block", where_it_can_end)
    parser.inline.ruler.before("math_inline", "money", _money)
    return parser


MONEY = re.compile(r"\$[0-9][0-9.,]{0,20}[kKMB]?(?=[\s\u2e80-\uffff,;)]|-?\$|to\b)")


def _money(state: Any, silent: bool) -> bool:
    """A dollar before an amount opens no formula where the next dollar stands before an amount, or behind a blank."""
    if MONEY.match(state.src, state.pos) is None:
        return False
    end = state.src.find("$", state.pos + 1)
    if end < 0 or not (state.src[end + 1 : end + 2].isdigit() or state.src[end - 1].isspace()):
        return False
    if not silent:
        state.pending += "$"
    state.pos += 1
    return True


def _comments(source: str) -> Iterator[Span]:
    start = source.find("<!--")
    while start >= 0 and (end := source.find("-->", start + 4)) >= 0:
        yield Span(start, end + 3)
        start = source.find("<!--", end + 3)


def _marked(shown: str, comments: Sequence[Span]) -> str:
    """The source without comments, and with a mark in place of one before the first word of a line: blanks there would
    make the rest of the line a block of code."""
    pieces, at = [], 0
    for comment in comments:
        start = max(shown.rfind("\n", 0, comment.end) + 1, comment.start)
        line = shown.rfind("\n", 0, start) + 1
        follows = shown[comment.end : comment.end + 1] not in ("", "\n")
        if follows and start - line <= FIRST and LEADING.fullmatch(shown, line, start):
            pieces += [shown[at:start], MARK]
            at = start + 1
    return "".join([*pieces, shown[at:]])


def _outside(comments: Sequence[Span], code: Sequence[Span]) -> Iterator[Span]:
    """Comments but for those that are examples, in code; of both the spans come in order."""
    starts = [span.start for span in code]
    for comment in comments:
        at = bisect_right(starts, comment.start) - 1
        if at < 0 or comment.start >= code[at].end:
            yield comment


def _line_starts(source: str) -> list[int]:
    """Offsets of the lines as markdown-it counts them, and of the end."""
    return [0, *(at + 1 for at, character in enumerate(source) if character == "\n"), len(source)]


def _at(lines: Sequence[int], number: int) -> int:
    return lines[min(number, len(lines) - 1)]


# --- formulas and code ----------------------------------------------------------------------------------------


def _formulas(tokens: Sequence[Any], source: str, lines: Sequence[int]) -> Iterator[Formula]:
    at = 0
    for token in tokens:
        if token.map is None:
            continue
        at, end = max(at, _at(lines, token.map[0])), _at(lines, token.map[1])
        for inside in [token] if token.type in MATH else token.children or ():
            if inside.type not in MATH:
                continue
            found = _find(source, inside.content, MATH[inside.type], at, end)
            if found is None:
                end = min(end, at + NEAR)  # one search through the whole of a block that finds nothing is enough
                continue
            display = inside.type != "math_inline"
            yield Formula(found[0], found[2], inside.content.strip(), display, found[1])
            at = found[2]


def _find(source: str, content: str, mark: str, at: int, end: int) -> tuple[int, int, int] | None:
    """Start, inner start and end of the next formula of that content, in a block that ends at ``end``; indentation of
    its lines may differ, and in a table its bars are escaped."""
    near = at + NEAR + 2 * len(content)
    start = source.find(f"{mark}{content}{mark}", at, near + 2 * len(mark))
    if start < 0:
        pattern = r"[\s>]*".join(re.escape(word).replace(r"\|", r"\\?\|") for word in content.split())
        match = re.compile(rf"{re.escape(mark)}[\s>]*{pattern}[\s>]*{re.escape(mark)}").search(source, at, near)
        if match is not None:
            return match.start(), match.start() + len(mark), match.end()
        start = source.find(f"{mark}{content}{mark}", at, end)
    return None if start < 0 else (start, start + len(mark), start + len(content) + 2 * len(mark))


def _code(tokens: Sequence[Any], source: str, lines: Sequence[int]) -> Iterator[Span]:
    at = 0
    for token in tokens:
        if token.map is None:
            continue
        start, end = _at(lines, token.map[0]), _at(lines, token.map[1])
        if token.type == "html_block" and not UNREAD.match(source, start):
            yield from (Span(*match.span()) for match in NO_WORDS.finditer(source, start, end))
        elif token.type in CODE:
            yield Span(start, end)
        at = max(at, start)
        for inside in token.children or ():
            if inside.type == "code_inline":
                found = _in_backticks(source, inside, at, end)
                if found is None:
                    end = min(end, at + NEAR)
                    continue
                yield found
                at = found.end


def _in_backticks(source: str, code: Any, at: int, end: int) -> Span | None:
    """Where a piece of code stands: between the next two rows of as many backticks as it has that hold it."""
    content = WHITE.sub("", code.content)
    opening = ROW.search(source, at, end)
    while opening is not None:
        if len(opening[0]) == len(code.markup):
            closing = ROW.search(source, opening.end(), end)
            while closing is not None and len(closing[0]) != len(code.markup):
                closing = ROW.search(source, closing.end(), end)
            if closing is None:
                return None
            inside = WHITE.sub("", source[opening.end() : closing.start()])
            if content in (inside, inside.replace(r"\|", "|")):
                return Span(opening.start(), closing.end())
        opening = ROW.search(source, opening.end(), end)
    return None


def blanked(source: str, spans: Sequence[Span]) -> str:
    """The source with the spans made blank, line ends kept."""
    out, at = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start >= at:
            out.append(source[at : span.start])
            at = span.start
        if span.end > at:
            out.append(re.sub(r"[^\n]", " ", source[at : span.end]))
            at = span.end
    return "".join([*out, source[at:]])


# --- blocks ---------------------------------------------------------------------------------------------------


def _sections(tokens: Sequence[Any], lines: Sequence[int]) -> Iterator[Section]:
    for token, text in pairwise(tokens):
        if token.type == "heading_open":
            match = NUMBERED.fullmatch(text.content)
            number, title = (match["number"], match["title"]) if match else ("", text.content)
            span = _at(lines, token.map[0]), _at(lines, token.map[1])
            yield Section(*span, level=int(token.tag[1:]), number=number, title=title)


def _tables(tokens: Sequence[Any], lines: Sequence[int]) -> Iterator[Table]:
    rows: list[list[str]] = []
    start = end = 0
    for token in tokens:
        if token.type == "table_open":
            rows, (start, end) = [], token.map
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows and token.map is not None and start <= token.map[0] < end:
            rows[-1].append(token.content)
        elif token.type == "table_close":
            yield Table(_at(lines, start), _at(lines, end), tuple(map(tuple, rows)))
            rows = []


# --- items ----------------------------------------------------------------------------------------------------


def _items(
    source: str, words: str, lines: Sequence[int], formulas: Sequence[Formula], walls: Sequence[Span]
) -> Iterator[Item]:
    heads = [m for start, end in pairwise(lines) if (m := HEAD.match(words, start, end)) is not None]
    display = {line for formula in formulas if formula.display for line in _lines_of(formula, lines)}
    ends = sorted({wall.start for wall in walls if not isinstance(wall, Table)} | {len(source)})
    tables = {wall.start: wall.end for wall in walls if isinstance(wall, Table)}
    wall = 0
    for number, match in enumerate(heads):
        next_head = heads[number + 1].start() if number + 1 < len(heads) else len(source)
        while ends[wall] <= match.start() and wall + 1 < len(ends):
            wall += 1
        limit = min(next_head, ends[wall])
        kind = kind_of(match["kind"])
        end = _end(source, lines, match.start(), limit, display, tables if kind == "table" else {})
        yield Item(match.start(), end, kind, match["number"], match["title"].strip(" \t()（）.。:："), match.end())


def _lines_of(span: Span, lines: Sequence[int]) -> range:
    return range(bisect_right(lines, span.start) - 1, bisect_right(lines, span.end - 1))


GOES_ON = re.compile(r"[ \t]*(?:\$\$|[-*+] |[0-9]+[.)] |其中|where\b)")


def _end(source: str, lines: Sequence[int], start: int, limit: int, display: set[int], tables: dict[int, int]) -> int:
    """Where the item that begins at ``start`` ends; never beyond ``limit``."""
    number = bisect_right(lines, start) - 1
    end = start
    while number + 1 < len(lines) and lines[number] < limit:
        low, high = lines[number], min(lines[number + 1], limit)
        text = source[low:high]
        if low in tables:  # the table of a table's label
            return min(tables[low], limit)
        if not text.strip() and number not in display:
            following = _next_text(source, high, limit)
            announced = source[end - 1 : end] in (":", "：")
            if following is None or not (announced or GOES_ON.match(source, following) or following in tables):
                break
            number = bisect_right(lines, following) - 1
            continue
        if text.strip():
            end = low + len(text.rstrip())
        number += 1
    return end


def _next_text(source: str, at: int, limit: int) -> int | None:
    match = re.compile(r"[ \t\r]*\n").match(source, at, limit)
    while match is not None:
        at = match.end()
        match = re.compile(r"[ \t\r]*\n").match(source, at, limit)
    return at if at < limit else None
