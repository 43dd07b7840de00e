"""Conditions over what is known, known in part, or not known at all."""

from datetime import date

import pytest

from rules.codes import ENERGY
from rules.conditions import (
    AllOf,
    AnyOf,
    Bounds,
    Condition,
    Everyone,
    Not,
    OneOf,
    Toward,
    cuts,
    describe,
    holds,
    unknown_facts,
    without_exceptions,
)
from rules.facts import NO_STAGE, Span
from rules.reading import read_vehicle
from rules.truth import Truth
from rules.vehicles import Vehicle
from rules.windows import DAY

Y, N, U = Truth.YES, Truth.NO, Truth.UNKNOWN
TODAY = 739_000 * DAY


def one_of(fact: str, *values: object) -> OneOf:
    return OneOf(fact, frozenset(values))  # type: ignore[arg-type]


def about(condition: Condition, **said: object) -> Truth:
    return holds(condition, read_vehicle(said), TODAY)


@pytest.mark.parametrize(
    ("condition", "length", "expected"),
    [
        (Bounds("length_mm", at_most=6000), 6000, Y),  # 不超过6米
        (Bounds("length_mm", at_most=6000), 6001, N),
        (Bounds("length_mm", below=6000), 6000, N),  # 6米(不含)以下
        (Bounds("length_mm", below=6000), 5999, Y),
        (Bounds("length_mm", at_least=6000), 6000, Y),  # 6米(含)以上
        (Bounds("length_mm", at_least=6000), 5999, N),
        (Bounds("length_mm", above=6000), 6000, N),  # 超过6米
        (Bounds("length_mm", above=6000), 6001, Y),
        (Bounds("length_mm", at_least=5000, below=6000), 5999, Y),
        (Bounds("length_mm", above=5000, at_most=6000), 5000, N),
    ],
)
def test_bounds_say_whether_equality_is_in(condition: Bounds, length: int, expected: Truth) -> None:
    assert about(condition, length_mm=length) is expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(None, 6000), Y), (Span(1, 5000), Y), (Span(6001, None), N), (Span(5000, 7000), U), (Span(6000, 6001), U),
        (Span(5000, None), U), (None, U),
    ],
)  # fmt: skip
def test_a_number_known_in_part(span: Span | None, expected: Truth) -> None:
    vehicle = Vehicle(facts={} if span is None else {"length_mm": span})
    assert holds(Bounds("length_mm", at_most=6000), vehicle, TODAY) is expected


@pytest.mark.parametrize(
    ("condition", "stage", "expected"),
    [
        (Bounds("emission_stage", below=3), 2, Y),  # 达不到国Ⅲ
        (Bounds("emission_stage", below=3), 3, N),
        (Bounds("emission_stage", at_most=3), 3, Y),  # 国Ⅲ及以下
        (Bounds("emission_stage", at_least=5), 6, Y),  # 国Ⅴ及以上
        (Bounds("emission_stage", at_least=5), 4, N),
        (Bounds("emission_stage", at_most=3), NO_STAGE, N),
        (Bounds("emission_stage", below=3), NO_STAGE, N),
        (Bounds("emission_stage", at_least=0), NO_STAGE, N),
        (one_of("emission_stage", 3), 3, Y),
        (one_of("emission_stage", 3), NO_STAGE, N),
    ],
)
def test_a_rule_on_stages_never_catches_a_vehicle_without_one(
    condition: Condition, stage: int, expected: Truth
) -> None:
    vehicle = Vehicle(facts={"emission_stage": frozenset({stage})})
    assert holds(condition, vehicle, TODAY) is expected
    assert about(condition) is U


@pytest.mark.parametrize(
    ("kind", "rule", "expected"),
    [
        ("truck", "truck", Y),
        ("low_speed_truck", "truck", Y),  # letter H of GA/T 16.4
        ("tricycle_truck", "truck", N),  # letter N
        ("tractor_unit", "truck", N),
        ("truck", "low_speed_truck", N),
        ("low_speed_truck", "low_speed_truck", Y),
    ],
)
def test_truck_takes_in_low_speed_trucks(kind: str, rule: str, expected: Truth) -> None:
    assert about(one_of("kind", rule), kind=kind) is expected


def test_other_bodies_take_in_concrete_mixers() -> None:
    assert about(one_of("body", "other"), vehicle_type="H18") is Y
    assert about(one_of("body", "other"), body="concrete_mixer") is Y
    assert about(one_of("body", "concrete_mixer"), body="other") is N
    assert about(one_of("body", "concrete_mixer"), vehicle_type="H18") is U


