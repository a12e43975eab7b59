from __future__ import annotations

from known_text import SAMPLE, TEXT, collection, found, known, lines

from verify.text.markdown import parse
from verify.text.rules.coverage import (
    claim_without_item,
    formula_changed,
    item_without_claim,
    several_texts,
    words_changed,
)

RULES = (claim_without_item, formula_changed, item_without_claim, several_texts, words_changed)
MEAN = "$$\n\\mu = \\frac{1}{n} \\sum_{i=1}^n x_i\n$$"


def test_the_text_as_it_was_encoded_is_silent() -> None:
    assert [found(rule, TEXT) for rule in RULES] == [[]] * len(RULES)


def test_an_item_without_a_claim() -> None:
    source = f"{TEXT}\n**Lemma 7.9 (New)** It holds that $o(x) > 0$.\n"
    (one,) = found(item_without_claim, source)
    assert (one.line, one.column) == (source.count("\n"), 1)
    assert "Lemma 7.9 has no claim in the collection sample" in one.message


def test_a_claim_without_an_item_is_placed_where_it_should_stand() -> None:
    source = TEXT.replace("**Lemma 7.2 (Growth)** The order satisfies $o(x + y) \\le o(x) + o(y)$.\n", "")
    (one,) = found(claim_without_item, source)
    assert "Lemma 7.2 is missing" in one.message
    assert one.line == 5
    last = TEXT[: TEXT.index("**Corollary")]
    assert [d.message[:21] for d in found(claim_without_item, last)] == ["Corollary 7.4 is miss"]


def test_a_piece_of_the_text_may_lack_the_rest() -> None:
    piece = TEXT[: TEXT.index("**Lemma 7.2")]
    assert known(parse(piece)).text_of == "sample"
    assert found(claim_without_item, piece) == []


def test_a_changed_formula_is_told_from_changed_words() -> None:
    formula = TEXT.replace("o(x) \\le 1", "o(x) < 1")
    assert lines(formula_changed, formula) == [5]
    assert lines(words_changed, formula) == []
    words = TEXT.replace("The order satisfies $o(x) \\le 1$", "Every order satisfies $o(x) \\le 1$")
    assert lines(formula_changed, words) == []
    assert lines(words_changed, words) == [5]
    both = TEXT.replace("The order satisfies $o(x) \\le 1$", "Every order satisfies $o(x) < 1$")
    (one,) = found(formula_changed, both)
    assert "and so have its words" in one.message
    assert lines(words_changed, both) == []


def test_typography_is_no_change() -> None:
    source = (
        TEXT.replace("o(x) \\le 1", "o( x )\\leq 1")
        .replace("Usually", "Usually ")
        .replace("\\frac{1}{n}", "\\frac 1 n")
    )
    assert found(formula_changed, source) == [] == found(words_changed, source)


def test_a_displayed_formula_without_a_number_is_looked_for() -> None:
    (one,) = found(formula_changed, TEXT.replace("i=1", "i=0"))
    assert "claim definition-mean encodes" in one.message
    assert one.line == 5
    assert found(formula_changed, TEXT[: TEXT.index("As for")]) == []


def test_a_paper_that_counts_alike_is_not_taken_for_the_text() -> None:
    paper = "**Lemma 7.1 (Other)** We have $a = b$.\n\n**Lemma 7.2 (More)** We have $b = c$.\n"
    assert known(parse(paper)).text_of == ""
    assert [found(rule, paper) for rule in RULES] == [[]] * len(RULES)


def test_a_label_of_several_collections_is_noted_once() -> None:
    paper = "By Lemma 7.2 and Lemma 7.2.\n"
    assert lines(several_texts, paper, SAMPLE, collection("other")) == [1]
    assert lines(several_texts, paper, SAMPLE, collection("other"), against=["other"]) == []
