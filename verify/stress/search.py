"""The search for a counterexample to one statement: structured recipes, random recipes, gradient ascent.

The budget is a number of trials, never a time: the same statement, seed, versions and device give the same evidence,
with any number of workers.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

import torch
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings, target

from verify.context import Context, Profile
from verify.model.evidence import Counterexample, Stress, Violation
from verify.model.statement import Statement
from verify.stress.ascent import ascend
from verify.stress.coverage import required
from verify.stress.ensembles import Ensemble, Source, Spectrum
from verify.stress.layout import Layout
from verify.stress.polish import measure, polish
from verify.stress.provider import no_constants
from verify.stress.recipe import MatrixRecipe, Recipe, number_of, recipes, spread, structured
from verify.stress.sampler import draw
from verify.stress.suspects import Budget, Certified, Examiner
from verify.stress.trials import Suspect, Tried, Workers, assess, take

CLIMBABLE = 100
"""Numbers in an instance from which the gradient ascent starts: what is violated at all mostly is by small matrices."""
PER_SHAPE = 3
"""Starts of the ascent of one shape and conclusion."""
GENERIC = (MatrixRecipe(Ensemble.GAUSSIAN), MatrixRecipe(Ensemble.SPECTRUM, Spectrum.STEP))
GENERIC_COUNT = 24
WINDOW = 8
"""Structured recipes in flight at once."""


@dataclass(frozen=True)
class Effort:
    """What a profile spends. ``look`` is how many recipes are still tried for a worse violation once one is
    certified."""

    breadth: int
    plain: int
    examples: int
    count: int
    chunks: int
    starts: int
    steps: int
    gross: int
    rounding: int
    look: int
    questions: int


EFFORT = {
    Profile.QUICK: Effort(5, 48, 40, 96, 2, 4, 100, 240, 12, 6, 120),
    Profile.STANDARD: Effort(8, 64, 150, 192, 2, 8, 200, 400, 30, 12, 200),
    Profile.DEEP: Effort(20, 128, 3000, 256, 4, 24, 600, 4000, 200, 40, 400),
}

BESIDE_A_PROOF = EFFORT | {Profile.STANDARD: Effort(5, 48, 24, 96, 2, 1, 40, 40, 3, 6, 40)}
"""A search beside a proof looks for an error of a tool, gross as such errors are; the verdict does not rest on it."""

BRIEF = Effort(3, 32, 16, 64, 1, 0, 0, 60, 4, 1, 0)
"""For the many mutants of a part: most die among the first small matrices."""

WIDER = replace(BRIEF, breadth=EFFORT[Profile.STANDARD].breadth, plain=EFFORT[Profile.STANDARD].plain)
"""For those that did not: all the structured matrices of a part's own search, and few random ones."""


@dataclass(frozen=True)
class Found:
    """What a search found: the record of its trials, and a certified counterexample if there was one."""

    stress: Stress
    counterexample: Counterexample | None = None


def search(
    statement: Statement,
    *,
    context: Context,
    classes: Collection[str] = (),
    excludes: Collection[str] = (),
    gradient: bool = True,
    polished: bool = True,
    effort: Effort | None = None,
) -> Found:
    """Looks for a counterexample within the budget of ``context.profile``, or of ``effort`` where it is given.

    ``classes`` are coverage classes to visit beside the usual ones, ``excludes`` usual ones that do not apply. Raises
    ValueError for an unknown class, FormulaError for a formula that the float reader cannot read.
    """
    layout = Layout(statement)
    names = required(layout, classes, excludes)
    started = time.perf_counter()
    with Workers(context.workers) as workers:
        hunt = Hunt(layout, context, effort or EFFORT[context.profile], workers)
        for phase, share in (
            (hunt.structured, 0.4),
            (hunt.random, 0.4),
            *(((hunt.gradient, 0.2),) if gradient else ()),
        ):
            phase()
            hunt.examiner.look_at_rounding(share)
    counterexample = hunt.counterexample(polished)
    return Found(hunt.stress(names, time.perf_counter() - started), counterexample)


