from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import sample_collection
from pydantic import ValidationError

from verify import collection as module
from verify.collection import Collection, CollectionError, installed, load


@pytest.fixture(autouse=True)
def _only_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "entry_points", lambda group: [])


def test_collections_named_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFY_COLLECTIONS", "sample_collection:collection, sample_collection:surprising,")
    assert list(installed()) == ["sample", "surprising"]
    assert load("sample") is sample_collection.collection


def test_collections_from_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint(name="x", value="sample_collection:collection", group=module.GROUP)
    monkeypatch.setattr(module, "entry_points", lambda group: [point] if group == "verify.collections" else [])
    assert list(installed()) == ["sample"]
    monkeypatch.setenv("VERIFY_COLLECTIONS", "sample_collection:collection")
    assert list(installed()) == ["sample"]  # the same object twice is no clash


@pytest.mark.parametrize(
    "value, problem",
    [
        ("no_such_module:x", "ModuleNotFoundError"),
        ("sample_collection:no_such", "AttributeError"),
        ("sample_collection:not_a_collection", "found int"),
        ("sample_collection", "module:attribute"),
        ("os; import sys:x", "module:attribute"),
    ],
)
def test_a_broken_collection_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, value: str, problem: str) -> None:
    monkeypatch.setenv("VERIFY_COLLECTIONS", value)
    with pytest.raises(CollectionError, match=problem) as caught:
        installed()
    assert "\n" not in str(caught.value)
    assert value in str(caught.value)


def test_two_collections_of_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    other = sample_collection.surprising.model_copy(update={"name": "sample"})
    monkeypatch.setattr(sample_collection, "other", other, raising=False)
    monkeypatch.setenv("VERIFY_COLLECTIONS", "sample_collection:collection,sample_collection:other")
    with pytest.raises(CollectionError, match="already called 'sample'"):
        installed()


def test_an_unknown_name() -> None:
    with pytest.raises(CollectionError, match="no collection is called 'sample'"):
        load("sample")


def test_loading_one_collection_does_not_need_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint(name="broken", value="no_such_module:x", group=module.GROUP)
    named = EntryPoint(name="sample", value="sample_collection:collection", group=module.GROUP)
    monkeypatch.setattr(module, "entry_points", lambda group: [broken, named])
    assert load("sample").name == "sample"
    monkeypatch.setattr(module, "entry_points", lambda group: [broken])
    monkeypatch.setenv("VERIFY_COLLECTIONS", "sample_collection:collection")
    assert load("sample").name == "sample"
    with pytest.raises(CollectionError, match="no_such_module"):
        load("other")


def test_labels_are_unique_and_names_plain() -> None:
    sample = sample_collection.collection
    with pytest.raises(ValidationError, match="two claims are called"):
        Collection(name="x", title=sample.title, claims=(sample.claim("lemma-1.2"),) * 2)
    with pytest.raises(ValidationError, match="lower-case"):
        Collection(name="Low Rank", title=sample.title, claims=())


def test_the_engine_knows_no_collection() -> None:
    """``claims`` imports ``verify``, never the other way."""
    root = Path(module.__file__).parent
    offenders = [
        path.name
        for path in root.rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.strip().startswith(("import claims", "from claims"))
    ]
    assert offenders == []


def test_listing_collections_needs_no_torch() -> None:
    code = "import sys, verify.collection, verify.select, verify.results, verify.plan; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
