"""What the page says is what the judge says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import report_sample as sample

from verify.cli import cli
from verify.context import Context
from verify.judge import judge
from verify.ledger import Ledger
from verify.model.words import Role, Verdict
from verify.report.source import Records, read
from verify.report.view import STATES, NotRun, Page, page


def view(path: Path) -> Page:
    with Ledger(sample.fill(path)) as ledger:
        records = read(ledger, sample.COLLECTION)
    assert records is not None
    return page(sample.COLLECTION, records)


def test_verdicts_are_the_judges(tmp_path: Path) -> None:
    shown = view(tmp_path / "l.sqlite")
    for part in shown.parts:
        evidence = sample.EVIDENCE.get(part.id)
        assert part.state == (judge(part.part.scope, evidence).verdict if evidence else NotRun.NOT_RUN)
    assert {p.state for p in shown.parts} == set(STATES), "the sample is to show every state"


def test_a_command_names_what_differs_from_the_defaults_of_the_command_line(tmp_path: Path) -> None:
    part = view(tmp_path / "l.sqlite").claims[0].parts[0]
    assert part.commands[0] == "verify run lemma-11.19/softmax-rank --profile quick --seed 7 --fresh"
    defaults = {option.name: option.default for option in cli.commands["run"].params}
    assert part.run is not None
    usual = part.run.model_copy(update={"profile": defaults["profile"], "seed": defaults["seed"]})
    assert replace(part, run=usual).commands[0] == "verify run lemma-11.19/softmax-rank --fresh"
    assert (defaults["profile"], defaults["seed"]) == (Context().profile, Context().seed)


def test_counts_add_up(tmp_path: Path) -> None:
    shown = view(tmp_path / "l.sqlite")
    assert shown.claim_counts.total() == len(sample.COLLECTION.claims)
    assert shown.part_counts.total() == sum(len(c.parts) for c in sample.COLLECTION.claims)
    assert shown.claim_counts == {
        Verdict.REFUTED: 1, Verdict.PROVED: 1, Verdict.ILL_POSED: 1, Verdict.INCONCLUSIVE: 1, NotRun.NOT_RUN: 1,
    }  # fmt: skip
    assert shown.records.matrices == 3 * sample.STRESS.matrices


def test_what_is_not_green_is_complete_and_disjoint(tmp_path: Path) -> None:
    shown = view(tmp_path / "l.sqlite")
    listed = [p.id for p in (*shown.to_correct, *shown.also_open)]
    not_green = [p.id for p in shown.parts if not (isinstance(p.state, Verdict) and p.state.is_good)]
    assert sorted(listed) == sorted(not_green)
    assert [c.id for c in shown.only_observed] == ["lemma-11.19"]


def test_a_half_run_claim_is_inconclusive_and_not_green() -> None:
    shown = page(sample.COLLECTION, Records((), {}))
    assert {c.state for c in shown.claims} == {NotRun.NOT_RUN}


def test_a_claim_with_one_main_part_not_run_is_not_proved(tmp_path: Path) -> None:
    proved = {"lemma-11.19/effective-rank": sample.EVIDENCE["lemma-11.19/effective-rank"]}
    with Ledger(sample.fill(tmp_path / "l.sqlite", proved)) as ledger:
        records = read(ledger, sample.COLLECTION)
    assert records is not None
    lemma = page(sample.COLLECTION, records).claims[0]
    assert lemma.state is Verdict.INCONCLUSIVE


def test_another_collections_evidence_is_not_ours(tmp_path: Path) -> None:
    other = sample.COLLECTION.model_copy(update={"name": "other"})
    with Ledger(sample.fill(tmp_path / "l.sqlite")) as ledger:
        assert read(ledger, other) is None


def test_links_between_parts_run_both_ways(tmp_path: Path) -> None:
    lemma = view(tmp_path / "l.sqlite").claims[0]
    assert lemma.part("softmax-rank-repaired").repairs == ("softmax-rank",)
    assert lemma.part("effective-rank").remains_of == ("softmax-rank",)
    assert lemma.only_empirical and lemma.bad_caveats == 0


def test_a_correction_is_set_out_beside_what_it_corrects_and_nowhere_else(tmp_path: Path) -> None:
    lemma = view(tmp_path / "l.sqlite").claims[0]
    wrong, mended = lemma.part("softmax-rank"), lemma.part("softmax-rank-repaired")
    main = mended.part.model_copy(update={"role": Role.MAIN})
    claim = lemma.claim.model_copy(update={"parts": (wrong.part, main)})
    assert replace(wrong, claim=claim).stands_open
    assert not replace(mended, claim=claim, part=main).stands_open
    alone = lemma.claim.model_copy(update={"parts": (main,)})
    assert replace(mended, claim=alone, part=main).stands_open, "it corrects nothing here"


def test_parts_of_one_claim_elsewhere_are_named_together(tmp_path: Path) -> None:
    shown = view(tmp_path / "l.sqlite")
    names = ["other:lemma-1/a", "sample:lemma-11.19/x", "other:lemma-1/b", "sample:lemma-11.19/y"]
    leans_on = dict.fromkeys(names, Verdict.PROVED) | {"other:lemma-1/c": Verdict.SUPPORTED}
    part = replace(shown.claims[0].parts[0], leans_on=leans_on)
    assert shown.leant(part, {"other"}) == [
        ("other:lemma-1/a, b", "other.html#lemma-1", Verdict.PROVED),
        ("lemma-11.19/x", "#lemma-11.19/x", Verdict.PROVED),
        ("lemma-11.19/y", "#lemma-11.19/y", Verdict.PROVED),
        ("other:lemma-1/c", "other.html#lemma-1/c", Verdict.SUPPORTED),
    ]
    assert [one.href for one in shown.leant(part)] == ["", "#lemma-11.19/x", "#lemma-11.19/y", ""], "no page, no link"
