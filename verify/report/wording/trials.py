"""Searches, counterexamples, mutants and sources: engines, finders, coverage classes, places, in Chinese."""

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
    "float{n} on {i}": "{i} 上的 float{n}",
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
FINDERS = {
    "the author": "编写者",
    "the witness": "实例",
    "the author: too small a rank": "编写者：秩取得过小",
    "the author: too large a rank": "编写者：秩取得过大",
    "search ({w})": "搜索（{w}）",
}
CLASSES = {
    "rank-deficient": "秩亏",
    "tied values": "奇异值相等",
    "zero matrix": "零矩阵",
    "{i} at its lower end": "{i} 取下界",
    "{i} at its upper end": "{i} 取上界",
}
SOURCES = {
    "abstract": "摘要",
    "section {i}": "第 {i} 节",
    "appendix": "附录",
    "equation {i}": "式 {i}",
    "equation {i} ({w})": "式 {i}（{w}）",
    "after {w}": "{w} 之后",
    "equations ({x1}) and ({x2})": "式 ({x1}) 与 ({x2})",
    "section {i} ({w})": "第 {i} 节（{w}）",
}
TRIALS = ENGINES | FAMILIES | FINDERS | CLASSES | SOURCES
