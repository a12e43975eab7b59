"""The sentence on citing follows the verdicts of the judge, and nothing else."""

from __future__ import annotations

from functools import partial

import pytest
import report_sample as sample

from verify.judge import Judgement
from verify.model.words import Verdict
from verify.report.citing import AS_STATED, how_to_cite
from verify.report.messages import gettext

LEMMA, THEOREM = sample.COLLECTION.claims[:2]


def judged(**verdicts: Verdict) -> dict[str, Judgement]:
    return {name.replace("_", "-"): Judgement(verdict) for name, verdict in verdicts.items()}


def test_every_verdict_has_a_sentence_and_only_good_ones_allow_citing() -> None:
    assert set(AS_STATED) == set(Verdict)
    for verdict, sentence in AS_STATED.items():
        assert sentence.startswith("May be cited" if verdict.is_good else "Not to be")


def test_not_run() -> None:
    assert "not been put on trial" in how_to_cite(LEMMA, None, {})


@pytest.mark.parametrize(
    "repair, phrase",
    [(Verdict.PROVED, "which is proved"), (Verdict.SUPPORTED, "no known counterexample"), (Verdict.INCONCLUSIVE, None)],
)
def test_refuted_names_a_repair_only_for_what_it_is_worth(repair: Verdict, phrase: str | None) -> None:
    sentence = how_to_cite(LEMMA, Verdict.REFUTED, judged(softmax_rank=Verdict.REFUTED, softmax_rank_repaired=repair))
    assert sentence.startswith("Not to be cited as stated")
    assert ("softmax-rank-repaired" in sentence) == (phrase is not None)
    assert phrase is None or phrase in sentence


def test_a_survivor_counts_only_if_it_held() -> None:
    for verdict, named in ((Verdict.EMPIRICAL, True), (Verdict.CONTRADICTED, False)):
        sentence = how_to_cite(LEMMA, Verdict.REFUTED, judged(softmax_rank=Verdict.REFUTED, effective_rank=verdict))
        assert ("What remains is an observation" in sentence) == named


def test_a_repair_of_what_stands_is_not_offered() -> None:
    sentence = how_to_cite(
        LEMMA, Verdict.PROVED, judged(softmax_rank=Verdict.PROVED, softmax_rank_repaired=Verdict.PROVED)
    )
    assert "instead" not in sentence


def test_a_bad_caveat_is_minded() -> None:
    fine = judged(residual_identity=Verdict.PROVED, tail_bound=Verdict.SUPPORTED)
    assert "Mind" not in how_to_cite(THEOREM, Verdict.PROVED, fine)
    bad = judged(residual_identity=Verdict.PROVED, tail_bound=Verdict.REFUTED)
    assert "Mind the caveat tail-bound" in how_to_cite(THEOREM, Verdict.PROVED, bad)


def test_sentences_are_set_apart_as_their_script_has_it() -> None:
    verdicts = judged(softmax_rank=Verdict.REFUTED, softmax_rank_repaired=Verdict.PROVED)
    assert "exists. Cite the corrected" in how_to_cite(LEMMA, Verdict.REFUTED, verdicts)
    in_chinese = how_to_cite(LEMMA, Verdict.REFUTED, verdicts, partial(gettext, "zh"))
    assert "softmax-rank-repaired" in in_chinese and "。 " not in in_chinese
