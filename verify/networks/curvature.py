"""Curvature of the loss along the singular directions of a weight, beside the singular values.

For a weight W = sum s_i u_i v_i' the curvature in the direction u_i v_i' is the second derivative of the loss at
W + t u_i v_i', t = 0. It is taken as a central second difference in double precision, with all directions of one
weight evaluated side by side; for rectified networks this also sees the bends that a Hessian misses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from verify.networks.models import Model, Transformer
from verify.networks.tasks import Batch, Task
from verify.networks.training import Network, Recipe, generators

if TYPE_CHECKING:
    from torch import Tensor

DIRECTIONS = 16
EXAMPLES = 64
WINDOWS = 4
STEP = 1e-3  # of the root mean square of the singular values


class Curvatures(NamedTuple):
    """Of one weight: singular values and curvatures in the same directions, at evenly spaced places."""

    weight: str
    values: Tensor
    curvatures: Tensor


def examples(recipe: Recipe, net: Network) -> Batch:
    """Examples as in training, of one seed."""
    size = WINDOWS if isinstance(recipe.model, Transformer) else EXAMPLES
    feed = recipe.task.feed(generators([net.seed], f"{recipe.family}, curvature"), 1, size)
    return feed.train(0)


def watched(recipe: Recipe) -> list[str]:
    """The weights to look at: all of a small network; of a Transformer those of the last layer, for time."""
    model = recipe.model
    if isinstance(model, Transformer):
        return [name for name in model.kinds if name.startswith(f"layer-{model.depth - 1}.")]
    return [name for name, kind in model.kinds.items() if kind != "readout"]


def along(model: Model, task: Task, w: dict[str, Tensor], name: str, batch: Batch, device: str) -> Curvatures:
    """Second differences of the loss for up to ``DIRECTIONS`` singular directions of one weight."""
    import torch

    u, s, vh = torch.linalg.svd(w[name], full_matrices=False)
    places = torch.linspace(0, len(s) - 1, min(DIRECTIONS, len(s))).round().long()
    directions = torch.einsum("ik,kj->kij", u[:, places], vh[places])
    step = float(STEP * s.square().mean().sqrt())
    count = len(places)

    def losses(sign: float, copies: int) -> Tensor:
        many = {key: t.expand(copies, *t.shape) for key, t in w.items()}
        many[name] = many[name] + sign * step * directions[:copies]
        x = batch.x.expand(copies, *batch.x.shape[1:]).to(device)
        x = x.double() if x.is_floating_point() else x
        return task.losses(model.forward(many, x), batch.y.expand(copies, *batch.y.shape[1:]).to(device))

    with torch.no_grad():
        second = (losses(1, count) + losses(-1, count) - 2 * losses(0, 1)) / step**2
    return Curvatures(name, s[places].cpu(), second.cpu())


def curvatures(recipe: Recipe, net: Network, device: str, *, at_start: bool = False) -> list[Curvatures]:
    w = {name: t.double().to(device) for name, t in (net.start if at_start else net.weights).items()}
    batch = examples(recipe, net)
    return [along(recipe.model, recipe.task, w, name, batch, device) for name in watched(recipe)]
