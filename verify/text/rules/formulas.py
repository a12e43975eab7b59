"""Formulas that break, or print something else than was meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from verify.text import commands
from verify.text.diagnostics import Finding, Severity, rule
from verify.text.document import Document, Formula
from verify.text.knowledge import Knowledge
from verify.text.nodes import Node, Problem, Sort
from verify.text.rules._reading import finding, trees


def _problems(document: Document, *sorts: Sort) -> Iterator[tuple[Formula, Problem]]:
    for formula, read in trees(document):
        for problem in read.problems:
            if problem.sort in sorts:
                yield formula, problem


@rule("F101", "unbalanced-braces", Severity.ERROR, "A brace of a formula has no partner.")
def unbalanced_braces(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""The formula does not print, or its arguments are not those that were meant.

    Wrong: `$\frac{a}{b + c$`
    Right: `$\frac{a}{b + c}$`
    """
    for formula, problem in _problems(document, "brace"):
        yield finding(formula, problem, problem.message, "add or remove a brace")


@rule("F102", "unbalanced-delimiters", Severity.WARNING, "A parenthesis, bracket or norm bar has no partner.")
def unbalanced_delimiters(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Half-open intervals, a lone delimiter that is spoken of, and the bar of a divergence are left alone.

    Wrong: `$r (m + n$` or `$\|W - W_k_F$`
    Right: `$r (m + n)$` or `$\|W - W_k\|_F$`
    """
    for formula, read in trees(document):
        if len(read.nodes) <= 1 or any(p.sort in ("brace", "fence", "argument") for p in read.problems):
            continue
        for nodes in read.sequences():
            for node in _unpaired(nodes):
                shown = node.text.replace("\\lbrace", "\\{")
                yield finding(formula, node, f"`{shown}` has no partner in this formula", "close it, or remove it")


LONGEST_INTERVAL = 60


def _unpaired(nodes: Sequence[Node]) -> Iterator[Node]:
    """Delimiters of one row without their partner; ``(`` and ``]`` pair where an interval stands between them."""
    if len(nodes) == 1 and nodes[0].kind in ("open", "close", "bar"):
        return
    stack: list[tuple[Node, int]] = []
    loose: list[tuple[Node, int]] = []
    norms: dict[int, list[int]] = {}
    for at, node in enumerate(nodes):
        if node.kind == "open" and node.text != r"\langle":
            stack.append((node, at))
        elif node.kind == "close" and node.text != r"\rangle":
            if stack and (_pair(stack[-1][0], node) or _interval(nodes, stack[-1][1], at)):
                stack.pop()
            else:
                loose.append((node, at))
        elif node.kind == "bar" and node.text in (r"\|", r"\Vert"):
            norms.setdefault(stack[-1][1] if stack else -1, []).append(at)
    outward = [(node, at) for node, at in stack if node.text == "["]  # ]0, 1[ as in French
    for node, at in loose:
        if node.text == "]" and outward and outward[0][1] > at and _interval(nodes, at, outward[0][1]):
            stack.remove(outward.pop(0))
        else:
            yield node
    yield from (node for node, _ in stack)
    for places in norms.values():
        if len(places) % 2 and not (len(places) == 1 and _between(nodes, places[0])):
            yield nodes[places[-1]]


def _pair(left: Node, right: Node) -> bool:
    names = {"(": ")", "[": "]"}
    return (names.get(left.text) or commands.OPEN.get(left.text[1:])) == (
        right.text if right.text in ")]" else commands.CLOSE.get(right.text[1:])
    )


def _interval(nodes: Sequence[Node], low: int, high: int) -> bool:
    """Two ends, and nothing unpaired between two places."""
    if high - low > LONGEST_INTERVAL:
        return False
    depth = commas = 0
    for node in nodes[low + 1 : high]:
        depth += (node.kind == "open") - (node.kind == "close")
        commas += node.text in (",", "，", ";") and depth == 0
    return commas == 1 and depth == 0


def _between(nodes: Sequence[Node], at: int) -> bool:
    """Whether a lone bar stands between two things, as in a divergence, and carries no norm's index."""
    sides = 0 < at < len(nodes) - 1 and nodes[at - 1].kind != "relation" and nodes[at + 1].kind != "relation"
    return sides and nodes[at].sub is None and nodes[at].sup is None and nodes[at + 1].kind != "binary"


@rule("F103", "left-without-right", Severity.ERROR, r"`\left` and `\right` do not pair.")
def left_without_right(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Each `\left` needs a `\right` in the same group and cell, and each a delimiter behind it, if only a point.

    Wrong: `$\left( \frac{a}{b} )$`
    Right: `$\left( \frac{a}{b} \right)$`
    """
    for formula, problem in _problems(document, "fence"):
        yield finding(formula, problem, problem.message, r"write `\left( ... \right)`, or leave both away")


@rule("F104", "unknown-command", Severity.ERROR, "A command of a formula does not exist.")
def unknown_command(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Commands that the text defines with `\newcommand` are known. In LaTeX sources, which may load packages and files
    of their own, only what looks like a slip of the pen is reported: one letter off, and used once or twice.

    Wrong: `$\sgima_1 \geq \sigma_2$`
    Right: `$\sigma_1 \geq \sigma_2$`
    """
    own = commands.defined(document.source)
    used = Counter(name for _, read in trees(document) for name, _ in read.commands) if document.tex else Counter()
    for formula, read in trees(document):
        for name, start in read.commands:
            if not name.isascii() or not name.isalpha() or name in own or _known(name):
                continue
            if document.tex and name in commands.PACKAGES:
                continue
            near = commands.nearest(name)
            if not document.tex or (commands.is_slip(name, near) and used[name] <= SELDOM):
                at = formula.inside + start
                yield Finding(at, at + 1 + len(name), f"there is no command `\\{name}`", near and f"write `\\{near}`")


SELDOM = 2


@lru_cache(maxsize=10_000)
def _known(name: str) -> bool:
    return commands.is_command(name)


# --- text and formulas run into one another -----------------------------------------------------------------------


@rule("F105", "dollars-run-together", Severity.ERROR, "Formulas in single dollars touch, so that their dollars pair.")
def dollars_run_together(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """What stands between two formulas is set as a formula of its own, or a displayed one begins in the line. In LaTeX
    two formulas may touch; there only words between them are reported.

    Wrong: `$B$$and$$A$`
    Right: `$B$ and $A$`
    """
    for run in _runs(document):
        between = next((f.tex for f in run[1:] if _is_words(f.tex)), "")
        if document.tex and not between:
            continue
        message = f"dollars run together: “{between}” is set as a formula" if between else "dollars run together: `$$`"
        yield Finding(run[0].end - 1, run[-1].start + 1, message, "one dollar on each side, and a space between")


def _runs(document: Document) -> Iterator[list[Formula]]:
    """Formulas in single dollars that touch."""
    run: list[Formula] = []
    for formula in document.formulas:
        single = document.source.startswith("$", formula.start) and not formula.display
        if run and single and formula.start == run[-1].end:
            run.append(formula)
            continue
        if len(run) > 1:
            yield run
        run = [formula] if single else []
    if len(run) > 1:
        yield run


PROSE = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}")
COMMAND = re.compile(r"\\[A-Za-z]+|\\(?:text\w*|mbox|mathrm|operatorname)\s?\{[^{}]*\}")


def _is_words(text: str) -> bool:
    return any(ord(character) >= 0x2E80 for character in text) or PROSE.search(text) is not None


@rule("F106", "text-in-formula", Severity.WARNING, "Words or full-width signs stand in a formula as they are.")
def text_in_formula(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Most fonts for formulas hold no such sign; it prints wrongly spaced or not at all. Often a dollar is missing.

    Wrong: `$m = 4，n = 2$` or `$k 的最大值$`
    Right: `$m = 4$，$n = 2$` or `$k$ 的最大值`, or `\text{...}`
    """
    run = {formula.start for formulas in _runs(document) for formula in formulas}
    for formula, read in trees(document):
        if formula.start in run:
            continue
        foreign = [node for node in read.walk() if node.kind == "cjk"]
        if foreign:
            first = min(foreign, key=lambda node: node.start)
            shown = "".join(node.text for node in sorted(foreign, key=lambda node: node.start))[:12]
            many = "the full-width sign" if len(shown) == 1 and not shown.isalpha() else "the text"
            help = r"put it outside the dollars, or in `\text{...}`"  # noqa: A001
            yield finding(formula, first, f"{many} “{shown}” stands in a formula", help)
        elif len(read.nodes) > 5 and (words := _prose(document, formula)):
            message = f"the words “{words[1]}” are set as a formula"
            at = formula.inside + words[0]
            yield Finding(at, at + len(words[1]), message, "is a dollar missing before or behind them?")


def _prose(document: Document, formula: Formula) -> tuple[int, str] | None:
    """Three words in a row that are letters of a formula."""
    text = COMMAND.sub(lambda m: "." * len(m[0]), document.source[formula.inside : formula.end])
    text = re.sub(r"\{[^{}\s]*\}", lambda m: "." * len(m[0]), text)
    match = PROSE.search(text)
    return None if match is None or "\\" in match[0] else (match.start(), match[0])


PLACES = re.compile(r"\]\([^)\s]*\)|https?://\S+|`[^`\n]*`")


def _in_address(document: Document, at: int) -> bool:
    """Whether an offset lies in the address of a link, or in code."""
    line = document.place(at).line
    start = document.starts[line - 1]
    return any(start + m.start() <= at < start + m.end() for m in PLACES.finditer(document.line(line)[:4000]))


@rule("F107", "lone-dollar", Severity.ERROR, "A dollar sign opens a formula that never ends, or ends none.")
def lone_dollar(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    """Sums of money, and addresses of links, are left alone.

    Wrong: `the rank $r of the matrix`
    Right: `the rank $r$ of the matrix`
    """
    for match in re.finditer(r"(?<!\\)\$\$?(?![0-9$])", document.words):
        before = document.words[max(0, match.start() - 1) : match.start()]
        if before != "$" and not before.isdigit() and not _in_address(document, match.start()):
            message = f"`{match[0]}` has no partner in this paragraph"
            yield Finding(match.start(), match.end(), message, "close the formula, or write `\\$` for the sign")


@rule("F108", "printed-letters", Severity.WARNING, "A formula holds a letter as printed where others hold its command.")
def printed_letters(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Such letters come along when rendered text is pasted beside its source.

    Wrong: `$\{\sigma_i\}_{i=1}^r{σi}$`
    Right: `$\{\sigma_i\}_{i=1}^r$`
    """
    present = {name for _, read in trees(document) for name, _ in read.commands}
    for formula, read in trees(document):
        for node in read.walk():
            name = _greek().get(node.text, "") if node.kind == "symbol" else ""
            if name in present:
                message = f"“{node.text}” as printed, where the text elsewhere writes `\\{name}`"
                yield finding(formula, node, message, f"write `\\{name}`, or remove what was pasted")
                break


@lru_cache(maxsize=1)
def _greek() -> dict[str, str]:
    import unicodedata

    def letter(name: str) -> str:
        case = "CAPITAL" if name[0].isupper() else "SMALL"
        word = {"LAMBDA": "LAMDA"}.get(name.upper(), name.upper())
        return unicodedata.lookup(f"GREEK {case} LETTER {word}")

    return {letter(name): name for name in commands.GREEK if not name.startswith("var")}


NAMES = commands.names(
    "max min log exp sin cos tan rank trace diag det softmax argmax argmin where otherwise then with"
    " such that sup inf lim dim ker sigmoid for and"
)
LIMITS = frozenset(["max", "min", "log", "exp", "sin", "cos", "tan", "det", "sup", "inf", "lim", "dim", "ker"])


@rule("F109", "name-in-italics", Severity.WARNING, "A name of several letters is set as a product of letters.")
def name_in_italics(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""Without a command, `max` is the product of m, a and x. Subscripts are left alone.

    Wrong: `$max(m, n)$`
    Right: `$\max(m, n)$`, and `\operatorname{rank}` for names that have no command
    """
    run = {formula.start for formulas in _runs(document) for formula in formulas}
    for formula, read in trees(document):
        if formula.start in run or _prose(document, formula):
            continue
        lowered = {id(node.sub.children) for node in read.walk() if node.sub is not None}
        for nodes in read.sequences():
            for row in () if id(nodes) in lowered else _letters(nodes):
                word = "".join(node.text for node in row)
                if word in NAMES:
                    mend = f"\\{word}" if word in LIMITS else f"\\operatorname{{{word}}}"
                    at = formula.inside + row[0].start, formula.inside + row[-1].end
                    yield Finding(*at, f"“{word}” is set as a product of letters", f"write `{mend}`")


def _letters(nodes: Sequence[Node]) -> Iterator[list[Node]]:
    """Rows of three or more plain letters that touch."""
    row: list[Node] = []
    for node in [*nodes, None]:
        touches = node is not None and node.kind == "symbol" and not node.style and len(node.text) == 1
        if (
            touches
            and node is not None
            and (not row or (row[-1].end == node.start and row[-1].sub is row[-1].sup is None))
        ):
            row.append(node)
            continue
        if len(row) > 2:
            yield row
        row = [node] if touches and node is not None else []


OUTSIDE = re.compile(
    r"(?<![\\A-Za-z])\\(?P<name>[a-zA-Z]+)(?![a-zA-Z])|(?<=[A-Za-z0-9\\])[_^]\{[^{}\n]{1,20}\}(?![A-Za-z0-9_/.])"
)
IN_MATH_ONLY = commands.GREEK | commands.RELATIONS | commands.BIG | commands.FRACTIONS | frozenset(
    ["mathbf", "mathbb", "mathcal", "cdot", "times", "sqrt", "infty", "partial", "nabla", "hat", "bar", "tilde"]
)  # fmt: skip


@rule("F110", "formula-outside-dollars", Severity.ERROR, "A piece of a formula stands in running text.")
def formula_outside(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""The reader sees the source.

    Wrong: `the value \sigma_1 is the largest`
    Right: `the value $\sigma_1$ is the largest`
    """
    last = -1
    for match in OUTSIDE.finditer(document.words):
        if (match["name"] is None and document.tex) or (match["name"] and match["name"] not in IN_MATH_ONLY):
            continue
        line = document.place(match.start()).line
        if line == last or _in_address(document, match.start()):
            continue
        last = line
        yield Finding(match.start(), match.end(), f"`{match[0]}` stands outside a formula", "put it between dollars")


# --- what does not convert ----------------------------------------------------------------------------------------


@rule("F113", "does-not-convert", Severity.ERROR, "A command lacks an argument, or a script or a cell has no place.")
def does_not_convert(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""TeX stops there, and so does every converter.

    Wrong: `$\frac{1}$`, `$x^2^3$`, `$a & b$`, `\begin{matrix}` without its end
    Right: `$\frac{1}{2}$`, `$x^{2^3}$`, `$a, b$`
    """
    for formula, problem in _problems(document, "argument", "script", "cell", "comment"):
        if problem.sort != "comment" or not document.tex:
            yield finding(formula, problem, problem.message)


@rule("F114", "script-of-several-digits", Severity.WARNING, "Only the first digit of a script is raised or lowered.")
def script_digits(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""A script is one sign unless it stands in braces.

    Wrong: `$10^12$`
    Right: `$10^{12}$`
    """
    for formula, problem in _problems(document, "digits"):
        yield finding(formula, problem, problem.message, "put the number in braces")


@rule(
    "F115", "bold-without-effect", Severity.WARNING, r"`\mathbf` around a small Greek letter, which it leaves as it is."
)
def bold_without_effect(document: Document, knowledge: Knowledge) -> Iterator[Finding]:
    r"""The letter prints as if it were not bold: `\mathbf` changes the font of Latin letters and of Greek capitals
    only. Reported once for each letter. A source that loads unicode-math is left alone.

    Wrong: `$\mathbf{\xi}_t$`
    Right: `$\boldsymbol{\xi}_t$`
    """
    if document.tex and "unicode-math" in document.source:
        return
    seen: set[str] = set()
    for formula, read in trees(document):
        for node in read.walk():
            small = node.text[1:] in commands.GREEK and node.text[1:2].islower()
            bold = small and node.kind == "symbol" and node.style.startswith("bold")
            if bold and node.text not in seen and document.source.startswith(r"\mathbf", formula.inside + node.start):
                seen.add(node.text)
                mend = f"write `\\boldsymbol{{{node.text}}}`"
                yield finding(formula, node, f"`\\mathbf` leaves `{node.text}` as it is", mend)
