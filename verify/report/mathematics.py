"""Formulas and exact values as MathML. The one place of the report that makes markup.

TeX reaches this module from claims, from the ledger and from a user's text, and latex2mathml copies
``\\text{<script>}`` and ``\\href`` into its output: so whatever comes back is parsed as XML, every element and
attribute must be known to be inert, and what is written into the page is the re-serialised tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import sympy as sp
from markupsafe import Markup, escape

from verify.errors import VerifyError
from verify.formula import printing
from verify.formula.assignment import number
from verify.formula.oneline import one_line
from verify.formula.vocabulary import FormulaError
from verify.model.evidence import Value
from verify.model.statement import Assume, Declared, Size


class ReportError(VerifyError):
    """The report cannot be written. The message is one line and names the mend."""


NAMESPACE = "http://www.w3.org/1998/Math/MathML"
ELEMENTS = frozenset(
    {"math", "semantics", "annotation", "mrow", "mi", "mn", "mo", "mtext", "ms", "mspace"}
    | {"mfrac", "msqrt", "mroot", "mstyle", "merror", "mpadded", "mphantom", "menclose", "mtable", "mtr", "mtd"}
    | {"msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "none"}
)
ATTRIBUTES = frozenset(
    {"display", "displaystyle", "encoding", "mathsize", "mathvariant", "scriptlevel", "linethickness", "notation"}
    | {"accent", "accentunder", "fence", "form", "largeop", "movablelimits", "separator", "stretchy", "symmetric"}
    | {"depth", "height", "width", "voffset", "lspace", "rspace", "maxsize", "minsize"}
    | {"columnalign", "columnlines", "columnspacing", "rowlines", "rowspacing"}
)
SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})
ROWS = frozenset({"math", "mrow", "mtd", "msqrt"})
QUIET = frozenset({"mi", "mn", "mtext", "mfrac", "msqrt", "mroot"})
"""What no operator begins or ends with."""
STRETCHY = frozenset("()[]{}|‖⌊⌋⌈⌉⟨⟩")
TALL = frozenset({"mfrac", "msqrt", "mroot", "munder", "mover", "munderover", "mtable"})
ANNOTATION = re.compile(r"<semantics>|</semantics>|<annotation.*?</annotation>", re.DOTALL)
ZEROS = re.compile(r"^(-?\d+\.\d*?0{3})0{3,}$")
DIGITS = re.compile(r"-?[0-9]+(/[0-9]+)?")
WIDE = 12  # a matrix with more rows or columns than this is folded away
LONG = 100  # signs of a formula or a number that has to break on paper


@lru_cache(maxsize=8192)
def from_tex(tex: str, display: bool = False) -> Markup:
    """MathML of a TeX formula, its source kept as an annotation where it is displayed.

    Raises ReportError naming the formula where it does not convert, or converts to anything but inert MathML.
    """
    try:
        text = printing.mathml(tex, display=display)
    except FormulaError as error:
        raise ReportError(f"the formula {tex!r} does not convert to MathML: {error}") from error
    return inert(text if display else ANNOTATION.sub("", text), tex)


def from_tex_or_none(tex: str, display: bool = False) -> Markup | None:
    """As :func:`from_tex`, but None where it does not convert: for a text that is not the project's to mend."""
    try:
        return from_tex(tex, display)
    except ReportError:
        return None


def formula(expression: Any, display: bool = False) -> Markup:
    """MathML of a sympy expression of the vocabulary."""
    try:
        return from_tex(printing.tex(expression), display)
    except FormulaError as error:
        raise ReportError(f"{expression} has no TeX form: {error}") from error


def tex(expression: Any) -> str:
    return printing.tex(expression)


def hypothesis_tex(line: Declared) -> str:
    """TeX of one line of the hypotheses."""
    return printing.tex_given(line)


