from __future__ import annotations

from pathlib import Path

import pytest

from verify.text.bibliography import BibliographyError, family, folded, of_bibtex, of_document, read
from verify.text.markdown import parse

BIB = r"""
@article{hu2022, author = {Hu, Edward J. and Shen, Yelong and others}, title = {{LoRA}: low rank}, year = {2022},
  eprint = {2106.09685}, doi = {10.1/X}}
@article{open2020, title = {Broken, year = 2020}
@book{polya, author = {P{\'o}lya, Gy{\"o}rgy and {The Group} and Ludwig van Beethoven}, title = "A", date = {1952-01}}
@article{hu2022, title = {Twice}, year = 2023}
"""


def test_good_entries_are_kept_and_bad_ones_named() -> None:
    found = of_bibtex(BIB.replace("@article{open2020, title = {Broken, year = 2020}\n", ""))
    assert list(found.works) == ["hu2022", "polya"]
    assert found.works["hu2022"].authors == ("Hu", "Shen")
    assert found.works["hu2022"].years == ("2022", "2021")
    assert found.works["hu2022"].numbers == ("10.1/x", "2106.09685")
    assert found.works["hu2022"].title == "LoRA: low rank"
    assert found.works["polya"].authors == ("Polya", "The Group", "Beethoven")
    assert found.works["polya"].year == "1952"
    assert found.broken == ("hu2022 (line 6)",) or found.broken == ("hu2022 (line 5)",)
    assert any(name.startswith("open2020") for name in of_bibtex(BIB).broken)


def test_names_and_accents() -> None:
    assert family("Zhang, Qingru") == family("Qingru Zhang") == "Zhang"
    assert family("{The Group}") == "The Group"
    assert folded(r"P{\'o}lya") == folded("Pólya") == folded("POLYA")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BibliographyError, match="No such file"):
        read(tmp_path / "none.bib")
    (tmp_path / "latin.bib").write_bytes(b"@book{a, author = {P\xf3lya}}")
    with pytest.raises(BibliographyError, match="not UTF-8"):
        read(tmp_path / "latin.bib")


@pytest.mark.parametrize(
    "source",
    [
        "---\nbibliography: refs.bib\n---\ntext",
        "---\ntitle: x\nbibliography: [refs.bib]\n---\ntext",
        "---\nbibliography:\n  - refs.bib\n---\ntext",
        "\\bibliography{refs}",
        "\\addbibresource[label=a]{refs.bib}",
    ],
)
def test_a_document_declares_its_bibliography(source: str, tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text("@book{a, title = {A}, year = 1999}")
    found = of_document(parse(source), tmp_path)
    assert found is not None
    assert list(found.works) == ["a"]
    missing = of_document(parse(source.replace("refs", "gone")), tmp_path)
    assert missing is not None
    assert "gone.bib" in missing.broken[0]


def test_a_list_in_the_document_itself_and_none_at_all(tmp_path: Path) -> None:
    found = of_document(parse("\\begin{thebibliography}{9}\n\\bibitem[H]{hu} Hu. Title.\n"), tmp_path)
    assert found is not None
    assert list(found.works) == ["hu"]
    assert of_document(parse("no word on it; bibliography: refs.bib"), tmp_path) is None
