"""The HTML of a measurement: one self-contained file."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from rich.table import Table

from verify import __version__
from verify.measure import attention, table
from verify.measure.attention import Attention
from verify.measure.measured import Measurement, by_type
from verify.measure.parts import Finding
from verify.measure.plots import plot


def page(result: Measurement, findings: Sequence[Finding], title: str, heads: Attention | None = None) -> str:
    env = Environment(
        loader=ChoiceLoader([PackageLoader("verify.measure"), PackageLoader("verify.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    tables = [table.findings_table(findings)] if findings else []
    tables += [table.types_table(result.measured), table.tensors_table(result.measured)]
    if result.baseline:
        tables.append(table.increments_table(result.measured))
    if heads is not None:
        tables.append(attention.heads_table(heads))
    return env.get_template("measure.html.j2").render(
        title=title,
        tables=[cells(one) for one in tables],
        plots=[(kind, len(group), plot(kind, group)) for kind, group in by_type(result.measured).items()],
        notes=[*table.notes(result), *(attention.notes(heads) if heads is not None else ())],
        version=__version__,
    )


def cells(one: Table) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a printed table: the page shows what the terminal shows."""
    columns = [[str(cell) for cell in column.cells] for column in one.columns]
    return [str(column.header) for column in one.columns], [list(row) for row in zip(*columns, strict=True)]
