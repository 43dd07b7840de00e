"""A week of a zone: its intervals are the decisions, its days are those of the city's clock."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.decision import DecidedStretch, State
from rules.model import Verdict
from rules.vehicle_classes import VEHICLE_CLASSES
from service.asks import Ask, ZoneAsk
from service.deciding import decide_one
from service.instants import parse_local
from service.timetable import Timetable, subject_of, timetable, week_of
from service.timetable_document import timetable_csv, timetable_document
from tests.support.asking import built_in_snapshot
from tests.support.clocks_city import clocks_city

SNAPSHOT = built_in_snapshot()
CLASSES = {each.code: each for each in VEHICLE_CLASSES}


@given(
    zone=st.sampled_from(SNAPSHOT.index.keys),
    code=st.sampled_from(sorted(CLASSES)),
    first=st.dates(date(2019, 6, 1), date(2027, 3, 1)),
    seconds=st.lists(st.integers(0, 7 * 86_400 - 1), min_size=3, max_size=3),
)
@settings(max_examples=40)
def test_the_intervals_are_the_decisions(zone: str, code: str, first: date, seconds: list[int]) -> None:
    found = timetable(SNAPSHOT.zone(zone), [subject_of(CLASSES[code])], first, SNAPSHOT)
    (week,) = found.weeks
    stretches = [each for day in week.days for each in day]
    edges = [instant for each in stretches for instant in (each.start, each.end - 1)]
    sampled = [found.days[0].start + each for each in seconds] + edges[:: max(1, len(edges) // 3)]
    for instant in sampled:
        answer = decide_one(Ask(CLASSES[code].facts, ZoneAsk(zone), instant), SNAPSHOT, now=0)
        (here,) = [each for each in stretches if each.start <= instant < each.end]
        decision = answer.decision
        assert here.verdict is decision.verdict
        assert here.by_law is decision.by_law.verdict
        standing = [each.restriction.id for each in decision.grounds if each.state is State.STANDS]
        if decision.verdict is Verdict.PROHIBITED and standing:
            assert here.basis.restriction in standing
        if decision.verdict is Verdict.UNDETERMINED:
            assert here.basis.missing == decision.missing
        if answer.exceptions:
            assert {each.zone for each in answer.exceptions} <= set(week.exceptions)


@pytest.mark.parametrize("zone", ["sy-second-ring", "dl-main", "sy-qingnian-dajie"])
def test_days_are_whole_and_neighbours_differ(zone: str) -> None:
    found = timetable(SNAPSHOT.zone(zone), [subject_of(each) for each in VEHICLE_CLASSES], date(2026, 9, 28), SNAPSHOT)
    assert [day.day for day in found.days] == [date(2026, 9, 28) + timedelta(days=each) for each in range(7)]
    for week in found.weeks:
        for day, stretches in zip(found.days, week.days, strict=True):
            assert (stretches[0].start, stretches[-1].end) == (day.start, day.end)
            for one, other in pairwise(stretches):
                assert one.end == other.start
                assert (one.verdict, one.by_law, one.basis) != (other.verdict, other.by_law, other.basis)


def test_the_day_kinds_of_that_very_week() -> None:
    """1 October 2026 is a holiday, Saturday the 10th is worked; a workday window follows the calendar."""
    found = timetable(
        SNAPSHOT.zone("dl-main"), [subject_of(CLASSES["light_box_diesel_6"])], date(2026, 10, 5), SNAPSHOT
    )
    kinds = {day.day: [kind.value for kind in day.kinds] for day in found.days}
    assert kinds[date(2026, 10, 10)] == ["makeup_workday"]
    assert kinds[date(2026, 10, 11)] == ["rest_day"]
    open_for = {
        day.day: sum(each.end - each.start for each in stretches if each.verdict is Verdict.ALLOWED)
        for day, stretches in zip(found.days, found.weeks[0].days, strict=True)
    }
    assert open_for[date(2026, 10, 10)] == open_for[date(2026, 10, 9)] < open_for[date(2026, 10, 11)]


def test_what_is_not_published_is_undetermined_and_says_so() -> None:
    found = timetable(SNAPSHOT.zone("dl-main"), [subject_of(CLASSES["light_box_diesel_6"])], date(2027, 1, 4), SNAPSHOT)
    assert all(len(day.kinds) == 3 for day in found.days)
    missing = {code for day in found.weeks[0].days for each in day for code in each.basis.missing}
    assert missing == {"day_kind"}


def test_zones_that_differ_are_exceptions_and_those_that_do_not_are_none() -> None:
    electric, diesel = CLASSES["light_box_electric"], CLASSES["light_box_diesel_6"]
    found = timetable(
        SNAPSHOT.zone("sy-second-ring"), [subject_of(electric), subject_of(diesel)], date(2026, 11, 23), SNAPSHOT
    )
    for subject, week in zip((electric, diesel), found.weeks, strict=True):
        own = {(each.start, each.verdict) for each in _verdicts(found, 0 if subject is electric else 1)}
        for key in SNAPSHOT.index.inside_or_across("sy-second-ring"):
            if "sy-second-ring" not in SNAPSHOT.index.ancestors(key):
                continue
            other = timetable(SNAPSHOT.zone(key), [subject_of(subject)], date(2026, 11, 23), SNAPSHOT)
            differs = {(each.start, each.verdict) for each in _verdicts(other, 0)} != own
            assert (key in week.exceptions) is differs, key


def _verdicts(found: Timetable, number: int) -> Iterator[DecidedStretch]:
    before = None
    for day in found.weeks[number].days:
        for each in day:
            if each.verdict is not before:
                yield each
            before = each.verdict


# The city's clock, its days with other than 24 hours, and the closed intervals of the days round the change.
NIGHT = [("00:00", "02:30"), ("23:30", "24:00")]
CLOCKS = [
    ("Europe/Berlin", date(2026, 3, 29), 23.0, [("00:00", "02:00"), ("23:30", "24:00")]),
    ("Europe/Berlin", date(2026, 10, 25), 25.0, [("00:00", "02:30"), ("02:00", "02:30"), ("23:30", "24:00")]),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5, NIGHT),
    ("Australia/Lord_Howe", date(2026, 10, 4), 23.5, [("00:00", "02:00"), ("23:30", "24:00")]),
    ("Africa/Cairo", date(2026, 4, 24), 23.0, [("01:00", "02:30"), ("23:30", "24:00")]),
    ("Africa/Cairo", date(2026, 10, 29), 25.0, [("00:00", "02:30"), ("23:30", "24:00"), ("23:30", "24:00")]),
    ("Africa/Cairo", date(2026, 10, 30), 24.0, NIGHT),
    ("Asia/Shanghai", date(2026, 3, 29), 24.0, NIGHT),
]


@pytest.mark.parametrize(("timezone", "day", "hours", "closed"), CLOCKS, ids=lambda each: str(each))
def test_days_follow_the_clock(
    tmp_path: Path, timezone: str, day: date, hours: float, closed: list[tuple[str, str]]
) -> None:
    snapshot = clocks_city(tmp_path, timezone)
    found = timetable(snapshot.zone("uh-all"), [subject_of(CLASSES["heavy_box_diesel_6"])], day, snapshot)
    document = timetable_document(found, snapshot)
    first = document["days"][0]  # type: ignore[index]
    assert first["hours"] == hours
    intervals = [each for each in first["rows"][0]["intervals"] if each["verdict"] == "prohibited"]
    assert [(each["from"], each["until"]) for each in intervals] == closed
    assert all(each["illustrative"] and each["verdict_by_law"] == "allowed" for each in intervals)
    # The last days of the week are as long as ever, and the days follow one another without a gap.
    assert {(each.end - each.start) / 3600 for each in found.days[2:]} == {24.0}
    assert [each.end for each in found.days[:-1]] == [each.start for each in found.days[1:]]
    assert found.weeks[0].exceptions == ("uh-inner",)


def test_a_day_that_the_clock_skips_has_no_interval(tmp_path: Path) -> None:
    """Samoa went over the date line: its 29 December 2011 was followed by the 31st."""
    snapshot = clocks_city(tmp_path, "Pacific/Apia")
    found = timetable(
        snapshot.zone("uh-all"), [subject_of(CLASSES["heavy_box_diesel_6"])], date(2011, 12, 28), snapshot
    )
    document: Any = timetable_document(found, snapshot)
    assert [day["hours"] for day in document["days"]] == [24.0, 24.0, 0.0, 24.0, 24.0, 24.0, 24.0]
    told = {day["date"]: day["rows"][0]["intervals"] for day in document["days"]}
    assert told.pop("2011-12-30") == []
    for intervals in told.values():
        assert (intervals[0]["from"], intervals[-1]["until"]) == ("00:00", "24:00")
    rows = csv.DictReader(io.StringIO(timetable_csv(document).decode("utf-8-sig"), newline=""))
    assert {row["date"] for row in rows} == set(told)


def test_the_restrictions_are_gathered_once_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    gather, gathered = Timetable.restrictions, []

    def counted(found: Timetable) -> tuple[str, ...]:
        gathered.append(found)
        return gather(found)

    monkeypatch.setattr(Timetable, "restrictions", counted)
    found = timetable(
        SNAPSHOT.zone("dl-main"), [subject_of(each) for each in VEHICLE_CLASSES], date(2026, 9, 28), SNAPSHOT
    )
    document: Any = timetable_document(found, SNAPSHOT)
    assert len(document["citations"]) == len(gather(found)) > 1
    assert len(gathered) == 1


def test_the_week_that_an_instant_lies_in() -> None:
    zone = SNAPSHOT.zone("sy-second-ring")
    for text, monday in (
        ("2026-11-23 00:00", date(2026, 11, 23)),
        ("2026-11-22 23:59", date(2026, 11, 16)),
        ("2026-11-29 23:59", date(2026, 11, 23)),
    ):
        assert week_of(parse_local(text, ZoneInfo("Asia/Shanghai"), 0), zone, SNAPSHOT) == monday
