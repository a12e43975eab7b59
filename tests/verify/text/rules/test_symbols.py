from __future__ import annotations

from collections.abc import Callable

import pytest

Codes = Callable[..., list[tuple[str, int, int]]]
TEN = "Let $a$, $b$, $c$, $f$, $g$, $h$, $p$, $q$, $u$ and $v$ be given.\n\n"
SECTIONS = (
    "# 1 x\n\n"
    r"**Lemma 1.1** Let $\mathbf{Q} \in \mathbb{R}^{n x d}$.A"
    r"**Lemma 1.2** 特征分解为$\mathbf{H} = \mathbf{Q}\mathbf{\Lambda}\mathbf{Q}^{\top}$"
)

WRONG = [
    (TEN + r"Then $a = b - \eta c$.", "S101", 3),
    ("# 1 x\n\n" + TEN + "$a = X b$\n\n# 2 y\n\nLet $X \\in \\mathbb{R}^{a \\times b}$.", "S102", 5),
    ("Here $n$ is the sequence length.\n\nHere $n$ is the sample size.", "S103", 3),
    ("其中$n$（序列长度）很大。\n\n其中$n$是样本数量。", "S103", 3),
    (r"**Lemma 1.1** $\mathbf{A} = \mathbf{X} \mathbf{X}^{\top}$" + "\n\n" +
     r"**Lemma 1.2** $\mathbf{A} = \mathbf{Q} \mathbf{K}$", "S104", 3),
    (SECTIONS.replace("n x d", r"n \times d").replace("A", "\n\n# 2 y\n\n"), "S104", 7),
    ("有效秩的定义为：\n$$\nr = e^h\n$$\n\n定义有效秩$s$为最小的 $k$：$$s = \\min k$$", "S106", 6),
    ("The effective rank is defined as $r = e^h$.\n\nDefine the effective rank of $W$ by $r = k$.", "S106", 3),
    (r"$\mathbf{W}_0$ $\mathbf{W}_0$ $\mathbf{W}_0$" + "\n\n$W_0$", "S105", 3),
    (r"$\mathbf{W}_k$ $\mathbf{W}_k$ $\mathbf{W}_k$" + "\n\n$W_k$", "S105", 3),
    (r"$\sum_{i=k+1}^{r} \sigma_j^2 \leq 1$", "S107", 1),
    (r"$a = \frac{\sum_{i=1}^{k} \sigma_j^2}{r}$", "S107", 1),
    (r"$A^\top$ $B^\top$ $C^\top$" + "\n\n$D^T$", "S105", 3),
    (r"$\epsilon$ $\epsilon$ $\epsilon$" + "\n\n" + r"$\varepsilon$", "S105", 3),
]  # fmt: skip
RIGHT = [
    TEN + r"Then $a = \sum_{i=1}^{b} c_i$ and $x \in \mathbb{R}^{k}$, $\eta > 0$.",
    r"Then $a = b - \eta c$.",
    TEN + r"Then $a = \int_0^1 s^2 \, ds + \int t \, \mathrm{d} t$.",
    TEN + r"Then $a = \mathbf{1}^{\top} b$.",
    "Here $n$ is the sequence length.\n\nHere $n$ is the length of a sentence.",
    "Here $n$ is the sequence length.\n\n这里$n$是样本数量。",
    r"**Lemma 1.1** $\mathbf{A} = \mathbf{X} \mathbf{X}^{\top}$ and $\mathbf{A} = \mathbf{Q} \mathbf{K}$",
    SECTIONS.replace("n x d", r"n \times n").replace("A", "\n\n# 2 y\n\n"),
    SECTIONS.replace("n x d", r"n \times d").replace("A", "\n\n"),
    r"$\sum_{i=1}^n c$, $\sum_{i=1}^n c_n$, $\sum_{i=1}^n \sum_{j=1}^i a_j$, $\sum_{i=1}^n a_{ij}$, $\sum_{i} a_j$",
    r"$\sum_{i=1}^n (a_i + b_j)$, $\sum_{i=1}^n b_j(x_i)$, $\sum_{j=1}^n \prod_{i=1}^j p_j$, $\sum_{t=1}^T x_k^{(t)}$",
    "有效秩的定义为 $r = e^h$。\n\n回忆：有效秩的定义为 $r = 1 + h$。\n\n定义稳定秩$s$为 $s = k$。",
    "The rank is defined as $r = k$.\n\nThe rank is defined as $r = k$.\n\nDefine the rank profile as $p = 1$.",
    r"$\mathbf{W} \in \mathbb{R}^{m \times n}$" + "\n\n" + r"**Lemma 1.2** $\mathbf{W} = \mathbf{U} \mathbf{V}$",
    r"$\mathbf{W}_0$ $\mathbf{W}_0$ $\mathbf{W}_0$ and $W_0$ $W_0$ $W_0$",
]


@pytest.mark.parametrize("text, code, line", WRONG)
def test_found(text: str, code: str, line: int, codes: Codes) -> None:
    assert [(c, at) for c, at, _ in codes(text, "S")] == [(code, line)]


@pytest.mark.parametrize("text", RIGHT)
def test_silent(text: str, codes: Codes) -> None:
    assert codes(text, "S") == []
