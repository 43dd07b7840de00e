"""/v1/zones/{zone}/timetable: by class or by vehicle, as JSON or CSV, kept by callers only where it is about nobody."""

import csv
import io
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rules.vehicle_classes import VEHICLE_CLASSES
from service.api.timetable import TimetableOut
from service.app import create_app
from service.decision_log import DecisionLog
from service.timetable_document import harmless
from tests.support.asking import built_in_snapshot
from tests.support.clocks_city import clocks_city
from tests.support.problems import refusal

HERE = "/v1/zones/sy-second-ring/timetable"
DATED = f"{HERE}?from=2026-11-23"
VAN = "plate=辽A5K268&vehicle_type=轻型厢式货车&energy=柴油&emission_stage=国五"


def test_all_classes_of_this_week_if_nothing_is_said(client: TestClient) -> None:
    reply = client.get(HERE)
    TimetableOut.model_validate_json(reply.content)
    found = reply.json()
    assert [each["class"] for each in found["classes"]] == [each.code for each in VEHICLE_CLASSES]
    assert (found["from"], found["to"]) == ("2026-11-23", "2026-11-29")
    assert [day["weekday"] for day in found["days"]][:2] == ["monday", "tuesday"]
    assert "etag" not in reply.headers
    assert reply.headers["cache-control"] == "no-store"


def test_a_class_of_a_week(client: TestClient) -> None:
    found = client.get(f"{DATED}&class=light_box_diesel_6").json()
    (named,) = found["classes"]
    assert named["zh"] == "轻型柴油厢式货车(国六)"
    assert named["vehicle"]["emission_stage"]["value"] == 6
    assert "sy-qingnian-dajie" in named["exceptions"]
    assert found["zones"]["sy-qingnian-dajie"]["zh"] == "青年大街"
    (row,) = found["days"][1]["rows"]
    told = [(each["from"], each["until"], each["verdict"], each["restriction"]) for each in row["intervals"]]
    peaks = "sy-2021/second-ring-peaks"
    assert told == [
        ("00:00", "07:00", "allowed", None),
        ("07:00", "09:00", "prohibited", peaks),
        ("09:00", "17:00", "allowed", None),
        ("17:00", "19:00", "prohibited", peaks),
        ("19:00", "24:00", "allowed", None),
    ]
    assert row["intervals"][1]["starts"] == "2026-11-24T07:00:00+08:00"
    (cited,) = found["citations"]
    assert (cited["restriction"], cited["citation"]["notice"]) == (peaks, "sy-2021")
    assert found["publication"]["digest"] == built_in_snapshot().publications["shenyang"].digest
    assert found["calendar"]["version"] == built_in_snapshot().calendar.version


def test_what_an_illustrative_notice_moved_is_marked(client: TestClient) -> None:
    found = client.get(f"{DATED}&class=light_box_electric").json()
    peak = found["days"][1]["rows"][0]["intervals"][1]
    assert (peak["from"], peak["verdict"], peak["verdict_by_law"], peak["illustrative"]) == (
        "07:00",
        "allowed",
        "prohibited",
        True,
    )


@pytest.mark.parametrize(
    "query",
    [
        "class=light_box_diesel_6,light_box_electric",
        "class=light_box_diesel_6&class=light_box_electric,light_box_diesel_6",
    ],
)
def test_several_classes_each_once(client: TestClient, query: str) -> None:
    found = client.get(f"{DATED}&{query}").json()
    assert [each["class"] for each in found["classes"]] == ["light_box_diesel_6", "light_box_electric"]
    assert [row["class"] for row in found["days"][0]["rows"]] == ["light_box_diesel_6", "light_box_electric"]


def test_a_vehicle_as_the_access_page_takes_it(client: TestClient) -> None:
    reply = client.get(f"{DATED}&{VAN}&cargo=生鲜")
    TimetableOut.model_validate_json(reply.content)
    found = reply.json()
    (named,) = found["classes"]
    assert (named["class"], named["zh"]) == (None, "所述车辆")
    assert named["vehicle"]["size"]["value"] == "light"
    # About somebody: for its caller alone.
    assert reply.headers["cache-control"] == "private, no-store"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "etag" not in reply.headers
    # Each interval says what the access page says at its first instant.
    for each in found["days"][1]["rows"][0]["intervals"]:
        at = each["starts"].replace("+", "%2B")
        asked = client.get(f"/v1/zones/sy-second-ring/access?{VAN}&cargo=生鲜&at={at}")
        assert (asked.json()["verdict"], asked.json()["verdict_by_law"]) == (each["verdict"], each["verdict_by_law"])


