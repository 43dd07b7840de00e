"""Whether some vehicle meets conditions: the witness does, and where there is none nobody does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.conditions import AllOf, AnyOf, Bounds, Condition, Everyone, Not, OneOf, Toward, holds
from rules.facts import narrow
from rules.lint.vehicles import can_be, witness
from rules.truth import Truth
from tests.support.strategies import conditions, truths, vehicle_of
from tests.support.timing import SHANGHAI


def one(fact: str, *values: object) -> OneOf:
    return OneOf(fact, frozenset(values))  # type: ignore[arg-type]


def every(*several: Condition) -> AllOf:
    return AllOf(several)


LIGHT, HEAVY = one("size", "light"), one("size", "heavy")


@pytest.mark.parametrize(
    "condition",
    [
        Not(Everyone()),
        every(LIGHT, HEAVY),
        # GA 802: light trucks weigh less than 4,500 kg and are shorter than 6 m; trailers are sized by mass alone.
        every(one("kind", "truck"), LIGHT, Bounds("total_mass_kg", at_least=4500)),
        every(one("kind", "truck"), LIGHT, Bounds("length_mm", at_least=6000)),
        every(
            one("kind", "truck"),
            one("size", "medium"),
            Bounds("length_mm", below=6000),
            Bounds("total_mass_kg", below=4500),
        ),
        every(one("size", "micro"), Bounds("length_mm", above=3500)),
        every(one("kind", "passenger"), LIGHT),
        every(one("energy", "battery_electric"), Bounds("emission_stage", at_most=6)),
        every(one("new_energy_plate", True), one("energy", "diesel")),
        every(one("plate_kind", "02"), one("new_energy_plate", True)),
        every(Bounds("total_mass_kg", below=2000), Bounds("rated_load_kg", at_least=2000)),
        every(one("use", "fire"), one("use", "ambulance")),
        every(one("cargo", "spoil"), Not(one("cargo", "spoil", "other"))),
        every(one("priority_class", "new_energy"), one("energy", "diesel")),
        every(one("priority_class", "clean_energy"), one("energy", "diesel")),
        # GA/T 16.7: small plates are those of light and micro trucks, large ones those of medium and heavy ones.
        every(one("kind", "truck"), HEAVY, one("plate_kind", "02", "52")),
        every(one("kind", "truck"), LIGHT, one("plate_kind", "01"), Bounds("length_mm", below=5000)),
        every(one("cargo", "fresh_produce"), Not(one("priority_class", "fresh_food"))),
        every(one("kind", "low_speed_truck"), Not(one("kind", "truck"))),
        every(one("body", "refrigerated"), Not(one("body", "box"))),
        every(one("plate_prefix", "辽A"), one("plate_prefix", "辽B")),
        every(one("tail_digit", 1, 3), one("tail_digit", 2, 4)),
    ],
)
def test_conditions_that_nobody_meets(condition: Condition) -> None:
    assert witness([(condition, True)]) is None
    assert can_be((Not(condition), True)) is Truth.YES
    assert can_be((condition, False)) is Truth.YES


@pytest.mark.parametrize(
    "condition",
    [
        Everyone(),
        every(one("kind", "trailer"), LIGHT, Bounds("length_mm", at_least=6000)),
        every(one("size", "medium"), Bounds("total_mass_kg", below=4500)),
        every(one("cargo", "spoil"), one("cargo", "other")),
        every(one("priority_class", "fresh_food"), one("energy", "diesel")),
        every(one("priority_class", "new_energy"), one("energy", "plug_in_hybrid")),
        every(one("kind", "truck"), HEAVY, Not(one("plate_kind", "01"))),
        every(one("kind", "special_work"), HEAVY, one("plate_kind", "02")),
        every(Not(one("kind", "truck")), one("kind", "tricycle_truck")),
        every(one("energy", "hydrogen"), Not(Bounds("emission_stage", at_least=0))),
        every(Not(one("plate_prefix", "辽A")), Not(one("plate_prefix", "辽B"))),
        every(Toward(10), Toward(170)),
        every(one("on_duty", "True"), one("use", "fire"), one("filing", "depot"), one("filing", "other-depot")),
    ],
)
def test_conditions_that_somebody_meets(condition: Condition) -> None:
    found = witness([(condition, True)])
    assert found is not None
    assert holds(condition, found, 0) is Truth.YES


def test_exactly_across_is_neither_along_nor_against() -> None:
    """At that heading a decision leaves a rule open, so somebody may meet it."""
    for both in ((Toward(90), Toward(270)), (Not(Toward(90)), Not(Toward(270)))):
        assert can_be((every(*both), True)) is Truth.YES


def test_facts_known_beforehand() -> None:
    truck = narrow({"kind": frozenset({"truck"})})
    assert witness([(one("kind", "passenger"), True)], truck) is None
    assert witness([(LIGHT, True)], truck) is not None


def test_too_many_choices_are_not_guessed() -> None:
    """Eight pigeons and seven holes: nobody can meet it, and to see that takes every way of placing them."""
    holes = range(7)

    def sits(pigeon: int, hole: int) -> Condition:
        return one("filing", f"{pigeon}-{hole}")

    placed = [AnyOf(tuple(sits(pigeon, hole) for hole in holes)) for pigeon in range(8)]
    alone = [Not(every(sits(a, hole), sits(b, hole))) for hole in holes for b in range(8) for a in range(b)]
    assert can_be((every(*placed, *alone), True)) is Truth.UNKNOWN


@settings(max_examples=150)
@given(conditions(2), st.data())
def test_a_witness_meets_it_and_without_one_nobody_does(condition: Condition, data: st.DataObject) -> None:
    found = witness([(condition, True)])
    if found is not None:
        # Exactly across a forbidden direction stays open; every other fact of the witness is known.
        assert holds(condition, found, 0) is Truth.YES or "heading_deg" in found.facts
        assert holds(condition, found, 0) is not Truth.NO
        return
    vehicle = vehicle_of(data.draw, data.draw(truths()), SHANGHAI.day, open_facts=0)
    assert holds(condition, vehicle, SHANGHAI.day.toordinal() * 86_400) is Truth.NO


@settings(max_examples=100)
@given(conditions(1), conditions(1), st.data())
def test_what_implies_another_does(first: Condition, second: Condition, data: st.DataObject) -> None:
    vehicle = vehicle_of(data.draw, data.draw(truths()), SHANGHAI.day, open_facts=0)
    wall = SHANGHAI.day.toordinal() * 86_400
    if can_be((first, True), (second, False)) is Truth.NO and holds(first, vehicle, wall) is Truth.YES:
        assert holds(second, vehicle, wall) is Truth.YES
