"""``verify measure``: the empirical parts on the user's own weights."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from verify.measure.attention import Attention
    from verify.measure.measured import Measurement, Plan
    from verify.measure.parts import Finding

EXAMPLE = 'verify measure model.safetensors --match "*attn*" --baseline before.safetensors --html weights.html'


def _writable(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from verify.cli import _writable as writable  # not at the top: the command line imports this module

    return writable(context, parameter, value)


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
@click.option(
    "--attention",
    "with_attention",
    is_flag=True,
    help="Also the ranks of every attention head, on real text: for an encoder like BERT, with config.json and "
    "vocab.txt beside it.",
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
@click.option(
    "--json", "json_file", metavar="FILE|-", callback=_writable, help="Write the result as JSON; - is stdout."
)
@click.option("--html", "html_file", metavar="FILE", callback=_writable, help="Write a page with a plot a layer type.")
def measure(
    files: tuple[Path, ...],
    match: str,
    baseline: tuple[Path, ...],
    with_attention: bool,
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
    from verify.cli import _json
    from verify.collection import installed
    from verify.device import resolve
    from verify.measure import attention, measured, table
    from verify.measure.parts import findings

    settings = measured.Settings(match=match, most=max_tensors, device=resolve(device), gram_most=gram_up_to)
    planned = measured.plan(files, baseline, settings)
    forward = attention.plan(files) if with_attention else None
    collections = list(installed().values())
    with progress(planned) as told:
        result = measured.measure(planned, settings, told)
        heads = attention.attention(forward) if forward is not None else None
    found = findings(collections, result.measured)
    given = {"files": list(map(str, files)), "baseline": list(map(str, baseline)), "device": settings.device}
    if html_file is not None:
        from verify.measure.page import page
        from verify.report.html import replace_whole

        replace_whole(Path(html_file), page(result, found, ", ".join(path.name for path in files), heads))
    extra = {"attention": attention.as_json(heads)} if heads is not None else {}
    if not _json(json_file, table.as_json(result, found, given) | extra):
        _print(result, found, heads)
    return 0


def _print(result: Measurement, found: Sequence[Finding], heads: Attention | None) -> None:
    from verify.measure import attention, table
    from verify.terminal import emit

    emit(table.tensors_table(result.measured), "", table.types_table(result.measured), "")
    if result.baseline:
        emit(table.increments_table(result.measured), "")
    if found:
        emit(table.findings_table(found), "")
    if heads is not None:
        emit(attention.heads_table(heads), "")
    emit(*table.notes(result), *(attention.notes(heads) if heads is not None else ()))


@contextmanager
def progress(planned: Plan) -> Iterator[Callable[[str, int], None]]:
    """A bar on stderr, by entries read; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda name, read: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    # Told when a tensor is begun; how often one is read depends on its route.
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
