"""Well-formed questions with hostile values: what is taken, what is brought to one form, and what is refused."""

import json

import pytest

from tests.service.api.test_decisions import ask
from tests.support.problems import post, refusal

TRUCK = {"size": "light", "energy": "diesel", "total_mass_kg": 4495}
POINT = {"lon": 123.4328, "lat": 41.8045, "crs": "wgs84"}
QUICK = "2019-06-03T07:00:00+08:00"

TIMES_TAKEN = [
    # written, read
    ("2026-11-23T00:00:00+14:00", "2026-11-22T18:00:00+08:00"),
    ("2026-11-22T23:00:00Z", "2026-11-23T07:00:00+08:00"),
    ("2026-11-23t07:00:00z", "2026-11-23T15:00:00+08:00"),
    ("2026-11-23T06:59:59.999999999+08:00", "2026-11-23T06:59:59+08:00"),
    ("2026-11-23T07:00:00+08:00", "2026-11-23T07:00:00+08:00"),
    ("2026-09-20T07:00:00+08:00", "2026-09-20T07:00:00+08:00"),
    ("2027-01-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00"),
    ("1988-06-01T07:00:00+08:00", "1988-06-01T08:00:00+09:00"),
    ("1902-01-01T00:00:00Z", "1902-01-01T08:00:00+08:00"),
    ("2200-12-31T23:59:59Z", "2201-01-01T07:59:59+08:00"),
]


@pytest.mark.parametrize(("written", "read"), TIMES_TAKEN, ids=[written for written, _ in TIMES_TAKEN])
def test_a_legal_time_is_one_instant_however_it_is_written(client, written, read):
    response = post(client, ask(at=written))
    assert response.status_code == 200, response.text[:500]
    assert response.json()["at"] == read


TIMES_REFUSED = [
    *("2026-11-23", "1795388400", "1795388400000", "", " ", "now", "2026-11-23 07:00:00+08:00"),
    *("2026-12-31T23:59:60Z", "2027-02-29T07:00:00+08:00", "2026-W48-1T07:00:00+08:00", "2026-327T07:00:00+08:00"),
    *("2026-11-23T07:00:00+08:00", "2026-11-23T07:00:00\u221208:00", "2026-11-23T07:00:00+0800"),
    *("2026-11-23T24:00:00+08:00", "2026-11-23T07:00+08:00", "2026-11-23T07:00:00+24:00", "-2026-11-23T07:00:00Z"),
    *("2026-11-23T07:00:00+08:00\n", "２０２６-11-23T07:00:00+08:00", "2026-11-23T07:00:00+08:00" + "0" * 1000),
]
TIMES_REFUSED.remove("2026-11-23T07:00:00+08:00")


@pytest.mark.parametrize("written", TIMES_REFUSED)
def test_what_is_no_time_is_refused(client, written):
    refusal(post(client, ask(at=written)), 422, "invalid-datetime", "/at")


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00", "1899-12-31T23:59:59Z"])
def test_years_that_no_calendar_here_knows_are_refused(client, written):
    refusal(post(client, ask(at=written)), 422, "datetime-out-of-range", "/at")


PLATES_TAKEN = [
    ("辽A12345", "辽A12345"),
    ("辽Ａ１２３４５", "辽A12345"),
    ("辽 A 12345", "辽A12345"),
    ("辽A·12345", "辽A12345"),
    ("辽a12345", "辽A12345"),
    ("辽AD12345", "辽AD12345"),
    ("辽A1234挂", "辽A1234挂"),
]


@pytest.mark.parametrize(("written", "read"), PLATES_TAKEN)
def test_a_plate_is_brought_to_one_form(client, written, read):
    response = post(client, ask(vehicle={"plate": written}, at=QUICK))
    assert response.status_code == 200, response.text[:500]
    assert response.json()["vehicle"]["plate"]["value"] == read


PLATES_REFUSED = {
    "zero-width space": "辽A12\u200b345",
    "zero-width joiner": "辽A12\u200d345",
    "soft hyphen": "辽A12\u00ad345",
    "right-to-left override": "辽A\u202e12345",
    "variation selector": "辽A12345\ufe0f",
    "Cyrillic A": "辽\u041012345",
    "mathematical digit": "辽A1234\U0001d7d3",
    "circled digit": "辽A1234\u2464",
    "Roman numeral": "辽A1234\u2160",
    "Kangxi radical": "\u2f94A12345",
    "traditional": "遼A12345",
    "letter O": "辽A1234O",
    "letter I": "辽A1234I",
    "line break at the end": "辽A12345\n",
    "carriage return": "辽A12345\r\nX-Admin: 1",
    "blank": "   ",
    "empty": "",
    "emoji": "辽A1234\U0001f69a",
    "sharp s": "辽A1234\u00df",
    "dotless i": "辽A1234\u0131",
    "template": "${jndi:ldap://x}{{7*7}}",
    "markup": "<script>alert(1)</script>",
    "very long": "辽" + "A" * 30_000 + "!",
}


@pytest.mark.parametrize("plate", PLATES_REFUSED.values(), ids=PLATES_REFUSED)
def test_what_is_no_plate_is_refused_and_never_repeated(client, plate):
    problem = refusal(post(client, ask(vehicle={"plate": plate})), 422, "invalid-plate", "/vehicle/plate")
    assert len(plate) < 5 or plate.strip() not in json.dumps(problem, ensure_ascii=False)


