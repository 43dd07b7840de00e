"""POST /v1/decisions and the decision called up again: the examples, what is kept, and every clear refusal."""

import json
import threading
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.api.wire_decision import DecisionOut
from service.app import create_app
from service.examples import EXAMPLES
from service.storage.decision_log import open_decision_log
from tests.support.asking import built_in_snapshot
from tests.support.problems import post, post_bytes, refusal

VAN: dict[str, Any] = {"plate": "辽A5K268", "vehicle_type": "H32", "energy": "diesel", "emission_stage": 5}
POINT: dict[str, Any] = {"lon": 123.4387, "lat": 41.7908, "crs": "gcj02", "accuracy_m": 30}
ASK: dict[str, Any] = {
    "vehicle": VAN,
    "place": {"zone": "sy-second-ring"},
    "at": "2026-11-24T08:12:00+08:00",
    "ref": "stop-881",
}


def ask(**changes: Any) -> dict[str, Any]:
    """The question with some of its parts changed."""
    return {**deepcopy(ASK), **changes}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.key)
def test_every_example_gives_what_its_title_says(client, example):
    response = post(client, dict(example.body))
    assert example.title.endswith(example.expect)
    if example.expect.isdigit():
        refusal(response, int(example.expect))
    else:
        assert response.status_code == 200, response.text
        assert response.json()["verdict"] == example.expect


@pytest.mark.parametrize("example", [each for each in EXAMPLES if not each.expect.isdigit()], ids=lambda each: each.key)
def test_an_answer_has_the_documented_shape(client, example):
    response = post(client, dict(example.body))
    DecisionOut.model_validate_json(response.content)
    assert json.loads(response.content) == response.json()


def test_an_answer_has_the_documented_shape_outside_of_every_city(client):
    response = post(client, ask(place={"lon": 116.39, "lat": 39.9, "crs": "wgs84"}))
    assert DecisionOut.model_validate_json(response.content).publication is None
    assert (response.json()["verdict"], response.json()["reason"]) == ("undetermined", "outside_coverage")


@pytest.mark.parametrize(
    ("zone", "at", "dated"),
    [
        ("sy-taishan-lu", "2023-05-20T06:00:00+08:00", {"dates": ["2023-05-20"]}),
        ("cd-inside-g4202", "2021-12-24T10:00:00+08:00", {"range": {"first": "2021-12-22", "last": "2022-07-31"}}),
    ],
)
def test_the_dates_of_a_window_are_text(client, zone, at, dated):
    van = {**VAN, "plate": "川A5K265"}
    answer = post(client, ask(vehicle=van, place={"zone": zone}, at=at)).json()
    windows = [ground["window"] for ground in answer["grounds"]]
    assert [window for window in windows if dated.items() <= window.items()], windows
    assert client.get(f"/v1/decisions/{answer['id']}").json() == answer


def test_an_answer_is_kept_before_it_leaves_and_called_up_as_it_was(client, log):
    given = post(client, ASK).json()
    kept = log.find(given["id"])
    assert kept is not None
    assert kept.answered == given
    assert kept.asked == ASK
    assert kept.digest == given["publication"]["digest"]
    again = client.get(f"/v1/decisions/{given['id']}")
    assert again.status_code == 200
    assert again.json() == given


@pytest.mark.parametrize("decision_id", ["00000000-0000-4000-8000-000000000000", "1", "%00", "a" * 200, "辽A5K268"])
def test_an_unknown_decision_is_not_found(client, decision_id):
    refusal(client.get(f"/v1/decisions/{decision_id}"), 404, "not-found")


def test_no_answer_leaves_that_cannot_be_kept(tmp_path: Path):
    log = open_decision_log(tmp_path)
    with TestClient(create_app(built_in_snapshot(), log)) as client:
        log.close()
        response = post(client, ASK)
        refusal(response, 503, "unavailable")
        assert response.headers["retry-after"]
        refusal(client.get("/readyz"), 503, "unavailable")


