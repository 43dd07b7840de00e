"""The working calendar of China against the notices, against two packages, and the laws of a calendar."""

import json
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
    CalendarSource,
    DayKind,
    calendar_document,
    calendar_from_document,
    parse_calendar,
)
from rules.errors import Fault, MalformedDocument

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
def test_days_in_lieu_repay_weekend_holidays_and_makeup_workdays(year: int) -> None:
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


def test_workdays_agree_with_holidays_on_every_day() -> None:
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


# Documents


@pytest.mark.parametrize("calendar", [CN, Calendar.unknown()])
def test_round_trip_through_json(calendar: Calendar) -> None:
    document = calendar_document(calendar)
    assert calendar_from_document(json.loads(json.dumps(document))) == calendar
    assert json.dumps(document) == json.dumps(document, sort_keys=True)


def test_the_document_does_not_depend_on_the_order_of_the_text() -> None:
    reordered = """
        covered_until = 2026-12-31
        version = "v"
        covered_from = 2026-01-01
        [years.2026]
        makeup_workdays = [2026-10-10, 2026-01-04]
        days_off_in_lieu = []
        statutory_holidays = [2026-10-01]
    """
    ordered = """
        version = "v"
        covered_from = 2026-01-01
        covered_until = 2026-12-31
        [years.2026]
        statutory_holidays = [2026-10-01]
        days_off_in_lieu = []
        makeup_workdays = [2026-01-04, 2026-10-10]
    """
    first, second = parse_calendar(reordered, "a"), parse_calendar(ordered, "b")
    assert first == second
    assert json.dumps(calendar_document(first)) == json.dumps(calendar_document(second))
    assert calendar_document(first) == {
        "covered_from": "2026-01-01",
        "covered_until": "2026-12-31",
        "days": {
            "2026-01-04": "makeup_workday",
            "2026-10-01": "statutory_holiday",
            "2026-10-10": "makeup_workday",
        },
        "sources": {},
        "version": "v",
    }


def toml(year: str = "", head: str = "", more: str = "") -> str:
    """A sound calendar of 2026 in which the given parts replace the sound ones."""
    head = head or 'version = "v"\ncovered_from = 2026-01-01\ncovered_until = 2026-12-31\n'
    year = year or "statutory_holidays = []\ndays_off_in_lieu = []\nmakeup_workdays = []\n"
    return f"{head}\n[years.2026]\n{year}\n{more}"


def lists(statutory_holidays: str = "", days_off_in_lieu: str = "", makeup_workdays: str = "") -> str:
    return (
        f"statutory_holidays = [{statutory_holidays}]\n"
        f"days_off_in_lieu = [{days_off_in_lieu}]\nmakeup_workdays = [{makeup_workdays}]\n"
    )


def test_the_sound_calendar_of_the_fault_tables_is_sound() -> None:
    calendar = parse_calendar(toml(), "t")
    assert calendar == Calendar("v", date(2026, 1, 1), date(2026, 12, 31), {}, {})
    more = '[[years.2026.notices]]\nnumber = "1"\ntitle = "t"\n'
    assert parse_calendar(toml(more=more), "t").sources == {2026: (CalendarSource("1", "t", None),)}


