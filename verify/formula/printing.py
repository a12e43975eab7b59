"""The printing reader: formula to TeX, to MathML, to one line for the terminal.

What is printed is what was checked, so the printer is strict and faithful: a node it does not know is an error that
names it, a relation stays as it was written, and two formulas that differ in one node print differently.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from typing import Any

import latex2mathml.exceptions
import sympy as sp
from latex2mathml.converter import convert
from sympy.core.symbol import Str
from sympy.printing.conventions import split_super_sub
from sympy.printing.latex import LatexPrinter, translate

from verify.formula.oneline import one_line
from verify.formula.vocabulary import FormulaError, MatrixNode, ScalarNode
from verify.model.statement import Assume, Declared, Index, Layers, Let, Matrix, Real, Size

SYMPY_NODES = (
    sp.Symbol, sp.Rational, type(sp.pi), type(sp.E), sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log, sp.Abs, sp.Min, sp.Max,
    sp.floor, sp.ceiling, sp.Sum, sp.Product, sp.Tuple, sp.Trace, sp.Eq, sp.Ne, sp.Le, sp.Lt, sp.Ge, sp.Gt, Str,
    sp.MatrixSymbol, sp.MatAdd, sp.MatMul, sp.MatPow, sp.Inverse, sp.Transpose, sp.HadamardProduct,
    sp.KroneckerProduct, sp.Identity, sp.ZeroMatrix, sp.OneMatrix, sp.ImmutableDenseMatrix,
)  # fmt: skip
# What latex2mathml 3.81 was seen to raise on broken TeX, beside its own errors, in 60,000 random strings.
CONVERSION_ERRORS: tuple[type[Exception], ...] = (
    ET.ParseError,
    IndexError,
    StopIteration,
    ValueError,
    *(e for e in vars(latex2mathml.exceptions).values() if isinstance(e, type) and issubclass(e, Exception)),
)
CHILDREN = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
SYMBOL_NAME = re.compile(r"[^\W_]+([_^]([^\W_]+|[*+]))*")


def tex(expression: Any) -> str:
    """TeX in the notation of the field. Raises FormulaError for a node outside the vocabulary."""
    expression = sp.sympify(expression)
    for node in sp.preorder_traversal(expression):
        ours = isinstance(node, (ScalarNode, MatrixNode)) and f"_print_{type(node).__name__}" in vars(Printer)
        known = ours or isinstance(node, SYMPY_NODES)
        if not known or node in (sp.nan, sp.zoo):
            raise FormulaError(f"the printer does not know the node {type(node).__name__} in {expression}")
    return _write(expression)


def mathml(expression: Any, display: bool = False) -> str:
    """MathML of a formula, or of a string of TeX, that keeps the TeX as an annotation.

    Raises FormulaError where the TeX does not convert completely: latex2mathml passes unknown commands, alignment
    signs and stray braces on as text and without an error, so what it returns is parsed and searched.
    """
    source = expression if isinstance(expression, str) else tex(expression)
    _require_plain_tex(source)
    try:
        # \text passes signs of order on as they are, and with them elements: as commands they cannot.
        signs = source.replace("<", r"\lt ").replace(">", r"\gt ")
        markup = convert(signs, display="block" if display else "inline")
        root = ET.fromstring(markup)  # noqa: S314  # the converter wrote it, and it declares no entities
    except CONVERSION_ERRORS as error:
        raise FormulaError(f"{source!r} does not convert to MathML: {type(error).__name__} {error}".strip()) from error
    left_over = [t for t in root.itertext() if "\\" in t]
    if left_over:
        raise FormulaError(f"{source!r} does not convert to MathML: {left_over[0]} is left over as text")
    for node in root.iter():
        name = node.tag.rpartition("}")[2]
        if len(node) != CHILDREN.get(name, len(node)):
            raise FormulaError(f"{source!r} does not convert to MathML: a part of {name} is missing")
    end = markup.index(">") + 1
    annotation = f'<annotation encoding="application/x-tex">{html.escape(source, quote=False)}</annotation>'
    return f"{markup[:end]}<semantics>{markup[end : -len('</math>')]}{annotation}</semantics></math>"


def plain(expression: Any) -> str:
    """One line of Unicode for the terminal. Raises FormulaError as :func:`tex` does."""
    return one_line(tex(expression))


def plain_given(line: Declared) -> str:
    """One line of Unicode for one declaration or hypothesis."""
    return one_line(tex_given(line))


def _require_plain_tex(source: str) -> None:
    """Refuses what the converter would print or drop without a word."""
    unsafe = re.search(r"(?<!\\)[$%#~]|\\operatorname\*|\\href", source)
    if unsafe:
        raise FormulaError(f"{source!r} does not convert to MathML: {unsafe.group()} has no meaning here")
    depth = 0
    for sign in re.findall(r"\\.|[{}]", source, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            break
    if depth:
        raise FormulaError(f"{source!r}: the braces do not balance")


def tex_given(line: Declared) -> str:
    """TeX of one declaration or hypothesis. What sympy assumes of a real symbol is printed: it is a hypothesis too."""
    match line:
        case Size(symbol=s, low=low):
            return rf"{tex(s)} \in \mathbb{{N}}_{{\geq {low}}}"
        case Matrix(symbol=s, structure=structure):
            sets = {"general": "{0}", "nonzero": r"{0} \setminus \left\{{0\right\}}", "positive": "{1}"}
            shape = rf"^{{{tex(s.shape[0])} \times {tex(s.shape[1])}}}"
            space = sets.get(structure, "{0}").format(rf"\mathbb{{R}}{shape}", rf"\mathbb{{R}}_{{> 0}}{shape}")
            diagonal = rf", \; {_unit(s)}_{{i, j}} = 0 \; (i \neq j)" if structure == "diagonal" else ""
            return rf"{tex(s)} \in {space}{diagonal}"
        case Layers(symbol=s):
            width = tex(s.width)
            members = rf"{_unit(s)}_{{1}}, \ldots, {_unit(s)}_{{{tex(s.length)}}}"
            return rf"{members} \in \mathbb{{R}}^{{{width} \times {width}}}"
        case Index(symbol=s, low=low, high=high):
            return rf"{tex(low)} \leq {tex(s)} \leq {tex(high)}"
        case Real():
            return _real(line)
        case Let(symbol=s, value=value):
            return f"{tex(s)} := {tex(value)}"
        case Assume(formula=formula):
            return tex(formula)
    raise FormulaError(f"the printer does not know the declaration {type(line).__name__}")


def _real(line: Real) -> str:
    left, right = ("(", ")") if line.open else ("[", "]")
    low = rf"{left}{tex(line.low)}" if line.low is not None else r"(-\infty"
    high = f"{tex(line.high)}{right}" if line.high is not None else r"\infty)"
    bounded = line.low is not None or line.high is not None
    name = tex(line.symbol)
    said = rf"{name} \in {low}, {high}" if bounded else rf"{name} \in \mathbb{{R}}"
    s = line.symbol
    signs = {"> 0": s.is_positive, "< 0": s.is_negative}
    signs |= {r"\geq 0": s.is_nonnegative and not s.is_positive, r"\leq 0": s.is_nonpositive and not s.is_negative}
    signs |= {r"\neq 0": s.is_nonzero and not s.is_positive and not s.is_negative, r"\in \mathbb{Z}": s.is_integer}
    return said + "".join(rf", \; {name} {sign}" for sign, holds in signs.items() if holds)


# --- TeX ---------------------------------------------------------------------------------------------------


def _write(e: Any) -> str:
    """As :func:`tex`, for a part of an expression that was found to be in the vocabulary."""
    return str(Printer()._print(e))


def _join(terms: list[str]) -> str:
    """A sum that begins with a plus where it can: r - k, not - k + r."""
    first, *rest = sorted(terms, key=lambda t: t.startswith("-"))
    return first + "".join(f" - {t[1:].lstrip()}" if t.startswith("-") else f" + {t}" for t in rest)


def _is_letter(e: Any) -> bool:
    return isinstance(e, (sp.Symbol, sp.MatrixSymbol)) and not re.search("[_^]", _write(e))


def _unit(e: Any) -> str:
    """``e`` ready for a subscript: a letter as it is, anything else in parentheses."""
    return _write(e) if _is_letter(e) else rf"\left({_write(e)}\right)"


def _argument(e: Any) -> str:
    letter = isinstance(e, (sp.Symbol, sp.MatrixSymbol, sp.Integer))
    return f"({_write(e)})" if letter else rf"\left({_write(e)}\right)"


def _is_atom(e: Any) -> bool:
    """Whether ``e`` prints as one unit, to be multiplied or raised without parentheses."""
    if isinstance(e, (ScalarNode, MatrixNode)):
        return type(e).__name__ not in ("Chain", "Gradient")
    atoms = (sp.Symbol, sp.MatrixSymbol, sp.Identity, sp.ZeroMatrix, sp.OneMatrix, sp.Trace, sp.ImmutableDenseMatrix)
    return isinstance(e, atoms)


def _factor(e: Any) -> str:
    """``e`` as an operand of a matrix product of any kind."""
    bare = _is_atom(e) or isinstance(e, (sp.Transpose, sp.MatPow, sp.Inverse))
    return _write(e) if bare else rf"\left({_write(e)}\right)"


def _raised(e: Any, exponent: str) -> str:
    base = _write(e)
    bare = _is_atom(e) and not (isinstance(e, (sp.Symbol, sp.MatrixSymbol)) and "^" in base)
    return f"{base}^{{{exponent}}}" if bare else rf"\left({base}\right)^{{{exponent}}}"


def _repeated(sign: str, e: Any) -> str:
    if any(len(limit) != 3 for limit in e.limits):
        raise FormulaError(f"{e} needs a lower and an upper limit: (i, low, high)")
    signs = [rf"{sign}_{{{_write(i)}={_write(low)}}}^{{{_write(high)}}}" for i, low, high in reversed(e.limits)]
    text = _write(e.function)
    return " ".join([*signs, rf"\left({text}\right)" if e.function.is_Add or text.startswith("-") else text])


def _call(name: str) -> Any:
    return lambda self, e: name + _argument(e.args[0])


def _indexed_call(name: str) -> Any:
    return lambda self, e: f"{name}_{{{_write(e.args[1])}}}{_argument(e.args[0])}"


def _subscript(form: str = "{}") -> Any:
    return lambda self, e: f"{_unit(e.args[0])}_{{{form.format(', '.join(_write(i) for i in e.args[1:]))}}}"


def _norm(kind: str) -> Any:
    return lambda self, e: rf"\left\|{_write(e.args[0])}\right\|_{{{kind}}}"


def _between(sign: str) -> Any:
    return lambda self, e: f" {sign} ".join(_factor(f) for f in e.args)


class Printer(LatexPrinter):
    """sympy's TeX printer in the notation of the field: one method a node of the vocabulary."""

    printmethod = "_tex_of_the_field"  # no node prints itself: a ``_latex`` method of sympy's would go unseen

    _print_Rank = _call(r"\operatorname{rank}")
    _print_EffectiveRank = _call(r"\operatorname{erank}")
    _print_EffectiveRankL1 = _call(r"\operatorname{erank}_{1}")
    _print_Trace = _call(r"\operatorname{tr}")
    _print_Softmax = _call(r"\operatorname{softmax}")
    _print_CausalSoftmax = _call(r"\operatorname{softmax}_{\mathrm{causal}}")
    _print_LogSumExp = _call(r"\operatorname{logsumexp}")
    # The circled dot says that these act on entries: exp of a matrix is read as the matrix exponential otherwise.
    _print_Exp = _call(r"\exp_{\odot}")
    _print_Log = _call(r"\log_{\odot}")

    _print_FrobeniusNorm = _norm("F")
    _print_SpectralNorm = _norm("2")
    _print_NuclearNorm = _norm("*")

    _print_Sigma = _indexed_call(r"\sigma")
    _print_Energy = _indexed_call("E")
    _print_ThresholdRank = _indexed_call(r"\operatorname{rank}")
    _print_LeftSingular = _indexed_call("u")
    _print_RightSingular = _indexed_call("v")

    _print_Truncated = _subscript()
    _print_Member = _subscript()
    _print_Entry = _subscript()
    _print_Thresholded = _subscript("> {}")

    _print_HadamardProduct = _between(r"\odot")
    _print_KroneckerProduct = _between(r"\otimes")

    def _print_CountAbove(self, e: Any) -> str:
        taken = {str(s) for s in e.free_symbols}
        i = next(letter for letter in ("i", "j", "l", "h", "p", "q", "s") if letter not in taken)
        return rf"\#\left\{{{i} : \sigma_{{{i}}}{_argument(e.args[0])} > {_write(e.args[1])}\right\}}"

    def _print_HStack(self, e: Any) -> str:
        return rf"\left[{_write(e.args[0])} \mid {_write(e.args[1])}\right]"

    def _print_Chain(self, e: Any) -> str:
        return rf"{_unit(e.args[0])}_{{{_write(e.args[1])}}} \cdots {_unit(e.args[0])}_{{1}}"

    def _print_Gradient(self, e: Any) -> str:
        f, x = e.args
        return rf"\nabla_{{{_write(x)}}} " + (_write(f) if _is_atom(f) else rf"\left({_write(f)}\right)")

    def _print_Add(self, e: Any, order: Any = None) -> str:
        return _join([rf"\left({_write(t)}\right)" if t.is_Add else _write(t) for t in self._as_ordered_terms(e)])

    def _print_MatAdd(self, e: Any) -> str:
        return _join([rf"\left({_write(t)}\right)" if isinstance(t, sp.MatAdd) else _write(t) for t in e.args])

    def _print_MatMul(self, e: Any) -> str:
        coefficient = sp.Mul(*(a for a in e.args if not a.is_Matrix))
        product = " ".join(_write(f) if type(f).__name__ == "Chain" else _factor(f) for f in e.args if f.is_Matrix)
        if coefficient == 1:
            return product
        if coefficient == -1:
            return f"- {product}"
        compound = coefficient.is_Add or coefficient.has(sp.Sum, sp.Product)
        return (rf"\left({_write(coefficient)}\right) " if compound else f"{_write(coefficient)} ") + product

    def _print_Transpose(self, e: Any) -> str:
        return _raised(e.arg, r"\top")

    def _print_Inverse(self, e: Any) -> str:
        return _raised(e.arg, "-1")

    def _print_MatPow(self, e: Any) -> str:
        return _raised(e.base, _write(e.exp))

    def _print_Identity(self, e: Any) -> str:
        return f"I_{{{_write(e.shape[0])}}}"

    def _print_ZeroMatrix(self, e: Any) -> str:
        return rf"0_{{{_write(e.shape[0])} \times {_write(e.shape[1])}}}"

    def _print_OneMatrix(self, e: Any) -> str:
        return rf"\mathbf{{1}}_{{{_write(e.shape[0])} \times {_write(e.shape[1])}}}"

    def _print_Pi(self, e: Any) -> str:
        return r"\pi"

    def _print_Exp1(self, e: Any, exp: Any = None) -> str:
        return r"\mathrm{e}" if exp is None else rf"\mathrm{{e}}^{{{exp}}}"

    def _print_Sum(self, e: Any) -> str:
        return _repeated(r"\sum", e)

    def _print_Product(self, e: Any) -> str:
        return _repeated(r"\prod", e)

    def _print_ExpBase(self, e: Any, exp: Any = None) -> str:
        power = rf"\mathrm{{e}}^{{{_write(e.args[0])}}}"
        return power if exp is None else rf"\left({power}\right)^{{{exp}}}"

    _print_exp = _print_ExpBase

    def _deal_with_super_sub(self, string: str, style: str = "plain") -> str:
        if not SYMBOL_NAME.fullmatch(string):
            raise FormulaError(
                f"the name {string!r} does not print; use letters and digits, joined by _ or ^, as W_0, W_* or d_int"
            )
        name, above, below = split_super_sub(string)
        head = _word(name)
        return (
            head
            + (f"^{{{' '.join(map(_word, above))}}}" if above else "")
            + (f"_{{{' '.join(map(_word, below))}}}" if below else "")
        )


def _word(name: str) -> str:
    """A letter, a Greek letter or a number as it is; a word upright, so that ``mn`` is not read as m times n."""
    translated = str(translate(name))
    if translated == "*":
        return r"\ast"
    upright = len(translated) > 1 and not translated.startswith("\\") and not translated.isdigit()
    return rf"\mathrm{{{translated}}}" if upright else translated
