"""What an author of claims imports: the formula language, short constructors, proofs and checks.

    from verify.authoring import *

A page of claims should read like mathematics; everything here is a thin spelling of ``verify.model``,
``verify.formula`` and ``verify.proof``.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Abs, Max, Min, Rational, Sum, exp, log, sqrt
from sympy.matrices.expressions import Inverse, MatrixSymbol

from verify.checks import Attributed, Counter, Illustrate, Measure, Prove, Search
from verify.formula.vocabulary import (
    CausalSoftmax,
    Chain,
    CountAbove,
    EffectiveRank,
    EffectiveRankL1,
    Energy,
    Entry,
    Exp,
    FrobeniusNorm,
    Gradient,
    HadamardProduct,
    HStack,
    Identity,
    KroneckerProduct,
    LayerFamily,
    LeftSingular,
    Log,
    LogSumExp,
    Member,
    NuclearNorm,
    OneMatrix,
    Rank,
    RightSingular,
    Sigma,
    Softmax,
    SpectralNorm,
    Thresholded,
    ThresholdRank,
    Truncated,
    eq,
    ge,
    gt,
    indices,
    inner,
    layers,
    le,
    lt,
    matrix,
    ne,
    norm_sq,
    product,
    scalars,
    sigma_sum,
    sizes,
    vector,
)
from verify.model.claim import Claim, Part, Text
from verify.model.statement import Assume, Declared, Index, Layers, Let, Matrix, Real, Size, symbols_of
from verify.model.words import Role, Scope, Verdict
from verify.proof.calculus import Calculus
from verify.proof.cases import Cases
from verify.proof.entries import EntryAlgebra
from verify.proof.evaluation import Evaluation
from verify.proof.formulas import Forall
from verify.proof.frames import (
    Diagonal,
    FactorRank,
    FirstColumns,
    KernelBasis,
    KernelVector,
    LeadingTrace,
    RankFactors,
    Rows,
    RowSquare,
    SingularFrame,
)
from verify.proof.linear import KernelCount, OneSidedInverse, TriangularRank
from verify.proof.lines import Derivation, Justification, Line
from verify.proof.powers import PowerStep
from verify.proof.spectral import Orthonormal
from verify.proof.steps import (
    Apply,
    Arithmetic,
    Congruence,
    ForEach,
    Hypothesis,
    Induction,
    Instance,
    InverseIs,
    MatrixAlgebra,
    Rewrite,
)
from verify.proof.sums import (
    Constant,
    Empty,
    Factor,
    First,
    Last,
    Linear,
    Nonnegative,
    Shift,
    Split,
    Termwise,
    ZeroFactor,
)  # fmt: skip
from verify.proof.traces import TraceAlgebra
from verify.unfalsifiable import Unfalsifiable

main, caveat = Role.MAIN, Role.CAVEAT
universal, typical = Scope.UNIVERSAL, Scope.TYPICAL
proved, supported, refuted = Verdict.PROVED, Verdict.SUPPORTED, Verdict.REFUTED
ill_posed, empirical, contradicted = Verdict.ILL_POSED, Verdict.EMPIRICAL, Verdict.CONTRADICTED


def declare(*symbols: Any, **structures: Any) -> tuple[Declared, ...]:
    """Declares matrices and families, their sizes first. ``structures`` gives a matrix's structure by its name."""
    lines: list[Declared] = []
    seen: set[Any] = set()
    for symbol in symbols:
        for size in sorted(symbols_of(symbol) - {symbol} - seen, key=str):
            lines.append(Size(symbol=size))
            seen.add(size)
        if isinstance(symbol, LayerFamily):
            lines.append(Layers(symbol=symbol))
        elif isinstance(symbol, MatrixSymbol):
            lines.append(Matrix(symbol=symbol, structure=structures.get(str(symbol), "general")))
        else:
            lines.append(Size(symbol=symbol))
        seen.add(symbol)
    return tuple(lines)


