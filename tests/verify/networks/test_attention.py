"""The measurement of attention: its quantity against exact values, its masks, its accounting. Training is cut short."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import torch

from verify.context import Context, Profile
from verify.formula.assignment import Assignment
from verify.formula.balls import evaluate
from verify.formula.vocabulary import EffectiveRank, ge, matrix, sizes
from verify.model.statement import Matrix, Size, Statement
from verify.networks import attention, attention_maps
from verify.networks.attention import (
    SHAPES,
    Attended,
    counts,
    effective_rank_at_most_d,
    effective_rank_follows_d,
    effective_rank_of,
    random_ranks,
)
from verify.networks.attention_maps import pretrained_attention, pretrained_maps
from verify.networks.heads import Head
from verify.networks.models import Transformer
from verify.networks.tasks import Text
from verify.networks.training import Network, Recipe, begin, generators, train

n = sizes("n")
A = matrix("A", n, n)


def attended(rank: float, *, seed: int = 0, length: int = 32, width: int = 4, score: float = 1.0) -> Attended:
    net = Network("next", seed, {}, {}, {}, {}, {}, score=score, train_loss=1.0, test_loss=1.0, baseline=2.0)
    return Attended("next", length, width, net, rank, 1.0)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No contrasts, no pretrained network, no language model."""
    monkeypatch.setattr(attention, "CONTRASTS", ())
    monkeypatch.setattr(attention, "pretrained_maps", list)
    monkeypatch.setattr(attention, "pretrained_attention", lambda: None)
    monkeypatch.setattr(attention, "language_model", lambda context: None)


@pytest.mark.parametrize("size", [1, 3, 8])
def test_the_effective_rank_of_plain_matrices(size: int) -> None:
    eye, flat = torch.eye(size), torch.full((size, size), 1 / size)
    assert effective_rank_of(eye).item() == pytest.approx(size)
    assert effective_rank_of(flat).item() == pytest.approx(1)


def test_it_is_the_effective_rank_of_the_formula_language() -> None:
    """The same number as the node ``EffectiveRank``, enclosed in ball arithmetic."""
    rows = [["1/2", "1/2", "0"], ["1/4", "1/4", "1/2"], ["1/8", "1/8", "3/4"]]
    statement = Statement(given=(Size(symbol=n), Matrix(symbol=A)), says=(ge(EffectiveRank(A), 1),))
    ball: Any = evaluate(EffectiveRank(A), Assignment.of(statement, {"A": rows}), 128)
    values = torch.tensor([[float(Fraction(x)) for x in row] for row in rows], dtype=torch.float64)
    assert effective_rank_of(values).item() == pytest.approx(float(ball.mid()), rel=1e-12)


@pytest.mark.parametrize("causal", [False, True])
def test_the_maps_of_a_layer(causal: bool) -> None:
    """Rows sum to one, a mask hides the future, and the maps are those that the forward pass uses."""
    model = Transformer(causal=causal, width=8, inner=8, heads=2, depth=2, length=6, head_width=3)
    w = {name: t.double() for name, t in begin(model, (1, 2), "maps", 1.0).items()}
    x = torch.randint(90, (2, 3, 6), generator=generators([0], "x")[0])
    logits, maps = model.attend(w, x)
    assert [m.shape for m in maps] == [(6, 2, 6, 6)] * 2
    assert torch.allclose(maps[0].sum(-1), torch.ones(6, 2, 6).double())
    assert bool((maps[1].triu(1) == 0).all()) is causal
    assert torch.linalg.matrix_rank(logits[0]).max() <= 3
    changed = x.clone()
    changed[..., -1] = (changed[..., -1] + 1) % 90
    same = torch.allclose(model.forward(w, x)[:, :, 0], model.forward(w, changed)[:, :, 0], rtol=0, atol=1e-12)
    assert same is causal


def test_the_shapes_double_one_number_at_a_time() -> None:
    (length, width), wider, longer = SHAPES
    assert wider == (length, 2 * width)
    assert longer == (2 * length, width)
    assert all(long >= 4 * wide for long, wide in SHAPES)


def shaped(ranks: tuple[float, float, float], seed: int) -> list[Attended]:
    return [attended(r, seed=seed, length=n, width=d) for r, (n, d) in zip(ranks, SHAPES, strict=True)]


