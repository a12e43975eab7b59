"""Approximate singular triples to any precision. Nothing here is certified: ``singular`` judges what comes out.

Float vectors are refined at the working precision: Newton's iteration orthonormalises V; first-order perturbation
theory, or Jacobi rotations where values nearly coincide, diagonalises V'A'AV.
"""

from __future__ import annotations

import numpy as np
from flint import arb, arb_mat

from verify.formula.intervals import bound, columns, identity


def approximate(a: arb_mat, target: int) -> tuple[arb_mat, list[arb], arb_mat]:
    """U, S, V with A ~ U S V', S decreasing and positive, U and V orthonormal to about ``target`` bits. Nothing is
    certified.

    For m >= n. Float vectors are refined at the working precision: Newton's iteration orthonormalises V; first-order
    perturbation theory, or Jacobi rotations where values nearly coincide, diagonalises V'A'AV. Directions below
    2^-target of the largest are left out.
    """
    v = _orthonormal(_start(a), target)
    for _ in range(8 + 4 * a.ncols()):
        b = (a * v).mid()
        m = (b.transpose() * b).mid()
        turn = _turn(m, target)
        if turn is None:
            break
        v = _orthonormal((v * turn).mid(), target)
    n = a.ncols()
    lengths = [m[j, j].sqrt().mid() for j in range(n)]
    order = sorted(range(n), key=lambda j: lengths[j], reverse=True)
    most = lengths[order[0]]
    order = [j for j in order if lengths[j] > most * arb(2) ** -target]
    u = arb_mat(a.nrows(), len(order), [(b[i, j] / lengths[j]).mid() for i in range(a.nrows()) for j in order])
    return u, [lengths[j] for j in order], columns(v, order)


def _start(a: arb_mat) -> arb_mat:
    """Right singular vectors to double precision; the identity where floats cannot hold the matrix."""
    most = max(x.abs_upper() for x in a.entries())
    if most.is_zero():
        return identity(a.ncols())
    scaled = np.array([[float(x) for x in row] for row in (a * (1 / most).mid()).tolist()])
    try:
        v = np.linalg.svd(scaled, full_matrices=False)[2].T
    except np.linalg.LinAlgError:
        return identity(a.ncols())
    return arb_mat(v.tolist()) if np.isfinite(v).all() else identity(a.ncols())


def _orthonormal(v: arb_mat, target: int) -> arb_mat:
    """Newton's iteration V (3I - V'V)/2, quadratic from a nearly orthonormal start (Higham 2008, section 8.3)."""
    one = identity(v.ncols())
    for _ in range(target.bit_length() + 2):
        defect = (one - v.transpose() * v).mid()
        v = (v + v * defect * arb(0.5)).mid()
        if bound(defect) < arb(2) ** -(target // 2 + 8):
            break
    return v


def _turn(m: arb_mat, target: int) -> arb_mat | None:
    """A nearly orthogonal matrix that makes m = B'B more diagonal; None where it is diagonal to the target."""
    n = m.nrows()
    d = [m[i, i] for i in range(n)]
    tiny = max(d) * arb(2) ** (-2 * target)
    small = arb(2) ** (-2 * target)
    pairs = [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if d[i] > tiny and d[j] > tiny and m[i, j] ** 2 > small * d[i] * d[j]
    ]
    if not pairs:
        return None
    if all(abs(m[i, j]) * 64 * n < abs(d[i] - d[j]) for i, j in pairs):
        turn = identity(n)
        for i, j in pairs:
            w = (m[i, j] / (d[j] - d[i])).mid()
            turn[i, j], turn[j, i] = w, -w
        return turn
    return _sweep(m, small, tiny)


def _sweep(m: arb_mat, small: arb, tiny: arb) -> arb_mat:
    """The product of one sweep of Jacobi rotations (Golub and Van Loan 2013, section 8.5)."""
    n = m.nrows()
    g = m.tolist()
    turn = identity(n).tolist()
    for i in range(n):
        for j in range(i + 1, n):
            if not (g[i][i] > tiny and g[j][j] > tiny and g[i][j] ** 2 > small * g[i][i] * g[j][j]):
                continue
            zeta = (g[j][j] - g[i][i]) / (2 * g[i][j])
            t = ((-1 if zeta < 0 else 1) / (abs(zeta) + (1 + zeta * zeta).sqrt())).mid()
            c = (1 / (1 + t * t).sqrt()).mid()
            s = (c * t).mid()
            for row in (*g, *turn):
                row[i], row[j] = (c * row[i] - s * row[j]).mid(), (s * row[i] + c * row[j]).mid()
            g[i], g[j] = (
                [(c * x - s * y).mid() for x, y in zip(g[i], g[j], strict=True)],
                [(s * x + c * y).mid() for x, y in zip(g[i], g[j], strict=True)],
            )
    return arb_mat(turn)


__all__ = ["approximate"]
