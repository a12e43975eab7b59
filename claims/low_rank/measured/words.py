"""What every measured part says of itself: how it is counted, and on what networks.

The unit is one trained network: a family and a seed, or one pretrained network. A part holds if it holds in more than
half of them ("usually"), and in a network if it holds for more than half of its matrices. Quantities, bounds and
thresholds were fixed from the words of the text before anything was measured; what was found is the verdict.
"""

from __future__ import annotations

from collections.abc import Callable

from verify.authoring import *
from verify.context import Context
from verify.networks.measure import OnNetworks
from verify.statistics import Counts

USUALLY = 0.5

SMALL = text(
    "the networks trained here are small and trained for seconds; the pretrained ones, where they were fetched, are "
    "counted beside them",
    "此处训练的网络规模小、训练时间短；已下载的预训练网络与其一并计入",
)


def measure(function: Callable[[Context], Counts], quantity: str) -> OnNetworks:
    return OnNetworks(function=function, quantity=quantity, threshold=USUALLY)


def joined(note: Text) -> Text:
    """The note, and what kind of networks it rests on."""
    return text(f"{note.en}; {SMALL.en}", f"{note.zh}；{SMALL.zh}")
