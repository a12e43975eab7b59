"""Enclosures against known singular values: rational orthogonal times diagonal times rational orthogonal."""

import itertools
import random
import threading
from dataclasses import replace

import mpmath
import pytest
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from verify.formula import singular
from verify.formula.arithmetic import Undetermined
from verify.formula.gram import GramRoots
from verify.formula.intervals import frobenius, precision
from verify.formula.singular import enclose, leading


def orthogonal(n: int, seed: int) -> fmpq_mat:
    """Cayley's transform of a skew matrix of small integers: exactly orthogonal, rational."""
    draw = random.Random(seed)
    skew = fmpq_mat(n, n)
    for i in range(n):
        for j in range(i):
            skew[i, j] = fmpq(draw.randint(-3, 3), draw.choice([1, 2]))
            skew[j, i] = -skew[i, j]
    one = fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])
    q = (one - skew) * (one + skew).inv()
    assert q * q.transpose() == one
    return q


def diagonal(m: int, n: int, values: list[fmpq]) -> fmpq_mat:
    d = fmpq_mat(m, n)
    for i, s in enumerate(values):
        d[i, i] = s
    return d


def with_values(m: int, n: int, values: list, seed: int = 0) -> fmpq_mat:
    return orthogonal(m, seed) * diagonal(m, n, [fmpq(v) for v in values]) * orthogonal(n, seed + 1)


def _projector(m: int, n: int, right: bool, seed: int = 0) -> fmpq_mat:
    """On the first right (or left) singular vector of :func:`with_values`."""
    one = fmpq_mat(3, 3, [int(i == j == 0) for i in range(3) for j in range(3)])
    q = orthogonal(n, seed + 1).transpose() if right else orthogonal(m, seed)
    assert q.nrows() == 3
    return q * one * q.transpose()


def truncation(m: int, n: int, values: list, k: int, seed: int = 0) -> fmpq_mat:
    return with_values(m, n, [*values[:k], *[0] * (len(values) - k)], seed)


SPECTRA = [
    (3, 3, [5, 2, 1]),
    (3, 3, [2, 2, 1]),
    (3, 3, [2, 1, 1]),
    (3, 3, [1, 1, 1]),
    (3, 3, [3, 0, 0]),
    (3, 3, [0, 0, 0]),
    (4, 2, [fmpq(7, 3), fmpq(1, 1000)]),
    (2, 5, [1, fmpq(1, 10**30)]),
    (1, 4, [3]),
    (4, 1, [3]),
    (1, 1, [2]),
    (5, 4, [3, 3, 0, 0]),
    (5, 5, [10**40, 10**20, 1, 1, fmpq(1, 10**9)]),
]


