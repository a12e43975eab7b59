"""Which device a run uses. torch is imported only where its answer could be yes."""

from __future__ import annotations

from pathlib import Path

from verify.errors import VerifyError
from verify.versions import versions


class DeviceError(VerifyError):
    """The device that was asked for is not there."""


def resolve(asked: str) -> str:
    """``cpu`` or ``cuda`` for auto, cpu or cuda. Raises DeviceError where cuda was asked for and is not there."""
    if asked == "cpu":
        return "cpu"
    if _cuda():
        return "cuda"
    if asked == "cuda":
        raise DeviceError("no CUDA device can be used here; run with --device cpu, or install a CUDA build of torch")
    return "cpu"


def _cuda() -> bool:
    """Whether torch can use a CUDA device. A CPU build, or a machine without an NVIDIA device file, needs no import."""
    cpu_build = versions()["torch"].endswith("+cpu")
    if cpu_build or not (any(Path("/dev").glob("nvidia[0-9]*")) or Path("/dev/dxg").exists()):
        return False
    import torch

    return bool(torch.cuda.is_available())
