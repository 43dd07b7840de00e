"""What must be claimed: circumstances, priority classes and passes, read from what is said."""

from datetime import date

import pytest

from rules.claims import MOST_HOURS
from rules.errors import InvalidVehicle
from rules.reading import read_vehicle
from rules.windows import ALWAYS, EVERY_DAY, Days, Period, Window


def codes_of(said: dict[str, object]) -> set[tuple[str, str]]:
    with pytest.raises(InvalidVehicle) as refused:
        read_vehicle(said)
    return {(field, each.code) for each in refused.value.faults for field in each.fields}


def test_claims_are_answers_also_when_they_deny() -> None:
    vehicle = read_vehicle({"on_duty": False, "full_load": True, "cargo": [], "use": "货运", "trip": "过境"})
    assert vehicle.claims == {
        "on_duty": frozenset(), "full_load": frozenset({"True"}), "cargo": frozenset(), "use": frozenset({"freight"}),
        "trip": frozenset({"transit"}),
    }  # fmt: skip
    assert read_vehicle({}).claims == {} and not read_vehicle({}).passes_answered
    assert read_vehicle({"passes": []}).passes_answered


@pytest.mark.parametrize(
    ("said", "use"),
    [("F", "freight"), ("A", "non_commercial"), ("R", "dangerous_goods_transport"), ("H", "police"), ("I", "fire"),
     ("J", "ambulance"), ("K", "engineering_rescue"), ("S", "school"), ("中国邮政专用车", "post"), ("快递", "express")],
)  # fmt: skip
def test_uses_of_the_licence(said: str, use: str) -> None:
    assert read_vehicle({"use": said}).claims["use"] == {use}


def test_one_word_stands_for_a_list_of_one() -> None:
    assert read_vehicle({"cargo": "危险品"}).claims["cargo"] == {"dangerous_goods"}
    assert read_vehicle({"filings": "depot"}).claims["filing"] == {"depot"}
    assert read_vehicle({"priority_classes": "共同配送"}).credentials[0].priority_class == "common_delivery"


@pytest.mark.parametrize(
    ("said", "place", "code"),
    [
        ({"cargo": ["spoil", "gold"]}, "cargo/1", "unknown-code"),
        ({"cargo": ["spoil"] * 51}, "cargo", "too-many"),
        ({"use": "B1"}, "use", "unknown-code"),
        ({"filings": ["A"]}, "filings", "invalid-code"),
        ({"filings": ["a\n"]}, "filings", "invalid-code"),
        ({"priority_classes": ["vip"]}, "priority_classes/0", "unknown-code"),
        ({"priority_classes": [{"class": "vip"}]}, "priority_classes/0/class", "unknown-code"),
        ({"priority_classes": [{}]}, "priority_classes/0/class", "wrong-type"),
        ({"priority_classes": [{"class": "aaa_rated", "since": 1}]}, "priority_classes/0/since", "unknown-field"),
        (
            {"priority_classes": [{"class": "aaa_rated", "valid_to": "2026-02-30"}]},
            "priority_classes/0/valid_to",
            "invalid-date",
        ),
    ],
)
def test_claims_that_are_none(said: dict[str, object], place: str, code: str) -> None:
    assert codes_of(said) == {(place, code)}


# Passes


def test_a_whole_pass() -> None:
    said = {
        "kind": "electronic-pass", "valid_from": "2026-01-01", "valid_to": date(2026, 12, 31),
        "hours": ["06:30-08:30", "22:00-06:00", "20:00-24:00"], "days": ["workday", "sunday"], "zones": ["ring"],
    }  # fmt: skip
    held = read_vehicle({"passes": [said]}).passes[0]
    rule = Days(frozenset({"workday", "sunday"}))
    assert held.period == Period.of_dates(date(2026, 1, 1), date(2026, 12, 31))
    assert held.hours == (Window(rule, 390, 510), Window(rule, 1320, 1800), Window(rule, 1200, 1440))
    assert held.zones == {"ring"} and held.kind == "electronic-pass"


