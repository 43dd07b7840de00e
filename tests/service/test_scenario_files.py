"""Scenario files: each key is compared, each fault is placed."""

import pytest

from service.scenarios import MalformedScenarios, read_scenarios, run_scenario, scenario_files
from service.topics import TOPICS
from tests.support.asking import built_in_snapshot

CASE = """
[[case]]
id = "a"
notices = ["sy-2021"]
vehicle = { vehicle_type = "H32", energy = "diesel", emission_stage = 5 }
place = { zone = "sy-second-ring" }
at = 2026-11-24T08:12:00+08:00
expect = "prohibited"
basis = "text"
why = "the morning peak"
"""


def _read(tmp_path, text):
    file = tmp_path / "cases.toml"
    file.write_text(text, encoding="utf-8")
    return read_scenarios(file)


def _outcome(tmp_path, text):
    (scenario,) = _read(tmp_path, text)
    return run_scenario(scenario, built_in_snapshot())


RIGHT = {
    "expect_reason": '"restriction_stands"',
    "expect_grounds": '["sy-2021/second-ring-peaks"]',
    "expect_missing": "[]",
    "expect_until": "2026-11-24T01:00:00Z",
    "expect_next_allowed": (
        "[{ from = 2026-11-24T09:00:00+08:00, until = 2026-11-24T17:00:00+08:00 },"
        " { from = 2026-11-24T19:00:00+08:00, until = 2026-11-25T07:00:00+08:00 },"
        " { from = 2026-11-25T09:00:00+08:00, until = 2026-11-25T17:00:00+08:00 }]"
    ),
    "expect_verdict_by_law": '"prohibited"',
}
WRONG = {
    "expect_reason": ('"exempted"', "reason: expected exempted, found restriction_stands"),
    "expect_grounds": ("[]", "grounds that stand: expected none, found sy-2021/second-ring-peaks"),
    "expect_missing": ('["kind"]', "missing: expected kind, found none"),
    "expect_until": (
        "2026-11-24T09:00:01+08:00",
        "until: expected 2026-11-24T09:00:01+08:00, found 2026-11-24T09:00:00+08:00",
    ),
    "expect_next_allowed": ("[]", "next allowed: expected none, found 2026-11-24T09:00:00+08:00 to "),
    "expect_verdict_by_law": ('"allowed"', "verdict by law: expected allowed, found prohibited"),
    "expect_exceptions": ('["sy-taishan-lu"]', "exceptions: expected sy-taishan-lu, found "),
}


def test_what_is_right_passes(tmp_path):
    lines = "".join(f"{key} = {value}\n" for key, value in RIGHT.items())
    assert _outcome(tmp_path, CASE + lines).differences == ()


@pytest.mark.parametrize("key", WRONG)
def test_what_is_wrong_is_told(tmp_path, key):
    value, told = WRONG[key]
    (difference,) = _outcome(tmp_path, CASE + f"{key} = {value}\n").differences
    assert difference.startswith(told)


def test_a_wrong_verdict_is_told_with_its_grounds(tmp_path):
    outcome = _outcome(tmp_path, CASE.replace('"prohibited"', '"allowed"'))
    assert outcome.differences == ("verdict: expected allowed, found prohibited",)
    assert outcome.grounds == ("sy-2021/second-ring-peaks stands",)


