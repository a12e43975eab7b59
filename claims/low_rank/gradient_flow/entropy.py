"""The entropy of a spectrum falls when larger values are multiplied by larger factors: a proof for all sizes.

With weights x_i = a_i^2 and factors w_i = f_i^2, both decreasing, and the sums S of x, V of w x:

- Gibbs' inequality (x (log y - log x) <= y - x):       V (log V - log S) <= sum w x log w;
- Chebyshev's sum inequality for w and log x:           V sum x log x <= S sum w x log x.

Divided by V and by S V the two add up to the claim (Cover and Thomas 2006, section 2.6; Hardy, Littlewood and Polya
1952, section 2.17).
"""

from __future__ import annotations

from typing import Any

from verify.authoring import *

i, j, l, s = indices("i j l s")


def x(a: Any, index: Any) -> Any:
    return Sigma(a, index) ** 2


def weighted(a: Any, f: Any, index: Any) -> Any:
    return x(f, index) * x(a, index)


def total(term: Any, high: Any) -> Any:
    return Sum(term, (i, 1, high))


def entropy_of_limit(a: Any) -> Any:
    """The entropy of a_i^2 / sum a^2, written with unnormalised sums."""
    r = Rank(a)
    return log(total(x(a, i), r)) - total(x(a, i) * log(x(a, i)), r) / total(x(a, i), r)


def entropy_of_shares(a: Any, f: Any) -> Any:
    """The entropy of (f_i a_i)^2 / sum (f a)^2."""
    r, term = Rank(a), weighted(a, f, i)
    return log(total(term, r)) - total(term * log(term), r) / total(term, r)


class Sums:
    """The sums of the proof up to an index, for the spectra of ``a`` and ``f``."""

    def __init__(self, a: Any, f: Any) -> None:
        self.a, self.f, self.rank = a, f, Rank(a)
        both = weighted(a, f, i)
        self.terms = {
            "S": x(a, i),
            "V": both,
            "L": both * log(x(f, i)),
            "P": both * log(x(a, i)),
            "Q": x(a, i) * log(x(a, i)),
            "M": both * log(both),
        }

    def __call__(self, name: str, high: Any) -> Any:
        return total(self.terms[name], high)

    def last(self, names: str, high: Any) -> tuple[Line, ...]:
        return tuple(step(f"last-{name}", Last(total=self(name, high))) for name in names)

    def empty(self, names: str) -> tuple[Line, ...]:
        return tuple(step(f"empty-{name}", Empty(total=self(name, 0))) for name in names)

    def positive(self, index: Any, tag: str = "") -> tuple[Line, ...]:
        """Value and factor at an index are positive, and so are their squares."""
        values = ((self.a, "value"), (self.f, "factor"))
        return (
            *(step(f"{name}{tag}", apply("positive", W=w, i=index)) for w, name in values),
            *(step(f"{name}{tag}-square", arithmetic(f"{name}{tag}"), gt(x(w, index), 0)) for w, name in values),
        )

    def totals_positive(self) -> tuple[Line, ...]:
        both = gt(weighted(self.a, self.f, 1), 0)
        return (
            *self.positive(sp.S.One),
            step("both", arithmetic("value-square", "factor-square"), both),
            *(step(f"first-{name}", First(total=self(name, self.rank))) for name in "SV"),
            *(step(f"rest-{n}", Nonnegative(total=Sum(self.terms[n], (i, 2, self.rank)))) for n in "SV"),
            step("S>0", arithmetic("first-S", "rest-S", "value-square"), gt(self("S", self.rank), 0)),
            step("V>0", arithmetic("first-V", "rest-V", "both"), gt(self("V", self.rank), 0)),
        )


def gibbs(sums: Sums) -> Line:
    """S V_k (log V - log S) <= V S_k - S V_k + S L_k for the sums up to k, by induction on k."""
    S, V = sums("S", sums.rank), sums("V", sums.rank)

    def claim(k: Any) -> Any:
        return le(S * sums("V", k) * (log(V) - log(S)), V * sums("S", k) - S * sums("V", k) + S * sums("L", k))

    w, value = x(sums.f, s + 1), x(sums.a, s + 1)
    signs = ("S>0", "V>0", "value-next-square", "factor-next-square", "scale")
    induction = Induction(
        index=s,
        start=0,
        stop=sums.rank,
        formula=claim(s),
        base=(
            *sums.empty("SVL"),
            step("start", arithmetic("S>0", "V>0", "empty-S", "empty-V", "empty-L"), claim(sp.S.Zero)),
        ),
        step=(
            *sums.last("SVL", s + 1),
            *sums.positive(s + 1, "-next"),
            step("scale", arithmetic("S>0", "factor-next-square"), gt(S * w, 0)),
            step("ratio", apply("log-ratio", x=S * w, y=V)),
            step("factors", apply("log-product", x=S, y=w)),
            step(
                "logarithms", arithmetic(*signs, "ratio", "factors"), le(S * w * (log(V) - log(S) - log(w)), V - S * w)
            ),
            step(
                "term",
                arithmetic(*signs, "logarithms"),
                le(value * S * w * (log(V) - log(S) - log(w)), value * (V - S * w)),
            ),
            step("next", arithmetic(*signs, "hypothesis", "last-S", "last-V", "last-L", "term"), claim(s + 1)),
        ),
    )
    return step("gibbs-to", induction)


