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
from verify.networks import attention
from verify.networks.attention import (
    SHAPES,
    Attended,
    counts,
    effective_rank_at_most_d,
    effective_rank_follows_d,
    effective_rank_of,
    random_ranks,
)
from verify.networks.attention_maps import pieces, pretrained_maps, words
from verify.networks.models import Transformer
from verify.networks.training import Network, begin, generators

n = sizes("n")
A = matrix("A", n, n)


def attended(rank: float, *, seed: int = 0, length: int = 32, width: int = 4, score: float = 1.0) -> Attended:
    net = Network("next", seed, {}, {}, {}, {}, {}, score=score, train_loss=1.0, test_loss=1.0, baseline=2.0)
    return Attended("next", length, width, net, rank, 1.0)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No contrasts and no pretrained network."""
    monkeypatch.setattr(attention, "CONTRASTS", ())
    monkeypatch.setattr(attention, "pretrained_maps", list)


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


def test_words_and_their_pieces() -> None:
    assert list(words("Élan, vital(2)!")) == ["elan", ",", "vital", "(", "2", ")", "!"]
    vocabulary = {piece: i for i, piece in enumerate(["un", "##aff", "##able", "a", "##b", "[UNK]"])}
    assert pieces("unaffable", vocabulary) == ["un", "##aff", "##able"]
    assert pieces("ab", vocabulary) == ["a", "##b"]
    assert pieces("xyz", vocabulary) == ["[UNK]"]


def test_without_the_pretrained_network_there_are_no_maps() -> None:
    pretrained_maps.cache_clear()
    assert pretrained_maps() == []
    pretrained_maps.cache_clear()