def test_only_the_notices_named_are_loaded(tmp_path):
    assert not _outcome(tmp_path, CASE.replace('"sy-2021"', '"sy-donggao"')).passed


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"sy-2021"', '"sy-1999"', "notices: not loaded: sy-1999"),
        ('"sy-second-ring"', '"sy-second-rng"', "question refused: no zone is called 'sy-second-rng'"),
        ('"H32"', '"H99"', "question refused: vehicle_type: unknown vehicle type"),
    ],
)
def test_a_case_that_cannot_be_asked_fails(tmp_path, old, new, told):
    (difference,) = _outcome(tmp_path, CASE.replace(old, new)).differences
    assert difference.startswith(told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('why = "the morning peak"', "", "case[0].why: expected this key, found nothing"),
        ('why = "the morning peak"', 'why = "x"\nwhere = "y"', "case[0].where: expected one of "),
        ('"text"', '"guess"', "case[0].basis: expected one of convention, inference, text, found 'guess'"),
        ("08:12:00+08:00", "08:12:00", "case[0].at: expected a date-time with offset"),
        ("2026-11-24T08:12:00+08:00", '"2026-11-24T08:12:00+08:00"', "case[0].at: expected a date-time with offset"),
        ('{ zone = "sy-second-ring" }', '"sy-second-ring"', "case[0].place: expected a table"),
        ('{ zone = "sy-second-ring" }', '{ zone = "sy-city", lon = 1 }', "case[0].place.lon: expected one of "),
        ('{ zone = "sy-second-ring" }', "{ lon = 123.4, lat = 41.8 }", "case[0].place.crs: expected this key"),
        (
            '{ zone = "sy-second-ring" }',
            '{ lon = 123.4, lat = nan, crs = "wgs84" }',
            "case[0].place.lat: expected a number, -90 to 90, found nan",
        ),
        ('["sy-2021"]', "[]", "case[0].notices: expected a list of at least one text"),
        ("vehicle = {", "vehicle = 1 #", "case[0].vehicle: expected a table"),
        ("expect =", "stay_minutes = 0.5\nexpect =", "case[0].stay_minutes: expected a whole number"),
        ("expect =", 'expect_grounds = "x"\nexpect =', "case[0].expect_grounds: expected a list"),
        (
            "expect =",
            "expect_next_allowed = [{ until = 1 }]\nexpect =",
            "case[0].expect_next_allowed[0].from: expected",
        ),
        ("expect =", 'exercises = "stay"\nexpect =', "case[0].exercises: expected a list of at least one text, found"),
        ("expect =", "exercises = []\nexpect =", "case[0].exercises: expected a list of at least one text, found"),
        ("expect =", 'exercises = ["stay", "stay"]\nexpect =', "case[0].exercises: expected each item once"),
        (
            "expect =",
            'exercises = ["stay", "bound"]\nexpect =',
            "case[0].exercises[1]: expected one of adding-up, body, ",
        ),
        ("[[case]]", "[[cases]]", "case: expected this key, found nothing"),
        ("[[case]]", "[[case]", "(document): expected TOML"),
        # Found by fuzzing: more than a double holds, and more than Python reads.
        (
            '{ zone = "sy-second-ring" }',
            f'{{ lon = 123.4, lat = 41.8, crs = "wgs84", accuracy_m = 1{"0" * 400} }}',
            "case[0].place.accuracy_m: expected a number, 0 or more",
        ),
        ("expect =", f"stay_minutes = {'9' * 5000}\nexpect =", "(document): expected TOML"),
        ("expect =", f"stay_minutes = {'[' * 5000}\nexpect =", "(document): expected TOML"),
    ],
)
def test_a_fault_is_placed(tmp_path, old, new, told):
    assert old in CASE
    with pytest.raises(MalformedScenarios) as caught:
        _read(tmp_path, CASE.replace(old, new, 1))
    assert [str(fault) for fault in caught.value.faults if f"cases.toml: {told}" in str(fault)]


def test_an_unknown_topic_is_told_with_the_nearest(tmp_path):
    with pytest.raises(MalformedScenarios) as caught:
        _read(tmp_path, CASE + 'exercises = ["night-windows"]\n')
    (fault,) = caught.value.faults
    assert (fault.path, fault.code, fault.found) == ("case[0].exercises[0]", "unknown-topic", "'night-windows'")
    assert fault.expected.endswith("; the nearest is night-window")
    assert set(TOPICS) <= set(fault.expected.removeprefix("one of ").partition(";")[0].split(", "))


def test_nothing_need_be_said_of_topics(tmp_path):
    assert [scenario.exercises for scenario in _read(tmp_path, CASE)] == [()]
    assert [scenario.exercises for scenario in _read(tmp_path, CASE + 'exercises = ["stay"]\n')] == [("stay",)]


def test_an_id_stands_once_in_a_file(tmp_path):
    with pytest.raises(MalformedScenarios, match="every id once"):
        _read(tmp_path, CASE + CASE)


def test_a_file_that_is_not_utf_8(tmp_path):
    (tmp_path / "cases.toml").write_bytes(b"# \xff")
    with pytest.raises(MalformedScenarios, match="expected UTF-8 text, found another byte at position 2"):
        read_scenarios(tmp_path / "cases.toml")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = " + "[" * 5000, "toml-syntax"),
        ("x = " + "9" * 5000, "toml-syntax"),
        ("a." * 500 + "a = 1", "too-deep"),
        ("x = ", "toml-syntax"),
    ],
    ids=["deep", "long number", "deep key", "cut off"],
)
def test_a_file_that_is_no_toml(tmp_path, text, code):
    (tmp_path / "cases.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedScenarios) as refused:
        read_scenarios(tmp_path / "cases.toml")
    assert [fault.code for fault in refused.value.faults] == [code]


def test_folders_are_read_with_those_inside(tmp_path):
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("z.toml", "b/c/a.toml", "b/notes.txt"):
        (tmp_path / name).touch()
    assert [file.name for file in scenario_files(tmp_path)] == ["a.toml", "z.toml"]
