"""``verify measure --attention``: every head of a small encoder, and one clear line for what it cannot use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from small_encoder import CONFIG, PIECES, WIDTH, weights

from verify import collection
from verify.cli import status
from verify.measure.attention import Attention, notes
from verify.networks import encoder
from verify.networks.heads import Head, heads_of, ranks_of


@pytest.fixture(autouse=True)
def _one_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "entry_points", lambda group: [])
    monkeypatch.setenv("VERIFY_COLLECTIONS", "measured_parts:collection")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    save_file(weights("bert."), tmp_path / "w.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    (tmp_path / "vocab.txt").write_text("\n".join(PIECES))
    return tmp_path / "w.safetensors"


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = status(["measure", *map(str, arguments), "--attention"])
    out, err = capsys.readouterr()
    return code, out, err


def as_json(capsys: pytest.CaptureFixture[str], file: Path) -> Any:
    code, out, err = call(capsys, file, "--json", "-")
    assert (code, err) == (0, "")
    return json.loads(out)["attention"]


def grown(causal: bool) -> float:
    """From 10 pieces, the last of them a mark, to 20."""
    x = encoder.windows(20, {piece: i for i, piece in enumerate(PIECES)})
    both = []
    for pieces in (x, torch.cat([x[:, :9], x[:, -1:]], 1)):
        pairs = encoder.attention_of(weights(), encoder.Shape(2, 2, 1e-12, 20), pieces, causal)
        both.append(torch.stack([ranks_of(*pair).effective_rank for pair in pairs]))
    return float((both[0] / both[1]).median())


def test_every_head_is_listed_with_the_ranks_of_a_forward_pass(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    found = as_json(capsys, file)
    assert (found["length"], found["width"], found["windows"]) == (20, 4, encoder.WINDOWS)
    known = {piece: i for i, piece in enumerate(PIECES)}
    expected = []
    for causal in (False, True):
        pairs = encoder.attention_of(weights(), encoder.Shape(2, 2, 1e-12, 20), encoder.windows(20, known), causal)
        expected += heads_of([ranks_of(*pair) for pair in pairs], causal=causal)
    assert len(found["heads"]) == 8
    assert found["growth"] == {
        mask: pytest.approx(grown(causal)) for mask, causal in (("none", False), ("causal", True))
    }
    for row, head in zip(found["heads"], expected, strict=True):
        assert row == head._asdict() | {"effective_rank_at_most_d": head.effective_rank <= 4}
        assert row["logits_rank"] == 4


def test_the_table_and_what_it_comes_to(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    held = [sum(h["effective_rank_at_most_d"] for h in as_json(capsys, file)["heads"] if h["causal"] is c)
            for c in (False, True)]  # fmt: skip
    page = file.parent / "w.html"
    code, out, err = call(capsys, file, "--html", page)
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines() if line.split()[2:3] in (["none"], ["causal"])]
    assert [row[:3] for row in rows] == [
        [str(layer), str(head), mask] for mask in ("none", "causal") for layer in (0, 1) for head in (0, 1)
    ]
    assert f"without a mask: the effective rank of A is at most d in {held[0]} of 4 heads" in out
    assert f"with a causal mask: the effective rank of A is at most d in {held[1]} of 4 heads" in page.read_text()


def test_heads_are_counted_by_mask_and_d_itself_is_at_most_d() -> None:
    heads = [Head(0, i, causal, 4, 4, 8, rank) for causal, ranks in ((False, (3.9, 4.0, 4.1)), (True, (5.0, 6.0, 4.1)))
             for i, rank in enumerate(ranks)]  # fmt: skip
    found = Attention(8, 4, 1, heads, {False: 1.41, True: 1.42})
    assert [found.below(causal=causal) for causal in (False, True)] == [(2, 3), (0, 3)]
    said = list(notes(found))
    assert "without a mask: the effective rank of A is at most d in 2 of 3 heads" in said[1]
    assert (
        said[2]
        == "for these weights, without a mask: from 4 pieces to 8 it grows by a factor of 1.41, nearer to staying"
    )
    assert "with a causal mask: the effective rank of A is at most d in 0 of 3 heads" in said[3]
    assert "with a causal mask: from 4 pieces to 8 it grows by a factor of 1.42, nearer to doubling" in said[4]


def test_without_the_option_nothing_is_asked_of_the_file(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    (file.parent / "config.json").unlink()
    assert status(["measure", str(file), "--json", "-"]) == 0
    assert "attention" not in json.loads(capsys.readouterr().out)


def test_a_fetched_network_carries_its_files_in_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def stored(text: str) -> torch.Tensor:
        return torch.frombuffer(bytearray(text.encode()), dtype=torch.uint8)

    inside = {"file/config.json": stored(json.dumps(CONFIG)), "file/vocab.txt": stored("\n".join(PIECES))}
    save_file(weights() | inside, tmp_path / "w.safetensors")
    assert len(as_json(capsys, tmp_path / "w.safetensors")["heads"]) == 8


def refused(capsys: pytest.CaptureFixture[str], file: Path) -> str:
    code, out, err = call(capsys, file)
    assert (code, out) == (2, "")
    assert err.startswith("verify: ") and len(err.splitlines()) == 1
    return err


def test_what_it_cannot_use_is_refused_in_one_line(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    config, vocabulary = file.parent / "config.json", file.parent / "vocab.txt"
    vocabulary.write_text("a\nb")
    assert "vocab.txt cannot be used: it has no piece [CLS]" in refused(capsys, file)
    vocabulary.unlink()
    assert "--attention needs" in refused(capsys, file)
    vocabulary.write_text("\n".join(PIECES))
    config.write_text(json.dumps(CONFIG | {"num_attention_heads": 3}))
    assert "is 8 x 8, which 3 heads do not share evenly" in refused(capsys, file)
    config.write_text(json.dumps(CONFIG | {"model_type": "gpt2"}))
    assert "only bert with gelu" in refused(capsys, file)
    config.write_bytes(b"\xff\xfe")
    assert "config.json cannot be used" in refused(capsys, file)
    config.write_text(json.dumps(CONFIG | {"num_hidden_layers": 3}))
    assert "the checkpoint has no tensor encoder.layer.2.attention.self.query.weight" in refused(capsys, file)


def test_weights_that_make_no_forward_pass(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    w = weights("bert.")
    small = w | {"bert.embeddings.word_embeddings.weight": torch.ones(2, WIDTH)}
    save_file(small, file)
    assert "the weights make no forward pass" in refused(capsys, file)
    save_file(w | {"bert.encoder.layer.0.attention.self.query.weight": torch.full((WIDTH, WIDTH), torch.nan)}, file)
    assert "an attention logit is NaN or infinite" in refused(capsys, file)
    save_file({"model.layers.0.self_attn.q_proj.weight": torch.ones(4, 4)}, file)
    assert "--attention knows encoders named like BERT" in refused(capsys, file)
