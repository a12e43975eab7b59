"""What a small collection is known for, and documents that cite it: for the rules that ask."""

from __future__ import annotations

from typing import Any

from verify.text.check import check
from verify.text.diagnostics import Diagnostic, Rule
from verify.text.document import Document
from verify.text.fingerprints import fingerprint, of_display
from verify.text.knowledge import Knowledge, KnownClaim, KnownCollection, KnownPart, KnownTheorem, KnownWork
from verify.text.markdown import parse
from verify.text.resolving import knowledge_of

TEXT = """# 7.1 Order

**Definition 7.1 (Order)** The order of $x$ is $o(x) = |x|$.

**Lemma 7.1 (Bound)** The order satisfies $o(x) \\le 1$.

As for the mean, it is defined as
$$
\\mu = \\frac{1}{n} \\sum_{i=1}^n x_i
$$

**Lemma 7.2 (Growth)** The order satisfies $o(x + y) \\le o(x) + o(y)$.

**Theorem 7.3 (Practice)** Usually $o(x)$ is small.

**Corollary 7.4 (Size)** Mostly $o(x) < 2$, by Lemma 7.2.
"""
VERDICTS = {
    "definition-7.1": "proved",
    "lemma-7.1": "refuted",
    "definition-mean": "proved",
    "lemma-7.2": "proved",
    "theorem-7.3": "empirical",
    "corollary-7.4": "contradicted",
}
TITLES = {"definition-7.1": ("Order", "阶"), "lemma-7.1": ("Bound", "上界"), "definition-mean": ("Mean", "均值")}
WORKS = {
    "hu2022": KnownWork(
        "hu2022", ("Hu", "Shen"), "2022", "LoRA: low-rank adaptation", ("2022", "2021"), ("2106.09685",)
    ),
    "weyl1912": KnownWork("weyl1912", ("Weyl",), "1912", "Das asymptotische Gesetz", ("1912",), ()),
}
RECORDS = {
    "hu2022-order": {
        "source": "hu2022", "where": "section 4", "states_en": "The order is squared.", "states_zh": "阶取平方。",
        "year": "2022", "authors": "Hu, Shen", "verified": "",
    }
}  # fmt: skip


def part(name: str, verdict: str, **fields: Any) -> KnownPart:
    given = {
        "role": "main",
        "scope": "universal",
        "tried": True,
        "reading_en": f"{name} reads.",
        "reading_zh": f"{name} 读作。",
    }
    return KnownPart(id=name, verdict=verdict, **{**given, **fields})


def claim(label: str, verdict: str, document: Document, **fields: Any) -> KnownClaim:
    en, zh = TITLES.get(label, ("Title", "标题"))
    parts = (part("bound", verdict, repair="bound-repaired" if verdict == "refuted" else ""),)
    if verdict == "refuted":
        parts += (part("bound-repaired", "proved"),)
    items = document.by_identifier.get(label)
    given = {
        "cite_en": f"Cite {label} so.", "cite_zh": f"如此引用 {label}。", "parts": parts, "only_empirical": False,
        "fingerprint": fingerprint(document, items[0]) if items else of_display(document.formulas[3]),
    }  # fmt: skip
    return KnownClaim(label=label, title_en=en, title_zh=zh, verdict=verdict, **{**given, **fields})


def collection(name: str = "sample", **fields: Any) -> KnownCollection:
    document = parse(TEXT)
    claims = {label: claim(label, verdict, document) for label, verdict in VERDICTS.items()}
    theorems = {"weyl": KnownTheorem("Weyl's inequality", "Weyl 不等式", ("Weyl",))}
    given = {"works": WORKS, "records": RECORDS, "theorems": theorems, "claims": claims}
    return KnownCollection(name=name, title_en="Sample", title_zh="样例", **{**given, **fields})


SAMPLE = collection()


def with_claim(label: str, **fields: Any) -> KnownCollection:
    """The sample with one claim changed."""
    changed = KnownClaim(**{**vars(SAMPLE.claims[label]), **fields})
    return collection(claims={**SAMPLE.claims, label: changed})


def known(document: Document, *collections: KnownCollection, **more: Any) -> Knowledge:
    return knowledge_of(document, {one.name: one for one in collections or (SAMPLE,)}, **more)


def found(rule: Rule, source: str | Document, *collections: KnownCollection, **more: Any) -> list[Diagnostic]:
    """What a rule finds in a text against the sample, or against the collections."""
    document = parse(source) if isinstance(source, str) else source
    return check(document, known(document, *collections, **more), [rule])


def lines(rule: Rule, source: str, *collections: KnownCollection, **more: Any) -> list[int]:
    return [one.line for one in found(rule, source, *collections, **more)]
