"""Small collections for tests of the run, the ledger and the command line. Their checks report what they are told.

``SAMPLE_LOG`` names a file to which every check adds a line when it runs; ``SAMPLE_PAUSE`` makes each take so many
seconds. Neither enters a fingerprint.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from verify.collection import Collection
from verify.context import Context
from verify.model.claim import Check, Claim, Part, Text
from verify.model.evidence import Evidence, Measurement
from verify.model.words import Role, Scope, Verdict


def noted(name: str) -> None:
    if log := os.environ.get("SAMPLE_LOG"):
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
    time.sleep(float(os.environ.get("SAMPLE_PAUSE", "0")))


class Told(Check):
    """Reports the counts that it is given; in 0.9 or more of the cases means that it held."""

    held: int
    of: int = 100

    def run(self, part: Part, context: Context) -> list[Evidence]:
        noted(part.id)
        share = self.held / self.of
        return [
            Measurement(
                engine="told",
                seconds=time.perf_counter() % 1,
                quantity="share",
                held=self.held,
                of=self.of,
                interval=(max(0.0, share - 0.05), min(1.0, share + 0.05)),
                threshold=0.5,
            )
        ]


class Raises(Check):
    def run(self, part: Part, context: Context) -> list[Evidence]:
        noted(part.id)
        raise ArithmeticError("the sample\nraises")


class NotANumber(Check):
    def run(self, part: Part, context: Context) -> list[Evidence]:
        noted(part.id)
        return [Measurement(engine="told", quantity="q", held=1, of=1, interval=(float("nan"), 1.0), threshold=0.5)]


class Sleeps(Check):
    seconds: float = 30.0

    def run(self, part: Part, context: Context) -> list[Evidence]:
        noted(part.id)
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            with suppress(Exception):  # what a careless check does; its time limit must still hold
                time.sleep(0.01)
        return []


class Dies(Check):
    """Takes its process with it, as the kernel does when memory runs out."""

    def run(self, part: Part, context: Context) -> list[Evidence]:
        os._exit(9)


def typical(name: str, *checks: Check, expected: Verdict, role: Role = Role.MAIN) -> Part:
    reading = Text(en=f"What {name} says.", zh=f"{name}所述。")
    return Part(id=name, role=role, scope=Scope.TYPICAL, reading=reading, checks=checks, expected=expected)


def claim(label: str, *parts: Part) -> Claim:
    return Claim(label=label, title=Text(en=f"On {label}", zh=f"关于{label}"), parts=parts)


collection = Collection(
    name="sample",
    title=Text(en="A sample", zh="样例"),
    claims=(
        claim(
            "definition-1.1",
            typical("held", Told(held=90), expected=Verdict.EMPIRICAL),
            typical("also-held", Told(held=80), Told(held=85), expected=Verdict.EMPIRICAL, role=Role.CAVEAT),
        ),
        claim("lemma-1.2", typical("failed", Told(held=10), expected=Verdict.CONTRADICTED)),
        claim("theorem-1.3", typical("undecided", Told(held=50), expected=Verdict.INCONCLUSIVE)),
    ),
)

surprising = Collection(
    name="surprising",
    title=Text(en="Surprises", zh="意外"),
    claims=(
        claim(
            "corollary-2.1",
            typical("raises", Raises(), expected=Verdict.EMPIRICAL),
            typical("not-a-number", NotANumber(), expected=Verdict.EMPIRICAL),
            typical("other-verdict", Told(held=10), expected=Verdict.EMPIRICAL),
        ),
    ),
)

deadly = Collection(
    name="deadly",
    title=Text(en="Deadly", zh="致命"),
    claims=(claim("lemma-3.1", typical("dies", Dies(), expected=Verdict.EMPIRICAL)),),
)

not_a_collection = 7
