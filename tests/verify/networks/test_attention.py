"""The measurement of attention: its quantity against exact values, its masks, its accounting. Training is cut short."""

from __future__ import annotations

import json
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from small_encoder import CONFIG, PIECES, weights

from verify.context import Context, Profile
from verify.formula.assignment import Assignment
from verify.formula.balls import evaluate
from verify.formula.vocabulary import EffectiveRank, ge, matrix, sizes
from verify.model.statement import Matrix, Size, Statement
from verify.networks import attention, attention_maps, encoder
from verify.networks.attention import (
    DECODERS,
    ENCODERS,
    LENGTH,
    SHAPES,
    WIDTH,
    Attended,
    Question,
    causal_effective_rank_at_most_d,
    counts,
    effective_rank_at_most_d,
    effective_rank_stays,
    recipe,
)
from verify.networks.attention_maps import pretrained_attention, pretrained_growth, pretrained_maps
from verify.networks.heads import Head
from verify.networks.models import Transformer
from verify.networks.random_attention import (
    effective_rank_of,
    first_half,
    growth_of,
    hide_future,
    random_maps,
    random_ranks,
    spread_of,
)
from verify.networks.spectra import effective_rank
from verify.networks.tasks import Text
from verify.networks.training import Network, Recipe, begin, generators, train

n = sizes("n")
A = matrix("A", n, n)


def attended(
    rank: float, *, seed: int = 0, length: int = 32, width: int = 4, score: float = 1.0, growth: float = 1.0
) -> Attended:
    net = Network("next", seed, {}, {}, {}, {}, {}, score=score, train_loss=1.0, test_loss=1.0, baseline=2.0)
    return Attended(
        "next", length, width, net, rank, 1.0, spread=1.0, random=2 * rank, unmasked=rank,
        growth=growth, random_growth=growth + 0.3)  # fmt: skip


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No contrasts, no pretrained network, no language model."""
    monkeypatch.setattr(attention, "CONTRASTS", ())
    monkeypatch.setattr(attention, "pretrained_maps", list)
    monkeypatch.setattr(attention, "pretrained_attention", lambda: None)
    monkeypatch.setattr(attention, "pretrained_growth", lambda: None)
    monkeypatch.setattr(attention, "language_model", lambda context: None)


@pytest.mark.parametrize("size", [1, 3, 8])
def test_the_effective_rank_of_plain_matrices(size: int) -> None:
    eye, flat = torch.eye(size), torch.full((size, size), 1 / size)
    assert effective_rank_of(eye).item() == pytest.approx(size)
    assert effective_rank_of(flat).item() == pytest.approx(1)


@pytest.mark.parametrize("spread", [0.01, 1.0, 20.0])
def test_what_squares_lose_of_small_singular_values_does_not_show(spread: float) -> None:
    maps = random_maps(generators([1], "squares")[0], 4, 48, 3, spread, causal=False)
    expected = effective_rank(torch.linalg.svdvals(maps))
    assert effective_rank_of(maps).tolist() == pytest.approx(expected.tolist(), rel=1e-12)


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
    assert all(long >= 8 * wide for long, wide in SHAPES)


def shaped(ranks: tuple[float, float, float], seed: int, growths: tuple[float, float, float]) -> list[Attended]:
    made = zip(ranks, growths, SHAPES, strict=True)
    return [attended(r, seed=seed, length=n, width=d, growth=g) for r, g, (n, d) in made]


@pytest.mark.usefixtures("alone")
def test_what_holds_is_counted_by_its_own_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Growth counts for the largest n alone. Random twins have twice the ranks, and grow by 0.3 more."""
    still, grows = (1.9, 1.9, 1.1), (1.1, 1.1, 1.9)
    units = [shaped((4, 8, 5), 0, still), shaped((4, 5, 8), 1, grows), shaped((4, 2, 4), 2, (1.9, 1.9, 1.4))]
    masked = [shaped((4, 8, 5), 0, still), shaped((4, 8, 5), 1, still), shaped((4, 2, 4), 2, grows)]
    lazy = [[attended(r, seed=4, length=64, score=2.5, growth=1.0) for r in (4, 8, 5)]]
    monkeypatch.setattr(attention, "networks", lambda context, which: units if which is ENCODERS else masked + lazy)
    stays, free, causal = (
        f(Context()) for f in (effective_rank_stays, effective_rank_at_most_d, causal_effective_rank_at_most_d)
    )
    assert (stays.held, stays.of) == (2, 3)
    share = "random Q, K in place of the trained ones: share in which it holds"
    assert stays.null[share] == 1 / 3
    name = "decoders under their causal mask, not counted: share of 3 in which it holds"
    assert stays.figures[name] == 2 / 3  # without the one that did not learn
    assert [y for key, y in stays.figures.items() if key.endswith(attention.GROWTH)] == [1.1, 1.9, 1.4]
    doubled = [y for key, y in stays.figures.items() if "geometric mean" in key]
    assert doubled == pytest.approx([(2 * 5 / 4 / 2) ** (1 / 3), (5 / 4 * 2) ** (1 / 3)])
    for found, nets in ((free, units), (causal, masked)):
        ranks = [(one.rank, one.width) for unit in nets for one in unit]
        assert (found.held, found.of) == (sum(r <= d for r, d in ranks), 9)
        assert found.null[share] == sum(2 * r <= d for r, d in ranks) / 9


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(("growth", "held"), [(1.41, 1), (1.42, 0)])
def test_a_pretrained_network_is_counted_with_those_trained_here(
    monkeypatch: pytest.MonkeyPatch, growth: float, held: int
) -> None:
    """Below the root of two it stays; its random twin, which does not, is shown and not counted."""
    monkeypatch.setattr(attention, "networks", lambda context, which: [shaped((4, 8, 5), 0, (1, 1, 1.9))])
    monkeypatch.setattr(attention, "pretrained_growth", lambda: attention_maps.Growth("real", 512, 32, growth, 1.7))
    found = effective_rank_stays(Context())
    assert (found.held, found.of) == (held, 2)
    name = "real, n = 512, d = 32, no mask"
    assert name in found.networks
    assert found.figures[f"{name}: {attention.GROWTH}"] == growth
    assert found.null[f"{name}: {attention.GROWTH_AT_RANDOM}"] == 1.7
    assert found.null["random Q, K in place of the trained ones: share in which it holds"] == 0