def test_with_a_pass_and_a_heading(client: TestClient) -> None:
    plain = client.get(f"{DATED}&plate=辽AD52638&vehicle_type=H32").json()
    held = client.get(f"{DATED}&plate=辽AD52638&vehicle_type=H32&passes=electronic-pass&heading_deg=90").json()
    moved = [each for day in plain["days"] for each in day["rows"][0]["intervals"] if each["illustrative"]]
    assert moved
    assert not [each for day in held["days"] for each in day["rows"][0]["intervals"] if each["illustrative"]]


def test_a_dated_week_by_class_has_a_tag(client: TestClient) -> None:
    for address in (f"{DATED}&class=light_box_diesel_6", f"{DATED}&class=light_box_diesel_6&format=csv"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert first.headers["vary"] == "Accept"


def table(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("query", "accept", "as_csv"),
    [
        ("&format=csv", "application/json", True),
        ("", "text/csv", True),
        ("", "text/csv;q=0.5, application/json;q=0.4", True),
        ("&format=json", "text/csv", False),
        ("", "text/csv;q=0.4, application/json", False),
        ("", "*/*", False),
        ("", "", False),
    ],
)
def test_which_form_is_given(client: TestClient, query: str, accept: str, as_csv: bool) -> None:
    reply = client.get(f"{DATED}&class=light_box_diesel_6{query}", headers={"Accept": accept})
    assert reply.status_code == 200
    assert (reply.headers["content-type"] == "text/csv; charset=utf-8; header=present") is as_csv
    assert ("content-disposition" in reply.headers) is as_csv


def test_the_table_says_what_the_document_says(client: TestClient) -> None:
    asked = f"{DATED}&class=light_box_diesel_6,medium_box_diesel_6"
    document, reply = client.get(asked).json(), client.get(f"{asked}&format=csv")
    assert reply.headers["content-disposition"] == 'attachment; filename="timetable-sy-second-ring-2026-11-23.csv"'
    assert reply.content.count(b"\r\n") == reply.content.count(b"\n")
    rows = table(reply.content)
    intervals = [(day, row, each) for day in document["days"] for row in day["rows"] for each in row["intervals"]]
    assert len(rows) == len(intervals) > 20
    for line, (day, row, each) in zip(rows, intervals, strict=True):
        assert (line["date"], line["weekday"], line["day_kind"]) == (day["date"], day["weekday"], day["kind"])
        assert (line["class"], line["from"], line["until"]) == (row["class"], each["from"], each["until"])
        assert (line["starts"], line["ends"]) == (each["starts"], each["ends"])
        assert (line["verdict"], line["verdict_by_law"]) == (each["verdict"], each["verdict_by_law"])
        assert line["restriction"] == (each["restriction"] or "")
        assert line["missing"].split() == each["missing"]
        assert line["publication"] == document["publication"]["id"]
    assert {line["verdict_zh"] for line in rows} == {"所载通告未禁止", "禁止通行", "无法确定"}


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "07:00", "轻型", "a=b", "'=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_day_of_another_length(tmp_path: Path, log: DecisionLog) -> None:
    with TestClient(create_app(clocks_city(tmp_path, "Europe/Berlin"), log)) as client:
        found = client.get("/v1/zones/uh-all/timetable?from=2026-10-25&class=heavy_box_diesel_6")
    TimetableOut.model_validate_json(found.content)
    day = found.json()["days"][0]
    assert (day["hours"], day["starts"][-6:], day["ends"][-6:]) == (25.0, "+02:00", "+01:00")


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("class=lorry", "unknown-class", "class"),
        ("class=", "unknown-class", "class"),
        ("class=light_box_diesel_6&energy=diesel", "ambiguous-vehicle", "class"),
        ("from=2026-13-01", "invalid-date", "from"),
        ("from=1800-01-01", "datetime-out-of-range", "from"),
        ("format=json,csv", "too-many", "format"),
        ("from=2026-11-23,2026-11-30", "invalid-date", "from"),
        ("format=xlsx", "unknown-code", "format"),
        ("at=08:00", "unknown-field", "at"),
        ("stay_minutes=5", "unknown-field", "stay_minutes"),
        ("energy=steam", "unknown-code", "energy"),
        ("passes=nothing", "unknown-code", "passes"),
        ("heading_deg=400", "number-out-of-range", "heading_deg"),
        ("vehicle_type=H32&total_mass_kg=4500", "inconsistent-vehicle", "total_mass_kg"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_place(client: TestClient, query: str, code: str, field: str) -> None:
    refusal(client.get(f"{HERE}?{query}"), 422, code, f"/query/{field}")


def test_no_plate_comes_back_in_a_refusal(client: TestClient) -> None:
    reply = client.get(f"{HERE}?plate=辽A7Q99999&from=x&energy=steam")
    refusal(reply, 422)
    assert "7Q9" not in reply.text and "steam" not in reply.text


def test_a_zone_that_is_not_there(client: TestClient) -> None:
    refusal(client.get("/v1/zones/nothing/timetable"), 404)
