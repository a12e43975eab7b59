"""Where checks run: in this process, in worker processes, on a dask cluster. All are ``concurrent`` executors."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, NamedTuple, ParamSpec, TypeVar

from verify.errors import VerifyError

P = ParamSpec("P")
T = TypeVar("T")


class EngineError(VerifyError):
    """An engine that does not exist, or cannot be reached."""


class Engine(NamedTuple):
    """``slots`` tasks are kept in flight. ``remote``: tasks run elsewhere and must be found again by name."""

    executor: Executor
    slots: int
    remote: bool


class Inline(Executor):
    """Runs each task when it is submitted, in the calling thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  the contract of an executor: the future carries the error
            future.set_exception(error)
        return future


@contextmanager
def open_engine(name: str, workers: int) -> Iterator[Engine]:
    """``local``, ``processes`` or ``dask=ADDRESS``. Workers still busy when the block is left by an error are ended.

    Raises EngineError for any other name, or where the cluster cannot be reached.
    """
    kind, _, address = name.partition("=")
    if name == "local":
        yield Engine(Inline(), 1, remote=False)
    elif name == "processes":
        with _processes(workers) as executor:
            yield Engine(executor, 2 * workers, remote=True)
    elif kind == "dask" and address:
        with _dask(address) as (executor, slots):
            yield Engine(executor, slots, remote=True)
    else:
        raise EngineError(f"no engine is called {name!r}; use local, processes or dask=ADDRESS")


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    # spawn: a forked copy of torch's thread pool hangs.
    started_before = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _worker_starts)
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - started_before:
            process.terminate()
        raise
    executor.shutdown()


def _worker_starts() -> None:
    """Ctrl-C is the parent's to handle; a worker whose parent was killed ends instead of waiting for tasks for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


@contextmanager
def _dask(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ImportError as error:
        raise EngineError("--engine dask needs the extra: pip install 'verify-claims[distributed]'") from error
    try:
        client: Any = Client(address, timeout="10s")
    except (OSError, ValueError, TimeoutError) as error:
        raise EngineError(f"no dask scheduler answers at {address}: {error}") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise EngineError(f"the dask scheduler at {address} has no workers")
        yield client.get_executor(pure=False, retries=0), 2 * threads