@pytest.mark.parametrize(("profile", "count"), [(Profile.QUICK, 2), (Profile.STANDARD, 8), (Profile.DEEP, 16)])
def test_encoders_have_no_fewer_seeds_than_decoders(
    monkeypatch: pytest.MonkeyPatch, profile: Profile, count: int
) -> None:
    asked: dict[str, set[int]] = {}

    def attend(wanted: Recipe, seeds: tuple[int, ...], device: str) -> tuple[Attended, ...]:
        asked.setdefault(wanted.task.label, set()).update(seeds)
        return ()

    monkeypatch.setattr(attention, "attended", attend)
    attention.train_all(Context(profile=profile), (*ENCODERS, *DECODERS))
    free, masked = ([asked[f"{mode} ({text})"] for text, mode in sort] for sort in (ENCODERS, DECODERS))
    assert free == [set(range(1000, 1000 + count))] * len(ENCODERS)
    assert all(seeds <= free[0] for seeds in masked)


@pytest.mark.parametrize("objective", [*ENCODERS, *DECODERS])
def test_encoders_attend_without_a_mask_and_decoders_with_one(objective: Any) -> None:
    """A mask makes another matrix of A: the text's formula, which has none, is asked of encoders alone."""
    model = recipe(objective, LENGTH, WIDTH).model
    assert isinstance(model, Transformer)
    assert model.causal is (objective in DECODERS)


@pytest.mark.parametrize("causal", [False, True])
def test_random_queries_and_keys_have_the_mask_and_the_spread_asked_for(causal: bool) -> None:
    (make,) = generators([0], "random")
    maps = random_maps(make, 4, 12, 3, 2.5, causal)
    assert torch.allclose(maps.sum(-1), torch.ones(4, 12).double())
    assert bool((maps.triu(1) == 0).all()) is causal
    logits = maps.log()  # less one number a row, which the spread does not see
    assert spread_of(logits) == pytest.approx(2.5)


def test_the_spread_is_that_of_a_row_and_sees_nothing_hidden() -> None:
    logits = torch.tensor([[5.0, 99.0], [1.0, 3.0]])
    assert spread_of(hide_future(logits)) == pytest.approx((2 / 3) ** 0.5)
    assert spread_of(torch.tensor([[7.0, 7.0], [-1.0, -1.0]])) == 0


def test_uniform_attention_has_effective_rank_one_and_under_a_mask_one_that_grows_with_n() -> None:
    """Why decoders answer for themselves: the mask alone, at no weights at all, makes the rank grow with n."""
    free, masked = ([], [])
    for size in (16, 32, 64):
        zero = torch.zeros(size, size, dtype=torch.float64)
        free.append(effective_rank_of(torch.softmax(zero, -1)).item())
        masked.append(effective_rank_of(torch.softmax(hide_future(zero), -1)).item())
    assert free == pytest.approx([1, 1, 1])
    assert masked == sorted(masked) and masked[-1] > 1.2 * masked[0] > 2


