"""Measurements of singular values: how much energy a few of them hold, how they fall, how training moves them.

Each function returns counts over networks; in a network a property holds if it holds for most of its matrices. The
quantities and the bounds in them were fixed from the words of the text before anything was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise

from verify.context import Context
from verify.networks import chance, curves, fits, goodness, pretrained, zoo
from verify.networks.fits import Fit
from verify.networks.measure import Unit, by_kind, counts, medians, most, nulls, per_network, units
from verify.networks.spectra import Matrix, effective_rank, energy, energy_rank, median, numerical_rank, relative, tenth
from verify.networks.training import Network
from verify.statistics import Counts

LARGE = 0.95
LOW, HIGH = 1 / 3, 2 / 3
"""Bounds of low and high for an effective rank relative to the largest possible: thirds."""


# --- Lemma 11.17 ----------------------------------------------------------------------------------------------


def rank_of(matrix: Matrix) -> int:
    return numerical_rank(matrix.values, matrix.rows, matrix.columns)


def energy_in_a_tenth(matrix: Matrix, values: object = None) -> float:
    s = matrix.values if values is None else values
    return energy(s, tenth(numerical_rank(s, matrix.rows, matrix.columns)))  # type: ignore[arg-type]


def tenth_keeps_95(context: Context) -> Counts:
    """Transformers in which most matrices have at least 95% of their energy in the first tenth of their values."""
    found = units(context, zoo.TRANSFORMERS, pretrained.TRANSFORMERS)
    what = "E(rank/10)"
    return counts(
        found,
        lambda unit: most(energy_in_a_tenth(m) >= LARGE for m in unit.matrices),
        null=nulls(found.here, what, energy_in_a_tenth),
        figures=medians(found.here, what, energy_in_a_tenth) | per_network(found.here, what, energy_in_a_tenth),
        curves=curves.energies(found.here),
    )


def full_rank_small_effective_rank(context: Context) -> Counts:
    """Transformers in which most matrices have full numerical rank and an effective rank of at most half of it."""
    found = units(context, zoo.TRANSFORMERS, pretrained.TRANSFORMERS)

    def holds(m: Matrix) -> bool:
        return rank_of(m) == m.size and m.relative <= 1 / 2

    full = medians(found.here, "numerical rank / min(m, n)", lambda m: rank_of(m) / m.size)
    return counts(
        found,
        lambda unit: most(map(holds, unit.matrices)),
        null=nulls(found.here, "effective rank / min(m, n)", lambda m, s: relative(s)),
        figures=medians(found.here, "effective rank / min(m, n)", lambda m: m.relative)
        | per_network(found.here, "effective rank / min(m, n)", lambda m: m.relative)
        | full,
    )


# --- Table 11.2.1 ---------------------------------------------------------------------------------------------


def layers(context: Context, kind: str, low: float, high: float) -> Counts:
    """Transformers in which most matrices of one kind have a relative effective rank above low, up to high."""
    found = units(context, zoo.TRANSFORMERS, pretrained.TRANSFORMERS)
    only = found._replace(here=[u._replace(matrices=tuple(by_kind(u)[kind])) for u in found.here if kind in by_kind(u)])
    what = "effective rank / min(m, n)"
    return counts(
        only,
        lambda unit: most(low < m.relative <= high for m in unit.matrices),
        null=nulls(only.here, what, lambda m, s: relative(s)),
        figures=medians(only.here, what, lambda m: m.relative) | per_network(only.here, what, lambda m: m.relative),
    )


def embedding_medium(context: Context) -> Counts:
    return layers(context, "embedding", LOW, HIGH)


def ffn_higher(context: Context) -> Counts:
    """Transformers whose feed-forward weights have a higher median relative effective rank than attention has."""
    found = units(context, zoo.TRANSFORMERS, pretrained.TRANSFORMERS)

    def middle(unit: Unit, kind: str) -> float:
        return median([m.relative for m in by_kind(unit)[kind]])

    what = "effective rank / min(m, n)"
    kinds = {f"{u.name}, {k}: {what}": middle(u, k) for u in found.here for k in ("attention", "ffn")}
    return counts(
        found,
        lambda unit: middle(unit, "ffn") > middle(unit, "attention"),
        null=nulls(found.here, what, lambda m, s: relative(s)),
        figures=kinds,
        also="the shapes alone favour it: an oblong Gaussian matrix is more even than a square one, see the null",
    )


# --- Lemma 11.20, Theorem 11.10, Definition 11.17 -------------------------------------------------------------

PUBLISHED = (1.0, 3.0)
SURE = 0.05


def exponent(m: Matrix, s: object = None, *, whole: bool = False) -> Fit | None:
    """The fit over the first half of the values (or all above rounding); None where none can be made."""
    values = (m.values if s is None else s)[: rank_of(m)].tolist()  # type: ignore[index]
    window = fits.whole(len(values)) if whole else fits.head(len(values))
    found = fits.fit(values, window)
    return found if isinstance(found, Fit) else None


def alpha_range(context: Context) -> Counts:
    """Networks in most of whose matrices the exponent over the first half of the values lies in the range."""
    found = units(context, zoo.DEEP, pretrained.NAMES)
    # A matrix with too few values to fit is left out; a network without any other is not counted.
    kept = found._replace(
        here=[
            u._replace(matrices=fitted)
            for u in found.here
            if (fitted := tuple(m for m in u.matrices if exponent(m) is not None))
        ]
    )

    def number(m: Matrix, field: str, *, whole: bool = False, s: object = None) -> float:
        one = exponent(m, s, whole=whole)
        return getattr(one, field) if one is not None else 0.0

    figures = medians(kept.here, "alpha, i up to r/2", partial(number, field="alpha"))
    figures |= medians(kept.here, "R^2 of the line, i up to r/2", partial(number, field="r_squared"))
    figures |= medians(kept.here, "share of the residual that a bend explains", partial(number, field="bent"))
    figures |= medians(kept.here, "alpha, all i up to r", partial(number, field="alpha", whole=True))
    figures |= medians(kept.here, "R^2 of the line, all i up to r", partial(number, field="r_squared", whole=True))
    every = [one for u in kept.here for m in u.matrices if (one := exponent(m)) is not None]
    for law in ("power", "exponential", "log-normal"):
        figures[f"share of all matrices best fitted by the {law} law (AIC)"] = sum(
            one.best == law for one in every
        ) / max(1, len(every))
    figures |= doubts([(m, one) for u in kept.here for m in u.matrices if (one := exponent(m)) is not None])
    low, high = PUBLISHED
    return counts(
        kept,
        lambda unit: most(low <= number(m, "alpha") <= high for m in unit.matrices),
        null=nulls(kept.here, "alpha, i up to r/2", lambda m, s: number(m, "alpha", s=s)),
        figures=figures | per_network(kept.here, "alpha, i up to r/2", partial(number, field="alpha")),
        also="matrices with fewer than four values in the window are left out",
        curves=curves.spectra(kept.here),
    )


def doubts(fitted: Sequence[tuple[Matrix, Fit]]) -> dict[str, float]:
    """The shares of matrices on which tests speak against the power law: of its fit, and beside each other law."""
    many = max(1, len(fitted))
    p = [goodness.p_value(goodness.distance(m.values.tolist(), one), one.window) for m, one in fitted]
    ruled_out = f"share of all matrices on which the power law is ruled out (bootstrap, p < {goodness.REJECTED:g})"
    out = {ruled_out: sum(x < goodness.REJECTED for x in p) / many}
    for law in ("exponential", "log-normal"):
        worse = [one.against[law].z < 0 and one.against[law].p < SURE for _, one in fitted]
        out[f"share of all matrices that the {law} law fits better (Vuong's test, p < {SURE:g})"] = sum(worse) / many
    return out


def energy_concentrates(context: Context) -> Counts:
    """Networks in most of whose matrices the first tenth of the values holds more energy than at the start."""
    found = units(context, zoo.ALL, ())
    trained = {net.name: net for net in zoo.networks(context, zoo.ALL)}
    recipes = {recipe.family: recipe for recipe in zoo.ALL}

    def gain(m: Matrix) -> float:
        assert m.start is not None
        return energy(m.values, tenth(m.size)) - energy(m.start, tenth(m.size))

    def rises(unit: Unit) -> float:
        """The share of steps from one checkpoint to the next at which the energy rises."""
        ups = []
        for m in unit.matrices:
            path = [energy(s, tenth(m.size)) for s in trained[unit.name].spectra[m.name]]
            ups += [b > a for a, b in pairwise(path)]
        return sum(ups) / len(ups)

    return counts(
        found,
        lambda unit: most(gain(m) > 0 for m in unit.matrices),
        null=nulls(found.here, "E(r/10)", lambda m, s: energy(s, tenth(m.size))),
        figures=medians(found.here, "gain in E(r/10)", gain)
        | {f"{u.name}: share of checkpoints at which E(r/10) rose": rises(u) for u in found.here},
        curves=[curves.trajectory(net, zoo.stretched(recipes[net.family], context)) for net in drawn(trained.values())],
    )


def drawn(nets: Iterable[Network]) -> list[Network]:
    """The first network of the first family of each sort."""
    groups = (zoo.TRANSFORMERS, zoo.PERCEPTRONS, zoo.CONVOLUTIONS, zoo.LINEAR)
    return curves.firsts(list(nets), [group[0].family for group in groups])


def ten_to_thirty_percent(context: Context) -> Counts:
    """Networks in most of whose matrices at most 30% of min(m, n) values hold 95% of the energy."""
    found = units(context, zoo.DEEP, pretrained.NAMES)

    def share(m: Matrix, s: object = None, tau: float = LARGE) -> float:
        return energy_rank(m.values if s is None else s, tau) / m.size  # type: ignore[arg-type]

    what = "r_eff(0.95) / min(m, n)"
    return counts(
        found,
        lambda unit: most(share(m) <= 0.3 for m in unit.matrices),
        null=nulls(found.here, what, share),
        figures=medians(found.here, what, share)
        | medians(found.here, "r_eff(0.99) / min(m, n)", partial(share, tau=0.99))
        | per_network(found.here, what, share),
    )


# --- several parts --------------------------------------------------------------------------------------------


def finite_steps_lower_rank(context: Context) -> Counts:
    """Networks in most of whose matrices W(t) - W(0) never has a higher effective rank on the way than at the end."""
    trained = zoo.networks(context, zoo.ALL)
    held, figures = 0, {}
    for net in trained:
        ranks = {name: effective_rank(path[1:]) for name, path in net.increments.items()}  # the first one is zero
        held += most(bool((path[:-1] <= path[-1]).all()) for path in ranks.values())
        figures[f"{net.name}: effective rank of the first increment / of the last"] = median(
            [float(path[0] / path[-1]) for path in ranks.values()]
        )
    recipes = {recipe.family: zoo.stretched(recipe, context) for recipe in zoo.ALL}
    picture = curves.increment_ranks(drawn(trained), recipes)
    names = [net.name for net in trained]
    return Counts(
        held,
        len(trained),
        names,
        null=chance.walks(trained),
        figures=figures,
        note=trained.note,
        curves=(picture,) if picture else (),
    )
