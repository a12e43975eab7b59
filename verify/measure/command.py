"""``verify measure``: the empirical parts on the user's own weights."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from verify.errors import VerifyError

EXAMPLE = 'verify measure model.safetensors --match "*attn*" --baseline before.safetensors --html weights.html'


def _writable(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Refuses an output file that could not be written, before the work is done rather than after."""
    if value in (None, "-"):
        return value
    folder = Path(str(value)).absolute().parent
    if not folder.is_dir() or Path(str(value)).is_dir() or not os.access(folder, os.W_OK):
        raise click.BadParameter(f"{value} cannot be written")
    return value


@click.command("measure", epilog=f"Example: {EXAMPLE}", context_settings={"max_content_width": 110})
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--match", default="*", metavar="GLOB", help="Only tensors whose names match.")
@click.option(
    "--baseline",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The weights before training or fine-tuning; repeat for several files. Adds the increment of every tensor.",
)
@click.option("--max-tensors", type=click.IntRange(1), metavar="N", help="Only the first N that are no vectors.")
@click.option(
    "--gram-up-to",
    type=click.IntRange(1),
    default=10_240,
    metavar="N",
    show_default=True,
    help="All singular values of matrices whose shorter side is at most N (memory: 16 N^2 bytes); bounds beyond.",
)
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
@click.option("--json", "json_file", metavar="FILE|-", callback=_writable, help="Write the result as JSON; - is stdout.")
@click.option("--html", "html_file", metavar="FILE", callback=_writable, help="Write a page with a plot a layer type.")
def measure(
    files: tuple[Path, ...],
    match: str,
    baseline: tuple[Path, ...],
    max_tensors: int | None,
    gram_up_to: int,
    device: str,
    json_file: str | None,
    html_file: str | None,
) -> int:
    """Measure what a text says of trained weights on your own: safetensors files, or the .index.json of a sharded one.

    Every matrix is read in pieces; memory is bounded by the largest. What comes out holds for these weights and is no
    verdict on the text.
    """
    from verify.collection import installed
    from verify.device import resolve
    from verify.measure import measured, table
    from verify.measure.parts import findings

    settings = measured.Settings(match=match, most=max_tensors, device=resolve(device), gram_most=gram_up_to)
    planned = measured.plan(files, baseline, settings)
    collections = list(installed().values())
    with progress(planned) as told:
        result = measured.measure(planned, settings, told)
    found = findings(collections, result.measured)
    given = {"files": list(map(str, files)), "baseline": list(map(str, baseline)), "device": settings.device}
    if html_file is not None:
        from verify.measure.page import page
        from verify.report.html import replace_whole

        replace_whole(Path(html_file), page(result, found, ", ".join(path.name for path in files)))
    if json_file is not None:
        text = json.dumps(table.as_json(result, found, given), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        _write(json_file, text)
    if json_file != "-":
        _print(result, found)
    return 0


def _print(result: object, found: object) -> None:
    from verify.measure import table
    from verify.measure.measured import Measurement
    from verify.terminal import emit

    assert isinstance(result, Measurement) and isinstance(found, list)
    emit(table.tensors_table(result.measured), "", table.types_table(result.measured), "")
    if result.baseline:
        emit(table.increments_table(result.measured), "")
    if found:
        emit(table.findings_table(found), "")
    emit(*table.notes(result))


def _write(file: str, text: str) -> None:
    if file == "-":
        sys.stdout.write(text)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise VerifyError(f"{file} cannot be written: {error.strerror}") from error


@contextmanager
def progress(planned: object) -> Iterator[Callable[[str, int], None]]:
    """A bar on stderr, by entries read; nothing where stderr is no terminal."""
    from verify.measure.measured import Plan

    assert isinstance(planned, Plan)
    if not sys.stderr.isatty():
        yield lambda name, read: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    # A tensor is read several times, by its route; what is left of a route that needs fewer is never waited for.
    names = list(dict.fromkeys(name for name, _, _ in planned.work))
    sizes = {name: sum(one.entry.count for n, one, _ in planned.work if n == name) for name in names}
    before = {name: sum(sizes[n] for n in names[:i]) for i, name in enumerate(names)}
    bar = Progress(
        BarColumn(24),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        line = bar.add_task("", total=planned.entries)
        yield lambda name, read: bar.update(line, completed=before[name], description=name)
