"""The command line as its users meet it: a process of its own, killed, interrupted, piped, timed."""

from __future__ import annotations

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FAKES = Path(__file__).parents[1] / "fakes"
VERIFY = [sys.executable, "-m", "verify"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(FAKES)]))
    return os.environ | {
        "PYTHONPATH": path,
        "HOME": str(tmp_path),
        "VERIFY_COLLECTIONS": "sample_collection:collection,sample_collection:deadly,sample_mathematics:collection",
        "VERIFY_LEDGER": str(tmp_path / "ledger.sqlite"),
        "SAMPLE_LOG": str(tmp_path / "log"),
    }


@pytest.fixture
def verify(environment: dict[str, str]) -> Run:
    def call(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*VERIFY, *arguments],
            env=environment,
            cwd=environment["HOME"],
            capture_output=True,
            text=True,
            check=False,
            **more,
        )

    return call


def ran(environment: dict[str, str]) -> list[str]:
    log = Path(environment["SAMPLE_LOG"])
    return log.read_text().split() if log.exists() else []


@contextmanager
def started(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a session of its own, in an empty folder; ended with the block if it has not ended by itself."""
    with subprocess.Popen(
        [*VERIFY, *arguments],
        env=environment,
        cwd=environment["HOME"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def heed_ctrl_c() -> None:
    """A shell starts what runs in its background deaf to SIGINT, and children inherit that: undone here."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for(
    condition: Callable[[], bool], process: subprocess.Popen[str] | None = None, seconds: float = 30.0
) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if k != "seconds"}
    return [without_times(v) for v in value] if isinstance(value, list) else value


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["local", "processes"])
def test_a_killed_run_goes_on_where_it_was(
    environment: dict[str, str], verify: Run, engine: str, tmp_path: Path
) -> None:
    slow = environment | {"SAMPLE_PAUSE": "0.6"}
    with started(slow, "run", "sample", "--engine", engine) as process:
        wait_for(lambda: len(ran(environment)) >= 4, process)
        process.kill()
    before = ran(environment)
    done = verify("run", "sample", "--json", "-")
    assert done.returncode == 0, done.stderr
    again = ran(environment)[len(before) :]
    finished = 5 - len(again)
    in_flight = 1 if engine == "local" else 2 * (os.cpu_count() or 1)
    assert finished >= len(before) - in_flight
    assert len(again) < 5 or engine == "processes"
    untouched = verify("run", "sample", "--json", "-", "--ledger", str(tmp_path / "another"))
    assert without_times(json.loads(done.stdout)) == without_times(json.loads(untouched.stdout))


@pytest.mark.slow
def test_workers_of_a_killed_run_end(environment: dict[str, str]) -> None:
    slow = environment | {"SAMPLE_PAUSE": "20"}
    with started(slow, "run", "sample", "--engine", "processes") as process:
        wait_for(lambda: len(ran(environment)) >= 1, process)
        workers = children(process.pid)
        assert workers
        process.kill()
    wait_for(lambda: not any(alive(worker) for worker in workers), seconds=10)


def children(pid: int) -> list[int]:
    stats = {int(p.name): p / "stat" for p in Path("/proc").iterdir() if p.name.isdigit()}
    found = []
    for child, stat in stats.items():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[1]) == pid:
            found.append(child)
    return found


def alive(pid: int) -> bool:
    try:
        state = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["local", "processes"])
