"""Every answer carries its proof, also where it rests on several instants, several places, or on what is assumed."""

from typing import Any

import pytest

from rules.decision import Decision, ExemptionOption, State
from rules.errors import InvalidQuestion, InvalidVehicle
from service.deciding import decide_one
from service.summary import summarise
from tests.support.asking import ask_of, built_in_snapshot

VAN = {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5}
MORNING_PASS = {"kind": "electronic-pass", "hours": ["06:00-09:30"]}


def decided(vehicle: dict[str, Any], place: str | dict[str, Any], at: str, stay_minutes: int = 0) -> Decision:
    where = {"zone": place} if isinstance(place, str) else place
    body = {"vehicle": vehicle, "place": where, "at": f"{at}+08:00", "stay_minutes": stay_minutes}
    return decide_one(ask_of(body), built_in_snapshot(), now=0).decision


def test_an_allowed_stay_names_the_pass_that_it_needs_later() -> None:
    found = decided({**VAN, "passes": [MORNING_PASS]}, "sy-second-ring", "2026-11-24T06:30:00", 60)
    assert (found.verdict, found.reason) == ("allowed", "pass_held")
    assert [(each.restriction.id, each.state) for each in found.grounds] == [
        ("sy-2021/second-ring-peaks", State.LIFTED)
    ]
    assert found.conditions


def test_an_allowed_stay_names_the_illustrative_article_that_it_needs_later() -> None:
    found = decided({**VAN, "cargo": "fresh_produce"}, "sy-second-ring", "2026-11-24T06:30:00", 60)
    assert found.illustrative
    assert [each.id for ground in found.grounds for each in ground.lifted_by] == ["sy-priority-classes/fresh-food"]


def test_a_stay_assumes_what_any_of_its_instants_assumes() -> None:
    assumed = decided(VAN, "dl-jinpu", "2025-11-03T06:00:00", 60).assumed
    assert "no_dangerous_goods" in assumed
    assert "no_dangerous_goods" in decided(VAN, "dl-jinpu", "2025-11-03T07:00:00").assumed
    assert "no_dangerous_goods" not in decided(VAN, "dl-jinpu", "2025-11-03T06:00:00").assumed


def test_an_open_stay_misses_what_is_missing_at_any_of_its_instants() -> None:
    van = {"vehicle_type": "H32", "energy": "diesel"}
    found = decided(van, "sy-third-ring", "2026-11-24T06:30:00", 60)
    assert (found.verdict, found.missing) == ("undetermined", ("emission_stage",))


def test_a_stay_may_begin_until_it_would_no_longer_fit() -> None:
    first = decided(VAN, "sy-second-ring", "2026-11-24T09:00:00", 60).outcome
    assert first.next_allowed[0].end == first.holds_until


def test_near_an_edge_the_exemption_relied_on_is_told() -> None:
    place = {"lon": 123.3295, "lat": 41.79, "crs": "wgs84", "accuracy_m": 50}
    found = decided({**VAN, "cargo": "fresh_produce"}, place, "2026-11-24T08:00:00")
    assert (found.verdict, found.reason, found.illustrative) == ("allowed", "exempted", True)
    assert found.conditions


def test_a_new_energy_plate_contradicts_a_declared_fuel() -> None:
    with pytest.raises(InvalidVehicle) as refusal:
        decided({"plate": "辽AD52638", "kind": "truck", "energy": "diesel"}, "sy-city", "2026-11-24T23:30:00")
    assert set(refusal.value.faults[0].fields) == {"plate", "energy"}


def test_the_licences_fuel_beside_a_new_energy_plate_is_that_of_a_plug_in_hybrid() -> None:
    body = {"vehicle": {"plate": "辽AD52638", "vehicle_type": "H32", "fuel": "A"}, "place": {"zone": "sy-city"}}
    answer = decide_one(ask_of({**body, "at": "2026-11-24T12:00:00+08:00"}), built_in_snapshot(), now=0)
    assert answer.vehicle.facts["energy"] == frozenset({"plug_in_hybrid"})


def test_a_claim_that_has_ended_tells_nothing_of_the_energy() -> None:
    claim = {"class": "new_energy", "valid_to": "2020-01-01"}
    found = decided({"vehicle_type": "H32", "priority_classes": [claim]}, "sy-second-ring", "2026-11-24T12:30:00")
    assert (found.verdict, found.missing) == ("undetermined", ("emission_stage", "energy"))


