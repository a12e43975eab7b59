from __future__ import annotations

import pytest
from known_text import SAMPLE, TEXT, collection, found, lines, part, with_claim

from verify.text.bibliography import Bibliography
from verify.text.diagnostics import Severity
from verify.text.knowledge import KnownWork
from verify.text.rules.verdicts import (
    cites_contradicted,
    cites_observation,
    cites_refuted,
    cites_undecided,
    leans_on_fallen,
    states_contradicted,
    states_refuted,
    states_undecided,
)

CITING = (cites_refuted, cites_contradicted, cites_observation, cites_undecided)


def test_a_refuted_lemma_is_cited() -> None:
    (one,) = found(cites_refuted, "# Ours\n\nHence, by Lemma 7.1, the order is bounded.\n")
    assert (one.line, one.column, one.severity) == (3, 11, Severity.ERROR)
    assert one.message == "Lemma 7.1 (Bound) is refuted: bound (refuted)"
    assert one.help == "Cite lemma-7.1 so. bound-repaired: bound-repaired reads."


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("Hence, by Lemma 7.1, it is bounded.", "mended-1: x < 1. mended-2: y < 2."),
        ("由引理 7.1 得。", "mended-1: 小。 mended-2: 大。"),
    ],
)
def test_corrected_forms_are_sentences_of_their_own(source: str, says: str) -> None:
    mended = (
        part("mended-1", "proved", reading_en="x < 1", reading_zh="小"),
        part("mended-2", "proved", reading_en="y < 2.", reading_zh="大"),
    )
    fallen = (part("u", "refuted", repair="mended-1"), part("v", "refuted", repair="mended-2"))
    (one,) = found(cites_refuted, source, with_claim("lemma-7.1", parts=(*fallen, *mended)))
    assert one.help.endswith(says)


def test_a_heading_ends_with_its_line() -> None:
    assert lines(cites_refuted, "## On Lemma 7.1\n\nBy Lemma 7.1, we are done.\n") == [3]


def test_in_a_chinese_document_the_sentence_is_chinese() -> None:
    (one,) = found(cites_refuted, "由引理 7.1 可知，阶是有界的。\n")
    assert one.message == "引理 7.1（上界）已否证：bound（已否证）"
    assert one.help.startswith("如此引用 lemma-7.1。")


@pytest.mark.parametrize(
    ("rule", "cited"),
    [(cites_refuted, "Lemma 7.1"), (cites_contradicted, "Cor. 7.4"), (cites_observation, "Theorem 7.3")],
)
def test_each_verdict_has_its_rule(rule: object, cited: str) -> None:
    source = f"As {cited} shows, all is well."
    assert [len(found(one, source)) for one in CITING] == [int(one is rule) for one in CITING]


def test_what_is_proved_may_be_cited() -> None:
    source = "By Lemma 7.2 and Definition 7.1, we are done."
    assert [found(rule, source) for rule in CITING] == [[]] * len(CITING)


def test_lists_and_ranges_are_taken_apart() -> None:
    assert lines(cites_refuted, "By Lemmas 7.1 and 7.2.") == [1]
    assert lines(cites_refuted, "由引理 7.1–7.2 可知。") == [1]


@pytest.mark.parametrize(
    "sentence",
    [
        "Lemma 7.1 is false.",
        "A counterexample to Lemma 7.1 is simple.",
        "We use the corrected form of Lemma 7.1.",
        "By Lemma 7.1 (bound-repaired), we are done.",
        "引理 7.1 不成立。",
        "Lemma 7.1 does not hold for n = 1.",
        "Lemma 7.1 is clearly incorrect as stated.",
        "Contrary to Lemma 7.1, the order is large.",
        "Lemma 7.1 fails.",
        "Lemmas 7.1 and 7.2 are false.",
        "The bound of Lemma 7.1 is wrong.",
        "引理 7.1 是错误的。",
        "引理 7.1 不正确。",
        "与引理 7.1 相反，阶可以很大。",
        "## Lemma 7.1: a bound",
        "May I rely on Lemma 7.1?",
        "引理 7.1 成立吗？",
        'A label such as "Lemma 7.1" is looked up.',
        "写作“引理 7.1”。",
        "We do not use Lemma 7.1, which is false as stated.",
        "Lemma 7.1, which is plainly wrong, was used before.",
        "Lemma 7.1, which bounds the order, is false.",
        "Lemma 7.1 (false as stated) is skipped.",
        "Lemma 7.1 is flawed.",
        "We do not rely on\nLemma 7.1.",
        "Instead of Lemma 7.1 we use Lemma 7.2.",
        "Unlike the bound of Lemma 7.1, ours is sharp.",
        "We avoid Lemma 7.1.",
        "Lemma 7.1 is not used.",
        "我们不使用引理 7.1。",
        "这里没有用到引理 7.1。",
        "引理 7.1（已被推翻）略去。",
        "引理 7.1，它并不成立，故略去。",
    ],
)
def test_a_sentence_that_says_so_itself_is_left_alone(sentence: str) -> None:
    assert found(cites_refuted, sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "By Lemma 7.1, the conjecture is false.",
        "By Lemma 7.1 the method is wrong.",
        "Lemma 7.1 shows that the method fails.",
        "Lemma 7.1 shows the other bound does not hold.",
        "Lemma 7.1 fails to name the constant.",
        "由引理 7.1，另一个界不成立。",
        "由引理 7.1 可知该方法有误。",
        "引理 7.1 说明该方法错误。",
        "Lemma 7.1 bounds the order. The other claim is false.",
        "引理 7.1 给出上界。另一结论不成立。",
        "One cannot do without Lemma 7.1.",
        "Is it true? By Lemma 7.1 it is.",
        'The so-called "order" is bounded by Lemma 7.1.',
        "We cannot avoid Lemma 7.1.",
        "We do not only use it but apply Lemma 7.1.",
        "By Lemma 7.1, which bounds the order, we are done.",
    ],
)
def test_a_sentence_that_says_it_of_something_else_leans_on_the_lemma(sentence: str) -> None:
    assert lines(cites_refuted, sentence) == [1]