def logarithms_split(sums: Sums) -> Line:
    """M_k = L_k + P_k, since log(w x) = log w + log x."""

    def claim(k: Any) -> Any:
        return eq(sums("M", k), sums("L", k) + sums("P", k))

    w, v, both = x(sums.f, s + 1), x(sums.a, s + 1), weighted(sums.a, sums.f, s + 1)
    signs = ("value-next-square", "factor-next-square", "weight")
    induction = Induction(
        index=s,
        start=0,
        stop=sums.rank,
        formula=claim(s),
        base=(*sums.empty("MLP"), step("start", arithmetic("empty-M", "empty-L", "empty-P"), claim(sp.S.Zero))),
        step=(
            *sums.last("MLP", s + 1),
            *sums.positive(s + 1, "-next"),
            step("product", apply("log-product", x=w, y=v)),
            step("weight", arithmetic("value-next-square", "factor-next-square"), gt(both, 0)),
            step("next", arithmetic(*signs, "product", "last-M", "last-L", "last-P", "hypothesis"), claim(s + 1)),
        ),
    )
    return step("split-to", induction)


def against(sums: Sums, low: Any, pivot: Any) -> Any:
    """sum_{i<=low} x_i (w_i - w)(log x_i - log x) for the factor w and the weight x at the pivot, multiplied out."""
    w, g = x(sums.f, pivot), log(x(sums.a, pivot))
    return sums("P", low) - w * sums("Q", low) - g * sums("V", low) + w * g * sums("S", low)


def each_pivot(sums: Sums) -> Line:
    """The sum of all terms before any pivot is nonnegative, by induction on how many are taken."""
    w, v, g = x(sums.f, j), x(sums.a, j), log(x(sums.a, j))
    w_l, v_l = x(sums.f, l + 1), x(sums.a, l + 1)

    def claim(k: Any) -> Any:
        return ge(against(sums, k, j), 0)

    signs = ("here-square", "pivot-square")
    lines = (
        *sums.last("PQVS", l + 1),
        step("here", apply("positive", W=sums.a, i=l + 1)),
        step("here-square", arithmetic("here"), gt(v_l, 0)),
        step("values", apply("order", W=sums.a, i=j, j=l + 1)),
        step("factors", apply("order", W=sums.f, i=j, j=l + 1)),
        step("value-gap", arithmetic("values"), le(v, v_l)),
        step("factor-gap", arithmetic("factors"), ge(w_l - w, 0)),
        step("logs", apply("log-order", x=v, y=v_l)),
        step("log-gap", arithmetic(*signs, "logs"), ge(log(v_l) - g, 0)),
        step("gaps", arithmetic(*signs, "log-gap", "factor-gap"), ge((w_l - w) * (log(v_l) - g), 0)),
        step("term", arithmetic(*signs, "gaps"), ge(v_l * (w_l - w) * (log(v_l) - g), 0)),
        step("next", arithmetic(*signs, "last-P", "last-Q", "last-V", "last-S", "term", "hypothesis"), claim(l + 1)),
    )
    empty = sums.empty("PQVS")
    start = step("start", arithmetic("pivot-square", *(line.name for line in empty)), claim(sp.S.Zero))
    induction = Induction(index=l, start=0, stop=j - 1, formula=claim(l), base=(*empty, start), step=lines)
    return step(
        "pivots",
        for_each(
            j,
            1,
            sums.rank,
            step("pivot", apply("positive", W=sums.a, i=j)),
            step("pivot-square", arithmetic("pivot"), gt(v, 0)),
            step("before", induction),
            step("all-before", Instance(of="before", at=j - 1)),
        ),
    )


def chebyshev(sums: Sums) -> Line:
    """S_k P_k >= V_k Q_k, by induction on k."""

    def claim(k: Any) -> Any:
        return ge(sums("S", k) * sums("P", k) - sums("V", k) * sums("Q", k), 0)

    v = x(sums.a, s + 1)
    induction = Induction(
        index=s,
        start=0,
        stop=sums.rank,
        formula=claim(s),
        base=(
            *sums.empty("SPVQ"),
            step("start", arithmetic("empty-S", "empty-P", "empty-V", "empty-Q"), claim(sp.S.Zero)),
        ),
        step=(
            *sums.last("SPVQ", s + 1),
            *sums.positive(s + 1, "-next"),
            step("pivot", Instance(of="pivots", at=s + 1)),
            step("gain", arithmetic("value-next-square", "pivot"), ge(v * against(sums, s, s + 1), 0)),
            step(
                "next",
                arithmetic("value-next-square", "gain", "last-S", "last-P", "last-V", "last-Q", "hypothesis"),
                claim(s + 1),
            ),
        ),
    )
    return step("chebyshev-to", induction)


def entropy_falls(a: Any, f: Any) -> Prove:
    """The entropy of the weighted squares is at most that of the squares, for rank(f) >= rank(a) >= 1."""
    sums = Sums(a, f)
    S, V, L, P, Q, M = (sums(name, sums.rank) for name in "SVLPQM")
    signs = ("S>0", "V>0")
    return proof(
        *sums.totals_positive(),
        gibbs(sums),
        step("gibbs-all", Instance(of="gibbs-to", at=sums.rank)),
        step("gibbs", arithmetic(*signs, "gibbs-all"), le(V * (log(V) - log(S)), L)),
        step("gibbs-share", arithmetic(*signs, "gibbs"), le(log(V) - log(S), L / V)),
        logarithms_split(sums),
        step("logarithms", Instance(of="split-to", at=sums.rank)),
        each_pivot(sums),
        chebyshev(sums),
        step("chebyshev", Instance(of="chebyshev-to", at=sums.rank)),
        step("shares", arithmetic(*signs, "chebyshev"), le(Q / S, P / V)),
        step("sum-share", arithmetic(*signs, "logarithms"), eq(M / V, L / V + P / V)),
        step(
            "entropies",
            arithmetic(*signs, "gibbs-share", "shares", "sum-share"),
            le(entropy_of_shares(a, f), entropy_of_limit(a)),
        ),
    )
