"""The command line. Start-up imports click and the standard library only; each command imports what it needs.

Exit status: 0; 1 where something was found (a verdict other than expected, a certificate that fails); 2 where a
command could not run (one line on stderr); 130 after Ctrl-C.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from verify import __version__
from verify.errors import VerifyError
from verify.fetching import fetch
from verify.measure.command import measure

if TYPE_CHECKING:
    from verify.context import Context

BROKEN_PIPE = 128 + 13
PROFILES = ("quick", "standard", "deep")
EPILOG_EXIT = "Exit status: 0; 1 something was found; 2 could not run."


def command(name: str, example: str) -> Callable[[Callable[..., int | None]], click.Command]:
    """A command whose help ends with an example."""
    return cli.command(name, epilog=f"Example: {example}", context_settings={"max_content_width": 110})


def _writable(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Refuses an output file that could not be written, before the work is done rather than after."""
    if value in (None, "-"):
        return value
    folder = Path(str(value)).absolute().parent
    if not folder.is_dir():
        raise click.BadParameter(f"there is no folder {folder}")
    if Path(str(value)).is_dir() or not os.access(folder, os.W_OK):
        raise click.BadParameter(f"{value} cannot be written")
    return value


select_argument = click.argument("select", nargs=-1, metavar="[SELECT]...")
json_option = click.option(
    "--json", "json_file", metavar="FILE|-", callback=_writable, help="Write the result as JSON; - is stdout."
)
ledger_option = click.option(
    "--ledger",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The evidence store; default: $VERIFY_LEDGER, else the user's state directory.",
)
profile_option = click.option("--profile", type=click.Choice(PROFILES), default="standard", show_default=True)
seed_option = click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
device_option = click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
engine_option = click.option(
    "--engine", default="local", metavar="local|processes|dask=ADDRESS", show_default=True, help="Where checks run."
)
fresh_option = click.option("--fresh", is_flag=True, help="Compute everything anew; stored evidence is replaced.")


class Commands(click.Group):
    """Gives a broken pipe its own exit status; click would make it 1, which here means that something was found."""

    def invoke(self, context: click.Context) -> Any:
        try:
            status = super().invoke(context)
            sys.stdout.flush()
        except BrokenPipeError:
            # The interpreter must not complain when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return BROKEN_PIPE
        return status


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EPILOG_EXIT)
@click.version_option(__version__, prog_name="verify")
def cli() -> None:
    """A referee for the mathematics of machine learning.

    SELECT is an identifier (lemma-11.19, lemma-11.19/softmax-rank), a printed label ("Lemma 11.19", "引理 11.19"),
    a kind (theorem), a collection (low_rank), or a glob ("*-repaired").
    """


@command("list", "verify list theorem")
@select_argument
@ledger_option
@json_option
def list_command(select: tuple[str, ...], ledger: Path | None, json_file: str | None) -> int:
    """Claims, parts, last known verdicts."""
    from verify.collection import installed
    from verify.results import known
    from verify.select import select as choose

    chosen = choose(installed(), select)
    claims = known_claims(ledger, chosen, known)
    if not _json(json_file, {"schema": 1, "claims": [claim.model_dump(mode="json") for claim in claims]}):
        from verify.terminal import claims_table, emit

        emit(claims_table(claims))
    return 0


@command("run", "verify run lemma theorem-11.16 --profile quick --json result.json")
@select_argument
@profile_option
@seed_option
@device_option
@engine_option
@ledger_option
@fresh_option
@json_option
@click.option("--junit", "junit_file", metavar="FILE", callback=_writable, help="Write the result as JUnit XML.")
def run_command(
    select: tuple[str, ...],
    profile: str,
    seed: int,
    device: str,
    engine: str,
    ledger: Path | None,
    fresh: bool,
    json_file: str | None,
    junit_file: str | None,
) -> int:
    """Put claims on trial. Exit 1 where a verdict is not the expected one, or a proof and a counterexample conflict."""
    from verify.collection import installed
    from verify.ledger import Ledger
    from verify.select import select as choose
    from verify.terminal import emit, parts_table, progress, run_lines
    from verify.trial import trial

    if json_file == junit_file == "-":
        raise click.UsageError("--json and --junit cannot both go to stdout; name a file for one")
    start = time.perf_counter()
    chosen = choose(installed(), select)
    context = _context(profile, seed, device, engine)
    with Ledger(ledger) as opened:
        result, outcome = trial(chosen, context, opened, engine=engine, fresh=fresh, bar=progress, start=start)
    if junit_file is not None:
        from verify.junit import junit

        _write(junit_file, junit(result))
    if json_file is not None:
        _write(json_file, result.to_json())
    if json_file != "-" and junit_file != "-":
        emit(parts_table(result.claims), *run_lines(result, outcome.computed, len(outcome.evidence)))
    return 1 if result.unexpected else 0


