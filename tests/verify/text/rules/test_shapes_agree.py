"""The shape rule and the shape checker of the claims give one answer on products and sums of declared matrices."""

from __future__ import annotations

import sympy as sp
from hypothesis import event, given, settings
from hypothesis import strategies as st

from verify.authoring import declare
from verify.formula.typing import check as ill_typed
from verify.formula.vocabulary import FrobeniusNorm, ge, matrix, sizes
from verify.model.statement import Statement
from verify.text.check import check
from verify.text.knowledge import Knowledge
from verify.text.markdown import parse
from verify.text.rules import rules

SIZES = ("m", "n", "d")
SHAPE_RULES = [rule for rule in rules() if rule.code in ("D101", "D102")]
shapes = st.lists(st.tuples(st.sampled_from(SIZES), st.sampled_from(SIZES)), min_size=3, max_size=3)
factors = st.lists(st.tuples(st.sampled_from("ABC"), st.booleans()), min_size=1, max_size=3)
formulas = st.lists(factors, min_size=1, max_size=2)
"""A sum of one or two products of matrices, some of them transposed."""

Formula = list[list[tuple[str, bool]]]


def rule_objects(declared: list[tuple[str, str]], formula: Formula) -> bool:
    said = " + ".join(" ".join(f"{name}^{{\\top}}" if turned else name for name, turned in term) for term in formula)
    pairs = zip("ABC", declared, strict=True)
    given_ = ", ".join(f"${name} \\in \\mathbb{{R}}^{{{rows} \\times {cols}}}$" for name, (rows, cols) in pairs)
    document = parse(f"Let {given_}.\n\n$$\n{said}\n$$\n")
    return bool(check(document, Knowledge.empty(), SHAPE_RULES))


def claims_object(declared: list[tuple[str, str]], formula: Formula) -> bool:
    symbols = dict(zip(SIZES, sizes(" ".join(SIZES)), strict=True))
    pairs = zip("ABC", declared, strict=True)
    matrices = {name: matrix(name, symbols[rows], symbols[cols]) for name, (rows, cols) in pairs}
    terms = []
    for term in formula:
        read = [sp.Transpose(matrices[name]) if turned else matrices[name] for name, turned in term]
        terms.append(read[0] if len(read) == 1 else sp.MatMul(*read, evaluate=False))
    whole = terms[0] if len(terms) == 1 else sp.MatAdd(*terms, evaluate=False)
    says = ge(FrobeniusNorm(whole), 0)
    return bool(ill_typed(Statement(given=declare(*matrices.values()), says=(says,))))


@settings(max_examples=300)
@given(shapes, formulas)
def test_a_formula_of_a_text_is_typed_as_one_of_a_claim(declared: list[tuple[str, str]], formula: Formula) -> None:
    wrong = claims_object(declared, formula)
    event(f"ill typed: {wrong}")
    assert rule_objects(declared, formula) is wrong


def test_both_answers_occur() -> None:
    fits = [("m", "n"), ("n", "d"), ("m", "d")]
    assert not rule_objects(fits, [[("A", False), ("B", False)], [("C", False)]])
    assert rule_objects(fits, [[("A", False), ("C", False)]])
    assert claims_object(fits, [[("A", False), ("C", False)]])
    assert not claims_object(fits, [[("A", False), ("B", False)], [("C", False)]])
