"""Coverage classes: regions of the input space that a search must have visited, by name.

Which are required follows from the statement: a shape class where rows and columns are different free sizes, a
degenerate class where some matrix is free of hypotheses that could exclude it. A part may ask for more and take some
out. A visit is counted on instances that satisfy all hypotheses, and tested on the numbers, not read off the recipe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

import sympy as sp
import torch
from torch import Tensor

from verify.model.statement import Index, Layers, Matrix, Real, symbols_of
from verify.stress.layout import Layout
from verify.stress.sampler import Drawn

RANK_DEFICIENT, TIED, EXTREME, ZERO, ONE = "rank-deficient", "tied values", "extreme scale", "zero matrix", "1 x 1"
EXTREME_EXPONENT = 20
"""A scale counts as extreme from 2**20 up or 2**-20 down."""
RELATIVE = 1e-12
LOOKED_AT = 32
"""Singular values are computed of the first so many instances of a chunk only: a visit needs few."""


def required(layout: Layout, classes: Collection[str] = (), excludes: Collection[str] = ()) -> tuple[str, ...]:
    """The classes that a search of this statement must visit, in a fixed order.

    Raises ValueError for a name in ``classes`` that no test knows.
    """
    names = list(dict.fromkeys([*_shape_classes(layout), *_matrix_classes(layout), *_end_classes(layout)]))
    unknown = [name for name in classes if name not in known(layout)]
    if unknown:
        raise ValueError(f"no coverage class is called {unknown[0]!r} here; there are {', '.join(known(layout))}")
    names += [name for name in classes if name not in names]
    return tuple(name for name in names if name not in excludes)


def known(layout: Layout) -> tuple[str, ...]:
    """Every class that can be asked for."""
    shapes = [
        name for rows, cols in _pairs(layout) for name in (f"{rows} > {cols}", f"{rows} = {cols}", f"{rows} < {cols}")
    ]
    ends = [end for line in layout.lines if isinstance(line, Index) for end in _ends(line)]
    return tuple(dict.fromkeys([*shapes, RANK_DEFICIENT, TIED, EXTREME, ZERO, ONE, *ends]))


def _pairs(layout: Layout) -> Iterator[tuple[Any, Any]]:
    for line in layout.matrices:
        if isinstance(line, Matrix):
            rows, cols = line.symbol.shape
            if rows in layout.structural and cols in layout.structural and rows != cols:
                yield rows, cols


def _shape_classes(layout: Layout) -> Iterator[str]:
    """Shape classes that the hypotheses on sizes leave possible."""
    place = {symbol: i for i, symbol in enumerate(layout.structural)}
    pool = layout.sizes.all()
    for rows, cols in _pairs(layout):
        r, c = place[rows], place[cols]
        yield from dict.fromkeys(_compared(rows, cols, sizes[r], sizes[c]) for sizes in pool)


def _compared(rows: Any, cols: Any, a: int, b: int) -> str:
    """The shape class of an a x b matrix."""
    return f"{rows} {'>' if a > b else '=' if a == b else '<'} {cols}"


def _matrix_classes(layout: Layout) -> Iterator[str]:
    restricted = set().union(*(symbols_of(line.formula) for line in layout.assumptions), set())
    ranges = set().union(
        *(symbols_of(e) for line in layout.lines if isinstance(line, (Index, Real)) for e in line.expressions()), set()
    )
    free = [line for line in layout.matrices if line.symbol not in restricted]
    unranged = [line for line in free if line.symbol not in ranges]  # a range such as 1..Rank(W) may exclude W = 0
    shapes = [
        layout.shape(line, dict(zip(layout.structural, sizes, strict=True)))[-2:]
        for line in free
        for sizes in layout.sizes.small + layout.sizes.middle
    ]
    general = any(isinstance(line, Layers) or line.structure in ("general", "diagonal") for line in unranged)
    if general or (unranged and any(min(shape) > 1 for shape in shapes)):
        yield RANK_DEFICIENT
    if any(min(shape) > 1 for shape in shapes):
        yield TIED
    if free:
        yield EXTREME
    if general:
        yield ZERO
    if unranged and (1, 1) in shapes:
        yield ONE


def _ends(line: Index) -> tuple[str, str]:
    return f"{line.symbol} at its lower end", f"{line.symbol} at its upper end"


def _end_classes(layout: Layout) -> Iterator[str]:
    """Both ends of each index that is drawn or enumerated and not tied down by an equation."""
    equations = set().union(*(symbols_of(f.formula) for f in layout.assumptions), set())
    for line in layout.lines:
        if isinstance(line, Index) and line.symbol not in layout.structural and line.symbol not in equations:
            yield from _ends(line)


def visits(layout: Layout, drawn: Drawn) -> Counter[str]:
    """How many valid instances lie in each known class."""
    counts: Counter[str] = Counter()
    rows_valid = drawn.valid.reshape(drawn.valid.shape[0], -1).any(dim=1)
    alive = int(rows_valid.sum().item())
    if alive == 0:
        return counts
    for rows, cols in _pairs(layout):
        counts[_compared(rows, cols, drawn.sizes[rows], drawn.sizes[cols])] += alive
    some = rows_valid.nonzero()[:LOOKED_AT, 0]
    marks = [_marks(drawn.values[line.symbol][some]) for line in layout.matrices]
    for name in marks[0] if marks else ():
        counts[name] += int(torch.stack([mark[name] for mark in marks]).any(dim=0).sum().item())
    _count_ends(layout, drawn, counts)
    return counts


def _count_ends(layout: Layout, drawn: Drawn, counts: Counter[str]) -> None:
    for number, line in enumerate(line for line in layout.axes if line.symbol in drawn.axes):
        others = [d for d in range(1, drawn.valid.ndim) if d != number + 1]
        per_value = drawn.valid.sum(dim=[0, *others]).tolist()
        limits = [_whole(end, drawn.sizes) for end in (line.low, line.high)]
        for name, end in zip(_ends(line), limits, strict=True):
            counts[name] += sum(n for k, n in zip(drawn.axes[line.symbol].tolist(), per_value, strict=True) if k == end)
    valid = drawn.valid.reshape(drawn.valid.shape[0], -1).any(dim=1)
    for symbol, (low, high) in drawn.ranges.items():
        value = drawn.values[symbol]
        line = next(d for d in layout.lines if isinstance(d, Index) and d.symbol == symbol)
        for name, limit in zip(_ends(line), (low, high), strict=True):
            counts[name] += int((valid & (value == limit)).sum().item())


def _whole(expr: Any, sizes: dict[sp.Symbol, int]) -> int:
    return int(sp.sympify(expr).xreplace({s: sp.Integer(v) for s, v in sizes.items()}))


def has_tie(value: Tensor) -> bool:
    """Whether an instance (1, m, n) or (1, L, d, d) has two equal positive singular values, up to rounding."""
    return bool(_marks(value)[TIED].any())


def _marks(value: Tensor) -> dict[str, Tensor]:
    """The degenerate classes that each instance of a matrix (B, m, n), or some member of a family (B, L, d, d), lies
    in."""
    members = value if value.ndim == 4 else value[:, None]
    spectrum = torch.linalg.svdvals(members)
    first, gaps = spectrum[..., :1], spectrum[..., :-1] - spectrum[..., 1:]
    largest = members.abs().amax(dim=(2, 3))
    extreme = (largest >= 2.0**EXTREME_EXPONENT) | ((largest > 0) & (largest <= 2.0**-EXTREME_EXPONENT))
    marks = {
        RANK_DEFICIENT: spectrum[..., -1] <= RELATIVE * spectrum[..., 0],
        TIED: ((gaps <= RELATIVE * first) & (spectrum[..., 1:] > RELATIVE * first)).any(dim=-1),
        EXTREME: extreme,
        ZERO: largest == 0,
        ONE: torch.full_like(extreme, tuple(members.shape[2:]) == (1, 1)),
    }
    return {name: mark.any(dim=1) for name, mark in marks.items()}
