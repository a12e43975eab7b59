"""The measurement of attention: its quantity against exact values, its masks, its accounting. Training is cut short."""

from __future__ import annotations

import math
from collections.abc import Iterator
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
    CONTRASTS,
    HEADS,
    HIDDEN,
    OBJECTIVES,
    SHAPES,
    SYMBOLS,
    Layer,
    Network,
    counts,
    effective_rank_at_most_d,
    effective_rank_follows_d,
    effective_rank_of,
    random_ranks,
    sample,
    train,
)  # fmt: skip

n = sizes("n")
A = matrix("A", n, n)


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two steps of training, small tests, and no memory of networks trained that way."""
    monkeypatch.setattr(attention, "STEPS", 2)
    train.cache_clear()
    yield
    train.cache_clear()


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def network(rank: float, *, seed: int = 0, length: int = 32, width: int = 4, accuracy: float = 0.9) -> Network:
    return Network(OBJECTIVES[0], length, width, seed, accuracy, 0.2, rank, 1.0)


# --- the quantity -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 3, 8])
def test_the_effective_rank_of_plain_matrices(size: int) -> None:
    eye, flat = torch.eye(size), torch.full((size, size), 1 / size)
    assert effective_rank_of(eye).item() == pytest.approx(size)
    assert effective_rank_of(flat).item() == pytest.approx(1)
    assert effective_rank_of(7 * eye).item() == pytest.approx(size)


def test_it_is_the_effective_rank_of_the_formula_language() -> None:
    """The same number as the node ``EffectiveRank``, enclosed in ball arithmetic."""
    rows = [["1/2", "1/2", "0"], ["1/4", "1/4", "1/2"], ["1/8", "1/8", "3/4"]]
    statement = Statement(given=(Size(symbol=n), Matrix(symbol=A)), says=(ge(EffectiveRank(A), 1),))
    ball: Any = evaluate(EffectiveRank(A), Assignment.of(statement, {"A": rows}), 128)
    values = torch.tensor([[float(Fraction(x)) for x in row] for row in rows], dtype=torch.float64)
    assert effective_rank_of(values).item() == pytest.approx(float(ball.mid()), rel=1e-12)


def test_it_works_on_batches_and_lies_between_one_and_n() -> None:
    maps = torch.softmax(torch.randn(4, 2, 6, 6, generator=generator()), dim=-1)
    ranks = effective_rank_of(maps)
    assert ranks.shape == (4, 2)
    assert ((ranks >= 1) & (ranks <= 6)).all()
    assert ranks[2, 1].item() == pytest.approx(effective_rank_of(maps[2, 1]).item())


# --- the layer ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("causal", [False, True])
def test_the_rows_of_a_map_sum_to_one_and_a_mask_hides_the_future(causal: bool) -> None:
    layer = Layer(8, 3, causal, generator(), "cpu")
    tokens = torch.randint(SYMBOLS, (5, 8), generator=generator())
    logits, maps = layer.attend(tokens)
    assert logits.shape == (5, 8, SYMBOLS)
    assert maps.shape == (5, HEADS, 8, 8)
    assert torch.allclose(maps.sum(-1), torch.ones(5, HEADS, 8))
    assert bool((maps.triu(1) == 0).all()) is causal


@pytest.mark.parametrize("causal", [False, True])
def test_a_later_symbol_changes_an_earlier_prediction_only_without_a_mask(causal: bool) -> None:
    layer = Layer(8, 3, causal, generator(), "cpu")
    tokens = torch.randint(HIDDEN, (1, 8), generator=generator())
    changed = tokens.clone()
    changed[0, -1] = (changed[0, -1] + 1) % HIDDEN
    before, after = layer.attend(tokens)[0], layer.attend(changed)[0]
    assert torch.equal(before[0, :-1], after[0, :-1]) is causal
    assert not torch.equal(before[0, -1], after[0, -1])


def test_every_parameter_is_trained() -> None:
    layer = Layer(8, 3, True, generator(), "cpu")
    logits, _ = layer.attend(torch.randint(SYMBOLS, (2, 8), generator=generator()))
    logits.square().sum().backward()
    assert layer.parameters
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in layer.parameters)


# --- the examples -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("objective", [*OBJECTIVES, *CONTRASTS])
def test_examples_have_the_shapes_and_symbols_that_the_layer_reads(objective: str) -> None:
    tokens, wanted, counted = sample(objective, 16, 50, generator())
    assert tokens.shape == wanted.shape == counted.shape == (50, 16)
    assert counted.dtype is torch.bool and counted.any()
    assert int(tokens.min()) >= 0 and int(tokens.max()) < SYMBOLS
    assert int(wanted[counted].max()) < HIDDEN  # nothing asks for the sign of a hidden character


def test_the_objectives_do_not_give_the_answer_away() -> None:
    tokens, wanted, counted = sample("hidden", 16, 50, generator())
    assert (tokens[counted] == HIDDEN).all()
    assert torch.equal(tokens[~counted], wanted[~counted])
    tokens, wanted, _ = sample("next", 16, 50, generator())
    assert torch.equal(tokens[:, 1:], wanted[:, :-1])


def test_an_unknown_objective_is_refused() -> None:
    with pytest.raises(ValueError, match="no objective is called chess"):
        sample("chess", 16, 1, generator())


# --- training and accounting --------------------------------------------------------------------------------


@pytest.mark.usefixtures("brief")
def test_training_is_determined_by_the_seed() -> None:
    first = train(OBJECTIVES[0], 16, 2, 5, "cpu")
    train.cache_clear()
    assert train(OBJECTIVES[0], 16, 2, 5, "cpu") == first
    assert train(OBJECTIVES[0], 16, 2, 6, "cpu").rank != first.rank
    assert math.isfinite(first.rank) and 1 <= first.rank <= 16


def test_a_network_at_chance_counts_as_untrained_and_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "train_all", lambda wanted, workers: [])
    good, bad = network(3.0), network(9.0, seed=1, accuracy=0.2)
    assert good.trained and not bad.trained
    found = counts(Context(profile=Profile.QUICK), [(True, [good]), (True, [bad]), (False, [good, bad])])
    assert (found.held, found.of) == (1, 1)
    assert list(found.networks) == [good.name]
    assert bad.name in found.note


def shaped(ranks: tuple[float, float, float], seed: int) -> list[Network]:
    return [network(r, seed=seed, length=n, width=d) for r, (n, d) in zip(ranks, SHAPES, strict=True)]


def test_what_holds_is_counted_by_its_own_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranks at the start, with d doubled, with n doubled."""
    units = [shaped((4, 8, 5), 0), shaped((4, 5, 8), 1), shaped((4, 2, 4), 2), shaped((4, 4, 4), 3)]
    monkeypatch.setattr(attention, "train_all", lambda wanted, workers: [])
    monkeypatch.setattr(attention, "networks", lambda context: units)
    follows, at_most = (f(Context()) for f in (effective_rank_follows_d, effective_rank_at_most_d))
    assert (follows.held, follows.of) == (2, 4)  # a tie does not count as more; a fall counts by its size
    ranks = [(net.rank, net.width) for unit in units for net in unit]
    assert (at_most.held, at_most.of) == (sum(r <= d for r, d in ranks), 12)


def test_the_shapes_double_one_number_at_a_time() -> None:
    (length, width), wider, longer = SHAPES
    assert wider == (length, 2 * width)
    assert longer == (2 * length, width)
    assert all(long >= 4 * wide for long, wide in SHAPES)


def test_the_null_model_is_seeded_and_lies_in_range() -> None:
    null = random_ranks(3)
    assert null == random_ranks(3)
    assert null != random_ranks(4)
    assert all(0 < value <= 16 for value in null.values())


@pytest.mark.slow
def test_a_layer_learns_to_average_and_then_attends_broadly() -> None:
    """The commonest symbol of a text can be read off a uniform average, whose map has effective rank one."""
    average = train("average", 32, 4, 1, "cpu")
    assert average.trained
    assert average.rank < train("previous", 32, 4, 1, "cpu").rank
