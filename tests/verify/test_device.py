from __future__ import annotations

import pytest

from verify import device
from verify.device import DeviceError, resolve


def test_cpu_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_cuda", lambda: pytest.fail("asked"))
    assert resolve("cpu") == "cpu"


@pytest.mark.parametrize(
    "there, asked, answer", [(True, "auto", "cuda"), (True, "cuda", "cuda"), (False, "auto", "cpu")]
)
def test_the_device_that_is_there(monkeypatch: pytest.MonkeyPatch, there: bool, asked: str, answer: str) -> None:
    monkeypatch.setattr(device, "_cuda", lambda: there)
    assert resolve(asked) == answer


def test_cuda_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_cuda", lambda: False)
    with pytest.raises(DeviceError, match="--device cpu"):
        resolve("cuda")


def test_a_cpu_build_is_known_without_importing_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)  # an import would raise
    monkeypatch.setattr(device, "versions", lambda: {"torch": "2.13.0+cpu"})
    assert resolve("auto") == "cpu"


def test_a_machine_without_a_device_file_needs_no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    monkeypatch.setattr(device, "versions", lambda: {"torch": "2.13.0"})
    monkeypatch.setattr(device.Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.setattr(device.Path, "exists", lambda self: False)
    assert resolve("auto") == "cpu"
