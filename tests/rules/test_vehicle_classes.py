"""The standard classes: each can be read, is told apart from the others, and claims nothing."""

import re

import pytest

from rules.reading import read_vehicle
from rules.vehicle_classes import VEHICLE_CLASSES, VehicleClass


@pytest.mark.parametrize("each", VEHICLE_CLASSES, ids=lambda each: each.code)
def test_a_class_is_read_without_fault_and_claims_nothing(each: VehicleClass) -> None:
    vehicle = read_vehicle(each.facts)
    assert {"kind", "size", "energy", "emission_stage", "new_energy_plate"} <= set(vehicle.facts)
    assert not vehicle.claims and not vehicle.passes and not vehicle.credentials and vehicle.plate is None


def test_codes_and_facts_are_each_class_its_own() -> None:
    assert len({each.code for each in VEHICLE_CLASSES}) == len(VEHICLE_CLASSES)
    assert len({tuple(sorted(each.facts.items())) for each in VEHICLE_CLASSES}) == len(VEHICLE_CLASSES)
    assert all(re.fullmatch("[a-z][a-z0-9_]{2,39}", each.code) for each in VEHICLE_CLASSES)
    assert all(each.name.zh and each.name.en for each in VEHICLE_CLASSES)
