"""What comparisons of networks give by chance: the null models beside measurements that are no figure of one matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from verify.networks.measure import most
from verify.networks.spectra import effective_rank
from verify.networks.training import CHECKPOINTS, Network, generators, values

if TYPE_CHECKING:
    from torch import Generator, Tensor


def next_seed(nets: Iterable[Network], quantity: Callable[[Network], float], what: str) -> dict[str, float]:
    """For each family, how often the network of the next seed has the lower quantity: the lot of two equal methods."""
    families: dict[str, list[float]] = {}
    for net in nets:
        families.setdefault(net.family, []).append(quantity(net))
    return {
        f"{family}: share of seeds after which the next, trained alike, has the lower {what}": sum(
            after < before for before, after in zip(found, found[1:] + found[:1], strict=True)
        )
        / len(found)
        for family, found in families.items()
        if len(found) > 1
    }


def walk_never_higher(make: Generator, rows: int, columns: int) -> bool:
    """Whether a Gaussian random walk of matrices, seen where training is, has its highest effective rank at its end."""
    import torch

    at, ranks = torch.zeros(rows, columns, dtype=torch.float64), []
    for before, after in pairwise(CHECKPOINTS):
        at = at + (after - before) ** 0.5 * torch.randn(rows, columns, generator=make).double()
        ranks.append(float(effective_rank(values(at))))
    return ranks[-1] == max(ranks)


def walks(nets: Sequence[Network]) -> dict[str, float]:
    """The share of networks, a random walk for each of their weights, that would count by the rule for training."""
    first = {net.family: net for net in reversed(nets)}
    held = []
    for net in first.values():
        (make,) = generators([net.seed], f"random walk, {net.family}")
        shapes = [_shape(net, name) for name in net.kinds]
        held.append(most(walk_never_higher(make, *shape) for shape in shapes))
    what = "Gaussian random walks in place of the weights of one network a family: share in which it holds"
    return {what: sum(held) / len(held)} if held else {}


def _shape(net: Network, name: str) -> tuple[int, int]:
    if name in net.weights:
        rows, columns = net.weights[name].shape
        return rows, columns
    return len(net.weights[f"{name}.down"]), net.weights[f"{name}.up"].shape[1]


def random_factors(make: Generator, size: int, rank: int, norm: float) -> Tensor:
    """The first ``rank`` singular values of a product of Gaussian factors, of that Frobenius norm."""
    import torch

    found = values(torch.randn(size, rank, generator=make) @ torch.randn(rank, size, generator=make))[:rank]
    scaled: Tensor = found * (norm / found.norm())
    return scaled
