"""What is counted for a part, and the words in which it is said."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import torch

from verify.collection import load
from verify.measure import parts
from verify.measure.checkpoints import Entry
from verify.measure.figures import Figures, Range
from verify.measure.kinds import Layer, Unfolded, Unfolding
from verify.measure.measured import Measured
from verify.measure.parts import PROPERTIES, WHOLE, Count, Finding, above, at_least, at_most, both, findings
from verify.measure.spectra import Route, Spectrum
from verify.networks import measured_layers, measured_spectra
from verify.networks.spectra import Matrix

SIZE = 40


def of(values: torch.Tensor, layer: Layer = Layer.QUERY, unfolding: Unfolding | None = None) -> Measured:
    shape = (SIZE, SIZE)
    entry = Entry("w", Path("w.safetensors"), "F32", shape, 0, 4 * SIZE * SIZE)
    figures = Figures(Spectrum(*shape, values.double(), 0.0, 0.0, Route.VALUES))
    return Measured("w", Unfolded(entry, layer, unfolding), figures)


SPECTRA = [torch.arange(1, SIZE + 1).double() ** -power for power in (0.0, 0.1, 0.3, 0.6, 0.9, 1.2, 2.0, 3.5)]


def matrix(values: torch.Tensor) -> Matrix:
    return Matrix("w", "attention", SIZE, SIZE, values)


@pytest.mark.parametrize("values", SPECTRA)
def test_the_properties_are_those_of_the_measurements_on_networks(values: torch.Tensor) -> None:
    ours, theirs = of(values), matrix(values)
    assert PROPERTIES["tenth_keeps_95"].holds(ours) == (
        measured_spectra.energy_in_a_tenth(theirs) >= measured_spectra.LARGE
    )
    full = measured_spectra.rank_of(theirs) == theirs.size and theirs.relative <= 1 / 2
    assert PROPERTIES["full_rank_small_effective_rank"].holds(ours) == full
    assert PROPERTIES["attention_low"].holds(ours) == (theirs.relative <= measured_spectra.LOW)
    fit = measured_spectra.exponent(theirs)
    expected = None if fit is None else 1 <= fit.alpha <= 3
    assert PROPERTIES["alpha_range"].holds(ours) == expected
    assert PROPERTIES["ten_to_thirty_percent"].holds(ours) == (measured_spectra.energy_rank(values, 0.95) <= 0.3 * SIZE)


def test_every_property_has_a_spectrum_with_and_one_without_it() -> None:
    for name, property_ in PROPERTIES.items():
        if name == "energy_concentrates":
            even, steep = (Measured("w", of(s).matrix, of(s).figures, of(SPECTRA[2]).figures) for s in SPECTRA[::7])
            answers = {property_.holds(even), property_.holds(steep)}
        else:
            answers = {property_.holds(of(values)) for values in SPECTRA}
        assert {True, False} <= answers, name


def test_kernels_along_a_line_are_not_counted_as_kernels_in_space() -> None:
    def kernel(*places: int) -> Measured:
        entry = Entry("w", Path("w.safetensors"), "F32", (8, 8, *places), 0, 0)
        return Measured("w", Unfolded(entry, Layer.CONVOLUTION, Unfolding.PLACES), of(SPECTRA[0]).figures)

    counted = {
        places: PROPERTIES["convolution_low"].of(kernel(*places)) for places in ((3,), (3, 1), (3, 3), (2, 2, 2))
    }
    assert counted == {(3,): False, (3, 1): False, (3, 3): True, (2, 2, 2): True}


def test_every_name_is_a_measurement() -> None:
    for name in (*PROPERTIES, WHOLE):
        assert hasattr(measured_spectra, name) or hasattr(measured_layers, name)


def test_bounds_that_do_not_decide() -> None:
    wide = Range(0.2, 0.8)
    assert [at_least(wide, x) for x in (0.1, 0.2, 0.5, 0.8, 0.9)] == [True, True, None, None, False]
    assert [at_most(wide, x) for x in (0.1, 0.2, 0.5, 0.8, 0.9)] == [False, None, None, True, True]
    assert [above(wide, x) for x in (0.1, 0.2, 0.5, 0.8)] == [True, None, None, False]
    assert [both(a, b) for a, b in ((True, True), (True, None), (None, False), (False, True))] == [
        True,
        None,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "held, of_, undecided, sentence",
    [
        (3, 4, 0, "holds for most of these weights: 3 of 4"),
        (2, 4, 0, "does not hold for most of these weights: 2 of 4"),
        (2, 2, 3, "not decided for these weights: 2 of 2, 3 undecided"),
        (3, 3, 2, "holds for most of these weights: 3 of 3, 2 undecided"),
        (0, 0, 2, "not decided for these weights (2 undecided)"),
        (0, 0, 0, "says nothing of these weights"),
    ],
)
def test_the_sentence_speaks_of_these_weights_only(held: int, of_: int, undecided: int, sentence: str) -> None:
    finding = Finding("c", "lemma-1/x", {}, "", {"attention, query": Count(held, of_, undecided)})
    assert finding.sentence == sentence


@pytest.mark.slow
def test_the_parts_are_read_off_the_collection() -> None:
    collection = load("low_rank")
    found = [of(SPECTRA[6]), of(SPECTRA[0], Layer.FEED_FORWARD), of(SPECTRA[0], Layer.OTHER)]
    by_part = {finding.part: finding for finding in findings([collection], found)}
    tenth = by_part["lemma-11.17/tenth-keeps-95"]
    assert {kind: (count.held, count.of) for kind, count in tenth.types.items()} == {
        "attention, query": (1, 1),
        "feed-forward": (0, 1),
    }
    assert tenth.label == {"en": "Lemma 11.17", "zh": "引理 11.17"}
    assert by_part["table-11.2.1/embedding"].sentence == "says nothing of these weights"
    assert by_part["table-11.2.1/ffn"].sentence.startswith("holds for these weights: 1 beside 0.0")


def test_a_collection_without_such_parts_says_nothing() -> None:
    check = SimpleNamespace(function=parts.findings)
    empty = SimpleNamespace(claims=[SimpleNamespace(parts=[SimpleNamespace(checks=[check])])])
    assert findings(cast("Any", [empty]), [of(SPECTRA[0])]) == []