def inert(mathml: str, tex: str) -> Markup:
    """The MathML re-serialised; raises ReportError for what is not well-formed or not plain mathematics."""
    try:
        root = ElementTree.fromstring(mathml)  # noqa: S314 - generated here, no DTD: nothing to expand
    except ElementTree.ParseError as error:
        raise ReportError(f"the formula {tex!r} gives malformed MathML: {error}") from error
    for node in root.iter():
        node.tag = node.tag.removeprefix(f"{{{NAMESPACE}}}")
        unknown = [name for name in node.attrib if name not in ATTRIBUTES]
        if node.tag not in ELEMENTS:
            raise ReportError(f"the formula {tex!r} gives the element <{node.tag}>, which is no mathematics")
        if unknown:
            raise ReportError(f"the formula {tex!r} gives the attribute {unknown[0]!r}, which is not allowed")
    if root.tag != "math":
        raise ReportError(f"the formula {tex!r} gives <{root.tag}> and not <math>")
    if root.get("display") == "inline":
        del root.attrib["display"]
    for node in list(root.iter()):
        if node.tag == "mrow":
            set_tight(node)
    slim(root)
    if len(root) == 1 and root[0].tag == "mrow" and not root[0].attrib:  # the root is a row itself
        root[:] = list(root[0])
    return Markup(ElementTree.tostring(root, encoding="unicode", short_empty_elements=False))  # noqa: S704 - checked above


def set_tight(row: ElementTree.Element) -> None:
    """Spaces ``rank(W)`` as TeX does: a named function is no binary operator, a fence brings no space of its own.

    Fonts give stretched parentheses wide bearings; around a line of ordinary height plain letters look right.
    """
    is_tall = any(node.tag in TALL for node in row.iter())
    for place, (node, after) in reversed(list(enumerate(zip(row, [*row[1:], None], strict=True)))):
        if node.tag == "mo" and node.text in ("(", ")"):
            # fence, form and stretchy="true" are every browser's default
            if not is_tall or node.get("stretchy") == "false":
                node.tag = "mi"
            node.attrib = {}
        elif node.tag == "mo" and node.get("fence") == "true":
            if is_tall:
                node.attrib = {"form": node.get("form", "prefix"), "lspace": "0", "rspace": "0", "stretchy": "true"}
            else:
                node.tag, node.attrib = "mi", {}
        if node.tag in ("mo", "mi") and is_word(node.text) and after is not None and opens(after):
            node.tag, node.attrib = "mi", {}
            if place and row[place - 1].tag != "mo":
                row.insert(place, ElementTree.Element("mspace", {"width": "0.167em"}))


def slim(node: ElementTree.Element) -> None:
    """Leaves out what draws nothing: rows that group nothing, and signs in scripts set as letters.

    A letter brings no space of its own, as in TeX, where scripts are set without spaces.
    """
    for child in node:
        slim(child)
    if node.tag in SCRIPTED:
        for sign in (sign for script in node[1:] for sign in script.iter("mo")):
            sign.tag, sign.attrib = "mi", {}
        base = node[0]
        if base.tag == "mo" and base.text in (")", "‖", "|"):
            base.tag, base.attrib = "mi", {}
    for place, child in reversed(list(enumerate(node))):
        if is_upright_word(child):
            node[place] = ElementTree.Element("mi")
            node[place].text = "".join(child.itertext())
        elif (child.tag == "mrow" and len(child) == 1 and not child.attrib and node.tag != "semantics") or (
            child.tag == "mstyle" and not child.attrib and len(child) == 1
        ):
            node[place] = child[0]
        elif node.tag in ROWS and is_idle(child):
            node[place : place + 1] = list(child)


def is_upright_word(row: ElementTree.Element) -> bool:
    r"""Whether it is ``\mathrm{rank}``, letter by letter: one name of several letters is upright by itself."""
    letters = [node.text or "" for node in row if node.tag == "mi" and node.attrib == {"mathvariant": "normal"}]
    return row.tag == "mrow" and not row.attrib and len(letters) == len(row) > 1 and all(map(str.isalpha, letters))


def is_idle(row: ElementTree.Element) -> bool:
    """Whether a row can be dissolved into the row around it: no sign of it would change its spaces or its height."""
    signs = {node.text for node in row if node.tag == "mo"}
    ends = [row[0].tag, row[-1].tag] if len(row) else []
    return row.tag == "mrow" and not row.attrib and QUIET.issuperset(ends) and not signs & STRETCHY


