"""Bibliographies: entries of a BibTeX file as plain data. A bad entry is named, and does not spoil the others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from verify.errors import VerifyError
from verify.text.document import Document
from verify.text.knowledge import KnownWork

ACCENT = re.compile(r"\\(?:[`'^\"~=.]|[uvHtcdbkr](?![A-Za-z]))\s*\{?\\?([A-Za-z])\}?")
LETTERS = {r"\ss": "ss", r"\o": "o", r"\O": "O", r"\l": "l", r"\L": "L", r"\ae": "ae", r"\aa": "a", r"\oe": "oe"}
YEAR = re.compile(r"(?<![0-9])(1[5-9][0-9]{2}|20[0-9]{2})(?![0-9])")
ARXIV = re.compile(r"(?<![0-9])([0-9]{2})(0[1-9]|1[0-2])\.[0-9]{4,5}")
FIRST_ARXIV_YEAR = 7
"""Numbers of the form YYMM.NNNNN were given from 2007 on."""
DECLARED = re.compile(
    r"\\(?:bibliography|addbibresource|addglobalbib)(?:\[[^\]\n]{0,200}\])?\{(?P<tex>[^}\n]{1,400})\}"
    r"|^bibliography:[ \t]*(?P<one>[^\s\[#][^\n#]{0,200})"
    r"|^bibliography:[ \t]*(?:\[(?P<row>[^\]\n]{1,400})\]|\n(?P<list>(?:[ \t]*-[ \t]+[^\n]+\n){1,20}))",
    re.MULTILINE,
)
BIBITEM = re.compile(r"\\bibitem(?:\[[^\]\n]{0,200}\])?\{(?P<key>[^}\n]{1,100})\}")


@dataclass(frozen=True)
class Bibliography:
    """Works by key, and the names of the entries that could not be read."""

    works: dict[str, KnownWork]
    broken: tuple[str, ...] = ()


class BibliographyError(VerifyError):
    """A bibliography that cannot be read at all."""


def read(path: Path) -> Bibliography:
    """The entries of a BibTeX file. Raises BibliographyError for a file that is missing or not UTF-8."""
    try:
        source = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BibliographyError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BibliographyError(f"{path}: not UTF-8 (byte {error.start})") from error
    return of_bibtex(source)


def of_bibtex(source: str) -> Bibliography:
    from bibtexparser.entrypoint import parse_string

    library = parse_string(source)
    works, broken = {}, []
    for entry in library.entries:
        fields = {name.lower(): str(value.value) for name, value in entry.fields_dict.items()}
        works[entry.key] = _work(entry.key, fields)
    for block in library.failed_blocks:
        name = re.match(r"\s*@\w+\s*[{(]\s*([^\s,]+)", block.raw or "")
        line = f"line {(block.start_line or 0) + 1}"
        broken.append(f"{name[1]} ({line})" if name else line)
    return Bibliography(works, tuple(broken))


def _work(key: str, fields: dict[str, str]) -> KnownWork:
    names = fields.get("author") or fields.get("editor") or ""
    years = YEAR.findall(fields.get("year") or fields.get("date", ""))[:1]
    arxiv = ARXIV.findall(" ".join(fields.get(name, "") for name in ("eprint", "url", "journal", "note", "doi")))
    preprint = [f"20{year}" for year, _ in arxiv[:1] if int(year) >= FIRST_ARXIV_YEAR]
    numbers = [fields[name].lower().strip() for name in ("doi", "eprint") if fields.get(name)]
    return KnownWork(
        key=key,
        authors=tuple(family(name) for name in _split(names) if name.strip() and name.strip() != "others"),
        year=years[0] if years else "",
        title=plain(fields.get("title", "")),
        years=tuple(dict.fromkeys([*years, *preprint])),
        numbers=tuple(numbers),
    )


def _split(names: str) -> Iterator[str]:
    """At each ``and`` outside braces."""
    depth, start = 0, 0
    for match in re.finditer(r"[{}]|\s+and\s+", names):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif depth <= 0:
            yield names[start : match.start()]
            start = match.end()
    yield names[start:]


def family(name: str) -> str:
    """The family name in "Family, Given", "Given von Family", or of a name in braces."""
    name = name.strip()
    if name.startswith("{") and name.endswith("}"):
        return plain(name)
    before, comma, _ = name.partition(",")
    return plain(before if comma else name.split()[-1])


def plain(text: str) -> str:
    """TeX's accents and braces taken off."""
    text = ACCENT.sub(r"\1", text)
    for command, letters in LETTERS.items():
        text = re.sub(re.escape(command) + r"(?![A-Za-z])\s?", letters, text)
    return " ".join(text.replace("{", "").replace("}", "").split())


def folded(text: str) -> str:
    """For comparison: no accents, no case, letters and digits only."""
    decomposed = unicodedata.normalize("NFKD", plain(text).casefold())
    return "".join(c for c in decomposed if c.isalnum())


def same_works(entry: KnownWork, known: Iterable[KnownWork]) -> list[KnownWork]:
    """Those that are the same work as an entry: the same DOI or arXiv number, or the same title."""
    numbers, title = set(entry.numbers), folded(entry.title)
    return [work for work in known if numbers & set(work.numbers) or (title and folded(work.title) == title)]


# --- the bibliography of a document -------------------------------------------------------------------------------


def of_document(document: Document, folder: Path | None, named: Iterable[Path] = ()) -> Bibliography | None:
    """What the document declares, beside the files ``named`` for it; None where that is nothing that can be read.

    A declared file that is missing is named in ``broken``: then nothing is said to be missing from the bibliography.
    """
    works: dict[str, KnownWork] = {m["key"].strip(): _bare(m["key"].strip()) for m in BIBITEM.finditer(document.source)}
    broken: list[str] = []
    found = bool(works)
    for path in [*named, *_declared(document, folder)]:
        try:
            read_here = read(path)
        except BibliographyError as error:
            broken.append(str(error))
            continue
        found = True
        works |= read_here.works
        broken += [f"{path.name}: {entry}" for entry in read_here.broken]
    return Bibliography(works, tuple(broken)) if found or broken else None


def _bare(key: str) -> KnownWork:
    return KnownWork(key, (), "", "")


def _declared(document: Document, folder: Path | None) -> Iterator[Path]:
    if folder is None:
        return
    start = document.source[:4] == "---\n"
    head = document.source.find("\n---", 4) if start else -1
    for match in DECLARED.finditer(document.source):
        if match["tex"]:
            names = [name if Path(name).suffix == ".bib" else f"{name}.bib" for name in _list(match["tex"])]
        elif start and match.start() < head:
            names = _list(match["one"] or match["row"] or re.sub(r"^[ \t]*-", ",", match["list"] or "", flags=re.M))
        else:
            continue
        yield from (folder / name for name in names)


def _list(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := part.strip().strip("\"'").strip())]
