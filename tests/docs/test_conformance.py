"""docs/conformance.md suffices: its procedure, done here from the page alone, passes every case over HTTP.

Cases are asked without service/scenarios.py: the files are read with tomllib, an application has only the notices that
a case names, and each key is compared as the page's table says.
"""

import hashlib
import json
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.scenario_report import report_document
from service.scenarios import read_scenarios, run_scenario
from service.snapshot import Snapshot
from service.storage.decision_log import open_decision_log
from tests.docs.pages import ROOT, code_spans, first_table, only, rows, section
from tests.docs.topic_table import PAGE, TITLE, topic_table
from tests.support.asking import built_in_snapshot
from tests.support.command import tongxing

PARTS = ("geodata/cities/*.geojson", "rules/calendars/cn.toml", "rules/cities/*/*.toml", "tests/scenarios/*.toml")
FILES = sorted((ROOT / "tests" / "scenarios").glob("*.toml"))
CASES = [case for file in FILES for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]
GROUPS = sorted({tuple(sorted(case["notices"])) for case in CASES})
ALWAYS = ("id", "notices", "vehicle", "place", "at", "expect", "basis", "why", "exercises")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("conformance")


def with_only(notices: tuple[str, ...]) -> Snapshot:
    """Every city, zone and the calendar, and of the notices those named."""
    snapshot = built_in_snapshot()
    narrowed = {
        city: replace(each, rulebook=each.rulebook.only(notices)) for city, each in snapshot.publications.items()
    }
    assert sorted(notice.id for each in narrowed.values() for notice in each.rulebook.notices) == list(notices)
    return replace(snapshot, publications=MappingProxyType(narrowed))


@pytest.mark.parametrize("notices", GROUPS, ids=",".join)
def test_every_case_is_answered_as_it_says(notices: tuple[str, ...], data: Path) -> None:
    log = open_decision_log(data)
    try:
        client = TestClient(create_app(with_only(notices), log))
        wrong = {
            case["id"]: found
            for case in CASES
            if tuple(sorted(case["notices"])) == notices and (found := differences(case, client))
        }
    finally:
        log.close()
    assert wrong == {}


def differences(case: Mapping[str, Any], client: TestClient) -> list[str]:
    """The keys of the case that the answer does not bear out; the problem, if the question is refused."""
    question = {key: case[key] for key in ("vehicle", "place", "at", "stay_minutes") if key in case}
    body = json.dumps(question, default=in_json).encode()
    reply = client.post("/v1/decisions", content=body, headers={"Content-Type": "application/json"})
    if reply.status_code != 200:
        return [reply.text]
    answer = reply.json()
    return [key for key in case if key.startswith("expect") and wanted(key, case[key]) != found(key, answer)]


def in_json(value: date | datetime) -> str:
    return value.isoformat()


def wanted(key: str, value: Any) -> object:
    if key == "expect_next_allowed":
        return [(each["from"], each.get("until")) for each in value]
    return set(value) if isinstance(value, list) else value


def found(key: str, answer: Mapping[str, Any]) -> object:
    match key:
        case "expect":
            return answer["verdict"]
        case "expect_reason" | "expect_verdict_by_law":
            return answer[key.removeprefix("expect_")]
        case "expect_grounds":
            return {ground["restriction"] for ground in answer["grounds"] if ground["state"] == "stands"}
        case "expect_missing":
            return set(answer["missing"])
        case "expect_exceptions":
            return {each["zone"] for each in answer["place"]["exceptions"]}
        case "expect_until":
            return instant(answer["holds_until"])
        case "expect_next_allowed":
            return [(instant(each["from"]), instant(each["until"])) for each in answer["next_allowed"]]
    raise AssertionError(f"{key} is not on the page")


def instant(text: str | None) -> datetime | None:
    """Datetimes with offsets are equal if their instants are."""
    return None if text is None else datetime.fromisoformat(text)


