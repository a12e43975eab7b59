from __future__ import annotations

from collections.abc import Callable

import pytest

from verify.text.arithmetic import value
from verify.text.tex import parse

Codes = Callable[..., list[tuple[str, int, int]]]
ITEM = r"**Lemma 1.1** The ratio is $\frac{mn}{r(m+n)}$. "

WRONG = [
    (ITEM + "For $m = n = 4096, r = 32$ it is $63$.", "A101"),
    (ITEM + "For $m = n = 4096$, $r = 32$ it is about 70.", "A101"),
    (ITEM + "当$m = n = 4096, r = 32$时约为$128$倍。", "A101"),
    (r"**Lemma 1.1** A share $\frac{r}{n}$. For $r = 1, n = 8$ it is 14%.", "A101"),
    (r"**Lemma 1.1** $\frac{mn}{r(m+n)} \approx \frac{\min(m,n)}{r}$. For $m = n = 4096, r = 32$ about $64$.", "A102"),
    (r"$3 \cdot 7 = 22$", "A103"),
    (r"$2^{10} = 1{,}025$", "A103"),
    (r"$1/3 = 0.34$", "A103"),
    (r"$2 \leq 1$", "A103"),
]
RIGHT = [
    ITEM + "For $m = n = 4096, r = 32$ it is $64$.",
    ITEM + "For $m = n = 4096, r = 32$ about 60.",
    ITEM + "For $m = n = 4096$ the network has 12 layers.",
    ITEM + "With $m = n = 4096, r = 32$ and 7 layers nothing is said.",
    r"**Lemma 1.1** A share $\frac{r}{n}$. For $r = 1, n = 8$ it is 12.5%, and for $r = 1, n = 4$ one saves 75%.",
    r"**Lemma 1.1** $E(k) \geq \tau$, where $\tau = 0.95$ is 19 of 20.",
    r"$10^{5} = 100,000$ and $1/3 = 0.333$ and $0.1 + 0.2 = 0.3$",
    r"$\sqrt{2} = 1.414$, $\pi = 3.14$, $7 \equiv 1 \pmod 3$, $1 < 2 \leq 2$",
    r"$f(1) = 2$",
]


@pytest.mark.parametrize("text, code", WRONG)
def test_found(text: str, code: str, codes: Codes) -> None:
    assert [c for c, _, _ in codes(text, "A")] == [code]


@pytest.mark.parametrize("text", RIGHT)
def test_silent(text: str, codes: Codes) -> None:
    assert codes(text, "A") == []


@pytest.mark.parametrize(
    "tex, number",
    [
        (r"\frac{1}{2} + 2^{-1}", 1), (r"2(3 + 4) \cdot 5", 70), (r"\sqrt{16}", 4), (r"\max(1, \min(4, 3))", 3),
        (r"-2^2", -4), (r"\left( 1 + 1 \right)^3", 8), (r"8/4", 2), (r"\sqrt[3]{8}", None), (r"8/2(4)", None),
        (r"2^{10^{9}}", None), (r"1/0", None), (r"x", None), (r"", None), (r"1 +", None), (r"\log 2", None),
        ("(" * 500 + "1" + ")" * 500, None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_value(tex: str, number: int | None) -> None:
    assert value(parse(tex).nodes, {}) == number
