"""Pages from views: Jinja templates, one self-contained file a collection. The only module that writes."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from verify import __version__
from verify.collection import Collection
from verify.labels import KINDS
from verify.ledger import Ledger
from verify.model.claim import Text
from verify.model.statement import Declared
from verify.model.words import Outcome, Role, Verdict
from verify.report import errata, mathematics, plots
from verify.report.changes import mutant_name
from verify.report.citing import how_to_cite
from verify.report.drawing import labelled
from verify.report.graph import graph
from verify.report.lean import lean
from verify.report.mathematics import ReportError
from verify.report.messages import Language, capital, gettext, ngettext
from verify.report.plots.families import grouped
from verify.report.plots.plot import figure
from verify.report.proofs import told
from verify.report.quoting import Quote, differing, matched, quotes
from verify.report.source import read
from verify.report.view import ClaimView, Page, PartView, page, slug
from verify.report.wording import Wording


def write(
    ledger: Ledger, collections: Iterable[Collection], out: Path, lang: Language = "en", textbook: Path | None = None
) -> list[Path]:
    """Writes ``out/NAME.html`` for every collection on which the ledger holds evidence, and the errata; returns paths.

    Nothing is recomputed. With a ``textbook`` the user's own text is quoted beside the verdicts. A file is replaced
    whole or not at all. Raises ReportError where the ledger holds no evidence on any of the collections, where a
    formula does not convert to MathML, where the text cannot be read or has no item of the collections, or where
    ``out`` cannot be written.
    """
    known = [(collection, read(ledger, collection)) for collection in collections]
    pages = [page(collection, records) for collection, records in known if records is not None]
    if not pages:
        names = " ".join(collection.name for collection, _ in known)
        what = f"`verify run {names}` makes it" if names else "no collection is installed"
        raise ReportError(f"ledger {ledger.path} holds no evidence to report; {what}")
    quoted = None if textbook is None else read_text(textbook, pages)
    written = [p.collection.name for p in pages]
    titles = {f"{one.name}:{claim.label}": claim.title for one, _ in known for claim in one.claims}
    rendered = [(out / f"{p.collection.name}.html", render(p, lang, quoted, written, titles)) for p in pages]
    rendered.append((out / errata.name(lang), errata.markdown(pages, lang, quoted)))
    for path, text in rendered:
        replace_whole(path, text)
    return [path for path, _ in rendered]


def read_text(textbook: Path, pages: Iterable[Page]) -> Quoted:
    """The items of the user's text. Raises ReportError where none of them is one of the claims."""
    encoded = {name: value for p in pages for name, value in p.collection.fingerprints.items()}
    found = quotes(textbook, encoded)
    if not any(claim.id in found for p in pages for claim in p.claims):
        raise ReportError(f"{textbook} has none of the items on trial; name the text that the claims are about")
    return Quoted(textbook.name, found)


class Quoted(NamedTuple):
    """The user's own text: the name of its file, and its items by identifier."""

    file: str
    items: Mapping[str, Quote]


def render(
    view: Page,
    lang: Language = "en",
    quoted: Quoted | None = None,
    written: Iterable[str] = (),
    titles: Mapping[str, Text] | None = None,
) -> str:
    """The HTML of one page. Pure: equal views give equal text. ``written`` names the pages that stand beside it.

    ``titles`` are those of the claims of all collections, by ``collection:claim``.
    """
    written = frozenset(written)
    env = environment(lang, view.collection.chinese)
    script = own_file(env, "script.js")
    shown = env.get_template("page.html.j2").render(
        page=view,
        quoted=quoted,
        lang=lang,
        other="zh" if lang == "en" else "en",
        version=__version__,
        written=written,
        script=script,
        script_hash=f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}",
        graph=graph(view, lang, partial(gettext, lang), written, titles),
        errata_name=errata.name(lang),
    )
    return lean(re.sub(r"\n\s*\n+", "\n", shown))


