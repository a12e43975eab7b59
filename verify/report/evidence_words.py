"""What evidence says of its origin, in Chinese: engines, finders of counterexamples, coverage classes.

Evidence is stored in English. What is not listed here is shown as it is stored: formulas, names of networks.
"""

from __future__ import annotations

import re

from verify.report.messages import Language

ENGINES = {
    "exact": "精确算术",
    "ball": "球算术",
    "proof checker": "证明检查器",
    "formulas": "公式",
    "certify": "认证",
    "proof": "证明",
    "mutation": "变体",
    "record": "来源记录",
    "typing": "类型检查",
}
FINDERS = {
    "the author": "编写者",
    "the witness": "实例",
    "the author: too small a rank": "编写者：秩取得过小",
    "the author: too large a rank": "编写者：秩取得过大",
}
FAMILIES = {
    "scalars": "标量",
    "tiny integers": "小整数",
    "gaussian": "高斯矩阵",
    "prescribed spectrum": "给定谱",
    "exact spectrum": "精确谱",
    "integer entries": "整数元素",
    "low-rank product": "低秩乘积",
    "low rank plus noise": "低秩加噪声",
    "diagonal": "对角矩阵",
    "signed permutation": "带符号置换",
    "exactly orthogonal": "精确正交",
    "nilpotent and Jordan": "幂零与若尔当",
    "few entries": "少量非零元素",
    "all ones": "全一",
    "identity": "单位矩阵",
    "zero": "零矩阵",
    "like an earlier matrix": "与另一矩阵相近",
    "extreme scale": "极端尺度",
    "gradient ascent": "梯度上升",
    "generic": "一般位置",
    "random": "随机",
}
CLASSES = {"rank-deficient": "秩亏", "tied values": "奇异值相等", "extreme scale": "极端尺度", "zero matrix": "零矩阵"}
WHOLE = ENGINES | FINDERS | CLASSES


def in_words(text: str, lang: Language) -> str:
    """The stored words in the language of the page; in Chinese, those that are not known stay as they are."""
    if lang == "en":
        return text
    if (end := re.fullmatch(r"(\S+) at its (lower|upper) end", text)) is not None:
        return f"{end[1]} 取{'下' if end[2] == 'lower' else '上'}界"
    if (search := re.fullmatch(r"search \((.+)\)", text)) is not None:
        family = search[1]
        pair = [family] if family in FAMILIES else family.split(" and ")
        return f"搜索（{'与'.join(FAMILIES.get(one, one) for one in pair)}）"
    if (device := re.fullmatch(r"(float\d+) on (\w+)", text)) is not None:
        return f"{device[2]} 上的 {device[1]}"
    return WHOLE.get(text, text)
