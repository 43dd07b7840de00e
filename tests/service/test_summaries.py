"""Forty golden summaries: the sentence a desk officer reads aloud, in both languages, word for word."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from service.deciding import decide_one
from service.summary import summarise
from tests.support.asking import ask_of, built_in_snapshot

GOLDEN = Path(__file__).with_name("golden_summaries.toml")
CASES = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))["case"]


def test_there_are_forty_different_ones() -> None:
    assert len({(case["zh"], case["en"]) for case in CASES}) >= 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_golden_summary(case: dict[str, Any]) -> None:
    snapshot = built_in_snapshot()
    summary = summarise(decide_one(ask_of(case), snapshot, now=0), snapshot)
    assert (summary.zh, summary.en) == (case["zh"], case["en"])