@pytest.mark.parametrize(
    ("vehicle", "zone", "at", "assumption"),
    [
        (
            {"vehicle_type": "H22", "length_mm": 6000, "width_mm": 2200, "height_mm": 2800, "energy": "petrol"},
            "sy-third-ring",
            "2026-11-24T10:00:00",
            "sy-2021-medium-box",
        ),
        ({"vehicle_type": "轻型多用途货车"}, "dl-main", "2026-11-24T08:00:00", "dl-2024-still-in-force"),
        (
            {"vehicle_type": "H32", "plate": "辽AD52638", "passes": [{"kind": "electronic-pass"}]},
            "sy-qingnian-dajie",
            "2026-11-24T11:00:00",
            "sy-2021-special-roads",
        ),
    ],
)
def test_an_answer_carries_the_assumptions_that_it_rests_on(
    vehicle: dict[str, Any], zone: str, at: str, assumption: str
) -> None:
    assert assumption in {each.id for each in decided(vehicle, zone, at).assumptions}


def test_an_old_answer_rests_on_nothing_that_came_later() -> None:
    assumptions = {each.id for each in decided(VAN, "sy-second-ring", "2019-06-03T08:00:00").assumptions}
    assert not {each for each in assumptions if each.startswith("sy-2021")}


def test_of_alternatives_the_one_that_wants_least_is_told() -> None:
    engine = {"kind": "truck", "size": "light", "energy": "diesel", "emission_stage": 2, "use": "fire"}
    options = decided(engine, "sy-city", "2026-11-24T23:30:00").options
    wanted = [each.unmet for each in options if isinstance(each, ExemptionOption)]
    assert ("on_duty:True",) in wanted


def test_a_plate_without_prefix_has_none_that_a_rule_names() -> None:
    car = {"plate": "VA12345", "kind": "passenger", "plate_kind": "02"}
    assert decided(car, "dl-binhai-beilu", "2023-05-14T10:00:00").verdict == "allowed"


def test_passes_are_taken_by_their_chinese_name_and_misspelt_ones_are_told_the_nearest() -> None:
    held = decided({**VAN, "passes": [{"kind": "货车电子通行码"}]}, "sy-second-ring", "2026-11-24T08:12:00")
    assert held.reason == "pass_held"
    with pytest.raises(InvalidVehicle) as refusal:
        decided({**VAN, "passes": [{"kind": "electronic_pass"}]}, "sy-second-ring", "2026-11-24T08:12:00")
    assert refusal.value.faults[0].nearest == "electronic-pass"
    elsewhere = [{"kind": "electronic-pass", "zones": ["sy-secnd-ring"]}]
    with pytest.raises(InvalidVehicle) as refusal:
        decided({**VAN, "passes": elsewhere}, "sy-second-ring", "2026-11-24T08:12:00")
    assert refusal.value.faults[0].nearest == "sy-second-ring"


def test_a_question_of_more_work_than_any_vehicle_makes_is_refused() -> None:
    """Twenty-four dated workday passes over unpublished days: refused before the work, not after it."""
    passes = [
        {"kind": "electronic-pass", "hours": [f"{hour:02}:00-{hour:02}:30"], "days": ["workday"]} for hour in range(24)
    ]
    with pytest.raises(InvalidQuestion) as refusal:
        decided({"passes": passes}, "sy-second-ring", "2027-01-20T08:00:00", 10080)
    assert refusal.value.code == "too-much-work"


def test_the_article_that_explains_the_time_is_cited_and_the_largest_exception_named_first() -> None:
    snapshot = built_in_snapshot()
    old = {"vehicle": {**VAN, "emission_stage": 3}, "place": {"zone": "sy-second-ring"}}
    said = summarise(decide_one(ask_of({**old, "at": "2026-11-24T08:12:00+08:00"}), snapshot, now=0), snapshot)
    assert said.zh.startswith("禁止通行,至22:00:三环路以内")
    third = {"vehicle": VAN, "place": {"zone": "sy-third-ring"}, "at": "2026-11-24T08:12:00+08:00"}
    said = summarise(decide_one(ask_of(third), snapshot, now=0), snapshot)
    assert "例外:二环路区域" in said.zh


def test_times_that_only_an_illustrative_notice_gives_are_not_spoken_as_the_laws() -> None:
    snapshot = built_in_snapshot()
    van = {"plate": "辽AD52638", "vehicle_type": "H32"}
    body = {"vehicle": van, "place": {"zone": "sy-second-ring"}, "at": "2026-11-24T12:30:00+08:00"}
    said = summarise(decide_one(ask_of(body), snapshot, now=0), snapshot)
    assert said.zh.startswith("所载通告未禁止,至17:00")
    assert "若计入示范规则(不代表现行规定)" in said.zh
