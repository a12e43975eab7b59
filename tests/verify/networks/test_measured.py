"""The measurements: curvature of a known loss, distances, overlaps, and how networks are counted."""

from __future__ import annotations

import pytest
import torch

from verify.networks import measured_training, zoo
from verify.networks.curvature import along
from verify.networks.measure import Unit, Units, counts, medians, most
from verify.networks.measured_layers import overlap, spatial
from verify.networks.measured_spectra import energy_in_a_tenth, exponent
from verify.networks.measured_training import Approach, distance, least_squares_ranks, shape_distance
from verify.networks.models import Dense
from verify.networks.spectra import Matrix
from verify.networks.tasks import Batch, Teacher
from verify.networks.training import generators


def matrix(values: list[float], kind: str = "dense") -> Matrix:
    s = torch.tensor(values, dtype=torch.float64)
    return Matrix("w", kind, len(s), len(s), s, s.mean().expand(len(s)))  # type: ignore[arg-type]


def test_the_curvature_of_a_linear_layer_is_that_of_its_quadratic() -> None:
    """The mean of |x W - y|^2 over N examples and n outputs: along u v' the curvature is 2 |X u|^2 / (N n)."""
    make = generators([3], "curvature")[0]
    x, y, w = (torch.randn(1, *shape, generator=make).double() for shape in ((20, 6), (20, 4), (6, 4)))
    model = Dense((6, 4), linear=True)
    found = along(model, Teacher(6, 1), {"dense-0": w[0]}, "dense-0", Batch(x, y), "cpu")
    u, s, _ = torch.linalg.svd(w[0])
    expected = 2 * (x[0] @ u[:, :4]).square().sum(0) / 80
    assert torch.allclose(found.values, s)
    assert torch.allclose(found.curvatures, expected, rtol=1e-5)


def test_most_is_more_than_half() -> None:
    assert most([True, True, False]) and not most([True, False]) and not most([])


def test_a_network_counts_once_however_many_matrices_it_has() -> None:
    flat, steep = matrix([1.0] * 20), matrix([100.0, 1.0] + [0.01] * 18)
    found = Units([Unit("a", "f", (steep, steep, flat)), Unit("b", "f", (flat, flat))], "something is missing")
    out = counts(found, lambda u: most(energy_in_a_tenth(m) >= 0.95 for m in u.matrices), null={}, figures={})
    assert (out.held, out.of, list(out.networks)) == (1, 2, ["a", "b"])
    assert out.note == "something is missing"
    assert medians(found.here, "E", energy_in_a_tenth) == {"f, dense: E": pytest.approx(0.1)}


def test_an_exponent_is_that_of_the_power_law_and_missing_where_none_can_be_fitted() -> None:
    found = exponent(matrix([i**-1.5 for i in range(1, 31)]))
    assert found is not None and found.alpha == pytest.approx(1.5)
    assert exponent(matrix([3.0, 2.0, 1.0])) is None


def test_distances_of_singular_values() -> None:
    wanted = torch.tensor([4.0, 3.0])
    assert distance(torch.zeros(2), wanted) == 1
    assert distance(wanted, wanted) == 0
    assert shape_distance(7 * wanted, wanted) == pytest.approx(0, abs=1e-6)
    assert shape_distance(torch.tensor([1.0, 1.0]), wanted) > 0.1
    assert Approach(0.5, 0.2, 0.3).aligned
    assert not Approach(0.5, 0.4, 0.3).aligned and not Approach(0.1, 0.2, 0.3).aligned


def test_heads_that_are_alike_overlap() -> None:
    one = torch.randn(32, 4, generator=generators([0], "h")[0])
    assert overlap(torch.cat([one, one], 1), 2) == pytest.approx(0.5, rel=1e-4)
    apart = torch.block_diag(torch.eye(4), torch.eye(4))
    assert overlap(apart, 2) == pytest.approx(1)


def test_a_kernel_of_one_pattern_has_rank_one_in_space() -> None:
    pattern, weights = torch.arange(1.0, 10.0), torch.randn(3, 5, generator=generators([0], "k")[0])
    assert spatial(torch.einsum("p,io->ipo", pattern, weights)) == pytest.approx(1 / 9, rel=1e-4)


def test_gradient_flow_ends_at_its_limit() -> None:
    ranks, limit = least_squares_ranks("even inputs", 5)
    assert ranks[-1] == pytest.approx(limit, rel=1e-6)
    assert ranks[0] != pytest.approx(limit, rel=1e-6)


def test_both_networks_of_a_pair_see_the_same_examples() -> None:
    for p in (*measured_training.REAL, measured_training.LOW_TRUTH, measured_training.FULL_TRUTH):
        assert p.full.stream == p.low.stream != ""
        assert p.full.task == p.low.task and p.full.steps == p.low.steps
        assert p.low.family != p.full.family
    assert zoo.PERCEPTRON.rank is None
