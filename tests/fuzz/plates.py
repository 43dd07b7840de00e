"""Plates and all else that is said of a vehicle. An input is a JSON object of fields; anything else is a plate."""

import json
import random
from typing import Any

from rules import codes
from rules.errors import InvalidVehicle
from rules.plates import PlateFault, read_plate
from rules.reading import read_vehicle
from tests.fuzz.target import MARK, ODD, Pool, Target, changed

_SEEDS: tuple[dict[str, Any], ...] = (
    {"plate": "辽A5K268", "vehicle_type": "轻型厢式货车", "fuel": "B", "emission_stage": "国五", "length_mm": 5995},
    {"plate": "辽AD52638", "energy": "battery_electric", "new_energy_plate": True, "plate_kind": "52"},
    {"plate": "辽A1234挂", "kind": "trailer", "total_mass_kg": 40_000, "rated_load_kg": 30_000},
    {"plate": "使123456", "kind": "special_work", "use": "A", "trip": "transit"},
    {"plate": "粤B5K26警", "on_duty": True, "full_load": False, "tail_digit": 6, "plate_prefix": "粤B"},
    {"plate": "WJ辽1234X", "height_mm": 3_000, "width_mm": 2_300, "filings": ["night-delivery"]},
    {"plate": "沪A12345D", "size": "heavy", "body": "box", "cargo": ["fresh_produce", "medicine"]},
    {"plate": " 京 a·１２３４５ ", "vehicle_type": "H32", "fuel": "CA", "emission_stage": 6},
    {
        "plate": "川A5K26应急",
        "priority_classes": [
            "aaa_rated",
            {"class": "new_energy", "valid_from": "2026-01-01", "valid_to": "2026-12-31"},
        ],
    },
    {
        "plate_prefix": "辽A",
        "passes": [
            {"kind": "electronic-pass", "valid_from": "2026-01-01", "hours": ["06:30-08:30"], "days": "workday"},
            {"kind": "p", "hours": ["22:00-06:00", "00:00-24:00"], "zones": ["sy-second-ring"], "days": ["saturday"]},
        ],
    },
)
_FIELDS = tuple(dict.fromkeys(field for seed in _SEEDS for field in seed))
_WORDS = tuple(
    dict.fromkeys(word for code_list in codes.CODE_LISTS.values() for word in (*code_list.names, *code_list.words))
)
_PLATE_WORDS = (*"辽京沪粤使挂学警港澳领应急遼IO·　", "WJ", "DF", "12345", "０", "Ａ")
_POOL = Pool(
    (*_FIELDS, "kind", "class", "valid_to", "zones", "hours", MARK, "a/b~c", "Plate"),
    (*ODD, *_WORDS, *codes.VEHICLE_TYPES, *_PLATE_WORDS, "2026-02-30", "0000-01-01", "23:59-00:00", "国ⅥB", None),
    _SEEDS,
)


def check(data: bytes) -> bool:
    said = _said(data)
    if isinstance(said.get("plate"), str):
        _check_plate(said["plate"])
    try:
        vehicle = read_vehicle(said)
    except InvalidVehicle as error:
        assert error.faults
        for fault in error.faults:
            assert fault.fields and MARK not in f"{fault.zh}{fault.en}{fault.nearest}{fault.known}"
        return False
    if vehicle.plate is not None:
        assert read_vehicle({**said, "plate": vehicle.plate}) == vehicle
    return True


def _check_plate(text: str) -> None:
    try:
        plate = read_plate(text)
    except PlateFault as error:
        assert MARK not in str(error)
        return
    full_width = "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() else sign for sign in plate.text)
    for written in (plate.text, plate.text.lower(), full_width, f" {plate.text[:2]}·{plate.text[2:]} "):
        assert read_plate(written) == plate


def _said(data: bytes) -> dict[str, Any]:
    text = data.decode("utf-8", "replace")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {"plate": text}
    return said if isinstance(said, dict) else {"plate": said}


def mutation(data: bytes, rng: random.Random) -> bytes | None:
    return json.dumps(changed(_said(data), rng, _POOL), ensure_ascii=False).encode("utf-8", "replace")


TARGET = Target(
    check,
    tuple(json.dumps(seed, ensure_ascii=False).encode() for seed in _SEEDS),
    mutation,
    (*_FIELDS, *_WORDS, *_PLATE_WORDS),
    8_192,
)
