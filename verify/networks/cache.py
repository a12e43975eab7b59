"""Trained networks on disk: safetensors, keyed by everything that could change them, believed only if intact.

The folder is the user's cache directory; the environment variable ``VERIFY_CACHE`` names another. The key is a hash
of the sources of the training code, the configuration, the data, the version of torch and the sort of device. A file
that is damaged, or whose contents do not have the digest in its header, is computed anew, with a warning.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor

VARIABLE = "VERIFY_CACHE"


class Stored(NamedTuple):
    """Named arrays and named strings."""

    tensors: dict[str, Tensor]
    strings: dict[str, str]


class Damaged(Exception):  # noqa: N818  # a state of a file, not a fault of the program
    """A cache file that cannot be believed; the message says why."""


def folder() -> Path:
    """Where trained and fetched weights lie. Not created here."""
    from platformdirs import user_cache_path

    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_cache_path("verify-claims", appauthor=False)


def key(**parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def digest(stored: Stored) -> str:
    """Of the names, types, shapes and bytes of the arrays, and of the strings."""
    hashed = hashlib.sha256(json.dumps(stored.strings, sort_keys=True).encode())
    for name, tensor in sorted(stored.tensors.items()):
        hashed.update(f"{name}:{tensor.dtype}:{tuple(tensor.shape)};".encode())
        hashed.update(tensor.detach().cpu().contiguous().numpy().data)
    return hashed.hexdigest()


def save(path: Path, stored: Stored) -> None:
    """Writes beside the place and moves there, so that no reader meets half a file."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: t.detach().cpu().contiguous() for name, t in stored.tensors.items()}
    header = {"strings": json.dumps(stored.strings, sort_keys=True), "digest": digest(Stored(tensors, stored.strings))}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    os.close(handle)
    try:
        save_file(tensors, name, metadata=header)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path) -> Stored:
    """Raises Damaged where the file is not what was saved."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # not a mapping
        stored = Stored(tensors, json.loads(header["strings"]))
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise Damaged(f"{type(error).__name__}: {error}") from error
    if digest(stored) != header.get("digest"):
        raise Damaged("the contents do not have the digest in the header")
    return stored


def header_of(path: Path) -> Mapping[str, str]:
    """The header of a file, without its arrays. Raises Damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            return dict(file.metadata() or {})
    except (SafetensorError, OSError) as error:
        raise Damaged(f"{type(error).__name__}: {error}") from error


def warn(message: str) -> None:
    """One line for the user, on stderr: a cache that fails is never an error of the run."""
    sys.stderr.write(f"verify: warning: {message}\n")


def remembered(path: Path, compute: Callable[[], Stored]) -> Stored:
    """What the file holds; where there is none, or it is damaged, what ``compute`` returns, stored for the next time.

    One process computes at a time; others wait and read. A cache that cannot be written is a warning, not an error.
    """
    with contextlib.ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(_locked(path.with_suffix(".lock")))
        except OSError as error:
            warn(f"cannot use the cache {path.parent}: {error}")
        if path.exists():
            try:
                return load(path)
            except Damaged as damage:
                warn(f"the cached {path.name} is damaged and is computed anew ({damage})")
        stored = compute()
        try:
            save(path, stored)
        except OSError as error:
            warn(f"cannot store {path.name}: {error}")
    return stored


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # not a POSIX system: two processes may compute the same thing, and the later file stays
        yield
        return
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
