"""Steps that several proofs share. ``name`` prefixes the lines, so that a proof may use a piece twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verify.authoring import *
from verify.proof.cases import Cases
from verify.proof.frames import Diagonal, Rows, RowSquare, SingularFrame, row_square
from verify.proof.traces import TraceAlgebra

q = indices("q")
s = Sigma


def cases(name: str, on: Any, yes: Sequence[Line], no: Sequence[Line], says: Any) -> Line:
    return step(name, Cases(on=on, yes=tuple(yes), no=tuple(no)), says)


def traces(name: str, says: Any, *using: str) -> Line:
    return step(name, TraceAlgebra(using=using), says)


def calculation(name: str, says: Any, *using: str) -> Line:
    return step(name, arithmetic(*using), says)


def frame(w: Any, count: Any, tag: str = "", name: str = "frame") -> tuple[Line, Any, Any, Any]:
    """The line that introduces the first singular vectors and values, and their names."""
    rows, cols = w.shape
    u, v, d = (
        matrix(f"{letter}{tag}", a, b) for letter, a, b in (("U", rows, count), ("V", cols, count), ("D", count, count))
    )
    return step(name, SingularFrame(of=w, count=count, left=u, right=v, values=d)), u, v, d


def top(w: Any, name: str = "top", tag: str = "t") -> tuple[tuple[Line, ...], Any, Any]:
    """A unit column v that W stretches to its largest singular value, where rank(W) >= 1; also u with W'u parallel.

    Lines ``name-length`` (|v|^2 = 1) and ``name-image`` (|W v|^2 = sigma_1^2); frame ``name``.
    """
    line, u, v, d = frame(w, 1, tag, name)
    square = Sum(s(w, q) ** 2, (q, 1, 1))
    return (
        (
            line,
            traces(f"{name}-length", eq(norm_sq(v), 1), f"{name}.right"),
            traces(f"{name}-along", eq(norm_sq(u * d), norm_sq(d)), f"{name}.left"),
            step(f"{name}-same", Congruence(equation=f"{name}.stretch"), eq(norm_sq(u * d), norm_sq(w * v))),
            step(f"{name}-square", Diagonal(values=d, kind="squares")),
            step(f"{name}-first", First(total=square)),
            step(f"{name}-rest", Empty(total=Sum(s(w, q) ** 2, (q, 2, 1)))),
            calculation(
                f"{name}-image",
                eq(norm_sq(w * v), s(w, 1) ** 2),
                *(f"{name}-{x}" for x in ("along", "same", "square", "first", "rest")),
            ),
        ),
        u,
        v,
    )


def at_most_first(w: Any, d: Any, y: Any, name: str) -> tuple[Line, ...]:
    """|D Y|^2 <= sigma_1^2 |Y|^2 for the diagonal matrix D of singular values of W."""
    count = d.shape[0]
    total = Sum(row_square(y, q), (q, 1, count))
    return (
        step(f"{name}-diagonal", Diagonal(values=d, kind="norm", times=y)),
        step(f"{name}-rows", Rows(of=y)),
        step(
            f"{name}-each",
            for_each(
                q,
                1,
                count,
                step("order", apply("order", W=w, i=q, j=1)),
                step("row", RowSquare(of=y, at=q)),
                calculation("squares", le(s(w, q) ** 2, s(w, 1) ** 2), "order"),
                calculation(
                    "bound", le(s(w, q) ** 2 * row_square(y, q), s(w, 1) ** 2 * row_square(y, q)), "row", "squares"
                ),
            ),
        ),
        step(f"{name}-sum", Termwise(line=f"{name}-each")),
        step(f"{name}-factor", Factor(total=total, out=s(w, 1) ** 2)),
        calculation(
            name,
            le(norm_sq(d * y), s(w, 1) ** 2 * norm_sq(y)),
            *(f"{name}-{x}" for x in ("diagonal", "rows", "sum", "factor")),
        ),
    )


def at_least_last(w: Any, d: Any, y: Any, name: str) -> tuple[Line, ...]:
    """|D Y|^2 >= sigma_c^2 |Y|^2 for the diagonal matrix D of the first c singular values of W, c >= 1."""
    count = d.shape[0]
    total = Sum(row_square(y, q), (q, 1, count))
    return (
        step(f"{name}-diagonal", Diagonal(values=d, kind="norm", times=y)),
        step(f"{name}-rows", Rows(of=y)),
        step(
            f"{name}-each",
            for_each(
                q,
                1,
                count,
                step("order", apply("order", W=w, i=count, j=q)),
                step("row", RowSquare(of=y, at=q)),
                calculation("squares", le(s(w, count) ** 2, s(w, q) ** 2), "order"),
                calculation(
                    "bound", le(s(w, count) ** 2 * row_square(y, q), s(w, q) ** 2 * row_square(y, q)), "row", "squares"
                ),
            ),
        ),
        step(f"{name}-sum", Termwise(line=f"{name}-each")),
        step(f"{name}-factor", Factor(total=total, out=s(w, count) ** 2)),
        calculation(
            name,
            ge(norm_sq(d * y), s(w, count) ** 2 * norm_sq(y)),
            *(f"{name}-{x}" for x in ("diagonal", "rows", "sum", "factor")),
        ),
    )


def norm_is_first(*matrices: Any) -> tuple[Line, ...]:
    """SpectralNorm(W) = Sigma(W, 1) for each; lines ``norm-0``, ``norm-1``, ..."""
    return tuple(step(f"norm-{i}", apply("spectral-norm", W=w)) for i, w in enumerate(matrices))


def vanishes(w: Any) -> Line:
    """Where rank(W) <= 0: the line ``zero``, sigma_1 = 0."""
    return step("zero", apply("beyond-rank", W=w, i=1))


def algebraic(name: str, says: Any, *using: str) -> Line:
    """Matrix algebra from the lines named alone, without the hypotheses."""
    return step(name, MatrixAlgebra(using=using, from_hypotheses=False), says)


def named(*hypotheses: Assume) -> tuple[Line, ...]:
    """Each hypothesis as a line of its own, by its name."""
    return tuple(step(h.name, Hypothesis(), h.formula) for h in hypotheses)


def equal(name: str, by: str, f: Any, left: Any, right: Any) -> Line:
    """f(left) = f(right) by the line ``by``, which says left = right."""
    return step(name, Congruence(equation=by), eq(f(left), f(right)))


def outside_rank(q: Any) -> tuple[Line, ...]:
    """``outside-rank``: the projection off p orthonormal columns of length n has rank n - p at most."""
    n, p = q.shape
    outside = Identity(n) - q * q.T
    r_i, r_q = Rank(Identity(p)), Rank(q.T)
    z, r, l = matrix("Z", n, n - r_q), matrix("R", n, r_q), matrix("L", r_q, p)
    z_i, rest_i, l_i = matrix("Z_i", p, p - r_i), matrix("R_i", p, r_i), matrix("L_i", r_i, p)
    return (
        step("unit", KernelBasis(of=Identity(p), kernel=z_i, rest=rest_i, rows=l_i)),
        traces("unit-size", eq(norm_sq(z_i), p - r_i), "unit.kernel"),
        traces("unit-none", eq(norm_sq(z_i), 0), "unit"),
        step("gram", algebra(), eq(Identity(p), q.T * q)),
        equal("gram-rank", "gram", Rank, Identity(p), q.T * q),
        step("gram-small", apply("rank-product-left", A=q.T, C=q)),
        step("kernel", KernelBasis(of=q.T, kernel=z, rest=r, rows=l)),
        step("rest", algebra("kernel.rows"), eq(r.T * outside, sp.ZeroMatrix(r_q, n))),
        step("cover", algebra("kernel.cover", "rest"), eq(z * z.T * outside, outside)),
        step("projection", FactorRank(of=z * z.T * outside, factors=((z, z.T * outside),))),
        equal("same", "cover", Rank, z * z.T * outside, outside),
        calculation(
            "outside-rank",
            le(Rank(outside), n - p),
            *("unit-size", "unit-none", "gram-rank", "gram-small", "projection", "same"),
        ),
    )


__all__ = [
    "Diagonal",
    "algebraic",
    "at_least_last",
    "at_most_first",
    "calculation",
    "cases",
    "equal",
    "frame",
    "named",
    "norm_is_first",
    "outside_rank",
    "q",
    "row_square",
    "s",
    "top",
    "traces",
    "vanishes",
]
