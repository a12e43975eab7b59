"""Networks that differ in nothing but their seed, taken together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

SEED = re.compile(r",? seed (\d+)")


def family(name: str) -> str:
    return SEED.sub("", name)


def families(names: Iterable[str]) -> dict[str, list[str]]:
    """The names of each family, both in the order in which they are met."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        found.setdefault(family(name), []).append(name)
    return found


def joined(own: str, names: Iterable[str]) -> str:
    """``decoder, Adam (seeds 1000 to 1003)``; the name itself where there is one alone."""
    names = list(names)
    seeds = [int(found[1]) for name in names if (found := SEED.search(name))]
    if len(names) == 1 or len(seeds) != len(names):
        return names[0] if len(names) == 1 else "; ".join(names)
    runs = []
    for _, run in groupby(enumerate(seeds), lambda pair: pair[1] - pair[0]):
        first, *rest = (seed for _, seed in run)
        runs.append(f"{first} to {rest[-1]}" if rest else str(first))
    return f"{own} (seeds {', '.join(runs)})"


def grouped(names: Iterable[str]) -> list[str]:
    return [joined(own, members) for own, members in families(names).items()]
