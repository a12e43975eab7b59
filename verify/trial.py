"""A whole run over a selection: plan, execute, judge. What the command line and other programs call."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from verify.context import Context
from verify.dependencies import Judging, closure
from verify.ledger import Ledger
from verify.model.evidence import Evidence
from verify.model.words import Scope
from verify.plan import PartId, Task, plan
from verify.results import MutantsResult, RunInfo, RunResult, claim_results, mutants_result, part_result, run_result
from verify.run import Outcome, Progress, execute
from verify.select import Chosen
from verify.versions import versions

Bar = Callable[[int], AbstractContextManager[Progress]]
"""Shows progress over so many tasks; what it yields is called after each."""


def silent(total: int) -> AbstractContextManager[Progress]:
    return nullcontext(_ignore)


def _ignore(task: Task) -> None:
    """Progress that nobody watches."""


def trial(
    chosen: Sequence[Chosen],
    context: Context,
    ledger: Ledger,
    *,
    engine: str = "local",
    fresh: bool = False,
    bar: Bar = silent,
    start: float | None = None,
) -> tuple[RunResult, Outcome]:
    """Runs every check of the selected parts, and of those they lean on, and judges them.

    ``start`` (perf_counter) is when the clock began.
    """
    start = time.perf_counter() if start is None else start
    tasks = plan(closure(chosen), context)
    run = ledger.start_run(context.profile, context.seed, context.device, versions())
    with bar(len(tasks)) as progress:
        outcome = execute(
            tasks, ledger, engine=engine, workers=os.cpu_count() or 1, fresh=fresh, run=run, progress=progress
        )
    judging = Judging(outcome.of)
    claims = claim_results(chosen, lambda c: part_result(c, outcome.of(c), leans_on=judging.under(c)))
    info = RunInfo(
        profile=context.profile,
        seed=context.seed,
        device=context.device,
        matrices=0,
        versions=versions(),
        seconds=round(time.perf_counter() - start, 3),
    )
    ledger.finish_run(run, info.seconds or 0.0)
    return run_result(info, claims), outcome


def mutate(
    chosen: Sequence[Chosen],
    context: Context,
    ledger: Ledger,
    *,
    engine: str = "local",
    fresh: bool = False,
    bar: Bar = silent,
) -> list[MutantsResult]:
    """Runs the mutants of the selected universal parts, and nothing else. Parts known to be refuted are left alone."""
    from verify.checks import MutantsCheck

    universal = [c for c in chosen if c.part.scope is Scope.UNIVERSAL]
    tasks = plan(universal, context)
    prior: dict[PartId, list[Evidence]] = {}
    for task in tasks:
        if not task.reads_evidence:
            prior.setdefault(task.part_id, []).extend(ledger.evidence(task.fingerprint()) or [])
    mutants = [task for task in tasks if isinstance(task.check, MutantsCheck)]
    with bar(len(mutants)) as progress:
        outcome = execute(
            mutants, ledger, engine=engine, workers=os.cpu_count() or 1, fresh=fresh, prior=prior, progress=progress
        )
    return [mutants_result(c, outcome.of(c)) for c in universal]
