"""What an ensemble promises of rank, ties and orthogonality is true exactly, not up to rounding."""

from __future__ import annotations

from fractions import Fraction

import flint
import pytest
import torch
from torch import Tensor

from verify.stress.ensembles import (
    FAMILIES,
    Ensemble,
    Shape,
    Source,
    Spectrum,
    exact,
    low_rank,
    prescribed,
    rotation,
    short_spectrum,
    singular_values,
)


def exact_matrix(value: Tensor) -> flint.fmpq_mat:
    rows = [[flint.fmpq(*Fraction(x).as_integer_ratio()) for x in row] for row in value.tolist()]
    return flint.fmpq_mat(len(rows), len(rows[0]), [x for row in rows for x in row])


def shape(rows: int, cols: int, rank: list[int], spectrum: Spectrum = Spectrum.TIED, condition: int = 8) -> Shape:
    return Shape(len(rank), rows, cols, torch.tensor(rank, dtype=torch.float64), spectrum, condition)


@pytest.mark.parametrize("family", [f for f in Ensemble if f is not Ensemble.LIKE])
@pytest.mark.parametrize("rows, cols", [(1, 1), (3, 5), (6, 2)])
def test_every_family_has_the_shape_and_repeats_itself(family: Ensemble, rows: int, cols: int) -> None:
    least = min(rows, cols)
    wanted = shape(rows, cols, [least, 0, 1, least])
    first, again = (FAMILIES[family](Source(5, "cpu"), wanted) for _ in range(2))
    assert first.shape == (4, rows, cols)
    assert first.isfinite().all()
    assert torch.equal(first, again)


@pytest.mark.parametrize("spectrum", list(Spectrum))
def test_exact_has_the_spectrum_it_was_given_with_exact_ties_and_zeros(spectrum: Spectrum) -> None:
    wanted = shape(5, 4, [0, 1, 2, 3, 4, 4], spectrum)
    values = short_spectrum(Source(3, "cpu"), wanted)
    drawn = exact(Source(3, "cpu"), wanted)  # the same numbers first: the spectrum is drawn before the reflections
    for number in range(6):
        m = exact_matrix(drawn[number])
        assert m.rank() == int((values[number] != 0).sum())
        gram = m.transpose() * m
        ideal = sorted((Fraction(x) ** 2 for x in values[number].tolist()), reverse=True)
        trace = Fraction(int(sum((gram[i, i] for i in range(4)), flint.fmpq(0)).p), 1)
        denominator = int(sum((gram[i, i] for i in range(4)), flint.fmpq(0)).q)
        scale = trace / denominator / sum(ideal) if sum(ideal) else Fraction(0)
        expected = flint.fmpq_poly([1])
        for square in ideal:
            root = scale * square
            expected *= flint.fmpq_poly([-flint.fmpq(root.numerator, root.denominator), 1])
        assert gram.charpoly() == expected


def test_a_perturbed_exact_matrix_would_not_pass() -> None:
    drawn = exact(Source(3, "cpu"), shape(5, 4, [2]))[0]
    drawn[2, 3] += 2.0**-40
    assert exact_matrix(drawn).rank() != 2


@pytest.mark.parametrize("rank", [0, 1, 3])
def test_low_rank_is_exact(rank: int) -> None:
    for value in low_rank(Source(1, "cpu"), shape(6, 5, [rank] * 20)):
        assert exact_matrix(value).rank() <= rank


def test_rotation_is_exactly_orthonormal() -> None:
    for value in rotation(Source(2, "cpu"), shape(9, 6, [6] * 5)):
        m = exact_matrix(value)
        assert m.transpose() * m == flint.fmpq_mat(6, 6, [int(i == j) for i in range(6) for j in range(6)])


@pytest.mark.parametrize("spectrum", list(Spectrum))
def test_prescribed_spectrum(spectrum: Spectrum) -> None:
    wanted = shape(7, 5, [5, 3, 0], spectrum)
    values = singular_values(Source(4, "cpu"), wanted)
    assert (values[:, :-1] >= values[:, 1:]).all()
    assert (values > 0).sum(dim=1).tolist() == [5, 3, 0]
    found = torch.linalg.svdvals(prescribed(Source(4, "cpu"), wanted))
    assert found.shape == (3, 5)
    assert ((found > 1e-12).sum(dim=1) <= torch.tensor([5, 3, 0])).all()


def test_near_ties_are_near_and_no_ties() -> None:
    values = singular_values(Source(4, "cpu"), shape(4, 4, [4] * 50, Spectrum.NEAR_TIE))
    gaps = (values[:, :-1] - values[:, 1:]) / values[:, :1]
    assert (gaps > 0).all()
    assert (gaps.min(dim=1).values < 1e-2).all()
