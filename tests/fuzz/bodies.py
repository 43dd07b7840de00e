"""Bodies of questions: strict JSON to a question, or a refusal that repeats nothing of what was sent (H28)."""

import json
import random
from typing import Any

from rules.errors import InvalidVehicle
from rules.reading import read_vehicle
from service.api.body import LARGEST_BODY, read_object
from service.api.problems import BODY, Refused, problem_response, vehicle_flaws
from service.api.replying import read_ask
from tests.fuzz import plates
from tests.fuzz.target import MARK, ODD, Pool, Target, changed, places

_LARGEST_PROBLEM = 4_096
_PLACES: tuple[dict[str, Any], ...] = (
    {"zone": "sy-second-ring", "heading_deg": 90},
    {"lon": 123.4387, "lat": 41.7908, "crs": "gcj02", "accuracy_m": 12.5, "heading_deg": 359.9, "level": "elevated"},
)
_SEEDS: tuple[dict[str, Any], ...] = tuple(
    {"vehicle": json.loads(vehicle), "place": _PLACES[number % 2], "at": "2026-11-24T08:12:00+08:00"}
    | ({"stay_minutes": 30, "ref": "stop-881"} if number % 3 else {})
    for number, vehicle in enumerate(plates.TARGET.seeds)
)
_KEYS = tuple(dict.fromkeys(key for _, key in places(list(_SEEDS)) if isinstance(key, str)))
_POOL = Pool(
    (*_KEYS, MARK, f"a{MARK}", "Vehicle", "place_", "a/b~c"),
    (
        *ODD,
        *("wgs84", "cgcs2000", "bd09ll", "WGS84", "tunnel", "辽A5K268", "truck", "国五", "06:30-08:30", None),
        *(
            "2026-11-24T08:12:00",
            "2026-11-24T24:00:00Z",
            "1899-12-31T00:00:00Z",
            -180,
            180.0,
            90.5,
            360,
            10_080,
            10_081,
        ),
        *({"zone": MARK}, {"lon": 41.8, "lat": 123.4, "crs": "wgs84"}, {MARK: MARK}, "\ud800", [MARK] * 60),
    ),
    _SEEDS,
)


def check(data: bytes) -> bool:
    try:
        said = read_object(data)
        ask = read_ask(said)
    except Refused as refused:
        _check_refusal(refused)
        return False
    canonical = _canonical(said)
    again = read_object(canonical)
    assert again == said and _canonical(again) == canonical
    assert read_ask(again) == ask
    try:
        read_vehicle(ask.vehicle)
    except InvalidVehicle as error:
        _check_refusal(Refused("invalid-question", vehicle_flaws(error, BODY)))
        return False
    return True


def _canonical(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _check_refusal(refused: Refused) -> None:
    body = bytes(problem_response(refused, "0").body)
    assert refused.kind.status in (400, 413, 422)
    assert len(body) < _LARGEST_PROBLEM
    assert MARK not in body.decode()
    assert json.loads(body)["errors"]


def mutation(data: bytes, rng: random.Random) -> bytes | None:
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return None
    grown = json.dumps(changed(tree, rng, _POOL), ensure_ascii=rng.random() < 0.2)
    if rng.random() < 0.05:
        # A key twice, which no tree can hold.
        grown = grown.replace("{", '{"vehicle": {}, ', rng.choice((1, 2)))
    return grown.encode("utf-8", "replace")


TARGET = Target(
    check,
    tuple(json.dumps(seed, ensure_ascii=False).encode() for seed in _SEEDS),
    mutation,
    (*_KEYS, "NaN", "Infinity", "1e999", "\\ud800", "\\u0000", "[[[[[[[[", "null", "\ufeff"),
    LARGEST_BODY + 1_024,
)
