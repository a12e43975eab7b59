"""Certified singular values and singular subspaces of a ball matrix, from the residual of an uncertified decomposition.

Let A ~ U S V' with k <= min(m, n) columns, and alpha >= |I - U'U|, beta >= |I - V'V|, rho >= |A - U S V'| (Frobenius
norms in balls, which bound the spectral ones).

- Polar factors U = Q H, V = R K (Q'Q = R'R = I, H = (U'U)^(1/2), K = (V'V)^(1/2)) give U S V' = Q (H S K) R', so the
  first k singular values of U S V' are those of the k x k matrix H S K, and the others are 0.
- sigma_min(X) sigma_i(Y) <= sigma_i(XY) <= sigma_max(X) sigma_i(Y) for square X (Ostrowski 1959; Horn and Johnson 1991,
  Theorem 3.3.16), and the singular values of H lie in [sqrt(1 - alpha), sqrt(1 + alpha)], those of K likewise.
- |sigma_i(A) - sigma_i(U S V')| <= rho (Weyl 1912; Horn and Johnson 2013, Corollary 7.3.5).

Hence S_i sqrt((1 - alpha)(1 - beta)) - rho <= sigma_i(A) <= S_i sqrt((1 + alpha)(1 + beta)) + rho for i <= k, with S
sorted, and 0 <= sigma_i(A) <= rho beyond. No assumption on m and n, on ties or on rank enters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, arb_mat, ctx

from verify.formula.approximation import approximate
from verify.formula.arithmetic import Undetermined
from verify.formula.intervals import (
    GUARD,
    bound,
    columns,
    diagonal,
    frobenius,
    identity,
    interval,
    nonnegative,
    precision,
    root,
)


@dataclass(frozen=True)
class Spectrum:
    """Enclosures of all min(m, n) singular values, in decreasing order, and the approximate triples behind them."""

    matrix: arb_mat
    values: tuple[arb, ...]
    left: arb_mat
    scale: tuple[arb, ...]
    right: arb_mat

    def projector(self, k: int) -> tuple[arb_mat, arb, bool]:
        """V V' for approximate singular vectors V, a bound on its Frobenius distance to the projector, and the side.

        The projector P is on the span of the first k right singular vectors where m >= n (else left, and False).

        - Let G = A'A, lambda_i = sigma_i^2, Q = I - P, M = diag(M_1, ..., M_k), R = G V - V M. Since Q commutes with G,
          (G - M_j) Q v_j = Q r_j, and on the range of Q the eigenvalues of G are at most lambda_{k+1}; so
          |Q v_j| <= |r_j| / (M_j - lambda_{k+1}), and d = |Q V|_F has d^2 <= the sum of the squares of these.
        - With b >= |I - V'V| and O = V (V'V)^-1 V': |Q O|_F <= d / sqrt(1 - b).
        - For projectors of equal rank k, |P - O|_F^2 = 2k - 2 tr(PO) = 2 |QO|_F^2.
        - |O - V V'|_F = |I - V'V|_F: the nonzero eigenvalues of O - V V' are those of I - V'V.

        Together |P - V V'|_F <= sqrt(2) d / sqrt(1 - b) + |I - V'V|_F: the argument of Davis and Kahan (1970), with the
        constant of the Frobenius norm.
        """
        tall = self.matrix.nrows() >= self.matrix.ncols()
        which = range(k)
        v = columns(self.right if tall else self.left, which)
        d = self._outside(v, which, tall, self.values[k].upper() ** 2 if k < len(self.values) else arb(0))
        beta = bound(identity(k) - v.transpose() * v)
        if not beta < 1:
            raise Undetermined("the approximate singular vectors are not independent at this precision")
        error = (arb(2).sqrt() * d / (1 - beta).sqrt() + beta).upper()
        return v * v.transpose(), error, tall

    def _outside(self, v: arb_mat, which: Sequence[int], tall: bool, below: arb) -> arb:
        """A bound on |Q V|_F, see :meth:`projector`; ``below`` bounds the eigenvalues on the range of Q."""
        a = self.matrix if tall else self.matrix.transpose()
        m = [self.scale[j] ** 2 for j in which]
        residual = a.transpose() * (a * v) - v * diagonal(m)
        total = arb(0)
        for j, mj in enumerate(m):
            gap = (mj - below).lower()
            if not gap > 0:
                raise Undetermined(f"no certified gap below sigma_{len(m)}")
            total += (bound(columns(residual, [j])) / gap) ** 2
        return root(total).upper()

    def truncated(self, k: int) -> arb_mat:
        """The sum of the first k singular triples. Raises Undetermined where sigma_k > sigma_{k+1} is not certain.

        If sigma_{k+1} is not told from 0, neither need the truncation be told from A: they differ by sigma_{k+1} in
        spectral norm, by definition, hence in no entry by more.
        """
        a = self.matrix
        if k == 0:
            return arb_mat(a.nrows(), a.ncols())
        if k >= len(self.values):
            return a
        if not self.values[k - 1] > self.values[k]:
            rest = self.values[k].upper()
            if rest <= self.values[0].upper() * arb(2) ** (-ctx.prec // 4):
                return _widen(a, [rest] * a.nrows(), [arb(1)] * a.ncols())
            raise Undetermined(f"sigma_{k} = sigma_{k + 1} is not excluded, so the truncation to {k} is not unique")
        p, error, tall = self.projector(k)
        rows, cols = a.nrows(), a.ncols()
        if tall:
            lengths = [bound(arb_mat(1, cols, [a[i, j] for j in range(cols)])) for i in range(rows)]
            return _widen(a * p, [x * error for x in lengths], [arb(1)] * cols)
        lengths = [bound(columns(a, [j])) for j in range(cols)]
        return _widen(p * a, [arb(1)] * rows, [x * error for x in lengths])

    def vectors(self, i: int) -> tuple[arb_mat, arb_mat]:
        """The i-th singular pair, sign fixed by :func:`leading`. Raises Undetermined unless sigma_i is simple and
        positive.

        As in :meth:`projector`, x = Q v for the rank-one P of a simple eigenvalue has |x| <= |r| / gap, the gap to
        the nearest other eigenvalue; P v has length l = sqrt(|v|^2 - |x|^2), and v differs from P v / l by at most
        |x| + |1 - l|.
        """
        here, others = self.values[i - 1], [v for j, v in enumerate(self.values, 1) if j != i]
        if not here > 0 or not all(here > o or here < o for o in others):
            raise Undetermined(f"sigma_{i} is not certainly simple and positive, so its vectors are not determined")
        tall = self.matrix.nrows() >= self.matrix.ncols()
        a = self.matrix if tall else self.matrix.transpose()
        v = columns(self.right if tall else self.left, [i - 1])
        m = self.scale[i - 1] ** 2
        gap = min([(abs(m - o**2)).lower() for o in others], default=None)
        if gap is None:
            v = arb_mat(1, 1, [1])  # one column: its unit vectors are 1 and -1
        else:
            if not gap > 0:
                raise Undetermined(f"no certified gap around sigma_{i}")
            x = (bound(a.transpose() * (a * v) - m * v) / gap).upper()
            length = frobenius(v)
            inside = root(nonnegative(length**2 - interval(0, x**2)))
            v = _widen(v, [(x + abs(1 - inside)).upper()] * v.nrows(), [arb(1)])
        u = a * v * (1 / here)
        left, right = (u, v) if tall else (v, u)
        sign = leading([float(e.mid()) for e in right.entries()])
        return left * sign, right * sign


def leading(components: Sequence[float]) -> int:
    """The sign that makes positive the first component of magnitude above 987/1597 of the largest.

    The golden ratio keeps the choice stable under rounding, save for a vector made to defeat it.
    """
    most = max(abs(c) for c in components)
    return next(1 if c > 0 else -1 for c in components if abs(c) > most * 987 / 1597)


def _widen(m: arb_mat, rows: Sequence[arb], cols: Sequence[arb]) -> arb_mat:
    """Adds +- rows[i] cols[j] to entry i, j."""
    return arb_mat(
        m.nrows(),
        m.ncols(),
        [m[i, j] + arb(0, (r * c).upper()) for i, r in enumerate(rows) for j, c in enumerate(cols)],
    )


def enclose(matrix: arb_mat) -> Spectrum:
    """The singular values of a ball matrix at the working precision. The argument is in the module's docstring."""
    if not all(x.is_finite() for x in matrix.entries()):
        raise Undetermined("a matrix entry is not enclosed by a finite interval")
    if matrix.nrows() < matrix.ncols():
        s = enclose(matrix.transpose())
        return Spectrum(matrix, s.values, s.right, s.scale, s.left)
    target = ctx.prec
    with precision(2 * target + GUARD):  # twice: what is small beside sigma_1 must come out orthogonal too
        u, scale, v = approximate(matrix.mid(), target)
        k = len(scale)
        alpha, beta = (bound(identity(k) - q.transpose() * q) for q in (u, v))
        rho = bound(matrix - u * diagonal(scale) * v.transpose())
        if alpha < 1 and beta < 1:
            low, high = ((1 - alpha) * (1 - beta)).sqrt(), ((1 + alpha) * (1 + beta)).sqrt()
            ends = [((s * low - rho).lower(), (s * high + rho).upper()) for s in scale]
        else:
            ends = [(arb(0), bound(matrix))] * k
        ends += [(arb(0), rho)] * (matrix.ncols() - k)
        values = tuple(interval(max(low, arb(0)), high) for low, high in ends)
    return Spectrum(matrix, values, u, tuple(scale), v)


__all__ = ["Spectrum", "enclose", "leading"]
