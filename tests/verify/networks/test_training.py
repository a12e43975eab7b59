"""Training: determined by the seed, the seeds independent of each other, the spectra those of the weights."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from verify.context import Context, Profile
from verify.networks import data, lora, training, zoo
from verify.networks.models import Convolution, Dense, Transformer
from verify.networks.quantise import NF4, quantised, relative_error
from verify.networks.spectra import effective_rank, energy, energy_rank, gaussian_values, numerical_rank, tenth
from verify.networks.tasks import IGNORED, Digits, Teacher, Text
from verify.networks.training import CHECKPOINTS, Recipe, begin, generators, networks_of, rate_at

SMALL = Recipe("small", Dense((6, 5, 6), linear=True), Teacher(6, 2), 20, 16, 1e-2)
LETTERS = Recipe("letters", Transformer(causal=True, width=8, inner=8, heads=2, length=8), Text("lower", 8), 3, 4, 1e-2)


def test_a_seed_determines_a_network_whatever_is_trained_beside_it() -> None:
    for recipe in (SMALL, LETTERS):
        first = training.train(recipe, (1, 2), "cpu")
        training.train.cache_clear()
        again = networks_of(training.compute(recipe, (1, 2), "cpu"), recipe, (1, 2))
        alone = networks_of(training.compute(recipe, (2,), "cpu"), recipe, (2,))[0]
        for name, weight in first[1].weights.items():
            assert torch.equal(weight, again[1].weights[name])
            assert torch.allclose(weight, alone.weights[name], atol=1e-5)
            assert not torch.equal(weight, first[0].weights[name])


def test_the_spectra_are_those_of_the_weights_at_the_start_and_at_the_end() -> None:
    net = training.train(SMALL, (1, 2), "cpu")[0]
    for name, path in net.spectra.items():
        assert path.shape == (len(CHECKPOINTS), 5)
        for place, w in ((0, net.start), (-1, net.weights)):
            assert torch.allclose(path[place], torch.linalg.svdvals(w[name].double()))
        moved = torch.linalg.svdvals(net.weights[name].double() - net.start[name].double())
        assert torch.allclose(net.increments[name][-1], moved, atol=1e-6)
        assert (net.increments[name][0] == 0).all()


def test_a_second_process_would_read_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    first = training.train(SMALL, (1, 2), "cpu")
    training.train.cache_clear()
    monkeypatch.setattr(training, "compute", lambda *_: pytest.fail("trained again"))
    second = training.train(SMALL, (1, 2), "cpu")
    assert torch.equal(first[0].weights["dense-0"], second[0].weights["dense-0"])
    assert first[0].score == second[0].score


def test_the_rate_rises_and_falls() -> None:
    rates = [rate_at(step, 100) for step in range(100)]
    assert rates[0] < rates[4] and rates[-1] == pytest.approx(0.01)
    assert max(rates) <= 1


@pytest.mark.parametrize("mode", ["next", "hidden", "replaced", "average", "previous"])
def test_the_examples_do_not_give_the_answer_away(mode: str) -> None:
    feed = Text("lower", 12, mode).feed(generators([1, 2], "x"), 2, 6)  # type: ignore[arg-type]
    x, y = feed.train(0)
    assert x.shape == y.shape == (2, 6, 12)
    counted = y != IGNORED
    assert counted.any() and int(x.max()) < data.SYMBOLS
    match mode:
        case "next":
            assert torch.equal(x[..., 1:], y[..., :-1])
        case "hidden":
            assert (x[counted] == data.HIDDEN).all() and (x[~counted] != data.HIDDEN).all()
        case "replaced":
            assert (x[counted] != y[counted]).double().mean() > 0.8
        case "previous":
            assert torch.equal(x[..., :-1], y[..., 1:]) and (y[..., 0] == IGNORED).all()


def test_pairs_of_characters_tell_more_than_single_ones() -> None:
    text = data.corpus("manual")
    assert 2 < data.bigram_loss(text) < data.unigram_loss(text) < 4
    assert data.corpus("code").digest != text.digest


def test_models_of_several_seeds_are_models_of_one() -> None:
    x = torch.randn(2, 3, 64, generator=generators([0], "x")[0])
    for model in (Dense((64, 7, 10)), Dense((64, 7, 7, 10), rank=2), Convolution(channels=2)):
        w = begin(model, (1, 2), "y", 1.0)
        both = model.forward(w, x)
        assert both.shape == (2, 3, 10)
        for i in range(2):
            assert torch.allclose(
                both[i : i + 1], model.forward({n: t[i : i + 1] for n, t in w.items()}, x[i : i + 1]), atol=1e-5
            )


def test_the_convolution_is_a_convolution() -> None:
    model = Convolution(channels=2)
    w = begin(model, (1,), "c", 1.0)
    x = torch.randn(1, 3, 64, generator=generators([0], "x")[0])
    y = x.reshape(3, 1, 8, 8)
    for i in range(3):
        kernel = w[f"conv-{i}"][0].mT.reshape(-1, y.shape[1], 3, 3)
        y = torch.nn.functional.conv2d(y, kernel, padding=1).relu()
        y = torch.nn.functional.max_pool2d(y, 2) if i == 1 else y
    assert torch.allclose(model.forward(w, x)[0], y.flatten(1) @ w["readout"][0], atol=1e-4)


def test_a_rank_is_kept() -> None:
    model = Dense((12, 9, 9, 10), rank=2)
    recipe = Recipe("ranked", model, Teacher(12, 3), 1, 4, 1e-3)
    w = begin(model, (1,), "r", 1.0)
    assert torch.linalg.matrix_rank(training.product(w, "dense-1")[0]) == 2
    assert recipe.model.kinds["dense-2"] == "readout"


def test_seeds_grow_with_the_profile_and_begin_alike() -> None:
    quick, standard = (zoo.seed_groups(Context(profile=p)) for p in (Profile.QUICK, Profile.STANDARD))
    assert standard[: len(quick)] == quick and len(standard) > len(quick)
    assert zoo.seed_groups(Context(seed=1))[0] != quick[0]


def test_networks_that_did_not_learn_are_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    lazy = replace(LETTERS, family="lazy", steps=1, rate=0.0)
    good = replace(SMALL, family="good", steps=300)
    monkeypatch.setattr(zoo, "SEEDS", dict.fromkeys(Profile, 2))
    monkeypatch.setattr(zoo, "MANY", dict.fromkeys(Profile, 2))
    found = zoo.networks(Context(profile=Profile.QUICK), [lazy, good])
    assert {net.family for net in found} == {"good"}
    assert "lazy, seed 1000" in found.note


def test_without_the_digits_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "has_digits", lambda: False)
    found = zoo.networks(Context(profile=Profile.QUICK), [Recipe("d", Dense((64, 10)), Digits(), 1, 1, 1.0)])
    assert list(found) == []
    assert "scikit-learn is not installed" in found.note


# --- quantities ---------------------------------------------------------------------------------------------


def test_quantities_of_plain_values() -> None:
    s = torch.tensor([2.0, 1.0, 1.0, 0.0], dtype=torch.float64)
    assert energy(s, 1) == pytest.approx(4 / 6)
    assert energy_rank(s, 0.6) == 1 and energy_rank(s, 0.95) == 3
    assert numerical_rank(s, 4, 4) == 3
    assert float(effective_rank(torch.ones(5).double())) == pytest.approx(5)
    assert float(effective_rank(torch.tensor([3.0, 0.0]).double())) == pytest.approx(1)
    assert [tenth(r) for r in (1, 10, 11, 64)] == [1, 1, 2, 7]


@pytest.mark.parametrize("rows, columns", [(30, 20), (20, 30), (500, 8)])
def test_the_null_has_the_size_of_a_gaussian_matrix(rows: int, columns: int) -> None:
    """The squared Frobenius norm of an m x n Gaussian matrix is m n, give or take its root of 2 m n."""
    s = gaussian_values(rows, columns)
    assert len(s) == min(rows, columns)
    assert float((s**2).sum()) == pytest.approx(rows * columns, abs=5 * (2 * rows * columns) ** 0.5)


def test_the_levels_of_nf4_are_quantiles_of_the_normal_distribution() -> None:
    """The construction in the paper's appendix: eight quantiles above zero, seven below, zero, scaled to one."""
    from statistics import NormalDist

    offset = 0.9677083
    above = [NormalDist().inv_cdf(float(p)) for p in torch.linspace(offset, 0.5, 9)[:-1]]
    below = [-NormalDist().inv_cdf(float(p)) for p in torch.linspace(offset, 0.5, 8)[:-1]]
    levels = sorted([*above, 0.0, *below])
    assert [level / max(levels) for level in levels] == pytest.approx(NF4, abs=1e-5)


def test_quantising_takes_the_nearest_level() -> None:
    weight = torch.randn(9, 15, generator=generators([1], "q")[0]).double()
    found = quantised(weight)
    flat = torch.nn.functional.pad(weight.flatten(), (0, -weight.numel() % 64)).reshape(-1, 64)
    scale = flat.abs().amax(1, keepdim=True)
    grid = torch.tensor(NF4).double()
    nearest = grid[(flat[..., None] / scale[..., None] - grid).abs().argmin(-1)] * scale
    assert torch.allclose(found.flatten(), nearest.flatten()[: weight.numel()])
    assert torch.equal(quantised(torch.zeros(3, 3)), torch.zeros(3, 3).double())
    assert 0.05 < relative_error(weight) < 0.15


def test_factors_find_a_known_increment() -> None:
    known = lora.known_increment(5, 3, uneven=False)
    assert torch.allclose(known.found, known.wanted, atol=1e-3)
