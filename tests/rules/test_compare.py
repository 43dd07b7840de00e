"""Two rulebooks compared: every flip that brute force finds lies in one group, and groups hold nothing but flips."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.zones import ancestry
from rules.calendar import Calendar, DayKind
from rules.codec import digest
from rules.codes import Text
from rules.compare import compare
from rules.conditions import AllOf, AnyOf, Bounds, Everyone, Not, OneOf
from rules.decide import Case, stands
from rules.difference import Difference, FlipGroup, difference_document
from rules.errors import Incomparable, InvalidVehicle
from rules.facts import Facts, Span, narrow
from rules.model import (
    City,
    Exemption,
    Lift,
    PassKind,
    Place,
    Product,
    Question,
    Restriction,
    Rulebook,
    Verdict,
    ZoneSet,
)
from rules.reading import read_vehicle
from rules.timeline import Timeline
from rules.traits import Traits, said_of
from rules.truth import Truth
from rules.vehicles import Credential, Pass, Vehicle
from rules.windows import ALWAYS, DAY, EPOCH, Days, LocalClock
from tests.support.asking import built_in_snapshot
from tests.support.flips import groups_of, is_one, minutes_of
from tests.support.strategies import PASS_KINDS, TEXT, WORDING, claims, notices, rulebooks, truths
from tests.support.timing import SHANGHAI, calendars, listed, number, some_of
from tests.support.versions import (
    CALENDAR,
    CITY,
    TRUCKS,
    ZONES,
    city,
    hours,
    only_group,
    restriction,
    verdict,
    zones_at,
)

AROUND = SHANGHAI.day
UNTIL = AROUND + timedelta(days=70)

CROSSINGS = (("core", "road"), ("core", "far"), ("core", "far", "road"))
PLACES: tuple[str | tuple[str, ...] | None, ...] = (None, *ZONES, *CROSSINGS)
FACTS = ("kind", "size", "energy", "stage", "plate", "length", "mass", "claim", "heading")


def is_masked(pair: "Pair", group: FlipGroup, vehicle: Vehicle, zones: frozenset[str], wall: int) -> bool:
    """Whether the group says itself that it leaves this out: one of `unless` stands, and prohibits in both versions."""
    case = Case(pair.before, vehicle, ZoneSet.of(zones))
    standing = (stands(each, case, wall) for each in pair.before.restrictions() if each.id in group.unless)
    both = {verdict(each, vehicle, zones, wall) for each in (pair.before, pair.after)}
    return both == {Verdict.PROHIBITED} and Truth.YES in standing


def _is_real(truth: Facts) -> bool:
    try:
        read_vehicle({fact: said for fact, said in said_of(truth).items() if fact != "plate_prefix"})
    except InvalidVehicle:
        return False
    return True


@cache
@st.composite
def known_vehicles(draw: st.DrawFn) -> Vehicle:
    """A real vehicle of which all is known, and all that it claims."""
    said = dict(draw(claims()))
    rated = draw(some_of(("aaa_rated", "fresh_food"), 0, 2))
    said["priority_class"] = rated
    return Vehicle(
        facts=draw(truths().filter(_is_real)),
        claims=MappingProxyType(said),
        credentials=tuple(Credential(each) for each in sorted(rated)),
        passes=tuple(Pass(kind) for kind in sorted(draw(some_of(PASS_KINDS, 0, 2)))),
        passes_answered=True,
    )


@dataclass(frozen=True, slots=True)
class Pair:
    before: Rulebook
    after: Rulebook

    def difference(self) -> Difference:
        return compare(self.before, self.after, ZONES, ZONES, map(frozenset, CROSSINGS), until=UNTIL)

    def edges(self) -> list[int]:
        """Seconds of the day at which anything may change on any day."""
        found = {0}
        for rulebook in (self.before, self.after):
            for _, product in rulebook.products():
                found |= {wall % DAY for wall in product.period.edges()}
                for window in product.windows or ():
                    minutes = (window.start, window.end, window.certain_until)
                    found |= {each % 1440 * 60 for each in minutes if each is not None}
        return sorted(found)


@cache
@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """A rulebook and another version of it: one notice rewritten, taken out or added, or another calendar."""
    made = draw(rulebooks(AROUND, 30, FACTS, many=2))
    # A record of years would only be more days to look at.
    record = max(made.city.record_from, AROUND - timedelta(days=30))
    before = replace(made, city=replace(made.city, record_from=record, filings=(PassKind("depot", TEXT),)))
    rewritten = draw(notices(AROUND, before.notices[0].id, 30, FACTS))
    added = draw(notices(AROUND, "three", 30, FACTS))
    after = draw(
        st.sampled_from(
            (
                replace(before, notices=(rewritten, *before.notices[1:])),
                replace(before, notices=before.notices[1:]),
                replace(before, notices=(*before.notices, added)),
                replace(before, calendar=draw(calendars(AROUND))),
            )
        )
    )
    return Pair(before, after)


@given(pairs(), st.data())
@settings(max_examples=25)
def test_brute_force_finds_the_same_flips(pair: Pair, data: st.DataObject) -> None:
    difference = pair.difference()
    vehicles = data.draw(listed(known_vehicles(), 4, 4))
    days = [AROUND + timedelta(days=offset) for offset in data.draw(listed(number(-6, 9), 4, 4))]
    both = (pair.before.calendar, pair.after.calendar)
    edges = pair.edges()
    for place in PLACES:
        zones = zones_at(place)
        for vehicle in vehicles:
            for wall in (day.toordinal() * DAY + edge for day in days for edge in edges):
                verdicts = tuple(verdict(each, vehicle, zones, wall) for each in (pair.before, pair.after))
                found = groups_of(difference, place, vehicle, wall, both)
                if verdicts[0] is verdicts[1]:
                    assert all(is_masked(pair, group, vehicle, zones, wall) for group in found)
                else:
                    assert [(group.before, group.after) for group in found] == [verdicts]


@given(pairs())
@settings(max_examples=15)
def test_a_witness_is_answered_as_its_group_says(pair: Pair) -> None:
    for group in pair.difference().groups:
        for rulebook, question, expected, side in (
            (pair.before, group.witness.before, group.before, "before"),
            (pair.after, group.witness.after, group.after, "after"),
        ):
            assert question.zone is None or question.held == zones_at(question.zone)
            vehicle = read_vehicle(question.vehicle).with_heading(question.heading_deg)
            assert verdict(rulebook, vehicle, question.held, question.wall) is expected, side


@given(rulebooks(AROUND, 30, FACTS), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_order_is_no_difference(rulebook: Rulebook, random: Random) -> None:
    shuffled = tuple(
        replace(each, restrictions=each.restrictions[::-1], exemptions=each.exemptions[::-1])
        for each in random.sample(rulebook.notices, len(rulebook.notices))
    )
    assert compare(rulebook, replace(rulebook, notices=shuffled), ZONES, ZONES, until=UNTIL).nothing


@given(pairs())
@settings(max_examples=15)
def test_turned_round_it_is_the_same_difference(pair: Pair) -> None:
    there, back = pair.difference(), Pair(pair.after, pair.before).difference()

    def told(difference: Difference, turned: bool) -> list[object]:
        return sorted(
            repr(((one, other)[:: -1 if turned else 1], [p.zones for p in group.places], group.when))
            for group in difference.groups
            for one, other in [(group.before.value, group.after.value)]
        )

    if pair.before.calendar == pair.after.calendar:
        assert told(there, False) == told(back, True)


# By hand


def test_a_window_that_moved() -> None:
    before, after = city(restriction("r", (hours(7, 9),))), city(restriction("r", (hours(6, 9),)))
    difference = compare(before, after, ZONES, ZONES)
    group = only_group(difference)
    assert (group["before"], group["after"]) == ("allowed", "prohibited")
    assert group["zones"] == ["core", "ring", "road"]
    assert group["when"] == [
        {"days": [{"first": date(2026, 1, 1), "last": None}], "hours": [{"from": "06:00", "until": "07:00"}]}
    ]
    assert group["who"] == [{"kind": ["low_speed_truck", "truck"]}]
    assert (group["decided_before"], group["decided_after"], group["unless"]) == ([], ["n/r"], [])
    assert [(each.what, each.how, each.parts) for each in difference.changes] == [("n/r", "changed", ("windows",))]


def test_a_calendar_that_covers_more_days_settles_them() -> None:
    longer = replace(CALENDAR, version="d", covered_until=date(2027, 12, 31))
    rule = restriction("r", (hours(7, 9, Days(frozenset({"rest_day"}))),))
    difference = compare(city(rule), city(rule, calendar=longer), ZONES, ZONES)
    found = {(group.before.value, group.after.value): group.when for group in difference.groups}
    # No weekday is a rest day, whatever its kind turns out to be.
    assert found.keys() == {("undetermined", "prohibited")}
    (barred,) = found["undetermined", "prohibited"]
    (run,) = barred.days
    assert (run.first, run.last) == (date(2027, 1, 1), date(2027, 12, 31))
    assert run.told_by == (("weekday", ("saturday", "sunday")),)
    assert difference.calendar is not None
    assert {(each.before, each.after) for each in difference.calendar.days} == {
        ("unpublished", "ordinary_workday"),
        ("unpublished", "rest_day"),
    }


def test_one_day_of_another_kind_is_told_by_its_date() -> None:
    other = replace(CALENDAR, exceptions={date(2026, 2, 17): DayKind.DAY_OFF_IN_LIEU})
    rule = restriction("r", (hours(7, 9, Days(frozenset({"statutory_holiday"}))),))
    difference = compare(city(rule), city(rule, calendar=other), ZONES, ZONES)
    group = only_group(difference)
    assert group["when"][0]["days"] == [{"first": date(2026, 2, 17), "last": date(2026, 2, 17)}]  # type: ignore[index]
    assert (group["before"], group["after"]) == ("prohibited", "allowed")


def test_what_is_prohibited_in_both_is_left_out() -> None:
    standing = restriction("heavy", None, condition=Bounds("total_mass_kg", at_least=12_000))
    difference = compare(city(standing), city(standing, restriction("r", (hours(7, 9),))), ZONES, ZONES)
    group = only_group(difference)
    assert group["unless"] == ["n/heavy"]
    witness = difference.groups[0].witness.after.vehicle
    assert witness["kind"] == "truck"
    assert int(str(witness["total_mass_kg"])) < 12_000
    everyone = restriction("all", None, condition=Everyone())
    assert compare(city(everyone), city(everyone, restriction("r", (hours(7, 9),))), ZONES, ZONES).groups == ()


def test_sizes_no_vehicle_can_have_are_no_flip() -> None:
    impossible = AllOf((OneOf("size", frozenset({"micro"})), Bounds("total_mass_kg", at_least=1_801)))
    difference = compare(city(), city(restriction("r", None, condition=impossible)), ZONES, ZONES)
    assert difference.groups == ()
    assert [each.what for each in difference.changes] == ["n/r"]


def test_a_prefix_that_no_rule_names_is_a_real_one() -> None:
    elsewhere = Not(OneOf("plate_prefix", frozenset({"京A", "川A"})))
    (group,) = compare(city(), city(restriction("r", None, condition=elsewhere)), ZONES, ZONES).groups
    assert dict(group.who[0])["plate_prefix"] == (frozenset({"any other"}),)
    assert group.witness.after.vehicle == {"plate_prefix": "津A"}


def test_filings_that_the_city_comes_to_know_flip() -> None:
    rule = restriction("r", None, condition=AllOf((TRUCKS, Not(OneOf("filing", frozenset({"depot"}))))))
    fewer, more = (replace(CITY, filings=filings) for filings in ((), (PassKind("depot", TEXT),)))
    difference = compare(*(replace(city(rule), city=each) for each in (fewer, more)), ZONES, ZONES)
    (group,) = difference.groups
    assert (group.before, group.after) == (Verdict.PROHIBITED, Verdict.ALLOWED)
    assert dict(group.who[0])["filing:depot"] == (True,)
    assert [(each.what, each.parts, each.decides) for each in difference.changes] == [("city", ("filings",), True)]


def test_a_renamed_article_flips_nothing() -> None:
    difference = compare(city(restriction("r", None)), city(restriction("s", None)), ZONES, ZONES)
    assert difference.groups == ()
    assert [(each.what, each.how) for each in difference.changes] == [("n/r", "removed"), ("n/s", "added")]


def test_words_alone_flip_nothing() -> None:
    reworded = replace(restriction("r", None), wording=replace(WORDING, text=Text("文", "other words")))
    difference = compare(city(restriction("r", None)), city(reworded), ZONES, ZONES)
    assert difference.groups == ()
    assert [(each.what, each.parts, each.decides) for each in difference.changes] == [("n/r", ("text",), False)]


def test_a_new_zone_is_compared_with_what_held_it() -> None:
    more = {**ZONES, "lane": frozenset({"core", "ring"})}
    rule = restriction("r", None, zones=frozenset({"lane"}))
    difference = compare(city(), city(rule), ZONES, more)
    assert difference.zones_added == ("lane",)
    (group,) = difference.groups
    assert [each.zones for each in group.places] == [("lane",)]
    assert (group.witness.before.zone, group.witness.after.zone) == ("core", "lane")


def test_a_zone_that_moved_into_another_flips() -> None:
    moved = {**ZONES, "far": frozenset({"ring"})}
    rule = restriction("r", None)
    difference = compare(city(rule), city(rule), ZONES, moved)
    assert difference.zones_moved == ("far",)
    assert only_group(difference)["zones"] == ["far"]


def test_where_zones_cross_is_a_place_of_its_own() -> None:
    rule, far = restriction("r", None, zones=frozenset({"core"})), frozenset({"far"})
    freed = Exemption("n/e", "n", Product(far, None, Everyone(), ALWAYS), WORDING, (Lift(restriction="n/r"),))
    crossing = frozenset({"core", "far"})
    assert compare(city(rule), city(rule, exemptions=(freed,)), ZONES, ZONES).groups == ()
    difference = compare(city(rule), city(rule, exemptions=(freed,)), ZONES, ZONES, [crossing])
    group = only_group(difference)
    assert (group["before"], group["after"]) == ("prohibited", "allowed")
    assert (group["zones"], group["crossings"], group["outside_zones"]) == ([], [["core", "far"]], False)
    witness = difference.groups[0].witness.after
    assert (witness.zone, witness.held) == (None, crossing | {"ring"})


def test_a_pass_of_a_new_kind_is_left_out_where_it_is_not_known() -> None:
    rule = restriction("r", None)
    freed = Exemption(
        "n/e", "n", Product(None, None, Everyone(), ALWAYS), WORDING, (Lift(restriction="n/r"),), frozenset({"pass-a"})
    )
    after = replace(city(rule, exemptions=(freed,)), city=replace(CITY, pass_kinds=(PassKind("pass-a", TEXT),)))
    (group,) = compare(city(rule), after, ZONES, ZONES).groups
    assert dict(group.who[0])["pass:pass-a"] == (True,)
    assert ("passes" in group.witness.before.vehicle, "passes" in group.witness.after.vehicle) == (False, True)


def test_no_vehicle_has_a_filing_that_the_city_does_not_know() -> None:
    rule = restriction("r", None, condition=OneOf("filing", frozenset({"unheard-of"})))
    assert compare(city(), city(rule), ZONES, ZONES).groups == ()


@pytest.mark.parametrize(
    ("longer", "first", "last"),
    [
        (replace(CITY, record_from=date(2025, 12, 1)), date(2025, 12, 1), date(2025, 12, 31)),
        (replace(CITY, record_until=date(2026, 3, 31)), date(2026, 3, 1), date(2026, 3, 31)),
    ],
    ids=["begins earlier", "ends later"],
)
def test_a_record_that_reaches_further(longer: City, first: date, last: date) -> None:
    rule = restriction("r", None)
    # Both end, or neither does, except for the edge that moves.
    shorter = replace(CITY, record_until=None if longer.record_until is None else date(2026, 2, 28))
    before, after = (replace(city(rule), city=each) for each in (shorter, longer))
    found = {
        (group.before.value, group.after.value): group.when[0].days
        for group in compare(before, after, ZONES, ZONES).groups
    }
    assert found.keys() == {("undetermined", "prohibited"), ("undetermined", "allowed")}
    for runs in found.values():
        assert [(run.first, run.last) for run in runs] == [(first, last)]


def test_other_cities_and_too_much_work_are_refused() -> None:
    rule = restriction("r", None)
    for other in (replace(CITY, id="other"), replace(CITY, timezone="Europe/Berlin")):
        with pytest.raises(Incomparable):
            compare(city(rule), replace(city(rule), city=other), ZONES, ZONES)
    pairs_of_filings = AnyOf(
        tuple(AllOf((OneOf("filing", frozenset({f"a{n}"})), OneOf("filing", frozenset({f"b{n}"})))) for n in range(12))
    )
    with pytest.raises(Incomparable) as refused:
        compare(city(), city(restriction("r", None, condition=pairs_of_filings)), ZONES, ZONES, most_steps=500)
    assert refused.value.code == "too-much-work"


def test_the_document_has_one_digest() -> None:
    before, after = (
        city(restriction("r", (hours(7, 9),))),
        city(restriction("r", (hours(6, 9),)), restriction("s", None)),
    )
    turned = replace(after, notices=(replace(after.notices[0], restrictions=after.notices[0].restrictions[::-1]),))
    one, other = (difference_document(compare(before, each, ZONES, ZONES)) for each in (after, turned))
    assert digest(one) == digest(other)


# R12: every minute of a week, against another way of answering

WEEK = date(2026, 11, 23)
MINUTES = 7 * 1440
WHOLE: dict[str, object] = {"length_mm": 5_900, "width_mm": 2_100, "height_mm": 2_700, "rated_load_kg": 1_000}
CLASSES: tuple[dict[str, object], ...] = (
    {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5, "total_mass_kg": 4_400},
    {"vehicle_type": "H31", "energy": "diesel", "emission_stage": 3, "total_mass_kg": 4_400},
    {"vehicle_type": "H32", "energy": "battery_electric", "new_energy_plate": True, "total_mass_kg": 4_400},
    {"vehicle_type": "H22", "energy": "diesel", "emission_stage": 6, "total_mass_kg": 9_000},
    {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 6, "total_mass_kg": 4_400, "cargo": "medicine"},
    {"vehicle_type": "H32", "energy": "petrol", "emission_stage": 4, "passes": [{"kind": "electronic-pass"}]},
)


def test_every_minute_of_a_week_for_every_zone_and_class() -> None:
    publication = built_in_snapshot().publications["shenyang"]
    zones = ancestry({zone.key: zone.within for zone in publication.zones})
    before = publication.rulebook
    after = _half_an_hour_earlier(before)
    difference = compare(before, after, zones, zones)
    clock = LocalClock(((0, 8 * 3600),))
    monday = WEEK.toordinal() * DAY - EPOCH - 8 * 3600
    flipped = 0
    for zone, held in zones.items():
        for said in CLASSES:
            vehicle = read_vehicle({"new_energy_plate": False, "total_mass_kg": 4_400, **WHOLE, **said}).with_heading(
                90
            )
            weeks = []
            for rulebook in (before, after):
                line = Timeline(rulebook, Question(vehicle, Place.in_zones(held | {zone}), monday, clock))
                week: list[Verdict] = []
                for stretch in line.stretches(monday, monday + 7 * DAY):
                    week.extend([stretch.verdict] * ((stretch.end - stretch.start) // 60))
                weeks.append(week)
            pairs_by_minute = list(zip(*weeks, strict=True))
            assert len(pairs_by_minute) == MINUTES
            found = {minute: pair for minute, pair in enumerate(pairs_by_minute) if pair[0] is not pair[1]}
            told = _told(difference, zone, vehicle, (before.calendar, after.calendar), pairs_by_minute)
            assert told == found
            flipped += len(found)
    assert flipped > 0


def _told(
    difference: Difference,
    zone: str,
    vehicle: Vehicle,
    both: tuple[Calendar, Calendar],
    verdicts: list[tuple[Verdict, Verdict]],
) -> dict[int, tuple[Verdict, Verdict]]:
    """The minutes of the week that the groups name for a zone and a vehicle, with the verdicts that they name."""
    told: dict[int, tuple[Verdict, Verdict]] = {}
    for group in difference.groups:
        if not any(place.zones == (zone,) for place in group.places) or not any(
            is_one(vehicle, who) for who in group.who
        ):
            continue
        for minute in minutes_of(group, WEEK, both):
            if verdicts[minute] != (Verdict.PROHIBITED, Verdict.PROHIBITED):
                assert minute not in told
                told[minute] = (group.before, group.after)
    return told


def _half_an_hour_earlier(rulebook: Rulebook) -> Rulebook:
    """Shenyang with its morning peak from half past six."""

    def moved(restriction: Restriction) -> Restriction:
        windows = tuple(
            replace(each, start=each.start - 30) if each.start == 7 * 60 and each.end == 9 * 60 else each
            for each in restriction.product.windows or ()
        )
        return replace(restriction, product=replace(restriction.product, windows=windows or None))

    notices = tuple(
        replace(
            notice,
            restrictions=tuple(
                moved(each) if each.id == "sy-2021/second-ring-peaks" else each for each in notice.restrictions
            ),
        )
        for notice in rulebook.notices
    )
    return replace(rulebook, notices=notices)


@pytest.mark.parametrize(
    ("known", "measures"),
    [
        ({}, (5_995, 4_495, 1_500)),
        ({"length_mm": Span(1, 4_200)}, (4_200, 4_495, 1_500)),
        ({"size": frozenset({"heavy"})}, (5_995, 12_000, 1_500)),
        ({"size": frozenset({"medium"}), "rated_load_kg": Span(2_000, None)}, (5_995, 4_500, 2_000)),
    ],
)
def test_an_example_has_ordinary_measures_or_the_nearest(known: Facts, measures: tuple[int, int, int]) -> None:
    example = Traits.of(()).example(narrow(known))
    assert example is not None
    said = said_of(example)
    assert said["kind"] == "truck"
    assert (said["length_mm"], said["total_mass_kg"], said["rated_load_kg"]) == measures