class Hunt:
    """The state of one search."""

    def __init__(self, layout: Layout, context: Context, effort: Effort, workers: Workers) -> None:
        self.layout, self.context, self.effort, self.workers = layout, context, effort, workers
        self.examiner = Examiner(layout.statement, Budget(effort.gross, effort.rounding, effort.rounding))
        self.visits: Counter[str] = Counter()
        self.matrices = self.recipes = 0
        self.worst: float | None = None
        self.close: list[Suspect] = []
        self.worse: list[Suspect] = []
        self._left = effort.look

    # --- phases ------------------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether a counterexample is certified and the look for a worse one is done."""
        return bool(self.examiner.certified) and self._left <= 0

    def structured(self) -> None:
        listed = list(structured(self.layout, self.effort.breadth))
        for start in range(0, len(listed), WINDOW):
            window = listed[start : start + WINDOW]
            for tried in self.workers.run(self.layout, window, 1, self.effort.plain, self.context.device):
                if self.over:
                    return
                self._take(tried)

    def random(self) -> None:
        """Recipes drawn by hypothesis, steered towards small margins."""
        if self.over or not self.layout.sizes.all() or (self.layout.is_fixed and not self.layout.structural):
            return

        @seed(number_of(self.context.seed, self.layout.statement.fingerprint))
        @settings(
            max_examples=self.effort.examples,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.target),
            suppress_health_check=list(HealthCheck),
            derandomize=False,
            print_blob=False,
            verbosity=Verbosity.quiet,
        )
        @given(recipes(self.layout))
        def explore(recipe: Recipe) -> None:
            if self.over:
                return
            worst = self.trial(recipe, self.effort.count)
            if worst is not None:
                target(-worst, label="violation")

        with no_constants():
            explore()

    def gradient(self) -> None:
        if self.over:
            return
        starts = self._starts()
        torch.set_num_threads(1)
        for drawn in ascend(
            self.layout, starts, self.effort.steps, Source(number_of(self.context.seed), self.context.device)
        ):
            with torch.no_grad():
                self._take([assess(self.layout, drawn, "gradient ascent")])

    def _starts(self) -> list[Suspect]:
        """The closest instances, a few of each shape and conclusion."""
        taken: Counter[tuple[int, ...]] = Counter()
        starts = []
        for suspect in self.close:
            key = (suspect.relation, *suspect.instance.sizes.values())
            taken[key] += 1
            if taken[key] <= PER_SHAPE:
                starts.append(suspect)
        return starts[: self.effort.starts] + self._generic_starts()

    def _generic_starts(self) -> list[Suspect]:
        """Ordinary instances of middle size: the closest ones are often degenerate and lead nowhere."""
        starts: list[Suspect] = []
        pool = self.layout.sizes
        sources = ((sizes, recipe) for sizes in spread(pool.middle or pool.small, 2) for recipe in GENERIC)
        for number, (sizes, matrix) in enumerate(sources):
            recipe = Recipe(sizes, (matrix,), number_of("generic", self.context.seed, number))
            with torch.no_grad():
                drawn = draw(self.layout, recipe, 0, GENERIC_COUNT, self.context.device)
            places = drawn.valid.reshape(GENERIC_COUNT, -1).double()
            for relation in range(len(self.layout.conclusions)):
                for row in places.sum(dim=1).nonzero()[:PER_SHAPE, 0].tolist():
                    instance = take(drawn, row, int(places[row].argmax().item()))
                    if instance.numbers <= CLIMBABLE:
                        starts.append(Suspect(instance, relation, 0.0, False, "generic"))
        return starts

    # --- one recipe --------------------------------------------------------------------------------------

    def trial(self, recipe: Recipe, count: int) -> float | None:
        """Tries one recipe; the worst margin seen on it."""
        (tried,) = self.workers.run(self.layout, [recipe], self.effort.chunks, count, self.context.device)
        self._take(tried)
        return min((chunk.worst for chunk in tried if chunk.worst is not None), default=None)

    def _take(self, tried: list[Tried]) -> None:
        self.recipes += 1
        for chunk in tried:
            self.matrices += chunk.matrices
            self.visits += chunk.visits
            if chunk.worst is not None:
                self.worst = chunk.worst if self.worst is None else min(self.worst, chunk.worst)
        if self.examiner.certified:
            self._left -= 1
            self.worse += [s for chunk in tried for s in chunk.suspects if s.margin is not None and not s.rounding][:4]
            return
        self.examiner.look(tried)
        near = [
            s
            for chunk in tried
            for s in (*chunk.close, *chunk.suspects)
            if s.margin is not None and s.instance.numbers <= CLIMBABLE
        ]
        self.close = sorted(self.close + near, key=_rank)[: 16 * self.effort.starts]

    # --- evidence ----------------------------------------------------------------------------------------

    def counterexample(self, polished: bool) -> Counterexample | None:
        certified = self.examiner.certified
        if not certified:
            return None
        started = time.perf_counter()
        for suspect in sorted(self.worse, key=_margin)[:3]:
            if _margin(suspect) < -max(c.relative for c in certified) and self.examiner.examine(
                suspect, count_undecided=False
            ):
                break
        worst = max(certified, key=lambda c: c.relative)
        plainest = min(certified, key=lambda c: measure(self.layout, c.values))
        certificate = plainest.certificate
        if polished:
            certificate = polish(self.layout, plainest.values, certificate, self.effort.questions)
        return Counterexample(
            engine=certificate.engine,
            seconds=time.perf_counter() - started,
            certified=True,
            certificate=certificate,
            found_by=f"search ({certified[0].suspect.found_by})",
            worst=self._violation(worst),
        )

    def _violation(self, worst: Certified) -> Violation | None:
        if worst.suspect.margin is None:
            return None
        sizes = ", ".join(f"{symbol} = {size}" for symbol, size in worst.suspect.instance.sizes.items())
        where = f"{worst.suspect.found_by}, {sizes}" if sizes else worst.suspect.found_by
        return Violation(relative=worst.relative, where=where)

    def stress(self, names: tuple[str, ...], seconds: float) -> Stress:
        tally = self.examiner.tally
        return Stress(
            engine=f"float64 on {self.context.device}",
            seconds=seconds,
            matrices=self.matrices,
            recipes=self.recipes,
            classes={name: self.visits[name] for name in names},
            worst_margin=self.worst,
            suspects=tally.suspects,
            artefacts=tally.artefacts,
            ties=tally.ties,
            undecided=tally.undecided,
            unexamined=tally.unexamined,
            not_finite=tally.not_finite,
        )


def _rank(suspect: Suspect) -> float:
    return suspect.rank


def _margin(suspect: Suspect) -> float:
    assert suspect.margin is not None
    return suspect.margin


__all__ = ["BESIDE_A_PROOF", "BRIEF", "EFFORT", "WIDER", "Effort", "Found", "search"]