def test_ctrl_c_is_one_line_and_loses_nothing(environment: dict[str, str], verify: Run, engine: str) -> None:
    slow = environment | {"SAMPLE_PAUSE": "0.6"}
    with started(slow, "run", "sample", "--engine", engine) as process:
        wait_for(lambda: len(ran(environment)) >= 4, process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: to every process of the run
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == ""
    assert err.strip() == "verify: interrupted; what was found is stored, run again to go on"
    before = len(ran(environment))
    assert verify("run", "sample").returncode == 0
    assert len(ran(environment)) - before < 5


@pytest.mark.slow
def test_two_runs_at_once_share_the_ledger(environment: dict[str, str], verify: Run) -> None:
    slow = environment | {"SAMPLE_PAUSE": "0.1"}
    with started(slow, "run", "sample") as one, started(slow, "run", "sample") as other:
        for process in (one, other):
            _, err = process.communicate(timeout=60)
            assert (process.returncode, err) == (0, "")
    before = len(ran(environment))
    assert verify("run", "sample").returncode == 0
    assert len(ran(environment)) == before


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error(environment: dict[str, str]) -> None:
    for arguments in (["list"], ["list", "--json", "-"]):
        with started(environment, *arguments) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == ""
            assert process.wait(20) == 141


def test_chinese_goes_through_a_pipe_in_any_locale(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [*VERIFY, "show", "引理 1.2", "--lang", "zh"],
        check=False,
        capture_output=True,
        cwd=environment["HOME"],
        env=environment | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0, done.stderr
    assert "引理 1.2" in done.stdout.decode("utf-8")


def test_progress_is_for_terminals_only(verify: Run) -> None:
    assert verify("run", "sample").stderr == ""


HEAVY = ("torch", "sympy", "matplotlib", "numpy", "pydantic", "rich", "hypothesis")


def imported(environment: dict[str, str], *arguments: str) -> set[str]:
    code = (
        "import sys\nfrom verify.cli import status\n"
        f"code = status({list(arguments)!r})\n"
        "print(code, *sorted(m for m in sys.modules if '.' not in m), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=environment["HOME"],
        capture_output=True,
        text=True,
        check=True,
    )
    code_and_modules = done.stderr.splitlines()[-1].split()
    assert code_and_modules[0] == "0", done.stderr
    return set(code_and_modules[1:])


def test_help_imports_nothing_heavy(environment: dict[str, str]) -> None:
    assert imported(environment, "--help").isdisjoint(HEAVY)
    assert imported(environment, "run", "--help").isdisjoint(HEAVY)


@pytest.mark.slow
def test_list_show_and_a_run_from_the_ledger_import_no_torch(environment: dict[str, str], verify: Run) -> None:
    assert verify("run", "sample").returncode == 0
    for command in (["list", "sample"], ["show", "lemma-1.2"], ["run", "sample"]):
        assert "torch" not in imported(environment, *command)


def median_seconds(command: list[str], environment: dict[str, str], times: int) -> float:
    def once() -> float:
        start = time.perf_counter()
        subprocess.run(command, env=environment, cwd=environment["HOME"], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    return statistics.median(once() for _ in range(times))


@pytest.mark.slow
def test_help_takes_at_most_eight_times_a_bare_interpreter(environment: dict[str, str]) -> None:
    bare = median_seconds([sys.executable, "-c", "pass"], environment, 9)
    assert median_seconds([*VERIFY, "--help"], environment, 9) <= 8 * bare


@pytest.mark.slow
def test_a_second_run_computes_nothing(environment: dict[str, str], verify: Run) -> None:
    assert verify("run", "sample").returncode == 0
    done = verify("run", "sample")
    assert done.returncode == 0
    assert re.search(r"\b0 of 5 checks computed", done.stdout)


WITHOUT_TORCH = "import sys; sys.modules['torch'] = None; from verify.cli import main; main({})"


@pytest.mark.slow
def test_replay_checks_certificates_without_torch(environment: dict[str, str], verify: Run) -> None:
    done = verify("run", "lemma-4.1/norms-swapped")
    assert done.returncode == 0, done.stdout + done.stderr
    code = WITHOUT_TORCH.format(["replay"])
    replayed = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=environment["HOME"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert replayed.returncode == 0, replayed.stderr
    assert "1 of 1 certificates hold: 1 against parts" in replayed.stdout


@pytest.mark.slow
def test_replay_fails_where_a_certificate_does_not_hold(environment: dict[str, str], verify: Run) -> None:
    assert verify("run", "lemma-4.1/norms-swapped").returncode == 0
    forge = (
        "from verify.ledger import Ledger\n"
        "with Ledger() as ledger:\n"
        "    (record,) = [r for r in ledger.parts().values() if r.part == 'norms-swapped']\n"
        "    data = [e.model_dump() for e in record.evidence]\n"
        "    for e in data:\n"
        "        if e['kind'] == 'counterexample': e['certificate']['values']['W'] = [['1']]\n"
        "    from pydantic import TypeAdapter\n"
        "    from verify.model.evidence import Evidence\n"
        "    forged = TypeAdapter(list[Evidence]).validate_python(data)\n"
        "    ledger.record(record.run, record.collection, record.claim, record.part, record.statement, forged)\n"
    )
    subprocess.run([sys.executable, "-c", forge], env=environment, cwd=environment["HOME"], check=True)
    done = verify("replay")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAILED lemma-4.1/norms-swapped" in done.stdout
    assert "0 of 1 certificates hold" in done.stdout


@pytest.mark.slow
def test_a_worker_that_dies_is_one_line(verify: Run) -> None:
    done = verify("run", "deadly", "--engine", "processes")
    assert done.returncode == 2
    assert done.stderr.startswith("verify: a worker ended without an answer")
    assert done.stderr.count("\n") == 1
