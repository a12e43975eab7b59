"""A small collection with every verdict and every kind of evidence, hostile texts among them, for the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from verify.collection import Collection
from verify.formula.vocabulary import (
    FrobeniusNorm,
    Rank,
    Sigma,
    Softmax,
    eq,
    indices,
    le,
    matrix,
    norm_sq,
    sigma_sum,
    sizes,
)
from verify.ledger import Ledger
from verify.model.claim import Claim, Part, Text
from verify.model.evidence import (
    Certificate,
    Counterexample,
    Evidence,
    Exact,
    Failure,
    Measurement,
    Mutant,
    Mutants,
    Proof,
    Step,
    Stress,
    Typing,
    Violation,
    Witness,
)
from verify.model.statement import Assume, Index, Matrix, Size
from verify.model.words import Outcome, Role, Scope, Verdict

HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"

m, n, d, k, i = *sizes("m n d"), *indices("k i")
W, X = matrix("W", m, n), matrix("X", m, n)
Q, K = matrix("Q", n, d), matrix("K", n, d)
SIZES = (Size(symbol=m), Size(symbol=n), Matrix(symbol=W))
WITNESS = {"m": "2", "n": "2", "W": [["1", "0"], ["0", "1/2"]]}
LOGITS = {"n": "3", "d": "1", "Q": [["0"], ["1"], ["2"]], "K": [["0"], ["log(2)"], ["log(3)"]]}


def both(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh)


softmax_rank = Part(
    id="softmax-rank", role=Role.MAIN,
    reading=both("The rank of the attention matrix is at most the head dimension.", "注意力矩阵的秩不超过头的维数。"),
    given=(Size(symbol=n), Size(symbol=d), Matrix(symbol=Q), Matrix(symbol=K)),
    says=le(Rank(Softmax(Q * K.T)), d), witness=LOGITS, expected=Verdict.REFUTED,
    repair="softmax-rank-repaired", survives_as="effective-rank", sources=("vaswani2017attention",),
    note=both("The exponential acts on entries and does not respect rank.", "逐元素的指数不保持秩。"),
)  # fmt: skip
softmax_rank_repaired = Part(
    id="softmax-rank-repaired", role=Role.CAVEAT,
    reading=both("The rank of the logits is at most the head dimension.", "打分矩阵的秩不超过头的维数。"),
    given=(*softmax_rank.given, Assume(name="short heads", formula=le(d, n))),
    says=le(Rank(Q * K.T), d), witness=LOGITS, expected=Verdict.PROVED,
)  # fmt: skip
effective_rank = Part(
    id="effective-rank", role=Role.MAIN, scope=Scope.TYPICAL,
    reading=both("In trained attention maps the effective rank is small.", "训练好的注意力图的有效秩很小。"),
    expected=Verdict.EMPIRICAL,
)  # fmt: skip
residual = Part(
    id="residual-identity", role=Role.MAIN,
    reading=both("The squared norm is the sum of the squared singular values.", "范数的平方等于奇异值平方之和。"),
    given=SIZES, says=eq(norm_sq(W), sigma_sum(Sigma(W, i) ** 2, i, 1, Rank(W))), witness=WITNESS,
    expected=Verdict.PROVED,
)  # fmt: skip
tail = Part(
    id="tail-bound", role=Role.CAVEAT,
    reading=both("Each singular value is at most the norm.", "每个奇异值都不超过范数。"),
    given=(*SIZES, Index(symbol=k, low=1, high=Rank(W))), says=le(Sigma(W, k), FrobeniusNorm(W)),
    witness={**WITNESS, "k": "1"}, expected=Verdict.SUPPORTED,
)  # fmt: skip
shapes = Part(
    id="shapes", role=Role.MAIN, reading=both("The two factors multiply.", "两个因子可以相乘。"),
    given=(*SIZES, Matrix(symbol=X)), says=le(Rank(W), Rank(X)), witness={**WITNESS, "X": [["1", "0"], ["0", "1"]]},
    expected=Verdict.ILL_POSED, survives_as="usual",
)  # fmt: skip
usual = Part(
    id="usual", role=Role.CAVEAT, scope=Scope.TYPICAL,
    reading=both(f"It usually helps. {HOSTILE}", f"通常有益。{HOSTILE}"), expected=Verdict.EMPIRICAL,
)  # fmt: skip
thin = Part(
    id="thin-search", role=Role.MAIN, reading=both("The rank is at most n.", "秩不超过 n。"),
    given=SIZES, says=le(Rank(W), n), witness=WITNESS, expected=Verdict.SUPPORTED,
)  # fmt: skip
untried = Part(
    id="untried", role=Role.MAIN, reading=both("The rank is at most m.", "秩不超过 m。"),
    given=SIZES, says=le(Rank(W), m), witness=WITNESS, expected=Verdict.PROVED,
)  # fmt: skip

COLLECTION = Collection(
    name="sample",
    title=both("A sample of claims", "命题样例"),
    claims=(
        Claim(
            label="lemma-11.19", section="11.2.1 Spectra", title=both("Rank of attention", "注意力的秩"),
            parts=(softmax_rank, softmax_rank_repaired, effective_rank), sources=("vaswani2017attention",),
            statement_tex=(r"\operatorname{rank}(\operatorname{softmax}(Q K^{\top} / \sqrt{d})) \le \min(n, d)",),
        ),
        Claim(label="theorem-11.11", section="11.2.1 Spectra", title=both("Residual of a truncation", "截断的余量"),
              parts=(residual, tail)),
        Claim(label="equation-gd-update", section="11.2.2 Flow", title=both("The update", "更新式"),
              parts=(shapes, usual)),
        Claim(label="theorem-11.12", section="11.2.2 Flow", title=both("A search too thin", "搜索不足"), parts=(thin,)),
        Claim(label="table-11.2.1", section="11.2.2 Flow", title=both("Not tried", "尚未检验"), parts=(untried,)),
    ),
    chinese={
        "short heads": "头较短",
        "the bound times {n}": "界的 {n} 倍",
        "effective rank below half of n": "有效秩低于 n 的一半",
        "share": "比例",
        "Eckart and Young 1936: best approximation": "Eckart 与 Young 1936：最佳逼近",
        "small decoder": "小解码器",
        "{n} heads": "{n} 个头",
        "median share": "中位比例",
        "orthogonality": "正交性",
    },
)  # fmt: skip

WITNESSED = Witness(engine="exact", holds=True)
STRESS = Stress(
    engine="torch float64", matrices=120_000, recipes=400, worst_margin=0.00125, sharpest_killed="the bound times 0.99",
    classes={"m > n": 40_000, "m = n": 40_000, "m < n": 40_000, "rank-deficient": 9_000, "tied values": 7_000},
    suspects=12, artefacts=12,
)  # fmt: skip
PROOF = Proof(
    engine="rewriting",
    steps=[
        Step(name="singular value decomposition", tex=r"W = U \Sigma V^{\top}", by="definition"),
        Step(name="invariance", tex=r"\|W\|_F^2 = \sum_{i=1}^{r} \sigma_i(W)^2", by="orthogonality", uses=["step 1"]),
    ],
    theorems=["Eckart and Young 1936: best approximation"],
)  # fmt: skip


def counterexample(part: Part, **certificate: object) -> Counterexample:
    known = {"values": LOGITS, "left": "3", "right": "1", "engine": "exact"}
    return Counterexample(
        engine="exact", certified=True, found_by="integer entries",
        certificate=Certificate.model_validate({"statement": part.statement.fingerprint, **known, **certificate}),
        worst=Violation(relative=15.0, where="n = 64, d = 4"),
    )  # fmt: skip


DEADLY = Certificate(statement="0123", values={"k": "1"}, left="1", right="0", engine="exact")


def mutants(*outcomes: Outcome) -> Mutants:
    return Mutants(
        engine="search",
        outcomes=[
            Mutant(
                name=f"mutant {number} {HOSTILE}",
                tex=r"\sigma_{k+1}(W) \ge \|W\|_F",
                outcome=o,
                reason="as shown",
                certificate=DEADLY if o is Outcome.KILLED else None,
            )
            for number, o in enumerate(outcomes, 1)
        ],
    )


EVIDENCE: Mapping[str, Sequence[Evidence]] = {
    "lemma-11.19/softmax-rank": [WITNESSED, counterexample(softmax_rank), STRESS],
    "lemma-11.19/softmax-rank-repaired": [PROOF, WITNESSED],
    "lemma-11.19/effective-rank": [
        Measurement(
            engine="torch", quantity="effective rank below half of n", held=17, of=20, interval=(0.64, 0.95),
            threshold=0.5, null={"Gaussian": 0.05}, networks=["small decoder, 4 heads"], figures={"median share": 0.31},
        )
    ],
    "theorem-11.11/residual-identity": [PROOF, WITNESSED],
    "theorem-11.11/tail-bound": [WITNESSED, STRESS, mutants(Outcome.KILLED, Outcome.KILLED, Outcome.IMPLIED)],
    "equation-gd-update/shapes": [WITNESSED, Typing(engine="typing", message=f"W has n columns {HOSTILE}")],
    "equation-gd-update/usual": [
        Measurement(engine="torch", quantity="share", held=2, of=20, interval=(0.03, 0.3), threshold=0.5, note=HOSTILE)
    ],
    "theorem-11.12/thin-search": [
        WITNESSED, STRESS.model_copy(update={"classes": {"m > n": 3, "tied values": 0}}),
        Exact(engine="fractions", sizes=["2 x 2", "3 x 2"]), mutants(Outcome.SURVIVING),
        Failure(engine="run", check="Prove", cause="error", message=f"ValueError: {HOSTILE}"),
    ],
}  # fmt: skip


def fill(path: Path, evidence: Mapping[str, Sequence[Evidence]] = EVIDENCE) -> Path:
    """A ledger at ``path`` with this evidence on the sample collection."""
    with Ledger(path) as ledger:
        run = ledger.start_run("quick", 7, "cpu", {"python": "3.11.9", "torch": "2.13.0", "sympy": "1.14.0"})
        for name, items in evidence.items():
            claim, part = name.split("/")
            statement = COLLECTION.claim(claim).part(part).statement.fingerprint
            ledger.record(run, COLLECTION.name, claim, part, statement, items)
        ledger.finish_run(run, 12.5)
    return path
