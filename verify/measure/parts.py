"""The typical parts of the installed collections that speak of weights, counted on the user's matrices.

Which parts these are is read off the collections: a part whose measurement is one of the functions of
``verify.networks`` that are named here. The property of one matrix is that of the function, with its bounds. What is
counted here are matrices of one checkpoint, which are not independent: no interval, and no verdict on the part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from verify.checks import Measure
from verify.collection import Collection
from verify.measure.figures import Range
from verify.measure.kinds import Layer, Unfolding
from verify.measure.measured import Measured, by_type
from verify.model.claim import Claim, Part
from verify.networks.measured_spectra import HIGH, LARGE, LOW, PUBLISHED
from verify.networks.spectra import median, tenth

Answer = bool | None
"""None: the bounds on the figure do not decide."""


def at_least(x: Range, bound: float) -> Answer:
    return True if x.low >= bound else False if x.high < bound else None


def at_most(x: Range, bound: float) -> Answer:
    return True if x.high <= bound else False if x.low > bound else None


def both(a: Answer, b: Answer) -> Answer:
    return False if a is False or b is False else None if a is None or b is None else True


def above(x: Range, bound: float) -> Answer:
    below = at_most(x, bound)
    return None if below is None else not below


@dataclass(frozen=True)
class Property:
    """``holds`` of one matrix, ``says`` so in words. ``of`` chooses the matrices that it speaks of."""

    says: str
    holds: Callable[[Measured], Answer]
    of: Callable[[Measured], bool]


def weight(m: Measured) -> bool:
    """One matrix a tensor: a kernel by its outputs, as everywhere else."""
    return m.matrix.unfolding in (None, Unfolding.OUTPUTS)


def in_space(m: Measured) -> bool:
    """A kernel by its places, where these extend in two directions: of three in a row even one counts as a third."""
    return m.matrix.unfolding is Unfolding.PLACES and sum(side > 1 for side in m.matrix.entry.shape[2:]) > 1


def _is(*layers: Layer) -> Callable[[Measured], bool]:
    return lambda m: m.matrix.layer in layers


def _full_and_small(m: Measured) -> Answer:
    return both(at_least(m.figures.rank, m.figures.size), at_most(m.figures.relative, 1 / 2))


def _exponent(m: Measured) -> Answer:
    alpha, (low, high) = m.figures.alpha, PUBLISHED
    return None if alpha is None else low <= alpha <= high


def _gain(m: Measured) -> Answer:
    assert m.before is not None
    k = tenth(m.figures.size)
    after, before = m.figures.energy(k), m.before.energy(k)
    return True if after.low > before.high else False if after.high <= before.low else None


TRANSFORMER = _is(Layer.EMBEDDING, *(one for one in Layer if one.attention), Layer.FEED_FORWARD)
PROPERTIES: Mapping[str, Property] = {
    "tenth_keeps_95": Property("E(rank/10) >= 0.95", lambda m: at_least(m.figures.energy_tenth, LARGE), TRANSFORMER),
    "full_rank_small_effective_rank": Property(
        "full numerical rank, and effective rank <= half of it", _full_and_small, TRANSFORMER
    ),
    "embedding_medium": Property(
        "1/3 < effective rank / min(m, n) <= 2/3",
        lambda m: both(above(m.figures.relative, LOW), at_most(m.figures.relative, HIGH)),
        _is(Layer.EMBEDDING),
    ),
    "attention_low": Property(
        "effective rank / min(m, n) <= 1/3",
        lambda m: at_most(m.figures.relative, LOW),
        lambda m: m.matrix.layer.attention,
    ),
    "convolution_low": Property(
        "effective rank in space / places <= 1/3", lambda m: at_most(m.figures.relative, LOW), in_space
    ),
    "alpha_range": Property("1 <= alpha <= 3 on i up to r/2", _exponent, weight),
    "energy_concentrates": Property(
        "more energy in the first tenth than in the baseline", _gain, lambda m: weight(m) and m.before is not None
    ),
    "ten_to_thirty_percent": Property(
        "r_eff(0.95) <= 0.3 min(m, n)", lambda m: at_most(m.figures.energy_rank(LARGE), 0.3 * m.figures.size), weight
    ),
}
"""By the function of ``verify.networks`` that measures the part."""
WHOLE = "ffn_higher"
"""The one property of a whole network: feed-forward weights above attention weights, in the median."""


@dataclass(frozen=True)
class Count:
    """held of ``of`` matrices; ``undecided`` further ones, by bounds that are too wide or a fit that failed."""

    held: int
    of: int
    undecided: int


@dataclass(frozen=True)
class Finding:
    """One part: what was counted, by layer type."""

    collection: str
    part: str
    label: dict[str, str]
    says: str
    types: dict[str, Count]
    note: str = ""

    @property
    def held(self) -> int:
        return sum(count.held for count in self.types.values())

    @property
    def of(self) -> int:
        return sum(count.of for count in self.types.values())

    @property
    def undecided(self) -> int:
        return sum(count.undecided for count in self.types.values())

    @property
    def sentence(self) -> str:
        """Never more than "for these weights"."""
        if self.note:
            return self.note
        if not self.of and not self.undecided:
            return "says nothing of these weights"
        if not self.of:
            return f"not decided for these weights ({self.undecided} undecided)"
        most = "holds for most of" if 2 * self.held > self.of + self.undecided else "does not hold for most of"
        if 2 * self.held <= self.of + self.undecided < 2 * (self.held + self.undecided):
            most = "not decided for"
        return f"{most} these weights: {self.held} of {self.of}" + (
            f", {self.undecided} undecided" if self.undecided else ""
        )


def findings(collections: Sequence[Collection], found: Sequence[Measured]) -> list[Finding]:
    """One a part, in the order of the collections."""
    return [_finding(c, claim, part, name, found) for c, claim, part, name in speaking(collections)]


def speaking(collections: Sequence[Collection]) -> Iterator[tuple[Collection, Claim, Part, str]]:
    """The parts that speak of weights, each with the name of its measurement."""
    for collection in collections:
        for claim in collection.claims:
            for part in claim.parts:
                for check in part.checks:
                    name = getattr(check.function, "__name__", "") if isinstance(check, Measure) else ""
                    ours = isinstance(check, Measure) and str(check.function.__module__).startswith("verify.networks.")
                    if ours and (name in PROPERTIES or name == WHOLE):
                        yield collection, claim, part, name


def _finding(collection: Collection, claim: Claim, part: Part, name: str, found: Sequence[Measured]) -> Finding:
    from verify.labels import label

    titles = label(claim.label)
    identifier = f"{claim.label}/{part.id}"
    if name == WHOLE:
        says = "median effective rank / min(m, n): feed-forward above attention"
        return Finding(collection.name, identifier, titles, says, {}, _higher(found))
    property_ = PROPERTIES[name]
    types = {kind: _count(property_, group) for kind, group in by_type([m for m in found if property_.of(m)]).items()}
    return Finding(collection.name, identifier, titles, property_.says, types)


def _count(property_: Property, group: Sequence[Measured]) -> Count:
    answers = [property_.holds(m) for m in group]
    undecided = sum(answer is None for answer in answers)
    return Count(sum(answer is True for answer in answers), len(answers) - undecided, undecided)


def _higher(found: Sequence[Measured]) -> str:
    groups = [
        [m.figures.relative for m in found if chosen(m)]
        for chosen in (_is(Layer.FEED_FORWARD), lambda m: m.matrix.layer.attention)
    ]
    if not all(groups):
        return "says nothing of these weights"
    ffn, attention = (Range(median([r.low for r in g]), median([r.high for r in g])) for g in groups)
    values = f"{ffn} beside {attention}"
    if ffn.low > attention.high:
        return f"holds for these weights: {values}"
    return f"does not hold for these weights: {values}" if ffn.high <= attention.low else f"not decided: {values}"
