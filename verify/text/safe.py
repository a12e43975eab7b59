"""What may safely be written of a claim, with the strength of its evidence, and an entry for a bibliography."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from verify import __version__
from verify.errors import VerifyError
from verify.labels import identifier_of, label
from verify.text.knowledge import GOOD, KnownClaim, KnownCollection, KnownPart
from verify.text.mentions import LABEL, kind_of
from verify.text.resolving import AgainstError
from verify.text.rules.verdicts import verdict_of

STRENGTH = {
    "proved": ("It is proved, for every size and value in scope", "已对范围内所有尺寸和取值证明"),
    "supported": ("No counterexample was found in a search, and it is not proved", "搜索未发现反例，但未证明"),
    "empirical": ("It was observed in the networks measured", "在所测的网络中观察到"),
}
EXPECTED = (" (expected; not run here)", "（预期，此处尚未检验）")
NOTHING = ("Nothing of it may be relied on.", "其中没有可以依赖的内容。")
ESCAPED = str.maketrans({c: f"\\{c}" for c in "&%$#_"} | {"{": r"\{", "}": r"\}", "\\": r"\textbackslash{}"})


class CiteError(VerifyError):
    """A label that names no claim, or several."""


def find_claim(
    collections: Mapping[str, KnownCollection], text: str, against: Sequence[str] = ()
) -> tuple[KnownCollection, KnownClaim]:
    """The claim that a label names: ``lemma-11.19``, "Lemma 11.19", "Lem. 11.19", "引理 11.19", or one of its parts.

    Raises CiteError for none or several, AgainstError for a collection that is not there.
    """
    for name in against:
        if name not in collections:
            raise AgainstError(f"no collection is called {name!r}; there are: {', '.join(sorted(collections))}")
    meant = [collections[name] for name in against or collections]
    head = text.strip().partition("/")[0]
    short = LABEL.fullmatch(head)
    wanted = identifier_of(head) or (f"{kind_of(short['kind'])}-{short['number']}" if short else head.lower())
    found = [(collection, collection.claims[wanted]) for collection in meant if wanted in collection.claims]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(collection.name for collection, _ in found)
        raise CiteError(f"{text!r} is a claim of several collections ({names}); name one with --against")
    there = [claim for collection in meant for claim in collection.claims]
    near = difflib.get_close_matches(wanted, there, n=3, cutoff=0.5)
    hint = f"nearest: {', '.join(near)}" if near else "`verify list` shows what there is"
    raise CiteError(f"no claim is called {text!r}; {hint}")


def may_be_written(claim: KnownClaim, lang: str) -> list[str]:
    """One sentence for each part that holds, of those the text states and of the corrected ones, strongest first."""
    zh = lang == "zh"
    parts = dict.fromkeys([*(p for p in claim.stated if p.verdict in (*GOOD, "empirical")), *claim.instead()])
    ranked = sorted(parts, key=lambda part: list(STRENGTH).index(part.verdict))
    return [_sentence(part, zh) for part in ranked] or [NOTHING[zh]]


def _sentence(part: KnownPart, zh: bool) -> str:
    reading = (part.reading_zh if zh else part.reading_en).rstrip(".。")
    expected = "" if part.tried else EXPECTED[zh]
    if zh:
        return f"{STRENGTH[part.verdict][zh]}{expected}（{part.id}）：{reading}。"
    return f"{STRENGTH[part.verdict][zh]}{expected} ({part.id}): {reading}."


def lines(collection: KnownCollection, claim: KnownClaim, languages: Sequence[str]) -> Iterator[str]:
    for number, lang in enumerate(languages):
        zh = lang == "zh"
        if number:
            yield ""
        yield verdict_of(claim, zh)
        yield claim.cite_zh if zh else claim.cite_en
        yield from (f"  {sentence}" for sentence in may_be_written(claim, lang))
    yield ""
    yield f"BibTeX: verify cite {claim.label} --against {collection.name} --bibtex"


def entry(collection: KnownCollection, claim: KnownClaim) -> str:
    """A BibTeX entry for what the report says of the claim; without a year where nothing was run here."""
    name = label(claim.label)["en"]
    fields = {
        "author": "{verify}",
        "title": f"{{{_tex(f'{name}: {claim.title_en}')}}}",
        "howpublished": _tex(f"Report on the collection {collection.name}, entry {claim.label}, verify {__version__}"),
        "year": collection.run[:4],
        "note": _tex(f"Verdict: {claim.verdict}. {claim.cite_en}"),
    }
    body = "".join(f"  {key:<12} = {{{value}}},\n" for key, value in fields.items() if value)
    return f"@misc{{verify-{collection.name.replace('_', '-')}-{claim.label},\n{body}}}"


def _tex(text: str) -> str:
    return text.translate(ESCAPED)


def as_data(collection: KnownCollection, claim: KnownClaim) -> dict[str, Any]:
    return {
        "id": claim.label,
        "collection": collection.name,
        "label": label(claim.label),
        "verdict": claim.verdict,
        "only_empirical": claim.only_empirical,
        "tried": claim.tried,
        "how_to_cite": {"en": claim.cite_en, "zh": claim.cite_zh},
        "may_be_written": {lang: may_be_written(claim, lang) for lang in ("en", "zh")},
        "bibtex": entry(collection, claim),
    }
