"""Checkpoints in safetensors, read a piece of a tensor at a time.

The format (huggingface/safetensors, README): eight bytes with the length of a header, the header in JSON (type, shape
and place of every tensor), then the bytes. It is read here with plain file reads: the library maps the whole file into
memory, where every page that was touched counts as memory used, and a file that shrinks meanwhile kills the process.
A checkpoint in several files has an index in JSON, ``{"weight_map": {tensor: file}}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.errors import VerifyError

if TYPE_CHECKING:
    from torch import Tensor, dtype

FLOATS = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
}
"""Types whose entries are numbers as they stand; integers of a quantised weight mean something only with its scales."""
WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I64": 8, "I32": 4, "I16": 2, "I8": 1}
WIDTHS |= {"U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1}
HEADER_MOST = 100_000_000  # the limit of the format
PICKLES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x04")
BUFFER = 1 << 25
"""Bytes of a piece in double precision."""


class CheckpointError(VerifyError):
    """A file that cannot be measured; one line that names it and why."""


@dataclass(frozen=True)
class Entry:
    """One tensor of a file; ``start`` is the place of its first byte."""

    name: str
    file: Path
    type: str
    shape: tuple[int, ...]
    start: int
    bytes: int

    @property
    def count(self) -> int:
        return prod(self.shape)

    def rows(self) -> Iterator[Tensor]:
        """Blocks of consecutive rows (first axis), the rest flattened, in double precision."""
        width = prod(self.shape[1:])
        step = max(1, BUFFER // (8 * max(1, width)))
        with self._open() as file:
            for first in range(0, self.shape[0], step):
                rows = min(step, self.shape[0] - first)
                yield self._read(file, rows * width).reshape(rows, width).double()

    def whole(self) -> Tensor:
        """All entries in their shape and their own type."""
        with self._open() as file:
            return self._read(file, self.count).reshape(self.shape)

    def text(self) -> str:
        """Of a text file that was stored as a tensor. Raises ValueError where it is none."""
        with self._open() as file:
            found = file.read(self.bytes)
        if len(found) < self.bytes:
            raise CheckpointError(f"{self.file} became shorter while it was read")
        return str(found, "utf-8")

    def _open(self) -> Any:
        try:
            file = self.file.open("rb")
            file.seek(self.start)
        except OSError as error:
            raise CheckpointError(f"{self.file} cannot be read: {error.strerror}") from error
        return file

    def _read(self, file: Any, count: int) -> Tensor:
        import torch

        out = torch.empty(count, dtype=self.dtype)
        wanted = out.view(torch.uint8).numpy().data
        if file.readinto(wanted) != len(wanted):
            raise CheckpointError(f"{self.file} became shorter while it was read")
        return out

    @property
    def dtype(self) -> dtype:
        import torch

        found: dtype = getattr(torch, FLOATS[self.type])
        return found


def entries(paths: Sequence[Path]) -> list[Entry]:
    """The tensors of all files, in their order in the files. An index stands for the files that it names.

    Raises CheckpointError for a file that is missing, is not safetensors, or is truncated, and for an index that names
    a file that is not there or a tensor that its file does not hold.
    """
    out: list[Entry] = []
    for path in paths:
        out += _of_index(path) if path.name.endswith(".json") else of_file(path)
    return out


def of_file(path: Path) -> list[Entry]:
    if path.is_dir():
        raise CheckpointError(f"{path} is a folder; name the .safetensors files in it, or their .index.json")
    try:
        length = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
            size = int.from_bytes(head, "little")
            if head.startswith(PICKLES):
                raise CheckpointError(f"{path} is a pickle or an archive, not safetensors; convert it with safetensors")
            if len(head) < 8 or not 2 <= size <= HEADER_MOST:
                raise CheckpointError(f"{path} is not a safetensors file")
            text = file.read(size)
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}") from error
    if not text.startswith(b"{"):
        raise CheckpointError(f"{path} is not a safetensors file")
    if len(text) < size:
        raise CheckpointError(f"{path} is truncated: it ends within its header")
    try:
        header = json.loads(text)
        found = [_entry(path, 8 + size, name, item) for name, item in header.items() if name != "__metadata__"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path} is not a safetensors file: its header is malformed ({error})") from error
    found.sort(key=lambda entry: entry.start)
    end = max((entry.start + entry.bytes for entry in found), default=8 + size)
    if end > length:
        raise CheckpointError(f"{path} is truncated: {length} bytes of {end}")
    return found


def _entry(path: Path, base: int, name: str, item: dict[str, Any]) -> Entry:
    shape = tuple(item["shape"])
    first, last = item["data_offsets"]
    if not all(isinstance(n, int) and n >= 0 for n in (*shape, first, last)):
        raise ValueError(f"{name}: shape and offsets are not whole numbers")
    kind = str(item["dtype"])
    if kind in WIDTHS and last - first != prod(shape) * WIDTHS[kind]:
        raise ValueError(f"{name}: {last - first} bytes for {shape} of {kind}")
    return Entry(name, path, kind, shape, base + first, last - first)


def _of_index(path: Path) -> list[Entry]:
    try:
        index = json.loads(path.read_text(encoding="utf-8"))["weight_map"]
        wanted = {str(name): str(file) for name, file in index.items()}
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path} is not the index of a checkpoint: it has no weight_map") from error
    out = []
    for file in dict.fromkeys(wanted.values()):
        shard = path.parent / file
        if not shard.is_file():
            raise CheckpointError(f"{path} names {file}, which is not beside it")
        held = [entry for entry in of_file(shard) if wanted.get(entry.name) == file]
        names = {entry.name for entry in held}
        lost = [name for name, place in wanted.items() if place == file and name not in names]
        if lost:
            raise CheckpointError(f"{path} says that {file} holds {lost[0]}, which it does not")
        out += held
    return out