def test_decisions_are_made_on_the_event_loop(client, log, monkeypatch):
    """Prepared geometries must not be shared between threads: two questions run in one and the same thread."""
    threads = []
    keep = log.keep
    monkeypatch.setattr(type(log), "keep", lambda self, kept: (threads.append(threading.get_ident()), keep(kept))[1])
    here = client.portal.call(threading.get_ident)
    assert [post(client, ASK).status_code for _ in range(2)] == [200, 200]
    assert threads == [here, here]


def test_the_present_is_asked_for_when_no_time_is_given(client):
    body = {key: value for key, value in ASK.items() if key != "at"}
    assert post(client, body).json()["at"] == "2026-11-24T08:00:00+08:00"


def test_positions_come_back_in_the_crs_of_the_question(client):
    place = post(client, ask(place={**POINT, "heading_deg": 90.5, "level": "ground"})).json()["place"]
    assert {key: place[key] for key in ("lon", "lat", "crs", "accuracy_m", "heading_deg", "level")} == {
        **POINT,
        "heading_deg": 90.5,
        "level": "ground",
    }


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    # what, body, code, pointer
    ("at is a number", ask(at=0), "wrong-type", "/at"),
    ("at is a number in quotes", ask(at="0"), "invalid-datetime", "/at"),
    ("at is null", ask(at=None), "wrong-type", "/at"),
    ("at has no offset", ask(at="2026-11-24T08:00:00"), "time-without-offset", "/at"),
    ("at before 1900", ask(at="1899-12-31T23:59:59+08:00"), "datetime-out-of-range", "/at"),
    ("at after 2200", ask(at="2201-01-01T00:00:00+08:00"), "datetime-out-of-range", "/at"),
    ("at in the year 0", ask(at="0000-01-01T00:00:00+08:00"), "datetime-out-of-range", "/at"),
    ("at on no day", ask(at="2027-02-29T08:00:00+08:00"), "invalid-datetime", "/at"),
    ("latitude as text", ask(place={**POINT, "lat": "41.8"}), "wrong-type", "/place/lat"),
    ("longitude true", ask(place={**POINT, "lon": True}), "wrong-type", "/place/lon"),
    ("longitude as text NaN", ask(place={**POINT, "lon": "NaN"}), "wrong-type", "/place/lon"),
    ("swapped, latitude 123", ask(place={**POINT, "lon": 41.8, "lat": 123.4}), "coordinates-swapped", "/place/lat"),
    ("latitude 91", ask(place={**POINT, "lat": 91}), "coordinates-out-of-range", "/place/lat"),
    ("latitude -91", ask(place={**POINT, "lat": -91}), "coordinates-out-of-range", "/place/lat"),
    ("longitude 181", ask(place={**POINT, "lon": 181}), "coordinates-out-of-range", "/place/lon"),
    ("no crs", ask(place={"lon": 123.4, "lat": 41.8}), "crs-missing", "/place/crs"),
    ("unknown crs", ask(place={**POINT, "crs": "epsg4326"}), "unknown-code", "/place/crs"),
    ("crs in capitals", ask(place={**POINT, "crs": "WGS84"}), "unknown-code", "/place/crs"),
    ("crs null", ask(place={**POINT, "crs": None}), "wrong-type", "/place/crs"),
    ("accuracy too large", ask(place={**POINT, "accuracy_m": 10_001}), "number-out-of-range", "/place/accuracy_m"),
    ("accuracy negative", ask(place={**POINT, "accuracy_m": -1}), "number-out-of-range", "/place/accuracy_m"),
    ("accuracy null", ask(place={**POINT, "accuracy_m": None}), "wrong-type", "/place/accuracy_m"),
    ("heading 360", ask(place={**POINT, "heading_deg": 360}), "number-out-of-range", "/place/heading_deg"),
    ("heading null", ask(place={**POINT, "heading_deg": None}), "wrong-type", "/place/heading_deg"),
    ("unknown level", ask(place={**POINT, "level": "roof"}), "unknown-code", "/place/level"),
    ("unknown field of a place", ask(place={**POINT, "latt": 1}), "unknown-field", "/place/latt"),
    ("zone and point", ask(place={**POINT, "zone": "sy-second-ring"}), "ambiguous-place", "/place/zone"),
    ("neither zone nor point", ask(place={}), "missing-field", "/place"),
    ("place null", ask(place=None), "wrong-type", "/place"),
    ("place an array", ask(place=[123.4, 41.8]), "wrong-type", "/place"),
    ("no latitude", ask(place={"lon": 123.4, "crs": "wgs84"}), "missing-field", "/place/lat"),
    ("unknown zone", ask(place={"zone": "sy-second-rnig"}), "unknown-zone", "/place/zone"),
    ("zone empty", ask(place={"zone": ""}), "invalid-text", "/place/zone"),
    ("stay negative", ask(stay_minutes=-1), "number-out-of-range", "/stay_minutes"),
    ("stay over a week", ask(stay_minutes=10_081), "number-out-of-range", "/stay_minutes"),
    ("stay as text", ask(stay_minutes="40"), "wrong-type", "/stay_minutes"),
    ("stay true", ask(stay_minutes=True), "wrong-type", "/stay_minutes"),
    ("stay with a fraction", ask(stay_minutes=0.5), "wrong-type", "/stay_minutes"),
    ("ref too long", ask(ref="x" * 65), "invalid-text", "/ref"),
    ("ref with a line break", ask(ref="a\nb"), "invalid-text", "/ref"),
    ("ref a number", ask(ref=881), "wrong-type", "/ref"),
    ("unknown field", ask(decision="allow"), "unknown-field", "/decision"),
    ("no vehicle", {"place": {"zone": "sy-second-ring"}}, "missing-field", "/vehicle"),
    ("vehicle an array", ask(vehicle=[]), "wrong-type", "/vehicle"),
    ("unknown body", ask(vehicle={**VAN, "body": "bxo"}), "unknown-code", "/vehicle/body"),
    ("unknown class", ask(vehicle={**VAN, "priority_classes": ["aaa"]}), "unknown-code", "/vehicle/priority_classes/0"),
    ("unknown field of a vehicle", ask(vehicle={**VAN, "colour": 1}), "unknown-field", "/vehicle/colour"),
    ("fact null", ask(vehicle={**VAN, "size": None}), "wrong-type", "/vehicle/size"),
    ("mass as text", ask(vehicle={**VAN, "total_mass_kg": "4495"}), "wrong-type", "/vehicle/total_mass_kg"),
    ("mass true", ask(vehicle={**VAN, "total_mass_kg": True}), "wrong-type", "/vehicle/total_mass_kg"),
    ("mass zero", ask(vehicle={**VAN, "total_mass_kg": 0}), "number-out-of-range", "/vehicle/total_mass_kg"),
    ("mass of 2^64", ask(vehicle={**VAN, "total_mass_kg": 2**64}), "number-out-of-range", "/vehicle/total_mass_kg"),
    ("not a plate", ask(vehicle={"plate": "hello"}), "invalid-plate", "/vehicle/plate"),
    ("plate a number", ask(vehicle={"plate": 12345}), "wrong-type", "/vehicle/plate"),
    ("unknown pass", ask(vehicle={"passes": [{"kind": "paper"}]}), "unknown-code", "/vehicle/passes/0/kind"),
    (
        "unknown field of a pass",
        ask(vehicle={"passes": [{"kind": "electronic-pass", "until": 1}]}),
        "unknown-field",
        "/vehicle/passes/0/until",
    ),
]


