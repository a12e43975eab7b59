from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from verify.measure import checkpoints
from verify.measure.checkpoints import CheckpointError, entries


def numbers(*shape: int, dtype: torch.dtype = torch.float32, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def raw(path: Path, header: object, body: bytes = b"") -> Path:
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)
    return path


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_what_the_library_writes_is_read_back_in_blocks(
    tmp_path: Path, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "BUFFER", 8 * 5 * 3)  # three rows of five at a time
    weights = {"a": numbers(7, 5, dtype=dtype), "b": numbers(4, 2, 3, dtype=dtype, seed=1)}
    save_file(weights, tmp_path / "w.safetensors", metadata={"format": "pt"})
    found = {entry.name: entry for entry in entries([tmp_path / "w.safetensors"])}
    assert found.keys() == weights.keys()
    for name, tensor in weights.items():
        blocks = list(found[name].rows())
        assert torch.equal(torch.cat(blocks), tensor.flatten(1).double())
        assert torch.equal(found[name].whole(), tensor)
    assert [len(block) for block in found["a"].rows()] == [3, 3, 1]


def test_an_index_stands_for_its_files(tmp_path: Path) -> None:
    save_file({"a": numbers(3, 3), "stray": numbers(2, 2)}, tmp_path / "one.safetensors")
    save_file({"b": numbers(3, 3)}, tmp_path / "two.safetensors")
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"b": "two.safetensors", "a": "one.safetensors"}}))
    assert [(e.name, e.file.name) for e in entries([index])] == [("b", "two.safetensors"), ("a", "one.safetensors")]


def test_an_index_that_names_what_is_not_there(tmp_path: Path) -> None:
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "one.safetensors"}}))
    with pytest.raises(CheckpointError, match=r"names one\.safetensors, which is not beside it"):
        entries([index])
    save_file({"b": numbers(3, 3)}, tmp_path / "one.safetensors")
    with pytest.raises(CheckpointError, match=r"says that one\.safetensors holds a, which it does not"):
        entries([index])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weight_map": 3}', "\xff"])
def test_an_index_that_is_none(tmp_path: Path, text: str) -> None:
    index = tmp_path / "index.json"
    index.write_bytes(text.encode("latin-1"))
    with pytest.raises(CheckpointError, match="is not the index of a checkpoint"):
        entries([index])


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "is not a safetensors file"),
        (b"hello, this is text and no checkpoint", "is not a safetensors file"),
        (b"PK\x03\x04 a zip archive", "is a pickle or an archive"),
        (b"\x80\x02}q\x00.........", "is a pickle or an archive"),
        ((99).to_bytes(8, "little") + b'{"a": 1', "is truncated: it ends within its header"),
        ((9).to_bytes(8, "little") + b'{"a": 1,}', "its header is malformed"),
        ((8).to_bytes(8, "little") + b'{"a": 1}', "its header is malformed"),
    ],
)
def test_what_is_not_safetensors(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=message):
        entries([path])


def test_a_truncated_file(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_file({"a": numbers(8, 8)}, path)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(CheckpointError, match=r"is truncated: \d+ bytes of \d+"):
        entries([path])


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_file({"a": numbers(8, 8)}, path)
    (entry,) = entries([path])
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(CheckpointError, match="became shorter"):
        list(entry.rows())


@pytest.mark.parametrize(
    "item",
    [
        {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 12]},
        {"dtype": "F32", "shape": [-2, 2], "data_offsets": [0, 16]},
        {"dtype": "F32", "shape": [2, 2]},
        {"dtype": "F32", "shape": ["2", 2], "data_offsets": [0, 16]},
    ],
)
def test_a_header_that_contradicts_itself(tmp_path: Path, item: object) -> None:
    with pytest.raises(CheckpointError, match="its header is malformed"):
        entries([raw(tmp_path / "w.safetensors", {"a": item}, bytes(16))])


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be read: No such file"):
        entries([tmp_path / "none.safetensors"])
    with pytest.raises(CheckpointError, match=r"is a folder; name the \.safetensors files in it"):
        entries([tmp_path])
