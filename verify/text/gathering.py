"""Knowledge of the installed collections: gathered once, and kept in the user's cache until something changes.

Importing the collections takes seconds, for their mathematics is built on import; a citation checker that runs before
every commit needs a few labels, verdicts and sentences only. These are kept as JSON under a key that hashes every
source file of the collections' packages and of this one, and the ledger's state. ``VERIFY_CACHE`` names the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from verify.text.knowledge import KnownClaim, KnownCollection, KnownPart, KnownTheorem, KnownWork

if TYPE_CHECKING:
    from verify.collection import Collection
    from verify.model.claim import Part
    from verify.results import ClaimResult, PartResult
    from verify.select import Chosen

VARIABLE = "VERIFY_CACHE"
GROUP = "verify.collections"
NAMED = "VERIFY_COLLECTIONS"
READ = (".py", ".toml", ".json", ".bib")
KEPT = 8
"""Files of earlier states that stay in the cache: some for other environments and ledgers."""

EXPECTED_EN = "(Not run here: this is the verdict that its author expects.)"
EXPECTED_ZH = "（此处尚未检验：以上是作者预期的结论。）"

Known = dict[str, KnownCollection]


def gather(ledger: Path | None = None) -> Known:
    """What is known of every installed collection, by name.

    Raises CollectionError for a collection that cannot be loaded, LedgerError for a file that is no ledger.
    """
    from verify.ledger_path import default_path

    ledger = ledger or default_path()
    file = cache_folder() / f"knowledge-{_key(ledger)}.json"
    known = _read(file)
    if known is None:
        known = _gathered(ledger)
        _keep(file, known)
    return known


# --- the cache ------------------------------------------------------------------------------------------------------


def cache_folder() -> Path:
    """``$VERIFY_CACHE``, else the user's cache directory."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("verify-claims")


def _key(ledger: Path) -> str:
    points = [*_entry_points(), *(text.strip() for text in os.environ.get(NAMED, "").split(",") if text.strip())]
    parts = [*points, *(f"{path}:{_hash(path.read_bytes())}" for path in _sources(points)), *_state(ledger)]
    return _hash("\n".join(parts).encode())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _entry_points() -> list[str]:
    from importlib.metadata import entry_points

    return sorted(f"{point.name}={point.value}" for point in entry_points(group=GROUP))


def _sources(points: Sequence[str]) -> Iterator[Path]:
    """Every file of the packages that the collections are in, and of this one. What these import from elsewhere is not
    followed."""
    tops = {match[1] for point in points if (match := re.match(r"(?:[^=]*=)?\s*(\w+)[\w.]*:", point))}
    for top in sorted({*tops, "verify"}):
        with suppress(ImportError, ValueError):  # loading will say what is wrong with it
            spec = find_spec(top)
            for folder in (spec.submodule_search_locations or ()) if spec else ():
                yield from sorted(path for path in Path(folder).rglob("*") if path.suffix in READ and path.is_file())
            if spec and spec.submodule_search_locations is None and spec.origin:
                yield Path(spec.origin)


def _state(ledger: Path) -> Iterator[str]:
    """Size and time of the ledger and of its write-ahead log."""
    yield str(ledger.absolute())
    for path in (ledger, ledger.with_name(f"{ledger.name}-wal")):
        with suppress(OSError):
            stat = path.stat()
            if stat.st_size:
                yield f"{path.name}:{stat.st_size}:{stat.st_mtime_ns}"


