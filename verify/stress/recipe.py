"""Recipes: the few numbers that fix one batch, and where they come from.

A list of structured and degenerate recipes comes first and is the same in every run; hypothesis draws the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from verify.stress.ensembles import Ensemble, Spectrum
from verify.stress.layout import Layout

EXTREME = 200
"""Exponent of two of the extreme scales: squares and fourth powers of such entries are still within float64."""
MODERATE = 8
"""Exponent of two of a condition number at which float64 still tells the rank of a product of several matrices."""
RANKS = ("full", "full", "full", "random", "half", "one less", "one", "zero")


@dataclass(frozen=True)
class MatrixRecipe:
    """How to draw one matrix: ``rank`` is a word of RANKS, ``condition`` and ``scale`` are exponents of two."""

    ensemble: Ensemble = Ensemble.GAUSSIAN
    spectrum: Spectrum = Spectrum.RANDOM
    rank: str = "full"
    condition: int = 4
    scale: int = 0


@dataclass(frozen=True)
class Recipe:
    """One batch. ``sizes`` are the values of the structural symbols in order; matrix i uses ``matrices[i % len]``."""

    sizes: tuple[int, ...]
    matrices: tuple[MatrixRecipe, ...]
    seed: int
    name: str = "random"

    def matrix(self, number: int) -> MatrixRecipe:
        return self.matrices[number % len(self.matrices)]

    def rescaled(self, scale: int) -> Recipe:
        """The same with every scale other than 0 replaced by ``scale``, sign kept."""
        changed = (replace(m, scale=(scale if m.scale > 0 else -scale) if m.scale else 0) for m in self.matrices)
        return replace(self, matrices=tuple(changed))


def number_of(*parts: object) -> int:
    """A seed from anything printable: equal across processes, unlike ``hash``."""
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=7).digest(), "big")


PLAIN: tuple[MatrixRecipe, ...] = (
    MatrixRecipe(Ensemble.INTEGER),
    MatrixRecipe(Ensemble.EXACT, Spectrum.TIED, "random"),
    MatrixRecipe(Ensemble.DIAGONAL, Spectrum.TIED, "random"),
    MatrixRecipe(Ensemble.GAUSSIAN),
    MatrixRecipe(Ensemble.LOW_RANK, rank="random"),
    MatrixRecipe(Ensemble.ELEMENTARY),
    MatrixRecipe(Ensemble.SHIFT),
    MatrixRecipe(Ensemble.PERMUTATION),
    MatrixRecipe(Ensemble.ROTATION),
    MatrixRecipe(Ensemble.IDENTITY),
    MatrixRecipe(Ensemble.ONES),
    MatrixRecipe(Ensemble.ZERO),
    MatrixRecipe(Ensemble.SPECTRUM, Spectrum.GEOMETRIC, condition=20),
    MatrixRecipe(Ensemble.SPECTRUM, Spectrum.NEAR_TIE),
    MatrixRecipe(Ensemble.EXACT, Spectrum.NEAR_TIE, "random"),
    MatrixRecipe(Ensemble.EXACT, Spectrum.GEOMETRIC, "random"),
    MatrixRecipe(Ensemble.EXACT, Spectrum.STEP, condition=2),
)
EXTREMES: tuple[MatrixRecipe, ...] = tuple(
    MatrixRecipe(ensemble, Spectrum.TIED, "random", scale=sign * EXTREME)
    for ensemble in (Ensemble.EXACT, Ensemble.GAUSSIAN)
    for sign in (1, -1)
)
PAIRS: tuple[tuple[Ensemble, Ensemble], ...] = (
    (Ensemble.INTEGER, Ensemble.LIKE),
    (Ensemble.GAUSSIAN, Ensemble.LIKE),
    (Ensemble.EXACT, Ensemble.LIKE),
    (Ensemble.LOW_RANK, Ensemble.LIKE),
    (Ensemble.LOW_RANK, Ensemble.GAUSSIAN),
    (Ensemble.INTEGER, Ensemble.ZERO),
    (Ensemble.ZERO, Ensemble.INTEGER),
    (Ensemble.ELEMENTARY, Ensemble.INTEGER),
    (Ensemble.IDENTITY, Ensemble.DIAGONAL),
)


def structured(layout: Layout, breadth: int) -> Iterator[Recipe]:
    """The deterministic list: tiny integer matrices, then each plain and degenerate family at several shapes.

    ``breadth`` is the number of shapes. Statements without matrices get each admissible size once.
    """
    return (tame(layout, recipe) for recipe in _listed(layout, breadth))


def _listed(layout: Layout, breadth: int) -> Iterator[Recipe]:
    pool = layout.sizes
    if not layout.matrices:
        for sizes in spread(pool.all(), 60 * breadth):
            yield Recipe(sizes, (MatrixRecipe(),), number_of("scalar", sizes), "scalars")
        return
    yield from (
        Recipe(sizes, (MatrixRecipe(Ensemble.INTEGER),), number_of("dense", sizes), "tiny integers")
        for sizes in spread(pool.small, 2 * breadth)
    )
    shapes = [*spread(pool.small, breadth), *spread(pool.middle, max(breadth // 2, 1))]
    for place, sizes in enumerate(shapes):
        for number, plain in enumerate(PLAIN):
            if (number + place) % 2 and place >= 2:
                continue
            yield Recipe(sizes, (plain,), number_of("plain", sizes, number), str(plain.ensemble))
        if len(layout.matrices) > 1:
            for pair in PAIRS:
                both = tuple(MatrixRecipe(e, Spectrum.TIED, "random") for e in pair)
                yield Recipe(sizes, both, number_of("pair", sizes, *pair), " and ".join(pair))
    for sizes in shapes[-2:]:
        for extreme in EXTREMES:
            yield Recipe(sizes, (extreme,), number_of("extreme", sizes, extreme), "extreme scale")


def spread(pool: tuple[tuple[int, ...], ...], count: int) -> list[tuple[int, ...]]:
    """About ``count`` entries evenly spread over the pool, ends included."""
    if len(pool) <= count:
        return list(pool)
    return [pool[round(i * (len(pool) - 1) / max(count - 1, 1))] for i in range(count)]


FAMILIES_DRAWN = (
    Ensemble.GAUSSIAN,
    Ensemble.SPECTRUM,
    Ensemble.EXACT,
    Ensemble.LIKE,
    Ensemble.LOW_RANK,
    Ensemble.INTEGER,
    Ensemble.NOISY,
    Ensemble.DIAGONAL,
    Ensemble.ELEMENTARY,
    Ensemble.SHIFT,
    Ensemble.ROTATION,
    Ensemble.ZERO,
)


def recipes(layout: Layout, big: bool = True) -> st.SearchStrategy[Recipe]:
    """Random recipes: small shapes mostly, larger ones now and then where ``big``."""
    pool = layout.sizes
    choices = [part for part in (pool.small, pool.middle or pool.small, pool.middle or pool.small) if part]
    if big and pool.large:
        choices.append(pool.large)
    matrix = st.builds(
        MatrixRecipe,
        ensemble=st.sampled_from(FAMILIES_DRAWN),
        spectrum=st.sampled_from(tuple(Spectrum)),
        rank=st.sampled_from(RANKS),
        condition=st.sampled_from((0, 2, 4, 8, 20, 40)),
        scale=st.sampled_from((0, 0, 0, 0, -3, 3, -10, 10, EXTREME, -EXTREME)),
    )
    drawn = st.builds(
        Recipe,
        sizes=st.sampled_from(choices).flatmap(st.sampled_from),
        matrices=st.tuples(*(matrix for _ in layout.matrices)) if layout.matrices else st.just((MatrixRecipe(),)),
        seed=st.integers(0, 2**32 - 1),
    )
    return drawn.map(lambda recipe: tame(layout, recipe))


def tame(layout: Layout, recipe: Recipe) -> Recipe:
    """The same within what float64 can tell: of a rank, by moderate condition and one scale for all matrices; of an
    exponential, by entries that are small or of moderate size, never extremely large."""
    matrices = recipe.matrices
    if layout.reads_rank:
        scale = matrices[0].scale
        matrices = tuple(replace(m, scale=scale, condition=min(m.condition, MODERATE)) for m in matrices)
    if layout.exponentiates:
        matrices = tuple(replace(m, scale=min(m.scale, 1)) for m in matrices)
    return replace(recipe, matrices=matrices)
