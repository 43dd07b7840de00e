"""`tongxing test`: what it prints and how it ends."""

import json

import pytest

from tests.support.command import tongxing

CASE = """
[[case]]
id = "{id}"
notices = ["sy-2021"]
vehicle = {{ vehicle_type = "H32", energy = "diesel", emission_stage = 5 }}
place = {{ zone = "sy-second-ring" }}
at = 2026-11-24T08:12:00+08:00
expect = "{expect}"
basis = "text"
why = "the morning peak"
"""


def test_the_scenarios_of_this_project_pass():
    done = tongxing("test", "tests/scenarios")
    assert done.returncode == 0, done.stdout
    passed = int(done.stdout.splitlines()[-1].split()[0])
    assert done.stdout == f"{passed} passed, 0 failed\n"
    assert passed >= 200


def test_a_failure_is_told_with_its_grounds(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(CASE.format(id="right", expect="prohibited") + CASE.format(id="wrong", expect="allowed"), "utf-8")
    done = tongxing("test", file)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"FAILED wrong ({file}): the morning peak [text]",
        "  verdict: expected allowed, found prohibited",
        "  grounds found: sy-2021/second-ring-peaks stands",
        "1 passed, 1 failed",
    ]


def test_a_malformed_file_fails_and_the_others_run(tmp_path):
    (tmp_path / "a.toml").write_text(CASE.format(id="right", expect="prohibited"), "utf-8")
    (tmp_path / "b.toml").write_text(CASE.format(id="odd", expect="forbidden") + 'colour = "red"\n', "utf-8")
    done = tongxing("test", tmp_path)
    assert done.returncode == 1
    assert done.stdout == "1 passed, 1 failed\n"
    assert f"{tmp_path / 'b.toml'}: case[0].expect: expected one of " in done.stderr
    assert "found 'forbidden'" in done.stderr
    assert "case[0].colour: expected one of " in done.stderr


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: None], ids=["empty", "absent"])
def test_nothing_to_run_is_a_failure(tmp_path, make):
    make(tmp_path / "cases")
    done = tongxing("test", tmp_path / "cases")
    assert done.returncode == 1
    assert "expected a scenario file, or a folder with *.toml in it" in done.stderr
    assert done.stdout == "0 passed, 1 failed\n"


def test_a_topic_chooses_cases_and_a_report_tells_of_them(tmp_path):
    file = tmp_path / "mine.toml"
    tagged = CASE.format(id="tagged", expect="allowed") + 'exercises = ["window"]\n'
    other = CASE.format(id="other", expect="allowed") + 'exercises = ["stay"]\n'
    file.write_text(tagged + other + CASE.format(id="bare", expect="allowed"), "utf-8")
    done = tongxing("test", "--json", "--topic", "window", "--topic", "phase", file)
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert [report[key] for key in ("corpus", "topics", "passed", "failed")] == [None, ["window", "phase"], 0, 1]
    assert report["cases"] == [
        {
            "id": "tagged",
            "file": file.as_posix(),
            "basis": "text",
            "topics": ["window"],
            "passed": False,
            "differences": ["verdict: expected allowed, found prohibited"],
        }
    ]


def test_a_topic_that_no_case_exercises_runs_nothing(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(CASE.format(id="right", expect="prohibited"), "utf-8")
    done = tongxing("test", "--topic", "stay", file)
    assert (done.returncode, done.stdout) == (1, "0 passed, 0 failed\n")
    assert done.stderr == "no case was found\n"


def test_a_topic_that_there_is_not_is_refused():
    done = tongxing("test", "--topic", "nightwindow", "tests/scenarios")
    assert done.returncode == 2
    assert done.stderr.startswith("tongxing: --topic nightwindow: expected one of adding-up, ")
    assert done.stderr.endswith("; the nearest is night-window\n")
