"""Finding and loading collections: claims about one text, from the entry-point group ``verify.collections``.

``VERIFY_COLLECTIONS="module:attribute,..."`` adds collections without installing them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from verify.errors import VerifyError
from verify.model.claim import Claim, Text

GROUP = "verify.collections"
VARIABLE = "VERIFY_COLLECTIONS"
FINGERPRINT = re.compile(r"([0-9a-f]{12})?-[0-9a-f]{12}")
"""Words and formulas of an item (see ``verify.text.fingerprints``); no words where it is a formula without a number."""


class CollectionError(VerifyError):
    """A collection that cannot be loaded; the message names it and why."""


class Collection(BaseModel):
    """Claims about one text, in the order of the text, and the bibliography they cite."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: Text
    claims: tuple[Claim, ...]
    bibliography: Path | None = None
    sections: tuple[Text, ...] = Field((), description="titles of the subsections that claims name, in both languages")
    fingerprints: Mapping[str, str] = Field({}, description="of the text's items when they were encoded, by label")
    chinese: Mapping[str, str] = Field(
        {}, description="of what its claims put into evidence, by the English; a report reads it, no check does"
    )

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
            raise ValueError(f"collection name {value!r}: use lower-case letters, digits and underscores")
        return value

    @model_validator(mode="after")
    def _unique(self) -> Collection:
        labels = [claim.label for claim in self.claims]
        twice = sorted({label for label in labels if labels.count(label) > 1})
        if twice:
            raise ValueError(f"collection {self.name}: two claims are called {twice[0]!r}; rename one")
        titles = {title.en for title in self.sections}
        unknown = next((c.section for c in self.claims if titles and c.section not in titles), None)
        if unknown is not None:
            raise ValueError(f"collection {self.name}: no subsection is called {unknown!r}; add it to `sections`")
        strange = sorted(set(self.fingerprints) - set(labels))
        if strange:
            raise ValueError(f"collection {self.name}: a fingerprint is kept of {strange[0]!r}, which is no claim")
        for label, value in self.fingerprints.items():
            if not FINGERPRINT.fullmatch(value):
                raise ValueError(f"collection {self.name}: the fingerprint of {label} is malformed: {value!r}")
        return self

    def section_title(self, section: str, lang: Literal["en", "zh"]) -> str:
        """The title of a subsection in the language, as it stands where the collection gives no other."""
        return next((title.en if lang == "en" else title.zh for title in self.sections if title.en == section), section)

    def claim(self, label: str) -> Claim:
        return next(claim for claim in self.claims if claim.label == label)


def read_fingerprints(path: Path) -> dict[str, str]:
    """The fingerprints of a text's items by label, from a JSON file. Raises CollectionError naming a bad file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CollectionError(f"{path}: {one_line(error)}") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise CollectionError(f"{path}: expected an object from labels to fingerprints")
    return found


def installed() -> dict[str, Collection]:
    """Every collection that is installed or named in the environment, by name.

    Raises CollectionError for one that does not import, is no Collection, or takes a name already taken.
    """
    found: dict[str, Collection] = {}
    for origin, point in _named():
        collection = _load(origin, point)
        if collection.name in found and found[collection.name] != collection:
            raise CollectionError(f"{origin}: another collection is already called {collection.name!r}; rename one")
        found[collection.name] = collection
    return found


def load(name: str) -> Collection:
    """The collection of that name; others are loaded only until it is found, those most likely to be it first.

    Raises CollectionError where there is none.
    """
    for origin, point in sorted(_named(), key=lambda named: (named[1].name != name, ":" not in named[1].name)):
        collection = _load(origin, point)
        if collection.name == name:
            return collection
    raise CollectionError(f"no collection is called {name!r}; `verify list` shows what there is")


def _named() -> list[tuple[str, EntryPoint]]:
    points = [(f"entry point {p.name} = {p.value}", p) for p in sorted(entry_points(group=GROUP), key=lambda p: p.name)]
    for text in filter(None, (t.strip() for t in os.environ.get(VARIABLE, "").split(","))):
        if not re.fullmatch(r"[\w.]+:\w+", text):
            raise CollectionError(f"{VARIABLE}: {text!r} is not of the form module:attribute")
        points.append((f"{VARIABLE}={text}", EntryPoint(name=text, value=text, group=GROUP)))
    return points


def _load(origin: str, point: EntryPoint) -> Collection:
    try:
        collection = getattr(import_module(point.module), point.attr)
    except Exception as error:
        # Whatever a collection's own module raises is the collection's fault, and is reported as that.
        raise CollectionError(f"{origin}: {type(error).__name__}: {one_line(error)}") from error
    if not isinstance(collection, Collection):
        raise CollectionError(f"{origin}: expected a verify.collection.Collection, found {type(collection).__name__}")
    return collection


def one_line(error: BaseException, width: int = 300) -> str:
    """The message of an error on one line, shortened; of a validation error, what is wrong where."""
    if isinstance(error, ValidationError):
        problems = (".".join(map(str, p["loc"])) + ": " + p["msg"] for p in error.errors())
        text = f"{error.title}: {'; '.join(problems)}"
    else:
        text = str(error)
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 3] + "..."
