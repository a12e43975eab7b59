"""The name of every mutant in Chinese."""

from __future__ import annotations

import re

import pytest
from installed_parts import PARTS

from verify.formula.mutation import mutations
from verify.report.changes import mutant_name

FORMULA = re.compile(r"位于 .*|下标 .*|“.*”|[A-Za-z_]\w* 的[上下]端|Frobenius")


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("flip conclusion 2", "把第 2 条结论反向"),
        ("sharpen conclusion 1 by one", "第 1 条结论收紧 1"),
        ("sharpen conclusion 1 by 0.99", "第 1 条结论收紧为 0.99 倍"),
        ("subtract one from the right side of conclusion 1", "第 1 条结论的右端减 1"),
        ("sum of conclusion 1 ends one earlier, at Σ_i σ_i", "第 1 条结论中求和的终点提前一项，位于 Σ_i σ_i"),
        (
            "nuclear norm for Frobenius norm in conclusion 1, at ‖W‖, 2",
            "第 1 条结论中以核范数代替Frobenius 范数，位于 ‖W‖，之 2",
        ),
        ("drop hypothesis one, at least, 3", "去掉假设“one, at least, 3”"),
        ("shift index i to i + 1 in conclusion 1", "第 1 条结论中下标 i 改为 i + 1"),
    ],
)
def test_names(english: str, chinese: str) -> None:
    assert mutant_name(english, "zh") == chinese
    assert mutant_name(english, "en") == english


def test_a_name_from_another_version_stays() -> None:
    assert mutant_name("turn the world upside down", "zh") == "turn the world upside down"


@pytest.mark.slow
@pytest.mark.timeout(900)  # every formula is mutated: 100 s of one core
def test_every_mutant_of_the_collections_has_a_chinese_name() -> None:
    names = {m.name for part in PARTS.values() if part.says for m in mutations(part.statement)}
    assert len(names) > 100
    for name in names:
        left = FORMULA.sub("", mutant_name(name, "zh"))
        assert not re.search("[A-Za-z]{2}", left), left
