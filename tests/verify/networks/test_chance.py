"""What chance gives: a comparison that says nothing, walks that learn nothing, factors that align with nothing."""

from __future__ import annotations

import pytest
import torch

from verify.context import Context, Profile
from verify.networks import chance, lora, measured_training, zoo
from verify.networks.measured_training import distance
from verify.networks.models import Dense
from verify.networks.tasks import Teacher
from verify.networks.training import Network, Recipe, generators, train


def network(seed: int, score: float, family: str = "f") -> Network:
    return Network(family, seed, {}, {}, {}, {}, {}, score, train_loss=0.0, test_loss=score, baseline=9.0)


def test_the_lot_of_two_equal_methods_is_counted_within_a_family() -> None:
    """Scores 3, 1, 2, 2, and the first again after the last: one is lower than the one before, a tie is not."""
    nets = [network(i, score) for i, score in enumerate((3.0, 1.0, 2.0, 2.0))] + [network(0, 0.0, "alone")]
    found = chance.next_seed(nets, lambda net: net.score, "error")
    assert found == {"f: share of seeds after which the next, trained alike, has the lower error": 0.25}


def test_a_random_walk_has_its_highest_rank_at_the_end_no_oftener_than_elsewhere() -> None:
    (make,) = generators([3], "walks")
    held = sum(chance.walk_never_higher(make, 12, 12) for _ in range(200))
    assert held / 200 == pytest.approx(1 / 6, abs=0.12)


def test_walks_are_seeded_and_one_network_a_family() -> None:
    recipe = Recipe("small", Dense((6, 5, 6), linear=True, rank=2), Teacher(6, 2), 4, 8, 1e-2)
    nets = list(train(recipe, (1, 2), "cpu"))
    first = chance.walks(nets)
    assert first == chance.walks(nets)
    assert list(first.values()) in ([0.0], [1.0])
    assert chance.walks([]) == {}


def test_random_factors_have_the_size_and_not_the_shape_that_is_wanted() -> None:
    (make,) = generators([1], "factors")
    wanted = 1 / torch.arange(1, 5).double()
    found = chance.random_factors(make, lora.SIZE, 4, float(wanted.norm()))
    assert float(found.norm()) == pytest.approx(float(wanted.norm()))
    assert distance(found, wanted) > 0.1


def test_measurements_of_pairs_name_their_null(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the low-rank networks do, the null is that of the full ones."""
    p = measured_training.LOW_TRUTH
    for low in (0.1, 5.0):
        nets = [network(i, s, p.full.family) for i, s in enumerate((1.0, 2.0))]
        nets += [network(i, low, p.low.family) for i in range(2)]
        trained = zoo.Trained(nets)
        monkeypatch.setattr(zoo, "networks", lambda *a, trained=trained, **k: trained)
        found = measured_training.low_rank_truth(Context(profile=Profile.QUICK))
        assert (found.held, found.of) == (2 if low < 1 else 0, 2)
        assert list(found.null.values()) == [0.5]
