"""The working calendar of China against the notices, against two packages, and the laws of a calendar."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar  # type: ignore[import-untyped]
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rules
from rules.calendar import (
    DAY_OFF,
    WEEKDAY_KINDS,
    WEEKEND_KINDS,
    WORKDAY,
    Calendar,
    DayKind,
    calendar_document,
    calendar_from_document,
    parse_calendar,
)

CN_TEXT = (Path(rules.__file__).parent / "calendars" / "cn.toml").read_text(encoding="utf-8")
CN = parse_calendar(CN_TEXT, "cn.toml")
GOLDEN: dict[str, Any] = tomllib.loads(Path(__file__).with_name("golden_calendar.toml").read_text(encoding="utf-8"))
YEARS = range(2018, 2027)


def span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


COVERED = span(date(2018, 1, 1), date(2026, 12, 31))


def weekend(day: date) -> bool:
    return day.weekday() >= 5


def statutory(year: int) -> set[date]:
    return {day for days in GOLDEN[str(year)]["statutory"].values() for day in days}


# The golden lists, typed in from the notices


def test_golden_spans_have_the_printed_number_of_days() -> None:
    for year in YEARS:
        for period in GOLDEN[str(year)]["periods"]:
            if "days" in period:
                assert len(span(period["first"], period["last"])) == period["days"], period


def test_golden_days_in_lieu_are_the_weekdays_of_the_spans_that_are_not_statutory() -> None:
    off = {day for year in YEARS for item in GOLDEN[str(year)]["periods"] for day in span(item["first"], item["last"])}
    for year in YEARS:
        assert statutory(year) <= off
        derived = {day for day in off if day.year == year and not weekend(day)} - statutory(year)
        assert derived == set(GOLDEN[str(year)]["in_lieu"])
        assert not off & set(GOLDEN[str(year)]["worked"])


@pytest.mark.parametrize("year", YEARS)
def test_every_day_has_the_kind_that_the_notices_give_it(year: int) -> None:
    lists = {
        DayKind.STATUTORY_HOLIDAY: statutory(year),
        DayKind.DAY_OFF_IN_LIEU: set(GOLDEN[str(year)]["in_lieu"]),
        DayKind.MAKEUP_WORKDAY: set(GOLDEN[str(year)]["worked"]),
    }
    for day in span(date(year, 1, 1), date(year, 12, 31)):
        listed = [kind for kind, days in lists.items() if day in days]
        expected = listed or [DayKind.REST_DAY if weekend(day) else DayKind.ORDINARY_WORKDAY]
        assert list(CN.kinds(day)) == expected, day


@pytest.mark.parametrize(
    ("year", "statutory_days", "in_lieu", "makeup"),
    [
        (2018, 11, 9, 7),
        (2019, 11, 6, 6),
        (2020, 10, 13, 6),  # Mid-Autumn fell on 1 October
        (2021, 11, 13, 7),
        (2022, 11, 12, 7),
        (2023, 11, 10, 7),
        (2024, 11, 10, 8),
        (2025, 13, 6, 5),
        (2026, 13, 9, 6),
    ],
)
def test_number_of_exceptional_days(year: int, statutory_days: int, in_lieu: int, makeup: int) -> None:
    kinds = [kind for day, kind in CN.exceptions.items() if day.year == year]
    assert kinds.count(DayKind.STATUTORY_HOLIDAY) == statutory_days
    assert kinds.count(DayKind.DAY_OFF_IN_LIEU) == in_lieu
    assert kinds.count(DayKind.MAKEUP_WORKDAY) == makeup
    assert len(kinds) == statutory_days + in_lieu + makeup


@pytest.mark.parametrize("year", YEARS)
def test_days_in_lieu_repay_weekend_days_offand_makeup_workdays(year: int) -> None:
    """Article 6 and 调休: each weekday off repays a statutory date on a weekend or a weekend day worked."""
    on_weekend = sum(weekend(day) for day in statutory(year))
    repaid = on_weekend + len(GOLDEN[str(year)]["worked"])
    # 2020: one day more for Mid-Autumn on 1 October, and 31 January given without return; the make-up workday of
    # 1 February that the same notice cancelled leaves 30 January unreturned as well.
    granted = 3 if year == 2020 else 0
    assert len(GOLDEN[str(year)]["in_lieu"]) == repaid + granted


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2018, 12, 29), DayKind.MAKEUP_WORKDAY),  # moved by the notice of the next year
        (date(2018, 12, 31), DayKind.DAY_OFF_IN_LIEU),
        (date(2019, 5, 2), DayKind.DAY_OFF_IN_LIEU),  # the adjustment of March 2019
        (date(2020, 1, 31), DayKind.DAY_OFF_IN_LIEU),  # the extension of January 2020
        (date(2020, 2, 1), DayKind.REST_DAY),  # was a make-up workday before the extension
        (date(2020, 2, 2), DayKind.REST_DAY),
        (date(2020, 2, 3), DayKind.ORDINARY_WORKDAY),
        (date(2024, 2, 9), DayKind.ORDINARY_WORKDAY),  # New Year's Eve, before it became a holiday
        (date(2025, 1, 28), DayKind.STATUTORY_HOLIDAY),  # New Year's Eve, since
        (date(2024, 5, 2), DayKind.DAY_OFF_IN_LIEU),
        (date(2025, 5, 2), DayKind.STATUTORY_HOLIDAY),
        (date(2026, 5, 2), DayKind.STATUTORY_HOLIDAY),  # a Saturday
        (date(2026, 2, 15), DayKind.REST_DAY),  # a Sunday inside a holiday period
    ],
)
def test_days_that_are_easily_got_wrong(day: date, kind: DayKind) -> None:
    assert CN.kinds(day) == {kind}


# Two packages


def test_workdays_agree_with_chinesecalendar_on_every_day() -> None:
    for day in COVERED:
        assert (CN.kinds(day) <= WORKDAY) is chinese_calendar.is_workday(day), day


def test_workdays_agree_with_days_offon_every_day() -> None:
    china = holidays.country_holidays("CN", years=YEARS)
    for day in COVERED:
        assert (CN.kinds(day) <= WORKDAY) is china.is_working_day(day), day


# Coverage


def test_the_shipped_calendar_names_its_notices() -> None:
    assert (CN.version, CN.covered_from, CN.covered_until) == ("cn-2026.1", date(2018, 1, 1), date(2026, 12, 31))
    numbers = {year: [item.number for item in CN.sources[year]] for year in YEARS}
    assert numbers[2026] == ["国办发明电〔2025〕7号"]
    assert numbers[2018] == ["国办发明电〔2017〕12号", "国办发明电〔2018〕15号"]
    assert numbers[2019] == ["国办发明电〔2018〕15号", "国办发明电〔2019〕3号"]
    assert numbers[2020] == ["国办发明电〔2019〕16号", "国办发明电〔2020〕1号"]
    assert numbers[2022] == ["国办发明电〔2021〕11号", "国办发明电〔2022〕16号"]
    for year in YEARS:
        assert CN.sources[year][0].title == f"国务院办公厅关于{year}年部分节假日安排的通知"


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (
            date(2027, 1, 4),
            {DayKind.ORDINARY_WORKDAY, DayKind.STATUTORY_HOLIDAY, DayKind.DAY_OFF_IN_LIEU},
        ),
        (date(2027, 1, 1), {DayKind.ORDINARY_WORKDAY, DayKind.STATUTORY_HOLIDAY, DayKind.DAY_OFF_IN_LIEU}),
        (date(2027, 1, 2), {DayKind.REST_DAY, DayKind.STATUTORY_HOLIDAY, DayKind.MAKEUP_WORKDAY}),
        (date(2017, 12, 31), {DayKind.REST_DAY, DayKind.STATUTORY_HOLIDAY, DayKind.MAKEUP_WORKDAY}),
    ],
)
def test_a_day_outside_coverage_is_not_guessed(day: date, kinds: set[DayKind]) -> None:
    assert not CN.covers(day)
    assert CN.kinds(day) == kinds


def test_both_ends_of_coverage_are_covered() -> None:
    assert CN.covers(date(2018, 1, 1)) and CN.covers(date(2026, 12, 31))
    assert not CN.covers(date(2017, 12, 31)) and not CN.covers(date(2027, 1, 1))


@pytest.mark.parametrize("calendar", [CN, Calendar.unknown()])
def test_a_datetime_is_refused_rather_than_read_as_an_ordinary_day(calendar: Calendar) -> None:
    with pytest.raises(TypeError):
        calendar.kinds(datetime(2026, 10, 1, 12))


# Laws


def test_kinds_are_disjoint_and_complete() -> None:
    assert not WORKDAY & DAY_OFF
    assert set(DayKind) == WORKDAY | DAY_OFF == WEEKDAY_KINDS | WEEKEND_KINDS
    assert {DayKind.STATUTORY_HOLIDAY} == WEEKDAY_KINDS & WEEKEND_KINDS


@given(day=st.dates())
def test_a_covered_day_has_one_kind_and_any_other_has_three(day: date) -> None:
    possible = WEEKEND_KINDS if weekend(day) else WEEKDAY_KINDS
    assert CN.kinds(day) <= possible
    assert len(CN.kinds(day)) == (1 if CN.covers(day) else 3)
    assert Calendar.unknown().kinds(day) == possible
    assert not Calendar.unknown().covers(day)


def test_both_ends_of_the_coverage_are_covered() -> None:
    calendar = Calendar("v", date(2026, 10, 1), date(2026, 10, 2), {}, {})
    assert [calendar.covers(date(2026, 10, day)) for day in (1, 2, 3)] == [True, True, False]
    assert not calendar.covers(date(2026, 9, 30))
    assert calendar.kinds(date(2026, 10, 1)) == calendar.kinds(date(2026, 10, 2)) == {DayKind.ORDINARY_WORKDAY}
    assert Calendar.unknown().version == "unknown"
    for day in (date(2026, 10, 1), date(2026, 10, 2)):
        with pytest.raises(ValueError, match="follows from the day of the week"):
            Calendar("v", date(2026, 10, 1), date(2026, 10, 2), {day: DayKind.ORDINARY_WORKDAY}, {})


def test_with_the_usual_kind_a_day_is_no_exception_up_to_both_ends_of_the_coverage() -> None:
    first, last = date(2026, 10, 1), date(2026, 10, 2)
    days_off = dict.fromkeys((first, last), DayKind.STATUTORY_HOLIDAY)
    calendar = Calendar("v", first, last, days_off, {})
    for day, other in ((first, last), (last, first)):
        usual = calendar.with_kind(day, DayKind.ORDINARY_WORKDAY)
        assert usual == Calendar("v", first, last, {other: DayKind.STATUTORY_HOLIDAY}, {})


@given(data=st.data(), day=st.dates(date(2016, 1, 1), date(2029, 1, 1)), other=st.dates())
def test_with_kind_changes_that_one_day_only(data: st.DataObject, day: date, other: date) -> None:
    calendar = data.draw(st.sampled_from([CN, Calendar.unknown()]))
    kind = data.draw(st.sampled_from(sorted(WEEKEND_KINDS if weekend(day) else WEEKDAY_KINDS)))
    before = calendar.kinds(day)
    changed = calendar.with_kind(day, kind)
    assert changed.covers(day) and changed.kinds(day) == {kind}
    assert calendar.kinds(day) == before
    if other != day:
        assert changed.kinds(other) == calendar.kinds(other)
        assert changed.covers(other) == calendar.covers(other)
    assert calendar_from_document(calendar_document(changed)) == changed


@given(day=st.dates(CN.covered_from, CN.covered_until))
def test_with_kind_of_what_is_known_is_the_same_calendar(day: date) -> None:
    (kind,) = CN.kinds(day)
    assert CN.with_kind(day, kind) == CN
    assert hash(CN.with_kind(day, kind)) == hash(CN)


@given(day=st.dates())
def test_with_kind_refuses_what_the_day_of_the_week_excludes(day: date) -> None:
    for kind in set(DayKind) - (WEEKEND_KINDS if weekend(day) else WEEKDAY_KINDS):
        with pytest.raises(ValueError, match=day.isoformat()):
            CN.with_kind(day, kind)


def test_the_parts_of_a_split_are_the_kinds_of_the_whole() -> None:
    day = date(2027, 2, 6)
    parts = [CN.with_kind(day, kind).kinds(day) for kind in CN.kinds(day)]
    assert frozenset().union(*parts) == CN.kinds(day) and len(parts) == 3


def test_a_calendar_cannot_be_altered_underneath() -> None:
    given_days = {date(2026, 10, 1): DayKind.STATUTORY_HOLIDAY}
    calendar = Calendar("v", date(2026, 1, 1), date(2026, 12, 31), given_days, {})
    given_days[date(2026, 10, 2)] = DayKind.STATUTORY_HOLIDAY
    assert calendar.kinds(date(2026, 10, 2)) == {DayKind.ORDINARY_WORKDAY}
    with pytest.raises(TypeError):
        calendar.exceptions[date(2026, 10, 2)] = DayKind.STATUTORY_HOLIDAY  # type: ignore[index]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 10, 10), DayKind.DAY_OFF_IN_LIEU),
        (date(2026, 10, 12), DayKind.MAKEUP_WORKDAY),
        (date(2026, 10, 12), DayKind.ORDINARY_WORKDAY),
        (date(2026, 10, 11), DayKind.REST_DAY),
    ],
)
def test_a_calendar_refuses_exceptions_that_are_none(day: date, kind: DayKind) -> None:
    with pytest.raises(ValueError, match=day.isoformat()):
        Calendar("v", date(2026, 1, 1), date(2026, 12, 31), {day: kind}, {})