def test_what_a_pass_does_not_say_does_not_limit_it() -> None:
    held = read_vehicle({"passes": [{"kind": "p"}]}).passes[0]
    assert (held.period, held.hours, held.zones) == (ALWAYS, (), frozenset())
    held = read_vehicle({"passes": [{"kind": "p", "days": "sunday"}]}).passes[0]
    assert held.hours == (Window(Days(frozenset({"sunday"})), 0, 1440),)
    held = read_vehicle({"passes": [{"kind": "p", "hours": ["07:00-09:00"]}]}).passes[0]
    assert held.hours == (Window(EVERY_DAY, 420, 540),)


@pytest.mark.parametrize(
    ("said", "place", "code"),
    [
        ({"kind": ""}, "kind", "unknown-code"),
        ({}, "kind", "unknown-code"),
        ({"kind": None}, "kind", "unknown-code"),
        ({"kind": "p", "zone": "ring"}, "zone", "unknown-field"),
        ({"kind": "p", "zones": []}, "zones", "empty-list"),
        ({"kind": "p", "zones": "ring"}, "zones", "wrong-type"),
        ({"kind": "p", "zones": None}, "zones", "wrong-type"),
        ({"kind": "p", "hours": None}, "hours", "wrong-type"),
        ({"kind": "p", "hours": []}, "hours", "wrong-type"),
        ({"kind": "p", "hours": "07:00-09:00"}, "hours", "wrong-type"),
        ({"kind": "p", "hours": ["7:00-9:00"]}, "hours/0", "invalid-time"),
        ({"kind": "p", "hours": ["24:00-06:00"]}, "hours/0", "invalid-time"),
        ({"kind": "p", "hours": ["07:00-24:01"]}, "hours/0", "invalid-time"),
        ({"kind": "p", "hours": ["07:00-09:00\n"]}, "hours/0", "invalid-time"),
        ({"kind": "p", "hours": ["\uff10\uff17:00-09:00"]}, "hours/0", "invalid-time"),
        ({"kind": "p", "hours": ["07:00-07:00"]}, "hours/0", "empty-window"),
        ({"kind": "p", "hours": [7]}, "hours/0", "invalid-time"),
        ({"kind": "p", "days": None}, "days", "unknown-code"),
        ({"kind": "p", "days": []}, "days", "unknown-code"),
        ({"kind": "p", "days": ["workdays"]}, "days", "unknown-code"),
        ({"kind": "p", "valid_from": "2026-1-1"}, "valid_from", "invalid-date"),
        ({"kind": "p", "valid_from": None}, "valid_from", "invalid-date"),
        ({"kind": "p", "valid_from": "1899-12-31"}, "valid_from", "invalid-date"),
        ({"kind": "p", "valid_to": "9999-12-31"}, "valid_to", "invalid-date"),
        ({"kind": "p", "valid_from": "2026-02-01", "valid_to": "2026-01-31"}, "valid_to", "invalid-date"),
    ],
)
def test_passes_that_are_none(said: dict[str, object], place: str, code: str) -> None:
    assert codes_of({"passes": [said]}) == {(f"passes/0/{place}", code)}


def test_lists_of_passes_that_are_none() -> None:
    assert codes_of({"passes": {"kind": "p"}}) == {("passes", "wrong-type")}
    assert codes_of({"passes": ["p"]}) == {("passes/0", "wrong-type")}
    assert codes_of({"passes": [{"kind": "p"}] * 51}) == {("passes", "wrong-type")}


def test_the_hours_of_all_passes_together_are_bounded() -> None:
    """Every window costs every answer some work, and a question of many passes must not hold the service up."""
    hours = [f"{hour:02}:00-{hour:02}:30" for hour in range(MOST_HOURS // 2)]
    held = {"kind": "electronic-pass", "hours": hours}
    assert len(read_vehicle({"passes": [held, held]}).passes) == 2
    with pytest.raises(InvalidVehicle) as refusal:
        read_vehicle({"passes": [held, held, held]})
    assert [(fault.fields, fault.code) for fault in refusal.value.faults] == [(("passes",), "too-many")]
