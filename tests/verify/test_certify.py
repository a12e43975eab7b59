import pytest
import sympy as sp

from verify.certify import Refusal, certify, hypotheses_hold, recheck
from verify.formula import vocabulary as v
from verify.formula.assignment import Assignment
from verify.formula.decide import Truth
from verify.formula.vocabulary import eq, ge, le, lt
from verify.model.evidence import Certificate
from verify.model.statement import Assume, Index, Layers, Let, Matrix, Real, Size, Statement

m, n, L, d = v.sizes("m n L d")
k, i = v.indices("k i")
t = v.scalars("t")
p = v.scalars("p", positive=True)
W, G = v.matrix("W", m, n), v.matrix("G", n, n)
F = v.layers("F", L, d)
r = sp.Min(m, n)
TAIL = sp.Sum(v.Sigma(W, i) ** 2, (i, k + 1, r))
RESIDUAL = v.norm_sq(W - v.Truncated(W, k))

statement = Statement(
    given=(
        Size(symbol=m),
        Size(symbol=n, low=2),
        Matrix(symbol=W, structure="nonzero"),
        Index(symbol=k, low=1, high=r),
        Real(symbol=t, low=0, high=1, open=True),
        Let(symbol=G, value=W.T * W),
        Assume(name="gap", formula=lt(v.Sigma(W, 2), v.Sigma(W, 1))),
    ),
    says=(eq(RESIDUAL, TAIL), le(RESIDUAL, t * TAIL), le(sp.Trace(G), v.Sigma(W, 1) ** 2)),
)
values = {"W": [["1", "2"], ["3", "4"]], "k": "1", "t": "9/10"}


def holds(**change):
    return hypotheses_hold(statement, Assignment.of(statement, {**values, **change}))


def test_hypotheses_that_hold():
    assert holds().truth is Truth.TRUE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"k": "3"}, "k <= Min"),
        ({"k": "0"}, "1 <= k"),
        ({"t": "1"}, "t below 1"),
        ({"t": "0"}, "0 below t"),
        ({"W": [["0", "0"], ["0", "0"]]}, "not zero"),
        ({"W": [["1", "0"], ["0", "1"]]}, "gap"),
        ({"W": [["1"], ["2"]]}, "n >= 2"),
    ],
)
def test_each_broken_hypothesis_is_named(change, reason):
    decision = holds(**change)
    assert decision.truth is Truth.FALSE
    assert reason in decision.reason
    refusal = certify(statement, {**values, **change})
    assert isinstance(refusal, Refusal)
    assert (refusal.kind, refusal.reason) == ("hypothesis", decision.reason)


@pytest.mark.parametrize(
    ("line", "name", "good", "bad"),
    [
        (Matrix(symbol=W, structure="positive"), "W", [["1", "1/9"]], [["1", "0"]]),
        (Matrix(symbol=W, structure="diagonal"), "W", [["1", "0", "0"]], [["1", "0", "1"]]),
        (Matrix(symbol=W, structure="nonzero"), "W", [["0", "log(2)"]], [["0", "0"]]),
        (Real(symbol=p), "p", "sqrt(2)", "0"),
        (Real(symbol=t, low=1), "t", "1", "1/2"),
        (Real(symbol=v.scalars("q", integer=True)), "q", "3", "1/2"),
        (Real(symbol=v.scalars("e", even=True)), "e", "4", "3"),
        (Real(symbol=v.scalars("z", nonzero=True)), "z", "-1", "0"),
        (Size(symbol=m, low=3), "m", "3", "2"),
    ],
)
def test_structures_ranges_and_assumptions(line, name, good, bad):
    sizes = () if isinstance(line, Size) else (Size(symbol=m), Size(symbol=n))
    s = Statement(given=(*sizes, line), says=(le(0, 1),))
    rest = {} if name == "W" or isinstance(line, Size) else {"m": "1", "n": "1"}
    assert hypotheses_hold(s, Assignment.of(s, {name: good, **rest})).truth is Truth.TRUE
    assert hypotheses_hold(s, Assignment.of(s, {name: bad, **rest})).truth is Truth.FALSE


def test_an_undecided_hypothesis_gives_no_certificate():
    s = Statement(
        given=(Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Assume(name="odd", formula=le(v.Energy(W, 1), 1))),
        says=(le(1, 0),),
    )
    refusal = certify(s, {"W": [["0"]]})
    assert isinstance(refusal, Refusal)
    assert refusal.kind == "undecided"
    assert "odd" in refusal.reason
    assert isinstance(certify(s, {"W": [["1"]]}), Certificate)


def test_the_first_broken_conclusion_is_certified():
    certificate = certify(statement, values)
    assert isinstance(certificate, Certificate)
    assert certificate.relation == 1
    assert certificate.engine == "ball"
    assert recheck(statement, certificate) is None
    third = certify(statement, values, relation=2)
    assert isinstance(third, Certificate)
    assert third.relation == 2
    assert recheck(statement, third) is None


@pytest.mark.parametrize(
    ("values_", "relation", "kind"),
    [
        (values, 0, "holds"),
        (values, 3, "malformed"),
        ({**values, "k": "1.5"}, None, "malformed"),
        ({**values, "Q": "1"}, None, "malformed"),
        ({"W": values["W"]}, None, "malformed"),
        ({**values, "W": [["1", "2"], ["3"]]}, None, "malformed"),
        ({**values, "k": "5"}, None, "hypothesis"),
    ],
)
def test_refusals_by_kind(values_, relation, kind):
    refusal = certify(statement, values_, relation)
    assert isinstance(refusal, Refusal)
    assert refusal.kind == kind


