"""Plans: every interval is the answer to a question, equal things are answered once, and the work is bounded."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.crs import Crs
from rules.decision import State
from rules.errors import InvalidQuestion
from rules.model import Rulebook
from rules.windows import DAY
from service import planning
from service.asks import Ask, PointAsk, ZoneAsk
from service.deciding import decide_one
from service.instants import parse_instant
from service.planning import InvalidPlan, Plan, PlanAsk, Profile, Stop, plan
from service.publication import publish
from service.snapshot import Snapshot, make_snapshot
from tests.support.asking import built_in_snapshot

START = parse_instant("2026-11-24T05:00:00+08:00")
DIESEL = {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5}
ELECTRIC = {"vehicle_type": "H32", "energy": "battery_electric", "plate": "辽AD52638"}
VEHICLES: list[dict[str, Any]] = [
    DIESEL,
    {**DIESEL, "emission_stage": "国三"},
    {"vehicle_type": "H32", "energy": "diesel"},
    {**DIESEL, "cargo": ["fresh_produce"]},
    {**DIESEL, "vehicle_type": "轻型普通货车", "priority_classes": [{"class": "aaa_rated", "valid_to": "2026-11-25"}]},
    {**DIESEL, "vehicle_type": "H12"},
    ELECTRIC,
    {**ELECTRIC, "passes": [{"kind": "electronic-pass", "valid_from": "2026-11-25", "hours": ["06:30-08:30"]}]},
    {**ELECTRIC, "passes": [{"kind": "electronic-pass", "zones": ["sy-qingnian-dajie"]}]},
    {"kind": "truck"},
    {},
]
PLACES: list[ZoneAsk | PointAsk] = [
    ZoneAsk("sy-second-ring"),
    ZoneAsk("sy-qingnian-dajie", 90.0),
    PointAsk(123.4349, 41.7864, Crs.GCJ02, 10.0),
    PointAsk(123.4387, 41.7908, Crs.GCJ02, 30.0, 45.0),
    PointAsk(123.42, 41.80, Crs.GCJ02, 200.0),
    PointAsk(116.39, 39.9, Crs.WGS84),
    ZoneAsk("sy-third-ring"),
]


def made(ask: PlanAsk, snapshot: Snapshot | None = None) -> Plan:
    return asyncio.run(plan(ask, snapshot or built_in_snapshot()))


def asked(vehicles: list[Any], places: list[Any], start: int = START, length: int = DAY, **more: Any) -> PlanAsk:
    return PlanAsk(
        start,
        start + length,
        tuple(Profile(f"v{number}", vehicle) for number, vehicle in enumerate(vehicles)),
        tuple(Stop(f"p{number}", place) for number, place in enumerate(places)),
        **more,
    )


def in_berlin() -> Snapshot:
    """Shenyang with its articles under a clock that shifts."""
    shipped = built_in_snapshot()
    there = shipped.publications["shenyang"]
    city = replace(there.city, timezone="Europe/Berlin")
    moved = publish(Rulebook(city, there.rulebook.calendar, there.rulebook.notices), there.zones, there.coverage)
    return make_snapshot([moved], shipped.calendar, illustrative=True)


STARTS = [
    (built_in_snapshot(), START),
    (built_in_snapshot(), parse_instant("2026-12-29T12:34:56+08:00")),
    (in_berlin(), parse_instant("2026-03-28T20:00:00+01:00")),
    (in_berlin(), parse_instant("2026-10-24T20:00:00+02:00")),
]
"""An ordinary week, the end of the published calendar, and both nights on which a clock shifts."""


@settings(max_examples=12)
@given(
    st.sampled_from(STARTS),
    st.lists(st.sampled_from(VEHICLES), min_size=1, max_size=3),
    st.lists(st.sampled_from(PLACES), min_size=1, max_size=3),
    st.integers(1, 3 * DAY),
    st.randoms(use_true_random=False),
)
def test_every_interval_is_the_answer_to_a_question(when, vehicles, places, length, random) -> None:
    snapshot, start = when
    found = made(asked(vehicles, places, start, length), snapshot)
    for profile, vehicle in enumerate(vehicles):
        for stop, place in enumerate(places):
            number = found.pairs[found.profile_groups[profile], found.stop_groups[stop]]
            stretches = found.schedules[number]
            assert (stretches[0].start, stretches[-1].end) == (start, start + length)
            stretch = random.choice(stretches)
            for at in {stretch.start, stretch.end - 1, random.randrange(stretch.start, stretch.end)}:
                answer = decide_one(Ask(vehicle, place, at), snapshot, at)
                decision = answer.decision
                assert (decision.verdict, decision.by_law.verdict) == (stretch.verdict, stretch.by_law)
                assert decision.missing == stretch.basis.missing
                assert stretch.basis.reason in (None, decision.reason)
                standing = [each.restriction.id for each in decision.grounds if each.state is not State.LIFTED]
                assert stretch.basis.restriction in (standing or [None]) or stretch.basis.restriction is None
                city = None if answer.rulebook is None else answer.rulebook.city.id
                assert found.cities[number] == city


def test_equal_vehicles_and_equal_places_are_one_group() -> None:
    same = [{**DIESEL, "plate": "辽A5K268"}, {**DIESEL, "plate": "辽A7K268", "energy": "柴油"}, DIESEL]
    places = [ZoneAsk("sy-second-ring"), PointAsk(123.42, 41.80, Crs.GCJ02), ZoneAsk("sy-second-ring")]
    found = made(asked(same, places))
    assert found.profile_groups == (0, 0, 1)
    assert found.stop_groups[0] == found.stop_groups[2] == 0
    assert set(found.pairs) == {(profile, place) for profile in (0, 1) for place in set(found.stop_groups)}


def test_grouped_work_costs_few_timelines() -> None:
    """2,500 pairs of 50 vehicles that the articles cannot tell apart: one timeline for each set of articles."""
    vehicles = [{**DIESEL, "length_mm": 4_000 + number, "plate": "辽A5K268"} for number in range(50)]
    places = [PointAsk(123.40 + number / 500, 41.78, Crs.GCJ02) for number in range(50)]
    found = made(asked(vehicles, places))
    assert len(set(found.profile_groups)) == 50
    assert len(found.pairs) == 50 * len(found.places)
    assert found.timelines <= len(found.places) <= 20


def test_the_same_articles_elsewhere_are_the_same_schedule() -> None:
    points = [PointAsk(123.42, 41.80, Crs.GCJ02), PointAsk(123.425, 41.80, Crs.GCJ02)]
    found = made(asked([DIESEL], points))
    assert len(found.schedules) == found.timelines == 1


def test_places_in_several_cities_have_schedules_of_their_own() -> None:
    found = made(asked([DIESEL], [ZoneAsk("sy-second-ring"), ZoneAsk("dl-main"), PLACES[5]]))
    assert [found.cities[found.pairs[0, group]] for group in found.stop_groups] == ["shenyang", "dalian", None]


def faults_of(ask: PlanAsk) -> set[tuple[str, int, str]]:
    with pytest.raises(InvalidPlan) as refused:
        made(ask)
    found = set()
    for fault in refused.value.faults:
        codes = getattr(fault.error, "faults", None)
        code = codes[0].code if codes else getattr(fault.error, "code", type(fault.error).__name__)
        found.add((fault.part, fault.number, code))
    return found


def test_all_faults_are_found_with_their_places() -> None:
    vehicles: list[Mapping[str, object]] = [DIESEL, {"body": "bxo"}]
    places = [ZoneAsk("sy-second-rnig"), PointAsk(41.79, 123.43 - 60, Crs.WGS84), ZoneAsk("dl-main")]
    assert faults_of(asked(vehicles, places, city="shenyang")) == {
        ("profiles", 1, "unknown-code"),
        ("places", 0, "UnknownZone"),
        ("places", 2, "other-city"),
    }


def test_a_mark_stands_once() -> None:
    twice = replace(asked([DIESEL], PLACES[:2]), stops=(Stop("p", PLACES[0]), Stop("p", PLACES[1])))
    assert faults_of(twice) == {("places", 1, "duplicate-ref")}


def test_a_pass_must_be_of_a_kind_that_every_city_asked_knows() -> None:
    held = {**ELECTRIC, "passes": [{"kind": "paper"}]}
    assert faults_of(asked([DIESEL, held], PLACES[:1])) == {("profiles", 1, "unknown-code")}


def test_no_more_than_twenty_faults_are_looked_for() -> None:
    with pytest.raises(InvalidPlan) as refused:
        made(asked([{"body": "bxo"}] * 500, PLACES[:1]))
    assert len(refused.value.faults) == 20


@pytest.mark.parametrize(
    ("ask", "field", "code"),
    [
        (asked([DIESEL], PLACES[:1], length=0), "until", "wrong-order"),
        (asked([DIESEL], PLACES[:1], length=-1), "until", "wrong-order"),
        (asked([DIESEL], PLACES[:1], length=7 * DAY + 1), "until", "period-too-long"),
        (asked([DIESEL] * 51, PLACES[:1] * 99), "", "too-many"),
        (asked([DIESEL], PLACES[:1], city="atlantis"), "city", "unknown-code"),
    ],
)
def test_a_plan_without_meaning_is_refused(ask: PlanAsk, field: str, code: str) -> None:
    with pytest.raises(InvalidQuestion) as refused:
        made(ask)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_the_longest_period_is_taken() -> None:
    assert made(asked([DIESEL], PLACES[:1], length=7 * DAY)).timelines == 1


def test_too_much_work_is_refused_and_names_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = made(asked(VEHICLES, PLACES)).looks
    monkeypatch.setattr(planning, "MOST_LOOKS", usual - 1)
    with pytest.raises(InvalidQuestion) as refused:
        made(asked(VEHICLES, PLACES))
    assert refused.value.code == "too-much-work"


def test_a_vehicle_that_alone_is_too_much_work_is_named() -> None:
    """Twenty-four passes of an hour each, through days of which nobody knows yet whether they are worked."""
    passes = [
        {"kind": "electronic-pass", "hours": [f"{hour:02}:00-{hour:02}:30"], "days": ["workday"]} for hour in range(24)
    ]
    start = parse_instant("2027-01-20T08:00:00+08:00")
    assert faults_of(asked([DIESEL, {"passes": passes}], PLACES[:1], start)) == {("profiles", 1, "too-much-work")}


def test_others_get_their_turn_between_two_steps() -> None:
    turns = 0

    async def both() -> Plan:
        nonlocal turns
        planning_task = asyncio.ensure_future(plan(asked(VEHICLES, PLACES), built_in_snapshot()))
        while not planning_task.done():
            turns += 1
            await asyncio.sleep(0)
        return await planning_task

    found = asyncio.run(both())
    assert turns >= len(VEHICLES) + len(PLACES) + len(found.pairs)
