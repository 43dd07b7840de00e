"""Calendar documents: round trips, and every fault with its place, what was expected and what was found."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rules
from rules.calendar import Calendar, CalendarSource, DayKind, calendar_document, calendar_from_document, parse_calendar
from rules.errors import Fault, MalformedDocument

CN = parse_calendar((Path(rules.__file__).parent / "calendars" / "cn.toml").read_text(encoding="utf-8"), "cn.toml")


ONE_DAY = Calendar("v", date(2026, 10, 1), date(2026, 10, 1), {date(2026, 10, 1): DayKind.STATUTORY_HOLIDAY}, {})


@pytest.mark.parametrize("calendar", [CN, Calendar.unknown(), ONE_DAY])
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


def test_the_first_and_the_last_covered_day_may_stand_in_a_list() -> None:
    ends = parse_calendar(toml(lists(statutory_holidays="2026-01-01, 2026-12-31")), "t")
    assert set(ends.exceptions) == {date(2026, 1, 1), date(2026, 12, 31)}


def test_the_first_year_of_all_is_a_year() -> None:
    head = 'version = "v"\ncovered_from = 0001-01-01\ncovered_until = 0001-12-31\n'
    notices = '[[years.0001.notices]]\nnumber = "1"\ntitle = "t"\n'
    assert parse_calendar(f"{head}[years.0001]\n{lists()}{notices}", "t").sources == {1: (CalendarSource("1", "t"),)}


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
            toml(lists(makeup_workdays="2026-10-12, 2026-10-12")),
            [
                (f"years.2026.makeup_workdays[{place}]", "wrong-weekday", expected, "2026-10-12 (Monday)")
                for place, expected in enumerate(["a Saturday or Sunday for makeup_workday"] * 2)
            ],
            id="a day that cannot stand there is not also a repeated one",
        ),
        pytest.param(
            toml(more="[years.0000]\n" + lists()),
            [
                ("years.0000", "year-outside-coverage", "a year from 2026 to 2026", "0000"),
                ("years.0000", "wrong-year", "a year of four digits", "'0000'"),
            ],
            id="year nought",
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
    assert (fault.path, fault.code, fault.expected) == ("", "toml-syntax", "TOML 1.0")


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
FOLLOWS = "only days whose kind does not follow from the day of the week"


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
        (
            {"days": {"2026-10-12": "makeup_workday", "2026-10-13": "ordinary_workday", "2026-10-14": "holiday"}},
            [
                ("days.2026-10-12", "wrong-weekday", "a Saturday or Sunday for makeup_workday", "2026-10-12 (Monday)"),
                ("days.2026-10-13", "no-exception", FOLLOWS, "ordinary_workday"),
                ("days.2026-10-14", "unknown-kind", "one of " + ", ".join(DayKind), "'holiday'"),
            ],
        ),
        (
            {"days": {"2026-01-01": "ordinary_workday", "2026-12-31": "ordinary_workday"}},
            [(f"days.{day}", "no-exception", FOLLOWS, "ordinary_workday") for day in ("2026-01-01", "2026-12-31")],
        ),
        ({"covered_until": "never"}, [("covered_until", "wrong-type", ISO, "'never'")]),
        ({"sources": []}, [("sources", "wrong-type", "a table", "[]")]),
        ({"version": int("9" * 80)}, [("version", "wrong-type", "a text that is not empty", "9" * 80)]),
        ({"version": int("9" * 81)}, [("version", "wrong-type", "a text that is not empty", "9" * 77 + "...")]),
        ({"covered_from": None}, [("covered_from", "wrong-type", ISO, "None")]),
        ({"covered_until": "2025-12-31"}, [("covered_until", "coverage-order", "2026-01-01 or later", "2025-12-31")]),
        ({"version": 1}, [("version", "wrong-type", "a text that is not empty", "1")]),
        (
            {"extra": 1},
            [("extra", "unknown-key", "one of covered_from, covered_until, days, sources, version", "extra")],
        ),
        (
            {"x" * 81: 1},
            [("x" * 64 + "...", "unknown-key", "one of " + ", ".join(sorted(document())), "x" * 80 + "...")],
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


@pytest.mark.parametrize("first", ["2026-01-01", None])
def test_a_document_without_its_last_covered_day(first: str | None) -> None:
    """That nothing is covered must be said of both ends."""
    without = {key: value for key, value in document(covered_from=first).items() if key != "covered_until"}
    with pytest.raises(MalformedDocument) as caught:
        calendar_from_document(without)
    assert caught.value.source == "calendar"
    missing = Fault("covered_until", "missing-key", "the key covered_until", "nothing")
    wrong = Fault("covered_from", "wrong-type", ISO, "None")
    assert list(caught.value.faults) == [missing, *([] if first else [wrong])]
