"""The command from end to end on small files: what it prints and writes, and one clear line for each bad input."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import save_file

from verify import collection
from verify.cli import cli, status
from verify.measure import spectra


@pytest.fixture(autouse=True)
def _one_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "entry_points", lambda group: [])
    monkeypatch.setenv("VERIFY_COLLECTIONS", "measured_parts:collection")


def numbers(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def weights() -> dict[str, torch.Tensor]:
    return {
        "embed_tokens.weight": numbers(50, 12),
        "layers.0.self_attn.q_proj.weight": numbers(16, 2) @ numbers(2, 16, seed=1) + 0.01 * numbers(16, 16, seed=2),
        "layers.0.mlp.up_proj.weight": numbers(24, 12, seed=3).bfloat16(),
        "conv.weight": numbers(6, 5, 3, 3, seed=4),
        "layers.0.norm.weight": torch.ones(16),
        "position_ids": torch.arange(6).reshape(2, 3),
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    save_file(weights(), tmp_path / "w.safetensors")
    return tmp_path / "w.safetensors"


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = status(["measure", *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    code, out, err = call(capsys, *arguments, "--json", "-")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_help_ends_with_an_example() -> None:
    done = CliRunner().invoke(cli, ["measure", "--help"])
    assert done.exit_code == 0
    assert "Example: verify measure" in done.output


def test_the_tables(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    code, out, err = call(capsys, file)
    assert (code, err) == (0, "")
    assert re.search(r"layers\.0\.self_attn\.q_proj\.weight +attention, query +16 x 16 +16 ", out)
    assert "convolution, places x rest" in out
    assert re.search(r"lemma-1\.1/tenth +E\(rank/10\) >= 0\.95 +does not hold for most of these weights: 1 of 3", out)
    assert "skipped position_ids: its entries are of type I64" in out
    assert "6 matrices measured, 1 vectors not" in out
    assert all(line == line.rstrip() for line in out.splitlines())


def test_the_json(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    found = as_json(capsys, file)
    assert found["schema"] == 1
    tensors = {(t["name"], t["unfolding"]): t for t in found["tensors"]}
    query = tensors["layers.0.self_attn.q_proj.weight", None]
    exact = torch.linalg.svdvals(weights()["layers.0.self_attn.q_proj.weight"].double())
    p = exact**2 / (exact**2).sum()
    assert query["figures"]["effective_rank"][0] == pytest.approx(float((-(p * p.log()).sum()).exp()))
    assert query["figures"]["energy_at_tenth_of_rank"] == [pytest.approx(float(p[:2].sum()))] * 2
    assert query["figures"]["r_eff_95"] == [2, 2]
    assert query["figures"]["frobenius_norm"] == pytest.approx(float(exact.norm()))
    law = query["figures"]["power_law"]
    assert law["window"] == [1, 8]
    assert 0 < law["kolmogorov_smirnov_p"] <= 1
    assert set(law["against"]) == {"exponential", "log-normal"}
    assert all(0 <= other["p"] <= 1 for other in law["against"].values())
    assert query["null"]["effective_rank"][0] > query["figures"]["effective_rank"][0]
    assert [unfolding for name, unfolding in tensors if name == "conv.weight"] == [
        "outputs x rest", "inputs x rest", "places x rest",
    ]  # fmt: skip
    (part,) = found["parts"]
    assert (part["part"], part["held"], part["of"]) == ("lemma-1.1/tenth", 1, 3)
    assert part["types"]["attention, query"] == {"held": 1, "of": 1, "undecided": 0}
    assert {row["type"] for row in found["types"]} >= {"embedding", "attention, query", "feed-forward"}


def test_a_sharded_checkpoint_is_measured_as_one_file(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    tensors = weights()
    names = list(tensors)
    shards = {"a.safetensors": names[:3], "b.safetensors": names[3:]}
    for shard, held in shards.items():
        save_file({name: tensors[name] for name in held}, file.parent / shard)
    index = file.parent / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {n: shard for shard, held in shards.items() for n in held}}))
    whole, split = (as_json(capsys, path) for path in (file, index))

    def by_name(found: Any) -> dict[Any, Any]:
        return {(t["name"], t["unfolding"]): t["figures"] for t in found["tensors"]}

    assert by_name(split) == by_name(whole)


def test_match_and_max_tensors(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert [t["name"] for t in as_json(capsys, file, "--match", "*mlp*")["tensors"]] == ["layers.0.mlp.up_proj.weight"]
    code, out, _ = call(capsys, file, "--match", "layers*", "--max-tensors", 1)
    assert code == 0
    assert "1 more tensors left out by --max-tensors" in out


def test_a_baseline_gives_the_increment_and_the_rank_of_its_factors(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    before, name = weights(), "layers.0.self_attn.q_proj.weight"
    change = numbers(16, 3, seed=7) @ numbers(3, 16, seed=8)
    after = {name: before[name] + change, "embed_tokens.weight": before["embed_tokens.weight"], "new": numbers(4, 4)}
    after["layers.0.mlp.up_proj.weight"] = numbers(12, 24)
    save_file(after, file.parent / "after.safetensors")
    found = as_json(capsys, file.parent / "after.safetensors", "--baseline", file)
    baselines = {t["name"]: t["baseline"] for t in found["tensors"]}
    increment = baselines[name]["increment"]
    squares = torch.cumsum(torch.linalg.svdvals(change.double()) ** 2, 0)
    rank = int((squares < 0.95 * squares[-1]).sum()) + 1
    assert increment["r_eff_95"] == [rank, rank]
    assert increment["rank"][0] <= 16
    assert baselines[name]["relative_size"] == pytest.approx(float(change.norm() / before[name].norm()), rel=1e-5)
    assert baselines["embed_tokens.weight"]["status"] == "unchanged"
    assert baselines["new"]["status"] == "the baseline has no tensor of that name"
    assert baselines["layers.0.mlp.up_proj.weight"]["status"] == "the baseline has it in shape 24 x 12"
    code, out, _ = call(capsys, file.parent / "after.safetensors", "--baseline", file)
    assert code == 0
    assert "LoRA rank 95%" in out


def test_the_page_has_a_plot_a_layer_type_and_needs_nothing_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    name = "layers.0.mlp.<script>alert(1)</script>.weight"
    save_file(weights() | {name: numbers(8, 8)}, tmp_path / "w.safetensors")
    page = tmp_path / "w.html"
    assert call(capsys, tmp_path / "w.safetensors", "--html", page)[0] == 0
    text = page.read_text(encoding="utf-8")
    plots = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(plots) == 6
    for plot in plots:
        svg = ET.fromstring(plot)
        roles = [line.get("class") for line in svg.iter("polyline")]
        assert "own" in roles
        assert "null" in roles
        for line in svg.iter("polyline"):
            points = [tuple(map(float, p.split(","))) for p in (line.get("points") or "").split()]
            assert all(0 <= x <= 640 and 0 <= y <= 320 for x, y in points)
    assert "<script" not in text
    assert not re.search(r'(src|href)="(?!data:)', text)


# --- bad input ----------------------------------------------------------------------------------------------


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("verify: ")
    assert len(err.splitlines()) == 1
    return err


def test_files_that_cannot_be_read(capsys: pytest.CaptureFixture[str], tmp_path: Path, file: Path) -> None:
    assert "No such file" in refused(capsys, tmp_path / "none.safetensors")
    (tmp_path / "text").write_text("not a checkpoint")
    assert "is not a safetensors file" in refused(capsys, tmp_path / "text")
    file.write_bytes(file.read_bytes()[:-10])
    assert "is truncated" in refused(capsys, file)
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "lost.safetensors"}}))
    assert "names lost.safetensors, which is not beside it" in refused(capsys, index)


def test_nothing_to_measure(capsys: pytest.CaptureFixture[str], tmp_path: Path, file: Path) -> None:
    assert "is called *nothing*; there are 6" in refused(capsys, file, "--match", "*nothing*")
    save_file({"bias": numbers(5)}, tmp_path / "v.safetensors")
    assert "no tensor of two or more dimensions" in refused(capsys, tmp_path / "v.safetensors")
    save_file({"zero": torch.zeros(5, 5)}, tmp_path / "z.safetensors")
    assert "nothing could be measured; 1 skipped, as zero: all entries are zero" in refused(
        capsys, tmp_path / "z.safetensors"
    )
    assert "there is no folder" in refused(capsys, file, "--json", tmp_path / "none" / "x.json")
    assert refused(capsys)


def test_bad_tensors_are_skipped_by_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    nan, inf = numbers(6, 6), numbers(6, 6)
    nan[5, 5], inf[0, 0] = float("nan"), float("inf")
    bad_kernel = torch.zeros(4, 4, 3, 3)
    tensors = {"good": numbers(6, 6), "nan": nan, "inf": inf, "zero": torch.zeros(6, 6), "kernel": bad_kernel}
    save_file(tensors, tmp_path / "w.safetensors")
    found = as_json(capsys, tmp_path / "w.safetensors")
    assert [t["name"] for t in found["tensors"]] == ["good"]
    assert {one["name"]: one["reason"] for one in found["skipped"]} == {
        "nan": "an entry is NaN or infinite",
        "inf": "an entry is NaN or infinite",
        "zero": "all entries are zero",
        "kernel": "all entries are zero",
    }
    assert len(found["skipped"]) == 4
    code, out, _ = call(capsys, tmp_path / "w.safetensors")
    assert code == 0
    assert "skipped nan: an entry is NaN or infinite" in out


def test_a_sketch_says_so(capsys: pytest.CaptureFixture[str], file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spectra, "VALUES_MOST", 0)
    monkeypatch.setattr(spectra, "SKETCH", 4)
    code, out, _ = call(capsys, file, "--gram-up-to", 13, "--match", "*q_proj*")
    assert code == 0
    assert "1 matrices too large for all singular values: intervals hold the true figures" in out


PEAK = """
import sys
from pathlib import Path
from verify.measure.measured import Settings, measure, plan
measure(plan([Path(sys.argv[1])], [], Settings()), Settings())
# Not getrusage: its peak includes that of the process that started this one.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.slow
def test_memory_is_bounded_by_the_largest_tensor(tmp_path: Path) -> None:
    """Sixteen tensors of 16 MB need hardly more memory than two of them."""
    peaks = {}
    for count in (2, 16):
        path = tmp_path / f"{count}.safetensors"
        save_file({f"layers.{i}.mlp.w": numbers(32768, 128, seed=i) for i in range(count)}, path)
        done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
        peaks[count] = int(done.stdout) / 1024
    assert peaks[16] - peaks[2] < 96, "megabytes, of 224 that the other tensors take"