def between(symbol: Any, low: Any, high: Any) -> Index:
    """An index with both ends included."""
    return Index(symbol=symbol, low=low, high=high)


def real(symbol: Any, low: Any = None, high: Any = None, *, open: bool = False) -> Real:  # noqa: A002  # an open interval
    return Real(symbol=symbol, low=low, high=high, open=open)


def assume(name: str, formula: Any) -> Assume:
    return Assume(name=name, formula=formula)


def let(symbol: Any, value: Any) -> Let:
    return Let(symbol=symbol, value=value)


def step(name: str, by: Justification, says: Any = None) -> Line:
    return Line(name=name, by=by, says=says)


def proof(*lines: Line) -> Prove:
    return Prove(derivation=Derivation(lines=lines))


def apply(theorem: str, **to: Any) -> Apply:
    return Apply(theorem=theorem, to=to)


def arithmetic(*using: str) -> Arithmetic:
    return Arithmetic(using=using or None)


def algebra(*using: str) -> MatrixAlgebra:
    return MatrixAlgebra(using=using)


def for_each(index: Any, low: Any, high: Any, *lines: Line) -> ForEach:
    return ForEach(index=index, low=low, high=high, lines=lines)


def text(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh)


__all__ = [
    "Abs",
    "Apply",
    "Arithmetic",
    "Assume",
    "Attributed",
    "Calculus",
    "Cases",
    "CausalSoftmax",
    "Chain",
    "Claim",
    "Congruence",
    "Constant",
    "CountAbove",
    "Counter",
    "Derivation",
    "Diagonal",
    "EffectiveRank",
    "EffectiveRankL1",
    "Empty",
    "Energy",
    "Entry",
    "EntryAlgebra",
    "Evaluation",
    "Exp",
    "Factor",
    "FactorRank",
    "First",
    "FirstColumns",
    "ForEach",
    "Forall",
    "FrobeniusNorm",
    "Gradient",
    "HStack",
    "HadamardProduct",
    "Hypothesis",
    "Identity",
    "Illustrate",
    "Index",
    "Induction",
    "Instance",
    "Inverse",
    "InverseIs",
    "KernelBasis",
    "KernelCount",
    "KernelVector",
    "KroneckerProduct",
    "Last",
    "LeadingTrace",
    "LeftSingular",
    "Line",
    "Linear",
    "Log",
    "LogSumExp",
    "MatrixAlgebra",
    "Max",
    "Measure",
    "Member",
    "Min",
    "Nonnegative",
    "NuclearNorm",
    "OneMatrix",
    "OneSidedInverse",
    "Orthonormal",
    "Part",
    "PowerStep",
    "Prove",
    "Rank",
    "RankFactors",
    "Rational",
    "Rewrite",
    "RightSingular",
    "RowSquare",
    "Rows",
    "Search",
    "Shift",
    "Sigma",
    "SingularFrame",
    "Size",
    "Softmax",
    "SpectralNorm",
    "Split",
    "Sum",
    "Termwise",
    "Text",
    "ThresholdRank",
    "Thresholded",
    "TraceAlgebra",
    "TriangularRank",
    "Truncated",
    "Unfalsifiable",
    "ZeroFactor",
    "algebra",
    "apply",
    "arithmetic",
    "assume",
    "between",
    "caveat",
    "contradicted",
    "declare",
    "empirical",
    "eq",
    "exp",
    "for_each",
    "ge",
    "gt",
    "ill_posed",
    "indices",
    "inner",
    "layers",
    "le",
    "let",
    "log",
    "lt",
    "main",
    "matrix",
    "ne",
    "norm_sq",
    "product",
    "proof",
    "proved",
    "real",
    "refuted",
    "scalars",
    "sigma_sum",
    "sizes",
    "sp",
    "sqrt",
    "step",
    "supported",
    "text",
    "typical",
    "universal",
    "vector",
]