def is_word(text: str | None) -> bool:
    return text is not None and len(text) > 1 and text.isascii() and text.isalpha()


def opens(node: ElementTree.Element) -> bool:
    """Whether the node begins with an opening parenthesis."""
    while node.tag == "mrow" and len(node):
        node = node[0]
    return node.tag in ("mo", "mi") and node.text == "("


# --- formulas in running text -------------------------------------------------------------------------------

LOW = dict(zip("0123456789aehijklmnoprstuvx+-", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₊₋", strict=True))
HIGH = dict(zip("0123456789abcdefghijklmnoprstuvwxyzNT+-×", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴺᵀ⁺⁻ˣ", strict=True))
SCRIPT = re.compile(r"([\^_])(?:\{([\w+× -]+)\}|(\w)(?![A-Za-z0-9]))")
LEFT = re.compile(r"([\^_])(?:\{([^{}]*)\}|([^\s{&]))")


@lru_cache(maxsize=8192)
def in_text(tex: str) -> Markup:
    """A formula on one line of text, a tenth of the size of its MathML: what a page has many of.

    Scripts are raised and lowered letters where there are such letters, and elements otherwise.
    """
    words = re.sub(r"\\(?:text|mathrm)\{([^{}]*)\}", r"\1", tex)
    line = one_line(re.sub(r"\\(?:q?quad|[;,!:])", " ", words))
    lettered = SCRIPT.sub(_script, " ".join(line.split())).replace("ℕ_{≥ 1}", "ℕ₊")
    return _scripted(str(escape(lettered)))


def _scripted(escaped: str) -> Markup:
    """The scripts for which there are no letters, from the innermost outwards, as elements."""
    text, count = escaped, 1
    while count:
        text, count = LEFT.subn(_element, text)
    return Markup(text)  # noqa: S704 - escaped before; only sub and sup are added


def _element(match: re.Match[str]) -> str:
    tag = "sup" if match[1] == "^" else "sub"
    return f"<{tag}>{(match[2] or match[3] or '').strip()}</{tag}>"


def _script(match: re.Match[str]) -> str:
    """The script in raised or lowered letters where there are such letters."""
    letters = (match[2] or match[3]).replace(" ", "")
    known = HIGH if match[1] == "^" else LOW
    return "".join(known[c] for c in letters) if all(c in known for c in letters) else match[0]


def formula_in_text(expression: Any) -> Markup:
    return in_text(printing.tex(expression))


def is_long(expression: Any) -> bool:
    """Whether a formula is wider than a sheet of paper: on a line of text it can break, on its own it cannot."""
    return len(formula_in_text(expression).striptags()) > LONG


def hypotheses_in_text(given: Sequence[Declared], *, named: bool = False, words: Callable[[str], str] = str) -> Markup:
    """All lines of the hypotheses, those of equal sizes joined: ``m, n ∈ ℕ₊; W ∈ ℝᵐˣⁿ``. ``named`` adds their names."""
    joined: dict[str, list[str]] = {}
    for line in given:
        symbol, sign, rest = printing.tex_given(line).partition(r" \in ")
        if isinstance(line, Size) and sign:
            joined.setdefault(sign + rest, []).append(symbol)
        else:
            joined.setdefault(printing.tex_given(line), [])
    names = {printing.tex_given(line): f" ({words(line.name)})" for line in given if named and isinstance(line, Assume)}
    lines = (in_text(", ".join(symbols) + rest) + names.get(rest, "") for rest, symbols in joined.items())
    return Markup("; ").join(lines)


def values_in_text(values: Mapping[str, Value], longest: int = 160) -> str:
    """Exact values on one line; of those too long for it, the sizes."""
    return ", ".join(f"{name} = {_value_in_text(value, longest)}" for name, value in values.items())


def _value_in_text(value: Value, longest: int) -> str:
    if isinstance(value, str):
        return value
    written = str(value).replace("'", "")
    if len(written) <= longest:
        return written
    return (
        f"({len(value)} × {len(value[0])})"
        if is_matrix(value)
        else f"({len(value)} × {len(value[0])} × {len(value[0][0])})"
    )


# --- exact values ------------------------------------------------------------------------------------------


def exact(text: str) -> Any | None:
    """The exact number a text stands for, or None where it is an enclosure or a remark."""
    try:
        return number(text)
    except FormulaError:
        return None


def quantity(text: str) -> Markup | str | None:
    """An exact number, with a decimal beside it where that helps; None where the text is no exact number.

    MathML for what is not written in digits alone, but for a fraction of so many digits that it has to break.
    """
    value = exact(text)
    if value is None:
        return None
    if value.is_Integer:
        return str(value)
    long = value.is_Rational and len(str(value)) > LONG
    return (in_text if long else from_tex)(value_tex(value) + decimal(value))


def decimal(value: Any) -> str:
    """`` \\approx 1.41421`` for a number that is not short already."""
    if value.is_Integer or (value.is_Rational and value.q in (2, 4, 5, 10)):
        return ""
    mantissa, _, exponent = f"{float(sp.N(value, 17)):.6g}".partition("e")
    power = rf" \cdot 10^{{{int(exponent)}}}" if exponent else ""
    return rf" \approx {mantissa}{power}"


def value_tex(value: Any) -> str:
    return str(printing.tex(value))


def entry_tex(text: str) -> str:
    value = exact(text)
    return rf"\text{{{plain_tex(text)}}}" if value is None else value_tex(value)


def symbol_tex(name: str) -> str:
    """A name as a reader meets it in formulas: Greek letters and subscripts as such."""
    return str(printing.tex(sp.Symbol(name)))


def short(text: str, longest: int = 60) -> str:
    """A text cut to what a line holds; of a decimal that ends in many zeros, three of them."""
    text = ZEROS.sub(r"\1…", text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def plain_tex(text: str) -> str:
    """Text that is safe inside ``\\text{}``: only what a number's enclosure is written with."""
    return "".join(c if c.isalnum() or c in " .,+-/*()[]=" else "?" for c in text)


def matrix_tex(rows: list[list[str]]) -> str:
    if len(rows) == len(rows[0]) == 1:
        return rf"\left( {entry_tex(rows[0][0])} \right)"
    body = r" \\ ".join(" & ".join(entry_tex(entry) for entry in row) for row in rows)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"


def columns(rows: list[list[str]]) -> str:
    """A matrix in lines of text, its columns set right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(" ".join(e.rjust(w) for e, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def is_short(value: Value) -> bool:
    """Whether a value reads as well in a line of text: a number in digits, or a matrix with one entry."""
    if isinstance(value, str):
        return DIGITS.fullmatch(value) is not None
    return is_matrix(value) and len(value) == len(value[0]) == 1 and DIGITS.fullmatch(str(value[0][0])) is not None


def value_in_text(value: Value) -> str:
    return value if isinstance(value, str) else f"({value[0][0]})"


def is_matrix(value: Value) -> bool:
    return not isinstance(value, str) and bool(value) and bool(value[0]) and isinstance(value[0][0], str)


def assignment(name_tex: str, value: Value) -> list[Markup]:
    """``W = (matrix)``; a family gives one formula a member; a scalar ``c = 2``."""
    if isinstance(value, str):
        return [from_tex(f"{name_tex} = {entry_tex(value)}")]
    if is_matrix(value):
        return [from_tex(f"{name_tex} = {matrix_tex(value)}")]  # type: ignore[arg-type]
    members = enumerate(value, 1)
    return [from_tex(f"{name_tex}_{{{i}}} = {matrix_tex(member)}") for i, member in members]  # type: ignore[arg-type]


def is_wide(value: Value) -> bool:
    """Whether a value is too large to stand open on a page."""
    if isinstance(value, str):
        return False
    blocks = [value] if is_matrix(value) else value
    return any(len(block) > WIDE or any(len(row) > WIDE for row in block) for block in blocks)