def test_the_measured_ranks_of_a_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder: its rank is that under the mask, beside that of the same queries and keys without it."""
    model = Transformer(causal=True, width=8, inner=8, heads=2, depth=1, length=8)
    small = Recipe("letters alone", model, Text("lower", 8), 3, 4, 1e-2)
    (net,) = train(small, (1,), "cpu")
    (one,) = attention.attended(small, (1,), "cpu")
    x = small.task.feed(generators([1], "letters alone, maps"), 1, 1).test().x[:, : attention.WINDOWS]
    w = {name: t[None].double() for name, t in net.weights.items()}
    (logits,), (maps,) = model.attend(w, x)
    assert one.rank == effective_rank_of(maps).median().item()
    assert one.unmasked == effective_rank_of(torch.softmax(logits, -1)).median().item() != one.rank
    assert one.spread == spread_of(hide_future(logits))
    assert 1 <= one.random <= 8
    _, (half,) = model.attend(w, x[..., :4])
    assert one.growth == growth_of(effective_rank_of(maps), effective_rank_of(half)) > 1
    assert torch.allclose(half, first_half(maps)), "in the first layer no token has seen another"
    assert 1 < one.random_growth < 2


@pytest.mark.parametrize("causal", [False, True])
def test_half_a_text_shares_out_what_the_others_had(causal: bool) -> None:
    logits = torch.randn(5, 8, 8, generator=generators([2], "half")[0], dtype=torch.float64)
    logits = hide_future(logits) if causal else logits
    expected = torch.softmax(logits[:, :4, :4], -1)
    assert torch.allclose(first_half(torch.softmax(logits, -1)), expected)


def test_growth_tells_heads_that_look_at_a_neighbour_from_heads_that_look_at_everything() -> None:
    """From one, n has no say, to two, nothing but n has; the factor of the middle map is taken."""
    flat, eye = torch.full((16, 16), 1 / 16), torch.eye(16)
    for maps, factor in (([eye], 2), ([flat], 1), ([eye, flat, flat], 1), ([eye, eye, flat], 2)):
        whole = torch.stack(maps)
        assert growth_of(effective_rank_of(whole), effective_rank_of(first_half(whole))) == pytest.approx(factor)


def test_the_growth_of_a_pretrained_network_is_that_of_its_longest_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """All heads of all layers, at 20 pieces and at 10 between the same marks, without a mask."""
    texts = {"config.json": json.dumps(CONFIG), "vocab.txt": "\n".join(PIECES)}
    fetched = SimpleNamespace(weights=lambda name: weights(), text_file=lambda name, file: texts[file])
    monkeypatch.setattr(attention_maps, "pretrained", fetched)
    pretrained_growth.cache_clear()
    found = pretrained_growth()
    pretrained_growth.cache_clear()
    assert found is not None and (found.length, found.width) == (20, 4)
    known, made = encoder.vocabulary(texts["vocab.txt"]), encoder.shape(texts["config.json"])
    x = encoder.windows(20, known)[: attention_maps.GROWTH_WINDOWS]
    ranks = []
    for pieces in (x, torch.cat([x[:, :9], x[:, -1:]], 1)):
        layers = [maps for _, maps in encoder.attention_of(weights(), made, pieces, causal=False)]
        ranks.append(torch.stack([effective_rank_of(maps) for maps in layers]))
    assert found.growth == pytest.approx(float((ranks[0] / ranks[1]).median()))
    assert found.growth != pytest.approx(found.random_growth)
    assert 1 < found.random_growth < 2


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("causal", [False, True])
def test_a_network_that_did_not_learn_is_left_out_and_named(causal: bool) -> None:
    good, bad = attended(3.0), attended(9.0, seed=1, score=2.5)
    units = [Question(good, held=True, held_at_random=False), Question(bad, held=True, held_at_random=True)]
    found = counts(Context(profile=Profile.QUICK), units, causal=causal, pretrained={"real": False})
    assert (found.held, found.of) == (1, 2)
    assert list(found.networks) == [good.name, "real"]
    assert bad.name in found.note
    assert "verify fetch minilm" in found.note


@pytest.mark.parametrize("causal", [False, True])
def test_the_null_model_is_seeded_and_lies_in_range(causal: bool) -> None:
    null = random_ranks(3, causal=causal)
    assert null == random_ranks(3, causal=causal)
    assert null != random_ranks(4, causal=causal)
    assert all(0 < value <= 64 for value in null.values())
    assert all(("causal mask" in name) is causal for name in null)


def test_without_the_pretrained_network_there_are_no_maps() -> None:
    pretrained_attention.cache_clear()
    assert pretrained_maps() == []
    pretrained_attention.cache_clear()


@pytest.mark.usefixtures("alone")
def test_every_head_is_drawn_and_its_share_named_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The heads of the language model are shown beside the count, which does not depend on them."""
    monkeypatch.setattr(attention, "networks", lambda context, which: [shaped((4, 8, 5), 0, (1, 1, 1))])
    found, masked = [], []
    for rank in (2.0, 9.0):
        heads = tuple(Head(i // 2, i % 2, causal, 4, 3, 8, rank) for causal in (False, True) for i in range(4))
        model = attention_maps.Network("decoder", 8, 4, heads)
        monkeypatch.setattr(attention, "language_model", lambda context, model=model: model)
        found.append(effective_rank_at_most_d(Context()))
        masked.append(causal_effective_rank_at_most_d(Context()))
    assert (found[0].held, found[0].of) == (found[1].held, found[1].of)
    for one, share, mask in zip((*found, *masked), (1, 0, 1, 0), ["no mask"] * 2 + ["causal mask"] * 2, strict=True):
        shares = {name: y for name, y in one.figures.items() if "share of the 4 heads" in name}
        assert list(shares.values()) == [share] and mask in next(iter(shares))
        (picture,) = one.curves
        assert mask in picture.title
        assert picture.levels == (4.0,) and picture.marks == (2.5,)
        drawn = next(line for line in picture.lines if line.name == "effective rank of A")
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
