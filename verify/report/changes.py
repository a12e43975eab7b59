"""What was changed in a mutant, told in the language of the page: the names of ``verify.formula.mutation``."""

from __future__ import annotations

import re
from collections.abc import Callable

from verify.report.messages import Language

NORMS = {"spectral norm": "谱范数", "nuclear norm": "核范数", "Frobenius norm": "Frobenius 范数"}
WORDS = {
    **NORMS,
    "sum": "求和", "product": "连乘", "later": "推后", "earlier": "提前", "starts": "起点", "ends": "终点",
    "add": "加", "subtract": "减",
    "diagonal": "对角", "symmetric": "对称", "psd": "半正定", "general": "一般",
}  # fmt: skip
_NORM = "|".join(NORMS)
PATTERNS = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"drop hypothesis (?P<a>.+)", "去掉假设“{a}”"),
        (r"raise upper end of (?P<a>\S+) by one", "{a} 的上端加一"),
        (r"lower the lower end of (?P<a>\S+) by one", "{a} 的下端减一"),
        (r"flip conclusion (?P<a>\d+)", "把第 {a} 条结论反向"),
        (r"strict conclusion (?P<a>\d+)", "第 {a} 条结论改为严格不等"),
        (r"sharpen conclusion (?P<a>\d+) by one", "第 {a} 条结论收紧 1"),
        (r"sharpen conclusion (?P<a>\d+) by (?P<b>[\d.]+)", "第 {a} 条结论收紧为 {b} 倍"),
        (r"halve the bound of conclusion (?P<a>\d+)", "第 {a} 条结论的界减半"),
        (r"halve the right side of conclusion (?P<a>\d+)", "第 {a} 条结论的右端减半"),
        (r"scale the right side of conclusion (?P<a>\d+) by (?P<b>[\d.]+)", "第 {a} 条结论的右端乘以 {b}"),
        (r"scale a term of conclusion (?P<a>\d+) by (?P<b>[\d.]+)", "第 {a} 条结论的一项乘以 {b}"),
        (r"(?P<b>add|subtract) one (?:to|from) the right side of conclusion (?P<a>\d+)", "第 {a} 条结论的右端{b} 1"),
        (r"shift index (?P<b>.+) to (?P<c>.+) in conclusion (?P<a>\d+)", "第 {a} 条结论中下标 {b} 改为 {c}"),
        (rf"(?P<b>{_NORM}) for (?P<c>{_NORM}) in conclusion (?P<a>\d+)", "第 {a} 条结论中以{b}代替{c}"),
        (
            r"(?P<b>sum|product) of conclusion (?P<a>\d+) (?P<c>starts|ends) one (?P<d>later|earlier)",
            "第 {a} 条结论中{b}的{c}{d}一项",
        ),
    )
)
TAIL = re.compile(r"(?P<body>.*?)(?:, at (?P<at>.+?))?(?:, (?P<number>\d+))?")


def mutant_name(name: str, lang: Language, words: Callable[[str], str] = str) -> str:
    """The name in the language of the page, what it names of a hypothesis in that of ``words``.

    One that no mutation of this version gives stays: a ledger may be older.
    """
    if lang == "en":
        return name
    whole = TAIL.fullmatch(name)
    for pattern, chinese in PATTERNS:
        found = pattern.fullmatch(name) or (whole and pattern.fullmatch(whole["body"]))
        if found:
            said = chinese.format(**{key: WORDS.get(value) or words(value) for key, value in found.groupdict().items()})
            if found.string == name or whole is None:
                return said
            at = f"，位于 {whole['at']}" if whole["at"] else ""
            return said + at + (f"，之 {whole['number']}" if whole["number"] else "")
    return name
