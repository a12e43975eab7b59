"""What a source states, frozen: the record against which an attribution is checked."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """One statement of one source. ``formula`` is TeX exactly as the printing reader prints the formula."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"[a-z0-9]+(-[a-z0-9.]+)*")
    source: str = Field(description="key of the bibliography entry")
    year: int
    authors: tuple[str, ...] = Field(min_length=1, description="family names, in the order of the source")
    where: str = Field(description="place in the source: equation, section, page")
    formula: str = ""
    states_en: str = Field(description="what the source states, in the project's own words")
    states_zh: str
    provenance: str = Field(description="how the record was made")
    verified: bool = Field(description="whether it was compared with the source itself")
