"""A whole measurement: from files to figures, tensor by tensor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from verify.measure.checkpoints import CheckpointError, Entry, entries
from verify.measure.figures import Figures
from verify.measure.kinds import Unfolded, is_vector, matrices
from verify.measure.null import null
from verify.measure.spectra import GRAM_MOST, Difference, Unmeasured, spectrum

UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Measured:
    """One matrix. A baseline gives ``before`` and ``increment``, or ``no_increment`` says why not."""

    name: str
    matrix: Unfolded
    figures: Figures
    before: Figures | None = None
    increment: Figures | None = None
    no_increment: str | None = None

    @property
    def null(self) -> Figures:
        return null(self.matrix.rows, self.matrix.columns)


@dataclass(frozen=True)
class Skipped:
    name: str
    reason: str


@dataclass
class Measurement:
    """What was measured, what was not and why; ``vectors`` have no spectrum, ``left`` were beyond --max-tensors."""

    measured: list[Measured] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    vectors: int = 0
    left: int = 0
    baseline: bool = False


@dataclass(frozen=True)
class Settings:
    match: str = "*"
    most: int | None = None
    device: str = "cpu"
    gram_most: int = GRAM_MOST


@dataclass(frozen=True)
class Plan:
    """The matrices to measure, by the name that is shown, each with its twin in the baseline, or why it has none."""

    work: list[tuple[str, Unfolded, Unfolded | str | None]]
    result: Measurement

    @property
    def entries(self) -> int:
        return sum(one.entry.count for _, one, _ in self.work)


def plan(files: Sequence[Path], baseline: Sequence[Path], settings: Settings) -> Plan:
    """Reads headers only. Raises CheckpointError where nothing is left to measure."""
    found = entries(files)
    old: dict[str, list[Entry]] = {}
    for entry in entries(baseline):
        old.setdefault(entry.name, []).append(entry)
    chosen = [entry for entry in found if fnmatchcase(entry.name, settings.match)]
    where = ", ".join(map(str, files))
    if not chosen:
        names = f"; there are {len(found)}, the first is {found[0].name}" if found else ""
        raise CheckpointError(f"no tensor in {where} is called {settings.match}{names}")
    vectors = [entry for entry in chosen if is_vector(entry)]
    candidates = [entry for entry in chosen if not is_vector(entry)]
    if not candidates:
        raise CheckpointError(f"no tensor of two or more dimensions in {where}, only {len(vectors)} vectors or numbers")
    kept = candidates[: settings.most]
    result = Measurement(vectors=len(vectors), left=len(candidates) - len(kept), baseline=bool(baseline))
    twice = {name for name, count in Counter(entry.name for entry in found).items() if count > 1}
    work: list[tuple[str, Unfolded, Unfolded | str | None]] = []
    for entry in kept:
        name = f"{entry.file.name}:{entry.name}" if entry.name in twice else entry.name
        made = matrices(entry)
        if isinstance(made, str):
            result.skipped.append(Skipped(name, made))
            continue
        work += [(name, one, _twin(one, old) if baseline else None) for one in made]
    return Plan(work, result)


def _twin(one: Unfolded, old: dict[str, list[Entry]]) -> Unfolded | str:
    here = old.get(one.entry.name, [])
    if not here:
        return "the baseline has no tensor of that name"
    if len(here) > 1:
        return "the baseline has several tensors of that name"
    if here[0].shape != one.entry.shape:
        return f"the baseline has it in shape {' x '.join(map(str, here[0].shape))}"
    made = matrices(here[0])
    if isinstance(made, str):
        return f"in the baseline, {made}"
    return next(other for other in made if other.unfolding == one.unfolding)


Told = Callable[[str, int], None]
"""Called with the name of the tensor and how many entries of it were read since."""


def measure(planned: Plan, settings: Settings, told: Told = lambda name, read: None) -> Measurement:
    """Measures what was planned, one tensor after the other. Raises CheckpointError where nothing could be measured."""
    result = planned.result
    seen: set[tuple[str, str]] = set()
    for name, one, twin in planned.work:
        found = _one(name, one, twin, settings, lambda read, name=name: told(name, read))  # type: ignore[misc]
        if isinstance(found, Measured):
            result.measured.append(found)
        elif (name, found) not in seen:  # once for the three unfoldings of a kernel
            seen.add((name, found))
            result.skipped.append(Skipped(name, found))
    if not result.measured:
        first = result.skipped[0]
        raise CheckpointError(
            f"nothing could be measured; {len(result.skipped)} skipped, as {first.name}: {first.reason}"
        )
    return result


def _one(
    name: str, one: Unfolded, twin: Unfolded | str | None, settings: Settings, step: Callable[[int], None]
) -> Measured | str:
    def figures(matrix: Unfolded | Difference) -> Figures | Unmeasured:
        found = spectrum(matrix, device=settings.device, gram_most=settings.gram_most, step=step)
        return found if isinstance(found, Unmeasured) else Figures(found)

    after = figures(one)
    if isinstance(after, Unmeasured):
        return after.value
    if twin is None or isinstance(twin, str):
        return Measured(name, one, after, no_increment=twin)
    before, increment = figures(twin), figures(Difference(one, twin))
    if isinstance(increment, Unmeasured):
        why = UNCHANGED if increment is Unmeasured.ZERO else f"in the increment, {increment.value}"
        return Measured(name, one, after, None if isinstance(before, Unmeasured) else before, None, why)
    return Measured(name, one, after, None if isinstance(before, Unmeasured) else before, increment)


def by_type(found: Sequence[Measured]) -> dict[str, list[Measured]]:
    out: dict[str, list[Measured]] = {}
    for one in sorted(found, key=lambda m: list(_order()).index(m.matrix.type)):
        out.setdefault(one.matrix.type, []).append(one)
    return out


def _order() -> Iterator[str]:
    from verify.measure.kinds import Layer, Unfolding

    for layer in Layer:
        yield layer
        if layer is Layer.CONVOLUTION:
            yield from (f"{layer}, {way}" for way in Unfolding)