@pytest.mark.parametrize(("body", "code", "pointer"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_faulty_question_is_refused_at_its_place(client, body, code, pointer):
    problem = refusal(post(client, body), 422, code, pointer)
    assert problem["type"] == "/problems/invalid-question"
    assert "辽A5K268" not in json.dumps(problem, ensure_ascii=False)


@pytest.mark.parametrize(
    ("body", "pointer", "nearest", "known"),
    [
        (ask(place={"zone": "sy-second-rnig"}), "/place/zone", "sy-second-ring", "sy-second-ring"),
        (ask(place={**POINT, "crs": "WGS84"}), "/place/crs", "wgs84", "bd09ll"),
        (ask(place={**POINT, "crs": "bd09"}), "/place/crs", "bd09ll", "gcj02"),
        (ask(vehicle={"body": "bxo"}), "/vehicle/body", "box", "tank"),
        (ask(vehicle={"cargo": "medcine"}), "/vehicle/cargo", "medicine", "chilled"),
        (
            ask(vehicle={"priority_classes": ["aaa_ratd"]}),
            "/vehicle/priority_classes/0",
            "aaa_rated",
            "fresh_food",
        ),
        (ask(vehicl={}), "/vehicl", "vehicle", "place"),
    ],
)
def test_an_unknown_word_is_answered_with_the_list_and_the_nearest(client, body, pointer, nearest, known):
    errors = refusal(post(client, body), 422)["errors"]
    error = next(each for each in errors if each["pointer"] == pointer)
    assert error["nearest"] == nearest
    assert {nearest, known} <= set(error["known"])


def test_swapped_coordinates_inside_the_bounds_are_seen(client):
    """Both numbers are possible latitudes and longitudes, but only the other way round do they lie in a city."""
    body = ask(place={"lon": 38.9, "lat": 89.9, "crs": "wgs84"})
    assert post(client, body).json()["verdict"] == "undetermined"
    refusal(
        post(client, ask(place={"lon": 41.79, "lat": 123.43, "crs": "wgs84"})), 422, "coordinates-swapped", "/place/lat"
    )


def test_a_contradiction_names_every_fact_in_it(client):
    errors = refusal(post(client, ask(vehicle={**VAN, "total_mass_kg": 4500})), 422, "inconsistent-vehicle")["errors"]
    assert len(errors) == 1
    assert set(errors[0]["pointers"]) == {"/vehicle/total_mass_kg", "/vehicle/vehicle_type"}


def test_all_faults_are_found_at_once(client):
    body = {"vehicle": {"body": "bxo", "size": "litre"}, "place": {"lon": "1", "lat": 1, "crs": "x"}, "at": 0}
    pointers = {error["pointer"] for error in refusal(post(client, body), 422)["errors"]}
    assert pointers == {"/vehicle/body", "/vehicle/size", "/place/lon", "/place/crs", "/at"}


@pytest.mark.parametrize("key", ["辽A5K268", "a-b", "a/b", "<script>", "a b", "", "x" * 65, "~0"])
@pytest.mark.parametrize(
    ("place", "pointer"),
    [
        (lambda key: ask(**{key: 1}), ""),
        (lambda key: ask(vehicle={key: 1}), "/vehicle"),
        (lambda key: ask(place={"zone": "sy-second-ring", key: 1}), "/place"),
        (lambda key: ask(vehicle={"passes": [{"kind": "electronic-pass", key: 1}]}), "/vehicle/passes/0"),
    ],
)
def test_a_strange_key_is_not_repeated(client, key, place, pointer):
    problem = refusal(post(client, place(key)), 422, "unknown-field", pointer)
    assert len(key) < 3 or key not in json.dumps(problem["errors"], ensure_ascii=False)


def test_a_problem_stays_small_whatever_is_wrong(client):
    vehicle = {
        **dict.fromkeys(("kind", "size", "body", "energy", "use", "trip", "plate_kind"), "nothing"),
        "cargo": ["nothing"] * 50,
        "priority_classes": ["nothing"] * 50,
        **{f"unknown_{number:056}": 1 for number in range(100)},
    }
    problem = refusal(post(client, ask(vehicle=vehicle)), 422)
    assert "nothing" not in json.dumps(problem)


def test_a_body_may_say_utf_8(client):
    raw = json.dumps(ASK).encode()
    for content_type in ("application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"'):
        assert client.post("/v1/decisions", content=raw, headers={"content-type": content_type}).status_code == 200
    assert post_bytes(client, raw, content_encoding="identity").status_code == 200
