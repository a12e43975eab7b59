"""Errors planted in a clean text: each is found, with the right code, in the right line; harmless edits are silent."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from verify.text.check import check
from verify.text.diagnostics import Diagnostic
from verify.text.knowledge import Knowledge
from verify.text.markdown import parse
from verify.text.rules import rules

SAMPLE = (Path(__file__).parents[1] / "fakes" / "sample_text.md").read_text(encoding="utf-8")
TEXTBOOK = os.environ.get("VERIFY_TEXTBOOK", "")

PLANTED: Mapping[str, tuple[str, str, str]] = {
    # numbering
    "one number twice": ("**Theorem 3.5 (", "**Theorem 3.3 (", "N104"),
    "same label twice": ("**Corollary 3.6**", "**Theorem 3.5**", "N101"),
    "left out": ("**引理 3.4（", "**引理 3.7（", "N102"),
    "jump back": ("**Theorem 3.5 (", "**Lemma 3.2 (", "N103"),
    "shared number": ("**引理 3.4（", "**定理 3.3（", "N104"),
    "other chapter": ("**Lemma 3.3 (", "**Lemma 5.3 (", "N105"),
    # references
    "to nothing": ("by Lemma 3.4 and", "by Lemma 3.9 and", "R101"),
    "to nothing, Chinese": ("由定义 3.1，", "由定义 3.11，", "R101"),
    "end of a range": ("Lemmas 3.3 and 3.4 say", "Lemmas 3.3 and 3.8 say", "R101"),
    "wrong kind": ("定理 3.5 说明", "引理 3.5 说明", "R102"),
    "wrong kind, English": ("and by Theorem 3.5", "and by Lemma 3.5", "R102"),
    "forward in a definition": ("keeps $s$ of the $q$ columns.", "keeps $s$ columns, as in Lemma 3.3.", "R103"),
    # formulas
    "brace lost": (r"\frac{s}{q} = 1", r"\frac{s}{q = 1", "F101"),
    "brace too many": (r"\min(s, q)$", r"\min(s, q)}$", "F101"),
    "parenthesis lost": ("takes $s(p + 1)$ numbers", "takes $s(p + 1$ numbers", "F102"),
    "bracket too many": (r"\leq 1 + \beta$ holds", r"\leq 1 + \beta)$ holds", "F102"),
    "norm bar lost": (r"\|\mathbf{M}\|_F$.", r"\|\mathbf{M}_F$.", "F102"),
    "left alone": (r"1 + \beta \right)^2", r"1 + \beta )^2", "F103"),
    "right alone": (r"$\left( 1", "$( 1", "F103"),
    "no delimiter": (r"$\left( 1", r"$\left 1", "F103"),
    "misspelt": (r"$\sigma_1 \geq \sigma_2", r"$\sgima_1 \geq \sigma_2", "F104"),
    "no such command": (r"\leq \min(s, q)", r"\lesseq \min(s, q)", "F104"),
    "dollars together": (r"$s$ of the $q$ columns", "$s$$of$$q$ columns", "F105"),
    "full-width comma": ("$q = 40, s = 10$时", "$q = 40，s = 10$时", "F106"),
    "Chinese in a formula": ("其中$s \\leq q$。", "其中$s 不超过 q$。", "F106"),
    "dollar lost": ("keeps $s$ of the $q$ columns", "keeps s$ of the $q$ columns", "F106"),
    "lone dollar": ("costs about \\$5", "costs $ about", "F107"),
    "pasted Greek": (r"holds for $\beta \in", r"holds for $β{\beta} \in", "F108"),
    "name in italics": (r"\leq \min(s, q)$", r"\leq min(s, q)$", "F109"),
    "rank in italics": (r"\text{rank}(\mathbf{C})", r"rank(\mathbf{C})", "F109"),
    "outside": ("故$\\text{rank}", "故 \\sigma_1 且$\\text{rank}", "F110"),
    "sign after dots": (r"\dots \geq \sigma_q", r"\dots \sigma_q", "F111"),
    "sign before dots": (r"\sigma_2 \geq \dots", r"\sigma_2 \dots", "F111"),
    "sign twice": (r"$s \leq q$", r"$s \leq \leq q$", "F112"),
    "typed sign": (r"$s \leq q$", r"$s <= q$", "F112"),
    "argument lost": (r"\frac{q}{s}", r"\frac{q}", "F113"),
    "two superscripts": (r"\|_F^2 \leq", r"\|_F^2^2 \leq", "F113"),
    "cell outside": (r"$s \leq q$", r"$s & \leq q$", "F113"),
    "comment": ("比例为$25\\%$", "比例为$25%$", "F113"),
    "begin without end": (r"= 1 - \frac{q - s}{q}", r"= \begin{matrix} 1 - \frac{q - s}{q}", "F113"),
    "two digits": (r"$10 \cdot 400 = 4000$", r"$10^12 \cdot 400 = 4000$", "F114"),
    # symbols
    "never introduced": (r"2 \mathbf{M}_0$", r"2 \mathbf{M}_0 + 0 \kappa \mathbf{M}_0$", "S101"),
    "introduced late": (r"is the product", r"is the product $\mathbf{M} + \mathbf{P} \mathbf{M}$", "S102"),
    "two meanings": ("**Corollary 3.6** With", "**Corollary 3.6** 设$p$（学习率）已定。With", "S103"),
    "redefined": ("**Corollary 3.6** With", r"**Corollary 3.6** Let $\mathbf{S} \in \mathbb{R}^{p \times 4}$. With",
                  "S104"),
    "plain for bold": (r"| 无 | $\mathbf{M}_0$", "| 无 | $M_0$", "S105"),
    "another transpose": (r"\mathbf{M}^{\top} \mathbf{M}", r"\mathbf{M}^T \mathbf{M}", "S105"),
    # dimensions
    "product": (r"= \mathbf{M} \mathbf{S}", r"= \mathbf{S} \mathbf{M}", "D101"),
    "transpose lost": (r"\mathbf{S}^{\top} \mathbf{M}^{\top}", r"\mathbf{S} \mathbf{M}^{\top}", "D101"),
    "sum": (r"\mathbf{M}_0 + \mathbf{M}_0 =", r"\mathbf{M} + \mathbf{S} =", "D102"),
    "equation": (r"= 2 \mathbf{M}_0$", r"= \mathbf{M} = \mathbf{S}$", "D102"),
    "power": (r"$\|\mathbf{M}_0\|_F", r"$\|\mathbf{M}^{-1}\|_F", "D103"),
    # numbers
    "percentage": (r"比例为$25\%$", r"比例为$35\%$", "A101"),
    "result": ("s(p + 1) = 4000", "s(p + 1) = 3990", "A101"),
    "arithmetic": (r"10 \cdot 400 = 4000", r"10 \cdot 400 = 400", "A103"),
    "order of numbers": ("costs about \\$5", "costs $5 < 4$", "A103"),
    "idle suppression": ("### 3.4.2 Error", "<!-- verify: ignore F104 -->\n### 3.4.2 Error", "P101"),
}  # fmt: skip
APPROXIMATION = (
    "For example, for $p = 399, q = 40, s = 10$, the sketch",
    "For example, for $p = 3, q = 40, s = 10$, the gain is $3$; the sketch",
)

HARMLESS: Mapping[str, tuple[str, str]] = {
    "another word": ("is often summarised", "is usually summarised"),
    "a space": ("takes $s(p + 1)$ numbers", "takes $s (p+1)$ numbers"),
    "display in one line": (
        "$$\n\\mathbf{C} = \\mathbf{M} \\mathbf{S}\n$$",
        "$$\\mathbf{C} = \\mathbf{M} \\mathbf{S}$$",
    ),
    "sized parentheses": (r"$\left( 1 + \beta \right)^2", r"$\bigl( 1 + \beta \bigr)^2"),
    "half-open interval": (r"\beta \in [0, 1)", r"\beta \in (0, 1]"),
    "French interval": (r"\beta \in [0, 1)", r"\beta \in ]0, 1["),
    "le for leq": (r"$s \leq q$", r"$s \le q$"),
    "ldots": (r"\geq \dots \geq", r"\geq \ldots \geq"),
    "operatorname": (r"\text{rank}", r"\operatorname{rank}"),
    "money": (r"about \$5", "about $5"),
    "emphasis": ("The table keeps", "The table *keeps*"),
    "a link": ("See 表 3.1", "See [the page](https://example.org/a_{b}) and 表 3.1"),
    "code": ("See 表 3.1", "See `\\sigma_1` and 表 3.1"),
    "a fence": ("### 3.4.2 Error", "```\n$\\frac{a$ by Lemma 9.9\n```\n\n### 3.4.2 Error"),
    "a comment": ("### 3.4.2 Error", "<!-- $\\frac{a$ by Lemma 3.9 -->\n### 3.4.2 Error"),
    "another book": ("by Lemma 3.4 and", "by Lemma 7.4 of the handbook and"),
    "abbreviated": ("by Lemma 3.4 and", "by Lem. 3.4 and"),
    "thousands": (r"10 \cdot 400 = 4000", r"10 \cdot 400 = 4{,}000"),
    "rounded": (r"10 \cdot 400 = 4000", r"1 / 3 = 0.333"),
    "a divergence": ("The table keeps", "The divergence $D(p \\| q)$ is not used. The table keeps"),
    "braces around one sign": (r"\sum_{i=1}^{q}", r"\sum_{i=1}^q"),
    "suppressed": ("takes $s(p + 1)$ numbers", "takes <!-- verify: ignore F102 --> $s(p + 1$ numbers"),
    "Windows line ends": ("\n", "\r\n"),
    "quoted": ("$$\n\\mathbf{C} = \\mathbf{M} \\mathbf{S}\n$$", "> $$\n> \\mathbf{C} = \\mathbf{M} \\mathbf{S}\n> $$"),
    "product of letters": (r"takes $s(p + 1)$ numbers", r"takes $sp + s$ numbers"),
    "an evaluated product": (r"\frac{q}{s}", r"\frac{q}{1 \cdot s}"),
    "aligned": (
        "\\mathbf{C} = \\mathbf{M} \\mathbf{S}\n",
        "\\begin{aligned} \\mathbf{C} &= \\mathbf{M} \\\\ &\\phantom{=} \\mathbf{S} \\end{aligned}\n",
    ),
}  # fmt: skip


def found(text: str) -> list[Diagnostic]:
    return check(parse(text, "sample.md"), Knowledge.empty(), rules())


def first_difference(a: str, b: str) -> int:
    """The line, counted from 1, in which two texts part."""
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return b.count("\n", 0, at) + 1


def test_the_sample_is_clean() -> None:
    assert found(SAMPLE) == []


@pytest.mark.parametrize("name", list(PLANTED))
def test_planted_error_is_found_in_its_line(name: str) -> None:
    old, new, code = PLANTED[name]
    assert old in SAMPLE
    text = SAMPLE.replace(old, new, 1)
    places = [(d.code, d.line) for d in found(text)]
    assert (code, first_difference(SAMPLE, text)) in places, places


def test_circle_is_found() -> None:
    text = SAMPLE.replace("Storing the sketch takes", "By Lemma 3.4, storing the sketch takes", 1)
    text = text.replace("由定义 3.1，", "由引理 3.3，", 1)
    assert [d.code for d in found(text)] == ["R104"]


def test_approximation_is_weighed_at_the_example() -> None:
    text = SAMPLE.replace(*APPROXIMATION, 1).replace("s(p + 1) = 4000", "s(p + 1) = 40", 1)
    line = 1 + SAMPLE[: SAMPLE.index(r"\frac{p q}{s (p + 1)}")].count("\n")
    assert [(d.code, d.line) for d in found(text)] == [("A102", line)]


def test_enough_kinds_are_planted() -> None:
    assert len(PLANTED) + 2 >= 40
    assert len(HARMLESS) >= 15


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_edit_is_silent(name: str) -> None:
    old, new = HARMLESS[name]
    assert old in SAMPLE
    assert found(SAMPLE.replace(old, new, -1 if name == "Windows line ends" else 1)) == []


@pytest.mark.skipif(not TEXTBOOK, reason="VERIFY_TEXTBOOK names no text")
def test_what_is_found_in_the_textbook() -> None:
    """Each was looked at and is right; a new one has to be, too, before it is added here."""
    source = Path(TEXTBOOK).read_text(encoding="utf-8")
    places = [(d.code, d.line) for d in found(source) if d.code[0] in "NRFSDAP"]
    assert places == [
        ("S102", 33), ("S102", 33), ("S101", 33), ("F108", 54), ("N104", 82), ("D102", 110), ("D101", 112),
        ("S104", 114), ("F111", 116), ("S101", 122), ("S104", 150), ("A102", 156), ("F106", 158), ("F105", 182),
        ("D101", 189),
        ("S105", 201), ("S101", 231), ("S103", 241),
    ]  # fmt: skip


@pytest.mark.skipif(not TEXTBOOK, reason="VERIFY_TEXTBOOK names no text")
def test_errors_planted_in_the_textbook_are_found() -> None:
    source = Path(TEXTBOOK).read_text(encoding="utf-8")
    before = {(d.code, d.message) for d in found(source)}
    edits = {
        r"(r - k) \sigma_{k+1}^2": ("(r - k \\sigma_{k+1}^2", "F102"),
        r"\exp\left(-": (r"\exp(-", "F103"),
        r"\mathbf{B}^{\top} \nabla": (r"\mathbf{B}^{\tpo} \nabla", "F104"),
        r"\Delta\mathbf{W} = \mathbf{B}\mathbf{S}\mathbf{A}": (
            r"\Delta\mathbf{W} = \mathbf{A}\mathbf{S}\mathbf{B}",
            "D101",
        ),
        "为$r(m + n)$": ("为$r(m + n$", "F102"),
        r"\frac{mn}{r(m+n)}": (r"\frac{mn}{r(m+n}}", "F101"),
        "压缩比约为$64$倍": ("压缩比约为$32$倍", "A101"),
        "**定理 11.10": ("**定理 11.9", "N101"),
        "**引理 11.20": ("**引理 11.2", "N103"),
    }
    for old, (new, code) in edits.items():
        assert old in source, old
        text = source.replace(old, new, 1)
        line = first_difference(source, text)
        new_ones = {(d.code, d.line) for d in found(text) if (d.code, d.message) not in before}
        assert (code, line) in new_ones, (old, new_ones)
