"""The TeX of the printing reader as one line of Unicode, for the terminal and for messages.

It reads TeX and not formulas, so that the terminal and the report cannot drift apart.
"""

from __future__ import annotations

import re

COMMANDS = {
    "left": "", "right": "", "operatorname": "", "mathrm": "", "mathbf": "", "|": "‖", "odot": "⊙", "otimes": "⊗",
    "top": "ᵀ", "nabla": "∇", "sum": "∑", "prod": "∏", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠",
    "in": "∈", "times": "×", "approx": "≈",
    "cdots": "⋯", "ast": "*", "cdot": "·", "ldots": "…", "mid": "|", "infty": "∞", "setminus": "∖", "lfloor": "⌊",
    "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "#": "#", "{": "{", "}": "}", ";": " ", "limits": "", "log": "log",
    "exp": "exp", "max": "max", "min": "min", ",": " ", " ": " ",
}  # fmt: skip
LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho - sigma tau upsilon "
    "phi chi psi omega"
)
GREEK = {name: chr(0x3B1 + place) for place, name in enumerate(LETTERS.split())}  # the dash: a final sigma
CAPITALS = {name.capitalize(): chr(ord(letter) - 32) for name, letter in GREEK.items()}
DOUBLE = {"N": "ℕ", "R": "ℝ", "Z": "ℤ"}
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
PIECE = re.compile(r"\\[a-zA-Z]+|\\.|\s+|.", re.DOTALL)


def one_line(source: str) -> str:
    """``source``, in the TeX that the printer writes, as one line of Unicode."""
    pieces = PIECE.findall(source)
    parts = []
    while pieces:
        parts.append(_take(pieces))
    text = re.sub(r" +", " ", "".join(parts)).strip()
    return re.sub(r"(^|[\[(,;{=≤≥<>≠] ?)- ", r"\1-", re.sub(r" ([)\];,])", r"\1", text))


def _group(pieces: list[str]) -> str:
    """The text of one braced group, which is taken off the front of ``pieces``."""
    while pieces and pieces[0].isspace():
        pieces.pop(0)
    if not pieces or pieces[0] != "{":
        return _take(pieces)
    pieces.pop(0)
    parts = []
    while pieces[0] != "}":
        parts.append(_take(pieces))
    pieces.pop(0)
    return "".join(parts).strip()


def _take(pieces: list[str]) -> str:
    """The text of the next piece, taken off the front of ``pieces``."""
    piece = pieces.pop(0)
    if piece == "{":
        pieces.insert(0, piece)
        return _group(pieces)
    if piece in ("^", "_"):
        return _script(piece, _group(pieces))
    if not piece.startswith("\\"):
        return " " if piece.isspace() else "," if piece == "&" else piece
    command = piece[1:]
    if command == "frac":
        return f"{_operand(_group(pieces))}/{_operand(_group(pieces))}"
    if command == "sqrt":
        degree = ""
        if pieces[0] == "[":
            degree = "".join(pieces[1 : pieces.index("]")]).translate(RAISED)
            del pieces[: pieces.index("]") + 1]
        return f"{degree}√{_operand(_group(pieces))}"
    if command == "mathbb":
        return DOUBLE[_group(pieces)]
    if command in ("begin", "end"):
        _group(pieces)
        return ""
    if command == "\\":
        return "; "
    return {**COMMANDS, **GREEK, **CAPITALS}.get(command, command)


def _operand(text: str) -> str:
    """``text``, in parentheses unless it is one unit outside its own brackets."""
    inside = re.compile(r"\([^()]*\)|\{[^{}]*\}|‖[^‖]*‖")
    bare = text
    while inside.search(bare):
        bare = inside.sub("", bare)
    return f"({text})" if re.search(r"[ +/√-]", bare) else text


def _script(sign: str, text: str) -> str:
    if sign == "^" and text == "ᵀ":
        return text
    if sign == "^" and text.isdigit():
        return text.translate(RAISED)
    return f"{sign}{text}" if len(text) == 1 else f"{sign}{{{text}}}"
