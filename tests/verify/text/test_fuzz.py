"""Documents that no one would write: no exception, exact places, time that grows with the length only."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.text import latex, markdown
from verify.text.check import check
from verify.text.knowledge import Knowledge
from verify.text.rules import rules

SAMPLE = (Path(__file__).parents[2] / "fakes" / "sample_text.md").read_text(encoding="utf-8")
PIECES = [
    "$", "$$", "\\", "{", "}", "^", "_", "&", "%", "\\left(", "\\right)", "\\frac", "\\begin{matrix}", "\\end{matrix}",
    "\\mathbf{", "\\in \\mathbb{R}^{n \\times d}", "**Lemma 1.2 (x)** ", "**定理 3.4（题）** ",
    "Lemmas 1.2-1.9 and 3", "\n\n",
    "| a | b |\n|---|---|\n", "<!--", "-->", "<!-- verify: ignore F102 -->", "```", "\\begin{lemma}", "\\end{lemma}",
    "\\ref{a}", "\\label{a}",
    "\\newtheorem{lem}[x]{Lemma}", "\\[", "\\]", "\0", "\u2028", "\r", "σ", "，", "\\dots", "\\geq",
    "m = n = 4", "64%",
    "\\cite{a,b}", "Hu et al. (2021)", "# 1.2 x\n", "> ", "- ", "(", "]", "\\|", "=", "例如",
    "约为$64$", "定义秩为", "\\sum_{i=1}^n ", "\\mathbf{\\xi}", "\ufffd", "\U0001d5d4",
]  # fmt: skip
RULES = rules()


def examine(source: str) -> None:
    for parse in (markdown.parse, latex.parse):
        document = parse(source, "fuzz")
        lines = source.count("\n") + 1
        for found in check(document, Knowledge.empty(), RULES):
            assert 1 <= found.line <= found.end_line <= lines
            assert (found.line, found.column) <= (found.end_line, found.end_column)
        for formula in document.formulas:
            assert 0 <= formula.start <= formula.inside <= formula.end <= len(source)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40))
def test_pieces_in_any_order(pieces: list[str]) -> None:
    examine("".join(pieces))


def mutated(random_: random.Random) -> str:
    """The sample with bytes exchanged, lost, doubled, or moved."""
    data = bytearray(SAMPLE.encode())
    for _ in range(random_.randrange(1, 12)):
        at, to = sorted(random_.randrange(len(data)) for _ in range(2))
        match random_.randrange(5):
            case 0:
                data[at] = random_.randrange(256)
            case 1:
                del data[at : min(to, at + 40)]
            case 2:
                data[at:at] = data[to : to + 30]
            case 3:
                data[at:at] = random_.choice(PIECES).encode("utf-8", "replace")
            case _:
                data[at:at] = bytes([random_.choice(b"$\\{}^_&%*|<>()[]=\n")]) * random_.randrange(1, 9)
    return data.decode("utf-8", "replace")


@pytest.mark.parametrize("seed", range(10))
def test_bytes_of_the_sample_changed(seed: int) -> None:
    random_ = random.Random(seed)
    for _ in range(15):
        examine(mutated(random_))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_ten_thousand_changed_documents(seed: int) -> None:
    random_ = random.Random(1000 + seed)
    for _ in range(500):
        low = random_.randrange(len(SAMPLE))
        source = mutated(random_)
        examine(source[low : low + 900])


LONG: dict[str, Callable[[int], str]] = {
    "sample": lambda n: SAMPLE * max(1, n // len(SAMPLE)),
    "open braces": lambda n: "$" + "{" * n + "$",
    "groups": lambda n: "$" + "{a}" * (n // 3) + "$",
    "parentheses": lambda n: "$" + "(" * (n // 2) + "]" * (n // 2) + "$",
    "brackets apart": lambda n: "$" + "]" * (n // 2) + "[" * (n // 2) + "$",
    "parentheses paired": lambda n: "$X \\in \\mathbb{R}^{n \\times d}$ $" + "(X)" * (n // 3) + "$",
    "quantifiers": lambda n: "$" + "\\forall x " * (n // 10) + "$",
    "letters": lambda n: "$" + "a" * n + "$",
    "words": lambda n: "$" + "ab, " * (n // 4) + "$",
    "dollars": lambda n: "$ " * (n // 2),
    "escaped dollars": lambda n: "$" + "\\$" * (n // 2),
    "displays": lambda n: "$$ a\n\n" * (n // 6),
    "comments": lambda n: "<!--" * (n // 4),
    "brackets": lambda n: "[" * n,
    "stars": lambda n: "*" * n + "a " + "**" * (n // 2),
    "backticks": lambda n: "".join("`" * (1 + i % 40) + " " for i in range(n // 20)),
    "quotes": lambda n: ">" * n,
    "lists": lambda n: "- " * (n // 2),
    "heads": lambda n: "**Lemma 1.2 (x)** by Lemma 1.3\n" * (n // 31),
    "chain": lambda n: "".join(f"**Lemma 1.{i}** by Lemma 1.{i + 1} and Lemma 1.1.\n\n" for i in range(n // 40)),
    "colon and blanks": lambda n: "**Lemma 1.2 (x)** so:\n" + "\n" * n + "$$a$$",
    "colon and displays": lambda n: "**Lemma 1.2 (x)** so:\n" + "\n$$\na\n$$\n" * (n // 10),
    "capitals": lambda n: "Ab " * (n // 3),
    "capital and blanks": lambda n: "Ab" + " " * n,
    "digits": lambda n: "Lemma " + "1" * n + " $" + "9" * n + " = 1$",
    "lists of labels": lambda n: "Lemma 1.1" + ", 1.2" * (n // 5),
    "examples": lambda n: "$m = 4$ gives $\\frac{m}{2}$ about 2. " * (n // 36),
    "glosses": lambda n: "".join(f"$n$ (word{i} x{i}) " for i in range(n // 16)),
    "table": lambda n: "| a | b |\n|---|---|\n" + "| $a$ | b |\n" * (n // 12),
    "newtheorem": lambda n: "\\newtheorem{a}[b]" * (n // 17),
    "begin": lambda n: "\\begin{lemma} " * (n // 14),
    "verbatim": lambda n: "\\begin{verbatim} \\begin{verbatim}" * (n // 33),
    "cite": lambda n: "\\cite{" * (n // 6),
    "words in formulas": lambda n: "$\\text{" * (n // 7),
    "definitions": lambda n: "\\newcommand{\\a}{" * (n // 16),
    "verbatim pieces": lambda n: "\\verb|a" * (n // 7),
    "escaped bars": lambda n: "| " + "$\\|a$ | " * (n // 8) + "\n" + "|---" * (n // 8) + "|\n" + "| $\\|x$ " * (n // 8),
    "code in a table": lambda n: "| a " * (n // 12) + "\n" + "|---" * (n // 12) + "\n" + "| `b` " * (n // 12),
    "comments before words": lambda n: "- <!-- a --> b\n" * (n // 15),
    "suppressions": lambda n: "<!-- verify: ignore F104 --> $\\sgima$\n" * (n // 38),
    "tags": lambda n: "<p>\n" + "<a " * (n // 3),
    "lone ticks": lambda n: "`` a ` b " * (n // 9),
    "sums": lambda n: "$" + "\\sum_{i=1}^n a_j " * (n // 18) + "$",
    "sums in sums": lambda n: "$" + "\\sum_{i=1}^n{a_j " * (n // 18) + "}" * (n // 18) + "$",
    "turning chains": lambda n: "$" + "a \\leq \\dots \\geq " * (n // 17) + "$",
    "terms": lambda n: "定义有效秩为 $s = 1$。有效秩的定义为 $s = 2$。" * (n // 34),
    "terms in English": lambda n: "the rank of the " * (n // 16),
    "bold Greek": lambda n: "$\\mathbf{\\xi}$ " * (n // 15),
    "headings": lambda n: "**Lemma 1.2 (x)** y\n" + "# 1.2 x\n\n" * (n // 9),
    "unused": lambda n: "we do not use Lemma 11.19, which, " * (n // 34),
    "denials": lambda n: "Lemma 11.19 and " * (n // 16),
}  # fmt: skip


def seconds(source: str) -> float:
    begun = time.process_time()
    examine(source)
    return time.process_time() - begun


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_time_grows_with_the_length_only(name: str) -> None:
    """Sixteen times the length: 16 times as long where time grows with it, 256 times where with its square.

    64 lies halfway. Process time, the least of three: beside other work it varies by up to a factor of two.
    """
    make = LONG[name]
    seconds(make(500))
    short, long = (min(seconds(make(n)) for _ in range(3)) for n in (2_000, 32_000))
    assert long <= 64 * max(short, 0.002), f"{short:.4f} s for 2,000 characters, {long:.4f} s for 32,000"
