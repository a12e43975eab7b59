"""Puts parts on trial: takes stored evidence where it still holds, runs the other checks, records everything at once.

Nothing here judges: verdicts are read off the evidence afterwards, by ``verify.judge``.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from pydantic import ValidationError

from verify.collection import VARIABLE, one_line
from verify.context import Context
from verify.engines import Engine, open_engine
from verify.errors import VerifyError
from verify.ledger import Ledger
from verify.model.evidence import Evidence, Failure, Found
from verify.plan import PartId, Task, TaskId, decisive, find
from verify.select import Chosen


class RunError(VerifyError):
    """A run that could not go on. What was found before is in the ledger."""


class Overtime(BaseException):
    """Raised in a check that takes longer than its budget; no handler of ordinary errors can swallow it."""


@dataclass
class Outcome:
    """The evidence of every task of a run. ``computed`` counts those that were not in the ledger."""

    evidence: dict[TaskId, list[Evidence]] = field(default_factory=dict)
    computed: int = 0

    def of(self, chosen: Chosen) -> list[Evidence]:
        return self.on((chosen.collection.name, chosen.claim.label, chosen.part.id))

    def on(self, part: PartId) -> list[Evidence]:
        """All evidence on one part, in the order of its checks."""
        tasks = sorted(task for task in self.evidence if task[:3] == part)
        return [item for task in tasks for item in self.evidence[task]]


Progress = Callable[[Task], None]
"""Called after each task, with the task."""


def execute(
    tasks: Sequence[Task],
    ledger: Ledger,
    *,
    engine: str = "local",
    workers: int = 1,
    fresh: bool = False,
    run: int | None = None,
    prior: Mapping[PartId, Sequence[Evidence]] | None = None,
    progress: Progress = lambda task: None,
) -> Outcome:
    """The evidence of every task. Each check's evidence is stored as soon as it is there; failures are not stored.

    ``fresh`` computes everything anew. Where ``run`` is given, a part whose tasks are all done is recorded under it
    as the latest evidence on that part. ``prior`` is evidence known beforehand, for the checks that read evidence.
    Raises RunError where the engine breaks down, EngineError where there is none.
    """
    work = _Work(ledger, fresh, run, prior or {}, progress)
    work.add(tasks)
    if work.pending:
        with open_engine(engine, workers) as opened:
            work.drain(opened)
    return work.outcome


class _Work:
    """What is left to do. A task that reads the evidence on its part waits until the part's other tasks are done."""

    def __init__(
        self,
        ledger: Ledger,
        fresh: bool,
        run: int | None,
        prior: Mapping[PartId, Sequence[Evidence]],
        progress: Progress,
    ) -> None:
        self.ledger, self.fresh, self.run, self.prior, self.progress = ledger, fresh, run, prior, progress
        self.outcome = Outcome()
        self.pending: deque[tuple[Task, list[Evidence]]] = deque()
        self.late: dict[PartId, list[Task]] = {}
        self.early: Counter[PartId] = Counter()
        self.left: Counter[PartId] = Counter()

    def add(self, tasks: Sequence[Task]) -> None:
        for task in tasks:
            self.left[task.part_id] += 1
            if task.reads_evidence:
                self.late.setdefault(task.part_id, []).append(task)
            else:
                self.early[task.part_id] += 1
        for task in tasks:
            if not task.reads_evidence:
                self._offer(task)
            elif not self.early[task.part_id]:
                self._release(task.part_id)

    def _offer(self, task: Task, known: Sequence[Evidence] = ()) -> None:
        """Takes the evidence from the ledger where it is there, else puts the task in the queue."""
        known = decisive(known)
        stored = None if self.fresh else self.ledger.evidence(task.fingerprint(known))
        if stored is not None:
            self._done(task, stored)
        elif task.reads_evidence:  # first in the queue: its part is complete with it, and can be recorded
            self.pending.appendleft((task, known))
        else:
            self.pending.append((task, known))

    def _release(self, part: PartId) -> None:
        for task in self.late.pop(part, []):
            self._offer(task, [*self.prior.get(part, ()), *self.outcome.on(part)])

    def _done(self, task: Task, evidence: list[Evidence]) -> None:
        part = task.part_id
        self.outcome.evidence[task.id] = evidence
        self.left[part] -= 1
        if not task.reads_evidence:
            self.early[part] -= 1
        if not self.left[part] and self.run is not None:
            statement = task.chosen.part.statement.fingerprint
            self.ledger.record(self.run, *part, statement, self.outcome.on(part))
        self.progress(task)
        if not self.early[part]:
            self._release(part)

    def _computed(self, task: Task, known: list[Evidence], evidence: list[Evidence]) -> None:
        self.outcome.computed += 1
        if not any(isinstance(item, Failure) for item in evidence):
            self.ledger.put(task.fingerprint(known), task.chosen.id, task.check_name, evidence)
        self._done(task, evidence)

    def drain(self, engine: Engine) -> None:
        """Keeps ``engine.slots`` tasks in flight until none is left."""
        flying: dict[Future[list[Evidence]], tuple[Task, list[Evidence]]] = {}
        while self.pending or flying:
            while len(flying) < engine.slots and (found := self._next(task for task, _ in flying.values())):
                task, known = found
                flying[_submit(task, known, engine)] = task, known
            landed, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in landed:
                self._computed(*flying.pop(future), _answer(future))

    def _next(self, flying: Iterable[Task]) -> tuple[Task, list[Evidence]] | None:
        """The first task in the queue that need not wait for one in flight."""
        busy = any(task.check.shares_work for task in flying)
        for place, (task, known) in enumerate(self.pending):
            if not (busy and task.check.shares_work):
                del self.pending[place]
                return task, known
        return None