@pytest.mark.parametrize("bits", [64, 128, 512])
@pytest.mark.parametrize(("m", "n", "values"), SPECTRA)
def test_both_routes_contain_the_known_values(m, n, values, bits):
    matrix = with_values(m, n, values)
    algebraic = GramRoots(matrix).values(bits)
    with precision(bits):
        posterior = enclose(arb_mat(matrix)).values
        assert len(algebraic) == len(posterior) == min(m, n)
    with precision(3000):  # the true value must be rounded more finely than the enclosure that is to contain it
        for true, a, p in zip(values, algebraic, posterior, strict=True):
            assert a.contains(arb(fmpq(true)))
            assert p.contains(arb(fmpq(true)))
            assert a.rad() <= arb(fmpq(true)) * arb(2) ** -bits
            assert p.rad() <= arb(fmpq(max(values))) * arb(2) ** -(bits // 2)


def test_large_matrix_with_ties_and_zeros():
    values = [9, 9, 9, 5, 4, 4, 3, 2, 1, 1, 1, 1, 0, 0, 0, 0]
    matrix = with_values(24, 16, values, seed=3)
    for bits in (64, 256):
        algebraic = GramRoots(matrix).values(bits)
        with precision(bits):
            for a in (matrix, matrix.transpose()):
                posterior = enclose(arb_mat(a)).values
                assert all(
                    p.contains(v) and q.contains(v) for v, p, q in zip(values, posterior, algebraic, strict=True)
                )
                assert max(p.rad() for p in posterior) < arb(2) ** -bits * 9 * 16


def test_radius_shrinks_with_precision():
    matrix = with_values(4, 3, [fmpq(1, 3), fmpq(1, 7), fmpq(1, 11)]) * fmpq(1, 13)
    radii = []
    for bits in (64, 128, 256, 512):
        with precision(bits):
            radii.append(max(v.rad() for v in enclose(arb_mat(matrix)).values))
    assert all(finer < coarser * arb(2) ** -40 for coarser, finer in itertools.pairwise(radii))


def test_agrees_with_mpmath():
    draw = random.Random(5)
    rows = [[draw.randint(-9, 9) for _ in range(4)] for _ in range(5)]
    with mpmath.workdps(60), precision(128):
        reference = mpmath.svd_r(mpmath.matrix(rows), compute_uv=False)
        for v, r in zip(enclose(arb_mat(rows)).values, reference, strict=True):
            assert abs(v.mid() - arb(mpmath.nstr(r, 55))) < arb(2) ** -100


@pytest.mark.parametrize("spoil", ["values", "left", "right", "left and values", "right and values"])
def test_a_bad_approximation_widens_the_enclosure_and_never_falsifies_it(monkeypatch, spoil):
    """The bound is a posteriori: whatever the uncertified part returns, the true values stay inside."""
    good = singular.approximate

    def bad(a, target):
        u, s, v = good(a, target)
        if spoil == "values":
            s = [(x * arb(1.01)).mid() for x in s]
        if spoil.endswith("and values"):  # the product is right, only the factors are not orthonormal
            smaller = [(x / arb(1.03125)).mid() for x in s]
            return (u * arb(1.03125), smaller, v) if spoil.startswith("left") else (u, smaller, v * arb(1.03125))
        u, v = [m * arb(1.03).mid() if name == spoil else m for m, name in ((u, "left"), (v, "right"))]
        return u, s, v

    monkeypatch.setattr(singular, "approximate", bad)
    values = [5, 2, 1]
    matrix = with_values(3, 3, values)
    with precision(128):
        spectrum = enclose(arb_mat(matrix))
        assert all(p.contains(v) for v, p in zip(values, spectrum.values, strict=True))
        assert spectrum.values[0].rad() > 0.001
        once = arb_mat(truncation(3, 3, values, 1))
        assert spectrum.truncated(1).contains(once)
        left, right = spectrum.vectors(1)
        assert (left * right.transpose() * arb(5)).contains(once)


@pytest.mark.parametrize("values", [[9, 2, 1], [9, 8, 1]])
def test_a_turned_projector_stays_enclosed(monkeypatch, values):
    """With the second list the turn leaves a residual of the size of the gap: a gap taken too large would show."""
    good = singular.approximate

    def bad(a, target):
        u, s, v = good(a, target)
        c, t = arb(fmpq(4095, 4097)).mid(), arb(fmpq(128, 4097)).mid()
        turn = arb_mat([[c, -t, 0], [t, c, 0], [0, 0, 1]])
        return u * turn, s, (v * turn).mid()

    monkeypatch.setattr(singular, "approximate", bad)
    for m, n in ((4, 3), (3, 4)):
        with precision(128):
            spectrum = enclose(arb_mat(with_values(m, n, values)))
            found = spectrum.truncated(1)
            assert found.contains(arb_mat(truncation(m, n, values, 1)))
            assert found[0, 0].rad() > 0.001
            near, error, tall = spectrum.projector(1)
            assert tall is (m > n)
            assert frobenius(arb_mat(_projector(m, n, tall)) - near) <= error
            left, right = spectrum.vectors(1)
            triple = left * right.transpose() * arb(9)
            assert triple.contains(arb_mat(truncation(m, n, values, 1)))


@pytest.mark.parametrize(("m", "n"), [(4, 3), (3, 4), (3, 3)])
@pytest.mark.parametrize("values", [[5, 2, 1], [5, 5, 1], [5, 2, 2], [5, 2, 0], [5, 0, 0]])
def test_truncation_is_enclosed_where_it_is_unique(m, n, values):
    matrix = with_values(m, n, values, seed=7)
    exact = GramRoots(matrix)
    for k in range(4):
        unique = k in (0, 3) or values[k - 1] != values[k]
        with precision(96):
            spectrum = enclose(arb_mat(matrix))
            if not unique and values[k] != 0:
                with pytest.raises(Undetermined, match="not unique"):
                    spectrum.truncated(k)
                with pytest.raises(Undetermined, match="not unique"):
                    exact.projector(k)
                continue
            found = spectrum.truncated(k)
            assert found.contains(arb_mat(truncation(m, n, values, k, seed=7)))
            assert max(x.rad() for x in found.entries()) < arb(2) ** -30
        if 0 < k < 3 and unique:
            p = exact.projector(k)
            assert (p * matrix if m <= n else matrix * p) == truncation(m, n, values, k, seed=7)


def test_singular_vectors_are_enclosed_and_signed():
    matrix = with_values(4, 3, [5, 2, 1], seed=11)
    with precision(128):
        spectrum = enclose(arb_mat(matrix))
        total = arb_mat(4, 3)
        for i, s in enumerate((5, 2, 1), 1):
            u, v = spectrum.vectors(i)
            assert (u.transpose() * u).contains(arb_mat([[1]]))
            assert (arb_mat(matrix) * v - u * arb(s)).contains(arb_mat(4, 1))
            assert leading([float(x.mid()) for x in v.entries()]) == 1
            total += u * v.transpose() * arb(s)
        assert total.contains(arb_mat(matrix))
    with precision(128), pytest.raises(Undetermined, match="simple"):
        enclose(arb_mat(with_values(3, 3, [2, 2, 1]))).vectors(1)


def test_a_vector_of_the_wrong_length_stays_enclosed():
    matrix = with_values(3, 3, [5, 2, 1])
    with precision(128):
        good = enclose(arb_mat(matrix))
        long = replace(good, right=good.right * arb(1.03125)).vectors(1)[1]
        assert long.contains(good.vectors(1)[1])
        assert long[0, 0].rad() > 0.01


def test_a_ball_matrix_encloses_all_its_members():
    middle = with_values(3, 3, [5, 2, 1])
    with precision(96):
        ball = arb_mat(3, 3, [arb(x, arb(0.01)) for x in arb_mat(middle).entries()])
        values = enclose(ball).values
        moved = arb_mat(3, 3, [x + arb(fmpq(1, 101)) for x in arb_mat(middle).entries()])
        for wide, narrow in zip(values, enclose(moved).values, strict=True):
            assert wide.contains(narrow)


def test_count_above_decides_ties_exactly():
    matrix = with_values(4, 3, [fmpq(3, 2), fmpq(3, 2), fmpq(1, 2)])
    roots = GramRoots(matrix)
    for t, count in ((fmpq(3, 2), 0), (fmpq(3, 2) - fmpq(1, 10**40), 2), (fmpq(1, 2), 2), (0, 3), (-1, 3)):
        assert roots.count_above(fmpq(t)) == count
    irrational = GramRoots(fmpq_mat(2, 2, [1, 2, 3, 4]))
    assert GramRoots(fmpq_mat(2, 2, [1, 0, 0, 0])).count_above(fmpq(0)) == 1
    assert [irrational.count_above(fmpq(t)) for t in (0, 1, 5, 6)] == [2, 1, 1, 0]


def test_precision_is_restored_after_an_error():
    before = ctx.prec
    with pytest.raises(Undetermined), precision(200):
        enclose(arb_mat([[arb("nan")]]))
    assert ctx.prec == before


def test_precision_belongs_to_one_thread_at_a_time():
    wrong = []

    def work(bits):
        for _ in range(200):
            with precision(bits):
                matrix = arb_mat([[1, 2], [3, 4]])
                enclose(matrix)
                if ctx.prec != bits:
                    wrong.append((bits, ctx.prec))

    threads = [threading.Thread(target=work, args=(bits,)) for bits in (64, 100, 150)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong
