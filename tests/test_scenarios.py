"""Every question with a known answer, asked of the cities as they ship; one test a case."""

from pathlib import Path

import pytest

from geodata.crs import Crs
from rules.decision import Reason
from service.asks import PointAsk
from service.scenarios import read_scenarios, run_scenario, scenario_files
from tests.support.asking import built_in_snapshot

FILES = scenario_files(Path(__file__).with_name("scenarios"))
SCENARIOS = [scenario for file in FILES for scenario in read_scenarios(file)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_scenario(scenario):
    outcome = run_scenario(scenario, built_in_snapshot())
    assert outcome.passed, (scenario.why, outcome.differences, outcome.grounds)


def test_ids_are_used_once_over_all_files():
    ids = [scenario.id for scenario in SCENARIOS]
    assert len(set(ids)) == len(ids)


def test_every_case_says_what_it_exercises():
    assert len(SCENARIOS) >= 300
    assert [scenario.id for scenario in SCENARIOS if not scenario.exercises] == []


@pytest.mark.parametrize(
    ("topic", "tells"),
    [
        ("stay", lambda case: case.ask.stay_minutes > 0),
        ("bounds", lambda case: case.expected.until is not None or case.expected.next_allowed is not None),
        ("exceptions", lambda case: case.expected.exceptions is not None),
        ("illustrative", lambda case: case.expected.verdict_by_law is not None),
        ("crs", lambda case: isinstance(case.ask.place, PointAsk) and case.ask.place.crs is not Crs.WGS84),
        ("open-end", lambda case: case.expected.reason is Reason.END_NOT_PUBLISHED),
        ("missing-fact", lambda case: case.expected.reason is Reason.FACTS_MISSING),
        ("coverage", lambda case: case.expected.reason is Reason.OUTSIDE_COVERAGE),
        ("record", lambda case: case.expected.reason is Reason.OUTSIDE_RECORD),
        ("uncertain-shape", lambda case: case.expected.reason is Reason.SHAPE_UNCERTAIN),
        ("uncertain-position", lambda case: case.expected.reason is Reason.POSITION_UNCERTAIN),
    ],
)
def test_what_a_case_says_by_itself_stands_among_its_topics(topic, tells):
    """A topic that follows from what is asked or expected is not left to memory."""
    told = [case for case in SCENARIOS if tells(case)]
    assert told
    assert [case.id for case in told if topic not in case.exercises] == []