@command("show", 'verify show "引理 11.19"')
@click.argument("label", nargs=-1, required=True, metavar="LABEL")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@ledger_option
@json_option
def show_command(label: tuple[str, ...], lang: str, ledger: Path | None, json_file: str | None) -> int:
    """One claim: statement, parts, evidence, counterexample, repair, how to cite it safely."""
    from verify.collection import installed
    from verify.results import known
    from verify.select import Chosen, select_claim

    collection, claim = select_claim(installed(), " ".join(label))
    (result,) = known_claims(ledger, [Chosen(collection, claim, part) for part in claim.parts], known)
    if not _json(json_file, {"schema": 1, "claims": [result.model_dump(mode="json")]}):
        from verify.showing import show
        from verify.terminal import emit

        emit(*show(claim, result, lang))
    return 0


@command("report", "verify report --out reports --lang zh")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"), show_default=True)
@click.option("--textbook", type=click.Path(path_type=Path, exists=True, dir_okay=False), envvar="VERIFY_TEXTBOOK")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@ledger_option
@json_option
def report_command(
    out: Path, textbook: Path | None, lang: Literal["en", "zh"], ledger: Path | None, json_file: str | None
) -> int:
    """Write the HTML report, one self-contained file a collection, and all verdicts as a table in Markdown."""
    from verify.collection import installed
    from verify.ledger import Ledger
    from verify.report import verdicts, write

    collections = installed()
    with Ledger(ledger, must_exist=True) as opened:
        files = write(opened, list(collections.values()), out, lang, textbook)
        files.append(verdicts.write(opened, collections.values(), out))
    if not _json(json_file, {"schema": 1, "files": [str(file) for file in files]}):
        click.echo("\n".join(map(str, files)))
    return 0


@command("replay", "verify replay lemma-11.19")
@select_argument
@ledger_option
@json_option
def replay_command(select: tuple[str, ...], ledger: Path | None, json_file: str | None) -> int:
    """Re-check every certificate alone, in exact or ball arithmetic. Exit 1 where one fails."""
    from dataclasses import asdict

    from verify.collection import installed
    from verify.ledger import Ledger
    from verify.replay import replay
    from verify.select import select as choose

    chosen = choose(installed(), select)
    with Ledger(ledger, must_exist=True) as opened:
        result = replay(opened, chosen)
    if not _json(json_file, {"schema": 1, **asdict(result)}):
        from verify.terminal import emit, replay_lines

        emit(*replay_lines(result))
    return 1 if result.failed else 0


@command("mutate", "verify mutate theorem-11.11 --profile quick")
@select_argument
@profile_option
@seed_option
@device_option
@engine_option
@ledger_option
@fresh_option
@json_option
def mutate_command(
    select: tuple[str, ...],
    profile: str,
    seed: int,
    device: str,
    engine: str,
    ledger: Path | None,
    fresh: bool,
    json_file: str | None,
) -> int:
    """Run the mutants of universal parts. Exit 1 where one survives unexplained, or where they could not be tried."""
    from verify.collection import installed
    from verify.ledger import Ledger
    from verify.select import select as choose
    from verify.terminal import emit, mutants_line, mutants_table, progress
    from verify.trial import mutate

    chosen = choose(installed(), select)
    context = _context(profile, seed, device, engine)
    with Ledger(ledger) as opened:
        results = mutate(chosen, context, opened, engine=engine, fresh=fresh, bar=progress)
    if not _json(json_file, {"schema": 1, "parts": [result.model_dump(mode="json") for result in results]}):
        emit(mutants_table(results), mutants_line(results))
    return 1 if any(result.unexplained or result.failure for result in results) else 0


