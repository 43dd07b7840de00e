"""The standard vehicle classes: the few vehicles that timetables and overviews speak of when nobody names one.

Each is one vehicle that its class is full of, in the words that `rules.reading.read_vehicle` takes. Nothing is claimed
(no pass, no cargo, no priority class), and what differs from one such vehicle to the next is left open: plate and tail
digit always, masses and dimensions beyond what the size says. An article that tells these apart leaves the class
undetermined there, which is true of it.

>>> [each.code for each in VEHICLE_CLASSES if each.facts.get("energy") == "battery_electric"]
['micro_van_electric', 'light_box_electric', 'medium_box_electric', 'heavy_box_electric']
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rules.codes import Text


@dataclass(frozen=True, slots=True)
class VehicleClass:
    """A standard class: its code, its name, and what is known of its vehicles."""

    code: str
    name: Text
    facts: Mapping[str, object]


def _truck(code: str, zh: str, en: str, size: str, body: str, **more: object) -> VehicleClass:
    return VehicleClass(code, Text(zh, en), MappingProxyType({"kind": "truck", "size": size, "body": body, **more}))


_ELECTRIC: Mapping[str, object] = MappingProxyType({"energy": "battery_electric", "new_energy_plate": True})


def _diesel(stage: int) -> dict[str, object]:
    return {"energy": "diesel", "emission_stage": stage, "new_energy_plate": False}


VEHICLE_CLASSES: tuple[VehicleClass, ...] = (
    _truck("micro_van_electric", "微型纯电动封闭货车", "micro electric van", "micro", "enclosed", **_ELECTRIC),
    _truck("light_box_electric", "轻型纯电动厢式货车", "light electric box truck", "light", "box", **_ELECTRIC),
    _truck("medium_box_electric", "中型纯电动厢式货车", "medium electric box truck", "medium", "box", **_ELECTRIC),
    _truck("heavy_box_electric", "重型纯电动厢式货车", "heavy electric box truck", "heavy", "box", **_ELECTRIC),
    _truck(
        "micro_van_petrol_6",
        "微型汽油封闭货车(国六)",
        "micro petrol van, China 6",
        "micro",
        "enclosed",
        energy="petrol",
        emission_stage=6,
        new_energy_plate=False,
    ),
    _truck(
        "light_box_diesel_6", "轻型柴油厢式货车(国六)", "light diesel box truck, China 6", "light", "box", **_diesel(6)
    ),
    _truck(
        "light_box_diesel_5", "轻型柴油厢式货车(国五)", "light diesel box truck, China 5", "light", "box", **_diesel(5)
    ),
    _truck(
        "light_box_diesel_3", "轻型柴油厢式货车(国三)", "light diesel box truck, China 3", "light", "box", **_diesel(3)
    ),
    _truck(
        "light_open_diesel_6",
        "轻型柴油栏板货车(国六)",
        "light diesel open truck, China 6",
        "light",
        "open",
        **_diesel(6),
    ),
    _truck(
        "light_refrigerated_diesel_6",
        "轻型柴油冷藏车(国六)",
        "light diesel refrigerated truck, China 6",
        "light",
        "refrigerated",
        **_diesel(6),
    ),
    _truck(
        "light_pickup_petrol_6",
        "轻型汽油多用途货车(皮卡,国六)",
        "light petrol pickup, China 6",
        "light",
        "pickup",
        energy="petrol",
        emission_stage=6,
        new_energy_plate=False,
    ),
    _truck(
        "medium_box_diesel_6",
        "中型柴油厢式货车(国六)",
        "medium diesel box truck, China 6",
        "medium",
        "box",
        **_diesel(6),
    ),
    _truck(
        "heavy_box_diesel_6", "重型柴油厢式货车(国六)", "heavy diesel box truck, China 6", "heavy", "box", **_diesel(6)
    ),
    VehicleClass(
        "heavy_tractor_diesel_6",
        Text("重型柴油半挂牵引车(国六)", "heavy diesel tractor unit, China 6"),
        MappingProxyType({"kind": "tractor_unit", "size": "heavy", **_diesel(6)}),
    ),
)
"""In the order in which tables show them: electric ones first, then by size."""
