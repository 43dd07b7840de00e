"""Every question with a known answer, asked of the cities as they ship; one test a case."""

from pathlib import Path

import pytest

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


def test_our_own_cases_say_what_they_exercise():
    own = [scenario for scenario in SCENARIOS if scenario.file.stem == "own"]
    assert len(own) >= 40
    assert [scenario.id for scenario in own if scenario.exercises is None] == []
