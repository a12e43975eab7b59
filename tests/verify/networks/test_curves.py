"""What is drawn is what was measured, is short, and enters no verdict."""

from __future__ import annotations

import pytest
import torch

from verify.authoring import empirical, main, text, typical
from verify.checks import Measure
from verify.context import Context, Profile
from verify.judge import judge
from verify.model.claim import Part
from verify.model.evidence import Curves, Line
from verify.networks import curves, zoo
from verify.networks.measure import Unit, matrices_of, pretrained_name
from verify.networks.models import Dense
from verify.networks.spectra import Matrix, effective_rank, energy, tenth
from verify.networks.tasks import Teacher
from verify.networks.training import CHECKPOINTS, Network, Recipe, train
from verify.statistics import Counts

RECIPE = Recipe("small", Dense((12, 12, 12), linear=True), Teacher(12, 3), 32, 16, 1e-2)
OTHER = Curves(title="t", x="x", y="y", lines=(Line(name="l", of="measured", x=(1.0,), y=(2.0,)),))


@pytest.fixture
def net() -> Network:
    """Trained, and then found again in the cache."""
    train(RECIPE, (1, 2), "cpu")
    train.cache_clear()
    return train(RECIPE, (1, 2), "cpu")[0]


def test_curves_change_no_verdict() -> None:
    for held, of in ((9, 10), (1, 10), (5, 10), (0, 0)):
        verdicts = []
        for pictures in ((), (OTHER,), (OTHER, OTHER)):
            counts = Counts(held, of, ["n"], curves=pictures)
            check = Measure(function=lambda context, counts=counts: counts, quantity="q", threshold=0.5)
            part = Part(id="p", role=main, scope=typical, expected=empirical, reading=text("r", "r"), checks=[check])
            (found,) = check.run(part, Context(profile=Profile.QUICK))
            assert found.kind == "measurement" and found.curves == pictures
            verdicts.append(judge(typical, [found]))
        assert verdicts[0] == verdicts[1] == verdicts[2]


def test_a_spectrum_is_that_of_the_cached_network(net: Network) -> None:
    unit = Unit(net.name, net.family, matrices_of(net))
    found = {one.title: one for one in curves.spectra([unit])}
    chosen = sorted(unit.matrices, key=lambda m: m.relative)[1]
    (picture,) = found.values()
    assert picture.title == f"{net.name}: {chosen.name}, 12 x 12"
    own, null, law = picture.lines
    exact = torch.linalg.svdvals(net.weights[chosen.name].double())
    assert [line.of for line in picture.lines] == ["measured", "null", "model"]
    assert own.x == tuple(range(1, 13))
    assert list(own.y) == pytest.approx((exact / exact[0]).tolist(), rel=6e-4)
    assert list(null.y) == pytest.approx((chosen.null / chosen.null[0]).tolist(), rel=6e-4)
    assert law.x == (1.0, 6.0)


def test_a_fitted_law_is_drawn_where_the_values_lie_on_it() -> None:
    s = torch.arange(1, 41).double() ** -0.7
    picture = curves.spectrum(curves.Shown("n", Matrix("w", "dense", 40, 40, s)))
    law = picture.lines[2]
    assert law.name == "power law, exponent 0.7"
    assert list(law.y) == pytest.approx([1, 20**-0.7], rel=1e-3)
    few = curves.spectrum(curves.Shown("n", Matrix("w", "dense", 3, 3, s[:3])))
    assert [line.of for line in few.lines] == ["measured", "null"]


def test_an_energy_curve_passes_through_the_figure_of_the_part(net: Network) -> None:
    unit = Unit(net.name, net.family, matrices_of(net))
    (picture,) = curves.energies([unit])
    assert picture.marks == (0.1,) and picture.levels == (0.95,)
    own, null = picture.lines
    chosen = sorted(unit.matrices, key=lambda m: m.relative)[1]
    at = dict(zip(own.x, own.y, strict=True))
    k = tenth(12)
    assert at[curves.rounded(k / 12)] == pytest.approx(energy(chosen.values, k), rel=1e-3)
    assert (own.x[0], own.y[0], own.x[-1], own.y[-1]) == (0, 0, 1, 1)
    assert list(own.y) == sorted(own.y) and null.of == "null"


def test_a_trajectory_goes_through_the_checkpoints(net: Network) -> None:
    picture = curves.trajectory(net, RECIPE)
    assert picture.lines[0].x == tuple(round(32 * share) for share in CHECKPOINTS)
    for i, line in enumerate(picture.lines):
        assert list(line.y) == pytest.approx(net.spectra["dense-0"][:, i].tolist(), rel=6e-4)
    ranks = curves.increment_ranks([net], {"small": RECIPE})
    assert ranks is not None and ranks.lines[0].y[-1] == 1
    exact = effective_rank(net.increments["dense-0"])
    assert ranks.lines[0].y[0] == pytest.approx(float(exact[1] / exact[-1]), rel=1e-3)
    assert curves.increment_ranks([], {}) is None


def test_one_matrix_of_each_kind_is_drawn_here_and_of_one_pretrained_transformer() -> None:
    def unit(name: str, *kinds: str) -> Unit:
        s = torch.arange(1, 9).double()
        return Unit(name, name, tuple(Matrix(k, k, 8, 8, (s**-p)) for k in kinds for p in (0.1, 0.5, 2.0)))  # type: ignore[arg-type]

    units = [unit("a", "attention", "ffn"), unit("b", "attention", "dense"), unit(pretrained_name("silero"), "dense")]
    units += [unit(pretrained_name("minilm"), "attention"), unit(pretrained_name("rxnmapper"), "attention")]
    found = curves.shown(units)
    assert [(one.network, one.matrix.kind) for one in found] == [
        ("a", "attention"), ("a", "ffn"), ("b", "dense"), ("pretrained: minilm", "attention"),
    ]  # fmt: skip
    assert all(one.matrix.values[1] == pytest.approx(2**-0.5) for one in found)


@pytest.mark.parametrize("count", [1, 2, 9, 384, 100_000])
def test_a_line_is_short_and_has_both_ends(count: int) -> None:
    for power in (None, 1.5):
        at = curves.spaced(count, power=power)
        assert at == sorted(set(at)) and (at[0], at[-1]) == (1, count)
        assert len(at) <= 40
    assert all(x == float(f"{x:.4g}") for x in (curves.rounded(1 / 3), curves.rounded(123456.0)))


def test_the_networks_that_are_followed_are_of_families_that_exist() -> None:
    from verify.networks.measured_spectra import drawn

    nets = [Network(r.family, 0, {}, {}, {}, {}, {}, 0, 0, 0, 1) for r in zoo.ALL]
    kept = [net.family for net in drawn(replaced(nets))]
    assert kept == [nets[0].family, "perceptron, Adam", "convolutions, Adam", "deep linear, low-rank teacher"]


def replaced(nets: list[Network]) -> list[Network]:
    """Each family twice: only the first network of one is followed."""
    return [net._replace(seed=seed) for net in nets for seed in (0, 1)]