def test_a_wrong_expectation_is_found(data: Path) -> None:
    """The comparison can fail, key by key."""
    (right,) = [case for case in CASES if case["id"] == "tx-036"]
    first, *others = right["expect_next_allowed"]
    later = right["expect_until"] + timedelta(seconds=1)
    wrong = {
        "expect": "allowed",
        "expect_reason": "exempted",
        "expect_verdict_by_law": "allowed",
        "expect_grounds": [],
        "expect_missing": ["kind"],
        "expect_exceptions": ["sy-taishan-lu"],
        "expect_until": later,
        "expect_next_allowed": [*others, first],
    }
    log = open_decision_log(data)
    try:
        client = TestClient(create_app(with_only(("sy-2021",)), log))
        assert {key: differences({**right, key: value}, client) for key, value in wrong.items()} == {
            key: [key] for key in wrong
        }
        refused = {**right, "vehicle": {"kind": "trukc"}}
        assert differences(refused, client)[0].startswith("{")
    finally:
        log.close()


def test_the_page_explains_every_key_of_a_case() -> None:
    compared = {row[0].strip("`") for row in rows(section(PAGE, "Compare"))}
    asked = {span.split(".")[0] for row in rows(section(PAGE, "Ask")) for span in code_spans(row[0])}
    used = {key for case in CASES for key in case}
    assert compared == {key for key in used if key.startswith("expect")}
    assert compared | asked | set(ALWAYS) == used
    assert all(key in case for case in CASES for key in ALWAYS)
    assert set(ALWAYS) <= set(code_spans(section(PAGE, "A case")))


def test_the_page_explains_every_basis() -> None:
    table = section(PAGE, "What may be decided otherwise")
    assert [row[0].strip("`") for row in rows(table)] == ["text", "convention", "inference"]
    assert {case["basis"] for case in CASES} == {"text", "convention", "inference"}


def test_the_case_of_the_page_is_a_case_and_its_question_is_that_question() -> None:
    (shown,) = tomllib.loads(only(PAGE, "toml case").text)["case"]
    assert shown in CASES
    question = {key: shown[key] for key in ("vehicle", "place", "at")}
    assert json.loads(json.dumps(question, default=in_json)) == json.loads(only(PAGE, "json question").text)


def test_an_instant_has_the_offset_of_china() -> None:
    assert {case["at"].utcoffset() for case in CASES} == {timedelta(hours=8)}


def test_the_table_of_topics_is_that_of_the_code() -> None:
    """`python -m tests.docs.topic_table` writes it anew."""
    assert first_table(section(PAGE, TITLE)) == topic_table()


def test_every_topic_has_a_case() -> None:
    assert [row[0] for row in rows(topic_table()) if row[-1] == "0"] == []


def digest() -> str:
    """By the words of the page, without the command."""
    paths = sorted(file.relative_to(ROOT).as_posix().encode() for part in PARTS for file in ROOT.glob(part))
    lines = [hashlib.sha256((ROOT / path.decode()).read_bytes()).hexdigest().encode() + b"  " + path for path in paths]
    return hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


def test_the_command_of_the_page_names_the_corpus() -> None:
    command = only(PAGE, "sh").text
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [digest(), "-"]
    assert set(PARTS) <= set(command.split())


def test_the_report_is_that_of_the_page() -> None:
    shown = json.loads(only(PAGE, "json report").text)
    explained = {span for row in rows(section(PAGE, "Report")) for span in code_spans(row[0])}
    assert set(keys(shown)) | {"cases[].reading"} == explained
    done = tongxing("test", "--json", "--topic", *shown["topics"], "tests/scenarios")
    report = json.loads(done.stdout)
    assert set(keys(report)) == set(keys(shown))
    assert report["corpus"] == f"sha256:{digest()}"
    first, second = shown["cases"]
    as_if = {**second, "passed": True, "differences": []}
    assert (report["passed"], report["failed"], report["cases"]) == (2, 0, [first, as_if])
    assert done.returncode == 0


def test_the_failure_that_the_page_shows_is_written_so() -> None:
    """The second case of the shown report, of an implementation without the notice."""
    _, shown = json.loads(only(PAGE, "json report").text)["cases"]
    (case,) = [each for each in read_scenarios(ROOT / shown["file"]) if each.id == shown["id"]]
    expected = replace(case.expected, grounds=None)
    nothing = replace(case, file=Path(shown["file"]), notices=frozenset({"cd-codes-2023"}), expected=expected)
    report = report_document([run_scenario(nothing, built_in_snapshot())], [], None)
    assert (report["corpus"], report["passed"], report["failed"], report["cases"]) == (None, 0, 1, [shown])


def keys(report: Mapping[str, Any]) -> Iterator[str]:
    for key, value in report.items():
        if key == "cases":
            yield from (f"cases[].{inner}" for case in value for inner in case)
        else:
            yield key