@pytest.mark.parametrize("plate", [12345, ["辽A12345"], {"text": "辽A12345"}, True, None, 1.5])
def test_a_plate_is_text(client, plate):
    refusal(post(client, ask(vehicle={"plate": plate})), 422, "wrong-type", "/vehicle/plate")


@pytest.mark.parametrize(
    "vehicle",
    [
        {"kind": "truck", "size": "light", "total_mass_kg": 4500},
        {"kind": "truck", "size": "micro", "total_mass_kg": 25_000},
        {"vehicle_type": "H32", "size": "heavy"},
        {"plate": "辽AD12345", "new_energy_plate": False},
        {"energy": "battery_electric", "fuel": "B"},
    ],
)
def test_facts_that_contradict_each_other_are_all_named(client, vehicle):
    errors = refusal(post(client, ask(vehicle=vehicle)), 422, "inconsistent-vehicle")["errors"]
    assert {pointer for error in errors for pointer in error["pointers"]} <= {f"/vehicle/{name}" for name in vehicle}
    assert all(len(error["pointers"]) >= 2 for error in errors)


def test_4495_kg_is_light(client):
    vehicle = {"kind": "truck", "total_mass_kg": 4495, "length_mm": 5995, "energy": "diesel", "emission_stage": 5}
    assert post(client, ask(vehicle={**vehicle, "size": "light"})).status_code == 200


PLACES_TAKEN = {
    "Beijing": ({"lon": 116.3913, "lat": 39.9075, "crs": "wgs84"}, "outside_coverage"),
    "null island": ({"lon": 0, "lat": 0, "crs": "wgs84"}, "outside_coverage"),
    "a tiny number": ({"lon": 1e-300, "lat": 41.8, "crs": "wgs84"}, "outside_coverage"),
    "the pole": ({"lon": 180, "lat": 90, "crs": "wgs84"}, "outside_coverage"),
    "the edge of bd09": ({"lon": -180, "lat": -90.0, "crs": "bd09ll"}, "outside_coverage"),
}


@pytest.mark.parametrize(("place", "reason"), PLACES_TAKEN.values(), ids=PLACES_TAKEN)
def test_a_place_outside_of_every_city_is_undetermined_and_never_allowed(client, place, reason):
    answer = post(client, ask(vehicle=TRUCK, place=place)).json()
    assert (answer["verdict"], answer["reason"]) == ("undetermined", reason)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({**POINT, "lon": float(2**70)}, "coordinates-out-of-range"),
        ({**POINT, "lon": 10**39}, "coordinates-out-of-range"),
        ({**POINT, "lon": [123.4328]}, "wrong-type"),
        ({**POINT, "lon": None}, "wrong-type"),
        ({**POINT, "lat": "Infinity"}, "wrong-type"),
        ({**POINT, "crs": "Wgs84"}, "unknown-code"),
        ({**POINT, "crs": ""}, "unknown-code"),
        ({**POINT, "crs": 4326}, "wrong-type"),
        ({**POINT, "crs": "x" * 10_000}, "unknown-code"),
        ({"zone": "x" * 10_000}, "invalid-text"),
        ({"zone": "../../etc"}, "unknown-zone"),
        ({"zone": "sy-second-ring\n"}, "unknown-zone"),
        ({"zone": 1}, "wrong-type"),
        ({"zone": None}, "wrong-type"),
        ("sy-second-ring", "wrong-type"),
    ],
)
def test_a_hostile_place_is_refused(client, place, code):
    refusal(post(client, ask(vehicle=TRUCK, place=place)), 422, code)


@pytest.mark.parametrize(
    "vehicle",
    [
        {"passes": [{"kind": "electronic-pass"}] * 51},
        {"passes": "electronic-pass"},
        {"passes": [{}]},
        {"passes": [None]},
        {"passes": [{"kind": "electronic-pass", "valid_from": "2026-13-01"}]},
        {"passes": [{"kind": "electronic-pass", "valid_from": "9999-12-31"}]},
        {"passes": [{"kind": "electronic-pass", "valid_to": "2026-01-01", "valid_from": "2026-02-01"}]},
        {"passes": [{"kind": "electronic-pass", "hours": ["25:00-26:00"]}]},
        {"passes": [{"kind": "electronic-pass", "hours": []}]},
        {"passes": [{"kind": "electronic-pass", "zones": []}]},
        {"passes": [{"kind": "electronic-pass", "zones": ["nowhere"]}]},
        {"passes": [{"kind": "electronic-pass", "days": ["someday"]}]},
        {"passes": [{"kind": "electronic-pass", "days": [{}]}]},
        {"filings": ["nothing"]},
        {"filings": [{}]},
        {"cargo": ["fresh_produce"] * 51},
        {"cargo": [[]]},
        {"cargo": {"a": 1}},
        {"priority_classes": [{"class": "aaa_rated", "since": "2026-01-01"}]},
        {"priority_classes": [{}]},
        {"priority_classes": [1]},
        {"emission_stage": 7},
        {"emission_stage": 5.0},
        {"emission_stage": True},
        {"emission_stage": "国七"},
        {"emission_stage": "x" * 30_000},
        {"tail_digit": 10},
        {"tail_digit": "8"},
        {"plate_prefix": "辽"},
        {"new_energy_plate": 1},
        {"on_duty": "true"},
        {"length_mm": 5995.5},
        {"vehicle_type": "H9999"},
        {"fuel": "XX"},
    ],
    ids=str,
)
def test_a_hostile_vehicle_is_refused(client, vehicle):
    problem = refusal(post(client, ask(vehicle=vehicle)), 422)
    assert all(error["pointer"].startswith("/vehicle/") for error in problem["errors"])