def _answer(future: Future[list[Evidence]]) -> list[Evidence]:
    """A check's own errors come back as evidence; what is raised here went wrong around it."""
    try:
        return future.result()
    except VerifyError:
        raise
    except Exception as error:
        raise RunError(
            f"a worker ended without an answer ({type(error).__name__}), perhaps for want of memory; "
            "what was found is stored: run again, or with --engine local"
        ) from error


def _submit(task: Task, known: list[Evidence], engine: Engine) -> Future[list[Evidence]]:
    if engine.remote:
        return engine.executor.submit(perform, task.id, task.context, known, os.environ.get(VARIABLE))
    return engine.executor.submit(attempt, task, known)


def perform(task: TaskId, context: Context, known: list[Evidence], collections: str | None) -> list[Evidence]:
    """``attempt`` in another process: finds the task again by its names."""
    if collections is not None:
        os.environ[VARIABLE] = collections
    return attempt(find(task, context), known)


def attempt(task: Task, known: Sequence[Evidence] = ()) -> list[Evidence]:
    """What the check finds; where it raises or takes too long, a Failure, which is evidence for nothing."""
    start = time.perf_counter()

    def failure(cause: str, message: str) -> list[Evidence]:
        seconds = time.perf_counter() - start
        return [
            Failure.model_validate(
                {"engine": "run", "check": task.check_name, "cause": cause, "message": message, "seconds": seconds}
            )
        ]

    budget = task.context.budget_seconds * task.check.patience
    try:
        with _limit(budget):
            evidence = task.run(known)
        if not isinstance(evidence, list) or not all(isinstance(item, Found) for item in evidence):
            return failure("error", f"the check returned {type(evidence).__name__}, not a list of evidence")
    except (Overtime, TimeoutError) as error:
        return failure("timeout", one_line(error) or f"took more than {budget:g} s")
    except ValidationError as error:
        not_finite = any(problem["type"] == "finite_number" for problem in error.errors())
        return failure("not a number" if not_finite else "error", one_line(error))
    except Exception as error:  # noqa: BLE001  whatever a check raises is a failure of the check, reported as that
        return failure("error", f"{type(error).__name__}: {one_line(error)}")
    return evidence


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Raises Overtime in the block after so many seconds; only the main thread of a process can be interrupted so."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise Overtime(f"took more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    # Again later, in case the first was raised where Python ignores exceptions, as in a finaliser.
    signal.setitimer(signal.ITIMER_REAL, seconds, max(seconds, 10.0))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
