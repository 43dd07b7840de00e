"""POST /v1/windows: the plan on the wire, what it refuses, and the form for VROOM."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.api.windows import LARGEST_PLAN
from service.api.wire_windows import PlanOut, VroomPlanOut
from service.examples import PLAN_EXAMPLES
from service.instants import parse_instant
from tests.support.asking import built_in_snapshot
from tests.support.problems import post, refusal

ADDRESS = "/v1/windows"
DIESEL: dict[str, Any] = {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5}
FRESH: dict[str, Any] = {**DIESEL, "cargo": ["fresh_produce"]}
POINT: dict[str, Any] = {"ref": "near", "lon": 123.4349, "lat": 41.7864, "crs": "gcj02", "accuracy_m": 10}
RING: dict[str, Any] = {"ref": "ring", "zone": "sy-second-ring"}
SHENZHEN = built_in_snapshot().index.zones("shenzhen")[0].key
STREET: dict[str, Any] = {"ref": "street", "zone": "sy-qingnian-dajie"}
PLAN: dict[str, Any] = {
    "from": "2026-11-24T05:00:00+08:00",
    "until": "2026-11-24T23:00:00+08:00",
    "profiles": [{"ref": "diesel", "vehicle": DIESEL}],
    "places": [RING],
}


def planned(client: TestClient, query: str = "", **changes: Any) -> dict[str, Any]:
    response = client.post(ADDRESS + query, json={**PLAN, **changes})
    assert response.status_code == 200, response.text
    (VroomPlanOut if "vroom" in query else PlanOut).model_validate_json(response.content)
    document: dict[str, Any] = response.json()
    return document


def schedule_of(document: dict[str, Any], profile: str, place: str) -> dict[str, Any]:
    """As a caller finds it: both groups, their pair, its schedule."""
    profile_group = next(each["group"] for each in document["profiles"] if each["ref"] == profile)
    place_group = next(each["group"] for each in document["places"] if each["ref"] == place)
    (number,) = [
        each["schedule"]
        for each in document["windows"]
        if (each["profile_group"], each["place_group"]) == (profile_group, place_group)
    ]
    found: dict[str, Any] = document["schedules"][number]
    return found


def hours(intervals: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(each["from"][11:16], each["until"][11:16], each["verdict"]) for each in intervals]


@pytest.mark.parametrize("query", ["", "?format=intervals", "?format=vroom"])
@pytest.mark.parametrize("example", PLAN_EXAMPLES, ids=lambda each: each.key)
def test_every_example_gives_what_its_title_says(client, example, query):
    response = client.post(ADDRESS + query, json=example.body)
    assert example.title.endswith(example.expect)
    assert response.status_code == int(example.expect), response.text
    if response.status_code == 200:
        (VroomPlanOut if "vroom" in query else PlanOut).model_validate_json(response.content)


def test_a_day_of_a_diesel_van_in_the_second_ring(client):
    document = planned(client)
    intervals = schedule_of(document, "diesel", "ring")["intervals"]
    assert hours(intervals) == [
        ("05:00", "07:00", "allowed"),
        ("07:00", "09:00", "prohibited"),
        ("09:00", "17:00", "allowed"),
        ("17:00", "19:00", "prohibited"),
        ("19:00", "23:00", "allowed"),
    ]
    assert [each["restriction"] for each in intervals[:2]] == [None, "sy-2021/second-ring-peaks"]
    citation = document["restrictions"]["sy-2021/second-ring-peaks"]["citation"]
    assert citation["notice"] == "sy-2021"
    assert document["inside_or_across"]["sy-second-ring"]


def test_what_a_plan_rests_on_is_told_once(client):
    document = planned(client, places=[RING, POINT, {"ref": "dalian", "zone": "dl-main"}])
    assert [each["city"] for each in document["publications"]] == ["dalian", "shenyang"]
    assert document["caveats"] == ["signs_and_officers_prevail", "no_physical_limits"]
    assert document["kept"] is False
    assert document["planned_at"] == "2026-11-24T08:00:00+08:00"
    assert document["horizon"] == "2026-12-08T05:00:00+08:00"


def test_a_record_that_is_not_complete_is_said(client):
    document = planned(client, places=[RING, {"ref": "shenzhen", "zone": SHENZHEN}])
    assert {each["city"]: each["assumed"] for each in document["publications"]} == {
        "shenyang": [],
        "shenzhen": ["record_incomplete"],
    }
    assert "record_incomplete" in document["names"]


def test_an_illustrative_notice_is_marked_where_it_moves_a_verdict(client):
    document = planned(client, profiles=[{"ref": "fresh", "vehicle": FRESH}])
    moved = [
        each
        for each in schedule_of(document, "fresh", "ring")["intervals"]
        if each["verdict"] != each["verdict_by_law"]
    ]
    assert ("06:30", "08:30") not in hours(moved)
    assert {(each["verdict"], each["verdict_by_law"]) for each in moved} == {("allowed", "prohibited")}


def test_missing_facts_and_doubts_are_told_with_each_interval(client):
    profiles = [*PLAN["profiles"], {"ref": "unsaid", "vehicle": {"vehicle_type": "H32", "energy": "diesel"}}]
    document = planned(client, profiles=profiles, places=[RING, POINT])
    unsaid = schedule_of(document, "unsaid", "ring")["intervals"]
    assert {"emission_stage"} in [set(each["missing"]) for each in unsaid if each["verdict"] == "undetermined"]
    near = schedule_of(document, "diesel", "near")["intervals"]
    assert ("09:00", "17:00", "undetermined") in hours(near)
    assert {each["reason"] for each in near if each["verdict"] == "undetermined"} == {"shape_uncertain"}
    assert document["place_groups"][1]["possible_zones"] == ["sy-qingnian-dajie"]
    assert {"emission_stage", "shape_uncertain"} <= set(document["names"])


def test_a_place_outside_of_every_city_is_undetermined_with_a_reason(client):
    document = planned(client, places=[{"ref": "far", "lon": 116.39, "lat": 39.9, "crs": "wgs84"}])
    (interval,) = schedule_of(document, "diesel", "far")["intervals"]
    assert (interval["verdict"], interval["reason"]) == ("undetermined", "outside_coverage")
    assert document["publications"] == []


def test_an_interval_agrees_with_the_decision_asked_at_its_ends(client):
    document = planned(client, places=[RING, STREET])
    for place in (RING, STREET):
        for interval in schedule_of(document, "diesel", place["ref"])["intervals"]:
            body = {"vehicle": DIESEL, "place": {"zone": place["zone"]}, "at": interval["from"]}
            assert post(client, body).json()["verdict"] == interval["verdict"]


def test_vroom_gets_seconds_with_both_ends_included(client):
    document = planned(client, "?format=vroom", places=[RING, STREET, POINT])
    ring = schedule_of(document, "diesel", "ring")
    first, last = (parse_instant(f"2026-11-24T{clock}:00+08:00") for clock in ("05:00", "07:00"))
    assert ring["time_windows"][0] == [first, last - 1]
    assert [end - start + 1 for start, end in ring["time_windows"]] == [7_200, 28_800, 14_400]
    assert (ring["never"], ring["undetermined"], ring["illustrative"]) == (False, [], False)
    street = schedule_of(document, "diesel", "street")
    assert (street["time_windows"], street["never"]) == ([], True)
    near = schedule_of(document, "diesel", "near")
    assert near["never"] and near["undetermined"][0] == [first, last - 1]


def test_vroom_windows_are_what_the_intervals_allow(client):
    changes = {"profiles": [{"ref": "fresh", "vehicle": FRESH}], "until": "2026-12-01T05:00:00+08:00"}
    intervals = schedule_of(planned(client, **changes), "fresh", "ring")["intervals"]
    found = schedule_of(planned(client, "?format=vroom", **changes), "fresh", "ring")
    seconds = sum(
        parse_instant(each["until"]) - parse_instant(each["from"]) for each in intervals if each["verdict"] == "allowed"
    )
    assert sum(end - start + 1 for start, end in found["time_windows"]) == seconds
    assert all(
        one[1] + 1 < other[0] for one, other in zip(found["time_windows"], found["time_windows"][1:], strict=False)
    )
    assert found["illustrative"] is True


def test_the_example_of_a_vroom_job_holds_a_window_of_the_first_example(client):
    description = client.get("/openapi.json").json()["paths"][ADDRESS]["post"]["description"]
    job = json.loads(description.split("```json")[1].split("```")[0])
    document = client.post(f"{ADDRESS}?format=vroom", json=PLAN_EXAMPLES[0].body).json()
    assert job["time_windows"][0] in document["schedules"][0]["time_windows"]


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("no period", {"profiles": PLAN["profiles"], "places": [RING]}, "missing-field", "/from"),
    ("from without offset", {**PLAN, "from": "2026-11-24T05:00:00"}, "time-without-offset", "/from"),
    ("until a number", {**PLAN, "until": 5}, "wrong-type", "/until"),
    ("until before from", {**PLAN, "until": "2026-11-24T04:00:00+08:00"}, "wrong-order", "/until"),
    ("eight days", {**PLAN, "until": "2026-12-02T05:00:01+08:00"}, "period-too-long", "/until"),
    ("no profiles", {**PLAN, "profiles": []}, "empty-list", "/profiles"),
    ("profiles an object", {**PLAN, "profiles": {}}, "wrong-type", "/profiles"),
    ("a profile is text", {**PLAN, "profiles": ["x"]}, "wrong-type", "/profiles/0"),
    ("a profile without a vehicle", {**PLAN, "profiles": [{"ref": "a"}]}, "missing-field", "/profiles/0/vehicle"),
    ("a profile without ref", {**PLAN, "profiles": [{"vehicle": {}}]}, "missing-field", "/profiles/0/ref"),
    ("an unknown field", {**PLAN, "profiles": [{"ref": "a", "vehicle": {}, "x": 1}]}, "unknown-field", "/profiles/0/x"),
    (
        "an unknown body",
        {**PLAN, "profiles": [*PLAN["profiles"], {"ref": "a", "vehicle": {"body": "bxo"}}]},
        "unknown-code",
        "/profiles/1/vehicle/body",
    ),
    (
        "an unknown pass",
        {**PLAN, "profiles": [{"ref": "a", "vehicle": {"passes": [{"kind": "paper"}]}}]},
        "unknown-code",
        "/profiles/0/vehicle/passes/0/kind",
    ),
    ("a ref twice", {**PLAN, "places": [RING, RING]}, "duplicate-ref", "/places/1/ref"),
    ("a place is null", {**PLAN, "places": [None]}, "wrong-type", "/places/0"),
    ("a place without ref", {**PLAN, "places": [{"zone": "sy-second-ring"}]}, "missing-field", "/places/0/ref"),
    ("a place with neither", {**PLAN, "places": [{"ref": "a"}]}, "missing-field", "/places/0"),
    (
        "a zone and a point",
        {**PLAN, "places": [{**POINT, "zone": "sy-second-ring"}]},
        "ambiguous-place",
        "/places/0/zone",
    ),
    ("no crs", {**PLAN, "places": [{"ref": "a", "lon": 123.4, "lat": 41.8}]}, "crs-missing", "/places/0/crs"),
    ("swapped", {**PLAN, "places": [{**POINT, "lon": 41.79, "lat": 123.43}]}, "coordinates-swapped", "/places/0/lat"),
    ("an unknown zone", {**PLAN, "places": [RING, {"ref": "a", "zone": "x"}]}, "unknown-zone", "/places/1/zone"),
    ("an unknown field of a place", {**PLAN, "places": [{**RING, "lon_": 1}]}, "unknown-field", "/places/0/lon_"),
    ("another city", {**PLAN, "city": "dalian"}, "other-city", "/places/0"),
    ("an unknown city", {**PLAN, "city": "atlantis"}, "unknown-code", "/city"),
    ("city null", {**PLAN, "city": None}, "wrong-type", "/city"),
    ("an unknown field of the plan", {**PLAN, "stops": []}, "unknown-field", "/stops"),
]


@pytest.mark.parametrize(("body", "code", "pointer"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_faulty_plan_is_refused_at_its_place(client, body, code, pointer):
    refusal(client.post(ADDRESS, json=body), 422, code, pointer)


def test_too_many_pairs_are_refused(client):
    profiles = [{"ref": f"v{number}", "vehicle": {}} for number in range(101)]
    places = [{**RING, "ref": f"p{number}"} for number in range(50)]
    refusal(client.post(ADDRESS, json={**PLAN, "profiles": profiles, "places": places}), 422, "too-many", "")


def test_no_more_than_twenty_faults_are_told(client):
    places = [{"ref": f"p{number}", "zone": 1} for number in range(5_000)]
    assert len(refusal(client.post(ADDRESS, json={**PLAN, "places": places}), 422)["errors"]) <= 20


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("?format=xml", "unknown-code", "/query/format"),
        ("?format=vroom&format=vroom", "duplicate-key", "/query/format"),
        ("?fromat=vroom", "unknown-field", "/query/fromat"),
    ],
)
def test_a_faulty_query_is_refused(client, query, code, pointer):
    refusal(client.post(ADDRESS + query, json=PLAN), 422, code, pointer)


def test_a_body_may_have_four_mebibytes_and_the_refusal_names_them(client):
    text = json.dumps(PLAN).encode()
    headers = {"content-type": "application/json"}
    full = text + b" " * (LARGEST_PLAN - len(text))
    assert client.post(ADDRESS, content=full, headers=headers).status_code == 200
    errors = refusal(client.post(ADDRESS, content=full + b" ", headers=headers), 413, "too-large")["errors"]
    assert "4 MiB" in errors[0]["en"]


def test_a_plan_is_for_its_caller_alone_and_is_not_kept(client, log, monkeypatch):
    kept = []
    monkeypatch.setattr(type(log), "keep_all", lambda self, *given: kept.append(given))
    response = client.post(ADDRESS, json=PLAN)
    assert response.headers["cache-control"] == "private, no-store"
    assert kept == []
