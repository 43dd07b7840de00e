"""What facts say of each other: the sizes of GA 802, energy, stage and plate, whatever the order in which they come."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts import (
    ANY_OTHER,
    DOMAINS,
    NO_STAGE,
    Contradiction,
    Facts,
    Known,
    Span,
    narrow,
    possible,
    span,
    told_apart,
    with_fact,
)
from rules.vehicles import Vehicle
from tests.support.strategies import exactly, truths


def facts(**known: object) -> Facts:
    """Facts by name: a code or a number, a set of codes, or a (low, high) pair."""
    said: dict[str, Known] = {}
    for fact, value in known.items():
        if isinstance(value, tuple):
            said[fact] = Span(*value)
        elif isinstance(value, set):
            said[fact] = frozenset(value)
        else:
            said[fact] = exactly(fact, value)  # type: ignore[arg-type]
    return narrow(said)


# GA 802 for trucks: heavy from 12,000 kg; medium from 6,000 mm or from 4,500 kg; micro to 3,500 mm and to 1,800 kg.
GA802 = [
    # length, mass, size
    (3_500, 1_800, "micro"),
    (3_501, 1_800, "light"),
    (3_500, 1_801, "light"),
    (1, 1, "micro"),
    (5_999, 4_499, "light"),
    (6_000, 4_499, "medium"),
    (6_000, 1_800, "medium"),
    (5_999, 4_500, "medium"),
    (3_500, 4_500, "medium"),
    (6_000, 4_500, "medium"),
    (5_999, 11_999, "medium"),
    (12_000, 11_999, "medium"),
    (5_999, 12_000, "heavy"),
    (6_000, 12_000, "heavy"),
    (3_500, 12_000, "heavy"),
    (16_000, 49_000, "heavy"),
]


@pytest.mark.parametrize(("length", "mass", "size"), GA802)
@pytest.mark.parametrize("kind", ["truck", "special_work", "tractor_unit"])
def test_sizes_of_ga_802(kind: str, length: int, mass: int, size: str) -> None:
    assert facts(kind=kind, length_mm=length, total_mass_kg=mass)["size"] == {size}


@pytest.mark.parametrize(
    ("known", "sizes"),
    [
        ({"length_mm": 6_000}, {"medium", "heavy"}),
        ({"length_mm": 5_999}, {"light", "medium", "heavy"}),
        ({"length_mm": 3_501}, {"light", "medium", "heavy"}),
        ({"length_mm": 3_500}, {"micro", "light", "medium", "heavy"}),
        ({"total_mass_kg": 1_800}, {"micro", "light", "medium"}),
        ({"total_mass_kg": 1_801}, {"light", "medium"}),
        ({"total_mass_kg": 4_499}, {"light", "medium"}),
        ({"total_mass_kg": 4_500}, {"medium"}),
        ({"total_mass_kg": 11_999}, {"medium"}),
        ({"total_mass_kg": 12_000}, {"heavy"}),
        ({"rated_load_kg": 12_000}, {"heavy"}),  # no truck weighs less than what it may carry
        ({"rated_load_kg": 4_500}, {"medium", "heavy"}),
        ({"total_mass_kg": (4_000, 5_000)}, {"light", "medium"}),
        ({"total_mass_kg": (1, 4_499), "length_mm": (6_000, None)}, {"medium"}),
        ({}, {"micro", "light", "medium", "heavy"}),
    ],
)
def test_a_fact_may_be_known_in_part(known: dict[str, object], sizes: set[str]) -> None:
    """A truck 6,000 mm long of unknown mass is medium or heavy."""
    assert possible(facts(kind="truck", **known), "size") == sizes


@pytest.mark.parametrize("kind", ["low_speed_truck", "tricycle_truck", "passenger", "motorcycle", "animal_cart"])
def test_these_have_no_size_of_a_truck(kind: str) -> None:
    assert facts(kind=kind, length_mm=9_000, total_mass_kg=20_000)["size"] == {"unclassed"}


@pytest.mark.parametrize(
    ("kind", "sizes"),
    [
        ("trailer", {"medium"}),
        ("truck", {"medium"}),
        ("other", {"unclassed"}),
        (None, {"medium", "unclassed"}),
    ],
)
def test_while_the_kind_is_open_a_size_fits_that_fits_any_kind_left(kind: str | None, sizes: set[str]) -> None:
    known = facts(length_mm=9_000, total_mass_kg=5_000, **({} if kind is None else {"kind": kind}))
    assert possible(known, "size") == sizes


def test_a_trailer_is_sized_by_mass_alone() -> None:
    """Learning that it is a light trailer of nine metres must not contradict what was concluded before."""
    assert possible(facts(length_mm=9_000, total_mass_kg=4_000), "size") == {"light", "medium", "unclassed"}
    assert possible(facts(kind="trailer", length_mm=9_000, total_mass_kg=4_000), "size") == {"light"}


@pytest.mark.parametrize(("mass", "size"), [(4_499, "light"), (4_500, "medium"), (11_999, "medium"), (12_000, "heavy")])
def test_sizes_of_trailers(mass: int, size: str) -> None:
    assert facts(kind="trailer", total_mass_kg=mass)["size"] == {size}


def test_a_length_is_concluded_where_all_kinds_left_are_sized_by_it() -> None:
    assert facts(kind={"truck", "special_work", "tractor_unit"}, size="light")["length_mm"] == Span(1, 5_999)
    assert "length_mm" not in facts(kind={"truck", "trailer"}, size="light")
    assert facts(size="micro")["kind"] == {"truck", "special_work", "tractor_unit"}


def test_a_number_of_which_nothing_follows_stays_unknown() -> None:
    """A load of one kilogram says nothing of the mass; one of two does."""
    assert span({}, "total_mass_kg") == Span(1, None)
    assert "total_mass_kg" not in facts(rated_load_kg=1)
    assert facts(rated_load_kg=2)["total_mass_kg"] == Span(2, None)


def test_a_value_that_no_list_has_is_none() -> None:
    assert with_fact({}, "size", frozenset({"huge"})) is None
    assert with_fact({}, "plate_prefix", frozenset({"辽A"})) == {"plate_prefix": {"辽A"}}


@pytest.mark.parametrize(
    ("size", "other", "fact", "expected"),
    [
        ("heavy", {}, "total_mass_kg", Span(12_000, None)),
        ("light", {}, "total_mass_kg", Span(None, 4_499)),
        ("light", {}, "length_mm", Span(None, 5_999)),
        ("micro", {}, "length_mm", Span(None, 3_500)),
        ("micro", {}, "total_mass_kg", Span(None, 1_800)),
        ("medium", {}, "total_mass_kg", Span(None, 11_999)),
        ("medium", {"length_mm": 5_999}, "total_mass_kg", Span(4_500, 11_999)),
        ("medium", {"total_mass_kg": 4_499}, "length_mm", Span(6_000, None)),
    ],
)
def test_a_size_bounds_length_and_mass(size: str, other: dict[str, object], fact: str, expected: Span) -> None:
    found = span(facts(kind="truck", size=size, **other), fact)
    assert (found.low or 1, found.high) == (expected.low or 1, expected.high)


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ({"kind": "truck", "size": "light", "length_mm": 6_000}, "length_mm and size"),
        ({"kind": "truck", "size": "light", "total_mass_kg": 4_500}, "total_mass_kg and size"),
        ({"kind": "truck", "size": "micro", "length_mm": 3_501}, "length_mm and size"),
        ({"kind": "truck", "size": "micro", "total_mass_kg": 1_801}, "total_mass_kg and size"),
        ({"kind": "truck", "size": "heavy", "total_mass_kg": 11_999}, "total_mass_kg and size"),
        (
            {"kind": "truck", "size": "medium", "length_mm": 5_999, "total_mass_kg": 4_499},
            "size and length_mm and total_mass_kg",
        ),
        ({"kind": "truck", "size": "medium", "total_mass_kg": 12_000}, "total_mass_kg and size"),
        (
            {"kind": "truck", "size": "light", "length_mm": 3_500, "total_mass_kg": 1_800},
            "size and length_mm and total_mass_kg",
        ),
        ({"kind": "truck", "size": "unclassed"}, "kind and size"),
        ({"kind": "passenger", "size": "light"}, "kind and size"),
        ({"kind": "trailer", "size": "micro"}, "size and kind"),
        ({"kind": "trailer", "size": "light", "total_mass_kg": 4_500}, "total_mass_kg and size"),
        ({"kind": {"passenger", "trailer"}, "size": "micro"}, "size and kind"),
        ({"rated_load_kg": 4_501, "total_mass_kg": 4_500}, "rated_load_kg and total_mass_kg"),
        ({"energy": "battery_electric", "emission_stage": 5}, "energy and emission_stage"),
        ({"energy": "diesel", "emission_stage": NO_STAGE}, "energy and emission_stage"),
        ({"energy": "diesel", "new_energy_plate": True}, "new_energy_plate and energy"),
        ({"energy": "hydrogen", "new_energy_plate": True}, "new_energy_plate and energy"),
        ({"plate_kind": "02", "new_energy_plate": True}, "plate_kind and new_energy_plate"),
        ({"plate_kind": "52", "new_energy_plate": False}, "plate_kind and new_energy_plate"),
        # A plate of the kind 52 is one for new energy, and that is what the fuel denies.
        ({"plate_kind": "52", "energy": "natural_gas"}, "new_energy_plate and energy"),
    ],
)
def test_contradictions_name_the_facts(known: dict[str, object], named: str) -> None:
    with pytest.raises(Contradiction) as refused:
        facts(**known)
    assert (str(refused.value), " and ".join(refused.value.fields)) == (named, named)


@pytest.mark.parametrize(
    ("known", "fact", "expected"),
    [
        ({"energy": "battery_electric"}, "emission_stage", {NO_STAGE}),
        ({"energy": "fuel_cell"}, "emission_stage", {NO_STAGE}),
        ({"energy": {"battery_electric", "fuel_cell"}}, "emission_stage", {NO_STAGE}),
        ({"energy": "other"}, "emission_stage", {*range(7), NO_STAGE}),
        ({"energy": "diesel"}, "emission_stage", set(range(7))),
        ({"energy": "plug_in_hybrid"}, "emission_stage", set(range(7))),
        ({"energy": "hydrogen"}, "emission_stage", {*range(7), NO_STAGE}),
        ({"energy": {"diesel", "battery_electric"}}, "emission_stage", {*range(7), NO_STAGE}),
        ({"emission_stage": 3}, "energy", set(DOMAINS["energy"]) - {"battery_electric", "fuel_cell"}),
        ({"emission_stage": NO_STAGE}, "energy", {"battery_electric", "fuel_cell", "hydrogen", "other"}),
        ({"new_energy_plate": True}, "energy", {"battery_electric", "plug_in_hybrid", "fuel_cell"}),
        ({"new_energy_plate": True, "emission_stage": 6}, "energy", {"plug_in_hybrid"}),
        ({"new_energy_plate": True}, "plate_kind", {"51", "52"}),
        ({"plate_kind": "52"}, "new_energy_plate", {True}),
        ({"plate_kind": {"51", "52"}}, "new_energy_plate", {True}),
        ({"new_energy_plate": False}, "plate_kind", set(DOMAINS["plate_kind"]) - {"51", "52"}),
        ({"plate_kind": "01"}, "new_energy_plate", {False}),
        ({"energy": "natural_gas"}, "new_energy_plate", {False}),
        ({"energy": "battery_electric"}, "new_energy_plate", {True, False}),
    ],
)
def test_energy_stage_and_plate(known: dict[str, object], fact: str, expected: set[object]) -> None:
    assert possible(facts(**known), fact) == expected


@given(truths(), st.data())
def test_narrowing_is_done_once_and_in_no_order(truth: Facts, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(sorted(truth)), unique=True))
    known = narrow({fact: truth[fact] for fact in chosen})
    assert narrow(known) == known
    assert narrow({fact: truth[fact] for fact in sorted(chosen, reverse=True)}) == known
    one_by_one = narrow({})
    for fact in data.draw(st.permutations(chosen)):
        learned = with_fact(one_by_one, fact, truth[fact])
        assert learned is not None
        one_by_one = learned
    assert one_by_one == known


@given(truths(), st.data())
def test_what_is_concluded_is_so(truth: Facts, data: st.DataObject) -> None:
    """Sound: from part of a vehicle nothing is concluded that its other facts deny."""
    chosen = data.draw(st.sets(st.sampled_from(sorted(truth))))
    for fact, value in narrow({fact: truth[fact] for fact in chosen}).items():
        true = truth[fact]
        if isinstance(value, Span):
            assert isinstance(true, Span) and value.covers(true)
        else:
            assert isinstance(true, frozenset) and true <= value


@given(truths(), st.data())
def test_values_told_apart_cover_what_is_possible(truth: Facts, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(truth)), max_size=5))
    known = narrow({fact: truth[fact] for fact in chosen})
    for fact, cuts in (("length_mm", [6_001]), ("total_mass_kg", [2_501]), ("size", ()), ("plate_prefix", ["辽A"])):
        values = told_apart(known, fact, cuts)
        own = truth[fact]
        if isinstance(own, Span):
            assert sum(isinstance(each, Span) and each.covers(own) for each in values) == 1
        else:
            assert sum(own == each for each in values) == 1 or frozenset({ANY_OTHER}) in values


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, [(1, 3_500), (3_501, 5_999), (6_000, 8_999), (9_000, None)]),
        ({"length_mm": 6_000}, [(6_000, 6_000)]),
        ({"length_mm": (5_000, 7_000)}, [(5_000, 5_999), (6_000, 7_000)]),
        ({"length_mm": (9_000, None)}, [(9_000, None)]),
    ],
)
def test_ranges_of_a_number(known: dict[str, object], expected: list[tuple[int, int | None]]) -> None:
    assert told_apart(facts(**known), "length_mm", [9_000]) == [Span(*each) for each in expected]


def test_ranges_of_the_mass_and_of_a_number_with_an_open_beginning() -> None:
    masses = [(1, 1_800), (1_801, 4_499), (4_500, 11_999), (12_000, None)]
    assert told_apart({}, "total_mass_kg", []) == [Span(*each) for each in masses]
    assert told_apart({"length_mm": Span(None, 5_000)}, "length_mm", []) == [Span(1, 3_500), Span(3_501, 5_000)]


def test_one_direction_is_told_in_each_arc() -> None:
    turns = [0, 120, 180, 300]
    told = {heading for known in told_apart({}, "heading_deg", turns) for heading in sorted(known)}
    assert told == {0.0, 60.0, 120.0, 150.0, 180.0, 240.0, 300.0, 330.0}


def test_directions_told_apart() -> None:
    values = told_apart({}, "heading_deg", [0, 180])
    assert {next(iter(each)) for each in values if isinstance(each, frozenset)} == {0.0, 180.0, 90.0, 270.0}
    assert told_apart({"heading_deg": frozenset({12.0})}, "heading_deg", [0, 180]) == [frozenset({12.0})]


@pytest.mark.parametrize(("first", "second"), list(product([(1, 5), (3, None), (None, 4), (None, None)], repeat=2)))
def test_spans_meet(first: tuple[int | None, int | None], second: tuple[int | None, int | None]) -> None:
    def members(ends: tuple[int | None, int | None]) -> set[int]:
        return {each for each in range(10) if (ends[0] or 0) <= each <= (9 if ends[1] is None else ends[1])}

    met = Span(*first).meet(Span(*second))
    assert members((met.low, met.high)) == members(first) & members(second)
    assert Span(*first).covers(Span(*second)) is (members(second) <= members(first))


def test_a_heading_is_a_fact_of_the_place() -> None:
    vehicle = Vehicle(facts=facts(kind="truck"))
    assert vehicle.with_heading(None) is vehicle
    assert vehicle.with_heading(271.5).known("heading_deg") == {271.5}
    assert vehicle.known("heading_deg") is None and vehicle.known("size") == {"micro", "light", "medium", "heavy"}
    assert vehicle.with_fact("kind", frozenset({"trailer"})) is None
