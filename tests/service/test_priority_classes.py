"""What each priority class is worth: the same question in each class at five hours, in Shenyang's second ring.

`P` prohibited, `A` allowed by the law too, `*` allowed by the illustrative notice alone.
"""

from itertools import combinations

import pytest

from rules.codes import PRIORITY_CLASS
from service.deciding import decide_one
from tests.support.asking import ask_of, built_in_snapshot

HOURS = ("06:30", "08:00", "12:30", "18:00", "23:00")
BOX_VAN = {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5}
OPEN_TRUCK = {"vehicle_type": "H31", "energy": "diesel", "emission_stage": 5}

WORTH = {
    # class: (light box van, light open truck)
    "daily_and_medical_necessities": ("APA*A", "AP**A"),
    "fresh_food": ("A*APA", "A*PPA"),
    "new_energy": ("A*A*A", "A***A"),
    "clean_energy": ("A*APA", "A**PA"),
    "common_delivery": ("A*APA", "A**PA"),
    "aaa_rated": ("APA*A", "AP**A"),
    "network_ltl_express": ("APA*A", "APPPA"),
    "own_distribution_centre": ("A*A*A", "A*P*A"),
}


def vehicle_in_class(vehicle: dict[str, object], priority_class: str) -> dict[str, object]:
    if priority_class in ("new_energy", "clean_energy"):
        # These follow from the vehicle: what it runs on is what makes it of the class.
        electric = priority_class == "new_energy"
        rest = {key: value for key, value in vehicle.items() if key != "emission_stage"}
        return {**rest, "energy": "battery_electric"} if electric else {**vehicle, "energy": "natural_gas"}
    return {**vehicle, "priority_classes": [priority_class]}


def answers(vehicle: dict[str, object]) -> list[tuple[str, bool, int | None]]:
    snapshot = built_in_snapshot()
    found = []
    for hour in HOURS:
        body = {"vehicle": vehicle, "place": {"zone": "sy-second-ring"}, "at": f"2026-11-24T{hour}:00+08:00"}
        decision = decide_one(ask_of(body), snapshot, now=0).decision
        found.append((decision.verdict.value, decision.illustrative, decision.outcome.holds_until))
    return found


def letters(vehicle: dict[str, object]) -> str:
    return "".join("P" if verdict == "prohibited" else "*" if shown else "A" for verdict, shown, _ in answers(vehicle))


def test_every_class_of_the_plan_has_its_row() -> None:
    assert WORTH.keys() == PRIORITY_CLASS.codes


def test_without_a_class_the_law_alone_answers() -> None:
    assert (letters(BOX_VAN), letters(OPEN_TRUCK)) == ("APAPA", "APPPA")


@pytest.mark.parametrize("priority_class", WORTH)
def test_what_the_class_is_worth(priority_class: str) -> None:
    rows = tuple(letters(vehicle_in_class(each, priority_class)) for each in (BOX_VAN, OPEN_TRUCK))
    assert rows == WORTH[priority_class]


def test_the_four_classes_named_first_differ_in_verdicts_or_times() -> None:
    named = ("fresh_food", "new_energy", "aaa_rated", "common_delivery")
    worth = {each: answers(vehicle_in_class(OPEN_TRUCK, each)) for each in named}
    for one, other in combinations(named, 2):
        assert worth[one] != worth[other], (one, other)
