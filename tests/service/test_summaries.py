"""Forty golden summaries: the sentence a desk officer reads aloud, in both languages, word for word.

`python -m tests.service.test_summaries` prints the table afresh after a change of wording, to be read before it is kept.
"""

import tomllib
from pathlib import Path

import pytest

from service.asks import Ask
from service.deciding import decide_one
from service.summary import summarise
from tests.support.asking import ask_of, built_in_snapshot

GOLDEN = Path(__file__).with_name("golden_summaries.toml")
CASES = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))["case"]


def test_there_are_forty_and_all_differ() -> None:
    assert len(CASES) >= 40
    assert len({case["zh"] for case in CASES}) == len(CASES)
    assert len({case["en"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_golden_summary(case: dict[str, object]) -> None:
    summary = _summary(ask_of(case))
    assert (summary.zh, summary.en) == (case["zh"], case["en"])


def _summary(ask: Ask):  # type: ignore[no-untyped-def]
    snapshot = built_in_snapshot()
    return summarise(decide_one(ask, snapshot, now=0), snapshot)