@pytest.mark.parametrize(
    "cited", ["Lem 7.1", "lemma~7.1", "Lemma\n7.1", "> By Lemma\n> 7.1 it holds", "<p>By Lemma 7.1</p>"]
)
def test_a_label_in_any_dress(cited: str) -> None:
    assert len(found(cites_refuted, cited)) == 1


def test_code_is_no_citation_and_does_not_hide_one() -> None:
    (one,) = found(cites_refuted, "By Lemma 7.1 and `Lemma 7.1` and `` Lemma 7.1 ``.")
    assert (one.column, one.end_column) == (4, 13)
    assert found(cites_refuted, "<pre>\nLemma 7.1\n</pre>\n\n~~~\nLemma 7.1\n~~~\n") == []


def test_another_sentence_does_not_excuse() -> None:
    assert lines(cites_refuted, "Lemma 2 of ours is false. By Lemma 7.1, we are done.") == [1]


def test_an_observation_may_be_cited_as_one() -> None:
    assert found(cites_observation, "In practice, $o(x)$ is small (Theorem 7.3).") == []
    assert found(cites_observation, "实践中阶往往很小（定理 7.3）。") == []


@pytest.mark.parametrize(
    "source",
    [
        "Our own **words**.\n\n**Lemma 7.1 (Ours)** Here $a = b$.\n\nBy Lemma 7.1, done.\n",
        "By Lemma 7.1 of [@hu2022], done.",
        "By [@hu2022, Lemma 7.1], done.",
        "By Lemma 7.1 in Rudin (1976), done.",
        "By (Rudin, 1976, Lemma 7.1), done.",
        "`Lemma 7.1` is code, and <!-- Lemma 7.1 --> a comment.",
        "By Lemma 17.1, done.",
    ],
)
def test_items_of_other_texts_are_left_alone(source: str) -> None:
    assert found(cites_refuted, source) == []


def test_the_key_of_the_text_is_no_other_source() -> None:
    assert lines(cites_refuted, "By [@book, Lemma 7.1], done.") == [1]
    assert lines(cites_refuted, "By [@book, Lemma 7.1], done.", cited_as=["book"]) == [1]
    assert lines(cites_refuted, "By [@book, Lemma 7.1], done.", cited_as=["elsewhere"]) == []


def test_a_work_is_known_by_its_entry_too() -> None:
    """The paper has another key for it than the collection."""
    works = [KnownWork("lora", ("Hu",), "2022", "{LoRA}: Low-Rank Adaptation"), KnownWork("book", (), "", "B")]
    own = Bibliography({work.key: work for work in works})
    assert lines(cites_refuted, "By [@lora, Lemma 7.1], done.") == [1]
    assert lines(cites_refuted, "By [@lora, Lemma 7.1], done.", own=own) == []
    assert lines(cites_refuted, "By [@book, Lemma 7.1], done.", own=own) == [1]


def test_a_citation_in_the_next_sentence_is_not_its_source() -> None:
    source = "By Lemma 7.1 the rank is small. As in \\cite[Lemma 7.1]{hu2022}, and in \\cite[Lemma 7.1][p. 3]{book}."
    assert [one.column for one in found(cites_refuted, source)] == [4, 78]


def test_where_several_texts_are_meant_nothing_is_said() -> None:
    both = (SAMPLE, collection("other"))
    assert found(cites_refuted, "By Lemma 7.1.", *both) == []
    assert lines(cites_refuted, "By Lemma 7.1.", *both, against=["other"]) == [1]


def test_the_text_itself_is_told_what_it_states() -> None:
    assert lines(states_refuted, TEXT) == [5]
    assert lines(states_contradicted, TEXT) == [16]
    assert lines(states_undecided, TEXT) == [14]
    assert [found(rule, TEXT) for rule in CITING] == [[]] * len(CITING)
    assert lines(cites_refuted, TEXT.replace("by Lemma 7.2", "by Lemma 7.1")) == [16]


def test_an_item_that_leans_on_what_fell() -> None:
    leaning = with_claim("lemma-7.2", parts=(part("growth", "proved", leans_on=("sample:lemma-7.1/bound",)),))
    (one,) = found(leans_on_fallen, TEXT, leaning)
    assert one.line == 12
    assert one.message == "Lemma 7.2, growth, leans on sample:lemma-7.1/bound, which is refuted"
    assert found(leans_on_fallen, TEXT) == []