@pytest.mark.usefixtures("alone")
def test_what_holds_is_counted_by_its_own_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranks at the start, with d doubled, with n doubled."""
    units = [shaped((4, 8, 5), 0), shaped((4, 5, 8), 1), shaped((4, 2, 4), 2), shaped((4, 4, 4), 3)]
    monkeypatch.setattr(attention, "networks", lambda context: units)
    follows, at_most = (f(Context()) for f in (effective_rank_follows_d, effective_rank_at_most_d))
    assert (follows.held, follows.of) == (2, 4)  # a tie does not count as more; a fall counts by its size
    ranks = [(one.rank, one.width) for unit in units for one in unit]
    assert (at_most.held, at_most.of) == (sum(r <= d for r, d in ranks), 12)


@pytest.mark.usefixtures("alone")
def test_a_network_that_did_not_learn_is_left_out_and_named() -> None:
    good, bad = attended(3.0), attended(9.0, seed=1, score=2.5)
    found = counts(Context(profile=Profile.QUICK), [(True, [good]), (True, [bad]), (False, [good, bad])], [], [])
    assert (found.held, found.of) == (1, 1)
    assert list(found.networks) == [good.name]
    assert bad.name in found.note
    assert "verify fetch minilm" in found.note


def test_the_null_model_is_seeded_and_lies_in_range() -> None:
    null = random_ranks(3)
    assert null == random_ranks(3)
    assert null != random_ranks(4)
    assert all(0 < value <= 16 for value in null.values())


def test_without_the_pretrained_network_there_are_no_maps() -> None:
    pretrained_attention.cache_clear()
    assert pretrained_maps() == []
    pretrained_attention.cache_clear()


@pytest.mark.usefixtures("alone")
def test_every_head_is_drawn_and_its_share_named_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The heads of the language model are shown beside the count, which does not depend on them."""
    monkeypatch.setattr(attention, "networks", lambda context: [shaped((4, 8, 5), 0)])
    found = []
    for rank in (2.0, 9.0):
        heads = tuple(Head(i // 2, i % 2, causal, 4, 3, 8, rank) for causal in (False, True) for i in range(4))
        model = attention_maps.Network("decoder", 8, 4, heads)
        monkeypatch.setattr(attention, "language_model", lambda context, model=model: model)
        found.append(effective_rank_at_most_d(Context()))
    assert (found[0].held, found[0].of) == (found[1].held, found[1].of)
    for one, share in zip(found, (1, 0), strict=True):
        shares = [y for name, y in one.figures.items() if "share of the 4 heads" in name]
        assert shares == [share, share]
        free, masked = one.curves
        assert "no mask" in free.title and "causal mask" in masked.title
        assert free.levels == (4.0,) and free.marks == (2.5,)
        drawn = next(line for line in free.lines if line.name == "effective rank of A")
        assert (drawn.x, set(drawn.y)) == ((1, 2, 3, 4), {9.0 if share == 0 else 2.0})


def test_the_language_model_is_seen_with_and_without_a_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two layers of two heads; the last rows of the masked maps are those of the others in the first layer only."""
    model = Transformer(causal=True, width=8, inner=8, heads=2, depth=2, length=8)
    small = Recipe("letters", model, Text("lower", 8), 3, 4, 1e-2)
    (net,) = train(small, (1,), "cpu")
    monkeypatch.setattr(attention_maps.zoo, "TRANSFORMERS", (small,))
    monkeypatch.setattr(attention_maps.zoo, "networks", lambda context, recipes: [net])
    found = attention_maps.language_model(Context())
    assert found is not None and (found.length, found.width) == (8, 4)
    assert [(h.causal, h.layer, h.head) for h in found.heads] == [
        (causal, layer, head) for causal in (False, True) for layer in (0, 1) for head in (0, 1)
    ]
    masked = [h for h in found.heads if h.causal]
    assert all(h.rank == 8 for h in masked), "a masked map is triangular with a positive diagonal"
    assert all(h.logits_rank == 4 for h in found.heads)
    assert found.heads[0].logits_rank == masked[0].logits_rank
    assert found.heads[0].effective_rank != masked[0].effective_rank
    monkeypatch.setattr(attention_maps.zoo, "networks", lambda context, recipes: [])
    assert attention_maps.language_model(Context()) is None