DATE = "a date such as 2026-01-01, without quotes or time"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param(
            toml(head='version = "v"\ncovered_from = 2026-01-01\ncovered_until = 2026-12-31\nholidays = 1\n'),
            [("holidays", "unknown-key", "one of version, covered_from, covered_until, years", "holidays")],
            id="unknown key",
        ),
        pytest.param(
            toml(lists() + "makeup_workday = []\n"),
            [
                (
                    "years.2026.makeup_workday",
                    "unknown-key",
                    "one of statutory_holidays, days_off_in_lieu, makeup_workdays, notices",
                    "makeup_workday",
                )
            ],
            id="unknown key of a year",
        ),
        pytest.param(
            toml("statutory_holidays = []\nmakeup_workdays = []\n"),
            [("years.2026.days_off_in_lieu", "missing-key", "the key days_off_in_lieu", "nothing")],
            id="a forgotten list is not an empty one",
        ),
        pytest.param(
            toml(lists(makeup_workdays="2026-01-04, 2026-02-14, 2026-02-27")),
            [
                (
                    "years.2026.makeup_workdays[2]",
                    "wrong-weekday",
                    "a Saturday or Sunday for makeup_workday",
                    "2026-02-27 (Friday)",
                )
            ],
            id="make-up workday on a weekday",
        ),
        pytest.param(
            toml(lists(days_off_in_lieu="2026-10-10")),
            [
                (
                    "years.2026.days_off_in_lieu[0]",
                    "wrong-weekday",
                    "a Monday to Friday for day_off_in_lieu",
                    "2026-10-10 (Saturday)",
                )
            ],
            id="day off in lieu on a weekend",
        ),
        pytest.param(
            toml(lists(statutory_holidays="2026-10-01", days_off_in_lieu="2026-10-01")),
            [
                (
                    "years.2026.days_off_in_lieu[0]",
                    "two-kinds",
                    "one kind for each date",
                    "2026-10-01, also statutory_holiday at years.2026.statutory_holidays[0]",
                )
            ],
            id="two kinds",
        ),
        pytest.param(
            toml(lists(statutory_holidays="2026-10-01, 2026-10-01")),
            [
                (
                    "years.2026.statutory_holidays[1]",
                    "repeated",
                    "each date once",
                    "2026-10-01, also statutory_holiday at years.2026.statutory_holidays[0]",
                )
            ],
            id="repeated",
        ),
        pytest.param(
            toml(lists(statutory_holidays="2025-10-01")),
            [("years.2026.statutory_holidays[0]", "outside-year", "a date of 2026", "2025-10-01")],
            id="outside its year",
        ),
        pytest.param(
            toml(
                lists(statutory_holidays="2026-10-01"),
                head='version = "v"\ncovered_from = 2026-01-01\ncovered_until = 2026-06-30\n',
            ),
            [
                (
                    "years.2026.statutory_holidays[0]",
                    "outside-coverage",
                    "a date from 2026-01-01 to 2026-06-30",
                    "2026-10-01",
                )
            ],
            id="outside coverage",
        ),
        pytest.param(
            toml(head='version = "v"\ncovered_from = 2026-12-31\ncovered_until = 2026-01-01\n'),
            [("covered_until", "coverage-order", "2026-12-31 or later", "2026-01-01")],
            id="coverage the wrong way round",
        ),
        pytest.param(
            toml(
                head='version = "v"\ncovered_from = 2024-01-01\ncovered_until = 2026-12-31\n',
                more="[years.2024]\n" + lists(),
            ),
            [("years.2025", "missing-year", "a table for every covered year", "nothing")],
            id="gap",
        ),
        pytest.param(
            toml(more="[years.2027]\n" + lists()),
            [("years.2027", "year-outside-coverage", "a year from 2026 to 2026", "2027")],
            id="year outside coverage",
        ),
        pytest.param(
            toml(more="[years.next]\n" + lists()),
            [("years.next", "wrong-year", "a year of four digits", "'next'")],
            id="no year",
        ),
        pytest.param(
            toml(lists(statutory_holidays='"2026-10-01", 2026-10-01T00:00:00, 20261001, 08:00:00')),
            [
                ("years.2026.statutory_holidays[0]", "wrong-type", DATE, "'2026-10-01'"),
                ("years.2026.statutory_holidays[1]", "wrong-type", DATE, "2026-10-01T00:00:00"),
                ("years.2026.statutory_holidays[2]", "wrong-type", DATE, "20261001"),
                ("years.2026.statutory_holidays[3]", "wrong-type", DATE, "datetime.time(8, 0)"),
            ],
            id="no dates",
        ),
        pytest.param(
            toml("statutory_holidays = 2026-10-01\ndays_off_in_lieu = []\nmakeup_workdays = []\n"),
            [("years.2026.statutory_holidays", "wrong-type", "a list of dates", "2026-10-01")],
            id="no list",
        ),
        pytest.param(
            toml(head='version = " "\ncovered_from = "2026-01-01"\ncovered_until = 2026-12-31T00:00:00Z\n'),
            [
                ("version", "wrong-type", "a text that is not empty", "' '"),
                ("covered_from", "wrong-type", DATE, "'2026-01-01'"),
                ("covered_until", "wrong-type", DATE, "2026-12-31T00:00:00+00:00"),
            ],
            id="head of wrong types",
        ),
        pytest.param(
            'version = "v"\ncovered_from = 2026-01-01\ncovered_until = 2026-12-31\nyears = []\n',
            [
                ("years", "wrong-type", "a table", "[]"),
                ("years.2026", "missing-year", "a table for every covered year", "nothing"),
            ],
            id="years of wrong type",
        ),
        pytest.param(
            "",
            [
                (key, "missing-key", f"the key {key}", "nothing")
                for key in ("version", "covered_from", "covered_until", "years")
            ],
            id="empty",
        ),
        pytest.param(
            toml(more='[[years.2026.notices]]\nnumber = 7\nyear = 2025\nurl = ""\n'),
            [
                ("years.2026.notices[0].title", "missing-key", "the key title", "nothing"),
                ("years.2026.notices[0].year", "unknown-key", "one of number, title, url", "year"),
                ("years.2026.notices[0].number", "wrong-type", "a text that is not empty", "7"),
                ("years.2026.notices[0].url", "wrong-type", "a text that is not empty", "''"),
            ],
            id="notice",
        ),
        pytest.param(
            toml(lists() + 'notices = ["7"]\n'),
            [("years.2026.notices[0]", "wrong-type", "a table with number and title", "'7'")],
            id="notice of wrong type",
        ),
        pytest.param(
            toml(lists() + 'notices = "7"\n'),
            [("years.2026.notices", "wrong-type", "a list of notices", "'7'")],
            id="notices of wrong type",
        ),
    ],
)
def test_faults_of_a_text(text: str, faults: list[tuple[str, str, str, str]]) -> None:
    with pytest.raises(MalformedDocument) as caught:
        parse_calendar(text, "somewhere.toml")
    assert caught.value.source == "somewhere.toml"
    assert list(caught.value.faults) == [Fault(*fault) for fault in faults]


