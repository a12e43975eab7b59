"""What the commands print: tables for people on stdout, progress on stderr where that is a terminal."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from verify.model.words import Outcome, Verdict
from verify.results import ClaimResult, MutantsResult, PartResult, RunResult

if TYPE_CHECKING:
    from verify.plan import Task
    from verify.replay import Replay

STYLES = {
    Verdict.REFUTED: "bold red",
    Verdict.ILL_POSED: "magenta",
    Verdict.CONTRADICTED: "red",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.EMPIRICAL: "cyan",
    Verdict.SUPPORTED: "green",
    Verdict.PROVED: "bold green",
}
PIPE_WIDTH = 400


def emit(*things: Table | Text | str) -> None:
    """Prints to stdout: styled and fitted on a terminal; plain, unwrapped and without trailing blanks elsewhere."""
    if sys.stdout.isatty():
        console = Console(highlight=False)
        for thing in things:
            console.print(thing)
        return
    plain = Console(file=io.StringIO(), width=PIPE_WIDTH, color_system=None, highlight=False, emoji=False)
    with plain.capture() as capture:
        for thing in things:
            plain.print(thing, soft_wrap=not isinstance(thing, Table), markup=False)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))


def columns(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, no_wrap=name != "why", overflow="fold")
    return table


def word(part: PartResult) -> Text:
    return Text(part.verdict, STYLES[part.verdict]) if part.state == "tried" else Text(part.state, "dim")


def parts_table(claims: Sequence[ClaimResult]) -> Table:
    """Label, part, verdict, whether that was expected, and one line on why."""
    table = columns("part", "role", "verdict", "expected", "why")
    for claim in claims:
        for part in claim.parts:
            table.add_row(Text(f"{claim.id}/{part.id}"), part.role, word(part), _expected(part), Text(part.why))
    return table


def _expected(part: PartResult) -> Text:
    if part.state != "tried":
        return Text("")
    if part.conflict:
        return Text("CONFLICT", "bold red reverse")
    return Text("yes", "dim") if part.as_expected else Text(f"no: {part.expected}", "bold red reverse")


def claims_table(claims: Sequence[ClaimResult]) -> Table:
    """One line a claim (label in both languages, headline), one a part under it."""
    table = columns("claim", "verdict", "label")
    for claim in claims:
        tried = any(part.state == "tried" for part in claim.parts)
        state = Text(claim.verdict, STYLES[claim.verdict]) if tried else Text("not run", "dim")
        if tried and claim.only_empirical:
            state.append(", only empirical")
        table.add_row(Text(claim.id, "bold"), state, Text(" · ".join(claim.label.values())))
        for part in claim.parts:
            table.add_row(Text(f"  {claim.id}/{part.id}"), word(part), Text(f"{part.role}, {part.scope}", "dim"))
    return table


def run_lines(result: RunResult, computed: int, tasks: int) -> Iterator[str]:
    """Under the table of a run: counts, what was not as expected, what it cost."""
    counts = Counter(part.verdict for _, part in result.parts)
    verdicts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])
    yield ""
    yield f"{len(result.claims)} claims, {len(result.parts)} parts: {verdicts or 'none'}"
    conflicts = sum(part.conflict for _, part in result.parts)
    if conflicts:
        why = "a proof beside something refuted, or a formula not of its source"
        yield f"{conflicts} in CONFLICT: {why}; the encoding is wrong"
    if result.unexpected:
        yield f"{len(result.unexpected)} not as expected: " + ", ".join(
            f"{claim.id}/{part.id}" for claim, part in result.unexpected
        )
    else:
        yield "all as expected"
    seconds = 0.0 if result.run.seconds is None else result.run.seconds
    yield (
        f"{result.run.matrices} matrices; {computed} of {tasks} checks computed, the others from the ledger; "
        f"{seconds:.1f} s, profile {result.run.profile}, seed {result.run.seed}, {result.run.device}"
    )


def mutants_table(results: Sequence[MutantsResult]) -> Table:
    """One line a part with the count of killed over all, and one a mutant under it."""
    table = columns("part", "outcome", "mutant", "why")
    styles = {Outcome.KILLED: "green", Outcome.IMPLIED: "dim", Outcome.SURVIVING: "bold red"}
    for result in results:
        count = result.mutants
        killed = f"{count.killed}/{count.all} killed" if count.all else "none tried"
        others = f"{count.implied} implied, {count.surviving} surviving" if count.all else ""
        table.add_row(Text(result.id, "bold"), killed, others, Text(result.failure or ""))
        for mutant in result.outcomes:
            explained = result.explained.get(mutant.name)
            style = styles[mutant.outcome] if explained is None else "yellow"
            table.add_row("", Text(mutant.outcome, style), Text(mutant.name), Text(explained or mutant.reason))
    return table


def mutants_line(results: Sequence[MutantsResult]) -> str:
    """The totals over all parts."""
    counts = [result.mutants for result in results]
    killed, implied, surviving = (sum(getattr(c, name) for c in counts) for name in ("killed", "implied", "surviving"))
    unexplained = sum(len(result.unexplained) for result in results)
    return (
        f"{killed + implied + surviving} mutants of {len(results)} parts: {killed} killed, {implied} implied, "
        f"{surviving} surviving, {unexplained} of them unexplained"
    )


def replay_lines(replay: Replay) -> Iterator[str]:
    for failed in replay.failed:
        mutant = f", mutant {failed.mutant!r}" if failed.mutant else ""
        yield f"FAILED {failed.part}{mutant}: {failed.problem}"
    for part in replay.outdated:
        yield f"outdated {part}: the statement has changed since it was tried; run it again"
    good = len(replay.checked) - len(replay.failed)
    own = sum(c.mutant is None and c.problem is None for c in replay.checked)
    yield (
        f"{good} of {len(replay.checked)} certificates hold: {own} against parts, {good - own} against their mutants"
    )


@contextmanager
def progress(total: int) -> Iterator[Callable[[Task], None]]:
    """A bar on stderr while checks run; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda task: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        BarColumn(24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        line = bar.add_task("checks", total=total)
        yield lambda task: bar.update(line, advance=1, description=f"{task.chosen.id} {task.check_name}")
