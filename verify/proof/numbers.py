"""Expanding numbers without looking into matrices.

sympy's ``expand`` goes into the arguments of every function, multiplies matrices out on its way, and so evaluates the
sums among their coefficients: by the convention of Karr 1981 on reversed ranges, where the readers know the empty sum.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from verify.formula.vocabulary import ScalarNode

ASSUMED = ("extended_real", "integer", "nonnegative", "positive")


def expanded(number: Any) -> Any:
    """``sympy.expand``, with the functions of matrices as atoms."""
    return apart(number, (ScalarNode, sp.Trace), sp.expand)


def simplified(number: Any) -> Any:
    """``sympy.simplify``, with sums, products and functions of matrices as atoms."""
    return apart(number, (ScalarNode, sp.Trace, sp.Sum, sp.Product), sp.simplify)


def apart(number: Any, kinds: tuple[type, ...], change: Any) -> Any:
    """``change(number)``, with the largest nodes of these kinds replaced by symbols meanwhile."""
    found: dict[Any, Any] = {}
    _collect(number, kinds, found)
    if number in found:
        return number
    back = {symbol: node for node, symbol in found.items()}
    return change(number.xreplace(found)).xreplace(back) if found else change(number)


def _collect(number: Any, kinds: tuple[type, ...], found: dict[Any, Any]) -> None:
    if isinstance(number, kinds):
        if number not in found:
            assumed = {name: True for name in ASSUMED if getattr(number, f"is_{name}")}
            found[number] = sp.Dummy("opaque", dummy_index=len(found), **assumed)
        return
    for a in number.args:
        _collect(a, kinds, found)
