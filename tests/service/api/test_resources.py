"""The other resources: zones, notices, classes, codes, and what the service says of itself."""

import pytest
from starlette.testclient import TestClient

from geodata.geojson import feature_of
from rules import codes
from rules.codec import notice_document
from service.api.about import AboutOut
from service.api.classes import ClassesOut, CodesOut
from service.api.notices import NoticesOut, NoticeWholeOut
from service.api.zones import ZoneFeatureOut
from service.app import create_app
from service.version import VERSION
from tests.support.asking import built_in_snapshot
from tests.support.problems import refusal


@pytest.mark.parametrize(
    ("address", "shape"),
    [
        ("/v1/notices", NoticesOut),
        ("/v1/classes", ClassesOut),
        ("/v1/codes", CodesOut),
        ("/v1/about", AboutOut),
    ],
)
def test_a_list_has_the_documented_shape(client, address, shape):
    response = client.get(address)
    assert response.status_code == 200
    shape.model_validate_json(response.content)


def test_every_zone_is_a_feature_with_its_provenance(client):
    for zone in built_in_snapshot().index.zones():
        response = client.get(f"/v1/zones/{zone.key}")
        assert response.headers["content-type"] == "application/geo+json"
        ZoneFeatureOut.model_validate_json(response.content)
        feature = feature_of(zone)
        properties = {**feature["properties"], "crs": "wgs84"}
        assert response.json() == {**feature, "id": zone.key, "properties": properties}
        assert response.json()["properties"]["basis"]


def test_every_notice_is_given_in_full(client):
    listed = client.get("/v1/notices").json()["notices"]
    assert [(each["city"], each["id"]) for each in listed] == [
        (city, notice.id) for city, notice in built_in_snapshot().notices()
    ]
    for city, notice in built_in_snapshot().notices():
        response = client.get(f"/v1/notices/{notice.id}")
        NoticeWholeOut.model_validate_json(response.content)
        whole = response.json()
        assert whole["city"] == city
        assert set(whole) == {"city", *notice_document(notice)}
        assert [each["id"] for each in whole.get("restrictions", [])] == [
            each.id.removeprefix(f"{notice.id}/") for each in notice.restrictions
        ]


def test_notices_of_a_city_and_which_are_no_law(client):
    listed = client.get("/v1/notices", params={"city": "shenyang"}).json()["notices"]
    assert [each["id"] for each in listed if each["illustrative"]] == ["sy-priority-classes"]
    assert {each["city"] for each in listed} == {"shenyang"}


def test_every_priority_class_says_what_grants_it(client):
    classes = client.get("/v1/classes").json()["classes"]
    assert [each["code"] for each in classes] == list(codes.PRIORITY_CLASS.names)
    granted = {each["code"]: [grant["exemption"] for grant in each["granted_by"]] for each in classes}
    assert "sy-priority-classes/fresh-food" in granted["fresh_food"]
    assert "sy-priority-classes/new-energy" in granted["new_energy"]
    assert all(granted.values())


def test_codes_are_named_in_both_languages(client):
    found = client.get("/v1/codes").json()
    assert found["vehicle"]["body"]["box"] == {"zh": "厢式", "en": "van body"}
    assert found["verdicts"]["allowed"]["zh"] == "所载通告未禁止"
    assert {"signs_and_officers_prevail", "no_physical_limits"} <= set(found["caveats"])


def test_about_says_what_answers(client):
    about = client.get("/v1/about").json()
    assert about["version"] == VERSION
    assert about["server_time"] == "2026-11-24T00:00:00+00:00"
    by_city = {each["city"]: each for each in about["publications"]}
    assert {"chengdu", "dalian", "shenyang", "shenzhen"} <= set(by_city)
    assert by_city["shenyang"]["complete_from"] == "2021-11-01"
    assert by_city["shenzhen"]["complete_from"] is None
    assert by_city["chengdu"]["complete_from"] is None
    assert by_city["chengdu"]["record_until"] == "2025-12-31"
    assert by_city["shenyang"]["record_until"] is None
    assert by_city["shenyang"]["illustrative"] == ["sy-priority-classes"]
    assert by_city["shenyang"]["digest"] == built_in_snapshot().publications["shenyang"].digest
    assert about["calendar"]["covered_until"] == "2026-12-31"
    assert about["limits"]["body_bytes"] == 65536
    assert (about["limits"]["headers"], about["limits"]["receive_seconds"], about["limits"]["connections"]) == (
        100,
        10,
        512,
    )


def test_without_illustrative_notices_none_is_named(log):
    with TestClient(create_app(built_in_snapshot(illustrative=False), log)) as client:
        about = client.get("/v1/about").json()
        assert {each["city"] for each in about["publications"]} == set(built_in_snapshot().publications)
        assert [each["city"] for each in about["publications"] if each["illustrative"]] == []
        refusal(client.get("/v1/notices/sy-priority-classes"), 404)
        assert "new_energy" in {each["code"] for each in client.get("/v1/classes").json()["classes"]}


def test_alive_and_ready(client):
    assert client.get("/healthz").json() == {"alive": True}
    assert client.get("/readyz").json() == {"ready": True}


def test_told_to_stop_it_is_alive_and_not_ready(log):
    with TestClient(create_app(built_in_snapshot(), log, stopping=lambda: True)) as client:
        assert client.get("/healthz").json() == {"alive": True}
        assert refusal(client.get("/readyz"), 503, "stopping")


@pytest.mark.parametrize(
    "address",
    [
        "/v1/zones/{}",
        "/v1/zones/{}/access",
        "/v1/zones/{}/timetable",
        "/v1/notices/{}",
        "/problems/{}",
        "/ogc/collections/{}",
        "/ogc/collections/{}/items",
        "/ogc/collections/zones/items/{}",
    ],
)
@pytest.mark.parametrize("name", ["nothing", "SY-SECOND-RING", "a%00b", "%F0%9F%98%80", "..%2f..%2fapp.py", "x" * 300])
def test_what_nobody_has_is_not_found(client, address, name):
    refusal(client.get(address.format(name)), 404)


@pytest.mark.parametrize(
    "address",
    [
        "/v1/zones",
        "/v1/zones/sy-second-ring",
        "/v1/zones/sy-second-ring/timetable",
        "/v1/calendar",
        "/v1/notices",
        "/v1/notices/sy-2021",
        "/v1/classes",
        "/v1/codes",
        "/v1/about",
    ],
)
def test_unknown_parameters_are_refused(client, address):
    refusal(client.get(f"{address}?ctiy=dalian"), 422, "unknown-field", "/query/ctiy")