def _read(file: Path) -> Known | None:
    """What is in the cache; None where it is not there or cannot be read, which costs time and nothing else."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return {name: _collection(value) for name, value in data.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _keep(file: Path, known: Known) -> None:
    text = json.dumps({name: asdict(value) for name, value in known.items()}, ensure_ascii=False)
    with suppress(OSError):  # without a cache the next run gathers anew
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, suffix=".part", delete=False) as half:
            half.write(text)
        Path(half.name).replace(file)
        earlier = sorted(file.parent.glob("knowledge-*.json"), key=lambda path: path.stat().st_mtime_ns)
        for path in earlier[:-KEPT]:
            path.unlink(missing_ok=True)


def _collection(data: dict[str, Any]) -> KnownCollection:
    claims = {
        label: KnownClaim(**{**claim, "parts": tuple(map(_part, claim["parts"])), "sources": tuple(claim["sources"])})
        for label, claim in data["claims"].items()
    }
    return KnownCollection(**{
        **data,
        "claims": claims,
        "works": {key: KnownWork(**_tuples(work)) for key, work in data["works"].items()},
        "theorems": {key: KnownTheorem(**_tuples(theorem)) for key, theorem in data["theorems"].items()},
        "broken": tuple(data["broken"]),
    })  # fmt: skip


def _part(data: dict[str, Any]) -> KnownPart:
    return KnownPart(**_tuples(data))


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


# --- gathering ------------------------------------------------------------------------------------------------------


def _gathered(ledger: Path) -> Known:
    from verify.collection import installed
    from verify.ledger import Ledger
    from verify.results import claim_results, known, last_run, part_result
    from verify.select import everything

    collections = installed()
    chosen = everything(collections)
    day = ""
    if ledger.exists():
        with Ledger(ledger) as opened:
            results = known(opened, chosen)
            run = last_run(opened)
            day = run.finished[:10] if run is not None and run.finished else ""
    else:
        results = claim_results(chosen, lambda c: part_result(c, [], "not run"))
    by_name = {(result.collection, result.id): result for result in results}
    return {name: _known(collection, by_name, day) for name, collection in collections.items()}


def _known(collection: Collection, results: Mapping[tuple[str, str], ClaimResult], day: str) -> KnownCollection:
    from verify.select import Chosen
    from verify.text.bibliography import Bibliography, read

    chosen = [Chosen(collection, claim, part) for claim in collection.claims for part in claim.parts]
    bibliography = read(collection.bibliography) if collection.bibliography else Bibliography({})
    ran = any(part.state == "tried" for (name, _), r in results.items() if name == collection.name for part in r.parts)
    return KnownCollection(
        name=collection.name,
        title_en=collection.title.en,
        title_zh=collection.title.zh,
        claims={
            claim.label: _claim([c for c in chosen if c.claim is claim], results[collection.name, claim.label])
            for claim in collection.claims
        },
        works=bibliography.works,
        records=dict(record for c in chosen for record in _records(c.part)),
        theorems=_classical(),
        broken=bibliography.broken,
        run=day if ran else "",
    )


def _claim(chosen: Sequence[Chosen], result: ClaimResult) -> KnownClaim:
    from verify.judge import Judgement, PartVerdict, headline, only_empirical
    from verify.report.chinese import CHINESE
    from verify.report.citing import how_to_cite

    claim = chosen[0].claim
    verdicts = {p.id: p.verdict if p.state == "tried" else p.expected for p in result.parts}
    judged = {name: Judgement(verdict) for name, verdict in verdicts.items()}
    weighed = [PartVerdict(part.role, part.scope, verdicts[part.id]) for part in claim.parts]
    head = headline(weighed)
    parts = tuple(_known_part(c, p, str(verdicts[p.id])) for c, p in zip(chosen, result.parts, strict=True))
    untried = any(not part.tried for part in parts if part.role == "main")
    en = how_to_cite(claim, head, judged)
    zh = how_to_cite(claim, head, judged, lambda text: CHINESE.get(text, text))
    return KnownClaim(
        label=claim.label,
        title_en=claim.title.en,
        title_zh=claim.title.zh,
        verdict=str(head),
        only_empirical=only_empirical(weighed),
        cite_en=f"{en} {EXPECTED_EN}" if untried else en,
        cite_zh=f"{zh}{EXPECTED_ZH}" if untried else zh,
        parts=parts,
        sources=claim.sources,
        fingerprint=chosen[0].collection.fingerprints.get(claim.label, ""),
    )


def _known_part(chosen: Chosen, result: PartResult, verdict: str) -> KnownPart:
    from verify.checks import Attributed, Prove
    from verify.dependencies import cited, leans_on

    part = chosen.part
    proofs = [check.derivation for check in part.checks if isinstance(check, Prove)]
    theorems = {key for proof in proofs for key in cited(proof) if key in _classical()}
    return KnownPart(
        id=part.id,
        role=str(part.role),
        scope=str(part.scope),
        verdict=verdict,
        tried=result.state == "tried",
        reading_en=part.reading.en,
        reading_zh=part.reading.zh,
        repair=part.repair or "",
        survives_as=part.survives_as or "",
        leans_on=leans_on(chosen),
        theorems=tuple(sorted(theorems)),
        record=next((check.record for check in part.checks if isinstance(check, Attributed)), ""),
    )


def _records(part: Part) -> Iterator[tuple[str, dict[str, str]]]:
    from verify.checks import Attributed

    for check in part.checks:
        if isinstance(check, Attributed) and check.record in check.records:
            record = check.records[check.record]
            names = ("source", "where", "states_en", "states_zh")
            fields = {name: str(getattr(record, name)) for name in names}
            authors = ", ".join(record.authors)
            verified = "yes" if record.verified else ""
            yield check.record, {**fields, "year": str(record.year), "authors": authors, "verified": verified}


PERSON = re.compile(r"[A-Z][a-zé]+(?=[^;]*?\b(?:1[5-9]|20)[0-9]{2})")


@cache
def _classical() -> dict[str, KnownTheorem]:
    """The named theorems that carry a person's name: a person of their source is in the name of what tries them."""
    from verify.proof.theorems import LIBRARY

    found = {}
    for key, theorem in LIBRARY.items():
        label = re.split(r"[-/.]", theorem.foundation)
        persons = tuple(dict.fromkeys(p for p in PERSON.findall(theorem.source) if p.lower() in label))
        if persons:
            found[key] = KnownTheorem(theorem.name, theorem.name, persons)
    return found