def test_box_takes_in_refrigerated_bodies() -> None:
    assert about(one_of("body", "box"), body="refrigerated") is Y
    assert about(one_of("body", "refrigerated"), body="box") is N
    assert about(one_of("body", "box"), body="enclosed") is N


@pytest.mark.parametrize(
    ("heading", "expected"),
    [(90.0, Y), (0.5, Y), (179.5, Y), (0.0, U), (180.0, U), (270.0, N), (181.0, N), (359.0, N), (None, U)],
)
def test_directions(heading: float | None, expected: Truth) -> None:
    """Within 90 degrees of the forbidden direction; exactly across it is unknown."""
    assert holds(Toward(90), Vehicle().with_heading(heading), TODAY) is expected


@pytest.mark.parametrize(
    ("toward", "heading", "expected"),
    [
        (0, 350.0, Y), (0, 10.0, Y), (350, 70.0, Y), (350, 90.0, N),
        (0, 89.5, Y), (0, 90.5, N), (0, 269.5, N), (0, 270.0, U), (0, 270.5, Y),
    ],
)  # fmt: skip
def test_directions_around_north(toward: int, heading: float, expected: Truth) -> None:
    assert holds(Toward(toward), Vehicle().with_heading(heading), TODAY) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Everyone(), Y),
        (Not(Everyone()), N),
        (AllOf((one_of("kind", "truck"), one_of("size", "light"))), U),
        (AllOf((one_of("kind", "passenger"), one_of("size", "light"))), N),
        (AnyOf((one_of("kind", "truck"), one_of("size", "light"))), Y),
        (AnyOf((one_of("kind", "passenger"), one_of("size", "light"))), U),
        (Not(one_of("size", "light")), U),
        (Not(Not(one_of("kind", "truck"))), Y),
    ],
)
def test_combinations(condition: Condition, expected: Truth) -> None:
    assert about(condition, kind="truck") is expected


@pytest.mark.parametrize(
    ("condition", "said", "expected"),
    [
        (one_of("use", "post"), {"use": "post"}, Y),
        (one_of("use", "post"), {"use": "express"}, N),
        (one_of("use", "post"), {}, N),
        (one_of("cargo", "spoil", "medicine"), {"cargo": ["grain_oil", "spoil"]}, Y),
        (one_of("cargo", "spoil"), {"cargo": []}, N),
        (one_of("on_duty", "True"), {"on_duty": True}, Y),
        (one_of("on_duty", "True"), {"on_duty": False}, N),
        (one_of("on_duty", "True"), {}, N),
        (Not(one_of("full_load", "True")), {}, Y),
        (one_of("filing", "depot"), {"filings": ["depot"]}, Y),
        (one_of("trip", "transit"), {"trip": "local"}, N),
        (one_of("priority_class", "aaa_rated"), {"priority_classes": ["aaa_rated"]}, Y),
        (one_of("priority_class", "aaa_rated"), {}, N),
        # Some follow from the vehicle, some from the cargo.
        (one_of("priority_class", "new_energy"), {"energy": "battery_electric"}, Y),
        (one_of("priority_class", "new_energy"), {"plate": "辽AD52638"}, Y),
        (one_of("priority_class", "new_energy"), {"energy": "natural_gas"}, N),
        (one_of("priority_class", "new_energy"), {"energy": "hybrid"}, N),
        (one_of("priority_class", "new_energy"), {}, U),
        (one_of("priority_class", "clean_energy"), {"energy": "natural_gas"}, Y),
        (one_of("priority_class", "clean_energy"), {"energy": "battery_electric"}, N),
        (one_of("priority_class", "clean_energy"), {}, U),
        (one_of("priority_class", "new_energy", "clean_energy"), {"fuel": "E"}, Y),
        (one_of("priority_class", "fresh_food"), {"cargo": "chilled"}, Y),
        (one_of("priority_class", "fresh_food"), {"cargo": "spoil"}, N),
        (one_of("priority_class", "daily_and_medical_necessities"), {"cargo": ["medicine"]}, Y),
    ],
)
def test_what_is_claimed_and_what_follows(condition: Condition, said: dict[str, object], expected: Truth) -> None:
    assert about(condition, **said) is expected