@command("cite-check", "verify cite-check paper.tex --against low_rank")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github", "junit", "sarif"]), help="Default: text."
)
@click.option("--select", multiple=True, metavar="CODES", help="Only these rules: V101, or V for all of a family.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these rules.")
@click.option("--against", multiple=True, metavar="COLLECTION", help="The text that is cited; default: all installed.")
@ledger_option
@json_option
def cite_check_command(
    files: tuple[str, ...],
    form: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    against: tuple[str, ...],
    ledger: Path | None,
    json_file: str | None,
) -> int:
    """Check a text on trial, or a paper that cites it: Markdown or LaTeX; files, folders, globs, - for stdin.

    Exit 1 where an error or a warning was found. Settings: [tool.verify.cite-check] in pyproject.toml, or verify.toml.
    """
    from verify.text.cite_check import cite_check

    return cite_check(files, form, select, ignore, against, ledger, json_file, _write)


@command("cite", 'verify cite "Lemma 11.19" --bibtex')
@click.argument("label", nargs=-1, required=True, metavar="LABEL")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Default: both.")
@click.option("--bibtex", is_flag=True, help="An entry for a bibliography, of what the report says.")
@click.option("--against", multiple=True, metavar="COLLECTION", help="The text that is meant, where several are.")
@ledger_option
@json_option
def cite_command(
    label: tuple[str, ...],
    lang: str | None,
    bibtex: bool,
    against: tuple[str, ...],
    ledger: Path | None,
    json_file: str | None,
) -> int:
    """What one may safely write of a claim, with the strength of the evidence, in both languages."""
    from verify.text.cite_check import cite

    return cite(" ".join(label), [lang] if lang else ["en", "zh"], bibtex, against, ledger, json_file, _write)


@command("bench", "verify bench --json bench.json")
@json_option
def bench_command(json_file: str | None) -> int:
    """The performance figures, each beside its baseline in the same run."""
    from verify.bench import main as bench

    return int(bench(json_file))


cli.add_command(fetch)
cli.add_command(measure)


def known_claims(ledger: Path | None, chosen: Sequence[Any], known: Callable[..., Any]) -> Any:
    """What the ledger knows; without a ledger, nothing is known, and none is made by asking."""
    from verify.ledger import Ledger, default_path
    from verify.results import claim_results, part_result

    path = ledger or default_path()
    if not path.exists():
        return claim_results(chosen, lambda c: part_result(c, [], "not run"))
    with Ledger(path) as opened:
        return known(opened, chosen)


def _context(profile: str, seed: int, device: str, engine: str) -> Context:
    from verify.context import Context, Profile
    from verify.device import resolve

    # One worker a check where the checks themselves run side by side.
    workers = (os.cpu_count() or 1) if engine == "local" else 1
    budget = 3600.0 if profile == Profile.DEEP else Context.model_fields["budget_seconds"].default
    return Context(profile=Profile(profile), seed=seed, device=resolve(device), workers=workers, budget_seconds=budget)


def _json(file: str | None, data: object) -> bool:
    """Writes the data where ``--json`` asked for it; says whether that took stdout."""
    if file is None:
        return False
    import json

    _write(file, json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    return file == "-"


def _write(file: str, text: str) -> None:
    if file == "-":
        sys.stdout.write(text)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise VerifyError(f"{file} cannot be written: {error.strerror}") from error


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. Ends the process with the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    if arguments is None:  # in a locale that is not UTF-8, Python would take Chinese apart into bytes
        arguments = [os.fsencode(argument).decode("utf-8", "surrogateescape") for argument in sys.argv[1:]]
    sys.exit(status(arguments))


def status(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; turns every way in which it can end into an exit status and at most one line on stderr."""
    try:
        code = cli.main(args=arguments, prog_name="verify", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted; what was found is stored, run again to go on", 130)
    except click.ClickException as error:
        return _say(error.format_message(), 2)
    except VerifyError as error:
        return _say(str(error), 2)
    except Exception as error:
        if os.environ.get("VERIFY_TRACEBACK"):
            raise
        return _say(f"internal error: {type(error).__name__}: {error} (VERIFY_TRACEBACK=1 shows where)", 2)
    return int(code or 0)


def _say(message: str, code: int) -> int:
    click.echo(f"verify: {' '.join(message.split())}", err=True)
    return code