def test_all_faults_are_told_at_once() -> None:
    year = lists("2025-10-01, 2026-10-01", "2026-10-10", "2026-10-12") + "extra = 1\n"
    with pytest.raises(MalformedDocument) as caught:
        parse_calendar(toml(year, more="[years.2030]\n"), "t")
    assert {fault.path for fault in caught.value.faults} == {
        "years.2026.statutory_holidays[0]",
        "years.2026.days_off_in_lieu[0]",
        "years.2026.makeup_workdays[0]",
        "years.2026.extra",
        "years.2030",
        "years.2030.statutory_holidays",
        "years.2030.days_off_in_lieu",
        "years.2030.makeup_workdays",
    }
    assert all(fault.expected and fault.found for fault in caught.value.faults)


@pytest.mark.parametrize(
    "text",
    [
        "version = ",
        "covered_from = 2026-02-30",
        'version = "a"\nversion = "b"',
        "a = " + "[" * 10_000,
        "a = " + "9" * 9_999,
    ],
)
def test_a_text_that_is_no_toml(text: str) -> None:
    with pytest.raises(MalformedDocument) as caught:
        parse_calendar(text, "t")
    (fault,) = caught.value.faults
    assert (fault.path, fault.code, fault.expected) == ("", "toml-syntax", "a TOML document")


@given(text=st.text())
def test_any_other_text_is_malformed(text: str) -> None:
    with pytest.raises(MalformedDocument):
        parse_calendar(text, "t")


def document(**parts: object) -> dict[str, object]:
    sound: dict[str, object] = {
        "version": "v",
        "covered_from": "2026-01-01",
        "covered_until": "2026-12-31",
        "days": {"2026-10-01": "statutory_holiday"},
        "sources": {},
    }
    return {**sound, **parts}


ISO = "a date such as '2026-01-01'"


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"days": {"2026-02-30": "rest_day"}}, [("days.2026-02-30", "wrong-type", ISO, "'2026-02-30'")]),
        ({"days": {"20261001": "rest_day"}}, [("days.20261001", "wrong-type", ISO, "'20261001'")]),
        ({"days": []}, [("days", "wrong-type", "a table", "[]")]),
        (
            {"days": {"2026-10-01": "holiday"}},
            [
                (
                    "days.2026-10-01",
                    "unknown-kind",
                    "one of ordinary_workday, rest_day, statutory_holiday, day_off_in_lieu, makeup_workday",
                    "'holiday'",
                )
            ],
        ),
        (
            {"days": {"2026-10-12": "makeup_workday"}},
            [
                (
                    "days.2026-10-12",
                    "wrong-weekday",
                    "a Saturday or Sunday for makeup_workday",
                    "2026-10-12 (Monday)",
                )
            ],
        ),
        (
            {"days": {"2026-10-12": "ordinary_workday"}},
            [
                (
                    "days.2026-10-12",
                    "no-exception",
                    "only days whose kind does not follow from the day of the week",
                    "ordinary_workday",
                )
            ],
        ),
        ({"covered_from": None}, [("covered_from", "wrong-type", ISO, "None")]),
        ({"covered_until": "2025-12-31"}, [("covered_until", "coverage-order", "2026-01-01 or later", "2025-12-31")]),
        ({"version": 1}, [("version", "wrong-type", "a text that is not empty", "1")]),
        (
            {"extra": 1},
            [("extra", "unknown-key", "one of covered_from, covered_until, days, sources, version", "extra")],
        ),
        (
            {"sources": {"26": [{"number": "1", "title": "t", "url": None}]}},
            [("sources.26", "wrong-year", "a year of four digits", "'26'")],
        ),
        ({"sources": {"2026": {}}}, [("sources.2026", "wrong-type", "a list of notices", "{}")]),
    ],
)
def test_faults_of_a_document(parts: dict[str, object], faults: list[tuple[str, str, str, str]]) -> None:
    assert calendar_from_document(document()).kinds(date(2026, 10, 1)) == {DayKind.STATUTORY_HOLIDAY}
    with pytest.raises(MalformedDocument) as caught:
        calendar_from_document(document(**parts), "publication")
    assert caught.value.source == "publication"
    assert list(caught.value.faults) == [Fault(*fault) for fault in faults]