@pytest.mark.parametrize(
    ("condition", "said", "expected"),
    [
        (one_of("use", "post"), {}, U),
        (one_of("use", "post"), {"use": "express"}, N),
        (one_of("cargo", "spoil"), {"cargo": []}, N),
        (one_of("priority_class", "aaa_rated"), {}, U),
        (one_of("priority_class", "aaa_rated"), {"priority_classes": []}, N),
        (one_of("priority_class", "clean_energy"), {"energy": "diesel"}, N),  # nobody need claim what the fuel says
    ],
)
def test_what_is_not_claimed_may_be_opened(condition: Condition, said: dict[str, object], expected: Truth) -> None:
    assert holds(condition, read_vehicle(said).with_unclaimed_open(), TODAY) is expected


def test_a_credential_counts_on_its_dates() -> None:
    said = {"priority_classes": [{"class": "aaa_rated", "valid_to": "2024-04-28"}]}
    vehicle = read_vehicle(said)
    end = date(2024, 4, 29).toordinal() * DAY
    assert holds(one_of("priority_class", "aaa_rated"), vehicle, end - 1) is Y
    assert holds(one_of("priority_class", "aaa_rated"), vehicle, end) is N


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (one_of("size", "light"), {"size"}),
        (Bounds("emission_stage", at_most=3), {"emission_stage"}),
        (Toward(90), {"heading_deg"}),
        (one_of("kind", "truck"), set()),
        (AllOf((one_of("size", "light"), one_of("kind", "passenger"))), set()),
        (AllOf((one_of("size", "light"), Bounds("width_mm", below=5))), {"size", "width_mm"}),
        (AnyOf((one_of("size", "light"), one_of("kind", "truck"))), set()),
        (Not(one_of("body", "box")), {"body"}),
        (one_of("priority_class", "new_energy"), {"energy"}),
        (one_of("use", "post"), set()),
    ],
)
def test_unknown_facts_are_those_that_matter(condition: Condition, expected: set[str]) -> None:
    assert unknown_facts(condition, read_vehicle({"kind": "truck"}), TODAY) == expected


def test_unknown_circumstances_are_named_with_their_value() -> None:
    opened = read_vehicle({}).with_unclaimed_open()
    flags = one_of("on_duty", "True"), one_of("full_load", "True")
    asked = AnyOf((one_of("cargo", "spoil"), *flags, one_of("priority_class", "aaa_rated")))
    assert unknown_facts(asked, opened, TODAY) == {"cargo:spoil", "on_duty", "full_load", "priority_class:aaa_rated"}


def test_cuts() -> None:
    asked = AllOf(
        (Bounds("length_mm", above=6000), Not(Bounds("width_mm", at_most=2200)), one_of("kind", "truck"), Toward(0))
    )
    assert set(cuts(asked)) == {
        ("length_mm", 6001), ("width_mm", 2201), ("kind", "truck"), ("heading_deg", 90), ("heading_deg", 270),
    }  # fmt: skip
    assert set(cuts(one_of("use", "post"))) == set() and set(cuts(Everyone())) == set()
    assert set(cuts(Toward(90))) == {("heading_deg", 180), ("heading_deg", 0)}
    for follows in ("new_energy", "clean_energy"):
        assert set(cuts(one_of("priority_class", follows))) == {("energy", each) for each in ENERGY.codes}
    assert set(cuts(one_of("priority_class", "aaa_rated"))) == set()


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Everyone(), "everyone"),
        (one_of("size", "micro", "light"), "size:light|micro"),
        (Bounds("length_mm", at_least=1, below=3), "length_mm:at_least:1,below:3"),
        (Toward(90), "heading_deg:toward:90"),
        (Not(one_of("body", "box")), "not(body:box)"),
        (AllOf((Everyone(), Everyone())), "all(everyone, everyone)"),
        (AnyOf((Everyone(), Toward(0))), "any(everyone, heading_deg:toward:0)"),
    ],
)
def test_descriptions(condition: Condition, text: str) -> None:
    assert describe(condition) == text


def test_without_what_a_condition_leaves_out() -> None:
    truck, light, post = one_of("kind", "truck"), one_of("size", "light"), one_of("use", "post")
    assert without_exceptions(Not(post)) == Everyone()
    assert without_exceptions(AllOf((truck, Not(post)))) == AllOf((truck, Everyone()))
    assert without_exceptions(AnyOf((light, AllOf((Not(post), truck))))) == AnyOf((light, AllOf((Everyone(), truck))))
    assert without_exceptions(truck) == truck
