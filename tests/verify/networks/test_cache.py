"""The cache of trained networks: what is kept comes back; what is damaged is computed anew and never believed."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from verify.networks import cache
from verify.networks.cache import Damaged, Stored, header_of, key, load, remembered, save

STORED = Stored({"a": torch.arange(6.0).reshape(2, 3), "b": torch.ones(2, dtype=torch.float64)}, {"family": "f"})


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    save(tmp_path / "x.safetensors", STORED)
    found = load(tmp_path / "x.safetensors")
    assert found.strings == STORED.strings
    assert all(
        torch.equal(found.tensors[n], t) and found.tensors[n].dtype is t.dtype for n, t in STORED.tensors.items()
    )
    assert [p.name for p in tmp_path.iterdir()] == ["x.safetensors"]


@pytest.mark.parametrize("damage", ["truncated", "not safetensors", "other numbers", "no header"])
def test_a_damaged_file_is_refused_and_computed_anew(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.safetensors"
    save(path, STORED)
    match damage:
        case "truncated":
            path.write_bytes(path.read_bytes()[:-8])
        case "not safetensors":
            path.write_bytes(b"{}")
        case "other numbers":
            header = dict(header_of(path))
            save_file({n: t + 1 for n, t in load_file(path).items()}, path, metadata=header)
        case _:
            save_file(dict(STORED.tensors), path)
    with pytest.raises(Damaged):
        load(path)
    found = remembered(path, lambda: STORED)
    assert torch.equal(found.tensors["a"], STORED.tensors["a"])
    assert "damaged" in capsys.readouterr().err
    assert torch.equal(load(path).tensors["a"], STORED.tensors["a"])


def test_it_computes_once(tmp_path: Path) -> None:
    calls = []
    for _ in range(2):
        remembered(tmp_path / "deep" / "x.safetensors", lambda: calls.append(1) or STORED)
    assert calls == [1]


def test_a_folder_that_cannot_be_made_costs_the_cache_and_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert remembered(tmp_path / "file" / "x.safetensors", lambda: STORED) is STORED
    assert "cannot use the cache" in capsys.readouterr().err


def test_an_error_of_the_training_is_not_hidden(tmp_path: Path) -> None:
    def fails() -> Stored:
        raise OSError("no text")

    with pytest.raises(OSError, match="no text"):
        remembered(tmp_path / "x.safetensors", fails)


def test_keys_tell_configurations_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert key(a=1, b=2) == key(b=2, a=1)
    assert len({key(a=1), key(a=2), key(b=1)}) == 3
    monkeypatch.setenv("VERIFY_CACHE", str(tmp_path / "here"))
    assert cache.folder() == tmp_path / "here"
