"""Definitions and what follows from one at sight: entries of products, Gram matrices."""

from __future__ import annotations

import sympy as sp
from sympy.matrices.expressions import HadamardProduct

from verify.formula.vocabulary import Entry, Sigma, eq, indices, matrix, sigma_sum, sizes
from verify.model.statement import Declared, Index, Matrix, Size
from verify.proof.library import any_index, at_least, state

m, n, p = sizes("m n p")
i, j, k = indices("i j k")
W, A = matrix("W", m, n), matrix("A", m, n)
C, D = matrix("C", n, p), matrix("D", n, n)

_sizes: list[Declared] = [Size(symbol=m), Size(symbol=n)]

state(
    "values-gram",
    "singular values of the Gram matrix are the squares",
    "existence of the singular value decomposition; Horn and Johnson 2013, Theorem 2.6.3",
    [*_sizes, Matrix(symbol=W), *any_index(i, 1)],
    eq(Sigma(W.T * W, i), Sigma(W, i) ** 2),
    foundation="theorem-values-of-products/gram",
)
state(
    "entry-product",
    "definition of the product of two matrices",
    "definition",
    [
        *_sizes,
        Size(symbol=p),
        Matrix(symbol=A),
        Matrix(symbol=C),
        Index(symbol=i, low=1, high=m),
        Index(symbol=j, low=1, high=p),
    ],
    eq(Entry(A * C, i, j), sigma_sum(Entry(A, i, k) * Entry(C, k, j), k, 1, n)),
)
state(
    "entry-diagonal",
    "a diagonal right factor multiplies each column by its entry",
    "definition",
    [
        *_sizes,
        Matrix(symbol=A),
        Matrix(symbol=D),
        Index(symbol=i, low=1, high=m),
        Index(symbol=j, low=1, high=n),
        at_least("D is diagonal", eq(HadamardProduct(D, sp.Identity(n)), D)),
    ],
    eq(Entry(A * D, i, j), Entry(A, i, j) * Entry(D, j, j)),
)
