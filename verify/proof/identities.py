"""Matrix identities with symbolic sizes, by normal forms of noncommutative polynomials.

A matrix expression is a sum of words (products of atoms) with scalar coefficients. The ring axioms and the rules for
transposes bring every expression to that form; equalities that are known may be used as rewriting rules, left to
right. Each application of a rule is an equality, so the method is sound however the rules interact; it is
not complete, and a failure proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.matrices.expressions import (
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)

from verify.formula.vocabulary import MatrixNode, ScalarNode
from verify.proof.binding import height, integer_name, limits, replaced
from verify.proof.errors import ProofError
from verify.proof.numbers import expanded, simplified

Word = tuple[MatrixExpr, ...]
Poly = dict[Word, sp.Expr]

REWRITE_LIMIT = 10_000
WORD_LIMIT = 100
POWER_LIMIT = 64
REMEMBERED = 50_000
"""How many canonical forms are kept: the facts of a proof are compared again for every line of it."""


def same_size(a: Any, b: Any) -> bool:
    return vanishes(sp.sympify(a) - sp.sympify(b))


def vanishes(number: Any) -> bool:
    """Whether a number is zero by the laws of fields, roots and logarithms; False where that is not seen."""
    number = expanded(canonical(sp.sympify(number)))
    return bool(number == 0 or (number.args and simplified(number) == 0))


def combine(target: Poly, source: Poly, factor: sp.Expr = sp.S.One) -> None:
    for word, coefficient in source.items():
        total = expanded(target.get(word, sp.S.Zero) + factor * coefficient)
        if total == 0:
            target.pop(word, None)
        else:
            target[word] = total


def times(left: Poly, right: Poly) -> Poly:
    out: Poly = {}
    for u, a in left.items():
        for v, b in right.items():
            word, count = _joined(u, v)
            combine(out, {word: a * b * count})
    return out


def _joined(u: Word, v: Word) -> tuple[Word, Any]:
    """Two words as one, and a factor: a row of ones times a column of ones is their number."""
    meet = bool(u and v) and isinstance(u[-1], OneMatrix) and isinstance(v[0], OneMatrix)
    if meet and u[-1].shape[0] == 1 and v[0].shape[1] == 1:
        return u[:-1] + v[1:], u[-1].shape[1]
    return u + v, sp.S.One


def _ones(rows: Any, cols: Any) -> Poly:
    """A matrix of ones is a column of ones times a row of ones."""
    column = () if rows == 1 else (OneMatrix(rows, 1),)
    row = () if cols == 1 else (OneMatrix(1, cols),)
    return {column + row: sp.S.One}


def transpose_atom(atom: MatrixExpr) -> MatrixExpr:
    if isinstance(atom, Transpose):
        return atom.arg
    if isinstance(atom, OneMatrix):
        return OneMatrix(atom.shape[1], atom.shape[0])
    if isinstance(atom, Inverse):
        return Inverse(to_expression(transposed(to_poly(atom.arg)), atom.shape))
    return Transpose(atom)


def transposed(poly: Poly) -> Poly:
    return {tuple(transpose_atom(a) for a in reversed(word)): c for word, c in poly.items()}


def to_poly(expression: Any) -> Poly:
    """The expression as a sum of words. Raises ProofError where sizes are not provably equal or a node is unknown."""
    match expression:
        case ZeroMatrix():
            return {}
        case Identity():
            return {(): sp.S.One}
        case MatAdd():
            out: Poly = {}
            for term in expression.args:
                require_shape(term, expression.args[0], expression)
                combine(out, to_poly(term))
            return out
        case MatMul():
            return _product(expression)
        case Transpose():
            return transposed(to_poly(expression.arg))
        case Inverse():
            require_square(expression.arg)
            return {(Inverse(canonical(expression.arg)),): sp.S.One}
        case MatPow() if expression.exp.is_Integer and 0 < expression.exp <= POWER_LIMIT:
            out = to_poly(expression.base)
            for _ in range(int(expression.exp) - 1):
                out = times(out, to_poly(expression.base))
            return out
        case MatPow() if not expression.exp.is_Integer or expression.exp == 0:
            return _power(expression)
        case OneMatrix():
            return _ones(*expression.shape)
        case MatrixSymbol():
            return {(expression,): sp.S.One}
        case MatrixNode():
            return {(canonical_node(expression),): sp.S.One}
    raise ProofError(f"no rule of matrix algebra for {type(expression).__name__}: {expression}")


def _power(expression: MatPow) -> Poly:
    """A power with a symbolic exponent is an atom, its base in canonical form; the power zero is the identity."""
    require_square(expression.base)
    if expression.exp == 0:
        return {(): sp.S.One}
    if not expression.exp.is_integer:
        raise ProofError(f"the exponent of {expression} is not known to be an integer")
    return {(MatPow(canonical(expression.base), expanded(expression.exp)),): sp.S.One}


def require_shape(a: Any, b: Any, where: Any) -> None:
    if not (same_size(a.shape[0], b.shape[0]) and same_size(a.shape[1], b.shape[1])):
        raise ProofError(f"in {where}: {a} is {a.shape[0]} x {a.shape[1]}, {b} is {b.shape[0]} x {b.shape[1]}")


def require_square(m: Any) -> None:
    if not same_size(*m.shape):
        raise ProofError(f"{m} is {m.shape[0]} x {m.shape[1]} and must be square")


def _product(expression: MatMul) -> Poly:
    coefficient, matrices = expression.as_coeff_matrices()
    for a, b in pairwise(matrices):
        if not same_size(a.shape[1], b.shape[0]):
            raise ProofError(f"in {expression}: {a} has {a.shape[1]} columns, {b} has {b.shape[0]} rows")
    out: Poly = {(): sp.sympify(coefficient)}
    for m in matrices:
        out = times(out, to_poly(m))
    return {w: expanded(c) for w, c in out.items() if expanded(c) != 0}


def to_expression(poly: Poly, shape: tuple[Any, Any]) -> MatrixExpr:
    """Back to a matrix expression, words in a fixed order: the canonical form."""
    terms = []
    for word in sorted(poly, key=lambda w: [str(a) for a in w]):
        factors = [*([] if poly[word] == 1 else [poly[word]]), *(word or (Identity(shape[0]),))]
        terms.append(factors[0] if len(factors) == 1 else MatMul(*factors))
    if not terms:
        return ZeroMatrix(*shape)
    return terms[0] if len(terms) == 1 else MatAdd(*terms)


def canonical_node(node: Any) -> Any:
    """A node of the vocabulary with its matrix arguments in canonical form, its scalar ones canonical too."""
    return node.func(*(canonical(a) for a in node.args))


def canonical(expression: Any) -> Any:
    """A form in which expressions that differ only by ring axioms inside functions, or in bound names, are equal."""
    return _canonical(expression) if isinstance(expression, sp.Basic) else expression


@lru_cache(maxsize=REMEMBERED)
def _canonical(expression: Any) -> Any:
    if isinstance(expression, MatrixExpr):
        try:
            return to_expression(to_poly(expression), expression.shape)
        except ProofError:
            return expression
    if isinstance(expression, ScalarNode):
        return canonical_node(expression)
    if isinstance(expression, (sp.Sum, sp.Product)):
        return _canonical_sum(expression)
    if isinstance(expression, sp.core.relational.Relational):
        return expression.func(canonical(expression.lhs), canonical(expression.rhs), evaluate=False)
    if not expression.args or isinstance(expression, MatrixSymbol):
        return expression
    if (
        isinstance(expression, sp.Pow)
        and expression.exp.is_Integer
        and abs(expression.exp) > POWER_LIMIT
        and expression.base.args
    ):
        raise ProofError(f"a power beyond {POWER_LIMIT} is not expanded: {expression}")
    rebuilt = expression.func(*(canonical(a) for a in expression.args))
    return expanded(rebuilt) if isinstance(rebuilt, sp.Expr) else rebuilt


def _canonical_sum(expression: Any) -> Any:
    name, low, high = limits(expression)
    body = canonical(expression.function)
    bound = integer_name("i", height(body) + 1)
    body = canonical(replaced(body, {name: bound}))
    return expression.func(body, (bound, canonical(low), canonical(high)))


class Rules:
    """Known matrix equalities, oriented left to right, with their transposes and the inverses that occur."""

    def __init__(self, equalities: list[Any]) -> None:
        self.rules: list[tuple[Word, Poly]] = []
        for equality in equalities:
            require_shape(equality.lhs, equality.rhs, equality)
            self._add(to_poly(equality.lhs), to_poly(equality.rhs))

    def _add(self, left: Poly, right: Poly) -> None:
        word, coefficient = self._rewritten(left)
        if coefficient.is_number is not True or coefficient.is_zero is not False:  # one hidden zero equates anything
            raise ProofError(f"a rewriting rule needs a numerical coefficient that is not zero, not {coefficient}")
        rest = {w: -c for w, c in left.items() if w != word}
        combine(rest, right)
        scaled = {w: c / coefficient for w, c in rest.items()}
        turned = next(iter(transposed({word: sp.S.One})))
        rules = [(word, scaled)]
        if scaled != {turned: sp.S.One}:  # M' = M turned round would undo itself
            rules.append((turned, transposed(scaled)))
        for rule in rules:
            if rule not in self.rules:
                self.rules.append(rule)

    @staticmethod
    def _rewritten(left: Poly) -> tuple[Word, sp.Expr]:
        """The word of the left side that is replaced: the longest, the last by name of these; the others go right."""
        if not left or left.keys() == {()}:
            raise ProofError("a rewriting rule needs a product on its left side")
        word = max(left, key=lambda w: (len(w), [str(a) for a in w]))
        return word, left[word]

    def cancel_inverses(self, poly: Poly) -> None:
        """For every inverse of a single product in ``poly``, the rules M^-1 M = I = M M^-1."""
        for inverse in {a for word in poly for a in word if isinstance(a, Inverse)}:
            inner = to_poly(inverse.arg)
            if len(inner) == 1:
                ((word, c),) = inner.items()
                one = {(): 1 / c}  # M = c word, so M^-1 word = 1/c
                for rule in (((inverse, *word), one), ((*word, inverse), one)):
                    if rule not in self.rules:
                        self.rules.append(rule)

    def reduce(self, poly: Poly) -> Poly:
        """Rewrites until no rule applies. Raises ProofError where that takes unreasonably long."""
        out: Poly = {}
        todo = dict(poly)
        for _ in range(REWRITE_LIMIT):
            if not todo:
                return out
            self.cancel_inverses(todo)
            word, coefficient = todo.popitem()
            if len(word) > WORD_LIMIT:
                break
            hit = self._first_match(word)
            if hit is None:
                combine(out, {word: coefficient})
            else:
                start, length, replacement = hit
                prefix, suffix = {word[:start]: sp.S.One}, {word[start + length :]: sp.S.One}
                combine(todo, times(times(prefix, replacement), suffix), coefficient)
        raise ProofError("rewriting does not end with these rules; orient them otherwise")

    def _first_match(self, word: Word) -> tuple[int, int, Poly] | None:
        for pattern, replacement in self.rules:
            for start in range(len(word) - len(pattern) + 1):
                if word[start : start + len(pattern)] == pattern:
                    return start, len(pattern), replacement
        return None


def inverted(*formulas: Any, nonnegative: Callable[[Any], bool] = lambda _: False) -> set[MatrixExpr]:
    """Every matrix whose inverse occurs, in canonical form: a proof must know that these are invertible.

    ``nonnegative`` tells of an exponent whether it is known not to be negative; without it its sign by form counts.
    """
    found = {node for f in formulas for side in (f.lhs, f.rhs) for node in sp.preorder_traversal(side)}
    powers = {node for node in found if isinstance(node, MatPow) and not node.exp.is_nonnegative}
    return {canonical(node.base) for node in powers if node.exp.is_Integer or not nonnegative(node.exp)}


def prove_identity(goal: Any, equalities: list[Any]) -> None:
    """Raises ProofError unless ``goal`` (an equality of matrices) follows by ring axioms from ``equalities``.

    An inverse is read as that of an invertible matrix; the caller sees to it (:func:`inverted`).
    """
    if not isinstance(goal, sp.Eq) or not getattr(goal.lhs, "is_Matrix", False):
        raise ProofError(f"not an equality of matrices: {goal}")
    require_shape(goal.lhs, goal.rhs, goal)
    difference = to_poly(goal.lhs)
    combine(difference, to_poly(goal.rhs), sp.S.NegativeOne)
    rest = Rules(equalities).reduce(difference)
    rest = {w: c for w, c in rest.items() if not vanishes(c)}
    if rest:
        shown = to_expression(rest, goal.lhs.shape)
        raise ProofError(f"the two sides differ by {shown}")