def test_a_tie_beyond_exact_algebra_is_called_a_tie():
    s = Statement(given=statement.given[:5], says=(eq(v.SpectralNorm(W - v.Truncated(W, k)), v.Sigma(W, k + 1)),))
    refusal = certify(s, {**values, "W": [["1", "2", "0"], ["3", "4", "1"], ["0", "1", "1/2"]]})
    assert isinstance(refusal, Refusal)
    assert refusal.kind == "tied"


TAMPERED = [
    ("statement", "0" * 16),
    ("relation", 0),
    ("relation", 2),
    ("relation", 7),
    ("left", "0"),
    ("left", "[0.133931252681495 +/- 4.78e-16]"),
    ("right", "1"),
    ("engine", "exact"),
    ("precision", None),
    ("precision", 128),
    ("values", {**values}),
    ("values", {**values, "m": "2", "n": "2", "t": "18/20"}),
    ("values", {**values, "m": "2", "n": "2", "t": "99/100"}),
    ("values", {**values, "m": "2", "n": "2", "k": "2"}),
    ("values", {**values, "m": "2", "n": "2", "W": [["1", "2"], ["3", "5"]]}),
    ("values", {**values, "m": "3", "n": "2"}),
    ("values", {}),
]


@pytest.mark.parametrize(("name", "value"), TAMPERED)
def test_a_tampered_certificate_is_refused(name, value):
    certificate = certify(statement, values)
    assert isinstance(certificate, Certificate)
    assert getattr(certificate, name) != value
    assert isinstance(recheck(statement, certificate.model_copy(update={name: value})), Refusal)


def test_a_certificate_fits_no_other_statement():
    certificate = certify(statement, values)
    assert isinstance(certificate, Certificate)
    weaker = Statement(given=statement.given[:-1], says=statement.says)
    assert weaker.fingerprint != statement.fingerprint
    refusal = recheck(weaker, certificate)
    assert refusal is not None
    assert statement.fingerprint in refusal.reason


def test_a_certificate_survives_json():
    certificate = certify(statement, values)
    assert isinstance(certificate, Certificate)
    again = Certificate.model_validate_json(certificate.model_dump_json())
    assert again == certificate
    assert recheck(statement, again) is None


def test_families_and_irrational_values():
    s = Statement(
        given=(Size(symbol=L), Size(symbol=d), Layers(symbol=F)),
        says=(ge(v.FrobeniusNorm(v.Chain(F, L)), sp.Product(v.FrobeniusNorm(F[i]), (i, 1, L))),),
    )
    certificate = certify(s, {"F": [[["1", "sqrt(2)"], ["0", "1"]], [["1", "0"], ["log(2)", "1"]]]})
    assert isinstance(certificate, Certificate)
    assert certificate.values["L"] == "2"
    assert recheck(s, certificate) is None
    assert isinstance(certify(s, {"F": [[["1", "2"], ["0", "1"]]]}), Refusal)


def test_a_true_statement_has_no_certificate_anywhere_near():
    """The certified side of the tail bound: every integer matrix of a small box."""
    s = Statement(
        given=(Size(symbol=m), Size(symbol=n), Matrix(symbol=W), Index(symbol=k, low=1, high=r)),
        says=(le(RESIDUAL, (r - k) * v.Sigma(W, k + 1) ** 2),),
    )
    for a in range(-1, 3):
        for b in range(-1, 3):
            for c in range(-1, 2):
                refusal = certify(s, {"W": [[str(a), str(b)], [str(c), "1"]], "k": "1"})
                assert isinstance(refusal, Refusal)
                assert refusal.kind == "holds" or "not unique" in refusal.reason


SIDE = sp.Symbol("s", integer=True, positive=True)
SQUARE = v.matrix("M", SIDE, SIDE)
ABBREVIATED = Statement(
    given=(Size(symbol=m), Let(symbol=SIDE, value=m + 1), Matrix(symbol=SQUARE)), says=(eq(SIDE, m + 1),)
)


def test_a_shape_does_not_redefine_an_abbreviation():
    """The statement is true by definition: a matrix of a size other than s = m + 1 breaks a hypothesis."""
    refusal = certify(ABBREVIATED, {"m": "7", "M": [["1"]]})
    assert isinstance(refusal, Refusal) and refusal.kind == "hypothesis" and "a side of s" in refusal.reason


def test_a_shape_that_fits_an_abbreviation_is_a_certificate_that_can_be_checked_again():
    false = ABBREVIATED.model_copy(update={"says": (eq(SIDE, m),)})
    made = certify(false, {"m": "1", "M": [["1", "0"], ["0", "1"]]})
    assert isinstance(made, Certificate) and recheck(false, made) is None


def test_the_shapes_of_a_family_do_not_redefine_an_abbreviation():
    family = v.layers("V", SIDE, 2)
    given = (Size(symbol=m), Let(symbol=SIDE, value=m + 1), Layers(symbol=family))
    refusal = certify(Statement(given=given, says=(le(SIDE, m + 1),)), {"m": "2", "V": [[["1", "0"], ["0", "1"]]]})
    assert isinstance(refusal, Refusal) and refusal.kind == "hypothesis"