def environment(lang: Language, own: Mapping[str, str] | None = None) -> Environment:
    """Everything that is not made by ``mathematics`` is escaped; a missing name is an error, not a blank.

    ``own`` is what the collection says in Chinese of its own.
    """
    env = Environment(
        loader=PackageLoader("verify.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    translate, words = partial(gettext, lang), Wording(lang, own)
    env.install_gettext_callables(translate, partial(ngettext, lang), newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {
        "tex": mathematics.from_tex,
        "tex_or_none": mathematics.from_tex_or_none,
        "tex_in_text": mathematics.in_text,
        "formula": mathematics.formula,
        "in_text": mathematics.formula_in_text,
        "is_long": mathematics.is_long,
        "hypotheses": partial(mathematics.hypotheses_in_text, words=words),
        "values_in_text": mathematics.values_in_text,
        "quantity": mathematics.quantity,
        "short": mathematics.short,
        "slug": slug,
        "figure": figure,
        "labelled": labelled,
        "count": "{:,}".format,
        "moment": moment,
        "capital": capital,
        "in_words": words,
        "words_in_tex": words.in_tex,
    }
    env.globals |= {
        **dict(zip(("comma", "semicolon", "colon"), "，；：" if lang == "zh" else (", ", "; ", ": "), strict=True)),
        "Outcome": Outcome,
        "Role": Role,
        "Verdict": Verdict,
        "assigned": assigned,
        "broken": broken,
        "is_wide_values": lambda values: any(map(mathematics.is_wide, values.values())),
        "matched": matched,
        "differing": differing,
        "mutant_name": lambda name: mutant_name(name, lang, words),
        "kind_name": lambda kind, lang: KINDS[kind][lang == "zh"],
        "grouped": grouped,
        "told": partial(told, words=words),
        "plots": lambda found: plots.of_evidence(found, words),
        "heat_maps": lambda values: Markup("").join(plots.of_matrices(values, words)),
        "page_margins": lambda shown: plots.of_margins(shown.margins, words),
        "changed": changed,
        "next_name": map("p{}".format, count(1)).__next__,
        "severity": errata.severity,
        "cite": lambda claim: cite(claim, translate),
        "sentence": lambda word: translate(word.sentence),
        "css": own_file(env, "style.css"),
    }
    return env


def own_file(env: Environment, name: str) -> Markup:
    source, _, _ = env.loader.get_source(env, name)  # type: ignore[union-attr]
    return Markup(source)  # noqa: S704 - the project's own file


def moment(iso: str) -> str:
    """``2026-01-31 12:00 UTC``; the ledger keeps all times in UTC."""
    return datetime.fromisoformat(iso).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def assigned(part: PartView, values: dict[str, Any]) -> tuple[Markup, list[Markup]]:
    """Exact values of the part's declared symbols: those that fit on a line of text, then matrices as MathML, or
    where they are wide as columns of text.

    Both in the order in which the statement declares them.
    """
    declared = [line.introduces for line in part.part.given if line.introduces is not None]
    order = {getattr(s, "name", str(s)): s for s in declared}
    names = sorted(values, key=lambda n: list(order).index(n) if n in order else len(order))
    short = [n for n in names if mathematics.is_short(values[n])]
    line = Markup(", ").join(
        Markup("{} = {}").format(mathematics.in_text(_letter(n, order)), mathematics.value_in_text(values[n]))
        for n in short
    )
    rest = [n for n in names if n not in short]
    return line, [shown for n in rest for shown in _set_out(n, _letter(n, order), values[n])]


def _set_out(name: str, letter: str, value: Any) -> list[Markup]:
    if not mathematics.is_wide(value):
        return mathematics.assignment(letter, value)
    members = {name: value} if mathematics.is_matrix(value) else {f"{name}_{i}": v for i, v in enumerate(value, 1)}
    return [Markup("<pre>{}</pre>").format(f"{n} =\n{mathematics.columns(matrix)}") for n, matrix in members.items()]


def _letter(name: str, declared: dict[str, Any]) -> str:
    if name in declared:
        return mathematics.value_tex(declared[name])
    return rf"\text{{{mathematics.plain_tex(name)}}}"


RELATIONS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}


def broken(part: PartView, relation: int) -> str:
    """The sign of the relation that a certificate breaks."""
    sign = str(part.part.says[relation].rel_op)
    return RELATIONS.get(sign, sign)


def changed(part: PartView, repair: PartView) -> tuple[list[Declared], list[Declared]]:
    """Hypotheses that the repair adds, and those that it drops."""
    old, new = part.part.given, repair.part.given
    return [line for line in new if line not in old], [line for line in old if line not in new]


def cite(view: ClaimView, translate: Any) -> str:
    state = view.state if view.judged else None
    return how_to_cite(view.claim, state, view.judged, translate)  # type: ignore[arg-type]


def replace_whole(path: Path, text: str) -> None:
    """Writes beside the target and renames, so that a reader never sees half a page."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {error.strerror}") from error
