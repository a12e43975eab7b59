"""Mutation: every mutant type-checks, says something else, has a name of its own; the original is not touched."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from verify.formula import vocabulary as v
from verify.formula.mutation import Mutation, mutations
from verify.formula.printing import plain
from verify.formula.typing import check
from verify.model.statement import Assume, Index, Layers, Let, Matrix, Real, Size, Statement

m, n, d, L = v.sizes("m n d L")
k, l, i, r = v.indices("k l i r")
t = v.scalars("t")
c = v.scalars("c", positive=True)
W, X, Y = v.matrix("W", m, n), v.matrix("X", n, d), v.matrix("Y", m, d)
u = v.vector("u", n)
V = v.layers("V", L, d)
SIZES = tuple(Size(symbol=s) for s in (m, n, d, L))
GIVEN = (
    *SIZES,
    *(Matrix(symbol=s) for s in (W, X, Y, u)),
    Layers(symbol=V),
    Real(symbol=t),
    Real(symbol=c, low=0, open=True),
)
BELOW_RANK = Index(symbol=k, low=0, high=v.Rank(W) - 1)
tail = v.sigma_sum(v.Sigma(W, i) ** 2, i, k + 1, v.Rank(W))
error = v.norm_sq(W - v.Truncated(W, k))


def statement(*says: Any, given: tuple[Any, ...] = ()) -> Statement:
    return Statement(given=GIVEN + given, says=says)


STATEMENTS = {
    "tail bound": statement(v.le(error, (v.Rank(W) - k) * v.Sigma(W, k + 1) ** 2), given=(BELOW_RANK,)),
    "residual": statement(v.eq(error, tail), given=(BELOW_RANK,)),
    "gradient": statement(v.eq(v.Gradient(v.inner(Y, W * X), W), Y * X.T)),
    "rank": statement(v.le(v.Rank(W * X), n), given=(Assume(name="tall", formula=v.ge(m, n)),)),
    "rank equation": statement(v.eq(v.Rank(W), v.Rank(W.T))),
    "chain": statement(v.le(v.FrobeniusNorm(v.Chain(V, L)), v.product(v.FrobeniusNorm(V[l]), l, 1, L))),
    "energy": statement(v.ge(v.Energy(W, k), 1 - t), v.le(v.Energy(W, k), 1), given=(BELOW_RANK,)),
    "zero": statement(v.eq(W * X - Y, sp.ZeroMatrix(m, d)), v.eq(t, 0), v.le(0, t)),
    "unequal": statement(v.ne(t, c)),
    "negative": statement(v.le(t, -1), v.gt(-2, t)),
    "vector": statement(v.le(v.FrobeniusNorm(u), v.SpectralNorm(u))),
    "abbreviated": statement(
        v.le(v.Sigma(W, k + 1), v.FrobeniusNorm(W)),
        given=(Let(symbol=r, value=v.Rank(W)), Index(symbol=k, low=1, high=r)),
    ),
    "two sums": statement(v.eq(v.norm_sq(W), v.sigma_sum(v.Sigma(W, i), i, 1, k + 1) + tail), given=(BELOW_RANK,)),
    "small size": Statement(
        given=(Size(symbol=m, low=2), *SIZES[1:], Matrix(symbol=W, structure="diagonal")),
        says=(v.le(v.SpectralNorm(W), v.NuclearNorm(W)),),
    ),
}


@pytest.fixture(scope="module")
def mutants() -> dict[str, list[Mutation]]:
    return {name: mutations(s) for name, s in STATEMENTS.items()}


def conclusion(mutation: Mutation) -> str:
    return "; ".join(plain(f) for f in mutation.statement.says)


def table(found: list[Mutation]) -> dict[str, str]:
    return {m.name: conclusion(m) for m in found}


def test_every_statement_has_mutants_and_is_well_typed(mutants: dict[str, list[Mutation]]) -> None:
    for name, original in STATEMENTS.items():
        assert check(original) == [], name
        assert mutants[name], name


def test_all_type_check_and_differ(mutants: dict[str, list[Mutation]]) -> None:
    for name, found in mutants.items():
        prints = {STATEMENTS[name].fingerprint, *(m.statement.fingerprint for m in found)}
        assert len(prints) == len(found) + 1, name
        assert len({m.name for m in found}) == len(found), name
        for mutant in found:
            assert check(mutant.statement) == [], (name, mutant.name)


def test_a_mutant_changes_what_it_says_it_changes(mutants: dict[str, list[Mutation]]) -> None:
    for name, found in mutants.items():
        original = STATEMENTS[name]
        for mutant in found:
            assert (mutant.statement.given == original.given) == (mutant.changed == "conclusion"), mutant.name
            assert (mutant.statement.says == original.says) == (mutant.changed == "hypothesis"), mutant.name


def test_scalar_mutants_are_not_the_original_in_disguise(mutants: dict[str, list[Mutation]]) -> None:
    for name, found in mutants.items():
        for mutant in (m for m in found if m.changed == "conclusion"):
            pairs = zip(STATEMENTS[name].says, mutant.statement.says, strict=True)
            ((old, new),) = [(a, b) for a, b in pairs if a != b]
            if type(old) is type(new) and not old.lhs.is_Matrix:
                assert sp.expand((old.lhs - old.rhs) - (new.lhs - new.rhs)) != 0, mutant.name


def test_originals_are_untouched_and_the_order_is_fixed(mutants: dict[str, list[Mutation]]) -> None:
    for name in ("tail bound", "zero"):
        before = STATEMENTS[name].text
        again = mutations(STATEMENTS[name])
        assert STATEMENTS[name].text == before
        assert [(m.name, m.statement.fingerprint) for m in again] == [
            (m.name, m.statement.fingerprint) for m in mutants[name]
        ]


def test_tail_bound(mutants: dict[str, list[Mutation]]) -> None:
    said = table(mutants["tail bound"])
    assert said["flip conclusion 1"] == "‖W - W_k‖_F² ≥ (rank(W) - k) σ_{k + 1}(W)²"
    assert said["sharpen conclusion 1 by 0.99"] == "‖W - W_k‖_F² ≤ (99 (rank(W) - k) σ_{k + 1}(W)²)/100"
    assert said["halve the bound of conclusion 1"] == "‖W - W_k‖_F² ≤ ((rank(W) - k) σ_{k + 1}(W)²)/2"
    assert said["strict conclusion 1"] == "‖W - W_k‖_F² < (rank(W) - k) σ_{k + 1}(W)²"
    assert said["shift index k + 1 to k + 2 in conclusion 1"].endswith("σ_{k + 2}(W)²")
    assert said["spectral norm for Frobenius norm in conclusion 1"].startswith("‖W - W_k‖_2²")
    assert "shift index k + 1 to k in conclusion 1" not in said  # sigma_0 has no meaning, and k = 0 is declared
    (raised,) = [m for m in mutants["tail bound"] if m.name == "raise upper end of k by one"]
    assert Index(symbol=k, low=0, high=v.Rank(W)) in raised.statement.given


def test_ends_of_sums(mutants: dict[str, list[Mutation]]) -> None:
    said = table(mutants["residual"])
    assert "i=k + 2" in said["sum of conclusion 1 starts one later"]
    assert "rank(W) - 1}" in said["sum of conclusion 1 ends one earlier"]
    assert "sum of conclusion 1 starts one earlier" not in said  # sigma_0
    two = [m.name for m in mutants["two sums"] if "starts one later" in m.name]
    assert len(two) == 2
    assert all(", at ∑" in name for name in two)


def test_equations_are_scaled_and_ranks_shifted(mutants: dict[str, list[Mutation]]) -> None:
    assert set(table(mutants["gradient"])) == {
        "scale the right side of conclusion 1 by 0.99", "halve the right side of conclusion 1"
    }  # fmt: skip
    assert table(mutants["rank equation"]) == {
        "add one to the right side of conclusion 1": "rank(W) = rank(Wᵀ) + 1",
        "subtract one from the right side of conclusion 1": "rank(W) = rank(Wᵀ) - 1",
    }


def test_inequalities_between_integers_move_by_one(mutants: dict[str, list[Mutation]]) -> None:
    said = table(mutants["rank"])
    assert said["sharpen conclusion 1 by one"] == "rank(W X) ≤ n - 1"
    assert "strict conclusion 1" not in said  # the same as by one
    assert not any("0.99" in name for name in said)
    assert "drop hypothesis tall" in said


def test_zero_is_not_scaled(mutants: dict[str, list[Mutation]]) -> None:
    said = table(mutants["zero"])
    assert said["scale a term of conclusion 1 by 0.99"].startswith("99/100 W X - Y = 0")
    assert "t ≠ 0" in said["flip conclusion 2"]
    assert said["strict conclusion 3"].endswith("0 < t")
    assert not any("conclusion 3 by" in name for name in said)


def test_sharpening_sharpens_whatever_the_sign(mutants: dict[str, list[Mutation]]) -> None:
    said = table(mutants["negative"])
    assert "t ≤ -101/100" in said["sharpen conclusion 1 by 0.99"]
    assert "t ≤ -3/2" in said["halve the bound of conclusion 1"]
    assert "-101/50 > t" in said["sharpen conclusion 2 by 0.99"]
    unsigned = table(mutations(statement(v.le(v.Entry(W, 1, 1), t))))
    assert unsigned["sharpen conclusion 1 by 0.99"] == "W_{1, 1} ≤ t - |t|/100"
    above_zero = table(mutations(statement(v.le(v.FrobeniusNorm(W), t))))
    assert above_zero["sharpen conclusion 1 by 0.99"] == "‖W‖_F ≤ (99 t)/100"


def test_differences_of_matrices_within_norms_survive_sympy() -> None:
    """sympy 1.14 turns -(A x - B x) within our nodes into a scalar product when it takes an absolute value."""
    gain = v.FrobeniusNorm(W * u - v.Truncated(W, k) * u) - c
    with pytest.raises(v.FormulaError):
        sp.Abs(gain)  # once this passes, the detours in mutation.py and integers.py can go
    said = table(mutations(statement(v.le(t, gain), given=(BELOW_RANK,))))
    assert said["sharpen conclusion 1 by 0.99"].endswith("- 1/100")
    kept = sp.Abs(v.FrobeniusNorm((W - v.Truncated(W, k)) * u) - c)
    assert mutations(statement(v.le(t, kept * (t + 1)), given=(BELOW_RANK,)))


def test_norms_that_agree_on_a_column_are_not_exchanged(mutants: dict[str, list[Mutation]]) -> None:
    assert not any("norm" in m.name for m in mutants["vector"])


def test_which_mutants_may_follow(mutants: dict[str, list[Mutation]]) -> None:
    may = {m.name: m.weaker_candidate for m in mutants["tail bound"]}
    assert may["spectral norm for Frobenius norm in conclusion 1"]
    assert not may["nuclear norm for Frobenius norm in conclusion 1"]
    assert not may["shift index k + 1 to k + 2 in conclusion 1"]
    assert may["shift index k to k + 1 in conclusion 1"]  # the direction is not known
    assert not may["flip conclusion 1"]
    assert not may["sharpen conclusion 1 by 0.99"]
    assert not any(m.weaker_candidate for m in mutants["residual"])
    bound = {m.name: m.weaker_candidate for m in mutants["abbreviated"]}
    assert bound["nuclear norm for Frobenius norm in conclusion 1"]
    assert not bound["spectral norm for Frobenius norm in conclusion 1"]
    assert bound["shift index k + 1 to k + 2 in conclusion 1"]
    assert not bound["shift index k + 1 to k in conclusion 1"]


def test_hypotheses(mutants: dict[str, list[Mutation]]) -> None:
    names = [m.name for m in mutants["small size"]]
    assert "lower the lower end of m by one" in names
    assert "drop hypothesis W diagonal" in names
    guarded = Statement(given=(*SIZES, Matrix(symbol=W, structure="nonzero")), says=(v.le(v.EffectiveRank(W), n),))
    assert not any("nonzero" in m.name for m in mutations(guarded))  # without it the node has no value
    free = Statement(given=(*SIZES, Matrix(symbol=W, structure="nonzero")), says=(v.gt(v.Rank(W), 0),))
    assert "drop hypothesis W nonzero" in [m.name for m in mutations(free)]
    idle = statement(v.le(0, c), given=(BELOW_RANK,))
    assert not any(m.changed == "hypothesis" for m in mutations(idle))  # nothing speaks of k


def test_an_ill_typed_statement_has_no_mutants() -> None:
    assert mutations(statement(v.eq(W, 0))) == []


def test_a_hypothesis_that_types_need_is_not_dropped() -> None:
    p = v.matrix("P", n, n)
    square = Assume(name="square", formula=v.eq(m, n))
    needs = statement(v.le(v.FrobeniusNorm(W - p), t), given=(Matrix(symbol=p), square))
    assert check(needs) == []
    assert not any(m.name == "drop hypothesis square" for m in mutations(needs))
